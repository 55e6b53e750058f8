"""Weights under a trial: drawn at random around the declared ones, their sum beneath each parent kept.

Every leaf weight is drawn evenly from its declared value ± a share; then what stands beneath the same parent
and is assessed of the same units is scaled to the sum it had, so that nobody's full marks change. Indicators
that stand in for each other (each unit is assessed by exactly one of them, with the same weight) go together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kaohe import terms
from kaohe.assess.applicable import Applicable
from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.assess.weights import WEIGHT_PLACES
from kaohe.model import Indicator, Scheme
from kaohe.values.rounding import Floats, to_points

_SCALE = 10**WEIGHT_PLACES


class Lever(NamedTuple):
    """Indicators whose weight is changed together, and what each of them is worth (分)."""

    codes: tuple[str, ...]
    weight: float


Family = tuple[Lever, ...]
"""Levers of one parent that the same units are assessed by: they share a sum."""


def families(scores: Scores, held: Collection[str] = ()) -> tuple[Family, ...]:
    """All sets of two or more weights that can be shifted among each other, in the scheme's order.

    ``held``: codes whose weight stays; what stands in for one of them stays too.
    """
    beneath: dict[str, list[Indicator]] = {}
    for code in drawable(scores):
        row = scores.results[code].indicator
        beneath.setdefault(row.parent, []).append(row)
    found = []
    for rows in beneath.values():
        for family in siblings(scores.scheme, rows):
            free = tuple(lever for lever in family if not any(code in held for code in lever.codes))
            found += [free] if len(free) > 1 else []
    return tuple(found)


def drawable(scores: Scores) -> tuple[str, ...]:
    """Codes of all indicators whose weight says how much a result counts."""
    return tuple(code for code, row in scores.results.items() if _varies(scores, row))


def _varies(scores: Scores, row: IndicatorResult) -> bool:
    """Whether the weight is one that is drawn: it counts, itself or inside a value that is put together."""
    if (
        not row.measured
        or row.kind != terms.PART_SCORED
        or row.indicator.weight <= 0
        or not row.applies.any()
    ):
        return False
    if not row.component:
        return True
    head = scores.scheme.indicator_by_code[row.indicator.parent]
    return head.value_source == terms.SOURCE_COMPOSED


def siblings(scheme: Scheme, rows: Sequence[Indicator], apart: Collection[str] = ()) -> list[Family]:
    """The rows of one parent as levers, those of the same units together.

    ``apart``: codes that go with no other though they stand in for each other. What was ruled 不适用 for
    somebody changes nothing here.
    """
    applicable = Applicable(scheme)
    whom = {row.code: frozenset(unit.code for unit in applicable.units_of(row)) for row in rows}
    everybody = frozenset[str]().union(*whom.values())
    found: dict[frozenset[str], list[Lever]] = {}
    for lever in _levers(rows, whom, everybody, apart):
        covered = frozenset[str]().union(*(whom[code] for code in lever.codes))
        found.setdefault(covered, []).append(lever)
    return [tuple(family) for family in found.values()]


def _levers(
    rows: Sequence[Indicator],
    whom: Mapping[str, frozenset[str]],
    everybody: frozenset[str],
    apart: Collection[str],
) -> list[Lever]:
    """Rows one by one, or together where, of equal weight, each unit has exactly one of them."""
    by_weight: dict[float, list[Indicator]] = {}
    for row in rows:
        if whom[row.code] != everybody:
            by_weight.setdefault(row.weight, []).append(row)
    together: dict[str, Lever] = {}
    for weight, stand_ins in by_weight.items():
        codes = tuple(row.code for row in stand_ins)
        once = sum(len(whom[code]) for code in codes) == len(everybody)
        all_of_them = everybody == frozenset[str]().union(*(whom[code] for code in codes))
        whole = set(codes).isdisjoint(apart) or set(codes) <= set(apart)
        if once and all_of_them and whole:
            together |= dict.fromkeys(codes, Lever(codes, weight))
    return list(dict.fromkeys(together.get(row.code, Lever((row.code,), row.weight)) for row in rows))


@dataclass(frozen=True)
class Draws:
    """Weights by indicator code, (m,) each: m draws. What is not there keeps its declared weight."""

    count: int
    weights: dict[str, Floats]


def drawn(found: Sequence[Family], count: int, spread: float, seed: int) -> Draws:
    """``count`` draws of every family, each weight from its own value × (1 ± ``spread``).

    The same seed gives the same draws. Weights have six places and, family by family, the sum they had.
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    weights: dict[str, Floats] = {}
    for family in found:
        declared = np.array([lever.weight for lever in family])
        factors = 1 + spread * (2 * chance.random((count, len(declared))) - 1)
        shares = _kept_sum(declared * factors, int(to_points(declared, WEIGHT_PLACES).sum()))
        for at, lever in enumerate(family):
            weights |= dict.fromkeys(lever.codes, shares[:, at])
    return Draws(count, weights)


def _kept_sum(raw: Floats, total: int) -> Floats:
    """Rows of weights scaled to ``total`` millionths; the largest remainders are rounded up."""
    exact = raw * (total / raw.sum(axis=1, keepdims=True))
    whole = np.floor(exact)
    owed = (total - whole.sum(axis=1)).astype(np.int64)
    order = np.argsort(whole - exact, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.broadcast_to(np.arange(raw.shape[1]), order.shape), axis=1)
    return np.asarray((whole + (place < owed[:, None])) / _SCALE, dtype=np.float64)
