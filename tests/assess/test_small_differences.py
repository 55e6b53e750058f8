"""Differences so small that a test of the whole does not see them: a zero, an equal edge, the other side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from kaohe.assess.applicable import Applicable
from kaohe.assess.assessment import Assessment
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.grading import named
from kaohe.assess.load_ledger import load_ledger
from kaohe.assess.reminders import reminders
from kaohe.model import Adjustment, Ledger, Verdict
from tests.assess.generators import PERIOD, run
from tests.assess.reference_rules import Case
from tests.assess.return_cases import SCHEME, clean
from tests.support.returns import assess_forms, form, number_of, places, registered
from tests.support.schemes import draw, small_scheme

CODE = PERIOD.code
FULL = {(unit, code): "95" for unit in ("U1", "U2") for code in ("X1", "X2")}


def assessed(ledger: Ledger) -> Assessment:
    return run(Case(small_scheme(), PERIOD, FULL, {}, ledger, {}))


def typed(rows: str) -> Assessment:
    """What a form of U1 with these rows leads to."""
    return assess_forms(SCHEME, [form("U1", rows, scheme=SCHEME), *clean("U2")])


@pytest.mark.parametrize(("cell", "slipped"), [("0", False), ("0.01", True), ("1.2", True), ("1.21", False)])
def test_a_zero_is_a_figure_and_no_slip_by_100(cell: str, slipped: bool) -> None:
    """满意率 has a target of 90: what stands between 0 and 1.2 was meant as a share of one, 0 was not."""
    found = typed(f"指标|完成值|原因|措施\nX1|100||\nX2|{cell}|偏低|整改")
    assert ("V21" in {f.code for f in found.findings}) is slipped


def test_a_self_score_with_a_fraction_is_compared_to_the_last_place() -> None:
    """60 points for 91 of 100 are 54.6: the form that shows that agrees, one that shows 54 does not (V11)."""
    rows = "指标|完成值|得分|原因|措施\nX1|91|{}|停产|追赶\nX2|95|40||"
    assert places(typed(rows.format("54.6")).findings) == []
    assert places(typed(rows.format("54")).findings) == [("V11", "K7")]


@pytest.mark.parametrize("other", ["2006-H1", "2007-01", "2007-Q3"])
def test_a_number_issued_for_another_period_is_refused_whatever_the_form_says(other: str) -> None:
    """The hidden identity names this period, 下发登记 another one, earlier or later (W05)."""
    register = dict(registered(SCHEME, [("U1", ""), ("U2", "")]))
    number = number_of("U1")
    register[number] = register[number]._replace(period=other)
    found = assess_forms(SCHEME, clean("U1", "U2"), register=register)
    (said,) = (f for f in found.findings if f.code == "W05")
    assert (said.location.workbook, said.facts["found"]) == ("U1.xlsx", other)
    assert "U1" not in found.intake.live


def spelled(word: str) -> str:
    """The word as a cell brings it: equal to the program's own, but another object."""
    return "".join(list(word))


def test_not_applicable_without_an_indicator_is_said_and_changes_nothing() -> None:
    """不适用 is always about one indicator; the word is what a cell holds."""
    row = Adjustment(CODE, "U1", "", spelled("不适用"), "", basis="纪要")
    found, before = assessed(Ledger(adjustments=(row,))), assessed(Ledger())
    assert [f.what for f in found.findings if "不适用须写明指标代码" in f.what]
    assert totals(found) == totals(before)


def totals(assessment: Assessment) -> Mapping[str, float]:
    return {row.unit.code: row.total for row in assessment.standings}


@pytest.mark.parametrize("value", ["待定", "很高"])
def test_a_verdict_that_is_no_number_on_a_percentage_is_a_finding(value: str) -> None:
    found = assessed(Ledger(verdicts=(Verdict(CODE, "U1", "X2", value),)))
    codes = {f.code for f in found.findings if f.location.unit == "U1"}
    assert codes
    assert "V21" not in codes


@pytest.mark.parametrize(("cell", "asked"), [("-0.5", True), ("0", False)])
def test_any_figure_below_zero_is_asked_about(cell: str, asked: bool) -> None:
    """V22: output of −0.5 where 100 is the target."""
    found = typed(f"指标|完成值|原因|措施\nX1|{cell}|停产|追赶\nX2|95||")
    assert ("V22" in {f.code for f in found.findings}) is asked


def test_indicators_of_single_units_stay_with_those_units() -> None:
    """Units alike in kind, class and group, each named by code in the 适用 of another indicator."""
    rows = (
        "指标代码|上级|指标名称|权重|计分方法|适用\nX1|A|产值|60|目标完成率|U1\nX2|B|满意率|40|目标完成率|U2"
    )
    scheme = small_scheme(
        指标=rows, 单位="单位代码|单位名称|考核组\nU1|东区|甲组\nU2|西区|甲组\nU3|南区|甲组"
    )
    applicable = Applicable(scheme)
    assert [[row.code for row in applicable.of(unit)] for unit in scheme.units] == [["X1"], ["X2"], []]


@pytest.mark.parametrize(("word", "joint"), [("是", True), ("否", False), ("", False)])
def test_a_rule_joins_its_scope_only_where_that_is_said(word: str, joint: bool) -> None:
    rules = f"代码|结果|性质|范围|合并|条件|数量\nR1|先进|表彰|甲组|{spelled(word)}|总分前列|1"
    (rule,) = small_scheme(结果规则=rules).outcome_rules
    assert rule.together is joint


def test_who_has_only_errors_to_mend_is_not_late() -> None:
    """Nothing is missing, something is wrong: the reminder is of no days at all."""
    found = assess_forms(SCHEME, [form("U1", "指标|完成值\nX1|约80\nX2|95", scheme=SCHEME), *clean("U2")])
    rows = registered(SCHEME, [("U1", ""), ("U2", "")])
    (owed,) = reminders(found, rows, dt.date(2007, 7, 1))
    assert (owed.unit and owed.unit.code, owed.missing, owed.days) == ("U1", (), 0)


def test_a_figure_borrowed_from_nowhere_waits() -> None:
    """引用 of a code that is no indicator: the scheme's finding says so, the run goes on."""
    rows = """
        指标代码|上级|指标名称|权重|计分方法|取值|取值来源
        X1|A|产值|60|目标完成率|引用|X9
        X2|B|满意率|40|目标完成率||
        """
    found = run(Case(small_scheme(指标=rows), PERIOD, FULL, {}, Ledger(), {}))
    assert [row.rank for row in found.standings] == [None, None]
    assert not found.scores.results["X1"].scored.any()


def test_what_is_only_checked_or_stands_beside_is_not_counted() -> None:
    """An indicator without weight and one of a 加分 part: neither is among those a unit is measured by."""
    parts = "代码|名称|上级|满分|性质\nA|发展||60|计分\nB|民生||40|计分\nJ|加分||8|加分"
    rows = """
        指标代码|上级|指标名称|权重|计分方法|序时
        X1|A|产值|60|目标完成率|无
        X2|B|满意率|40|目标完成率|无
        X3|B|所报完成率|0|目标完成率|无
        X4|J|表彰|4|评定分|无
        """
    values = {(unit, code): "3" for unit in ("U1", "U2") for code in ("X1", "X2", "X3", "X4")}
    targets = "指标代码|单位代码|目标值\nX1|*|100\nX2|*|90\nX3|*|90"
    drawn = small_scheme(部分=parts, 指标=rows, 目标=targets)
    found = run(Case(drawn, PERIOD, values, {}, Ledger(), {}))
    assert [row.indicator.code for row in found.scores.counted] == ["X1", "X2"]
    assert [row.measured_indicators for row in found.standings] == [2, 2]


def test_earlier_results_typed_with_a_percent_sign_are_percentage_points() -> None:
    """历史: value, mean and target are of one measure, so that they can be compared."""
    rows = "年度|单位代码|单位名称|指标代码|完成值|平均|目标值\n2006|U1|东区|X2|92%|90.5%|95%"
    (past,) = load_ledger(draw(历史=rows)).history
    assert (past.value, past.mean, past.target) == (92.0, 90.5, 95.0)


@pytest.mark.parametrize(
    ("count", "said"), [(2, "甲、乙"), (3, "甲、乙、丙"), (4, "甲、乙、丙等4个"), (5, "甲、乙、丙等5个")]
)
def test_many_names_are_some_and_a_count(count: int, said: str) -> None:
    assert named("甲乙丙丁戊"[:count], most=3) == said


def test_a_value_by_decision_that_cannot_be_read_is_not_said_to_count() -> None:
    """D09 names a figure that counts: 待定 is none."""
    row = Adjustment(CODE, "U1", "X1", "完成值", "待定", basis="纪要")
    found = assessed(Ledger(adjustments=(row,)))
    assert "D09" not in {f.code for f in found.findings}
    assert found.standings[-1].unit.code == "U1"
    assert found.standings[-1].rank is None


@pytest.mark.parametrize("late", ["发改局", "民政局"])
def test_of_a_unit_s_parts_the_latest_costs(late: str) -> None:
    """0.1 points a day; one part came a day late, the other one (whichever) four days."""
    scheme = small_scheme(方案="项目|值\n方案代码|T\n考核年度|2007\n迟报每天扣分|0.1")
    issued = registered(scheme, [("U1", "发改局"), ("U1", "民政局"), ("U2", "")])
    register = {number: row._replace(deadline="2007-07-10") for number, row in issued.items()}
    rows = {"发改局": "指标|完成值\nX1|100", "民政局": "指标|完成值\nX2|95"}
    days = {part: 14 if part == late else 11 for part in rows}
    sent = [
        form("U1", text, scheme=scheme, department=part, received=f"2007-07-{days[part]} 09:00:00")
        for part, text in rows.items()
    ]
    found = assess_forms(scheme, [*sent, *clean("U2", scheme=scheme)], register=register)
    assert {row.unit.code: row.late for row in found.standings} == {"U1": 0.4, "U2": 0.0}


@pytest.mark.parametrize(("points", "ranks"), [("58", {"U1": 1, "U2": 2}), ("56", {"U1": 2, "U2": 1})])
def test_a_decided_score_counts_where_ranks_are_by_totals_before_rounding(
    points: str, ranks: Mapping[str, int]
) -> None:
    """排名取数 舍入前: the decided score has no unrounded form, it counts as it stands."""
    drawn = small_scheme(方案="项目|值\n方案代码|T\n考核年度|2007\n排名取数|舍入前")
    ledger = Ledger(adjustments=(Adjustment(CODE, "U1", "X1", "得分", points, basis="纪要"),))
    found = run(Case(drawn, PERIOD, FULL, {}, ledger, {}))
    assert {row.unit.code: row.rank for row in found.standings} == ranks


def test_a_component_that_goes_beyond_its_composite_names_the_units() -> None:
    rows = """
        指标代码|上级|指标名称|权重|计分方法|取值|适用
        X1|A|指数|60|目标完成率|合成|U1
        C1|X1|分项一|60|目标完成率||U1
        C2|X1|分项二|40|目标完成率||U1、U2
        X2|B|满意率|40|目标完成率||
        """
    (found,) = (f for f in check_scheme(small_scheme(指标=rows), PERIOD) if f.code == "S48")
    assert found.what.startswith("分项《分项二》适用于“西区”,而《指数》不适用")
