"""assess() against the slow, obvious reference, whatever is drawn, typed and decided."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings

from kaohe.assess.assessment import Assessment
from tests.assess.generators import cases, faulty, run
from tests.assess.reference import Reference, Told
from tests.assess.reference_grades import Ranked, ranked
from tests.assess.reference_rules import Case


def shown(number: float) -> Fraction:
    """A number of the product as it is written."""
    return Fraction(repr(float(number)))


def as_told(case: Case) -> tuple[Reference, dict[str, Ranked]]:
    reference = Reference(case, faulty(case.scheme.at(case.period.end), case.period))
    return reference, ranked(reference)


def compare_points(found: Assessment, told: Mapping[str, Told]) -> None:
    """Points and effective weights, unit by unit and indicator by indicator."""
    scale = 10**found.scores.places
    for code, row in found.scores.results.items():
        for at, unit in enumerate(found.scores.units):
            points = Fraction(int(row.points[at]), scale) if row.scored[at] and row.measured else None
            assert (unit.code, code, points) == (unit.code, code, told[unit.code].points[code])
            weight = shown(row.weight[at]) if row.measured and row.applies[at] else None
            assert (unit.code, code, weight) == (unit.code, code, told[unit.code].weights.get(code))


def compare_standings(found: Assessment, told: Mapping[str, Told], order: Mapping[str, Ranked]) -> None:
    """Parts, what stands beside them, totals, states, ranks, grades and places."""
    for row in found.standings:
        code, mine = row.unit.code, told[row.unit.code]
        for part, points in mine.parts.items():
            assert (code, part, shown(row.parts.get(part, 0.0))) == (code, part, points)
        assert (code, shown(row.bonus), shown(row.deduction)) == (code, mine.bonus, mine.deduction)
        assert (code, shown(row.late)) == (code, mine.late)
        assert (code, shown(row.computed_total)) == (code, mine.computed)
        assert (code, shown(row.total), row.measured_indicators) == (code, mine.total, mine.measured)
        assert (code, shown(row.rate)) == (code, mine.rate)
        assert (code, row.state == "有效") == (code, not mine.provisional)
        assert (code, row.rank, row.tied) == (code, order[code].rank, order[code].tied)
        assert (code, row.first_grade, row.grade) == (code, order[code].first_grade, order[code].grade)
        assert (code, row.place) == (code, order[code].place)


def compare(case: Case) -> None:
    reference, order = as_told(case)
    found = run(case)
    compare_points(found, reference.told)
    compare_standings(found, reference.told, order)


@settings(max_examples=60)
@given(cases())
def test_an_assessment_is_what_the_reference_says(case: Case) -> None:
    compare(case)


@pytest.mark.full
@settings(max_examples=400)
@given(cases(most=6))
def test_an_assessment_with_many_decisions_is_what_the_reference_says(case: Case) -> None:
    compare(case)
