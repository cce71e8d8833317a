"""Storages by their own words: what may be said, what is made of it, and what is refused."""

from __future__ import annotations

import copy
import json
import pickle
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st

from cloudrec import CloudRecording, ConfigurationError, InvalidRequestError, ServerSideEncryption, StorageVendor
from cloudrec._contract.checker import check
from cloudrec._contract.document import component
from cloudrec.emulator.service.contract import Contract
from cloudrec.storage import (
    S3,
    AlibabaOSS,
    AlibabaRegion,
    AzureBlob,
    BaiduBOS,
    BaiduRegion,
    GoogleCloudStorage,
    HuaweiOBS,
    HuaweiRegion,
    S3Compatible,
    S3Region,
    Storage,
    StorageRegion,
    TencentCOS,
    TencentRegion,
)
from cloudrec.storage._endpoints import of_account, of_host, of_region
from tests.support import APP_ID, BASE_URL, CNAME, CREDENTIAL, ONCE, PAGE, RESOURCE_ID, UID, examples, read_json

ACCESS, SECRET, TOKEN = "ACCESS-do-not-show", "SECRET-do-not-show", "TOKEN-do-not-show"
ACCOUNT, ACCOUNT_KEY = "donotshow", "ZG8tbm90LXNob3ctdGhpcy1hY2NvdW50cy1rZXk="
LATER = datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)
REGIONS = read_json("data", "storage_regions.json")

REGIONAL: dict[str, tuple[Any, type[StorageRegion]]] = {
    "1": (S3, S3Region),
    "2": (AlibabaOSS, AlibabaRegion),
    "3": (TencentCOS, TencentRegion),
    "7": (HuaweiOBS, HuaweiRegion),
    "8": (BaiduBOS, BaiduRegion),
}
# One of each vendor, with all that it takes.
EACH: dict[str, Storage] = {
    "1": S3(
        "lessons", "eu-central-1", ACCESS, SECRET,
        prefix=("lessons", "42"), session_token=TOKEN, expires_at=LATER, sse="kms", tag="lesson",
    ),
    "2": AlibabaOSS(
        "lessons", "cn-hangzhou", ACCESS, SECRET, prefix="lessons/42", session_token=TOKEN, expires_at=LATER, tag="t"
    ),
    "3": TencentCOS(
        "lessons-1250000000", "ap-guangzhou", ACCESS, SECRET, prefix="a", session_token=TOKEN, expires_at=LATER
    ),
    "5": AzureBlob("lessons", ACCOUNT, ACCOUNT_KEY, prefix="a"),
    "6": GoogleCloudStorage("lessons", ACCESS, SECRET, prefix="a"),
    "7": HuaweiOBS("lessons", "cn-north-4", ACCESS, SECRET, prefix="a"),
    "8": BaiduBOS("lessons", "suzhou", ACCESS, SECRET, prefix="a"),
    "11": S3Compatible("minio.example.com", "lessons", ACCESS, SECRET, prefix="a"),
}  # fmt: skip


def told(make: Callable[[], object]) -> list[str]:
    """The problems that the error names, as `field: value (rule)`; no secret is among them."""
    with pytest.raises(InvalidRequestError) as caught:
        make()
    assert "do-not-show" not in str(caught.value) + repr(vars(caught.value))
    return [str(problem) for problem in caught.value.problems]


def s3(**wrong: Any) -> Callable[[], object]:
    """Makes a storage of Amazon, good but for what is given."""
    return lambda: S3(**{"bucket": "lessons", "region": 7, "access_key": ACCESS, "secret_key": SECRET} | wrong)


# ------------------------------------------------------------------------------------------- what is sent


def test_everything_of_amazon() -> None:
    """Every argument stands where the API takes it."""
    assert EACH["1"].to_dict() == {
        "vendor": 1,
        "region": 7,
        "bucket": "lessons",
        "accessKey": ACCESS,
        "secretKey": SECRET,
        "stsToken": TOKEN,
        "stsExpiration": 1925089445,
        "fileNamePrefix": ["lessons", "42"],
        "extensionParams": {"sse": "kms", "tag": "lesson"},
    }


def test_the_least_of_amazon() -> None:
    """What is left out is not sent."""
    sent = S3("lessons", "eu-central-1", ACCESS, SECRET).to_dict()
    assert sent == {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": ACCESS, "secretKey": SECRET}


def test_the_other_vendors() -> None:
    """What differs between them."""
    assert EACH["5"].to_dict() == {
        "vendor": 5, "region": 0, "bucket": "lessons", "accessKey": ACCOUNT, "secretKey": ACCOUNT_KEY,
        "fileNamePrefix": ["a"],
    }  # fmt: skip
    assert EACH["11"].to_dict()["extensionParams"] == {"endpoint": "minio.example.com"}
    assert EACH["2"].to_dict()["extensionParams"] == {"tag": "t"}
    assert {number: storage.to_dict()["vendor"] for number, storage in EACH.items()} == {n: int(n) for n in EACH}
    assert {storage.vendor for storage in EACH.values()} == set(StorageVendor)


@pytest.mark.parametrize("mode", ["individual", "mix", "web"])
def test_a_call_takes_it(mode: str) -> None:
    """It stands in the place of a `storage_config`, and it is what is sent."""
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["clientRequest"]["storageConfig"])
        return httpx.Response(200, json={"sid": "s"})

    more: dict[str, Any] = {"extension_service_config": PAGE} if mode == "web" else {}
    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        client: Any = CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client, **ONCE)
        for storage in EACH.values():
            getattr(client, mode).start(RESOURCE_ID, CNAME, UID, storage_config=storage, **more)
    assert sent == [storage.to_dict() for storage in EACH.values()]


# ------------------------------------------------------------------------------------------- a value


@pytest.mark.parametrize("storage", EACH.values(), ids=lambda storage: type(storage).__name__)
def test_values(storage: Storage) -> None:
    """Equal by what they say, hashable, not to be changed; copies and pickles are equal."""
    for twin in (copy.copy(storage), copy.deepcopy(storage), pickle.loads(pickle.dumps(storage))):
        assert twin == storage
        assert hash(twin) == hash(storage)
        assert repr(twin) == repr(storage)
    assert [storage == other for other in EACH.values()].count(True) == 1
    assert storage != storage.to_dict()
    for change in (lambda: setattr(storage, "bucket", "other"), lambda: delattr(storage, "_wire")):
        with pytest.raises(AttributeError):
            change()
    given = storage.to_dict()
    given["bucket"] = "other"
    given["fileNamePrefix"].append("other")
    assert storage.to_dict() != given
    assert storage.to_dict()["fileNamePrefix"] == list(storage.prefix)


def test_what_is_shown() -> None:
    """What is no secret can be read from it, and is in its repr as it was given."""
    storage = EACH["1"]
    assert repr(storage) == (
        "S3(bucket='lessons', region='eu-central-1', access_key='***', secret_key='***', prefix=('lessons', '42'), "
        "session_token='***', expires_at=datetime.datetime(2031, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc), "
        "sse='kms', tag='lesson')"
    )
    assert storage.bucket == "lessons"
    assert storage.region is S3Region.EU_CENTRAL_1
    assert storage.prefix == ("lessons", "42")
    assert storage.expires_at == LATER
    assert storage.vendor is StorageVendor.AMAZON_S3
    assert EACH["5"].region is None
    assert EACH["5"].expires_at is None
    assert repr(EACH["5"]) == "AzureBlob(container='lessons', account_name='***', key='***', prefix=('a',))"
    assert repr(EACH["11"]).startswith("S3Compatible(endpoint='minio.example.com', bucket='lessons', ")


@pytest.mark.parametrize("storage", EACH.values(), ids=lambda storage: type(storage).__name__)
def test_secrets_are_not_shown(storage: Storage) -> None:
    """Keys, secrets, tokens and the name of an account show nowhere."""
    for text in (repr(storage), str(storage), f"{storage}", repr([storage])):
        assert "do-not-show" not in text
        assert ACCOUNT not in text
        assert ACCOUNT_KEY not in text
        assert "***" in text


def test_the_base_is_no_storage() -> None:
    """`Storage` is a type to name, not one to make."""
    with pytest.raises(TypeError, match="make one of those"):
        Storage()


# ------------------------------------------------------------------------------------------- regions


def test_all_regions_are_there() -> None:
    """98 numbers of five vendors and three that have none, as the provider lists them."""
    for number, (_, kind) in REGIONAL.items():
        # Beijing is on an older page of the provider's alone.
        assert {member.name: member.value for member in kind if member is not BaiduRegion.BEIJING} == {
            name.upper(): int(value) for value, name in REGIONS[number].items()
        }
    assert sum(map(len, REGIONS.values())) == 98
    assert sum(len(kind) for _, kind in REGIONAL.values()) + 3 == 98 + 1


@pytest.mark.parametrize("name", ["ap-northeast-2", "AP_Northeast_2", "oss-ap-northeast-2", "cn-northeast-2"])
def test_regions_with_two_names(name: str) -> None:
    """As the reference calls them, and as the Chinese pages do."""
    assert AlibabaOSS("lessons", name, "LTAI", SECRET).to_dict()["region"] == 26
    assert AlibabaRegion.AP_NORTHEAST_2 is AlibabaRegion.CN_NORTHEAST_2
    assert AlibabaRegion.AP_SOUTHEAST_7 is AlibabaRegion.CN_SOUTHEAST_7


@pytest.mark.parametrize("region", [0, "beijing", "bj", BaiduRegion.BEIJING], ids=repr)
def test_a_region_of_an_older_page(region: Any) -> None:
    assert BaiduBOS("lessons", region, ACCESS, SECRET).to_dict()["region"] == 0


def spellings(name: str) -> list[str]:
    """Ways to write the name of a region."""
    lower = name.lower()
    return [name, lower, name.upper(), lower.replace("_", "-"), name.upper().replace("_", "-"), lower.title()]


@pytest.mark.parametrize("number", REGIONAL)
def test_every_region_in_every_spelling(number: str) -> None:
    """The provider's and the vendor's spelling in any case, the member, and the number are all the same region."""
    make, kind = REGIONAL[number]
    for value, name in REGIONS[number].items():
        for written in [*spellings(name), kind(int(value)), int(value)]:
            storage = make("lessons-1250000000", written, ACCESS, SECRET)
            assert storage.to_dict()["region"] == int(value)
            assert storage.region is kind(int(value))
            assert not check(storage.to_dict(), component("StorageConfig"))


def test_spellings_of_single_vendors() -> None:
    """Alibaba Cloud also writes oss- before it; Baidu has codes for cities."""
    assert AlibabaOSS("lessons", "OSS-cn-Hangzhou", ACCESS, SECRET).region is AlibabaRegion.CN_HANGZHOU
    for code, region in {"bd": 1, "su": 2, "gz": 3, "hkg": 4, "fwh": 6}.items():
        assert BaiduBOS("lessons", code, ACCESS, SECRET).region == region
    assert S3Region.EU_CENTRAL_1.spelling == "eu-central-1"


@pytest.mark.parametrize(
    ("make", "wrong", "nearest"),
    [
        (S3, "eu-centrall-1", "eu-central-1 (7)"),
        (S3, "EU_CENTRAL", "eu-central-1 (7)"),
        (S3, "ap-south-2", "ap-south-1 (14)"),
        (S3, 17, "cn-northwest-1 (16), af-south-1 (18)"),
        (S3, 23, "me-south-1 (22), ap-southeast-3 (24)"),
        (S3, 10**9, "eu-south-1 (25)"),
        (S3, -1, "us-east-1 (0)"),
        (AlibabaOSS, "hangzhou", "cn-hangzhou (0)"),
        (TencentCOS, "ap-peking", "ap-beijing (1)"),
        (HuaweiOBS, "cn-north-2", "cn-north-1 (0)"),
        (BaiduBOS, "shangai", "shanghai (7)"),
        (BaiduBOS, 8, "wuhan (6), shanghai (7)"),
    ],
)
def test_wrong_regions(make: Any, wrong: Any, nearest: str) -> None:
    """A wrong region is told with the nearest right ones."""
    [line] = told(lambda: make("lessons", wrong, ACCESS, SECRET))
    assert line.startswith(f"region: {wrong!r} (must be a region of ")
    assert "the nearest are " in line
    assert nearest in line


@pytest.mark.parametrize(
    "wrong", [True, False, 7.0, None, b"eu-central-1", "", [7], AlibabaRegion.CN_HANGZHOU, object()]
)
def test_things_that_are_no_region(wrong: Any) -> None:
    """Not a bool, not a member of another vendor's regions: then all are listed."""
    [line] = told(s3(region=wrong))
    assert line.startswith("region: ")
    assert "they are us-east-1 (0), " in line
    assert "eu-south-1 (25)" in line


def test_a_key_in_the_wrong_place() -> None:
    """Arguments in the wrong order: what may be a key is not shown."""
    for key in ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"):
        error = "; ".join(told(s3(region=key, bucket=key)))
        assert key not in error
        assert "region: a string of" in error
        assert key not in "; ".join(told(lambda key=key: S3Compatible(key, "a b", ACCESS, SECRET)))


# ------------------------------------------------------------------------------------------- the rest of the rules


def test_all_is_told_at_once() -> None:
    """Every broken rule, each by the name of its argument."""
    wrong = s3(
        bucket="s3://lessons", region="nowhere", access_key="", secret_key=" do-not-show", prefix=("a-b", "c"),
        session_token="do-not-show\n", sse="rot13", tag="",
    )  # fmt: skip
    fields = [line.partition(":")[0] for line in told(wrong)]
    assert sorted(fields) == sorted(
        ["region", "bucket", "access_key", "secret_key", "prefix[0]", "session_token", "sse", "tag"]
    )
    assert [line.partition(":")[0] for line in told(lambda: AzureBlob("a/b", "X", "do-not-show!"))] == [
        "container", "account_name", "key",
    ]  # fmt: skip
    assert [line.partition(":")[0] for line in told(lambda: GoogleCloudStorage("a/b", "", ""))] == [
        "hmac_access_key", "hmac_secret", "bucket",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (("lessons", "42"), ("lessons", "42")),
        (["lessons", "42"], ("lessons", "42")),
        ("lessons/42", ("lessons", "42")),
        ("/lessons/42/", ("lessons", "42")),
        ("", ()),
        ("/", ()),
        ((), ()),
        ("a" * 127, ("a" * 127,)),
    ],
)
def test_prefixes(written: Any, kept: tuple[str, ...]) -> None:
    """As folders or as a path."""
    storage = S3("lessons", 7, ACCESS, SECRET, prefix=written)
    assert storage.prefix == kept
    assert ("fileNamePrefix" in storage.to_dict()) is bool(kept)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ("lessons/4-2", "letters a–z and A–Z and digits"),
        ("a//b", "letters"),
        (("a/b",), "letters"),
        (("",), "letters"),
        ((42,), "letters"),
        ("a" * 128, "at most 128 characters in all, slashes counted; this is 129"),
        (("ab",) * 43, "this is 129"),
        (7, "must be folders"),
        (b"a", "must be folders"),
        (None, "must be folders"),
        ({"a"}, "must be folders"),
    ],
)
def test_wrong_prefixes(wrong: Any, rule: str) -> None:
    """Characters, empty folders, and the length in all."""
    lines = told(s3(prefix=wrong))
    assert all(line.startswith("prefix") for line in lines)
    assert any(rule in line for line in lines)


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("3f2a9c1e-7b44-4d0e-9a51-0c6f1e2d3b4a", "'3f2a9c1e7b444d0e9a510c6f1e2d3b4a'"),
        ("lessons/room_42", "'room42'"),
        (("lessons", "room_42"), "'room42'"),
        (("le ssons/42",), "'lessons', '42', an entry each"),
        ("课程-7", "'7'"),
    ],
)
def test_the_nearest_prefix(wrong: Any, nearest: str) -> None:
    """A UUID, `-` and `_` are what people write first: they are told what to write, also in a dict."""
    [line] = told(s3(prefix=wrong))
    assert line.endswith(f"(must be letters a–z and A–Z and digits; the nearest is {nearest})")
    folders = wrong.split("/") if isinstance(wrong, str) else list(wrong)
    storage = {
        "vendor": 1,
        "region": 7,
        "bucket": "lessons",
        "accessKey": "a",
        "secretKey": "s",
        "fileNamePrefix": folders,
    }
    with pytest.raises(InvalidRequestError) as failed:
        CloudRecording("app", CREDENTIAL, area="EU").mix.start("r", "c", 1, storage_config=storage)
    [problem] = failed.value.problems
    assert (problem.name, problem.rule.partition("; ")[2]) == ("prefix-part", f"the nearest is {nearest}")
    assert f"the nearest is {nearest}" in str(failed.value)  # whole, and not as an ID of the service is shown


@pytest.mark.parametrize("wrong", ["课程", "-", "a//b"])
def test_no_prefix_is_near(wrong: str) -> None:
    """Where nothing would be left there is nothing to offer."""
    assert "nearest" not in "".join(told(s3(prefix=wrong)))


@pytest.mark.parametrize("name", ["lessons", "my.lessons-42", "123", "a" * 63])
def test_bucket_names(name: str) -> None:
    """What vendors let a bucket be called."""
    for make, _ in REGIONAL.values():
        assert make(name, 1, ACCESS, SECRET).bucket == name


@pytest.mark.parametrize(
    "name",
    [
        "Lessons",
        "s3://lessons",
        "lessons/42",
        "arn:aws:s3:::lessons",
        "my lessons",
        "lessons\n",
        "ab",
        "-a-",
        "",
        7,
        None,
    ],
)
def test_wrong_bucket_names(name: Any) -> None:
    """What none of them lets it be called, or what is more than a name."""
    [line] = told(s3(bucket=name))
    assert line.startswith("bucket: ")


@pytest.mark.parametrize("name", ["a#b", "..", ".", "a?b", "[x]", "a" * 3000, "a\0b", "a..b", "-ab", "a"])
def test_wrong_names_of_s3_compatible_buckets(name: str) -> None:
    """What would be another path, or none."""
    [line] = told(lambda: S3Compatible("minio.example.com", name, ACCESS, SECRET))
    assert line.startswith("bucket: ")


def test_dots_in_a_row() -> None:
    """No vendor has them in a name."""
    for make, _ in REGIONAL.values():
        assert told(lambda make=make: make("a..b", 1, ACCESS, SECRET))[0].startswith("bucket: ")
    assert told(lambda: S3("A..b", "us-east-1", ACCESS, SECRET))[0].startswith("bucket: ")


@pytest.mark.parametrize("key", ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SECRET, ACCESS, "s3cr3t"])
def test_keys_for_encryption_or_tag(key: str) -> None:
    """A key in the place of these is not shown."""
    wrong: Any = key
    [line] = told(s3(sse=wrong, secret_key=key))
    assert line.startswith("sse: *** (")
    assert key not in repr(S3("lessons", 7, ACCESS, key, tag=key))


def test_a_policy_with_or_without() -> None:
    """A word for no is not taken for yes."""
    wrong: Any = "no"
    for number in ("1", "2", "3", "7", "11"):
        [line] = told(lambda number=number: EACH[number].policy(with_check=wrong))
        assert line == "with_check: of type str (must be True or False)"


def test_old_bucket_names() -> None:
    """In us-east-1, and nowhere else, buckets may be called as it was once allowed."""
    assert S3("My_Lessons", "us-east-1", ACCESS, SECRET).bucket == "My_Lessons"
    [line] = told(lambda: S3("My_Lessons", "us-east-2", ACCESS, SECRET))
    assert line.startswith("bucket: 'My_Lessons'")
    assert S3Compatible("minio.example.com", "My_Lessons", ACCESS, SECRET).bucket == "My_Lessons"


@pytest.mark.parametrize("endpoint", ["minio.example.com", "minio", "minio.example.com:9000", "192.0.2.7"])
def test_endpoints(endpoint: str) -> None:
    """The name of a host."""
    sent = S3Compatible(endpoint, "lessons", ACCESS, SECRET).to_dict()
    assert sent["extensionParams"] == {"endpoint": endpoint}


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://minio.example.com",
        "minio.example.com/",
        "a b",
        "",
        "u:do-not-show@x.test",
        "x:123456",
        "x:99999",
        "x:65536",
        7,
        None,
    ],
)
def test_wrong_endpoints(endpoint: Any) -> None:
    """And nothing but that."""
    [line] = told(lambda: S3Compatible(endpoint, "lessons", ACCESS, SECRET))
    assert line.startswith("endpoint: ")


@pytest.mark.parametrize("field", ["access_key", "secret_key", "session_token"])
@pytest.mark.parametrize("wrong", ["", " do-not-show", "do-not-show\n", 7, b"do-not-show", ["do-not-show"]])
def test_wrong_keys(field: str, wrong: Any) -> None:
    """Keys that were not copied whole, or too much of them."""
    [line] = told(s3(**{field: wrong}))
    assert line.startswith(f"{field}: ***")


def test_encryption() -> None:
    """By its name, or the named value."""
    for sse in ("aes256", "kms", ServerSideEncryption.AES256, ServerSideEncryption.KMS):
        kept: Any = sse
        assert S3("lessons", 7, ACCESS, SECRET, sse=kept).to_dict()["extensionParams"] == {"sse": str(sse)}


# ------------------------------------------------------------------------------------------- short-lived credentials


def test_session_tokens() -> None:
    """A token, with its end or without."""
    assert S3("lessons", 7, ACCESS, SECRET, session_token=TOKEN).expires_at is None
    east = LATER.astimezone(timezone(timedelta(hours=8)))
    storage = S3("lessons", 7, ACCESS, SECRET, session_token=TOKEN, expires_at=east)
    assert storage.expires_at == LATER
    assert storage == S3("lessons", 7, ACCESS, SECRET, session_token=TOKEN, expires_at=LATER)


LAST = datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))
NAIVE = LATER.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("token", "ends", "line"),
    [
        (TOKEN, NAIVE, "expires_at: 2031-01-02T03:04:05 (must be a datetime with a time zone"),
        (TOKEN, 1925089445, "expires_at: of type int (must be a datetime with a time zone"),
        (TOKEN, LAST, "expires_at: 9999-12-31"),
        (None, LATER, "session_token: missing (is required with expires_at"),
    ],
)
def test_wrong_ends(token: str | None, ends: Any, line: str) -> None:
    """A time without a zone, an end of nothing."""
    [found] = told(s3(session_token=token, expires_at=ends))
    assert found.startswith(line)


def test_a_short_life_is_warned_of() -> None:
    """Less than the 4 hours that are asked for is no error: how long the token was issued for is not known."""
    soon = datetime.now(UTC) + timedelta(hours=1, seconds=30)
    with pytest.warns(UserWarning, match=r"ends in 1 h 0 min.*4 hours") as caught:
        S3("lessons", 7, ACCESS, SECRET, session_token=TOKEN, expires_at=soon)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fresh = datetime.now(UTC) + timedelta(hours=3, minutes=59)
        S3("lessons", 7, ACCESS, SECRET, session_token=TOKEN, expires_at=fresh)


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_renewed(number: str) -> None:
    """The same storage with other credentials; the old one is as it was."""
    old: Any = EACH[number]
    new = old.renewed("ACCESS-new", "SECRET-new", "TOKEN-new", LATER + timedelta(hours=1))
    assert type(new) is type(old)
    changed = {
        "accessKey": "ACCESS-new",
        "secretKey": "SECRET-new",
        "stsToken": "TOKEN-new",
        "stsExpiration": 1925093045,
    }
    assert new.to_dict() == old.to_dict() | changed
    assert old.expires_at == LATER
    assert told(lambda: old.renewed("ACCESS", "SECRET", "TOKEN", datetime(2020, 1, 1)))  # noqa: DTZ001


# ------------------------------------------------------------------------------------------- policies and places


@pytest.mark.parametrize("number", ["1", "2", "3", "7", "11"])
@pytest.mark.parametrize("with_check", [False, True])
def test_policies(number: str, with_check: bool) -> None:
    """JSON that lets write below the prefix, and holds no secret; reading and deleting only for a check."""
    printed = EACH[number].policy(with_check=with_check)
    policy = json.loads(printed)
    assert "do-not-show" not in printed
    statements = policy.get("Statement", policy.get("statement"))
    written = [{name.lower(): value for name, value in statement.items()} for statement in statements]
    prefix = "/".join(EACH[number].prefix)
    assert written[0]["resource"][0].endswith(f"{EACH[number].bucket}/{prefix}/*")
    assert any(action.endswith("PutObject") for action in written[0]["action"])
    assert any(action.endswith("AbortMultipartUpload") for action in written[0]["action"])
    assert not any(word in action for action in written[0]["action"] for word in ("Get", "Delete", "List", "*"))
    assert len(written) == 1 + with_check
    if with_check:
        assert written[1]["resource"][0].endswith(f"/{prefix}/cloudrec-check-*")


def test_policy_of_amazon() -> None:
    """The names of China's partition, and the right to set tags where there are tags."""
    china = json.loads(S3("lessons", "cn-north-1", ACCESS, SECRET).policy())
    assert china["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
            "Resource": ["arn:aws-cn:s3:::lessons/*"],
        }
    ]
    assert "s3:PutObjectTagging" in EACH["1"].policy()
    assert "oss:PutObjectTagging" in EACH["2"].policy()
    assert "qcs::cos:ap-guangzhou:uid/1250000000:lessons-1250000000/a/*" in EACH["3"].policy()


@pytest.mark.parametrize(
    ("storage", "words"),
    [
        (EACH["5"], "opens all of the account"),
        (EACH["6"], "roles/storage.objectUser"),
        (EACH["8"], "custom policy for BOS"),
        (TencentCOS("lessons", "ap-guangzhou", ACCESS, SECRET), "APPID"),
    ],
)
def test_no_policy(storage: Storage, words: str) -> None:
    """Where there is none, the error says what there is instead."""
    with pytest.raises(ConfigurationError, match=words):
        storage.policy()


def test_places() -> None:
    """Where buckets are asked: what the vendors document, and nothing that they do not."""
    # Not by region: as numbers, members of two vendors may be the same.
    urls = [(repr(region), of_region(region).url) for _, kind in REGIONAL.values() for region in kind]
    assert len({url for _, url in urls if url.startswith("https://")}) == 98 + 1 - 3 - 3 - 5
    assert [region for region, url in urls if not url] == [
        repr(region)
        for region in (
            AlibabaRegion.EU_EAST_1,
            AlibabaRegion.CN_NORTHEAST_2,
            AlibabaRegion.CN_SOUTHEAST_7,
            BaiduRegion.BEIJING,
            BaiduRegion.HONGKONG,
            BaiduRegion.SINGAPORE,
            BaiduRegion.WUHAN,
            BaiduRegion.SHANGHAI,
        )
    ]
    assert of_region(S3Region.EU_CENTRAL_1).url == "https://s3.eu-central-1.amazonaws.com"
    assert of_region(S3Region.CN_NORTHWEST_1).url == "https://s3.cn-northwest-1.amazonaws.com.cn"
    assert of_region(AlibabaRegion.CN_HANGZHOU).url == "https://s3.oss-cn-hangzhou.aliyuncs.com"
    assert of_region(TencentRegion.AP_SHENZHEN_FSI).url == "https://cos.ap-shenzhen-fsi.myqcloud.com"
    assert of_region(HuaweiRegion.LA_SOUTH_2).url == "https://obs.la-south-2.myhuaweicloud.com"
    assert of_region(BaiduRegion.BAODING).url == "https://s3.bd.bcebos.com"
    assert of_account("contoso").url == "https://contoso.blob.core.windows.net"
    assert of_host("minio.example.com:9000") == ("https://minio.example.com:9000", "us-east-1", True)


# ------------------------------------------------------------------------------------------- the contract


def messy(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly something good, else anything that people may give."""
    anything = st.one_of(
        st.none(), st.booleans(), st.integers(-2, 30), st.floats(), st.text(max_size=8), st.binary(max_size=3),
        st.lists(st.text(max_size=3), max_size=2), st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
        st.sampled_from([ServerSideEncryption.KMS, S3Region.EU_WEST_1, AlibabaRegion.CN_HEYUAN, LATER]),
    )  # fmt: skip
    return st.one_of(good, good, good, good, good, good, anything)


LETTERS = st.text("abcXYZ019", min_size=1, max_size=12)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{1,30}[a-z0-9]", fullmatch=True)
KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30)
PREFIXES = st.one_of(
    st.lists(LETTERS, max_size=9), st.lists(LETTERS, max_size=9).map(tuple), st.lists(LETTERS, max_size=9).map("/".join)
)
ENDS = st.integers(0, 10**9).map(lambda seconds: LATER + timedelta(seconds=seconds))


def region_of(number: str) -> st.SearchStrategy[Any]:
    """A region in one of its forms."""
    kind = REGIONAL[number][1]
    names = [spelling for name in REGIONS[number].values() for spelling in spellings(name)]
    return st.one_of(st.sampled_from(kind), st.sampled_from(names), st.sampled_from([member.value for member in kind]))


def arguments(number: str) -> dict[str, st.SearchStrategy[Any]]:
    """What a vendor's class takes by keyword, all of it good."""
    common = {"prefix": PREFIXES}
    lent = {"session_token": KEYS, "expires_at": st.none() | ENDS}
    opened = {"bucket": NAMES, "access_key": KEYS, "secret_key": KEYS}
    match number:
        case "1":
            sse = st.sampled_from([None, "kms", "aes256", *ServerSideEncryption])
            more: dict[str, Any] = {**opened, **lent, "sse": sse, "tag": st.none() | KEYS}
        case "2":
            more = {**opened, **lent, "tag": st.none() | KEYS}
        case "3":
            more = {**opened, **lent}
        case "5":
            more = {"container": NAMES, "account_name": st.from_regex(r"[a-z0-9]{3,24}", fullmatch=True)}
            more["key"] = st.sampled_from([ACCOUNT_KEY, "AAAA", "AA=="])
        case "6":
            more = {"bucket": NAMES, "hmac_access_key": KEYS, "hmac_secret": KEYS}
        case "11":
            more = {
                **opened,
                "endpoint": st.from_regex(r"[a-z0-9]{1,9}(\.[a-z]{2,5}){1,2}(:[0-9]{1,4})?", fullmatch=True),
            }
        case _:
            more = opened
    return {**common, **more, **({"region": region_of(number)} if number in REGIONAL else {})}


def make_of(number: str) -> Any:
    """A vendor's class."""
    return type(EACH[number])


def contract_takes(sent: Any) -> bool:
    """Whether the client's checker and the emulator both take it."""
    body = {"cname": CNAME, "uid": UID, "clientRequest": {"storageConfig": sent}}
    problem = Contract.shipped(strict=True).problem("StartRequest", body, "mix")
    assert not check(sent, component("StorageConfig")), sent
    assert problem is None
    return True


@pytest.mark.parametrize("number", EACH)
@examples(30)
@given(data=st.data())
def test_what_is_right_is_taken(number: str, data: st.DataObject) -> None:
    """Every good combination makes a storage that the contract and the emulator take, and that says what was given."""
    given_ = data.draw(st.fixed_dictionaries(arguments(number)))
    prefix = given_["prefix"]
    path = prefix if isinstance(prefix, str) else "/".join(prefix)
    if len(path) + 1 > 128:
        assert told(lambda: make_of(number)(**given_))
        return
    storage = make_of(number)(**given_)
    assert contract_takes(storage.to_dict())
    assert "/".join(storage.prefix) == path
    assert storage.bucket == given_.get("bucket", given_.get("container"))


@pytest.mark.parametrize("number", EACH)
@examples(30)
@given(data=st.data())
def test_what_gets_through_is_right(number: str, data: st.DataObject) -> None:
    """Whatever is given: either it is refused here, or the contract and the emulator take what is made of it."""
    given_ = data.draw(st.fixed_dictionaries({name: messy(good) for name, good in arguments(number).items()}))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            storage = make_of(number)(**given_)
    except InvalidRequestError as error:
        assert error.problems  # noqa: PT017
        return
    assert contract_takes(storage.to_dict())
