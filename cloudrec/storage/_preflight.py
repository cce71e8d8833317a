"""Check of a storage: a small object is written, read and deleted."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from .._contract.redact import scrub, secrets_in
from ._bucket import Bucket
from ._diagnosis import ADVICE, Answer, StorageCheck, StorageCheckError, StorageProblem
from ._endpoints import Place
from ._policy import CHECK_NAME
from ._regions import S3Region, find

CONTENT = b"Written by cloudrec to see whether recordings can be. It may be deleted.\n"

_AMAZON = 1


def check(wire: Mapping[str, Any], place: Place, timeout: float) -> StorageCheck:
    """Writes below the prefix of that storage, which is given in the form that it has on the wire.

    Raises:
        StorageCheckError: that does not work.
        ConfigurationError: obstore is not installed.
    """
    bucket = Bucket(wire, place, timeout)
    key = "/".join([*wire.get("fileNamePrefix", ()), f"{CHECK_NAME}{token_hex(8)}.txt"])
    try:
        refused = bucket.write(key, CONTENT)
        found = b"" if refused else bucket.read(key)
    except BaseException:  # Ctrl-C, say: the object is not left behind
        bucket.delete(key)
        raise
    if refused:
        if refused.may_have_arrived:
            bucket.delete(key)
        raise _failure(wire, bucket, refused)
    undeleted = bucket.delete(key)
    unread = _unread(found)
    # What a key for recordings may not do but write is no fault of it.
    if unread and unread.problem is not StorageProblem.NO_RIGHT_TO_WRITE:
        raise _failure(wire, bucket, unread)
    remarks = [
        _shown(f"It could not be {what} ({answer.told}), which a recording does not need.", wire)
        for what, answer in (("read", unread), ("deleted, and is still there", undeleted))
        if answer
    ]
    return StorageCheck(key, not unread, not undeleted, tuple(remarks))


def _unread(found: bytes | Answer) -> Answer | None:
    """What is wrong with what was read."""
    if isinstance(found, Answer):
        return found._replace(problem=StorageProblem.NOT_KEPT) if found.is_missing else found
    if found != CONTENT:
        return Answer(message="what is read is not what was written", problem=StorageProblem.NOT_KEPT)
    return None


def _failure(wire: Mapping[str, Any], bucket: Bucket, refused: Answer) -> StorageCheckError:
    problem, advice = refused.problem, ADVICE[refused.problem]
    name, host, told = repr(wire["bucket"]), bucket.host, refused.told
    below = "/".join(wire.get("fileNamePrefix", ())) or "/"
    match problem:
        case StorageProblem.NO_SUCH_BUCKET:
            words = f"there is no bucket {name} at {host}"
        case StorageProblem.NO_RIGHT_TO_WRITE:
            words = f"the key may not write to bucket {name} below {below!r}"
            if wire.get("extensionParams", {}).get("sse") == "kms":
                advice += " With sse='kms' it also needs the right to use the encryption key (kms:GenerateDataKey)."
        case StorageProblem.WRONG_REGION:
            region = refused.region or (bucket.region() if wire["vendor"] == _AMAZON else None)
            words = f"bucket {name} is not in {bucket.place.region}" + (f", but in {region}" if region else "")
            if region and wire["vendor"] == _AMAZON:
                has_number = isinstance(find(S3Region, "Amazon S3", region), S3Region)
                advice = f"Give the region as {region!r}." if has_number else _NO_NUMBER
        case StorageProblem.WRONG_KEY:
            words = f"{host} does not accept the key"
        case StorageProblem.EXPIRED_CREDENTIALS:
            words = "the credentials have expired"
        case StorageProblem.CLOCK_IS_OFF:
            words = f"this machine's clock is not that of {host}"
        case StorageProblem.NO_CONNECTION if not bucket.has_address():
            problem, words, told = StorageProblem.NAME_NOT_FOUND, f"there is no address for the name {host}", ""
            advice = ADVICE[problem]
        case StorageProblem.NO_CONNECTION:
            words = f"{host} does not answer"
        case StorageProblem.NOT_KEPT:
            words = f"bucket {name} took an object and does not have it"
        case _:
            words = f"bucket {name} at {host} did not take an object"
    return StorageCheckError(
        _shown(f"check: {words}{told and f' ({told})'}. {advice}", wire),
        problem=problem,
        advice=advice,
        http_status=refused.http_status,
        code=refused.code or None,
    )


_NO_NUMBER = "The recording service has no number for that region: take a bucket in one that it has, see S3Region."


def _shown(text: str, wire: Mapping[str, Any]) -> str:
    return scrub(text, secrets_in(wire))
