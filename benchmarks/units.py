"""Scheme BH with any number of synthetic units: its tables, and what the units' clerks type in.

Everything is invented and says so: units are called 演示单位 with a number, targets are those of BH's nine
units taken in turn, values are drawn from a seeded generator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from kaohe import terms
from kaohe.assess.lookup import Lookup
from kaohe.assess.pace import elapsed_share
from kaohe.jobs.schemes import scheme_tables
from kaohe.model import Indicator, Period, Scheme
from kaohe.tables import Row, Table

SCHEME = "BH"
PERIOD = "2007-H1"
GROUP_SIZE = 25
SEED = 20070701
REASONS = ("受大环境影响,上半年进度偏慢", "重点项目开工推迟,投资未到位", "统计口径调整,部分企业未纳入")
MEASURES = ("逐项排出计划,按月督查", "由分管领导牵头,三季度补齐", "加强调度,每旬通报一次进度")

Entries = dict[tuple[str, str], dict[str, str]]
"""(unit, indicator) → what the clerk types, by form column."""


def code_of(number: int) -> str:
    """Unit code of the n-th unit, from 1."""
    return f"N{number:05d}"


def many_units(count: int) -> dict[str, Table]:
    """BH's tables with ``count`` synthetic units in groups of ``GROUP_SIZE``."""
    tables = scheme_tables(SCHEME)
    return {
        **tables,
        "unit": replace(tables["unit"], rows=tuple(_unit(number) for number in range(1, count + 1))),
        "target": replace(tables["target"], rows=_targets(tables["target"], count)),
    }


def _unit(number: int) -> Row:
    values = {
        "code": code_of(number),
        "name": f"演示单位{number:05d}",
        "unit_class": "演示",
        "group": f"第{(number - 1) // GROUP_SIZE + 1:03d}组",
        "issue_mode": terms.ISSUE_WHOLE,
        "liaison": f"联络员{number:05d}(演示)",
        "phone": f"0510-{number:08d}",
    }
    return Row(number + 1, values)


def _targets(table: Table, count: int) -> tuple[Row, ...]:
    """Targets for everybody as they are; each synthetic unit has those of one of BH's units."""
    common = [row for row in table.rows if row.text("unit") == terms.EVERYONE]
    own: dict[str, list[Row]] = {}
    for row in table.rows:
        if row.text("unit") != terms.EVERYONE:
            own.setdefault(row.text("unit"), []).append(row)
    models = list(own.values())
    rows = [
        {**row.values, "unit": code_of(number), "basis": "虚构"}
        for number in range(1, count + 1)
        for row in models[number % len(models)]
    ]
    values = [*(row.values for row in common), *rows]
    return tuple(Row(number, row) for number, row in enumerate(values, start=2))


def typed_entries(scheme: Scheme, period: Period) -> Entries:
    """What every unit types for every measured indicator: a seeded value near its target.

    One row in 50 is 预计, nearly every value behind schedule comes with a reason and a measure.
    ``scheme`` holds the rows in force at the period's end.
    """
    random = np.random.default_rng(SEED)
    lookup = Lookup.of(scheme)
    entered = [row for row in scheme.indicators if scheme.measured(row, period) and not row.composite]
    typed: Entries = {}
    for row in entered:
        dues = _dues(scheme, lookup, row, period)
        factors = random.normal(1.02, 0.05, len(dues))
        estimated, silent = random.random((2, len(dues))) < [[0.02], [0.01]]
        for at, unit in enumerate(scheme.units):
            value = _typed_value(row, dues[at], factors[at])
            behind = value > dues[at] if row.direction == terms.LOWER_BETTER else value < dues[at]
            said = _said(at) if behind and not silent[at] else {}
            status = terms.ESTIMATED if estimated[at] else terms.FIGURE_STATUSES[1]
            typed[unit.code, row.code] = {"actual": f"{value:.10g}", "status": status, **said}
    return typed


def _dues(scheme: Scheme, lookup: Lookup, row: Indicator, period: Period) -> list[float]:
    """The target due at the period's end, unit by unit."""
    share = elapsed_share(row, period, lambda name: lookup.parameter(row.code, name)) or 1.0
    targets = (lookup.target(row.code, unit.code) for unit in scheme.units)
    return [float(target.value or 0.0) * share if target else 0.0 for target in targets]


def _typed_value(row: Indicator, due: float, factor: float) -> float:
    """A value with the digits a clerk types; percentages stay below 100, counts are whole."""
    value = due * (2 - factor if row.direction == terms.LOWER_BETTER else factor)
    if row.unit_of_measure == "%":
        value = min(value, 100.0)
    return float(round(value)) if value >= 1000 else round(value, 2)


def _said(at: int) -> Mapping[str, str]:
    return {"reason": REASONS[at % len(REASONS)], "measure": MEASURES[at % len(MEASURES)]}
