"""What the result sheets should show: the period assessed anew from the master, as the run planned it.

What returned files told stands in the master only as rows of 问题清单. Where the files are not at hand these
rows are taken as they stand; with them they are found anew like everything else.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_uppercase

from kaohe.assess.assessment import Assessment
from kaohe.assess.returns import CONSOLIDATED as TAKEN_IN
from kaohe.assess.returns import KNOWN
from kaohe.audit.cells import SheetCells, Value, read_sheets
from kaohe.audit.contents import hashes_by_name
from kaohe.audit.digest import GROWN, SAME, read_content, verdict
from kaohe.audit.model import Difference
from kaohe.findings import CATALOGUE, Finding
from kaohe.jobs.audit_odd import without_odd_cells
from kaohe.jobs.common import JobError
from kaohe.jobs.consolidate import assess_returns
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.master import Master
from kaohe.jobs.plans import CONSOLIDATED, DECISION, result_sheets
from kaohe.jobs.scheme_version import under_version
from kaohe.model import Location, Period, Return
from kaohe.sheets.heading import FIRST_ROW, WORKING_LISTS
from kaohe.sheets.registers import Run
from kaohe.tables import BY_KEY, GRADING, SCHEME, SPECS
from kaohe.workbooks.plan import SheetPlan

ISSUES, RETURNS = "问题清单", "报送情况"
_CODE, _UNIT, _FILE, _SHEET, _CELL, _WHAT, _REMEDY = 3, 5, 6, 7, 8, 9, 10
"""Columns of 问题清单."""
_CELL_AT = 4
_LOOK = "查看"
_STATES = "state"
SPECIMEN = "样式"
"""The hidden sheet of styles, which holds no result."""
_RULES = tuple(spec.title for spec in (*SCHEME, *GRADING) if spec.key not in ("unit", "person"))


@dataclass(frozen=True, slots=True)
class AsShown(Finding):
    """A finding about a returned file, with the words that stand in 问题清单."""

    words: tuple[str, str] = field(default=("", ""))

    @property
    def what(self) -> str:
        """What is wrong, as it is shown."""
        return self.words[0]

    @property
    def remedy(self) -> str:
        """How to mend it, as it is shown."""
        return self.words[1]


@dataclass(frozen=True)
class Anew:
    """The sheets as they should be, with their present names; the master under the rules of that run."""

    book: Master
    run: Run
    period: Period
    assessment: Assessment
    plans: tuple[tuple[str, SheetPlan], ...]
    sheets: Mapping[str, SheetCells]
    """The same sheets as they stand."""
    notes: tuple[str, ...]
    odd: tuple[Difference, ...] = ()
    """Cells of registers that hold what no run writes there."""

    @property
    def scope(self) -> list[tuple[str, SheetPlan]]:
        """Names and plans of the sheets that are there."""
        return [(name, plan) for name, plan in self.plans if name in self.sheets]


def anew(book: Master, data: bytes, returns: Sequence[Return] = (), extra: Sequence[Finding] = ()) -> Anew:
    """Assess the period of the last consolidation anew; ``returns``: its files, where they are at hand.

    ``data``: the bytes ``book`` was read from. Raises JobError when nothing was consolidated yet.
    """
    run = last_run(book)
    period = parse_period_or_fail(run.period)
    book, odd = without_odd_cells(book)
    book, notes = _under_the_rules_of(_in_the_state_of(book, run, period), run, period)
    titles = {ISSUES: book.sheet_names.get(ISSUES, ISSUES)}
    there = read_sheets(data, list(titles.values())).get(titles[ISSUES])
    found = assess_returns(book, period, returns, extra)
    if there is not None:
        away = _files_of(book) - {returned.workbook for returned in returns}
        if told := list(_only_in_files(there, found, away)):
            found = assess_returns(book, period, returns, (*extra, *told))
            notes += (f"《{ISSUES}》中有 {len(told)} 条是回收文件里的问题,没有文件可对,照现在写着的采用。",)
        found = replace(found, findings=tuple(_at_cells_shown(there, found, away)))
    plans = tuple(
        (book.sheet_names.get(plan.key, plan.title), plan) for plan in _plans(book, run, period, found)
    )
    sheets = read_sheets(data, [name for name, _ in plans])
    return Anew(book, run, period, found, plans, sheets, (*notes, *_left_over(book, plans)), odd)


def _left_over(book: Master, plans: Sequence[tuple[str, SheetPlan]]) -> Iterator[str]:
    """Sheets of ours that this run did not write: of a scheme that had something this one has not."""
    known = {plan.key for _, plan in plans} | {spec.title for spec in SPECS} | {*book.registers, SPECIMEN}
    for key in sorted(book.sheet_names.keys() - known):
        yield f"《{book.sheet_names[key]}》不是这次汇总写的,没有核对。"


def last_run(book: Master) -> Run:
    """The consolidation whose results are shown. Raises JobError when there was none."""
    done = [run for run in book.runs if run.command == CONSOLIDATED and run.period]
    if not done:
        raise JobError("总表还没有汇总过,没有结果可以核对。请先汇总(按钮“汇总”,或 kaohe consolidate)。")
    return done[-1]


def alike(heading: str, value: Value) -> Value:
    """Words that say the same.

    A file that was taken in is shown as 已汇总 by the run that did so, as 此前已汇总 by later ones; a finding
    without a cell shows 查看 where it leads to a file.
    """
    if heading == "单元格" and value == _LOOK:
        return None
    return TAKEN_IN if heading == "处理结果" and value == KNOWN else value


def _under_the_rules_of(book: Master, run: Run, period: Period) -> tuple[Master, tuple[str, ...]]:
    """The master under the version the run scored under, where the run named another than today's tables.

    When the tables themselves were changed after the run, today's are taken, and the audit says so.
    """
    current = book.scheme.at(period.end).version
    if run.version == current or run.version not in {row.version for row in book.versions}:
        return book, ()
    before, now = read_content(run.content), hashes_by_name(book.tables, {})
    same = all(
        verdict(before[title], now[title]).kind in (SAME, GROWN)
        for title in _RULES
        if title in before and title in now
    )
    if before and not same:
        return book, ()
    return under_version(book, run.version), (f"按汇总时所用的方案版本 {run.version} 核对(现行 {current})。",)


def _in_the_state_of(book: Master, run: Run, period: Period) -> Master:
    """The master with those steps of 审定 that the last run which wrote the results knew of."""
    table = book.tables.get(_STATES)
    kept = read_content(_writers(book, run, period)[-1].content).get(BY_KEY[_STATES].title)
    if table is None or kept is None or kept.rows >= len(table.rows):
        return book
    later = {f"{row.number}" for row in table.rows[kept.rows :]}
    states = tuple(
        row for row in book.ledger.states if row.location.cell.lstrip(ascii_uppercase) not in later
    )
    return replace(book, ledger=replace(book.ledger, states=states))


def _plans(book: Master, run: Run, period: Period, found: Assessment) -> Iterator[SheetPlan]:
    """The result sheets as of the day they were written: working lists by 汇总, results by 审定, too."""
    written = _writers(book, run, period)
    for one in dict.fromkeys((written[0].time[:10], written[-1].time[:10])):
        sheets = result_sheets(found, book.names, book.issues, {}, book.path.name, _day(one), book.receipts)
        for sheet in sheets:
            last = written[0] if sheet.key in WORKING_LISTS else written[-1]
            if last.time[:10] == one:
                yield sheet


def _writers(book: Master, run: Run, period: Period) -> list[Run]:
    """The consolidation and the later runs that wrote its results again."""
    return [run, *(other for other in book.runs if _rewrites(other, run, period))]


def _rewrites(other: Run, run: Run, period: Period) -> bool:
    return (
        other.command == DECISION
        and other.period == period.code
        and other.time >= run.time
        and bool(other.records)
    )


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise JobError(f"《运行记录》的时间“{text}”看不懂,不能核对。请从“备份”文件夹恢复总表。") from None


def _files_of(book: Master) -> set[str]:
    """Names of all returned files the master knows."""
    return {row.workbook for row in book.receipts} | {row.workbook for row in book.records}


def _only_in_files(there: SheetCells, found: Assessment, away: Collection[str]) -> Iterator[AsShown]:
    """Rows of 问题清单 about files that are away, which the master alone does not give rise to."""
    names = {unit.code: unit.name for unit in found.scores.units}
    codes = {name: code for code, name in names.items()}
    known = Counter(_row_key(_key(finding, names)) for finding in found.findings)
    for *key, what, remedy in _listed(there):
        code, unit, workbook, sheet, cell = key
        if known[_row_key(key)] > 0:
            known[_row_key(key)] -= 1
        elif code in CATALOGUE and workbook in away:
            place = Location(workbook, sheet, cell, codes.get(unit, unit))
            yield AsShown(code, place, {}, (what, remedy))


def _at_cells_shown(there: SheetCells, found: Assessment, away: Collection[str]) -> Iterator[Finding]:
    """The findings; those of files that are away at the cell of the row where 问题清单 has them.

    Which column a remark or a weight stood in, only the file can tell.
    """
    names = {unit.code: unit.name for unit in found.scores.units}
    shown: dict[tuple[str, ...], list[str]] = {}
    for *key, _, _ in _listed(there):
        shown.setdefault(_row_key(key), []).append(key[_CELL_AT])
    for finding in found.findings:
        cells = shown.get(_row_key(_key(finding, names)), [])
        cell = cells.pop(0) if cells else ""
        if cell and finding.location.workbook in away and not isinstance(finding, AsShown):
            yield replace(finding, location=finding.location._replace(cell=cell))
        else:
            yield finding


def _row_key(key: Sequence[str]) -> tuple[str, ...]:
    """The same for all cells of a row of a file."""
    return (*key[:_CELL_AT], key[_CELL_AT].lstrip(ascii_uppercase))


def _key(finding: Finding, names: Mapping[str, str]) -> tuple[str, ...]:
    place = finding.location
    return (finding.code, names.get(place.unit, place.unit), place.workbook, place.sheet, place.cell)


def _listed(there: SheetCells) -> Iterator[tuple[str, ...]]:
    """The rows of 问题清单: code, unit, file, sheet, cell, what, remedy."""
    last = max((row for row, _ in there.values), default=0)
    for row in range(FIRST_ROW, last + 1):
        columns = (_CODE, _UNIT, _FILE, _SHEET, _CELL, _WHAT, _REMEDY)
        cells = [str(there.values.get((row, column)) or "") for column in columns]
        if cells[0]:
            yield tuple("" if text == _LOOK else text for text in cells)
