"""Charts in an open book: drawn by Excel itself over the same cells, told where that cannot be."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from kaohe.workbooks.open_book_write import write_plan
from kaohe.workbooks.package import create
from kaohe.workbooks.plan import BookPlan, SheetPlan
from tests.package.books import skeleton
from tests.package.charted import charted, charted_master
from tests.package.plans import notes_sheet
from tests.ribbon.excel import Workbook
from tests.ribbon.excel_charts import ChartObject
from tests.ribbon.remote import Screen, actions, opened
from tests.ribbon.test_desktop import on_desktop


@pytest.fixture
def excel(tmp_path: Path) -> Workbook:
    """A master whose sheet has no charts yet, open in Excel."""
    path = tmp_path / "总表.xlsx"
    bare = dataclasses.replace(charted(1), charts=())
    path.write_bytes(create(skeleton(), BookPlan((bare, notes_sheet()))))
    return Workbook(path)


def written(engine: Any, excel: Workbook, plan: SheetPlan) -> tuple[str, ...]:
    return write_plan(on_desktop(engine, excel), BookPlan((plan,)))


def charts(excel: Workbook) -> dict[str, ChartObject]:
    return {found.Name: found for found in excel.sheet("图表").ChartObjects()}


def test_a_new_sheet_gets_its_charts(engine: Any, excel: Workbook) -> None:
    assert written(engine, excel, charted(4, 2, extra=True)) == ()
    found = charts(excel)
    assert list(found) == ["kaohe:c1", "kaohe:c2"]
    first = found["kaohe:c1"]
    assert (first.Left, first.Top, first.Width, first.Height) == (250.0, 0.0, 300.0, 18.0 * 14)
    drawn = first.Chart
    assert (drawn.source, drawn.ChartTitle.Formula) == ("B2:D6", "=图表!$B$1")
    assert [row.Format.Fill.pattern for row in drawn.rows] == [0, 22]
    assert drawn.rows[0].Format.Fill.ForeColor.RGB == 0x505D2F
    assert drawn.Axes(1).ReversePlotOrder
    assert not drawn.Axes(2).there
    assert found["kaohe:c2"].Chart.source == "B20:D22"


def test_the_next_run_changes_cells_and_place_only(engine: Any, excel: Workbook) -> None:
    written(engine, excel, charted(4, 4, 2))
    found = charts(excel)
    found["kaohe:c1"].Chart.rows[0].Format.Fill.ForeColor.RGB = 255
    found["kaohe:c2"].Left = 900.0
    found["kaohe:c3"].Delete()
    assert written(engine, excel, charted(9, 4, 3)) == ()
    after = charts(excel)
    assert list(after) == ["kaohe:c1", "kaohe:c2"]
    assert after["kaohe:c1"].Chart.source == "B2:C11"
    assert after["kaohe:c1"].Height == 18.0 * 19
    assert after["kaohe:c1"].Chart.rows[0].Format.Fill.ForeColor.RGB == 255
    assert (after["kaohe:c2"].Left, after["kaohe:c2"].Chart.source) == (900.0, "B25:C29")


def test_a_chart_without_cells_goes_and_is_forgotten(engine: Any, excel: Workbook) -> None:
    written(engine, excel, charted(4, 4))
    written(engine, excel, charted(4))
    assert list(charts(excel)) == ["kaohe:c1"]
    noted = [name.Name for name in excel.Names.all if ".chart." in name.Name]
    assert noted == ["_kaohe.图表.chart.c1"]
    written(engine, excel, charted(4, 4))
    assert list(charts(excel)) == ["kaohe:c1", "kaohe:c2"]


def test_the_offices_own_charts_stay(engine: Any, excel: Workbook) -> None:
    written(engine, excel, charted(4))
    excel.sheet("图表").ChartObjects().Add(1.0, 2.0, 3.0, 4.0)
    written(engine, excel, charted(9))
    assert [found.Name for found in excel.sheet("图表").ChartObjects()] == ["kaohe:c1", "图表 1"]


def test_elsewhere_the_figures_are_new_and_the_missing_charts_are_told(tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsx"
    path.write_bytes(charted_master(4))
    book = opened(path)
    (told,) = write_plan(book, BookPlan((charted(9),)))
    assert "本环境不能画图" in told
    screen = Screen.of(path.read_bytes(), path.name).play(actions(book))
    assert screen.sheet("图表").values[11, 3] == 68.0
    path.write_bytes(charted_master(9))
    assert write_plan(opened(path), BookPlan((charted(9),))) == ()
