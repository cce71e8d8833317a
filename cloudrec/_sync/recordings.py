# Made from cloudrec/_async/recordings.py by scripts/generate. Do not edit.
"""Recordings of each mode: what they offer beside what all do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, Unpack

from cloudrec_api.models.mode import Mode

from .._call.requests import update_layout
from .._call.settings import Options
from .._contract.frames import discreet
from .._contract.written import Given
from .._recording.state import layout_fields
from ..answers import IndividualQuery, MixQuery, RawQuery, WebQuery
from ..values import CdnPush
from .recording import Recording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._recording.options import LayoutChanges
    from ..layouts import Layout
    from ..results import UpdateLayoutResult, UpdateResult
    from ..subscriptions import Subscription

    Fields: TypeAlias = Mapping[str, Any]

Q = TypeVar("Q")


@discreet
class ChannelRecording(Recording[Q]):
    """A recording of a channel."""

    def subscribe(self, *, audio: Subscription | None = None, video: Subscription | None = None) -> UpdateResult:
        """Changes whose audio and whose video is recorded.

        Example::

            recording.subscribe(video=only(101))  # everyone is still heard

        Args:
            audio: ``everyone()``, ``only(...)``, ``everyone_but(...)`` or ``nobody()``. Left out, it stays as it is.
            video: The same for the picture.

        Raises:
            InvalidRequestError: it cannot be; or one was left out, and this process did not start the recording and
                does not know what is in force. Nothing was sent.
            RecordingEnded: the recording is over.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/update``
        """
        return self._subscribe(audio, video)


class RawRecording(ChannelRecording[RawQuery]):
    """A recording of every user to a file of their own, with sound and picture."""

    _mode = Mode.RAW


class IndividualRecording(ChannelRecording[IndividualQuery]):
    """A recording of every user to files of their own."""

    _mode = Mode.INDIVIDUAL


@discreet
class MixRecording(ChannelRecording[MixQuery]):
    """A recording of everyone in one picture."""

    _mode = Mode.MIX

    def layout(
        self,
        layout: Layout | str | Fields | None = None,
        **changes: Unpack[LayoutChanges],
    ) -> UpdateLayoutResult:
        """Changes the layout. What is not spoken of stays as it is.

        Example::

            recording.layout(grid(4))
            recording.layout(background_color="#202020")

        Args:
            layout: A layout such as ``grid(4)`` or ``Vertical("101")``, or a dict with the API's own names.
            mixed_video_layout: Floating, best fit, vertical or custom.
            max_resolution_uid: User who is large in the vertical layout.
            background_color: Colour of the canvas, ``#rrggbb``.
            background_image: URL of a picture for the canvas.
            default_user_background_image: URL of the picture of users who have sent no video for 3.5 seconds.
            layout_config: At most 17 regions, in fractions of the canvas.
            background_config: Pictures of single users who have sent no video for 3.5 seconds.

        Raises:
            InvalidRequestError: it cannot be; or it is no whole layout, and this process did not start the recording
                and does not know what is in force. Nothing was sent.
            RecordingEnded: the recording is over.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/updateLayout``
        """
        fields = layout_fields(layout, **changes)
        with self._updating:
            whole = Given(self._life.next_layout(fields))
            whole.arguments = {"layout": layout, **changes}
            resource_id, sid, mode = self._life.ids
            call = update_layout(
                self._app_id, resource_id, sid, mode, self.cname, self.uid, whole, checks=self._life.checks
            )
            result = self._until_believed(lambda: self._session.send(call, Options()), self._life.waits)
            self._life.set_layout(whole)
            return result


@discreet
class WebRecording(Recording[WebQuery]):
    """A recording of a web page."""

    _mode = Mode.WEB

    def pause(self) -> UpdateResult:
        """Stops taking the page down until :meth:`resume`; the page stays open, and is billed.

        Raises:
            RecordingEnded: the recording is over.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/update``
        """
        return self._hold(True)

    def resume(self) -> UpdateResult:
        """Goes on after :meth:`pause`.

        Raises:
            RecordingEnded: the recording is over.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/update``
        """
        return self._hold(False)

    def _hold(self, onhold: bool) -> UpdateResult:
        return self._update(lambda: {"webRecordingConfig": {"onhold": onhold}})

    def push_to(self, *urls: str) -> UpdateResult:
        """Pushes the page to these CDN addresses from now on, in place of those before; with none, to nowhere.

        The recording must have been started with ``push_to``.

        Args:
            urls: ``rtmp://…`` or ``rtmps://…``; the service takes one at a time.

        Raises:
            InvalidRequestError: an address is none; nothing was sent.
            BadRequestError: the recording was started without a push.
            RecordingEnded: the recording is over.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/update``
        """
        # As a value that checks itself: it shows no stream key when something is wrong with an address.
        push: CdnPush | Fields = CdnPush(*urls) if urls else {"outputs": []}
        return self._update(lambda: {"rtmpPublishConfig": push})
