"""A step of 审定 registered in a master that is open: the cells of the register, and what is in the way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.open_store import OpenStore
from kaohe.tables import BY_KEY
from kaohe.workbooks.open_book_added import refuse_added
from kaohe.workbooks.package import PatchRefused
from tests.ribbon.press import desktop
from tests.ribbon.remote import Screen, actions

EVENING = dt.datetime(2007, 7, 20, 18)


def test_a_step_is_registered_in_the_open_book(desk: Path) -> None:
    """The office types = in front of a text: it stays a text; the day stays as it is written."""
    path = desk / "总表.xlsx"
    before = path.read_bytes()
    book = desktop(path)
    asked = Asked("领导小组审核", "=纪要", "2007-07-20", "领导小组")
    done = decide(OpenStore(book), asked, clock=lambda: EVENING)
    assert (done.state.name, done.units, path.read_bytes() == before) == ("领导小组审核", 9, True)
    screen = Screen.of(before, path.name).play(actions(book.book))
    width = len(BY_KEY["state"].columns)
    row = [screen.sheet("审定").values.get((4, column)) for column in range(1, width + 1)]
    assert [str(value).removeprefix("'") if value else value for value in row] == [
        "2007-H1",
        "领导小组审核",
        "2007-07-20",
        "=纪要",
        "领导小组",
        None,
        None,
        None,
    ]
    assert {
        value for (row, column), value in screen.sheet("定稿登记").values.items() if column == 3 and row > 2
    } == {"领导小组审核"}
    assert str(screen.sheet("排名").values[2, 1]).endswith("状态:领导小组审核")


def test_a_cell_that_holds_something_by_now_is_not_typed_over(desk: Path) -> None:
    book = desktop(desk / "总表.xlsx")
    with pytest.raises(PatchRefused, match="A3 已有内容"):
        refuse_added(book, [("审定", {(3, 1): ("2007-H1", (3, 1))})])
    with pytest.raises(PatchRefused, match="没有工作表“没有的”"):
        refuse_added(book, [("没有的", {(4, 1): ("2007-H1", (3, 1))})])
