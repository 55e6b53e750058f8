"""What was changed comes before what follows from it; formulas without results are told once."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kaohe.audit.model import ANEW, CONTENT
from kaohe.sheets.registers import RECORDS
from kaohe.workbooks.grid import column_letter
from tests.jobs.audited import changed, checked, two_units
from tests.support.line import Desk

_LETTERS = {key: column_letter(at) for at, (key, *_) in enumerate(RECORDS.columns, start=1)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two units in, consolidated."""
    return two_units(tmp_path)


def test_the_changed_register_comes_before_all_that_follows(desk: Desk) -> None:
    """X1 of U1 from 100 to 10 in 填报数据: much of 排名 is another one, the register's row stands first."""
    row = 3
    changed(desk, RECORDS.key, f"{_LETTERS['typed']}{row}", "10")
    changed(desk, RECORDS.key, f"{_LETTERS['value']}{row}", 10.0)
    found = checked(desk.master, "anew", "content").differences
    assert (found[0].sheet, found[0].cell, found[0].engine) == (RECORDS.key, f"A{row}", CONTENT)
    follows = [one.follows for one in found]
    assert follows == sorted(follows)
    assert 10 < sum(follows) < len(follows)
    assert all(one.engine == ANEW for one in found if one.follows)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_formula_made_a_number_comes_before_what_is_computed_from_it(desk: Desk) -> None:
    path = desk.folder / "常数.xlsx"
    book = openpyxl.load_workbook(desk.master)
    cell = book["排名"]["E6"]
    assert str(cell.value).startswith("=")
    cell.value = 99.5
    book.save(path)
    found = checked(path, "anew", "formulas").differences
    assert "没有保存公式的结果" in found[0].what
    assert ("排名", "E6", "99.5") in {(one.sheet, one.cell, one.published) for one in found[:4]}
    assert len(found) < 12


def test_results_that_are_missing_here_and_there_are_told_each(desk: Desk) -> None:
    changed(desk, "排名", "E6", "")
    found = checked(desk.master, "anew").differences
    assert [(one.sheet, one.cell, one.published, one.recomputed) for one in found] == [
        ("排名", "E6", "", "94")
    ]
