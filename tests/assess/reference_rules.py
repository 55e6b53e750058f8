"""What a scheme says of a unit, for the reference: who is assessed by what, and with which weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.model import Indicator, Ledger, Part, Period, Scheme, Unit

Key = tuple[str, str]
"""(unit code, indicator code)."""
NO_PART = Part("", "")


@dataclass(frozen=True)
class Case:
    """A scheme, and everything people typed. ``late``: unit → whole days its return came late."""

    scheme: Scheme
    period: Period
    own: Mapping[Key, str]
    assessed: Mapping[Key, str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    late: Mapping[str, int] = field(default_factory=dict)


def rounded(value: Fraction, places: int) -> Fraction:
    """Half away from zero."""
    scale = 10**places
    whole = int(abs(value) * scale + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, scale)


def fraction(number: float) -> Fraction:
    """The number as it is written."""
    return Fraction(repr(float(number)))


class Rules:
    """The rows of a case, and the rulings that move weights."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.settings = case.scheme.settings
        self.units = list(case.scheme.units)
        self.parts = {part.code: part for part in case.scheme.parts}
        self.rows = {row.code: row for row in case.scheme.indicators}
        self.places = [int(self.settings[f"{stage}小数位"]) for stage in ("得分", "部分", "总分")]
        self.adjusted = [row for row in case.ledger.adjustments if row.period == case.period.code]
        self.appeals = [
            row for row in case.ledger.appeals if row.period == case.period.code and row.state == "变更"
        ]
        self.weights = {unit.code: self.weights_of(unit) for unit in self.units}

    # What the scheme says

    def components(self, row: Indicator) -> list[Indicator]:
        return [other for other in self.rows.values() if other.parent == row.code]

    def head(self, row: Indicator) -> Indicator:
        return self.head(self.rows[row.parent]) if row.parent in self.rows else row

    def measured(self, row: Indicator) -> bool:
        months = {"月度": 1, "季度": 3, "半年": 6, "年度": 12}[self.head(row).frequency]
        return self.case.period.month % months == 0

    def fits(self, row: Indicator, unit: Unit) -> bool:
        """适用: blank is all units and no persons."""
        if not row.applies_to:
            return unit.kind == "单位"
        return any(word in (unit.code, unit.unit_class, unit.group, unit.kind) for word in row.applies_to)

    def above(self, code: str) -> list[Part]:
        """The part and those above it, the first level last."""
        found = []
        while code in self.parts:
            found.append(self.parts[code])
            code = self.parts[code].parent
        return found

    def top(self, row: Indicator) -> Part:
        """The part of the first level; one without a name where the scheme has none."""
        return [NO_PART, *self.above(self.head(row).parent)][-1]

    def declared(self, row: Indicator) -> Fraction:
        """The weight of the scheme; provincial targets tilt it (XT3)."""
        provincial = any(t.indicator == row.code and t.level == "省" for t in self.case.scheme.targets)
        factor = fraction(float(self.settings["省级权重倍数"])) if provincial else Fraction(1)
        return fraction(row.weight) * factor

    def ruled(self, item: str, unit: str, code: str) -> bool:
        return any((row.item, row.unit, row.indicator) == (item, unit, code) for row in self.adjusted)

    def rescaled(self) -> bool:
        return self.settings["不适用指标"] == "同级折算"

    # Weights

    def lives(self, unit: Unit, row: Indicator) -> bool:
        """Whether the indicator is assessed of the unit after what was ruled 不适用."""
        if not self.measured(row) or not self.fits(row, unit) or self.ruled("不适用", unit.code, row.code):
            return False
        below = [other for other in self.components(row) if self.fits(other, unit)]
        return not below or any(self.lives(unit, other) for other in below)

    def weights_of(self, unit: Unit) -> dict[str, Fraction]:
        mine = [row for row in self.rows.values() if self.measured(row) and self.fits(row, unit)]
        if not self.rescaled() or not any(self.ruled("不适用", unit.code, row.code) for row in mine):
            return {row.code: self.declared(row) for row in mine}
        alive = [row for row in mine if self.lives(unit, row)]
        found = {row.code: rounded(self.declared(row) * self.factor(unit, row, mine), 6) for row in alive}
        for parent in dict.fromkeys(row.parent for row in alive):
            kin = [row for row in alive if row.parent == parent]
            if any(found[row.code] != self.declared(row) for row in kin):
                found |= self.shared_out(kin, found)
        return found

    def shared_out(self, kin: Sequence[Indicator], weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """At the places of a score; a unit in the last place goes to whoever lost most by cutting."""
        step = Fraction(1, 10 ** int(self.settings["得分小数位"]))
        cut = {row.code: weights[row.code] // step * step for row in kin}
        whole = rounded(sum((weights[row.code] for row in kin), Fraction(0)) / step, 0) * step
        while sum(cut.values()) < whole:
            most = max(kin, key=lambda row: weights[row.code] - cut[row.code])
            cut[most.code] += step
        return cut

    def factor(self, unit: Unit, row: Indicator, mine: Sequence[Indicator]) -> Fraction:
        """By how much an indicator's weight grows: level by level, everything over what is left."""
        if row.parent in self.rows:
            kin = [other for other in mine if other.parent == row.parent]
            return self.over(kin, [other for other in kin if self.lives(unit, other)])
        grown = Fraction(1)
        for part in [*self.above(row.parent), None]:
            kin = [o for o in mine if o.parent not in self.rows and self.beside(part, o, row)]
            alive = {self.child(part, other) for other in kin if self.lives(unit, other)}
            grown *= self.over(kin, [other for other in kin if self.child(part, other) in alive])
        return grown

    def beside(self, part: Part | None, other: Indicator, row: Indicator) -> bool:
        """Whether ``other`` stands in the part; of the first level those of the same kind, 加分 alone."""
        if part is not None:
            return part in self.above(other.parent)
        mine, its = self.top(row), self.top(other)
        return mine == its if mine.kind != "计分" else its.kind == "计分"

    def child(self, part: Part | None, other: Indicator) -> str:
        """The child of the part that the indicator is or stands in."""
        chain = [other.code, *(step.code for step in self.above(other.parent))]
        return chain[chain.index(part.code) - 1] if part is not None else chain[-1]

    def over(self, whole: Iterable[Indicator], left: Iterable[Indicator]) -> Fraction:
        remaining = sum((self.declared(row) for row in left), Fraction(0))
        everything = sum((self.declared(row) for row in whole), Fraction(0))
        return everything / remaining if remaining else Fraction(0)
