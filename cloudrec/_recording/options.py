"""What every ``record`` takes, whatever its mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from cloudrec_api import models

    from .._call.access_token import TokenMaker
    from .._call.retry import Retry
    from .._call.settings import ClientDefault
    from ..handles import RecordingHandle


class RecordOptions(TypedDict, total=False):
    """What ``record`` of every mode takes by name, beside what that mode does. All of it may be left out."""

    uid: int | str | None
    """The recorder's user ID, 1 to 4294967295, that nobody in the channel has (in `web` mode a number of your own).
    Derived from mode, channel and ``key`` by default: the same in every process, so that the service refuses to record
    the same twice (:class:`TaskConflictError`)."""
    key: str | int | None
    """Tells recordings of one channel apart that are to run at the same time, such as ``"teacher"`` and ``"class"``:
    each has a uid of its own, derived from it. Not together with ``uid``."""
    avoid: Iterable[int | str]
    """User IDs that the recorder is not to have: of those who may be in the channel. The next one is derived then."""
    token: str | TokenMaker | None
    """Token for (cname, uid), where the project has an App Certificate; or what makes one: an :class:`AccessToken`, or
    a function of cname and uid. What the client's ``tokens`` make by default. Must outlive the recording; where its end
    can be read and is too early, that is a :class:`TokenExpiryWarning`."""
    resource_expired_hour: int | None
    """Hours after the start in which to query and stop it. 1 to 720, 72 by default."""
    exclude_resource_ids: Sequence[str] | None
    """Resource IDs of recordings whose region this one is to avoid."""
    region: models.ServiceRegion | None
    """The only region whose servers may record. Not together with ``region_affinity``."""
    region_affinity: models.RegionAffinity | None
    """The region to prefer."""
    confirm: bool
    """Whether to query until it is seen to run: first after 5 seconds, then ever more seldom, for 90 at the most. True
    by default; False returns as soon as the service has taken it on."""
    redundancy: int
    """2 starts a second recorder, with another uid and in another region, for what must not be missed. **Each of the
    two is billed.** It is ``recording.spare``; what is done to the recording is done to both. Where one of the two
    does not come to run, that is reported, and the other one is the recording. A handle finds one recorder:
    ``on_acquired`` and ``on_started`` are called for each. 1 by default."""
    on_acquired: Callable[[RecordingHandle], object] | None
    """Called with the handle before the start is sent; its ``sid`` is still None. Once more where no recorder could be
    had, and it was acquired anew."""
    on_started: Callable[[RecordingHandle], object] | None
    """Called with the handle as soon as the recording has a sid, before anything else can go wrong. Keep the handle
    there: ``attach`` gives the recording back from it after a crash."""
    on_problem: Callable[[Exception], object] | None
    """Called with every failure that ends nothing: a query of ``watch``, a renewal of credentials, the second
    recorder. They are logged, too (logger ``cloudrec``, as warnings)."""
    on_wait: Callable[[int], object] | None
    """Called with how many go before it, where this recording has to wait to be begun: as many are begun at once as the
    client's rate limit can carry (40 where that is 10 a second), the others in order. The log tells the same."""
    check: bool
    """False sends what breaks rules of the contract, for a service that has moved on. True by default."""
    timeout: float | None
    """Seconds for each attempt of each call, from connecting to the end of the answer."""
    retry: Retry | ClientDefault | None
    """How often to try each call; None for once. As the client is set up by default."""
