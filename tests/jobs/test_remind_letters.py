"""催报: every letter says whose part, what is wrong, how to mend it, and what became of what came instead."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from kaohe.assess.reminders import issued_name
from kaohe.jobs.check import check
from kaohe.jobs.remind import remind
from kaohe.sheets.give_back_sheet import GIVE_BACK
from tests.support.line import Desk

UNITS = """
单位代码|单位名称|考核组|联络员
U1|东区|甲组|张三
U2|西区|甲组|李四
"""
DEPARTMENTS = """
指标代码|上级|指标名称|权重|计分方法|责任部门
X1|A|产值|60|目标完成率|发改委
X2|B|满意率|40|目标完成率|统计局
"""
FULL = "指标|完成值\nX1|100\nX2|95"


def later(day: int) -> dt.datetime:
    return dt.datetime(2007, 7, day, 9)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.new(tmp_path, 单位=UNITS)
    desk.issue()
    return desk


def text_of(desk: Desk, name: str, day: int = 15) -> str:
    return next(
        each.text for each in remind(desk.master, clock=lambda: later(day)).letters if each.name == name
    )


def test_how_to_mend_it_and_by_when(desk: Desk) -> None:
    desk.fill("U1", "指标|完成值\nX1|约80\nX2|95")
    done = desk.consolidate()
    (wrong,) = [f for f in done.assessment.findings if f.code == "V03"]
    text = text_of(desk, "东区")
    assert f"K8 {wrong.what}{wrong.remedy}" in text
    assert "请于2007年7月18日前重新报送" in text


def test_what_was_typed_at_length_is_not_repeated_at_length(desk: Desk) -> None:
    desk.fill("U1", f"指标|完成值\nX1|{'约' * 5000}\nX2|{'约' * 5000}")
    desk.consolidate("2007-H1")
    assert len(text_of(desk, "东区")) < 2_000


def test_the_office_may_be_called(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path, 单位=UNITS)
    desk.issue()
    book = openpyxl.load_workbook(desk.master)
    for row in book["方案"].iter_rows():
        for cell in row:
            if cell.value == "联系方式":
                book["方案"].cell(cell.row, cell.column + 1).value = "李四 0510-8270000"
    book.save(desk.master)
    assert "请及时与考核办(李四 0510-8270000)联系" in text_of(desk, "东区")


def test_of_a_unit_with_parts_each_error_names_its_department(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path, 单位=UNITS, 指标=DEPARTMENTS)
    desk.issue(by_department=True)
    desk.fill("U1", "指标|完成值\nX1|约80", department="发改委")
    desk.fill("U1", "指标|完成值\nX2|约90", department="统计局")
    desk.consolidate()
    text = text_of(desk, "东区")
    assert "发改委 K8 《产值》" in text
    assert "统计局 K8 《满意率》" in text


@pytest.mark.parametrize(
    "name",
    [
        "{stem}.xlsx",
        "{stem}.ods",
        "{stem}(1).xlsx",
        "{stem} - 副本.xls",
        "退回-{stem}.xlsx",
        "甲/{stem}.xlsx",
    ],
)
def test_what_cannot_be_read_is_known_by_its_name(desk: Desk, name: str) -> None:
    """And the letter says why it does not count; also when the folder is empty by then."""
    path = desk.inbox / name.format(stem=desk.form("U1").stem)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"PK\x03\x04 broken")
    desk.consolidate("2007-H1")
    shown = next(str(row["催报内容"]) for row in desk.rows("催报") if row["单位"] == "东区")
    path.unlink()
    text = text_of(desk, "东区")
    assert shown.split("交来的")[1].split(")\n")[0] == text.split("交来的")[1].split(")\n")[0]
    assert f"交来的“{path.relative_to(desk.inbox).as_posix()}”未能收录,须重报:" in text
    assert "文件不完整" in text
    assert "交来" not in text_of(desk, "西区")


def test_a_form_of_another_unit_under_this_ones_name(desk: Desk) -> None:
    """W12: the letter to the unit that is missing says what its file holds."""
    desk.fill("U2", FULL, name=desk.form("U1").name)
    desk.consolidate("2007-H1")
    text = text_of(desk, "东区")
    assert f"交来的“{desk.form('U1').name}”未能收录" in text
    assert "西区" in text.split("交来的")[1]


def test_without_a_period_the_one_of_the_master_is_meant(desk: Desk) -> None:
    """Another period's forms were issued since: 催报 of the master is still about the one consolidated."""
    desk.fill("U1", FULL)
    desk.consolidate()
    desk.issue(period="2007-Q1")
    assert remind(desk.master, clock=lambda: later(15)).period.code == "2007-H1"
    assert remind(desk.master, period_code="2007-Q1", clock=lambda: later(15)).period.code == "2007-Q1"


def test_an_unreadable_file_is_given_back_to_whom_it_was_issued(desk: Desk) -> None:
    """By its name; its content tells nothing."""
    for name in (f"{desk.form('U1').stem}.ods", "陌生.xlsx"):
        (desk.inbox / name).write_bytes(b"PK\x03\x04 broken")
    given = check([desk.inbox], master_path=desk.master, return_to=desk.folder / "退回", clock=desk.clock)
    assert given.given_back is not None
    said = {
        path.name: "".join(
            str(cell.value) for row in openpyxl.load_workbook(path)[GIVE_BACK].iter_rows() for cell in row
        )
        for path in given.given_back.listed
    }
    mine, strange = said[f"退回单-{desk.form('U1').stem}.xlsx"], said["退回单-陌生.xlsx"]
    assert "东区  联络员 张三" in mine
    assert desk.issued["U1", ""].number in mine
    assert "报送单位" in strange


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("东区-自测表.xlsx", "东区-自测表"),
        ("退回-东区-自测表(2)(1).XLS", "东区-自测表"),
        ("a\\b/退回单-东区-自测表_1.xlsx", "东区-自测表"),
        ("无扩展名", "无扩展名"),
        ("(1).xlsx", ""),
    ],
)
def test_names_as_issued(name: str, stem: str) -> None:
    assert issued_name(name) == stem
