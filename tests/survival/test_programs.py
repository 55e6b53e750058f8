"""Masters saved by other programs, and workbooks other programs made: ours goes in, theirs stays."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter

from kaohe.jobs.consolidate import consolidate
from kaohe.workbooks.package import adopt, patch_bytes
from tests.package.books import allowed, opened, outside, parts, skeleton
from tests.package.office import png
from tests.package.plans import just, notes_sheet, ranking
from tests.support.example import copy
from tests.support.libreoffice import recalculate
from tests.survival.whole import broken


def by_xlsxwriter() -> bytes:
    """What XlsxWriter can make: sparklines, x14 bars, notes, shapes, pictures, charts, tables, controls."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.add_table("A1:B4", {"name": "台账表", "columns": [{"header": "项"}, {"header": "数"}]})
    sheet.write_column("B2", [1, 2, 3])
    sheet.add_sparkline("D1", {"range": "台账!B2:B4", "type": "column"})
    sheet.conditional_format("B2:B4", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.conditional_format("B2:B4", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.data_validation("C2", {"validate": "list", "source": "=台账!$A$2:$A$4"})
    sheet.write_comment("A2", "口径", {"author": "王芳"})
    sheet.insert_textbox("F2", "说明")
    sheet.insert_button("F9", {"caption": "更新", "macro": "更新"})
    sheet.insert_checkbox("E2", True)
    sheet.insert_image("H2", "章.png", {"image_data": io.BytesIO(png())})
    sheet.set_header("&L&G", {"image_left": "章.png", "image_data_left": io.BytesIO(png())})
    sheet.set_background(io.BytesIO(png()))
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=台账!$B$2:$B$4"})
    sheet.insert_chart("H9", chart)
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": "=台账!$B$2:$B$4"})
    book.add_chartsheet("图").set_chart(pie)
    sheet.protect("密码", {"sort": True})
    sheet.print_area("A1:D20")
    sheet.repeat_rows(0)
    sheet.write_rich_string("A8", book.add_format({"bold": True}), "粗", "细")
    sheet.write_dynamic_array_formula("J1", "=_xlfn.SORT(B2:B4)")
    book.define_name("合计", "=SUM(台账!$B$2:$B$4)")
    book.set_custom_property("文号", "〔2017〕8")
    book.close()
    return buffer.getvalue()


def test_what_xlsxwriter_made_stays_byte_for_byte() -> None:
    source = by_xlsxwriter()
    assert broken(source) == []
    first = patch_bytes(adopt(source, skeleton()), just(ranking(9), notes_sheet()))
    assert outside(source, first, allowed(source) | {"xl/styles.xml"}) == {}
    data = first
    for count in (12, 4, 9):
        data = patch_bytes(data, just(ranking(count)))
        assert outside(first, data, allowed(first, "排名")) == {}
        assert broken(data) == []
    assert opened(data).sheetnames == [*opened(source).sheetnames, "样式", "排名", "方案"]


@pytest.mark.full
def test_a_master_that_openpyxl_saved(tmp_path: Path) -> None:
    """A colleague's script loaded and saved it: cached values are gone, sheets renumbered; runs go on."""
    folder = copy(tmp_path)
    master = folder / "总表.xlsx"
    before = consolidate(master, folder / "回收", period_code="2007-H1").assessment
    book = opened(master.read_bytes())
    book.create_sheet("领导看板", 0)["A1"] = "=AVERAGE(排名!E5:E13)"
    book.save(master)
    once = master.read_bytes()
    assert broken(once) == []
    again = consolidate(master, folder / "回收", period_code="2007-H1").assessment
    assert again.standings == before.standings
    assert broken(master.read_bytes()) == []
    assert parts(once)["xl/worksheets/sheet1.xml"] == parts(master.read_bytes())["xl/worksheets/sheet1.xml"]


@pytest.mark.full
@pytest.mark.soffice
def test_libreoffice_opens_what_xlsxwriter_and_we_made(tmp_path: Path) -> None:
    first = patch_bytes(adopt(by_xlsxwriter(), skeleton()), just(ranking(9), notes_sheet()))
    (tmp_path / "总表.xlsx").write_bytes(patch_bytes(first, just(ranking(12))))
    saved = opened(recalculate(tmp_path / "总表.xlsx", tmp_path / "saved").read_bytes())
    assert [cell.value for cell in saved["排名"]["C"]][4:] == [69.0 - n for n in range(12)]
    assert saved["台账"]["B3"].value == 2
