"""From scores to standings: totals by part, points lost, ranks inside the group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from kaohe import settings, terms
from kaohe.assess.load_cells import listed
from kaohe.assess.points import Points, as_score, rescale
from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.model import Scheme, Unit, Veto
from kaohe.values.rounding import round_half_away

RATE_PLACES = 4
"""得分率 (percent) keeps this many places: with two, totals that differ could tie."""
EXACT_PLACES = 9
"""Places of a total before rounding that a rank looks at (排名取数 舍入前): what doubles add lies beyond."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's (or person's) result. Scores are in points (分); ``rate`` is total / measured weight × 100.

    ``rank`` is None while the result is provisional (an open ERROR); ``tied`` marks a shared rank. ``parts``
    are the scored parts of the first level. ``total`` counts; ``computed_total`` is what the parts, bonuses
    and deductions come to before a decision about the total. ``place`` is the order inside the group after
    vetoes, ``first_grade`` the grade before them.
    """

    unit: Unit
    total: float
    parts: Mapping[str, float]
    measured_weight: float
    measured_indicators: int
    scored_indicators: int
    on_schedule: int
    behind: int
    lost: float
    rate: float
    state: str
    rank: int | None
    tied: bool
    exact: float = 0.0
    """What a rank before rounding looks at (排名取数 舍入前): total or rate to nine places."""
    computed_total: float = 0.0
    bonus: float = 0.0
    deduction: float = 0.0
    late: float = 0.0
    grade: str = ""
    first_grade: str = ""
    place: int | None = None
    vetoes: tuple[Veto, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extras:
    """What stands beside the scored parts, in points by unit code: bonuses, deductions, late returns.

    ``totals`` are totals the office decided.
    """

    bonus: Mapping[str, float] = field(default_factory=dict)
    deduction: Mapping[str, float] = field(default_factory=dict)
    late: Mapping[str, float] = field(default_factory=dict)
    totals: Mapping[str, float] = field(default_factory=dict)


NO_EXTRAS = Extras()


@dataclass(frozen=True, slots=True)
class _Tally:
    total: Points
    computed: Points
    exact: npt.NDArray[np.float64]
    parts: Mapping[str, Points]
    inside: Mapping[str, npt.NDArray[np.bool_]]
    """Part code → which units are assessed by anything in it."""
    lost: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]
    measured: npt.NDArray[np.int64]
    scored: npt.NDArray[np.int64]
    on_schedule: npt.NDArray[np.int64]
    behind: npt.NDArray[np.int64]


def standings(
    scores: Scores, provisional: Collection[str], extras: Extras = NO_EXTRAS
) -> tuple[Standing, ...]:
    """One standing per unit, by group (in the order of 单位), rank, then code.

    ``provisional`` are the codes of units with an open ERROR: they get a total but no rank.
    """
    tally = _tally(scores, extras)
    rates = _rates(scores, tally)
    valid = np.array([unit.code not in provisional for unit in scores.units], dtype=np.bool_)
    valid &= tally.measured > 0
    ranks, tied = _ranks(scores, _keys(scores, tally, rates), valid)
    exact = _exact(scores, tally)
    found = [
        replace(_standing(scores, tally, extras, rates, ranks, tied, valid, row), exact=float(exact[row]))
        for row in range(len(scores.units))
    ]
    groups = {group: index for index, group in enumerate(dict.fromkeys(u.group for u in scores.units))}
    return tuple(
        sorted(
            found, key=lambda s: (groups[s.unit.group], s.rank is None, s.rank or 0, -s.total, s.unit.code)
        )
    )


def _tally(scores: Scores, extras: Extras) -> _Tally:
    """Exact sums: indicators are rounded once, from there on everything is an integer."""
    rows = scores.counted
    size = len(scores.units)
    part_places = settings.places(scores.scheme.settings, "部分")
    total_places = settings.places(scores.scheme.settings, "总分")
    finest = max(scores.places, part_places, total_places)
    parts: dict[str, Points] = {}
    inside: dict[str, npt.NDArray[np.bool_]] = {}
    exact = np.zeros(size)
    for row in rows:
        part = scores.scheme.top_part_of(row.indicator)
        code = part.code if part else ""
        parts[code] = parts.get(code, np.zeros(size, dtype=np.int64)) + row.points
        inside[code] = inside.get(code, np.zeros(size, dtype=np.bool_)) | row.applies
        formula = row.scored & ~row.decided
        raw = np.asarray(round_half_away(np.where(formula, row.raw, 0.0), EXACT_PLACES))
        exact += np.where(formula, raw, row.points / 10**scores.places)
    rounded = {code: rescale(points, scores.places, part_places) for code, points in parts.items()}
    beside = _beside(scores, extras, finest)
    summed = sum(rounded.values(), np.zeros(size, dtype=np.int64))
    computed = rescale(rescale(summed, part_places, finest) + beside, finest, total_places)
    total = _decided(scores, computed, extras.totals, total_places)
    return _Tally(
        total=total,
        computed=computed,
        exact=np.where(total == computed, exact + beside / 10**finest, total / 10**total_places),
        parts=rounded,
        inside=inside,
        lost=_lost(rows, scores.places, size),
        weight=np.asarray(round_half_away(_sum(rows, size, lambda row: row.weight * row.applies), 6)),
        measured=_count(rows, size, lambda row: row.applies),
        scored=_count(rows, size, lambda row: row.scored),
        on_schedule=_count(rows, size, lambda row: row.state == terms.ON_SCHEDULE),
        behind=_count(rows, size, lambda row: row.state == terms.BEHIND),
    )


def _beside(scores: Scores, extras: Extras, places: int) -> Points:
    """Bonuses less deductions and late returns, as integers of 10^-places: the finest of any stage."""
    net = [
        extras.bonus.get(unit.code, 0.0)
        - extras.deduction.get(unit.code, 0.0)
        - extras.late.get(unit.code, 0.0)
        for unit in scores.units
    ]
    return np.asarray(round_half_away(np.array(net) * 10**places, 0), dtype=np.int64)


def _decided(scores: Scores, computed: Points, totals: Mapping[str, float], places: int) -> Points:
    """The totals with those the office decided in their place."""
    found = computed.copy()
    for row, unit in enumerate(scores.units):
        if unit.code in totals:
            found[row] = int(round_half_away(totals[unit.code] * 10**places, 0))
    return found


_OfRow = Callable[[IndicatorResult], npt.NDArray[Any]]


def _count(rows: Sequence[IndicatorResult], size: int, mask: _OfRow) -> npt.NDArray[np.int64]:
    return sum((mask(row).astype(np.int64) for row in rows), np.zeros(size, dtype=np.int64))


def _sum(rows: Sequence[IndicatorResult], size: int, value: _OfRow) -> npt.NDArray[np.float64]:
    return sum((value(row) for row in rows), np.zeros(size))


def points_lost(row: IndicatorResult, places: int) -> Points:
    """Weight − score as integers of 10^-places; nothing is lost where nothing was scored."""
    full = np.asarray(round_half_away(row.weight * 10**places, 0), dtype=np.int64)
    return np.where(row.scored, full - row.points, 0)


def _lost(rows: Sequence[IndicatorResult], places: int, size: int) -> npt.NDArray[np.float64]:
    total = sum((points_lost(row, places) for row in rows), np.zeros(size, dtype=np.int64))
    return np.asarray(total / 10**places, dtype=np.float64)


def _rates(scores: Scores, tally: _Tally) -> npt.NDArray[np.float64]:
    scale = 10 ** settings.places(scores.scheme.settings, "总分")
    weight = np.where(tally.weight > 0, tally.weight, 1.0)
    rates = np.asarray(round_half_away(tally.total / scale / weight * 100, RATE_PLACES))
    return np.where(tally.weight > 0, rates, 0.0)


def _keys(scores: Scores, tally: _Tally, rates: npt.NDArray[np.float64]) -> list[tuple[float | int, ...]]:
    """What each unit is ranked by: total or rate, then the parts of 并列再比 in order."""
    chosen = scores.scheme.settings
    exact = chosen["排名取数"] == settings.RANK_EXACT
    by_rate = chosen["排名依据"] == settings.RANK_BY_RATE
    first = _exact(scores, tally) if exact else rates if by_rate else tally.total
    columns = [first, *(tally.parts[code] for code in tie_breakers(scores.scheme) if code in tally.parts)]
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _exact(scores: Scores, tally: _Tally) -> npt.NDArray[np.float64]:
    """Totals (or rates) before rounding, to the places where doubles begin to add of their own."""
    if scores.scheme.settings["排名依据"] != settings.RANK_BY_RATE:
        return np.asarray(round_half_away(tally.exact, EXACT_PLACES))
    weight = np.where(tally.weight > 0, tally.weight, 1.0)
    return np.asarray(round_half_away(tally.exact / weight * 100, EXACT_PLACES))


def tie_breakers(scheme: Scheme) -> tuple[str, ...]:
    """Codes of the parts that break a tie, in order (并列再比)."""
    return tuple(code for code in listed(str(scheme.settings["并列再比"])) if code in scheme.part_by_code)


def _ranks(
    scores: Scores, keys: Sequence[tuple[float | int, ...]], valid: npt.NDArray[np.bool_]
) -> tuple[dict[int, int], set[int]]:
    dense = scores.scheme.settings["并列名次"] == settings.TIES_DENSE
    members: dict[str, list[int]] = {}
    for row, unit in enumerate(scores.units):
        if valid[row]:
            members.setdefault(unit.group, []).append(row)
    ranks: dict[int, int] = {}
    tied: set[int] = set()
    for rows in members.values():
        counts = Counter(keys[row] for row in rows)
        rank = 1
        rank_of = {}
        for key in sorted(counts, reverse=True):
            rank_of[key] = rank
            rank += 1 if dense else counts[key]
        ranks |= {row: rank_of[keys[row]] for row in rows}
        tied |= {row for row in rows if counts[keys[row]] > 1}
    return ranks, tied


def _standing(
    scores: Scores,
    tally: _Tally,
    extras: Extras,
    rates: npt.NDArray[np.float64],
    ranks: Mapping[int, int],
    tied: Collection[int],
    valid: npt.NDArray[np.bool_],
    row: int,
) -> Standing:
    part_places = settings.places(scores.scheme.settings, "部分")
    total_places = settings.places(scores.scheme.settings, "总分")
    unit = scores.units[row]
    result = terms.VALID if valid[row] else terms.PROVISIONAL
    return Standing(
        unit=unit,
        total=as_score(tally.total[row], total_places),
        parts={
            code: as_score(points[row], part_places)
            for code, points in tally.parts.items()
            if tally.inside[code][row]
        },
        measured_weight=float(tally.weight[row]),
        measured_indicators=int(tally.measured[row]),
        scored_indicators=int(tally.scored[row]),
        on_schedule=int(tally.on_schedule[row]),
        behind=int(tally.behind[row]),
        lost=float(tally.lost[row]),
        rate=float(rates[row]),
        state=result if tally.measured[row] else terms.OUTSIDE_PERIOD,
        rank=ranks.get(row),
        tied=row in tied,
        computed_total=as_score(tally.computed[row], total_places),
        bonus=extras.bonus.get(unit.code, 0.0),
        deduction=extras.deduction.get(unit.code, 0.0),
        late=extras.late.get(unit.code, 0.0),
        place=ranks.get(row),
    )
