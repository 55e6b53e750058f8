"""Values as an open book is given them, and cells gathered into blocks."""

from __future__ import annotations

import pytest

from kaohe.workbooks.open_book_cells import Content, blocks, content, literal
from kaohe.workbooks.package import BadPlan
from kaohe.workbooks.package.refs import Area
from kaohe.workbooks.plan import Cell, Scalar, Slot

AS_IT_IS = ("滨湖区", "已达序时", "Total", "设备检修,下月补上")
MARKED = (
    "=1+1",
    "+86",
    "-3",
    "@sum",
    "'引号",
    "2007-07",
    "2007-07-01 09:00:00",
    "1/3",
    "90",
    "9.5%",
    "1E5",
    "TRUE",
    "false",
    "7月",
    "上午9:00",
    "#N/A",
    "(空)",
    " 前空格",
    "A01",
)


@pytest.mark.parametrize("text", AS_IT_IS)
def test_words_go_in_as_they_are(text: str) -> None:
    assert literal(text) == text


@pytest.mark.parametrize("text", MARKED)
def test_text_that_could_be_taken_for_something_else_is_marked(text: str) -> None:
    assert literal(text) == f"'{text}"
    assert literal(text, "@") == text


@pytest.mark.parametrize("value", [None, 0, 2.5, True, False, -7])
def test_other_values_stay(value: Scalar) -> None:
    assert literal(value) is value


def test_empty_text_is_blank_and_line_ends_are_excels() -> None:
    assert literal("") is None
    assert literal("甲\r\n乙\r丙") == "甲\n乙\n丙"


def test_a_text_longer_than_a_cell_is_cut() -> None:
    long = literal("字" * 40_000)
    assert isinstance(long, str)
    assert len(long) == 32_767
    assert long.endswith("…")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**15])
def test_numbers_no_cell_can_hold_are_refused(value: float) -> None:
    with pytest.raises(BadPlan):
        literal(value)


def test_cells_of_a_plan() -> None:
    assert content(Cell(3.5, formula="A1+1", link="#表!A1"), "0.00") == Content(None, "=A1+1", "#表!A1")
    assert content(Cell("2007", link="a.xlsx"), "General") == Content("'2007", "", "a.xlsx")
    assert content(12, "General") == Content(12)


@pytest.mark.parametrize(
    ("cell", "number_format"),
    [
        (Cell(1, formula="=A1"), "0"),
        (Cell(1, formula=""), "0"),
        (Cell(1, formula="A1"), "@"),
        (Cell(Slot("x")), "0"),
    ],
)
def test_cells_that_would_go_wrong_are_refused(cell: Cell, number_format: str) -> None:
    with pytest.raises(BadPlan):
        content(cell, number_format)


def test_blocks_are_few_and_cover_just_the_cells() -> None:
    cells = [(row, column) for row in range(3, 9) for column in (2, 3, 4)] + [(4, 6), (5, 6), (7, 6), (3, 7)]
    found = blocks(cells)
    assert found == [Area(3, 2, 8, 4), Area(3, 7, 3, 7), Area(4, 6, 5, 6), Area(7, 6, 7, 6)]


def test_equal_runs_that_do_not_touch_stay_apart() -> None:
    assert blocks([(1, 1), (1, 3), (1, 4)]) == [Area(1, 1, 1, 1), Area(1, 3, 1, 4)]
    assert blocks([]) == []
