"""Versions of a scheme as rows of 方案版本, and what changed between two of them for one unit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from kaohe import terms
from kaohe.model import Scheme, Unit, VersionRow
from kaohe.settings import RULES

_OMITTED = ("location", "valid_from", "valid_to")
_SHOWN = 6
"""Changes named in a message before the rest is only counted."""


def version_rows(scheme: Scheme) -> Iterator[VersionRow]:
    """Every row in force of a resolved scheme, as text that can be compared and read."""
    tables: tuple[tuple[str, Sequence[Any]], ...] = (
        ("部分", scheme.parts),
        ("指标", scheme.indicators),
        ("目标", scheme.targets),
        ("参数", scheme.parameters),
        ("计分方法", scheme.methods),
    )
    as_of = scheme.as_of.isoformat() if scheme.as_of else ""
    rules = {name: value for name, value in scheme.settings.items() if name in RULES}
    yield VersionRow(scheme.version, as_of, "方案", 1, _text(rules))
    for title, rows in tables:
        for number, row in enumerate(rows, start=1):
            facts = {key: value for key, value in asdict(row).items() if key not in _OMITTED}
            yield VersionRow(scheme.version, as_of, title, number, _text(facts))


def _text(facts: Mapping[str, object]) -> str:
    given = {key: value for key, value in facts.items() if value not in (None, "")}
    return json.dumps(given, ensure_ascii=False, default=str)


def changes_for(unit: Unit, before: Iterable[VersionRow], after: Iterable[VersionRow]) -> list[str]:
    """What differs between two versions as far as it concerns the unit: ``目标 A01``, ``指标 D03`` …"""
    old, new = _concerning(unit, before), _concerning(unit, after)
    return sorted({name for (name, content) in old ^ new})


def _concerning(unit: Unit, rows: Iterable[VersionRow]) -> set[tuple[str, str]]:
    return {(_name(row, facts), row.content) for row, facts in _parsed(rows) if _concerns(unit, row, facts)}


def _parsed(rows: Iterable[VersionRow]) -> Iterator[tuple[VersionRow, dict[str, Any]]]:
    for row in rows:
        try:
            facts = json.loads(row.content)
        except ValueError:  # somebody edited the register: the row then counts as changed
            facts = {}
        yield row, facts if isinstance(facts, dict) else {}


def _concerns(unit: Unit, row: VersionRow, facts: Mapping[str, Any]) -> bool:
    if row.table == "目标":
        return facts.get("unit") in (unit.code, terms.EVERYONE)
    if row.table == "参数":
        return facts.get("scope") in (unit.code, unit.group, terms.EVERYONE)
    return True


def _name(row: VersionRow, facts: Mapping[str, Any]) -> str:
    if row.table == "方案":
        return "方案设置"
    return f"{row.table} {facts.get('indicator') or facts.get('code') or facts.get('name') or row.row}"


def listed(changes: Sequence[str]) -> str:
    """The changes as words of a message."""
    more = f" 等 {len(changes)} 处" if len(changes) > _SHOWN else ""
    return "、".join(changes[:_SHOWN]) + more
