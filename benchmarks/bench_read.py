"""Reading one returned form: the bare reader, the guard alone, and both together as the product does it.

    python -m pytest benchmarks/bench_read.py --benchmark-only

The form is like those that units send back: 60 indicators x 14 columns, 192 formulas, 3 sheets. The groups of
the report compare like with like; the product aims at no more than 1.75 times the bare reader.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from io import BytesIO

import pytest
import xlsxwriter
from pytest_benchmark.fixture import BenchmarkFixture
from python_calamine import CalamineWorkbook

from benchmarks.conftest import Note
from benchmarks.measure import Line
from kaohe.workbooks.guard import inspect
from kaohe.workbooks.read import read_book

ROWS, FORM, ALLOWED_RATIO = 60, "自测表", 1.75


@pytest.fixture(scope="module")
def form() -> bytes:
    """A filled-in form as XlsxWriter makes it."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    styles = {
        "cell": book.add_format({"border": 1}),
        "input": book.add_format({"border": 1, "bg_color": "#FFFF99", "locked": False}),
        "percent": book.add_format({"border": 1, "num_format": "0.00%"}),
    }
    _fill_form(book.add_worksheet(FORM), styles)
    _fill_notes(book.add_worksheet("填表说明"))
    identity = book.add_worksheet("_kaohe")
    identity.hide()
    for row in range(ROWS):
        identity.write_row(row, 0, [f"I{row:02d}", row])
    book.close()
    return made.getvalue()


def _fill_form(sheet: xlsxwriter.worksheet.Worksheet, styles: dict[str, xlsxwriter.format.Format]) -> None:
    sheet.write(0, 0, "2007年上半年自测完成情况表")
    sheet.write_row(3, 0, [f"列标题{column}" for column in range(14)], styles["cell"])
    for row in range(4, 4 + ROWS):
        at = row + 1
        sheet.write_row(row, 0, [row - 3, f"指标{row}", "亿元", f"口径说明若干文字{row}"], styles["cell"])
        sheet.write_row(row, 4, [1.5, 100 + row / 2], styles["cell"])
        sheet.write_formula(row, 6, f"F{at}*0.5", styles["cell"], 50 + row / 4)
        sheet.write(row, 7, 55.5 + row, styles["input"])
        sheet.write(row, 8, 0.95, styles["percent"])
        score = f'IF(ISNUMBER(H{at}),ROUND(E{at}*MIN(1,H{at}/G{at}),2),"")'
        sheet.write_formula(row, 9, score, styles["cell"], 1.5)
        state = f'IF(ISNUMBER(H{at}),IF(H{at}>=G{at},"已达序时","未达序时"),"未填")'
        sheet.write_formula(row, 10, state, styles["cell"], "已达序时")
        sheet.write(row, 11, "预计", styles["input"])
        sheet.write_blank(row, 12, None, styles["input"])
        sheet.write(row, 13, f"责任部门{row % 7}", styles["cell"])
    for column in range(12):
        sheet.write_formula(4 + ROWS, column, "ROUND(SUM(E5:E64),2)", styles["cell"], 90)


def _fill_notes(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    for row in range(20):
        sheet.write(row, 0, f"说明{row}:请在黄色单元格填写。")


def bare(data: bytes, sheets: list[str] | None) -> int:
    """What python-calamine does alone; returns how many sheets it read."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    names = sheets or book.sheet_names
    read = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names]
    return len(read)


SHEETS = [pytest.param(None, id="all"), pytest.param([FORM], id="form")]


@pytest.mark.parametrize("sheets", SHEETS)
def test_bare_calamine(benchmark: BenchmarkFixture, form: bytes, sheets: list[str] | None) -> None:
    benchmark.group = f"read {sheets or 'all'}"
    assert benchmark(bare, form, sheets)


@pytest.mark.parametrize("sheets", SHEETS)
def test_guard_alone(benchmark: BenchmarkFixture, form: bytes, sheets: list[str] | None) -> None:
    benchmark.group = f"read {sheets or 'all'}"
    assert benchmark(inspect, form, "a.xlsx", sheets=sheets).refusal is None


@pytest.mark.parametrize("sheets", SHEETS)
def test_read_book(benchmark: BenchmarkFixture, form: bytes, sheets: list[str] | None) -> None:
    benchmark.group = f"read {sheets or 'all'}"
    assert benchmark(read_book, form, "a.xlsx", sheets).refusal is None


@pytest.mark.parametrize("sheets", SHEETS)
def test_the_guard_costs_less_than_the_allowed_share(
    form: bytes, sheets: list[str] | None, note: Note
) -> None:
    """Interleaved, so that whatever else the machine does falls on both."""
    ratios = []
    for _ in range(15):
        ours = _seconds(lambda: read_book(form, "a.xlsx", sheets))
        theirs = _seconds(lambda: bare(form, sheets))
        ratios.append(ours / theirs)
    ratio = statistics.median(ratios)
    seconds = _seconds(lambda: read_book(form, "a.xlsx", sheets))
    which = "只读自测表" if sheets else "全部工作表"
    note(Line(f"检查并读取一份({which})", "裸读", 1, seconds, ratio, aim=ALLOWED_RATIO))
    assert ratio <= ALLOWED_RATIO


def _seconds(work: Callable[[], object]) -> float:
    """Best of twenty."""
    best = float("inf")
    for _ in range(20):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best
