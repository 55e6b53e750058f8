"""Points on top of the total and off it: 加减分 and scoring indicators, capped per item and per part (WXJ2).

All sums are integers of 10^-places: a row is rounded once to 得分小数位, a part of the first level once more
to 部分小数位. A cap cuts what lies above it; nothing is cut without a finding that says how much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kaohe import settings, terms
from kaohe.assess.points import as_score, rescale
from kaohe.findings import Finding
from kaohe.model import Bonus, Indicator, Location, Part, Scheme
from kaohe.values.rounding import round_half_away, to_points

FROM_REGISTER, FROM_METHOD = "加减分", "计分"
Scored = Mapping[tuple[str, str], float]
"""(unit code, indicator code) → points (分) the indicator's method gives."""


@dataclass(frozen=True, slots=True)
class BonusLine:
    """One thing that counts: a row of 加减分 or an indicator's score; ``points`` (分) as summed up."""

    source: str
    points: float
    typed: str
    reason: str = ""
    basis: str = ""
    person: str = ""
    date: str = ""
    location: Location = Location()


@dataclass(frozen=True, slots=True)
class BonusItem:
    """What stands under one code, in points (分): summed, and what is left under the item's own cap.

    ``cap`` None: no cap of its own (a part, or an indicator without weight).
    """

    code: str
    name: str
    lines: tuple[BonusLine, ...]
    summed: float
    cap: float | None
    counted: float

    @property
    def cut(self) -> float:
        """Points above the cap, which do not count."""
        return _difference(self.summed, self.counted)


@dataclass(frozen=True, slots=True)
class BonusPart:
    """A part of kind 加分 or 扣分 of one unit, in points (分); 扣分 counts as a positive number too.

    ``items`` stand right in it, ``parts`` below it; ``cap`` is its 满分.
    """

    unit: str
    code: str
    name: str
    kind: str
    items: tuple[BonusItem, ...]
    parts: tuple[BonusPart, ...]
    summed: float
    cap: float | None
    counted: float

    @property
    def cut(self) -> float:
        """Points above the part's cap, which do not count."""
        return _difference(self.summed, self.counted)

    @property
    def all_items(self) -> tuple[BonusItem, ...]:
        """Its own items and those of the parts below it."""
        return (*self.items, *(item for part in self.parts for item in part.all_items))


@dataclass(frozen=True)
class Bonuses:
    """All units' parts of the first level of kind 加分 and 扣分 that hold anything, and what is found."""

    parts: Mapping[str, tuple[BonusPart, ...]]
    findings: tuple[Finding, ...] = ()

    def of(self, unit: str, kind: str) -> float:
        """Points (分) of one kind, 加分 or 扣分: a number of 0 or more."""
        return float(
            round_half_away(sum(p.counted for p in self.parts.get(unit, ()) if p.kind == kind), _EXACT)
        )

    def by_part(self, unit: str) -> Mapping[str, float]:
        """Part code → points (分) that count."""
        return {part.code: part.counted for part in self.parts.get(unit, ())}


_EXACT = 8
"""More places than any score has: sums of scores come out as typed."""


def _difference(more: float, less: float) -> float:
    return float(round_half_away(more - less, _EXACT))


def bonuses(scheme: Scheme, rows: Iterable[Bonus], scored: Scored) -> Bonuses:
    """Sum up what the period's rows of 加减分 and the scored indicators of 加分 and 扣分 parts give.

    ``scheme`` is the one in force (``Scheme.at``), ``rows`` those of the period. An item is an indicator, its
    weight the cap, or a part, which has only the part's cap. In a 扣分 part a negative number is taken as its
    absolute value (scoring-methods 20); in a 加分 part it takes away from the item, down to 0.
    """
    tree = _Tree(scheme)
    lines: dict[str, dict[str, list[BonusLine]]] = {}
    findings: list[Finding] = []
    rows = tuple(rows)
    for unit, code in scored:
        if tree.kind(code) != terms.PART_SCORED:
            line = tree.line(code, FROM_METHOD, scored[unit, code])
            lines.setdefault(unit, {}).setdefault(code, []).append(line)
    for row in rows:
        if tree.kind(row.item) == terms.PART_SCORED:
            findings.append(Finding("G01", _at(row), {"typed": row.item}))
        elif row.points is not None:
            lines.setdefault(row.unit, {}).setdefault(row.item, []).append(tree.typed(row))
            findings += tree.signs(row)
    findings += _twice(scheme, rows)
    parts = {unit: tuple(tree.parts(unit, given)) for unit, given in lines.items()}
    findings += [found for held in parts.values() for part in held for found in _cuts(part)]
    return Bonuses(parts, tuple(findings))


def _at(row: Bonus) -> Location:
    return row.location._replace(unit=row.unit)


def _name(scheme: Scheme, code: str) -> str:
    row: Indicator | Part | None = scheme.indicator_by_code.get(code) or scheme.part_by_code.get(code)
    return row.name if row else code


def _twice(scheme: Scheme, rows: Sequence[Bonus]) -> Iterable[Finding]:
    """G05: the same unit, item, reason, day and sign (a row that takes another back is no repetition)."""
    seen: dict[tuple[str, str, str, str, bool], Bonus] = {}
    for row in rows:
        off = row.points is not None and row.points < 0
        first = seen.setdefault((row.unit, row.item, row.reason, row.date, off), row)
        if first is not row:
            yield Finding("G05", _at(row), {"name": _name(scheme, row.item), "other": first.location.cell})


def _cuts(part: BonusPart) -> Iterable[Finding]:
    """G04 at the last row under the item or part that is over its cap."""
    for item in part.items:
        if item.cut > 0:
            yield _cut(part, item.name, item.summed, item.cap, item.cut, item.lines)
    for below in part.parts:
        yield from _cuts(below)
    if part.cut > 0:
        lines = tuple(line for item in part.all_items for line in item.lines)
        yield _cut(part, part.name, part.summed, part.cap, part.cut, lines)


def _cut(
    part: BonusPart, name: str, found: float, cap: float | None, cut: float, lines: Sequence[BonusLine]
) -> Finding:
    place = lines[-1].location if lines else Location()
    facts = {"name": name, "found": f"{found:g}", "cap": f"{cap or 0:g}", "cut": f"{cut:g}"}
    return Finding("G04", place._replace(unit=part.unit), facts)


class _Tree:
    """The 加分 and 扣分 parts of a scheme, and how points are summed up in them."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.places = settings.places(scheme.settings, "得分")
        self.part_places = settings.places(scheme.settings, "部分")

    def kind(self, code: str) -> str:
        """加分 or 扣分 of an item; 计分 for what is neither, unknown codes among them."""
        indicator = self.scheme.indicator_by_code.get(code)
        if indicator is not None:
            return self.scheme.kind_of(indicator)
        part = self.scheme.part_by_code.get(code)
        return self._top(part).kind if part else terms.PART_SCORED

    def _top(self, part: Part) -> Part:
        seen: set[str] = set()
        while part.parent in self.scheme.part_by_code and part.code not in seen:
            seen.add(part.code)
            part = self.scheme.part_by_code[part.parent]
        return part

    def line(self, code: str, source: str, points: float) -> BonusLine:
        """Points as they count under the item: off is positive, everything rounded once."""
        off = self.kind(code) == terms.PART_DEDUCTION
        counted = float(round_half_away(abs(points) if off else points, self.places))
        return BonusLine(source, counted, f"{points:.15g}")

    def typed(self, row: Bonus) -> BonusLine:
        """A row of 加减分 that has points."""
        line = self.line(row.item, FROM_REGISTER, row.points or 0.0)
        return BonusLine(
            line.source, line.points, line.typed, row.reason, row.basis, row.person, row.date, row.location
        )

    def signs(self, row: Bonus) -> Iterable[Finding]:
        """G02, G03: a negative number."""
        if row.points is not None and row.points < 0:
            facts = {
                "name": _name(self.scheme, row.item),
                "typed": f"{row.points:g}",
                "number": f"{abs(row.points):g}",
            }
            code = "G02" if self.kind(row.item) == terms.PART_DEDUCTION else "G03"
            yield Finding(code, _at(row), facts)

    def parts(self, unit: str, lines: Mapping[str, Sequence[BonusLine]]) -> Iterable[BonusPart]:
        """The unit's parts of the first level that hold anything; ``lines`` by item."""
        for part in self.scheme.parts:
            first = self._top(part) is part and part is self.scheme.part_by_code[part.code]
            if first and part.kind != terms.PART_SCORED:
                found = self._part(unit, part, lines, top=True, above=frozenset())
                if found is not None:
                    yield found

    def _part(
        self,
        unit: str,
        part: Part,
        lines: Mapping[str, Sequence[BonusLine]],
        *,
        top: bool,
        above: frozenset[str],
    ) -> BonusPart | None:
        """None when nothing stands in the part; ``above`` ends a circle of parents."""
        here = above | {part.code}
        items = tuple(
            self._item(code, given) for code, given in lines.items() if self._home(code) == part.code
        )
        below = tuple(
            found
            for child in self.scheme.parts
            if child.parent == part.code and child.code not in here
            if (found := self._part(unit, child, lines, top=False, above=here)) is not None
        )
        if not items and not below:
            return None
        summed = self._points(sum(row.counted for row in items) + sum(row.counted for row in below))
        wanted = self.part_places if top else self.places
        rounded = int(rescale(np.array([summed]), self.places, wanted)[0])
        counted = rounded
        if part.weight is not None:
            counted = min(rounded, int(to_points(part.weight, wanted)))
        return BonusPart(
            unit,
            part.code,
            part.name,
            self._top(part).kind,
            items,
            below,
            as_score(rounded, wanted),
            part.weight,
            as_score(counted, wanted),
        )

    def _home(self, code: str) -> str:
        """The part an item is summed up in: its own code, or the indicator's part."""
        indicator = self.scheme.indicator_by_code.get(code)
        if indicator is None:
            return code
        part = self.scheme.part_of(indicator)
        return part.code if part else ""

    def _item(self, code: str, lines: Sequence[BonusLine]) -> BonusItem:
        indicator = self.scheme.indicator_by_code.get(code)
        cap = indicator.weight if indicator is not None and indicator.weight > 0 else None
        summed = max(self._points(sum(line.points for line in lines)), 0)
        counted = summed if cap is None else min(summed, self._points(cap))
        return BonusItem(
            code,
            _name(self.scheme, code),
            tuple(lines),
            as_score(summed, self.places),
            cap,
            as_score(counted, self.places),
        )

    def _points(self, value: float) -> int:
        return int(to_points(value, self.places))
