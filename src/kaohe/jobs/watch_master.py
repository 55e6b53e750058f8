"""What the master already holds, as the watch needs it; read again only when the master is another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.jobs.common import JobError, now, stamp
from kaohe.jobs.kept_beside import with_kept
from kaohe.jobs.master import Master, open_master
from kaohe.jobs.plans import CONSOLIDATED
from kaohe.jobs.store import FileStore
from kaohe.jobs.watch_files import Stamp
from kaohe.jobs.watch_words import error_words
from kaohe.periods import parse_period
from kaohe.workbooks.package import MasterLocked
from kaohe.workbooks.package.runlock import held


@dataclass
class Held:
    """``files``: SHA-256 of every file in 填报数据 or 收件登记, of the master or of one kept beside it.

    ``kept``: whether there is one beside it. ``issued``: periods it knows of. ``current``: the one
    consolidated last, else the last that was issued, '' for none. ``errors``: whether the last consolidation
    of that period left errors.
    """

    path: Path
    files: set[str] = field(default_factory=set)
    kept: bool = False
    issued: frozenset[str] = frozenset()
    current: str = ""
    errors: bool = False
    _stamp: Stamp | None = None

    def refresh(self) -> None:
        """Read the master if it is not the one that was read before. Raises OSError and JobError."""
        status = self.path.stat()
        found = Stamp(status.st_size, status.st_mtime_ns)
        if found == self._stamp:
            return
        book, kept, _ = with_kept(open_master(self.path), FileStore(self.path))
        self.kept = bool(kept)
        self.files |= {record.sha256 for record in book.records}
        self.files |= {row.sha256 for row in book.receipts if row.sha256}
        self.issued = frozenset(row.period for row in book.issues.values())
        self.issued |= {record.period for record in book.records}
        self.current = _current(book)
        runs = [run for run in book.runs if run.command == CONSOLIDATED and run.period == self.current]
        self.errors = bool(runs) and runs[-1].errors > 0
        self._stamp = found

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


@contextmanager
def one_watch(master: Path) -> Iterator[None]:
    """One watch on a master. Raises JobError when there is another, or no lock can be made beside it."""
    target = master.resolve()
    with ExitStack() as stack:
        try:
            stack.enter_context(held(target.with_name(f"{target.name}.watch"), stamp(now())))
        except MasterLocked as error:
            who = error.reason.partition("(")[2].partition(")")[0]
            raise JobError(
                f"已有一个 kaohe watch 在看守“{target.name}”{f'({who})' if who else ''},一个总表只能有一个。"
                f"若确认没有在运行,请删除同一文件夹里的“.{target.name}.watch.kaohe-lock”。"
            ) from None
        except OSError as error:
            raise JobError(
                f"不能在总表所在的文件夹“{target.parent}”里建立文件:{error_words(error)}。请检查路径和权限。"
            ) from None
        yield


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
