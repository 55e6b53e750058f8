"""What rulings of the office do to weights and scores of single units; all others keep the declared ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kaohe.assess.applicable import Applicable
from kaohe.assess.decisions import Decisions
from kaohe.assess.weights import Floats, Mask, effective_weights
from kaohe.model import Indicator, Period, Scheme
from kaohe.settings import ABSENT_FULL


class Weighing:
    """Who is assessed by an indicator, with which weight, and which scores were set (one row per unit)."""

    def __init__(self, scheme: Scheme, period: Period, taken: Decisions) -> None:
        self.taken = taken
        self._units = scheme.units
        self._indicators = scheme.indicators
        self._masks: Mapping[str, Mask] | None = None
        self._index = {unit.code: number for number, unit in enumerate(self._units)}
        self._absent: dict[str, set[str]] = {}
        for unit, indicator in taken.absent:
            if unit in self._index:
                self._absent.setdefault(unit, set()).add(indicator)
        self._full_marks = scheme.settings["不适用指标"] == ABSENT_FULL
        self._applicable = Applicable(scheme)
        self._measured = {row.code for row in scheme.indicators if scheme.measured(row, period)}
        self._weights = {
            unit: effective_weights(
                scheme,
                [
                    row
                    for row in self._applicable.of(self._units[self._index[unit]])
                    if row.code in self._measured
                ],
                codes,
            )
            for unit, codes in self._absent.items()
            if not self._full_marks
        }

    def applies(self, indicator: Indicator) -> Mask:
        """Who is assessed by it: 适用, less those ruled out (unless these get full marks)."""
        found = self._declared()[indicator.code].copy()
        for unit, weights in self._weights.items() if indicator.code in self._measured else ():
            found[self._index[unit]] &= indicator.code in weights
        return found

    def _declared(self) -> Mapping[str, Mask]:
        """Indicator code → whom it is assessed of by 适用, and by that of the composites above it."""
        if self._masks is None:
            masks = {row.code: np.zeros(len(self._units), dtype=np.bool_) for row in self._indicators}
            members: dict[int, tuple[tuple[Indicator, ...], list[int]]] = {}
            for at, unit in enumerate(self._units):
                rows = self._applicable.of(unit)
                members.setdefault(id(rows), (rows, []))[1].append(at)
            for rows, places in members.values():
                for row in rows:
                    masks[row.code][places] = True
            self._masks = masks
        return self._masks

    def weight(self, indicator: Indicator) -> Floats:
        """Points the indicator is worth, unit by unit."""
        found = np.full(len(self._units), float(indicator.weight))
        for unit, weights in self._weights.items():
            gone = 0.0 if indicator.code in self._measured else indicator.weight
            found[self._index[unit]] = weights.get(indicator.code, gone)
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
