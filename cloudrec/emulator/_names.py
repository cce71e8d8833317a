# Made from cloudrec/emulator/__init__.pyi by scripts/generate. Do not edit.
"""Where the public names are."""

NAMES = {
    "Channel": ".world.channels",
    "Clock": ".world.clock",
    "Emulator": ".emulator",
    "EndReason": ".world.recording",
    "Fault": ".faults.faults",
    "NoticeAttempt": ".webhooks.sender",
    "RecordedCall": ".faults.calls",
    "RecordedFile": ".world.files",
    "RecordingSnapshot": ".world.snapshot",
    "STORM_FAULTS": ".faults.faults",
    "SentNotice": ".webhooks.sender",
    "Status": ".world.recording",
    "Stream": ".world.channels",
    "Webhooks": ".webhooks.webhooks",
    "parse_fault": ".faults.header",
}
