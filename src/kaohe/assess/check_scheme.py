"""Checks of a scheme: a finding for everything that would make a score wrong or impossible.

``CHECKS`` names them; each is a function from a :class:`Context` to findings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from kaohe import terms
from kaohe.assess.inputs import parameter_default, parameter_names
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import MethodBook, method_book
from kaohe.assess.pace import curve_parameter, elapsed_share
from kaohe.findings import Finding
from kaohe.model import Indicator, Location, Part, Period, Scheme, Unit
from kaohe.rules.methods import required_numbers
from kaohe.tables import plain
from kaohe.values.rounding import round_half_away


@dataclass(frozen=True)
class Context:
    """What the checks look at: every version, the rows in force at the period's end, compiled methods."""

    whole: Scheme
    scheme: Scheme
    period: Period
    methods: MethodBook
    lookup: Lookup

    @property
    def counted(self) -> tuple[Indicator, ...]:
        """Indicators in force whose weight counts towards the total."""
        return tuple(row for row in self.scheme.indicators if not self.scheme.is_component(row))


def check_scheme(whole: Scheme, period: Period) -> tuple[Finding, ...]:
    """All findings about the scheme as it stands at the end of ``period``."""
    scheme = whole.at(period.end)
    context = Context(whole, scheme, period, method_book(scheme), Lookup.of(scheme))
    return (*context.methods.findings, *(finding for check in CHECKS for finding in check(context)))


def _places(rows: Iterable[Part] | Iterable[Indicator]) -> list[tuple[str, Location]]:
    return [(row.code, row.location) for row in rows]


def duplicate_codes(context: Context) -> Iterable[Finding]:
    """S02 two parts, units or methods of one code or name."""
    whole = context.whole
    groups: tuple[tuple[str, list[tuple[str, Location]]], ...] = (
        ("部分", _places(whole.parts)),
        ("单位", [(row.code, row.location) for row in whole.units]),
        ("计分方法", [(row.name, row.location) for row in whole.methods]),
        ("部分或指标", [*_places(whole.parts), *_places(context.scheme.indicators)]),
    )
    for what, rows in groups:
        first: dict[str, Location] = {}
        for code, place in rows:
            other = first.setdefault(plain(code).casefold(), place)
            if other != place and (what != "部分或指标" or other.sheet != place.sheet):
                yield Finding("S02", place, {"what": what, "code": code, "other": other.cell})


def duplicate_names(context: Context) -> Iterable[Finding]:
    """S19 two parts or two units that nobody can tell apart by name."""
    groups: tuple[tuple[str, tuple[Part, ...] | tuple[Unit, ...]], ...] = (
        ("部分", context.whole.parts),
        ("单位", context.whole.units),
    )
    for what, rows in groups:
        first: dict[str, Part | Unit] = {}
        for row in rows:
            other = first.setdefault(row.name, row)
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


def weight_total(context: Context) -> Iterable[Finding]:
    """S01 weights of the indicators in force do not add up to the declared total (BH1)."""
    expected = float(context.scheme.settings["权重合计"])
    found = _exact_sum(row.weight for row in context.counted)
    if expected and found != expected:
        place = context.whole.setting_locations.get("权重合计", Location(sheet="指标"))
        facts = {"date": context.period.end.isoformat(), "found": f"{found:g}", "expected": f"{expected:g}"}
        yield Finding("S01", place, facts)


def part_weights(context: Context) -> Iterable[Finding]:
    """S14 weights inside a part, and the parts below it, do not add up to its declared full marks."""
    for part in context.scheme.parts:
        inside = [row for row in context.counted if part.code in _parts_above(context, row)]
        found = _exact_sum(row.weight for row in inside)
        if part.weight is not None and inside and found != part.weight:
            facts = {"name": part.name, "declared": f"{part.weight:g}", "found": f"{found:g}"}
            yield Finding("S14", part.location, facts)


def _parts_above(context: Context, row: Indicator) -> list[str]:
    """Codes of the part an indicator stands in and of those above it."""
    above: list[str] = []
    part = context.scheme.part_by_code.get(row.parent)
    while part is not None and part.code not in above:
        above.append(part.code)
        part = context.scheme.part_by_code.get(part.parent)
    return above


def _exact_sum(weights: Iterable[float]) -> float:
    return float(round_half_away(sum(weights), 6))


def component_weights(context: Context) -> Iterable[Finding]:
    """S14 components that do not add up to 100, S20 components of an indicator that is entered (BH6)."""
    for code, rows in context.scheme.components.items():
        head = context.scheme.indicator_by_code[code]
        found = _exact_sum(row.weight for row in rows)
        if not head.composite:
            for row in rows:
                yield Finding("S20", row.location, {"name": row.name, "parent": head.name})
        elif found != 100:
            facts = {"name": head.name, "declared": "100", "found": f"{found:g}"}
            yield Finding("S14", head.location, facts)


def declared_counts(context: Context) -> Iterable[Finding]:
    """S08 declared number of annual indicators is not the number listed (BH9)."""
    declared = int(context.scheme.settings["年度指标数"])
    listed = sum(row.frequency == terms.ANNUAL for row in context.counted)
    if declared and declared != listed:
        place = context.whole.setting_locations.get("年度指标数", Location(sheet="方案"))
        yield Finding("S08", place, {"what": "年度指标", "declared": declared, "listed": listed})


def known_methods(context: Context) -> Iterable[Finding]:
    """S03 a method that does not exist; an entered indicator always needs one."""
    refused = {str(finding.facts["method"]) for finding in context.methods.findings if finding.code == "S04"}
    for row in context.scheme.indicators:
        if row.method not in context.methods.methods and row.method not in refused:
            near = context.methods.near(row.method)
            yield Finding("S03", row.location, {"name": row.name, "method": row.method, "near": near})


def composites_have_components(context: Context) -> Iterable[Finding]:
    """S17 an indicator is composite but nothing stands beneath it (BH6)."""
    for row in context.scheme.indicators:
        if row.composite and row.code not in context.scheme.components:
            yield Finding("S17", row.location, {"name": row.name})


def targets_and_parameters(context: Context) -> Iterable[Finding]:
    """S07 a unit without the target its method needs; S12 a parameter without value or default."""
    for row in context.scheme.indicators:
        method = context.methods.methods.get(row.method)
        if method is None or not context.scheme.measured(row, context.period):
            continue
        if any("目标值" in required_numbers(rule) for rule in (method.score, method.rate, method.met)):
            yield from _without_target(context, row)
        for name in parameter_names(method):
            if parameter_default(method, name) is None and not _has_parameter(context, row, name):
                facts = {"name": row.name, "method": row.method, "parameter": name}
                yield Finding("S12", row.location, facts)
        if _share(context, row) is None:
            facts = {
                "name": row.name,
                "method": row.method,
                "parameter": curve_parameter(context.period.month),
            }
            yield Finding("S12", row.location, facts)


def _share(context: Context, row: Indicator) -> float | None:
    return elapsed_share(row, context.period, lambda name: context.lookup.parameter(row.code, name))


def _has_parameter(context: Context, row: Indicator, name: str) -> bool:
    return all(context.lookup.parameter(row.code, name, unit) is not None for unit in context.scheme.units)


def _without_target(context: Context, row: Indicator) -> Iterable[Finding]:
    """One finding when no unit has a target, else one for each unit without."""
    units = context.scheme.units
    found = [(unit, context.lookup.target(row.code, unit.code)) for unit in units]
    without = [(unit, target) for unit, target in found if target is None or target.value is None]
    if len(without) == len(units) > 1:
        shared = without[0][1]
        yield Finding(
            "S07", shared.location if shared else row.location, {"name": row.name, "unit": "所有单位"}
        )
        return
    for unit, target in without:
        place = target.location if target else row.location
        yield Finding("S07", place, {"name": row.name, "unit": unit.name})


def useful_parameters(context: Context) -> Iterable[Finding]:
    """S16 a parameter no method of its indicators uses: a misspelt name would be passed over silently."""
    curve = {curve_parameter(month) for month in range(1, 13)}
    for value in context.scheme.parameters:
        rows = [row for row in context.scheme.indicators if value.indicator in (row.code, terms.EVERYONE)]
        methods = [
            context.methods.methods[row.method] for row in rows if row.method in context.methods.methods
        ]
        known = {name for method in methods for name in parameter_names(method)}
        if value.name in curve and value.scope != terms.EVERYONE:
            reason = "序时曲线只能对所有单位设定,请填 *"
            yield Finding("S09", value.location, {"column": "对象", "typed": value.scope, "reason": reason})
        if methods and value.name not in known | curve:
            near = "、".join(sorted(known)) or "没有"
            yield Finding(
                "S16",
                value.location,
                {"indicator": value.indicator, "parameter": value.name, "near": near},
            )


CHECKS: tuple[Callable[[Context], Iterable[Finding]], ...] = (
    duplicate_codes,
    duplicate_names,
    overlapping_versions,
    known_parents,
    weight_total,
    part_weights,
    component_weights,
    declared_counts,
    known_methods,
    composites_have_components,
    targets_and_parameters,
    useful_parameters,
)
