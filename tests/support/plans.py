"""A sheet plan as a small workbook of its own, so that LibreOffice can compute its formulas."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from kaohe.workbooks.grid import address
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan, Slot
from kaohe.workbooks.read import read_book
from tests.support.libreoffice import recalculate

POISON = -987654.0
"""The kept value of every formula before LibreOffice computes it: nobody can pass by trusting it."""


def live_cells(plan: SheetPlan) -> dict[str, Cell]:
    """Address → cell, of the cells with a formula."""
    return {
        address(row, column): cell
        for row, cells in enumerate(plan.rows, start=1)
        for column, cell in enumerate(cells, start=1)
        if isinstance(cell, Cell) and cell.formula
    }


def recalculated(plan: SheetPlan, folder: Path) -> dict[str, object]:
    """Address → what LibreOffice makes of each formula of the plan; "" where the cell shows nothing."""
    source = folder / "计划.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet(plan.title)
        for row, cells in enumerate(plan.rows):
            for column, cell in enumerate(cells):
                _write(sheet, row, column, cell)
    made = recalculate(source, folder / "算过")
    grid = read_book(made.read_bytes(), made.name).sheets[plan.title]
    places = {
        address(row, column): (row, column)
        for row, cells in enumerate(plan.rows, start=1)
        for column in range(1, len(cells) + 1)
    }
    return {cell: _empty(grid.at(*places[cell])) for cell in live_cells(plan)}


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: CellLike) -> None:
    formula = cell.formula if isinstance(cell, Cell) else None
    value = cell.value if isinstance(cell, Cell) else cell
    if formula:
        sheet.write_formula(row, column, "=" + formula, None, POISON)
    elif value is not None and not isinstance(value, Slot):
        sheet.write(row, column, value)


def _empty(value: object) -> object:
    return "" if value is None else value
