"""Attack: a page of another origin that tries what it can on one of ours, by script, form, frame and stream."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PAGE = """<!doctype html>
FORM
<iframe name="there"></iframe>
<iframe src="FRAME"></iframe>
<script>
const seen = window.seen = [];
const get = async (path, options) => {
  try {
    const got = await fetch("TARGET" + path, options);
    seen.push([path, await got.text()]);
  } catch {
    seen.push([path, ""]);
  }
};
const listen = () => new Promise((over) => {
  const stream = new EventSource("TARGET/events");
  stream.onopen = () => { seen.push(["/events", "open"]); over(); };
  stream.onerror = () => { seen.push(["/events", ""]); over(); };
});
window.done = Promise.all([CALLS, listen()]);
document.forms[0].submit();
</script>
"""


@contextmanager
def attacked(browser: Any, host: str, target: str, *, form: str, frame: str, calls: str) -> Iterator[tuple[Any, Any]]:
    """That page, after its attack on `target`, and what it has seen of it: [path, text or "open"] of each try."""
    words = {"FORM": form, "FRAME": frame, "CALLS": calls, "TARGET": target}
    attack = PAGE
    for name, word in words.items():
        attack = attack.replace(name, word)

    class Evil(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(attack.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        try:
            page.goto(f"http://{host}:{server.server_port}/")
            page.evaluate("window.done")
            seen = page.evaluate("window.seen")
            page.wait_for_load_state()
            yield page, seen
        finally:
            page.close()
            server.shutdown()
