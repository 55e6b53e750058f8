"""`kaohe decide`: a step of 审定 is registered, and the results are locked as they are (Y8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import State
from kaohe.assess.deciding_blockers import blockers
from kaohe.assess.deciding_lock import Lock, rows_to_lock
from kaohe.assess.load_cells import read_date
from kaohe.findings import Finding
from kaohe.jobs.common import Clock, JobError, Progress, now, silent, stamp, without_collector
from kaohe.jobs.decide_lock import refuse_changed, way_of
from kaohe.jobs.decide_row import Asked, cells_of, new_row
from kaohe.jobs.kept_beside import one_run
from kaohe.jobs.master import Master
from kaohe.jobs.plans import DECISION, register_sheets, result_sheets, run_row
from kaohe.jobs.scheme_version import under_version
from kaohe.jobs.settled import period_shown, reckoned, refuse_not_shown, settled_period
from kaohe.jobs.store import FileStore, Store, as_store
from kaohe.model import Decided, Period, StateRow
from kaohe.sheets.heading import WORKING_LISTS
from kaohe.sheets.registers import RUNS, register_sheet
from kaohe.tables import BY_KEY, Row
from kaohe.workbooks.package.pending import kept
from kaohe.workbooks.plan import BookPlan

_STATES = "state"
_TOLD = 20
"""Blockers told before the rest is only counted."""


@dataclass(frozen=True)
class Decision:
    """What was registered and locked. ``locked``: the steps that were, with how many units each."""

    master: Path
    period: Period
    state: State
    locked: tuple[str, ...]
    units: int
    findings: tuple[Finding, ...]
    """What is to be answered besides: QUERY about answers and appeals (group Y)."""
    backup: Path | None = None
    notes: tuple[str, ...] = ()


@without_collector()
def decide(
    master: Path | Store,
    asked: Asked | None = None,
    *,
    period_code: str | None = None,
    scheme_version: str | None = None,
    clock: Clock = now,
    progress: Progress = silent,
) -> Decision:
    """Register a step of 审定 and lock the results; without ``asked`` lock the steps typed by hand.

    Without ``period_code`` the period consolidated last. ``scheme_version``: the results were consolidated
    under a version the master keeps. Raises JobError for wrong use and for everything that stands in the way
    of the step, NothingWritten when the master could not be written safely (it is then as it was).
    """
    store, moment = as_store(master), clock()
    with one_run(store, progress):
        book = store.read()
        _refuse_kept(store)
        if scheme_version:
            book = under_version(book, scheme_version)
        period = settled_period(book, period_code)
        if asked is not None and asked.state.strip() == terms.STATE_REOPENED:
            return _reopened(store, book, period, asked, moment)
        before = way_of(book, period)[1]
        _expect_whole(before)
        row = new_row(book, period, asked, moment.date()) if asked is not None else None
        cells = cells_of(book, row) if row is not None else ()
        after = _with(book, row)
        steps = way_of(after, period)[1].pending
        if not steps:
            raise JobError(_nothing_to_lock(book, period))
        _refuse_future(steps, moment.date())
        progress("核对", 0, 1)
        found, after = reckoned(after, period, before)
        refuse_changed(found, before)
        _as_shown(after, found, before, typed=bool(before.pending))
        _refuse_blocked(_before(found, steps[0]), steps, moment.date())
        progress("写入总表", 0, 1)
        locked = [row for step in steps for row in rows_to_lock(found, step, stamp(moment))]
        plan = _plan(after, found, locked, moment)
        written = store.write(plan, book, moment, cells)
        progress("写入总表", 1, 1)
    told = tuple(finding for finding in found.findings if finding.code.startswith("Y"))
    return Decision(
        master=store.path,
        period=period,
        state=found.state,
        locked=tuple(step.state for step in steps),
        units=len(found.standings),
        findings=told,
        backup=written.backup,
        notes=written.notes,
    )


def _reopened(store: Store, book: Master, period: Period, asked: Asked, moment: dt.datetime) -> Decision:
    """Take a decided result back, as it is registered.

    The result sheets show the same results under their new state; where registers were changed already they
    stay as they are until the next consolidation, and a note says so.
    """
    lock = way_of(book, period)[1]
    _expect_whole(lock)
    row = new_row(book, period, asked, moment.date())
    cells = cells_of(book, row)
    after = _with(book, row)
    found, under = reckoned(after, period, lock)
    if period_shown(book) == period.code and _is_shown(book, found, lock):
        plan = _plan(under, found, (), moment)
        note = "结果表的状态已改写,结果还是原来审定的;改正登记后请重新汇总,再从第一步审定起。"
    else:
        run = run_row(stamp(moment), DECISION, None, found.scores.scheme, period.code, after.content())
        plan = BookPlan((register_sheet(RUNS, [*book.runs, run]),))
        note = "结果表没有改写,表头还是原来的状态;请重新汇总,再从第一步审定起。"
    written = store.write(plan, book, moment, cells)
    state = way_of(after, period)[0].state
    return Decision(store.path, period, state, (), 0, (), written.backup, (*written.notes, note))


def _is_shown(book: Master, found: Assessment, lock: Lock) -> bool:
    """Whether 排名 shows these results, and they are what was decided."""
    try:
        refuse_changed(found, lock)
        refuse_not_shown(book, found, lock)
    except JobError:
        return False
    return True


def _refuse_kept(store: Store) -> None:
    """JobError when a newer result stands beside the master: the one in it is no longer the last."""
    beside = kept(store.path.resolve()) if isinstance(store, FileStore) else ()
    if beside:
        raise JobError(
            f"总表旁有另存的“{beside[-1].name}”,其中的结果还没有并入。请关闭总表,先汇总一次,核对后再审定。"
        )


def _expect_whole(lock: Lock) -> None:
    if lock.broken:
        raise JobError(lock.broken)


def _refuse_future(steps: Sequence[StateRow], today: dt.date) -> None:
    """JobError when a step typed by hand has not happened yet; once locked, nothing could follow it."""
    for step in steps:
        day = read_date(step.date)
        if day is not None and day > today:
            raise JobError(
                f"《审定》{step.location.cell}“{step.state}”的日期 {step.date} "
                f"在今天({today.isoformat()})之后。还没有作出的决定不能锁定,请改正日期。"
            )


def _with(book: Master, row: StateRow | None) -> Master:
    """The master with the row registered."""
    if row is None:
        return book
    table = book.tables[_STATES]
    given = {column.key: getattr(row, column.key) or None for column in BY_KEY[_STATES].columns}
    grown = replace(table, rows=(*table.rows, Row(0, {key: text for key, text in given.items() if text})))
    ledger = replace(book.ledger, states=(*book.ledger.states, row))
    return replace(book, ledger=ledger, tables={**book.tables, _STATES: grown})


def _nothing_to_lock(book: Master, period: Period) -> str:
    way, _ = way_of(book, period)
    step = f"下一步是“{way.next_step}”" if way.next_step else "已经是最后一步"
    refused = [f"{row.location.cell}“{row.state}”:{reason}" for row, reason in way.refused]
    typed = f"《审定》中没有采用的行:{';'.join(refused)}。" if refused else ""
    return (
        f"{period.title}现在是“{way.state.shown}”,《审定》没有等待锁定的一步。{typed}"
        f"登记一步,请写 --state 状态 --basis 依据 --person 决定人({step})。"
    )


def _as_shown(book: Master, found: Assessment, lock: Lock, typed: bool) -> None:
    """refuse_not_shown, with the way out when a step was typed already and stops consolidation."""
    try:
        refuse_not_shown(book, found, lock)
    except JobError as error:
        if not typed:
            raise
        way_out = "(《审定》中手工登记、还没有锁定的行,请先删去,汇总后再登记。)"
        raise JobError(f"{error}{way_out}") from None


def _before(found: Assessment, step: StateRow) -> Assessment:
    """The assessment as it was before the step was registered: what stands in its way is asked of that."""
    rows = found.ledger.states
    at = next(index for index, row in enumerate(rows) if row is step)
    return replace(found, ledger=replace(found.ledger, states=rows[:at]))


def _refuse_blocked(found: Assessment, steps: Sequence[StateRow], today: dt.date) -> None:
    """JobError with everything that stands in the way of the steps, taken one after the other."""
    for step in steps:
        if told := blockers(found, step.state, today):
            more = f"\n等 {len(told)} 条。" if len(told) > _TOLD else ""
            lines = "\n".join(f"- {text}" for text in told[:_TOLD])
            raise JobError(f"还不能登记“{step.state}”:\n{lines}{more}")
        found = replace(found, ledger=replace(found.ledger, states=(*found.ledger.states, step)))


def _plan(book: Master, found: Assessment, locked: Sequence[Decided], moment: dt.datetime) -> BookPlan:
    """The result sheets with the state in their headings, and the registers."""
    sheets = result_sheets(found, book.names, book.issues, {}, book.path.name, moment.date(), book.receipts)
    scheme = found.scores.scheme
    decided = [*book.decided, *locked]
    content = book.content(decided=decided)
    run = run_row(stamp(moment), DECISION, found, scheme, found.scores.period.code, content)
    registers = register_sheets(
        book.records, book.issues.values(), book.versions, [*book.runs, run], decided=decided
    )
    results = [sheet for sheet in sheets if sheet.key not in WORKING_LISTS]
    if found.scores.period.code != period_shown(book):
        results = []
    return BookPlan((*results, *registers))
