"""GN: a goal tree of uneven depth, texts beside numbers; each test quotes the rule it holds to."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest

from kaohe import terms
from kaohe.assess.history import History
from kaohe.assess.outcome_figures import figures_of
from kaohe.assess.outcomes import outcomes
from kaohe.model import Indicator, Part, Scheme, Target
from kaohe.periods import parse_period
from kaohe.values.rounding import round_half_away
from tests.systems.figures import counted, crosschecked, points, row, value
from tests.systems.played import Loaded, changed, loaded, play, played, scheme_findings, typed

CODE, HALF = "GN", "2009-H1"
BUREAU = "G01"
"""灌南县发改委; the other offices are made up."""
WORKS = {
    "Q": ["Q1", "Q2", "Q3"],
    "Q1": ["Q11", "Q12", "Q13", "Q14"],
    "Q2": ["Q22", "Q21"],
    "Y": ["Y01", "Y02"],
    "L": ["L1", "L2", "L3"],
}


def scheme() -> Scheme:
    return loaded(CODE).scheme.at(parse_period(HALF).end)


def everything() -> list[Part | Indicator]:
    return [*scheme().parts, *scheme().indicators]


def below(code: str) -> list[str]:
    """Codes right beneath a part: parts, then indicators."""
    return [one.code for one in everything() if one.parent == code]


def given(indicator: str, unit: str = BUREAU) -> str:
    return typed(CODE, "填报", HALF)[unit, indicator]["完成值"]


def told(indicator: str, unit: str = BUREAU) -> str:
    return typed(CODE, "填报", HALF)[unit, indicator]["完成情况"]


def target(indicator: str, unit: str = BUREAU) -> Target:
    (found,) = (one for one in scheme().targets if (one.indicator, one.unit) == (indicator, unit))
    return found


def test_the_tables_are_read_without_a_finding() -> None:
    assert scheme_findings(CODE, HALF) == []


def test_it_says_that_it_is_a_demo() -> None:
    assert str(scheme().settings["数据声明"]).startswith("演示数据")
    rows = {**typed(CODE, "填报", HALF), **typed(CODE, "考评", HALF)}
    assert all(row["出处"] == "虚构" for (unit, _), row in rows.items() if unit != BUREAU)
    assert all("演示" in unit.name for unit in scheme().units if unit.code != BUREAU)


# GN1, GN2 -----------------------------------------------------------------------------------------


def test_gn1_three_goals() -> None:
    names = [part.name for part in scheme().parts if not part.parent]
    assert names == ["勤政目标", "优政目标", "廉政目标"]


@pytest.mark.parametrize(("code", "children"), WORKS.items(), ids=list(WORKS))
def test_gn1_the_tree(code: str, children: list[str]) -> None:
    assert below(code) == children


LEAVES = {
    "单位职能工作": 4,
    "关键绩效指标": 3,
    "机关专项工作": 9,
    "落实党风廉政建设责任制": 3,
    "廉政教育和制度建设": 4,
    "违纪违规情况": 2,
}


@pytest.mark.parametrize(("part", "leaves"), LEAVES.items(), ids=list(LEAVES))
def test_gn1_leaves(part: str, leaves: int) -> None:
    """4, 3 and 9 under 勤政; 3, 4 and 2 under 廉政."""
    (code,) = (one.code for one in scheme().parts if one.name == part)
    assert len(below(code)) == leaves


def test_gn1_the_depth_is_uneven() -> None:
    """优化工作流程 is an indicator beside the part 关键绩效指标, one level above that part's own."""
    names = {one.code: one.name for one in everything()}
    assert {names[code] for code in below("Q2")} == {"优化工作流程", "关键绩效指标"}
    assert scheme().indicator_by_code["Q21"].name == "优化工作流程"
    assert scheme().part_by_code["Q22"].name == "关键绩效指标"


def test_gn1_scores_are_shown_for_the_goals() -> None:
    for standing in played(CODE, HALF).standings:
        assert set(standing.parts) == {"Q"}
        assert standing.measured_weight == 100


def test_gn2_text_leaves_get_an_assessors_mark() -> None:
    marked = [one for one in scheme().indicators if one.value_source == terms.SOURCE_ASSESSED]
    assert {one.code for one in marked} >= {"Q301", "Q302", "Q303", "Q304", "Q305"}
    for one in marked:
        assert one.assessor
        assert (given(one.code), told(one.code) != "") == ("", True)
    assert value(played(CODE, HALF), BUREAU, "Q301") == 3.8
    assert points(played(CODE, HALF), BUREAU, "Q301") == 3.8


def test_gn2_evidence_stands_beside_numbers() -> None:
    record = played(CODE, HALF).intake.live[BUREAU]["Q11"]
    assert (record.typed, record.evidence) == ("39.9", told("Q11"))


# GN3, GN4 -----------------------------------------------------------------------------------------

PHRASES = [("L12", "不少于1次", 1), ("Q307", "2次以上", 2), ("L31", "无一例", 0), ("Q308", "300余人", 300)]


@pytest.mark.parametrize(("indicator", "text", "number"), PHRASES)
def test_gn3_relations_and_approximations_are_read_kept_and_shown(
    indicator: str, text: str, number: float
) -> None:
    assert given(indicator) == text
    found = played(CODE, HALF)
    assert found.intake.live[BUREAU][indicator].typed == text
    assert value(found, BUREAU, indicator) == number
    (finding,) = (one for one in found.findings if one.location.indicator == indicator)
    assert text in finding.message


def test_gn3_scored_only_if_the_scheme_allows_approximate_values() -> None:
    def strict(system: Loaded) -> Loaded:
        settings = {**system.scheme.settings, "近似值计分": "否"}
        return system._replace(scheme=replace(system.scheme, settings=settings))

    found = play(CODE, HALF, alter=strict)
    refused = {one.location.indicator for one in found.findings if one.code == "V03"}
    assert refused == {"L12", "Q307", "Q308"}
    (bureau,) = (one for one in found.standings if one.unit.code == BUREAU)
    assert (bureau.state, bureau.rank) == (terms.PROVISIONAL, None)
    assert value(found, BUREAU, "L31") == 0.0


@pytest.mark.parametrize(("indicator", "before", "after"), [("Q211", 3, 1), ("Q212", 15, 3)])
def test_gn4_times_that_must_fall(indicator: str, before: float, after: float) -> None:
    """▣ 3 天 → 1 天, 15 天 → 3 天: lower is better, held against where it began."""
    one = scheme().indicator_by_code[indicator]
    assert (one.method, one.direction) == ("降幅完成率", terms.LOWER_BETTER)
    assert (target(indicator).prior, target(indicator).value, float(given(indicator))) == (
        before,
        after,
        after,
    )
    result, at = row(played(CODE, HALF), BUREAU, indicator)
    assert result.rate[at] == 1


def test_gn4_half_of_the_way_is_half_of_the_points() -> None:
    found = play(CODE, HALF, own=changed(typed(CODE, "填报", HALF), (BUREAU, "Q212", "9")))
    assert points(found, BUREAU, "Q212") == 25
    assert value(found, BUREAU, "Q21") == 75


# GN5, GN6, GN7 ------------------------------------------------------------------------------------


def test_gn5_merit_adds_and_integrity_takes_off() -> None:
    kinds = {part.name: part.kind for part in scheme().parts if not part.parent}
    assert kinds == {"勤政目标": "计分", "优政目标": "加分", "廉政目标": "扣分"}
    found = counted(played(CODE, HALF))
    assert found[BUREAU, "Y"].counted == 3.1
    assert found[BUREAU, "L"].counted == 0
    assert found["G03", "L"].counted == 2.5
    for one in played(CODE, HALF).standings:
        more, less = found[one.unit.code, "Y"].counted, found[one.unit.code, "L"].counted
        assert (one.bonus, one.deduction) == (more, less)
        assert round_half_away(one.parts["Q"] + more - less, 2) == one.total


def test_gn5_a_case_takes_off_its_points() -> None:
    spoilt = play(
        CODE, HALF, own=changed(typed(CODE, "填报", HALF), (BUREAU, "L31", "3"), (BUREAU, "L11", "否"))
    )
    assert points(spoilt, BUREAU, "L31") == 5
    assert points(spoilt, BUREAU, "L11") == 1
    assert counted(spoilt)[BUREAU, "L"].counted == 6


def test_gn5_or_bars_from_the_award() -> None:
    assert {event.consequence for event in scheme().veto_events} == {terms.VETO_BARS}
    (veto,) = loaded(CODE).ledger.vetoes
    (rule,) = scheme().outcome_rules
    assert rule.barred
    found = played(CODE, HALF)
    assert [one.rank for one in found.standings if one.unit.code == veto.unit] == [1]
    listed = outcomes(
        scheme(), 2009, found.standings, found.gradings.by_unit, figures_of(found.scores), History()
    )
    assert {(one.unit.code, one.state) for one in listed.rows} == {
        (veto.unit, "因否决不予"),
        (BUREAU, "符合"),
    }


def test_gn6_the_same_achievement_under_two_headings() -> None:
    """▣ 1746 万 in 关键绩效 and in 超常成果: one finding, at the bureau; nobody else claims twice."""
    assert given("Q221") == given("Y02") == "1746"
    assert scheme().indicator_by_code["Q221"].unit_of_measure == "万元"
    (finding,) = crosschecked(played(CODE, HALF))
    assert (finding.location.unit, finding.severity) == (BUREAU, "QUERY")
    assert "GN6" in finding.message
    mended = play(CODE, HALF, own=changed(typed(CODE, "填报", HALF), (BUREAU, "Y02", "1700")))
    assert crosschecked(mended) == []


def test_gn7_figures_end_in_may() -> None:
    """What is due is five twelfths of the year's target, not six."""
    dated = [one for one in scheme().indicators if one.cutoff_month]
    assert {one.cutoff_month for one in dated} == {5}
    assert {one.code for one in dated} >= {"Q11", "Q221", "Q141"}
    result, at = row(played(CODE, HALF), BUREAU, "Q11")
    assert result.share == 5 / 12
    assert float(target("Q11").value or 0) * 5 / 12 < 39.9 < float(target("Q11").value or 0) / 2
    assert result.state[at] == terms.ON_SCHEDULE


def test_gn7_by_the_periods_end_it_would_be_behind() -> None:
    def undated(system: Loaded) -> Loaded:
        rows = tuple(replace(one, cutoff_month=None) for one in system.scheme.indicators)
        return system._replace(scheme=replace(system.scheme, indicators=rows))

    result, at = row(play(CODE, HALF, alter=undated), BUREAU, "Q11")
    assert result.state[at] == terms.BEHIND


# Published figures --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "actual", "growth", "places"),
    [("Q11", "39.9", "31.08", "0.01"), ("Q221", "1746", "45", "1")],
)
def test_gn_published_growth(indicator: str, actual: str, growth: str, places: str) -> None:
    """▣ 固投 39.9 亿 +31.08%; 向上争取 1746 万 +45%: the prior value was reckoned back from these."""
    assert given(indicator) == actual
    assert f"{growth}%" in told(indicator)
    prior = Decimal(str(target(indicator).prior))
    found = (Decimal(actual) - prior) / prior * 100
    assert found.quantize(Decimal(places), ROUND_HALF_UP) == Decimal(growth)


def test_gn_projects_of_the_centre() -> None:
    """▣ 11 = 完成 3 + 在建 7 + 未开工 1, and a cross-check that holds them together."""
    assert [given(code) for code in ("Q121", "Q122", "Q123", "Q124")] == ["11", "3", "7", "1"]
    spoilt = play(CODE, HALF, own=changed(typed(CODE, "填报", HALF), (BUREAU, "Q123", "8")))
    assert "K1" in {finding.facts.get("code") for finding in crosschecked(spoilt)}


def test_gn_projects_of_the_city() -> None:
    """▣ 36 (新开工 12, 投产 3)."""
    assert [given(code) for code in ("Q131", "Q132", "Q133")] == ["36", "12", "3"]


def test_gn_projects_on_file() -> None:
    """▣ 备案 18 (县内 13)."""
    assert [given(code) for code in ("Q141", "Q142")] == ["18", "13"]
    spoilt = play(CODE, HALF, own=changed(typed(CODE, "填报", HALF), (BUREAU, "Q142", "19")))
    assert "K3" in {finding.facts.get("code") for finding in crosschecked(spoilt)}


# The whole ----------------------------------------------------------------------------------------


def test_every_office_has_a_result_and_a_rank() -> None:
    found = played(CODE, HALF).standings
    assert {one.state for one in found} == {terms.VALID}
    assert [one.rank for one in found] == [1, 2, 3, 4]


def test_gn_o_what_is_behind_is_explained() -> None:
    """Against 序时进度: whoever is behind gives reason and measure."""
    found = played(CODE, HALF)
    rows = typed(CODE, "填报", HALF)
    behind = [
        (unit.code, code)
        for code, result in found.scores.results.items()
        for at, unit in enumerate(found.scores.units)
        if result.state[at] == terms.BEHIND
        and result.counted
        and result.indicator.value_source != terms.SOURCE_ASSESSED
    ]
    assert behind
    assert all(rows[key]["原因"] and rows[key]["措施"] for key in behind)
