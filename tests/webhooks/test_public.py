"""What other people's programs may rely on: the names, and that they cost little."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import cloudrec.webhooks
from cloudrec import CloudRecordingError
from cloudrec.webhooks.servers import asgi, wsgi

# Whoever adds a name adds it here; whoever takes one away breaks programs.
NAMES = """
Backuped CapabilityLimitType Deduplicator Details DownloadFailed ErrorLevel ErrorReported Event EventDetails EventModule
EventService EventType ExitStatus FileInfos Headers HealthCheck LeaveCode MAX_SIZE MalformedNoticeError MemoryStore Met
Notice NoticeTooLargeError Ordered OtherProductEvent Placed PostponeTranscodeFinalResult PostponedTranscodingResult
RecordedFile RecorderAudioStreamStateChanged RecorderLeave RecorderSliceStart RecorderSnapshotFile RecorderStarted
RecorderVideoStreamStateChanged ReloadReason RtmpPublishStatus SQLiteStore Secret SessionExit SessionFailover
SignatureError StatusUpdate Store StreamState TranscodedUser TranscoderCompleted TranscoderStarted TranscodingResult
UnknownEvent Uploaded UploaderStarted UploadingProgress UserTranscodingResult VodStarted VodTriggered WarningReported
WebRecorderCapabilityLimit WebRecorderReload WebRecorderStarted WebRecorderStopped WebStopCode WebhookError parse
receive sign verify
""".split()
HOME = Path(cloudrec.webhooks.__file__).parent


def test_names() -> None:
    """The package exports these names and no others."""
    assert sorted(cloudrec.webhooks.__all__) == sorted(NAMES)
    assert len(set(NAMES)) == len(NAMES)
    for name in NAMES:
        assert getattr(cloudrec.webhooks, name) is getattr(cloudrec.webhooks, name)
    with pytest.raises(AttributeError, match="has no attribute 'SqliteStore'"):
        cloudrec.webhooks.SqliteStore  # noqa: B018


def test_both_adapters_are_one_interface() -> None:
    """The same arguments; one of them is closed by its server, the other by whoever made it."""
    here, there = (inspect.signature(module.WebhookApp) for module in (asgi, wsgi))
    assert here.parameters == there.parameters
    assert hasattr(wsgi.WebhookApp, "close")


def test_errors() -> None:
    """All of the library's tree, and ValueErrors."""
    for name in ("WebhookError", "SignatureError", "MalformedNoticeError", "NoticeTooLargeError"):
        kind = getattr(cloudrec.webhooks, name)
        assert issubclass(kind, (CloudRecordingError, ValueError))
        assert issubclass(kind, cloudrec.webhooks.WebhookError)


@pytest.mark.parametrize("path", sorted(HOME.glob("*.py")), ids=lambda path: path.stem)
def test_everything_public_has_a_docstring(path: Path) -> None:
    """Classes, functions and methods; and each field of an event, below its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
            overloaded = any(isinstance(item, ast.Name) and item.id == "overload" for item in node.decorator_list)
            assert ast.get_docstring(node) or overloaded, node.name
        if isinstance(node, ast.ClassDef):
            for line, below in zip(node.body, [*node.body[1:], None], strict=True):
                if isinstance(line, ast.AnnAssign) and ast.unparse(line.annotation).startswith("Field["):
                    assert isinstance(below, ast.Expr), ast.unparse(line)
                    assert isinstance(below.value, ast.Constant), ast.unparse(line)


def test_import_is_light() -> None:
    """Receiving loads no HTTP client, no event loop, no database and no server."""
    program = "import sys, cloudrec.webhooks; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    heavy = {"httpx", "anyio", "asyncio", "sqlite3", "attrs", "starlette", "uvicorn", "jsonschema", "cloudrec.emulator"}
    assert not heavy & set(done.stdout.split())
    program = "import sys, cloudrec.webhooks.wsgi; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    assert not heavy & set(done.stdout.split())
