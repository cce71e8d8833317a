"""The commands: what each is for."""

# What each command is for. The rest of a command is read when it is run, so that this page comes at once.
COMMANDS: dict[str, dict[str, str]] = {
    "Record": {
        "record": "record a channel or a web page, and look on until it ends",
    },
    "Look after recordings": {
        "list": "list recordings that were begun here, or those of a fleet",
        "status": "tell how a recording is doing",
        "watch": "look on until a recording is over",
        "layout": "change the layout of a mix recording; or draw a layout (layout preview)",
        "subscribe": "change whose sound and picture is recorded",
        "pause": "pause the recording of a web page",
        "resume": "go on with the recording of a web page",
        "files": "list the files of a recording",
        "stop": "stop a recording",
        "fleet": "show the recordings of a fleet in a browser (fleet page)",
    },
    "See that all is well": {
        "check": "tell whether credentials, hosts, clock and storages are fit to record",
        "storage": "write to a bucket to see that it works; list regions",
        "explain": "tell what a failure means, what usually causes it, and what to do about it",
        "rules": "list the rules that a request is checked by before it is sent",
    },
    "Develop and test": {
        "emulator": "run an emulator of the service on this machine, in real time",
        "events": "print webhooks as they come, or tell whether one is genuine",
        "record-fixtures": "record with the service, and write its answers without secrets",
        "completion": "print what has a shell complete these commands",
    },
}
ABOUTS = {name: about for group in COMMANDS.values() for name, about in group.items()}
# These need no extra: each is a module with `add_arguments` and `run`.
PLAIN = {
    "emulator": "cloudrec.emulator.command",
    "events": "cloudrec.cli.events",
    "explain": "cloudrec.cli.explain",
    "record-fixtures": "cloudrec.cli.record_fixtures",
    "rules": "cloudrec.cli.rules",
}
