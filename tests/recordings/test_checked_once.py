"""The parameters of a `record` are checked once, though they are sent twice."""

from __future__ import annotations

from typing import Any

import pytest

from cloudrec import InvalidRequestError
from cloudrec._call.requests import start_problems
from cloudrec.emulator import Emulator
from cloudrec_api.models.mode import Mode
from tests.recordings.support import STORAGE, Time, play


class Watched(str):
    """Text that counts how often somebody looks at what it is made of, as every check does."""

    __slots__ = ("looks",)

    def isascii(self) -> bool:
        self.looks = getattr(self, "looks", 0) + 1
        return super().isascii()


def looks_of_one_check() -> int:
    seen = Watched("lessons")
    assert not start_problems(Mode.MIX, "lesson-42", 7, {"storageConfig": {**STORAGE, "bucket": seen}})
    return seen.looks


@pytest.mark.parametrize("words", [{}, {"token": "T"}, {"token": lambda cname, uid: "T"}, {"uid": 7}])
def test_a_body_is_checked_once(emulator: Emulator, time: Time, words: dict[str, Any]) -> None:
    seen = Watched("lessons")

    def story(client: Any) -> Any:
        yield lambda: client.mix.record("lesson-42", storage={**STORAGE, "bucket": seen}, confirm=False, **words)

    play("sync", emulator, time, story)
    assert seen.looks == looks_of_one_check() > 0


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("token", ["\ud800", lambda cname, uid: "\ud800"])
def test_a_token_that_cannot_be_sent_is_told_of_in_either_case(
    emulator: Emulator, time: Time, token: Any, check: bool
) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(InvalidRequestError, match=r"token: .*surrogate"):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, token=token, check=check)

    play("sync", emulator, time, story)
    assert not emulator.calls


def test_what_no_json_can_carry_is_told_of_also_where_nothing_is_checked(emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(InvalidRequestError, match=r"recording_config\.streamTypes: of type object"):
            yield lambda: client.mix.record(
                "lesson-42", storage=STORAGE, recording_config={"streamTypes": object()}, check=False
            )

    play("sync", emulator, time, story)
    assert not emulator.calls
