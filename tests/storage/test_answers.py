"""What `storage.check()` makes of answers that a healthy server does not give."""

from __future__ import annotations

import _thread
import pickle
import socket
import traceback
from threading import Event
from typing import Any

import anyio
import pytest

from cloudrec.storage import (
    S3,
    AlibabaOSS,
    AlibabaRegion,
    AzureBlob,
    BaiduBOS,
    BaiduRegion,
    GoogleCloudStorage,
    HuaweiOBS,
    S3Compatible,
    Storage,
    StorageCheckError,
    StorageProblem,
    TencentCOS,
)
from cloudrec.storage._endpoints import Place
from tests.storage.conftest import BUCKET, Reply, Scripted, Seen

ACCESS, SECRET, TOKEN = "ACCESS-do-not-show", "SECRET-do-not-show", "TOKEN-do-not-show"
ACCOUNT_KEY = "ZG8tbm90LXNob3ctdGhpcy1hY2NvdW50cy1rZXk="
AMAZON = S3(BUCKET, "eu-central-1", ACCESS, SECRET, prefix="lessons/42", session_token=TOKEN)
AZURE = AzureBlob(BUCKET, "donotshow", ACCOUNT_KEY)


def error_xml(code: str, message: str = "In words.", more: str = "") -> str:
    """An error as S3 documents it, which the others follow."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>{code}</Code><Message>{message}</Message>{more}<RequestId>4442587FB7D0A2F9</RequestId></Error>"""


def refused(
    storage: Storage, scripted: Scripted, reply: Reply | None = None, method: str = "PUT", timeout: float = 5
) -> StorageCheckError:
    """The error of a check whose request of that method is answered so; it shows no secret."""
    if reply is not None:
        scripted.replies[method] = [reply]
    with pytest.raises(StorageCheckError) as caught:
        storage.check(endpoint=scripted.url, timeout=timeout)
    error = caught.value
    told = "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(error.__context__)
    for secret in ("do-not-show", "donotshow", ACCOUNT_KEY):
        assert secret not in told
    assert error.args[0].startswith("check: ")
    assert error.args[0].endswith(error.advice)
    return error


# ------------------------------------------------------------------------------------------- the write is refused

P = StorageProblem
OSS = AlibabaOSS(BUCKET, "eu-central-1", ACCESS, SECRET, session_token=TOKEN)
COS = TencentCOS(f"{BUCKET}-1250000000", "ap-guangzhou", ACCESS, SECRET, session_token=TOKEN)
GOOGLE = GoogleCloudStorage(BUCKET, ACCESS, SECRET)
ENDPOINT = "The bucket you are attempting to access must be addressed using the specified endpoint."
TOO_OLD = "<AuthenticationErrorDetail>Request date header too old: 'Sat, 21 Nov 2026'</AuthenticationErrorDetail>"


@pytest.mark.parametrize(
    ("storage", "status", "body", "problem"),
    [
        (AMAZON, 403, error_xml("AccessDenied"), P.NO_RIGHT_TO_WRITE),
        (AMAZON, 403, error_xml("AllAccessDisabled"), P.NO_RIGHT_TO_WRITE),
        (AMAZON, 404, error_xml("NoSuchBucket"), P.NO_SUCH_BUCKET),
        (AMAZON, 400, error_xml("InvalidBucketName"), P.NO_SUCH_BUCKET),
        (AMAZON, 403, error_xml("InvalidAccessKeyId", more=f"<AWSAccessKeyId>{ACCESS}</AWSAccessKeyId>"), P.WRONG_KEY),
        (AMAZON, 403, error_xml("SignatureDoesNotMatch", f"{ACCESS} {SECRET} {TOKEN}"), P.WRONG_KEY),
        (AMAZON, 400, error_xml("InvalidToken"), P.WRONG_KEY),
        (AMAZON, 400, error_xml("ExpiredToken", more=f"<Token-0>{TOKEN}</Token-0>"), P.EXPIRED_CREDENTIALS),
        (AMAZON, 403, error_xml("RequestTimeTooSkewed"), P.CLOCK_IS_OFF),
        (AMAZON, 400, error_xml("AuthorizationHeaderMalformed", more="<Region>eu-west-1</Region>"), P.WRONG_REGION),
        (AMAZON, 400, error_xml("AuthorizationHeaderMalformed"), P.WRONG_KEY),
        (AMAZON, 400, error_xml("IllegalLocationConstraintException"), P.WRONG_REGION),
        (AMAZON, 400, error_xml("InvalidRequest", "x &lt;y&gt;"), P.OTHER),
        (AMAZON, 503, error_xml("SlowDown"), P.OTHER),
        (AMAZON, 403, "<html>proxy</html>", P.NO_RIGHT_TO_WRITE),
        (AMAZON, 403, "", P.NO_RIGHT_TO_WRITE),
        (AMAZON, 401, "", P.WRONG_KEY),
        (AZURE, 403, "", P.NO_RIGHT_TO_WRITE),
        (AMAZON, 404, "", P.OTHER),
        (OSS, 403, error_xml("AccessDenied", ENDPOINT), P.WRONG_REGION),
        (OSS, 403, error_xml("AccessDenied", "You have no right to access this object."), P.NO_RIGHT_TO_WRITE),
        (OSS, 403, error_xml("SecurityTokenExpired"), P.EXPIRED_CREDENTIALS),
        (OSS, 403, error_xml("InvalidSecurityToken"), P.WRONG_KEY),
        (COS, 404, error_xml("NoSuchBucket"), P.NO_SUCH_BUCKET),
        (GOOGLE, 403, error_xml("InvalidSecurity"), P.WRONG_KEY),
        (GOOGLE, 404, error_xml("NoSuchBucket"), P.NO_SUCH_BUCKET),
        (AZURE, 404, error_xml("ContainerNotFound", "It does not exist.\nRequestId:1\nTime:2"), P.NO_SUCH_BUCKET),
        (AZURE, 403, error_xml("AuthenticationFailed", f"Signed by {ACCOUNT_KEY} of donotshow"), P.WRONG_KEY),
        (AZURE, 403, error_xml("AuthenticationFailed", more=TOO_OLD), P.CLOCK_IS_OFF),
        (AZURE, 403, error_xml("AuthorizationFailure"), P.NO_RIGHT_TO_WRITE),
        (AZURE, 403, error_xml("KeyBasedAuthenticationNotPermitted"), P.NO_RIGHT_TO_WRITE),
        (AZURE, 403, error_xml("AccountIsDisabled"), P.OTHER),
    ],
)
def test_refusals(scripted: Scripted, storage: Storage, status: int, body: str, problem: P) -> None:
    """Each documented answer is the problem that it stands for, told with status and code."""
    error = refused(storage, scripted, Reply(status, body))
    assert error.problem is problem
    assert error.http_status == status
    assert f"HTTP {status}" in error.args[0]
    if "<Code>" in body:
        code = body.partition("<Code>")[2].partition("<")[0]
        assert error.code == code
        assert code in error.args[0]
    # What was refused is not there: nobody tries to take it away. What broke may have done it.
    assert set(scripted.methods()) - {"HEAD"} == {"PUT"} | ({"DELETE"} if status >= 500 else set())
    assert pickle.loads(pickle.dumps(error)).problem is problem


def test_words_of_the_storage(scripted: Scripted) -> None:
    """What the storage says is told, its first line, and no novel."""
    error = refused(
        AMAZON, scripted, Reply(403, error_xml("AccessDenied", "User is not allowed to &quot;put&quot;.\nx"))
    )
    assert '(HTTP 403, AccessDenied: User is not allowed to "put")' in error.args[0]
    assert len(str(refused(AMAZON, scripted, Reply(403, error_xml("AccessDenied", "y" * 5000))))) < 900


def test_a_key_of_ones_own(scripted: Scripted) -> None:
    """With sse="kms" it may be the encryption key that may not be used."""
    storage = S3(BUCKET, 7, ACCESS, SECRET, sse="kms")
    assert "kms:GenerateDataKey" in refused(storage, scripted, Reply(403, error_xml("AccessDenied"))).advice


# ------------------------------------------------------------------------------------------- regions


@pytest.mark.parametrize(
    ("region", "advice"),
    [
        ("eu-west-1", "Give the region as 'eu-west-1'."),
        ("il-central-1", "The recording service has no number for that"),
    ],
)
def test_where_the_bucket_is(scripted: Scripted, region: str, advice: str) -> None:
    """S3 sends one away without an address, and tells the region in a header."""
    moved = Reply(301, error_xml("PermanentRedirect"), {"x-amz-bucket-region": region})
    scripted.replies["HEAD"] = [moved._replace(body="")]
    error = refused(AMAZON, scripted, moved)
    assert error.problem is P.WRONG_REGION
    assert f"bucket 'lessons' is not in eu-central-1, but in {region}" in error.args[0]
    assert error.advice.startswith(advice)
    assert scripted.methods() == ["PUT", "HEAD"]
    assert "authorization" not in scripted.seen[-1].headers


@pytest.mark.parametrize("reply", [Reply(403), Reply(307, headers={"Location": "http://127.0.0.1:9/"}), Reply(200)])
def test_where_the_bucket_is_not(scripted: Scripted, reply: Reply) -> None:
    """Where it does not say, at least that much is known."""
    scripted.replies["HEAD"] = [reply]
    error = refused(AMAZON, scripted, Reply(301, error_xml("PermanentRedirect")))
    assert "bucket 'lessons' is not in eu-central-1" in error.args[0]


def test_region_of_s3_compatible_storage(scripted: Scripted) -> None:
    """Storage that reads a region from the signature says which, and is asked again so."""
    wants = error_xml("AuthorizationHeaderMalformed", more="<Region>garage</Region>")
    scripted.replies["PUT"] = [Reply(400, wants), Reply()]
    storage = S3Compatible("minio.example.com", BUCKET, ACCESS, SECRET)
    assert storage.check(endpoint=scripted.url).could_delete
    signed = [request.headers["authorization"].split("/")[2] for request in scripted.seen]
    assert signed == ["us-east-1", "garage", "garage", "garage"]


@pytest.mark.parametrize(
    "storage",
    [
        AlibabaOSS(BUCKET, AlibabaRegion.EU_EAST_1, ACCESS, SECRET),
        BaiduBOS(BUCKET, BaiduRegion.SHANGHAI, ACCESS, SECRET),
    ],
)
def test_no_documented_address(scripted: Scripted, storage: Storage) -> None:
    """Where the vendor documents no address for the region, none is guessed; one that is given is asked."""
    with pytest.raises(StorageCheckError, match="documents no address") as caught:
        storage.check()
    assert caught.value.problem is P.NO_ENDPOINT
    assert "endpoint=" in caught.value.advice
    assert storage.check(endpoint=scripted.url).could_delete


# ------------------------------------------------------------------------------------------- no answer


def test_connection_refused(scripted: Scripted) -> None:
    """Nobody listens there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        scripted.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        error = refused(AMAZON, scripted)
    assert error.problem is P.NO_CONNECTION
    assert "127.0.0.1 does not answer (the connection was refused)" in error.args[0]
    assert error.http_status is None


def test_no_tls(scripted: Scripted) -> None:
    """Somebody listens, and speaks no TLS."""
    scripted.url = scripted.url.replace("http:", "https:")
    assert refused(AMAZON, scripted).problem is P.NO_CONNECTION


def test_no_answer_in_time(scripted: Scripted) -> None:
    """A write without an answer may have been done: the object is taken away."""
    hold = Event()
    error = refused(AMAZON, scripted, Reply(hold=hold), timeout=0.2)
    assert error.problem is P.NO_CONNECTION
    assert "no answer in time" in error.args[0]
    assert scripted.methods()[-1] == "DELETE"


def test_no_such_name(scripted: Scripted) -> None:
    """A host that has no address. (No label is longer than 63 characters, so that nobody is asked for it.)"""
    scripted.url = f"http://{'x' * 64}.test"
    error = refused(AMAZON, scripted)
    assert error.problem is P.NAME_NOT_FOUND
    assert f"there is no address for the name {'x' * 64}.test" in error.args[0]


@pytest.mark.parametrize("status", [301, 307])
def test_sent_away_without_a_word(scripted: Scripted, status: int) -> None:
    """A redirect that says nothing is one to another region."""
    assert refused(AMAZON, scripted, Reply(status)).problem is P.WRONG_REGION


def test_a_panic_of_the_library(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """A panic of obstore's, which is no Exception, is told as what it is; here of a port that is none."""
    monkeypatch.setattr(Storage, "_asked", lambda *_: Place("http://127.0.0.1:99999", "eu-central-1", in_path=True))
    error = refused(AMAZON, scripted)
    assert error.problem is P.OTHER
    assert "InvalidPort" in error.args[0]


def test_an_answer_of_something_else(scripted: Scripted) -> None:
    """200 without the signs of an S3 answer: whether the object is there is not known, so it is taken away."""
    error = refused(AMAZON, scripted, Reply(200, "<html>", {"ETag": ""}))
    assert error.problem is P.OTHER
    assert "ETag" in error.args[0]
    assert scripted.methods()[-1] == "DELETE"


# ------------------------------------------------------------------------------------------- after the write


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply(200, "something else"), P.NOT_KEPT),
        (Reply(404, error_xml("NoSuchKey")), P.NOT_KEPT),
        (Reply(500, error_xml("InternalError")), P.OTHER),
    ],
)
def test_what_is_read(scripted: Scripted, reply: Reply, problem: P) -> None:
    """An object that is not there, or is another, is no storage for recordings; nothing is left of it."""
    assert refused(AMAZON, scripted, reply, "GET").problem is problem
    assert scripted.methods()[-1] == "DELETE"


def test_what_cannot_be_deleted(scripted: Scripted) -> None:
    """That is a remark, whatever the reason; and one that is gone already is as good as deleted."""
    scripted.replies["DELETE"] = [Reply(501, error_xml("NotImplemented"))]
    done = AMAZON.check(endpoint=scripted.url)
    assert not done.could_delete
    assert "still there (HTTP 501, NotImplemented" in done.remarks[0]
    scripted.replies["DELETE"] = [Reply(404, error_xml("NoSuchKey"))]
    assert AMAZON.check(endpoint=scripted.url).could_delete


def test_ctrl_c(scripted: Scripted) -> None:
    """Whoever interrupts a check finds nothing left of it."""
    answer = scripted.answer

    def interrupt(request: Seen) -> Reply:
        if request.method == "GET":
            _thread.interrupt_main()
        return answer(request)

    scripted.answer = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        AMAZON.check(endpoint=scripted.url)
    assert scripted.methods() == ["PUT", "GET", "DELETE"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_cancelled(scripted: Scripted, backend: str) -> None:
    """A cancelled check ends once it has taken away what it wrote."""
    hold = Event()
    scripted.replies["PUT"] = [Reply(hold=hold)]

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: AMAZON.acheck(endpoint=scripted.url))
            await anyio.to_thread.run_sync(scripted.arrived.wait)
            group.cancel_scope.cancel()
            hold.set()

    anyio.run(main, backend=backend)
    assert scripted.methods() == ["PUT", "GET", "DELETE"]


# ------------------------------------------------------------------------------------------- what is sent


def test_requests_of_s3(scripted: Scripted) -> None:
    """Path, signature, encryption and tag are those of the recordings that are to come."""
    storage = S3(BUCKET, "eu-central-1", ACCESS, SECRET, prefix="lessons/42", session_token=TOKEN, sse="kms", tag="x")
    done = storage.check(endpoint=f"{scripted.url}/")
    put, get, delete = scripted.seen
    assert put.path == get.path == delete.path == f"/lessons/{done.key}"
    assert put.headers["x-amz-server-side-encryption"] == "aws:kms"
    assert put.headers["x-amz-tagging"] == "cloudrec=check"
    assert put.headers["x-amz-security-token"] == TOKEN
    assert "/eu-central-1/s3/aws4_request" in put.headers["authorization"]
    assert put.headers["user-agent"].startswith("cloudrec/")
    assert b"cloudrec" in put.body


@pytest.mark.parametrize(
    ("storage", "url"),
    [
        (AMAZON, "http://storage.test/lessons/lessons/42"),
        (OSS, "http://lessons.storage.test"),
        (COS, "http://lessons-1250000000.storage.test"),
        (HuaweiOBS(BUCKET, "cn-north-4", ACCESS, SECRET), "http://lessons.storage.test"),
        (BaiduBOS(BUCKET, "suzhou", ACCESS, SECRET), "http://storage.test/lessons"),
        (GOOGLE, "http://storage.test/lessons"),
        (S3Compatible("minio.example.com", BUCKET, ACCESS, SECRET), "http://storage.test/lessons"),
        (AZURE, "http://storage.test/lessons"),
    ],
)
def test_addresses(scripted: Scripted, storage: Storage, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bucket is part of the host's name where the vendor wants it so. (A proxy is shown whole addresses.)"""
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", scripted.url)
    scripted.replies["POST"] = [batch(202, "Accepted")]
    done = storage.check(endpoint="http://storage.test")
    assert [request.path for request in scripted.seen[:2]] == [f"{url}/{done.key.rpartition('/')[2]}"] * 2


def batch(status: int, reason: str) -> Reply:
    """Azure's answer to a deletion in bulk, in which obstore deletes one as well."""
    parts = (
        f"--b\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\nHTTP/1.1 {status} {reason}\r\n\r\n\r\n--b--\r\n"
    )
    return Reply(202, parts, {"Content-Type": "multipart/mixed; boundary=b"})


def test_requests_of_azure(scripted: Scripted) -> None:
    """The same three things in the words of Azure."""
    scripted.replies["PUT"] = [Reply(201)]
    scripted.replies["POST"] = [batch(202, "Accepted")]
    storage = AzureBlob(BUCKET, "donotshow", ACCOUNT_KEY, prefix=("lessons", "42"))
    done = storage.check(endpoint=scripted.url)
    assert done == (done.key, True, True, ())
    assert [request.path for request in scripted.seen[:2]] == [f"/lessons/{done.key}"] * 2
    assert scripted.seen[0].headers["authorization"].startswith("SharedKey donotshow:")
    scripted.replies["POST"] = [batch(404, "The specified blob does not exist.")]
    assert storage.check(endpoint=scripted.url).could_delete
    scripted.replies["POST"] = [batch(403, "This is forbidden.")]
    assert not storage.check(endpoint=scripted.url).could_delete


def test_the_environment_has_no_say_on_azure(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts and addresses of somebody else in the environment do not get into a check."""
    somebody: dict[str, Any] = {
        "AZURE_STORAGE_ACCOUNT_NAME": "somebody",
        "AZURE_STORAGE_ACCOUNT_KEY": "c29tZWJvZHk=",
        "AZURE_STORAGE_SAS_KEY": "sv=1&sig=x",
        "AZURE_STORAGE_TOKEN": "somebody",
        "AZURE_STORAGE_ENDPOINT": "http://127.0.0.1:9",
        "AZURE_STORAGE_USE_EMULATOR": "true",
        "AZURE_CONTAINER_NAME": "somebody",
        "AZURE_SKIP_SIGNATURE": "true",
    }
    for name, value in somebody.items():
        monkeypatch.setenv(name, value)
    scripted.replies["PUT"] = [Reply(201)]
    scripted.replies["POST"] = [batch(202, "Accepted")]
    assert AZURE.check(endpoint=scripted.url).could_delete
    assert scripted.seen[0].headers["authorization"].startswith("SharedKey donotshow:")
