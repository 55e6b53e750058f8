"""Checks of codes, names, dates and parents: what stands twice, overlaps, or hangs in the air."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

from kaohe import terms
from kaohe.assess.check_context import Context
from kaohe.assess.load_cells import listed
from kaohe.assess.references import said_codes
from kaohe.findings import Finding
from kaohe.model import Indicator, Location, Part, Unit
from kaohe.tables import plain

_UNITS = "单位或人员"
_NODES = "部分或指标"


def duplicate_codes(context: Context) -> Iterable[Finding]:
    """S02 two parts, units (or a unit and a person), events, rules or methods of one code or name."""
    whole = context.whole
    groups: tuple[tuple[str, list[tuple[str, Location]]], ...] = (
        ("部分", _placed(whole.parts)),
        (_UNITS, [(row.code, row.location) for row in whole.units]),
        ("计分方法", [(row.name, row.location) for row in whole.methods]),
        ("否决事项", [(row.code, row.location) for row in whole.veto_events]),
        ("结果规则", [(row.code, row.location) for row in whole.outcome_rules]),
        ("勾稽", [(row.code, row.location) for row in whole.crosschecks]),
        (_NODES, [*_placed(whole.parts), *_placed(context.scheme.indicators)]),
    )
    for what, rows in groups:
        first: dict[str, Location] = {}
        for code, place in rows:
            other = first.setdefault(plain(code).casefold(), place)
            if other != place and (what != _NODES or other.sheet != place.sheet):
                yield Finding("S02", place, {"what": what, "code": code, "other": _seen_from(place, other)})


def persons_apart(context: Context) -> Iterable[Finding]:
    """S49 a person in a ranking group of units: they would be ranked together."""
    groups = {unit.group for unit in context.whole.units if unit.kind == terms.KIND_UNIT}
    for unit in context.whole.units:
        if unit.kind == terms.KIND_PERSON and unit.group in groups:
            yield Finding("S49", unit.location, {"name": unit.name, "group": unit.group})


def _placed(rows: Iterable[Part] | Iterable[Indicator]) -> list[tuple[str, Location]]:
    return [(row.code, row.location) for row in rows]


def _seen_from(place: Location, other: Location) -> str:
    """The other cell, with its sheet where that is another one."""
    return other.cell if other.sheet == place.sheet else f"《{other.sheet}》{other.cell}"


def duplicate_names(context: Context) -> Iterable[Finding]:
    """S19 two parts below the same heading, or two units, that nobody can tell apart by name."""
    units = [row for row in context.whole.units if row.kind == terms.KIND_UNIT]
    groups: tuple[tuple[str, Sequence[Part] | Sequence[Unit]], ...] = (
        ("部分", context.whole.parts),
        ("单位", units),
    )
    for what, rows in groups:
        first: dict[tuple[str, str], Part | Unit] = {}
        for row in rows:
            above = row.parent if isinstance(row, Part) else ""
            other = first.setdefault((above, row.name), row)
            if other.code != row.code:
                facts = {"what": what, "name": row.name, "other": other.location.cell}
                yield Finding("S19", row.location, facts)


def overlapping_versions(context: Context) -> Iterable[Finding]:
    """S13 rows of one indicator, one target or one parameter that are in force on the same day."""
    by_code: dict[tuple[str, ...], list[tuple[dt.date, dt.date, Location]]] = {}
    for row in context.whole.indicators:
        by_code.setdefault(("指标", row.code), []).append(_span(row.valid_from, row.valid_to, row.location))
    for target in context.whole.targets:
        key: tuple[str, ...] = ("目标", target.indicator, target.unit, target.level)
        by_code.setdefault(key, []).append(_span(target.valid_from, target.valid_to, target.location))
    for value in context.whole.parameters:
        key = ("参数", value.indicator, value.scope, value.name)
        by_code.setdefault(key, []).append(_span(value.valid_from, value.valid_to, value.location))
    for (what, *code), spans in by_code.items():
        spans.sort(key=lambda span: span[0])
        for (_, end, place), (begin, _, later) in pairwise(spans):
            if begin <= end:
                facts = {"what": what, "code": " ".join(code), "date": _day(begin), "other": place.cell}
                undated = what == "指标" and begin == dt.date.min and end == dt.date.max
                yield Finding("S02" if undated else "S13", later, facts)


def _span(start: dt.date | None, end: dt.date | None, place: Location) -> tuple[dt.date, dt.date, Location]:
    return start or dt.date.min, end or dt.date.max, place


def _day(date: dt.date) -> str:
    return "年初" if date == dt.date.min else date.isoformat()


def known_parents(context: Context) -> Iterable[Finding]:
    """S05 a parent that is neither a part nor an indicator; S06 parents in a circle."""
    scheme = context.scheme
    rows: tuple[Part | Indicator, ...] = (*scheme.parts, *scheme.indicators)
    parents = {row.code: row.parent for row in rows}
    for row in rows:
        what = "部分" if isinstance(row, Part) else "指标"
        facts = {"what": what, "code": row.code, "parent": row.parent}
        if row.parent and row.parent not in parents:
            yield Finding("S05", row.location, facts)
        elif _circles(row.code, parents):
            yield Finding("S06", row.location, facts)


def _circles(code: str, parents: dict[str, str]) -> bool:
    seen = set()
    while code:
        if code in seen:
            return True
        seen.add(code)
        code = parents.get(code, "")
    return False


def kinds_of_parts(context: Context) -> Iterable[Finding]:
    """S47 a part inside another one of a different 性质, where the upper one's counts."""
    parts = context.scheme.part_by_code
    for part in context.scheme.parts:
        above = parts.get(part.parent)
        if above is not None and above.kind != part.kind:
            facts = {"name": part.name, "kind": part.kind, "parent": above.name, "other": above.kind}
            yield Finding("S47", part.location, facts)


def tie_break_parts(context: Context) -> Iterable[Finding]:
    """S10 并列再比 names a part that is not there."""
    place = context.whole.setting_locations.get("并列再比", Location(sheet="方案"))
    for code in listed(str(context.scheme.settings["并列再比"])):
        if code not in context.scheme.part_by_code:
            called = [part.code for part in context.scheme.parts if plain(part.name) == plain(code)]
            facts = {"column": "并列再比", "code": code, "table": "《部分》"}
            yield Finding("S10", place, {**facts, "meant": said_codes(code, called)})
