"""From scores to standings: totals by part, points lost, ranks inside the group."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kaohe import settings, terms
from kaohe.assess.points import Points, as_score, rescale
from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.model import Unit
from kaohe.values.rounding import round_half_away

RATE_PLACES = 4
"""得分率 (percent) keeps this many places: with two, totals that differ could tie."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's result. Scores are in points (分); ``rate`` is total / measured weight × 100.

    ``rank`` is None while the result is provisional (an open ERROR); ``tied`` marks a shared rank.
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


@dataclass(frozen=True, slots=True)
class _Tally:
    total: Points
    parts: Mapping[str, Points]
    lost: npt.NDArray[np.float64]
    weight: float
    scored: npt.NDArray[np.int64]
    on_schedule: npt.NDArray[np.int64]
    behind: npt.NDArray[np.int64]


def standings(scores: Scores, provisional: Collection[str]) -> tuple[Standing, ...]:
    """One standing per unit, by group (in the order of 单位), rank, then code.

    ``provisional`` are the codes of units with an open ERROR: they get a total but no rank.
    """
    tally = _tally(scores)
    rates = _rates(scores, tally)
    by_rate = scores.scheme.settings["排名依据"] == settings.RANK_BY_RATE
    keys = rates if by_rate else tally.total.astype(np.float64)
    valid = np.array([unit.code not in provisional for unit in scores.units], dtype=np.bool_)
    ranks, tied = _ranks(scores, keys, valid)
    found = [_standing(scores, tally, rates, ranks, tied, valid, row) for row in range(len(scores.units))]
    groups = {group: index for index, group in enumerate(dict.fromkeys(u.group for u in scores.units))}
    return tuple(
        sorted(
            found, key=lambda s: (groups[s.unit.group], s.rank is None, s.rank or 0, -s.total, s.unit.code)
        )
    )


def _tally(scores: Scores) -> _Tally:
    """Exact sums: indicators are rounded once, from there on everything is an integer."""
    rows = scores.counted
    size = len(scores.units)
    part_places = settings.places(scores.scheme.settings, "部分")
    parts: dict[str, Points] = {}
    for row in rows:
        part = scores.scheme.part_of(row.indicator)
        code = part.code if part else ""
        parts[code] = parts.get(code, np.zeros(size, dtype=np.int64)) + row.points
    rounded = {code: rescale(points, scores.places, part_places) for code, points in parts.items()}
    total_places = settings.places(scores.scheme.settings, "总分")
    summed = sum(rounded.values(), np.zeros(size, dtype=np.int64))
    return _Tally(
        total=rescale(summed, part_places, total_places),
        parts=rounded,
        lost=_lost(rows, scores.places, size),
        weight=float(round_half_away(sum(row.indicator.weight for row in rows), 6)),
        scored=_count(rows, size, lambda row: row.scored),
        on_schedule=_count(rows, size, lambda row: row.state == terms.ON_SCHEDULE),
        behind=_count(rows, size, lambda row: row.state == terms.BEHIND),
    )


def _count(rows: tuple[IndicatorResult, ...], size: int, mask: object) -> npt.NDArray[np.int64]:
    return sum((mask(row).astype(np.int64) for row in rows), np.zeros(size, dtype=np.int64))  # type: ignore[operator]


def points_lost(row: IndicatorResult, places: int) -> Points:
    """Weight − score as integers of 10^-places; nothing is lost where nothing was scored."""
    full = np.int64(round_half_away(row.indicator.weight * 10**places, 0))
    return np.where(row.scored, full - row.points, 0)


def _lost(rows: tuple[IndicatorResult, ...], places: int, size: int) -> npt.NDArray[np.float64]:
    total = sum((points_lost(row, places) for row in rows), np.zeros(size, dtype=np.int64))
    return np.asarray(total / 10**places, dtype=np.float64)


def _rates(scores: Scores, tally: _Tally) -> npt.NDArray[np.float64]:
    if not tally.weight:
        return np.zeros(len(scores.units))
    scale = 10 ** settings.places(scores.scheme.settings, "总分")
    return np.asarray(round_half_away(tally.total / scale / tally.weight * 100, RATE_PLACES))


def _ranks(
    scores: Scores, keys: npt.NDArray[np.float64], valid: npt.NDArray[np.bool_]
) -> tuple[dict[int, int], set[int]]:
    dense = scores.scheme.settings["并列名次"] == settings.TIES_DENSE
    groups = np.array([unit.group for unit in scores.units], dtype=object)
    ranks: dict[int, int] = {}
    tied: set[int] = set()
    for group in dict.fromkeys(groups):
        members = np.flatnonzero((groups == group) & valid)
        values = keys[members]
        ordered = np.unique(values)[::-1] if dense else np.sort(values)[::-1]
        for member, value in zip(members, values, strict=True):
            ranks[int(member)] = 1 + int(np.searchsorted(-ordered, -value, side="left"))
            if (values == value).sum() > 1:
                tied.add(int(member))
    return ranks, tied


def _standing(
    scores: Scores,
    tally: _Tally,
    rates: npt.NDArray[np.float64],
    ranks: Mapping[int, int],
    tied: Collection[int],
    valid: npt.NDArray[np.bool_],
    row: int,
) -> Standing:
    part_places = settings.places(scores.scheme.settings, "部分")
    total_places = settings.places(scores.scheme.settings, "总分")
    return Standing(
        unit=scores.units[row],
        total=as_score(tally.total[row], total_places),
        parts={code: as_score(points[row], part_places) for code, points in tally.parts.items()},
        measured_weight=tally.weight,
        measured_indicators=len(scores.counted),
        scored_indicators=int(tally.scored[row]),
        on_schedule=int(tally.on_schedule[row]),
        behind=int(tally.behind[row]),
        lost=float(tally.lost[row]),
        rate=float(rates[row]),
        state=terms.VALID if valid[row] else terms.PROVISIONAL,
        rank=ranks.get(row),
        tied=row in tied,
    )
