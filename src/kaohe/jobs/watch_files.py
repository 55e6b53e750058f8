"""Which files of an inbox are completely there: unchanged for a while, whole, and open for writing nowhere.

Polling only: notifications of the system do not come from network drives.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kaohe.jobs.inbox import UNFINISHED, find_files, leads_out

SETTLED = 5.0
"""Seconds a file must have kept its size and time."""
GIVEN_UP = 120.0
"""Seconds after which an unchanged file is taken as it is, although it looks cut off."""
_TAIL = 66_000
"""The directory of a zip begins at most this far from its end (its comment has at most 65,535 bytes)."""
_SHARING = (32, 33)
"""Windows: the file is open in another program."""


class Stamp(NamedTuple):
    """By what a file is seen to change."""

    size: int
    time: int
    """Of the last change, in ns; only compared for equality, so a clock that is set back does no harm."""


class Listing(NamedTuple):
    """The files of an inbox: what may be returns, what is no workbook, what is still being made.

    ``links``: those that lead out of it, which are not opened.
    """

    workbooks: Mapping[Path, Stamp]
    others: Mapping[Path, Stamp]
    unfinished: tuple[Path, ...] = ()
    links: tuple[Path, ...] = ()


def list_files(inbox: Path) -> Listing:
    """The inbox as it is now. Raises OSError and JobError when it cannot be read."""
    os.scandir(inbox).close()
    workbooks, others = find_files([inbox])
    links = tuple(path for path in others if path.is_symlink() and leads_out(path, inbox))
    unfinished = tuple(path for path in others if path.suffix.lower() in UNFINISHED and path not in links)
    rest = [path for path in others if path not in unfinished and path not in links]
    return Listing(_stamps(workbooks), _stamps(rest), unfinished, links)


def _stamps(paths: list[Path]) -> dict[Path, Stamp]:
    found = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:  # moved away since it was listed
            continue
        found[path] = Stamp(status.st_size, status.st_mtime_ns)
    return found


@dataclass
class Tracker:
    """Since when each file is as it is, by a clock that never goes back."""

    since: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)

    def update(self, files: Mapping[Path, Stamp], now: float) -> None:
        """Take note of the files as they are now (``now``: seconds of a monotonic clock)."""
        kept = self.since
        self.since = {
            path: kept[path] if path in kept and kept[path][0] == stamp else (stamp, now)
            for path, stamp in files.items()
        }

    def settled(self, path: Path, now: float) -> bool:
        """Whether the file is completely there, as far as can be known."""
        stamp, since = self.since[path]
        rest = now - since
        if rest < SETTLED:
            return False
        return rest >= GIVEN_UP or is_whole(path, stamp) or _long_since(path)


def _long_since(path: Path) -> bool:
    """Whether nothing has touched the file for so long that nobody is copying it any more.

    The time of its content may be that of its original; the time it was made or moved here cannot. A clock
    that was set back makes a file wait, no more.
    """
    try:
        status = path.stat()
    except OSError:
        return False
    return time.time() - max(status.st_mtime, status.st_ctime) >= GIVEN_UP


def is_whole(path: Path, stamp: Stamp) -> bool:
    """Whether the file has content and, if it is a zip, its end; and nobody has it open for writing.

    It is opened for that, which makes a network drive tell its present size.
    """
    if not stamp.size:
        return False
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if Stamp(status.st_size, status.st_mtime_ns) != stamp:
                return False
            head = file.read(4)
            file.seek(max(0, stamp.size - _TAIL))
            whole = not head.startswith(b"PK") or b"PK\x05\x06" in file.read()
            return whole and not _written_elsewhere(path, file.fileno())
    except OSError as error:
        return getattr(error, "winerror", None) not in _SHARING


def _written_elsewhere(path: Path, handle: int) -> bool:
    """Whether another program has the file open for writing; False where the system does not tell."""
    if sys.platform == "linux":
        return _lease_refused(handle)
    if sys.platform == "win32":
        return _write_refused(path)
    return False


def _write_refused(path: Path) -> bool:
    try:
        path.open("r+b").close()
    except OSError as error:
        return getattr(error, "winerror", None) in _SHARING
    return False


def _lease_refused(handle: int) -> bool:
    """A read lease is given on a file that nobody has open for writing (own files, local disks).

    Should somebody open it that very moment, the system says so by a signal: one that is ignored by default.
    """
    import fcntl

    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:  # not our file, or a drive without leases
        return False
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
