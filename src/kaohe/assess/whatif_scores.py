"""Scores under many draws of the weights, exactly as the engine would give them one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.applicable import Applicable
from kaohe.assess.assessment import Assessment
from kaohe.assess.inputs import Floats, Mask, rule_inputs
from kaohe.assess.points import Points
from kaohe.assess.scoring import IndicatorResult, inputs_of
from kaohe.assess.weighing import Weighing
from kaohe.assess.whatif_effective import effective_under
from kaohe.assess.whatif_formula import Prepared, prepare
from kaohe.model import Indicator
from kaohe.rules.methods import CompiledMethod, score_points
from kaohe.settings import ABSENT_FULL
from kaohe.values.rounding import points_of, round_half_away

WEIGHT, ACTUAL = "权重", "完成值"


@dataclass(frozen=True)
class Scored:
    """One indicator under m draws over n units: ``points`` int64 (m, n), ``raw`` NaN where no formula scored.

    ``weight`` is the effective one, (m, n) or (1, n).
    """

    points: Points
    raw: Floats
    scored: Mask
    weight: Floats


class Rescoring:
    """Scores one assessment again and again under other weights; the values stay what they are.

    Whoever has no score from a formula today gets none under other weights either.
    """

    def __init__(self, assessment: Assessment, varied: frozenset[str]) -> None:
        """``varied``: codes of indicators whose weight will be drawn."""
        self._scores = assessment.scores
        self._scheme = self._scores.scheme
        self._varied = varied
        self._taken = assessment.decisions
        self._weigh = Weighing(self._scheme, self._scores.period, assessment.decisions)
        self._given = set(assessment.claims.hands.keys())
        self._touched = self._all_touched()
        self._prepared: dict[str, Prepared] = {}
        self._rescaled = self._rescaled_units()

    @property
    def touched(self) -> frozenset[str]:
        """Codes of indicators whose score or weight can change."""
        return self._touched

    def _all_touched(self) -> frozenset[str]:
        """What is drawn itself, or made from such, or shares weight with what was ruled out for a unit."""
        found = set(self._varied)
        if self._taken.absent:
            found |= {code for code, row in self._scores.results.items() if row.counted or row.component}
        grows = True
        while grows:
            more = {
                code
                for code, row in self._scores.results.items()
                if code not in found and not found.isdisjoint(self._sources(row.indicator))
            }
            found |= more
            grows = bool(more)
        return frozenset(found)

    def _sources(self, row: Indicator) -> tuple[str, ...]:
        """Codes of the indicators a value is made from."""
        if row.value_source == terms.SOURCE_BORROWED:
            return (row.value_from,)
        return tuple(each.code for each in self._scheme.components.get(row.code, ())) if row.composite else ()

    def _rescaled_units(self) -> dict[int, tuple[tuple[Indicator, ...], set[str]]]:
        """Place of a unit → its measured indicators and those ruled out, where weights are rescaled."""
        if self._scheme.settings["不适用指标"] == ABSENT_FULL:
            return {}
        places = {unit.code: at for at, unit in enumerate(self._scores.units)}
        absent: dict[int, set[str]] = {}
        for unit, code in self._taken.absent:
            if unit in places:
                absent.setdefault(places[unit], set()).add(code)
        applicable = Applicable(self._scheme)
        return {
            at: (
                tuple(
                    row
                    for row in applicable.of(self._scores.units[at])
                    if self._scheme.measured(row, self._scores.period)
                ),
                codes,
            )
            for at, codes in absent.items()
        }

    def score(self, weights: Mapping[str, Floats], count: int) -> dict[str, Scored]:
        """Code → scores of every measured indicator that counts, or is part of one that does, under m draws.

        ``weights``: code → (m,), for the varied ones.
        """
        return _Pass(self, weights, count).all()

    def effective(self, weights: Mapping[str, Floats], count: int) -> Mapping[int, Mapping[str, Floats]]:
        """Place of a unit with something ruled out → its effective weights by code, (m,) each."""
        return {
            at: effective_under(self._scheme, rows, absent, weights, count)
            for at, (rows, absent) in self._rescaled.items()
        }


class _Pass:
    """One set of draws on its way through the indicators, those a value is made from first."""

    def __init__(self, of: Rescoring, weights: Mapping[str, Floats], count: int) -> None:
        self.of, self.weights, self.count = of, weights, count
        self.scores = of._scores
        self.size = len(self.scores.units)
        self.done: dict[str, Scored] = {}
        self.actuals: dict[str, Floats] = {}
        self.effective = of.effective(weights, count)
        self._entered: set[str] = set()

    def all(self) -> dict[str, Scored]:
        for code, row in self.scores.results.items():
            if row.measured and row.kind == terms.PART_SCORED:
                self.visit(code)
        return self.done

    def visit(self, code: str) -> None:
        if code in self._entered:
            return
        self._entered.add(code)
        row = self.scores.results[code]
        for source in self.of._sources(row.indicator):
            if source in self.scores.results:
                self.visit(source)
        self.actuals[code] = self._actual(row)
        self.done[code] = self._scored(row)

    def _actual(self, row: IndicatorResult) -> Floats:
        """完成值 (m, n) where it is made from what is drawn, else (1, n); NaN where there is no number."""
        fixed = row.actual[None, :]
        if self.of._touched.isdisjoint(self.of._sources(row.indicator)):
            return fixed
        code = row.indicator.code
        made = [(unit.code, code) not in self.of._given for unit in self.scores.units]
        free = np.array(made, dtype=np.bool_) & ~np.isnan(row.actual)
        return np.where(free[None, :], self._made(row), fixed)

    def _made(self, row: IndicatorResult) -> Floats:
        indicator = row.indicator
        if indicator.value_source == terms.SOURCE_BORROWED:
            return self.actuals.get(indicator.value_from, row.actual[None, :])
        parts = [self.scores.results[code] for code in self.of._sources(indicator)]
        if not all(part.indicator.code in self.done for part in parts):  # a circle (S06)
            return row.actual[None, :]
        points = [np.where(part.applies, self.done[part.indicator.code].points, 0) for part in parts]
        if indicator.value_source == terms.SOURCE_BEST:
            lowest = np.iinfo(np.int64).min
            known = [self.done[part.indicator.code].scored & part.applies for part in parts]
            best = np.maximum.reduce(
                [np.where(has, given, lowest) for given, has in zip(points, known, strict=True)]
            )
            total = np.where(np.logical_or.reduce(known), best, 0)
        else:
            total = sum(points[1:], points[0])
        return np.asarray(total / 10**self.scores.places)

    def _scored(self, row: IndicatorResult) -> Scored:
        code = row.indicator.code
        weight = self._weight(row)
        if code not in self.of._touched:
            return Scored(row.points[None, :], row.raw[None, :], row.scored[None, :], weight)
        raw, scored = self._computed(row, weight)
        places = self.scores.places
        rounded = np.asarray(round_half_away(np.where(scored, raw, 0.0), places))
        points = points_of(rounded, places)
        return self._settled(row, Scored(points, np.where(scored, raw, np.nan), scored, weight))

    def _weight(self, row: IndicatorResult) -> Floats:
        """Effective weights, (m, n) where they change."""
        code = row.indicator.code
        if code not in self.weights and not self.effective:
            return row.weight[None, :]
        own = self.weights.get(code, np.full(self.count, row.indicator.weight))
        found = np.repeat(own[:, None], self.size, axis=1)
        for at, mine in self.effective.items():
            found[:, at] = mine.get(code, 0.0)
        return found

    def _computed(self, row: IndicatorResult, weight: Floats) -> tuple[Floats, Mask]:
        """Scores before rounding, (m, n), and where there are any."""
        raw = np.full((self.count, self.size), np.nan)
        scored = np.zeros((self.count, self.size), dtype=np.bool_)
        rows = np.flatnonzero(~np.isnan(row.raw))
        if row.method is None or not len(rows):
            return raw, scored
        actual = self.actuals[row.indicator.code]
        if self._measures_change(row, row.method, actual):
            return self._one_by_one(row, row.method, weight, actual)
        code, varied = row.indicator.code, {WEIGHT: weight[:, rows]}
        if len(actual) > 1:
            varied[ACTUAL] = actual[:, rows]
        known = self.of._prepared.get(code)
        if known is None:
            inputs = inputs_of(self.scores, row, row.method)
            known = prepare(row.method.score, inputs, rows, self.size, varied)
            self.of._prepared[code] = known
        draws = {name: np.broadcast_to(values, (self.count, len(rows))) for name, values in varied.items()}
        raw[:, rows], scored[:, rows] = known.evaluate(draws)
        return raw, scored

    def _measures_change(self, row: IndicatorResult, method: CompiledMethod, actual: Floats) -> bool:
        """Whether what the units are compared by depends on what is drawn."""
        return method.compares and (len(actual) > 1 or WEIGHT in method.measure.names)

    def _one_by_one(
        self, row: IndicatorResult, method: CompiledMethod, weight: Floats, actual: Floats
    ) -> tuple[Floats, Mask]:
        """Draw by draw by the engine itself."""
        raw = np.full((self.count, self.size), np.nan)
        scored = np.zeros((self.count, self.size), dtype=np.bool_)
        scope = str(self.scores.scheme.settings["比较范围"])
        for draw in range(self.count):
            mine = weight[draw if len(weight) > 1 else 0]
            declared = self.weights.get(row.indicator.code)
            indicator = row.indicator
            if declared is not None:
                indicator = replace(indicator, weight=float(declared[draw]))
            values = actual[draw if len(actual) > 1 else 0]
            answers = np.where(np.isnan(values), row.answers, values.astype(object)).astype(object)
            drawn = replace(row, indicator=indicator, weight=mine, actual=values, answers=answers)
            inputs = rule_inputs(drawn, method, self.scores.lookup, self.scores.units, scope)
            found = score_points(method, inputs, self.scores.places)
            scored[draw] = found.scored & row.applies
            raw[draw] = np.where(scored[draw], found.raw, np.nan)
        return raw, scored

    def _settled(self, row: IndicatorResult, found: Scored) -> Scored:
        """With the scores the office set, full marks for what was ruled out among them; nothing elsewhere."""
        places = self.scores.places
        points, scored = found.points.copy(), found.scored.copy()
        full = self._full_marks(row.indicator)
        for at in np.flatnonzero(row.decided).tolist():
            points[:, at] = row.points[at]
            if at in full:
                rounded = np.asarray(round_half_away(found.weight[:, at], places))
                points[:, at] = np.asarray(round_half_away(rounded * 10**places, 0))
            scored[:, at] = True
        off = ~row.applies
        points[:, off], scored[:, off] = 0, False
        return Scored(points, np.where(off, np.nan, found.raw), scored, found.weight)

    def _full_marks(self, indicator: Indicator) -> npt.NDArray[np.intp] | set[int]:
        """Places of units that get full marks because the indicator was ruled out for them."""
        if self.scores.scheme.settings["不适用指标"] != ABSENT_FULL:
            return set()
        taken, units = self.of._taken, self.scores.units
        return {
            at
            for at in np.flatnonzero(self.of._weigh.ruled_out(indicator)).tolist()
            if (units[at].code, indicator.code) not in taken.zero
            and (units[at].code, indicator.code) not in taken.scores
        }
