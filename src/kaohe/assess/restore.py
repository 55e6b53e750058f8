"""A version of the scheme as it was issued: rows of 方案版本 → Scheme (BH7).

The inverse of :func:`kaohe.assess.versions.version_rows`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from typing import Any

from kaohe.findings import Finding
from kaohe.model import (
    CrossCheck,
    Grade,
    Indicator,
    Location,
    MethodRow,
    OutcomeRule,
    ParameterValue,
    Part,
    Scheme,
    Target,
    VersionRow,
    VetoEvent,
    VoterGroup,
)
from kaohe.settings import DEFAULTS, RULES
from kaohe.tables import SPECS

Stored = tuple[VersionRow, Location]
"""A row of 方案版本, and where it stands."""

_FIELDS: Mapping[str, tuple[str, type[Any]]] = {
    "部分": ("parts", Part),
    "指标": ("indicators", Indicator),
    "目标": ("targets", Target),
    "参数": ("parameters", ParameterValue),
    "计分方法": ("methods", MethodRow),
    "等次": ("grades", Grade),
    "否决事项": ("veto_events", VetoEvent),
    "结果规则": ("outcome_rules", OutcomeRule),
    "票种": ("voters", VoterGroup),
    "勾稽": ("crosschecks", CrossCheck),
}
"""Table → field of Scheme, class of its rows."""
_KEYS = {spec.title: {column.title: column.key for column in spec.columns} for spec in SPECS}
_SETTINGS = "方案"
_NOT_KEPT = ("location", "valid_from", "valid_to")
_NUMBERS = ("float", "int", "float | None", "int | None")


@dataclass(frozen=True, slots=True)
class Restored:
    """A scheme as it was issued, and what is wrong with the rows that kept it."""

    scheme: Scheme
    findings: tuple[Finding, ...]


def restore(rows: Iterable[Stored], today: Scheme) -> Restored:
    """The scheme in these rows, which are those of one version.

    What no version keeps comes from today's scheme: units, persons, and settings that only name things. S50
    for a row that cannot be understood (it is left out); S51 when the rows do not come to the version they
    bear: somebody edited them, or an earlier program wrote them.
    """
    findings: list[Finding] = []
    tables: dict[str, list[Any]] = {name: [] for name, _ in _FIELDS.values()}
    settings: dict[str, Any] = {}
    version, as_of, first = "", "", Location()
    for row, place in rows:
        if not version:
            version, as_of, first = row.version, row.as_of, place
        facts = _facts(row)
        if row.table == _SETTINGS and facts is not None:
            settings = facts
            continue
        found = _row(row.table, facts, place) if row.table in _FIELDS and facts is not None else None
        if found is None:
            findings.append(
                Finding("S50", place, {"version": row.version, "table": row.table, "row": row.row})
            )
        else:
            tables[_FIELDS[row.table][0]].append(found)
    scheme = _scheme(today, tables, settings, as_of)
    if version and scheme.version != version and not findings:
        findings.append(Finding("S51", first, {"version": version, "found": scheme.version}))
    return Restored(scheme, tuple(findings))


def with_defaults(row: VersionRow) -> Mapping[str, Any] | None:
    """A row's facts by heading, blanks at their default; None when it cannot be read.

    Two rows are the same when these are, although an earlier program did not know every column or setting.
    """
    facts = _facts(row)
    if facts is not None and row.table == _SETTINGS:
        return {**{name: _setting(name, DEFAULTS[name]) for name in RULES}, **facts}
    if facts is None or row.table not in _FIELDS:
        return facts
    titles = {key: title for title, key in _KEYS[row.table].items()}
    rows = [item for item in fields(_FIELDS[row.table][1]) if item.name not in _NOT_KEPT]
    return {**{titles.get(item.name, item.name): _left_out(item) for item in rows}, **facts}


def _scheme(
    today: Scheme, tables: Mapping[str, list[Any]], settings: Mapping[str, Any], as_of: str
) -> Scheme:
    """Today's names and units with the rows and rules of the version."""
    values = {
        name: _setting(name, settings.get(name, DEFAULTS[name])) if name in RULES else value
        for name, value in today.settings.items()
    }
    made = replace(today, settings=values, setting_locations={}, as_of=_day(as_of))
    filled: dict[str, Any] = {name: tuple(rows) for name, rows in tables.items()}
    return replace(made, **filled)


def _setting(name: str, value: Any) -> str | float:
    """A setting as the scheme holds it: what is a number by default is one."""
    if isinstance(DEFAULTS[name], str):
        return str(value)
    return float(value) if isinstance(value, int | float) else float(DEFAULTS[name])


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _facts(row: VersionRow) -> dict[str, Any] | None:
    """The row's content; None when it is no longer what was written."""
    try:
        facts = json.loads(row.content)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None


def _row(table: str, facts: Mapping[str, Any], place: Location) -> Any | None:
    """One row of a table as the model has it; None when a fact is of a wrong kind or missing."""
    keys = _KEYS[table]
    given = {keys.get(title, title): value for title, value in facts.items()}
    made: dict[str, Any] = {"location": place}
    for item in fields(_FIELDS[table][1]):
        if item.name in given:
            value = _typed(str(item.type), given[item.name])
            if value is None:
                return None
            made[item.name] = value
        elif item.name not in made:
            made[item.name] = _left_out(item)
    return _FIELDS[table][1](**made)


def _typed(kind: str, value: Any) -> Any | None:
    """A value out of JSON as the field wants it; None when it is none of these."""
    if kind.startswith("tuple"):
        return _tuple(value) if isinstance(value, list) else None
    if kind in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return int(value) if kind.startswith("int") else float(value)
    if kind == "bool":
        return value if isinstance(value, bool) else None
    return value if isinstance(value, str) else None


def _tuple(values: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuple(value) if isinstance(value, list) else value for value in values)


def _left_out(item: Field[Any]) -> Any:
    """What was blank is not kept: the field's default, or the blank of its kind."""
    if item.default is not MISSING:
        return item.default
    kind = str(item.type)
    if kind.startswith("tuple"):
        return ()
    return "" if kind == "str" else None
