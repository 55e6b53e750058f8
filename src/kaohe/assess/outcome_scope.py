"""Whom a row of 结果规则 compares with whom: scopes, ranked as one or each class and group apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.grading import WHOLE, Grading, named
from kaohe.model import OutcomeRule, Unit

Key = tuple[float, float]


class Contender(NamedTuple):
    """A unit or person with its result: total (分), rate (percent), rank (None while provisional)."""

    unit: Unit
    total: float
    rate: float
    rank: int | None
    grading: Grading


@dataclass(frozen=True)
class Pool:
    """Contenders compared with each other; over several groups by rate (``by_rate``) or by total."""

    name: str
    members: tuple[Contender, ...]
    by_rate: bool

    @cached_property
    def by_code(self) -> Mapping[str, Contender]:
        """Members by unit code."""
        return {row.unit.code: row for row in self.members}

    @cached_property
    def one_group(self) -> bool:
        """Whether all were ranked together, so that places can be compared."""
        return len({row.unit.group for row in self.members}) <= 1

    def key(self, row: Contender) -> Key:
        """Smaller is better, after vetoes; equal keys are a tie."""
        if self.one_group:
            return 0.0, float(row.grading.place or row.rank or 0)
        return float(row.grading.last), -(row.rate if self.by_rate else row.total)

    def first_key(self, row: Contender) -> Key:
        """The same before vetoes."""
        if self.one_group:
            return 0.0, float(row.rank or 0)
        return 0.0, -(row.rate if self.by_rate else row.total)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know about the comparison."""
        waiting = [row.unit.name for row in self.members if row.rank is None]
        return (f"{self.name}有暂定单位({named(waiting)}),结果可能改变",) if waiting else ()


def pools(rule: OutcomeRule, contenders: Sequence[Contender], by_rate: bool) -> Iterable[Pool]:
    """The sets a rule compares in, none of them empty.

    Without a scope these are all units (no persons). ``together`` makes one set of the whole scope; apart,
    each class and group named is a set, units named by code are one, and without a scope each ranking group.
    """
    if not rule.scope:
        units = [row for row in contenders if row.unit.kind == terms.KIND_UNIT]
        groups = (
            [(WHOLE, units)]
            if rule.together
            else [
                (group or WHOLE, [row for row in units if row.unit.group == group])
                for group in dict.fromkeys(row.unit.group for row in units)
            ]
        )
    elif rule.together:
        groups = [("、".join(rule.scope), [row for row in contenders if _in(row.unit, rule.scope)])]
    else:
        codes = {row.unit.code for row in contenders}
        sets = [(token,) for token in rule.scope if token not in codes]
        single = tuple(token for token in rule.scope if token in codes)
        groups = [
            (named(_called(tokens, contenders)), [row for row in contenders if _in(row.unit, tokens)])
            for tokens in (*sets, single)
        ]
    yield from (Pool(name, tuple(rows), by_rate) for name, rows in groups if rows)


def _in(unit: Unit, tokens: Iterable[str]) -> bool:
    return not {unit.code, unit.unit_class, unit.group, unit.kind}.isdisjoint(tokens)


def _called(tokens: Sequence[str], contenders: Sequence[Contender]) -> list[str]:
    """Classes and groups as they are, units by name."""
    names = {row.unit.code: row.unit.name for row in contenders}
    return [names.get(token, token) for token in tokens]
