# Made from cloudrec/_async/individual.py by scripts/generate. Do not edit.
"""`client.raw` and `client.individual`: recordings of every user apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, overload

from .._contract.frames import discreet
from .individual_calls import IndividualCalls
from .raw_calls import RawCalls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cloudrec_api import models

    from .._recording.options import RecordIndividual, RecordRaw
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle
    from ..storage import Storage
    from ..webhooks import Event
    from .pair import RecordingPair
    from .recordings import IndividualRecording, RawRecording

    Fields: TypeAlias = Mapping[str, Any]
    AnyStorage: TypeAlias = models.StorageConfig | Storage | Fields


@discreet
class IndividualClient(IndividualCalls):
    """The calls for `individual` recordings: every user's sound and picture to files of their own, or screenshots.

    The provider calls this mode legacy, and `raw` (:class:`RawClient`) what comes after it.

    Each is the client's call of the same name, with what only other modes take left out; errors and endpoints are
    described there.
    """

    @overload
    def record(
        self, cname: str, *, redundancy: Literal[1] = 1, **arguments: Unpack[RecordIndividual]
    ) -> IndividualRecording: ...
    @overload
    def record(
        self, cname: str, *, redundancy: Literal[2], **arguments: Unpack[RecordIndividual]
    ) -> RecordingPair[IndividualRecording]: ...
    @overload
    def record(
        self, cname: str, *, redundancy: int, **arguments: Unpack[RecordIndividual]
    ) -> IndividualRecording | RecordingPair[IndividualRecording]: ...
    def record(self, cname: str, *, redundancy: int = 1, **arguments: Unpack[RecordIndividual]) -> Any:
        """Records every user of a channel apart: acquires and starts from one set of parameters, and sees it run.

        Example::

            with client.individual.record("ward-7", storage=storage, video=nobody()) as recording:
                ...
            print(recording.result.files)

        Leaving the ``with`` stops it, whatever happened inside.

        Args:
            cname: Channel to record, 1 to 64 bytes.
            storage: Bucket that the files go to: a storage such as ``S3(...)``, a ``StorageConfig``, a dict; or a
                function that gives one. Where its credentials are short-lived (``stsToken``), it is called again and
                they are renewed before they are an hour old.
            files: Kinds of files: ``["hls"]``, the default; left out beside ``snapshots``, only screenshots are taken.
            snapshots: Screenshots of each user, such as ``Snapshots(interval=10)``.
            channel_type: Channel profile, the same as in the clients' RTC SDK. Communication by default.
            audio: Whose sound is recorded: ``everyone()`` (the default), ``only(...)``, ``everyone_but(...)`` or
                ``nobody()``.
            video: Whose picture is recorded.
            stream_types: Sound, picture or both. By default what ``audio`` and ``video`` say.
            stream_mode: Files per user: audio and video apart (the default), a merged playlist too, or sound as sent.
            subscribe_uid_group: How many users are expected at the most.
            encryption: Encryption of the channel.
            max_idle_time: Seconds after which it ends by itself when nobody sends. 5 to 2592000, 300 by default.
            recording_config: Anything else of ``recordingConfig``, or all of it.
            deferred_transcoding: Files made once more after the recording.
            redundancy: 2 for a second recorder; the two are a :class:`RecordingPair`. See :class:`RecordOptions`.
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
        from .._recording.recipe import IndividualRecipe
        from .launch import record_words
        from .recordings import IndividualRecording

        return record_words(self._session, IndividualRecording, IndividualRecipe, cname, redundancy, arguments)

    def attach(
        self,
        handle: RecordingHandle | Mapping[str, Any] | str | bytes,
        *,
        sid: str | None = None,
        event: Event | None = None,
        storage: Provider | None = None,
        on_problem: Callable[[Exception], object] | None = None,
    ) -> IndividualRecording:
        """Gives an `individual` recording back from its handle. See :meth:`CloudRecording.attach`."""
        from .attach import attached_as
        from .recordings import IndividualRecording

        return attached_as(self._session, IndividualRecording, handle, sid, event, storage, on_problem)


@discreet
class RawClient(RawCalls):
    """The calls for `raw` recordings: every user to a file with sound and picture, or screenshots of them.

    This is what the provider calls individual recording from now on. Published of it: the mode, and that it takes
    neither ``streamMode`` nor extension services. Only on a branch of the provider's that is not published: MP4 files,
    how files are named, DASH for VP8 and VP9. Each is the client's call of the same name; errors and endpoints are
    described there.
    """

    @overload
    def record(self, cname: str, *, redundancy: Literal[1] = 1, **arguments: Unpack[RecordRaw]) -> RawRecording: ...
    @overload
    def record(
        self, cname: str, *, redundancy: Literal[2], **arguments: Unpack[RecordRaw]
    ) -> RecordingPair[RawRecording]: ...
    @overload
    def record(
        self, cname: str, *, redundancy: int, **arguments: Unpack[RecordRaw]
    ) -> RawRecording | RecordingPair[RawRecording]: ...
    def record(self, cname: str, *, redundancy: int = 1, **arguments: Unpack[RecordRaw]) -> Any:
        """Records every user of a channel apart: acquires and starts from one set of parameters, and sees it run.

        Example::

            with client.raw.record("ward-7", storage=storage, files=["hls", "mp4"]) as recording:
                ...
            print(recording.result.files)

        Leaving the ``with`` stops it, whatever happened inside.

        Args:
            cname: Channel to record, 1 to 64 bytes.
            storage: Bucket that the files go to: a storage such as ``S3(...)``, a ``StorageConfig``, a dict; or a
                function that gives one. Where its credentials are short-lived (``stsToken``), it is called again and
                they are renewed before they are an hour old.
            files: Kinds of files: ``["hls"]``, the default; ``["hls", "mp4"]``, which is on an unmerged branch of the
                provider's pages alone; or ``["mp3"]`` with ``video=nobody()``.
                Left out beside ``snapshots``, only screenshots are taken.
            snapshots: Screenshots of each user, such as ``Snapshots(interval=10)``.
            channel_type: Channel profile, the same as in the clients' RTC SDK. Communication by default.
            audio: Whose sound is recorded: ``everyone()`` (the default), ``only(...)``, ``everyone_but(...)`` or
                ``nobody()``.
            video: Whose picture is recorded.
            stream_types: Sound, picture or both. By default what ``audio`` and ``video`` say.
            subscribe_uid_group: How many users are expected at the most.
            encryption: Encryption of the channel.
            max_idle_time: Seconds after which it ends by itself when nobody sends. 5 to 2592000, 300 by default.
            recording_config: Anything else of ``recordingConfig``, or all of it.
            redundancy: 2 for a second recorder; the two are a :class:`RecordingPair`. See :class:`RecordOptions`.
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
        from .._recording.recipe import RawRecipe
        from .launch import record_words
        from .recordings import RawRecording

        return record_words(self._session, RawRecording, RawRecipe, cname, redundancy, arguments)

    def attach(
        self,
        handle: RecordingHandle | Mapping[str, Any] | str | bytes,
        *,
        sid: str | None = None,
        event: Event | None = None,
        storage: Provider | None = None,
        on_problem: Callable[[Exception], object] | None = None,
    ) -> RawRecording:
        """Gives a `raw` recording back from its handle. See :meth:`CloudRecording.attach`."""
        from .attach import attached_as
        from .recordings import RawRecording

        return attached_as(self._session, RawRecording, handle, sid, event, storage, on_problem)
