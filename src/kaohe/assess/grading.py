"""Grades (等次), what vetoes do to them, and the final order: WXJ4, WXJ5, method 30.

Declared, because no document settles it: a quota is counted over all units of the group to whom anything
applies, those with a provisional result among them; a place that a veto sets free is not filled again; of
several vetoes the deepest counts, once; a grade the office sets by 人工调整 stands above all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from kaohe import settings, terms
from kaohe.assess.grade_levels import Edge, FirstGrades, Level, Runner, first_grades, levels, rows_for
from kaohe.findings import Finding
from kaohe.model import Adjustment, Location, Period, Scheme, Unit, Veto
from kaohe.periods import PeriodError, parse_period

WHOLE = "全体"
_SHEET = "等次"


class Result(Protocol):
    """What is looked at of a standing: total (分), rate (percent), rank (None while provisional)."""

    @property
    def unit(self) -> Unit: ...
    @property
    def total(self) -> float: ...
    @property
    def rate(self) -> float: ...
    @property
    def rank(self) -> int | None: ...


class Entrant(Result, Protocol):
    """What grading looks at besides: whether anything was measured at all."""

    @property
    def measured_indicators(self) -> int: ...


Ranked = TypeVar("Ranked", bound=Entrant)


@dataclass(frozen=True, slots=True)
class Grading:
    """How a unit's grade came about.

    ``bucket`` numbers the sets of units that share quotas, from 1 on (0: no grades apply). ``first`` and
    ``final`` count ``levels`` from 1 on; n.5 is a tie across the edge of the n-th, left to the office.
    ``taken`` is what each level but the last made of the unit before vetoes.
    """

    unit: Unit
    bucket: int = 0
    levels: tuple[Level, ...] = ()
    taken: tuple[float, ...] = ()
    first: float | None = None
    depth: int = 0
    """Grades lowered by vetoes."""
    last: bool = False
    """Placed last in the lowered grade (WXJ5)."""
    final: float | None = None
    first_grade: str = ""
    computed_grade: str = ""
    """After vetoes, before the office's decision."""
    grade: str = ""
    place: int | None = None
    """Order in the ranking group after vetoes, 1,2,2,4."""
    vetoes: tuple[Veto, ...] = ()
    decided: Adjustment | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gradings:
    """Gradings by unit code, and what is to be said about them."""

    by_unit: Mapping[str, Grading]
    findings: tuple[Finding, ...] = ()


def vetoes_of(rows: Iterable[Veto], period: Period) -> tuple[Veto, ...]:
    """The vetoes that count in a period: those of the same year, registered for it or a part of it."""
    found = []
    for row in rows:
        try:
            of = parse_period(row.period)
        except PeriodError:
            continue
        if of.year == period.year and of.month <= period.month:
            found.append(row)
    return tuple(found)


def gradings(
    scheme: Scheme,
    standings: Sequence[Entrant],
    vetoes: Iterable[Veto],
    decided: Mapping[str, Adjustment],
) -> Gradings:
    """Grade every unit. ``vetoes`` are those that count in the period, ``decided`` 等次 set by unit code."""
    held: dict[str, list[Veto]] = {}
    for veto in vetoes:
        held.setdefault(veto.unit, []).append(veto)
    graded: dict[str, Grading] = {}
    findings: list[Finding] = []
    for number, (scope, members) in enumerate(_buckets(scheme, standings).items(), start=1):
        bucket = _Bucket(scheme, number, scope, members, decided)
        findings += bucket.findings()
        for member in members:
            graded[member.unit.code] = bucket.grading(member, tuple(held.get(member.unit.code, ())))
        findings += bucket.of_decisions([graded[member.unit.code] for member in members])
    findings += _without_rules(scheme, standings)
    for row in standings:
        mine = tuple(held.get(row.unit.code, ()))
        graded.setdefault(row.unit.code, Grading(row.unit, vetoes=mine))
    findings += [found for code, row in decided.items() if (found := _unknown(row, graded.get(code)))]
    return Gradings(_placed(graded, standings), tuple(findings))


Scope = tuple[str, str]
"""(ranking group, scope of the rows of 等次 that apply)."""


def _buckets(scheme: Scheme, standings: Sequence[Ranked]) -> dict[Scope, list[Ranked]]:
    """Units that share quotas: one group, and within it those under the same rows of 等次."""
    found: dict[Scope, list[Ranked]] = {}
    for row in standings:
        scope, rows = rows_for(scheme, row.unit)
        if rows and row.measured_indicators:
            found.setdefault((row.unit.group, scope), []).append(row)
    return found


def _without_rules(scheme: Scheme, standings: Sequence[Entrant]) -> Iterable[Finding]:
    """G09 for every group none of whose units any row of 等次 applies to, where others have some."""
    if not scheme.grades:
        return
    without = dict.fromkeys(row.unit.group for row in standings if not rows_for(scheme, row.unit)[1])
    for group in without:
        yield Finding("G09", Location(sheet=_SHEET), {"group": group or WHOLE})


class _Bucket:
    """The units of one group that share quotas."""

    def __init__(
        self,
        scheme: Scheme,
        number: int,
        scope: Scope,
        members: Sequence[Entrant],
        decided: Mapping[str, Adjustment],
    ) -> None:
        self.scheme, self.number, self.members, self.decided = scheme, number, members, decided
        self.group = scope[0] or WHOLE
        self.levels = levels(
            rows_for(scheme, members[0].unit)[1], len(members), str(scheme.settings["等次名额"])
        )
        by_rate = scheme.settings["等次依据"] == settings.RANK_BY_RATE
        runners = [
            Runner(row.unit.code, row.rank, row.rate if by_rate else row.total)
            for row in members
            if row.rank is not None
        ]
        all_in = scheme.settings["名额边缘"] == settings.EDGE_ALL_IN
        self.first: FirstGrades = first_grades(runners, self.levels, all_in)
        self.names = {row.unit.code: row.unit.name for row in members}
        self.edge_of = {code: edge for edge in self.first.edges for code in edge.codes}

    def findings(self) -> Iterable[Finding]:
        """G06 ties across an edge nobody has decided; G08 a quota counted with provisional units."""
        for edge in self.first.edges:
            open_codes = [code for code in edge.codes if code not in self.decided]
            if open_codes:
                yield Finding("G06", Location(sheet=_SHEET), self._edge_facts(edge, open_codes))
        waiting = [row.unit.name for row in self.members if row.rank is None]
        if waiting and any(level.quota is not None for level in self.levels):
            facts = {
                "group": self.group,
                "count": len(waiting),
                "units": named(waiting),
                "base": len(self.members),
            }
            yield Finding("G08", Location(sheet=_SHEET), facts)

    def of_decisions(self, graded: Sequence[Grading]) -> Iterable[Finding]:
        """D12 every grade the office set; D13 a quota that is exceeded because of it.

        What the rules put beyond a quota (ties that enter as a whole, what vetoes lower) is no D13.
        """
        for row in graded:
            if row.decided:
                facts = {
                    "grade": row.grade,
                    "computed": row.computed_grade or terms.PENDING_GRADE,
                    "basis": row.decided.basis,
                }
                yield Finding("D12", row.decided.location._replace(unit=row.unit.code), facts)
        for level in self.levels:
            inside = [row for row in graded if row.grade == level.name]
            came = [row.unit.name for row in inside if row.decided and row.computed_grade != level.name]
            by_rule = sum(row.computed_grade == level.name for row in graded)
            if level.quota is not None and came and len(inside) > max(level.quota, by_rule):
                over: dict[str, object] = {
                    "group": self.group,
                    "grade": level.name,
                    "quota": level.quota,
                    "count": len(inside),
                    "units": named(came),
                }
                yield Finding("D13", Location(sheet=_SHEET), over)

    def _edge_facts(self, edge: Edge, codes: Sequence[str]) -> dict[str, object]:
        return {
            "group": self.group,
            "grade": edge.level.name,
            "quota": edge.level.quota,
            "left": edge.left,
            "units": named([self.names[code] for code in codes]),
            "rank": edge.rank,
        }

    def grading(self, member: Entrant, vetoes: tuple[Veto, ...]) -> Grading:
        """One unit's grade, but for its place."""
        code, size = member.unit.code, len(self.levels)
        depth, last = self._fall(vetoes)
        first = None if member.rank is None else self.first.index(code)
        fallen = first if first is None or first % 1 else min(first + depth, float(size))
        decided = self.decided.get(code)
        chosen = self._level(decided.value) if decided else None
        final = fallen if chosen is None else chosen
        return Grading(
            unit=member.unit,
            bucket=self.number,
            levels=self.levels,
            taken=self.first.taken.get(code, ()),
            first=first,
            depth=depth,
            last=last and final is not None and final == fallen and not final % 1,
            final=final,
            first_grade=self._name(first),
            computed_grade=self._name(fallen),
            grade=self._name(final),
            vetoes=vetoes,
            decided=decided if chosen is not None else None,
            notes=tuple(self._notes(code, vetoes, (first, fallen, chosen), depth, last)),
        )

    def _fall(self, vetoes: Iterable[Veto]) -> tuple[int, bool]:
        """(grades lowered, placed last): the deepest of several vetoes, once."""
        events = {row.code: row for row in self.scheme.veto_events}
        lowering = [
            event
            for veto in vetoes
            if (event := events.get(veto.event)) and event.consequence != terms.VETO_BARS
        ]
        usual = float(self.scheme.settings["否决降档"])
        depth = max((usual if event.depth is None else event.depth for event in lowering), default=0.0)
        return int(depth), any(event.consequence == terms.VETO_LAST for event in lowering)

    def _level(self, name: str) -> float | None:
        return next((float(n) for n, level in enumerate(self.levels, start=1) if level.name == name), None)

    def _name(self, index: float | None) -> str:
        if index is None:
            return ""
        return terms.PENDING_GRADE if index % 1 else self.levels[int(index) - 1].name

    def _notes(
        self,
        code: str,
        vetoes: Sequence[Veto],
        indexes: tuple[float | None, float | None, float | None],
        depth: int,
        last: bool,
    ) -> Iterable[str]:
        """What a reader of the ranking has to know about the grade."""
        first, fallen, chosen = indexes
        names = {row.code: row.name for row in self.scheme.veto_events}
        events = named(dict.fromkeys(names.get(veto.event, veto.event) for veto in vetoes))
        if vetoes and not depth and not last:
            yield f"一票否决:{events}"
        elif vetoes and first is not None and first % 1:
            yield f"一票否决:{events},定等次时须降{depth}档"
        elif vetoes and first is not None:
            lowered = f"由{self._name(first)}降为{self._name(fallen)}" if fallen != first else "等次未变"
            yield f"一票否决:{events},{lowered}{'并列末位' if last else ''}"
        if first is not None and first % 1 and chosen is None and code in self.edge_of:
            edge = self.edge_of[code]
            yield f"并列跨过{edge.level.name}名额({edge.level.quota}个),等次待考核办定"
        if chosen is not None:
            computed = f"(计算为{self._name(fallen)})" if fallen is not None else ""
            yield f"等次由考核办定为{self._name(chosen)}{computed}:{self.decided[code].basis}"


def named(names: Iterable[str], most: int = 6) -> str:
    """Names in a sentence: the first few, and how many there are."""
    names = tuple(names)
    shown = "、".join(names[:most])
    return f"{shown}等{len(names)}个" if len(names) > most else shown


def _unknown(row: Adjustment, graded: Grading | None) -> Finding | None:
    """G07: a grade the unit's rows of 等次 do not have."""
    if graded is None or graded.decided is not None:
        return None
    known = "、".join(level.name for level in graded.levels) or "(没有等次)"
    return Finding("G07", row.location._replace(unit=row.unit), {"typed": row.value, "known": known})


UNGRADED = 99.0
"""Where a unit without rows of 等次 stands among graded ones of its group: behind them all."""


def _placed(graded: Mapping[str, Grading], standings: Sequence[Entrant]) -> dict[str, Grading]:
    """Places inside each ranking group: by grade, in it those placed last behind the others, then by rank."""
    keys: dict[str, dict[str, tuple[float, bool, int]]] = {}
    for row in standings:
        grading = graded[row.unit.code]
        if row.rank is not None:
            keys.setdefault(row.unit.group, {})[row.unit.code] = (
                UNGRADED if grading.final is None else grading.final,
                grading.last,
                row.rank,
            )
    places: dict[str, int] = {}
    for members in keys.values():
        order = sorted(members.values())
        first_at = {key: at for at, key in reversed(list(enumerate(order, start=1)))}
        places |= {code: first_at[key] for code, key in members.items()}
    return {code: replace(grading, place=places.get(code)) for code, grading in graded.items()}
