"""WX-D: seven districts by group efficacy, day-to-day work and partners; each test quotes its rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kaohe import terms
from kaohe.model import Scheme
from kaohe.periods import parse_period
from kaohe.values.rounding import round_half_away
from tests.systems.played import loaded, rows, scheme_findings, typed

CODE, YEAR = "WX-D", "2016"
UNITS = ("江阴市", "宜兴市", "梁溪区", "锡山区", "惠山区", "滨湖区", "新吴区")
NINE_BEFORE = {"江阴市", "宜兴市", "锡山区", "惠山区", "滨湖区", "崇安区", "南长区", "北塘区", "新区"}
EVENTS = (
    "重特大安全生产事故",
    "重大负面影响群体性事件",
    "重大食品安全事件",
    "重大环境污染事件",
    "党政主要领导重大违纪违规",
)


def scheme() -> Scheme:
    return loaded(CODE).scheme.at(parse_period(YEAR).end)


def directly_in(part: str) -> list[str]:
    return [row.code for row in scheme().indicators if row.parent == part]


GROWING = [
    row.code for row in loaded(CODE).scheme.indicators if row.code.endswith("b") and row.parent[0] == "A"
]
KEYS = [row.code for row in loaded(CODE).scheme.indicators if row.parent == "B"]
BENCHMARKED = [row.code for row in loaded(CODE).scheme.indicators if row.parent == "C"]


def test_the_tables_are_read_without_a_finding() -> None:
    assert scheme_findings(CODE, YEAR) == []


def test_it_says_that_it_is_a_demo() -> None:
    assert str(scheme().settings["数据声明"]).startswith("演示数据")
    assert {row["出处"] for kind in ("填报", "考评") for row in rows(CODE, kind, YEAR)} == {"虚构"}


def test_wxd_seven_units() -> None:
    """▣ 7 units: 江阴, 宜兴 + 梁溪, 锡山, 惠山, 滨湖, 新吴."""
    assert tuple(unit.name for unit in scheme().units) == UNITS
    assert [unit.unit_class for unit in scheme().units] == ["市(县)"] * 2 + ["区"] * 5
    assert len({unit.group for unit in scheme().units}) == 1


# WXD1 ---------------------------------------------------------------------------------------------


def test_wxd1_five_parts() -> None:
    top = {part.name: part.weight for part in scheme().parts if not part.parent}
    assert list(top) == ["综合", "重点", "对标", "攻坚克难", "创新"]
    assert sum(weight or 0 for weight in top.values()) == 100


def test_wxd1_six_fields_eight_key_indicators_nine_benchmarked() -> None:
    """▣ 综合 (6 fields), 重点 (8 indicators), 对标 (9)."""
    assert len([part for part in scheme().parts if part.parent == "A"]) == 6
    assert (len(KEYS), len(BENCHMARKED)) == (8, 9)
    assert directly_in("D")
    assert directly_in("E")


def test_wxd1_departments_score() -> None:
    assessors = {row.assessor for row in scheme().indicators if row.assessor}
    assert len(assessors) > 10
    for (unit, code), _ in typed(CODE, "考评", YEAR).items():
        assert scheme().indicator_by_code[code].assessor, (unit, code)
    marked = {code for _, code in typed(CODE, "考评", YEAR)}
    assert marked == {row.code for row in scheme().indicators if row.assessor}


# WXD2 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", GROWING)
def test_wxd2_level_and_growth_four_to_six(code: str) -> None:
    growth = scheme().indicator_by_code[code]
    level, same = scheme().components[growth.parent]
    assert same == growth
    assert (level.weight, growth.weight) == (40, 60)
    assert (level.method, growth.method) == ("功效系数组内", "增幅功效组内")
    assert (growth.value_source, growth.value_from) == (terms.SOURCE_BORROWED, level.code)
    priors = [row.prior for row in scheme().targets if row.indicator == code]
    assert len(priors) == 7
    assert all(prior is not None and prior > 0 for prior in priors)


# WXD3 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", KEYS)
def test_wxd3_year_end_together_with_day_to_day(code: str) -> None:
    year_end, daily = scheme().components[code]
    assert (year_end.weight, daily.weight) == (80, 20)
    assert daily.value_source == terms.SOURCE_ASSESSED
    assert any(row.indicator == year_end.code and row.value is not None for row in scheme().targets)


# WXD4 ---------------------------------------------------------------------------------------------


def test_wxd4_each_unit_has_a_partner_of_its_own() -> None:
    assert len({unit.partner for unit in scheme().units} - {""}) == 7


@pytest.mark.parametrize("code", BENCHMARKED)
def test_wxd4_growth_rates_are_compared_with_the_partners(code: str) -> None:
    assert scheme().indicator_by_code[code].method == "对标增速"
    partners = {row.scope: row.name for row in scheme().parameters if row.indicator == code}
    assert partners == {unit.code: "对标值" for unit in scheme().units}


@pytest.mark.parametrize("check", loaded(CODE).scheme.crosschecks, ids=lambda check: check.code)
def test_wxd4_the_rates_follow_from_levels_and_priors(check: object) -> None:
    """What the demo's units type as a growth rate is what their own figures come to."""
    left = check.left.removeprefix("完成值_")  # type: ignore[attr-defined]
    source = check.right.split("完成值_")[1].split("/")[0]  # type: ignore[attr-defined]
    priors = {row.unit: row.prior for row in scheme().targets if row.indicator == f"{source[:-1]}b"}
    given = {**typed(CODE, "填报", YEAR), **typed(CODE, "考评", YEAR)}
    for unit in scheme().units:
        level, prior = Decimal(given[unit.code, source]["完成值"]), Decimal(str(priors[unit.code]))
        rate = round_half_away(float((level / prior - 1) * 100), 1)
        assert rate == float(given[unit.code, left]["完成值"]), (unit.name, left)


# WXD5 ---------------------------------------------------------------------------------------------


def test_wxd5_five_events_bar_from_the_award() -> None:
    assert tuple(event.name for event in scheme().veto_events) == EVENTS
    assert {event.consequence for event in scheme().veto_events} == {terms.VETO_BARS}


def test_wxd5_outcomes() -> None:
    rules = {rule.condition: rule for rule in scheme().outcome_rules}
    assert set(rules) == {
        terms.FIRST_IN_TOTAL,
        terms.FIRST_IN_INDICATOR,
        terms.LAST_IN_TOTAL,
        terms.LAST_YEARS,
    }
    assert rules[terms.FIRST_IN_TOTAL].barred
    assert len(set(rules[terms.FIRST_IN_INDICATOR].indicators)) == 6
    assert set(rules[terms.FIRST_IN_INDICATOR].indicators) < set(KEYS)
    assert rules[terms.LAST_IN_TOTAL].nature == "诫勉谈话"
    assert (rules[terms.LAST_YEARS].years, rules[terms.LAST_YEARS].nature) == (2, terms.NATURE_ADVICE)


def test_wxd5_nine_blocks_before_and_seven_now() -> None:
    ledger = loaded(CODE).ledger
    assert {row.name for row in ledger.history} == NINE_BEFORE
    assert sorted(row.rank or 0 for row in ledger.history) == list(range(1, 10))
    assert {row.of for row in ledger.history} == {9}
    by_score = sorted(ledger.history, key=lambda row: -(row.score or 0))
    assert [row.rank for row in by_score] == list(range(1, 10))
    new = {row.old_name: (row.how, row.new) for row in ledger.successions}
    merged = ("合并", "D03")
    assert new == {"崇安区": merged, "南长区": merged, "北塘区": merged, "新区": ("更名", "D07")}
    codes = {unit.code for unit in scheme().units} | {row.old for row in ledger.successions}
    assert {row.unit for row in ledger.history} <= codes
