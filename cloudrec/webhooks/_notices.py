"""What a webhook is about: an event of cloud recording or of another product, or the question whether we listen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from cloudrec_api.models.event_service import EventService
from cloudrec_api.models.event_type import EventType

from .._views import View, listed_number, mapping, moment, number, text
from ._details import EventDetails, details_of

CLOUD_RECORDING = 3
# What the console sends when somebody presses "Check". The provider's pages have both for the products with channels;
# for cloud recording, whose test events they do not describe, people report the same.
_TEST_CHANNEL = "test_webhook"
_TEST_UID = "12121212"


class _Notice(View):
    __slots__ = ()

    @property
    def notice_id(self) -> str | None:
        """Names the notice: the same when it is sent again."""
        return text(self.raw.get("noticeId"))

    @property
    def notified_at(self) -> datetime | None:
        """When it was sent, in UTC: another when it is sent again."""
        return moment(self.raw.get("notifyMs"))

    @property
    def _payload(self) -> Mapping[str, Any]:
        return mapping(self.raw.get("payload"))


class Event(_Notice):
    """Something that happened in a recording. ``raw`` is the whole notice as it was sent."""

    __slots__ = ()
    _shown = ("event_type", "cname", "uid", "sid", "sequence", "details")

    @property
    def event_type(self) -> EventType | int | None:
        """What has happened, as a number."""
        return listed_number(EventType, self.raw.get("eventType"))

    @property
    def details(self) -> EventDetails:
        """What has happened, in one of the classes of this package::

        match event.details:
            case Uploaded(files=files):
                ...
            case SessionFailover(new_uid=uid):
                ...
        """
        return details_of(self.event_type, self._payload.get("details"))

    @property
    def cname(self) -> str | None:
        """Channel name."""
        return text(self._payload.get("cname"))

    @property
    def uid(self) -> str | None:
        """The recorder's user ID; after a failover, the new one."""
        return text(self._payload.get("uid"))

    @property
    def sid(self) -> str | None:
        """Recording ID."""
        return text(self._payload.get("sid")) or text(self.raw.get("sid"))

    @property
    def sequence(self) -> int | None:
        """Place among the events of the recording, from 0."""
        return number(self._payload.get("sequence"))

    @property
    def sent_at(self) -> datetime | None:
        """When it happened, in UTC. (When we were told is :attr:`notified_at`.)"""
        return moment(self._payload.get("sendts"))

    @property
    def service(self) -> EventService | int | None:
        """Part of the service that it happened in."""
        return listed_number(EventService, self._payload.get("serviceType"))

    @property
    def scene(self) -> str | None:
        """Kind or stage of the recording, such as ``rtc_record``; None where the service does not say."""
        return text(self._payload.get("serviceScene"))


class _Other(_Notice):
    __slots__ = ()
    _shown = ("product_id", "event_type", "notice_id")

    @property
    def product_id(self) -> int | None:
        """The product: 1 is real-time communication, 3 cloud recording, 4 media pull, 5 media push."""
        return number(self.raw.get("productId"))

    @property
    def event_type(self) -> int | None:
        """What has happened, as the product numbers it."""
        return number(self.raw.get("eventType"))


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
