"""An indicator's figures as outcomes read them, who is best in it, and how a result reads in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kaohe import terms
from kaohe.assess.outcome_scope import Contender, Pool
from kaohe.assess.points import as_score
from kaohe.assess.scoring import Scores
from kaohe.model import Indicator, Scheme


class Figure(NamedTuple):
    """One unit's figure in an indicator: ``value``, ``target`` in its unit of measure, ``score`` in points.

    None: there is none. ``met``: whether the target due was reached.
    """

    value: float | None
    score: float | None
    target: float | None = None
    met: bool | None = None


Figures = Mapping[str, Mapping[str, Figure]]
"""Indicator code → unit code → figure; only units the indicator applies to."""


def figures_of(scores: Scores) -> Figures:
    """The figures of all measured indicators."""
    return {
        code: {
            unit.code: Figure(
                value=_number(result.actual[at]),
                score=as_score(result.points[at], scores.places) if result.scored[at] else None,
                target=_number(result.target[at]),
                met=bool(result.met[at]) if result.scored[at] else None,
            )
            for at, unit in enumerate(scores.units)
            if result.applies[at]
        }
        for code, result in scores.results.items()
        if result.measured
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


LESS_IS_BETTER = (terms.LOWER_BETTER, terms.CONTROL_CAP)


def best_in(indicator: Indicator, figures: Figures, units: Sequence[str]) -> Iterable[tuple[str, str]]:
    """(unit code, basis) of the best by score, then by value in the indicator's direction; ties all.

    A figure without a score does not compete. For 适度 the score alone decides.
    """
    mine = figures.get(indicator.code, {})
    scored = {unit: figure for unit in units if (figure := mine.get(unit)) and figure.score is not None}
    if not scored:
        return
    top = max(_merit(indicator, figure) for figure in scored.values())
    first = [unit for unit, figure in scored.items() if _merit(indicator, figure) == top]
    for unit in first:
        tied = ",并列" if len(first) > 1 else ""
        yield unit, f"{indicator.name}第一({_figure_words(indicator, scored[unit])}){tied}"


def _merit(indicator: Indicator, figure: Figure) -> tuple[float, float]:
    """Larger is better."""
    value = -np.inf if figure.value is None else figure.value
    if indicator.direction == terms.TARGET_RANGE or figure.value is None:
        value = 0.0 if indicator.direction == terms.TARGET_RANGE else -np.inf
    elif indicator.direction in LESS_IS_BETTER:
        value = -value
    return float(figure.score or 0.0), float(value)


def _figure_words(indicator: Indicator, figure: Figure) -> str:
    value = "" if figure.value is None else f"完成值 {figure.value:.12g}{indicator.unit_of_measure},"
    return f"{value}得分 {figure.score:g}"


def standing_words(row: Contender, pool: Pool) -> str:
    """总分 92.3,甲组第 3(共 20): the total and the place a reader can look up in 排名."""
    group = row.unit.group or pool.name
    by = f"得分率 {row.rate:g}%" if pool.by_rate else f"总分 {row.total:g}"
    if row.rank is None:
        return f"{by}(暂定)"
    place = row.grading.place or row.rank
    was = f"(否决前第 {row.rank})" if row.grading.last and place != row.rank else ""
    return f"{by},{group}第 {place}{was}"


def veto_words(row: Contender, scheme: Scheme) -> str:
    """一票否决:重大食品安全事件(2016-05-01,通报)."""
    names = {event.code: event.name for event in scheme.veto_events}
    said = [
        f"{names.get(veto.event, veto.event)}({','.join(filter(None, (veto.date, veto.basis)))})"
        for veto in row.grading.vetoes
    ]
    return f"一票否决:{'、'.join(said)}"
