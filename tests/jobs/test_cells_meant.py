"""A finding about what stands beside a value names that cell, wherever a clerk moved its column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.jobs.check import check
from kaohe.sheets.form_layout import FORM_TITLE
from tests.jobs.given_back import colours, given, notes, only
from tests.support.line import Desk

MEANT = {
    ("V08", "数据状态"): "L8",
    ("V08", "标记"): "P8",
    ("V09", ""): "R8",
    ("V10", ""): "S8",
    ("V11", ""): "N8",
    ("V12", ""): "F8",
    ("V13", ""): "G8",
}
WRONG = {"K8": 10, "F8": 99, "G8": 55, "L8": "估计", "P8": "不明", "N8": 88}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """U1's form: far behind without a reason, weight, target and score typed over, odd choices."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX2|95")
    desk.fill("U2", "指标|完成值\nX1|100\nX2|95")
    edited(desk, lambda sheet: [sheet.__setitem__(cell, value) for cell, value in WRONG.items()])
    return desk


def edited(desk: Desk, change: Callable[[Worksheet], object]) -> None:
    path = desk.inbox / desk.form("U1").name
    book = openpyxl.load_workbook(path)
    change(book[FORM_TITLE])
    book.save(path)


def places(desk: Desk) -> dict[tuple[str, str], str]:
    found = check([desk.inbox], master_path=desk.master).findings
    return {(f.code, str(f.facts.get("column", ""))): f.location.cell for f in found}


def test_the_cell_that_is_meant(desk: Desk) -> None:
    assert places(desk) == MEANT


def test_the_consolidation_says_the_same(desk: Desk) -> None:
    found = desk.consolidate().assessment.findings
    assert {(f.code, str(f.facts.get("column", ""))): f.location.cell for f in found} == MEANT
    rows = [str(row["单元格"]) for row in desk.rows("问题清单") if row["单元格"]]
    assert sorted(rows) == sorted(MEANT.values())


def test_the_unit_of_measure(desk: Desk) -> None:
    """V45 is about the unit somebody wrote, not about the figure."""
    edited(desk, lambda sheet: sheet.__setitem__("D8", "万元"))
    assert places(desk)["V45", ""] == "D8"


def test_columns_and_rows_that_moved(desk: Desk) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_cols(17, 2)
        sheet.insert_cols(3)
        sheet.insert_rows(2, 3)

    edited(desk, change)
    moved = {"K8": "L11", "L8": "M11", "P8": "Q11", "R8": "U11", "S8": "V11", "N8": "O11"}
    moved |= {"F8": "G11", "G8": "H11"}
    assert places(desk) == {key: moved[cell] for key, cell in MEANT.items()}


def test_a_file_that_is_no_longer_there(desk: Desk) -> None:
    """Only the value's cell is kept in 填报数据."""
    desk.consolidate()
    for path in desk.inbox.iterdir():
        path.unlink()
    found = desk.consolidate("2007-H1").assessment.findings
    assert {f.location.cell for f in found if f.code in {code for code, _ in MEANT}} == {"K8"}


def test_the_marked_copy_marks_those_cells(desk: Desk) -> None:
    """A blank value makes it a 退回单; what is asked about is marked where it stands."""
    edited(desk, lambda sheet: sheet.__setitem__("K10", None))
    copy = only(given(desk).marked)
    assert set(notes(copy)) == set(colours(copy)) == {*MEANT.values(), "K10"}
