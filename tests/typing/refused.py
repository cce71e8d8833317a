"""Calls that a type checker refuses. An ignore that is not needed any more is an error of its own."""

from cloudrec import (
    Area,
    AsyncCloudRecording,
    BasicAuth,
    CloudRecording,
    MixRecipe,
    SnapshotConfig,
    SnapshotFileType,
    StorageConfig,
    WebRecipe,
)

STORAGE = StorageConfig(vendor=1, region=0, bucket="b", access_key="a", secret_key="s")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
SHOTS = SnapshotConfig(file_type=[SnapshotFileType.JPG])


def other_modes(client: CloudRecording) -> None:
    """What a mode does not take."""
    client.web.update_layout("r", "s", "c", 1)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    client.individual.update_layout("r", "s", "c", 1)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    client.mix.start("r", "c", 1, storage_config=STORAGE, snapshot_config=SHOTS)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.web.start("r", "c", 1, storage_config=STORAGE)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.individual.start("r", "c", 1, storage_config=STORAGE, extension_service_config={})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.mix.start("r", "c", 1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.raw.record("c", storage=STORAGE, stream_mode="standard")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.raw.start("r", "c", 1, storage_config=STORAGE, extension_service_config={})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.mix.acquire("c", 1, deferred_transcoding=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.update_layout("r", "s", "web", "c", 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.web.update("r", "s", "c", 1, stream_subscribe={})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def options(client: CloudRecording) -> None:
    """Options are given by name, and are what they say."""
    CloudRecording("app", BasicAuth("a", "b"), Area.EU)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    CloudRecording("app", ("a", "b"), area=Area.EU)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.mix.stop("r", "s", "c", 1, True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.acquire("c", 1.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.mix.start("r", "c", 1, storage_config=SHOTS)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def records(client: CloudRecording) -> None:
    """What a `record` does not take, or cannot do without, and what a pair cannot do."""
    client.mix.record("c")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.mix.record("c", storage=STORAGE, snapshots={})  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.mix.record("c", storage=STORAGE, redundency=2)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.mix.record("c", storage=STORAGE, max_idle_time="5")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.web.record("c", "https://example.com", storage=STORAGE)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.mix.record("c", storage=lambda: 5)  # type: ignore[arg-type, return-value]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.mix.record("c", storage=STORAGE, token=lambda cname: "T")  # type: ignore[arg-type, misc]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.mix.record("c", storage="a name")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.record(MixRecipe(storage="a", layuot=1), "c")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    MixRecipe(storage="a", max_idle_time="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    WebRecipe("https://example.com", storage="a")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.mix.record("c", storage=STORAGE, redundancy=2).pause()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    client.mix.record("c", storage=STORAGE, redundancy=2).query()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


async def wrong_with(client: AsyncCloudRecording) -> None:
    """The async client is entered with `async with`."""
    with client:  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues, reportAttributeAccessIssue]
        pass
