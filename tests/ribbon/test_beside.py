"""Notes right of an open master's table stay beside their unit when the ranks change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kaohe.workbooks.open_book_write import write_plan
from kaohe.workbooks.package import create
from kaohe.workbooks.package.refs import Area
from kaohe.workbooks.plan import BookPlan, Cell, Layout, SheetPlan
from kaohe.workbooks.skeleton import build_skeleton
from tests.ribbon.excel import Workbook
from tests.ribbon.remote import Sheet, actions, opened
from tests.ribbon.test_desktop import on_desktop

Contents = dict[tuple[int, int], Any]
STAYS = "工作表“小表”右侧 E 列有您的内容按原行保留,名次变动后请核对。"


def plan_of(units: str, key: int = 1) -> BookPlan:
    """A ranking of units, named by one letter each, from row 3 on in columns A and B."""
    head = (Cell("代码", "header"), Cell("名次", "header"))
    rows = [(unit, float(rank)) for rank, unit in enumerate(units, start=1)]
    sheet = SheetPlan(
        key="小表",
        title="小表",
        rows=[(Cell("小表", "title"), None), head, *rows],
        roles=("text", "score"),
        header_row=2,
        row_key=key,
        layout=Layout(merges=("A1:B1",)),
    )
    return BookPlan((sheet,))


def drawn(path: Path, units: str) -> Path:
    """A master with that ranking."""
    path.write_bytes(create(build_skeleton("总表"), plan_of(units)))
    return path


def right_of(cells: Sheet) -> Contents:
    """What stands from column C on."""
    return {place: value for place, value in cells.values.items() if place[1] > 2}


MOVES = (
    ("甲乙丙", "丙甲乙", {3: "甲的", 5: "丙的"}, {4: "甲的", 3: "丙的"}),
    ("甲乙丙", "甲乙丙", {3: "甲的", 5: "丙的"}, {3: "甲的", 5: "丙的"}),
    ("甲乙", "丁乙丙甲", {3: "+1", 4: 7.5}, {6: "+1", 4: 7.5}),
    ("甲乙丙丁", "丁甲", {3: "2007-07", 6: "丁的"}, {4: "2007-07", 3: "丁的"}),
)


@pytest.mark.parametrize(("before", "after", "typed", "found"), MOVES)
def test_notes_follow_their_unit(
    engine: Any, tmp_path: Path, before: str, after: str, typed: dict[int, Any], found: dict[int, Any]
) -> None:
    excel = Workbook(drawn(tmp_path / "书.xlsx", before))
    cells = excel.sheet("小表").cells
    cells.values.update({(row, 5): value for row, value in typed.items()} | {(2, 5): "备注", (20, 5): "下"})
    assert write_plan(on_desktop(engine, excel), plan_of(after)) == ()
    assert [cells.values[row, 1] for row in range(3, 3 + len(after))] == list(after)
    assert right_of(cells) == {(row, 5): value for row, value in found.items()} | {
        (2, 5): "备注",
        (20, 5): "下",
    }


def test_the_note_of_a_unit_that_is_gone_stands_below(engine: Any, tmp_path: Path) -> None:
    excel = Workbook(drawn(tmp_path / "书.xlsx", "甲乙丙"))
    cells = excel.sheet("小表").cells
    cells.values.update({(3, 5): "甲的", (4, 5): "乙的"})
    notes = write_plan(on_desktop(engine, excel), plan_of("丙甲"))
    assert notes == ("工作表“小表”有 1 行已不在表中,您写在其右侧的内容移到了第 7 行。",)
    assert right_of(cells) == {(4, 5): "甲的", (7, 5): "乙的"}


def formula(cells: Sheet) -> None:
    """A formula of the office in one row."""
    cells.formulas[4, 5] = "B4*2"


def merged(cells: Sheet) -> None:
    """Two cells made one."""
    cells.merges.add(Area(3, 5, 4, 5))


def dated(cells: Sheet) -> None:
    """One cell with a format of its own."""
    cells.formats["setNumberFormat", (3, 5)] = "yyyy-mm-dd"


@pytest.mark.parametrize("hindrance", [formula, merged, dated])
def test_what_cannot_move_stays_and_is_told(engine: Any, tmp_path: Path, hindrance: Any) -> None:
    excel = Workbook(drawn(tmp_path / "书.xlsx", "甲乙丙"))
    cells = excel.sheet("小表").cells
    cells.values[3, 5] = "甲的"
    hindrance(cells)
    assert write_plan(on_desktop(engine, excel), plan_of("丙甲乙")) == (STAYS,)
    assert right_of(cells) == {(3, 5): "甲的"}


def test_formulas_in_every_row_reckon_with_their_own_row(engine: Any, tmp_path: Path) -> None:
    excel = Workbook(drawn(tmp_path / "书.xlsx", "甲乙丙"))
    cells = excel.sheet("小表").cells
    cells.values[2, 5] = "两倍"
    cells.formulas.update({(row, 5): f"B{row}*2" for row in (3, 4, 5)})
    assert write_plan(on_desktop(engine, excel), plan_of("丙甲乙")) == ()
    assert {place: text for place, text in cells.formulas.items() if place[1] == 5} == {
        (row, 5): f"B{row}*2" for row in (3, 4, 5)
    }


@pytest.mark.parametrize(("after", "notes"), [("丙甲乙", (STAYS,)), ("甲乙丙", ())])
def test_a_program_that_tells_no_formulas_leaves_it_and_says_so(
    tmp_path: Path, after: str, notes: tuple[str, ...]
) -> None:
    excel = Workbook(drawn(tmp_path / "书.xlsx", "甲乙丙"))
    excel.sheet("小表").cells.values[3, 5] = "甲的"
    path = tmp_path / "有备注.xlsx"
    excel.SaveCopyAs(str(path))
    book = opened(path)
    assert write_plan(book, plan_of(after)) == notes
    assert all(a["start_column"] < 2 for a in actions(book) if a["func"] == "setValues")
