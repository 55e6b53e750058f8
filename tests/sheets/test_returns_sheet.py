"""报送情况, 收件登记, 催报 in the master: who is late by how much, every file received, letters to send."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kaohe.jobs.common import JobError
from kaohe.jobs.remind import remind
from tests.support.line import Desk, grid

UNITS = """
单位代码|单位名称|联络员|电话|分管领导
U1|东区|张三|0510-1|赵副区长
U2|西区|李四|0510-2|钱副区长
U3|南区||
"""
FULL = "指标|完成值\nX1|100\nX2|95"
WRONG = "指标|完成值\nX1|约80\nX2|95"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Three units, forms issued and due on 2007-07-10; nothing has come back."""
    desk = Desk.new(tmp_path, 单位=UNITS)
    desk.issue()
    return desk


def at_day(desk: Desk, day: int, hour: int = 9) -> None:
    """The desk's next step is on this day of July."""
    desk.hours = (day - 1) * 24 + hour - 9 - 1


def extend(desk: Desk, unit: str, until: str, item: str = "延期") -> None:
    """A row of 人工调整: more time, or 0 points for whatever is missing."""
    book = openpyxl.load_workbook(desk.master)
    sheet = book["人工调整"]
    head = next(row for row in sheet.iter_rows() if any(c.value == "期次" for c in row))
    titles = {cell.value: cell.column for cell in head}
    row = next(n for n in range(head[0].row + 1, 99) if not sheet.cell(n, titles["期次"]).value)
    typed = {
        "期次": "2007-H1",
        "单位代码": unit,
        "项目": item,
        "调整为": until,
        "依据": "考核办第3号",
        "决定人": "王五",
        "日期": "2007-07-09",
    }
    for title, value in typed.items():
        if title in titles:
            sheet.cell(row, titles[title]).value = value
    book.save(desk.master)


def shown(desk: Desk, *titles: str) -> dict[str, tuple[Any, ...]]:
    """报送情况: unit → what stands under these headings."""
    return {str(row["单位"] or row["文件"]): tuple(row[t] for t in titles) for row in desk.rows("报送情况")}


def issued_row(desk: Desk, *titles: str) -> tuple[Any, ...]:
    """What stands under these headings of 报送情况 for U1's form."""
    return tuple(desk.rows("报送情况")[0][title] for title in titles)


def test_late_by_how_many_days_and_missing_since_when(desk: Desk) -> None:
    at_day(desk, 9)
    desk.fill("U1", FULL)
    at_day(desk, 13)
    desk.fill("U2", FULL)
    at_day(desk, 15)
    desk.consolidate()
    assert shown(desk, "状态", "迟报天数", "报送截止", "说明") == {
        "东区": ("已报送", None, "2007-07-10", None),
        "西区": ("迟报", 3, "2007-07-10", None),
        "南区": ("未报送", 5, "2007-07-10", "已逾期 5 天"),
    }


def test_a_correction_of_what_came_in_time_is_not_late(desk: Desk) -> None:
    """As the points off for being late have it: the first return of a form counts."""
    at_day(desk, 9)
    path = desk.fill("U1", FULL.replace("X1|100", "X1|约100"))
    desk.consolidate()
    assert issued_row(desk, "单位", "状态", "错误") == ("东区", "已报送", 1)
    at_day(desk, 14)
    path.unlink()
    desk.fill("U1", FULL, name=f"退回-{path.name}")
    desk.consolidate()
    assert issued_row(desk, "状态", "迟报天数", "说明", "错误") == (
        "已报送",
        None,
        "2007-07-09 首次报送,本份为改正件",
        0,
    )
    assert str(desk.rows("报送情况")[0]["收到时间"]).startswith("2007-07-14")


def test_errors_of_what_counts_are_its_own_whatever_lies_there_now(desk: Desk) -> None:
    """An older file under the same name does not take over the errors of the one that counts."""
    at_day(desk, 9)
    path = desk.fill("U1", FULL.replace("X1|100", "X1|约100"))
    desk.consolidate()
    desk.fill("U1", FULL.replace("X1|100", "X1|99"))
    earlier = dt.datetime(2007, 7, 2).timestamp()
    os.utime(path, (earlier, earlier))
    desk.consolidate()
    assert issued_row(desk, "单位", "状态", "错误") == ("东区", "已报送", 1)
    codes = {row["编号"]: row["文件"] for row in desk.rows("问题清单") if row["单位"] == "东区"}
    assert codes["V03"] == f"{path.name}(此前汇总的)"
    assert codes["W14"] == path.name


def test_more_time_by_decision(desk: Desk) -> None:
    """延期 of 人工调整 counts for what came and for what is missing; an earlier day changes nothing."""
    extend(desk, "U2", "2007-07-12")
    extend(desk, "U3", "2007-07-20")
    extend(desk, "U1", "2007-07-01")
    at_day(desk, 13)
    desk.fill("U2", FULL)
    at_day(desk, 15)
    desk.consolidate()
    assert shown(desk, "状态", "迟报天数", "报送截止", "说明") == {
        "东区": ("未报送", 5, "2007-07-10", "已逾期 5 天"),
        "西区": ("迟报", 1, "2007-07-12", "已准延期"),
        "南区": ("未报送", None, "2007-07-20", "已准延期"),
    }


def test_a_file_that_came_and_was_not_taken_in(desk: Desk) -> None:
    """It does not stand for the return, and both lines say so."""
    at_day(desk, 5)
    path = desk.fill("U1", FULL)
    book = openpyxl.load_workbook(path)
    book["_kaohe"]["B9"].value = "2006-H1"
    book.save(path)
    desk.consolidate("2007-H1")
    rows = desk.rows("报送情况")
    mine = next(row for row in rows if row["单位"] == "东区")
    assert mine["状态"] == "未报送"
    extra = [row for row in rows if row["状态"] == "另收文件"]
    assert [(row["处理结果"], row["文件"]) for row in extra] == [("未收录", path.name)]
    assert "期次" in str(extra[0]["说明"])


def test_a_refused_file_is_remembered_in_the_letter(desk: Desk) -> None:
    """Also when the folder is empty by then: 收件登记 knows it."""
    at_day(desk, 5)
    path = desk.fill("U1", FULL)
    book = openpyxl.load_workbook(path)
    book["_kaohe"]["B7"].value = "别的单位"
    book["_kaohe"]["B6"].value = "U2"
    book.save(path)
    desk.consolidate("2007-H1")
    path.unlink()
    (owed, *_) = remind(desk.master, clock=lambda: dt.datetime(2007, 7, 3)).letters
    assert owed.name == "东区"
    assert f"交来的“{path.name}”未能收录,须重报" in owed.text


def test_the_register_forgets_no_file(desk: Desk) -> None:
    """Refused, replaced and removed files stay in 收件登记 and 报送情况 when the folder is empty again."""
    at_day(desk, 5)
    first = desk.fill("U1", WRONG)
    (desk.inbox / "坏.xlsx").write_bytes(b"nothing")
    (desk.inbox / "来函.pdf").write_bytes(b"%PDF")
    desk.consolidate()
    first.unlink()
    desk.fill("U1", FULL, name="东区改.xlsx")
    (desk.inbox / "坏.xlsx").unlink()
    (desk.inbox / "来函.pdf").unlink()
    desk.consolidate()
    (desk.inbox / "东区改.xlsx").unlink()
    desk.consolidate("2007-H1")
    found = [(r["文件"], r["处理结果"], r["错误"], r["与上次相比"]) for r in desk.rows("收件登记")]
    assert len(found) == 5
    assert set(found) == {
        (first.name, "已汇总", 1, None),
        ("坏.xlsx", "读不了", 1, None),
        ("来函.pdf", "不是工作簿", 0, None),
        (first.name, "被替代", 1, None),
        ("东区改.xlsx", "已汇总", 0, "错误 1→0,存疑 0→0"),
    }
    extra = {row["文件"]: row["处理结果"] for row in desk.rows("报送情况") if row["状态"] == "另收文件"}
    assert extra == {first.name: "被替代", "坏.xlsx": "读不了", "来函.pdf": "不是工作簿"}
    mine = next(row for row in desk.rows("报送情况") if row["单位"] == "东区")
    assert (mine["文件"], mine["收到份数"], mine["错误"]) == ("东区改.xlsx", 2, 0)


def test_looking_again_enters_nothing(desk: Desk) -> None:
    at_day(desk, 5)
    desk.fill("U1", WRONG)
    desk.fill("U2", FULL)
    (desk.inbox / "坏.xlsx").write_bytes(b"nothing")
    desk.consolidate()
    once = desk.rows("收件登记")
    desk.consolidate()
    assert desk.rows("收件登记") == once
    assert len(once) == 3


def test_rows_somebody_deleted_from_the_register(desk: Desk) -> None:
    """Files taken in are entered anew from 填报数据, refused ones when they are seen again."""
    at_day(desk, 5)
    path = desk.fill("U1", FULL)
    bad = desk.inbox / "坏.xlsx"
    bad.write_bytes(b"nothing")
    desk.consolidate()
    book = openpyxl.load_workbook(desk.master)
    book["收件登记"].delete_rows(3, 10)
    book.save(desk.master)
    path.unlink()
    desk.consolidate("2007-H1")
    found = [(r["文件"], r["处理结果"], r["说明"]) for r in desk.rows("收件登记")]
    assert found[0] == (path.name, "已汇总", "由《填报数据》补登")
    assert [(name, state) for name, state, _ in found[1:]] == [(bad.name, "读不了")]


def test_letters_in_the_master(desk: Desk) -> None:
    """One row per unit that owes something, the latest first; whoever is done has none."""
    at_day(desk, 9)
    desk.fill("U1", FULL)
    desk.fill("U2", WRONG)
    at_day(desk, 15)
    desk.consolidate()
    rows = desk.rows("催报")
    assert [(r["单位"], r["逾期天数"], r["缺什么"]) for r in rows] == [
        ("南区", 5, "缺自测完成情况表"),
        ("西区", None, "有错误 1 处待改正"),
    ]
    missing, wrong = (str(row["催报内容"]) for row in rows)
    assert "2007年7月10日" in missing
    assert "已逾期 5 天" in missing
    assert desk.issued["U3", ""].number in missing
    assert desk.form("U3").name in missing
    assert wrong.startswith("西区(联络员李四):")
    assert "K8 《产值》完成值“约80”不是准确数。" in wrong
    assert wrong.endswith("2007年7月15日")
    assert (rows[1]["分管领导"], rows[1]["联络员"], rows[1]["电话"]) == ("钱副区长", "李四", "0510-2")


def test_nobody_is_asked_for_what_was_decided(desk: Desk) -> None:
    """按0分 for the whole unit settles it."""
    at_day(desk, 9)
    desk.fill("U1", FULL)
    desk.fill("U2", FULL)
    extend(desk, "U3", "", "按0分")
    at_day(desk, 15)
    desk.consolidate()
    assert "没有需要催报的" in str(grid(desk.master, "催报").rows)


ASSESSED = """
指标代码|上级|指标名称|权重|计分方法|频次|序时|取值|考评部门
X1|A|产值|60|目标完成率|月度|无|填报|
X2|B|作风|40|评定分|月度|无|考评|督查室
"""


def test_a_department_that_assesses_nothing_any_more_owes_nothing(tmp_path: Path) -> None:
    """Another one was charged after the tables were out: the old 考评打分表 is neither missing nor dunned."""
    desk = Desk.new(tmp_path, 单位=UNITS, 指标=ASSESSED)
    desk.issue()
    at_day(desk, 15)
    desk.consolidate()
    assert department_row(desk) == ("未报送", 5, "已逾期 5 天")
    assert "督查室" in [row["单位"] for row in desk.rows("催报")]
    book = openpyxl.load_workbook(desk.master)
    for row in book["指标"].iter_rows():
        for cell in row:
            if cell.value == "督查室":
                cell.value = "效能办"
    book.save(desk.master)
    done = desk.consolidate()
    assert department_row(desk) == ("已不需要", None, "现行方案中该部门已没有考评任务,不必再报")
    assert "督查室" not in [row["单位"] for row in desk.rows("催报")]
    assert "下发 4 份,未报送 3 份,迟报 0 份,已不需要 1 份" in str(grid(desk.master, "报送情况").rows[:3])
    assert "效能办" in [f.facts["unit"] for f in done.assessment.findings if f.code == "W08"]


def department_row(desk: Desk) -> tuple[Any, ...]:
    """What 报送情况 says of the 考评打分表."""
    (row,) = [row for row in desk.rows("报送情况") if row["责任部门"] == "督查室"]
    return row["状态"], row["迟报天数"], row["说明"]


def test_letters_as_files(desk: Desk, tmp_path: Path) -> None:
    at_day(desk, 9)
    desk.fill("U1", FULL)
    at_day(desk, 12)
    desk.consolidate()
    folder = tmp_path / "催报"
    done = remind(desk.master, folder=folder, clock=lambda: dt.datetime(2007, 7, 20))
    assert [letter.name for letter in done.letters] == ["西区", "南区"]
    assert done.late == 2
    assert sorted(os.listdir(folder)) == ["催报-001-西区.txt", "催报-002-南区.txt"]
    data = (folder / "催报-001-西区.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert "已逾期 10 天" in text
    assert text.count("\r\n") == text.count("\n")
    assert remind(desk.master, folder=folder, clock=lambda: dt.datetime(2007, 7, 20)) == done


def test_before_the_deadline_nobody_is_called_late(desk: Desk) -> None:
    done = remind(desk.master, clock=lambda: dt.datetime(2007, 7, 3))
    assert (len(done.letters), done.late) == (3, 0)
    assert "须于2007年7月10日前报送,目前尚未收到" in done.letters[0].text
    assert "逾期" not in done.letters[0].text


def test_there_must_be_something_to_remind_of(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="没有下发过"):
        remind(desk.master, period_code="2007-Q3")
    (tmp_path / "另").mkdir()
    fresh = Desk.new(tmp_path / "另")
    with pytest.raises(JobError, match="还没有下发过"):
        remind(fresh.master)
