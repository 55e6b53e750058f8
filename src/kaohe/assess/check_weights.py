"""Checks of weights, for each set of units with the same indicators: totals, parts, composites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaohe import terms
from kaohe.assess.check_context import Context, exact_sum
from kaohe.findings import Finding
from kaohe.model import Indicator, Location, Part, Unit


def weight_total(context: Context) -> Iterable[Finding]:
    """S01 the weights that apply to somebody do not add up to the declared total (BH1, XT3).

    加分 and 扣分 parts stand outside the total. S46 a unit to which nothing applies.
    """
    expected = float(context.scheme.settings["权重合计"])
    place = context.whole.setting_locations.get("权重合计", Location(sheet="指标"))
    rows = [row for row in context.counted if context.scheme.kind_of(row) == terms.PART_SCORED]
    for applying, units in context.sets(rows):
        if not applying and rows and units:
            facts: dict[str, object] = {"unit": units[0].name, "more": _more(units)}
            yield Finding("S46", units[0].location, facts)
            continue
        found = exact_sum(row.weight for row in applying)
        if expected and found != expected:
            facts = {
                "date": context.period.end.isoformat(),
                "found": f"{found:g}",
                "expected": f"{expected:g}",
            }
            facts |= {"whom": _assessed(context, units), "tilted": _tilted(context, applying)}
            yield Finding("S01", place, facts)


def _more(units: Sequence[Unit]) -> str:
    return f"等 {len(units)} 个" if len(units) > 1 else ""


def _assessed(context: Context, units: Sequence[Unit]) -> str:
    whom = context.whom(units)
    return f"适用于{whom}的" if whom else ""


def _tilted(context: Context, rows: Iterable[Indicator]) -> str:
    """A word on weights that are not those of the cells (XT3)."""
    if all(row.base_weight is None for row in rows):
        return ""
    return f"(有省级目标的指标已乘省级权重倍数 {float(context.scheme.settings['省级权重倍数']):g})"


def part_weights(context: Context) -> Iterable[Finding]:
    """S14 weights inside a part, and the parts below it, do not add up to its declared full marks.

    The 满分 of 加分 and 扣分 is a cap and need not be reached. A part none of whose indicators apply to
    somebody is no part for him.
    """
    rows = context.counted
    above = {row.code: _parts_above(context, row) for row in rows}
    scored = {row.code for row in rows if context.scheme.kind_of(row) == terms.PART_SCORED}
    for part in context.scheme.parts:
        inside = [row for row in rows if row.code in scored and part.code in above[row.code]]
        if part.weight is not None:
            yield from _unlike(context, part, inside, part.weight)


def _unlike(
    context: Context, part: Part | Indicator, inside: Sequence[Indicator], declared: float
) -> Iterable[Finding]:
    """S14 once for each sum that is not the declared one."""
    wrong: dict[float, list[Unit]] = {}
    for applying, units in context.sets(inside):
        found = exact_sum(row.weight for row in applying)
        if applying and found != declared:
            wrong.setdefault(found, []).extend(units)
    for found, assessed in wrong.items():
        facts = {"name": part.name, "declared": f"{declared:g}", "found": f"{found:g}"}
        yield Finding("S14", part.location, {**facts, "whom": _assessed(context, assessed)})


def _parts_above(context: Context, row: Indicator) -> list[str]:
    """Codes of the part an indicator stands in and of those above it."""
    above: list[str] = []
    part = context.scheme.part_by_code.get(row.parent)
    while part is not None and part.code not in above:
        above.append(part.code)
        part = context.scheme.part_by_code.get(part.parent)
    return above


def composites(context: Context) -> Iterable[Finding]:
    """What stands beneath an indicator fits it (BH6).

    S17 a composite without components (for somebody it applies to); S14 components that do not add up to 100;
    S20 components of an indicator that is entered; S44 a 择优 component that is not full 100; S48 a component
    for somebody the composite does not apply to.
    """
    for head in context.scheme.indicators:
        rows = context.scheme.components.get(head.code, ())
        if not head.composite:
            for row in rows:
                yield Finding("S20", row.location, {"name": row.name, "parent": head.name})
        elif not rows:
            yield Finding("S17", head.location, {"name": head.name, "whom": ""})
        else:
            yield from _composite(context, head, rows)


def _composite(context: Context, head: Indicator, rows: Sequence[Indicator]) -> Iterable[Finding]:
    assessed = set(context.takers(head))
    if head.value_source == terms.SOURCE_BEST:
        for row in rows:
            if row.weight != 100:
                yield Finding(
                    "S44", row.location, {"name": row.name, "parent": head.name, "found": row.weight}
                )
    wrong: dict[float, list[Unit]] = {}
    for applying, units in context.sets(rows):
        mine = [unit for unit in units if unit in assessed]
        if mine and not applying:
            facts = {"name": head.name, "whom": f"对{context.whom(mine) or '各单位'}"}
            yield Finding("S17", head.location, facts)
        elif mine or not units:
            wrong.setdefault(exact_sum(row.weight for row in applying), []).extend(mine)
    for found, mine in wrong.items():
        if found != 100 and head.value_source == terms.SOURCE_COMPOSED:
            facts = {"name": head.name, "declared": "100", "found": f"{found:g}"}
            yield Finding("S14", head.location, {**facts, "whom": _assessed(context, mine)})
    yield from _beyond(context, head, rows, assessed)


def _beyond(
    context: Context, head: Indicator, rows: Sequence[Indicator], assessed: set[Unit]
) -> Iterable[Finding]:
    """S48, unless 适用 of the component is blank: it then just follows its composite."""
    for row in rows:
        beyond = [unit for unit in context.takers(row) if unit not in assessed] if row.applies_to else []
        if beyond:
            facts = {"name": row.name, "parent": head.name, "whom": context.whom(beyond) or "各单位"}
            yield Finding("S48", row.location, facts)
