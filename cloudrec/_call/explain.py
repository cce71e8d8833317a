"""`explain`: what a failure means, what usually causes it, and what to do about it."""

import json
import re
from collections.abc import Iterator
from textwrap import fill
from typing import Any, NamedTuple, overload

from .._contract.document import operations
from .._contract.redact import shown
from .._contract.rule_texts import LISTED_VALUE, REQUIRED, TYPE
from .._contract.rules import rules
from ..errors import (
    CloudRecordingError,
    ConfigurationError,
    InvalidRequestError,
    InvalidResponseError,
    Problem,
    RecordingMayBeRunningError,
    ServiceError,
)
from .failures import CATALOGUE, GENERAL, RESULTS, Entry, Text, general, look_up
from .own_errors import OWN, Own
from .response import words_of

ENDPOINTS: tuple[str, ...] = tuple(operations())
# Words that are shorter say too little to look for them within the service's.
_LEAST_WORDS = 4
# A rule's text that is no longer stands in other texts, too.
_TELLING = 12
_TOLD = 60
_LONGEST = 200
_HIGHEST = 10**9


class Explanation(NamedTuple):
    """One meaning of a failure. ``str()`` gives it in lines of at most 80 characters, :meth:`text` in others."""

    title: str
    """Which failure: the call, HTTP status, code and reason, or the class of an error of the client itself."""
    meaning: str
    """What it means, in a sentence or two."""
    causes: tuple[str, ...]
    """What usually brings it about, the likeliest first."""
    advice: str
    """What to do about it; the same as in :attr:`CloudRecordingError.advice`."""
    error: str | None = None
    """Name of the exception that it is raised as; None where it is none."""
    retryable: bool = False
    """Whether the same call, sent again as it is, may succeed and does no harm."""
    is_known: bool = True
    """Whether it stands in the catalogue. If not, the rest is what can be said of any failure."""

    def text(self, width: int = 80) -> str:
        """All of it, in lines of at most so many characters."""
        lines = [fill(self.title, width), fill(self.meaning, width, initial_indent="  ", subsequent_indent="  ")]
        if self.causes:
            lines += ["", "  Usual causes"]
            lines += [fill(cause, width, initial_indent="  - ", subsequent_indent="    ") for cause in self.causes]
        lines += ["", "  What to do", fill(self.advice, width, initial_indent="  ", subsequent_indent="  ")]
        if self.error:
            again = "; may be sent again as it is" if self.retryable else ""
            lines += ["", fill(f"Raised as {self.error}{again}.", width, initial_indent="  ", subsequent_indent="  ")]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


class Explanations(tuple[Explanation, ...]):
    """All meanings of a failure, one or more; the particular stand before the general. ``str()`` reads well."""

    __slots__ = ()

    @property
    def is_known(self) -> bool:
        """Whether the failure stands in the catalogue."""
        return any(explanation.is_known for explanation in self)

    def text(self, width: int = 80) -> str:
        """All of them, in lines of at most so many characters."""
        return "\n\n".join(explanation.text(width) for explanation in self)

    def __str__(self) -> str:
        return self.text()


@overload
def explain(failure: CloudRecordingError | type[CloudRecordingError], /) -> Explanations: ...


@overload
def explain(
    code: int | str | None = None,
    *,
    http_status: int | None = None,
    endpoint: str | None = None,
    reason: str | None = None,
) -> Explanations: ...


def explain(
    code: CloudRecordingError | type[CloudRecordingError] | int | str | None = None,
    *,
    http_status: int | None = None,
    endpoint: str | None = None,
    reason: str | None = None,
) -> Explanations:
    """What a failure means, what usually causes it, and what to do about it::

        print(cloudrec.explain(432))
        print(cloudrec.explain(404, endpoint="stop"))
        print(cloudrec.explain("request_hash mismatch!"))
        print(cloudrec.explain("TaskNotFoundError"))
        print(cloudrec.explain(error))

    Give what is known; what is left out may be anything. A code that means different things in different calls is
    explained in all its meanings. What is not in the catalogue gives one explanation that says so, with what holds for
    any such failure, and :attr:`Explanations.is_known` False; nothing is raised for it.

    Args:
        code: The service's number for the failure, or an error of this package. Without `http_status` the number may
            also be an HTTP status; words are a reason, the JSON of an answer, the name of an exception, or a line of
            a log that holds the name or the text of one.
        http_status: HTTP status of the answer.
        endpoint: ``acquire``, ``start``, ``query``, ``update``, ``updateLayout``, ``stop`` or ``ncsIps``.
        reason: The service's words for it, or a part of them.

    Raises:
        InvalidRequestError: nothing is given, or something that is none of that.
    """
    if isinstance(code, CloudRecordingError):
        return Explanations(_of_error(code))
    if isinstance(code, type) and issubclass(code, CloudRecordingError):
        code = code.__name__
    if isinstance(code, str):
        read = _read(code)
        if read.own and http_status is None and reason is None:
            return Explanations(read.own)
        code, reason = read.facts.code, f"{read.facts.reason} {reason or ''}".strip()
        http_status, endpoint = http_status or read.facts.http_status, endpoint or read.facts.endpoint
    _check(code, http_status, endpoint, reason)
    facts = _Facts(code, http_status, endpoint, reason.strip() if reason else "")
    found = [entry for entry in _ALL if facts.fit(entry)]
    if code is not None and http_status is None:
        as_status = [entry for entry in _ALL if facts._replace(code=None, http_status=code).fit(entry)]
        if len(as_status) > _MANY:
            as_status = [entry for entry in as_status if entry.code is None]
        found += as_status
    # Where the words decide, what the code alone would mean is of no interest.
    found = [entry for entry in found if facts.has_words_of(entry)] or found
    # What a call is known to mean by it, any call does not mean beside that.
    own = {(entry.http_status, entry.code) for entry in found if entry.endpoint is not None and entry.reason is None}
    if endpoint is not None:
        found = [entry for entry in found if entry.endpoint is not None or (entry.http_status, entry.code) not in own]
    # One text under several statuses needs to be read once.
    told: dict[tuple[str | None, Text], Entry] = {}
    for entry in found:
        told.setdefault((entry.endpoint, entry.text), entry)
    return Explanations(map(_of_entry, told.values())) if told else Explanations([_unknown(facts)])


_EXCEPTION = re.compile(r"(?:\w+\.)*([A-Z]\w*(?:Error|Exception|Warning)): ")


class _Read(NamedTuple):
    """What stands in words that somebody has read: in a log, an answer, a traceback."""

    facts: "_Facts"
    own: tuple[Explanation, ...] = ()
    """What they mean, where they are an exception's name, or the text of an error of the client itself."""


def _read(text: str) -> _Read:
    text = text.strip()
    if _is_number(text):
        return _Read(_Facts(int(text), None, None, ""))
    if (answer := _json(text)) is not None:
        code = str(answer.get("code"))
        return _Read(_Facts(int(code) if _is_number(code) else None, None, None, words_of(answer) or text))
    # Of a line such as "start: task conflict (HTTP 400, code 53, …)" everything is used.
    call = re.search(rf"(?:^|\s)({'|'.join(ENDPOINTS)}): ", text)
    status, number = re.search(r"\bHTTP (\d{3})\b", text), re.search(r"\bcode (\d{1,9})\b", text)
    words = text[call.end() :] if call else text
    facts = _Facts(
        int(number[1]) if number else None, int(status[1]) if status else None, call[1] if call else None, words
    )
    other = _EXCEPTION.match(text)
    is_of_others = other is not None and other[1] not in OWN and other[1] not in _RAISED
    shaped = [] if is_of_others else [(name, own) for name, own in OWN.items() if own.has(text)]
    if call and status and not any(facts.has_words_of(entry) for entry in _ALL):
        facts = facts._replace(reason="")  # words of ours, where the service sent none
    # The service's words are its own; a class is known by its name, with or without its text behind it.
    if not shaped[:1] and any(facts.has_words_of(entry) for entry in _ALL):
        return _Read(facts)
    if (kind := _class_named(text)) and (status is None or kind not in _RAISED):
        return _Read(facts, tuple(_of_class(kind)))
    broken = tuple(dict.fromkeys(rule.words for rule in rules() if _is_told(rule.words, text)))
    if broken and not shaped:
        shaped = [(InvalidRequestError.__name__, OWN[InvalidRequestError.__name__])]
    if not shaped:
        return _Read(facts)
    name, own = shaped[0]
    told = [_of_own(name, own)]
    if name == InvalidRequestError.__name__ and broken:
        told = [told[0]._replace(causes=broken)]
    elif name == InvalidRequestError.__name__ and facts.endpoint is None:
        # Both are raised for what breaks a rule, and look alike.
        told.append(_of_own(ConfigurationError.__name__, OWN[ConfigurationError.__name__]))
    if name == RecordingMayBeRunningError.__name__ and facts.http_status is not None:
        # Two things to know: that one may be running, and what came last.
        told += explain(facts.code, http_status=facts.http_status, endpoint="start", reason=words)
    return _Read(facts, tuple(told))


def _json(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_told(rule: str, text: str) -> bool:
    # An error's text has no room for the whole of a long one.
    return len(rule) > _TELLING and rule[:_TOLD] in text


def _class_named(text: str) -> str | None:
    """The exception that is named: ``TaskNotFoundError``, anywhere in a line; or as a whole, "task not found"."""
    for found in re.finditer(r"\b[A-Z][A-Za-z]+\b", text):
        name: str = found[0]
        if name in OWN or name in _RAISED:
            return name
    whole = re.sub(r"[\s_-]+", "", text).lower().removesuffix("error")
    return next((name for name in (*_RAISED, *OWN) if name.lower().removesuffix("error") == whole), None)


def _of_class(name: str) -> Iterator[Explanation]:
    """All that is raised as this, by the service and by the client."""
    told: dict[tuple[str | None, Text], Entry] = {}
    for entry in _RAISED.get(name, ()):
        told.setdefault((entry.endpoint, entry.text), entry)
    yield from map(_of_entry, told.values())
    if name in OWN:
        yield _of_own(name, OWN[name])


def _of_own(name: str, own: Own) -> Explanation:
    return Explanation(name, *own.text, name)


_ALL = (*CATALOGUE, *RESULTS, *GENERAL)
_RAISED: dict[str, list[Entry]] = {}
for _entry in _ALL:
    if _entry not in RESULTS:
        _RAISED.setdefault(_entry.error.__name__, []).append(_entry)
# Where a status has more meanings than this, only those are told that have nothing but the status.
_MANY = 10


def _is_number(text: str) -> bool:
    # What is longer is no code.
    return re.fullmatch(r"\s*[0-9]{1,9}\s*", text) is not None


def _check(code: object, http_status: object, endpoint: object, reason: object) -> None:
    problems = []
    for name, value in (("code", code), ("http_status", http_status)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or abs(value) > _HIGHEST):
            problems.append(
                Problem(name, f"of type {type(value).__name__}", "must be a whole number of some digits", TYPE)
            )
    if endpoint is not None and endpoint not in ENDPOINTS:
        problems.append(
            Problem(
                "endpoint", shown(endpoint), f"must be {', '.join(ENDPOINTS[:-1])} or {ENDPOINTS[-1]}", LISTED_VALUE
            )
        )
    if reason is not None and not isinstance(reason, str):
        problems.append(Problem("reason", f"of type {type(reason).__name__}", "must be a string", TYPE))
    is_empty = reason is None or (isinstance(reason, str) and not reason.strip())
    if not problems and code is None and http_status is None and endpoint is None and is_empty:
        problems.append(Problem("code", "missing", "must be given, or else http_status, endpoint or reason", REQUIRED))
    if problems:
        raise InvalidRequestError.of("explain", problems)


class _Facts(NamedTuple):
    """What is known of a failure. None, and no reason, stand for not known."""

    code: int | None
    http_status: int | None
    endpoint: str | None
    reason: str

    def fit(self, entry: Entry) -> bool:
        """Whether an entry is one that these facts speak of."""
        if self.endpoint is not None and entry.endpoint not in (None, self.endpoint):
            return False
        if self.http_status is not None and entry.http_status not in (None, self.http_status):
            return False
        if self.code is not None:
            # What is known by its words alone comes with whatever code.
            by_words = self.has_words_of(entry)
            return (entry.code is None and by_words) or (
                entry.code == self.code and (not self.reason or by_words or not entry.reason)
            )
        if self.reason:
            return self.has_words_of(entry)
        # By the status, or else by the call alone.
        return (entry.http_status if self.http_status is not None else entry.endpoint) is not None

    def has_words_of(self, entry: Entry) -> bool:
        """Whether the reason is, or holds, or is a part of, what the service says there."""
        words = self.reason.lower()
        says = [known.lower() for known in (entry.reason, entry.says) if known]
        return bool(words) and any(said in words or (len(words) >= _LEAST_WORDS and words in said) for said in says)


def _unknown(facts: _Facts) -> Explanation:
    parts = [facts.endpoint] if facts.endpoint else []
    parts += [f"HTTP {facts.http_status}"] if facts.http_status is not None else []
    parts += [f"code {facts.code}"] if facts.code is not None else []
    parts += [repr(facts.reason[:_LONGEST])] if facts.reason else []
    text = general(facts.endpoint, facts.http_status).text
    title = f"{', '.join(parts)}: not in the catalogue"
    return Explanation(title, text.meaning, text.causes, text.advice, is_known=False)


def _of_entry(entry: Entry) -> Explanation:
    parts = [entry.endpoint or "any call"]
    parts += [f"HTTP {entry.http_status}"] if entry.http_status is not None else []
    parts += [f"code {entry.code}"] if entry.code is not None else []
    title = ", ".join(parts) + (f": {entry.says}" if entry.says else "")
    error = None if entry in RESULTS else entry.error.__name__
    return Explanation(title, *entry.text, error, entry.retryable, is_known=entry not in GENERAL)


def _of_error(error: CloudRecordingError) -> Iterator[Explanation]:
    kind = type(error).__name__
    if isinstance(error, InvalidRequestError):
        title = f"{kind}: {error.endpoint}" if error.endpoint else kind
        meaning = "What was given breaks these rules. Nothing was sent."
        advice = f"{error.advice} What each field may be stands in docs/rules.md, and `cloudrec rules` tells it."
        yield Explanation(title, meaning, tuple(map(str, error.problems)), advice.strip(), kind)
        return
    # Some know what brought themselves about better than any catalogue.
    own: tuple[str, ...] = getattr(error, "causes", ())
    has_answer = error.endpoint is not None and error.http_status is not None
    if own or not has_answer or not isinstance(error, ServiceError):
        known = (OWN[of.__name__].text for of in type(error).__mro__ if of.__name__ in OWN)
        text = next(known)
        meaning = str(error) if text is OWN[CloudRecordingError.__name__].text else text.meaning
        yield Explanation(kind, meaning, own or text.causes, error.advice or text.advice, kind, error.retryable)
    if has_answer and not own and not isinstance(error, InvalidResponseError):
        yield _of_answer(error)


def _of_answer(error: CloudRecordingError) -> Explanation:
    assert error.endpoint is not None
    assert error.http_status is not None
    entry = look_up(error.endpoint, error.http_status, error.code, error.reason)
    if entry in CATALOGUE:
        return _of_entry(entry)
    code = error.code if isinstance(error.code, int) else None
    facts = _Facts(code, error.http_status, error.endpoint, error.reason or "")
    return _unknown(facts)._replace(error=entry.error.__name__, retryable=entry.retryable)
