"""One run at a time on a master, and what an earlier run had to leave beside it because it was open.

What was left is a whole master. Its content is taken over row by row, by the registers that are only ever
appended to, because the office may have changed the master since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from kaohe.assess.assessment import Assessment
from kaohe.assess.merging import supersede
from kaohe.jobs.common import JobError, Progress, now, stamp
from kaohe.jobs.master import Master, open_master
from kaohe.jobs.store import FileStore, Store
from kaohe.model import Record
from kaohe.periods import parse_period
from kaohe.workbooks.package import BACKUP_FOLDER, KeptBeside
from kaohe.workbooks.package.pending import kept, retire
from kaohe.workbooks.package.runlock import Holder, held
from kaohe.workbooks.package.save import explained

PATIENCE = 180.0
"""Seconds that a run waits for another one on the same master to end."""


class ResultKept(KeptBeside):
    """The master is open; the new one stands beside it, and ``assessment`` is what it says."""

    def __init__(self, kept: KeptBeside, assessment: Assessment) -> None:
        super().__init__(kept.reason, kept.remedy, kept.beside)
        self.assessment = assessment


Row = TypeVar("Row")


@contextmanager
def one_run(store: Store, progress: Progress) -> Iterator[None]:
    """From reading the master to writing it, no other run; waits a while for one that is going.

    Raises NothingWritten when that one does not end, or a lock cannot be made. An open book has no lock.
    """
    if not isinstance(store, FileStore) or not _is_file(store.path):
        yield
        return

    def waiting(holder: Holder | None) -> None:
        progress("等待另一次运行结束", 0, 1)

    with ExitStack() as stack:
        with explained(store.path):
            stack.enter_context(held(store.path.resolve(), stamp(now()), PATIENCE, waiting))
        yield


def _is_file(path: Path) -> bool:
    """Whether there is such a file. Raises NothingWritten where the system does not say."""
    with explained(path):
        return path.is_file()


def with_kept(book: Master, store: Store) -> tuple[Master, tuple[Path, ...], tuple[str, ...]]:
    """(the master with what earlier runs kept beside it, the files that was taken from, notes)."""
    if not isinstance(store, FileStore):
        return book, (), ()
    taken, notes = [], []
    for file in kept(store.path.resolve()):
        try:
            other = open_master(file)
        except JobError as error:
            notes.append(f"“{file.name}”读不了,没有并入,原样留着:{error}")
            continue
        book = _joined(book, other)
        taken.append(file)
        notes.append(f"此前总表打开着而另存的“{file.name}”已并入总表。")
    return book, tuple(taken), tuple(notes)


def retire_kept(files: Iterable[Path], master: Path) -> tuple[str, ...]:
    """Take away files whose content is in the master (or in a later one) now; notes on what stays."""
    notes = []
    for file in files:
        try:
            retire(file, master.resolve().parent / BACKUP_FOLDER)
        except OSError as error:
            notes.append(f"“{file.name}”的内容已并入总表,但删不掉({error.strerror}),请自行删去。")
    return tuple(notes)


def _joined(book: Master, other: Master) -> Master:
    """The master with the rows of the other's registers that it does not have."""
    return replace(
        book,
        records=_records(book.records, other.records),
        runs=_union(book.runs, other.runs),
        receipts=_union(book.receipts, other.receipts),
    )


def _records(own: Sequence[Record], other: Sequence[Record]) -> tuple[Record, ...]:
    """Rows of 填报数据 of both; what the other has besides came in later and replaces, period by period."""
    there = {_cell_of(record) for record in own}
    more = [record for record in other if _cell_of(record) not in there]
    joined = list(own)
    for code in dict.fromkeys(record.period for record in more):
        fresh = [record for record in more if record.period == code]
        joined = supersede(joined, fresh, parse_period(code))
    return tuple(joined)


def _cell_of(record: Record) -> tuple[str, str, str]:
    return (record.sha256, record.unit, record.indicator)


def _union(own: Sequence[Row], other: Sequence[Row]) -> tuple[Row, ...]:
    """Rows of both, each once; the order of each stays."""
    there = set(own)
    return (*own, *(row for row in other if row not in there))
