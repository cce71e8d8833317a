"""`Region` and `Background`: the parts that layouts are made of."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import evolve, field, frozen

from cloudrec_api.models.render_mode import RenderMode

from .._contract.frames import discreet
from .._contract.redact import hidden_url, shown
from .._contract.rule_texts import RANGE
from .._contract.wire import to_wire
from .._contract.written import of_attributes
from ..errors import Problem
from ._arguments import (
    canvas_problems,
    filled,
    is_number,
    problems_of,
    refuse,
    render_mode_of,
    uid_on_wire,
    user_on_wire,
    written,
)
from ._geometry import Place


def _millionths(value: float) -> float:
    return round(float(value), 6) + 0.0  # -0.0 becomes 0.0


@frozen(repr=False)
class Region:
    """One user's place on the canvas, in fractions of it.

        >>> Region("101", x=0, y=0, width=0.5, height=1, render_mode="fit")
        Region(uid='101', x=0.0, y=0.0, width=0.5, height=1.0, render_mode=FIT)

    Edges are rounded to six decimals, which is what the service takes; regions that touch still touch then, and none
    leaves the canvas.

    Args:
        uid: Whose place it is, a whole number from 1 to 4294967295 or that as a string. None by default: the users
            who have no region of their own take such regions in the order in which they join.
        x: Left edge, 0 to 1.
        y: Top edge, 0 to 1.
        width: 0 to 1; ``x + width`` is at most 1.
        height: 0 to 1; ``y + height`` is at most 1.
        alpha: Opacity, from 0 (invisible) to 1 (opaque). 1 by default.
        render_mode: ``"crop"`` fills the region and cuts off what stands out; ``"fit"`` shows all of the video and may
            leave bars. ``"crop"`` by default. Also a :class:`RenderMode`, or its number.

    Raises:
        InvalidRequestError: it is not that.
    """

    uid: str | None = field(default=None, converter=uid_on_wire)
    """Whose place it is; None: the next user's."""
    x: float = field(kw_only=True)
    """Left edge, 0 to 1."""
    y: float = field(kw_only=True)
    """Top edge, 0 to 1."""
    width: float = field(kw_only=True)
    """Width, 0 to 1."""
    height: float = field(kw_only=True)
    """Height, 0 to 1."""
    alpha: float | None = field(default=None, kw_only=True)
    """Opacity, 0 to 1; None: 1."""
    render_mode: RenderMode | None = field(default=None, kw_only=True, converter=render_mode_of)
    """How a video of another shape is made to fit; None: cropped."""

    _WRITTEN: ClassVar[Mapping[str, str]] = {"x_axis": "x", "y_axis": "y"}

    def __attrs_post_init__(self) -> None:
        if problems := problems_of(self.to_dict(), "LayoutRegion"):
            refuse("Region", *of_attributes(problems, self))
        # Not each number for itself: 0.1666665 + 0.8333335 would come to more than 1.
        for start, size in (("x", "width"), ("y", "height")):
            near = _millionths(getattr(self, start))
            far = min(_millionths(getattr(self, start) + getattr(self, size)), 1.0)
            object.__setattr__(self, start, near)
            object.__setattr__(self, size, _millionths(far - near))

    @classmethod
    def pixels(
        cls,
        uid: int | str | None = None,
        *,
        x: float,
        y: float,
        width: float,
        height: float,
        canvas: tuple[int, int],
        alpha: float | None = None,
        render_mode: RenderMode | int | str | None = None,
    ) -> Self:
        """A region in pixels of a canvas.

            >>> Region.pixels("101", x=960, y=0, width=320, height=180, canvas=(1280, 720))
            Region(uid='101', x=0.75, y=0.0, width=0.25, height=0.25)

        Args:
            uid: As in ``Region``.
            x: Left edge.
            y: Top edge.
            width: ``x + width`` is at most the canvas' width.
            height: ``y + height`` is at most the canvas' height.
            canvas: Width and height of the picture in pixels, as in ``transcodingConfig``, where the default is (360,
                640); at most 1920 × 1080 pixels in all.
            alpha: As in ``Region``.
            render_mode: As in ``Region``.

        Raises:
            InvalidRequestError: it is not that.
        """
        problems = canvas_problems(canvas)
        across, down = (1, 1) if problems else canvas
        edges = (("x", x, "width", width, across), ("y", y, "height", height, down))
        for start, near, size, length, limit in edges:
            wrong = [
                Problem(name, shown(value), "must be a number of pixels from 0", RANGE)
                for name, value in ((start, near), (size, length))
                if not (is_number(value) and value >= 0)
            ]
            if not wrong and not problems and near + length > limit:
                rule = f"{start} + {size} must be at most {limit}, the {size} of the canvas"
                wrong = [Problem(start, f"{near} + {length}", rule, f"region-on-canvas-{start}")]
            problems += wrong
        fractions: dict[str, Any] = {
            "uid": uid_on_wire(uid),
            "alpha": alpha,
            "render_mode": render_mode_of(render_mode),
        }
        # On the whole canvas nothing can be wrong with where it is.
        problems += problems_of({**filled(**fractions), **_WHOLE}, "LayoutRegion")
        if problems:
            refuse("Region.pixels", *problems)
        return cls(
            x=x / across,
            y=y / down,
            # From the far edge, which is then on the canvas' edge if it was there in pixels.
            width=(x + width) / across - x / across,
            height=(y + height) / down - y / down,
            **fractions,
        )

    @classmethod
    def from_dict(cls, wire: Mapping[str, Any]) -> Self:
        """The region that these fields, as they are on the wire, mean: an entry of ``layoutConfig``.

        Raises:
            InvalidRequestError: they mean none.
        """
        given: dict[str, Any] = to_wire(wire)
        if problems := problems_of(given, "LayoutRegion"):
            refuse("Region", *problems)
        names: dict[str, str] = {"x_axis": "x", "y_axis": "y"}
        return cls(**{names.get(name, name): value for name, value in given.items()})

    def to_dict(self) -> dict[str, Any]:
        """The fields as they are on the wire."""
        # Of these four none is left out: without one it is no region, and the check says so.
        where = {"x_axis": self.x, "y_axis": self.y, "width": self.width, "height": self.height}
        return {**filled(uid=self.uid), **where, **filled(alpha=self.alpha, render_mode=self.render_mode)}

    def replace(self, **changes: Any) -> Self:
        """A region that is the same but for these arguments."""
        return evolve(self, **changes)

    def __repr__(self) -> str:
        return written(self)

    @property
    def _place(self) -> Place:
        return Place(self.x, self.y, self.width, self.height)


_WHOLE = {"x_axis": 0, "y_axis": 0, "width": 1, "height": 1}


@discreet
@frozen(repr=False)
class Background:
    """The picture that stands for a user who has sent no video for 3.5 seconds.

        >>> Background("101", "https://example.com/101.jpg", render_mode="fit")
        Background(uid='101', image_url='https://example.com/101.jpg', render_mode=FIT)

    Args:
        uid: Which user, a whole number from 1 to 4294967295 or that as a string.
        image_url: http or https URL of a JPG or BMP of at most 6 MB.
        render_mode: ``"crop"`` or ``"fit"``, as in :class:`Region`. ``"crop"`` by default.

    Raises:
        InvalidRequestError: it is not that.
    """

    uid: str = field(converter=user_on_wire)
    """Which user."""
    image_url: str = field(repr=hidden_url)
    """Where the picture is."""
    render_mode: RenderMode | None = field(default=None, kw_only=True, converter=render_mode_of)
    """How a picture of another shape is made to fit; None: cropped."""

    def __attrs_post_init__(self) -> None:
        if problems := problems_of(self.to_dict(), "UserBackground"):
            refuse("Background", *problems)

    @classmethod
    def from_dict(cls, wire: Mapping[str, Any]) -> Self:
        """The background that these fields, as they are on the wire, mean: an entry of ``backgroundConfig``.

        Raises:
            InvalidRequestError: they mean none.
        """
        given: dict[str, Any] = to_wire(wire)
        if problems := problems_of(given, "UserBackground"):
            refuse("Background", *problems)
        return cls(**given)

    def to_dict(self) -> dict[str, Any]:
        """The fields as they are on the wire."""
        return {"uid": self.uid, "image_url": self.image_url, **filled(render_mode=self.render_mode)}

    def __repr__(self) -> str:
        return written(self)
