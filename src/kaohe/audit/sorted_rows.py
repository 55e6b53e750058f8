"""Rows of a table that stand in another order, as after sorting: found again by what identifies them."""

from __future__ import annotations

from openpyxl.formula.translate import Translator

from kaohe.audit.cells import SheetCells
from kaohe.audit.same import shown
from kaohe.workbooks.grid import address
from kaohe.workbooks.plan import Cell, SheetPlan


def rows_at(plan: SheetPlan, sheet: SheetCells, column: int) -> dict[int, int]:
    """Row of the plan → row in which it stands; the same where nothing shows that rows were sorted.

    ``column``: where the plan's ``row_key`` stands. Rows are found again when each is there once.
    """
    own = {row: row for row in range(1, len(plan.rows) + 1)}
    if not plan.row_key or not plan.header_row:
        return own
    rows = range(plan.header_row + 1, len(plan.rows) + 1)
    planned = {_key(plan, row): row for row in rows}
    stands = {shown(sheet.values.get((row, column))): row for row in rows}
    if planned.keys() != stands.keys() or len(planned) != len(rows):
        return own
    return own | {row: stands[key] for key, row in planned.items()}


def moved_formula(formula: str, was: int, row: int) -> str:
    """The formula (without ``=``) as a spreadsheet writes it after moving its row by sorting."""
    if not formula or was == row:
        return formula
    found: str = Translator(f"={formula}", address(was, 1)).translate_formula(address(row, 1))
    return found.removeprefix("=")


def _key(plan: SheetPlan, row: int) -> str:
    cells = plan.rows[row - 1]
    cell = cells[plan.row_key - 1] if plan.row_key <= len(cells) else None
    value = cell.value if isinstance(cell, Cell) else cell
    return shown(value) if not isinstance(value, tuple) else ""
