"""What the master already holds, as the watch needs it; read again only when the master is another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.jobs.kept_beside import with_kept
from kaohe.jobs.master import Master, open_master
from kaohe.jobs.plans import CONSOLIDATED
from kaohe.jobs.store import FileStore
from kaohe.jobs.watch_files import Stamp
from kaohe.periods import parse_period


@dataclass
class Held:
    """``files``: SHA-256 of every file in 填报数据 or 收件登记, of the master or of one kept beside it.

    ``kept``: whether there is one beside it. ``issued``: periods it knows of. ``current``: the one
    consolidated last, else the last that was issued, '' for none.
    """

    path: Path
    files: set[str] = field(default_factory=set)
    kept: bool = False
    issued: frozenset[str] = frozenset()
    current: str = ""
    _stamp: Stamp | None = None

    def refresh(self) -> None:
        """Read the master if it is not the one that was read before. Raises OSError and JobError."""
        status = self.path.stat()
        stamp = Stamp(status.st_size, status.st_mtime_ns)
        if stamp == self._stamp:
            return
        book, kept, _ = with_kept(open_master(self.path), FileStore(self.path))
        self.kept = bool(kept)
        self.files |= {record.sha256 for record in book.records}
        self.files |= {row.sha256 for row in book.receipts if row.sha256}
        self.issued = frozenset(row.period for row in book.issues.values())
        self.issued |= {record.period for record in book.records}
        self.current = _current(book)
        self._stamp = stamp

    def forget(self) -> None:
        """Read the master again the next time."""
        self._stamp = None

    def periods(self, found: Collection[str]) -> list[str | None]:
        """The periods to consolidate when forms of these periods came in.

        Each one the master knows, the earlier first; the current one at the end, lest a late return of an
        earlier period leaves the master showing that. None: whatever the files say.
        """
        wanted = sorted(self.issued.intersection(found), key=_when)
        if self.current and (not wanted or _when(wanted[-1]) < _when(self.current)):
            wanted.append(self.current)
        return [*wanted] or [None]


def _current(book: Master) -> str:
    runs = [run.period for run in book.runs if run.command == CONSOLIDATED and run.period]
    issued = sorted((row.issued, row.period) for row in book.issues.values())
    return runs[-1] if runs else issued[-1][1] if issued else ""


def _when(code: str) -> tuple[str, int]:
    """By the end of a period, the shorter one first; a code that is none comes first."""
    try:
        period = parse_period(code)
    except ValueError:
        return ("", 0)
    return (period.end.isoformat(), len(code) < len("2007-07"))
