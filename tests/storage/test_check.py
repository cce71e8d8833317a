"""`storage.check()` against a real S3 server, which checks signatures and rights."""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

import anyio
import pytest

from cloudrec import ConfigurationError, InvalidRequestError
from cloudrec.storage import (
    S3,
    AlibabaOSS,
    BaiduBOS,
    GoogleCloudStorage,
    HuaweiOBS,
    S3Compatible,
    Storage,
    StorageCheckError,
    StorageProblem,
    TencentCOS,
)
from tests.storage.conftest import BUCKET, REGION, Amazon, Key

PREFIX = ("lessons", "42")


def storage(key: Key, bucket: str = BUCKET, **more: Any) -> S3:
    """The bucket, opened by that key."""
    return S3(bucket, REGION, key.access, key.secret, prefix=PREFIX, session_token=key.token, **more)


def refused(wrong: Storage, url: str, *secrets: str) -> StorageCheckError:
    """The error of a check, after a look for what it must not show."""
    with pytest.raises(StorageCheckError) as caught:
        wrong.check(endpoint=url, timeout=5)
    error = caught.value
    told = "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(error.__context__)
    for secret in secrets:
        assert secret not in told
    assert error.advice
    assert error.args[0].endswith(error.advice)
    assert error.args[0].startswith("check: ")
    return error


@pytest.mark.parametrize("prefix", [(), PREFIX])
def test_a_good_storage(amazon: Amazon, prefix: tuple[str, ...]) -> None:
    """A key that may do everything: the object was written below the prefix, read, and is gone."""
    done = S3(BUCKET, REGION, amazon.admin.access, amazon.admin.secret, prefix=prefix).check(endpoint=amazon.url)
    assert done.key.startswith("/".join([*prefix, "cloudrec-check-"]))
    assert done == (done.key, True, True, ())
    assert amazon.objects() == []


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_async(amazon: Amazon, backend: str) -> None:
    """The same from an event loop of either kind."""

    async def main() -> Any:
        return await storage(amazon.admin).acheck(endpoint=amazon.url)

    assert anyio.run(main, backend=backend).could_delete
    assert amazon.objects() == []


def test_the_smallest_policy(amazon: Amazon) -> None:
    """Who is allowed what `policy()` says can write recordings; what the check left and why is told."""
    wanted = storage(Key("AKIA-to-be", "made"))
    key = amazon.user("recorder", wanted.policy())
    done = storage(key).check(endpoint=amazon.url)
    assert not done.could_read
    assert not done.could_delete
    read, deleted = done.remarks
    assert "could not be read (HTTP 403, AccessDenied" in read
    assert "still there" in deleted
    assert amazon.objects() == [done.key]


def test_the_smallest_policy_with_a_check(amazon: Amazon) -> None:
    """With the rights of a check, nothing is left; and yet no other object can be read or deleted."""
    key = amazon.user("recorder-with-check", storage(Key("AKIA-to-be", "made")).policy(with_check=True))
    done = storage(key).check(endpoint=amazon.url)
    assert done == (done.key, True, True, ())
    assert amazon.objects() == []


def test_no_right_to_write(amazon: Amazon) -> None:
    """A user without a policy."""
    key = amazon.user("nobody")
    error = refused(storage(key), amazon.url, *key[:2])
    assert error.problem is StorageProblem.NO_RIGHT_TO_WRITE
    assert error.http_status == 403
    assert error.code == "AccessDenied"
    assert "the key may not write to bucket 'lessons' below 'lessons/42'" in error.args[0]
    assert "storage.policy()" in error.advice
    assert amazon.objects() == []


def test_no_right_to_write_there(amazon: Amazon) -> None:
    """A user who may write below another prefix."""
    other = S3(BUCKET, REGION, "AKIA-to-be", "made", prefix=("lessons", "43"))
    key = amazon.user("neighbour", other.policy(with_check=True))
    assert refused(storage(key), amazon.url, key.secret).problem is StorageProblem.NO_RIGHT_TO_WRITE


def test_reading_alone(amazon: Amazon) -> None:
    """A user who may read everything and write nothing."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
    key = amazon.user("reader", json.dumps(policy))
    assert refused(storage(key), amazon.url, key.secret).problem is StorageProblem.NO_RIGHT_TO_WRITE


def test_unknown_access_key(amazon: Amazon) -> None:
    """An access key that nobody has."""
    key = Key("AKIADONOTSHOWDONOTSH", amazon.admin.secret)
    error = refused(storage(key), amazon.url, *key[:2])
    assert error.problem is StorageProblem.WRONG_KEY
    assert "InvalidAccessKeyId" in error.args[0]


def test_wrong_secret(amazon: Amazon) -> None:
    """The secret of another key."""
    key = Key(amazon.admin.access, "do-not-show/do-not-show+do-not-show")
    error = refused(storage(key), amazon.url, *key[:2])
    assert error.problem is StorageProblem.WRONG_KEY
    assert "SignatureDoesNotMatch" in error.args[0]


def test_lent_credentials(amazon: Amazon) -> None:
    """Keys of a role go with their token, and not without it or with another."""
    key = amazon.lent("recorders", storage(Key("AKIA-to-be", "made")).policy(with_check=True))
    assert storage(key).check(endpoint=amazon.url).could_delete
    for wrong in (key._replace(token=None), key._replace(token="do-not-show-this-token")):
        error = refused(storage(wrong), amazon.url, key.secret, "do-not-show")
        assert error.problem is StorageProblem.WRONG_KEY


def test_no_such_bucket(amazon: Amazon) -> None:
    """A name that no bucket has."""
    error = refused(storage(amazon.admin, "lesons"), amazon.url, amazon.admin.secret)
    assert error.problem is StorageProblem.NO_SUCH_BUCKET
    assert "there is no bucket 'lesons' at 127.0.0.1" in error.args[0]


def test_every_vendor_with_an_s3_interface(amazon: Amazon) -> None:
    """All but Azure are spoken to in the words of S3."""
    key = ("theirs", amazon.admin.secret)
    storages: list[Storage] = [
        AlibabaOSS(BUCKET, "ap-southeast-1", *key),
        TencentCOS(BUCKET, "ap-guangzhou", *key),
        GoogleCloudStorage(BUCKET, *key),
        HuaweiOBS(BUCKET, "la-south-2", *key),
        BaiduBOS(BUCKET, "suzhou", *key),
        BaiduBOS(BUCKET, "singapore", *key),
        S3Compatible("minio.example.com", BUCKET, *key, prefix="lessons/42"),
    ]
    for one in storages:
        # Theirs begins as no key of these vendors does, and so would be refused.
        one._wire["accessKey"] = amazon.admin.access
        assert one.check(endpoint=amazon.url).could_delete, one
    assert amazon.objects() == []


def test_encryption_and_tag(amazon: Amazon) -> None:
    """A bucket in which files are encrypted and tagged."""
    for sse in ("aes256", "kms"):
        assert storage(amazon.admin, sse=sse, tag="lesson").check(endpoint=amazon.url).could_delete


def test_the_environment_has_no_say(amazon: Amazon, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, tokens and addresses of somebody else in the environment do not get into a check."""
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "REGION", "DEFAULT_REGION", "BUCKET"):
        monkeypatch.setenv(f"AWS_{name}", "somebody-else")
    for name in ("ENDPOINT", "ENDPOINT_URL", "ENDPOINT_URL_S3"):
        monkeypatch.setenv(f"AWS_{name}", "http://127.0.0.1:9")
    for name in ("SKIP_SIGNATURE", "VIRTUAL_HOSTED_STYLE_REQUEST", "UNSIGNED_PAYLOAD", "REQUEST_PAYER", "S3_EXPRESS"):
        monkeypatch.setenv(f"AWS_{name}", "true")
    assert storage(amazon.admin).check(endpoint=amazon.url).could_delete
    key = amazon.user("nobody-at-all")
    assert refused(storage(key), amazon.url).problem is StorageProblem.NO_RIGHT_TO_WRITE


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where obstore is not installed, the error says how to have it."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'cloudrec\[storage\]'"):
        storage(Key("AKIA", "secret")).check()


@pytest.mark.parametrize(
    "endpoint",
    [
        "s3.example.com", "https://", "https://a:b@x.test", "https://x.test/b", "", 7,
        "http://127.0.0.1:99999", "http://x.test:65536", "http://x.test:1:2", "http://[::1", "http://[1.2]",
    ],
)  # fmt: skip
def test_wrong_endpoint(endpoint: Any) -> None:
    """An endpoint is a scheme and a host; what was given is not shown, since it may hold a password."""
    with pytest.raises(InvalidRequestError, match=r"^check: endpoint: \*\*\* \(must be scheme and host") as caught:
        storage(Key("AKIA", "secret")).check(endpoint=endpoint)
    assert "a:b" not in str(caught.value)


@pytest.mark.parametrize("timeout", [0, -1, True, "1", float("nan"), float("inf"), 10**400, -(10**400), 1e308])
def test_wrong_timeout(timeout: Any) -> None:
    """A time-out is a number of seconds."""
    with pytest.raises(InvalidRequestError, match=r"^check: timeout: "):
        storage(Key("AKIA", "secret")).check(timeout=timeout)
