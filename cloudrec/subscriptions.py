"""Subscriptions: whose audio and whose video a recording takes.

Four words, for each medium apart::

    client.mix.record("lesson-42", ..., audio=everyone(), video=only(101, 102))

On the wire a list for one medium alone turns the other medium off. Said in these words, that cannot happen unawares: a
medium that is not spoken of is ``everyone()``, and only ``nobody()`` turns one off.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from cloudrec_api.models.stream_types import StreamTypes

from ._contract.checker import check, is_carried
from ._contract.document import component
from ._contract.redact import shown
from ._contract.rule_texts import COUNT, MEDIUM_OFF, NEITHER_MEDIUM, TYPE
from .errors import InvalidRequestError, Problem

# In a list of the service, this stands for everyone.
_ALL_STREAMS = "#allstream#"
# The medium that a recording with these stream types does without.
_LEFT_OUT: dict[int, str] = {StreamTypes.AUDIO_ONLY: "video", StreamTypes.VIDEO_ONLY: "audio"}


def _texts(uids: Iterable[int | str]) -> tuple[str, ...]:
    """User IDs as they are on the wire. What is none stays as it is, for the check."""
    # Something else than a list is its own only item, for the check.
    if isinstance(uids, (str, bytes, Mapping)) or not isinstance(uids, Iterable):
        return (_text(uids),)
    return tuple(map(_text, uids))


def _text(uid: Any) -> Any:
    # True is a number to Python.
    return str(int(uid)) if isinstance(uid, int) and not isinstance(uid, bool) and is_carried(uid) else uid


@frozen(repr=False)
class Subscription:
    """Whose stream of one medium is recorded. Made by :func:`everyone`, :func:`only`, :func:`everyone_but` and
    :func:`nobody`.

    The order of user IDs makes no difference to whether two are equal.
    """

    # A set for comparing and a tuple for showing: people want their lists back in the order that they wrote.
    uids: tuple[str, ...] = field(default=(), converter=_texts, eq=frozenset)
    """The users who are named, as decimal strings."""
    all_others: bool = False
    """Whether everyone is recorded but those who are named, and not only those."""

    def __attrs_post_init__(self) -> None:
        word = "everyone_but" if self.all_others else "only"
        users = component("UnsubscribedUids" if self.all_others else "SubscribedUids")
        # Nothing but user IDs, although a list of the service may name everyone: there is a word for that here.
        listed = {name: users[name] for name in ("type", "maxItems", "x-name", "x-named-once")}
        schema = {**listed, "items": component("UserUid")}
        problems = check(self.uids, schema, "uids")
        if any(isinstance(uid, (list, tuple, set, frozenset, range)) for uid in self.uids):
            # The likeliest mistake.
            problems.append(
                Problem("uids", "a list in it", f"must be given one by one; for a list write {word}(*uids)", TYPE)
            )
        problems += check(self.all_others, {"type": "boolean"}, "all_others")
        if problems:
            raise InvalidRequestError.of(word, problems)

    def takes(self, uid: int | str) -> bool:
        """Whether this user's stream is recorded."""
        return (str(uid) in self.uids) != self.all_others

    def __repr__(self) -> str:
        if not self.uids:
            return "everyone()" if self.all_others else "nobody()"
        return f"{'everyone_but' if self.all_others else 'only'}({', '.join(map(repr, self.uids))})"


def everyone() -> Subscription:
    """Everyone in the channel, now and later.

    The service records the 17 users who came first; when one of them leaves, the next one takes the place.
    """
    return Subscription(all_others=True)


def only(*uids: int | str) -> Subscription:
    """These users and nobody else.

    Args:
        uids: 1 to 32 user IDs, each a whole number from 1 to 4294967295 or that as a string, none of them twice. They
            need not be in the channel yet.

    Raises:
        InvalidRequestError: they are not that.
    """
    if not uids:
        rule = "must name at least one user; for no one at all there is nobody()"
        raise InvalidRequestError.of("only", [Problem("uids", "()", rule, COUNT)])
    return Subscription(uids)


def everyone_but(*uids: int | str) -> Subscription:
    """Everyone in the channel, now and later, without these users. With no users it is ``everyone()``.

    Args:
        uids: Up to 32 user IDs, each a whole number from 1 to 4294967295 or that as a string, none of them twice.

    Raises:
        InvalidRequestError: they are not that.
    """
    return Subscription(uids, all_others=True)


def nobody() -> Subscription:
    """No one: the medium is not recorded.

    A recording that was *started* without a medium never takes it: the service refuses to turn it on by an update. To
    leave it open, give the start ``stream_types=StreamTypes.AUDIO_AND_VIDEO`` beside ``nobody()``.
    """
    return Subscription()


# ------------------------------------------------------------------------------------------------- on the wire


def for_start(
    audio: Subscription | None, video: Subscription | None, stream_types: int | None = None
) -> dict[str, Any]:
    """The fields of a ``recordingConfig`` that say so, beside its ``streamTypes`` where it has them already.

    None for one medium means everyone, unless ``stream_types`` leaves that medium out. None for both says
    nothing, which the service takes for everyone.
    """
    if audio is None and video is None:
        return {}
    if audio is None:
        audio = nobody() if stream_types == StreamTypes.VIDEO_ONLY else everyone()
    if video is None:
        video = nobody() if stream_types == StreamTypes.AUDIO_ONLY else everyone()
    _check("start", audio, video, stream_types)
    fields: dict[str, Any] = {**_list("Audio", audio), **_list("Video", video)}
    # What is off is said to be off, and not left to follow from a list that is missing, unless that is asked for.
    if stream_types is None and video == nobody():
        fields["streamTypes"] = int(StreamTypes.AUDIO_ONLY)
    elif stream_types is None and audio == nobody():
        fields["streamTypes"] = int(StreamTypes.VIDEO_ONLY)
    return fields


def for_update(audio: Subscription, video: Subscription, stream_types: int | None = None) -> dict[str, Any]:
    """The ``streamSubscribe`` that says so, of a recording that was started with these ``stream_types``.

    Both media are always spoken of; what is left out is off, and meant to be.
    """
    _check("update", audio, video, stream_types)
    lists = {"audioUidList": _list("Audio", audio), "videoUidList": _list("Video", video)}
    return {name: uids for name, uids in lists.items() if uids}


def of_recording_config(config: Mapping[str, Any]) -> tuple[Subscription, Subscription]:
    """Whose audio and whose video a ``recordingConfig``, as it is on the wire, means. It need not keep the rules."""
    audio, video = _read("Audio", config), _read("Video", config)
    # With no list at all everyone is recorded; a list for one medium turns the other off.
    unlisted = everyone() if audio is None and video is None else nobody()
    stream_types = config.get("streamTypes")
    return (
        nobody() if stream_types == StreamTypes.VIDEO_ONLY else audio or unlisted,
        nobody() if stream_types == StreamTypes.AUDIO_ONLY else video or unlisted,
    )


def _check(endpoint: str, audio: Any, video: Any, stream_types: int | None) -> None:
    given = {"audio": audio, "video": video}
    problems = [
        Problem(
            name, f"of type {type(value).__name__}", "must be everyone(), only(…), everyone_but(…) or nobody()", TYPE
        )
        for name, value in given.items()
        if not isinstance(value, Subscription)
    ]
    if not problems and audio == video == nobody():
        # No list for either medium would be the service's word for everyone.
        problems = [
            Problem(
                "audio, video", "nobody()", "a recording takes audio or video; one of them must be on", NEITHER_MEDIUM
            )
        ]
    off = _LEFT_OUT.get(stream_types) if isinstance(stream_types, int) else None
    if not problems and off is not None and given[off] != nobody():
        rule = f"must be nobody(): a recording with streamTypes {stream_types:d} takes no {off}"
        problems = [Problem(off, shown(given[off]), rule, MEDIUM_OFF)]
    if problems:
        raise InvalidRequestError.of(endpoint, problems)


def _list(medium: str, subscription: Subscription) -> dict[str, list[str]]:
    """The list of one medium; empty for nobody."""
    if subscription.all_others:
        if subscription.uids:
            return {f"unSubscribe{medium}Uids": list(subscription.uids)}
        return {f"subscribe{medium}Uids": [_ALL_STREAMS]}
    return {f"subscribe{medium}Uids": list(subscription.uids)} if subscription.uids else {}


def _read(medium: str, lists: Mapping[str, Any]) -> Subscription | None:
    """What the lists of one medium mean; None where there is none."""
    taken, left_out = lists.get(f"subscribe{medium}Uids"), lists.get(f"unSubscribe{medium}Uids")
    if isinstance(taken, (list, tuple)):
        return everyone() if _ALL_STREAMS in taken else _unchecked(taken, all_others=False)
    if isinstance(left_out, (list, tuple)):
        return _unchecked(left_out, all_others=True)
    return None


def _unchecked(uids: Iterable[Any], *, all_others: bool) -> Subscription:
    """Of a request that the service has taken, or is to take unchecked: it may name somebody twice, or too many."""
    made = Subscription.__new__(Subscription)
    object.__setattr__(made, "uids", tuple(dict.fromkeys(map(str, uids))))
    object.__setattr__(made, "all_others", all_others)
    return made
