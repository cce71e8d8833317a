"""`S3`, `AlibabaOSS` and the others: a class for each vendor."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal, Self

from cloudrec_api.models.server_side_encryption import ServerSideEncryption
from cloudrec_api.models.storage_vendor import StorageVendor

from ._base import Storage
from ._endpoints import GOOGLE, Place, of_account, of_host
from ._policy import for_alibaba, for_huawei, for_s3, for_tencent
from ._regions import AlibabaRegion, BaiduRegion, HuaweiRegion, S3Region, TencentRegion

Prefix = str | Sequence[str]
Encryption = ServerSideEncryption | Literal["aes256", "kms"]


class _Lent(Storage):
    """Storage of vendors whose short-lived credentials the service takes."""

    __slots__ = ()

    def renewed(
        self, access_key: str, secret_key: str, session_token: str | None = None, expires_at: datetime | None = None
    ) -> Self:
        """The same storage with other credentials, for an ``update`` before these end.

        Raises:
            InvalidRequestError: they break rules.
        """
        made = type(self).__new__(type(self))
        made._keep(
            self.bucket,
            access_key,
            secret_key,
            self.prefix,
            region=self.region,
            session_token=session_token,
            expires_at=expires_at,
            **self._wire.get("extensionParams", {}),
        )
        return made


class S3(_Lent):
    """A bucket of Amazon S3.

    >>> S3("lessons", "eu-central-1", "AKIA...", "wJal...", prefix=("lessons", "42"))
    S3(bucket='lessons', region='eu-central-1', access_key='***', secret_key='***', prefix=('lessons', '42'))

    Args:
        bucket: Name of the bucket.
        region: Where it is: ``"eu-central-1"`` in any case and with ``-`` or ``_``, a member of :class:`S3Region`, or
            the service's number for it.
        access_key: Access key ID, with the right to write (see :meth:`policy`).
        secret_key: Secret that belongs to it.
        prefix: Folders to put the files into, as ``("lessons", "42")`` or ``"lessons/42"``: letters a–z and A–Z and
            digits, 128 characters in all, slashes counted. None by default.
        session_token: Token of short-lived credentials (STS), where the keys are such. The provider asks for tokens
            that are issued for 4 hours at least, and for new ones by ``update`` every 60 minutes.
        expires_at: When that token ends, a datetime with a time zone. A token that has ended by the clock of the
            client that sends it is refused. With less than 4 hours to go there is a warning alone: how long it was
            issued for cannot be seen from that.
        sse: Encryption at rest of each file: ``"aes256"`` or ``"kms"``. As the bucket does it by default.
        tag: Tag to put on each file.

    Raises:
        InvalidRequestError: any of it breaks rules; all that do are told.
    """

    __slots__ = ()

    vendor = StorageVendor.AMAZON_S3
    """That of the service for it: ``StorageVendor.AMAZON_S3``."""
    _vendor = "Amazon S3"
    _region_kind = S3Region

    def __init__(
        self,
        bucket: str,
        region: S3Region | str | int,
        access_key: str,
        secret_key: str,
        *,
        prefix: Prefix = (),
        session_token: str | None = None,
        expires_at: datetime | None = None,
        sse: Encryption | None = None,
        tag: str | None = None,
    ) -> None:
        self._keep(
            bucket,
            access_key,
            secret_key,
            prefix,
            region=region,
            session_token=session_token,
            expires_at=expires_at,
            sse=sse.value if isinstance(sse, ServerSideEncryption) else sse,
            tag=tag,
        )

    def policy(self, *, with_check: bool = False) -> str:
        """The least that the key's owner must be allowed, for AWS IAM: writing below the prefix.

        For ``sse="kms"`` with a key of one's own, the use of that key (``kms:GenerateDataKey``, ``kms:Decrypt``) comes
        on top: this value does not know which it is.

        Args:
            with_check: Also allow to read and delete what :meth:`check` writes, and nothing else. Off by default.
        """
        tagged = "tag" in self._wire.get("extensionParams", {})
        return for_s3(self.bucket, self._folder, self.region, tagged=tagged, with_check=with_check)


class AlibabaOSS(_Lent):
    """A bucket of Alibaba Cloud OSS.

    >>> AlibabaOSS("lessons", "cn-hangzhou", "LTAI...", "8kPw...")
    AlibabaOSS(bucket='lessons', region='cn-hangzhou', access_key='***', secret_key='***')

    Args:
        bucket: Name of the bucket.
        region: Where it is: ``"cn-hangzhou"`` or ``"oss-cn-hangzhou"`` in any case and with ``-`` or ``_``, a member of
            :class:`AlibabaRegion`, or the service's number for it.
        access_key: AccessKey ID, with the right to write (see :meth:`policy`).
        secret_key: AccessKey secret that belongs to it.
        prefix: Folders to put the files into; see :class:`S3`.
        session_token: Token of short-lived credentials (STS); see :class:`S3`.
        expires_at: When that token ends; see :class:`S3`.
        tag: Tag to put on each file.

    Raises:
        InvalidRequestError: any of it breaks rules; all that do are told.
    """

    __slots__ = ()

    vendor = StorageVendor.ALIBABA_CLOUD
    """That of the service for it: ``StorageVendor.ALIBABA_CLOUD``."""
    _vendor = "Alibaba Cloud OSS"
    _region_kind = AlibabaRegion

    def __init__(
        self,
        bucket: str,
        region: AlibabaRegion | str | int,
        access_key: str,
        secret_key: str,
        *,
        prefix: Prefix = (),
        session_token: str | None = None,
        expires_at: datetime | None = None,
        tag: str | None = None,
    ) -> None:
        self._keep(
            bucket,
            access_key,
            secret_key,
            prefix,
            region=region,
            session_token=session_token,
            expires_at=expires_at,
            tag=tag,
        )

    def policy(self, *, with_check: bool = False) -> str:
        """The least that the key's owner must be allowed, for RAM: writing below the prefix.

        Args:
            with_check: Also allow to read and delete what :meth:`check` writes, and nothing else. Off by default.
        """
        tagged = "tag" in self._wire.get("extensionParams", {})
        return for_alibaba(self.bucket, self._folder, tagged=tagged, with_check=with_check)


class TencentCOS(_Lent):
    """A bucket of Tencent Cloud COS.

    >>> TencentCOS("lessons-1250000000", "ap-guangzhou", "AKID...", "pZ1x...")
    TencentCOS(bucket='lessons-1250000000', region='ap-guangzhou', access_key='***', secret_key='***')

    Args:
        bucket: Name of the bucket, with the account's APPID at its end, as COS shows it.
        region: Where it is: ``"ap-guangzhou"`` in any case and with ``-`` or ``_``, a member of :class:`TencentRegion`,
            or the service's number for it.
        access_key: SecretId, with the right to write (see :meth:`policy`).
        secret_key: SecretKey that belongs to it.
        prefix: Folders to put the files into; see :class:`S3`.
        session_token: Token of short-lived credentials (STS); see :class:`S3`.
        expires_at: When that token ends; see :class:`S3`.

    Raises:
        InvalidRequestError: any of it breaks rules; all that do are told.
    """

    __slots__ = ()

    vendor = StorageVendor.TENCENT_CLOUD
    """That of the service for it: ``StorageVendor.TENCENT_CLOUD``."""
    _vendor = "Tencent Cloud COS"
    _region_kind = TencentRegion

    def __init__(
        self,
        bucket: str,
        region: TencentRegion | str | int,
        access_key: str,
        secret_key: str,
        *,
        prefix: Prefix = (),
        session_token: str | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        self._keep(
            bucket, access_key, secret_key, prefix, region=region, session_token=session_token, expires_at=expires_at
        )

    def policy(self, *, with_check: bool = False) -> str:
        """The least that the key's owner must be allowed, for CAM: writing below the prefix.

        Args:
            with_check: Also allow to read and delete what :meth:`check` writes, and nothing else. Off by default.

        Raises:
            ConfigurationError: the bucket's name does not end in an APPID, which a policy needs.
        """
        return for_tencent(self.bucket, self._folder, self._place().region, with_check=with_check)


class AzureBlob(Storage):
    """A container of Azure Blob Storage.

    >>> AzureBlob("lessons", "contoso", "Eby8vdM02xNO", prefix="lessons/42")
    AzureBlob(container='lessons', account_name='***', key='***', prefix=('lessons', '42'))

    Args:
        container: Name of the container.
        account_name: Name of the storage account.
        key: One of the account's two keys, in Base64 as the portal shows it.
        prefix: Folders to put the files into; see :class:`S3`.

    Raises:
        InvalidRequestError: any of it breaks rules; all that do are told.
    """

    __slots__ = ()

    vendor = StorageVendor.MICROSOFT_AZURE
    """That of the service for it: ``StorageVendor.MICROSOFT_AZURE``."""
    _vendor = "Azure Blob Storage"
    _WRITTEN: ClassVar[Mapping[str, str]] = {
        **Storage._WRITTEN,
        "bucket": "container",
        "accessKey": "account_name",
        "secretKey": "key",
    }
    _instead_of_policy = (
        "an account's key opens all of the account, so that there is nothing smaller to allow; let recordings have an "
        "account of their own"
    )

    def __init__(self, container: str, account_name: str, key: str, *, prefix: Prefix = ()) -> None:
        self._keep(container, account_name, key, prefix)

    def _place(self) -> Place:
        return of_account(self._wire["accessKey"])


class GoogleCloudStorage(Storage):
    """A bucket of Google Cloud Storage, opened by an HMAC key.

    >>> GoogleCloudStorage("lessons", "GOOG1E...", "bGoa+V7g...")
    GoogleCloudStorage(bucket='lessons', hmac_access_key='***', hmac_secret='***')

    Args:
        bucket: Name of the bucket.
        hmac_access_key: Access ID of an HMAC key (settings of Cloud Storage, interoperability).
        hmac_secret: Secret of that key.
        prefix: Folders to put the files into; see :class:`S3`.

    Raises:
        InvalidRequestError: any of it breaks rules; all that do are told.
    """

    __slots__ = ()

    vendor = StorageVendor.GOOGLE_CLOUD
    """That of the service for it: ``StorageVendor.GOOGLE_CLOUD``."""
    _vendor = "Google Cloud Storage"
    _WRITTEN: ClassVar[Mapping[str, str]] = {
        **Storage._WRITTEN,
        "accessKey": "hmac_access_key",
        "secretKey": "hmac_secret",
    }
    _instead_of_policy = (
        "Google Cloud Storage has roles instead: give the service account of the HMAC key the role Storage Object User "
        "(roles/storage.objectUser) on the bucket; Storage Object Creator does not let files be replaced"
    )

    def __init__(self, bucket: str, hmac_access_key: str, hmac_secret: str, *, prefix: Prefix = ()) -> None:
        self._keep(bucket, hmac_access_key, hmac_secret, prefix)

    def _place(self) -> Place:
        return GOOGLE


class HuaweiOBS(Storage):
    """A bucket of Huawei Cloud OBS.

    >>> HuaweiOBS("lessons", "cn-north-4", "UDSI...", "8kPw...")
    HuaweiOBS(bucket='lessons', region='cn-north-4', access_key='***', secret_key='***')

    Args:
        bucket: Name of the bucket.
        region: Where it is: ``"cn-north-4"`` in any case and with ``-`` or ``_``, a member of :class:`HuaweiRegion`, or
            the service's number for it.
        access_key: Access key ID (AK), with the right to write (see :meth:`policy`).
        secret_key: Secret access key (SK) that belongs to it.
        prefix: Folders to put the files into; see :class:`S3`.

    Raises:
        InvalidRequestError: any of it breaks rules; all that do are told.
    """

    __slots__ = ()

    vendor = StorageVendor.HUAWEI_CLOUD
    """That of the service for it: ``StorageVendor.HUAWEI_CLOUD``."""
    _vendor = "Huawei Cloud OBS"
    _region_kind = HuaweiRegion

    def __init__(
        self, bucket: str, region: HuaweiRegion | str | int, access_key: str, secret_key: str, *, prefix: Prefix = ()
    ) -> None:
        self._keep(bucket, access_key, secret_key, prefix, region=region)

    def policy(self, *, with_check: bool = False) -> str:
        """The least that the key's owner must be allowed, as a custom policy for IAM: writing below the prefix.

        Args:
            with_check: Also allow to read and delete what :meth:`check` writes, and nothing else. Off by default.
        """
        return for_huawei(self.bucket, self._folder, with_check=with_check)


class BaiduBOS(Storage):
    """A bucket of Baidu BOS.

    >>> BaiduBOS("lessons", "su", "0b0f67...", "c9ef1d...")
    BaiduBOS(bucket='lessons', region='suzhou', access_key='***', secret_key='***')

    Args:
        bucket: Name of the bucket.
        region: Where it is: ``"suzhou"`` in any case, Baidu's code for it (``bd``, ``su``, ``gz``, ``hkg``, ``fwh``), a
            member of :class:`BaiduRegion`, or the service's number for it.
        access_key: Access key ID (AK), with the right to write.
        secret_key: Secret access key (SK) that belongs to it.
        prefix: Folders to put the files into; see :class:`S3`.

    Raises:
        InvalidRequestError: any of it breaks rules; all that do are told.
    """

    __slots__ = ()

    vendor = StorageVendor.BAIDU_CLOUD
    """That of the service for it: ``StorageVendor.BAIDU_CLOUD``."""
    _vendor = "Baidu BOS"
    _region_kind = BaiduRegion
    _instead_of_policy = (
        "in Baidu's console, make a custom policy for BOS that allows to write to this bucket, below this prefix"
    )

    def __init__(
        self, bucket: str, region: BaiduRegion | str | int, access_key: str, secret_key: str, *, prefix: Prefix = ()
    ) -> None:
        self._keep(bucket, access_key, secret_key, prefix, region=region)


class S3Compatible(Storage):
    """A bucket of anything that speaks S3: MinIO, Ceph and so on.

    >>> S3Compatible("minio.example.com", "lessons", "access", "secret")
    S3Compatible(endpoint='minio.example.com', bucket='lessons', access_key='***', secret_key='***')

    Args:
        endpoint: Name of the host, without ``https://`` and without a path; the recording service must reach it.
        bucket: Name of the bucket.
        access_key: Access key ID, with the right to write (see :meth:`policy`).
        secret_key: Secret that belongs to it.
        prefix: Folders to put the files into; see :class:`S3`.

    Raises:
        InvalidRequestError: any of it breaks rules; all that do are told.
    """

    __slots__ = ()

    vendor = StorageVendor.S3_COMPATIBLE
    """That of the service for it: ``StorageVendor.S3_COMPATIBLE``."""
    _vendor = "S3-compatible storage"

    def __init__(self, endpoint: str, bucket: str, access_key: str, secret_key: str, *, prefix: Prefix = ()) -> None:
        # None would be left out, as an argument that may be.
        self._keep(bucket, access_key, secret_key, prefix, endpoint=endpoint or "")

    def policy(self, *, with_check: bool = False) -> str:
        """The least that the key's owner must be allowed, in the words of AWS IAM, which most such storage reads.

        Args:
            with_check: Also allow to read and delete what :meth:`check` writes, and nothing else. Off by default.
        """
        return for_s3(self.bucket, self._folder, None, tagged=False, with_check=with_check)

    def _place(self) -> Place:
        return of_host(self._wire["extensionParams"]["endpoint"])

    def _shown_arguments(self) -> dict[str, Any]:
        shown = super()._shown_arguments()
        return {"endpoint": shown.pop("endpoint"), **shown}
