"""Rows of the scheme's tables → parts, indicators, units, persons, targets, parameters, methods."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from kaohe import terms
from kaohe.assess.load_cells import choice, date, exact, listed, month, number, pace_known
from kaohe.assess.methods import same_as_built_in, setting_number
from kaohe.model import Indicator, MethodRow, ParameterValue, Part, Scheme, Target, Unit
from kaohe.settings import DEFAULTS
from kaohe.tables import BY_KEY, Row, Table

Thing = TypeVar("Thing")


def build_scheme(tables: Mapping[str, Table], values: Mapping[str, str | float]) -> Scheme:
    """The scheme in these tables under these settings; rows of results and registers are added elsewhere."""
    return Scheme(
        settings=values,
        parts=build(tables, "part", _part),
        indicators=build(tables, "indicator", _indicator),
        units=(*build(tables, "unit", _unit), *build(tables, "person", _person)),
        targets=build(tables, "target", _target),
        parameters=build(tables, "parameter", _parameter),
        methods=tuple(
            row
            for row in build(tables, "method", lambda table, row: _method(table, row, values))
            if not same_as_built_in(row, values)
        ),
    )


def build(tables: Mapping[str, Table], key: str, make: Callable[[Table, Row], Thing]) -> tuple[Thing, ...]:
    """What ``make`` makes of every row whose first column is filled in."""
    table = tables.get(key)
    if table is None:
        return ()
    return tuple(make(table, row) for row in table.rows if row.text(BY_KEY[key].columns[0].key))


def _part(table: Table, row: Row) -> Part:
    return Part(
        row.text("code"),
        row.text("name"),
        row.text("parent"),
        number(row, "weight"),
        choice("part", row, "kind", terms.PART_SCORED),
        table.locate(row, "code"),
    )


def _indicator(table: Table, row: Row) -> Indicator:
    pace = row.text("pace")
    return Indicator(
        code=row.text("code"),
        name=row.text("name"),
        parent=row.text("parent"),
        unit_of_measure=row.text("unit_of_measure"),
        direction=choice("indicator", row, "direction", terms.HIGHER_BETTER),
        weight=number(row, "weight") or 0.0,
        method=row.text("method"),
        frequency=choice("indicator", row, "frequency", terms.MONTHLY),
        pace=pace if pace_known(pace) else terms.PACE_BY_MONTH,
        value_source=choice("indicator", row, "value_source", terms.SOURCE_ENTERED),
        value_from=row.text("value_from"),
        applies_to=listed(row.text("applies_to")),
        assessor=row.text("assessor"),
        cutoff_month=month(row.text("cutoff_month")),
        lead_department=row.text("lead_department"),
        monitor_department=row.text("monitor_department"),
        definition=row.text("definition"),
        requirement=row.text("requirement"),
        leader=row.text("leader"),
        time_limit=row.text("time_limit"),
        clause=row.text("clause"),
        valid_from=date(row, "valid_from"),
        valid_to=date(row, "valid_to"),
        location=table.locate(row, "code"),
    )


def _unit(table: Table, row: Row) -> Unit:
    return Unit(
        code=row.text("code"),
        name=row.text("name"),
        unit_class=row.text("unit_class"),
        group=row.text("group"),
        issue_mode=row.text("issue_mode") or terms.ISSUE_WHOLE,
        liaison=row.text("liaison"),
        phone=row.text("phone"),
        leader=row.text("leader"),
        partner=row.text("partner"),
        location=table.locate(row, "code"),
    )


def _person(table: Table, row: Row) -> Unit:
    return Unit(
        code=row.text("code"),
        name=row.text("name"),
        unit_class=row.text("unit_class"),
        group=row.text("group") or terms.KIND_PERSON,
        phone=row.text("phone"),
        kind=terms.KIND_PERSON,
        belongs_to=row.text("belongs_to"),
        position=row.text("position"),
        location=table.locate(row, "code"),
    )


def _target(table: Table, row: Row) -> Target:
    return Target(
        indicator=row.text("indicator"),
        unit=row.text("unit"),
        value=number(row, "value", percent_points=True),
        prior=number(row, "prior", percent_points=True),
        level=row.text("level"),
        basis=row.text("basis"),
        valid_from=date(row, "valid_from"),
        valid_to=date(row, "valid_to"),
        location=table.locate(row, "value"),
    )


def _parameter(table: Table, row: Row) -> ParameterValue:
    return ParameterValue(
        indicator=row.text("indicator"),
        scope=row.text("scope"),
        name=row.text("name"),
        value=number(row, "value") or 0.0,
        valid_from=date(row, "valid_from"),
        valid_to=date(row, "valid_to"),
        location=table.locate(row, "value"),
    )


def _method(table: Table, row: Row, settings: Mapping[str, str | float]) -> MethodRow:
    return MethodRow(
        name=row.text("name"),
        score=row.text("score"),
        rate=row.text("rate"),
        met=row.text("met"),
        parameters=parse_parameters(row.text("parameters"), settings),
        accepts=row.text("accepts") or terms.ACCEPTS_NUMBER,
        source=row.text("source"),
        note=row.text("note"),
        measure=row.text("measure"),
        location=table.locate(row, "name"),
    )


def parse_parameters(
    text: str, settings: Mapping[str, str | float] = DEFAULTS
) -> tuple[tuple[str, float | None], ...]:
    """``封顶=1;容差`` → (("封顶", 1.0), ("容差", None)); ``封顶=超额封顶`` takes what the setting says."""
    pairs = []
    for item in re.split(r"[;；,，、]", text):
        name, _, default = item.replace("=", "=").partition("=")
        if name.strip():
            pairs.append((name.strip(), _default(default.strip(), settings)))
    return tuple(pairs)


def _default(text: str, settings: Mapping[str, str | float]) -> float | None:
    if not text:
        return None
    followed = setting_number(text, settings)
    return exact(text, percent_points=False) if followed is None else followed
