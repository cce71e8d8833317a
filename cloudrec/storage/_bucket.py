"""Bucket: the three things that a check does with one, by means of obstore.

obstore speaks to S3, to everything like it, and to Azure. What it would take from the environment is given here, since
keys, tokens and endpoints of somebody else may stand there; only what it cannot be told to leave out is not
(AWS_SERVER_SIDE_ENCRYPTION and AWS_CHECKSUM_ALGORITHM, names of its own).
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http.client import HTTPException
from socket import gaierror, getaddrinfo
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener, getproxies

from .._version import __version__
from ..errors import ConfigurationError
from ._diagnosis import Answer, answer
from ._endpoints import Place

if TYPE_CHECKING:
    from obstore.store import (
        AzureAccessKey,
        AzureStore,
        ClientConfig,
        RetryConfig,
        S3Config,
        S3Credential,
        S3Store,
    )

T = TypeVar("T")

_AMAZON, _AZURE, _COMPATIBLE = 1, 5, 11
_ENCRYPTIONS = {"kms": "aws:kms", "aes256": "AES256"}
# One more try, soon: a storage that is busy says so, and nobody wants to wait long for a check.
_RETRY: "RetryConfig" = {"max_retries": 1, "backoff": {"init_backoff": timedelta(milliseconds=100)}}


class Bucket:
    """A bucket at a place, and what opens it, in the form that it has on the wire.

    What the storage refuses is returned, not raised.

    Raises:
        ConfigurationError: obstore is not installed.
    """

    def __init__(self, wire: Mapping[str, Any], place: Place, timeout: float) -> None:
        try:
            import obstore
        except ModuleNotFoundError as missing:
            if missing.name != "obstore":
                raise
            raise ConfigurationError(
                "check: obstore, which writes to the storage, is not installed: pip install 'cloudrec[storage]'"
            ) from None
        self.place: Place = place
        self._library = obstore
        self._wire = wire
        self._vendor: int = wire["vendor"]
        self._extension: Mapping[str, Any] = wire.get("extensionParams", {})
        self._timeout = timeout

    def write(self, key: str, content: bytes) -> Answer | None:
        """Puts an object there, encrypted and tagged where recordings are."""
        refused = self._write(key, content)
        if refused and refused.region and self._vendor == _COMPATIBLE:
            # It reads the region from the signature, and says which it wants.
            self.place = self.place._replace(region=refused.region)
            refused = self._write(key, content)
        return refused

    def _write(self, key: str, content: bytes) -> Answer | None:
        # The right to set tags is the same for all of them; how the service names its tag is not documented.
        tags = {"cloudrec": "check"} if self._vendor == _AMAZON and "tag" in self._extension else None
        done = self._try(lambda store: self._library.put(store, key, content, tags=tags, use_multipart=False))
        return done if isinstance(done, Answer) else None

    def read(self, key: str) -> bytes | Answer:
        """What an object holds."""
        return self._try(lambda store: bytes(self._library.get(store, key).bytes()))

    def delete(self, key: str) -> Answer | None:
        """Takes an object away; one that is not there is as good as that."""
        done = self._try(lambda store: self._library.delete(store, key))
        return done if isinstance(done, Answer) and not done.is_missing else None

    @property
    def host(self) -> str:
        """Name of the host that is asked."""
        return self.place.host if self.place.in_path else f"{self._wire['bucket']}.{self.place.host}"

    def has_address(self) -> bool:
        """Whether the host's name can be looked up; where a proxy does that, nobody here knows."""
        if getproxies().keys() - {"no"}:
            return True
        try:
            getaddrinfo(self.host, None)
        except (gaierror, UnicodeError):
            return False
        return True

    def region(self) -> str | None:
        """Where Amazon says that the bucket is. It tells anybody, in a header, which obstore does not show."""
        request = Request(f"{self.place.url}/{self._wire['bucket']}", method="HEAD")
        try:
            with build_opener(_Staying).open(request, timeout=self._timeout) as response:
                headers = response.headers
        except HTTPError as error:
            with error:
                headers = error.headers
        except (OSError, HTTPException, ValueError):
            return None
        region: str | None = headers.get("x-amz-bucket-region")
        return region

    def _try(self, use: "Callable[[AzureStore | S3Store], T]") -> T | Answer:
        try:
            return use(self._azure() if self._vendor == _AZURE else self._s3())
        except BaseException as error:  # obstore's own, and built-in ones in the place of some
            # A panic of Rust's is no Exception; Ctrl-C and cancellation are none either, and go on.
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                return answer(error)
            raise

    def _s3(self) -> "S3Store":
        from obstore.store import S3Store

        wire, place = self._wire, self.place
        scheme, _, host = place.url.partition("://")
        url = place.url if place.in_path else f"{scheme}://{wire['bucket']}.{host}"
        config: S3Config = {
            "endpoint": url,
            "aws_endpoint_url_s3": url,
            "region": place.region,
            "virtual_hosted_style_request": not place.in_path,
            "disable_bulk_delete": True,
            "disable_tagging": False,
            "request_payer": False,
            "s3_express": False,
            "skip_signature": False,
            "unsigned_payload": False,
        }
        if "sse" in self._extension:
            config["server_side_encryption"] = _ENCRYPTIONS[self._extension["sse"]]

        # Were they among the settings, a token of the environment would be added to them.
        def credentials() -> "S3Credential":
            return {
                "access_key_id": wire["accessKey"],
                "secret_access_key": wire["secretKey"],
                "token": wire.get("stsToken"),
                "expires_at": None,
            }

        return S3Store(
            wire["bucket"],
            config=config,
            credential_provider=credentials,
            client_options=self._options,
            retry_config=_RETRY,
        )

    def _azure(self) -> "AzureStore":
        from obstore.store import AzureStore

        wire = self._wire

        def credentials() -> "AzureAccessKey":
            return {"access_key": wire["secretKey"], "expires_at": None}

        return AzureStore(
            wire["bucket"],
            config={
                "endpoint": self.place.url,
                "account_name": wire["accessKey"],
                "disable_tagging": False,
                "skip_signature": False,
                "use_emulator": False,
                "use_fabric_endpoint": False,
            },
            credential_provider=credentials,
            client_options=self._options,
            retry_config=_RETRY,
        )

    @property
    def _options(self) -> "ClientConfig":
        within = timedelta(seconds=self._timeout)
        return {
            "allow_http": self.place.url.startswith("http://"),
            "connect_timeout": within,
            "timeout": within,
            "user_agent": f"cloudrec/{__version__}",
        }


class _Staying(HTTPRedirectHandler):
    """Goes nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None
