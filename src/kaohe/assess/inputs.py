"""The named inputs of a rule for one indicator over all units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.lookup import Lookup
from kaohe.model import Indicator, Unit
from kaohe.rules.column import BLANK, NUMBER, Column
from kaohe.rules.methods import CompiledMethod

Floats = npt.NDArray[np.float64]
Answer = float | str | None
"""A value as understood: a number, 是/否, or None for something typed that is neither."""

OWN_NAMES = ("权重", "目标值", "完成值", "上年值", "序时")
GROUP_NAMES = ("组最大值", "组最小值", "组平均值", "组名次", "组单位数")


def parameter_names(method: CompiledMethod) -> tuple[str, ...]:
    """Names the formulas use that come from 参数 (declared parameters, 对标值 and the like)."""
    return tuple(sorted(set(method.uses) - set(OWN_NAMES) - set(GROUP_NAMES)))


def parameter_default(method: CompiledMethod, name: str) -> float | None:
    """The default the method declares for a parameter; None when it must be given."""
    for parameter in method.method.parameters:
        if parameter.name == name:
            return parameter.default
    return None


def parameter_column(
    lookup: Lookup, method: CompiledMethod, indicator: str, name: str, units: Sequence[Unit]
) -> float | Column:
    """A parameter for all units: one number when it is the same for everybody."""
    default = parameter_default(method, name)
    if not lookup.varies(indicator, name):
        value = lookup.parameter(indicator, name)
        value = default if value is None else value
        return Column.of([None] * len(units)) if value is None else value
    values = (lookup.parameter(indicator, name, unit) for unit in units)
    return Column.of([default if value is None else value for value in values])


def target_columns(lookup: Lookup, indicator: str, units: Sequence[Unit]) -> tuple[Floats, Floats]:
    """Targets and prior values per unit; NaN where there is none."""
    rows = [lookup.target(indicator, unit.code) for unit in units]
    targets = [np.nan if row is None or row.value is None else row.value for row in rows]
    priors = [np.nan if row is None or row.prior is None else row.prior for row in rows]
    return np.array(targets, dtype=np.float64), np.array(priors, dtype=np.float64)


def as_column(values: Floats) -> Column | Floats:
    """NaN means blank."""
    blank = np.isnan(values)
    if not blank.any():
        return values
    return Column(np.where(blank, np.uint8(BLANK), np.uint8(NUMBER)), np.where(blank, 0.0, values))


def group_columns(indicator: Indicator, actual: Floats, units: Sequence[Unit]) -> Mapping[str, Floats]:
    """Aggregates over the units of the same group that have a number (design: two passes).

    组名次 is the competition rank by value, best first: the largest for 正向, else the smallest.
    """
    groups = np.array([unit.group for unit in units], dtype=object)
    columns = {name: np.full(len(units), np.nan) for name in GROUP_NAMES}
    sign = -1.0 if indicator.direction == terms.HIGHER_BETTER else 1.0
    for group in dict.fromkeys(groups):
        members = np.flatnonzero((groups == group) & ~np.isnan(actual))
        if not len(members):
            continue
        values = actual[members]
        ranks = 1 + np.searchsorted(np.sort(sign * values), sign * values, side="left")
        everyone = groups == group
        columns["组最大值"][everyone] = np.max(values)
        columns["组最小值"][everyone] = np.min(values)
        columns["组平均值"][everyone] = values.sum() / len(values)
        columns["组单位数"][everyone] = len(values)
        columns["组名次"][members] = ranks
    return columns
