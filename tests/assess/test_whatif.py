"""Who moves, which ranks hold, what only rounding decided, what is missing for one place more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings

from kaohe.assess.assessment import Assessment
from kaohe.assess.whatif import EQUALLED, PARTED, TURNED, firmness, moves
from kaohe.model import Adjustment, Indicator, Ledger, Scheme, Unit
from kaohe.settings import DEFAULTS
from tests.assess.generators import PERIOD, cases, run
from tests.assess.reference_rules import Case

UNITS = tuple(Unit(f"U{n}", f"单位{n}", "", "一组") for n in range(1, 5))


def row(code: str, weight: float, method: str = "比例计分") -> Indicator:
    return Indicator(code, f"指标{code}", "", weight=weight, method=method, pace="无")


def case(values: Mapping[str, tuple[str, ...]], *weights: float, **chosen: str) -> Case:
    """``values``: unit → what it has of X1, X2 … in percent."""
    rows = tuple(row(f"X{n}", weight) for n, weight in enumerate(weights, start=1))
    units = tuple(unit for unit in UNITS if unit.code in values)
    scheme = Scheme({**DEFAULTS, "权重合计": 0.0, "考核年度": 2007.0, **chosen}, (), rows, units)
    typed = {(u, f"X{n}"): text for u, texts in values.items() for n, text in enumerate(texts, start=1)}
    return Case(scheme, PERIOD, typed, {}, Ledger(), {})


def assessed(values: Mapping[str, tuple[str, ...]], *weights: float, **chosen: str) -> Assessment:
    return run(case(values, *weights, **chosen))


def test_rounding_turns_an_order() -> None:
    """0.245+0.245 rounds to 0.25+0.25; 0.254+0.254 to 0.25+0.25: a tie; 0.2449 twice against 0.35+0.13."""
    found = firmness(assessed({"U1": ("24.5", "24.5"), "U2": ("25.4", "25.4")}, 1, 1), 0, 0.1, 1)
    assert [(p.ahead.unit.code, p.rounding, p.gap, p.exact_gap) for p in found.neighbours] == [
        ("U2", EQUALLED, 0, 0.018)
    ]
    found = firmness(assessed({"U1": ("24.5", "24.5"), "U2": ("24.9", "24.4")}, 1, 1), 0, 0.1, 1)
    assert [(p.ahead.unit.code, p.rounding, p.gap, p.exact_gap) for p in found.neighbours] == [
        ("U1", TURNED, 0.01, -0.003)
    ]
    found = firmness(assessed({"U1": ("24.5", "24.5"), "U2": ("24.6", "24.4")}, 1, 1), 0, 0.1, 1)
    assert [(p.ahead.unit.code, p.rounding, p.exact_gap) for p in found.neighbours] == [("U1", PARTED, 0)]


def test_nothing_is_decided_by_rounding_where_ranks_go_by_what_stands_before_it() -> None:
    values = {"U1": ("24.5", "24.5"), "U2": ("24.9", "24.4")}
    found = firmness(assessed(values, 1, 1, 排名取数="舍入前"), 0, 0.1, 1)
    assert [(p.ahead.unit.code, p.rounding) for p in found.neighbours] == [("U2", "")]


def test_an_order_that_weights_do_not_touch_holds_always() -> None:
    found = firmness(
        assessed({"U1": ("90", "90"), "U2": ("80", "80"), "U3": ("79", "95")}, 50, 50), 2000, 0.1, 5
    )
    assert found.draws is not None
    assert (found.draws.drawn, found.draws.held, found.draws.count) == (("X1", "X2"), (), 2000)
    firm, loose = found.holds["U1"], found.holds["U2"]
    assert (firm.best, firm.worst, firm.kept, firm.ranked) == (1, 1, 1.0, 1.0)
    assert (loose.best, loose.worst, loose.low, loose.high) == (3, 3, 3, 3)
    assert found.neighbours[0].turned == 0.0


def test_shares_bands_and_turns_belong_together() -> None:
    values = {"U1": ("90", "80"), "U2": ("80", "90"), "U3": ("10", "10")}
    found = firmness(assessed(values, 51, 49), 3000, 0.1, 5)
    first, second = found.holds["U1"], found.holds["U2"]
    pair = found.neighbours[0]
    assert (pair.ahead.unit.code, pair.behind.unit.code) == ("U1", "U2")
    assert pair.turned == pytest.approx(1 - first.kept)
    assert pair.turned > 0.1
    assert first.kept - second.kept == pytest.approx(pair.tied)
    assert (first.best, first.worst, first.low, first.high) == (1, 2, 1, 2)


def test_nothing_to_shift_nothing_drawn() -> None:
    assert firmness(assessed({"U1": ("90",), "U2": ("80",)}, 50), 100, 0.1, 1).draws is None
    assert firmness(assessed({"U1": ("90", "1"), "U2": ("80", "1")}, 50, 50), 0, 0.1, 1).holds == {}


def test_what_is_missing_for_one_place_more_and_where_it_was_lost() -> None:
    needs = firmness(
        assessed({"U1": ("90", "90"), "U2": ("85", "85"), "U3": ("85", "85")}, 10, 2), 0, 0.1, 1
    ).needs
    assert set(needs) == {"U2", "U3"}
    assert (needs["U3"].above.code, needs["U3"].points) == ("U1", 0.61)
    assert needs["U3"].where == (("X1", "指标X1", 1.5),)


def raised(found: Case, unit: str, points: float) -> Assessment:
    """The unit's total set by decision to so many points more."""
    now = next(s for s in run(found).standings if s.unit.code == unit).total
    set_to = Adjustment(PERIOD.code, unit, "", "总分", f"{now + points:.4f}", "试", "试", "2007-07-02")
    ledger = replace(found.ledger, adjustments=(*found.ledger.adjustments, set_to))
    return run(replace(found, ledger=ledger))


@settings(max_examples=40)
@given(cases(odd=1000))
def test_with_the_points_that_are_missing_it_stands_before_the_other(found: Case) -> None:
    """And with one step less it does not. Checked by the engine with the total set by decision."""
    here = run(found)
    chosen = here.scores.scheme.settings
    if chosen["排名取数"] != "舍入后" or chosen["并列再比"]:
        return
    step = 10.0 ** -int(chosen["总分小数位"])
    for code, need in list(firmness(here, 0, 0.1, 1).needs.items())[:2]:
        after = {row.unit.code: row.rank or 0 for row in raised(found, code, need.points).standings}
        assert after[code] < after[need.above.code]
        less = {row.unit.code: row.rank or 0 for row in raised(found, code, need.points - step).standings}
        assert less[code] >= less[need.above.code]


def test_who_moves() -> None:
    values = {"U1": ("90", "80"), "U2": ("80", "90"), "U3": ("10", "10")}
    before, after = assessed(values, 60, 40), assessed(values, 40, 60)
    found = {move.unit.code: move for move in moves(before, after)}
    assert [code for code, move in found.items() if move.moved] == ["U2", "U1"]
    gone = moves(before, assessed({"U1": ("90", "80"), "U2": ("80", "90")}, 60, 40))
    assert [(move.unit.code, move.after) for move in gone if move.after is None] == [("U3", None)]
