"""The commands that need the extra: by cyclopts, each read when it is run."""
# ruff: noqa: T201 (a command prints)

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import CloudRecordingError
from .failures import INTERRUPTED, WRONG, NoSuchRecording, UsageError, code_of, said
from .streams import reader_has_gone
from .table import ABOUTS, PLAIN

if TYPE_CHECKING:
    from cyclopts import App, CycloptsError

# Where each is, and an example for its page; those that have commands within them bring their own.
WHERE = {
    "record": ("record:record", "cloudrec record lesson-42 --storage lessons --layout grid --files hls,mp4 --for 45m"),
    "list": ("looking:list_", "cloudrec list --json | jq -r .name"),
    "status": ("looking:status", "cloudrec status lesson-42"),
    "watch": ("looking:watch", "cloudrec watch lesson-42"),
    "files": ("looking:files", "cloudrec files lesson-42 | while read -r key; do echo $key; done"),
    "layout": ("layouts:app", ""),
    "subscribe": ("changing:subscribe", "cloudrec subscribe lesson-42 --video only:101"),
    "pause": ("changing:pause", "cloudrec pause page-7"),
    "resume": ("changing:resume", "cloudrec resume page-7"),
    "stop": ("changing:stop", "cloudrec stop lesson-42"),
    "fleet": ("fleet_page:app", ""),
    "check": ("check:check", "cloudrec check"),
    "storage": ("storage:app", ""),
    "completion": ("completion:completion", 'eval "$(cloudrec completion bash)"'),
}

# Commands within these.
_NESTED = {"fleet": ("page",), "layout": ("preview",), "storage": ("check", "regions")}


def app() -> App:
    """All commands, of which none has been read yet."""
    import cyclopts

    from .settings import Settings

    read = Settings.read()
    defaults = [cyclopts.config.Dict(dict(read.sections), root_keys=("defaults",), source=str(read.path))]
    made = cyclopts.App(
        name="cloudrec",
        version_flags=(),
        help_format="markdown",
        default_parameter=cyclopts.Parameter(negative="", show_default=False),
        config=[cyclopts.config.Env("CLOUDREC_", show=False), *defaults],
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for name, (where, example) in WHERE.items():
        about = f"{ABOUTS[name][0].upper()}{ABOUTS[name][1:]}."
        options: dict[str, Any] = {"help_epilogue": f"Example:\n\n{example}"} if example else {}
        made.command(f"cloudrec.cli.{where}", name=name, help=about, **options)
    return made


def words_of(argv: Sequence[str]) -> list[str]:
    """What was written, for cyclopts, which would take a hyphen alone for an option."""
    from .found import STANDARD_INPUT

    return [STANDARD_INPUT if word == "-" else word for word in argv]


def run(argv: Sequence[str]) -> int:
    """Runs one of them; the exit code."""
    name = argv[0]
    try:
        import cyclopts
        import rich  # noqa: F401 (is there)
    except ImportError:
        told = "needs cyclopts and rich, which are not installed: pip install 'cloudrec[cli]'"
        print(f"cloudrec {name}: {told}; without them there are {', '.join(PLAIN)}", file=sys.stderr)
        return WRONG
    try:
        code = app()(words_of(argv), exit_on_error=False, print_error=False)
    except cyclopts.CycloptsError as error:
        print(_wrong(name, error), file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return INTERRUPTED
    except (CloudRecordingError, UsageError, NoSuchRecording, OSError) as error:
        if isinstance(error, OSError) and reader_has_gone(error):
            raise
        chain = " ".join(argv[:2] if name in _NESTED and argv[1:2] and argv[1] in _NESTED[name] else [name])
        print(f"cloudrec {chain}: {said(error, argv)}", file=sys.stderr)
        return code_of(error)
    return int(code or 0)


def _wrong(name: str, error: CycloptsError) -> str:
    """What cyclopts says of what was written, in a line."""
    import cyclopts

    chain = " ".join([name, *(error.command_chain or ())[1:]])
    told = " ".join(str(error).split()).rstrip(".")
    if isinstance(error, cyclopts.MissingArgumentError) and error.argument is not None:
        told = f"{error.argument.name}: missing"
    elif isinstance(error, cyclopts.UnusedCliTokensError) and error.unused_tokens:
        told = f"{error.unused_tokens[0]!r}: more than it takes"
    return f"cloudrec {chain}: {told} (cloudrec {chain} --help)"
