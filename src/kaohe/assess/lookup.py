"""Targets and parameters of the rows in force, looked up the way the office reads them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from kaohe import terms
from kaohe.assess.references import LEVELS
from kaohe.findings import Finding
from kaohe.model import Scheme, Target, Unit

_Rows = Mapping[str, tuple[Target, ...]]
"""Unit code or ``*`` → its rows, one per level, from above."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Index over a scheme's targets and parameters; a unit's own row goes before its group's, then ``*``."""

    targets: Mapping[str, Mapping[str, Target]]
    """Indicator → unit or ``*`` → the target adopted (XT2)."""
    parameters: Mapping[tuple[str, str], Mapping[str, float]]
    """(indicator or ``*``, parameter name) → unit, group or ``*`` → value."""
    all_targets: Mapping[str, _Rows] = field(default_factory=dict)
    """Indicator → unit or ``*`` → the rows of all levels that hold for it."""

    @classmethod
    def of(cls, scheme: Scheme) -> Lookup:
        """Index a scheme that ``Scheme.at`` has resolved."""
        rows: dict[str, list[Target]] = {}
        for row in scheme.targets:
            rows.setdefault(row.indicator, []).append(row)
        levels = {code: _by_unit(found) for code, found in rows.items()}
        adopted_rows = {
            code: {unit: adopted(found, _direction(scheme, code)) for unit, found in units.items()}
            for code, units in levels.items()
        }
        parameters: dict[tuple[str, str], dict[str, float]] = {}
        for value in scheme.parameters:
            parameters.setdefault((value.indicator, value.name), {}).setdefault(value.scope, value.value)
        return cls(adopted_rows, parameters, levels)

    def target(self, indicator: str, unit: str) -> Target | None:
        """The adopted target: the unit's own or everybody's, of two levels the stricter (XT2).

        A prior value that the adopted row lacks is the other level's.
        """
        rows = self.targets.get(indicator, {})
        return rows.get(unit) or rows.get(terms.EVERYONE)

    def targets_of(self, indicator: str, unit: str) -> tuple[Target, ...]:
        """The rows of every level that hold for the unit, from above; empty when there is none."""
        rows = self.all_targets.get(indicator, {})
        return rows.get(unit) or rows.get(terms.EVERYONE) or ()

    def parameter(self, indicator: str, name: str, unit: Unit | None = None) -> float | None:
        """The value for the indicator before that for ``*``, the unit before the group before ``*``."""
        for code in (indicator, terms.EVERYONE):
            scopes = self.parameters.get((code, name), {})
            for scope in (unit.code, unit.group, terms.EVERYONE) if unit else (terms.EVERYONE,):
                if scope in scopes:
                    return scopes[scope]
        return None

    def varies(self, indicator: str, name: str) -> bool:
        """Whether the parameter differs between units or groups."""
        return any(
            scope != terms.EVERYONE
            for code in (indicator, terms.EVERYONE)
            for scope in self.parameters.get((code, name), {})
        )


def adopted(rows: Collection[Target], direction: str) -> Target:
    """就高不就低: of the levels' targets (from above, at least one) the one that binds (XT2).

    正向: the largest; 逆向 and 控制性: the smallest; 适度, where neither is stricter, and equal ones: that of
    the level above. A row without a value binds only when no row has one.
    """
    given = [row for row in rows if row.value is not None]
    if not given:
        return next(iter(rows))
    chosen = given[0]
    for row in given[1:]:
        if _stricter(row.value or 0.0, chosen.value or 0.0, direction):
            chosen = row
    if chosen.prior is None:
        prior = next((row.prior for row in rows if row.prior is not None), None)
        chosen = chosen if prior is None else replace(chosen, prior=prior)
    return chosen


def _stricter(value: float, other: float, direction: str) -> bool:
    if direction == terms.TARGET_RANGE:
        return False
    return value > other if direction == terms.HIGHER_BETTER else value < other


def _direction(scheme: Scheme, code: str) -> str:
    indicator = scheme.indicator_by_code.get(code)
    return indicator.direction if indicator else terms.HIGHER_BETTER


def _by_unit(rows: Iterable[Target]) -> _Rows:
    """Per level a unit's own row, else everybody's; units without a row of their own stand under ``*``."""
    levels: dict[str, dict[str, Target]] = {}
    for row in rows:
        levels.setdefault(row.level, {}).setdefault(row.unit, row)
    ranked = [levels[level] for level in sorted(levels, key=level_rank)]
    units = dict.fromkeys(unit for level in ranked for unit in level)
    found = {}
    for unit in units:
        mine = (level.get(unit) or level.get(terms.EVERYONE) for level in ranked)
        found[unit] = tuple(row for row in mine if row is not None)
    return found


def level_rank(level: str) -> int:
    """0 for the highest level; what is not named stands below all that are."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def check_levels(scheme: Scheme) -> Iterable[Finding]:
    """S30 an indicator with targets of several levels, one of which says no level that is known."""
    levels: dict[str, set[str]] = {}
    for row in scheme.targets:
        levels.setdefault(row.indicator, set()).add(row.level)
    for row in scheme.targets:
        if len(levels[row.indicator]) > 1 and row.level not in LEVELS:
            facts = {"code": row.indicator, "typed": row.level, "known": "、".join(LEVELS)}
            yield Finding("S30", row.location, facts)
