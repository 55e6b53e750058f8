"""Workbooks of rules for LibreOffice: inputs in cells, our formulas beside them with wrong cached values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from kaohe.rules.column import Plain
from kaohe.rules.errors import ErrorValue
from tests.support.libreoffice import recalculate

POISON = 987654.321
"""Cached value of every formula we write: what comes back must have been computed."""


@dataclass(frozen=True)
class Table:
    """Rows of inputs, and per row the formulas over them, written from the row's references by name."""

    title: str
    names: Sequence[str]
    rows: Sequence[Mapping[str, Plain]]
    formulas: Sequence[Sequence[str]]


def references(names: Sequence[str], row: int) -> dict[str, str]:
    """Name → cell of that row (counted from 0)."""
    return {name: xl_rowcol_to_cell(row, column) for column, name in enumerate(names)}


def computed(tables: Sequence[Table], folder: Path) -> dict[str, list[list[object]]]:
    """LibreOffice's values of all formulas by title; "" for empty text."""
    path = folder / "rules.xlsx"
    _write(tables, path)
    book = python_calamine.CalamineWorkbook.from_path(str(recalculate(path, folder / "computed")))
    return {table.title: _read(book, table) for table in tables}


def _write(tables: Sequence[Table], path: Path) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    for table in tables:
        sheet = book.add_worksheet(table.title)
        for row, inputs in enumerate(table.rows):
            for column, name in enumerate(table.names):
                _write_input(sheet, row, column, inputs[name])
            for column, formula in enumerate(table.formulas[row], len(table.names)):
                sheet.write_formula(row, column, f"={formula}", None, POISON)
    book.close()


def _write_input(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Plain) -> None:
    if isinstance(value, ErrorValue):
        sheet.write_formula(row, column, "=NA()" if value == "#N/A" else "=1/0", None, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif value == "":
        sheet.write_formula(row, column, '=""', None, "")  # an empty string would leave the cell blank
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None and float(f"{value:.16G}") == value:
        sheet.write_number(row, column, value)
    elif value is not None:
        # XlsxWriter writes 16 digits; the rest is added by the cell itself.
        near = float(f"{value:.15G}")
        sheet.write_formula(row, column, f"={near:.15G}{value - near:+.15G}", None, value)


def _read(book: python_calamine.CalamineWorkbook, table: Table) -> list[list[object]]:
    grid = book.get_sheet_by_name(table.title).to_python(skip_empty_area=False)
    first, last = len(table.names), len(table.names) + len(table.formulas[0])
    found: list[list[object]] = [list(row[first:last]) for row in grid]
    if len(found) != len(table.rows) or any(POISON in row for row in found):
        raise AssertionError(f"{table.title}: LibreOffice did not compute every formula")
    return found
