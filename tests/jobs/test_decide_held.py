"""What was locked stays as it was locked: registers, procedure, days and names held against the runs (Y8)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from kaohe import terms
from kaohe.documents import stage
from kaohe.jobs.common import JobError
from kaohe.jobs.master import open_master
from kaohe.jobs.settled import settled
from kaohe.sheets.registers import DECIDED as REGISTER
from kaohe.sheets.registers import FIRST_ROW
from kaohe.workbooks.package import fill
from kaohe.workbooks.plan import Scalar
from tests.jobs.audited import checked
from tests.jobs.test_decide import (
    DECIDED,
    FIRST,
    FULL,
    LESS,
    PUBLISHED,
    REVIEWED,
    SHOWN,
    adjusted,
    by_hand,
    heading,
    locked,
    not_consolidated,
    refused,
    step,
    typed,
)
from tests.support.line import Desk, grid

QUICK = ("anew", "content", "decision")
_AT = {field: at for at, (field, *_) in enumerate(REGISTER.columns, start=1)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two units in, consolidated and reviewed."""
    found = Desk.new(tmp_path)
    found.issue()
    found.fill("U1", FULL)
    found.fill("U2", LESS)
    found.consolidate()
    step(found, REVIEWED)
    return found


def put(desk: Desk, sheet: str, cells: Mapping[tuple[int, int], Scalar]) -> None:
    desk.master.write_bytes(fill(desk.master.read_bytes(), sheet, cells))


def set_to(desk: Desk, setting: str, value: Scalar) -> None:
    """A row of 方案 changed by hand."""
    rows = grid(desk.master, "方案").rows
    at = next((n for n, row in enumerate(rows, 1) if row and row[0] == setting), len(rows) + 1)
    put(desk, "方案", {(at, 1): setting, (at, 2): value})


def wiped(desk: Desk) -> None:
    """Every row of both registers deleted below the headings, as a spreadsheet program does it."""
    book = openpyxl.load_workbook(desk.master)
    book["审定"].delete_rows(FIRST, 50)
    book["定稿登记"].delete_rows(FIRST_ROW, 50)
    book.save(desk.master)


def stopped(desk: Desk) -> str:
    """Why nothing may leave the master; consolidation and decide say the same."""
    with pytest.raises(JobError) as told:
        settled(open_master(desk.master), None)
    assert not_consolidated(desk) == str(told.value)
    return str(told.value)


def test_rows_taken_out_of_both_registers_stop_every_run(desk: Desk) -> None:
    wiped(desk)
    adjusted(desk, 10)
    assert "《定稿登记》的内容与 2007-07-20 18:00:00 审定时不同(那时 2 行,现在 0 行)" in stopped(desk)
    told = checked(desk.master, "decision").differences
    assert [(row.sheet, row.cell) for row in told] == [("定稿登记", "")]


def test_a_run_in_between_does_not_make_good_what_was_taken_out(desk: Desk) -> None:
    """`kaohe issue` keeps no results, so it goes on; its 内容校验 is not that of a decision."""
    wiped(desk)
    desk.issue("2007")
    assert "审定时不同(那时 2 行,现在 0 行)" in stopped(desk)


def test_decisions_taken_out_of_the_runs_too_are_missed_by_the_next_run(desk: Desk) -> None:
    desk.consolidate()
    wiped(desk)
    book = openpyxl.load_workbook(desk.master)
    runs = book["运行记录"]
    at = next(row[0].row for row in runs.iter_rows() if row[1].value == "审定")
    runs.delete_rows(at)
    book.save(desk.master)
    assert "汇总时不同(那时 2 行,现在 0 行)" in stopped(desk)


def test_results_without_any_decision_among_the_runs_are_not_believed(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.master)
    runs = book["运行记录"]
    runs.delete_rows(next(row[0].row for row in runs.iter_rows() if row[1].value == "审定"))
    book.save(desk.master)
    assert "《运行记录》中却没有审定的记录" in stopped(desk)


@pytest.mark.parametrize(
    ("field", "value"),
    [("total", 55.0), ("rank", 1), ("grade", "优秀"), ("basis", "别的纪要"), ("name", "别区")],
)
def test_a_locked_row_typed_over_stops_every_run(desk: Desk, field: str, value: Scalar) -> None:
    put(desk, "定稿登记", {(FIRST_ROW + 1, _AT[field]): value})
    assert f"《定稿登记》的第 {FIRST_ROW + 1} 行与 2007-07-20 18:00:00 审定时不同" in stopped(desk)


def test_a_sorted_register_is_the_same_register(desk: Desk) -> None:
    step(desk, DECIDED, "2007-07-21")
    body = grid(desk.master, "定稿登记").rows[FIRST_ROW - 1 :]
    for column in ("unit", "total", "state"):
        rows = sorted(body, key=lambda row: str(row[_AT[column] - 1]))
        put(
            desk,
            "定稿登记",
            {
                (FIRST_ROW + down, 1 + across): value
                for down, row in enumerate(rows)
                for across, value in enumerate(row)
                if isinstance(value, str | float)
            },
        )
        assert settled(open_master(desk.master), None).state.name == DECIDED
    assert step(desk, SHOWN, "2007-07-22").locked == (SHOWN,)


def test_a_shorter_procedure_is_for_later_results(desk: Desk) -> None:
    set_to(desk, "审定程序", REVIEWED)
    found = settled(open_master(desk.master), None)
    assert (found.state.name, found.state.final) == (REVIEWED, False)
    desk.consolidate()
    assert not settled(open_master(desk.master), None).state.final
    assert step(desk, DECIDED, "2007-07-21").locked == (DECIDED,)
    step(desk, terms.STATE_REOPENED, "2007-07-22")
    assert step(desk, REVIEWED, "2007-07-23").state.final


def test_fewer_days_of_public_notice_are_for_later_results(desk: Desk) -> None:
    step(desk, DECIDED, "2007-07-21")
    step(desk, SHOWN, "2007-07-22")
    set_to(desk, "公示天数", 1)
    assert settled(open_master(desk.master), None).state.until == "2007-07-26"
    assert "公示到 2007-07-26 止" in refused(desk, PUBLISHED, "2007-07-23")
    put(desk, "审定", {(FIRST + 2, 7): "2007-07-22"})
    assert "公示截止“2007-07-26”→“2007-07-22”" in stopped(desk)
    assert "公示截止“2007-07-26”→“2007-07-22”" in refused(desk, PUBLISHED, "2007-07-23")


@pytest.mark.parametrize(("column", "title"), [("依据", "依据"), ("决定人", "决定人"), ("文号", "文号")])
def test_the_words_of_a_locked_step_may_not_change(tmp_path: Path, column: str, title: str) -> None:
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", FULL)
    desk.fill("U2", LESS)
    desk.consolidate()
    step(desk, REVIEWED, number="〔2007〕第1号")
    typed(desk, "审定", {column: "另一个"})
    told = stopped(desk)
    assert told.startswith("《审定》B4“领导小组审核”(2007-07-20)锁定以后改过:" + title)
    assert "→“另一个”" in told


def test_a_number_left_blank_may_be_filled_in(desk: Desk) -> None:
    typed(desk, "审定", {"文号": "〔2007〕第8期"})
    assert settled(open_master(desk.master), None).state.number == "〔2007〕第8期"
    desk.consolidate()


def test_names_of_units_belong_to_the_lock(desk: Desk) -> None:
    put(desk, "单位", {(FIRST, 2): "西区", (FIRST + 1, 2): "东区"})
    assert "西区:单位名称 东区→西区" in stopped(desk)


def test_a_step_that_has_not_happened_is_not_locked(desk: Desk) -> None:
    by_hand(desk, DECIDED, "2099-01-01", FIRST + 1)
    assert "《审定》B5“常委会审定”的日期 2099-01-01 在今天(2007-07-20)之后" in refused(desk)


def test_what_was_never_locked_is_not_reopened(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", FULL)
    desk.fill("U2", LESS)
    desk.consolidate()
    for row, state in enumerate((REVIEWED, terms.STATE_REOPENED, REVIEWED), start=FIRST):
        by_hand(desk, state, row=row)
    assert "《审定》B4“领导小组审核”(2007-07-20)没有锁定过,B5又登记了“重新开启”" in stopped(desk)
    for row in (FIRST, FIRST + 1):
        typed(desk, "审定", dict.fromkeys(("期次", "状态", "日期", "依据", "决定人")), row)
    assert locked(desk).locked == (REVIEWED,)
    desk.consolidate()


def test_reopening_is_written_on_the_sheets(desk: Desk) -> None:
    done = step(desk, terms.STATE_REOPENED, "2007-07-21")
    assert "结果表的状态已改写" in done.notes[-1]
    for sheet in ("排名", "得分明细"):
        assert heading(desk, sheet).endswith("状态:初步(重新开启)")
    assert checked(desk.master, *QUICK).differences == ()


def test_where_registers_were_changed_already_the_sheets_wait(desk: Desk) -> None:
    adjusted(desk, 58)
    done = step(desk, terms.STATE_REOPENED, "2007-07-21")
    assert "表头还是原来的状态;请重新汇总" in done.notes[-1]
    assert heading(desk).endswith("状态:领导小组审核")
    assert checked(desk.master, *QUICK).differences


def test_a_step_taken_again_within_the_same_second_is_locked_apart(desk: Desk) -> None:
    step(desk, terms.STATE_REOPENED)
    assert step(desk, REVIEWED).locked == (REVIEWED,)
    assert settled(open_master(desk.master), None).state.name == REVIEWED
    desk.consolidate()


def test_a_document_names_the_minutes_that_decided(desk: Desk) -> None:
    step(desk, DECIDED, "2007-07-21", basis="常委会第9次会议纪要")
    step(desk, SHOWN, "2007-07-22", basis="公示通知")
    shown = settled(open_master(desk.master), None).state
    assert stage.decided_words(shown) == "考核结果已经审定（常委会第9次会议纪要）。"
    assert stage.mark_shown(shown) == "公示稿"
    step(desk, PUBLISHED, "2007-07-27", basis="经领导签发")
    last = settled(open_master(desk.master), None).state
    assert stage.decided_words(last) == "考核结果已经审定（常委会第9次会议纪要）。"
    assert stage.mark_shown(last).startswith("公示已于2007年7月26日结束")


def test_a_source_nobody_knows_stops_no_run(tmp_path: Path) -> None:
    """A word typed into 来源 of 填报数据: the row counts as nobody's, and what is missing is told."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", FULL)
    desk.fill("U2", LESS)
    desk.consolidate()
    titles = list(grid(desk.master, "填报数据").rows[1])
    put(desk, "填报数据", {(FIRST_ROW, titles.index("来源") + 1): "别处"})
    assert checked(desk.master, "anew").differences
    first = desk.consolidate().assessment.standings
    assert {row.unit.code: row.state for row in first}["U1"] == terms.PROVISIONAL
