"""For every published score of the bundled systems the explanation ends at that score.

The formula with its numbers put in is read anew and computed: it has to come to the points before rounding,
these to the score; where a decision stands, to the decided number.
"""

from __future__ import annotations

import pytest

from kaohe.assess.explain import Explanation, explain_all
from kaohe.assess.explain_total import explain_total
from kaohe.jobs.demo import demo_periods
from kaohe.rules.rule import parse
from kaohe.values.rounding import round_half_away
from tests.systems.played import play

ENDS = ("舍入", "决定")


def ends_at(found: Explanation) -> float | None:
    """The last number the steps come to."""
    numbers = [step.number for step in found.steps if step.label in ENDS and step.number is not None]
    return numbers[-1] if numbers else None


@pytest.mark.parametrize("code", list(demo_periods()))
def test_every_score_of_every_unit(code: str) -> None:
    assessment = play(code, demo_periods()[code].code)
    told = 0
    for unit in assessment.scores.units:
        for found in explain_all(assessment, unit):
            place = f"{unit.name} {found.indicator.code} {found.formula}"
            if found.raw is not None:
                number = float(parse(found.formula, ()).evaluate({}).number[0])
                assert float(round_half_away(number, found.places)) == found.computed, place
            if found.score is not None:
                assert ends_at(found) == found.score, place
                told += 1
    assert told == sum(int(row.scored.sum()) for row in assessment.scores.results.values() if row.measured)


@pytest.mark.parametrize("code", list(demo_periods()))
def test_every_total_of_every_unit(code: str) -> None:
    assessment = play(code, demo_periods()[code].code)
    for standing in assessment.standings:
        steps = explain_total(assessment, standing.unit).steps
        assert [step.number for step in steps if step.label in ("总分", "决定")][-1] == standing.total
        parts = [step.number or 0.0 for step in steps if step.label == "部分"]
        assert float(round_half_away(sum(parts), 6)) == float(
            round_half_away(sum(standing.parts.values()), 6)
        )
        if standing.rank is not None:
            assert standing.rank in [step.number for step in steps if step.label == "名次"]
