"""Charts of a plan: drawn once, brought up to date in every run, and otherwise the office's."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import openpyxl
import pytest
from lxml import etree

from kaohe.workbooks.package import BadPlan, create, patch, patch_bytes
from kaohe.workbooks.plan import BARS, Chart, Series, SheetPlan
from tests.package.books import allowed, defined_names, opened, outside, parts, rebuilt, sheet_xml, skeleton
from tests.package.charted import (
    SPACES,
    TITLE,
    cached,
    chart,
    charted,
    charted_master,
    charts_of,
    drawing_of,
    places,
    references,
)
from tests.package.plans import UNITS, just
from tests.package.test_newsheet import in_schema_order

ORDERS = {
    "chartSpace": "date1904 lang roundedCorners AlternateContent style clrMapOvr pivotFmts chart spPr txPr "
    "externalData printSettings userShapes extLst",
    "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly "
    "dispBlanksAs extLst",
    "title": "tx layout overlay spPr txPr extLst",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId extLst",
    "ser": "idx order tx spPr invertIfNegative pictureOptions dPt dLbls trendline errBars cat val shape "
    "extLst",
    "catAx": "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark "
    "minorTickMark tickLblPos spPr txPr crossAx crosses auto lblAlgn lblOffset noMultiLvlLbl extLst",
    "valAx": "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark "
    "minorTickMark tickLblPos spPr txPr crossAx crosses crossBetween majorUnit minorUnit dispUnits extLst",
    "legend": "legendPos legendEntry layout overlay spPr txPr extLst",
}
"""Children of the elements of a chart in the order of the schema (ECMA-376, dml-chart.xsd)."""


def again(data: bytes, *counts: int, **more: Any) -> bytes:
    return patch_bytes(data, just(charted(*counts, **more)))


def changed(data: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """The package with texts of a part exchanged, each wherever it stands."""
    text = parts(data)[part].decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return rebuilt({**parts(data), part: text.encode()})


def check_schema_order(tree: Any) -> None:
    for name, order in ORDERS.items():
        wanted = order.split()
        for node in tree.iter(f"{{{SPACES['c']}}}{name}"):
            if name == "chart" and node.getparent() is None:
                continue
            tags = [etree.QName(child).localname for child in node]
            assert [tag for tag in tags if tag not in wanted] == [], name
            assert [wanted.index(tag) for tag in tags] == sorted(wanted.index(tag) for tag in tags), name


def test_a_new_chart_shows_its_cells_also_without_a_program_that_reckons() -> None:
    tree = chart(charted_master(4), "kaohe:c1")
    assert references(tree) == ["图表!$B$1", "图表!$C$2", "图表!$B$3:$B$6", "图表!$C$3:$C$6"]
    assert cached(tree, "cat") == [list(UNITS[:4])]
    assert cached(tree, "val") == [["60", "61", "62", "63"]]
    assert cached(tree, "tx") == [["得分"]]
    assert tree.findtext("c:chart/c:title//c:v", namespaces=SPACES) == TITLE
    fonts = {node.get("typeface") for node in tree.iterfind(".//a:ea", SPACES)}
    assert fonts == {"宋体", "黑体"}
    check_schema_order(tree)


def test_cached_numbers_have_fifteen_digits_as_a_program_writes_them() -> None:
    plan = charted(2)
    rows = [[*row[:2], 98.6, *row[3:]] if row[2:3] == [60.0] else row for row in plan.rows]
    plan = dataclasses.replace(plan, rows=rows)
    for data in (patch_bytes(charted_master(2), just(plan)), create(skeleton(), just(plan))):
        assert cached(chart(data, "kaohe:c1"), "val") == [["98.6", "61"]]


def test_every_part_is_declared_and_reached() -> None:
    data = charted_master(4, 2, extra=True)
    types = etree.fromstring(parts(data)["[Content_Types].xml"])
    declared = {node.get("PartName", "").lstrip("/"): node.get("ContentType", "") for node in types}
    found = charts_of(data)
    assert list(found) == ["kaohe:c1", "kaohe:c2"]
    assert {declared[part].rsplit(".", 1)[1] for part in found.values()} == {"chart+xml"}
    assert declared[drawing_of(data)[0]].endswith("drawing+xml")
    assert in_schema_order(sheet_xml(data, "图表"))
    ids = [node.get("id") for node in drawing_of(data)[1].iterfind(".//xdr:cNvPr", SPACES)]
    assert len(set(ids)) == len(ids)


def test_another_reader_sees_the_charts() -> None:
    sheet = opened(charted_master(4, 2, extra=True))["图表"]
    assert [type(found) for found in sheet._charts] == [openpyxl.chart.BarChart] * 2
    assert [len(found.series) for found in sheet._charts] == [2, 2]
    assert sheet._charts[0].series[1].val.numRef.f == "图表!$D$3:$D$6"


@pytest.mark.parametrize("counts", [(4,), (9, 3), (1, 6), (4, 4, 4)])
def test_charts_follow_their_cells(counts: tuple[int, ...]) -> None:
    """Whatever stood there before: ranges, cached values and places are those of a new sheet."""
    direct = charted_master(*counts)
    for before in ((4, 4), (2,), (9, 1, 3)):
        found = again(charted_master(*before), *counts)
        assert set(charts_of(found)) == set(charts_of(direct))
        assert places(found) == places(direct)
        for name in charts_of(direct):
            assert references(chart(found, name)) == references(chart(direct, name))
            assert cached(chart(found, name), "val") == cached(chart(direct, name), "val")
            check_schema_order(chart(found, name))
        assert defined_names(found) == defined_names(direct)


def test_a_chart_without_cells_goes_with_all_its_parts() -> None:
    before = charted_master(4, 4)
    gone = charts_of(before)["kaohe:c2"]
    after = again(before, 4)
    assert gone not in parts(after)
    assert gone not in parts(after)["[Content_Types].xml"].decode()
    rels = [name for name in parts(after) if "drawings/_rels" in name]
    assert "chart2" not in parts(after)[rels[0]].decode()


def test_the_same_plan_again_gives_the_same_bytes() -> None:
    once = again(charted_master(4, 4), 9, 2)
    assert again(once, 9, 2) == once


def test_only_the_references_of_a_restyled_chart_change() -> None:
    before = charted_master(4)
    part = charts_of(before)["kaohe:c1"]
    office = changed(before, part, ("2F5D50", "FF0000"), ("宋体", "楷体"))
    after = parts(again(office, 9))[part].decode()
    assert "FF0000" in after
    assert "楷体" in after
    assert "2F5D50" not in after

    def bare(text: str) -> str:
        text = re.sub(r"<c:pt idx.*?</c:pt>|<c:ptCount[^>]*>", "", text)
        return re.sub(r"\$(\d+)", "$0", text)

    plain = etree.tostring(etree.fromstring(parts(office)[part]), method="c14n").decode()
    assert bare(etree.tostring(etree.fromstring(after.encode()), method="c14n").decode()) == bare(plain)


def test_a_title_the_office_typed_stays() -> None:
    typed = "<c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>{}</a:t></a:r></a:p></c:rich></c:tx>"
    before = charted_master(4)
    part = charts_of(before)["kaohe:c1"]
    linked = re.search(r"<c:title><c:tx>.*?</c:tx>", parts(before)[part].decode())
    assert linked is not None
    own = changed(before, part, (linked[0], f"<c:title>{typed.format('我们的标题')}"))
    assert "我们的标题" in parts(again(own, 4, title="新标题(分)"))[part].decode()
    saved = changed(before, part, (linked[0], f"<c:title>{typed.format(TITLE)}"))
    tree = chart(again(saved, 4, title="新标题(分)"), "kaohe:c1")
    assert tree.findtext("c:chart/c:title//c:f", namespaces=SPACES) == "图表!$B$1"
    assert tree.findtext("c:chart/c:title//c:v", namespaces=SPACES) == "新标题(分)"
    check_schema_order(tree)


def without(data: bytes, name: str) -> bytes:
    """As the office leaves it that deleted a chart."""
    part, tree = drawing_of(data)
    for anchor in list(tree):
        if anchor.find(".//xdr:cNvPr", SPACES).get("name") == name:
            tree.remove(anchor)
    gone = charts_of(data)[name]
    kept = {key: content for key, content in parts(data).items() if key != gone}
    return rebuilt({**kept, part: etree.tostring(tree)})


def test_a_deleted_chart_stays_deleted() -> None:
    office = without(charted_master(4, 4), "kaohe:c1")
    once = again(office, 9, 4)
    assert list(charts_of(once)) == ["kaohe:c2"]
    assert list(charts_of(again(once, 4, 4, 4))) == ["kaohe:c2", "kaohe:c3"]


def test_a_deleted_sheet_comes_back_with_all_charts() -> None:
    whole = charted_master(4, 4)
    names = parts(whole)["xl/workbook.xml"].decode()
    office = without(whole, "kaohe:c1")
    lost = re.sub(r"图表!\$A\$1<", "#REF!<", names).replace('name="图表"', 'name="别的"')
    found = again(rebuilt({**parts(office), "xl/workbook.xml": lost.encode()}), 4, 4)
    assert list(charts_of(found)) == ["kaohe:c1", "kaohe:c2"]


def test_a_moved_chart_stays_where_the_office_put_it() -> None:
    before = charted_master(4, 4)
    part, tree = drawing_of(before)
    for node in tree[1].iterfind("*/xdr:col", SPACES):
        node.text = str(int(node.text) + 9)
    office = rebuilt({**parts(before), part: etree.tostring(tree)})
    after = places(again(office, 9, 4))
    assert after["kaohe:c2"] == places(office)["kaohe:c2"]
    assert after["kaohe:c1"] == places(charted_master(9, 4))["kaohe:c1"]


def with_office_things(data: bytes) -> bytes:
    """The sheet with a picture and a chart of the office's beside ours."""
    part, tree = drawing_of(data)
    rels = part.replace("drawings/", "drawings/_rels/") + ".rels"
    copied = etree.fromstring(etree.tostring(tree[0]))
    copied.find(".//xdr:cNvPr", SPACES).set("name", "我们的图")
    copied.find(".//xdr:cNvPr", SPACES).set("id", "77")
    copied.find(".//c:chart", SPACES).set(f"{{{SPACES['r']}}}id", "rId77")
    tree.append(copied)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = f"{SPACES['r']}/chart"
    node = f'<Relationship xmlns="{space}" Id="rId77" Type="{kind}" Target="../charts/chart77.xml"/>'
    related = parts(data)[rels].decode().replace("</Relationships>", f"{node}</Relationships>")
    content = parts(data)[charts_of(data)["kaohe:c1"]].replace("图表!".encode(), "方案!".encode())
    types = parts(data)["[Content_Types].xml"].decode()
    kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    own = f'<Override PartName="/xl/charts/chart77.xml" ContentType="{kind}"/></Types>'
    return rebuilt(
        {
            **parts(data),
            part: etree.tostring(tree),
            rels: related.encode(),
            "[Content_Types].xml": types.replace("</Types>", own).encode(),
            "xl/charts/chart77.xml": content,
        }
    )


def test_the_offices_own_chart_is_not_touched() -> None:
    office = with_office_things(charted_master(4, 4))
    part, _ = drawing_of(office)
    ours = set(charts_of(office).values()) - {"xl/charts/chart77.xml"}
    rels = part.replace("drawings/", "drawings/_rels/") + ".rels"
    for counts in ((4, 4), (9, 2), (3,), (4, 4, 4)):
        after = again(office, *counts)
        assert outside(office, after, allowed(office, "图表") | ours | {part, rels}) == {}
        assert parts(after)["xl/charts/chart77.xml"] == parts(office)["xl/charts/chart77.xml"]
        assert places(after)["我们的图"] == places(office)["我们的图"]
        mine, theirs = (
            next(a for a in drawing_of(data)[1] if "我们的图" in etree.tostring(a, encoding="unicode"))
            for data in (after, office)
        )
        assert etree.tostring(mine, method="c14n") == etree.tostring(theirs, method="c14n")
    assert parts(again(office, 4, 4))[part] == parts(office)[part]


def test_other_rows_of_bars_than_before_are_drawn_anew_and_told() -> None:
    done = patch(charted_master(4), just(charted(4, extra=True)))
    assert len(cached(chart(done.data, "kaohe:c1"), "val")) == 2
    assert [note for note in done.notes if "重画" in note and TITLE in note]


def test_a_row_of_bars_the_office_added_leaves_the_rest_alone() -> None:
    """Ours are counted without it: while ours are all there they are brought up to date beside it."""
    before = charted_master(4)
    part = charts_of(before)["kaohe:c1"]
    row = re.search(r"<c:ser>.*</c:ser>", parts(before)[part].decode())
    assert row is not None
    theirs = row[0].replace("图表!", "方案!").replace('<c:order val="0"', '<c:order val="1"')
    office = changed(before, part, (row[0], row[0] + theirs))
    after = chart(again(office, 9), "kaohe:c1")
    assert references(after)[-3:] == ["方案!$C$2", "方案!$B$3:$B$6", "方案!$C$3:$C$6"]
    assert len(cached(after, "val")[0]) == 9
    done = patch(changed(before, part, (row[0], theirs)), just(charted(9)))
    assert [note for note in done.notes if "被改动" in note]
    assert "图表!$C" not in parts(done.data)[part].decode()


def test_a_renamed_sheet() -> None:
    before = charted_master(4)
    part = charts_of(before)["kaohe:c1"]
    book = parts(before)["xl/workbook.xml"].decode()
    book = book.replace('name="图表"', 'name="图 表"').replace("图表!", "'图 表'!")
    office = changed(before, part, ("图表!", "'图 表'!"))
    after = again(rebuilt({**parts(office), "xl/workbook.xml": book.encode()}), 9)
    assert references(chart(after, "kaohe:c1", "图 表"))[-1] == "'图 表'!$C$3:$C$11"


@pytest.mark.parametrize(
    "wrong",
    [
        Chart("c1", BARS, "A1", "A1:A3", (Series("B1", "B1:B2", "000000"),), "A1:F9"),
        Chart("c 1", BARS, "A1", "A1:A3", (Series("B1", "B1:B3", "000000"),), "A1:F9"),
        Chart("c1", BARS, "A1", "A:A", (Series("B1", "B1:B3", "000000"),), "A1:F9"),
        Chart("c1", BARS, "A1", "A1:A3", (), "A1:F9"),
    ],
)
def test_a_chart_no_workbook_can_hold(wrong: Chart) -> None:
    plan = SheetPlan("图表", "图表", [["甲", 1.0]], ("text", "score"), charts=(wrong,))
    with pytest.raises(BadPlan, match="图表"):
        patch_bytes(charted_master(4), just(plan))
