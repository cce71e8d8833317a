"""`client.web`: recordings of web pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, overload

from .._contract.frames import discreet
from .._io._async.contexts import Starting
from .web_calls import AsyncWebCalls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cloudrec_api import models

    from .._recording.options import RecordWeb
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle
    from ..storage import Storage
    from ..values import WebPage
    from ..webhooks import Event
    from .pair import AsyncRecordingPair
    from .recordings import AsyncWebRecording

    Fields: TypeAlias = Mapping[str, Any]
    AnyStorage: TypeAlias = models.StorageConfig | Storage | Fields


@discreet
class AsyncWebClient(AsyncWebCalls):
    """The calls for `web` recordings: a web page, and its push to a CDN.

    Each is the client's call of the same name, with what only other modes take left out; errors and endpoints are
    described there.
    """

    @overload
    def record(
        self, name: str, page: WebPage | Fields | str, *, redundancy: Literal[1] = 1, **arguments: Unpack[RecordWeb]
    ) -> Starting[AsyncWebRecording]: ...
    @overload
    def record(
        self, name: str, page: WebPage | Fields | str, *, redundancy: Literal[2], **arguments: Unpack[RecordWeb]
    ) -> Starting[AsyncRecordingPair[AsyncWebRecording]]: ...
    @overload
    def record(
        self, name: str, page: WebPage | Fields | str, *, redundancy: int, **arguments: Unpack[RecordWeb]
    ) -> Starting[AsyncWebRecording | AsyncRecordingPair[AsyncWebRecording]]: ...
    def record(
        self, name: str, page: WebPage | Fields | str, *, redundancy: int = 1, **arguments: Unpack[RecordWeb]
    ) -> Starting[Any]:
        """Records a web page: acquires and starts from one set of parameters, and sees it run.

        Example::

            page = "https://example.com/lesson"
            async with client.web.record("page-7", page, max_recording_hour=2, storage=storage) as recording:
                ...
            print(recording.result.files)

        Leaving the ``with`` stops it, whatever happened inside.

        Args:
            name: A name of your own for the recording, 1 to 1024 bytes; ``cname`` of the calls.
            page: The page: its URL, or ``WebPage(url, ...)`` with size, bitrate and so on.
            max_recording_hour: Hours after which it ends by itself, 1 to 720. It is billed until it ends.
            storage: Bucket that the files go to: a storage such as ``S3(...)``, a ``StorageConfig``, a dict; or a
                function that gives one. Where its credentials are short-lived (``stsToken``), it is called again and
                they are renewed before they are an hour old.
            files: Kinds of files: ``["hls"]`` (the default) or ``["hls", "mp4"]``.
            push_to: CDN addresses that the page is pushed to, too.
            redundancy: 2 for a second recorder; the two are a :class:`AsyncRecordingPair`. See :class:`RecordOptions`.
            arguments: What every mode takes, too: ``uid``, ``token``, ``confirm``, ``on_started``, ``check``,
                ``timeout``, …; see :class:`RecordOptions`.

        Raises:
            InvalidRequestError: arguments break rules; nothing was sent.
            TaskConflictError: a recording with this cname and the given uid runs already.
            RecordingEnded: it was over at once; with what may have ended it.
            RecordingNotStartedError: it was not seen to run within 90 seconds, and has been stopped.
            RecordingMayBeRunningError: nobody knows whether it runs; carries cname, uid, resource ID and the handle.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`. Nothing runs then.

        Endpoints: ``POST …/acquire``, ``POST …/start``, ``GET …/query``
        """
        # Here, since who makes the six calls one by one need not wait for any of this to be loaded.
        from .._recording.recipe import WebRecipe
        from .launch import record_words
        from .recordings import AsyncWebRecording

        return Starting(
            record_words(self._session, AsyncWebRecording, WebRecipe, name, redundancy, {"page": page, **arguments})
        )

    def attach(
        self,
        handle: RecordingHandle | Mapping[str, Any] | str | bytes,
        *,
        sid: str | None = None,
        event: Event | None = None,
        storage: Provider | None = None,
        on_problem: Callable[[Exception], object] | None = None,
    ) -> AsyncWebRecording:
        """Gives a `web` recording back from its handle. See :meth:`AsyncCloudRecording.attach`."""
        from .attach import attached_as
        from .recordings import AsyncWebRecording

        return attached_as(self._session, AsyncWebRecording, handle, sid, event, storage, on_problem)
