"""Forms of units that are assessed differently: what applies, the scheme's tree, values from other hands."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kaohe import terms
from kaohe.assess.returns import take_in
from kaohe.jobs.check import check
from kaohe.jobs.inbox import read_returns
from kaohe.jobs.master import open_master
from kaohe.model import ReturnedRow
from kaohe.periods import parse_period
from kaohe.sheets.form_layout import FORM_TITLE, letter
from kaohe.sheets.form_read import read_return
from kaohe.sheets.form_rows import AFTER_CONSOLIDATION
from kaohe.workbooks.package import fill
from tests.support.libreoffice import recalculate
from tests.support.line import Desk, filled

TABLES = {
    "方案": "项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007\n权重合计|0",
    "部分": """
        代码|名称|上级|满分|性质
        A|勤政|||计分
        A1|职能|A||计分
        A2|关键绩效|A||计分
        A21|指标|A2||计分
        B|优政||5|加分
        C|廉政||5|扣分
        D|空||0|计分
        """,
    "单位": "单位代码|单位名称|类别|考核组\nU1|东区|一类|甲组\nU2|西区|二类|乙组\nU3|南区|三类|乙组",
    "人员": "人员代码|姓名|单位代码|职务\nP1|张三|U1|科长\nP2|张三|U2|科长",
    "指标": """
        指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|责任部门|取值|取值来源|考评部门|适用|数据截至|口径
        X1|A1|产值|亿元|正向|40|目标完成率|月度|无|发改局|填报|||一类、二类|5月|全口径
        X2|A21|引资|亿元|正向|10|目标完成率|月度|无|商务局|填报|||二类|5月|
        X3|A21|作风|分|正向|20|评定分|月度|无||考评||督查室|||
        X4|A2|满意率|分|正向|10|目标完成率|月度|无||测评|||一类、二类||
        X5|B|表彰|项|正向|5|评定分|月度|无||考评||督查室|||
        X6|C|投诉|件|逆向|5|扣分制|月度|无||引用|X1||一类||
        X7|A1|年终总评|分|正向|10|评定分|年度|无||考评||督查室|一类||
        P|A1|个人实绩|分|正向|100|目标完成率|月度|无||填报|||个人||
        """,
    "目标": "指标代码|单位代码|目标值|上年值\nX1|*|100|80\nX2|*|50|\nX4|*|90|\nP|*|100|",
    "票种": "类型|指标代码|名称|比重\n票种|X4|群众|1",
}
"""U1 fills in X1, U2 also X2, U3 nothing at all; two persons have a form of their own."""
H1 = parse_period("2007-H1")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk.new(tmp_path, **TABLES)
    made.issue()
    return made


def form_sheet(data: bytes) -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(data))[FORM_TITLE]
    assert isinstance(found, Worksheet)
    return found


def listed(desk: Desk, unit: str) -> dict[str, ReturnedRow]:
    return {row.indicator: row for row in read_return(desk.form(unit).read_bytes(), "", "").rows}


def row_of(desk: Desk, unit: str, code: str) -> dict[str, Any]:
    """A row of a unit's form by column key."""
    number = int(listed(desk, unit)[code].cell[1:])
    sheet = form_sheet(desk.form(unit).read_bytes())
    keys = ("definition", "actual", "status", "score", "state", "evidence", "weight", "share")
    return {key: sheet[f"{letter(key)}{number}"] for key in keys}


def bands(sheet: Worksheet) -> list[str]:
    cells = (row[0] for row in sheet.iter_rows(min_row=7))
    return [str(cell.value) for cell in cells if isinstance(cell.value, str) and "考核" in cell.value]


def test_only_indicators_that_apply_are_on_the_form(desk: Desk) -> None:
    assert list(listed(desk, "U1")) == ["X1", "X7", "X4", "X3", "X5", "X6"]
    assert list(listed(desk, "U2")) == ["X1", "X4", "X2", "X3", "X5"]


def test_who_fills_nothing_in_gets_no_form(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path, **TABLES)
    done = desk.issue()
    assert done.skipped == ("南区",)
    assert ("U3", "") not in desk.issued


def test_persons_have_forms_named_after_their_unit(desk: Desk) -> None:
    """Two of one name are told apart."""
    assert desk.form("P1").name == "东区-张三-自测完成情况表-2007-H1.xlsx"
    assert desk.form("P2").name == "西区-张三-自测完成情况表-2007-H1.xlsx"
    assert list(listed(desk, "P1")) == ["P"]


def test_gn1_bands_follow_the_tree_of_uneven_depth(desk: Desk) -> None:
    """Every part with indicators below it has its band, indented by its depth; an empty part has none."""
    assert bands(form_sheet(desk.form("U1").read_bytes())) == [
        "勤政(本期考核 3 项,70 分)",
        "  职能(本期考核 1 项,40 分)",
        "  关键绩效(本期考核 2 项,30 分)",
        "    指标(本期考核 1 项,20 分)",
        "优政(加分,本期考核 1 项,上限 5 分)",
        "廉政(扣分,本期考核 1 项,上限 5 分)",
    ]


def test_gn1_bands_of_the_first_level_are_stronger(desk: Desk) -> None:
    sheet = form_sheet(desk.form("U1").read_bytes())
    fills = {str(row[0].value).strip()[:2]: row[0].fill.start_color.rgb for row in sheet.iter_rows(min_row=7)}
    assert fills["勤政"] == fills["优政"] != fills["职能"] == fills["关键"]


def test_values_from_other_hands_are_locked_and_say_whose(desk: Desk) -> None:
    """Their weight stands; no score, no state to fill in; what was done may be written."""
    shown = {code: row_of(desk, "U1", code) for code in ("X3", "X4", "X6")}
    texts = {code: cells["actual"].value for code, cells in shown.items()}
    assert texts == {"X3": "由督查室考评", "X4": "测评产生", "X6": "引自 X1"}
    for cells in shown.values():
        assert cells["actual"].protection.locked
        assert not cells["evidence"].protection.locked
        assert cells["state"].value == terms.NOT_ENTERED
        assert cells["score"].value is None
    assert shown["X3"]["weight"].value == 20


def test_counts_and_totals_are_those_of_what_the_unit_fills_in(desk: Desk, tmp_path: Path) -> None:
    """X1 alone: 40·(90/100); 本期满分 without 加分 and 扣分."""
    path = tmp_path / "表.xlsx"
    path.write_bytes(filled(desk.form("U1").read_bytes(), "指标|完成值\nX1|90"))
    live = openpyxl.load_workbook(recalculate(path, tmp_path / "neu"), data_only=True)[FORM_TITLE]
    assert (live.cell(5, 3).value, live.cell(5, 14).value, live.cell(5, 16).value) == (0, 36, 70)
    before = openpyxl.load_workbook(desk.form("U1"), data_only=True)[FORM_TITLE]
    assert before.cell(5, 3).value == 1


def test_gn7_figures_that_end_earlier_say_so(desk: Desk) -> None:
    assert row_of(desk, "U1", "X1")["definition"].value == "全口径;数据截至5月"
    assert row_of(desk, "U2", "X2")["definition"].value == "数据截至5月"


def test_gn2_evidence_is_read_and_kept(desk: Desk) -> None:
    """Beside a number, and alone where somebody else marks it; the locked text is nobody's value."""
    data = filled(desk.form("U1").read_bytes(), "指标|完成值\nX1|不少于90")
    at = {code: int(row.cell[1:]) for code, row in listed(desk, "U1").items()}
    column = ord(letter("evidence")) - 64
    text = "开展谈心谈话2次以上,无一例投诉,300余人参加"
    data = fill(data, FORM_TITLE, {(at["X1"], column): "新开工 12 个", (at["X3"], column): text})
    path = desk.inbox / "东区-自测完成情况表-2007-H1.xlsx"
    path.write_bytes(data)
    book = open_master(desk.master)
    returns = read_returns([path], desk.inbox, 1, lambda *_: None)
    intake = take_in(returns, book.issues, (), book.scheme.at(H1.end), H1, book.versions)
    rows = intake.live["U1"]
    assert (rows["X1"].typed, rows["X1"].evidence) == ("不少于90", "新开工 12 个")
    assert (rows["X3"].typed, rows["X3"].value, rows["X3"].evidence) == ("", None, text)
    assert [f.code for f in check([path]).findings] == ["V03"]


def test_a_form_with_evidence_alone_is_not_replaced(desk: Desk) -> None:
    path = desk.form("U1")
    row = int(listed(desk, "U1")["X3"].cell[1:])
    column = ord(letter("evidence")) - 64
    path.write_bytes(fill(path.read_bytes(), FORM_TITLE, {(row, column): "谈话2次"}))
    theirs = path.read_bytes()
    done = desk.issue()
    assert path in done.typed
    assert path.read_bytes() == theirs


def test_departments_get_what_they_fill_in(tmp_path: Path) -> None:
    """U2 by department: 发改局 and 商务局; nobody gets the rows of the assessors alone."""
    units = (
        TABLES["单位"]
        .replace("考核组", "考核组|下发方式")
        .replace("U2|西区|二类|乙组", "U2|西区|二类|乙组|分部门")
    )
    desk = Desk.new(tmp_path, **{**TABLES, "单位": units})
    desk.issue()
    assert {key for key in desk.issued if key[0] == "U2"} == {("U2", "发改局"), ("U2", "商务局")}


@pytest.mark.parametrize(("one", "other", "best"), [("80", "95", 95.0), ("80", "", 80.0), ("", "", "")])
def test_the_best_of_two_components(tmp_path: Path, one: str, other: str, best: float | str) -> None:
    """择优: one is enough."""
    indicators = """
        指标代码|上级|指标名称|权重|计分方法|频次|序时|取值
        Z|A|目标或增幅|50|目标完成率|月度|无|择优
        Z1|Z|目标|100|目标完成率|月度|无|填报
        Z2|Z|增幅|100|目标完成率|月度|无|填报
        """
    targets = "指标代码|单位代码|目标值\nZ|*|100\nZ1|*|100\nZ2|*|100"
    tables = {**TABLES, "指标": indicators, "目标": targets, "票种": None, "人员": None}
    desk = Desk.new(tmp_path, **tables)
    desk.issue()
    path = tmp_path / "表.xlsx"
    path.write_bytes(filled(desk.form("U1").read_bytes(), f"指标|完成值\nZ1|{one}\nZ2|{other}"))
    rows = read_return(recalculate(path, tmp_path / "neu").read_bytes(), "", "").rows
    head = next(row for row in rows if row.indicator == "Z")
    assert (head.value or "") == best


def test_a_best_value_with_a_component_from_elsewhere_waits(tmp_path: Path) -> None:
    """The form cannot come to it; a check of the form alone asks for nothing."""
    indicators = """
        指标代码|上级|指标名称|权重|计分方法|频次|序时|取值|考评部门
        Z|A|目标或评价|50|目标完成率|月度|无|择优|
        Z1|Z|目标|100|目标完成率|月度|无|填报|
        Z2|Z|评价|100|评定分|月度|无|考评|督查室
        """
    targets = "指标代码|单位代码|目标值\nZ|*|100\nZ1|*|100"
    tables = {**TABLES, "指标": indicators, "目标": targets, "票种": None, "人员": None}
    desk = Desk.new(tmp_path, **tables)
    desk.issue()
    sheet = form_sheet(desk.form("U1").read_bytes())
    number = int(listed(desk, "U1")["Z"].cell[1:])
    shown = [sheet[f"{letter(key)}{number}"].value for key in ("actual", "score", "state")]
    assert shown == [None, AFTER_CONSOLIDATION, terms.WAITING]
    path = tmp_path / "表.xlsx"
    path.write_bytes(filled(desk.form("U1").read_bytes(), "指标|完成值\nZ1|80"))
    assert check([path]).findings == ()
