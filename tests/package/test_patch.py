"""Patching a master that exists: what the office put there stays, what covered our table follows it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import pytest
from lxml import etree

from kaohe.workbooks.package import PatchRefused, create, patch, patch_bytes, read_names
from kaohe.workbooks.plan import BookPlan, Cell, Layout, SheetPlan
from tests.package.books import (
    NS,
    OFFICE_TYPE,
    allowed,
    cell,
    defined_names,
    edited,
    master,
    opened,
    outside,
    parts,
    rebuilt,
    sheet_part,
    sheet_xml,
    skeleton,
    with_part,
)
from tests.package.plans import just, ranking
from tests.package.test_newsheet import in_schema_order

RANKING = "xl/worksheets/sheet2.xml"
LAST = "</row></sheetData>"


def patched(data: bytes, count: int) -> bytes:
    return patch_bytes(data, just(ranking(count)))


@pytest.mark.parametrize("count", [12, 9, 4, 1, 0])
def test_as_if_it_had_been_made_so(count: int) -> None:
    """Growing and shrinking leaves the very sheet that a new master with so many units has."""
    one_by_one = patched(patched(patched(master(9), 12), 2), count)
    direct = master(count)
    assert etree.tostring(sheet_xml(one_by_one, "排名"), method="c14n") == etree.tostring(
        sheet_xml(direct, "排名"), method="c14n"
    )
    assert defined_names(one_by_one) == defined_names(direct)
    assert in_schema_order(sheet_xml(one_by_one, "排名"))


def test_nothing_else_changes() -> None:
    before = master()
    assert outside(before, patched(before, 12), allowed(before, "排名")) == {}


def test_the_same_plan_again_gives_the_same_bytes() -> None:
    once = patched(master(), 12)
    assert patched(once, 12) == once


def test_formulas_are_computed_when_it_is_opened() -> None:
    workbook = etree.fromstring(parts(patched(master(), 3))["xl/workbook.xml"])
    assert workbook.find("m:calcPr", NS).get("fullCalcOnLoad") == "1"


def with_calc_chain(data: bytes) -> bytes:
    """The order of calculation as Excel keeps it in a part of its own."""
    chain = f'<calcChain xmlns="{NS["m"]}"><c r="D5" i="2"/></calcChain>'.encode()
    rel = ("rId77", "calcChain", "calcChain.xml")
    return with_part(data, "xl/workbook.xml", rel, "xl/calcChain.xml", chain, f"{OFFICE_TYPE}.calcChain+xml")


def test_the_order_of_calculation_is_dropped() -> None:
    after = parts(patched(with_calc_chain(master()), 3))
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after["xl/_rels/workbook.xml.rels"] + after["[Content_Types].xml"]


def test_notes_beside_the_table_stay_where_they_are() -> None:
    note = '<c r="G5" s="3" t="inlineStr"><is><t>请复核</t></is></c>'
    formula = '<c r="H13"><f>C13*2</f><v>1</v></c>'
    with_notes = edited(
        master(), RANKING, ('</c></row><row r="6">', f'</c>{note}</row><row r="6">'), (LAST, formula + LAST)
    )
    for count in (12, 3):
        after = patched(with_notes, count)
        assert note.encode() in parts(after)[RANKING]
        assert cell(after, "排名", "H13").findtext("m:f", namespaces=NS) == "C13*2"
        assert sheet_xml(after, "排名").find("m:dimension", NS).get("ref").startswith("A1:H")


def test_rows_under_the_table_stay_until_the_table_reaches_them() -> None:
    under = '</row><row r="20" ht="40" customHeight="1"><c r="B20"><v>7</v></c></row></sheetData>'
    data = edited(master(), RANKING, (LAST, under))
    kept = patched(data, 12)
    assert opened(kept)["排名"]["B20"].value == 7
    assert opened(kept)["排名"].row_dimensions[20].height == 40
    with pytest.raises(PatchRefused, match="B20"):
        patched(data, 16)


def test_blank_cells_in_the_way_are_written_over() -> None:
    data = edited(master(), RANKING, (LAST, '</row><row r="14"><c r="A14" s="3"/></row></sheetData>'))
    assert opened(patched(data, 12))["排名"]["A14"].value == 10


def test_a_note_where_the_table_grows_to_is_not_overwritten() -> None:
    wide = dataclasses.replace(ranking(9), roles=("rank", "text", "score", "percent", "link", "text"))
    data = edited(master(), RANKING, (LAST, '<c r="F13"><v>1</v></c>' + LAST))
    with pytest.raises(PatchRefused, match="F13") as caught:
        patch_bytes(data, just(wide))
    assert "更右边的列" in caught.value.remedy


def test_office_formats_on_our_table_follow_and_others_stay() -> None:
    rule = '<cfRule type="expression" priority="9"><formula>TRUE</formula></cfRule>'
    data = edited(
        master(),
        RANKING,
        (
            "<dataValidations",
            f'<conditionalFormatting sqref="B5:B13 H1:H13">{rule}</conditionalFormatting>'
            f'<conditionalFormatting sqref="B6:B9">{rule}</conditionalFormatting><dataValidations',
        ),
    )
    areas = {str(area.sqref) for area in opened(patched(data, 12))["排名"].conditional_formatting}
    assert areas >= {"B5:B16 H1:H13", "B6:B9", "C5:C16"}


def test_office_names_follow_the_table() -> None:
    names = '<definedName name="得分区">排名!$C$5:$C$13</definedName><definedName name="另区">排名!$C$5:$C$9'
    data = edited(master(), "xl/workbook.xml", ("</definedNames>", f"{names}</definedName></definedNames>"))
    found = defined_names(patched(data, 12))
    assert (found["得分区", None], found["另区", None]) == ("排名!$C$5:$C$16", "排名!$C$5:$C$9")


def test_the_office_keeps_its_look() -> None:
    data = edited(
        master(),
        RANKING,
        ('<col min="2" max="2" width="16"', '<col min="2" max="2" width="33"'),
        ('orientation="landscape"', 'orientation="portrait"'),
        ('<pageMargins left="0.5"', '<pageMargins left="1.5"'),
    )
    sheet = opened(patched(data, 12))["排名"]
    assert (sheet.column_dimensions["B"].width, sheet.page_setup.orientation) == (33, "portrait")
    assert sheet.page_margins.left == 1.5


def test_columns_that_are_new_get_the_plan_s_width() -> None:
    plan = ranking(9)
    wide = dataclasses.replace(plan, roles=(*plan.roles, "text"), widths=(1, 1, 1, 1, 1, 44))
    sheet = opened(patch_bytes(master(), just(wide)))["排名"]
    assert [sheet.column_dimensions[letter].width for letter in "ABF"] == [8, 16, 44]


def test_a_heading_that_moved_down_takes_the_print_titles_along() -> None:
    plan = ranking(9)
    lower = dataclasses.replace(plan, rows=[["新的一行"], *plan.rows], header_row=5, layout=Layout())
    names = defined_names(patch_bytes(master(), just(lower)))
    assert names["_xlnm.Print_Titles", "0"] == "排名!$1:$5"
    assert names["_xlnm._FilterDatabase", "0"] == "排名!$A$5:$E$14"


def test_filter_criteria_go_because_all_rows_are_shown() -> None:
    criteria = '<autoFilter ref="A4:E13"><filterColumn colId="1"><filters><filter val="甲"/></filters>'
    data = edited(
        master(),
        RANKING,
        ('<autoFilter ref="A4:E13"/>', f"{criteria}</filterColumn></autoFilter>"),
        ('<row r="6">', '<row r="6" hidden="1">'),
        ("<sheetPr>", '<sheetPr filterMode="1">'),
    )
    sheet = sheet_xml(patched(data, 12), "排名")
    assert (sheet.find("m:autoFilter", NS).get("ref"), len(sheet.find("m:autoFilter", NS))) == ("A4:E16", 0)
    assert sheet.find("m:sheetPr", NS).get("filterMode") is None
    assert sheet.findall("m:sheetData/m:row[@hidden]", NS) == []


def test_merges() -> None:
    own = '<mergeCell ref="A1:E1"/><mergeCell ref="G1:H2"/>'
    data = edited(master(), RANKING, ('<mergeCell ref="A1:E1"/>', own))
    assert {str(area) for area in opened(patched(data, 12))["排名"].merged_cells.ranges} == {"A1:E1", "G1:H2"}
    wider = edited(master(), RANKING, ('<mergeCell ref="A1:E1"/>', '<mergeCell ref="A1:G1"/>'))
    assert {str(area) for area in opened(patched(wider, 12))["排名"].merged_cells.ranges} == {"A1:G1"}
    across = edited(
        master(), RANKING, ('<mergeCell ref="A1:E1"/>', '<mergeCell ref="A1:E1"/><mergeCell ref="E6:F7"/>')
    )
    with pytest.raises(PatchRefused, match="E6:F7"):
        patched(across, 12)


def test_links_are_exchanged_and_the_office_keeps_its_own() -> None:
    data = edited(
        master(),
        RANKING,
        ("</hyperlinks>", '<hyperlink ref="G9" r:id="rId9"/></hyperlinks>'),
        ('<c r="A9" s', '<c r="A9"  s'),
    )
    rels = RANKING.replace("worksheets/", "worksheets/_rels/") + ".rels"
    own = f'<Relationship Id="rId9" Type="{NS["r"]}/hyperlink" Target="http://e.cn/" TargetMode="External"/>'
    data = edited(data, rels, ("</Relationships>", f"{own}</Relationships>"))
    after = patched(data, 2)
    links = {link.get("ref"): link for link in sheet_xml(after, "排名").iter(f"{{{NS['m']}}}hyperlink")}
    assert set(links) == {"G9", "E5", "E6"}
    targets = {rel.get("Id"): rel.get("Target") for rel in etree.fromstring(parts(after)[rels])}
    assert targets[links["G9"].get(f"{{{NS['r']}}}id")] == "http://e.cn/"
    assert len(targets) == 2


def test_a_renamed_sheet_is_found() -> None:
    text = parts(master())["xl/workbook.xml"].decode()
    renamed = rebuilt({**parts(master()), "xl/workbook.xml": text.replace("排名!", "'得分 榜'!").replace(
        '<sheet name="排名"', '<sheet name="得分 榜"'
    ).encode()})  # fmt: skip
    after = patched(renamed, 12)
    assert read_names(after).sheets["排名"] == "得分 榜"
    assert opened(after)["得分 榜"]["A16"].value == 12
    assert defined_names(after)["_xlnm.Print_Area", "0"] == "'得分 榜'!$A$1:$E$16"


def test_a_deleted_sheet_is_made_again_behind_the_others() -> None:
    one = create(skeleton(), just(SheetPlan("甲", "甲", [[1]], ())))
    name = '<definedName name="_kaohe.排名" hidden="1">#REF!$A$1</definedName></definedNames>'
    data = edited(one, "xl/workbook.xml", ("</definedNames>", name))
    assert "排名" not in read_names(data).sheets
    after = patched(data, 3)
    assert opened(after).sheetnames == ["甲", "样式", "排名"]
    assert read_names(after).sheets["排名"] == "排名"


def test_a_copied_sheet_is_not_ours() -> None:
    local = '<definedName name="_kaohe.排名" localSheetId="1" hidden="1">方案!$A$1</definedName>'
    data = edited(master(), "xl/workbook.xml", ("<definedNames>", f"<definedNames>{local}"))
    assert read_names(data).sheets["排名"] == "排名"
    assert opened(patched(data, 12))["方案"]["A1"].value == "年度"


def test_a_sheet_of_the_office_with_our_title_is_left_alone() -> None:
    with pytest.raises(PatchRefused, match="方案"):
        patch_bytes(master(), just(SheetPlan("新", "方案", [[1]], ())))


def test_new_sheets_come_behind_the_office_s() -> None:
    after = patch_bytes(
        master(), just(ranking(3), SheetPlan("乙", "乙", [[1]], ()), SheetPlan("甲", "甲", [[1]], ()))
    )
    assert opened(after).sheetnames == ["排名", "方案", "样式", "乙", "甲"]


SHIFTED = {"right": ("E", "D"), "left": ("C", "D", "E")}
"""Columns of ours that move when the office inserts one before D, or takes C out; in the order of moving."""


def renamed_columns(text: str, columns: Sequence[str], by: int) -> str:
    for column in columns:
        text = re.sub(rf'r="{column}(\d+)"', rf'r="{chr(ord(column) + by)}\1"', text)
    return text


def with_inserted_column(data: bytes, heading: str = "") -> bytes:
    """A column D of the office's own inside our table; Excel widens the names that reach over it."""
    sheet = renamed_columns(parts(data)[RANKING].decode(), SHIFTED["right"], 1)
    if heading:
        own = f'<c r="D4" t="inlineStr"><is><t>{heading}</t></is></c><c r="E4"'
        sheet = sheet.replace('<c r="E4"', own)
    names = parts(data)["xl/workbook.xml"].decode().replace("$E$13", "$F$13")
    return rebuilt({**parts(data), RANKING: sheet.encode(), "xl/workbook.xml": names.encode()})


def without_column(data: bytes, column: str) -> bytes:
    """The office took a column out of our table."""
    sheet = re.sub(rf'<c r="{column}\d+"(?:[^>]*/>|.*?</c>)', "", parts(data)[RANKING].decode())
    behind = [letter for letter in SHIFTED["left"] if letter > column]
    names = parts(data)["xl/workbook.xml"].decode().replace("$E$13", "$D$13")
    moved = renamed_columns(sheet, behind, -1).encode()
    return rebuilt({**parts(data), RANKING: moved, "xl/workbook.xml": names.encode()})


def without_width(data: bytes) -> bytes:
    """A master of the time when the number of our columns was not noted."""
    name = '<definedName name="_kaohe.排名.width" hidden="1">5</definedName>'
    return edited(data, "xl/workbook.xml", (name, ""))


@pytest.mark.parametrize(("heading", "shown"), [("考核办备注", "D“考核办备注”"), ("", "D“(无标题)”")])
def test_a_column_that_was_inserted_into_ours_is_not_wiped(heading: str, shown: str) -> None:
    with pytest.raises(PatchRefused, match="排名") as caught:
        patched(with_inserted_column(master(), heading), 12)
    assert shown in caught.value.reason
    assert "移到表格右边" in caught.value.remedy


def test_a_column_before_ours_is_not_wiped_either() -> None:
    sheet = renamed_columns(parts(master())[RANKING].decode(), "EDCBA", 1)
    names = parts(master())["xl/workbook.xml"].decode().replace("$A$", "$B$").replace("$E$", "$F$")
    data = rebuilt({**parts(master()), RANKING: sheet.encode(), "xl/workbook.xml": names.encode()})
    with pytest.raises(PatchRefused, match="A“") as caught:
        patched(data, 12)
    assert "插入" in caught.value.reason


def test_an_older_master_with_an_inserted_column_is_taken_as_it_is() -> None:
    """Excel widens the name that says how far we wrote; without another, all of that is ours."""
    sheet = opened(patched(without_width(with_inserted_column(master())), 9))["排名"]
    assert [value.value for value in sheet[5]] == [1, "梁溪区", 69, "=ROUND(C5/100,4)", "打开"]


def test_a_column_that_was_taken_out_of_ours() -> None:
    """The office's formulas point to other columns now; put back, if only an empty one, all is as before."""
    with pytest.raises(PatchRefused, match="“单位”") as caught:
        patched(without_column(master(), "B"), 12)
    assert "恢复" in caught.value.remedy


def test_a_last_column_that_was_taken_out_comes_back() -> None:
    """Nothing stood behind it that could have moved."""
    data = without_column(master(), "E")
    assert opened(data)["排名"]["E4"].value is None
    assert opened(patched(data, 12))["排名"]["E4"].value == "来源"


@pytest.mark.parametrize("noted", ["4", "6"])
def test_a_number_of_columns_that_is_out_of_date(noted: str) -> None:
    """A table that has just the plan's columns is ours, whoever wrote it and whatever was noted before."""
    name = '<definedName name="_kaohe.排名.width" hidden="1">'
    data = edited(master(), "xl/workbook.xml", (f"{name}5<", f"{name}{noted}<"))
    assert parts(patched(data, 12)) == parts(patched(master(), 12))


def test_our_own_columns_may_become_more_and_fewer() -> None:
    plan = ranking(9)
    rows = [[*row, "新"] if n >= 4 else row for n, row in enumerate(plan.rows, 1)]
    wide = dataclasses.replace(plan, rows=rows, roles=(*plan.roles, "text"))
    once = patch_bytes(master(), just(wide))
    assert (defined_names(once)["_kaohe.排名.width", None], opened(once)["排名"]["F13"].value) == ("6", "新")
    back = patched(once, 12)
    assert (defined_names(back)["_kaohe.排名.width", None], opened(back)["排名"]["F13"].value) == ("5", None)
    with pytest.raises(PatchRefused, match="插入"):
        patch_bytes(with_inserted_column(master()), just(wide))


def test_rows_inserted_above_and_inside_are_taken_in() -> None:
    """Names grow downwards with the office's rows; the table is written from where it belongs."""
    names = parts(master())["xl/workbook.xml"].decode().replace("$E$13", "$E$15").replace("$A$4:", "$A$5:")
    data = rebuilt({**parts(master()), "xl/workbook.xml": names.encode()})
    assert opened(patched(data, 12))["排名"]["A16"].value == 12


def test_the_front_sheet_changes_only_between_our_own() -> None:
    front = BookPlan((ranking(9), SheetPlan("乙", "乙", [[1]], ("text",))), active="乙")
    both = opened(patch_bytes(master(), front))
    assert (both.active.title, [s.title for s in both if s.sheet_view.tabSelected]) == ("乙", ["乙"])
    elsewhere = edited(
        edited(master(), RANKING, (' tabSelected="1"', "")),
        "xl/workbook.xml",
        ('activeTab="0"', 'activeTab="1"'),
    )
    assert opened(patch_bytes(elsewhere, front)).active.title == "方案"


def table_over_ours(data: bytes, extra: str = "", second: str = "单位") -> bytes:
    """The office made an Excel table of A4:E13."""
    heads = ("名次", second, "得分", "得分率", "来源")
    columns = "".join(f'<tableColumn id="{n}" name="{text}"/>' for n, text in enumerate(heads, 1))
    table = (
        f'<table xmlns="{NS["m"]}" id="1" name="表1" displayName="表1" ref="A4:E13"{extra}>'
        f'<autoFilter ref="A4:E13"/><tableColumns count="5">{columns}</tableColumns></table>'
    )
    rel = ("rId88", "table", "../tables/table1.xml")
    data = with_part(data, RANKING, rel, "xl/tables/table1.xml", table.encode(), f"{OFFICE_TYPE}.table+xml")
    part = '<tableParts count="1"><tablePart r:id="rId88"/></tableParts>'
    return edited(
        data,
        RANKING,
        ('<autoFilter ref="A4:E13"/>', ""),
        ("</ignoredErrors>", f"</ignoredErrors>{part}"),
    )


def test_an_excel_table_over_ours_follows() -> None:
    data = table_over_ours(master())
    after = patched(data, 12)
    table = opened(after)["排名"].tables["表1"]
    assert (table.ref, table.autoFilter.ref) == ("A4:E16", "A4:E16")
    assert outside(data, after, allowed(data, "排名") | {"xl/tables/table1.xml"}) == {}


@pytest.mark.parametrize(
    ("extra", "second", "word"), [(' totalsRowCount="1"', "单位", "汇总行"), ("", "区县", "列标题")]
)
def test_excel_tables_that_cannot_follow(extra: str, second: str, word: str) -> None:
    with pytest.raises(PatchRefused, match=word):
        patched(table_over_ours(master(), extra, second), 12)


ACROSS = (LAST, '<c r="G13"><f t="array" ref="E12:G13">A1</f><v>1</v></c></row></sheetData>')
ORPHAN = (LAST, '<c r="G13"><f t="shared" si="0"/><v>1</v></c></row></sheetData>')
REFUSED = {
    "array_formula": (RANKING, (ACROSS,), "数组公式"),
    "data_table": (RANKING, ((ACROSS[0], ACROSS[1].replace("array", "dataTable")),), "数组公式"),
    "shared_formula": (RANKING, (ORPHAN,), "填充公式"),
    "comment": (RANKING, (("<sheetData>", "<!-- x --><sheetData>"),), "写法"),
    "cut": (RANKING, (("</sheetData>", ""),), "不完整"),
    "no_row_number": (RANKING, (('<row r="6">', '<row><c r="G6"><v>1</v></c></row><row r="6">'),), "行号"),
    "no_address": (RANKING, (("</row></sheetData>", "<c><v>1</v></c></row></sheetData>"),), "地址"),
    "broken": (RANKING, (("<cols>", "<cols"),), "损坏"),
    "doctype": ("xl/workbook.xml", (("<workbook ", "<!DOCTYPE x><workbook "),), "DOCTYPE"),
    "strict": (
        "xl/workbook.xml",
        (('<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
          '<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'),),
        "Strict",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_refused(kind: str) -> None:
    part, changes, word = REFUSED[kind]
    with pytest.raises(PatchRefused, match=word) as caught:
        patched(edited(master(), part, *changes), 12)
    assert caught.value.remedy


def test_a_prefixed_sheet_is_refused() -> None:
    sheet = etree.fromstring(parts(master())[RANKING])
    renamed = (
        etree.tostring(sheet)
        .decode()
        .replace("<", "<s:")
        .replace("<s:/", "</s:")
        .replace("xmlns=", "xmlns:s=")
    )
    with pytest.raises(PatchRefused, match="写法"):
        patched(rebuilt({**parts(master()), RANKING: renamed.encode()}), 12)


@pytest.mark.parametrize(
    ("part", "word"), [("_xmlsignatures/origin.sigs", "签名"), ("xl/revisions/revisionHeaders.xml", "共享")]
)
def test_packages_that_a_change_would_break(part: str, word: str) -> None:
    with pytest.raises(PatchRefused, match=word):
        patched(rebuilt({**parts(master()), part: b"<x/>"}), 12)


def test_a_master_without_specimen() -> None:
    bare = edited(master(), "xl/workbook.xml", ('name="_kaohe.样式"', 'name="x"'))
    with pytest.raises(PatchRefused, match="样式"):
        patched(bare, 12)
    after = patch_bytes(bare, just(SheetPlan("甲", "甲", [[Cell(1, "score")]], ("text",))), styled=False)
    assert cell(after, "甲", "A1").get("s") is None


def test_what_the_office_should_know() -> None:
    long = SheetPlan("甲", "甲", [["字" * 40_000]], ("text",))
    notes = patch(master(), just(long)).notes
    assert len(notes) == 1
    assert "甲" in notes[0]
    assert "截断" in notes[0]


def test_more_links_than_a_sheet_can_hold() -> None:
    rows = [[Cell("见", link="#甲!A1")] for _ in range(65_531)]
    result = patch(master(), just(SheetPlan("甲", "甲", rows, ("link",))))
    assert "65531" in result.notes[0]
    assert parts(result.data)[sheet_part(result.data, "甲")].count(b"<hyperlink ") == 65_530


def test_one_address_one_relationship() -> None:
    rows = [[Cell("见", link="回收/甲.xlsx#表!A1")] for _ in range(30)]
    data = patch_bytes(master(), just(SheetPlan("甲", "甲", rows, ("link",))))
    rels = sheet_part(data, "甲").replace("worksheets/", "worksheets/_rels/") + ".rels"
    assert parts(data)[rels].count(b"<Relationship ") == 1
