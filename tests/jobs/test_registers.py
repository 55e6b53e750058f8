"""A damaged register is never taken for an empty one, and so never written over."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kaohe.jobs.common import JobError
from kaohe.jobs.dump import dump
from kaohe.jobs.master import open_master
from kaohe.workbooks.package import fill
from tests.support.line import Desk

FULL = "指标|完成值\nX1|100\nX2|95"
HEADINGS = [
    ("填报数据", 8, "识别值"),
    ("填报数据", 1, "期次"),
    ("下发登记", 1, "下发编号"),
    ("方案版本", 5, "内容"),
    ("运行记录", 2, "操作"),
    ("收件登记", 8, "处理结果"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Issued, returned, consolidated."""
    desk = Desk.new(tmp_path)
    desk.issue()
    for unit in ("U1", "U2"):
        desk.fill(unit, FULL)
    desk.consolidate()
    return desk


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.xlsx")}


def without_sheet(master: Path, title: str) -> None:
    """The master as somebody saved it who deleted a sheet."""
    book = openpyxl.load_workbook(master)
    del book[title]
    book.save(master)


@pytest.mark.parametrize(("sheet", "column", "title"), HEADINGS, ids=lambda value: str(value))
@pytest.mark.parametrize("typed", ["改了名", None], ids=["renamed", "emptied"])
def test_a_heading_somebody_changed(
    typed: str | None, sheet: str, column: int, title: str, desk: Desk
) -> None:
    desk.master.write_bytes(fill(desk.master.read_bytes(), sheet, {(2, column): typed}))
    before = everything(desk.folder)
    for job in (desk.consolidate, desk.issue, lambda: dump(desk.master, desk.folder / "方案表")):
        with pytest.raises(JobError) as refused:
            job()
        assert f"《{sheet}》" in str(refused.value)
        assert f"缺少“{title}”" in str(refused.value)
        assert "备份" in str(refused.value)
    assert everything(desk.folder) == before


def test_all_headings_gone(desk: Desk) -> None:
    cells = {(2, column): None for column in range(1, 22)}
    desk.master.write_bytes(fill(desk.master.read_bytes(), "填报数据", cells))
    with pytest.raises(JobError, match="“期次”、“单位代码”"):
        desk.consolidate()


def test_put_right_again_it_goes_on(desk: Desk) -> None:
    whole = desk.rows("填报数据")
    for typed in ("改了名", "识别值"):
        desk.master.write_bytes(fill(desk.master.read_bytes(), "填报数据", {(2, 8): typed}))
    desk.consolidate()
    assert desk.rows("填报数据") == whole


@pytest.mark.parametrize(
    ("sheet", "command"),
    [("填报数据", "汇总"), ("收件登记", "汇总"), ("下发登记", "下发"), ("方案版本", "下发")],
)
def test_a_register_somebody_deleted(sheet: str, command: str, desk: Desk) -> None:
    without_sheet(desk.master, sheet)
    before = everything(desk.folder)
    for job in (desk.consolidate, lambda: desk.issue("2007-07")):
        with pytest.raises(JobError, match=f"《{sheet}》不见了.*1 次{command}.*备份"):
            job()
    assert everything(desk.folder) == before


def test_a_register_that_never_held_anything_may_be_missing(tmp_path: Path) -> None:
    """Nothing was issued yet, so nothing is lost: the sheets are made anew."""
    desk = Desk.new(tmp_path)
    for sheet in ("填报数据", "收件登记", "下发登记"):
        without_sheet(desk.master, sheet)
    desk.issue()
    assert len(open_master(desk.master).issues) == 2


@pytest.mark.parametrize("sheet", ["核定", "人工调整", "加减分", "否决", "申诉"])
def test_a_register_of_the_office_somebody_deleted(sheet: str, desk: Desk) -> None:
    """What was decided in it would be undone: nobody has a rank before it is back."""
    without_sheet(desk.master, sheet)
    assessed = desk.consolidate().assessment
    assert [(f.code, f.location.sheet) for f in assessed.findings] == [("S11", sheet)]
    assert [standing.rank for standing in assessed.standings] == [None, None]


@pytest.mark.parametrize("sheet", ["征求意见", "佐证材料", "审定"])
def test_a_register_no_score_depends_on_is_only_told_of(sheet: str, desk: Desk) -> None:
    """A master of an earlier program lacks these sheets; its ranks stay what they are."""
    desk.consolidate()
    ranks = [standing.rank for standing in desk.consolidate().assessment.standings]
    without_sheet(desk.master, sheet)
    assessed = desk.consolidate().assessment
    assert ("S61", "NOTE", sheet) in [(f.code, f.severity, f.location.sheet) for f in assessed.findings]
    assert [standing.rank for standing in assessed.standings] == ranks
    assert None not in ranks


def test_a_register_of_the_office_without_its_headings(desk: Desk) -> None:
    cells = {(3, column): None for column in range(1, 10)}
    desk.master.write_bytes(fill(desk.master.read_bytes(), "人工调整", cells))
    assert [(f.code, f.location.sheet) for f in desk.consolidate().assessment.findings] == [
        ("S11", "人工调整")
    ]
