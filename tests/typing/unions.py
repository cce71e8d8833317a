"""Every shape of an answer can be told apart by `match`, and a checker notices one that is left out."""

from typing import assert_never

from cloudrec import CloudRecording
from cloudrec.answers import (
    AlreadyStopped,
    IndividualQuery,
    IndividualStop,
    MixQuery,
    MixStop,
    NothingRecorded,
    QueryCdnPush,
    QueryIndividualRecording,
    QueryIndividualScreenshots,
    QueryMixHls,
    QueryMixHlsAndMp4,
    QueryRawRecording,
    QueryRawScreenshots,
    QueryServices,
    QueryWebRecording,
    RawQuery,
    RawStop,
    RtmpPublisher,
    Service,
    StopIndividualRecording,
    StopIndividualScreenshots,
    StopMixHls,
    StopMixHlsAndMp4,
    StopRawRecording,
    StopRawScreenshots,
    StopServices,
    StopUpload,
    StopWebRecording,
    Unknown,
    UnknownService,
    Uploader,
    WebQuery,
    WebRecorder,
    WebStop,
)


def individual(query: IndividualQuery, stop: IndividualStop) -> None:
    """`individual` mode."""
    match query:
        case QueryIndividualRecording() | QueryIndividualScreenshots() | QueryServices() | Unknown():
            pass
        case _:
            assert_never(query)
    match stop:
        case StopIndividualRecording() | StopIndividualScreenshots() | StopServices():
            pass
        case NothingRecorded() | AlreadyStopped() | Unknown():
            pass
        case _:
            assert_never(stop)


def raw(query: RawQuery, stop: RawStop) -> None:
    """`raw` mode."""
    match query:
        case QueryRawRecording() | QueryRawScreenshots() | QueryServices() | Unknown():
            pass
        case _:
            assert_never(query)
    match stop:
        case (
            StopRawRecording()
            | StopRawScreenshots()
            | StopServices()
            | NothingRecorded()
            | AlreadyStopped()
            | Unknown()
        ):
            pass
        case _:
            assert_never(stop)


def mix(query: MixQuery, stop: MixStop) -> None:
    """`mix` mode."""
    match query:
        case QueryMixHls() | QueryMixHlsAndMp4():
            print(query.files)
        case QueryServices():
            print(query.services)
        case Unknown():
            print(query.raw)
        case _:
            assert_never(query)
    match stop:
        case StopMixHls() | StopMixHlsAndMp4() | StopServices() | NothingRecorded() | AlreadyStopped() | Unknown():
            pass
        case _:
            assert_never(stop)


def web(query: WebQuery, stop: WebStop) -> None:
    """`web` mode."""
    match query:
        case QueryWebRecording() | QueryCdnPush() | QueryServices() | Unknown():
            pass
        case _:
            assert_never(query)
    match stop:
        case StopWebRecording() | StopUpload() | StopServices() | NothingRecorded() | AlreadyStopped() | Unknown():
            pass
        case _:
            assert_never(stop)


def services(service: Service) -> None:
    """Parts of a web recording."""
    match service:
        case WebRecorder() | RtmpPublisher() | Uploader() | UnknownService():
            pass
        case _:
            assert_never(service)


def left_out(client: CloudRecording) -> None:
    """A shape that is left out is an error."""
    answer = client.mix.query("r", "s").server_response
    match answer:
        case QueryMixHls():
            pass
        case Unknown():
            pass
        case _:
            assert_never(answer)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
