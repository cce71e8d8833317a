"""Errors give the address of a page about them, where the documentation has an address."""

from __future__ import annotations

import pickle

import pytest

from cloudrec import errors


def test_an_error_has_no_address_where_no_site_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDREC_DOCS_URL", raising=False)
    error = errors.TaskNotFoundError("over", code=404)
    assert error.url is None
    assert "url" not in error.to_dict()
    assert not hasattr(error, "__notes__")


def test_an_error_gives_its_address_and_tracebacks_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDREC_DOCS_URL", "https://docs.example.com/cloudrec/")
    error = errors.InvalidResourceError("no", code=432)
    address = "https://docs.example.com/cloudrec/errors/InvalidResourceError.html#code-432"
    assert error.url == address
    assert error.to_dict()["url"] == address
    assert error.__notes__ == [f"See {address}"]
    assert pickle.loads(pickle.dumps(error)).__notes__ == error.__notes__

    class Mine(errors.HandleError):
        """One of somebody else's."""

    assert Mine("no").url == "https://docs.example.com/cloudrec/errors/HandleError.html"


def test_the_address_of_a_release_is_used_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDREC_DOCS_URL", raising=False)
    monkeypatch.setattr(errors, "DOCS_URL", "https://docs.example.org")
    assert errors.NetworkError("no").url == "https://docs.example.org/errors/NetworkError.html"
