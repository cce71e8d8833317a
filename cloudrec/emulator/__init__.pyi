# The public names, each with the module that it is in. scripts/generate makes _names.py of it.

from .emulator import Emulator as Emulator
from .faults.calls import RecordedCall as RecordedCall
from .faults.faults import STORM_FAULTS as STORM_FAULTS, Fault as Fault
from .faults.header import parse_fault as parse_fault
from .webhooks.sender import NoticeAttempt as NoticeAttempt, SentNotice as SentNotice
from .webhooks.webhooks import Webhooks as Webhooks
from .world.channels import Channel as Channel, Stream as Stream
from .world.clock import Clock as Clock
from .world.files import RecordedFile as RecordedFile
from .world.recording import EndReason as EndReason, Status as Status
from .world.snapshot import RecordingSnapshot as RecordingSnapshot

class MissingExtraError(ImportError):
    """The packages of the extra are not installed."""
