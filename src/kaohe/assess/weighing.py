"""What rulings of the office do to weights and scores of single units; all others keep the declared ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kaohe.assess.decisions import Decisions
from kaohe.assess.weights import Floats, Mask, applies, effective_weights
from kaohe.model import Indicator, Period, Scheme
from kaohe.settings import ABSENT_FULL


class Weighing:
    """Who is assessed by an indicator, with which weight, and which scores were set (one row per unit)."""

    def __init__(self, scheme: Scheme, period: Period, taken: Decisions) -> None:
        self.taken = taken
        self._units = scheme.units
        self._index = {unit.code: number for number, unit in enumerate(self._units)}
        self._absent: dict[str, set[str]] = {}
        for unit, indicator in taken.absent:
            if unit in self._index:
                self._absent.setdefault(unit, set()).add(indicator)
        self._shared: dict[tuple[str, ...], Mask] = {}
        self._full_marks = scheme.settings["不适用指标"] == ABSENT_FULL
        rows = [row for row in scheme.indicators if scheme.measured(row, period)]
        self._weights = {
            unit: effective_weights(scheme, self._units[self._index[unit]], rows, codes)
            for unit, codes in self._absent.items()
            if not self._full_marks
        }

    def applies(self, indicator: Indicator) -> Mask:
        """Who is assessed by it: 适用, less those ruled out (unless these get full marks)."""
        if indicator.applies_to not in self._shared:
            self._shared[indicator.applies_to] = applies(indicator, self._units)
        found = self._shared[indicator.applies_to].copy()
        for unit, weights in self._weights.items():
            found[self._index[unit]] &= weights.get(indicator.code, 1.0) != 0.0 or indicator.weight == 0.0
        return found

    def weight(self, indicator: Indicator) -> Floats:
        """Points the indicator is worth, unit by unit."""
        found = np.full(len(self._units), float(indicator.weight))
        for unit, weights in self._weights.items():
            found[self._index[unit]] = weights.get(indicator.code, indicator.weight)
        return found

    def ruled_out(self, indicator: Indicator) -> Mask:
        """Units for which it was ruled 不适用."""
        found = np.zeros(len(self._units), dtype=np.bool_)
        for unit, codes in self._absent.items():
            found[self._index[unit]] = indicator.code in codes
        return found

    def decided(self, indicator: Indicator) -> Mapping[int, float]:
        """Row of a unit → the score the office set: 得分 by decision, 按0分, full marks for 不适用."""
        found: dict[int, float] = {}
        if self._full_marks:
            found |= dict.fromkeys(np.flatnonzero(self.ruled_out(indicator)).tolist(), indicator.weight)
        found |= {
            self._index[unit]: 0.0
            for unit, code in self.taken.zero
            if code == indicator.code and unit in self._index
        }
        return found | {
            self._index[unit]: decided.number
            for (unit, code), decided in self.taken.scores.items()
            if code == indicator.code and unit in self._index
        }
