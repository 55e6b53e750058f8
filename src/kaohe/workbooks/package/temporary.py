"""Temporary files, named by computer and process, so that those of a run that was killed can be cleared."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
import zlib
from pathlib import Path

from kaohe.workbooks.package.backups import TEMPORARY, remove_quietly
from kaohe.workbooks.package.runlock import alive

_NAME = re.compile(r"\.([0-9a-f]{8})-(\d+)-\d+" + re.escape(TEMPORARY))
_OLD = 24 * 3600
"""Seconds after which a temporary file of another computer counts as left behind."""
_CLEARED: set[Path] = set()


def temporary_beside(path: Path) -> Path:
    """Where this thread writes the file before it gets its name."""
    return path.with_name(f".{_computer()}-{os.getpid()}-{threading.get_ident()}{TEMPORARY}")


def _computer() -> str:
    return f"{zlib.crc32(socket.gethostname().encode()):08x}"


def clear_left(folder: Path) -> None:
    """Remove what runs that were killed left in a folder; looked for once a folder and process.

    What cannot be removed, or may still be in use, stays for a later run.
    """
    if folder in _CLEARED:
        return
    _CLEARED.add(folder)
    try:
        with os.scandir(folder) as entries:
            found = [(match, entry) for entry in entries if (match := _NAME.fullmatch(entry.name))]
    except OSError:
        return
    for match, entry in found:
        if (match[1] == _computer() and not alive(int(match[2]))) or _age(entry) > _OLD:
            remove_quietly(folder / entry.name)


def _age(entry: os.DirEntry[str]) -> float:
    try:
        return time.time() - entry.stat(follow_symlinks=False).st_mtime
    except OSError:
        return 0.0
