"""What an office prints: columns keep their places, names stay whole, grades and vetoes meet the eye."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.load_ledger import load_ledger
from kaohe.assess.outcomes import LISTED
from kaohe.assess.returns import take_in
from kaohe.periods import parse_period
from kaohe.sheets.bonus_sheet import bonus_sheet
from kaohe.sheets.detail import detail_sheet
from kaohe.sheets.detail_values import shortened
from kaohe.sheets.heading import landscape
from kaohe.sheets.lists import FIRST_ROW, HEADER_ROW, MATRIX_UP_TO, issue_sheet, loss_sheet, warning_sheet
from kaohe.sheets.names import SheetNames
from kaohe.sheets.outcome_sheet import outcome_sheet
from kaohe.sheets.ranking import ranking_sheet
from kaohe.sheets.returns_sheet import returns_sheet
from kaohe.sheets.row_height import lines
from kaohe.sheets.scheme_tables import PRINTED_WIDTH, table_sheet
from kaohe.sheets.survey_sheet import survey_sheet
from kaohe.tables import SPECS
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan
from tests.support.libreoffice import require_soffice
from tests.support.line import Desk
from tests.support.plans import recalculated
from tests.support.schemes import draw, small_scheme

LONG = "国有资产监督管理委员会"
UNITS = (
    "单位代码|单位名称|考核组\n" + "\n".join(f"U{n}|{n}号{LONG}|甲组" for n in range(1, 7)) + "\nW1|西区|乙组"
)
SCHEME = {
    "方案": "项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2016\n单位称谓|科室",
    "单位": UNITS,
    "人员": "人员代码|姓名|单位代码\nP1|张三|U1",
    "部分": "代码|名称|上级|满分|性质\nA|发展||60|\nB|民生||40|\nG|测评||100|\nJ|加分||5|加分"
    "\nK|扣分||3|扣分",
    "指标": """
        指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|取值|适用|考评部门
        X1|A|产值|亿元|正向|60|目标完成率|月度|无|考评|单位|考核办
        X2|B|满意率|%|正向|40|目标完成率|月度|无|考评|单位|考核办
        G1|G|年终测评|分|正向|100|比例计分|年度|无|测评|个人|
        """,
    "票种": "指标代码|类型|名称|比重\nG1|票种|领导|0.4\nG1|票种|群众|0.6",
    "等次": "等次|对象|最低分|比例\n优秀||90|\n称职||60|\n不称职|||",
    "否决事项": "代码|事项|后果\nV1|安全事故|取消评优",
}


def assessed(marks: Mapping[str, float] | None = None, veto: str = "", **tables: str) -> Assessment:
    """A scheme with bonuses, deductions and a survey; ``marks``: the scores of X1, out of 60, by unit."""
    scheme = small_scheme(**{**SCHEME, **tables})
    given = [f"{unit}|X1|得分|{value}" for unit, value in (marks or {}).items()]
    given += [f"{unit}|X2|得分|40" for unit in marks or {}]
    rows = "".join(f"\n2016|{row}|会议纪要|办公室|2017-01-05" for row in given)
    ledger = {
        "测评": "期次|轮次|单位代码|指标代码|票种|平均分\n2016||P1|G1|领导|91.23456\n2016||P1|G1|群众|80"
    }
    ledger["人工调整"] = "期次|单位代码|指标代码|项目|调整为|依据|决定人|日期" + rows
    if veto:
        ledger["否决"] = f"期次|单位代码|事项代码|日期|依据|决定人\n2016|{veto}|V1|2016-09-20|会议纪要|办公室"
    period = parse_period("2016")
    intake = take_in((), {}, (), scheme.at(period.end), period)
    return assess(scheme, period, intake, {}, ledger=load_ledger(draw(**ledger)))


SCORES = {**{f"U{n}": 60.0 - n for n in range(1, 7)}, "W1": 10.0}
NAMES = SheetNames({})


def titles(plan: SheetPlan) -> list[object]:
    return [value(cell) for cell in plan.rows[HEADER_ROW - 1]]


def value(cell: CellLike) -> object:
    return cell.value if isinstance(cell, Cell) else cell


def column(plan: SheetPlan, title: str) -> list[CellLike]:
    at = titles(plan).index(title)
    return [row[at] for row in plan.rows[FIRST_ROW - 1 : plan.last_row]]


def test_the_ranking_has_the_same_columns_before_and_after_the_results() -> None:
    """A sheet is laid out once, when the master is made: a column that came later would shift the others."""
    before = ranking_sheet(assessed(), NAMES)
    after = ranking_sheet(assessed(SCORES, "U2"), NAMES)
    assert titles(before) == titles(after)
    assert before.widths == after.widths
    assert {"加分", "扣减"} <= set(titles(before))
    assert [(rule.area, rule.rule) for rule in before.layout.highlights] == [
        (rule.area, rule.rule) for rule in after.layout.highlights
    ]


def test_no_hidden_column_makes_the_headings_tall() -> None:
    plan = ranking_sheet(assessed(SCORES), NAMES)
    assert 0 in plan.widths
    assert dict(plan.heights)[HEADER_ROW] <= 34


def test_names_are_whole_before_anybody_has_a_row() -> None:
    """单位 takes the longest name of all units, not of those that stand in the sheet when it is made."""
    found = assessed()
    survey = survey_sheet(found, NAMES)
    assert survey is not None
    plans = (
        bonus_sheet(found),
        outcome_sheet(found, ()),
        returns_sheet(found, {}, {}, dt.date(2017, 1, 20)),
        issue_sheet(found, {}),
        warning_sheet(found),
        detail_sheet(found, NAMES, {}, {}),
        survey,
    )
    for plan in plans:
        assert lines(f"1号{LONG}", plan.widths[titles(plan).index("单位")]) == 1, plan.key


def test_the_first_three_stand_out_in_a_group_large_enough() -> None:
    plan = ranking_sheet(assessed(SCORES), NAMES)
    shown = [
        (value(group), value(rank))
        for group, rank in zip(column(plan, "考核组"), column(plan, "名次"), strict=True)
        if isinstance(rank, Cell) and rank.role == "rank_top"
    ]
    assert shown == [("甲组", 1), ("甲组", 2), ("甲组", 3), ("乙组", 1), ("个人", 1)]


def test_persons_are_told_apart_and_a_veto_is_seen() -> None:
    """XN2, XN3: the heading names both, the note says whose a person is, a veto is red."""
    plan = ranking_sheet(assessed(SCORES, "U2"), NAMES)
    names = [value(cell) for cell in column(plan, "科室、个人")]
    notes = dict(zip(names, (value(cell) for cell in column(plan, "备注")), strict=True))
    assert notes["张三"] == f"1号{LONG}"
    assert notes[f"2号{LONG}"] == "一票否决:安全事故"
    red = [rule for rule in plan.layout.highlights if "一票否决" in rule.rule]
    assert [rule.style for rule in red] == ["bad"]
    letter = column_letter(titles(plan).index("备注") + 1)
    assert red[0].area.startswith(f"{letter}{FIRST_ROW}:")
    assert f"${letter}{FIRST_ROW}" in red[0].rule


def test_a_veto_is_seen_where_there_are_no_grades() -> None:
    """WXD5: what bars from an award stands in the note all the same, once."""
    plan = ranking_sheet(
        assessed(SCORES, "U2", 等次="等次|对象|最低分|比例\n优秀|个人|90|\n称职|个人||"), NAMES
    )
    notes = [value(cell) for cell in column(plan, "备注")]
    assert [note for note in notes if note and "一票否决" in str(note)] == ["一票否决:安全事故"]


def test_grades_are_coloured_by_what_they_say() -> None:
    plan = ranking_sheet(assessed(SCORES), NAMES)
    area = next(rule.area for rule in plan.layout.highlights if "待定" in rule.rule)
    rules = {rule.style: rule.rule for rule in plan.layout.highlights if rule.area == area}
    assert set(rules) == {"good", "warn", "bad"}
    assert '"优秀"' in rules["good"]
    assert "称职" not in rules["good"]
    assert rules["bad"].startswith("LEFT(")


def test_a_total_set_by_decision_says_what_the_formula_came_to() -> None:
    """Y7: the computed total stays beside the decided one, in its own column and in the note."""
    scheme = {**SCORES, "U1": 59.0}
    found = assessed(scheme)
    first = found.standings[0]
    assert first.total == first.computed_total
    decided = replace(found, standings=(replace(first, total=98.5), *found.standings[1:]))
    plan = ranking_sheet(decided, NAMES)
    assert value(column(plan, "备注")[0]) == "总分按人工调整,公式总分 99"
    assert value(column(plan, "公式总分")[0]) == 99.0
    assert plan.widths[titles(plan).index("公式总分")] > 0
    assert "公式总分" not in titles(ranking_sheet(found, NAMES))


def test_points_lost_by_unit_or_by_group() -> None:
    """A few units: one column each, blank where an indicator does not apply; many: the groups' means."""
    few = loss_sheet(assessed(SCORES), NAMES)
    assert titles(few)[8:] == [*(f"{n}号{LONG}" for n in range(1, 7)), "西区", "张三"]
    assert [value(cell) for cell in column(few, "张三")][:2] == [None, None]
    assert [value(cell) for cell in column(few, "考核单位")][:3] == [7, 7, 1]
    size = MATRIX_UP_TO + 1
    units = (
        "单位代码|单位名称|考核组\n" + "\n".join(f"U{n}|{n}号|甲*组" for n in range(size)) + "\nW1|西区|乙组"
    )
    marks = {**{f"U{n}": 58.0 for n in range(size)}, "W1": 50.0}
    many = loss_sheet(assessed(marks, 单位=units, 人员="人员代码|姓名|单位代码\nP1|张三|U1"), NAMES)
    assert titles(many)[8:] == ["甲*组", "乙组", "个人"]
    rows = {str(row[1]): [value(cell) for cell in row[4:]] for row in many.rows[FIRST_ROW - 1 :]}
    lost = size * 2 + 10
    assert rows["X1"] == [lost, float(round_half_away(lost / (size + 1), 2)), size + 1, size + 1, 2, 10, None]
    formula = column(many, "甲*组")[0]
    assert isinstance(formula, Cell)
    assert '"=甲~*组"' in str(formula.formula)
    weight = many.rows[-1][3]
    assert isinstance(weight, Cell)
    assert weight.value is None, "weights of indicators that are not everybody's add up to nothing"


@pytest.mark.parametrize(
    ("number", "role"),
    [
        (93.606579, "number2"),
        (1666.6667, None),
        (0.123456, None),
        (14.9, None),
        (-2.34567, "number2"),
        ("较好", None),
        ("", None),
    ],
)
def test_long_numbers_are_shown_shorter(number: object, role: str | None) -> None:
    assert shortened(number) == role


def test_a_survey_value_is_shown_with_two_decimals_in_the_detail() -> None:
    plan = detail_sheet(assessed(SCORES), NAMES, {}, {})
    codes = [value(cell) for cell in column(plan, "指标代码")]
    shown = column(plan, "完成值")[codes.index("G1")]
    assert isinstance(shown, Cell)
    assert (shown.value, shown.role) == (84.493824, "number2")
    assert "测评汇总" in (shown.formula or "")


def test_no_yellow_sheet_is_wider_than_a_page_can_show() -> None:
    """At 7 points; a heading keeps room for its words on two lines."""
    for spec in SPECS:
        plan = table_sheet(spec, None)
        assert sum(plan.widths) <= PRINTED_WIDTH + len(plan.widths) * 0.05, spec.title
        narrow = [(width, col.width) for width, col in zip(plan.widths, spec.columns, strict=True)]
        assert [pair for pair in narrow if pair[0] > pair[1]] == []
        assert min(plan.widths) >= min(7.0, *(col.width for col in spec.columns)), spec.title


@pytest.mark.parametrize(
    ("width", "rows", "across"), [(120, 100, False), (120, 10, True), (140, 100, True), (120, 60, True)]
)
def test_long_narrow_tables_print_upright(width: float, rows: int, across: bool) -> None:
    assert landscape([width / 2, width / 2], rows) is across


def test_the_source_does_not_say_the_units_name_again(tmp_path: Path) -> None:
    """来源 fits its column: … stands for the name the row begins with; the link leads to the whole name."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|95")
    desk.consolidate()
    sources = {str(row["来源"]) for row in desk.rows("得分明细") if row["单位"] == "东区"}
    assert {re.sub(r"^[A-Z]+\d+ ", "", text) for text in sources} == {"…-自测完成情况表-2007-H1"}


@pytest.mark.soffice
@pytest.mark.parametrize(("nature", "styles"), [("表彰", ["good"]), ("约谈", ["warn"])])
def test_only_praise_is_green(nature: str, styles: list[str], tmp_path: Path) -> None:
    """WXD5: that a unit is listed for a talk is no good news. The rules are computed by LibreOffice."""
    require_soffice()
    rules = outcome_sheet(assessed(), ()).layout.highlights
    row: list[CellLike] = [Cell(None)] * 8
    row[1], row[7] = nature, LISTED
    tests: list[CellLike] = [Cell(False, formula=f"IF({rule.rule},1,0)") for rule in rules]
    blank: list[list[CellLike]] = [[None] for _ in range(FIRST_ROW - 1)]
    plan = SheetPlan("试", "试", [*blank, [*row, *tests]], ())
    found = list(recalculated(plan, tmp_path).values())
    assert [rule.style for rule, hit in zip(rules, found, strict=True) if hit == 1] == styles
