"""Another writer (excelize, written in Go by others) puts the same plan into the same master.

Nothing of it goes through our package patch: rows are inserted or removed inside the table as a person would
do it, then every planned cell is typed with the format of its role's specimen.
"""

from __future__ import annotations

import importlib
import io
import itertools
import re
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import openpyxl
from openpyxl.utils.cell import range_boundaries

from kaohe.workbooks.grid import address
from kaohe.workbooks.plan import BookPlan, Cell, SheetPlan

REASON = "缺少 excelize;安装:pip install -e .[dev](或 pip install excelize==0.1.0)"
_AREA = re.compile(r"'?(?P<sheet>.+?)'?!\$A\$(?P<top>\d+):\$(?P<right>[A-Z]+)\$(?P<bottom>\d+)\Z")


@cache
def excelize() -> Any:
    """The library; None where it is not installed, or has no binary for this machine."""
    try:
        return importlib.import_module("excelize")
    except (ImportError, OSError):
        return None


class _File(Protocol):
    """What we use of a workbook that excelize has open."""

    def __getattr__(self, name: str) -> Any: ...


def written_by_excelize(source: bytes, plan: BookPlan, target: Path) -> bytes:
    """The master with the plan's cells in it; ``target`` is a file to be made on the way."""
    book: _File = excelize().open_reader(source)
    try:
        names = {name.name: name.refers_to for name in book.get_defined_name()}
        styles = dict(_styles(book, names["_kaohe.样式"].partition("!")[0].strip("'")))
        titles = {
            sheet.key: names[f"_kaohe.{sheet.key}"].rpartition("!")[0].strip("'") for sheet in plan.sheets
        }
        for sheet in plan.sheets:  # all of them first: what is written later is not to move once more
            _resize(book, sheet, titles[sheet.key], names)
        for sheet in plan.sheets:
            title, covered = titles[sheet.key], set(_covered(sheet))
            _unlink(book, title)
            for row, column, cell in _cells(sheet):
                _write(book, title, address(row, column), cell, styles, (row, column) in covered)
        book.save_as(str(target))
    finally:
        book.close()
    return target.read_bytes()


def _styles(book: _File, specimen: str) -> Iterator[tuple[str, int]]:
    """(role, number of the format of the cell beside its name)."""
    for row, cells in enumerate(book.get_rows(specimen), start=1):
        if cells and cells[0]:
            yield cells[0], book.get_cell_style(specimen, f"B{row}")


def _resize(book: _File, sheet: SheetPlan, title: str, names: dict[str, str]) -> None:
    """Insert or remove rows inside the table, so that what covers all of it goes along."""
    found = _AREA.match(names.get(f"_kaohe.{sheet.key}.table", ""))
    if found is None or not sheet.header_row:
        return
    old, new = int(found["bottom"]), sheet.last_row or len(sheet.rows)
    if new > old:
        book.insert_rows(title, old, new - old)
    for _ in range(old - new):
        book.remove_row(title, old - 1)
        old -= 1


def _unlink(book: _File, title: str) -> None:
    """Take away the links that stand on the sheet's cells."""
    for kind in ("External", "Location"):
        for cell in book.get_hyperlink_cells(title, kind):
            book.set_cell_hyperlink(title, cell, "", "None")


def _cells(sheet: SheetPlan) -> Iterator[tuple[int, int, Cell]]:
    """Every cell of the plan with the role it has by its column unless it names one."""
    width = max(len(sheet.roles), *map(len, sheet.rows))
    for number, row in enumerate(sheet.rows, start=1):
        for column in range(1, width + 1):
            planned = row[column - 1] if column <= len(row) else None
            inside = column <= len(row)
            cell = planned if isinstance(planned, Cell) else Cell(planned)
            by_column = sheet.roles[column - 1] if inside and column <= len(sheet.roles) else ""
            yield number, column, cell if cell.role is not None else cell._replace(role=by_column)


def _covered(sheet: SheetPlan) -> Iterator[tuple[int, int]]:
    """Cells under a merged one: a value put there would go to the first cell instead."""
    for text in sheet.layout.merges:
        left, top, right, bottom = range_boundaries(text)
        cells = itertools.product(range(top, bottom + 1), range(left, right + 1))
        yield from (cell for cell in cells if cell != (top, left))


def _write(book: _File, title: str, ref: str, cell: Cell, styles: dict[str, int], covered: bool) -> None:
    if covered:
        assert cell.value in (None, "")
    elif cell.formula is not None:
        book.set_cell_formula(title, ref, cell.formula)
    elif isinstance(cell.value, str):
        book.set_cell_str(title, ref, cell.value)
    else:
        book.set_cell_value(title, ref, cell.value)
    book.set_cell_style(title, ref, ref, styles[cell.role] if cell.role else 0)


def seen(data: bytes) -> dict[str, dict[str, tuple[object, ...]]]:
    """Sheet → cell → what a third program (openpyxl) sees of it; blank cells without format are left out."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")
        book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: {
            cell.coordinate: look for row in sheet.iter_rows() for cell in row if (look := _look(cell))
        }
        for sheet in book.worksheets
    }


def _look(cell: Any) -> tuple[object, ...]:
    value = cell.value
    if value is None and not cell.has_style:
        return ()
    if isinstance(value, str) and not value:
        value = None
    border = cell.border
    edges = tuple(getattr(border, edge).style for edge in ("left", "right", "top", "bottom"))
    return (
        value,
        cell.data_type if value is not None else "",
        cell.number_format,
        (cell.font.name, cell.font.sz, bool(cell.font.b), cell.font.color.rgb if cell.font.color else None),
        (cell.fill.fill_type, cell.fill.fgColor.rgb if cell.fill.fill_type else None),
        edges,
        (cell.alignment.horizontal, cell.alignment.vertical, bool(cell.alignment.wrap_text)),
        (bool(cell.protection.locked), bool(cell.protection.hidden)),
        cell.comment.text if cell.comment else None,
    )


def _widths(sheet: Any) -> dict[int, tuple[float, bool]]:
    """Column → (width, hidden), however many columns one entry speaks for."""
    return {
        number: (float(entry.width), bool(entry.hidden))
        for entry in sheet.column_dimensions.values()
        for number in range(entry.min or 0, (entry.max or 0) + 1)
        if entry.width
    }


def around(data: bytes) -> dict[str, dict[str, object]]:
    """Sheet → what stands around its cells: merges, filter, ranges of formats, drop-downs, widths, names."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")
        book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: {
            "merged": sorted(map(str, sheet.merged_cells.ranges)),
            "filter": sheet.auto_filter.ref,
            "formats": sorted(str(area.sqref) for area in sheet.conditional_formatting),
            "choices": sorted(
                (str(rule.sqref), rule.formula1) for rule in sheet.data_validations.dataValidation
            ),
            "widths": _widths(sheet),
            "frozen": sheet.freeze_panes,
            "state": sheet.sheet_state,
            "protected": bool(sheet.protection.sheet),
            "printed": (str(sheet.print_area), str(sheet.print_title_rows)),
        }
        for sheet in book.worksheets
    }
