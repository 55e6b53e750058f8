"""Seeded inputs for every built-in method: ordinary figures, and all that bites.

Blanks, words, zeros, negatives, ties, thresholds hit exactly or missed by one unit in the last place, huge
and tiny numbers. Yes/no cells are left out: LibreOffice has no such kind of value (its TRUE is the number 1).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kaohe.rules.column import Plain
from kaohe.rules.methods import GRADES, CompiledMethod

WORDS = ("无", "/", "—", "约3万", "100.00%", "12", "12.5", "完成", "", " ", "≥50个", "1,746万", "是的")
GRADED: tuple[Plain, ...] = (*GRADES, "优", "较好", None, 1.0, "")
STANDARDS = ("优秀值", "良好值", "平均值", "较低值", "较差值")
YES_NO: tuple[Plain, ...] = ("是", "否", "√", "×", 1.0, 0.0, None, 2.0, "完成", "对", "1")
WEIGHTS = (1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 8.0, 10.0, 15.0, 20.0, 100.0, 0.5, 69.0)
SHARES = (*(month / 12 for month in range(1, 13)), 0.0, 0.5, 0.45, 0.3)
FACTORS = (1.0, 1.0, 0.97, 0.95, 0.8, 0.6, 1.05, 1.2, 0.799)
"""Shares of a threshold at which some method changes its mind."""
PARAMETERS: Mapping[str, tuple[float, ...]] = {
    "封顶": (1.0, 1.0, 1.2, 1.5),
    "容差": (0.0, 0.0, 0.05, 0.1),
    "零头": (0.0, 1.0, 2.0),
    "步长": (0.03, 0.05, 0.01, 0.0),
    "宽度": (0.0, 1.0, 2.5, 10.0),
    "基础": (0.6, 0.5, 0.0),
    "总量占比": (0.4, 0.5),
    "每次扣分": (1.0, 0.5, 2.0),
    "增幅目标": (10.0, 8.5, 0.0, -3.0),
    "零目标": (0.0, 1.0),
    "逆向比值": (0.0, 1.0),
    "上年非正": (0.0, 1.0),
    "相同系数": (1.0, 0.0),
    "无对标系数": (-1.0, 0.8, 0.0),
    "级差": (0.05, 0.1, 0.03),
    "末限": (0.0, 0.3),
}


def population(compiled: CompiledMethod, count: int, seed: int) -> list[dict[str, Plain]]:
    """Rows of inputs for every name the method uses."""
    draw = _Draw(np.random.default_rng(seed))
    return [draw.row(compiled) for _ in range(count)]


class _Draw:
    """Draws rows from one seeded generator."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def row(self, compiled: CompiledMethod) -> dict[str, Plain]:
        defaults = {parameter.name: parameter.default for parameter in compiled.method.parameters}
        row: dict[str, Plain] = {}
        for name in sorted(compiled.uses - {"完成值"}):
            row[name] = self._input(name, defaults.get(name))
        if self._chance(0.08):
            self._spoil(row)
        _order_group(row)
        _order_standards(row)
        words = {"yes_no": YES_NO, "grade": GRADED}.get(compiled.method.accepts)
        row["完成值"] = self._pick(words) if words else _within_group(row, self._actual(row))
        if "度量值" in row:
            row["度量值"] = _within_group(row, row["度量值"])
        return row

    def _chance(self, share: float) -> bool:
        return bool(self._rng.random() < share)

    def _pick(self, values: tuple[Plain, ...]) -> Plain:
        return values[int(self._rng.integers(len(values)))]

    def _input(self, name: str, default: float | None) -> Plain:
        if name == "权重":
            return self._pick(WEIGHTS)
        if name == "序时":
            return self._pick(SHARES)
        if name in ("组名次", "组单位数"):
            return float(self._rng.integers(1, 30))
        if name == "组标准差":
            return abs(self._figure())
        if name in PARAMETERS and self._chance(0.5):
            return self._pick(PARAMETERS[name])
        return default if default is not None else self._figure()

    def _spoil(self, row: dict[str, Plain]) -> None:
        """A blank or a word where a number should be."""
        names = sorted(row)
        row[names[int(self._rng.integers(len(names)))]] = self._pick((None, *WORDS))

    def _figure(self) -> float:
        """A figure as people type them."""
        kind = self._rng.random()
        if kind < 0.06:
            return 0.0
        if kind < 0.1:
            return float(10.0 ** self._rng.integers(9, 13))
        if kind < 0.14:
            return float(round(self._rng.uniform(1, 99)) / 10.0 ** self._rng.integers(7, 11))
        size = 10.0 ** self._rng.integers(0, 5)
        figure = round(float(self._rng.uniform(0, size)), int(self._rng.integers(0, 4)))
        return -figure if kind < 0.28 else figure

    def _actual(self, row: Mapping[str, Plain]) -> Plain:
        kind = self._rng.random()
        if kind < 0.06:
            return None
        if kind < 0.12:
            return self._pick(WORDS)
        anchors = [value for name, value in sorted(row.items()) if _is_anchor(name) and _is_figure(value)]
        if kind < 0.45 or not anchors:
            return self._figure()
        return self._near_edge(row, float(anchors[int(self._rng.integers(len(anchors)))] or 0.0))

    def _near_edge(self, row: Mapping[str, Plain], anchor: float) -> float:
        """A value on, beside or in proportion to a threshold."""
        share = row.get("序时")
        if isinstance(share, float) and self._chance(0.5):
            anchor *= share
        factor = self._pick(
            (1.0, 1.0, 0.97, 0.95, 0.8, 0.6, 1.05, 1.2, 0.799, round(self._rng.uniform(0, 2), 3))
        )
        value = anchor * float(factor or 0.0)
        moved = float(self._rng.integers(-1, 2)) if self._chance(0.5) else 0.0
        return value + moved * float(np.spacing(value))


def _order_group(row: dict[str, Plain]) -> None:
    """The greatest of a group is not below the smallest."""
    high, low = row.get("组最大值"), row.get("组最小值")
    if isinstance(high, float) and isinstance(low, float):
        row["组最大值"], row["组最小值"] = max(high, low), min(high, low)


def _order_standards(row: dict[str, Plain]) -> None:
    """The standard values of grades fall from best to worst, unless one of them is no number."""
    values = [value for name in STANDARDS if isinstance(value := row.get(name), float)]
    if len(values) == len(STANDARDS):
        row.update(zip(STANDARDS, sorted(values, reverse=True), strict=True))


def _within_group(row: Mapping[str, Plain], actual: Plain) -> Plain:
    """A unit's own value lies within its group."""
    high, low = row.get("组最大值"), row.get("组最小值")
    if isinstance(high, float) and isinstance(low, float) and isinstance(actual, float):
        return min(high, max(low, actual))
    return actual


def _is_anchor(name: str) -> bool:
    return name.endswith(("值", "限")) or name == "权重"


def _is_figure(value: Plain) -> bool:
    return isinstance(value, float)
