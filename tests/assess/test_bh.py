"""BH, exact: the figures the document publishes (▣) come out of the tables, with no file opened."""

from __future__ import annotations

import pytest

from kaohe import terms
from kaohe.assess.scoring import IndicatorResult
from kaohe.assess.standing import Standing, points_lost
from kaohe.model import Record
from tests.support import bh


def standing(unit: str = bh.BINHU) -> Standing:
    return next(s for s in bh.example().standings if s.unit.code == unit)


def result(code: str, changes: tuple[tuple[str, str, str], ...] = ()) -> tuple[IndicatorResult, int]:
    """An indicator's results in 2007-H1 and 滨湖区's place in them."""
    assessment = bh.assessed(bh.changed(*changes)) if changes else bh.example()
    units = [unit.code for unit in assessment.scores.units]
    return assessment.scores.results[code], units.index(bh.BINHU)


def record(code: str) -> Record:
    return bh.example().intake.live[bh.BINHU][code]


def test_bh1_weights_are_points_and_total_100() -> None:
    """BH1 (i): four parts whose weights total 100; no finding says otherwise."""
    now = bh.scheme().at(bh.H1.end)
    assert [part.weight for part in now.parts] == [33, 29, 18, 20]
    assert not {"S01", "S14"} & {finding.code for finding in bh.example().findings}


def test_bh2_29_indicators_of_69_points_are_measured() -> None:
    """BH2 ▣: 29 indicators, 69 points; 31 are left to the year's end."""
    found = standing()
    assert (found.measured_indicators, found.scored_indicators, found.measured_weight) == (29, 29, 69.0)
    now = bh.scheme().at(bh.H1.end)
    weights = [row.weight for row in now.indicators if not now.is_component(row)]
    assert sum(weights) - found.measured_weight == 31.0


def test_bh2_the_denominator_is_everybodys() -> None:
    assert {(s.measured_indicators, s.measured_weight) for s in bh.example().standings} == {(29, 69.0)}


def test_bh2_annual_indicators_are_outside_and_may_be_shown() -> None:
    """BH2: COD carries an interim figure; it is shown, not scored, and nothing is lost by it."""
    cod, at = result("D07")
    assert (cod.measured, cod.counted, cod.actual[at], cod.scored[at]) == (False, False, 85.0, False)
    assert cod.state[at] == terms.OUTSIDE_PERIOD
    assert points_lost(cod, 2)[at] == 0
    annual = [row.code for row in bh.scheme().at(bh.H1.end).indicators if row.frequency == terms.ANNUAL]
    assert not set(annual) & {row.indicator.code for row in bh.example().scores.counted}


def test_bh2_a_blank_annual_indicator_is_no_finding() -> None:
    assert record("B09").typed == ""
    assert not [f for f in bh.example().findings if f.location.indicator == "B09"]


def test_bh3_23_on_schedule_6_behind() -> None:
    """BH3 ▣."""
    assert (standing().on_schedule, standing().behind) == (23, 6)


def test_bh4_67_6_points_1_4_lost_third_of_nine() -> None:
    """BH4 ▣: 实得 67.6, 扣 1.4, 全市九大板块第三."""
    found = standing()
    assert (found.total, found.lost, found.rank, found.tied) == (67.6, 1.4, 3, False)
    assert len(bh.example().standings) == 9
    assert {s.unit.group for s in bh.example().standings} == {"全市"}
    assert [s.rank for s in bh.example().standings] == list(range(1, 10))


def test_bh4_what_is_gained_and_what_is_lost_make_the_full_marks() -> None:
    for found in bh.example().standings:
        assert round((found.total + found.lost) * 100) == 6900


def test_bh_no_result_of_the_example_is_provisional() -> None:
    assert {s.state for s in bh.example().standings} == {terms.VALID}


@pytest.mark.parametrize(
    ("code", "actual", "target", "state"),
    [
        ("A01", 162.6, 320, terms.ON_SCHEDULE),
        ("A02", 26.25, 50, terms.ON_SCHEDULE),
        ("A03", 13.2, 26, terms.ON_SCHEDULE),
        ("A04", 43, 45, terms.BEHIND),
        ("D02", 25, 25, terms.ON_SCHEDULE),
        ("D01", 55.6, 82, terms.BEHIND),
        ("B01", 92.16, 96, terms.BEHIND),
        ("B02", 0.23, 0.27, terms.ON_SCHEDULE),
        ("B04", 98.2, 98, terms.ON_SCHEDULE),
        ("B05", 85.8, 90, terms.BEHIND),
        ("C01", 9980, 18800, terms.ON_SCHEDULE),
        ("B03", 25.4, 24, terms.BEHIND),
    ],
)
def test_bh_published_values_are_in_the_example(code: str, actual: float, target: float, state: str) -> None:
    """BH-O: every value the document publishes, against the year's target, with the state it gives."""
    row, at = result(code)
    assert (row.actual[at], row.target[at], row.state[at]) == (actual, target, state)


def test_bh_years_of_schooling_is_a_target() -> None:
    target = bh.example().scores.lookup.target("B09", bh.BINHU)
    assert target is not None
    assert target.value == 10.01


@pytest.mark.parametrize(
    ("typed", "score", "state"),
    [
        ("0.23", 3.0, terms.ON_SCHEDULE),
        ("0.27", 3.0, terms.ON_SCHEDULE),
        ("0.2700001", 3.0, terms.BEHIND),
        ("0.28", 2.89, terms.BEHIND),
        ("0.54", 0.0, terms.BEHIND),
        ("0.9", 0.0, terms.BEHIND),
        ("0", 3.0, terms.ON_SCHEDULE),
    ],
)
def test_bh5_lower_is_better(typed: str, score: float, state: str) -> None:
    """BH5 逆向: 0.23 ≤ 0.27 ▣ met; the edge is met, over twice the cap nothing is left."""
    row, at = result("B02", ((bh.BINHU, "B02", typed),))
    assert (row.points[at] / 100, row.state[at]) == (score, state)


@pytest.mark.parametrize(("typed", "met"), [("92.16", False), ("95.99", False), ("96", True), ("100", True)])
def test_bh5_higher_is_better(typed: str, met: bool) -> None:
    row, at = result("B01", ((bh.BINHU, "B01", typed),))
    assert bool(row.met[at]) is met
    assert row.points[at] <= 200


@pytest.mark.parametrize(
    ("typed", "score", "state"),
    [
        ("66.9", 4.0, terms.ON_SCHEDULE),
        ("68", 4.0, terms.ON_SCHEDULE),
        ("68.01", 0.0, terms.BEHIND),
    ],
)
def test_bh5_a_control_cap_rewards_nothing_below(typed: str, score: float, state: str) -> None:
    """BH5 控制性: 常住人口 ≤ 68 万, scored at the year's end."""
    scores = bh.assessed(bh.changed((bh.BINHU, "B10", typed)), bh.YEAR).scores
    at = [unit.code for unit in scores.units].index(bh.BINHU)
    row = scores.results["B10"]
    assert (row.target[at], row.points[at] / 100, row.state[at]) == (68, score, state)
    assert row.rate[at] <= 1


def test_bh5_the_index_55_6_is_below_82() -> None:
    row, at = result("D01")
    assert (row.actual[at], row.target[at], bool(row.met[at])) == (55.6, 82.0, False)


def test_bh6_three_sections_are_40_percent_of_the_index_and_0_of_3_give_0() -> None:
    """BH6 ▣: 0 of 3 sections reach the standard; the index is what air and noise leave: 55.6."""
    sections, at = result("D011")
    assert (sections.indicator.weight, sections.target[at], sections.actual[at]) == (40, 3, 0)
    assert (sections.points[at], bool(sections.scored[at])) == (0, True)
    index, _ = result("D01")
    parts = [result(code)[0].points[at] for code in ("D011", "D012", "D013")]
    assert sum(parts) == 5560
    assert index.actual[at] == 55.6


def test_bh6_components_do_not_count_beside_their_composite() -> None:
    sections, _ = result("D011")
    assert (sections.measured, sections.component, sections.counted) == (True, True, False)


def test_bh6_a_composite_waits_for_its_parts() -> None:
    """A blank part: no index, V01 at the blank cell, no zero, and no rank for the unit."""
    assessment = bh.assessed(bh.changed((bh.BINHU, "D012", "")))
    at = [unit.code for unit in assessment.scores.units].index(bh.BINHU)
    assert assessment.scores.results["D01"].state[at] == terms.WAITING
    assert not assessment.scores.results["D01"].scored[at]
    found = [f for f in assessment.findings if f.severity == "ERROR"]
    assert [(f.code, f.location.indicator) for f in found] == [("V01", "D012")]
    assert next(s.rank for s in assessment.standings if s.unit.code == bh.BINHU) is None


def test_bh8_marks_reasons_measures_and_status_are_kept() -> None:
    """BH8: 未达标 / 有不确定性, a reason, a measure, and 预计 with the figure."""
    food = record("B01")
    assert (food.typed, food.value, food.status) == ("92.16", 92.16, "预计")
    assert "92%" in food.reason
    assert food.measure
    assert (record("B03").mark, record("B05").mark) == ("有不确定性", "未达标")
    estimated = [f for f in bh.example().findings if f.code == "V16"]
    assert [(f.location.unit, f.location.indicator) for f in estimated] == [(bh.BINHU, "B01")]


def test_bh9_ten_declared_nine_listed() -> None:
    """BH9: “10 只” annual indicators, nine names: a QUERY, at the cell that declares."""
    found = [f for f in bh.example().findings if f.code == "S08"]
    assert [(f.facts["declared"], f.facts["listed"], f.severity) for f in found] == [(10, 9, "QUERY")]
    assert (found[0].location.sheet, found[0].location.cell) == ("方案.csv", "B10")


@pytest.mark.parametrize("typed", ["92.16", "92", "'92.0", "'92.00"])
def test_bh10_the_figure_is_kept_as_typed(typed: str) -> None:
    """BH10: 92.16 and 92 are two entries, and 92.0 a third."""
    assessment = bh.assessed(bh.changed((bh.BINHU, "B01", typed)))
    kept = assessment.intake.live[bh.BINHU]["B01"]
    assert kept.typed == typed.removeprefix("'")
    assert kept.value == float(typed.removeprefix("'"))
    assert not [f for f in assessment.findings if f.location.indicator == "B01" and f.code != "V16"]
