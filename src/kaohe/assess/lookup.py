"""Targets and parameters of the rows in force, looked up the way the office reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kaohe import terms
from kaohe.model import Scheme, Target, Unit


@dataclass(frozen=True, slots=True)
class Lookup:
    """Index over a scheme's targets and parameters; a unit's own row goes before its group's, then ``*``."""

    targets: Mapping[str, Mapping[str, Target]]
    parameters: Mapping[tuple[str, str], Mapping[str, float]]
    """(indicator or ``*``, parameter name) → unit, group or ``*`` → value."""

    @classmethod
    def of(cls, scheme: Scheme) -> Lookup:
        """Index a scheme that ``Scheme.at`` has resolved."""
        targets: dict[str, dict[str, Target]] = {}
        for row in scheme.targets:
            targets.setdefault(row.indicator, {}).setdefault(row.unit, row)
        parameters: dict[tuple[str, str], dict[str, float]] = {}
        for value in scheme.parameters:
            parameters.setdefault((value.indicator, value.name), {}).setdefault(value.scope, value.value)
        return cls(targets, parameters)

    def target(self, indicator: str, unit: str) -> Target | None:
        """The unit's own target, else the one for everybody."""
        rows = self.targets.get(indicator, {})
        return rows.get(unit) or rows.get(terms.EVERYONE)

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
