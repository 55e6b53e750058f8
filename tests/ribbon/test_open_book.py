"""An open book is read as its file is: the same Grids, the same product sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kaohe.workbooks.grid import Grid
from kaohe.workbooks.open_book import digest, named_areas, product_sheets, read_grid, read_grids
from kaohe.workbooks.package import read_names
from kaohe.workbooks.package.refs import Area
from kaohe.workbooks.read import read_book
from tests.ribbon.remote import opened


def trimmed(grid: Grid) -> list[list[object]]:
    """Rows without the blanks at their end, and no blank rows at the end."""
    rows: list[list[object]] = []
    for row in grid.rows:
        line: list[object] = [f"{value}"[:10] if isinstance(value, dt.date) else value for value in row]
        while line and line[-1] is None:
            line.pop()
        rows.append(line)
    while rows and not rows[-1]:
        rows.pop()
    return rows


@pytest.mark.parametrize("name", ["总表.xlsx", "回收/江阴市-自测完成情况表-2007-H1.xlsx"])
def test_the_same_grids_as_from_the_file(example: Path, name: str) -> None:
    path = example / name
    grids = read_grids(opened(path), lambda sheet: True)
    book = read_book(path.read_bytes(), path.name)
    assert list(grids) == [info.name for info in book.order]
    for sheet, grid in grids.items():
        assert trimmed(grid) == trimmed(book.sheets[sheet]), sheet


def test_the_same_product_sheets_as_in_the_file(example: Path) -> None:
    path = example / "总表.xlsx"
    assert product_sheets(opened(path)) == dict(read_names(path.read_bytes()).sheets)


def test_named_areas(example: Path) -> None:
    areas = named_areas(opened(example / "总表.xlsx"), "运行记录")
    assert areas["_kaohe.运行记录"] == Area(1, 1, 1, 1)
    assert areas["_kaohe.运行记录.table"].top == 2


class Cells(SimpleNamespace):
    """A range of a sheet in memory: values and number formats."""

    def options(self, **wanted: object) -> Cells:
        """As asked for by the reader."""
        assert wanted == {"ndim": 2, "err_to_str": True}
        return self


class Drawn:
    """A sheet in memory whose used range starts at C2; formats by (row, column), General elsewhere."""

    name = "表"

    def __init__(self, values: list[list[object]], formats: Mapping[tuple[int, int], str]) -> None:
        self.used_range = Cells(row=2, column=3, value=values)
        self.formats = formats
        self.asked = 0

    def range(self, first: tuple[int, int], last: tuple[int, int]) -> Any:
        """As Excel has it: one format, or None when there are several."""
        self.asked += 1
        cells = [(row, first[1]) for row in range(first[0], last[0] + 1)]
        found = {self.formats.get(cell, "General") for cell in cells}
        return SimpleNamespace(number_format=found.pop() if len(found) == 1 else None)


def test_a_sheet_that_does_not_start_in_a1_with_errors_and_percents() -> None:
    values = [["指标", 0.125], [7, "#DIV/0!"], ["", True], ["x", 0.5]]
    sheet = Drawn(values, {(2, 4): "0.0%", (5, 4): "0.00"})
    grid = read_grid(sheet)
    assert grid.at(2, 3) == "指标"
    assert grid.at(2, 4) == 0.125
    assert (grid.at(3, 3), type(grid.at(3, 3))) == (7.0, float)
    assert grid.at(3, 4) is None
    assert grid.at(4, 3) is None
    assert grid.at(4, 4) is True
    assert grid.errors == {(3, 4): "#DIV/0!"}
    assert grid.percent == {(2, 4)}


def test_a_number_under_a_currency_format_is_a_float() -> None:
    grid = read_grid(Drawn([[Decimal("1234.5"), Decimal("0.1")]], {(2, 4): "0%"}))
    assert [(grid.at(2, column), type(grid.at(2, column))) for column in (3, 4)] == [
        (1234.5, float),
        (0.1, float),
    ]
    assert grid.percent == {(2, 4)}


def test_formats_are_asked_by_blocks() -> None:
    sheet = Drawn([[float(n)] for n in range(1000)], dict.fromkeys(((n, 3) for n in range(2, 502)), "0%"))
    assert read_grid(sheet).percent == {(n, 3) for n in range(2, 502)}
    assert sheet.asked < 30
    quiet = Drawn([[1.0]], {})
    read_grid(quiet, percent=False)
    assert quiet.asked == 0


def test_a_change_changes_the_digest() -> None:
    rows: list[list[object]] = [["甲", 1.0], ["乙", None]]
    one, same = Grid("表", [["甲", 1.0], ["乙", None]]), Grid("表", rows)  # type: ignore[arg-type]
    assert digest({"表": one}) == digest({"表": same})
    rows[1][1] = 0.0
    assert digest({"表": one}) != digest({"表": same})
    assert digest({"表": one}) != digest({"表": Grid("表", one.rows, frozenset({(1, 2)}))})
