"""Where each user stands in a composite picture.

Three layouts are the service's own: :class:`Floating`, :class:`BestFit` and :class:`Vertical`. :class:`Custom` is made
of regions, and what people record most is made ready: :func:`grid`, :func:`speaker_with_strip`, :func:`side_by_side`,
:func:`picture_in_picture` and :func:`screen_share_with_camera`.

    >>> layout = speaker_with_strip("101", 3, background_color="#202020")
    >>> layout.regions[1]
    Region(x=0.75, y=0.125, width=0.25, height=0.25)
    >>> print(layout.preview(["101", "102", "103"]).ascii(columns=40))
    +----------------------------+---------+
    |                            +---------+
    |                            |         |
    |                            |   102   |
    |                            +---------+
    |             101            |   103   |
    |                            +---------+
    |                            |         |
    |                            |  (free) |
    |                            +.........+
    +----------------------------+---------+
    Custom layout, 3 users, 1280 x 720

Whatever a layout leaves open has the service's default. Every update sends a whole layout, and what is left out of it
goes back to its default. So an update starts from the layout in force: ``layout.replace(…)`` changes one thing, and
``other.filled_from(layout)`` is another layout with its backgrounds.
"""

from ._kinds import BestFit, Custom, Floating, Layout, Vertical
from ._preview import Preview
from ._ready_made import grid, picture_in_picture, screen_share_with_camera, side_by_side, speaker_with_strip
from ._regions import Background, Region

__all__ = [
    "Background",
    "BestFit",
    "Custom",
    "Floating",
    "Layout",
    "Preview",
    "Region",
    "Vertical",
    "grid",
    "picture_in_picture",
    "screen_share_with_camera",
    "side_by_side",
    "speaker_with_strip",
]
