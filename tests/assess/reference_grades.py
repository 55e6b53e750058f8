"""Ranks, grades and places as a person would find them: the reference's second half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaohe.model import Grade, Unit
from tests.assess.reference import Reference
from tests.assess.reference_rules import fraction

Number = Fraction | int


@dataclass
class Ranked:
    """A unit's order as the reference has it; ``first`` and ``final`` count grades from 1, n.5 is a tie."""

    rank: int | None = None
    tied: bool = False
    first: Fraction | None = None
    final: Fraction | None = None
    first_grade: str = ""
    grade: str = ""
    place: int | None = None


def ranked(case: Reference) -> dict[str, Ranked]:
    """Unit code → rank, grade, place."""
    found = {unit.code: Ranked() for unit in case.units}
    for group in {unit.group for unit in case.units}:
        members = [
            u for u in case.units if u.group == group and not case.told[u.code].provisional
        ]  # fmt: skip
        keys = {unit.code: key_of(case, unit) for unit in members}
        for unit in members:
            better = [key for key in keys.values() if key > keys[unit.code]]
            dense = case.settings["并列名次"] == "1,2,2,3"
            found[unit.code].rank = 1 + (len(set(better)) if dense else len(better))
            found[unit.code].tied = list(keys.values()).count(keys[unit.code]) > 1
    Grades(case, found).all()
    return found


def key_of(case: Reference, unit: Unit) -> tuple[Fraction, ...]:
    """What a unit is ranked by: total or rate, rounded or not, then the parts of 并列再比."""
    told = case.told[unit.code]
    by_rate = case.settings["排名依据"] == "得分率"
    first = told.rate if by_rate else told.total
    if case.settings["排名取数"] == "舍入前":
        first = told.exact
    named = [code for code in str(case.settings["并列再比"]).split("、") if code]
    return (first, *(told.parts.get(code, Fraction(0)) for code in named))


class Grades:
    """等次 of every unit, before and after vetoes, and the order that follows."""

    def __init__(self, case: Reference, found: dict[str, Ranked]) -> None:
        self.case = case
        self.found = found

    def all(self) -> None:
        scopes = {unit.code: self.scope(unit) for unit in self.case.units}
        for key in {(unit.group, scopes[unit.code]) for unit in self.case.units}:
            members = [
                unit for unit in self.case.units
                if (unit.group, scopes[unit.code]) == key and self.case.told[unit.code].measured
            ]  # fmt: skip
            rows = [row for row in self.case.case.scheme.grades if row.scope == key[1]]
            if rows and members:
                self.first_grades(members, rows)
                for unit in members:
                    self.after_vetoes(unit, rows)
        for group in {unit.group for unit in self.case.units}:
            self.places([unit for unit in self.case.units if unit.group == group])

    def scope(self, unit: Unit) -> str:
        scopes = {row.scope for row in self.case.case.scheme.grades}
        named = [n for n in (unit.group, unit.unit_class, unit.kind, "*") if n and n in scopes]
        return named[0] if named else ""

    def quota(self, row: Grade, base: int) -> int | None:
        found = [] if row.count is None else [int(row.count)]
        if row.share is not None:
            exact = fraction(row.share) * base
            down = int(exact)
            chosen = {"去尾": down, "进一": down if exact == down else down + 1}
            usual = max(int(exact + Fraction(1, 2)), 1) if exact else 0
            found.append(chosen.get(str(self.case.settings["等次名额"]), usual))
        return min(found) if found else None

    def first_grades(self, members: Sequence[Unit], rows: Sequence[Grade]) -> None:
        """Grade by grade: the best by rank who reach the least, while there is room."""
        waiting = [unit for unit in members if self.found[unit.code].rank is not None]
        owed = 0
        for number, row in enumerate(rows, start=1):
            if number == len(rows):
                for unit in waiting:
                    self.found[unit.code].first = Fraction(number)
                break
            quota = self.quota(row, len(members))
            room = None if quota is None else max(quota - owed, 0)
            owed = max(owed - quota, 0) if quota is not None else 0
            took, tied = self.fill([u for u in waiting if self.reaches(u, row)], room)
            for unit in took:
                self.found[unit.code].first = Fraction(number)
            for unit in tied:
                self.found[unit.code].first = number + Fraction(1, 2)
            if tied and room is not None:
                owed += len(tied) - (room - len(took))
            waiting = [u for u in waiting if self.found[u.code].first is None]

    def reaches(self, unit: Unit, row: Grade) -> bool:
        told = self.case.told[unit.code]
        mine = told.rate if self.case.settings["等次依据"] == "得分率" else told.total
        return row.least is None or mine >= fraction(row.least)

    def fill(self, able: Sequence[Unit], room: int | None) -> tuple[list[Unit], list[Unit]]:
        """(who gets the grade, who is tied across the edge)."""
        took: list[Unit] = []
        for rank in sorted({self.found[unit.code].rank or 0 for unit in able}):
            block = [unit for unit in able if self.found[unit.code].rank == rank]
            if room is None or len(took) + len(block) <= room:
                took += block
            elif len(took) >= room:
                break
            elif self.case.settings["名额边缘"] == "全部进入":
                return took + block, []
            else:
                return took, block
        return took, []

    def after_vetoes(self, unit: Unit, rows: Sequence[Grade]) -> None:
        """降等次 by the deepest veto, once; a grade set by decision stands above it."""
        mine = self.found[unit.code]
        names = {Fraction(n): row.name for n, row in enumerate(rows, start=1)}
        fallen = mine.first
        if fallen is not None and fallen.denominator == 1:
            fallen = min(fallen + self.depth(unit), Fraction(len(rows)))
        decided = [d for d in self.case.adjusted if (d.unit, d.item) == (unit.code, "等次")]
        mine.final = fallen
        for number, name in names.items():
            if decided and decided[-1].value == name:
                mine.final = number
        mine.first_grade = "" if mine.first is None else names.get(mine.first, "待定")
        mine.grade = "" if mine.final is None else names.get(mine.final, "待定")

    def events(self, unit: Unit) -> list[tuple[str, int]]:
        """(consequence, depth) of the vetoes that fell on the unit and touch its grade."""
        usual = int(float(self.case.settings["否决降档"]))
        events = {event.code: event for event in self.case.case.scheme.veto_events}
        rows = [
            events[veto.event] for veto in self.case.case.ledger.vetoes
            if veto.unit == unit.code and veto.period == self.case.case.period.code
        ]  # fmt: skip
        return [
            (row.consequence, usual if row.depth is None else int(row.depth))
            for row in rows
            if row.consequence != "取消评优"
        ]

    def depth(self, unit: Unit) -> int:
        return max([depth for _, depth in self.events(unit)], default=0)

    def last(self, unit: Unit) -> bool:
        """WXJ5: placed last in the lowered grade (unless the office set another)."""
        mine = self.found[unit.code]
        lowered = None if mine.first is None or mine.first.denominator != 1 else mine.first + self.depth(unit)
        levels = len([r for r in self.case.case.scheme.grades if r.scope == self.scope(unit)])
        stands = lowered is not None and mine.final == min(lowered, Fraction(levels))
        return stands and any(what == "降等次并列末位" for what, _ in self.events(unit))

    def places(self, members: Sequence[Unit]) -> None:
        """By grade, those placed last behind the others, then by rank; 1,2,2,4."""
        keys = {
            unit.code: (self.found[unit.code].final or Fraction(0), self.last(unit), rank)
            for unit in members
            if (rank := self.found[unit.code].rank) is not None
        }
        for code, key in keys.items():
            self.found[code].place = 1 + sum(other < key for other in keys.values())
