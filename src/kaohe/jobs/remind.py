"""`kaohe remind`: a letter for each unit that still owes a return or has errors to mend."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kaohe.assess.reminders import reminders
from kaohe.jobs.common import Clock, JobError, make_folder, now, safe_name
from kaohe.jobs.consolidate import assess_returns
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.master import Master
from kaohe.jobs.plans import CONSOLIDATED
from kaohe.jobs.store import Store, as_store
from kaohe.model import Period
from kaohe.sheets.reminder_text import letter, summary
from kaohe.workbooks.package import write_new


class Letter(NamedTuple):
    """One letter: to whom, what is owed in a line, whole days overdue, the text, where it was written."""

    name: str
    summary: str
    days: int
    text: str
    path: Path | None = None


@dataclass(frozen=True)
class Reminded:
    """The letters of a period, the latest first."""

    period: Period
    letters: tuple[Letter, ...]

    @property
    def late(self) -> int:
        """How many are overdue."""
        return sum(letter.days > 0 for letter in self.letters)


def remind(
    master: Path | Store, *, period_code: str | None = None, folder: Path | None = None, clock: Clock = now
) -> Reminded:
    """Letters as of today from what the master holds (returns that were consolidated).

    Without ``period_code`` the period that was consolidated last is meant, as in 催报 of the master; before
    the first consolidation the one that was issued last. ``folder``: a UTF-8 text file for each,
    one of the same name is replaced. Raises JobError, NothingWritten.
    """
    book = as_store(master).read()
    period = _period(book, period_code)
    today = clock().date()
    assessment = assess_returns(book, period, ())
    found = [
        Letter(owed.name, summary(owed), owed.days, letter(owed, assessment.scores.scheme, period, today))
        for owed in reminders(assessment, book.issues, today, book.receipts)
    ]
    if folder is not None and found:
        make_folder(folder)
        found = [_written(each, folder, number) for number, each in enumerate(found, start=1)]
    return Reminded(period, tuple(found))


def _written(each: Letter, folder: Path, number: int) -> Letter:
    """The letter in a file of its own; the number keeps two of the same name apart and the latest first."""
    path = folder / f"催报-{number:03}-{safe_name(each.name)[:60]}.txt"
    text = each.text.replace("\n", "\r\n") + "\r\n"
    write_new(path, text.encode("utf-8-sig"), overwrite=True, durable=False)
    return each._replace(path=path)


def _period(book: Master, code: str | None) -> Period:
    issued = [row.period for row in book.issues.values()]
    if not issued:
        raise JobError("总表还没有下发过,没有需要催报的。请先下发(kaohe issue)。")
    shown = [run.period for run in book.runs if run.command == CONSOLIDATED and run.period in issued]
    period = parse_period_or_fail(code or (shown or issued)[-1])
    if period.code not in issued:
        known = "、".join(dict.fromkeys(issued))
        raise JobError(f"期次 {period.code} 没有下发过。下发过的期次:{known}。")
    return period
