"""`cloudrec storage`: whether a bucket can be written to, and which regions there are."""

from __future__ import annotations

import time

from cyclopts import App

from ..storage import StorageCheckError
from .failures import DONE, FAILED, UsageError, nearest
from .output import as_json, line, note, printable, rows
from .settings import Settings
from .storages import REGIONS

app: App = App(
    name="storage", help_epilogue="Example:\n\ncloudrec storage check lessons\n\ncloudrec storage regions s3"
)


@app.command(help_epilogue="Example:\n\ncloudrec storage check 's3://lessons/school?region=eu-central-1'")
async def check(storage: str, /, *, endpoint: str | None = None, timeout: float = 10.0, json: bool = False) -> int:
    """Write, read and delete a small object, as a recording would write.

    The service does not refuse a wrong storage: the recording runs, and nothing arrives.

    Args:
        storage: A name of cloudrec.toml, or an address.
        endpoint: Address to ask in place of the vendor's own, such as https://s3.example.com.
        timeout: Seconds that each of the three requests may take.
        json: Print JSON.
    """
    made = Settings.read().storage(storage, "STORAGE")
    start = time.monotonic()
    try:
        done = await made.acheck(endpoint=endpoint, timeout=timeout)
    except StorageCheckError as error:
        if not json:
            raise
        as_json({"storage": storage, "ok": False, "problem": error.problem.value, "advice": error.advice})
        return FAILED
    took = time.monotonic() - start
    if json:
        as_json({"storage": storage, "ok": True, "seconds": round(took, 3), **done._asdict()})
        return DONE
    line(f"{printable(storage)}: recordings can be written ({took:.2f} s; {printable(done.key)})")
    for remark in done.remarks:
        note(remark)
    return DONE


@app.command(help_epilogue="Example:\n\ncloudrec storage regions s3")
def regions(vendor: str | None = None, /, *, json: bool = False) -> int:
    """List the regions that the service knows, with the numbers that it has for them.

    Args:
        vendor: s3, oss, cos, obs or bos; all of them if left out.
        json: Print JSON, an object on each line.
    """
    if vendor is not None and vendor not in REGIONS:
        raise UsageError("VENDOR", vendor, f"must be one of {', '.join(REGIONS)}{nearest(vendor, list(REGIONS))}")
    found = [
        (name, region.spelling, region.value)
        for name, kind in REGIONS.items()
        if vendor in (None, name)
        for region in kind
    ]
    if json:
        for name, spelling, number in found:
            as_json({"vendor": name, "region": spelling, "number": number})
    else:
        rows(("VENDOR", "REGION", "NUMBER"), found)
    return DONE
