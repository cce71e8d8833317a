"""Errors of the client itself: what each means, what brings it about, what to do, and how its text is known in a log.

By name, as storages and webhooks have some of their own. Failures of the service stand in :mod:`.failures`.
"""

import re
from typing import NamedTuple

from .failures import Text

# "max_idle_time (maxIdleTime): 3 (must be …)"
_RULE_BROKEN = (
    r"[\w\]]( \([\w.\[\]]+\))?: .*\((must|is (not )?taken|is not part|is over|has \d+ bytes|goes with|cannot be used"
    r"|no token lives|nothing has)\b"
)
_RULES = "What each field may be stands in docs/rules.md, and `cloudrec rules` tells it."


class Own(NamedTuple):
    """An error of the client in words."""

    text: Text
    shape: str = r"(?!)"
    """What its text looks like: a regular expression, looked for anywhere in a line."""

    def has(self, line: str) -> bool:
        """Whether a line of a log holds such a text."""
        return re.search(self.shape, line, re.DOTALL) is not None


# The first whose shape fits is taken: the particular stand before the general.
OWN: dict[str, Own] = {
    "CloudRecordingError": Own(
        Text("The base of all errors of this package.", (), "Look at the class that was raised.")
    ),
    "ServiceError": Own(
        Text(
            "The service answered with a failure.",
            ("a failure that no class of its own is for",),
            "Give `explain` its code and HTTP status.",
        ),
    ),
    "ClientClosedError": Own(
        Text(
            "The client, or the httpx client given to it, was closed before the call ended.",
            ("a `with` block ended while other threads or tasks were still using its client",),
            "Keep the client open for as long as anybody uses it.",
        ),
        r": the client is closed\b",
    ),
    "RecordingMayBeRunningError": Own(
        Text(
            "A start may have taken effect, and its sid is not known, or a stop did not arrive: a recording may be "
            "running, and be billed.",
            ("the answer to the start was lost, and sending it again did not bring it back",),
            "Wait for webhook event 40, which carries its sid; or let it end by itself, after maxIdleTime in an empty "
            "channel.",
        ),
        r"a recording (may be|is) running\b",
    ),
    "TaskConflictError": Own(
        Text(
            "The same recording, of this mode, channel and key, runs already. None was made a second time.",
            ("the same call was made twice, in this process or in another one", "a process before this one was killed"),
            "Attach to the one that runs, by error.handle or by the handle that you kept from on_started; or give "
            "another key, to record the channel twice at once.",
        ),
        r"this very recording runs already\b",
    ),
    "RateLimitError": Own(
        Text(
            "Nothing was sent: so many calls wait for the client's own limit that the deadline would pass.",
            ("more calls at once than ten a second can carry within the deadline",),
            "Make fewer calls at once, give a longer deadline, or a higher rate_limit where your account has one.",
        ),
        r": not sent, as so many calls wait for\b",
    ),
    "RequestTimeoutError": Own(
        Text(
            "No answer came in time. Whether the request had an effect is not known.",
            (
                "a slow network, or a region that answers slowly",
                "a stop that waits for its upload, which takes 20 seconds and more",
                "a deadline that is too short for the retries",
            ),
            "Give a longer timeout, or look with a query at what became of it.",
        ),
        r"\w: (no answer from \S+ in [\d.]+ s|not sent, as the deadline passed)\b",
    ),
    "InvalidResponseError": Own(
        Text(
            "The answer is not one of this service's: not JSON, cut short, too long, a redirect, or to "
            "another question.",
            (
                "base_url is another host's, or a path is missing in it",
                "a proxy or a login page stands between you and the service",
            ),
            "Look at error.response_body, and at the host that was asked.",
        ),
        r"\w: the answer (is|has)\b",
    ),
    "RecordingNotStartedError": Own(
        Text(
            "The service took the start on, and the recording was not seen to run within 90 seconds. It was stopped.",
            ("a token, channel_type or encryption that does not let it into the channel", "a page that does not load"),
            "Check token, channel_type and encryption, or the page. Then record again, with another uid.",
        ),
        r"\bnot seen to run within\b",
    ),
    "RecordingNotStoppedError": Own(
        Text(
            "The result of a recording was asked for before it was stopped.",
            ("result() was called inside of `with`",),
            "Call stop(), or leave the `with`, and then ask for the result.",
        ),
        r"the recording has no result before it is stopped\b",
    ),
    "RecordingEnded": Own(
        Text(
            "The recording is over, or never came to run. `error.causes` has what may have ended this very one.",
            (
                "the channel was empty for longer than maxIdleTime",
                "somebody else stopped it",
                "its resource expired (resourceExpiredHour), or its token or storage credentials did",
            ),
            "Read error.causes. stop() gives a result, with its files.",
        ),
        r"the recording (is over|was on its way out|is not|never)\b.*Likely causes: ",
    ),
    "WaitTimeoutError": Own(
        Text(
            "What was waited for did not come in time. The recording goes on.",
            ("the time given is shorter than the upload takes",),
            "Wait longer, or look at the last answer.",
        ),
        r"\bnot as wanted within [\d.]+ s\b|\bnot found, and no time is left to see\b",
    ),
    "FleetDatabaseError": Own(
        Text(
            "A fleet's database cannot be used.",
            (
                "it is not there, is full, or may not be written to",
                "it is of a later version of cloudrec",
                "it belongs to a fleet of another App ID",
            ),
            "Do what the message says of the database that it names.",
        ),
        r"\bdatabase: (DBOS cannot use it|cannot be used:|of version|of App ID|there is no fleet in it)",
    ),
    "HandleError": Own(
        Text(
            "A handle, or the event that stands for one, cannot be used.",
            ("it was cut short or changed where it was kept", "it is of a later version, another App ID or mode"),
            "Keep the handle whole, as on_started gave it: JSON of about 500 characters.",
        ),
        r"\bhandle: |\bevent: (carries no sid|is about cname|.*must be event 40\b)",
    ),
    "RecipeError": Own(
        Text(
            "A recipe cannot be kept, read or begun.",
            ("it holds a secret", "it is of a later version", "it has a name that nothing was given for"),
            "Correct what the message names.",
        ),
        r"\brecipe: (?!goes alone)|\bsecrets: \w+ \(must|a recipe that is kept holds no secrets"
        r"|\(nothing has that name in|is not part of a \w+ recipe|no \w+ recipe can do without"
        r"|this is no recipe|to use this recipe|this reads \w+ recipes|audio, video: ",
    ),
    "FleetError": Own(
        Text(
            "A fleet cannot do what was asked of it.",
            (
                "no recording has the key",
                "a name that the recipe has was registered with no worker",
                "this machine's clock is wrong",
                "the process is a worker already",
            ),
            "Do what the message says. docs/fleet.md has the whole.",
        ),
        r"\bfleet: (?!.*(names are given before|is not installed))|\bthis process (is a worker|uses DBOS)"
        r"|; it begins anew\b",
    ),
    "StorageCheckError": Own(
        Text(
            "A recording could not be written to this storage: an object was tried, as the service will write.",
            (
                "the bucket is not there, or in another region",
                "the key's owner may not write to it",
                "the access key or the secret key is wrong, or has ended",
            ),
            "error.problem says which it is. storage.policy() gives the smallest policy that is enough.",
        ),
        r"\bcheck: (?!obstore)",
    ),
    "SignatureError": Own(
        Text(
            "A webhook does not come from the service, as far as can be told. Answer 401.",
            (
                "the secret is not the one of the console, or of another project",
                "the body was parsed and written anew before it was checked: the signature is of the bytes that came",
                "somebody else sent it",
            ),
            "Give the body as it came, and the secret that the console shows for this address.",
        ),
        r"\b(Agora-Signature(-V2)?) (is|has)\b|\bheaders must be a mapping\b",
    ),
    "NoticeTooLargeError": Own(
        Text(
            "A webhook has a larger body than is read. Answer 413.",
            ("somebody else sent it; the service's are a few thousand bytes",),
            "Give max_size, if the service did send it.",
        ),
        r"\bthe body has \d+ bytes; at most\b",
    ),
    "MalformedNoticeError": Own(
        Text(
            "A webhook's body is not a JSON object in UTF-8. Answer 400.",
            ("the address was called by hand", "the framework gave something other than the bytes of the body"),
            "Give the bytes of the body, as they came.",
        ),
        r"\bthe body (is not a JSON object|must be bytes)\b",
    ),
    "WebhookError": Own(
        Text("A webhook is not taken.", ("its signature or its body is wrong",), "See the class that was raised."),
    ),
    "StillSecretError": Own(
        Text(
            "A fixture still held what stands as a secret in a request. Nothing was written.",
            ("the service repeats it in a field that nobody knows",),
            "Read the answer by yourself, and report the field.",
        ),
        r"\bstill holds what stood as\b",
    ),
    "NetworkError": Own(
        Text(
            "No answer came: the name was not found, the connection or TLS failed, or the connection broke.",
            (
                "no way out of this network to the service's hosts, such as a firewall or a proxy that is not set",
                "a fault of the network, or of the region that was asked",
            ),
            "Check the way to the host that the message names; `retry` and a second area help against the rest.",
        ),
        r"\w: no answer from\b",
    ),
    "InvalidRequestError": Own(
        Text(
            "What was given breaks rules. Nothing was sent.",
            ("a value outside of its range, or a field that this mode does not take",),
            f"Correct what the message names. {_RULES}",
        ),
        rf"(?!.*\(HTTP \d){_RULE_BROKEN}",
    ),
    "ConfigurationError": Own(
        Text(
            "The client, or a value for it, was set up wrongly; it sent nothing.",
            ("an argument of the client, or a variable of the environment, is missing or wrong",),
            "Correct what the message names.",
        ),
        rf"(?!.*\(HTTP \d){_RULE_BROKEN}|: (must (not )?be|must not hold|names hosts|are for App ID)\b"
        r"|\bis not installed|\bnot set in the environment: |\bis used with `|\bno event loop runs here\b"
        r"|\bwas not awaited: |\banother event loop\b|http_client\b|\bclient\.api: "
        r"|\b(policy|recipe|fleet|secret): |a PNG (cannot)\b",
    ),
    "RequestWarning": Own(
        Text(
            "A request is sent of which something has no effect, or hardly the one that is meant.",
            ("a field that the service does not read in this mode, or two values that contradict each other",),
            "Correct what the warning names, or leave it out.",
        ),
    ),
    "TokenExpiryWarning": Own(
        Text(
            "A token ends before the recording that it is for may.",
            ("it was made with a shorter life than the recording's",),
            "Make the token for 24 hours, or pass an AccessToken as `tokens`.",
        ),
    ),
}
