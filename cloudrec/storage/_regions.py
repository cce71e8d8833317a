"""Regions of the vendors, by the names that these give them.

Which regions there are, and which number each has, stands in the contract. Their names are written here once more, for
editors and type checkers to know: a name without a number in the contract fails at import, a number without a name in a
test.
"""

from collections.abc import Callable
from difflib import get_close_matches
from enum import Enum, IntEnum, auto
from typing import TypeVar

from .._contract.document import component


def _numbered(vendor: int) -> Callable[[str, int, int, list[int]], int]:
    """What ``auto()`` stands for among a vendor's regions: the number that the contract gives to the name."""
    schema = component("StorageConfig")
    numbers = {name.upper(): int(number) for number, name in schema["x-regions"][str(vendor)].items()}
    numbers |= {name.upper(): number for name, number in schema["x-region-aliases"].get(str(vendor), {}).items()}

    def number(name: str, _start: int, _count: int, _last: list[int], /) -> int:
        return numbers[name]

    return number


class StorageRegion(IntEnum):
    """A region of a vendor. Its value is the number that the service knows it by."""

    @property
    def spelling(self) -> str:
        """As the vendor writes it, in small letters: ``eu-central-1``."""
        return self.name.lower().replace("_", "-")


class S3Region(StorageRegion):
    """Regions of Amazon S3."""

    _generate_next_value_ = staticmethod(_numbered(1))  # type: ignore[assignment]  # names of its arguments

    US_EAST_1 = auto()
    """``us-east-1``, number 0 of the service."""
    US_EAST_2 = auto()
    """``us-east-2``, number 1 of the service."""
    US_WEST_1 = auto()
    """``us-west-1``, number 2 of the service."""
    US_WEST_2 = auto()
    """``us-west-2``, number 3 of the service."""
    EU_WEST_1 = auto()
    """``eu-west-1``, number 4 of the service."""
    EU_WEST_2 = auto()
    """``eu-west-2``, number 5 of the service."""
    EU_WEST_3 = auto()
    """``eu-west-3``, number 6 of the service."""
    EU_CENTRAL_1 = auto()
    """``eu-central-1``, number 7 of the service."""
    AP_SOUTHEAST_1 = auto()
    """``ap-southeast-1``, number 8 of the service."""
    AP_SOUTHEAST_2 = auto()
    """``ap-southeast-2``, number 9 of the service."""
    AP_NORTHEAST_1 = auto()
    """``ap-northeast-1``, number 10 of the service."""
    AP_NORTHEAST_2 = auto()
    """``ap-northeast-2``, number 11 of the service."""
    SA_EAST_1 = auto()
    """``sa-east-1``, number 12 of the service."""
    CA_CENTRAL_1 = auto()
    """``ca-central-1``, number 13 of the service."""
    AP_SOUTH_1 = auto()
    """``ap-south-1``, number 14 of the service."""
    CN_NORTH_1 = auto()
    """``cn-north-1``, number 15 of the service."""
    CN_NORTHWEST_1 = auto()
    """``cn-northwest-1``, number 16 of the service."""
    AF_SOUTH_1 = auto()
    """``af-south-1``, number 18 of the service."""
    AP_EAST_1 = auto()
    """``ap-east-1``, number 19 of the service."""
    AP_NORTHEAST_3 = auto()
    """``ap-northeast-3``, number 20 of the service."""
    EU_NORTH_1 = auto()
    """``eu-north-1``, number 21 of the service."""
    ME_SOUTH_1 = auto()
    """``me-south-1``, number 22 of the service."""
    AP_SOUTHEAST_3 = auto()
    """``ap-southeast-3``, number 24 of the service."""
    EU_SOUTH_1 = auto()
    """``eu-south-1``, number 25 of the service."""


class AlibabaRegion(StorageRegion):
    """Regions of Alibaba Cloud OSS."""

    _generate_next_value_ = staticmethod(_numbered(2))  # type: ignore[assignment]  # names of its arguments

    CN_HANGZHOU = auto()
    """``cn-hangzhou``, number 0 of the service."""
    CN_SHANGHAI = auto()
    """``cn-shanghai``, number 1 of the service."""
    CN_QINGDAO = auto()
    """``cn-qingdao``, number 2 of the service."""
    CN_BEIJING = auto()
    """``cn-beijing``, number 3 of the service."""
    CN_ZHANGJIAKOU = auto()
    """``cn-zhangjiakou``, number 4 of the service."""
    CN_HUHEHAOTE = auto()
    """``cn-huhehaote``, number 5 of the service."""
    CN_SHENZHEN = auto()
    """``cn-shenzhen``, number 6 of the service."""
    CN_HONGKONG = auto()
    """``cn-hongkong``, number 7 of the service."""
    US_WEST_1 = auto()
    """``us-west-1``, number 8 of the service."""
    US_EAST_1 = auto()
    """``us-east-1``, number 9 of the service."""
    AP_SOUTHEAST_1 = auto()
    """``ap-southeast-1``, number 10 of the service."""
    AP_SOUTHEAST_2 = auto()
    """``ap-southeast-2``, number 11 of the service."""
    AP_SOUTHEAST_3 = auto()
    """``ap-southeast-3``, number 12 of the service."""
    AP_SOUTHEAST_5 = auto()
    """``ap-southeast-5``, number 13 of the service."""
    AP_NORTHEAST_1 = auto()
    """``ap-northeast-1``, number 14 of the service."""
    AP_SOUTH_1 = auto()
    """``ap-south-1``, number 15 of the service."""
    EU_CENTRAL_1 = auto()
    """``eu-central-1``, number 16 of the service."""
    EU_WEST_1 = auto()
    """``eu-west-1``, number 17 of the service."""
    EU_EAST_1 = auto()
    """``eu-east-1``, number 18 of the service."""
    AP_SOUTHEAST_6 = auto()
    """``ap-southeast-6``, number 19 of the service."""
    CN_HEYUAN = auto()
    """``cn-heyuan``, number 20 of the service."""
    CN_GUANGZHOU = auto()
    """``cn-guangzhou``, number 21 of the service."""
    CN_CHENGDU = auto()
    """``cn-chengdu``, number 22 of the service."""
    CN_NANJING = auto()
    """``cn-nanjing``, number 23 of the service."""
    CN_FUZHOU = auto()
    """``cn-fuzhou``, number 24 of the service."""
    CN_WULANCHABU = auto()
    """``cn-wulanchabu``, number 25 of the service."""
    CN_NORTHEAST_2 = auto()
    """``cn-northeast-2``, number 26 of the service."""
    CN_SOUTHEAST_7 = auto()
    """``cn-southeast-7``, number 27 of the service."""
    # As the Chinese pages call the two before.
    AP_NORTHEAST_2 = auto()
    """``ap-northeast-2``, number 26 of the service."""
    AP_SOUTHEAST_7 = auto()
    """``ap-southeast-7``, number 27 of the service."""


class TencentRegion(StorageRegion):
    """Regions of Tencent Cloud COS."""

    _generate_next_value_ = staticmethod(_numbered(3))  # type: ignore[assignment]  # names of its arguments

    AP_BEIJING_1 = auto()
    """``ap-beijing-1``, number 0 of the service."""
    AP_BEIJING = auto()
    """``ap-beijing``, number 1 of the service."""
    AP_SHANGHAI = auto()
    """``ap-shanghai``, number 2 of the service."""
    AP_GUANGZHOU = auto()
    """``ap-guangzhou``, number 3 of the service."""
    AP_CHENGDU = auto()
    """``ap-chengdu``, number 4 of the service."""
    AP_CHONGQING = auto()
    """``ap-chongqing``, number 5 of the service."""
    AP_SHENZHEN_FSI = auto()
    """``ap-shenzhen-fsi``, number 6 of the service."""
    AP_SHANGHAI_FSI = auto()
    """``ap-shanghai-fsi``, number 7 of the service."""
    AP_BEIJING_FSI = auto()
    """``ap-beijing-fsi``, number 8 of the service."""
    AP_HONGKONG = auto()
    """``ap-hongkong``, number 9 of the service."""
    AP_SINGAPORE = auto()
    """``ap-singapore``, number 10 of the service."""
    AP_MUMBAI = auto()
    """``ap-mumbai``, number 11 of the service."""
    AP_SEOUL = auto()
    """``ap-seoul``, number 12 of the service."""
    AP_BANGKOK = auto()
    """``ap-bangkok``, number 13 of the service."""
    AP_TOKYO = auto()
    """``ap-tokyo``, number 14 of the service."""
    NA_SILICONVALLEY = auto()
    """``na-siliconvalley``, number 15 of the service."""
    NA_ASHBURN = auto()
    """``na-ashburn``, number 16 of the service."""
    NA_TORONTO = auto()
    """``na-toronto``, number 17 of the service."""
    EU_FRANKFURT = auto()
    """``eu-frankfurt``, number 18 of the service."""
    EU_MOSCOW = auto()
    """``eu-moscow``, number 19 of the service."""


class HuaweiRegion(StorageRegion):
    """Regions of Huawei Cloud OBS."""

    _generate_next_value_ = staticmethod(_numbered(7))  # type: ignore[assignment]  # names of its arguments

    CN_NORTH_1 = auto()
    """``cn-north-1``, number 0 of the service."""
    CN_NORTH_4 = auto()
    """``cn-north-4``, number 1 of the service."""
    CN_EAST_2 = auto()
    """``cn-east-2``, number 2 of the service."""
    CN_EAST_3 = auto()
    """``cn-east-3``, number 3 of the service."""
    CN_SOUTH_1 = auto()
    """``cn-south-1``, number 4 of the service."""
    CN_SOUTHWEST_2 = auto()
    """``cn-southwest-2``, number 5 of the service."""
    AP_SOUTHEAST_1 = auto()
    """``ap-southeast-1``, number 6 of the service."""
    AP_SOUTHEAST_2 = auto()
    """``ap-southeast-2``, number 7 of the service."""
    AP_SOUTHEAST_3 = auto()
    """``ap-southeast-3``, number 8 of the service."""
    AF_SOUTH_1 = auto()
    """``af-south-1``, number 9 of the service."""
    SA_ARGENTINA_1 = auto()
    """``sa-argentina-1``, number 10 of the service."""
    SA_PERU_1 = auto()
    """``sa-peru-1``, number 11 of the service."""
    NA_MEXICO_1 = auto()
    """``na-mexico-1``, number 12 of the service."""
    SA_BRAZIL_1 = auto()
    """``sa-brazil-1``, number 13 of the service."""
    LA_SOUTH_2 = auto()
    """``la-south-2``, number 14 of the service."""
    SA_CHILE_1 = auto()
    """``sa-chile-1``, number 15 of the service."""


class BaiduRegion(StorageRegion):
    """Regions of Baidu BOS. Beijing (0) is on an older page of the provider's; the newer one begins at 1."""

    _generate_next_value_ = staticmethod(_numbered(8))  # type: ignore[assignment]  # names of its arguments

    BEIJING = auto()
    """``beijing``, number 0 of the service."""
    BAODING = auto()
    """``baoding``, number 1 of the service."""
    SUZHOU = auto()
    """``suzhou``, number 2 of the service."""
    GUANGZHOU = auto()
    """``guangzhou``, number 3 of the service."""
    HONGKONG = auto()
    """``hongkong``, number 4 of the service."""
    SINGAPORE = auto()
    """``singapore``, number 5 of the service."""
    WUHAN = auto()
    """``wuhan``, number 6 of the service."""
    SHANGHAI = auto()
    """``shanghai``, number 7 of the service."""


R = TypeVar("R", bound=StorageRegion)

# What the vendors write where the service's documents write the name of a city.
BAIDU_CODES: dict[StorageRegion, str] = {
    BaiduRegion.BEIJING: "bj",
    BaiduRegion.BAODING: "bd",
    BaiduRegion.SUZHOU: "su",
    BaiduRegion.GUANGZHOU: "gz",
    BaiduRegion.HONGKONG: "hkg",
    BaiduRegion.WUHAN: "fwh",
}
# Longer than any name of a region, shorter than any key: what is longer may be a key in the wrong place.
_SHOWN = 18
_NEAREST = 3
# No more of a text is compared: that takes time by the square of its length.
_COMPARED = 40


def find(kind: type[R], vendor: str, given: object) -> R | str:
    """The region that is meant; or, in words, what it must be."""
    if isinstance(given, kind):
        return given
    members = list(kind)
    near: list[R] = []
    if isinstance(given, str):
        spellings = _spellings(kind)
        text = given.lower().replace("_", "-")
        if text in spellings:
            return spellings[text]
        near = [spellings[name] for name in get_close_matches(text[:_COMPARED], spellings, _NEAREST)]
    # A member of another vendor's regions is a number to Python, and not the one that is meant.
    elif isinstance(given, int) and not isinstance(given, (bool, Enum)):
        by_number = {member.value: member for member in members}
        if given in by_number:
            return by_number[given]
        near = sorted(sorted(members, key=lambda member: abs(member.value - given))[:_NEAREST])
    told = ", ".join(f"{member.spelling} ({member.value})" for member in dict.fromkeys(near) or members)
    where = "the nearest are" if near else "they are"
    return f"must be a region of {vendor}, by name, number or member of {kind.__name__}; {where} {told}"


def shown(given: object) -> str:
    """What was given for a region, as far as it cannot be a secret."""
    if isinstance(given, str) and len(given) > _SHOWN:
        return f"a string of {len(given)} characters"
    # Python does not write whole numbers of thousands of digits.
    is_short = isinstance(given, str) or (isinstance(given, int) and given.bit_length() <= 64)
    return repr(given) if is_short else f"of type {type(given).__name__}"


def _spellings(kind: type[R]) -> dict[str, R]:
    names = {name.lower().replace("_", "-"): member for name, member in kind.__members__.items()}
    if kind is AlibabaRegion:
        names |= {f"oss-{name}": member for name, member in names.items()}
    if kind is BaiduRegion:
        names |= {BAIDU_CODES[member]: member for member in kind if member in BAIDU_CODES}
    return names
