"""`Area`: the regions that the service answers in, and their hosts."""

from enum import Enum


class Area(Enum):
    """Part of the world whose hosts are asked first. Choose the one nearest to the caller."""

    US = "US"
    """America: api-us-west-1, then api-us-east-1."""
    EU = "EU"
    """Europe: api-eu-west-1, then api-eu-central-1."""
    AP = "AP"
    """Asia without mainland China: api-ap-southeast-1, then api-ap-northeast-1."""
    CN = "CN"
    """Mainland China: api-cn-east-1, then api-cn-north-1."""

    @property
    def prefixes(self) -> tuple[str, str]:
        """First part of the host names, the primary region's before its neighbour's."""
        return _PREFIXES[self.value]

    @property
    def domains(self) -> tuple[str, str]:
        """The rest of the host names, the one that is near before the other."""
        return ("sd-rtn.com", "agora.io") if self is Area.CN else ("agora.io", "sd-rtn.com")


class CrossRegion(Enum):
    """Part of the world that is reached from anywhere, by a path of one host: ``https://api.sd-rtn.com/{region}``.

    For a caller who is far from where is to be recorded; ``region_affinity`` of acquire goes with it. In the provider's
    Chinese guide alone.
    """

    CN = "cn"
    """Mainland China."""
    EU = "eu"
    """Europe."""
    AP = "ap"
    """Asia without mainland China."""
    US = "us"
    """America."""

    @property
    def base_url(self) -> str:
        """What stands before the paths."""
        return f"https://api.sd-rtn.com/{self.value}"


_PREFIXES = {
    "US": ("api-us-west-1", "api-us-east-1"),
    "EU": ("api-eu-west-1", "api-eu-central-1"),
    "AP": ("api-ap-southeast-1", "api-ap-northeast-1"),
    "CN": ("api-cn-east-1", "api-cn-north-1"),
}
