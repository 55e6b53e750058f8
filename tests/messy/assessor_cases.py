"""What clerks do to a 考评打分表, and what has to come of it. Each case alters an open table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.sheets.assessor_layout import ASSESSOR_TITLE, CODE_LABEL, INDICATOR_LABEL, UNIT_LABEL
from kaohe.workbooks.grid import address
from tests.messy.forms import CLEAN, IDENTITY, Expected, Source, saved


class Table:
    """The first table of a 考评打分表 open in openpyxl."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.book = openpyxl.load_workbook(source.path)
        self.sheet: Worksheet = self.book[ASSESSOR_TITLE]
        self.head = self._find(CODE_LABEL)[0]
        self.code, self.who = self._find(CODE_LABEL)[1], self._find(UNIT_LABEL)[1]
        self.labels = self._find(INDICATOR_LABEL)[0]
        self.columns = {
            str(cell.value): cell.column
            for cell in self.sheet[self.labels]
            if cell.value and cell.value != INDICATOR_LABEL
        }
        self.rows = {
            str(self.sheet.cell(row, self.code).value): row
            for row in range(self.labels + 1, self.sheet.max_row + 1)
            if self.sheet.cell(row, self.code).value
        }
        self.last = max(self.rows.values())

    def _find(self, text: str) -> tuple[int, int]:
        cells = (cell for row in self.sheet.iter_rows() for cell in row if cell.value == text)
        cell = next(cells)
        return cell.row, cell.column

    @property
    def units(self) -> tuple[str, ...]:
        """Codes from top to bottom."""
        return tuple(self.rows)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Codes from left to right."""
        return tuple(self.columns)

    def at(self, indicator: str, row: int) -> str:
        """Address of a cell of values."""
        return address(row, self.columns[indicator])

    def put(self, row: int, column: int, value: object) -> None:
        """Type into a cell."""
        self.sheet.cell(row, column).value = value

    def line(self, row: int) -> list[Any]:
        """A row's contents."""
        return [cell.value for cell in self.sheet[row]]

    def put_line(self, row: int, values: list[Any]) -> None:
        """Write a row."""
        for column, value in enumerate(values, start=1):
            self.put(row, column, value)

    def unmerge(self) -> None:
        """Take all merged ranges apart, so that cells can be moved."""
        for area in list(self.sheet.merged_cells.ranges):
            self.sheet.unmerge_cells(str(area))

    def saved(self) -> bytes:
        """The workbook as bytes."""
        return saved(self.book)


Case = Callable[[Table], Expected]


def title_rows_above(table: Table) -> Expected:
    table.unmerge()
    table.sheet.insert_rows(1, 4)
    return CLEAN


def a_column_at_the_left(table: Table) -> Expected:
    table.unmerge()
    table.sheet.insert_cols(1)
    return CLEAN


def ordinals_deleted(table: Table) -> Expected:
    table.unmerge()
    table.sheet.delete_cols(1)
    return CLEAN


def upside_down(table: Table) -> Expected:
    table.unmerge()
    lines = [table.line(row) for row in range(table.labels + 1, table.last + 1)]
    for row, line in enumerate(lines[::-1], start=table.labels + 1):
        table.put_line(row, line)
    return CLEAN


def columns_swapped(table: Table) -> Expected:
    table.unmerge()
    first, last = table.columns[table.indicators[0]], table.columns[table.indicators[-1]]
    for row in range(table.head, table.last + 1):
        left, right = table.sheet.cell(row, first).value, table.sheet.cell(row, last).value
        table.put(row, first, right)
        table.put(row, last, left)
    return CLEAN


def blank_rows_between(table: Table) -> Expected:
    table.unmerge()
    for row in range(table.last, table.labels + 1, -7):
        table.sheet.insert_rows(row, 2)
    return CLEAN


def hidden_rows_and_columns(table: Table) -> Expected:
    for row in range(table.labels + 1, table.last, 3):
        table.sheet.row_dimensions[row].hidden = True
    table.sheet.column_dimensions["H"].hidden = True
    return CLEAN


def subtotal_inserted(table: Table) -> Expected:
    table.unmerge()
    row = table.rows[table.units[5]]
    table.sheet.insert_rows(row)
    table.put(row, table.who, "小计")
    for column in table.columns.values():
        table.put(row, column, 99.0)
    return CLEAN


def heading_repeated(table: Table) -> Expected:
    table.unmerge()
    heads = [table.line(row) for row in range(table.head, table.labels + 1)]
    row = table.rows[table.units[40]]
    table.sheet.insert_rows(row, len(heads))
    for number, line in enumerate(heads):
        table.put_line(row + number, line)
    return CLEAN


def sheet_renamed(table: Table) -> Expected:
    table.sheet.title = "Sheet1"
    table.book.create_sheet("封面", 0)
    return CLEAN


def codes_of_units_deleted(table: Table) -> Expected:
    """By name, each of them told at its first cell."""
    table.unmerge()
    table.sheet.delete_cols(table.code)
    first = min(table.columns.values()) - 1
    return Expected(tuple(("V43", address(row, first)) for row in table.rows.values()))


def row_of_codes_deleted(table: Table) -> Expected:
    table.unmerge()
    table.sheet.delete_rows(table.labels)
    first = min(table.rows.values()) - 1
    return Expected(tuple(("V43", address(first, column)) for column in table.columns.values()))


def one_unit_code_cleared(table: Table) -> Expected:
    row = table.rows[table.units[3]]
    table.put(row, table.code, None)
    return Expected((("V43", address(row, min(table.columns.values()))),))


def one_unit_code_mistyped(table: Table) -> Expected:
    row = table.rows[table.units[3]]
    table.put(row, table.code, "QQ7")
    return Expected((("V43", address(row, min(table.columns.values()))),))


def one_unit_strange(table: Table) -> Expected:
    row = table.rows[table.units[3]]
    table.put(row, table.code, "QQ7")
    table.put(row, table.who, "市某某办公室")
    lost = frozenset(f"{code}/{table.units[3]}" for code in table.indicators)
    return Expected((("V27", address(row, min(table.columns.values()))),), lost)


def one_indicator_code_cleared(table: Table) -> Expected:
    """A column without a code is read by its name; V28 would say less."""
    code = table.indicators[-1]
    table.put(table.labels, table.columns[code], "ZZ9")
    first = min(table.rows.values())
    return Expected((("V43", table.at(code, first)),))


def one_indicator_strange(table: Table) -> Expected:
    code = table.indicators[-1]
    table.put(table.labels, table.columns[code], "ZZ9")
    table.put(table.head, table.columns[code], "另一个指标")
    first = min(table.rows.values())
    lost = frozenset(f"{code}/{unit}" for unit in table.units)
    return Expected((("V28", table.at(code, first)),), lost)


def codes_spelled_otherwise(table: Table) -> Expected:
    for code, row in table.rows.items():
        table.put(row, table.code, "".join(chr(ord(sign) + 0xFEE0) for sign in code))
    for code, column in table.columns.items():
        table.put(table.labels, column, f" {code.lower()} ")
    return CLEAN


def names_sorted_alone(table: Table) -> Expected:
    first, second = (table.rows[unit] for unit in table.units[:2])
    one, two = (table.sheet.cell(row, table.who).value for row in (first, second))
    table.put(first, table.who, two)
    table.put(second, table.who, one)
    column = min(table.columns.values())
    return Expected(tuple(("V44", address(row, column)) for row in (first, second)))


def a_unit_twice(table: Table) -> Expected:
    """The same again says nothing new; another value is asked back at its cell."""
    code, unit = table.indicators[-1], table.units[0]
    table.unmerge()
    row = table.last + 1
    table.sheet.insert_rows(row)
    table.put_line(row, table.line(table.rows[unit]))
    table.put(row, table.columns[code], 1.5)
    return Expected((("V17", table.at(code, row)),), changed={f"{code}/{unit}": "1.5"})


def identity_deleted(table: Table) -> Expected:
    del table.book[IDENTITY]
    return Expected((("W18", ""),))


def identity_and_number_deleted(table: Table) -> Expected:
    del table.book[IDENTITY]
    table.unmerge()
    cells = [cell for cell in table.sheet[3] if cell.value == "下发编号:"]
    table.put(3, cells[0].column + 1, None)
    return Expected((("W17", ""),), problem="W17")


def table_deleted(table: Table) -> Expected:
    table.book.create_sheet("空表")
    del table.book[ASSESSOR_TITLE]
    return Expected((("W19", ""),), problem="W19")


CASES: tuple[Case, ...] = (
    *(title_rows_above, a_column_at_the_left, ordinals_deleted, upside_down, columns_swapped),
    *(blank_rows_between, hidden_rows_and_columns, subtotal_inserted, heading_repeated, sheet_renamed),
    *(codes_of_units_deleted, row_of_codes_deleted, one_unit_code_cleared, one_unit_code_mistyped),
    *(one_unit_strange, one_indicator_code_cleared, one_indicator_strange, codes_spelled_otherwise),
    *(names_sorted_alone, a_unit_twice, identity_deleted, identity_and_number_deleted, table_deleted),
)
