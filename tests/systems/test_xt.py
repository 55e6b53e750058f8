"""XT: targets of the province and the city under one roof; each test quotes the rule it holds to."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest

from kaohe import terms
from kaohe.assess.alignment import AlignmentRow, alignment, alignment_counts
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.survey import survey_values
from kaohe.model import Indicator, Scheme, Target
from kaohe.periods import parse_period
from kaohe.values.rounding import round_half_away
from tests.systems.figures import counted, crosschecked, points, value
from tests.systems.played import Loaded, changed, loaded, play, played, scheme_findings, tables, typed

CODE, YEAR = "XT", "2009"
ASPECTS = ("重点工作", "民生建设", "经济发展", "社会发展", "政府自身建设")
OUTSIDE = {"中国电信市分公司", "中国移动市分公司", "市电业局"}
SHARED = "A05"
"""A target of both levels that three units have in common."""


def scheme() -> Scheme:
    return loaded(CODE).scheme.at(parse_period(YEAR).end)


def levels_of(indicator: str) -> set[str]:
    return {row.level for row in scheme().targets if row.indicator == indicator}


def provincial() -> list[Indicator]:
    return [row for row in scheme().indicators if terms.LEVEL_PROVINCE in levels_of(row.code)]


def applied() -> list[Indicator]:
    return [row for row in provincial() if row.applies_to != (terms.NOBODY,)]


def aspect(row: Indicator) -> str:
    part = scheme().top_part_of(row)
    assert part is not None
    return part.name


def adopted(indicator: str, unit: str) -> float | None:
    found = played(CODE, YEAR).scores.lookup.target(indicator, unit)
    return found.value if found else None


def test_the_tables_are_read_without_a_finding() -> None:
    assert scheme_findings(CODE, YEAR) == []


def test_it_says_that_it_is_a_demo() -> None:
    assert str(scheme().settings["数据声明"]).startswith("演示数据")
    for kind in ("填报", "考评"):
        assert {row["出处"].split()[0] for row in typed(CODE, kind, YEAR).values()} <= {"公开", "虚构"}


# XT1 ----------------------------------------------------------------------------------------------


def test_xt1_125_provincial_targets_in_five_aspects() -> None:
    """▣ 125 in five aspects."""
    assert len(provincial()) == 125
    assert tuple(dict.fromkeys(aspect(row) for row in provincial())) == ASPECTS


def test_xt1_79_apply_here() -> None:
    """▣ 79 apply; the other 46 stay in the list and are assessed of nobody."""
    assert len(applied()) == 79
    rest = [row for row in provincial() if row not in applied()]
    assert not any(row.applies(unit) for row in rest for unit in scheme().units)
    assert all(any(row.applies(unit) for unit in scheme().units) for row in applied())


def test_xt1_47_were_city_targets_already() -> None:
    """▣ 47."""
    assert sum(terms.LEVEL_CITY in levels_of(row.code) for row in applied()) == 47


def test_xt1_32_are_new() -> None:
    """▣ 32 = 4 重点工程 + 10 民生和实事 + 11 经济 + 7 社会."""
    new = [row for row in applied() if levels_of(row.code) == {terms.LEVEL_PROVINCE}]
    assert Counter(aspect(row) for row in new) == {
        "重点工作": 4,
        "民生建设": 10,
        "经济发展": 11,
        "社会发展": 7,
    }
    assert len(new) == 32
    assert all("重点工程" in row.name for row in new if aspect(row) == "重点工作")


def test_xt1_the_alignment_counts_the_same() -> None:
    """▣ 125, 79, 47 and 32, as 目标对接 shows them."""
    counts = alignment_counts(aligned())
    assert (counts.listed, counts.applied, counts.shared) == (125, 79, 47)
    assert [counts.new[aspect] for aspect in ASPECTS] == [4, 10, 11, 7, 0]


def aligned() -> tuple[AlignmentRow, ...]:
    return alignment(scheme(), verdicts=loaded(CODE).ledger.verdicts, period=YEAR)


def test_xt_o_alignment_says_province_city_adopted_and_grade() -> None:
    rows = {(row.indicator.code, row.unit.code if row.unit else ""): row for row in aligned()}
    jobless = rows["B34", "U05"]
    assert jobless.province is not None
    assert jobless.own is not None
    assert jobless.adopted == jobless.own
    assert (jobless.province.value, jobless.own.value) == (4.5, 4.2)
    assert rows[SHARED, "U14"].verdict == "良好"
    assert rows["A13", ""].unit is None
    assert len(rows) == 46 + sum(sum(row.applies(u) for u in scheme().units) for row in applied())


# XT2, XT3 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "unit", "province", "city", "binds"),
    [("B08", "U05", 4.2, 4.5, 4.5), ("C06", "U15", 2.7, 2.6, 2.7), ("B10", "U06", 1200, 1200, 1200)],
)
def test_xt2_the_stricter_binds(
    indicator: str, unit: str, province: float, city: float, binds: float
) -> None:
    rows = played(CODE, YEAR).scores.lookup.targets_of(indicator, unit)
    assert [(row.level, row.value) for row in rows] == [("省", province), ("市", city)]
    assert adopted(indicator, unit) == binds


@pytest.mark.parametrize(("indicator", "unit", "binds"), [("B34", "U05", 4.2), ("D02", "U14", 7.5)])
def test_xt2_of_lower_is_better_the_lower_binds(indicator: str, unit: str, binds: float) -> None:
    assert scheme().indicator_by_code[indicator].direction == terms.LOWER_BETTER
    values = [row.value for row in scheme().targets if row.indicator == indicator]
    assert min(row for row in values if row is not None) == binds == adopted(indicator, unit)


def test_xt3_weights_tilt_to_the_province() -> None:
    factor = float(scheme().settings["省级权重倍数"])
    assert factor > 1
    for row in provincial():
        assert row.base_weight is not None
        assert Decimal(str(row.weight)) == Decimal(str(row.base_weight)) * Decimal(str(factor))
    own = [row for row in scheme().indicators if levels_of(row.code) == {terms.LEVEL_CITY}]
    assert own
    assert all(row.base_weight is None for row in own)


def test_xt3_the_total_is_checked_after_the_tilt() -> None:
    """Every unit comes to 100 with the declared multiplier; with another one that is a finding."""
    for unit in scheme().units:
        weights = [row.weight for row in scheme().indicators if row.applies(unit)]
        assert round_half_away(sum(weights), 6) == 100, unit
    whole = loaded(CODE).scheme
    other = replace(whole, settings={**whole.settings, "省级权重倍数": 1.3})
    assert {f.code for f in check_scheme(other, parse_period(YEAR))} == {"S01"}


# XT4, XT5 -----------------------------------------------------------------------------------------


def test_xt4_every_target_is_broken_down_to_units() -> None:
    """One or more 责任单位 each; some outside the government."""
    holders = {row.code: [unit for unit in scheme().units if row.applies(unit)] for row in applied()}
    assert min(map(len, holders.values())) == 1
    assert [unit.name for unit in holders["B15"]] == ["中国电信市分公司", "中国移动市分公司"]
    assert {unit.name for unit in scheme().units if unit.unit_class != "政府部门"} == OUTSIDE
    assert {unit.name for found in holders.values() for unit in found} == {u.name for u in scheme().units}


def test_xt4_a_share_of_one_target_is_each_units_own() -> None:
    assert (adopted("B15", "U21"), adopted("B15", "U22")) == (60, 40)


def test_xt5_the_two_levels_surveys_stay_separate() -> None:
    surveys = [row for row in scheme().indicators if row.value_source == terms.SOURCE_SURVEY]
    assert [row.name for row in surveys] == ["群众满意度测评(市级)", "公众评估(省级)"]
    voters = {row.code: {v.name for v in scheme().voters if v.indicator == row.code} for row in surveys}
    assert voters["F01"].isdisjoint(voters["F02"])
    found = survey_values(scheme(), loaded(CODE).ledger.surveys, parse_period(YEAR))
    assert found.findings == ()
    assert set(found.values) == {(unit.code, row.code) for unit in scheme().units for row in surveys}


def test_xt5_targets_and_survey_make_up_the_whole() -> None:
    survey = {row.code for row in scheme().indicators if row.value_source == terms.SOURCE_SURVEY}
    for unit in scheme().units:
        rows = [row for row in scheme().indicators if row.applies(unit)]
        assert sum(row.weight for row in rows if row.code in survey) == 16
        assert round_half_away(sum(row.weight for row in rows if row.code not in survey), 6) == 84


# XT6, XT7 -----------------------------------------------------------------------------------------


def test_xt6_the_points_of_a_grade_are_a_declared_table() -> None:
    declared = {row.name: row.value for row in scheme().parameters}
    assert declared == {"优秀系数": 1, "良好系数": 0.85, "合格系数": 0.7, "不合格系数": 0}
    graded = [row for row in scheme().indicators if row.method == "档次计分"]
    assert {row.code for row in graded} >= {SHARED, "E01", "E02", "E03"}
    assert all(row.value_source == terms.SOURCE_ASSESSED and row.assessor for row in graded)


@pytest.mark.parametrize(("unit", "grade", "share"), [("U01", "优秀", 1), ("U10", "合格", 0.7)])
def test_xt6_a_grade_gives_its_share_of_the_weight(unit: str, grade: str, share: float) -> None:
    assert value(played(CODE, YEAR), unit, "E03") == grade
    weight = scheme().indicator_by_code["E03"].weight
    assert points(played(CODE, YEAR), unit, "E03") == round_half_away(weight * share, 2)


def test_xt6_the_provinces_verdict_prevails() -> None:
    """Both levels gave a verdict for U14: 优秀 by the province, 良好 by the city."""
    levels = {
        row.level: row.value
        for row in loaded(CODE).ledger.verdicts
        if (row.unit, row.indicator) == ("U14", "A11")
    }
    assert levels == {"省": "优秀", "市": "良好"}
    assert value(played(CODE, YEAR), "U14", "A11") == "优秀"


def test_xt6_found_complete_by_the_province_is_excellent_as_a_rule() -> None:
    found = [row for row in loaded(CODE).ledger.verdicts if row.level == "省"]
    assert found
    assert all("认定完成" in row.basis for row in found)
    others = {(row.unit, row.indicator) for row in found if row.value != "优秀"}
    assert others == {("U14", SHARED)}


def test_xt6_a_shared_target_is_decided_unit_by_unit_with_a_reason() -> None:
    found = {row.unit: row for row in loaded(CODE).ledger.verdicts if row.indicator == SHARED}
    assert {unit: row.value for unit, row in found.items()} == {"U02": "优秀", "U03": "优秀", "U14": "良好"}
    assert all(row.basis for row in found.values())
    assert {unit: value(played(CODE, YEAR), unit, SHARED) for unit in found} == {
        unit: row.value for unit, row in found.items()
    }


def test_xt7_provincial_bonuses_have_their_own_part_and_cap() -> None:
    caps = {part.name: part.weight for part in scheme().parts if part.kind == terms.PART_BONUS}
    assert caps == {"省级加分项": 3, "市级加分项": 2}
    assert {row.period for row in loaded(CODE).ledger.bonuses} == {YEAR}
    found = counted(played(CODE, YEAR))
    assert (found["U05", "J1"].summed, found["U05", "J1"].counted) == (3.5, 3)
    assert found["U16", "J1"].counted == 2
    for standing in played(CODE, YEAR).standings:
        mine = [part.counted for (unit, _), part in found.items() if unit == standing.unit.code]
        assert standing.bonus == sum(mine)
        assert round_half_away(sum(standing.parts.values()) + standing.bonus, 2) == standing.total


# XT8, XT9 -----------------------------------------------------------------------------------------


def livelihood() -> list[Indicator]:
    return [row for row in scheme().indicators if row.definition.startswith("为民办实事项目")]


def completion(row: Indicator) -> list[Decimal]:
    """Actual by target of every unit that has it."""
    units = [unit.code for unit in scheme().units if row.applies(unit)]
    given = typed(CODE, "填报", YEAR)
    return [
        Decimal(given[unit, row.code]["完成值"]) / Decimal(str(adopted(row.code, unit))) for unit in units
    ]


def test_xt8_33_items_21_at_80_percent_11_at_100() -> None:
    """▣ 33 实事 items: 21 at ≥ 80%, of which 11 at ≥ 100%."""
    rates = [min(completion(row)) for row in livelihood()]
    assert len(rates) == 33
    assert sum(rate >= Decimal("0.8") for rate in rates) == 21
    assert sum(rate >= 1 for rate in rates) == 11


@pytest.mark.parametrize(
    ("actual", "target", "percent"),
    [
        ("54.5", "60", "90.8"),
        ("451.6", "300", "150.5"),
        ("3.61", "3.8", "95.0"),
        ("6029", "7000", "86.1"),
        ("42.08", "50", "84.2"),
        ("155", "118", "131.4"),
        ("52", "45", "115.6"),
        ("22", "27", "81.5"),
        ("42.7", "70.1", "60.9"),
        ("19", "22", "86.4"),
        ("66.37", "77.99", "85.1"),
    ],
)
def test_xt8_published_rates(actual: str, target: str, percent: str) -> None:
    """▣ actual, target and the rate as typed stand in the data, and the rate follows from them."""
    given = typed(CODE, "填报", YEAR)
    (key,) = (key for key, row in given.items() if row["完成值"] == actual and row["出处"] == "公开 XT8")
    assert adopted(key[1], key[0]) == float(target)
    (check,) = (row for row in scheme().crosschecks if f"完成值_{key[1]}/" in row.right and row.code != "K13")
    rate = check.left.removeprefix("完成值_")
    assert given[key[0], rate]["完成值"] == percent
    exact = Decimal(actual) / Decimal(target) * 100
    assert exact.quantize(Decimal("0.1"), ROUND_HALF_UP) == Decimal(percent)


def test_xt8_25_5_points_above_the_city() -> None:
    """▣ 85.1% is 25.5 points above the city's 59.6."""
    assert typed(CODE, "填报", YEAR)["U10", "R13"]["完成值"] == "25.5"
    assert Decimal("85.1") - Decimal("59.6") == Decimal("25.5")
    spoilt = play(CODE, YEAR, own=changed(typed(CODE, "填报", YEAR), ("U10", "R13", "25.4")))
    assert "K13" in {finding.facts["code"] for finding in crosschecked(spoilt)}


def test_xt8_projects() -> None:
    """▣ 115 (140 with sub-projects); provincial 27 = 10 continued + 17 new."""
    given = typed(CODE, "填报", YEAR)
    counts = [int(given["U02", code]["完成值"]) for code in ("R14", "R15", "R16", "R17", "R18")]
    assert counts == [115, 140, 27, 10, 17]
    spoilt = play(CODE, YEAR, own=changed(given, ("U02", "R17", "11")))
    assert "K14" in {finding.facts["code"] for finding in crosschecked(spoilt)}


def test_xt9_a_rate_that_does_not_follow_is_flagged() -> None:
    """▣ 40.57 of 40 is typed as 101.5; rounded once it is 101.4. No other rate of the demo is off."""
    (finding,) = crosschecked(played(CODE, YEAR))
    assert (finding.location.unit, finding.location.indicator) == ("U09", "R12")
    assert (finding.facts["found"], finding.facts["expected"]) == ("101.5", "101.4")
    assert "XT9" in finding.message


def test_xt9_where_101_5_came_from() -> None:
    """The input was rounded first: 40.6/40."""
    assert round_half_away(round_half_away(40.57, 1) / 40 * 100, 1) == 101.5
    mended = play(CODE, YEAR, own=changed(typed(CODE, "填报", YEAR), ("U09", "R12", "101.4")))
    assert crosschecked(mended) == []


def test_what_is_only_checked_moves_no_score() -> None:
    only = [row for row in scheme().indicators if row.method == "只核对"]
    assert {row.weight for row in only} == {0}
    assert all(not played(CODE, YEAR).scores.results[row.code].points.any() for row in only)


# XT10, the whole ----------------------------------------------------------------------------------


def test_xt10_the_city_finishes_half_a_month_before_the_province() -> None:
    """Returns are due 15 days after the year, the province's at the end of January."""
    due = parse_period(YEAR).end + dt.timedelta(days=int(scheme().settings["报送天数"]))
    assert (dt.date(2010, 1, 31) - due).days == 16
    notes = {row.text("name"): row.text("note") for row in tables(CODE)["scheme"].rows}
    assert "提前约半个月" in notes["报送天数"]


def test_xt10_general_inspection_at_mid_year_and_special_ones_at_any_time() -> None:
    rows = loaded(CODE).ledger.supervisions
    general = {row.raised for row in rows if row.problem.startswith("年中全面督查")}
    special = {row.raised for row in rows if row.problem.startswith("专项督查")}
    assert {day[:7] for day in general} == {"2009-07"}
    assert len({day[:7] for day in special}) == 3
    assert all((row.state == terms.SUPERVISION_CLOSED) == bool(row.closed) for row in rows)


def test_whoever_is_behind_says_why_and_what_is_done() -> None:
    """XT-O: the list of progress carries reason and measure."""
    found = played(CODE, YEAR)
    given = typed(CODE, "填报", YEAR)
    for code, result in found.scores.results.items():
        for at, unit in enumerate(found.scores.units):
            if result.state[at] == terms.BEHIND and (unit.code, code) in given:
                assert given[unit.code, code]["原因"], (unit.code, code)
                assert given[unit.code, code]["措施"], (unit.code, code)


def test_a_verdict_that_differs_is_said() -> None:
    """The statistics office's figure goes before the unit's, and both are named."""
    found = played(CODE, YEAR)
    assert value(found, "U11", "C08") == 151.6
    (finding,) = (finding for finding in found.findings if finding.code == "V23")
    assert "151.6" in finding.message
    assert "152.3" in finding.message


def test_a_target_says_where_it_came_from() -> None:
    def known(row: Target) -> bool:
        return row.level in (terms.LEVEL_PROVINCE, terms.LEVEL_CITY) and bool(row.basis)

    assert all(known(row) for row in scheme().targets)


def test_xt6_without_the_province_the_citys_grades_stand() -> None:
    """Without the province's verdicts the city's grades stand (XT6)."""

    def without(system: Loaded) -> Loaded:
        kept = tuple(row for row in system.ledger.verdicts if row.level != "省")
        return system._replace(ledger=replace(system.ledger, verdicts=kept))

    found = play(CODE, YEAR, alter=without)
    assert value(found, "U14", "A11") == "良好"
    assert value(found, "U02", SHARED) == "良好"


def test_every_unit_has_a_result_and_a_rank_among_its_like() -> None:
    found = played(CODE, YEAR).standings
    assert {standing.state for standing in found} == {terms.VALID}
    groups = Counter(standing.unit.group for standing in found)
    assert groups == {"政府部门": 20, "驻市单位": 3}
    assert {standing.measured_weight for standing in found} == {100}
    for group, size in groups.items():
        ranks = [standing.rank for standing in found if standing.unit.group == group]
        assert ranks == list(range(1, size + 1))


def test_nothing_else_is_found() -> None:
    """The rate that does not follow, the verdict that differs, the bonus above its cap."""
    assert Counter(finding.code for finding in played(CODE, YEAR).findings) == {"V38": 1, "V23": 1, "G04": 1}
