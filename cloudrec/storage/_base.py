"""`Storage`: what the storages of all vendors share."""

import copy
import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, NoReturn, TypeVar

from cloudrec_api.models.storage_vendor import StorageVendor

from .._contract.checker import check
from .._contract.document import component
from .._contract.frames import discreet, steps_to_the_caller
from .._contract.redact import HIDDEN
from .._contract.rule_texts import LISTED_VALUE, PATTERN, RANGE, REQUIRED, TYPE
from .._contract.storage_rules import ADDRESS, may_be_key, vendor_problems
from .._contract.written import renamed
from ..errors import ConfigurationError, InvalidRequestError, Problem
from ._diagnosis import StorageCheck, no_endpoint
from ._endpoints import Place, elsewhere, of_region
from ._regions import StorageRegion, find, shown as shown_region

# The provider asks for tokens that are issued for 4 hours at least. One that was issued a moment ago is such a one.
_LEAST_LIFE = timedelta(hours=4) - timedelta(minutes=5)
# Seconds that a request of a check may take at most; far above that, clocks and sockets cannot count.
_LONGEST = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@discreet
class Storage:
    """The bucket that recordings go to, and what opens it. Base of the vendors' classes; make one of those.

    A value cannot be changed, equals every other that says the same, and shows no secret. It stands wherever a call
    takes ``storage_config``.
    """

    __slots__ = ("_wire",)

    vendor: ClassVar[StorageVendor]
    """Whose storage it is."""
    _vendor: ClassVar[str]
    _region_kind: ClassVar[type[StorageRegion] | None] = None
    _instead_of_policy: ClassVar[str] = ""
    # Names of fields on the wire, and of the arguments that they are given by.
    _WRITTEN: ClassVar[Mapping[str, str]] = {
        "bucket": "bucket",
        "accessKey": "access_key",
        "secretKey": "secret_key",
        "fileNamePrefix": "prefix",
        "stsToken": "session_token",
        "extensionParams.endpoint": "endpoint",
        "extensionParams.sse": "sse",
        "extensionParams.tag": "tag",
    }
    _wire: dict[str, Any]

    def __init_subclass__(cls) -> None:
        discreet(cls)

    def __init__(self) -> None:
        raise TypeError("Storage is the base of S3, AlibabaOSS and so on: make one of those")

    def _keep(
        self,
        bucket: object,
        access_key: object,
        secret_key: object,
        prefix: object,
        *,
        region: object = None,
        session_token: object = None,
        expires_at: object = None,
        **extension: object,
    ) -> None:
        """Checks all of it, and keeps it in the form that is sent.

        Raises:
            InvalidRequestError: any of it breaks rules.
        """
        problems: list[Problem] = []
        wire: dict[str, Any] = {
            "vendor": self.vendor.value,
            "region": self._number(region, problems),
            "bucket": bucket,
            "accessKey": access_key,
            "secretKey": secret_key,
        }
        optional = {
            "stsToken": session_token,
            "stsExpiration": self._expiration(session_token, expires_at, problems),
            "fileNamePrefix": _folders(prefix, problems),
            "extensionParams": {name: value for name, value in extension.items() if value is not None},
        }
        wire |= {name: value for name, value in optional.items() if value is not None and value not in ([], {})}
        problems += self._contract_problems(wire)
        # A field is told of once.
        told = {problem.field for problem in problems}
        problems += [problem for problem in self._vendor_problems(wire) if problem.field not in told]
        if problems:
            raise InvalidRequestError.of(type(self).__name__, problems)
        object.__setattr__(self, "_wire", wire)

    def _number(self, region: object, problems: list[Problem]) -> int:
        if self._region_kind is None:
            return 0
        found = find(self._region_kind, self._vendor, region)
        if isinstance(found, str):
            problems.append(Problem("region", shown_region(region), found, LISTED_VALUE))
            # Any right one stands in for it while the rest is checked.
            return min(self._region_kind).value
        return found.value

    @staticmethod
    def _expiration(session_token: object, expires_at: object, problems: list[Problem]) -> int | None:
        """The end of the token, as it is sent."""
        if expires_at is None:
            return None
        try:
            ends = expires_at.astimezone(UTC) if isinstance(expires_at, datetime) and expires_at.tzinfo else None
        except OverflowError:
            ends = None
        told = expires_at.isoformat() if isinstance(expires_at, datetime) else f"of type {type(expires_at).__name__}"
        if ends is None:
            problems.append(
                Problem("expires_at", told, "must be a datetime with a time zone, up to the year 9999", TYPE)
            )
            return None
        left = ends - datetime.now(UTC)
        if session_token is None:
            problems.append(
                Problem("session_token", "missing", "is required with expires_at, which is the end of it", REQUIRED)
            )
            return None
        # Whether it has ended is looked at when it is sent, by the client's clock.
        if timedelta() < left < _LEAST_LIFE:
            minutes = left // timedelta(minutes=1)
            warnings.warn(
                f"session_token ends in {minutes // 60} h {minutes % 60} min; the provider asks for tokens that are "
                "issued for 4 hours at least, and for a new one every hour",
                stacklevel=steps_to_the_caller(),
            )
        return (ends - _EPOCH) // timedelta(seconds=1)

    def _contract_problems(self, wire: Mapping[str, Any]) -> list[Problem]:
        """What the contract says, of the arguments by their own names."""
        found = [
            renamed(problem, lambda field: self._argument(field.rpartition(".")[2]), problem.argument)
            for problem in check(wire, component("StorageConfig"))
        ]
        extension = {f"extensionParams.{name}": value for name, value in wire.get("extensionParams", {}).items()}
        return [
            problem._replace(
                field=self._argument(problem.field),
                value=HIDDEN if _is_to_hide(extension.get(problem.field), wire) else problem.value,
            )
            for problem in found
        ]

    def _vendor_problems(self, wire: Mapping[str, Any]) -> list[Problem]:
        return [problem._replace(field=self._argument(problem.field)) for problem in vendor_problems(wire)]

    def _argument(self, field: str) -> str:
        name, bracket, place = field.partition("[")
        return self._WRITTEN.get(name, name) + bracket + place

    @property
    def bucket(self) -> str:
        """Name of the bucket. For Azure, of the container."""
        name: str = self._wire["bucket"]
        return name

    @property
    def region(self) -> StorageRegion | None:
        """The bucket's region; None for vendors of which the service asks none."""
        return None if self._region_kind is None else self._region_kind(self._wire["region"])

    @property
    def prefix(self) -> tuple[str, ...]:
        """Folders that the files go into, outermost first."""
        return tuple(self._wire.get("fileNamePrefix", ()))

    @property
    def expires_at(self) -> datetime | None:
        """When the session token ends, in UTC and whole seconds; None where there is none or its end is not known."""
        ends = self._wire.get("stsExpiration")
        return None if ends is None else _EPOCH + timedelta(seconds=ends)

    def to_dict(self) -> dict[str, Any]:
        """The ``storageConfig`` that is sent. It holds the keys."""
        return copy.deepcopy(self._wire)

    def check(self, *, endpoint: str | None = None, timeout: float = 10.0) -> StorageCheck:
        """Whether recordings can be written: writes, reads and deletes a small object below the prefix.

        A wrong storage is not refused by the service: the recording runs, and nothing arrives. Needs the extra
        ``cloudrec[storage]``. What the check finds holds for this machine: a policy that looks at where requests come
        from may treat the recorder otherwise.

        Args:
            endpoint: Address to ask instead of the vendor's public one, such as that of a VPC endpoint:
                ``https://s3.example.com``.
            timeout: Seconds that each of the three requests may take, at most 86,400. 10 by default.

        Returns:
            What was done. That the object could not be read or deleted is a remark there, since recordings do not need
            it: the policy of :meth:`policy` allows neither.

        Raises:
            StorageCheckError: recordings cannot be written; its ``problem`` says why.
            InvalidRequestError: an argument is wrong.
            ConfigurationError: the extra is not installed.
        """
        from ._preflight import check as check_storage

        within = _seconds(timeout)
        return check_storage(self._wire, self._asked(endpoint), within)

    async def acheck(self, *, endpoint: str | None = None, timeout: float = 10.0) -> StorageCheck:
        """As :meth:`check`, for asyncio and trio. Cancelled, it first takes away what it wrote."""
        from anyio import to_thread

        return await to_thread.run_sync(partial(self.check, endpoint=endpoint, timeout=timeout))

    def policy(self, *, with_check: bool = False) -> str:
        """The least that the key's owner must be allowed, as JSON for the vendor's console: writing below the prefix.

        Args:
            with_check: Also allow to read and delete what :meth:`check` writes, and nothing else. Off by default.

        Raises:
            ConfigurationError: the vendor has no such policies. The message says what there is instead.
        """
        raise ConfigurationError(f"policy: {self._instead_of_policy}")

    def _asked(self, endpoint: object) -> Place:
        """Where a check goes."""
        usual = self._place()
        if endpoint is not None:
            try:
                if isinstance(endpoint, str) and ADDRESS.is_kept_by(endpoint):
                    return elsewhere(endpoint, usual)
            except ValueError:  # brackets around what is no address
                pass
            # It is not shown: a password may be in it.
            raise InvalidRequestError.of("check", [Problem("endpoint", HIDDEN, ADDRESS.words, PATTERN)])
        if not usual.url:
            raise no_endpoint(f"{self._vendor} in {usual.region}")
        return usual

    def _place(self) -> Place:
        """Where the vendor says that the bucket is."""
        return of_region(self.region)

    @property
    def _folder(self) -> str:
        return "".join(f"{part}/" for part in self.prefix)

    def __repr__(self) -> str:
        told = (f"{name}={value!r}" for name, value in self._shown_arguments().items())
        return f"{type(self).__name__}({', '.join(told)})"

    def _shown_arguments(self) -> dict[str, Any]:
        wire, names = self._wire, self._WRITTEN
        region, prefix, ends = self.region, self.prefix, self.expires_at
        return {
            names["bucket"]: self.bucket,
            **({"region": region.spelling} if region is not None else {}),
            names["accessKey"]: HIDDEN,
            names["secretKey"]: HIDDEN,
            **({"prefix": prefix} if prefix else {}),
            **({"session_token": HIDDEN} if "stsToken" in wire else {}),
            **({"expires_at": ends} if ends else {}),
            **{
                name: HIDDEN if name != "endpoint" and _is_to_hide(value, wire) else value
                for name, value in wire.get("extensionParams", {}).items()
            },
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Storage):
            return NotImplemented
        return type(self) is type(other) and self._wire == other._wire

    def __hash__(self) -> int:
        return hash((type(self), repr(self._wire)))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed; make another")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed; make another")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self._wire)


def _is_to_hide(value: object, wire: Mapping[str, Any]) -> bool:
    """Whether what is no secret by its place is one of the keys, or may be some other."""
    keys = (wire["accessKey"], wire["secretKey"], wire.get("stsToken"))
    return isinstance(value, str) and value != "" and (value in keys or may_be_key(value))


def _seconds(timeout: object) -> float:
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool) and 0 < timeout <= _LONGEST:
        return float(timeout)
    told = f"of type {type(timeout).__name__}"
    if isinstance(timeout, (int, float)):
        told = repr(timeout) if abs(timeout) <= _LONGEST else "a number out of range"
    rule = f"must be a number of seconds above 0, and at most {_LONGEST}"
    raise InvalidRequestError.of("check", [Problem("timeout", told, rule, RANGE)])


K = TypeVar("K", bound=Storage)


def _restored(kind: type[K], wire: dict[str, Any]) -> K:
    """A value that was checked when it was made; a session token may have ended since."""
    made = kind.__new__(kind)
    object.__setattr__(made, "_wire", wire)
    return made


def _folders(prefix: object, problems: list[Problem]) -> list[object]:
    """The folders of a prefix that was written as a path, or one by one."""
    if isinstance(prefix, str):
        path = prefix.strip("/")
        return [*path.split("/")] if path else []
    if isinstance(prefix, Sequence) and not isinstance(prefix, (bytes, bytearray)):
        return list(prefix)
    problems.append(
        Problem(
            "prefix", f"of type {type(prefix).__name__}", "must be folders, as ('lessons', '42') or 'lessons/42'", TYPE
        )
    )
    return []
