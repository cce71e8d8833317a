"""`explain`: what a failure means, what usually causes it, and what to do about it."""

import re
from collections.abc import Iterator
from textwrap import fill
from typing import NamedTuple, overload

from .._contract.document import operations
from .._contract.redact import shown
from .._contract.rule_texts import LISTED_VALUE, REQUIRED, TYPE
from ..errors import (
    ClientClosedError,
    CloudRecordingError,
    ConfigurationError,
    InvalidRequestError,
    InvalidResponseError,
    NetworkError,
    Problem,
    RecordingMayBeRunningError,
    RequestTimeoutError,
)
from .failures import CATALOGUE, GENERAL, RESULTS, Entry, Text, general, look_up

ENDPOINTS: tuple[str, ...] = tuple(operations())
# Words that are shorter say too little to look for them within the service's.
_LEAST_WORDS = 4
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
def explain(failure: CloudRecordingError, /) -> Explanations: ...


@overload
def explain(
    code: int | str | None = None,
    *,
    http_status: int | None = None,
    endpoint: str | None = None,
    reason: str | None = None,
) -> Explanations: ...


def explain(
    code: CloudRecordingError | int | str | None = None,
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
            also be an HTTP status; words are a reason, the name of an exception, or the text of one from a log.
        http_status: HTTP status of the answer.
        endpoint: ``acquire``, ``start``, ``query``, ``update``, ``updateLayout``, ``stop`` or ``ncsIps``.
        reason: The service's words for it, or a part of them.

    Raises:
        InvalidRequestError: nothing is given, or something that is none of that.
    """
    if isinstance(code, CloudRecordingError):
        return Explanations(_of_error(code))
    # Where the service says the same words, those are what was meant.
    if isinstance(code, str) and not any(_Facts(None, None, None, code).has_words_of(entry) for entry in _ALL):
        if (kind := _class_named(code)) is not None:
            return Explanations(_of_class(kind))
        if matched := _TEXT.match(code.strip()):
            # A text of one of our own, as it stands in a log.
            number, status = int(matched["code"]) if matched["code"] else None, int(matched["status"])
            return explain(number, http_status=http_status or status, endpoint=endpoint or matched["endpoint"])
    if isinstance(code, str):
        code, reason = (int(code), reason) if _is_number(code) else (None, f"{code} {reason or ''}".strip())
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


_TEXT = re.compile(
    rf"(?P<endpoint>{'|'.join(ENDPOINTS)}): (?P<words>.*?) \(HTTP (?P<status>\d{{3}})(?:, code (?P<code>\d{{1,9}}))?\b",
    re.DOTALL,
)


def _class_named(text: str) -> type[CloudRecordingError] | None:
    """The exception of this name: ``TaskNotFoundError``, or in words, ``task not found``."""
    text = text.strip().removeprefix("cloudrec.").removeprefix("errors.")
    words = re.sub(r"[\s_-]+", "", text).lower().removesuffix("error")
    classes: list[type[CloudRecordingError]] = [CloudRecordingError, *_below(CloudRecordingError)]
    return next((kind for kind in classes if kind.__name__.lower().removesuffix("error") == words), None)


def _below(kind: type[CloudRecordingError]) -> Iterator[type[CloudRecordingError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


def _of_class(kind: type[CloudRecordingError]) -> Iterator[Explanation]:
    """All that is raised as this; of one that the service does not bring about, what its class says."""
    told: dict[tuple[str | None, Text], Entry] = {}
    for entry in _ALL:
        if entry.error is kind and entry not in RESULTS:
            told.setdefault((entry.endpoint, entry.text), entry)
    yield from map(_of_entry, told.values())
    if not told:
        meaning, causes, advice = _CLIENT.get(kind) or (" ".join((kind.__doc__ or "").split("\n\n")[0].split()), (), "")
        yield Explanation(
            kind.__name__, meaning, causes, advice or "Look at the fields of the exception.", kind.__name__
        )


_ALL = (*CATALOGUE, *RESULTS, *GENERAL)
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
            return entry.code == self.code and (not self.reason or self.has_words_of(entry) or not entry.reason)
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


_CLIENT: dict[type[CloudRecordingError], Text] = {
    ConfigurationError: Text(
        "The client was set up wrongly; it sent nothing.",
        ("an argument of the client, or a variable of the environment, is missing or wrong",),
        "Correct what the message names.",
    ),
    ClientClosedError: Text(
        "The client, or the httpx client given to it, was closed before the call ended.",
        ("a `with` block ended while other threads or tasks were still using its client",),
        "Keep the client open for as long as anybody uses it.",
    ),
    NetworkError: Text(
        "No answer came: the name was not found, the connection or TLS failed, or the connection broke.",
        (
            "no way out of this network to the service's hosts, such as a firewall or a proxy that is not set",
            "a fault of the network, or of the region that was asked",
        ),
        "",
    ),
    RequestTimeoutError: Text(
        "No answer came in time. Whether the request had an effect is not known.",
        (
            "a slow network, or a region that answers slowly",
            "a stop that waits for its upload, which takes 20 seconds and more",
            "a deadline that is too short for the retries",
        ),
        "",
    ),
    InvalidResponseError: Text(
        "The answer is not one of this service's: not JSON, cut short, too long, or a redirect.",
        (
            "base_url is another host's, or a path is missing in it",
            "a proxy or a login page stands between you and the service",
        ),
        "",
    ),
    RecordingMayBeRunningError: Text(
        "A start may have taken effect, and its sid is not known: a recording may be running, and be billed.",
        ("the answer to the start was lost, and sending it again did not bring it back",),
        "",
    ),
}


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
    text = next((text for of, text in reversed(_CLIENT.items()) if isinstance(error, of)), None)
    has_answer = error.endpoint is not None and error.http_status is not None
    if text is not None or own or not has_answer:
        meaning, causes, advice = text or (str(error), own, "")
        yield Explanation(kind, meaning, causes, error.advice or advice, kind, error.retryable)
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
