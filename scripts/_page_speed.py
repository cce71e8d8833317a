"""Speed of the emulator's page: how soon a recording is seen, and what a thousand of them take.

`_page_speed.py [N]`: N recordings are started one by one, 200 by default.
"""

import sys
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from _browser import launched
from cloudrec import S3, CloudRecording
from cloudrec.emulator import Emulator

MANY = 1000
STORAGE = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")
# Notes when each row came, by the machine's clock, and when the page knew of how many recordings.
WATCH = """
window.rows = {}; window.counts = {};
new MutationObserver(() => {
  for (const name of document.querySelectorAll("#rows .name")) window.rows[name.textContent] ??= Date.now();
  const count = document.getElementById("count")?.textContent;
  if (document.querySelector("#rows .row")) window.counts[count] ??= performance.now();
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


def start(client: CloudRecording, name: str) -> float:
    """Starts a recording; when its answer was there, in milliseconds."""
    client.individual.record(name, storage=STORAGE, confirm=False)
    return time.time() * 1000


def opened(browser: Any, emulator: Emulator) -> Any:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    page.goto(f"{emulator.url}/_emulator")
    page.locator("#link.good").wait_for()
    return page


def appears(browser: Any, count: int) -> None:
    with Emulator(max_recordings=count) as emulator, emulator.client() as client:
        page = opened(browser, emulator)
        began = {}
        for number in range(count):
            began[f"r-{number}"] = start(client, f"r-{number}")
            page.wait_for_timeout(7 * (number % 23))  # at any moment between two looks of the emulator
        page.locator("#rows .row", has_text=f"r-{count - 1}").wait_for()
        rows = page.evaluate("window.rows")
        waits = sorted(rows[name] - at for name, at in began.items())
        p95 = quantiles(waits, n=20)[-1]
        median, most = waits[count // 2], waits[-1]
        print(f"a recording is seen after {median:.0f} ms (median), {p95:.0f} ms (p95), {most:.0f} ms (at most)")
        page.close()


def many(browser: Any) -> None:
    with Emulator(max_recordings=MANY) as emulator, emulator.client(rate_limit=None) as client:
        before = memory()
        for number in range(MANY):
            start(client, f"r-{number}")
        emulator.clock.advance(300)
        print(f"the emulator takes {(memory() - before) / MANY:.1f} kB for each of {MANY} recordings")
        page = opened(browser, emulator)
        page.locator("#count", has_text=str(MANY)).wait_for()
        print(
            f"{MANY} recordings are on the page {page.evaluate(f'window.counts[{MANY}]'):.0f} ms after it was asked for"
        )
        began = time.monotonic()
        page.locator("#filter").fill("r-500")
        page.locator("#rows .row").first.click()
        page.get_by_role("heading", name="r-500").wait_for()
        print(f"one of them is found and shown {(time.monotonic() - began) * 1000:.0f} ms later")
        used = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
        print(f"the page takes {used:.1f} MB, with {page.evaluate('document.querySelectorAll(`*`).length')} elements")
        page.close()


def memory() -> int:
    """What this process takes, in kB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0])


if __name__ == "__main__":
    with launched() as browser:
        appears(browser, int(sys.argv[1]) if len(sys.argv) > 1 else 200)
        many(browser)
