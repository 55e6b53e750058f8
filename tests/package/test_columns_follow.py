"""When the product's columns change, what hangs on them goes along with their headings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.issue import issue
from kaohe.jobs.new import new_master
from kaohe.jobs.schemes import scheme_tables
from kaohe.sheets.scheme_tables import table_sheet
from kaohe.tables import SPECS, Table
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.package import PatchRefused, create, patch, patch_bytes
from kaohe.workbooks.package.colmap import match
from kaohe.workbooks.plan import BookPlan, Cell, CellLike, Choice, Highlight, Layout, SheetPlan
from tests.package.books import NS, defined_names, edited, opened, sheet_part, sheet_xml, skeleton
from tests.package.plans import just
from tests.support.libreoffice import recalculate

WIDTHS = {"单位": 14.0, "总分": 12.0, "等次": 9.0, "未舍入总分": 0.0, "扣分": 11.0, "备注": 29.0}
PLAIN = ("单位", "总分", "经济", "扣分", "备注")


def clock() -> dt.datetime:
    """The time of every run."""
    return dt.datetime(2007, 7, 20, 9, 0, 0)


def plan(titles: Sequence[str], units: int = 4) -> SheetPlan:
    """A ranking with those columns: bars on 总分 and 扣分, 等次 green, whole rows red where 扣分 is high."""
    letter = {title: column_letter(n) for n, title in enumerate(titles, start=1)}
    last = 4 + units
    end = letter[titles[-1]]
    heat = [title for title in titles if title.endswith("区")]
    wanted = [
        Highlight(f"{letter['总分']}5:{letter['总分']}{last}", "data_bar", colors=("9DC3E6",)),
        Highlight(f"{letter['扣分']}5:{letter['扣分']}{last}", "data_bar", colors=("F4B183",)),
        Highlight(f"A5:{end}{last}", "formula", f"${letter['扣分']}5>90", "bad"),
    ]
    if "等次" in letter:
        own = letter["等次"]
        wanted.append(Highlight(f"{own}5:{own}{last}", "formula", f'${own}5="优秀"', "good"))
    if heat:
        area = f"{letter[heat[0]]}5:{letter[heat[-1]]}{last}"
        wanted.append(Highlight(area, "color_scale", colors=("FFFFFF", "F8696B")))
    head: list[Sequence[Cell | str | float | None]] = [
        [Cell(text, "title"), *[None] * (len(titles) - 1)] for text in ("排名", "说明", "版本")
    ]
    body = [[f"县{n}" if title == "单位" else float(n) for title in titles] for n in range(units)]
    return SheetPlan(
        key="排名",
        title="排名",
        rows=[*head, [Cell(title, "header") for title in titles], *body],
        roles=("text", *["score"] * (len(titles) - 1)),
        widths=tuple(WIDTHS.get(title, 10.0) for title in titles),
        header_row=4,
        autofilter=True,
        layout=Layout(
            freeze="B5",
            repeat_rows="4:4",
            merges=tuple(f"A{row}:{end}{row}" for row in (1, 2, 3)),
            highlights=tuple(wanted),
            choices=(Choice(f"{letter['等次']}5:{letter['等次']}{last}", ("优秀", "合格")),)
            if "等次" in letter
            else (),
        ),
        row_key=1,
    )


def made(*titles: str, units: int = 4) -> bytes:
    """A master with a ranking of those columns."""
    return create(skeleton(), just(plan(titles or PLAIN, units)))


def sizes(data: bytes, sheet: str = "排名") -> dict[int, tuple[float, bool]]:
    """(width, whether hidden) by column."""
    found = {}
    for node in sheet_xml(data, sheet).iterfind("m:cols/m:col", NS):
        for number in range(int(node.get("min")), min(int(node.get("max")), 60) + 1):
            found[number] = (round_half(node.get("width")), node.get("hidden") in ("1", "true"))
    return found


def round_half(text: str) -> float:
    """A width without what a program adds to it for the edges of the cell."""
    return int(float(text) * 2) / 2


def colours(data: bytes, sheet: str = "排名") -> list[tuple[str, str, str]]:
    """(range, kind, formula) of every conditional format, in order of the ranges."""
    return sorted(
        (node.get("sqref"), rule.get("type"), rule.findtext("m:formula", "", NS))
        for node in sheet_xml(data, sheet).iterfind("m:conditionalFormatting", NS)
        for rule in node.iterfind("m:cfRule", NS)
    )


def bars(data: bytes) -> list[str]:
    """Ranges of the bars' newer halves; every one belongs to a bar that is there."""
    root = sheet_xml(data, "排名")
    tied = {node.text for node in root.iter(f"{{{NS['x14']}}}id")}
    nodes = [n for n in root.iter(f"{{{NS['x14']}}}cfRule") if n.get("type") == "dataBar"]
    assert {node.get("id") for node in nodes} == tied
    return sorted(node.getparent().findtext(f"{{{NS['xm']}}}sqref") for node in nodes)


def shell(data: bytes, sheet: str) -> str:
    """The sheet without its rows."""
    root = sheet_xml(data, sheet)
    rows = root.find("m:sheetData", NS)
    for row in list(rows):
        rows.remove(row)
    return str(etree.tostring(root, encoding="unicode"))


def same_as_new(data: bytes, *titles: str, units: int = 4) -> None:
    """The sheet looks as one made with those columns."""
    fresh = made(*titles, units=units)
    assert sizes(data) == sizes(fresh)
    assert colours(data) == colours(fresh)
    assert bars(data) == bars(fresh)
    merges = [node.get("ref") for node in sheet_xml(data, "排名").iter(f"{{{NS['m']}}}mergeCell")]
    assert sorted(merges) == [f"A{row}:{column_letter(len(titles))}{row}" for row in (1, 2, 3)]
    assert defined_names(data) == defined_names(fresh)
    for tag in ("autoFilter", "sheetViews", "dataValidations"):
        one, other = (sheet_xml(book, "排名").find(f"m:{tag}", NS) for book in (data, fresh))
        assert (one is None) == (other is None), tag
        if one is not None:
            assert etree.tostring(one) == etree.tostring(other), tag


CHANGES = {
    "a part added": (PLAIN, ("单位", "总分", "经济", "社会", "扣分", "备注")),
    "two parts removed": (("单位", "总分", "经济", "社会", "生态", "扣分", "备注"), PLAIN),
    "等次 comes later": (PLAIN, ("单位", "总分", "等次", "经济", "扣分", "备注")),
    "等次 goes": (("单位", "总分", "等次", "经济", "扣分", "备注"), PLAIN),
    "a hidden column appears": (PLAIN, ("单位", "总分", "经济", "未舍入总分", "扣分", "备注")),
    "hidden columns behind the last": (PLAIN, (*PLAIN, "未舍入总分")),
    "units side by side": (
        ("单位", "总分", "扣分", "东区", "西区"),
        ("单位", "总分", "扣分", "东区", "北区", "西区"),
    ),
    "a unit at the end": (("单位", "总分", "扣分", "东区"), ("单位", "总分", "扣分", "东区", "西区", "北区")),
    "the first units": (("单位", "总分", "扣分"), ("单位", "总分", "扣分", "东区", "西区")),
    "units gone": (("单位", "总分", "扣分", "东区", "西区", "北区"), ("单位", "总分", "扣分", "西区")),
    "all at once": (
        PLAIN,
        ("单位", "等次", "总分", "社会", "经济", "未舍入总分", "扣分", "加分", "备注", "定等序"),
    ),
}


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("units", [4, 7, 2])
def test_a_changed_table_looks_like_a_new_one(case: str, units: int) -> None:
    before, after = CHANGES[case]
    changed = patch(made(*before), just(plan(after, units)))
    same_as_new(changed.data, *after, units=units)
    again = patch_bytes(changed.data, just(plan(after, units)))
    assert shell(again, "排名") == shell(changed.data, "排名")
    back = patch_bytes(again, just(plan(before)))
    same_as_new(back, *before)


@pytest.mark.soffice
@pytest.mark.parametrize("case", ["all at once", "a unit at the end", "等次 goes"])
def test_libreoffice_saved_in_between(case: str, tmp_path: Path) -> None:
    before, after = CHANGES[case]
    (tmp_path / "总表.xlsx").write_bytes(made(*before))
    saved = recalculate(tmp_path / "总表.xlsx", tmp_path / "saved").read_bytes()
    data, fresh = patch_bytes(saved, just(plan(after))), made(*after)
    assert {n: size for n, size in sizes(data).items() if n <= len(after)} == sizes(fresh)
    assert [(ref, kind) for ref, kind, _ in colours(data)] == [(ref, kind) for ref, kind, _ in colours(fresh)]
    assert bars(data) == bars(fresh)
    (tmp_path / "总表.xlsx").write_bytes(data)
    twice = patch_bytes(
        recalculate(tmp_path / "总表.xlsx", tmp_path / "saved").read_bytes(), just(plan(before))
    )
    assert [c[:2] for c in colours(twice)] == [c[:2] for c in colours(made(*before))]


OFFICE_RULE = (
    '<conditionalFormatting sqref="{0}"><cfRule type="expression" priority="77">'
    "<formula>{1}</formula></cfRule></conditionalFormatting>"
)


def office(data: bytes, *changes: tuple[str, str]) -> bytes:
    """The ranking edited by hand."""
    return edited(data, sheet_part(data, "排名"), *changes)


def ruled(area: str, formula: str) -> tuple[str, str]:
    """A conditional format of the office's, in front of the product's first."""
    first = '<conditionalFormatting sqref="B5:B8"><cfRule type="dataBar"'
    return first, OFFICE_RULE.format(area, formula) + first


def test_the_office_s_widths_and_rules_go_with_their_columns() -> None:
    """单位 widened, 扣分 hidden, two own columns at the right with a filter and a rule."""
    before = office(
        made(),
        ('<col min="1" max="1" width="14.0"', '<col min="1" max="1" width="33.0"'),
        (
            '<col min="4" max="4" width="11.0" customWidth="1"/>',
            '<col min="4" max="4" width="6.0" hidden="1"/>',
        ),
        ("</cols>", '<col min="8" max="9" width="44" customWidth="1"/></cols>'),
        ruled("H5:I8 D5:D8", "AND($D5&gt;3,H5=&quot;查&quot;)".replace("&quot;", '"')),
        ('<autoFilter ref="A4:E8"/>', '<autoFilter ref="A4:I8"/>'),
    )
    own = (
        '<c r="H5" t="inlineStr"><is><t>查</t></is></c><c r="I5"><f>D5*2+$B5</f><v>0</v></c></row><row r="6"'
    )
    before = office(before, ('</row><row r="6"', own))
    done = patch(before, just(plan(("单位", "等次", "总分", "经济", "扣分", "备注"))))
    found = sizes(done.data)
    assert found[1] == (33.0, False)
    assert found[5] == (6.0, True)
    assert (found[2], found[3], found[6]) == ((9.0, False), (12.0, False), (29.0, False))
    assert 7 not in found
    assert (found[8], found[9]) == ((44.0, False), (44.0, False))
    assert ("H5:I8 E5:E8", "expression", 'AND($E5>3,H5="查")') in colours(done.data)
    root = sheet_xml(done.data, "排名")
    assert root.find("m:autoFilter", NS).get("ref") == "A4:I8"
    assert root.findtext(".//m:c[@r='I5']/m:f", "", NS) == "E5*2+$C5"
    assert done.notes == ()


def test_what_covers_only_a_column_that_is_gone_is_told() -> None:
    before = office(
        made("单位", "总分", "经济", "扣分", "备注"),
        ruled("C5:C8", "C5=0"),
    )
    done = patch(before, just(plan(("单位", "总分", "扣分", "备注"))))
    assert colours(done.data) == colours(made("单位", "总分", "扣分", "备注"))
    assert done.notes == ("工作表“排名”已没有列“经济”,只用于这些列或引用它们的条件格式已随之去掉。",)


def test_a_rule_over_others_as_well_stays_on_those() -> None:
    done = patch_bytes(office(made(), ruled("B5:D8", "$B5=0")), just(plan(("单位", "总分", "扣分", "备注"))))
    assert ("B5:C8", "expression", "$B5=0") in colours(done)


def named(data: bytes, text: str, name: str = "我的列") -> bytes:
    """A name the office gave."""
    node = f'<definedName name="{name}">{text}</definedName></definedNames>'
    return edited(data, "xl/workbook.xml", ("</definedNames>", node))


def test_the_office_s_names_follow() -> None:
    done = patch_bytes(
        named(made(), "OFFSET(排名!$D$5,0,0,COUNTA(排名!$A:$A)-4)"), just(plan(CHANGES["all at once"][1]))
    )
    assert defined_names(done)["我的列", None] == "OFFSET(排名!$G$5,0,0,COUNTA(排名!$A:$A)-4)"
    done = patch_bytes(named(made(), "排名!$D$5:$D$8"), just(plan(CHANGES["a part added"][1], 9)))
    assert defined_names(done)["我的列", None] == "排名!$E$5:$E$13"


def test_a_narrower_print_area_keeps_its_last_column() -> None:
    printed = 'name="_xlnm.Print_Area" localSheetId="0">排名!$A$1:$'
    before = edited(made(), "xl/workbook.xml", (f"{printed}E", f"{printed}D"))
    done = defined_names(patch_bytes(before, just(plan(CHANGES["a part added"][1], 6))))
    assert next(text for (name, _), text in done.items() if name == "_xlnm.Print_Area") == "排名!$A$1:$E$10"


@pytest.mark.parametrize(
    ("before", "where"),
    [
        (lambda: named(made(), "排名!$C$5:$C$8"), "名称“我的列”"),
        (
            lambda: office(made(), ('</row><row r="6"', '<c r="H5"><f>C5+1</f></c></row><row r="6"')),
            "工作表“排名”单元格 H5 中您的公式",
        ),
    ],
    ids=["a name", "a formula beside"],
)
def test_what_reads_a_column_that_is_gone_is_refused_by_name(before: object, where: str) -> None:
    assert callable(before)
    with pytest.raises(PatchRefused) as refused:
        patch_bytes(before(), just(plan(("单位", "总分", "扣分", "备注"))))
    assert str(refused.value).startswith(f"{where}引用了系统表格中有变动的列(去掉“经济”),没有写入。")


def test_sheets_that_read_columns_which_moved_follow_and_those_of_gone_ones_are_named() -> None:
    formulas = ("SUM(排名!D5:D8)", "排名!D5*2+SUM(排名!E:E)", "排名!E6+排名!C5")
    cells: list[CellLike] = [*[Cell(1.0, formula=formula) for formula in formulas], "排名!D5"]
    other = SheetPlan("看板", "领导看板", [cells], ("plain", "plain", "plain", "text"))
    data = create(skeleton(), BookPlan((plan(PLAIN), other)))
    own = defined_names(data)
    data = edited(
        data, "xl/workbook.xml", *((f'name="{name}"', f'name="x{name}"') for name, _ in own if "看板" in name)
    )
    done = patch(data, just(plan(CHANGES["a part added"][1])))
    assert done.notes == ()
    cells_now = opened(done.data)["领导看板"][1]
    assert [cell.value for cell in cells_now] == [
        "=SUM(排名!E5:E8)",
        "=排名!E5*2+SUM(排名!F:F)",
        "=排名!F6+排名!C5",
        "排名!D5",
    ]
    without = tuple(title for title in PLAIN if title != "经济")
    gone = patch(data, just(plan(without)))
    assert gone.notes == ("工作表“排名”的列有变动(去掉“经济”),请核对引用它的公式、图表:领导看板。",)
    assert opened(gone.data)["领导看板"]["C1"].value == "=排名!D6+排名!C5"
    assert patch(data, just(plan((*PLAIN, "定等序")))).notes == ()


def test_a_heading_typed_over_keeps_its_column() -> None:
    before = office(made(), ('width="14.0"', 'width="40.0"'), ("<t>单位</t>", "<t>县(市)</t>"))
    assert sizes(patch_bytes(before, just(plan(PLAIN)))) == {**sizes(made()), 1: (40.0, False)}
    assert sizes(patch_bytes(before, just(plan(CHANGES["a part added"][1]))))[1] == (40.0, False)


def test_nothing_changes_when_no_column_does() -> None:
    before = office(made(), ('width="14.0"', 'width="40.0"'), ruled("C5:C8", "C5=0"))
    assert shell(patch_bytes(before, just(plan(PLAIN))), "排名") == shell(before, "排名")


def test_an_empty_table_grows_to_what_its_first_rows_need() -> None:
    wide = replace(plan(PLAIN, 5), widths=(25.0, 12.0, 10.0, 11.0, 29.0))
    assert sizes(patch_bytes(made(units=1), just(wide)))[1] == (25.0, False)
    assert sizes(patch_bytes(made(units=4), just(wide)))[1] == (14.0, False)


MATCHES = (
    ("甲 乙 丙", "甲 丙", {1: 1, 3: 2}),
    ("甲 乙 丙", "甲 丁 丙", {1: 1, 2: 2, 3: 3}),
    ("甲 乙 丙", "甲 等次 丙", {1: 1, 3: 3}),
    ("上半年完成值 得分", "全年完成值 加分 得分", {2: 3}),
    ("甲 甲 乙", "甲 甲 丁 乙", {1: 1, 2: 2, 3: 4}),
    ("甲 乙", "乙 甲", {1: 2}),
)


@pytest.mark.parametrize(("old", "new", "to"), MATCHES)
def test_columns_are_known_by_their_headings(old: str, new: str, to: dict[int, int]) -> None:
    titles = new.split()
    dressed = [titles.index("等次") + 1] if "等次" in titles else []
    assert match(old.split(), titles, dressed).to == to


def filled(data: bytes, tables: dict[str, Table]) -> bytes:
    """A master whose tables hold that scheme."""
    sheets = [table_sheet(spec, tables[spec.key]) for spec in SPECS if spec.key in tables]
    return patch_bytes(data, BookPlan(tuple(sheets)))


def consolidated(data: bytes, folder: Path, period: str) -> bytes:
    """The master after issuing a period and consolidating an empty folder."""
    inbox = folder / "回收"
    inbox.mkdir(parents=True)
    master = folder / "总表.xlsx"
    master.write_bytes(data)
    issue(master, period, folder / "下发", clock=clock)
    consolidate(master, inbox, period_code=period, clock=clock)
    return master.read_bytes()


def test_a_blank_master_filled_with_bh_looks_like_a_new_one_of_bh(tmp_path: Path) -> None:
    tables = scheme_tables("BH")
    blank = filled(new_master({}, "总表.xlsx", clock())[0], tables)
    new = new_master(tables, "总表.xlsx", clock())[0]
    assert sizes(blank) != sizes(new)
    one, other = (consolidated(data, tmp_path / n, "2007-H1") for n, data in (("空白", blank), ("新建", new)))
    for sheet in ("排名", "得分明细", "失分分析", "问题清单", "报送情况"):
        assert shell(one, sheet) == shell(other, sheet)
    names = [
        {name: text for (name, _), text in defined_names(data).items() if text.startswith("排名!")}
        for data in (one, other)
    ]
    assert names[0] == names[1]
