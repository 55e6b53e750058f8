"""What was changed comes before what follows from it; formulas without results are told once."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kaohe.audit.cells import read_sheets
from kaohe.audit.model import ANEW, CONTENT
from kaohe.audit.sorted_rows import moved_formula
from kaohe.sheets.registers import RECORDS
from kaohe.workbooks.grid import address, column_letter
from tests.jobs.audited import Change, changed, checked, two_units, with_cells
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
    assert (found[1].sheet, found[1].cell, found[1].published) == ("排名", "E6", "没有公式,是数值 99.5")
    assert len(found) < 12


def test_results_that_are_missing_here_and_there_are_told_each(desk: Desk) -> None:
    changed(desk, "排名", "E6", "")
    found = checked(desk.master, "anew").differences
    assert [(one.sheet, one.cell, one.published, one.recomputed) for one in found] == [
        ("排名", "E6", "", "94")
    ]


def exchanged(desk: Desk) -> list[Change]:
    """The two units of 排名 in each other's rows, as sorting leaves them: formulas go along."""
    ranking = read_sheets(desk.master.read_bytes(), ["排名"])["排名"]
    found: list[Change] = []
    for row, column in sorted({*ranking.values, *ranking.formulas}):
        if row in (5, 6):
            other = 11 - row
            formula = moved_formula(ranking.formulas.get((row, column), ""), row, other)
            found.append(("排名", address(other, column), ranking.values.get((row, column)), formula))
    return found


def test_a_sorted_ranking_is_compared_unit_by_unit(desk: Desk) -> None:
    changes = exchanged(desk)
    desk.master.write_bytes(with_cells(desk.master.read_bytes(), changes))
    found = checked(desk.master, "anew")
    assert found.differences == ()
    assert [note for note in found.engines[0].opinion.notes if note.startswith("《排名》的行排了别的次序")]
    changed(desk, "排名", "E5", 99.0)
    (one,) = checked(desk.master, "anew").differences
    assert (one.cell, one.published, one.recomputed) == ("E5", "99", "94")
    assert "西区" in one.what
