"""Thousands of draws of the weights at once are what the engine gives one by one, to the last rank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kaohe.assess.assessment import Assessment
from kaohe.assess.whatif_ranks import bound_by_hand, ranks_under
from kaohe.assess.whatif_scores import Rescoring
from kaohe.assess.whatif_weights import Draws, Family, Lever, drawn, families
from kaohe.model import Indicator, Ledger, Scheme, Unit
from kaohe.settings import DEFAULTS
from tests.assess.generators import PERIOD, cases, run
from tests.assess.reference_rules import Case

DRAWS = 4


def under(case: Case, found: Assessment, weights: Draws, draw: int) -> Assessment:
    """The case assessed anew with the weights of one draw in its scheme."""
    rows = tuple(
        replace(row, weight=float(weights.weights[row.code][draw])) if row.code in weights.weights else row
        for row in found.scores.scheme.indicators
    )
    return run(replace(case, scheme=replace(case.scheme, indicators=rows)))


def by_hand(found: Assessment) -> list[int]:
    ranks = {row.unit.code: row.rank or 0 for row in found.standings}
    return [ranks[unit.code] for unit in found.scores.units]


@settings(max_examples=60)
@given(cases(odd=60), st.integers(0, 2**32), st.sampled_from((0.05, 0.1, 0.3)))
def test_ranks_under_drawn_weights_are_those_of_a_new_assessment(
    case: Case, seed: int, spread: float
) -> None:
    found = run(case)
    held = bound_by_hand(found, spread)
    weights = drawn(families(found.scores, held), DRAWS, spread, seed)
    assume(weights.weights)
    ranks = ranks_under(found, weights.weights, DRAWS)
    today = {row.unit.code: row.rank for row in found.standings}
    for draw in range(DRAWS):
        anew = under(case, found, weights, draw)
        if any(row.rank and not today[row.unit.code] for row in anew.standings):
            continue  # somebody has a score only under other weights: declared to stay without a rank
        assert ranks[draw].tolist() == by_hand(anew)


@settings(max_examples=40)
@given(cases(odd=60), st.integers(0, 2**32))
def test_scores_and_weights_are_those_of_a_new_assessment(case: Case, seed: int) -> None:
    found = run(case)
    weights = drawn(families(found.scores), DRAWS, 0.2, seed)
    assume(weights.weights)
    many = Rescoring(found, frozenset(weights.weights)).score(weights.weights, DRAWS)
    for draw in range(DRAWS):
        anew = under(case, found, weights, draw).scores
        for code, row in anew.results.items():
            if not row.counted:
                continue
            mine, at_all = many[code], ~np.isnan(found.scores.results[code].raw) | row.decided
            pick = draw if len(mine.points) > 1 else 0
            assert np.where(at_all, mine.points[pick], 0).tolist() == np.where(at_all, row.points, 0).tolist()
            raw = mine.raw[draw if len(mine.raw) > 1 else 0]
            same = (raw == row.raw) | (np.isnan(raw) & np.isnan(row.raw)) | ~at_all
            assert same.all()
            wide = mine.weight[draw if len(mine.weight) > 1 else 0]
            assert wide.tolist() == row.weight.tolist()


@settings(max_examples=60)
@given(cases(odd=1000))
def test_without_a_draw_the_ranks_are_those_of_the_standings(case: Case) -> None:
    found = run(case)
    assert ranks_under(found, {}, 1)[0].tolist() == by_hand(found)


def test_every_draw_keeps_the_sum_and_stays_near() -> None:
    family = (Lever(("A1",), 10.0), Lever(("A2", "A3"), 5.0), Lever(("A4",), 12.345))
    draws = drawn([family], 500, 0.1, 7).weights
    assert set(draws) == {"A1", "A2", "A3", "A4"}
    micro = [np.rint(draws[code] * 1e6).astype(int) for code in ("A1", "A2", "A4")]
    assert set(sum(micro[1:], micro[0]).tolist()) == {27_345_000}
    assert draws["A2"] is draws["A3"]
    low, high = 0.9 / 1.1, 1.1 / 0.9
    assert ((draws["A1"] >= 10 * low - 1e-6) & (draws["A1"] <= 10 * high + 1e-6)).all()
    assert draws["A1"].std() > 0.3
    again = drawn([family], 500, 0.1, 7).weights
    assert all((draws[code] == again[code]).all() for code in draws)
    assert not (draws["A1"] == drawn([family], 500, 0.1, 8).weights["A1"]).all()


def scheme_of(rows: list[Indicator], **more: object) -> Scheme:
    units = (
        Unit("U1", "单位1", "甲", "一组"),
        Unit("U2", "单位2", "乙", "一组"),
        Unit("U3", "单位3", "甲", "一组"),
    )
    return Scheme({**DEFAULTS, "权重合计": 0.0, "考核年度": 2007.0}, (), tuple(rows), units, **more)  # type: ignore[arg-type]


def row(code: str, weight: float, *applies: str, method: str = "比例计分") -> Indicator:
    return Indicator(code, f"指标{code}", "", weight=weight, method=method, pace="无", applies_to=applies)


def assessed(scheme: Scheme, values: dict[tuple[str, str], str]) -> Assessment:
    return run(Case(scheme, PERIOD, values, {}, Ledger(), {}))


def levers(found: tuple[Family, ...]) -> list[tuple[tuple[str, ...], ...]]:
    return [tuple(lever.codes for lever in family) for family in found]


def test_indicators_that_stand_in_for_each_other_go_together() -> None:
    scheme = scheme_of([row("X", 10), row("Y", 5, "甲"), row("Z", 5, "乙"), row("W", 7, "甲")])
    values = dict.fromkeys([("U1", "X"), ("U2", "X"), ("U3", "X"), ("U1", "Y"), ("U3", "Y")], "80")
    values |= {("U2", "Z"): "70", ("U1", "W"): "60", ("U3", "W"): "60"}
    found = families(assessed(scheme, values).scores)
    assert levers(found) == [(("X",), ("Y", "Z"))]


def test_a_mark_given_out_of_the_weight_holds_its_weight() -> None:
    scheme = scheme_of([row("X", 10), row("Y", 5), row("Z", 5, method="评定分")])
    values = {(u, c): "4.5" for u in ("U1", "U2", "U3") for c in "XYZ"}
    found = assessed(scheme, values)
    assert bound_by_hand(found, 0.1) == {"Z"}
    assert levers(families(found.scores, {"Z"})) == [(("X",), ("Y",))]


def test_a_weight_nobody_has_points_from_may_be_drawn() -> None:
    scheme = scheme_of([row("X", 10), row("Y", 5)])
    found = assessed(scheme, {(u, c): "0" for u in ("U1", "U2", "U3") for c in "XY"})
    assert bound_by_hand(found, 0.1) == frozenset()


def test_order_turns_where_weights_decide() -> None:
    """Two units, each better in one of two equal indicators: the order turns in half of the draws."""
    scheme = scheme_of([row("X", 50), row("Y", 50)])
    values = {("U1", "X"): "90", ("U1", "Y"): "80", ("U2", "X"): "80", ("U2", "Y"): "90"}
    values |= {("U3", "X"): "10", ("U3", "Y"): "10"}
    found = assessed(scheme, values)
    ranks = ranks_under(found, drawn(families(found.scores), 4000, 0.1, 3).weights, 4000)
    assert ranks[:, 2].tolist() == [3] * 4000
    assert 0.47 < float((ranks[:, 0] < ranks[:, 1]).mean()) < 0.53
