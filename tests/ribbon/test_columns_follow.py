"""Columns that come and go in an open master look there as they do in its file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kaohe.workbooks.open_book_write import write_plan
from kaohe.workbooks.package import PatchRefused, patch_bytes
from tests.package import test_columns_follow as in_file
from tests.package.plans import just
from tests.ribbon.columns_excel import KINDS, ColumnBook, ColumnSheet
from tests.ribbon.remote import opened
from tests.ribbon.test_desktop import on_desktop


def open_in_excel(path: Path, data: bytes) -> ColumnBook:
    """A master open in Excel."""
    path.write_bytes(data)
    return ColumnBook(path)


def seen(sizes: dict[int, tuple[float, bool]]) -> dict[int, float]:
    """Widths; a hidden column has none."""
    return {column: 0.0 if hidden else width for column, (width, hidden) in sizes.items()}


@pytest.mark.parametrize("case", list(in_file.CHANGES))
def test_the_same_as_in_the_file(engine: Any, tmp_path: Path, case: str) -> None:
    before, after = in_file.CHANGES[case]
    data, plan = in_file.made(*before), just(in_file.plan(after))
    excel = open_in_excel(tmp_path / "总表.xlsx", data)
    assert write_plan(on_desktop(engine, excel), plan) == ()
    file = patch_bytes(data, plan)
    assert seen(excel.sizes("排名", len(after))) == seen(in_file.sizes(file))
    kinds = [(ref, KINDS[kind], formula) for ref, kind, formula in in_file.colours(file)]
    assert excel.colours("排名") == kinds
    sheet = excel.sheet("排名")
    assert isinstance(sheet, ColumnSheet)
    assert sheet.filtered is not None
    assert sheet.filtered.right == len(after)
    assert [sheet.cells.values.get((4, n)) for n in range(1, len(after) + 1)] == list(after)
    assert {area.right for area in sheet.cells.merges} == {len(after)}


def test_the_office_s_columns_stay_where_they_are(engine: Any, tmp_path: Path) -> None:
    excel = open_in_excel(tmp_path / "总表.xlsx", in_file.made())
    sheet = excel.sheet("排名")
    assert isinstance(sheet, ColumnSheet)
    sheet.widths |= {1: 33.0, 8: 44.0}
    sheet.cells.values[5, 8] = "查"
    after = in_file.CHANGES["a part added"][1]
    write_plan(on_desktop(engine, excel), just(in_file.plan(after)))
    assert (sheet.widths[1], sheet.widths[8]) == (33.0, 44.0)
    assert sheet.cells.values[5, 8] == "查"
    write_plan(on_desktop(engine, excel), just(in_file.plan(in_file.PLAIN)))
    assert (sheet.widths[1], sheet.widths[8], sheet.cells.values[5, 8]) == (33.0, 44.0, "查")


def test_an_empty_table_grows_to_what_its_first_rows_need(engine: Any, tmp_path: Path) -> None:
    for units, width in ((1, 25.0), (4, 14.0)):
        excel = open_in_excel(tmp_path / f"{units}.xlsx", in_file.made(units=units))
        wide = replace(in_file.plan(in_file.PLAIN, 5), widths=(25.0, 12.0, 10.0, 11.0, 29.0))
        write_plan(on_desktop(engine, excel), just(wide))
        assert excel.sizes("排名", 5)[1] == (width, False)


@pytest.mark.parametrize(("place", "text"), [((20, 3), "表下的字"), ((20, 6), "表下的字")])
def test_what_a_column_would_take_along_is_refused(
    engine: Any, tmp_path: Path, place: tuple[int, int], text: str
) -> None:
    excel = open_in_excel(tmp_path / "总表.xlsx", in_file.made())
    sheet = excel.sheet("排名")
    sheet.cells.values[place] = text
    after = ("单位", "总分", "扣分", "备注") if place[1] == 3 else in_file.CHANGES["a part added"][1]
    with pytest.raises(PatchRefused, match=r"表格下方 [CF] 列有您自己的内容"):
        write_plan(on_desktop(engine, excel), just(in_file.plan(after)))
    assert not sheet.touched


def test_a_formula_that_reads_a_column_which_is_gone_is_refused(engine: Any, tmp_path: Path) -> None:
    excel = open_in_excel(tmp_path / "总表.xlsx", in_file.made())
    sheet = excel.sheet("排名")
    sheet.cells.values[5, 8] = 1.0
    sheet.cells.formulas[5, 8] = "C5+1"
    with pytest.raises(PatchRefused, match="单元格 H5 中您的公式引用了系统表格中有变动的列"):
        write_plan(on_desktop(engine, excel), just(in_file.plan(("单位", "总分", "扣分", "备注"))))
    assert not sheet.touched


def test_an_engine_that_tells_no_widths_sets_the_plan_s(tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsx"
    path.write_bytes(in_file.made())
    notes = write_plan(opened(path), just(in_file.plan(in_file.CHANGES["a part added"][1])))
    assert notes == ("工作表“排名”的列有变动,列宽按系统样式重设,颜色请核对。",)
