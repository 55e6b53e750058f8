"""What a unit would gain by reaching the target of one indicator, all else as it is: an estimate (Y10).

The indicator's own formula is run once more with the target due in place of the figure reached. Where units
are compared with each other the others' figures stay as they are and only the unit's own moves. What is
counted from nothing (deductions: so many problems found) has no declared target: 0 is its target where the
method gives full marks for it. There is no estimate without a target, where the office set the score, or
where somebody gives a mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.points import Points
from kaohe.assess.scoring import IndicatorResult, Scores, inputs_of
from kaohe.rules.methods import CompiledMethod, score_points
from kaohe.values.rounding import round_half_away

Mask = npt.NDArray[np.bool_]


class AtTarget(NamedTuple):
    """Points (integers of 10^-places) an indicator would give at its target, and where that is known."""

    points: Points
    known: Mask


def gains(scores: Scores) -> Mapping[str, npt.NDArray[np.float64]]:
    """Indicator that counts → points (分) to be gained per unit; NaN where nothing can be said or gained."""
    estimate = _Estimate(scores)
    scale = 10**scores.places
    found = {}
    for row in scores.counted:
        reached = estimate.of(row)
        more = reached.points - row.points
        useful = reached.known & row.scored & (more > 0)
        found[row.indicator.code] = np.where(useful, more / scale, np.nan)
    return found


def aims(scores: Scores, row: IndicatorResult) -> npt.NDArray[np.float64]:
    """What a unit has to reach (unit of measure): the target due, 0 where nothing at all is worth full marks.

    NaN where neither is known. Where units are compared 0 is no aim, nor where the value is made from others.
    """
    method = row.method
    given = row.indicator.composite or row.indicator.value_source == terms.SOURCE_BORROWED
    if method is None or given or method.compares or method.method.accepts != "number":
        return row.due
    asked = np.isnan(row.due) & ~np.isnan(row.actual) & row.applies & row.scored
    if not asked.any():
        return row.due
    none = np.where(asked, 0.0, row.actual)
    moved = replace(row, actual=none, answers=np.where(asked, none, row.answers).astype(object))
    outcome = score_points(method, inputs_of(scores, moved, method), scores.places)
    full = np.asarray(round_half_away(row.weight * 10**scores.places, 0), dtype=np.int64)
    return np.where(asked & outcome.scored & (outcome.points >= full) & (full > 0), 0.0, row.due)


class _Estimate:
    """Estimates of a period's indicators, components before their composite."""

    def __init__(self, scores: Scores) -> None:
        self._scores = scores
        self._found: dict[str, AtTarget] = {}

    def of(self, row: IndicatorResult) -> AtTarget:
        """The indicator at its target; a circle of composites (S06) knows nothing."""
        code = row.indicator.code
        if code not in self._found:
            nothing = AtTarget(row.points, np.zeros(len(self._scores.units), dtype=np.bool_))
            self._found[code] = nothing
            self._found[code] = self._estimated(row, nothing)
        return self._found[code]

    def _estimated(self, row: IndicatorResult, nothing: AtTarget) -> AtTarget:
        method = row.method
        if method is None or not row.measured or row.indicator.value_source == terms.SOURCE_BORROWED:
            return nothing
        if method.method.accepts == "grade":
            return nothing
        below = row.applies & row.scored & ~row.decided
        short = below & ~row.met
        if row.indicator.composite:
            actual, known = self._composed(row)
        elif method.method.accepts == "yes_no":
            return self._run(row, method, row.actual, short, terms.YES)
        else:
            actual = aims(self._scores, row)
            known = ~np.isnan(actual)
            # Without a target nobody can have reached it, whatever the method counts as on schedule.
            short |= below & known & np.isnan(row.due)
        return self._run(row, method, np.where(known, actual, row.actual), short & known)

    def _composed(self, row: IndicatorResult) -> tuple[npt.NDArray[np.float64], Mask]:
        """The sum (or the best) of the components at their targets; known where any of them is."""
        parts = [
            self._scores.results[each.code] for each in self._scores.scheme.components[row.indicator.code]
        ]
        reached = [self.of(part) for part in parts]
        points = np.array(
            [
                np.where(part.applies, np.where(at.known, np.maximum(at.points, part.points), part.points), 0)
                for part, at in zip(parts, reached, strict=True)
            ]
        )
        best = row.indicator.value_source == terms.SOURCE_BEST
        whole = points.max(axis=0) if best else points.sum(axis=0)
        known = np.logical_or.reduce([at.known for at in reached])
        return whole / 10**self._scores.places, known

    def _run(
        self,
        row: IndicatorResult,
        method: CompiledMethod,
        actual: npt.NDArray[np.float64],
        wanted: Mask,
        word: str = "",
    ) -> AtTarget:
        """Points with ``actual`` (or the ``word``) in place of the figure of those ``wanted``."""
        points, known = row.points.copy(), np.zeros(len(wanted), dtype=np.bool_)
        if not wanted.any():
            return AtTarget(points, known)
        each = [np.array([at]) for at in np.flatnonzero(wanted)]
        for who in each if method.compares else [np.flatnonzero(wanted)]:
            given, answers = row.actual.copy(), row.answers.copy()
            given[who] = np.nan if word else actual[who]
            answers[who] = word or [float(value) for value in actual[who]]
            moved = replace(row, actual=given, answers=answers)
            outcome = score_points(method, inputs_of(self._scores, moved, method), self._scores.places)
            points[who], known[who] = outcome.points[who], outcome.scored[who]
        return AtTarget(points, known)
