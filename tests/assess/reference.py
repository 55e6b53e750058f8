"""A slow, obvious reference of the assessment, written from the rules with Fractions and plain loops.

It shares with the product only the rows of the model and the office's words: nothing here imports code that
scores, weighs, ranks or grades. What it says of a unit is what a person with pencil and paper would say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.model import Indicator, Part, Target, Unit
from tests.assess.reference_methods import Inputs, compared, points_of
from tests.assess.reference_rules import NO_PART, Case, Key, Rules, fraction, rounded

BLANK, WRONG = "blank", "wrong"
Value = Fraction | str
TYPED = ("填报", "考评", "测评", "各期")


@dataclass
class Told:
    """What the reference says of one unit; points in 分, None where there are none."""

    points: dict[str, Fraction | None] = field(default_factory=dict)
    weights: dict[str, Fraction] = field(default_factory=dict)
    parts: dict[str, Fraction] = field(default_factory=dict)
    bonus: Fraction = Fraction(0)
    deduction: Fraction = Fraction(0)
    late: Fraction = Fraction(0)
    computed: Fraction = Fraction(0)
    total: Fraction = Fraction(0)
    rate: Fraction = Fraction(0)
    exact: Fraction = Fraction(0)
    measured: int = 0
    provisional: bool = False


def read(text: str, approximate: bool) -> Value:
    """What was typed: a number, nothing, or something that must not be scored."""
    if not text.strip():
        return BLANK
    about = text.startswith("约")
    if re.fullmatch(r"-?\d+(\.\d+)?", text.removeprefix("约")) and (approximate or not about):
        return Fraction(text.removeprefix("约"))
    return WRONG


class Reference(Rules):
    """The assessment of one case, unit by unit and indicator by indicator."""

    def __init__(self, case: Case, faulty: bool = False) -> None:
        super().__init__(case)
        self.given = {
            (unit.code, code): self.typed_value(unit.code, row)
            for unit in self.units
            for code, row in self.rows.items()
        }
        self.raw: dict[Key, Fraction | None] = {}
        self.scored: dict[Key, Fraction | None] = {}
        for row in self.rows.values():
            for unit in self.units:
                self.score(unit, row)
        self.told = {unit.code: self.tell(unit, faulty) for unit in self.units}

    # Values

    def typed_value(self, unit: str, row: Indicator) -> Value:
        """人工调整 > 申诉 > 核定 (省 before 市) > 考评 > 自测; of the same register the later row."""
        key = (unit, row.code)
        adjusted = [a.value for a in self.adjusted if (a.unit, a.indicator) == key and a.item == "完成值"]
        appealed = [a.value for a in self.appeals if (a.unit, a.indicator) == key and a.item == "完成值"]
        verdicts = [
            v for v in self.case.ledger.verdicts
            if (v.unit, v.indicator) == key and v.period == self.case.period.code
        ]  # fmt: skip
        province = [v.value for v in verdicts if v.level == "省"]
        others = [v.value for v in verdicts if v.level != "省"]
        texts = [*adjusted[::-1], *appealed[::-1], *province[::-1], *others[::-1]]
        texts += [self.case.assessed[key]] if key in self.case.assessed else []
        texts += [self.case.own[key]] if row.value_source == "填报" and key in self.case.own else []
        approximate = self.settings["近似值计分"] == "是"
        found = [value for value in (read(text, approximate) for text in texts) if value != BLANK]
        return found[0] if found else BLANK

    def value(self, unit: Unit, row: Indicator) -> Value:
        """The value that is scored; those made of others are made here. What is 不适用 has none."""
        if self.ruled("不适用", unit.code, row.code):
            return BLANK
        given = self.given[unit.code, row.code]
        if given != BLANK or row.value_source in TYPED:
            return given
        if row.value_source == "引用":
            return self.value(unit, self.rows[row.value_from])
        live = [other for other in self.components(row) if other.code in self.weights[unit.code]]
        points = [self.score(unit, other) for other in live]
        known = [each for each in points if each is not None]
        if row.value_source == "择优":
            return max(known) if known else BLANK
        return sum(known, Fraction(0)) if live and len(known) == len(live) else BLANK

    def target(self, unit: Unit, row: Indicator) -> tuple[Fraction | None, Fraction | None]:
        """(目标值, 上年值): of two levels the stricter (XT2), the unit's own row before everybody's."""
        levels: list[Target] = []
        for level in ("省", "市", ""):
            rows = [t for t in self.case.scheme.targets if t.indicator == row.code and t.level == level]
            own = [t for t in rows if t.unit == unit.code] or [t for t in rows if t.unit == "*"]
            levels += own[:1]
        values = [fraction(t.value) for t in levels if t.value is not None]
        priors = [fraction(t.prior) for t in levels if t.prior is not None]
        best = max if row.direction == "正向" else min
        return (best(values) if values else None), (priors[0] if priors else None)

    def parameter(self, unit: Unit, row: Indicator, name: str) -> Fraction | None:
        for code in (row.code, "*"):
            for scope in (unit.code, unit.group, "*"):
                for given in self.case.scheme.parameters:
                    if (given.indicator, given.scope, given.name) == (code, scope, name):
                        return fraction(given.value)
        return None

    # Scores

    def score(self, unit: Unit, row: Indicator) -> Fraction | None:
        """Points that count, rounded once; None where there are none."""
        key = (unit.code, row.code)
        if key in self.scored:
            return self.scored[key]
        self.scored[key] = None
        if row.code not in self.weights[unit.code]:
            return None
        self.raw[key] = self.formula(unit, row)
        raw, decided = self.raw[key], self.decided(unit.code, row)
        counts = decided if decided is not None else raw
        self.scored[key] = None if counts is None else rounded(counts, self.places[0])
        return self.scored[key]

    def formula(self, unit: Unit, row: Indicator) -> Fraction | None:
        value = self.value(unit, row)
        if isinstance(value, str):
            return None
        return points_of(row.method, self.inputs(unit, row, value), self.rivals(unit, row))

    def inputs(self, unit: Unit, row: Indicator, value: Fraction) -> Inputs:
        target, prior = self.target(unit, row)
        weight = self.weights[unit.code][row.code]
        due = Fraction(1) if row.pace == "无" else Fraction(self.case.period.month, 12)
        return Inputs(
            weight, value, target, prior, due, row.direction, self.settings,
            lambda name: self.parameter(unit, row, name),
        )  # fmt: skip

    def rivals(self, unit: Unit, row: Indicator) -> list[Fraction]:
        """Values of those the unit is compared with, its own among them; never units with persons."""
        if not compared(row.method):
            return []
        scope = self.settings["比较范围"]
        found = []
        for other in self.units:
            same = {"考核组": other.group == unit.group, "类别": other.unit_class == unit.unit_class}
            near = other.kind == unit.kind and same.get(str(scope), True)
            if near and row.code in self.weights[other.code]:
                value = self.value(other, row)
                found += [] if isinstance(value, str) else [value]
        return found

    def decided(self, unit: str, row: Indicator) -> Fraction | None:
        """The score set by decision: 得分, else 按0分, else full marks for what is 不适用."""
        for register in (self.adjusted, self.appeals):
            numbers = [
                fraction(float(d.value)) for d in register
                if (d.unit, d.indicator, d.item) == (unit, row.code, "得分")
            ]  # fmt: skip
            if numbers:
                return numbers[-1]
        if self.zeroed(unit, row):
            return Fraction(0)
        if not self.rescaled() and self.ruled("不适用", unit, row.code):
            return self.declared(row)
        return None

    def zeroed(self, unit: str, row: Indicator) -> bool:
        """按0分 for the indicator, or for everything of the unit that is missing."""
        if self.ruled("按0分", unit, row.code):
            return True
        source = row
        while source.value_source == "引用" and self.given[unit, source.code] == BLANK:
            source = self.rows[source.value_from]
        missing = source.value_source in TYPED and self.given[unit, source.code] == BLANK
        if not missing or self.ruled("不适用", unit, row.code) or self.settled_above(unit, row):
            return False
        return self.ruled("按0分", unit, "")

    # Open questions

    def settled(self, unit: str, row: Indicator) -> bool:
        """Whether a decision stands in the place of a missing or unreadable value."""
        if self.ruled("不适用", unit, row.code) or self.decided(unit, row) is not None:
            return True
        return self.settled_above(unit, row)

    def settled_above(self, unit: str, row: Indicator) -> bool:
        """Whether that is so of the composite above it, or another hand gave the composite's value."""
        above = self.rows.get(row.parent)
        return above is not None and (self.given[unit, above.code] != BLANK or self.settled(unit, above))

    def open_question(self, unit: Unit, row: Indicator) -> bool:
        """Whether something about the indicator keeps the unit's result from counting.

        A number that the formula cannot score is a fault of the scheme: it stands, whatever was decided.
        """
        if row.code not in self.weights[unit.code]:
            return False
        checked = row.parent not in self.rows and not self.declared(row)
        if checked and self.given[unit.code, row.code] == BLANK:
            return False  # nothing depends on a figure that is only checked
        if not checked and row.parent not in self.rows and self.scored[unit.code, row.code] is None:
            return True
        given, scored = self.given[unit.code, row.code], self.scored[unit.code, row.code]
        if isinstance(given, Fraction) and scored is None:
            return True
        return row.value_source in TYPED and isinstance(given, str) and not self.settled(unit.code, row)

    # Sums

    def tell(self, unit: Unit, faulty: bool) -> Told:
        told = Told(weights=self.weights[unit.code])
        counted = []
        for row in self.rows.values():
            told.points[row.code] = self.scored[unit.code, row.code]
            if row.parent not in self.rows and self.top(row).kind == "计分" and self.declared(row):
                counted += [row] if row.code in told.weights else []
        told.measured = len(counted)
        told.parts = {
            part.code: self.part(unit, part, counted)
            for part in (NO_PART, *self.case.scheme.parts)
            if not part.parent and part.kind == "计分"
        }
        told.bonus, told.deduction = self.on_top(unit, "加分"), self.on_top(unit, "扣分")
        told.late = self.lateness(unit)
        beside = told.bonus - told.deduction - told.late
        told.computed = rounded(sum(told.parts.values(), Fraction(0)) + beside, self.places[2])
        totals = [d for d in self.adjusted if (d.unit, d.item) == (unit.code, "总分")]
        told.total = rounded(fraction(float(totals[-1].value)), self.places[2]) if totals else told.computed
        told.exact = told.total if totals else self.unrounded(unit, counted) + beside
        weight = sum((told.weights[row.code] for row in counted), Fraction(0))
        told.rate = rounded(told.total / weight * 100, 4) if weight else Fraction(0)
        if self.settings["排名依据"] == "得分率" and weight:
            told.exact = told.exact / weight * 100
        told.exact = rounded(told.exact, 9)
        waits = any(self.waits(unit, row) for row in self.rows.values())
        questions = any(self.open_question(unit, row) for row in self.rows.values())
        told.provisional = faulty or waits or questions or not counted
        return told

    def waits(self, unit: Unit, row: Indicator) -> bool:
        """延期 for something that is still missing."""
        missing = row.value_source in TYPED and self.given[unit.code, row.code] == BLANK
        missing = missing and (row.parent in self.rows or bool(self.declared(row)))
        granted = self.ruled("延期", unit.code, row.code) or self.ruled("延期", unit.code, "")
        return (
            missing and granted and row.code in self.weights[unit.code] and not self.settled(unit.code, row)
        )

    def part(self, unit: Unit, part: Part, counted: Sequence[Indicator]) -> Fraction:
        points = [self.scored[unit.code, row.code] or Fraction(0) for row in counted if self.top(row) == part]
        return rounded(sum(points, Fraction(0)), self.places[1])

    def unrounded(self, unit: Unit, counted: Sequence[Indicator]) -> Fraction:
        """Points before rounding (to nine places); a decided score is as it was decided."""
        total = Fraction(0)
        for row in counted:
            points, raw = self.scored[unit.code, row.code], self.raw[unit.code, row.code]
            formula = raw is not None and self.decided(unit.code, row) is None
            total += rounded(raw, 9) if formula and raw is not None else points or Fraction(0)
        return total

    def on_top(self, unit: Unit, kind: str) -> Fraction:
        """加分 or 扣分: item by item under the item's cap, part by part under the part's (WXJ2)."""
        tops = [part for part in self.case.scheme.parts if not part.parent and part.kind == kind]
        return sum((self.stack(unit, part, kind) for part in tops), Fraction(0))

    def stack(self, unit: Unit, part: Part, kind: str) -> Fraction:
        inside = [row for row in self.rows.values() if row.parent == part.code]
        total = sum((self.item(unit, row.code, row, kind) for row in inside), Fraction(0))
        total += self.item(unit, part.code, None, kind)
        for below in self.case.scheme.parts:
            if below.parent == part.code:
                total += self.stack(unit, below, kind)
        wanted = self.places[0] if part.parent else self.places[1]
        total = rounded(total, wanted)
        return total if part.weight is None else min(total, rounded(fraction(part.weight), wanted))

    def item(self, unit: Unit, code: str, row: Indicator | None, kind: str) -> Fraction:
        found = [
            fraction(b.points or 0.0) for b in self.case.ledger.bonuses
            if (b.unit, b.item, b.period) == (unit.code, code, self.case.period.code)
        ]  # fmt: skip
        scored = self.scored[unit.code, code] if row is not None else None
        found += [] if scored is None else [scored]
        each = [rounded(abs(one) if kind == "扣分" else one, self.places[0]) for one in found]
        total = max(sum(each, Fraction(0)), Fraction(0))
        cap = self.declared(row) if row is not None and row.weight else None
        return total if cap is None else min(total, rounded(cap, self.places[0]))

    def lateness(self, unit: Unit) -> Fraction:
        """迟报: points a day, up to the cap; nothing within the days granted to the whole unit."""
        if self.ruled("延期", unit.code, ""):
            return Fraction(0)
        places = self.places[2]
        a_day = fraction(float(self.settings["迟报每天扣分"]))
        cost = rounded(self.case.late.get(unit.code, 0) * a_day, places)
        most = rounded(fraction(float(self.settings["迟报扣分上限"])), places)
        return min(cost, most) if self.settings["迟报扣分上限"] else cost
