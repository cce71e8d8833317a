"""What a type checker knows of each call's result. Checked by mypy and pyright, never run."""

from typing import Any, assert_type

from cloudrec import (
    S3,
    AsyncCloudRecording,
    AsyncMixRecording,
    AsyncRecordingPair,
    AsyncWebRecording,
    CloudRecording,
    IndividualRecipe,
    IndividualRecording,
    MixRecipe,
    MixRecording,
    Mode,
    Named,
    RawRecording,
    Recipe,
    RecordingPair,
    RecordingResult,
    RecordingStatus,
    WebRecipe,
    WebRecording,
    grid,
)
from cloudrec.answers import (
    IndividualQuery,
    IndividualStop,
    MixQuery,
    MixStop,
    RawQuery,
    RawStop,
    RecordedFile,
    WebQuery,
    WebStop,
)
from cloudrec.results import (
    AcquireResult,
    NcsIpsResult,
    QueryResult,
    StartResult,
    StopResult,
    UpdateLayoutResult,
    UpdateResult,
)

AnyQuery = IndividualQuery | RawQuery | MixQuery | WebQuery
AnyStop = IndividualStop | RawStop | MixStop | WebStop


def by_mode(client: CloudRecording) -> None:
    """Each mode's calls return that mode's types."""
    assert_type(client.individual.query("r", "s"), QueryResult[IndividualQuery])
    assert_type(client.raw.query("r", "s"), QueryResult[RawQuery])
    assert_type(client.raw.stop("r", "s", "c", 1), StopResult[RawStop])
    assert_type(client.mix.query("r", "s"), QueryResult[MixQuery])
    assert_type(client.web.query("r", "s"), QueryResult[WebQuery])
    assert_type(client.individual.stop("r", "s", "c", 1), StopResult[IndividualStop])
    assert_type(client.mix.stop("r", "s", "c", 1, async_stop=True), StopResult[MixStop])
    assert_type(client.web.stop("r", "s", "c", "1"), StopResult[WebStop])
    assert_type(client.mix.query("r", "s").server_response, MixQuery)


def by_argument(client: CloudRecording, mode: str, member: Mode) -> None:
    """The client's own calls know the types from the mode that they are given."""
    assert_type(client.query("r", "s", "individual"), QueryResult[IndividualQuery])
    assert_type(client.query("r", "s", Mode.MIX), QueryResult[MixQuery])
    assert_type(client.query("r", "s", "raw"), QueryResult[RawQuery])
    assert_type(client.stop("r", "s", Mode.RAW, "c", 1), StopResult[RawStop])
    assert_type(client.query("r", "s", "web"), QueryResult[WebQuery])
    assert_type(client.query("r", "s", mode), QueryResult[AnyQuery])
    assert_type(client.stop("r", "s", Mode.INDIVIDUAL, "c", 1), StopResult[IndividualStop])
    assert_type(client.stop("r", "s", "mix", "c", 1), StopResult[MixStop])
    assert_type(client.stop("r", "s", Mode.WEB, "c", 1), StopResult[WebStop])
    assert_type(client.stop("r", "s", mode, "c", 1), StopResult[AnyStop])


def others(client: CloudRecording) -> None:
    """The other calls, and fields of results."""
    acquired = client.acquire("c", 1)
    assert_type(acquired, AcquireResult)
    assert_type(acquired.resource_id, str)
    assert_type(acquired.request_id, str | None)
    started = client.mix.start(acquired.resource_id, "c", 1, storage_config={"vendor": 1})
    assert_type(started, StartResult)
    assert_type(started.sid, str)
    assert_type(client.update("r", "s", "mix", "c", 1), UpdateResult)
    assert_type(client.update_layout("r", "s", "mix", "c", 1), UpdateLayoutResult)
    assert_type(client.ncs_ips(), NcsIpsResult)
    assert_type(client.ncs_ips().addresses, tuple[str, ...])
    assert_type(client.mix.query("r", "s").status, RecordingStatus | int | None)
    assert_type(client.mix.stop("r", "s", "c", 1).nothing_recorded, bool)
    with client as same:
        assert_type(same, CloudRecording)


async def async_calls(client: AsyncCloudRecording, mode: str) -> None:
    """The async client knows the same."""
    assert_type(await client.individual.query("r", "s"), QueryResult[IndividualQuery])
    assert_type(await client.raw.query("r", "s"), QueryResult[RawQuery])
    assert_type(await client.query("r", "s", "mix"), QueryResult[MixQuery])
    assert_type(await client.query("r", "s", mode), QueryResult[AnyQuery])
    assert_type(await client.stop("r", "s", Mode.WEB, "c", 1), StopResult[WebStop])
    assert_type(await client.mix.update_layout("r", "s", "c", 1), UpdateLayoutResult)
    async with client as same:
        assert_type(same, AsyncCloudRecording)


def recordings(client: CloudRecording, many: int) -> None:
    """A recording, or a pair of them, as it was asked for."""
    storage = {"vendor": 1}
    assert_type(client.mix.record("c", storage=storage), MixRecording)
    assert_type(client.mix.record("c", storage=storage, redundancy=1, files=["hls"], uid=7), MixRecording)
    pair = client.mix.record("c", storage=storage, redundancy=2, confirm=False)
    assert_type(pair, RecordingPair[MixRecording])
    assert_type(pair.first, MixRecording)
    assert_type(pair.spare, MixRecording | None)
    assert_type(pair.layout(grid(4)), UpdateLayoutResult)
    assert_type(pair.stop(), tuple[RecordingResult, ...])
    assert_type(client.mix.record("c", storage=storage, redundancy=many), MixRecording | RecordingPair[MixRecording])
    page = client.web.record("c", "https://example.com", max_recording_hour=1, storage=storage, redundancy=2)
    assert_type(page.pause(), UpdateResult)
    assert_type(client.individual.record("c", storage=storage, redundancy=2).first, IndividualRecording)
    with client.mix.record("c", storage=storage, redundancy=2) as same:
        assert_type(same, RecordingPair[MixRecording])


def recipes(client: CloudRecording, recipe: Recipe) -> None:
    """A recipe's recording is of its mode."""
    mix = MixRecipe(storage="lessons", token=Named("school"), encryption="ward", layout=grid(4), files=["hls"])
    web = WebRecipe(Named("page"), max_recording_hour=1, storage={"vendor": 1}, push_to=Named("push"))
    assert_type(client.record(mix, "c", secrets={"lessons": {"vendor": 1}}), MixRecording)
    assert_type(client.record(web, "c", redundancy=2, confirm=False), RecordingPair[WebRecording])
    assert_type(client.record(IndividualRecipe(storage="a"), "c"), IndividualRecording)
    assert_type(MixRecipe.from_dict({}), MixRecipe)
    assert_type(Recipe.from_toml(""), Recipe)
    assert_type(mix.replace(uid=7), MixRecipe)
    assert_type(
        client.record(recipe, "c"),
        IndividualRecording | RawRecording | MixRecording | WebRecording | RecordingPair[Any],
    )


async def async_recordings(client: AsyncCloudRecording, many: int) -> None:
    """The async client knows the same."""
    storage = {"vendor": 1}
    assert_type(await client.mix.record("c", storage=storage), AsyncMixRecording)
    assert_type(await client.mix.record("c", storage=storage, redundancy=2), AsyncRecordingPair[AsyncMixRecording])
    assert_type(await client.record(MixRecipe(storage="a"), "c"), AsyncMixRecording)
    either = await client.mix.record("c", storage=storage, redundancy=many)
    assert_type(either, AsyncMixRecording | AsyncRecordingPair[AsyncMixRecording])
    async with client.web.record("c", "https://example.com", max_recording_hour=1, storage=storage) as recording:
        assert_type(recording, AsyncWebRecording)


def functions(client: CloudRecording) -> None:
    """What gives storage and tokens is known by what it gives."""

    def storage() -> S3:
        raise NotImplementedError

    def token(cname: str, uid: int) -> str:
        raise NotImplementedError

    assert_type(client.mix.record("c", storage=storage, token=token), MixRecording)
    assert_type(client.mix.attach({}, storage=storage), MixRecording)


async def async_functions(client: AsyncCloudRecording) -> None:
    """They may be async for the async client."""

    async def storage() -> dict[str, int]:
        raise NotImplementedError

    async def token(cname: str, uid: int) -> str:
        raise NotImplementedError

    assert_type(await client.mix.record("c", storage=storage, token=token), AsyncMixRecording)


def widening(client: CloudRecording) -> None:
    """A result of one mode is a result of any mode."""
    result: QueryResult[AnyQuery] = client.mix.query("r", "s")
    assert_type(result.request_id, str | None)


def files(file: RecordedFile) -> None:
    """A file's name is always there."""
    assert_type(file.name, str)
    assert_type(file.uid, str | None)
