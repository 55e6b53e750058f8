"""WX-Z: fourteen development zones in two classes, against partners elsewhere; each test quotes its rule."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest

from kaohe import terms
from kaohe.assess.history import read_history
from kaohe.assess.outcome_figures import figures_of
from kaohe.assess.outcomes import Outcome, outcomes
from kaohe.model import Indicator, OutcomeRule, Scheme
from kaohe.periods import parse_period
from tests.systems.played import loaded, played, rows, scheme_findings, tables, typed

CODE, YEAR = "WX-Z", "2016"
NATIONAL, PROVINCIAL = "国家级", "省级"
WHOLE, KEY, BENCHMARK, INNOVATION = "Z", "K", "B", "C"
"""The four parts."""
OWN_RANKS, PARTNER_RANKS = "近三年省评名次(虚构)", "对标开发区近三年省评名次(虚构)"


def scheme() -> Scheme:
    return loaded(CODE).scheme.at(parse_period(YEAR).end)


def inside(part: str) -> list[Indicator]:
    """Indicators below a part of the first level."""
    found = [(row, scheme().top_part_of(row)) for row in scheme().indicators]
    return [row for row, top in found if top is not None and top.code == part]


def rules(condition: str) -> list[OutcomeRule]:
    return [row for row in scheme().outcome_rules if row.condition == condition]


def parameter(indicator: str, unit: str, name: str) -> float:
    return next(
        row.value
        for row in scheme().parameters
        if (row.indicator, row.scope, row.name) == (indicator, unit, name)
    )


def growth(unit: str, code: str) -> Fraction:
    """A zone's growth this year in percentage points: the department's figure before the zone's own."""
    row = typed(CODE, "考评", YEAR).get((unit, code)) or typed(CODE, "填报", YEAR)[unit, code]
    return Fraction(row["完成值"])


def growth_before(unit: str, code: str) -> Fraction:
    return Fraction(
        str(
            next(
                row.value
                for row in loaded(CODE).ledger.history
                if (row.year, row.unit, row.indicator) == (2015, unit, code)
            )
        )
    )


def test_the_tables_are_read_without_a_finding() -> None:
    assert scheme_findings(CODE, YEAR) == []


def test_it_says_that_it_is_a_demo() -> None:
    assert str(scheme().settings["数据声明"]).startswith("演示数据:部分数字取自公开汇报,其余为虚构")
    assert {row["出处"] for kind in ("填报", "考评") for row in rows(CODE, kind, YEAR)} == {"虚构"}


def test_wxz_fourteen_zones_of_two_classes_ranked_apart() -> None:
    """▣ 14 = 6 国家级 + 8 省级, ranked apart."""
    assert Counter(unit.unit_class for unit in scheme().units) == {NATIONAL: 6, PROVINCIAL: 8}
    assert len(scheme().units) == 14
    assert all(unit.group == unit.unit_class for unit in scheme().units)
    assert scheme().settings["比较范围"] == "考核组"


def test_wxz_ten_departments_and_the_commerce_bureau_leads() -> None:
    """▣ 商务局 leads ten departments."""
    assessors = {row.assessor for row in scheme().indicators if row.assessor}
    assert len(assessors) == 10
    assert "商务局" in assessors
    assert "商务局" in str(scheme().settings["考核机关"])


# WXZ1 ---------------------------------------------------------------------------------------------


def test_wxz1_eight_fields_and_62_indicators() -> None:
    """▣ 综合 (8 fields, 62 indicators)."""
    fields = [part for part in scheme().parts if part.parent == WHOLE]
    assert len(fields) == 8
    assert len(inside(WHOLE)) == 62
    assert {row.parent for row in inside(WHOLE)} == {part.code for part in fields}
    assert len({row.name for row in inside(WHOLE)}) == 62


def test_wxz1_five_key_indicators_and_the_same_five_benchmarked() -> None:
    """▣ 重点 (5), 对标 (the same 5), 创新创优."""
    keys = [row.code for row in inside(KEY)]
    assert len(keys) == 5
    assert [row.value_from for row in inside(BENCHMARK)] == keys
    assert {row.value_source for row in inside(BENCHMARK)} == {terms.SOURCE_BORROWED}
    assert {row.value_source for row in inside(INNOVATION)} == {terms.SOURCE_ASSESSED}


def test_wxz1_four_parts_make_100() -> None:
    top = {part.name: part.weight for part in scheme().parts if not part.parent}
    assert list(top) == ["综合考评", "重点考评", "对标考评", "创新创优"]
    assert sum(weight or 0 for weight in top.values()) == 100


def test_wxz1_everything_is_typed_by_its_own_hand() -> None:
    """The zones type what is 填报, the departments what is 考评; nobody leaves a gap that is not ruled on."""
    own, marks = typed(CODE, "填报", YEAR), typed(CODE, "考评", YEAR)
    ruled = {(row.unit, row.indicator) for row in loaded(CODE).ledger.adjustments}
    for row in scheme().indicators:
        source = {terms.SOURCE_ENTERED: own, terms.SOURCE_ASSESSED: marks}.get(row.value_source, {})
        for unit in scheme().units:
            expected = bool(source) and (unit.code, row.code) not in ruled
            assert ((unit.code, row.code) in source) is expected, (unit.code, row.code)
    checked = {code for _, code in marks} & {code for _, code in own}
    assert checked == {"K1", "K2"}


def test_wxz1_many_ways_of_scoring() -> None:
    methods = Counter(row.method for row in inside(WHOLE))
    assert len(methods) >= 15
    assert {"总量增幅", "功效系数组内", "排名赋分", "持平得八成", "区间适度", "是否"} <= set(methods)


# WXZ2 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit_class", [NATIONAL, PROVINCIAL])
def test_wxz2_partners_in_the_order_of_three_years_of_provincial_evaluation(unit_class: str) -> None:
    """WXZ2: zones and partners, each in the order of the last three years' ranks, are matched one to one."""
    lines = [row for row in tables(CODE)["unit"].rows if row.text("unit_class") == unit_class]
    for title in (OWN_RANKS, PARTNER_RANKS):
        sums = [sum(map(int, row.text(title).split("、"))) for row in lines]
        assert all(len(row.text(title).split("、")) == 3 for row in lines)
        assert all(before < after for before, after in pairwise(sums))
    partners = [row.text("partner") for row in lines]
    assert all(partners)
    assert len(set(partners)) == len(partners)


def test_wxz2_a_partner_is_ahead_of_its_zone() -> None:
    for row in tables(CODE)["unit"].rows:
        own, partner = (sum(map(int, row.text(title).split("、"))) for title in (OWN_RANKS, PARTNER_RANKS))
        assert partner < own, row.text("name")


def test_wxz2_own_and_partners_growth_of_two_years_are_there() -> None:
    """The change of relative speed needs four growth rates; last year's own is the one in 历史."""
    targets = {(row.indicator, row.unit): row for row in scheme().targets}
    for row in inside(BENCHMARK):
        for unit in scheme().units:
            before = targets[row.code, unit.code].prior
            assert before == float(growth_before(unit.code, row.value_from))
            assert before == targets[row.value_from, unit.code].prior
            for name in ("对标值", "对标上年值"):
                assert -30 < parameter(row.code, unit.code, name) < 40


# WXZ3 ---------------------------------------------------------------------------------------------


def test_wxz3_rules_of_outcomes() -> None:
    """WXZ3: 先进 per class, first in each of the 5, last of both classes, two years → 提请研究."""
    keys = tuple(row.code for row in inside(KEY))
    assert [row.scope for row in rules(terms.FIRST_IN_TOTAL)] == [(NATIONAL,), (PROVINCIAL,)]
    assert [row.indicators for row in rules(terms.FIRST_IN_INDICATOR)] == [keys]
    last = rules(terms.LAST_IN_TOTAL)
    assert [(row.scope, row.nature) for row in last] == [((NATIONAL,), "约谈"), ((PROVINCIAL,), "约谈")]
    for condition in (terms.BELOW_MEAN_YEARS, terms.BELOW_TARGET_YEARS):
        (rule,) = rules(condition)
        assert (rule.indicators, rule.years, rule.nature) == (keys, 2, terms.NATURE_ADVICE)


def test_wxz3_last_years_results_are_there_for_all() -> None:
    history = loaded(CODE).ledger.history
    assert {row.year for row in history} == {2015}
    counts = Counter(row.indicator for row in history)
    assert counts == {"": 14, **{row.code: 14 for row in inside(KEY)}}
    for row in inside(KEY):
        past = [h for h in history if h.indicator == row.code]
        mean = sum((Fraction(str(h.value)) for h in past), Fraction(0)) / 14
        assert all(abs(Fraction(str(h.mean)) - mean) < Fraction(1, 10000) for h in past)
        assert all((h.met == "是") is (h.value >= h.target) for h in past if h.value and h.target)


# The whole line ------------------------------------------------------------------------------------


def test_wxz_the_demo_runs_without_an_error() -> None:
    """Checked figures that differ, a shrinking trade and a ruling are said; every zone has a rank."""
    codes = Counter(finding.code for finding in played(CODE, YEAR).findings)
    # Two departments only check figures and, played without files, have sent nothing back.
    assert codes == {"V23": 3, "V22": 1, "D03": 1, "W16": 2}
    ranks = {
        unit_class: [row.rank for row in played(CODE, YEAR).standings if row.unit.unit_class == unit_class]
        for unit_class in (NATIONAL, PROVINCIAL)
    }
    assert ranks == {NATIONAL: list(range(1, 7)), PROVINCIAL: list(range(1, 9))}


def test_wxz1_parts_add_up() -> None:
    for row in played(CODE, YEAR).standings:
        assert set(row.parts) == {WHOLE, KEY, BENCHMARK, INNOVATION}
        assert row.total == float(sum(Fraction(str(points)) for points in row.parts.values()))
        assert row.measured_weight == 100


def test_wxz1_a_borrowed_value_is_that_of_the_key_indicator() -> None:
    results = played(CODE, YEAR).scores.results
    for row in inside(BENCHMARK):
        assert list(results[row.code].actual) == list(results[row.value_from].actual)


@pytest.mark.parametrize("number", range(1, 6))
def test_wxz2_change_of_relative_speed(number: int) -> None:
    """WXZ2: (own − partner's growth) this year less that of last year, compared within the class."""
    code, key = f"B{number}", f"K{number}"
    change = {
        unit.code: (growth(unit.code, key) - Fraction(str(parameter(code, unit.code, "对标值"))))
        - (growth_before(unit.code, key) - Fraction(str(parameter(code, unit.code, "对标上年值"))))
        for unit in scheme().units
    }
    result = played(CODE, YEAR).scores.results[code]
    for at, unit in enumerate(scheme().units):
        group = [change[other.code] for other in scheme().units if other.unit_class == unit.unit_class]
        share = (change[unit.code] - min(group)) / (max(group) - min(group))
        points = 3 * (Fraction(3, 5) + Fraction(2, 5) * share)
        assert result.points[at] == int(points * 100 + Fraction(1, 2)), unit.name


# What follows -------------------------------------------------------------------------------------


def listed(rule: str) -> list[Outcome]:
    """Whom a row of 结果规则 lists."""
    result = played(CODE, YEAR)
    history, _ = read_history(scheme(), result.ledger.history, result.ledger.successions)
    found = outcomes(
        scheme(), 2016, result.standings, result.gradings.by_unit, figures_of(result.scores), history
    )
    return [row for row in found.rows if row.rule.code == rule]


def test_wxz3_advanced_zones_per_class() -> None:
    """WXZ3: 先进开发区 per class, by rank."""
    assert [row.unit.code for row in listed("R1")] == ["G1", "G2"]
    assert [row.unit.code for row in listed("R2")] == ["S1", "S2", "S3"]


@pytest.mark.parametrize("unit_class", [NATIONAL, PROVINCIAL])
def test_wxz3_the_first_in_each_of_the_five(unit_class: str) -> None:
    """WXZ3: first in each of the 5 key indicators, by score, then by growth; ties all."""
    zones = [unit.code for unit in scheme().units if unit.unit_class == unit_class]
    expected = [
        code
        for key in inside(KEY)
        for code in zones
        if growth(code, key.code) == max(growth(other, key.code) for other in zones)
    ]
    assert len(expected) >= 5
    assert [row.unit.code for row in listed("R3") if row.unit.unit_class == unit_class] == expected


def test_wxz3_the_last_of_both_classes_is_spoken_to() -> None:
    """▣ last of the 国家级 **and** last of the 省级 → 约谈."""
    last = [row.unit.code for rule in ("R4", "R5") for row in listed(rule)]
    assert last == [
        max(
            (row for row in played(CODE, YEAR).standings if row.unit.unit_class == unit_class),
            key=lambda row: row.rank or 0,
        ).unit.code
        for unit_class in (NATIONAL, PROVINCIAL)
    ]
    assert {row.nature for rule in ("R4", "R5") for row in listed(rule)} == {"约谈"}


def test_wxz3_two_years_below_the_average_or_short_of_the_target_are_only_listed() -> None:
    """WXZ3: below the city's average, or short of the target, in two years → 提请研究, as WXD5."""
    targets = {(row.indicator, row.unit): Fraction(str(row.value)) for row in scheme().targets if row.value}
    zones = [unit.code for unit in scheme().units]
    keys = [row.code for row in inside(KEY)]

    def below(code: str, key: str) -> bool:
        years = (growth, growth_before)
        return all(
            year(code, key) < sum((year(other, key) for other in zones), Fraction(0)) / 14 for year in years
        )

    def short(code: str, key: str) -> bool:
        return max(growth(code, key), growth_before(code, key)) < targets[key, code]

    expected = {
        "R6": [code for code in zones if all(below(code, key) for key in keys)],
        "R7": [code for code in zones if all(short(code, key) for key in keys)],
    }
    assert all(expected.values())
    for rule, codes in expected.items():
        assert [row.unit.code for row in listed(rule)] == codes
        assert {row.nature for row in listed(rule)} == {terms.NATURE_ADVICE}
        assert all("由有权机关决定" in row.proposal for row in listed(rule))
