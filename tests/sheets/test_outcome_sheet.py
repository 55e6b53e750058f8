"""结果运用, 督办台账, 加减分汇总: what stands there, in which order, and that its sums recalculate."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from kaohe import terms
from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.lateness import Lateness
from kaohe.assess.outcomes import BARRED, LISTED, OPEN, Outcome, outcomes_of
from kaohe.assess.returns import take_in
from kaohe.model import Bonus, Ledger, OutcomeRule, Supervision, Unit, Veto
from kaohe.periods import parse_period
from kaohe.sheets.bonus_sheet import bonus_sheet
from kaohe.sheets.bonus_totals import BonusTotals, wanted
from kaohe.sheets.lists import FIRST_ROW
from kaohe.sheets.names import SheetNames
from kaohe.sheets.outcome_sheet import outcome_sheet
from kaohe.sheets.supervision_sheet import LATE, OVERDUE, supervision_sheet, watched
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan
from tests.support.libreoffice import require_soffice
from tests.support.plans import live_cells, recalculated
from tests.support.schemes import small_scheme

SCHEME = small_scheme(
    方案="项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2016",
    部分="代码|名称|上级|满分|性质\nA|发展||60|\nB|民生||40|\nJ|加分||5|加分\nJ2|创新|J|2|加分\nK|扣分||3|扣分",
    指标="""
        指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时
        X1|A|产值|亿元|正向|60|目标完成率|月度|无
        X2|B|满意率|%|正向|40|目标完成率|月度|无
        J01|J|国家表彰|项|正向|4|评定分|年度|无
        """,
    否决事项="代码|事项|后果\nV1|安全事故|取消评优",
    结果规则="代码|结果|性质|条件|数量|受否决限制|条款\nR1|约谈|约谈|总分末位|1||第九条\nR2|先进|表彰|总分前列|1|是|",
)


def assessed(ledger: Ledger, period: str = "2016") -> Assessment:
    at = parse_period(period)
    return assess(SCHEME, at, take_in((), {}, (), SCHEME.at(at.end), at), {}, ledger=ledger)


def shown(plan: SheetPlan, *columns: int) -> list[list[object]]:
    def value(cell: CellLike) -> object:
        return cell.value if isinstance(cell, Cell) else cell

    return [[value(row[at]) for at in columns] for row in plan.rows[FIRST_ROW - 1 :]]


def third(plan: SheetPlan) -> str:
    cell = plan.rows[2][0]
    assert isinstance(cell, Cell)
    return str(cell.value)


def outcome(rule: OutcomeRule, code: str, state: str = LISTED, kind: str = terms.KIND_UNIT) -> Outcome:
    return Outcome(rule, Unit(code, f"{code}区", kind=kind), state, "总分 90,甲组第 1", 1, "甲组", ("注意",))


def test_commendations_come_first_and_what_touches_persons_last() -> None:
    first, last = SCHEME.outcome_rules[1], SCHEME.outcome_rules[0]
    rows = [
        outcome(last, "U2"),
        outcome(first, "P1", kind=terms.KIND_PERSON),
        outcome(first, "U1", OPEN),
        outcome(first, "U3", BARRED),
    ]
    plan = outcome_sheet(assessed(Ledger()), rows)
    assert shown(plan, 0, 1, 6, 7, 9, 10, 11) == [
        [1, "表彰", "U1区", "并列待定", "建议表彰:先进", None, "注意"],
        [2, "表彰", "U3区", "因否决不予", "因否决不予:先进", None, "注意"],
        [3, "约谈", "U2区", "符合", "建议:约谈", "第九条", "注意"],
        [4, "提请研究", "P1区", "符合", "先进(提请研究,由有权机关决定)", None, "注意"],
    ]
    assert "由有权机关决定" in third(plan)


@pytest.mark.parametrize(("period", "text"), [("2016", "没有符合条件的单位"), ("2016-H1", "全年汇总时列出")])
def test_nobody_listed_says_why(period: str, text: str) -> None:
    assert shown(outcome_sheet(assessed(Ledger(), period), ()), 0) == [[text]]
    without = assessed(Ledger())
    bare = replace(without, scores=replace(without.scores, scheme=replace(SCHEME, outcome_rules=())))
    assert shown(outcome_sheet(bare, ()), 0) == [["方案没有《结果规则》"]]


def test_outcomes_of_a_run_with_provisional_units_list_nobody_by_total() -> None:
    made = assessed(Ledger(vetoes=(Veto("2016", "U1", "V1", "2016-05-01", "通报"),)))
    found = outcomes_of(made.scores, made.standings, made.gradings.by_unit, made.ledger)
    assert found.rows == ()


def problem(number: int, deadline: str, state: str = "办理中", closed: str = "") -> Supervision:
    return Supervision(
        f"2017-{number:02}", "U1", "进度滞后", "李四", "2017-01-05", deadline, state, closed, "督查件"
    )


TODAY = dt.date(2017, 6, 30)


def test_xn4_the_overdue_ones_come_first() -> None:
    rows = (
        problem(1, "2017-07-10"),
        problem(2, "2017-03-01", "已销号", "2017-02-27"),
        problem(3, "2017-06-20"),
        problem(4, "2017-06-29"),
        problem(5, "2017-03-01", "已销号", "2017-03-04"),
        problem(6, "2017-06-30"),
        problem(7, ""),
    )
    assert [(item.row.number[-2:], item.state, item.days) for item in watched(rows, TODAY)] == [
        ("03", OVERDUE, 10),
        ("04", OVERDUE, 1),
        ("07", "办理中", 0),
        ("06", "办理中", 0),
        ("01", "办理中", 0),
        ("05", LATE, 3),
        ("02", "已销号", 0),
    ]
    plan = supervision_sheet(assessed(Ledger()), rows, TODAY)
    assert "共 7 项,已销号 2 项,办理中 5 项,其中超期 2 项(截至2017-06-30)" in third(plan)
    assert shown(plan, 0, 2, 7, 9)[0] == ["2017-03", "东区", OVERDUE, 10]


def test_xn4_28_sheets_all_closed() -> None:
    """XN4 ▣: 28 sheets, all closed; the same on any later day."""
    rows = tuple(problem(number, "2017-11-30", "已销号", "2017-11-20") for number in range(1, 29))
    for day in (dt.date(2017, 12, 31), dt.date(2019, 1, 1)):
        plan = supervision_sheet(assessed(Ledger()), rows, day)
        assert "共 28 项,已销号 28 项,办理中 0 项,其中超期 0 项" in third(plan)
        assert {row[0] for row in shown(plan, 7)} == {"已销号"}
    assert shown(supervision_sheet(assessed(Ledger()), (), TODAY), 0) == [["没有督办事项"]]


def bonus(unit: str, item: str, points: float, reason: str) -> Bonus:
    return Bonus("2016", unit, item, points, reason, "文件", "考核办", "2016-12-20")


BONUSES = Ledger(
    bonuses=(
        bonus("U1", "J01", 3.0, "国务院表彰"),
        bonus("U1", "J01", 2.5, "部委表彰"),
        bonus("U1", "J2", 2.25, "改革试点"),
        bonus("U1", "K", 0.5, "信息迟报"),
        bonus("U2", "J", -1.0, "撤销"),
    )
)


def test_wxj2_what_counted_and_what_was_cut() -> None:
    made = assessed(BONUSES)
    late = {"U2": Lateness(3, 0.2, 0.3, dt.date(2016, 7, 10))}
    plan = bonus_sheet(replace(made, beside=replace(made.beside, late=late)))
    assert shown(plan, 1, 2, 5, 10, 11, 12, 13) == [
        ["东区", "加分", "国家表彰", 3.0, None, None, None],
        ["东区", "加分", "国家表彰", 2.5, None, None, None],
        ["东区", "加分", "国家表彰小计", 5.5, 4.0, 4.0, 1.5],
        ["东区", "加分", "创新", 2.25, None, 2.25, 0.0],
        ["东区", "加分", "创新合计", 2.25, 2.0, 2.0, 0.25],
        ["东区", "加分", "加分合计", 6.0, 5.0, 5.0, 1.0],
        ["东区", "扣分", "扣分", 0.5, None, 0.5, 0.0],
        ["东区", "扣分", "扣分合计", 0.5, 3.0, 0.5, 0.0],
        ["西区", "加分", "加分", -1.0, None, 0.0, 0.0],
        ["西区", "加分", "加分合计", 0.0, 5.0, 0.0, 0.0],
        ["西区", "迟报扣分", "迟报", 0.3, 0.2, 0.2, 0.1],
    ]
    assert shown(bonus_sheet(assessed(Ledger())), 0) == [["没有加分和扣分"]]


def test_the_ranking_finds_what_goes_into_the_total() -> None:
    """Every row carries the unit's key; the sums the ranking looks up are those of the standings."""
    late = {"U2": Lateness(3, 0.2, 0.3, dt.date(2016, 7, 10))}
    made = assessed(BONUSES)
    made = replace(made, beside=replace(made.beside, late=late))
    rows = shown(bonus_sheet(made), 14, 2, 5, 12)
    assert [row for row in rows if row[2] in ("加分合计", "扣分合计", "迟报")] == [
        ["kU1", "加分", "加分合计", 5.0],
        ["kU1", "扣分", "扣分合计", 0.5],
        ["kU2", "加分", "加分合计", 0.0],
        ["kU2", "迟报扣分", "迟报", 0.2],
    ]
    totals = BonusTotals.of(made, SheetNames({"加减分汇总": "加减 汇总"}))
    assert totals is not None
    area = [f"'加减 汇总'!${letter}$5:${letter}${FIRST_ROW + len(rows) - 1}" for letter in "MOCF"]
    looked_up = 'ROUND(SUMIFS({},{},$A1,{},"{}",{},"{}"),2)'
    assert totals.kind("加分", "$A1", 2) == looked_up.format(*area[:3], "加分", area[3], "加分合计")
    assert totals.late("$A1", 2) == looked_up.format(*area[:3], "迟报扣分", area[3], "迟报")
    assert wanted(assessed(Ledger()))


@pytest.mark.soffice
def test_its_sums_come_to_what_it_shows(tmp_path: Path) -> None:
    require_soffice()
    made = assessed(BONUSES)
    plan = bonus_sheet(made)
    expected = {place: cell.value for place, cell in live_cells(plan).items()}
    assert len(expected) == 21
    assert recalculated(plan, tmp_path) == expected
