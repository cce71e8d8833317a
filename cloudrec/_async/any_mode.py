"""Recordings of any mode: from a recipe, or from a handle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, overload

from .._contract.frames import discreet
from .._io._async.contexts import Starting
from .base import AsyncBase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._recording.options import RecipeOptions
    from .._recording.recipe import IndividualRecipe, MixRecipe, RawRecipe, Recipe, WebRecipe
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle
    from ..webhooks import Event
    from .pair import AsyncRecordingPair
    from .recordings import AsyncIndividualRecording, AsyncMixRecording, AsyncRawRecording, AsyncWebRecording

    AnyRecording: TypeAlias = AsyncIndividualRecording | AsyncRawRecording | AsyncMixRecording | AsyncWebRecording


@discreet
class AsyncRecordingsOfAnyMode(AsyncBase):
    """What a client makes recordings of, whatever their mode."""

    @overload
    def record(
        self, recipe: IndividualRecipe, cname: str, *, redundancy: Literal[1] = 1, **options: Unpack[RecipeOptions]
    ) -> Starting[AsyncIndividualRecording]: ...
    @overload
    def record(
        self, recipe: IndividualRecipe, cname: str, *, redundancy: Literal[2], **options: Unpack[RecipeOptions]
    ) -> Starting[AsyncRecordingPair[AsyncIndividualRecording]]: ...
    @overload
    def record(
        self, recipe: RawRecipe, cname: str, *, redundancy: Literal[1] = 1, **options: Unpack[RecipeOptions]
    ) -> Starting[AsyncRawRecording]: ...
    @overload
    def record(
        self, recipe: RawRecipe, cname: str, *, redundancy: Literal[2], **options: Unpack[RecipeOptions]
    ) -> Starting[AsyncRecordingPair[AsyncRawRecording]]: ...
    @overload
    def record(
        self, recipe: MixRecipe, cname: str, *, redundancy: Literal[1] = 1, **options: Unpack[RecipeOptions]
    ) -> Starting[AsyncMixRecording]: ...
    @overload
    def record(
        self, recipe: MixRecipe, cname: str, *, redundancy: Literal[2], **options: Unpack[RecipeOptions]
    ) -> Starting[AsyncRecordingPair[AsyncMixRecording]]: ...
    @overload
    def record(
        self, recipe: WebRecipe, cname: str, *, redundancy: Literal[1] = 1, **options: Unpack[RecipeOptions]
    ) -> Starting[AsyncWebRecording]: ...
    @overload
    def record(
        self, recipe: WebRecipe, cname: str, *, redundancy: Literal[2], **options: Unpack[RecipeOptions]
    ) -> Starting[AsyncRecordingPair[AsyncWebRecording]]: ...
    @overload
    def record(
        self, recipe: Recipe, cname: str, *, redundancy: int = 1, **options: Unpack[RecipeOptions]
    ) -> Starting[AnyRecording | AsyncRecordingPair[Any]]: ...
    def record(
        self, recipe: Recipe, cname: str, *, redundancy: int = 1, **options: Unpack[RecipeOptions]
    ) -> Starting[Any]:
        """Records what a recipe says; see :meth:`AsyncMixClient.record`.

        Example::

            recipe = Recipe.from_toml(Path("lesson.toml").read_text(encoding="utf-8"))
            async with client.record(recipe, "lesson-42", secrets={"lessons": S3(...)}) as recording:
                ...

        Args:
            recipe: What is recorded, and where it goes: an :class:`IndividualRecipe`, a :class:`MixRecipe`
                or the like.
            cname: Channel to record, 1 to 64 bytes; in `web` mode any name of your own, to 1024 bytes.
            redundancy: 2 for a second recorder; the two are a :class:`AsyncRecordingPair`. 1 by default.
            options: ``secrets``, what the recipe's names stand for, each as the argument takes it; and ``confirm``,
                ``on_started``, ``timeout``, …: see :class:`LaunchOptions`.

        Raises:
            RecipeError: a name of the recipe stands for nothing, or it is no recipe; nothing was sent.
            InvalidRequestError: what is known only now breaks rules; nothing was sent.
            CloudRecordingError: as of the ``record`` of its mode.

        Endpoints: ``POST …/acquire``, ``POST …/start``, ``GET …/query``
        """
        # Here, since who makes the six calls one by one need not wait for any of this to be loaded.
        from .launch import record_recipe

        return Starting(record_recipe(self._session, recipe, cname, redundancy, options))

    def attach(
        self,
        handle: RecordingHandle | Mapping[str, Any] | str | bytes,
        *,
        sid: str | None = None,
        event: Event | None = None,
        storage: Provider | None = None,
        on_problem: Callable[[Exception], object] | None = None,
    ) -> AsyncIndividualRecording | AsyncRawRecording | AsyncMixRecording | AsyncWebRecording:
        """Gives a recording back from its handle, in another process or after a crash. Nothing is sent.

        Example::

            recording = client.attach(json.loads(saved))
            result = recording.stop()

        Args:
            handle: ``recording.handle``, or that as JSON.
            sid: Recording ID, where the handle was taken before the start was answered (``on_acquired``, or that of a
                :class:`RecordingMayBeRunningError`).
            event: Webhook event 40 (of a page, 70) in place of the sid: it is found by cname and uid, and carries it.
            storage: A function that gives storage with short-lived credentials, which go on being renewed: at once, and
                then before they are an hour old. An async client renews in the event loop that this is called in, for
                as long as that runs.
            on_problem: Called with every failure that ends nothing; see ``record``.

        Raises:
            HandleError: it was cut short, is from a newer version, of another App ID, or has no sid; or the event is
                about another recording.
            ConfigurationError: ``storage`` was given to an async client, and no event loop runs.
        """
        from .attach import attached

        return attached(self._session, handle, sid, event, storage, on_problem)
