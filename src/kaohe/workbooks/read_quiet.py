"""Keep the old format's reader from writing its own crash reports to the screen.

The reader of .xls stumbles over some damaged records with a Rust panic: it arrives here as an exception, but
its hook has already written a backtrace to file descriptor 2. Only .xls files go through this, because the
redirection holds for the whole process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_panics(wanted: bool) -> Iterator[None]:
    """Send file descriptor 2 nowhere while the block runs; does nothing where there is no descriptor 2."""
    saved = _descriptor() if wanted else None
    if saved is None:
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def _descriptor() -> int | None:
    """A copy of file descriptor 2; None in a program without a console."""
    try:
        return os.dup(2)
    except OSError:
        return None
