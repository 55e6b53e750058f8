"""WX-D: seven districts by group efficacy, day-to-day work and partners; each test quotes its rule."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest

from kaohe import terms
from kaohe.assess.outcomes import BARRED, LISTED
from kaohe.model import Adjustment, CrossCheck, PastResult, Scheme, Veto
from kaohe.periods import parse_period
from kaohe.values.rounding import round_half_away
from tests.systems.played import Loaded, listed, loaded, play, played, rows, scheme_findings, typed

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


def figures(code: str) -> dict[str, Decimal]:
    """What stands for an indicator: the assessing department's figure before the unit's own."""
    given = {**typed(CODE, "填报", YEAR), **typed(CODE, "考评", YEAR)}
    return {unit.code: Decimal(given[unit.code, code]["完成值"]) for unit in scheme().units}


def prior(code: str, unit: str) -> Decimal:
    (row,) = (row for row in scheme().targets if (row.indicator, row.unit) == (code, unit))
    return Decimal(str(row.prior))


def efficacy(measures: dict[str, Decimal], weight: Decimal | int) -> dict[str, Decimal]:
    """60% for the worst, all for the best, in between by distance."""
    worst, best = min(measures.values()), max(measures.values())
    share = {
        unit: Decimal("0.6") + Decimal("0.4") * (own - worst) / (best - worst)
        for unit, own in measures.items()
    }
    return {unit: half_up(weight * part) for unit, part in share.items()}


def half_up(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def points(code: str) -> dict[str, Decimal]:
    """Points of the assessed demo by unit."""
    scores = played(CODE, YEAR).scores
    result = scores.results[code]
    return {
        unit.code: Decimal(int(found)).scaleb(-scores.places)
        for unit, found in zip(scores.units, result.points, strict=True)
    }


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


@pytest.mark.parametrize("code", GROWING)
def test_wxd2_points_are_those_of_a_slow_reckoning(code: str) -> None:
    """Both sides by distance between the worst (60%) and the best (100%) of the seven, then 40 + 60."""
    growth = scheme().indicator_by_code[code]
    levels = figures(growth.value_from)
    rates = {unit: (level - prior(code, unit)) / prior(code, unit) for unit, level in levels.items()}
    level_points, growth_points = efficacy(levels, 40), efficacy(rates, 60)
    assert points(growth.value_from) == level_points
    assert points(code) == growth_points
    head = scheme().indicator_by_code[growth.parent]
    weight = Decimal(str(head.weight))
    whole = {unit: half_up(weight * (level_points[unit] + growth_points[unit]) / 100) for unit in levels}
    assert points(head.code) == whole


# WXD3 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", KEYS)
def test_wxd3_year_end_together_with_day_to_day(code: str) -> None:
    year_end, daily = scheme().components[code]
    assert (year_end.weight, daily.weight) == (80, 20)
    assert daily.value_source == terms.SOURCE_ASSESSED
    assert any(row.indicator == year_end.code and row.value is not None for row in scheme().targets)


@pytest.mark.parametrize("code", KEYS)
def test_wxd3_points_are_those_of_a_slow_reckoning(code: str) -> None:
    year_end, daily = scheme().components[code]
    assert points(daily.code) == {unit: half_up(mark) for unit, mark in figures(daily.code).items()}
    sums = {unit: points(year_end.code)[unit] + mark for unit, mark in points(daily.code).items()}
    weight = Decimal(str(scheme().indicator_by_code[code].weight))
    assert points(code) == {unit: half_up(weight * sums[unit] / 100) for unit in sums}


# WXD4 ---------------------------------------------------------------------------------------------


def test_wxd4_each_unit_has_a_partner_of_its_own() -> None:
    assert len({unit.partner for unit in scheme().units} - {""}) == 7


@pytest.mark.parametrize("code", BENCHMARKED)
def test_wxd4_growth_rates_are_compared_with_the_partners(code: str) -> None:
    assert scheme().indicator_by_code[code].method == "对标增速"
    partners = {row.scope: row.name for row in scheme().parameters if row.indicator == code}
    assert partners == {unit.code: "对标值" for unit in scheme().units}


@pytest.mark.parametrize("code", BENCHMARKED)
def test_wxd4_points_are_those_of_a_slow_reckoning(code: str) -> None:
    partners = {row.scope: Decimal(str(row.value)) for row in scheme().parameters if row.indicator == code}
    ahead = {unit: own - partners[unit] for unit, own in figures(code).items()}
    assert points(code) == efficacy(ahead, Decimal(str(scheme().indicator_by_code[code].weight)))


@pytest.mark.parametrize("check", loaded(CODE).scheme.crosschecks, ids=lambda check: check.code)
def test_wxd4_the_rates_follow_from_levels_and_priors(check: CrossCheck) -> None:
    """What the demo's units type as a growth rate is what their own figures come to."""
    left = check.left.removeprefix("完成值_")
    source = check.right.split("完成值_")[1].split("/")[0]
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


def test_wxd5_ranking_of_the_seven() -> None:
    found = played(CODE, YEAR).standings
    assert [s.unit.name for s in found] == [
        "惠山区",
        "锡山区",
        "江阴市",
        "新吴区",
        "滨湖区",
        "宜兴市",
        "梁溪区",
    ]
    assert [s.rank for s in found] == list(range(1, 8))
    for s in found:
        assert sum(Decimal(str(points)) for points in s.parts.values()) == Decimal(str(s.total))


def test_wxd5_an_event_bars_from_the_award_and_from_nothing_else() -> None:
    assessment = played(CODE, YEAR)
    assert listed(assessment, "R01") == {LISTED: ["惠山区", "锡山区", "新吴区"], BARRED: ["江阴市"]}
    (barred,) = (s for s in assessment.standings if s.vetoes)
    assert (barred.unit.name, barred.rank, barred.place) == ("江阴市", 3, 3)
    freed = play(CODE, YEAR, alter=lambda system: with_ledger(system, vetoes=()))
    assert listed(freed, "R01") == {LISTED: ["惠山区", "锡山区", "江阴市"]}
    assert [s.total for s in freed.standings] == [s.total for s in assessment.standings]


@pytest.mark.parametrize("event", ["N01", "N02", "N03", "N04", "N05"])
def test_wxd5_each_of_the_five_events_bars(event: str) -> None:
    veto = replace(loaded(CODE).ledger.vetoes[0], unit="D05", event=event)
    struck = play(CODE, YEAR, alter=lambda system: with_ledger(system, vetoes=(veto,)))
    assert listed(struck, "R01") == {LISTED: ["锡山区", "江阴市", "新吴区"], BARRED: ["惠山区"]}


def test_wxd5_first_in_each_of_six_key_indicators() -> None:
    found = [row for row in played(CODE, YEAR).outcomes.rows if row.rule.code == "R02"]
    assert [(name_in(row.basis), row.unit.name) for row in found] == [
        ("一般公共预算收入", "惠山区"),
        ("工业有效投入", "惠山区"),
        ("到位注册外资", "新吴区"),
        ("高新技术产业产值占规模以上工业比重", "新吴区"),
        ("重大产业项目开工", "锡山区"),
        ("规模以上服务业营业收入", "滨湖区"),
    ]
    for row, code in zip(found, ("B1", "B2", "B3", "B4", "B5", "B6"), strict=True):
        assert points(code)[row.unit.code] == max(points(code).values())


def name_in(basis: str) -> str:
    return basis.split("第一")[0]


def test_wxd5_the_last_is_talked_to() -> None:
    assert listed(played(CODE, YEAR), "R03") == {LISTED: ["梁溪区"]}


def test_wxd5_two_years_across_a_merger_hold_only_if_every_predecessor_was_last() -> None:
    """Of the three merged into 梁溪 only 北塘 was last in 2015."""
    assert listed(played(CODE, YEAR), "R04") == {}
    merged = ("H06", "H07", "H08")
    history = tuple(
        replace(row, rank=9) if row.unit in merged else row for row in loaded(CODE).ledger.history
    )
    all_last = play(CODE, YEAR, alter=lambda system: with_ledger(system, history=history))
    assert listed(all_last, "R04") == {LISTED: ["梁溪区"]}
    (row,) = (row for row in all_last.outcomes.rows if row.rule.code == "R04")
    assert all(name in row.basis for name in ("崇安区", "南长区", "北塘区"))


def test_wxd5_two_years_across_a_new_name_is_only_listed_for_the_leaders() -> None:
    ranks = {"H09": 9, "H08": 1}
    history = tuple(replace(row, rank=ranks.get(row.unit, row.rank)) for row in loaded(CODE).ledger.history)
    decided = Adjustment(YEAR, "D07", "", terms.ADJUST_TOTAL, "60", "会议纪要", "领导小组", "2017-02-01")
    found = play(
        CODE, YEAR, alter=lambda system: with_ledger(system, history=history, adjustments=(decided,))
    )
    assert listed(found, "R03") == {LISTED: ["新吴区"]}
    assert listed(found, "R04") == {LISTED: ["新吴区"]}
    (row,) = (row for row in found.outcomes.rows if row.rule.code == "R04")
    assert "新区" in row.basis
    assert row.nature == terms.NATURE_ADVICE
    assert "提请研究" in row.proposal


def with_ledger(
    system: Loaded,
    *,
    vetoes: tuple[Veto, ...] | None = None,
    history: tuple[PastResult, ...] | None = None,
    adjustments: tuple[Adjustment, ...] = (),
) -> Loaded:
    """The system with other registers."""
    ledger = system.ledger
    changed = replace(
        ledger,
        vetoes=ledger.vetoes if vetoes is None else vetoes,
        history=ledger.history if history is None else history,
        adjustments=adjustments,
    )
    return system._replace(ledger=changed)


def test_the_run_asks_back_what_it_should_and_nothing_else() -> None:
    """Two figures a department set otherwise than the district; a merged district's forerunners differ."""
    found = [(f.code, f.location.unit) for f in played(CODE, YEAR).findings]
    assert found == [("V23", "D05"), ("V23", "D05"), ("G27", "")]
