"""The watch and a decided result: a form that would change it stays where it is, and is told once (Y8)."""

from __future__ import annotations

import datetime as dt

from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from tests.watch.desk import FULL, OTHER, Guard

EXPLAINED = "指标|完成值|原因\nX1|90|设备检修\nX2|92|"
REVIEWED = Asked("领导小组审核", "纪要", "2007-07-02", "领导小组")


def test_a_form_that_changes_a_decided_result_is_refused_and_said_once(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    guard.desk.fill("U2", OTHER)
    guard.look(times=2)
    decide(guard.desk.master, REVIEWED, clock=lambda: dt.datetime(2007, 7, 2, 20))
    path = guard.desk.fill("U2", FULL, name="更正.xlsx")
    before = guard.desk.master.read_bytes()
    said = guard.look(times=2)
    assert len(said) == 1
    assert "现在算出的不同:西区:总分" in said[0]
    assert "重新开启" in said[0]
    assert guard.look(seconds=3600, times=4) == []
    assert (path.is_file(), guard.desk.master.read_bytes() == before, guard.watch.code) == (True, True, 3)
    again = REVIEWED._replace(state="重新开启", basis="更正函")
    decide(guard.desk.master, again, clock=lambda: dt.datetime(2007, 7, 2, 21))
    (done,) = guard.look(seconds=3600)
    assert "更正.xlsx" in done
    assert {row["总分"] for row in guard.desk.rows("排名")} == {100.0}


def test_forms_that_change_nothing_go_through(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    guard.desk.fill("U2", OTHER)
    guard.look(times=2)
    decide(guard.desk.master, REVIEWED, clock=lambda: dt.datetime(2007, 7, 2, 20))
    guard.desk.fill("U2", EXPLAINED, name="再报一次.xlsx")
    (said,) = guard.look(times=2)
    assert "汇总完成 2007-H1" in said
