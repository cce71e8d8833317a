"""Endpoints: where a bucket is asked, by the rules that its vendor documents.

What no document of the vendor says is not guessed: there is no endpoint then but one that the caller gives.
"""

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from ._regions import BAIDU_CODES, AlibabaRegion, BaiduRegion, HuaweiRegion, S3Region, StorageRegion, TencentRegion

# Names of the service's documents that Alibaba Cloud's list of regions does not have.
_UNLISTED = frozenset({AlibabaRegion.EU_EAST_1, AlibabaRegion.CN_NORTHEAST_2, AlibabaRegion.CN_SOUTHEAST_7})
# Where BOS offers its S3 interface by TLS.
_BAIDU_TLS = frozenset({BaiduRegion.BAODING, BaiduRegion.SUZHOU, BaiduRegion.GUANGZHOU})


class Place(NamedTuple):
    """Where requests go, and what they are signed for."""

    url: str
    """Scheme, host and port; no path."""
    region: str
    """Name of the region that requests are signed for."""
    in_path: bool
    """Whether the bucket is the first part of the path, and not of the host's name."""

    @property
    def host(self) -> str:
        """The host's name alone."""
        return urlsplit(self.url).hostname or ""


def of_region(region: StorageRegion | None) -> Place:
    """The place of a region's buckets; one without a URL where the vendor documents none."""
    name = region.spelling if region is not None else ""
    match region:
        case S3Region():
            # China is a partition of its own.
            return Place(f"https://s3.{name}.amazonaws.com{'.cn' * name.startswith('cn-')}", name, in_path=True)
        case AlibabaRegion():
            url = "" if region in _UNLISTED else f"https://s3.oss-{name}.aliyuncs.com"
            return Place(url, name, in_path=False)
        case TencentRegion():
            return Place(f"https://cos.{name}.myqcloud.com", name, in_path=False)
        case HuaweiRegion():
            return Place(f"https://obs.{name}.myhuaweicloud.com", name, in_path=False)
        case BaiduRegion():
            code = BAIDU_CODES.get(region, name)
            return Place(f"https://s3.{code}.bcebos.com" if region in _BAIDU_TLS else "", code, in_path=True)
    return Place("", name, in_path=True)


GOOGLE = Place("https://storage.googleapis.com", "auto", in_path=True)


def of_host(host: str) -> Place:
    """The place of S3-compatible storage. What reads no region from a signature mostly goes by the first of S3's."""
    return Place(f"https://{host}", S3Region.US_EAST_1.spelling, in_path=True)


def of_account(account: str) -> Place:
    """The place of an Azure storage account."""
    return Place(f"https://{account}.blob.core.windows.net", "", in_path=True)


def elsewhere(url: str, usual: Place) -> Place:
    """The place that the caller names, instead of the usual one."""
    place = usual._replace(url=url.rstrip("/"))
    # No name can be put before an address.
    return place._replace(in_path=True) if _is_address(place.host) else place


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True
