"""Where a master is: a file on disk, or (for the add-in) a book that is open in Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kaohe.jobs.master import Master, open_master
from kaohe.jobs.plans import DECISION
from kaohe.sheets.registers import RUNS
from kaohe.workbooks.package import apply
from kaohe.workbooks.package.backups import BEFORE_DECISION
from kaohe.workbooks.package.extend import Added, extend
from kaohe.workbooks.plan import BookPlan, Cell

Cells = Sequence[tuple[str, Added]]
"""Cells to add to sheets of the office's, by sheet name or product key."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a write: the backup of the old master (None: an open book keeps its own), and notes."""

    backup: Path | None
    notes: tuple[str, ...] = ()


class Store(Protocol):
    """A place a master is read from and written to; every job that writes takes one."""

    @property
    def path(self) -> Path:
        """The master's file; links to returned files are relative to its folder."""

    def read(self) -> Master:
        """The master as it is now. Raises JobError."""

    def write(self, plan: BookPlan, master: Master, moment: dt.datetime, added: Cells = ()) -> Written:
        """Put the plan into the master that was read as ``master``, ``added`` cells first.

        Raises NothingWritten, and BadPlan for an added cell that is not blank.
        """


@dataclass(frozen=True, slots=True)
class FileStore:
    """A master on disk, changed by the package patch.

    ``beside``: where the master is open in a spreadsheet program, leave the new one beside it.
    """

    path: Path
    beside: bool = False

    def read(self) -> Master:
        """The master as it is now. Raises JobError."""
        return open_master(self.path)

    def write(self, plan: BookPlan, master: Master, moment: dt.datetime, added: Cells = ()) -> Written:
        """Patch the file, unless it changed since ``master`` was read. Raises NothingWritten."""
        first = (lambda data: extend(data, added)) if added else None
        expected = master.sha256
        saved = apply(
            self.path,
            plan,
            clock=moment,
            expect_sha256=expected,
            first=first,
            beside=self.beside,
            mark=made_before(plan),
        )
        return Written(saved.backup, saved.notes)


def made_before(plan: BookPlan) -> str:
    """What the backup is made before, where it is to be kept for ever: a step of 审定, or its taking back."""
    runs = next((sheet.rows for sheet in plan.sheets if sheet.key == RUNS.key), ())
    last = [cell.value if isinstance(cell, Cell) else cell for cell in runs[-1]] if runs else []
    return BEFORE_DECISION if DECISION in last[1:2] else ""


def as_store(master: Path | Store, beside: bool = False) -> Store:
    """A path stands for the file; ``beside`` as in :class:`FileStore`."""
    return FileStore(master, beside) if isinstance(master, Path) else master
