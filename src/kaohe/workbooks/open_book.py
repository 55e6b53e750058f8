"""A workbook that is open in a spreadsheet program, read into Grids through xlwings.

One block a sheet, never cell by cell; what is read is what the user sees, saved or not. ``book`` and
``sheet`` are xlwings objects of any engine; xlwings itself is not imported here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kaohe.workbooks.grid import Grid, Value
from kaohe.workbooks.package.names import PREFIX
from kaohe.workbooks.package.refs import Area, parse_area, parse_target

ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!", "#SPILL!", "#CALC!")
)
_KEY_NAME = re.compile(re.escape(PREFIX) + r"(\w+)", re.IGNORECASE)
Test = Callable[[str], bool]


def product_sheets(book: Any) -> dict[str, str]:
    """Product key → present sheet name, as the book's hidden names tell."""
    present = {sheet.name.lower(): sheet.name for sheet in book.sheets}
    found = {}
    for name, place in references(book):
        key = _KEY_NAME.fullmatch(name)
        if key and place[0].lower() in present:
            found[key[1]] = present[place[0].lower()]
    return found


def references(book: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    """(name, (sheet, reference)) of the names of the whole book that lead into one of its sheets."""
    for name in book.names:
        title = str(name.name)
        place = parse_target(str(name.refers_to or "").removeprefix("="))
        if place and "!" not in title:
            yield title, place


def named_areas(book: Any, sheet: str) -> dict[str, Area]:
    """Rectangles of that sheet by name, in lower case."""
    found = {}
    for name, (where, text) in references(book):
        area = parse_area(text)
        if area and where.lower() == sheet.lower():
            found[name.lower()] = area
    return found


def named_number(book: Any, name: str) -> int | None:
    """The whole number a name of the book stands for; None when there is no such name."""
    for found in book.names:
        text = str(found.refers_to or "").removeprefix("=")
        if str(found.name).lower() == name.lower() and text.isdigit():
            return int(text)
    return None


def read_grids(book: Any, wanted: Test, percent: Test = lambda name: True) -> dict[str, Grid]:
    """The Grids of the wanted sheets; ``percent``: on which of them number formats are looked at."""
    return {sheet.name: read_grid(sheet, percent(sheet.name)) for sheet in book.sheets if wanted(sheet.name)}


def read_grid(sheet: Any, percent: bool = True) -> Grid:
    """One sheet from A1 to the end of its used range; no percent where the engine tells no number formats."""
    used = sheet.used_range
    block = used.options(ndim=2, err_to_str=True).value
    beside: list[Value] = [None] * (used.column - 1)
    rows: list[list[Value]] = [[] for _ in range(used.row - 1)]
    errors: dict[tuple[int, int], str] = {}
    for number, line in enumerate(block, start=used.row):
        rows.append([*beside, *map(plain, line)])
        for column, value in enumerate(line, start=used.column):
            if isinstance(value, str) and value in ERRORS:
                errors[number, column] = value
                rows[-1][column - 1] = None
    cells = frozenset(_percent_cells(sheet, rows)) if percent else frozenset[tuple[int, int]]()
    return Grid(sheet.name, rows, cells, errors)


def plain(value: Any) -> Value:
    """A value as the file readers give it: numbers as floats (currency, too), a blank as None."""
    if value == "" or value is None:
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[no-any-return]


def _percent_cells(sheet: Any, rows: Sequence[Sequence[Value]]) -> Iterator[tuple[int, int]]:
    """Cells with a number under a percent format; formats are read by blocks of a column."""
    for column in range(1, max(map(len, rows), default=0) + 1):
        numbers = [
            number
            for number, row in enumerate(rows, start=1)
            if column <= len(row) and type(row[column - 1]) is float
        ]
        try:
            yield from ((row, column) for row in _percent_rows(sheet, column, numbers))
        except NotImplementedError:
            return


def _percent_rows(sheet: Any, column: int, rows: Sequence[int]) -> Iterator[int]:
    """Those of the rows whose format shows percent: a range of several formats is halved until it has one."""
    if not rows:
        return
    shown = sheet.range((rows[0], column), (rows[-1], column)).number_format
    if isinstance(shown, str):
        yield from rows if "%" in shown else ()
    elif len(rows) > 1:
        middle = len(rows) // 2
        yield from _percent_rows(sheet, column, rows[:middle])
        yield from _percent_rows(sheet, column, rows[middle:])


def digest(grids: Mapping[str, Grid]) -> str:
    """SHA-256 of what was read: for an open book what the bytes are for a file."""
    seen = hashlib.sha256()
    for line in _lines(grids.values()):
        seen.update(line.encode("utf-8", "surrogatepass"))
    return seen.hexdigest()


def _lines(grids: Iterable[Grid]) -> Iterator[str]:
    for grid in grids:
        yield f"{grid.sheet!r}{sorted(grid.percent)!r}{sorted(grid.errors.items())!r}\n"
        yield from (f"{row!r}\n" for row in grid.rows)
