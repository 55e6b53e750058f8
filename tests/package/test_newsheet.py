"""New sheets: what the plan says is there, where the schema wants it, and two programs open it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from lxml import etree

from kaohe.workbooks.package import BadPlan, create, patch_bytes, read_names
from kaohe.workbooks.plan import BookPlan, Cell, Choice, Highlight, Layout, SheetPlan
from tests.package.books import NS, defined_names, master, opened, parts, sheet_xml, skeleton
from tests.package.plans import just, ranking
from tests.support.libreoffice import recalculate

# ECMA-376 part 1, sml.xsd, CT_Worksheet.
SCHEMA = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]


def in_schema_order(sheet: etree._Element) -> bool:
    ranks = [SCHEMA.index(etree.QName(node).localname) for node in sheet]
    return ranks == sorted(ranks)


def made(plan: SheetPlan) -> bytes:
    return create(skeleton(), just(plan))


def everything() -> SheetPlan:
    plan = ranking(9)
    return dataclasses.replace(plan, layout=dataclasses.replace(plan.layout, protect=True, zoom=90))


def test_elements_stand_in_the_order_of_the_schema() -> None:
    sheet = sheet_xml(made(everything()), "排名")
    assert in_schema_order(sheet)
    assert {etree.QName(node).localname for node in sheet} >= {
        "sheetPr",
        "sheetProtection",
        "autoFilter",
        "mergeCells",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "ignoredErrors",
        "extLst",
    }


def test_openpyxl_sees_the_plan() -> None:
    sheet = opened(made(everything()))["排名"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("C5", "A4:E13", "$1:$4")
    assert (sheet.print_area, sheet.sheet_properties.tabColor.rgb) == ("'排名'!$A$1:$E$13", "FF4472C4")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert (sheet.oddFooter.left.text, sheet.oddFooter.center.text) == ("考核办", "第 &P 页 共 &N 页")
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:E1"]
    assert (sheet.row_dimensions[1].height, sheet.column_dimensions["B"].width) == (30.0, 16)
    assert (sheet.sheet_view.showGridLines, sheet.sheet_view.zoomScale) == (False, 90)
    assert (sheet["D5"].value, sheet["D5"].number_format) == ("=ROUND(C5/100,4)", "0.0%")
    rule = sheet.data_validations.dataValidation[0]
    assert (str(rule.sqref), rule.formula1, rule.prompt) == ("B5:B13", '"甲,乙"', "请选择单位。")
    assert {str(area.sqref) for area in sheet.conditional_formatting} == {"C5:C13", "A5:E13", "D5:D13"}
    assert sheet["E5"].hyperlink.location == "排名!A1"
    assert sheet["E6"].hyperlink.target == ("%E5%9B%9E%E6%94%B6/%E9%94%A1%E5%B1%B1%E5%8C%BA%201.xlsx")
    assert sheet["E6"].hyperlink.location == "自测表!G12"


@pytest.mark.parametrize("count", [9, 12])
def test_fixed_heights_are_fixed_and_fitted_ones_may_be_fitted_anew(count: int) -> None:
    """A row without customHeight is made higher or lower by a spreadsheet program when its text changes."""
    plan = dataclasses.replace(ranking(count), fitted=((1, 99.0), (2, 21.5), (3, 18.0)))
    for data in (made(plan), patch_bytes(made(ranking(3)), just(plan))):
        rows = sheet_xml(data, "排名").findall("m:sheetData/m:row", NS)
        found = {row.get("r"): (row.get("ht"), row.get("customHeight")) for row in rows}
        assert [found[n] for n in "1234"] == [("30.0", "1"), ("21.5", None), ("18.0", None), (None, None)]


def test_protection_lets_the_clerk_filter_sort_and_widen() -> None:
    protection = opened(made(everything()))["排名"].protection
    assert (protection.sheet, protection.password) == (True, None)
    allowed = (protection.autoFilter, protection.sort, protection.formatColumns, protection.formatRows)
    assert allowed == (False,) * 4
    assert (protection.selectLockedCells, protection.formatCells) == (False, True)


def test_data_bars_start_at_zero_in_both_generations() -> None:
    sheet = sheet_xml(made(everything()), "排名")
    old = sheet.find("m:conditionalFormatting/m:cfRule[@type='dataBar']", NS)
    new = sheet.find(".//x14:cfRule", NS)
    assert [node.get("type") for node in old.findall("m:dataBar/m:cfvo", NS)] == ["num", "max"]
    assert old.find(".//x14:id", NS).text == new.get("id")
    assert new.find("x14:dataBar", NS).get("gradient") == "0"
    assert new.findtext("x14:dataBar/x14:cfvo/xm:f", namespaces=NS) == "0"
    assert sheet.find(".//xm:sqref", NS).text == "C5:C13"


def test_names_lead_to_sheets() -> None:
    data = master()
    found = read_names(data)
    assert found.sheets == {"排名": "排名", "方案": "方案", "样式": "样式"}
    assert found.constants == {"_kaohe.格式": "1"}
    names = defined_names(data)
    assert names["_kaohe.排名.table", None] == "排名!$A$4:$E$13"
    assert names["_xlnm._FilterDatabase", "0"] == "排名!$A$4:$E$13"
    assert (names["_xlnm.Print_Area", "0"], names["_xlnm.Print_Area", "1"]) == (
        "排名!$A$1:$E$13",
        "方案!$A$1:$B$2",
    )


def test_the_specimen_is_hidden_behind_the_sheets() -> None:
    book = opened(master())
    assert book.sheetnames == ["排名", "方案", "样式"]
    assert (book["样式"].sheet_state, book.active.title) == ("hidden", "排名")
    selected = [sheet.title for sheet in book if sheet.sheet_view.tabSelected]
    assert selected == ["排名"]


def test_same_plan_same_bytes() -> None:
    assert master() == master()


@pytest.mark.parametrize(
    "change",
    [
        {"key": "两 词"},
        {"title": "a/b"},
        {"title": "名" * 32},
        {"title": "'x"},
        {"header_row": 9, "last_row": 4},
        {"last_row": 99},
        {"layout": Layout(merges=("A1:",))},
        {"layout": Layout(freeze="A1")},
        {"layout": Layout(footer="字" * 300)},
        {"layout": Layout(choices=(Choice("A1", ("长" * 100, "长" * 160)),))},
        {"layout": Layout(choices=(Choice("A1", ("甲,乙",)),))},
        {"layout": Layout(choices=(Choice("A1", prompt="字" * 256),))},
        {"layout": Layout(choices=(Choice("A1", prompt_title="字" * 33),))},
        {"layout": Layout(highlights=(Highlight("A", "formula", "TRUE", "bad"),))},
        {"layout": Layout(highlights=(Highlight("A1", "arrows"),))},
        {"layout": Layout(highlights=(Highlight("A1", "data_bar", colors=("绿",)),))},
        {"layout": Layout(highlights=(Highlight("A1", "color_scale", colors=("FFFFFF",)),))},
    ],
)
def test_plans_no_workbook_can_hold(change: dict[str, object]) -> None:
    with pytest.raises(BadPlan):
        made(dataclasses.replace(ranking(3), **change))  # type: ignore[arg-type]


def test_two_sheets_of_one_name() -> None:
    with pytest.raises(BadPlan):
        create(skeleton(), just(ranking(1), ranking(2, key="乙")))


def test_a_list_may_stand_on_a_sheet() -> None:
    plan = SheetPlan("甲", "甲", [[1]], (), layout=Layout(choices=(Choice("A1:A9", ("=单位!$A$2:$A$99",)),)))
    rule = opened(made(plan))["甲"].data_validations.dataValidation[0]
    assert (rule.type, rule.formula1, rule.showErrorMessage) == ("list", "单位!$A$2:$A$99", True)


def test_a_width_of_zero_hides_a_column() -> None:
    plan = SheetPlan("甲", "甲", [[1, 2]], (), widths=(10, 0))
    assert opened(made(plan))["甲"].column_dimensions["B"].hidden


@pytest.mark.soffice
def test_libreoffice_opens_it_and_computes_the_same(tmp_path: Path) -> None:
    (tmp_path / "m.xlsx").write_bytes(made(everything()))
    saved = recalculate(tmp_path / "m.xlsx", tmp_path / "saved").read_bytes()
    before, after = opened(made(everything()))["排名"], opened(saved)["排名"]
    assert [[cell.value for cell in row] for row in after] == [[cell.value for cell in row] for row in before]
    assert after.auto_filter.ref == before.auto_filter.ref
    assert {str(a.sqref) for a in after.conditional_formatting} == {"C5:C13", "A5:E13", "D5:D13"}


@pytest.mark.soffice
def test_awkward_texts_survive_libreoffice(tmp_path: Path) -> None:
    texts = ["=1+1", "+1", "@SUM(1)", " 前后 ", "一\n二", "<&>\"'", "_x0041_", "01", "TRUE", "1e5", "😀"]
    plan = SheetPlan("甲", "甲", [[text] for text in texts], ("text",))
    (tmp_path / "m.xlsx").write_bytes(made(plan))
    saved = recalculate(tmp_path / "m.xlsx", tmp_path / "saved").read_bytes()
    cells = [row[0] for row in opened(saved)["甲"].iter_rows(max_col=1)]
    assert [cell.data_type for cell in cells] == ["s"] * len(texts)
    assert [cell.value for cell in cells] == texts


def test_unused_parts_are_not_written() -> None:
    data = create(skeleton(), BookPlan((SheetPlan("甲", "甲", [[Cell(1)]], ()),)))
    assert not [name for name in parts(data) if "worksheets/_rels" in name]
