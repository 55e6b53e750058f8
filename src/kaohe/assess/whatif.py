"""What other rules would change: who moves, which ranks hold, what only rounding decided, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kaohe import settings
from kaohe.assess.assessment import Assessment
from kaohe.assess.points import as_score
from kaohe.assess.scoring import IndicatorResult
from kaohe.assess.standing import EXACT_PLACES, RATE_PLACES, Standing, points_lost
from kaohe.assess.whatif_ranks import Ranks, bound_by_hand, ranks_under
from kaohe.assess.whatif_weights import Family, drawn, families
from kaohe.model import Unit
from kaohe.values.rounding import round_half_away

TURNED, EQUALLED, PARTED = "颠倒", "并列", "分出先后"
"""What rounding made of two neighbours: the other order, a tie, an order where there was none."""


@dataclass(frozen=True, slots=True)
class Move:
    """One unit before and after; None where it has no standing there."""

    unit: Unit
    before: Standing | None
    after: Standing | None

    @property
    def moved(self) -> bool:
        """Whether its rank, group or grade is another."""
        return _seen(self.before) != _seen(self.after)


def _seen(row: Standing | None) -> tuple[object, ...]:
    return (None, "", "") if row is None else (row.rank, row.grade, row.unit.group)


@dataclass(frozen=True, slots=True)
class Hold:
    """How firm a rank is: over the draws its best and worst, the middle 90% of them, the share that keep it.

    Shares are ratios of the draws in which the unit has a rank at all (``ranked`` of them).
    """

    unit: Unit
    rank: int
    best: int
    worst: int
    low: int
    high: int
    kept: float
    ranked: float


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two units that stand one after the other in a group, in published order.

    ``gap``: what the first is ahead, in points (or percent where ranks go by rate); ``exact_gap`` the same
    before rounding. ``turned`` and ``tied``: shares of the draws; NaN without draws. ``rounding``: TURNED,
    EQUALLED or PARTED where only rounding decided, else ''.
    """

    ahead: Standing
    behind: Standing
    gap: float
    exact_gap: float
    turned: float
    tied: float
    rounding: str


@dataclass(frozen=True, slots=True)
class Need:
    """Points (分) a unit lacks to stand before ``above``, and where it lost as many, the most first."""

    unit: Unit
    above: Unit
    points: float
    where: tuple[tuple[str, str, float], ...]
    """(indicator code, name, points lost)."""


@dataclass(frozen=True)
class Draws:
    """How the weights were drawn. ``held``: indicators whose weight stays, as marks are given out of it."""

    count: int
    spread: float
    seed: int
    drawn: tuple[str, ...]
    held: tuple[str, ...]


@dataclass(frozen=True)
class Firmness:
    """Everything that is said of one assessment."""

    draws: Draws | None
    holds: Mapping[str, Hold]
    neighbours: tuple[Neighbours, ...]
    needs: Mapping[str, Need]


def moves(before: Assessment, after: Assessment) -> tuple[Move, ...]:
    """Every unit of either, in the order of the new standings."""
    old = {row.unit.code: row for row in before.standings}
    new = {row.unit.code: row for row in after.standings}
    found = [Move(row.unit, old.get(code), row) for code, row in new.items()]
    return (*found, *(Move(row.unit, row, None) for code, row in old.items() if code not in new))


def firmness(assessment: Assessment, count: int, spread: float, seed: int) -> Firmness:
    """How firm the ranks are under ``count`` draws of every weight ± ``spread`` (a ratio below 1).

    With ``count`` 0, or where no two weights can be shifted among each other, nothing is drawn.
    """
    held = bound_by_hand(assessment, spread) if count else frozenset[str]()
    found = families(assessment.scores, held) if count else ()
    ranks = _ranks(assessment, found, count, spread, seed)
    draws = None
    if ranks is not None:
        codes = tuple(code for family in found for lever in family for code in lever.codes)
        order = tuple(code for code in assessment.scores.results if code in codes)
        draws = Draws(count, spread, seed, order, tuple(c for c in assessment.scores.results if c in held))
    index = {unit.code: at for at, unit in enumerate(assessment.scores.units)}
    holds = {} if ranks is None else {
        row.unit.code: _hold(row, row.rank, ranks[:, index[row.unit.code]])
        for row in assessment.standings
        if row.rank is not None
    }  # fmt: skip
    pairs = tuple(
        _neighbours(assessment, ahead, behind, ranks, index) for ahead, behind in _pairs(assessment.standings)
    )
    return Firmness(draws, holds, pairs, {need.unit.code: need for need in _needs(assessment)})


def _ranks(
    assessment: Assessment, found: Sequence[Family], count: int, spread: float, seed: int
) -> Ranks | None:
    if not count or not found:
        return None
    return ranks_under(assessment, drawn(found, count, spread, seed).weights, count)


def _hold(row: Standing, rank: int, ranks: Ranks) -> Hold:
    """Of the draws in which the unit has a rank."""
    mine = np.sort(ranks[ranks > 0])
    if not len(mine):
        return Hold(row.unit, rank, rank, rank, rank, rank, 0.0, 0.0)
    low, high = (int(mine[int(share * (len(mine) - 1))]) for share in (0.05, 0.95))
    kept, ranked = float((mine == rank).mean()), len(mine) / len(ranks)
    return Hold(row.unit, rank, int(mine[0]), int(mine[-1]), low, high, kept, ranked)


def _in_order(standings: Iterable[Standing]) -> dict[str, list[Standing]]:
    """Group → its ranked units by rank; the order inside a tie is by what stands before rounding."""
    groups: dict[str, list[Standing]] = {}
    for row in standings:
        if row.rank is not None:
            groups.setdefault(row.unit.group, []).append(row)
    return {
        group: sorted(rows, key=lambda row: (row.rank, -row.exact, row.unit.code))
        for group, rows in groups.items()
    }


def _pairs(standings: Iterable[Standing]) -> Iterable[tuple[Standing, Standing]]:
    for rows in _in_order(standings).values():
        yield from pairwise(rows)


def _measure(assessment: Assessment, row: Standing) -> float:
    """What the rank goes by as it is shown: total (分) or rate (percent)."""
    chosen = assessment.scores.scheme.settings
    if chosen["排名取数"] == settings.RANK_EXACT:
        return row.exact
    return row.rate if chosen["排名依据"] == settings.RANK_BY_RATE else row.total


def _neighbours(
    assessment: Assessment, ahead: Standing, behind: Standing, ranks: Ranks | None, index: Mapping[str, int]
) -> Neighbours:
    gap = _difference(_measure(assessment, ahead), _measure(assessment, behind))
    exact = _difference(ahead.exact, behind.exact)
    turned = tied = float("nan")
    if ranks is not None:
        first, second = ranks[:, index[ahead.unit.code]], ranks[:, index[behind.unit.code]]
        both = (first > 0) & (second > 0)
        if both.any():
            turned, tied = float((first > second)[both].mean()), float((first == second)[both].mean())
    return Neighbours(ahead, behind, gap, exact, turned, tied, _rounding(assessment, ahead, behind, exact))


def _rounding(assessment: Assessment, ahead: Standing, behind: Standing, exact: float) -> str:
    """What only rounding decided; nothing where ranks go by what stands before it."""
    if assessment.scores.scheme.settings["排名取数"] == settings.RANK_EXACT:
        return ""
    if ahead.rank == behind.rank:
        return EQUALLED if exact else ""
    if exact < 0:
        return TURNED
    return PARTED if exact == 0 and _measure(assessment, ahead) != _measure(assessment, behind) else ""


def _difference(more: float, less: float) -> float:
    return float(round_half_away(more - less, EXACT_PLACES))


def _needs(assessment: Assessment) -> Iterable[Need]:
    """For everybody who has somebody before him in his group."""
    for rows in _in_order(assessment.standings).values():
        for row in rows:
            better = [other for other in rows if (other.rank or 0) < (row.rank or 0)]
            if better:
                yield _need(assessment, row, better[-1])


def _need(assessment: Assessment, mine: Standing, above: Standing) -> Need:
    """The fewest points with which the unit would stand before the one that is now before it."""
    points = _points_needed(assessment, mine, above)
    scores = assessment.scores
    at = next(n for n, unit in enumerate(scores.units) if unit.code == mine.unit.code)
    lost = [
        (row.indicator.code, row.indicator.name, _lost(row, scores.places, at))
        for row in scores.counted
        if row.applies[at]
    ]
    enough = sorted((item for item in lost if item[2] >= points), key=lambda item: (-item[2], item[0]))
    return Need(mine.unit, above.unit, points, tuple(enough))


def _lost(row: IndicatorResult, places: int, at: int) -> float:
    return as_score(int(points_lost(row, places)[at]), places)


def _points_needed(assessment: Assessment, mine: Standing, above: Standing) -> float:
    """By so many steps of the total that the rank's measure is greater; the other one keeps its own."""
    chosen = assessment.scores.scheme.settings
    places = settings.places(chosen, "总分")
    by_rate = chosen["排名依据"] == settings.RANK_BY_RATE
    exact = chosen["排名取数"] == settings.RANK_EXACT
    weight = mine.measured_weight or 1.0
    goal = _measure(assessment, above)
    start = (mine.exact * weight / 100 if by_rate else mine.exact) if exact else mine.total

    def ahead(steps: int) -> bool:
        total = _difference(start, -steps / 10**places)
        rate = float(round_half_away(total / weight * 100, EXACT_PLACES if exact else RATE_PLACES))
        return _difference(rate if by_rate else total, goal) > 0

    guess = (goal * weight / 100 if by_rate else goal) - start
    steps = max(int(guess * 10**places) - 2, 0)
    while not ahead(steps):
        steps += 1
    return float(round_half_away(steps / 10**places, places))
