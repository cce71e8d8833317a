"""`Fleet`: any number of recordings, on any number of machines, each held until it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack, overload

from .._contract.frames import discreet
from .._contract.redact import shown
from .._io._async.contexts import OnlyWith
from .._io._async.tasks import shielded
from .._io.forks import in_child
from .._numbers import check_functions, seconds, whole
from ..errors import ConfigurationError, FleetError
from ..webhooks import Event
from ._changes import Changes
from ._entry import can_give
from ._order import clock, key_of, mode_of, names_in, order, states_of
from ._queries import Queries
from ._states import FleetRecording, State
from ._store import Store
from ._telemetry import Telemetry
from ._worker import LEAVES_WITHIN, Worker

if TYPE_CHECKING:
    from cloudrec_api.models.mode import Mode

    from .._async.client import AsyncCloudRecording
    from .._call.access_token import TokenMaker
    from .._recording.recipe import Recipe
    from .._recording.renewal import AnyStorage, Provider
    from ..webhooks import Secret
    from ..webhooks.asgi import WebhookApp
    from ._order import AskIndividual, AskMix, AskRaw, AskWeb, HowLong, Until
    from ._page import FleetPage

    Individual = Literal[Mode.INDIVIDUAL, "individual"]
    Raw = Literal[Mode.RAW, "raw"]
    Mix = Literal[Mode.MIX, "mix"]
    Web = Literal[Mode.WEB, "web"]

# Seconds between two looks of `watch`.
_WATCH = 0.5


@discreet
class Fleet(OnlyWith):
    """Recordings that outlive the process that asked for them.

    What is to be recorded is written into a database; the workers that share it begin each recording when there is
    room, hold it until it is over, and take it over from a worker that dies. Enter it to be a worker; without that it
    asks, looks and stops, and others do the work::

        fleet = Fleet(client, database="sqlite:///fleet.db")
        fleet.storage("lessons", lambda: S3(...))

        async with fleet:
            await fleet.record("lesson-42", mode="mix", storage="lessons", until=timedelta(minutes=45))

    A key names a recording. Asked for twice, from anywhere, it is recorded once. Every call to the service may be made
    twice (at least once, as any engine can promise), and is harmless then.

    Secrets never reach the database: a recipe has their names, for which each worker has the values.

    Args:
        client: An async client. Its requests go at the fleet's pace from when it is entered, in place of its own limit.
        database: ``sqlite:///fleet.db`` for the processes of one machine, ``postgresql://…`` for any number of them.
        most: Recordings at once, over all workers: what the provider lets an App ID have. 50 by default.
        requests: Requests a second, over all workers. 10 by default.
        upload_within: Seconds for which the upload of the files is waited for after the end, where webhooks tell of it.
            30 minutes by default. Without webhooks, what the stop was answered is the last word.
        keep: Seconds for which what is over is kept to be looked at. 7 days by default.

    Raises:
        ConfigurationError: an argument cannot be right, or the extra is not installed: ``pip install cloudrec[fleet]``.
    """

    def __init__(
        self,
        client: AsyncCloudRecording,
        database: str,
        *,
        most: int = 50,
        requests: float = 10,
        upload_within: float = 1800.0,
        keep: float = 7 * 24 * 3600.0,
    ) -> None:
        from .._async.client import AsyncCloudRecording

        given: object = client
        if not isinstance(given, AsyncCloudRecording):
            raise ConfigurationError(f"client: {type(given).__name__} (must be an AsyncCloudRecording)")
        self._client = client
        self._most = whole("most", most)
        self._requests = seconds("requests", requests)
        self._upload_within = seconds("upload_within", upload_within)
        self._keep = seconds("keep", keep)
        self._store = Store(database, client.app_id)
        self._query = Queries()
        self._secrets: dict[str, Any] = {}
        self._token: TokenMaker | None = None
        self._telemetry = Telemetry()
        self._is_ready = False
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        """At the beginning, and in a process that was forked: the worker is the parent."""
        self._worker: Worker | None = None

    # -- what it is made of -------------------------------------------------------------------

    def storage(self, name: str, storage: AnyStorage | Provider) -> None:
        """What the name of a storage stands for, on this worker: a storage, or a function that gives one.

        A function is called for each recording, and again before credentials end that it gave (STS).

        Raises:
            ConfigurationError: the name is none, or this is a worker already.
        """
        self.secret(name, storage)

    def token(self, make: TokenMaker) -> None:
        """Makes the channel tokens of what is recorded, where its recipe says nothing: as the client's ``tokens``.

        Raises:
            ConfigurationError: it is no function, or this is a worker already.
        """
        self._must_not_work()
        check_functions(token=make)
        self._token = make

    def secret(self, name: str, value: object) -> None:
        """What any other name in a recipe stands for: an encryption, a token, a page; see :class:`cloudrec.Named`.

        Raises:
            ConfigurationError: the name is none, or this is a worker already.
        """
        self._must_not_work()
        given: object = name
        if not isinstance(given, str) or not given:
            raise ConfigurationError(f"name: {shown(name)} (must be text that is not empty)")
        self._secrets[name] = value

    def _must_not_work(self) -> None:
        if self._worker is not None:
            raise ConfigurationError("fleet: names are given before it is entered: workers tell each other of theirs")

    # -- a worker -----------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        """Becomes a worker of the fleet.

        Raises:
            FleetDatabaseError: the database cannot be reached or written, or is of another version or App ID.
            FleetError: this machine's clock is wrong, or this process is a worker already.
        """
        if self._worker is not None:
            raise FleetError("fleet: it is entered already")
        asyncio.get_running_loop()
        worker = Worker(
            self._store,
            self._query,
            self._client._session,
            secrets=self._secrets,
            token=self._token,
            most=self._most,
            requests=self._requests,
            keep=self._keep,
            upload_within=self._upload_within,
            telemetry=self._telemetry,
        )
        await worker.start()
        self._worker, self._is_ready = worker, True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leaves: recordings run on, and other workers, or the next one, hold them."""
        worker, self._worker = self._worker, None
        if worker is not None:
            await shielded(worker.stop, 2 * LEAVES_WITHIN, lambda failure: None)
        await self.aclose()

    async def aclose(self) -> None:
        """Lets the database go, as leaving does. It can be used again."""
        await self._query.rest()
        await self._query(self._store.close)

    # -- what is asked of it ------------------------------------------------------------------

    @overload
    async def record(self, key: str, /, recipe: Recipe, **how: Unpack[HowLong]) -> FleetRecording: ...
    @overload
    async def record(self, key: str, /, *, mode: Individual, **arguments: Unpack[AskIndividual]) -> FleetRecording: ...
    @overload
    async def record(self, key: str, /, *, mode: Raw, **arguments: Unpack[AskRaw]) -> FleetRecording: ...
    @overload
    async def record(self, key: str, /, *, mode: Mix, **arguments: Unpack[AskMix]) -> FleetRecording: ...
    @overload
    async def record(self, key: str, /, *, mode: Web, **arguments: Unpack[AskWeb]) -> FleetRecording: ...
    async def record(
        self,
        key: str,
        /,
        recipe: Recipe | None = None,
        *,
        mode: str | None = None,
        cname: str | None = None,
        until: Until = None,
        restart: bool = False,
        again: bool = False,
        **arguments: Any,
    ) -> FleetRecording:
        """Has something recorded: it is written down when this returns, and begun when there is room.

        Example::

            await fleet.record("lesson-42", mode="mix", storage="lessons", layout=grid(4), until=end_of_lesson)

        Args:
            key: Names it, at most 255 bytes. One that is there is not recorded twice: what is known of it is returned.
            recipe: What is recorded; or say it by ``mode`` and that mode's arguments. Secrets by their names.
            mode: ``individual``, ``raw``, ``mix`` or ``web``.
            cname: The channel; by default the key is its name.
            until: When to stop it: a time with its zone, or how long it is to run, as a timedelta or in seconds. By
                default it ends when it is stopped, or by itself.
            restart: Whether to record anew, with another uid, what ended by itself. The parts are listed together.
            again: Whether to record a key once more whose recording is over.
            arguments: As of the mode's recipe, such as :class:`cloudrec.MixRecipe`.

        Returns:
            What is known of it: it waits, with its ``place`` in line; or how far it has come, where the key was there.

        Raises:
            ConfigurationError: the key, the mode or the end is none.
            RecipeError: it holds a secret, or a name that stands for nothing, here and with every worker.
            InvalidRequestError: arguments break rules.
            FleetDatabaseError: the database cannot be used. Nothing was written.
        """
        row = order(key, recipe, cname, mode, until, arguments, restart=restart, now=clock())
        await self._ready()
        missing = names_in(row) - can_give(self._secrets)
        await self._query(self._add, row, missing, again=again)
        return await self._must_get(row["key"])

    def _add(self, row: dict[str, Any], missing: set[str], *, again: bool) -> None:
        if missing:
            missing -= self._store.names()
        if missing:
            raise unknown_names(missing)
        self._store.add(row, again=again)

    async def stop(self, key: str) -> FleetRecording:
        """Has a recording stopped, by whoever holds it; one that waits is not begun. Harmless where it is over.

        Returns:
            What is known of it now: see ``get`` or ``watch`` for its end.

        Raises:
            FleetError: there is no recording of that key.
            FleetDatabaseError: the database cannot be used.
        """
        await self._ready()
        if await self._query(self._store.ask_to_stop, key_of(key)) is None:
            raise unknown_key(key)
        return await self._must_get(key)

    async def get(self, key: str) -> FleetRecording | None:
        """What is known of a recording; None where there is none of that key.

        Raises:
            FleetDatabaseError: the database cannot be used.
        """
        await self._ready()
        row = await self._query(self._store.get, key_of(key))
        return None if row is None else FleetRecording.from_row(row)

    async def _must_get(self, key: str) -> FleetRecording:
        found = await self.get(key)
        if found is None:
            raise unknown_key(key)
        return found

    async def list(
        self,
        *,
        state: State | str | Iterable[State | str] | None = None,
        mode: str | None = None,
        older_than: float | None = None,
        most: int = 1000,
    ) -> list[FleetRecording]:
        """Recordings, those that were asked for first before.

        Args:
            state: Of this state, or one of these. All by default.
            mode: Of this mode.
            older_than: Asked for at least so many seconds ago.
            most: So many at the most. 1000 by default.

        Raises:
            ConfigurationError: an argument cannot be right.
            FleetDatabaseError: the database cannot be used.
        """
        await self._ready()
        age = None if older_than is None else seconds("older_than", older_than, or_none=True)
        found = await self._query(self._store.find, states_of(state), mode_of(mode), age, whole("most", most))
        return [FleetRecording.from_row(row) for row in found]

    async def counts(self) -> dict[str, int]:
        """How many there are in each state; ``workers``; and ``requests``, ``takeovers``, ``handovers`` and ``losses``.

        Raises:
            FleetDatabaseError: the database cannot be used.
        """
        await self._ready()
        return await self._query(self._store.counts)

    async def watch(self) -> AsyncGenerator[FleetRecording, None]:
        """Each recording that changes from now on, as it is then; changes that come close together are one.

        Raises:
            FleetDatabaseError: the database cannot be used.
        """
        await self._ready()
        changes = Changes(self._store, self._query)
        await changes.begin()
        while True:
            await asyncio.sleep(_WATCH)
            async with aclosing(changes.look()) as found:
                async for row in found:
                    yield FleetRecording.from_row(row)

    def page(self) -> FleetPage:
        """An ASGI application: a page that shows what runs and waits and each recording's story, live, and can stop it.

        It has no login of its own: mount it behind yours. It can also be had by ``cloudrec fleet page``.

        Example::

            app.mount("/fleet", fleet.page())
        """
        from ._page import FleetPage

        return FleetPage(self._store, self._query, self._ready)

    def webhooks(self, secret: Secret, **options: Any) -> WebhookApp:
        """An ASGI application for the provider's webhooks: each event finds its recording, whoever holds it.

        An event is answered after it was written down, so that none is lost; a repeat is known by its notice ID.

        Example::

            app.mount("/webhooks", fleet.webhooks(secret))

        Args:
            secret: The secret of the project's notifications, or several.
            options: Those of :class:`cloudrec.webhooks.asgi.WebhookApp`, such as ``on_other``.
        """
        from ..webhooks.asgi import WebhookApp

        return WebhookApp(secret, self.feed, answer_first=False, **options)

    async def feed(self, event: Event) -> bool:
        """Takes in a webhook event that came another way; False where it is about no recording of this fleet.

        Raises:
            FleetDatabaseError: the database cannot be used.
        """
        given: object = event
        if not isinstance(given, Event):
            raise ConfigurationError(f"event: {type(event).__name__} (must be an Event, of cloudrec.webhooks.receive)")
        await self._ready()
        return await self._query(take_in, self._store, event)

    async def _ready(self) -> None:
        """Its tables are there."""
        if not self._is_ready:
            await self._query(self._store.prepare, self._requests)
            self._is_ready = True

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._store!r}, most={self._most})"


def take_in(store: Store, event: Event) -> bool:
    """Writes an event down for its recording; False where it is about none of these."""
    import json

    return store.take_in(event.notice_id, json.dumps(event.raw), event.sid, event.cname, event.uid) is not None


def unknown_key(key: object) -> FleetError:
    """There is no recording of that key."""
    return FleetError(f"fleet: {shown(key)}: no recording has this key", advice="It was removed, or never asked for.")


def unknown_names(missing: set[str]) -> Exception:
    """What a recipe needs, and nobody has."""
    from ..errors import RecipeError

    names = ", ".join(map(shown, sorted(missing)))
    return RecipeError(
        f"recipe: nothing has the name {names}, here or with a worker",
        advice='Give it before the fleet is entered: fleet.storage("a name", ...), fleet.secret("a name", ...).',
    )
