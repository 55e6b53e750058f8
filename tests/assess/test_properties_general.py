"""What holds of any assessment: order changes nothing, more is not less, groups leave each other alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kaohe.assess.assessment import Assessment
from kaohe.assess.explain import explain_all
from kaohe.assess.explain_total import explain_total
from kaohe.assess.standing import Standing
from kaohe.model import Indicator, Ledger, Scheme, Unit
from tests.assess.generators import HIGHER, LOWER, cases, run
from tests.assess.reference import Reference
from tests.assess.reference_methods import COMPARED
from tests.assess.reference_rules import Case
from tests.assess.test_properties import shown

TABLES = ("parts", "indicators", "units", "targets", "parameters", "veto_events")
CAPS = {"100%": 1.0, "120%": 1.2}


def by_unit(found: Assessment) -> dict[str, Standing]:
    return {row.unit.code: row for row in found.standings}


def points(found: Assessment) -> dict[tuple[str, str], tuple[int, bool]]:
    """(unit, indicator) → points and whether there are any."""
    return {
        (unit.code, code): (int(row.points[at]), bool(row.scored[at]))
        for code, row in found.scores.results.items()
        for at, unit in enumerate(found.scores.units)
    }


def without_order(row: Standing) -> Standing:
    return replace(row, parts=dict(sorted(row.parts.items())), vetoes=())


def turned(draw: st.DataObject, rows: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(draw.draw(st.permutations(rows)))


@settings(max_examples=25)
@given(cases(), st.data())
def test_the_order_of_units_and_rows_changes_nothing(case: Case, data: st.DataObject) -> None:
    """Nor that of what came in. Registers are read from above: there the order tells which row is later."""
    shuffled: dict[str, object] = {name: turned(data, getattr(case.scheme, name)) for name in TABLES}
    own = dict(data.draw(st.permutations(list(case.own.items()))))
    other = replace(case, scheme=replace(case.scheme, **shuffled), own=own)  # type: ignore[arg-type]
    first, second = run(case), run(other)
    assert points(first) == points(second)
    before, after = by_unit(first), by_unit(second)
    assert {c: without_order(r) for c, r in before.items()} == {c: without_order(r) for c, r in after.items()}


def alone(case: Case, method: str, direction: str) -> tuple[Case, Indicator]:
    """The case with one indicator of the method, and nothing decided."""
    row = replace(case.scheme.indicators[0], method=method, direction=direction, weight=30.0)
    return replace(case, scheme=replace(case.scheme, indicators=(row,)), ledger=Ledger()), row


@settings(max_examples=40)
@given(cases(odd=1000), st.sampled_from(HIGHER), st.floats(0, 60).map(lambda x: float(f"{x:.2g}")))
def test_a_higher_value_never_lowers_a_score(case: Case, method: str, more: float) -> None:
    assume(method != "评定分")
    compare_values(case, method, "正向", more)


@settings(max_examples=25)
@given(cases(odd=1000), st.sampled_from(LOWER), st.floats(0, 60).map(lambda x: float(f"{x:.2g}")))
def test_a_lower_value_never_lowers_a_score_where_less_is_better(
    case: Case, method: str, less: float
) -> None:
    compare_values(case, method, "逆向", -less)


def compare_values(case: Case, method: str, direction: str, change: float) -> None:
    """Own score and rank among the others; nobody else moves unless the method compares."""
    case, row = alone(case, method, direction)
    unit = case.scheme.units[0].code
    typed = case.own[unit, row.code]
    assume(typed.replace(".", "").lstrip("-").isdigit())
    value = float(typed)
    if method == "扣分制":  # −3 and 3 are the same three
        change, value = max(change, -abs(value)), abs(value)
    better = replace(case, own={**case.own, (unit, row.code): f"{value + change:.12g}"})
    before, after = points(run(case)), points(run(better))
    assert after[unit, row.code][0] >= before[unit, row.code][0]
    if method not in COMPARED:
        others = {key: found for key, found in before.items() if key[0] != unit}
        assert others == {key: found for key, found in after.items() if key[0] != unit}


@settings(max_examples=40)
@given(cases())
def test_sums_scores_and_ranks_hang_together(case: Case) -> None:
    """Parts make the total, ranks stand in order, scores keep their range."""
    found = run(case)
    decided = {a.unit for a in case.ledger.adjustments if a.item == "总分"}
    places = int(case.scheme.settings["总分小数位"])
    for row in found.standings:
        summed = sum((shown(p) for p in row.parts.values()), Fraction(0))
        summed += shown(row.bonus) - shown(row.deduction) - shown(row.late)
        assert abs(summed - shown(row.computed_total)) * 10**places <= Fraction(1, 2)
        assert row.total == row.computed_total or row.unit.code in decided
        assert (row.rank is None) == (row.state != "有效")
    in_order(found)
    in_range(case, found)


def in_order(found: Assessment) -> None:
    """By group: ranked ones first, places never falling; equal ranks are marked as tied."""
    for group in {row.unit.group for row in found.standings}:
        ranks = [row.rank for row in found.standings if row.unit.group == group]
        given_ranks = [rank for rank in ranks if rank is not None]
        places = [row.place for row in found.standings if row.unit.group == group]
        given = [place for place in places if place is not None]
        assert places == sorted(given) + [None] * (len(places) - len(given))
        for row in found.standings:
            if row.unit.group == group and row.rank is not None:
                assert row.tied == (given_ranks.count(row.rank) > 1)
        places = [row.place for row in found.standings if row.unit.group == group]
        assert sorted(p for p in places if p is not None)[:1] in ([], [1])


def in_range(case: Case, found: Assessment) -> None:
    """0 ≤ points ≤ weight · 封顶, but where the office set them."""
    cap = CAPS.get(str(case.scheme.settings["超额封顶"]))
    for row in found.scores.results.values():
        formula = row.scored & ~row.decided
        scores = row.points[formula] / 10**found.scores.places
        assert (scores >= 0).all()
        if cap is not None:
            most = row.weight[formula] * max(cap, 1.1) + 0.5 / 10**found.scores.places
            assert (scores <= most + 1e-9).all()


@settings(max_examples=30)
@given(cases(), st.data())
def test_a_unit_that_comes_or_goes_leaves_other_groups_alone(case: Case, data: st.DataObject) -> None:
    """Ranges of comparison that reach beyond a group are another rule (比较范围)."""
    chosen = {**case.scheme.settings, "比较范围": "考核组"}
    case = replace(case, scheme=replace(case.scheme, settings=chosen))
    leaving = data.draw(st.sampled_from(case.scheme.units))
    rest = tuple(unit for unit in case.scheme.units if unit is not leaving)
    named = {scope for grade in case.scheme.grades for scope in [grade.scope] if scope != "*"}
    lonely = all(unit.group != leaving.group for unit in rest)
    assume(rest and not (lonely and leaving.group in named) and not only_one_kind(case.scheme, rest))
    fewer = replace(case, scheme=replace(case.scheme, units=rest))
    before, after = by_unit(run(case)), by_unit(run(fewer))
    for unit in rest:
        if unit.group != leaving.group:
            assert without_order(before[unit.code]) == without_order(after[unit.code])


def only_one_kind(scheme: Scheme, rest: tuple[Unit, ...]) -> bool:
    """Whether rows of the scheme speak of nobody any more: a finding about the scheme, which concerns all."""
    words = {word for row in scheme.indicators for word in row.applies_to}
    known = {word for unit in rest for word in (unit.code, unit.unit_class, unit.group, unit.kind)}
    named = {word for unit in scheme.units for word in (unit.code, unit.unit_class, unit.group, unit.kind)}
    scopes = {row.unit for row in scheme.targets} | {row.scope for row in scheme.parameters}
    return not ((words | scopes) & named) <= known


@settings(max_examples=15)
@given(cases())
def test_every_explanation_ends_at_the_score(case: Case) -> None:
    tell(case)


@pytest.mark.full
@settings(max_examples=300)
@given(cases(most=6))
def test_every_explanation_ends_at_the_score_after_many_decisions(case: Case) -> None:
    tell(case)


def tell(case: Case) -> None:
    found, told = run(case), Reference(case).told
    for unit in found.scores.units:
        for each in explain_all(found, unit):
            mine = told[unit.code].points[each.indicator.code]
            assert (None if each.score is None else shown(each.score)) == mine
            ends = [
                step.number
                for step in each.steps
                if step.label in ("舍入", "决定") and step.number is not None
            ]
            assert each.score is None or ends[-1:] == [each.score]
        whole = explain_total(found, unit)
        totals = [
            step.number
            for step in whole.steps
            if step.label == "总分" or step.text.startswith("人工调整:总分")
        ]
        assert totals[-1] == whole.standing.total
