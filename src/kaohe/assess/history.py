"""Earlier years' results as those of today's units: 历史 read through 单位沿革 (WXD5, WXZ3).

Declared, because no document settles it: a unit's own result of a year goes before a predecessor's; a merged
unit has the results of all its predecessors, and a condition over years holds for it only where it held for
every one of them; a unit split off inherits the result of the whole, and that is said. A result under a code
whose name was another one is not used, unless 单位沿革 explains it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe.assess.load_cells import read_date
from kaohe.findings import Finding
from kaohe.model import PastResult, Scheme, Succession, Unit

RENAMED, MERGED, SPLIT = "更名", "合并", "拆分"


class Past(NamedTuple):
    """One earlier result that counts for a unit of today; ``name`` is the unit's name then.

    ``how`` is '' for its own, else the way it came: 更名, 合并 or 拆分.
    """

    result: PastResult
    name: str
    how: str = ""

    @property
    def origin(self) -> str:
        """(合并前的崇安区); '' for the unit's own result."""
        return f"({self.how}前的{self.name})" if self.how else ""


@dataclass(frozen=True)
class History:
    """Rows of 历史 by (year, unit code, indicator code), and who follows whom."""

    rows: Mapping[tuple[int, str, str], PastResult] = field(default_factory=dict)
    before: Mapping[str, tuple[Succession, ...]] = field(default_factory=dict)
    """Current code → its rows of 单位沿革."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Today's names of units by code."""
    fields_of: Mapping[tuple[int, str, str, str], tuple[PastResult, ...]] = field(default_factory=dict)
    """(year, indicator, class, group) → everybody's results of that year."""

    def of(self, unit: str, year: int, indicator: str = "") -> tuple[Past, ...]:
        """What counts as the unit's result of the year: its own, else all its predecessors'; () when none."""
        found = self._of(unit, year, indicator, self.names.get(unit, ""), frozenset())
        return tuple({past.result.unit: past for past in found}.values())

    def _of(
        self, code: str, year: int, indicator: str, expected: str, seen: frozenset[str]
    ) -> Iterable[Past]:
        own = self.rows.get((year, code, indicator))
        if own is not None and own.name in ("", expected or own.name):
            yield Past(own, own.name or expected or code)
            return
        if code in seen:
            return
        for row in self.before.get(code, ()):
            moved = read_date(row.date)
            if moved is not None and moved.year < year:
                continue
            if row.old != code:
                for past in self._of(row.old, year, indicator, row.old_name, seen | {code}):
                    yield Past(past.result, past.name, row.how or past.how)
            elif own is not None and own.name == row.old_name:
                yield Past(own, own.name, row.how)

    def knows(self, code: str, name: str) -> bool:
        """Whether the code had that name before, or its results went on to another code."""
        if any(row.old == code and row.old_name == name for row in self.before.get(code, ())):
            return True
        return any(
            row.old == code and row.old_name in ("", name)
            for new, rows in self.before.items()
            if new != code
            for row in rows
        )

    def was_last(self, row: PastResult) -> bool | None:
        """Whether nobody ranked behind it in its class and group; None when that cannot be told."""
        if row.rank is None:
            return None
        if row.of is not None and row.rank >= row.of:
            return True
        others = self.fields_of.get((row.year, row.indicator, row.unit_class, row.group), ())
        ranks = [other.rank for other in others if other.rank is not None]
        if row.of is not None and len(ranks) >= row.of:
            return row.rank >= max(ranks)
        return None if row.of is None else False


def read_history(
    scheme: Scheme, rows: Sequence[PastResult], successions: Sequence[Succession]
) -> tuple[History, tuple[Finding, ...]]:
    """The history of the scheme's units; G22, G23, G28 for rows that cannot be told to be theirs."""
    before: dict[str, tuple[Succession, ...]] = {}
    for row in successions:
        before[row.new] = (*before.get(row.new, ()), row)
    everybody: dict[tuple[int, str, str, str], tuple[PastResult, ...]] = {}
    for past in rows:
        key = (past.year, past.indicator, past.unit_class, past.group)
        everybody[key] = (*everybody.get(key, ()), past)
    history = History(
        rows={(row.year, row.unit, row.indicator): row for row in reversed(rows)},
        before=before,
        names={unit.code: unit.name for unit in scheme.units},
        fields_of=everybody,
    )
    doubts = (*_twice(rows), *_other_names(history, scheme, rows), *_loose_ends(scheme, successions))
    return history, doubts


def _twice(rows: Sequence[PastResult]) -> Iterable[Finding]:
    """G28: two results of one unit, year and indicator; the first one counts."""
    seen: dict[tuple[int, str, str], PastResult] = {}
    for row in rows:
        first = seen.setdefault((row.year, row.unit, row.indicator), row)
        if first is not row:
            what = f"的指标“{row.indicator}”" if row.indicator else "的总分"
            facts = {"year": row.year, "code": row.unit, "what": what, "other": first.location.cell}
            yield Finding("G28", row.location, facts)


def _other_names(history: History, scheme: Scheme, rows: Sequence[PastResult]) -> Iterable[Finding]:
    """G22 once per year and code: the code belonged to a unit of another name."""
    said: set[tuple[int, str]] = set()
    for row in rows:
        unit: Unit | None = scheme.unit_by_code.get(row.unit)
        if unit is None or row.name in ("", unit.name) or (row.year, row.unit) in said:
            continue
        if not history.knows(row.unit, row.name):
            said.add((row.year, row.unit))
            facts = {"year": row.year, "code": row.unit, "found": row.name, "expected": unit.name}
            yield Finding("G22", row.location, facts)


def _loose_ends(scheme: Scheme, successions: Sequence[Succession]) -> Iterable[Finding]:
    """G23: a new code that is nobody's today and leads on to nobody; codes in a circle."""
    onwards: dict[str, list[str]] = {}
    for row in successions:
        if row.old != row.new:
            onwards.setdefault(row.old, []).append(row.new)
    for row in successions:
        reached = _reached(row.new, onwards)
        reason = ""
        if row.old != row.new and row.old in reached:
            reason = "互相承接,成了一圈"
        elif row.new not in scheme.unit_by_code and not reached & set(scheme.unit_by_code):
            reason = "现单位代码不在《单位》《人员》中"
        if reason:
            facts = {"old": row.old_name or row.old, "new": row.new, "reason": reason}
            yield Finding("G23", row.location, facts)


def _reached(code: str, onwards: Mapping[str, Sequence[str]]) -> set[str]:
    """The code and all that follow it."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += onwards.get(at, ())
    return found
