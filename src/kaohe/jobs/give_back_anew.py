"""A form made from the master with what a clerk typed in it, where the return itself may not be sent back."""

from __future__ import annotations

from collections.abc import Mapping

from kaohe import terms
from kaohe.assess.entries import UNCACHED, typed_text
from kaohe.jobs.common import JobError
from kaohe.jobs.issue_parts import Part, parts_for
from kaohe.jobs.issue_stamps import Stamps
from kaohe.jobs.master import Master
from kaohe.model import IssueRecord, Period, Return, ReturnedRow
from kaohe.sheets.assessor_read import blocks_of, find_table
from kaohe.sheets.form_layout import COLUMNS
from kaohe.sheets.form_read import read_return
from kaohe.workbooks.package import fill
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.plan import Scalar
from kaohe.workbooks.read import read_book

_AT = {key: number for number, (key, *_) in enumerate(COLUMNS, start=1)}
_TEXTS = ("status", "mark", "reason", "measure", "evidence")
Cells = Mapping[tuple[str, str], tuple[str, str]]
"""(unit code, indicator code) → sheet and cell of the value."""


class Anew:
    """Forms of a period as the master would issue them now, under the numbers that were issued."""

    def __init__(self, master: Master, period: Period) -> None:
        self._scheme = master.scheme.at(period.end)
        self._period = period
        self._stamps: Stamps | None = None
        self._parts: dict[tuple[str, str], Part] = {}

    def workbook(self, issue: IssueRecord) -> bytes:
        """The blank form of a row of 下发登记. JobError when the scheme has changed since it was issued."""
        if issue.version != self._scheme.version or issue.period != self._period.code:
            raise JobError("方案已有改动,请重新下发")
        if self._stamps is None:
            self._stamps = Stamps(self._scheme, self._period)
        return self._stamps.workbook(self._part(issue), issue)

    def _part(self, issue: IssueRecord) -> Part:
        key = (issue.unit, issue.department)
        if key not in self._parts:
            split = bool(issue.unit and issue.department)
            wanted = [issue.unit] if issue.unit else [issue.department]
            for part in parts_for(self._scheme, self._period, wanted, split).parts:
                self._parts[part.key] = part
        if key not in self._parts:
            raise JobError("现行方案没有这一份表")
        return self._parts[key]

    def filled(self, blank: bytes, returned: Return) -> bytes:
        """The form with every value and text that was read from the return, as values and texts only."""
        form = read_return(blank, returned.workbook, "")
        rows = {(row.unit, row.indicator): row for row in returned.rows}
        cells: dict[tuple[int, int], Scalar] = {}
        for row in form.rows:
            typed = rows.get((row.unit, row.indicator))
            if typed is None or (row.shown_state == terms.NOT_ENTERED and not row.unit):
                continue
            place = parse_area(row.cell)
            if place is None:
                continue
            cells[place.top, place.left] = _value(typed)
            if not row.unit:
                texts = {_AT[key]: getattr(typed, key) for key in _TEXTS}
                cells |= {(place.top, column): text for column, text in texts.items() if text}
        cells |= _remarks(blank, {row.unit: row.reason for row in returned.rows if row.unit and row.reason})
        return fill(blank, form.sheet, {place: value for place, value in cells.items() if value is not None})

    def cells(self, form: bytes) -> Cells:
        """Where each value stands in the form made anew."""
        read = read_return(form, "", "")
        return {(row.unit or read.identity.unit, row.indicator): (read.sheet, row.cell) for row in read.rows}


def _remarks(blank: bytes, remarks: Mapping[str, str]) -> dict[tuple[int, int], Scalar]:
    """What a department wrote beside its units, by the cell of a blank 考评打分表 it goes into."""
    if not remarks:
        return {}
    grid = find_table(read_book(blank, ""))
    return {
        (row, block.remark + 1): remarks[unit]
        for block in (blocks_of(grid) if grid is not None else ())
        for row, (unit, _) in block.units.items()
        if block.remark >= 0 and unit in remarks
    }


def _value(row: ReturnedRow) -> Scalar:
    """What was typed, as a number or a text; nothing where it was an error or a formula without a result."""
    text = typed_text(row)
    if row.error or text == UNCACHED or not text:
        return None
    if type(row.value) is float and not row.percent:
        return row.value
    return text
