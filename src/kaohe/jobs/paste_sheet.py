"""An office's own table as a sheet of cells: values, merged ranges, and what a merged cell stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.jobs.common import JobError, read_bytes
from kaohe.jobs.schemes import csv_rows, plain_number
from kaohe.workbooks.grid import Grid, Value, address
from kaohe.workbooks.merged import Merged, merged_ranges
from kaohe.workbooks.read import read_book

CSV = ".csv"


@dataclass(frozen=True)
class Sheet:
    """Cells by (row, column) from 1; blank cells are not there.

    ``whole``: the cell a merged one belongs to, for all but the first of each range.
    """

    workbook: str
    name: str
    cells: Mapping[tuple[int, int], str | float]
    merged: Sequence[Merged] = ()
    whole: Mapping[tuple[int, int], Merged] = field(default_factory=dict)

    @property
    def rows(self) -> list[int]:
        """Numbers of the rows with something in them."""
        return sorted({row for row, _ in self.cells})

    @property
    def width(self) -> int:
        """The last column with something in it."""
        return max((column for _, column in self.cells), default=0)

    def own(self, row: int) -> dict[int, str | float]:
        """What stands in the row itself, by column."""
        return {at: value for (number, at), value in sorted(self.cells.items()) if number == row}

    def seen(self, row: int, column: int) -> str | float | None:
        """What a reader sees in the cell: its own value, or that of the merged range it lies in."""
        own = self.cells.get((row, column))
        found = self.whole.get((row, column))
        return self.cells.get((found.top, found.left)) if own is None and found else own

    def span(self, row: int, column: int) -> int:
        """Columns the cell takes."""
        found = self.whole.get((row, column))
        return found.right - found.left + 1 if found else 1


def make_sheet(
    workbook: str,
    name: str,
    rows: Sequence[Sequence[Value]],
    merged: Sequence[Merged] = (),
    grid: Grid | None = None,
) -> Sheet:
    """A sheet from rows of values; a number under a percent format is text (15%), as it is seen."""
    cells: dict[tuple[int, int], str | float] = {}
    for row, line in enumerate(rows, start=1):
        for column, value in enumerate(line, start=1):
            seen = _seen(value, grid, (row, column))
            if seen != "":
                cells[row, column] = seen
    whole = {
        (row, column): area
        for area in merged
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    }
    return Sheet(workbook, name, cells, tuple(merged), whole)


def _seen(value: Value, grid: Grid | None, place: tuple[int, int]) -> str | float:
    if grid is not None and place in grid.errors:
        return grid.errors[place]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        percent = grid is not None and place in grid.percent
        return f"{value * 100:.12g}%" if percent else float(value)
    return str(value).removesuffix(" 00:00:00").strip()


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet of a workbook (.xlsx, .xlsm, .xls) or of a CSV file. Raises JobError."""
    data = read_bytes(path, "考核办法表")
    if path.suffix.lower() == CSV:
        lines = csv_rows(data, path.name)
        rows = [[plain_number(v) if isinstance(v, str) else v for v in line] for line in lines]
        return [make_sheet(path.name, path.stem, rows)]
    book = read_book(data, path.name)
    if book.refusal:
        raise JobError(f"“{path.name}”读不了:{book.refusal.reason}。{book.refusal.remedy}")
    shown = [info.name for info in book.order if info.name in book.sheets and not info.state]
    return [
        make_sheet(path.name, name, book.sheets[name].rows, merged_ranges(data, name), book.sheets[name])
        for name in shown
    ]


def text_of(value: str | float | None) -> str:
    """A cell as text; 3.0 is 3."""
    if isinstance(value, float):
        return f"{value:.15g}"
    return value or ""


__all__ = ["Sheet", "address", "make_sheet", "read_sheets", "text_of"]
