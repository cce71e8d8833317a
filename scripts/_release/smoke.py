"""A smoke test of what was installed: `smoke.py URL EXTRA...`, in an environment of its own, away from the checkout.

Every public name is read, one recording is made on the emulator at URL, and of each extra its own thing
is done. With the extra `emulator`, `smoke.py serve` is that emulator.
"""

import asyncio
import importlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cloudrec
from cloudrec import S3, AsyncCloudRecording, BasicAuth, CloudRecording, ConfigurationError, grid

ACCOUNT = ("smoke-app", "smoke-id", "smoke-secret")
STORAGE = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")
# With each, a package that must not be there without it.
EXTRAS = {
    "aiohttp": "httpx_aiohttp",
    "cli": "cyclopts",
    "emulator": "starlette",
    "emulator-tls": "trustme",
    "fleet": "dbos",
    "preview": "resvg_py",
    "storage": "obstore",
}


def sync_client(url: str) -> CloudRecording:
    return CloudRecording(
        ACCOUNT[0], BasicAuth(*ACCOUNT[1:]), base_url=url, wait=lambda seconds: time.sleep(seconds / 20)
    )


def async_client(url: str) -> AsyncCloudRecording:
    async def wait(seconds: float) -> None:
        await asyncio.sleep(seconds / 20)

    return AsyncCloudRecording(ACCOUNT[0], BasicAuth(*ACCOUNT[1:]), base_url=url, wait=wait)


def core(url: str) -> None:
    for name in vars(cloudrec)["__all__"]:  # which the stub does not have
        getattr(cloudrec, name)
    for module in ("errors", "files", "fixtures", "layouts", "storage", "webhooks", "cli"):
        importlib.import_module(f"cloudrec.{module}")
    with sync_client(url) as client, client.mix.record("smoke", storage=STORAGE, layout=grid(4)) as recording:
        assert recording.query().sid == recording.sid
    assert recording.result is not None
    assert recording.result.uploading_status == "uploaded", recording.result


async def asynchronous(url: str) -> type:
    async with async_client(url) as client:
        async with client.mix.record("smoke-async", storage=STORAGE) as recording:
            pass
        assert recording.result is not None
    return type(recording)


def aiohttp(url: str) -> None:
    from httpx_aiohttp import AiohttpTransport

    begun: list[object] = []
    before = AiohttpTransport.handle_async_request

    async def handle(self: Any, request: Any) -> Any:
        begun.append(request)
        return await before(self, request)

    AiohttpTransport.handle_async_request = handle
    asyncio.run(asynchronous(url))
    assert begun, "the async client did not use aiohttp"


def command(*argv: str, **settings: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "cloudrec", *argv],
        capture_output=True, encoding="utf-8", check=False, env={**os.environ, **settings},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def cli(url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cloudrec.toml")
        path.write_text(
            '[storage.lessons]\nvendor = "s3"\nbucket = "lessons"\nregion = "eu-central-1"\n'
            'access_key = { env = "SMOKE_KEY" }\nsecret_key = { env = "SMOKE_KEY" }\n',
            encoding="utf-8",
        )
        names = ("AGORA_APP_ID", "AGORA_CUSTOMER_ID", "AGORA_CUSTOMER_SECRET")
        settings = dict(zip(names, ACCOUNT, strict=True))
        settings |= {"AGORA_BASE_URL": url, "CLOUDREC_CONFIG": str(path), "CLOUDREC_DATA": folder, "SMOKE_KEY": "k"}
        command("record", "smoke-cli", "--storage", "lessons", "--detach", **settings)
        assert "smoke-cli" in command("list", **settings)
        command("stop", "smoke-cli", **settings)


def emulator(url: str) -> None:
    from cloudrec.emulator import Emulator

    with Emulator() as here, here.client() as client:
        with client.web.record("smoke-page", "https://example.com/", storage=STORAGE, max_recording_hour=1):
            here.clock.advance(60)
        assert [seen.ended for seen in here.recordings] == ["stopped"]


def emulator_tls(url: str) -> None:
    from cloudrec.emulator.hosts import make_certificate

    with tempfile.TemporaryDirectory() as folder:
        make_certificate(Path(folder, "made"))
        assert "PRIVATE KEY" in Path(folder, "made", "server.pem").read_text(encoding="ascii")


def fleet(url: str) -> None:
    from cloudrec.fleet import Fleet

    async def recorded() -> None:
        with tempfile.TemporaryDirectory() as folder:
            held = Fleet(async_client(url), f"sqlite:///{Path(folder, 'fleet.db').as_posix()}")
            held.storage("lessons", lambda: STORAGE)
            async with held:
                await held.record("smoke-fleet", mode="mix", storage="lessons")
                async with asyncio.timeout(60):
                    async for seen in held.watch():
                        if seen.state == "running":
                            await held.stop("smoke-fleet")
                        elif seen.state == "done":
                            break
                        assert seen.state != "failed", seen.problem

    asyncio.run(recorded())


def preview(url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "grid.png")
        grid(4).preview().save(path)
        assert path.read_bytes().startswith(b"\x89PNG")


def storage(url: str) -> None:
    # No bucket is there: that it says so shows that obstore has asked.
    try:
        STORAGE.check(endpoint=url, timeout=5)
    except cloudrec.StorageCheckError:
        return
    raise AssertionError("what is no storage could be written to")


def main(url: str, *extras: str) -> None:
    for extra, package in EXTRAS.items():
        is_there = importlib.util.find_spec(package) is not None
        assert is_there or extra not in extras, f"{extra}: {package} is not there"
        assert extras or not is_there, f"{package} is there, and no extra was asked for"
    if "emulator" not in extras:
        try:
            from cloudrec.emulator import Emulator

            Emulator().start()
            said = "nothing"
        except (ImportError, ConfigurationError) as error:
            said = str(error)
        assert "cloudrec[emulator]" in said, said
    core(url)
    asyncio.run(asynchronous(url))
    for extra in extras:
        globals()[extra.replace("-", "_")](url)
    print("ok")


def serve() -> None:
    from cloudrec.emulator import Emulator

    app, customer, secret = ACCOUNT
    with Emulator(app_id=app, customer_id=customer, customer_secret=secret, clock="real") as running:
        print(running.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else main(*sys.argv[1:])
