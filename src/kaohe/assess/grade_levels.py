"""Who reaches which grade before any veto: cut points, quotas in whole numbers, ties at a quota's edge.

Within a group the units come in the order of their ranks. A grade takes, from those no better grade took,
the ones that reach its least total, up to its quota; the last grade takes the rest (WXJ4, method 30).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import ceil, floor
from typing import NamedTuple

from kaohe import settings, terms
from kaohe.model import Grade, Scheme, Unit

TAKEN, PENDING, PASSED = 1.0, 0.5, 0.0
"""What a grade makes of a unit: takes it, leaves it to the office (a tie across the edge), passes it on."""


class Level(NamedTuple):
    """A grade as it applies to one set of units: ``quota`` counts units, ``least`` is a total or a rate."""

    name: str
    least: float | None
    quota: int | None


class Runner(NamedTuple):
    """A unit with a valid result: its code, its rank in the group, the total or rate grades go by."""

    code: str
    rank: int
    key: float


class Edge(NamedTuple):
    """A tie across a quota's edge: the grade, how many places are left, and who is tied for them."""

    level: Level
    left: int
    rank: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstGrades:
    """By unit code, what each level but the last made of the unit; and the edges the office must decide."""

    taken: Mapping[str, tuple[float, ...]]
    edges: tuple[Edge, ...]

    def index(self, code: str) -> float:
        """The level from 1 on; 1.5 is a tie across the edge of the first level's quota."""
        for number, taken in enumerate(self.taken[code], start=1):
            if taken == TAKEN:
                return float(number)
            if taken == PENDING:
                return number + 0.5
        return float(len(self.taken[code]) + 1)


def rows_for(scheme: Scheme, unit: Unit) -> tuple[str, tuple[Grade, ...]]:
    """(scope, rows) of 等次 for a unit: its group's, else its class's, else its kind's, else ``*``'s."""
    for scope in (unit.group, unit.unit_class, unit.kind, terms.EVERYONE):
        rows = tuple(row for row in scheme.grades if row.scope == scope)
        if scope and rows:
            return scope, rows
    return "", ()


def levels(rows: Iterable[Grade], base: int, rounding: str) -> tuple[Level, ...]:
    """The grades of a set of ``base`` units; ``rounding`` is the setting 等次名额."""
    return tuple(Level(row.name, row.least, quota(row, base, rounding)) for row in rows)


def quota(row: Grade, base: int, rounding: str) -> int | None:
    """How many of ``base`` units the grade may take; None: any number. Of share and count the smaller binds.

    Exact: 0.15 of 20 is 3. A share above 0 gives at least one place under 四舍五入至少1个.
    """
    found = [] if row.count is None else [floor(Fraction(str(row.count)))]
    if row.share is not None:
        exact = Fraction(str(row.share)) * base
        if rounding == settings.QUOTA_DOWN:
            found.append(floor(exact))
        elif rounding == settings.QUOTA_UP:
            found.append(ceil(exact))
        else:
            found.append(max(floor(exact + Fraction(1, 2)), 1) if exact > 0 else 0)
    return min(found) if found else None


def first_grades(runners: Sequence[Runner], given: Sequence[Level], all_in: bool) -> FirstGrades:
    """Grades before vetoes. ``all_in``: a tie across an edge gets the better grade, else it is pending.

    Of the units tied at an edge, those for whom no place is left count in the quotas of the grades below.
    """
    ordered = sorted(runners, key=lambda runner: runner.rank)
    taken: dict[str, list[float]] = {runner.code: [] for runner in ordered}
    edges: list[Edge] = []
    owed = 0
    for level in given[:-1]:
        open_codes = {code for code, marks in taken.items() if not any(marks)}
        eligible = [
            runner
            for runner in ordered
            if runner.code in open_codes and (level.least is None or runner.key >= level.least)
        ]
        room = None if level.quota is None else max(level.quota - owed, 0)
        spilled = 0 if level.quota is None else max(owed - level.quota, 0)
        inside, tied = _fill(eligible, room, all_in)
        for code, marks in taken.items():
            marks.append(TAKEN if code in inside else PENDING if code in tied else PASSED)
        owed = spilled
        if tied and room is not None:
            left = room - len(inside)
            owed += len(tied) - left
            rank = next(runner.rank for runner in ordered if runner.code in tied)
            edges.append(Edge(level, left, rank, tuple(r.code for r in ordered if r.code in tied)))
    return FirstGrades({code: tuple(marks) for code, marks in taken.items()}, tuple(edges))


def _fill(eligible: Sequence[Runner], room: int | None, all_in: bool) -> tuple[set[str], set[str]]:
    """(taken, tied across the edge) of units in the order of rank."""
    inside: set[str] = set()
    for _, tied in groupby(eligible, key=lambda runner: runner.rank):
        block = {runner.code for runner in tied}
        if room is None or len(inside) + len(block) <= room:
            inside |= block
        elif len(inside) >= room:
            break
        elif all_in:
            return inside | block, set()
        else:
            return inside, block
    return inside, set()
