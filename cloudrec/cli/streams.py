"""The standard streams: letters that they cannot show, and readers that have gone."""

import errno
import io
import os
import sys

IS_WINDOWS = os.name == "nt"


def tolerant() -> None:
    """Has texts printed that hold what the encoding does not: on Windows, that of a pipe is that of the country."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def reader_has_gone(error: OSError) -> bool:
    """Whether nobody reads any more what is printed, as `head` does; Windows calls that an invalid argument."""
    gone = isinstance(error, BrokenPipeError)
    return gone or (IS_WINDOWS and error.errno == errno.EINVAL and error.filename is None)
