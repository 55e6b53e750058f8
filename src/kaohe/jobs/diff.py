"""`kaohe diff`: two states of a master, or two years: what changed in the results, and through what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import state_of
from kaohe.assess.differences import (
    Difference,
    Names,
    cell_of,
    count_differences,
    record_differences,
    table_differences,
)
from kaohe.assess.differences_replay import Attribution, Step, attributed, results_of
from kaohe.jobs.common import JobError, Progress, silent, without_collector
from kaohe.jobs.decide_lock import way_of
from kaohe.jobs.diff_steps import replay
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.master import Master, open_master
from kaohe.jobs.plans import CONSOLIDATED
from kaohe.jobs.settled import reckoned, refuse_not_shown
from kaohe.model import Period, Record, Scheme
from kaohe.sheets.registers import DECIDED, FIRST_ROW, ISSUES


@dataclass(frozen=True)
class Side:
    """One of the two: what it holds, and its results; None where the period was never consolidated."""

    path: Path
    book: Master
    period: Period | None
    assessment: Assessment | None
    state: str
    notes: tuple[str, ...] = ()

    @property
    def scheme(self) -> Scheme:
        """The rows in force at the period's end; all of them without a period."""
        if self.assessment is not None:
            return self.assessment.scores.scheme
        return self.book.scheme.at(self.period.end) if self.period else self.book.scheme


@dataclass(frozen=True)
class Diff:
    """All that differs between two masters. ``replayed``: whether causes could be told apart."""

    before: Side
    after: Side
    differences: tuple[Difference, ...]
    attribution: Attribution
    replayed: bool
    notes: tuple[str, ...]
    scheme_only: bool = False

    @property
    def state_changed(self) -> bool:
        """Whether the step of 审定 is another; not looked at where only the scheme is."""
        return self.before.state != self.after.state and not self.scheme_only

    @property
    def any(self) -> bool:
        """Whether anything differs at all."""
        found = self.attribution
        return bool(self.differences or found.units or found.scores or self.state_changed)


@without_collector()
def diff(
    before: Path,
    after: Path,
    *,
    period_code: str | None = None,
    scheme_only: bool = False,
    progress: Progress = silent,
) -> Diff:
    """Compare two masters; both are only read.

    Without ``period_code`` each side's period is the one consolidated last: of masters of two years two
    periods are compared, and causes are not told apart. Raises JobError for a file that is no master, or a
    wrong period.
    """
    wanted = parse_period_or_fail(period_code).code if period_code else None
    first, second = (_side(path, wanted, not scheme_only) for path in (before, after))
    if wanted and not scheme_only and first.assessment is None and second.assessment is None:
        raise JobError(f"期次 {wanted} 在两份总表里都没有汇总过。请核对 --period。")
    names = Names.of(first.book.scheme, second.book.scheme)
    found = table_differences(first.book.tables, second.book.tables, names)
    if scheme_only:
        of_scheme = tuple(row for row in found if row.of_scheme)
        return Diff(first, second, of_scheme, Attribution((), ()), replayed=False, notes=(), scheme_only=True)
    same = first.period is not None and first.period == second.period
    if same:
        found = (*found, *_records(first, second, names))
    found = (*found, *count_differences(_counts(first.book), _counts(second.book)))
    notes = [*first.notes, *second.notes, *_about_periods(first, second)]
    replayed = same and first.assessment is not None and second.assessment is not None
    steps: tuple[Step, ...] | None = None
    if first.assessment and second.assessment and second.period and replayed:
        books = (first.book, second.book)
        steps = tuple(replay(*books, second.period, first.assessment, found, progress))
    results = results_of(first.assessment), results_of(second.assessment)
    order = dict.fromkeys((*results[1].standings, *results[0].standings))
    told = attributed(*results, steps, (first.scheme, second.scheme), order)
    return Diff(first, second, found, told, replayed, tuple(notes))


def _side(path: Path, code: str | None, assessed: bool) -> Side:
    book = open_master(path)
    done = [run.period for run in book.runs if run.command == CONSOLIDATED and run.period]
    if not done or (code and code not in done):
        known = f"汇总过的期次:{'、'.join(dict.fromkeys(done))}" if done else "还没有汇总过"
        issued = [row.period for row in book.issues.values()]
        wanted = code or (issued[-1] if issued else None)
        period = parse_period_or_fail(wanted) if wanted else None
        return Side(path, book, period, None, "", (f"“{path.name}”{known},没有可比的结果。",))
    period = parse_period_or_fail(code or done[-1])
    if not assessed:
        return Side(path, book, period, None, "")
    lock = way_of(book, period)[1]
    found, book = reckoned(book, period, lock)
    state = state_of(book.ledger.states, period, found.scores.scheme).shown
    try:
        refuse_not_shown(book, found, lock)
    except JobError as error:
        return Side(path, book, period, found, state, (f"“{path.name}”以现有内容重算的为准。{error}",))
    return Side(path, book, period, found, state)


def _counts(book: Master) -> dict[str, int]:
    """Rows of what went out and of what was decided."""
    return {ISSUES.key: len(book.issues), DECIDED.key: len(book.decided)}


def _about_periods(first: Side, second: Side) -> list[str]:
    if first.period is None or second.period is None or first.period == second.period:
        return []
    return [
        f"两份总表的期次不同({first.period.code}、{second.period.code}):"
        "填报和登记各归各期,只比结果和方案,不逐项说明原因。"
    ]


def _records(first: Side, second: Side, names: Names) -> tuple[Difference, ...]:
    assert first.period is not None
    lives = [_live(side) for side in (first, second)]
    rows = [
        {cell_of(record): FIRST_ROW + at for at, record in enumerate(_all_records(side))}
        for side in (first, second)
    ]
    return record_differences(lives[0], lives[1], rows, names)


def _all_records(side: Side) -> Sequence[Record]:
    return side.assessment.intake.records if side.assessment else side.book.records


def _live(side: Side) -> tuple[Mapping[str, Mapping[str, Record]], Mapping[str, Mapping[str, Record]]]:
    if side.assessment is not None:
        return side.assessment.intake.live, side.assessment.intake.assessed
    own: dict[str, dict[str, Record]] = {}
    assessed: dict[str, dict[str, Record]] = {}
    for record in side.book.records:
        if side.period and record.period == side.period.code and not record.superseded:
            (assessed if record.source else own).setdefault(record.unit, {})[record.indicator] = record
    return own, assessed
