"""`kaohe check` says about a file what `kaohe consolidate` says about it: in whatever way it is odd."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from pathlib import Path

import openpyxl
import pytest

from kaohe.findings import ERROR
from kaohe.jobs.check import check
from tests.support.line import Desk

INDICATORS = """
    指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|责任部门
    X1|A|产值|亿元|正向|30|目标完成率|月度|无|发改局
    X2|B|满意率|%|正向|40|目标完成率|月度|无|民政局
    X3|A|投资|亿元|正向|30|目标完成率|月度|无|发改局
    """
TARGETS = """
    指标代码|单位代码|目标值|上年值
    X1|*|100|80
    X2|*|90|85
    X3|*|100|80
    """
FIRST, SECOND = "指标|完成值\nX1|100\nX3|100", "指标|完成值\nX2|95"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two units issued by department; U2's parts came. The quarter before was issued, too."""
    desk = Desk.new(tmp_path, 指标=INDICATORS, 目标=TARGETS)
    desk.issue("2007-Q1", by_department=True)
    shutil.copytree(desk.out, desk.folder / "一季度")
    desk.issue(by_department=True)
    both(desk, "U2")
    return desk


def both(desk: Desk, unit: str) -> tuple[Path, Path]:
    return (
        desk.fill(unit, FIRST, department="发改局"),
        desk.fill(unit, SECOND, department="民政局"),
    )


def said(desk: Desk, *paths: Path) -> list[tuple[str, str]]:
    """(code, file) of what checking these files one by one finds; the same as consolidating all of them."""
    alone = [f for path in paths for f in check([path], master_path=desk.master).findings]
    together = check([desk.inbox], master_path=desk.master).findings
    names = {path.name for path in paths}
    at_once = [f for f in together if f.location.workbook in names]
    assert sorted(f.message for f in alone) == sorted(f.message for f in at_once)
    done = desk.consolidate("2007-H1").assessment.findings
    taken = [f for f in done if f.location.workbook in names]
    assert sorted(f.message for f in taken) == sorted(f.message for f in alone)
    return sorted((f.code, f.location.workbook) for f in alone)


def altered(path: Path, sheet: str, **cells: object) -> Path:
    came = path.stat().st_mtime
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book[sheet][cell].value = value
    book.save(path)
    os.utime(path, (came, came))
    return path


def without_row(path: Path, row: int) -> Path:
    came = path.stat().st_mtime
    book = openpyxl.load_workbook(path)
    book["自测表"].delete_rows(row)
    book.save(path)
    os.utime(path, (came, came))
    return path


@pytest.mark.parametrize("before", [False, True], ids=["first time", "handed in before"])
def test_a_row_that_was_deleted_from_a_department_s_part(before: bool, desk: Desk) -> None:
    """Whichever part comes first in the folder, and whether or not the master knows others."""
    first, second = both(desk, "U1")
    if before:
        assert said(desk, first, second) == []
        desk.fill("U1", FIRST, department="发改局")
    gone = [row for row in range(6, 20) if openpyxl.load_workbook(first)["自测表"].cell(row, 2).value == "X3"]
    without_row(first, *gone)
    assert said(desk, first) == [("V14", first.name)]
    done = check([desk.inbox], master_path=desk.master, return_to=desk.folder / "退回").given_back
    assert done is not None
    assert [path.name for path in done.marked] == [f"退回-{first.name}"]


@pytest.mark.parametrize("period", ["2007-XX", None], ids=str)
def test_a_hidden_period_that_is_none(period: str | None, desk: Desk) -> None:
    first, _ = both(desk, "U1")
    altered(first, "_kaohe", B9=period)
    assert said(desk, first) == [("W05", first.name)]
    done = check([first], master_path=desk.master, return_to=desk.folder / "退回").given_back
    assert done is not None
    assert len(done.listed) == 1


def test_a_number_nobody_issued_and_no_period(desk: Desk) -> None:
    first, _ = both(desk, "U1")
    altered(first, "_kaohe", B3="N-别处", B9="2007-XX")
    (found,) = check([first], master_path=desk.master).findings
    assert (found.code, found.location.workbook) == ("W03", first.name)


def test_last_quarter_s_form_under_this_half_year_s_name(desk: Desk) -> None:
    first, _ = both(desk, "U1")
    name = first.name.replace("2007-H1", "2007-Q1")
    first.write_bytes((desk.folder / "一季度" / name).read_bytes())
    assert said(desk, first) == [("W05", first.name), ("W12", first.name)]
    (asked,) = (f for f in check([first], master_path=desk.master).findings if f.code == "W12")
    assert "像是“东区(发改局) 2007-H1”的,内容却是“东区(发改局) 2007-Q1”的" in asked.message
    done = check([first], master_path=desk.master, return_to=desk.folder / "退回").given_back
    assert done is not None
    assert len(done.listed) == 1


def test_files_of_two_periods(desk: Desk) -> None:
    """As when consolidating, one period counts; what is in the others is looked at besides."""
    first, second = both(desk, "U1")
    quarter = desk.inbox / first.name.replace("2007-H1", "2007-Q1")
    quarter.write_bytes((desk.folder / "一季度" / quarter.name).read_bytes())
    found = check([desk.inbox], master_path=desk.master).findings
    mine = sorted(f.code for f in found if f.location.workbook == quarter.name)
    assert mine == ["V01", "V01", "W15"]
    assert [f.code for f in found if f.location.workbook in (first.name, second.name)] == []


def test_one_name_in_two_folders(desk: Desk) -> None:
    """Each finding, and each 退回单, is about its own file."""
    places = []
    for unit, text in (("U1", "指标|完成值\nX1|约100\nX3|100"), ("U2", "指标|完成值\nX1|100\nX3|较好")):
        path = desk.fill(unit, text, department="发改局", name="表.xlsx")
        places.append(desk.folder / unit / "表.xlsx")
        places[-1].parent.mkdir()
        shutil.copy2(path, places[-1])
    done = check(places, master_path=desk.master, return_to=desk.folder / "退回")
    wrong = {(f.code, f.location.workbook) for f in done.findings if f.severity == ERROR}
    assert wrong == {("V03", places[0].as_posix()), ("V02", places[1].as_posix())}
    assert done.given_back is not None
    assert sorted(path.name for path in done.given_back.marked) == sorted(
        f"退回-{desk.form(unit, '发改局').name}" for unit in ("U1", "U2")
    )


def test_a_copy_of_the_master_among_the_returns(desk: Desk) -> None:
    """What is wrong with the master is not said of the copy, nor the other way round; and it stays so."""
    shutil.copy2(desk.master, desk.inbox / desk.master.name)
    for _ in range(3):
        desk.consolidate("2007-H1")
    rows = [row for row in desk.rows("收件登记") if "总表" in str(row["文件"])]
    assert [(row["文件"], row["处理结果"], row["错误"]) for row in rows] == [("回收/总表.xlsx", "读不了", 1)]
    found = check([desk.inbox], master_path=desk.master).findings
    assert [f.code for f in found if f.location.workbook == "回收/总表.xlsx"] == ["W02"]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be set on Windows")
@pytest.mark.parametrize(
    ("declared", "zone", "state"),
    [
        ("本机", "Asia/Shanghai", "迟报"),
        ("本机", "UTC", "已报送"),
        ("北京时间", "Asia/Shanghai", "迟报"),
        ("北京时间", "UTC", "迟报"),
        ("北京时间", "America/New_York", "迟报"),
    ],
)
def test_half_past_midnight_of_the_day_after(
    declared: str, zone: str, state: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline is the 10th; where a computer's zone is another, a declared one keeps the day."""
    book = openpyxl.load_workbook(desk.master)
    title = next(cell for row in book["方案"].iter_rows() for cell in row if cell.value == "报送时区")
    book["方案"].cell(title.row, title.column + 1).value = declared
    book.save(desk.master)
    first, _ = both(desk, "U1")
    beijing = dt.timezone(dt.timedelta(hours=8))
    when = dt.datetime(2007, 7, 11, 0, 30, tzinfo=beijing).timestamp()
    os.utime(first, (when, when))
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        desk.consolidate("2007-H1")
    finally:
        monkeypatch.undo()
        time.tzset()
    row = next(row for row in desk.rows("报送情况") if row["文件"] == first.name)
    assert row["状态"] == state
