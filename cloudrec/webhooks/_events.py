"""`Event`, `OtherProductEvent` and `HealthCheck`: what a webhook is about."""

from datetime import datetime
from typing import Any, TypeAlias

from cloudrec_api.models.notices import Notice as CloudRecordingNotice
from cloudrec_api.views import Field, View, mapping, number, text

from .._contract.redact import redacted
from ._details import EventDetails, details_of

CLOUD_RECORDING = 3
# What the console sends when somebody presses "Check". The provider's pages have both for the products with channels;
# for cloud recording, whose test events they do not describe, people report the same.
_TEST_CHANNEL = "test_webhook"
_TEST_UID = "12121212"


class Event(CloudRecordingNotice):
    """Something that happened in a recording. ``raw`` is the whole notice as it was sent."""

    __slots__ = ()
    _shown = ("event_type", "cname", "uid", "sid", "sequence", "details")

    @property
    def details(self) -> EventDetails:
        """What has happened, in one of the classes of this package::

        match event.details:
            case Uploaded(files=files):
                ...
            case SessionFailover(new_uid=uid):
                ...
        """
        return details_of(self.event_type, mapping(self.raw.get("payload")).get("details"))

    def to_dict(self) -> dict[str, Any]:
        """The event as JSON has it, by the names of this class; addresses without what is secret in them."""
        found: dict[str, Any] = redacted({**super().to_dict(), "details": self.details.to_dict()})
        return found


class _Other(View):
    __slots__ = ()
    _shown = ("product_id", "event_type", "notice_id")
    notice_id: Field[str | None] = CloudRecordingNotice.notice_id
    """Names the notice: the same when it is sent again."""
    notified_at: Field[datetime | None] = CloudRecordingNotice.notified_at
    """When it was sent, in UTC: another when it is sent again."""
    product_id: Field[int | None] = CloudRecordingNotice.product_id
    """The product: 1 is real-time communication, 3 cloud recording, 4 media pull, 5 media push."""
    event_type: Field[int | None] = Field("eventType", number, doc="What has happened, as the product numbers it.")
    """What has happened, as the product numbers it."""


class OtherProductEvent(_Other):
    """An event of another product that is set to the same address. ``raw`` is the whole notice as it was sent."""

    __slots__ = ()


class HealthCheck(_Other):
    """The provider's console asks whether anybody listens. A 200 is all it wants. ``raw`` is the whole notice."""

    __slots__ = ()


Notice: TypeAlias = Event | OtherProductEvent | HealthCheck


def notice_of(sent: dict[str, Any]) -> Notice:
    """The view of a webhook's body."""
    payload = mapping(sent.get("payload"))
    # Both, so that nobody's own channel of that name goes unheard; some of the test events have no user.
    if _TEST_CHANNEL in (payload.get("cname"), payload.get("channelName")) and text(payload.get("uid")) in (
        None,
        _TEST_UID,
    ):
        return HealthCheck(sent)
    return Event(sent) if number(sent.get("productId")) == CLOUD_RECORDING else OtherProductEvent(sent)
