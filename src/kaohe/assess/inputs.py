"""The named inputs of a rule for one indicator over all units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.lookup import Lookup
from kaohe.model import Indicator, Unit
from kaohe.rules.column import BLANK, NUMBER, Column
from kaohe.rules.methods import COMPARED_NAMES, GROUP_NAMES, CompiledMethod, measures, required_numbers
from kaohe.settings import COMPARED_ALL, COMPARED_IN_CLASS, COMPARED_IN_GROUP
from kaohe.values.rounding import view15

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Answer = float | str | None
"""A value as understood: a number, 是/否, or None for something typed that is neither."""
Input = float | Floats | Column

OWN_NAMES = ("权重", "目标值", "完成值", "上年值", "序时")


def parameter_names(method: CompiledMethod) -> tuple[str, ...]:
    """Names the formulas use that come from 参数 (declared parameters, 对标值 and the like)."""
    return tuple(sorted(set(method.asks) - set(OWN_NAMES) - set(COMPARED_NAMES)))


def needed_parameters(method: CompiledMethod) -> tuple[str, ...]:
    """Those of them without which nothing can be scored.

    Not the ones with a default, nor the ones whose absence the formulas answer themselves (对标值 of a unit
    that has no partner).
    """
    asked = {name for rule in (method.score, method.rate, method.met) for name in required_numbers(rule)}
    if not asked.isdisjoint(("度量值", "组名次")):
        asked |= set(required_numbers(method.measure))
    return tuple(
        name for name in parameter_names(method) if name in asked and parameter_default(method, name) is None
    )


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


class Filled(Protocol):
    """What a rule needs of an indicator over all units; every array has one row per unit."""

    @property
    def indicator(self) -> Indicator: ...
    @property
    def weight(self) -> Floats: ...
    @property
    def target(self) -> Floats: ...
    @property
    def prior(self) -> Floats: ...
    @property
    def share(self) -> float: ...
    @property
    def actual(self) -> Floats: ...
    @property
    def answers(self) -> npt.NDArray[np.object_]: ...
    @property
    def applies(self) -> Mask: ...


def rule_inputs(
    row: Filled, method: CompiledMethod, lookup: Lookup, units: Sequence[Unit], scope: str = COMPARED_IN_GROUP
) -> dict[str, Input]:
    """Every name the method's formulas use → its values over the units (design: two passes).

    ``scope``: the setting 比较范围, for methods that compare units.
    """
    same = bool((row.weight == row.indicator.weight).all())
    inputs: dict[str, Input] = {
        "权重": row.indicator.weight if same else row.weight,
        "完成值": actual_column(row),
        "目标值": as_column(row.target),
        "上年值": as_column(row.prior),
        "序时": row.share,
    }
    for name in parameter_names(method):
        inputs[name] = parameter_column(lookup, method, row.indicator.code, name, units)
    if method.compares:
        measure = measure_column(method, inputs, row.applies)
        groups = group_columns(row.indicator, measure, units, scope, row.applies)
        inputs["度量值"] = as_column(measure)
        inputs |= {name: as_column(groups[name]) for name in GROUP_NAMES}
    return inputs


def actual_column(row: Filled) -> Column | Floats:
    """Numbers as they are; a word as text; nothing filled in as blank."""
    if not np.isnan(row.actual).any():
        return row.actual
    shown = {terms.BLANK: None, terms.WAITING: None, None: terms.NOT_READ}
    return Column.of([shown.get(answer, answer) for answer in row.answers])


def measure_column(
    method: CompiledMethod, inputs: Mapping[str, Input], applies: Mask | None = None
) -> Floats:
    """度量值 per unit; NaN where there is none, or where the indicator does not apply."""
    found = measures(method, inputs)
    return found if applies is None else np.where(applies, found, np.nan)


def comparison_key(unit: Unit, scope: str) -> tuple[str, str]:
    """(对象, name of the range) of those a unit is compared with under the setting 比较范围.

    Persons are never compared with units.
    """
    names = {COMPARED_IN_CLASS: unit.unit_class, COMPARED_ALL: COMPARED_ALL}
    return unit.kind, names.get(scope, unit.group)


def compared_units(
    units: Sequence[Unit], scope: str, applies: Mask | None = None
) -> dict[tuple[str, str], list[int]]:
    """Range of comparison → the places in ``units`` of those in it to whom the indicator applies."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, unit in enumerate(units):
        if applies is None or applies[place]:
            found.setdefault(comparison_key(unit, scope), []).append(place)
    return found


def group_columns(
    indicator: Indicator,
    measure: Floats,
    units: Sequence[Unit],
    scope: str = COMPARED_IN_GROUP,
    applies: Mask | None = None,
) -> Mapping[str, Floats]:
    """Figures over the units compared with each other that have a measure (NaN: none).

    组名次 is the competition rank by measure, best first: the largest for 正向, else the smallest; equal is
    what shows equal at 15 digits. 组标准差 is that of the whole group (divided by the number of units).
    """
    columns = {name: np.full(len(units), np.nan) for name in GROUP_NAMES}
    sign = -1.0 if indicator.direction == terms.HIGHER_BETTER else 1.0
    for everyone in compared_units(units, scope, applies).values():
        members = [place for place in everyone if not np.isnan(measure[place])]
        if not members:
            continue
        values = measure[members]
        seen = view15(sign * values)
        columns["组最大值"][everyone] = np.max(values)
        columns["组最小值"][everyone] = np.min(values)
        columns["组平均值"][everyone] = values.sum() / len(values)
        columns["组标准差"][everyone] = np.std(values)
        columns["组单位数"][everyone] = len(values)
        columns["组名次"][members] = 1 + np.searchsorted(np.sort(seen), seen, side="left")
    return columns
