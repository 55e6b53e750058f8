"""Scores of all indicators over all units: values in, rounded points and states out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.inputs import (
    GROUP_NAMES,
    Answer,
    Floats,
    as_column,
    group_columns,
    parameter_column,
    parameter_names,
    target_columns,
)
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import MethodBook, method_book
from kaohe.assess.pace import elapsed_share
from kaohe.assess.points import Points
from kaohe.model import Indicator, Period, Scheme, Unit
from kaohe.rules.column import Column
from kaohe.rules.methods import CompiledMethod, score_points
from kaohe.settings import places

_MET_FAILED = "达标公式没有结果"
Values = Mapping[str, Mapping[str, Answer]]
"""Indicator code → unit code → value as understood. A unit that is absent has not filled it in."""


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator over all units; every array has one row per unit, in the scheme's order.

    ``share`` is the elapsed share (ratio), ``due`` the target due at the period's end (unit of measure),
    ``rate`` the completion (ratio, NaN when there is none), ``points`` integers of 10^-places.
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

    @property
    def counted(self) -> bool:
        """Whether it counts towards the unit's total in this period."""
        return self.measured and not self.component


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

    @property
    def counted(self) -> tuple[IndicatorResult, ...]:
        """The indicators in the denominator (BH2)."""
        return tuple(result for result in self.results.values() if result.counted)


def score(whole: Scheme, period: Period, values: Values) -> Scores:
    """Score everything in force at the end of ``period``.

    Components are scored before the composite whose value is the sum of their scores (BH6).
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
    results: dict[str, IndicatorResult] = {}
    for indicator in _components_first(scheme):
        answers = _answers(blank, indicator, values, results)
        results[indicator.code] = _score_one(blank, indicator, answers)
    ordered = {row.code: results[row.code] for row in scheme.indicators if row.code in results}
    return Scores(scheme, period, blank.units, ordered, blank.places, blank.methods, blank.lookup)


def _components_first(scheme: Scheme) -> list[Indicator]:
    def depth(row: Indicator) -> int:
        steps = 0
        while scheme.is_component(row) and steps < len(scheme.indicators):
            row, steps = scheme.indicator_by_code[row.parent], steps + 1
        return steps

    unique = scheme.indicator_by_code.values()
    return sorted(unique, key=depth, reverse=True)


def _answers(
    scores: Scores, indicator: Indicator, values: Values, results: Mapping[str, IndicatorResult]
) -> list[Answer]:
    """One value per unit; the marker ``terms.BLANK`` where nothing was filled in."""
    if not indicator.composite:
        given = values.get(indicator.code, {})
        return [given.get(unit.code, terms.BLANK) for unit in scores.units]
    parts = [results[row.code] for row in scores.scheme.components.get(indicator.code, ())]
    if not parts:
        return [terms.WAITING] * len(scores.units)
    total = np.sum([part.points for part in parts], axis=0)
    complete = np.all([part.scored for part in parts], axis=0)
    scale = 10**scores.places
    return [int(t) / scale if ok else terms.WAITING for t, ok in zip(total, complete, strict=True)]


def _score_one(scores: Scores, indicator: Indicator, answers: list[Answer]) -> IndicatorResult:
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
    )
    return _scored(scores, filled) if measured else filled


def _scored(scores: Scores, row: IndicatorResult) -> IndicatorResult:
    """The same row with scores and states; without a usable method everything is 无法计分."""
    if row.method is None:
        return replace(row, state=_states(row.answers, row.scored, row.met))
    outcome = score_points(row.method, _inputs(scores, row, row.method), scores.places)
    return replace(
        row,
        rate=outcome.rate,
        met=outcome.met,
        points=outcome.points,
        scored=outcome.scored,
        errors=np.where(outcome.scored & ~outcome.met_known, _MET_FAILED, outcome.errors).astype(object),
        state=_states(row.answers, outcome.scored, outcome.met),
    )


def _inputs(
    scores: Scores, row: IndicatorResult, method: CompiledMethod
) -> dict[str, float | Floats | Column]:
    inputs: dict[str, float | Floats | Column] = {
        "权重": row.indicator.weight,
        "完成值": _actual_column(row),
        "目标值": as_column(row.target),
        "上年值": as_column(row.prior),
        "序时": row.share,
    }
    if set(method.uses) & set(GROUP_NAMES):
        groups = group_columns(row.indicator, row.actual, scores.units)
        inputs |= {name: as_column(groups[name]) for name in GROUP_NAMES}
    for name in parameter_names(method):
        inputs[name] = parameter_column(scores.lookup, method, row.indicator.code, name, scores.units)
    return inputs


def _actual_column(row: IndicatorResult) -> Column | Floats:
    """Numbers as they are; a word as text; nothing filled in as blank."""
    if not np.isnan(row.actual).any():
        return row.actual
    shown = {terms.BLANK: None, terms.WAITING: None, None: terms.NOT_READ}
    return Column.of([shown.get(answer, answer) for answer in row.answers])


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
