"""How large a plan is, where its table stands, and whether a workbook can hold it at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.package.refs import MAX_COLUMN, MAX_ROW, Area, parse_area
from kaohe.workbooks.plan import BookPlan, SheetPlan

MAX_SHEET_NAME = 31
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_KEY = re.compile(r"\w+\Z")


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table stands: heading row, last row (at least the heading), columns A to ``right``."""

    header: int
    last: int
    right: int

    @property
    def end(self) -> int:
        """The last row that ranges over the table cover: an empty table keeps one empty row."""
        return max(self.last, self.header + 1)

    def area(self) -> Area:
        """Heading through last row."""
        return Area(self.header, 1, self.last, self.right)


def extent(plan: SheetPlan) -> Area:
    """The rectangle the plan writes, from A1 on."""
    columns = max(len(plan.roles), max(map(len, plan.rows), default=0), 1)
    return Area(1, 1, max(len(plan.rows), 1), columns)


def table(plan: SheetPlan) -> Table | None:
    """The plan's table; None when it has none."""
    if not plan.header_row:
        return None
    return Table(plan.header_row, plan.last_row or len(plan.rows), extent(plan).right)


def check(plan: BookPlan) -> None:
    """Raises BadPlan when no workbook could hold the plan."""
    keys = [sheet.key for sheet in plan.sheets]
    titles = [sheet.title.lower() for sheet in plan.sheets]
    if len(set(keys)) < len(keys) or len(set(titles)) < len(titles):
        raise BadPlan(f"two sheets with the same key or title: {keys}")
    for sheet in plan.sheets:
        _check_sheet(sheet)


def _check_sheet(sheet: SheetPlan) -> None:
    if not _KEY.match(sheet.key):
        raise BadPlan(f"a sheet key is one word: {sheet.key!r}")
    title = sheet.title
    if not title or len(title) > MAX_SHEET_NAME or _BAD_IN_NAME.search(title) or title.strip("'") != title:
        raise BadPlan(f"not a sheet name: {title!r}")
    area = extent(sheet)
    if area.bottom > MAX_ROW or area.right > MAX_COLUMN:
        raise BadPlan(f"sheet {title} would have {area.bottom} rows and {area.right} columns")
    last = sheet.last_row or len(sheet.rows)
    if sheet.header_row and not sheet.header_row <= last <= len(sheet.rows):
        raise BadPlan(f"sheet {title}: table from row {sheet.header_row} to {last} of {len(sheet.rows)}")
    for text in sheet.layout.merges:
        if parse_area(text) is None:
            raise BadPlan(f"sheet {title}: not a range: {text!r}")
