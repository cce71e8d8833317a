"""`Floating`, `BestFit`, `Vertical` and `Custom`: the four kinds of layout."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self, cast

from attrs import evolve, field, fields, frozen

from cloudrec_api.models.mixed_video_layout import MixedVideoLayout
from cloudrec_api.models.render_mode import RenderMode

from .._contract.checker import lying_over
from .._contract.document import component
from .._contract.frames import discreet
from .._contract.redact import hidden_url, shown
from .._contract.rule_texts import COUNT, LISTED_VALUE, OVERLAP, TYPE
from .._contract.wire import Meant, to_wire
from .._contract.written import of_attributes
from ..errors import Problem
from ._arguments import canvas_problems, filled, listed, named_twice, problems_of, refuse, uid_on_wire, written
from ._geometry import Place, Spot, best_fit, floating, vertical
from ._preview import Preview
from ._regions import Background, Region

_SHOWN_AT_MOST = 1000


def _backgrounds(value: Mapping[Any, str] | Iterable[Background | Mapping[str, Any]] | None) -> tuple[Background, ...]:
    if isinstance(value, Mapping):
        # Wire fields for now, so that what is wrong with them is told together with everything else.
        urls: Mapping[Any, Any] = value
        return tuple(cast("Any", {"uid": uid_on_wire(uid), "image_url": url}) for uid, url in urls.items())
    return () if value is None else listed(value)


def _regions(value: Iterable[Region | Mapping[str, Any]]) -> tuple[Region, ...]:
    return listed(value)


@discreet
@frozen(repr=False)
class Layout(ABC):
    """A layout: who is where, and what is seen where nobody is. One of the classes below."""

    background_color: str | None = field(default=None, kw_only=True)
    """Colour of the canvas, `#` and six hexadecimal digits; None: black."""
    background_image: str | None = field(default=None, kw_only=True, repr=hidden_url)
    """URL of a picture for the canvas, scaled and cropped until it is filled."""
    default_user_background_image: str | None = field(default=None, kw_only=True, repr=hidden_url)
    """URL of the picture that stands for a user who has sent no video for 3.5 seconds."""
    user_backgrounds: tuple[Background, ...] = field(default=(), kw_only=True, converter=_backgrounds)
    """Such pictures for single users, which go before the default one."""

    _kind: ClassVar[MixedVideoLayout]
    _WRITTEN: ClassVar[Mapping[str, str]] = {"layoutConfig": "regions", "backgroundConfig": "user_backgrounds"}

    def __attrs_post_init__(self) -> None:
        wire = self.to_dict()
        problems = problems_of(wire, "UpdateLayoutClientRequest")
        if not problems:
            problems = self._finished()
        if problems:
            refuse(type(self).__name__, *of_attributes(problems, self))

    def _finished(self) -> list[Problem]:
        """Makes values of parts that were given as on the wire, and tells what only this kind can have wrong."""
        items: tuple[Any, ...] = self.user_backgrounds
        made = tuple(item if isinstance(item, Background) else Background.from_dict(item) for item in items)
        object.__setattr__(self, "user_backgrounds", made)
        return []

    def to_dict(self) -> dict[str, Any]:
        """The fields as they are on the wire: the same in ``transcodingConfig`` and in an ``updateLayout``."""
        return filled(
            mixedVideoLayout=int(self._kind),
            backgroundColor=self.background_color,
            backgroundImage=self.background_image,
            defaultUserBackgroundImage=self.default_user_background_image,
            backgroundConfig=to_wire(self.user_backgrounds) or None,
        )

    @classmethod
    def from_dict(cls, wire: Mapping[str, Any]) -> Self:
        """The layout that these fields, as they are on the wire, mean.

        Args:
            wire: What an ``updateLayout`` takes as ``clientRequest``, or a whole ``transcodingConfig``, of which size,
                frame rate and bitrate are passed over. Also a generated model of these. ``maxResolutionUid`` is passed
                over where the layout is not vertical, as it means nothing there.

        Raises:
            InvalidRequestError: they mean no layout; or, of a class such as ``Vertical``, another kind.
        """
        given, known = to_wire(wire), component("UpdateLayoutClientRequest")
        if isinstance(given, dict):
            others = component("TranscodingConfig")["properties"].keys() - known["properties"].keys()
            given = {name: value for name, value in given.items() if name not in others}
        if problems := problems_of(given, "UpdateLayoutClientRequest"):
            refuse(cls.__name__, *problems)
        kind = _KINDS[given.get("mixedVideoLayout", MixedVideoLayout.FLOATING)]
        if not issubclass(kind, cls):
            rule = f"must be {cls._kind:d} for a {cls.__name__}; Layout.from_dict takes all kinds"
            refuse(cls.__name__, Problem("mixedVideoLayout", f"{kind._kind:d}", rule, LISTED_VALUE))
        arguments = {
            "background_color": given.get("backgroundColor"),
            "background_image": given.get("backgroundImage"),
            "default_user_background_image": given.get("defaultUserBackgroundImage"),
            "user_backgrounds": given.get("backgroundConfig"),
        }
        return kind(**kind._arguments_of(given), **arguments)

    @classmethod
    def _arguments_of(cls, wire: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments that only this kind of layout takes, from fields as they are on the wire."""
        return {}

    def replace(self, **changes: Any) -> Self:
        """A layout that is the same but for these arguments.

            >>> Floating(background_color="#202020").replace(background_image="https://example.com/wall.jpg")
            Floating(background_color='#202020', background_image='https://example.com/wall.jpg')

        Raises:
            InvalidRequestError: as when it is made anew.
        """
        return evolve(self, **changes)

    def filled_from(self, other: "Layout") -> Self:
        """This layout, with the backgrounds that it leaves open taken from another one: the one in force.

        >>> grid(4).filled_from(Floating(background_color="#202020")).background_color
        '#202020'

        Raises:
            InvalidRequestError: the other one is no layout.
        """
        given: object = other
        if not isinstance(given, Layout):
            refuse("filled_from", Problem("other", f"of type {type(given).__name__}", "must be a layout", TYPE))
        names = [attribute.name for attribute in fields(Layout)]
        return evolve(self, **{name: getattr(self, name) or getattr(other, name) for name in names})

    def preview(
        self, users: int | Iterable[int | str] | None = None, *, width: int = 1280, height: int = 720
    ) -> Preview:
        """Who would be where.

            >>> print(side_by_side(101, 102).preview().ascii(columns=40))
            +-------------------+------------------+
            |                   |                  |
            |                   |                  |
            |                   |                  |
            |                   |                  |
            |        101        |        102       |
            |                   |                  |
            |                   |                  |
            |                   |                  |
            |                   |                  |
            +-------------------+------------------+
            Custom layout, 2 users, 1280 x 720

        For the service's own layouts it goes by the geometry that the provider documents. What is not documented is
        taken to be the plainest: best fit for less than 17 users (the smallest square grid with room for all; two side
        by side), and vertical while the user of the large region is away.

        Args:
            users: Who is in the channel, by user ID in order of joining, none of them twice; or how many there are, 0
                to 1000, of whom those that the layout names come first. By default as many as there are regions, or
                five for the service's own layouts.
            width: Width of the canvas in pixels. 1280 by default.
            height: Height of the canvas in pixels. 720 by default. width × height is at most 1920 × 1080.

        Raises:
            InvalidRequestError: an argument is not that.
        """
        problems = canvas_problems((width, height))
        named = list(dict.fromkeys(self._named))
        present: list[str] = []
        match self._usual if users is None else users:
            case bool():
                problems.append(_user_problem(users))
            case int() as count if 0 <= count <= _SHOWN_AT_MOST:
                present = [*named, *(f"#{number}" for number in range(len(named) + 1, count + 1))][:count]
            case str() | bytes() | Mapping():
                problems.append(_user_problem(users))
            case Iterable() as uids:
                given = [uid_on_wire(uid) for uid in uids]
                found = [
                    problem
                    for place, uid in enumerate(given)
                    for problem in problems_of(uid, "UserUid", f"users[{place}]")
                ]
                problems += found or named_twice("users", cast("list[str]", given))
                present = cast("list[str]", given)
            case _:
                problems.append(_user_problem(users))
        if problems:
            refuse("preview", *problems)
        spots = self._arranged(present)
        seen = [spot for spot in spots if spot.place.width and spot.place.height and spot.alpha]
        there = tuple(spot.user for spot in seen if spot.user is not None)
        people = f"{len(present)} {'user' if len(present) == 1 else 'users'}"
        return Preview(
            title=f"{str(self._kind).replace('_', ' ').capitalize()} layout, {people}",
            canvas=(width, height),
            background_color=self.background_color or "#000000",
            shown=there,
            not_shown=tuple(user for user in present if user not in there),
            absent=tuple(uid for uid in named if uid not in present),
            spots=tuple(seen),
        )

    @property
    def _usual(self) -> int:
        """How many users a preview shows if it is not told."""
        return 5

    @property
    def _named(self) -> list[str]:
        """Users whom the layout speaks of."""
        return []

    @abstractmethod
    def _arranged(self, users: Sequence[str]) -> list[Spot]:
        """Every place with whoever is there, if these users are in the channel, in order of joining."""

    def __repr__(self) -> str:
        return written(self)


def _arranged_in(places: Sequence[Place], users: Sequence[str]) -> list[Spot]:
    return [Spot(place, user) for place, user in zip(places, users, strict=False)]


@discreet
@frozen(repr=False)
class Floating(Layout):
    """The first user fills the canvas, up to 16 others float over it, four a row from the bottom left.

    It is the service's default. Videos are cropped to fill their region.

        >>> Floating(background_color="#202020").to_dict()
        {'mixedVideoLayout': 0, 'backgroundColor': '#202020'}

    Args:
        background_color: Colour of the canvas, `#` and six hexadecimal digits. Black by default.
        background_image: http or https URL of a picture for the canvas, scaled and cropped until it is filled.
        default_user_background_image: http or https URL of the picture that stands for a user who has sent no video
            for 3.5 seconds.
        user_backgrounds: Such pictures for at most 17 single users, which go before the default one: URLs by user ID,
            or a list of :class:`Background`.

    Raises:
        InvalidRequestError: it is not that.
    """

    _kind: ClassVar[MixedVideoLayout] = MixedVideoLayout.FLOATING

    def _arranged(self, users: Sequence[str]) -> list[Spot]:
        return _arranged_in(floating(len(users)), users)


@discreet
@frozen(repr=False)
class BestFit(Layout):
    """Up to 17 users, all in regions of the same size. Videos are cropped to fill theirs.

    Args:
        background_color: See :class:`Floating`.
        background_image: See :class:`Floating`.
        default_user_background_image: See :class:`Floating`.
        user_backgrounds: See :class:`Floating`.

    Raises:
        InvalidRequestError: it is not that.
    """

    _kind: ClassVar[MixedVideoLayout] = MixedVideoLayout.BEST_FIT

    def _arranged(self, users: Sequence[str]) -> list[Spot]:
        return _arranged_in(best_fit(len(users)), users)


@discreet
@frozen(repr=False)
class Vertical(Layout):
    """One user large on the left, the whole of the video; up to 16 others small on the right, cropped.

        >>> Vertical(101).to_dict()
        {'mixedVideoLayout': 2, 'maxResolutionUid': '101'}

    Args:
        max_resolution_uid: Who is large, a whole number from 1 to 4294967295 or that as a string. While that user is
            not in the channel, and with None, the large region shows the background.
        background_color: See :class:`Floating`.
        background_image: See :class:`Floating`.
        default_user_background_image: See :class:`Floating`.
        user_backgrounds: See :class:`Floating`.

    Raises:
        InvalidRequestError: it is not that.
    """

    max_resolution_uid: str | None = field(converter=uid_on_wire)
    """Who is large."""

    _kind: ClassVar[MixedVideoLayout] = MixedVideoLayout.VERTICAL

    def to_dict(self) -> dict[str, Any]:
        """The fields as they are on the wire."""
        return super().to_dict() | filled(maxResolutionUid=self.max_resolution_uid)

    @classmethod
    def _arguments_of(cls, wire: Mapping[str, Any]) -> dict[str, Any]:
        return {"max_resolution_uid": wire.get("maxResolutionUid")}

    @property
    def _named(self) -> list[str]:
        return [] if self.max_resolution_uid is None else [self.max_resolution_uid]

    def _arranged(self, users: Sequence[str]) -> list[Spot]:
        others = [user for user in users if user != self.max_resolution_uid]
        large, small = vertical(len(others))
        there = self.max_resolution_uid if len(others) < len(users) else None
        return [Spot(large, there, self.max_resolution_uid, is_fit=True), *_arranged_in(small, others)]


@discreet
@frozen(repr=False)
class Custom(Layout):
    """Regions of one's own, 1 to 17 of them.

        >>> Custom([Region(101, x=0, y=0, width=1, height=0.5), Region(x=0, y=0.5, width=1, height=0.5)])
        Custom(regions=(Region(uid='101', x=0.0, ...), Region(x=0.0, ...)))

    Args:
        regions: The regions; also as dicts with the fields that they have on the wire. No user may be named twice.
        overlap: Whether regions may overlap. False by default: where they do it is a mistake more often than not. What
            the service then puts on top is not documented; previews have later regions over earlier ones.
        background_color: See :class:`Floating`.
        background_image: See :class:`Floating`.
        default_user_background_image: See :class:`Floating`.
        user_backgrounds: See :class:`Floating`.

    Raises:
        InvalidRequestError: it is not that.
    """

    regions: tuple[Region, ...] = field(converter=_regions)
    """The regions."""
    # A permission, which is not sent: layouts that send the same are equal.
    overlap: bool = field(default=False, kw_only=True, eq=False, converter=bool)
    """Whether regions may overlap."""

    _kind: ClassVar[MixedVideoLayout] = MixedVideoLayout.CUSTOM

    def to_dict(self) -> dict[str, Any]:
        """The fields as they are on the wire."""
        regions = to_wire(self.regions)
        return super().to_dict() | {"layoutConfig": Meant(regions) if self.overlap else regions}

    @classmethod
    def _arguments_of(cls, wire: Mapping[str, Any]) -> dict[str, Any]:
        regions = [Region.from_dict(region) for region in wire["layoutConfig"]]
        return {"regions": regions, "overlap": bool(_overlaps(regions))}

    def _finished(self) -> list[Problem]:
        items: tuple[Any, ...] = self.regions
        made = tuple(item if isinstance(item, Region) else Region.from_dict(item) for item in items)
        object.__setattr__(self, "regions", made)
        told = [] if self.overlap else _overlaps(made).items()
        rule = "must not lie over layoutConfig[%d], unless that is meant: overlap=True"
        return super()._finished() + [
            Problem(f"layoutConfig[{upper}]", shown(made[upper], 200), rule % lower, OVERLAP) for upper, lower in told
        ]

    @property
    def _usual(self) -> int:
        return len(self.regions)

    @property
    def _named(self) -> list[str]:
        return [region.uid for region in self.regions if region.uid is not None]

    def _arranged(self, users: Sequence[str]) -> list[Spot]:
        named = self._named
        others = iter([user for user in users if user not in named])
        spots = []
        for region in self.regions:
            there = region.uid if region.uid in users else None
            user = next(others, None) if region.uid is None else there
            alpha = 1.0 if region.alpha is None else region.alpha
            spots.append(Spot(region._place, user, region.uid, alpha, region.render_mode == RenderMode.FIT))
        return spots


_KINDS: dict[int, type[Any]] = {kind._kind: kind for kind in (Floating, BestFit, Vertical, Custom)}


def _overlaps(regions: Sequence[Region]) -> dict[int, int]:
    """Regions that lie over others, by their numbers, each with the first one beneath."""
    [rule] = component("UpdateLayoutClientRequest")["properties"]["layoutConfig"]["allOf"]
    return lying_over(to_wire(regions), rule["x-apart"])


def _user_problem(users: Any) -> Problem:
    return Problem(
        "users", shown(users), f"must be a list of user IDs, or how many there are, 0 to {_SHOWN_AT_MOST}", COUNT
    )
