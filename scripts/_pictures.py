"""Pictures of the emulator's page, with a lesson in it. `_pictures.py [FOLDER]`, docs/emulator by default."""

import http.server
import sys
import threading
from pathlib import Path
from typing import Any

from _browser import launched
from _env import ROOT
from cloudrec import S3, Transcoding
from cloudrec.emulator import Emulator, Fault
from cloudrec.layouts import speaker_with_strip

PICTURES: dict[str, dict[str, Any]] = {
    "page.png": {"locale": "en-US", "color_scheme": "light"},
    "page.zh-CN.png": {"locale": "zh-CN", "color_scheme": "dark"},
}


class Receiver(http.server.BaseHTTPRequestHandler):
    """Somebody's webhook, which takes everything."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""


def lesson(emulator: Emulator) -> None:
    """What the pictures show."""
    storage = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret", prefix=["lessons", "42"])
    emulator.fail("query", Fault.status(500, 62), times=1, cname="lesson-42")
    emulator.fail("stop", Fault.drop(after_effect=True), times=3, cname="lesson-42")
    with emulator.client() as client:
        for number in range(5):
            other = client.individual.record(f"seminar-{number}", storage=storage)
            emulator.clock.advance(40)
            if number % 2:
                other.stop()
        room = emulator.channel("lesson-42")
        room.join(101)
        room.join(102, video=False)
        recording = client.mix.record(
            "lesson-42",
            storage=storage,
            layout=speaker_with_strip(101, 4),
            transcoding=Transcoding("720p"),
            files=["hls", "mp4"],
        )
        emulator.clock.advance(30)
        room.join(103)
        emulator.clock.advance(20)
        room.mute(101, video=True)
        emulator.clock.advance(15)
        room.unmute(101, video=True)
        room.join(104)
        emulator.failover(recording.sid, 20)
        emulator.clock.advance(45)
        recording.query()
    emulator.webhooks.flush()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with Emulator(webhook_url=f"http://127.0.0.1:{server.server_port}/agora") as emulator, launched() as browser:
            lesson(emulator)
            for name, options in PICTURES.items():
                page: Any = browser.new_page(viewport={"width": 1360, "height": 850}, **options)
                page.goto(f"{emulator.url}/_emulator")
                page.locator("[role=option]", has_text="lesson-42").click()
                page.locator(".picture img").evaluate("image => image.decode()")
                page.locator("[data-key^='call']").nth(1).wait_for()
                page.screenshot(path=folder / name)
                print(f"{folder / name}: {(folder / name).stat().st_size // 1000} kB")
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "emulator")
