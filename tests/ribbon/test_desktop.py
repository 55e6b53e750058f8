"""The same through xlwings' real desktop engine, over a stand-in for Excel's objects."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.issue import issue
from kaohe.jobs.open_store import OpenStore
from kaohe.workbooks.open_book_looks import built_in, read_looks
from kaohe.workbooks.package import NotWritable, PatchRefused
from tests.ribbon.excel import Workbook
from tests.ribbon.remote import xlwings
from tests.ribbon.test_write import assert_same, sheets_of

WRITTEN = ("排名", "得分明细", "失分分析", "进度预警", "问题清单", "报送情况", "填报数据", "运行记录")


def clock() -> dt.datetime:
    """The time of both runs."""
    return dt.datetime(2007, 7, 20, 9, 0, 0)


def on_desktop(engine: Any, excel: Workbook) -> Any:
    """The workbook as xlwings hands it to a button."""
    return xlwings().Book(impl=engine.Book(xl=excel))


def test_the_same_cells_as_the_file(engine: Any, desk: Path) -> None:
    master = desk / "总表.xlsx"
    excel = Workbook(master)
    excel.sheet("排名").FilterMode = True
    done = consolidate(OpenStore(on_desktop(engine, excel)), desk / "回收", clock=clock)
    assert done.notes == ()
    assert done.backup == desk / "备份" / "总表.20070720-090000.xlsx"
    assert done.backup.read_bytes() == excel.data
    consolidate(master, desk / "回收", clock=clock)
    file = sheets_of(master)
    for name in WRITTEN:
        assert_same(excel.sheet(name).cells, file[name])
    assert not excel.sheet("方案").touched
    assert excel.active == "排名"


def test_excel_is_left_as_it_was(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    consolidate(OpenStore(on_desktop(engine, excel)), desk / "回收", clock=clock)
    app = excel.Application
    assert (app.ScreenUpdating, app.EnableEvents, app.Calculation, app.DisplayAlerts) == (
        True,
        True,
        -4105,
        True,
    )


def test_the_backup_holds_what_was_typed_and_not_saved(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    excel.sheet("单位").cells.values[60, 9] = "刚打的字"
    done = consolidate(OpenStore(on_desktop(engine, excel)), desk / "回收", clock=clock)
    assert done.backup is not None
    assert sheets_of(done.backup)["单位"].cell(60, 9).value == "刚打的字"


def test_a_backup_that_fails_stops_before_anything_is_written(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    excel.copy_fails = 0
    with pytest.raises(NotWritable, match=r"备份.*没有存成,总表没有改动"):
        consolidate(OpenStore(on_desktop(engine, excel)), desk / "回收", clock=clock)
    assert not any(sheet.touched for sheet in excel.sheets)


def test_links_lead_where_those_of_the_file_do(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    consolidate(OpenStore(on_desktop(engine, excel)), desk / "回收", clock=clock)
    links = excel.sheet("报送情况").cells.links.values()
    assert links
    assert all((desk / link).is_file() for link in links)
    assert all(link.startswith("#填报数据!G") for link in excel.sheet("得分明细").cells.links.values())


def test_a_note_beside_the_ranking_goes_along_with_its_unit(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    cells = excel.sheet("排名").cells
    code = next(column for (_, column), value in cells.values.items() if value == "单位代码")
    header = next(
        row for (row, column), value in cells.values.items() if value == "单位代码" and column == code
    )
    beside = max(column for _, column in cells.values) + 2
    first, second = header + 1, header + 3
    one, other = cells.values[first, code], cells.values[second, code]
    cells.values[first, code], cells.values[second, code] = other, one
    cells.values[first, beside] = f"关于{other}"
    done = consolidate(OpenStore(on_desktop(engine, excel)), desk / "回收", clock=clock)
    assert done.notes == ()
    row = next(row for (row, column), value in cells.values.items() if column == beside)
    assert row != first
    assert cells.values[row, beside] == f"关于{cells.values[row, code]}"


def test_a_protected_sheet_is_refused_before_anything_is_written(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    excel.sheet("运行记录").ProtectContents = True
    with pytest.raises(PatchRefused, match=r"工作表“运行记录”受保护.*撤消工作表保护"):
        consolidate(OpenStore(on_desktop(engine, excel)), desk / "回收", clock=clock)
    assert not any(sheet.touched for sheet in excel.sheets)
    assert not list((desk / "备份").glob("*20070720*"))


def test_a_read_only_master_is_refused_before_the_work(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    excel.ReadOnly = True
    with pytest.raises(NotWritable, match="以只读方式打开"):
        OpenStore(on_desktop(engine, excel)).read()
    assert OpenStore(on_desktop(engine, excel), writes=False).read().scheme.units


def test_a_read_only_master_is_refused(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    excel.ReadOnly = True
    with pytest.raises(NotWritable, match="以只读方式打开"):
        consolidate(OpenStore(on_desktop(engine, excel)), desk / "回收", clock=clock)
    assert not any(sheet.touched for sheet in excel.sheets)
    assert sorted(path.name for path in (desk / "备份").iterdir()) == [
        "总表.20070701-090500.xlsx",
        "总表.20070711-090000.xlsx",
    ]


def test_issuing_saves_the_master_that_holds_the_numbers(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    done = issue(OpenStore(on_desktop(engine, excel), keep=True), "2007-Q3", desk / "下发", clock=clock)
    assert len(done.written) == 19
    assert excel.saved == 1
    entered = set(excel.sheet("下发登记").cells.values.values())
    assert {path.name for path in done.written} <= entered


def test_percent_formats_are_seen(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    targets = excel.sheet("目标").cells
    place = next(
        place for place, value in targets.values.items() if isinstance(value, float) and place[0] > 3
    )
    targets.values[place] = 0.925
    targets.formats["setNumberFormat", place] = "0.0%"
    table = OpenStore(on_desktop(engine, excel)).read().tables["target"]
    assert "92.5%" in {value for row in table.rows for value in row.values.values()}


def test_restyled_specimens_count(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / "总表.xlsx")
    rows = {value: row for (row, column), value in excel.sheet("样式").cells.values.items() if column == 1}
    formats = excel.sheet("样式").cells.formats
    place = (rows["score"], 2)
    formats["setNumberFormat", place] = "0.000"
    formats["Interior.ColorIndex", place] = 3
    formats["Interior.Color", place] = 0x0000FF
    formats["Font.Bold", place] = True
    looks = read_looks(on_desktop(engine, excel), {"样式": "样式"}, {"score"})
    score = looks["score"]
    assert (score.number_format, score.fill, score.bold, score.color) == ("0.000", "#FF0000", True, "#000000")
    assert looks["title"] == built_in()["title"]
