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
    US_EAST_2 = auto()
    US_WEST_1 = auto()
    US_WEST_2 = auto()
    EU_WEST_1 = auto()
    EU_WEST_2 = auto()
    EU_WEST_3 = auto()
    EU_CENTRAL_1 = auto()
    AP_SOUTHEAST_1 = auto()
    AP_SOUTHEAST_2 = auto()
    AP_NORTHEAST_1 = auto()
    AP_NORTHEAST_2 = auto()
    SA_EAST_1 = auto()
    CA_CENTRAL_1 = auto()
    AP_SOUTH_1 = auto()
    CN_NORTH_1 = auto()
    CN_NORTHWEST_1 = auto()
    AF_SOUTH_1 = auto()
    AP_EAST_1 = auto()
    AP_NORTHEAST_3 = auto()
    EU_NORTH_1 = auto()
    ME_SOUTH_1 = auto()
    AP_SOUTHEAST_3 = auto()
    EU_SOUTH_1 = auto()


class AlibabaRegion(StorageRegion):
    """Regions of Alibaba Cloud OSS."""

    _generate_next_value_ = staticmethod(_numbered(2))  # type: ignore[assignment]  # names of its arguments

    CN_HANGZHOU = auto()
    CN_SHANGHAI = auto()
    CN_QINGDAO = auto()
    CN_BEIJING = auto()
    CN_ZHANGJIAKOU = auto()
    CN_HUHEHAOTE = auto()
    CN_SHENZHEN = auto()
    CN_HONGKONG = auto()
    US_WEST_1 = auto()
    US_EAST_1 = auto()
    AP_SOUTHEAST_1 = auto()
    AP_SOUTHEAST_2 = auto()
    AP_SOUTHEAST_3 = auto()
    AP_SOUTHEAST_5 = auto()
    AP_NORTHEAST_1 = auto()
    AP_SOUTH_1 = auto()
    EU_CENTRAL_1 = auto()
    EU_WEST_1 = auto()
    EU_EAST_1 = auto()
    AP_SOUTHEAST_6 = auto()
    CN_HEYUAN = auto()
    CN_GUANGZHOU = auto()
    CN_CHENGDU = auto()
    CN_NANJING = auto()
    CN_FUZHOU = auto()
    CN_WULANCHABU = auto()
    CN_NORTHEAST_2 = auto()
    CN_SOUTHEAST_7 = auto()
    # As the Chinese pages call the two before.
    AP_NORTHEAST_2 = auto()
    AP_SOUTHEAST_7 = auto()


class TencentRegion(StorageRegion):
    """Regions of Tencent Cloud COS."""

    _generate_next_value_ = staticmethod(_numbered(3))  # type: ignore[assignment]  # names of its arguments

    AP_BEIJING_1 = auto()
    AP_BEIJING = auto()
    AP_SHANGHAI = auto()
    AP_GUANGZHOU = auto()
    AP_CHENGDU = auto()
    AP_CHONGQING = auto()
    AP_SHENZHEN_FSI = auto()
    AP_SHANGHAI_FSI = auto()
    AP_BEIJING_FSI = auto()
    AP_HONGKONG = auto()
    AP_SINGAPORE = auto()
    AP_MUMBAI = auto()
    AP_SEOUL = auto()
    AP_BANGKOK = auto()
    AP_TOKYO = auto()
    NA_SILICONVALLEY = auto()
    NA_ASHBURN = auto()
    NA_TORONTO = auto()
    EU_FRANKFURT = auto()
    EU_MOSCOW = auto()


class HuaweiRegion(StorageRegion):
    """Regions of Huawei Cloud OBS."""

    _generate_next_value_ = staticmethod(_numbered(7))  # type: ignore[assignment]  # names of its arguments

    CN_NORTH_1 = auto()
    CN_NORTH_4 = auto()
    CN_EAST_2 = auto()
    CN_EAST_3 = auto()
    CN_SOUTH_1 = auto()
    CN_SOUTHWEST_2 = auto()
    AP_SOUTHEAST_1 = auto()
    AP_SOUTHEAST_2 = auto()
    AP_SOUTHEAST_3 = auto()
    AF_SOUTH_1 = auto()
    SA_ARGENTINA_1 = auto()
    SA_PERU_1 = auto()
    NA_MEXICO_1 = auto()
    SA_BRAZIL_1 = auto()
    LA_SOUTH_2 = auto()
    SA_CHILE_1 = auto()


class BaiduRegion(StorageRegion):
    """Regions of Baidu BOS. Beijing (0) is on an older page of the provider's; the newer one begins at 1."""

    _generate_next_value_ = staticmethod(_numbered(8))  # type: ignore[assignment]  # names of its arguments

    BEIJING = auto()
    BAODING = auto()
    SUZHOU = auto()
    GUANGZHOU = auto()
    HONGKONG = auto()
    SINGAPORE = auto()
    WUHAN = auto()
    SHANGHAI = auto()


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
