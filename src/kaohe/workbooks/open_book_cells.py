"""Values as an open book has to be given them, and cells gathered into blocks.

A spreadsheet program reads a text that is put into a cell as if it were typed: ``2007-07`` becomes a date,
``=A1`` a formula. An apostrophe in front keeps it text and is no part of it; a cell formatted as text needs
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kaohe.workbooks.package.cells import MAX_TEXT, number, shorten, units
from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.package.refs import Area
from kaohe.workbooks.plan import Cell, CellLike, Scalar, Slot

TEXT_FORMAT = "@"
_SURELY_TEXT = re.compile(r"[^\W\d_][^\d]*\Z")
"""A letter (of any script) and no digit: nothing a program takes for a number, date, time or formula."""
_WORDS = {"true", "false"}


class Content(NamedTuple):
    """What goes into one cell: a value, or (then ``value`` is None) a formula with its ``=``."""

    value: Scalar
    formula: str = ""
    link: str = ""


def content(cell: CellLike, number_format: str) -> Content:
    """A plan's cell for a cell with that number format. Raises BadPlan for what no cell can hold."""
    if not isinstance(cell, Cell):
        return Content(literal(cell, number_format))
    if isinstance(cell.value, Slot):
        raise BadPlan(f"slot {cell.value.key!r} outside a template")
    if cell.formula is None:
        return Content(literal(cell.value, number_format), "", cell.link or "")
    if not cell.formula or cell.formula.startswith("=") or number_format == TEXT_FORMAT:
        raise BadPlan(f"not a formula a cell can hold: {cell.formula[:60]!r}")
    return Content(None, f"={cell.formula}", cell.link or "")


def literal(value: Scalar, number_format: str = "General") -> Scalar:
    """The value so that it arrives as it is: text stays text, whatever it looks like."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        text = shorten(text) if units(text) > MAX_TEXT - 1 else text
        return text if number_format == TEXT_FORMAT or _surely_text(text) else f"'{text}"
    if not isinstance(value, bool):
        number(value)
    return value


def _surely_text(text: str) -> bool:
    return bool(_SURELY_TEXT.match(text)) and text.strip().lower() not in _WORDS


def blocks(cells: Iterable[tuple[int, int]]) -> list[Area]:
    """(row, column) gathered into few rectangles: runs down a column, equal runs side by side as one."""
    runs = _runs(sorted(cells, key=lambda cell: (cell[1], cell[0])))
    open_ones: dict[tuple[int, int], Area] = {}
    done: list[Area] = []
    for run in runs:
        before = open_ones.get((run.top, run.bottom))
        if before is not None and before.right == run.left - 1:
            run = before._replace(right=run.right)
        elif before is not None:
            done.append(before)
        open_ones[run.top, run.bottom] = run
    return sorted([*done, *open_ones.values()])


def _runs(cells: Iterable[tuple[int, int]]) -> Iterable[Area]:
    """Unbroken runs down a column, from cells in the order of columns, then rows."""
    run: Area | None = None
    for row, column in cells:
        if run is not None and run.left == column and run.bottom == row - 1:
            run = run._replace(bottom=row)
            continue
        if run is not None:
            yield run
        run = Area(row, column, row, column)
    if run is not None:
        yield run
