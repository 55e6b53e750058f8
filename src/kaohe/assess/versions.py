"""Versions of a scheme as rows of 方案版本, and what changed between two of them for one unit."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from kaohe import terms
from kaohe.assess.restore import with_defaults
from kaohe.model import Scheme, Unit, VersionRow
from kaohe.settings import RULES
from kaohe.tables import SPECS

_OMITTED = ("location", "valid_from", "valid_to")
_HEADINGS = {spec.title: {column.key: column.title for column in spec.columns} for spec in SPECS}
"""Facts stand under the headings of their tables: an office reads what was decided then."""
_SHOWN = 6
"""Changes named in a message before the rest is only counted."""


def version_rows(scheme: Scheme) -> Iterator[VersionRow]:
    """Every row in force of a resolved scheme, as text that can be compared and read."""
    as_of = scheme.as_of.isoformat() if scheme.as_of else ""
    rules = {name: value for name, value in scheme.settings.items() if name in RULES}
    yield VersionRow(scheme.version, as_of, "方案", 1, _text(rules))
    for title, rows in scheme.tables:
        for number, row in enumerate(rows, start=1):
            facts = {
                _HEADINGS[title].get(field.name, field.name): getattr(row, field.name)
                for field in fields(row)  # type: ignore[arg-type]
                if field.name not in _OMITTED
            }
            yield VersionRow(scheme.version, as_of, title, number, _text(facts))


def _text(facts: Mapping[str, object]) -> str:
    given = {key: value for key, value in facts.items() if value not in (None, "", ())}
    return json.dumps(given, ensure_ascii=False, default=str)


def changes(before: Iterable[VersionRow], after: Iterable[VersionRow]) -> Mapping[str, Collection[str]]:
    """What differs between two versions: whom it concerns (unit code, group or ``*``) → names of rows.

    A name is ``目标 A01``, ``指标 D03`` …
    """
    old, new = ({(row.table, _compared(row)): row for row in rows} for rows in (before, after))
    found: dict[str, set[str]] = {}
    for key in old.keys() ^ new.keys():
        row = old.get(key) or new[key]
        facts = _parsed(row)
        found.setdefault(_concerned(row, facts), set()).add(_name(row, facts))
    return found


def _compared(row: VersionRow) -> str:
    """The row's content so that what is written down and what goes without saying are the same."""
    facts = with_defaults(row)
    return row.content if facts is None else json.dumps(facts, ensure_ascii=False, sort_keys=True)


def changes_for(unit: Unit, found: Mapping[str, Collection[str]]) -> list[str]:
    """The names of :func:`changes` that concern the unit."""
    concerned = (unit.code, unit.group, terms.EVERYONE)
    return sorted({name for who in concerned for name in found.get(who, ())})


def _parsed(row: VersionRow) -> dict[str, Any]:
    try:
        facts = json.loads(row.content)
    except ValueError:  # somebody edited the register: the row then counts as changed
        return {}
    return facts if isinstance(facts, dict) else {}


def _concerned(row: VersionRow, facts: Mapping[str, Any]) -> str:
    """Whose row it is: that of a unit or group for targets and parameters, else everybody's."""
    column = {"目标": "单位代码", "参数": "对象"}.get(row.table)
    return str(facts.get(column)) if column else terms.EVERYONE


def _name(row: VersionRow, facts: Mapping[str, Any]) -> str:
    if row.table == "方案":
        return "方案设置"
    names = (facts.get(heading) for heading in ("指标代码", "代码", "名称"))
    return f"{row.table} {next((name for name in names if name), row.row)}"


def listed(changes: Sequence[str]) -> str:
    """The changes as words of a message."""
    more = f" 等 {len(changes)} 处" if len(changes) > _SHOWN else ""
    return "、".join(changes[:_SHOWN]) + more
