"""Channel tokens: the provider's published sample, its own builder as a peer, and recorders that get one each."""

from __future__ import annotations

import pickle
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Self

import pytest
from hypothesis import given, strategies as st

from cloudrec import (
    AccessToken,
    BadRequestError,
    CloudRecording,
    ConfigurationError,
    InvalidRequestError,
    RecordingHandle,
    TokenExpiryWarning,
)
from cloudrec._call.access_token import built
from cloudrec._contract.redact import shown
from cloudrec._recording.tokens import ends_at
from cloudrec.emulator import Emulator
from tests.recordings.support import PAGE, STORAGE, Time

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports all that it ever was
    from agoraiotools.AccessToken2 import AccessToken as VendorToken, ServiceRtc

# Those of the tests of the provider's builders, github.com/AgoraIO/Tools.
APP_ID, CERTIFICATE = "970CA35de60c44645bbae8a215061b33", "5CFd2fd1755d40ecb72977518be15d3b"
CNAME, UID = "7d72365eb983485397e3e3f9d460bdda", 2882341273
PUBLISHED = (
    "007eJxTYBBbsMMnKq7p9Hf/HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAw"
    "MoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxgDCaiTj"
)
OTHER = "0" * 32
TOKENS = AccessToken(APP_ID, CERTIFICATE)


class Read(NamedTuple):
    """What the provider's own reader finds in a token."""

    cname: str
    uid: str
    issued: int
    lasts: int
    salt: int

    @classmethod
    def of(cls, token: str) -> Self:
        found = VendorToken()
        assert found.from_string(token)
        [service] = found._AccessToken__service.values()
        # It may join, and nothing else.
        assert service._Service__privileges == {ServiceRtc.kPrivilegeJoinChannel: found._AccessToken__expire}
        numbers = (getattr(found, f"_AccessToken__{name}") for name in ("issue_ts", "expire", "salt"))
        return cls(service._ServiceRtc__channel_name.decode(), service._ServiceRtc__uid.decode(), *numbers)

    def by_vendor(self, certificate: str = CERTIFICATE) -> str:
        """The same by the provider's own builder."""
        peer = VendorToken(APP_ID, certificate, issue_ts=self.issued, expire=self.lasts)
        peer._AccessToken__salt = self.salt
        service = ServiceRtc(self.cname, self.uid)
        service.add_privilege(ServiceRtc.kPrivilegeJoinChannel, self.lasts)
        peer.add_service(service)
        return str(peer.build())


def test_the_published_sample() -> None:
    assert built(APP_ID, CERTIFICATE, CNAME, str(UID), 1_111_111, 600, 1) == PUBLISHED


@given(
    st.text(min_size=1, max_size=64).filter(lambda name: name.isascii()),
    st.integers(1, 2**32 - 1),
    st.integers(1, 2**32 - 1),
    st.integers(1, 86_400),
    st.integers(1, 99_999_999),
)
def test_the_vendor_s_builder_makes_the_same(cname: str, uid: int, issued: int, lasts: int, salt: int) -> None:
    token = built(APP_ID, CERTIFICATE, cname, str(uid), issued, lasts, salt)
    assert token == Read(cname, str(uid), issued, lasts, salt).by_vendor()


def test_the_vendor_s_reader_finds_a_subscriber() -> None:
    """Signed by the certificate, good for this channel and user, for so long."""
    token = TOKENS("lesson-42", 527841, hours=1.5, now=1_780_000_000)
    found = Read.of(token)
    assert found[:4] == ("lesson-42", "527841", 1_780_000_000, 5400)
    assert found.by_vendor() == token != found.by_vendor(OTHER)
    end = ends_at(token)
    assert end is not None
    assert end.timestamp() == 1_780_005_400


def test_no_two_tokens_are_alike() -> None:
    assert TOKENS("a", 1, now=1) != TOKENS("a", 1, now=1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("", CERTIFICATE), "app_id: must be 32 hexadecimal digits"),
        ((APP_ID, CERTIFICATE[:-1]), "certificate: must be 32 hexadecimal digits"),
        ((APP_ID, f"{CERTIFICATE}\n"), "certificate: "),
        ((APP_ID, None), "certificate: "),
    ],
)
def test_what_is_no_certificate(arguments: Any, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as caught:
        AccessToken(*arguments)
    assert CERTIFICATE[:-1] not in str(caught.value)


@pytest.mark.parametrize("cname", ["", "a" * 65, "课" * 22, 7, None])
def test_what_is_no_channel(cname: Any) -> None:
    with pytest.raises(InvalidRequestError, match="cname: "):
        TOKENS(cname, 1)


@pytest.mark.parametrize("uid", [0, -1, 2**32, "", "x", "9" * 5000, 10**5000, True, 1.0, None], ids=shown)
def test_what_is_no_uid(uid: Any) -> None:
    with pytest.raises(InvalidRequestError, match="uid: "):
        TOKENS("a", uid)


@pytest.mark.parametrize("more", [{"hours": 0}, {"hours": 24.1}, {"hours": "1"}, {"now": 2**32}, {"now": -1}])
def test_what_is_no_life(more: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=f"{next(iter(more))}: "):
        TOKENS("a", 1, **more)


def test_the_certificate_is_seen_nowhere() -> None:
    """Not in text, and not among the locals of a traceback."""
    assert CERTIFICATE not in repr(TOKENS) + str(TOKENS)
    for wrong in (lambda: TOKENS("", 0), lambda: TOKENS("a", 1, hours=-1), lambda: AccessToken("x", CERTIFICATE)):
        try:
            wrong()
        except Exception as error:
            frames = traceback.TracebackException.from_exception(error, capture_locals=True)
            assert CERTIFICATE not in "".join(frames.format()).replace(repr(wrong), "").replace("CERTIFICATE", "")


def test_it_goes_to_another_process() -> None:
    token = pickle.loads(pickle.dumps(TOKENS))("a", 1)
    assert Read.of(token).by_vendor() == token


# ------------------------------------------------------------------------------------ with recordings


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(app_id=APP_ID, certificate=CERTIFICATE) as running:
        yield running


@pytest.fixture
def client_of(emulator: Emulator) -> Iterator[Callable[..., CloudRecording]]:
    made = []
    time = Time(emulator)

    def make(**options: Any) -> CloudRecording:
        made.append(
            CloudRecording(APP_ID, emulator.credential, base_url=emulator.url, clock=time, wait=time.wait, **options)
        )
        return made[-1]

    yield make
    for client in made:
        client.close()


def record(client: CloudRecording, **options: Any) -> Any:
    return client.mix.record("lesson-42", storage=STORAGE, confirm=False, **options)


def test_a_client_makes_the_token_of_each_recorder(emulator: Emulator, client_of: Any) -> None:
    """The one that is acquired and started with; for each uid another one."""
    handles: list[RecordingHandle] = []
    client = client_of(tokens=TOKENS)
    record(client, redundancy=2, on_started=handles.append)
    for handle, run in zip(handles, emulator.running, strict=True):
        found = Read.of(run.request["token"])
        assert (found.cname, found.uid) == ("lesson-42", handle["uid"])
        assert found.by_vendor() == run.request["token"]


@pytest.mark.parametrize(("hours", "lasts"), [(1, 5400), (23, 84_600), (24, 86_400), (72, 86_400), (None, 86_400)])
def test_its_life_fits_the_recording(emulator: Emulator, client_of: Any, hours: int | None, lasts: int) -> None:
    """Half an hour more than the recording, 24 hours at the most; so there is nothing to warn of."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", TokenExpiryWarning)
        record(client_of(tokens=TOKENS), resource_expired_hour=hours)
    assert Read.of(emulator.running[0].request["token"]).lasts == lasts


def test_a_token_that_is_given_comes_first(emulator: Emulator, client_of: Any) -> None:
    given = TOKENS("lesson-42", 7)
    record(client_of(tokens=lambda cname, uid: "no token"), uid=7, token=given)
    assert emulator.running[0].request["token"] == given


def test_a_recording_may_have_its_own_maker(emulator: Emulator, client_of: Any) -> None:
    record(client_of(), token=TOKENS)
    assert emulator.running[0].request["token"].startswith("007")


def test_a_page_needs_none(emulator: Emulator, client_of: Any) -> None:
    client_of(tokens=TOKENS).web.record("page", PAGE, max_recording_hour=1, storage=STORAGE, confirm=False)
    assert "token" not in emulator.running[0].request


NOT_GOOD: dict[str, Any] = {
    "none": None,
    "no token": lambda cname, uid: "no token",
    "for another App ID and channel": lambda cname, uid: PUBLISHED,
    "of another certificate": AccessToken(APP_ID, OTHER),
    "for another channel": lambda cname, uid: TOKENS("another", uid),
    "for another uid": lambda cname, uid: TOKENS(cname, uid + 1),
    "cut short": lambda cname, uid: TOKENS(cname, uid)[:-8],
    "of another version": lambda cname, uid: "006" + TOKENS(cname, uid)[3:],
}


@pytest.mark.filterwarnings("ignore::cloudrec.TokenExpiryWarning")
@pytest.mark.parametrize("tokens", NOT_GOOD.values(), ids=NOT_GOOD)
def test_the_emulator_refuses_what_is_not_good(client_of: Any, tokens: Any) -> None:
    with pytest.raises(BadRequestError) as caught:
        record(client_of(tokens=tokens))
    assert (caught.value.http_status, caught.value.code) == (400, 110)
    assert "token" in str(caught.value)


def test_the_emulator_refuses_what_has_ended(emulator: Emulator, client_of: Any) -> None:
    """By the emulator's own clock."""
    old = TOKENS("lesson-42", 7, hours=1, now=emulator.clock.seconds())
    client = client_of()
    emulator.clock.advance(3599)
    with pytest.warns(TokenExpiryWarning):
        record(client, uid=7, token=old).stop()
    emulator.clock.advance(1)
    with pytest.warns(TokenExpiryWarning), pytest.raises(BadRequestError) as caught:
        record(client, uid=7, token=old)
    assert caught.value.code == 109


def test_the_vendor_s_token_is_good_for_the_emulator(emulator: Emulator, client_of: Any) -> None:
    from agoraiotools.RtcTokenBuilder2 import Role_Subscriber, RtcTokenBuilder

    made = RtcTokenBuilder.build_token_with_uid(APP_ID, CERTIFICATE, "lesson-42", 7, Role_Subscriber, 86_400, 86_400)
    record(client_of(), uid=7, token=made)
    assert len(emulator.running) == 1


def test_tokens_of_another_project_are_refused(emulator: Emulator) -> None:
    with pytest.raises(ConfigurationError, match="tokens: are for App ID '0000"):
        CloudRecording(APP_ID, emulator.credential, base_url=emulator.url, tokens=AccessToken(OTHER, CERTIFICATE))


@pytest.mark.parametrize("certificate", ["", "x" * 32, CERTIFICATE + "0"])
def test_the_emulator_wants_a_certificate_that_is_one(certificate: str) -> None:
    with pytest.raises(ValueError, match="certificate must be 32 hexadecimal digits"):
        Emulator(certificate=certificate)


def test_the_certificate_may_come_from_the_environment(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AGORA_APP_ID": APP_ID,
        "AGORA_CUSTOMER_ID": emulator.credential.customer_id,
        "AGORA_CUSTOMER_SECRET": emulator.credential.customer_secret,
        "AGORA_BASE_URL": emulator.url,
        "AGORA_APP_CERTIFICATE": CERTIFICATE,
    }.items():
        monkeypatch.setenv(name, value)
    with CloudRecording.from_env() as client:
        record(client)
    assert len(emulator.running) == 1
