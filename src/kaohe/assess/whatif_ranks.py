"""Totals and ranks under many draws, by the stages of rounding, the tie rules and the keys of standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kaohe import settings
from kaohe.assess.assessment import Assessment
from kaohe.assess.inputs import Floats, Mask
from kaohe.assess.points import Points, rescale
from kaohe.assess.scoring import IndicatorResult
from kaohe.assess.standing import EXACT_PLACES, RATE_PLACES, tie_breakers
from kaohe.assess.whatif_scores import Rescoring, Scored
from kaohe.assess.whatif_weights import drawable
from kaohe.values.rounding import round_half_away

Ranks = npt.NDArray[np.int32]
_CELLS = 1 << 20
"""Units × draws handled at once: what they take in memory stays small."""


@dataclass(frozen=True)
class _Sums:
    """Totals by stage, (m, n); ``exact`` and its rates are filled only where ranks go by them (舍入前)."""

    total: Points
    parts: Mapping[str, Points]
    exact: Floats
    rates: Floats
    exact_rates: Floats
    lacking: Mask


def ranks_under(assessment: Assessment, weights: Mapping[str, Floats], count: int) -> Ranks:
    """Rank of every unit in its group under each draw: (m, n) in the scheme's order of units, 0 for none.

    ``weights``: indicator code → (m,) weights; all others keep theirs. A unit without a rank today has none
    under any draw.
    """
    rescoring = Rescoring(assessment, frozenset(weights))
    size = max(len(assessment.scores.units), 1)
    step = max(_CELLS // size, 1)
    found = np.zeros((count, size), dtype=np.int32)
    for start in range(0, count, step):
        end = min(start + step, count)
        some = {code: values[start:end] for code, values in weights.items()}
        found[start:end] = _ranks(
            assessment, _sums(assessment, rescoring.score(some, end - start), end - start)
        )
    return found


def _sums(assessment: Assessment, scored: Mapping[str, Scored], count: int) -> _Sums:
    """Every stage of :mod:`kaohe.assess.standing`, over (m, n)."""
    scores = assessment.scores
    chosen, size = scores.scheme.settings, len(scores.units)
    part_places, total_places = settings.places(chosen, "部分"), settings.places(chosen, "总分")
    finest = max(scores.places, part_places, total_places)
    parts: dict[str, Points] = {}
    exact, weight = np.zeros((count, size)), np.zeros((count, size))
    lacking = np.zeros((count, size), dtype=np.bool_)
    before_rounding = chosen["排名取数"] == settings.RANK_EXACT
    for row in scores.counted:
        mine = scored[row.indicator.code]
        part = scores.scheme.top_part_of(row.indicator)
        code = part.code if part else ""
        parts[code] = parts.get(code, np.zeros((count, size), dtype=np.int64)) + mine.points
        exact += _exact(mine, row.decided, scores.places) if before_rounding else 0.0
        weight += mine.weight * row.applies
        lacking |= row.applies & ~mine.scored
    rounded = {code: rescale(points, scores.places, part_places) for code, points in parts.items()}
    beside = _beside(assessment, finest)
    summed = sum(rounded.values(), np.zeros((count, size), dtype=np.int64))
    computed = rescale(rescale(summed, part_places, finest) + beside, finest, total_places)
    total = _decided(assessment, computed, total_places)
    exact = np.where(total == computed, exact + beside / 10**finest, total / 10**total_places)
    weight = np.asarray(round_half_away(weight, 6))
    safe = np.where(weight > 0, weight, 1.0)
    rates = np.asarray(round_half_away(total / 10**total_places / safe * 100, RATE_PLACES))
    return _Sums(
        total,
        rounded,
        np.asarray(round_half_away(exact, EXACT_PLACES)),
        np.where(weight > 0, rates, 0.0),
        np.asarray(round_half_away(exact / safe * 100, EXACT_PLACES)),
        lacking,
    )


def _exact(row: Scored, decided: Mask, places: int) -> Floats:
    """Scores before rounding, to the places where doubles begin to add of their own."""
    formula = row.scored & ~decided
    raw = np.asarray(round_half_away(np.where(formula, row.raw, 0.0), EXACT_PLACES))
    return np.where(formula, raw, row.points / 10**places)


def _beside(assessment: Assessment, places: int) -> Points:
    extras = assessment.beside.extras
    net = [
        extras.bonus.get(unit.code, 0.0)
        - extras.deduction.get(unit.code, 0.0)
        - extras.late.get(unit.code, 0.0)
        for unit in assessment.scores.units
    ]
    return np.asarray(round_half_away(np.array(net) * 10**places, 0), dtype=np.int64)


def _decided(assessment: Assessment, computed: Points, places: int) -> Points:
    found = computed.copy()
    for at, unit in enumerate(assessment.scores.units):
        if unit.code in assessment.beside.extras.totals:
            total = assessment.beside.extras.totals[unit.code]
            found[:, at] = int(round_half_away(total * 10**places, 0))
    return found


def _ranks(assessment: Assessment, sums: _Sums) -> Ranks:
    scores = assessment.scores
    chosen = scores.scheme.settings
    by_rate = chosen["排名依据"] == settings.RANK_BY_RATE
    if chosen["排名取数"] == settings.RANK_EXACT:
        first: Floats | Points = sums.exact_rates if by_rate else sums.exact
    else:
        first = sums.rates if by_rate else sums.total
    breakers = [sums.parts[code] for code in tie_breakers(scores.scheme) if code in sums.parts]
    dense = chosen["并列名次"] == settings.TIES_DENSE
    ranked = {row.unit.code for row in assessment.standings if row.rank is not None}
    groups: dict[str, list[int]] = {}
    for at, unit in enumerate(scores.units):
        if unit.code in ranked:
            groups.setdefault(unit.group, []).append(at)
    found = np.zeros(sums.total.shape, dtype=np.int32)
    for members in groups.values():
        keys = [key[:, members] for key in (first, *breakers)]
        found[:, members] = _in_group(keys, ~sums.lacking[:, members], dense)
    return found


def _in_group(keys: Sequence[Floats | Points], valid: Mask, dense: bool) -> Ranks:
    """Ranks by the first key, ties by the next ones, the largest first; 0 where not ``valid``."""
    columns = [-key for key in keys]
    order = np.lexsort((*reversed(columns), ~valid), axis=-1)
    fresh = np.zeros(valid.shape, dtype=np.bool_)
    fresh[:, 0] = True
    for column in columns:
        ordered = np.take_along_axis(column, order, axis=1)
        fresh[:, 1:] |= ordered[:, 1:] != ordered[:, :-1]
    places = np.cumsum(fresh, axis=1) if dense else np.arange(1, valid.shape[1] + 1)[None, :] * fresh
    ranks = np.maximum.accumulate(places, axis=1).astype(np.int32)
    found = np.empty(valid.shape, dtype=np.int32)
    np.put_along_axis(found, order, ranks, axis=1)
    return np.where(valid, found, np.int32(0))


def bound_by_hand(assessment: Assessment, spread: float) -> frozenset[str]:
    """Codes of indicators whose weight cannot be changed by itself: their scores do not go with it.

    Such are marks that people gave out of the weight (评定分): under another weight they stay what they are,
    or are no marks any more. A weight nobody has points from may be changed.
    """
    results = assessment.scores.results
    found = set()
    for component in (False, True):  # apart, so that values put together stay what they are
        codes = [code for code in drawable(assessment.scores) if results[code].component == component]
        probes = np.array([1.0, (1 - spread) / (1 + spread), (1 + spread) / (1 - spread)])
        weights = {code: results[code].indicator.weight * probes for code in codes}
        scored = Rescoring(assessment, frozenset(codes)).score(weights, len(probes))
        found |= {code for code in codes if _bound(results[code], scored[code])}
    return frozenset(found)


def _bound(row: IndicatorResult, probed: Scored) -> bool:
    """Whether scores are lost under other weights, or stay where there are any."""
    formula = ~np.isnan(row.raw)
    points = np.where(formula, row.raw, 0.0)
    lost = bool((formula & np.isnan(probed.raw)).any())
    still = bool((np.where(formula, probed.raw, 0.0) == points).all())
    return lost or (still and bool((points > 0).any()))
