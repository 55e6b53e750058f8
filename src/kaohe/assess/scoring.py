"""Scores of all indicators over all units: values in, rounded points and states out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.decisions import Decisions
from kaohe.assess.inputs import Answer, Floats, Input, rule_inputs, target_columns
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import MethodBook, method_book
from kaohe.assess.pace import elapsed_share
from kaohe.assess.points import Points
from kaohe.assess.weighing import Weighing
from kaohe.model import Indicator, Period, Scheme, Unit
from kaohe.rules.methods import CompiledMethod, score_points
from kaohe.settings import places
from kaohe.values.rounding import round_half_away

NO_DECISIONS = Decisions()
_MET_FAILED = "达标公式没有结果"
Values = Mapping[str, Mapping[str, Answer]]
"""Indicator code → unit code → value as understood. A unit that is absent has not filled it in."""


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator over all units; every array has one row per unit, in the scheme's order.

    ``share`` is the elapsed share (ratio), ``due`` the target due at the period's end (unit of measure),
    ``rate`` the completion (ratio, NaN when there is none), ``points`` integers of 10^-places. ``weight`` is
    the effective one, ``applies`` who is assessed by it at all. ``computed`` are the points of the formula,
    ``points`` those that count: where ``decided``, they were set by the office.
    """

    indicator: Indicator
    method: CompiledMethod | None
    measured: bool
    component: bool
    share: float
    target: Floats
    prior: Floats
    due: Floats
    actual: Floats
    answers: npt.NDArray[np.object_]
    rate: Floats
    met: npt.NDArray[np.bool_]
    points: Points
    scored: npt.NDArray[np.bool_]
    state: npt.NDArray[np.object_]
    errors: npt.NDArray[np.object_]
    weight: Floats
    applies: npt.NDArray[np.bool_]
    computed: Points
    decided: npt.NDArray[np.bool_]
    raw: Floats
    """Points of the formula before rounding; NaN where there are none."""
    kind: str = terms.PART_SCORED
    """计分, 加分 or 扣分: the kind of the part it stands in."""

    @property
    def counted(self) -> bool:
        """Whether it counts towards the unit's total in this period; without weight it is only checked."""
        scored = self.kind == terms.PART_SCORED and self.indicator.weight != 0
        return self.measured and not self.component and scored


@dataclass(frozen=True)
class Scores:
    """All indicators in force at the period's end, in the scheme's order."""

    scheme: Scheme
    period: Period
    units: tuple[Unit, ...]
    results: Mapping[str, IndicatorResult]
    places: int
    methods: MethodBook
    lookup: Lookup
    stage: str = terms.STATE_PRELIMINARY
    """How far the results have come (审定), in the word that stands above every result sheet."""

    @property
    def counted(self) -> tuple[IndicatorResult, ...]:
        """The indicators in the denominator (BH2)."""
        return tuple(result for result in self.results.values() if result.counted)


def score(whole: Scheme, period: Period, values: Values, taken: Decisions = NO_DECISIONS) -> Scores:
    """Score everything in force at the end of ``period``.

    What a value is made from is scored before it: components before their composite (BH6), the source before
    the indicator that borrows its value. ``taken``: what the office decided.
    """
    scheme = whole.at(period.end)
    blank = Scores(
        scheme,
        period,
        scheme.units,
        {},
        places(scheme.settings, "得分"),
        method_book(scheme),
        Lookup.of(scheme),
    )
    weigh = Weighing(scheme, period, taken)
    results: dict[str, IndicatorResult] = {}
    for indicator in _sources_first(scheme):
        answers = _answers(blank, indicator, values, results, weigh.ruled_out(indicator))
        results[indicator.code] = _score_one(blank, indicator, answers, weigh)
    ordered = {row.code: results[row.code] for row in scheme.indicators if row.code in results}
    return Scores(scheme, period, blank.units, ordered, blank.places, blank.methods, blank.lookup)


def _sources_first(scheme: Scheme) -> list[Indicator]:
    """Every indicator once, after those its value is made from; a circle is cut where it closes (S06)."""
    found: dict[str, Indicator] = {}
    entered: set[str] = set()

    def visit(row: Indicator) -> None:
        if row.code in entered:
            return
        entered.add(row.code)
        for component in scheme.components.get(row.code, ()):
            visit(component)
        source = scheme.indicator_by_code.get(row.value_from)
        if source is not None and row.value_source == terms.SOURCE_BORROWED:
            visit(source)
        found[row.code] = row

    for row in scheme.indicator_by_code.values():
        visit(row)
    return list(found.values())


def _answers(
    scores: Scores,
    indicator: Indicator,
    values: Values,
    results: Mapping[str, IndicatorResult],
    ruled_out: npt.NDArray[np.bool_],
) -> list[Answer]:
    """One value per unit; the marker ``terms.BLANK`` where nothing was filled in.

    Whoever was ruled out has none, lest the others be compared with it.
    """
    given = values.get(indicator.code, {})
    made = _made(scores, indicator, results)
    return [
        terms.BLANK if out else given.get(unit.code, value)
        for unit, value, out in zip(scores.units, made, ruled_out, strict=True)
    ]


def _made(scores: Scores, indicator: Indicator, results: Mapping[str, IndicatorResult]) -> list[Answer]:
    """The values an indicator gets from others: composed, the best of its components, or borrowed."""
    if indicator.value_source == terms.SOURCE_BORROWED:
        source = results.get(indicator.value_from)
        return list(source.answers) if source else [terms.WAITING] * len(scores.units)
    if not indicator.composite:
        return [terms.BLANK] * len(scores.units)
    parts = [results[row.code] for row in scores.scheme.components.get(indicator.code, ())]
    if not parts:
        return [terms.WAITING] * len(scores.units)
    points = np.array([np.where(part.applies, part.points, 0) for part in parts])
    known = np.array([part.scored | ~part.applies for part in parts])
    if indicator.value_source == terms.SOURCE_BEST:
        total, complete = _best(points, np.array([part.scored & part.applies for part in parts]))
    else:
        total, complete = points.sum(axis=0), np.logical_and.reduce(known)
    complete = complete & np.logical_or.reduce([part.applies for part in parts])
    scale = 10**scores.places
    return [int(t) / scale if ok else terms.WAITING for t, ok in zip(total, complete, strict=True)]


def _best(points: Points, scored: npt.NDArray[np.bool_]) -> tuple[Points, npt.NDArray[np.bool_]]:
    """The best of the components that have a score; one is enough (择其一)."""
    lowest = np.iinfo(np.int64).min
    best = np.where(scored, points, lowest).max(axis=0)
    any_scored = np.logical_or.reduce(scored)
    return np.where(any_scored, best, 0), any_scored


def _score_one(
    scores: Scores, indicator: Indicator, answers: list[Answer], weigh: Weighing
) -> IndicatorResult:
    units = scores.units
    method = scores.methods.methods.get(indicator.method)
    measured = scores.scheme.measured(indicator, scores.period)
    share = elapsed_share(
        indicator, scores.period, lambda name: scores.lookup.parameter(indicator.code, name)
    )
    target, prior = target_columns(scores.lookup, indicator.code, units)
    actual = np.array([a if isinstance(a, float) else np.nan for a in answers], dtype=np.float64)
    uses_pace = method is not None and "序时" in method.uses
    due = target * (share if uses_pace and share is not None else 1.0)
    filled = IndicatorResult(
        indicator=indicator,
        method=method,
        measured=measured,
        component=scores.scheme.is_component(indicator),
        share=np.nan if share is None else share,
        target=target,
        prior=prior,
        due=due,
        actual=actual,
        answers=np.array(answers, dtype=object),
        rate=np.full(len(units), np.nan),
        met=np.zeros(len(units), dtype=np.bool_),
        points=np.zeros(len(units), dtype=np.int64),
        scored=np.zeros(len(units), dtype=np.bool_),
        state=np.full(len(units), terms.OUTSIDE_PERIOD, dtype=object),
        errors=np.full(len(units), "", dtype=object),
        weight=weigh.weight(indicator),
        applies=weigh.applies(indicator),
        computed=np.zeros(len(units), dtype=np.int64),
        decided=np.zeros(len(units), dtype=np.bool_),
        raw=np.full(len(units), np.nan),
        kind=scores.scheme.kind_of(indicator),
    )
    if not measured:
        return filled
    return _where_it_applies(_settled(_scored(scores, filled), weigh, scores.places))


def _scored(scores: Scores, row: IndicatorResult) -> IndicatorResult:
    """The same row with scores and states; without a usable method everything is 无法计分."""
    if row.method is None:
        return replace(row, state=_states(row.answers, row.scored, row.met))
    outcome = score_points(row.method, inputs_of(scores, row, row.method), scores.places)
    return replace(
        row,
        rate=outcome.rate,
        met=outcome.met,
        points=outcome.points,
        computed=outcome.points,
        scored=outcome.scored,
        errors=np.where(outcome.scored & ~outcome.met_known, _MET_FAILED, outcome.errors).astype(object),
        state=_states(row.answers, outcome.scored, outcome.met),
        raw=np.where(outcome.scored, outcome.raw, np.nan),
    )


def inputs_of(scores: Scores, row: IndicatorResult, method: CompiledMethod) -> dict[str, Input]:
    """Every name the method's formulas use → its values over the units."""
    scope = str(scores.scheme.settings["比较范围"])
    return rule_inputs(row, method, scores.lookup, scores.units, scope)


def _settled(row: IndicatorResult, weigh: Weighing, places: int) -> IndicatorResult:
    """The same row with the scores the office set; what the formula came to stays in ``computed``."""
    decided = weigh.decided(row.indicator)
    if not decided:
        return row
    at = np.fromiter(decided, dtype=np.int64)
    points, mask, state = row.points.copy(), row.decided.copy(), row.state.copy()
    scored, errors = row.scored.copy(), row.errors.copy()
    rounded = np.asarray(round_half_away(np.array(list(decided.values()), dtype=np.float64), places))
    points[at] = np.asarray(round_half_away(rounded * 10**places, 0), dtype=np.int64)
    full = np.asarray(round_half_away(row.weight[at], places))
    judged = np.where(rounded >= full, terms.ON_SCHEDULE, terms.BEHIND).astype(object)
    # What was reached stays what it was: the decision is about points, unless there was nothing to judge by.
    state[at] = np.where(row.scored[at], state[at], judged)
    mask[at], scored[at], errors[at] = True, True, ""
    return replace(row, points=points, decided=mask, scored=scored, state=state, errors=errors)


def _where_it_applies(row: IndicatorResult) -> IndicatorResult:
    """The same row with nothing for those who are not assessed by it."""
    if row.applies.all():
        return row
    off = ~row.applies
    return replace(
        row,
        points=np.where(off, 0, row.points),
        computed=np.where(off, 0, row.computed),
        scored=row.scored & row.applies,
        met=row.met & row.applies,
        decided=row.decided & row.applies,
        rate=np.where(off, np.nan, row.rate),
        raw=np.where(off, np.nan, row.raw),
        errors=np.where(off, "", row.errors).astype(object),
        state=np.where(off, terms.NOT_APPLICABLE, row.state).astype(object),
    )


def _states(
    answers: npt.NDArray[np.object_], scored: npt.NDArray[np.bool_], met: npt.NDArray[np.bool_]
) -> npt.NDArray[np.object_]:
    blank = np.array([answer == terms.BLANK for answer in answers], dtype=np.bool_)
    waiting = np.array([answer == terms.WAITING for answer in answers], dtype=np.bool_)
    unread = np.array([answer is None for answer in answers], dtype=np.bool_)
    state = np.where(met, terms.ON_SCHEDULE, terms.BEHIND).astype(object)
    state[~scored] = terms.NOT_SCORABLE
    state[unread] = terms.NOT_READ
    state[blank] = terms.BLANK
    state[waiting] = terms.WAITING
    return state
