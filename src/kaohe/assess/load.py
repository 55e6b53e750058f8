"""Tables of the scheme → Scheme, and a finding for every cell that cannot be read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from kaohe import settings, terms
from kaohe.assess.methods import same_as_built_in
from kaohe.assess.references import reference_findings
from kaohe.findings import Finding
from kaohe.model import (
    Indicator,
    Location,
    MethodRow,
    ParameterValue,
    Part,
    Scheme,
    Target,
    Unit,
)
from kaohe.tables import BY_KEY, SPECS, Column, Row, Table, TableSpec
from kaohe.values.rounding import round_half_away
from kaohe.values.typed import read_typed

_CODE = re.compile(r"[\w.\-]+")
"""What a code may hold: other signs mean something in a formula's condition (``*``, ``>``, quotes)."""
_DATE = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$")
Thing = TypeVar("Thing")


def load_scheme(tables: Mapping[str, Table]) -> tuple[Scheme, tuple[Finding, ...]]:
    """All versions of all rows, and what is wrong with single cells and tables.

    Never raises for bad data: a cell that cannot be read keeps the column's default and is a finding.
    """
    values, places, setting_findings = _settings(tables.get("scheme", Table("scheme")))
    scheme = Scheme(
        settings=values,
        setting_locations=places,
        parts=_build(tables, "part", _part),
        indicators=_build(tables, "indicator", _indicator),
        units=_build(tables, "unit", _unit),
        targets=_build(tables, "target", _target),
        parameters=_build(tables, "parameter", _parameter),
        methods=tuple(row for row in _build(tables, "method", _method) if not same_as_built_in(row)),
    )
    findings = [*_missing_tables(tables), *setting_findings]
    findings += [f for spec in SPECS if spec.key in tables for f in cell_findings(spec, tables[spec.key])]
    findings += reference_findings(tables)
    return scheme, tuple(findings)


def _missing_tables(tables: Mapping[str, Table]) -> Iterable[Finding]:
    for spec in SPECS:
        table = tables.get(spec.key)
        if table is None:
            if spec.required:
                yield Finding("S11", Location(sheet=spec.title), {"what": f"《{spec.title}》"})
            continue
        for title in table.missing:
            where = Location(table.workbook, table.sheet)
            yield Finding("S11", where, {"what": f"《{spec.title}》的“{title}”列"})


def cell_findings(spec: TableSpec, table: Table) -> Iterable[Finding]:
    """A finding for each cell that is blank though required, not a number, not a date, not a choice."""
    for row in table.rows:
        for column in spec.columns:
            if column.title in table.missing:
                continue
            reason = _reason_against(column, row)
            if reason:
                facts = {"column": column.title, "typed": row.text(column.key), "reason": reason}
                yield Finding("S09", table.locate(row, column.key), facts)


def _reason_against(column: Column, row: Row) -> str:
    text = row.text(column.key)
    if not text:
        return "必须填写" if column.required else ""
    if column.kind == "number":
        return _reason_against_number(column, _number(row, column.key))
    if column.key == "code" and not _CODE.fullmatch(text):
        return "只能用汉字、字母、数字和 - _ ."
    if column.kind == "date" and read_date(text) is None:
        return "应为日期,如 2007-07-01"
    if column.choices and text not in column.choices:
        return f"应为 {'、'.join(column.choices)} 之一"
    if column.key == "pace" and not _pace_known(text):
        return "应为 按月、无、曲线 或 N月起(如 7月起)"
    return ""


def _reason_against_number(column: Column, number: float | None) -> str:
    if number is None:
        return "应为准确的数字,不带单位"
    return "不能小于 0" if column.key == "weight" and number < 0 else ""


def _pace_known(text: str) -> bool:
    named = (terms.PACE_BY_MONTH, terms.PACE_NONE, terms.PACE_CURVE)
    return text in named or pace_start(text) is not None


def pace_start(pace: str) -> int | None:
    """``7月起`` → 7; None for the other paces."""
    match = re.fullmatch(r"(\d{1,2})月起", pace)
    return int(match[1]) if match and 1 <= int(match[1]) <= 12 else None


def read_date(text: str) -> dt.date | None:
    """2007-07-01, 2007/7/1, 2007年7月1日, 20070701, or an ISO date and time; None otherwise."""
    match = _DATE.match(text.split(" ")[0].split("T")[0])
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _number(row: Row, key: str, percent_points: bool = False) -> float | None:
    """The cell's number; 95% is 95 in a column of percentage points and 0.95 in any other.

    About 100, or 162.6亿 (which the indicator's unit of measure may count already), is no number here.
    """
    value = row.values.get(key)
    if value is None or isinstance(value, bool):
        return None
    return _exact(value, percent_points)


def _exact(value: str | float | int, percent_points: bool) -> float | None:
    typed = read_typed(value)
    if typed.number is None or typed.approximate or typed.unit not in ("", "%"):
        return None
    if typed.unit != "%" or percent_points:
        return typed.number
    return float(round_half_away(typed.number / 100, 12))


def _date(row: Row, key: str) -> dt.date | None:
    text = row.text(key)
    return read_date(text) if text else None


def _build(tables: Mapping[str, Table], key: str, make: Callable[[Table, Row], Thing]) -> tuple[Thing, ...]:
    table = tables.get(key)
    if table is None:
        return ()
    return tuple(make(table, row) for row in table.rows if row.text(BY_KEY[key].columns[0].key))


def _part(table: Table, row: Row) -> Part:
    return Part(
        row.text("code"),
        row.text("name"),
        row.text("parent"),
        _number(row, "weight"),
        table.locate(row, "code"),
    )


def _indicator(table: Table, row: Row) -> Indicator:
    def choice(key: str, default: str) -> str:
        text = row.text(key)
        choices = BY_KEY["indicator"].column(key).choices
        return text if text and (not choices or text in choices) else default

    pace = row.text("pace")
    return Indicator(
        code=row.text("code"),
        name=row.text("name"),
        parent=row.text("parent"),
        unit_of_measure=row.text("unit_of_measure"),
        direction=choice("direction", terms.HIGHER_BETTER),
        weight=_number(row, "weight") or 0.0,
        method=row.text("method"),
        frequency=choice("frequency", terms.MONTHLY),
        pace=pace if _pace_known(pace) else terms.PACE_BY_MONTH,
        value_source=choice("value_source", terms.SOURCE_ENTERED),
        lead_department=row.text("lead_department"),
        monitor_department=row.text("monitor_department"),
        definition=row.text("definition"),
        clause=row.text("clause"),
        valid_from=_date(row, "valid_from"),
        valid_to=_date(row, "valid_to"),
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
        location=table.locate(row, "code"),
    )


def _target(table: Table, row: Row) -> Target:
    return Target(
        indicator=row.text("indicator"),
        unit=row.text("unit"),
        value=_number(row, "value", percent_points=True),
        prior=_number(row, "prior", percent_points=True),
        level=row.text("level"),
        basis=row.text("basis"),
        valid_from=_date(row, "valid_from"),
        valid_to=_date(row, "valid_to"),
        location=table.locate(row, "value"),
    )


def _parameter(table: Table, row: Row) -> ParameterValue:
    return ParameterValue(
        indicator=row.text("indicator"),
        scope=row.text("scope"),
        name=row.text("name"),
        value=_number(row, "value") or 0.0,
        valid_from=_date(row, "valid_from"),
        valid_to=_date(row, "valid_to"),
        location=table.locate(row, "value"),
    )


def _method(table: Table, row: Row) -> MethodRow:
    return MethodRow(
        name=row.text("name"),
        score=row.text("score"),
        rate=row.text("rate"),
        met=row.text("met"),
        parameters=parse_parameters(row.text("parameters")),
        accepts=row.text("accepts") or terms.ACCEPTS_NUMBER,
        source=row.text("source"),
        note=row.text("note"),
        location=table.locate(row, "name"),
    )


def parse_parameters(text: str) -> tuple[tuple[str, float | None], ...]:
    """``封顶=1;容差`` → (("封顶", 1.0), ("容差", None))."""
    pairs = []
    for item in re.split(r"[;；,，、]", text):
        name, _, default = item.replace("=", "=").partition("=")
        if name.strip():
            pairs.append(
                (name.strip(), _exact(default.strip(), percent_points=False) if default.strip() else None)
            )
    return tuple(pairs)


def _settings(
    table: Table,
) -> tuple[dict[str, str | float], dict[str, Location], Sequence[Finding]]:
    values = {setting.name: _default(setting) for setting in settings.SETTINGS}
    places: dict[str, Location] = {}
    findings: list[Finding] = []
    for row in table.rows:
        name = row.text("name")
        known = settings.BY_NAME.get(name)
        if known is None:
            findings.append(Finding("S15", table.locate(row, "name"), {"name": name}))
            continue
        if name in places:
            facts = {"what": "设置", "code": name, "other": places[name].cell}
            findings.append(Finding("S02", table.locate(row, "name"), facts))
        places[name] = table.locate(row, "value")
        value, reason = _setting_value(known, row)
        if reason:
            facts = {"column": name, "typed": row.text("value"), "reason": reason}
            findings.append(Finding("S09", places[name], facts))
        else:
            values[name] = value
    return values, places, findings


def _default(setting: settings.Setting) -> str | float:
    """The default as a cell would give it: writing it down leaves the scheme's version as it is."""
    return float(setting.default) if setting.kind == "number" else setting.default


def _setting_value(setting: settings.Setting, row: Row) -> tuple[str | float, str]:
    text = row.text("value")
    if not text:
        return _default(setting), ""
    if setting.kind == "text":
        return text, ""
    if setting.kind == "choice":
        folded = text.replace(",", ",")
        return folded, "" if folded in setting.choices else f"应为 {'、'.join(setting.choices)} 之一"
    number = _number(row, "value")
    if number is None or not setting.low <= number <= setting.high or number != int(number):
        return _default(setting), f"应为 {setting.low:g} 到 {setting.high:g} 的整数"
    return number, ""
