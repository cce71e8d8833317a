"""`StorageCheck`: what was done, or what a storage's refusal means and what to do about it."""

import html
import re
from enum import Enum
from http import HTTPStatus
from typing import NamedTuple

from ..errors import CloudRecordingError


class StorageProblem(Enum):
    """What keeps a bucket from being written to. The values are for people."""

    NO_SUCH_BUCKET = "no such bucket"
    """The vendor knows no bucket of that name."""
    NO_RIGHT_TO_WRITE = "no right to write"
    """The key's owner may not write there."""
    WRONG_REGION = "wrong region"
    """The bucket is in another region."""
    WRONG_KEY = "wrong key"
    """The access key or the secret key is wrong."""
    EXPIRED_CREDENTIALS = "expired credentials"
    """The session token has ended."""
    CLOCK_IS_OFF = "this machine's clock is off"
    """The storage takes no signature that is so early or so late."""
    NAME_NOT_FOUND = "name not found"
    """The storage's host has no address."""
    NO_CONNECTION = "no connection"
    """The storage's host does not answer."""
    NO_ENDPOINT = "no endpoint"
    """The vendor documents no address for buckets of that region; one can be given."""
    NOT_KEPT = "not kept"
    """It took the object, and then did not have it, or had something else."""
    OTHER = "other"
    """Something else; the error says what the storage said."""


class StorageCheckError(CloudRecordingError):
    """A recording could not be written to this storage. :attr:`problem` says why, :attr:`advice` what to do."""

    problem: StorageProblem = StorageProblem.OTHER
    """What is wrong."""


class StorageCheck(NamedTuple):
    """What was done with a storage that recordings can be written to."""

    key: str
    """Key of the object that was written."""
    could_read: bool
    """Whether it could be read."""
    could_delete: bool
    """Whether it could be deleted. If not, it is still there."""
    remarks: tuple[str, ...] = ()
    """What there is to say of that, in sentences. None of it keeps a recording from being written."""


class Answer(NamedTuple):
    """A storage's answer that is no success, or what there is in its place."""

    http_status: int | None = None
    code: str = ""
    """The storage's word for it."""
    message: str = ""
    """The storage's sentence on it."""
    region: str = ""
    """The region that the bucket is in, where the storage said so."""
    problem: StorageProblem = StorageProblem.OTHER
    may_have_arrived: bool = True
    """Whether what was asked may have been done all the same."""

    @property
    def is_missing(self) -> bool:
        """Whether it says that there is no such thing."""
        return self.http_status == HTTPStatus.NOT_FOUND

    @property
    def told(self) -> str:
        """Status, code and message, for the end of a sentence."""
        parts = [f"HTTP {self.http_status}" if self.http_status else "", self.code]
        facts = ", ".join(filter(None, parts))
        return ": ".join(filter(None, [facts, self.message]))


_STATUS = re.compile(r"status code: (\d{3})\b")
_SHOWN = 300
_CLIENT_ERRORS = range(300, 500)

# By the documents of S3 and its likes, and of Azure. OSS, COS, OBS, BOS and Google use S3's words, some with a few of
# their own.
_BY_CODE = {
    code: problem
    for problem, codes in {
        StorageProblem.NO_SUCH_BUCKET: "NoSuchBucket InvalidBucketName ContainerNotFound",
        StorageProblem.NO_RIGHT_TO_WRITE: """
            AccessDenied AllAccessDisabled AuthorizationFailure AuthorizationPermissionMismatch
            InsufficientAccountPermissions KeyBasedAuthenticationNotPermitted
        """,
        StorageProblem.WRONG_REGION: """
            PermanentRedirect TemporaryRedirect AuthorizationHeaderMalformed IllegalLocationConstraintException
        """,
        StorageProblem.WRONG_KEY: """
            InvalidAccessKeyId SignatureDoesNotMatch InvalidToken InvalidSecurity InvalidSecurityToken
            AuthenticationFailed
        """,
        StorageProblem.EXPIRED_CREDENTIALS: "ExpiredToken SecurityTokenExpired TokenRefreshRequired",
        StorageProblem.CLOCK_IS_OFF: "RequestTimeTooSkewed",
    }.items()
    for code in codes.split()
}

# Where the answer has no word of the storage.
_BY_STATUS: dict[int, StorageProblem] = {
    HTTPStatus.MOVED_PERMANENTLY: StorageProblem.WRONG_REGION,
    HTTPStatus.TEMPORARY_REDIRECT: StorageProblem.WRONG_REGION,
    HTTPStatus.UNAUTHORIZED: StorageProblem.WRONG_KEY,
    HTTPStatus.FORBIDDEN: StorageProblem.NO_RIGHT_TO_WRITE,
}


def answer(error: BaseException) -> Answer:
    """What obstore's exception says of an answer, or of why there was none.

    There is no field for any of it: the exception's text quotes the answer's body.
    """
    text, _, inside = str(error).partition("\n\nDebug source:")
    status = _STATUS.search(text)
    if status is None:
        if isinstance(error, FileNotFoundError):  # Azure's deletion in bulk
            return Answer(HTTPStatus.NOT_FOUND, may_have_arrived=False)
        if "redirect without LOCATION" in text:  # the answer with which S3 sends one to another region
            return Answer(problem=StorageProblem.WRONG_REGION, may_have_arrived=False)
        if "HTTP error" not in text:
            return Answer(message=_shortened(text))
        return Answer(
            message=_why_none(inside),
            problem=StorageProblem.NO_CONNECTION,
            may_have_arrived="kind: Connect" not in inside,
        )
    found = Answer(int(status[1]), _field("Code", text), _shortened(_field("Message", text)), _field("Region", text))
    by_code = _BY_CODE.get(found.code, StorageProblem.OTHER)
    problem = by_code if found.code else _BY_STATUS.get(int(status[1]), StorageProblem.OTHER)
    if found.code == "AccessDenied" and "specified endpoint" in found.message:
        problem = StorageProblem.WRONG_REGION  # OSS, of a bucket in another region
    if found.code == "AuthorizationHeaderMalformed" and not found.region:
        problem = StorageProblem.WRONG_KEY  # S3, of a key that breaks the header that it stands in
    if "Request date header too old" in text:
        problem = StorageProblem.CLOCK_IS_OFF  # Azure, in a detail of AuthenticationFailed
    return found._replace(problem=problem, may_have_arrived=found.http_status not in _CLIENT_ERRORS)


def _field(name: str, text: str) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
    return html.unescape(found[1]).strip() if found else ""


def _shortened(text: str) -> str:
    # Azure adds lines on the request; the first is what there is to say.
    line = text.strip().partition("\n")[0].rstrip(".")
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."


def _why_none(inside: str) -> str:
    for sign, words in {
        "ConnectionRefused": "the connection was refused",
        "certificate": "its certificate is not trusted",
        "Certificate": "its certificate is not trusted",
        "Timeout": "no answer in time",
        "TimedOut": "no answer in time",
    }.items():
        if sign in inside:
            return words
    return "the connection failed"


ADVICE = {
    StorageProblem.NO_SUCH_BUCKET: (
        "Check the bucket's name, and that it is in that region and of that account; the service does not make buckets."
    ),
    StorageProblem.NO_RIGHT_TO_WRITE: (
        "Give the key the right to write there, which storage.policy() spells out, and see that no policy of the "
        "bucket takes it away."
    ),
    StorageProblem.WRONG_REGION: "Give the region that the bucket is in; its page in the vendor's console shows it.",
    StorageProblem.WRONG_KEY: (
        "Check both parts of the key, each whole and in its place, and where it came with a session token, that too."
    ),
    StorageProblem.EXPIRED_CREDENTIALS: "Get new credentials.",
    StorageProblem.CLOCK_IS_OFF: (
        "Set this machine's clock and check again; a recording does not depend on it, a signature of this check does."
    ),
    StorageProblem.NAME_NOT_FOUND: "Check the name, and this machine's DNS.",
    StorageProblem.NO_CONNECTION: (
        "Check what stands between this machine and the storage, such as a firewall or a proxy; whether the recording "
        "service reaches the storage can only be told from a recording."
    ),
    StorageProblem.NO_ENDPOINT: "Give the bucket's address: check(endpoint='https://…').",
    StorageProblem.NOT_KEPT: "Check for rules of the bucket that remove or change what is written.",
    StorageProblem.OTHER: "See the vendor's documents on that answer.",
}


def no_endpoint(what: str) -> StorageCheckError:
    """The error for a bucket whose address nobody has told."""
    problem = StorageProblem.NO_ENDPOINT
    told = f"check: the vendor documents no address with TLS for {what}. {ADVICE[problem]}"
    return StorageCheckError(told, problem=problem, advice=ADVICE[problem])
