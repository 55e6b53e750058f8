"""测评汇总: means by round and voter group, and the value as a formula over them (WXJ3, XN2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.load_ledger import load_ledger
from kaohe.assess.returns import take_in
from kaohe.periods import parse_period
from kaohe.sheets.lists import FIRST_ROW, HEADER_ROW
from kaohe.sheets.names import SheetNames
from kaohe.sheets.survey_sheet import survey_sheet
from kaohe.workbooks.plan import Cell, SheetPlan
from tests.support.libreoffice import require_soffice
from tests.support.plans import live_cells, recalculated
from tests.support.schemes import draw, small_scheme

INDICATORS = """
    指标代码|上级|指标名称|计量单位|权重|计分方法|频次|取值|适用
    X1|A|社会评议|分|60|比例直接计分|半年|测评|
    X2|B|年终评价|分|40|比例直接计分|半年|测评|个人
    """
VOTERS = """
    指标代码|类型|名称|比重
    X1|票种|领导|0.4
    X1|票种|群众|0.6
    X1|轮次|上半年|0.5
    X1|轮次|下半年|0.5
    X2|票种|个人自评|0.3
    X2|票种|科室评价|0.3
    X2|票种|领导测评|0.4
    """
ROWS = """
    期次|轮次|单位代码|指标代码|票种|发出票|收回票|满意|较满意|一般|不满意|无效票|平均分
    2016-H1|上半年|U1|X1|领导|10|10|8|1|1|0||
    2016-H1|上半年|U1|X1|群众|10|10|5|3|1|0|1|
    2016|下半年|U1|X1|领导|||||||1|80
    2016|下半年|U1|X1|群众||||||||90.5
    2016-H1|上半年|U2|X1|领导||||||||80
    2016-H1|上半年|U2|X1|群众||||||||80
    2016|下半年|U2|X1|领导||||||||101
    2016|下半年|U2|X1|群众||||||||80
    2016||P1|X2|个人自评||||||||90
    2016||P1|X2|科室评价||||||||85
    2016||P1|X2|领导测评||||||||88
    """


def assessed(rows: str = ROWS) -> Assessment:
    """Two rounds about two units, of which one cannot be used; three raters of a person."""
    drawn = {"指标": INDICATORS, "票种": VOTERS, "人员": "人员代码|姓名|单位代码\nP1|张三|U1"}
    scheme = small_scheme(方案="项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2016", **drawn)
    ledger = load_ledger(draw(测评=rows))
    period = parse_period("2016")
    intake = take_in((), {}, (), scheme.at(period.end), period)
    return assess(scheme, period, intake, {}, ledger=ledger)


def plan_of(assessment: Assessment) -> SheetPlan:
    plan = survey_sheet(assessment, SheetNames({}))
    assert plan is not None
    return plan


def shown(plan: SheetPlan) -> list[list[object]]:
    return [
        [cell.value if isinstance(cell, Cell) else cell for cell in row]
        for row in plan.rows[HEADER_ROW - 1 :]
    ]


def test_every_unit_has_its_means_and_its_value() -> None:
    head, *rows = shown(plan_of(assessed()))
    assert head[5:] == [
        "测评值",
        "有效票",
        "上半年 领导(20%)",
        "上半年 群众(30%)",
        "下半年 领导(20%)",
        "下半年 群众(30%)",
        "2016 个人自评(30%)",
        "2016 科室评价(30%)",
        "2016 领导测评(40%)",
    ]
    first = 0.5 * (0.4 * 94 + 0.6 * 800 / 9) + 0.5 * (0.4 * 80 + 0.6 * 90.5)
    assert rows[0][3:] == [
        "东区",
        "甲组",
        pytest.approx(first, abs=1e-9),
        19,
        94,
        800 / 9,
        80,
        90.5,
        None,
        None,
        None,
    ]
    assert rows[1][3:] == ["西区", "甲组", None, None, 80, 80, None, 80, None, None, None]
    assert rows[2][2:] == ["P1", "张三", "个人", 87.7, None, None, None, None, None, 90, 85, 88]


def test_shares_stand_in_the_formula_as_numbers_and_means_lead_to_their_ballots() -> None:
    plan = plan_of(assessed())
    formulas = [cell.formula for cell in live_cells(plan).values()]
    at = FIRST_ROW
    assert formulas == [
        f"IF(COUNT(H{at},I{at},J{at},K{at})=4,"
        f'ROUND(0.5*(0.4*H{at}+0.6*I{at})+0.5*(0.4*J{at}+0.6*K{at}),9),"")',
        f'IF(COUNT(L{at + 2},M{at + 2},N{at + 2})=3,ROUND(0.3*L{at + 2}+0.3*M{at + 2}+0.4*N{at + 2},9),"")',
    ]
    mean = plan.rows[FIRST_ROW - 1][7]
    assert isinstance(mean, Cell)
    assert mean.link == "#测评!E2"


def test_without_tallies_the_sheet_says_so() -> None:
    """A sheet that was there before does not go on showing what no longer is."""
    head = ROWS.strip().splitlines()[0]
    assert shown(plan_of(assessed(head)))[1][0] == "还没有测评计票"


def test_without_surveys_there_is_no_sheet() -> None:
    scheme = small_scheme(方案="项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2016")
    period = parse_period("2016")
    intake = take_in((), {}, (), scheme.at(period.end), period)
    assert survey_sheet(assess(scheme, period, intake, {}), SheetNames({})) is None


@pytest.mark.soffice
def test_its_formulas_come_to_what_it_shows(tmp_path: Path) -> None:
    require_soffice()
    plan = plan_of(assessed())
    expected = {place: pytest.approx(cell.value, abs=1e-12) for place, cell in live_cells(plan).items()}
    assert len(expected) == 2
    assert recalculated(plan, tmp_path) == expected
