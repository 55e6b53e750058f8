"""Which indicators a unit or person is assessed by: 适用 of the indicator and of the composites above it."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.model import Indicator, Scheme, Unit


class Applicable:
    """The indicators in force by unit; units that 适用 cannot tell apart are looked up once."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._named = {word for row in scheme.indicators for word in row.applies_to}
        self._found: dict[tuple[str, str, str, str], tuple[Indicator, ...]] = {}

    def of(self, unit: Unit) -> tuple[Indicator, ...]:
        """The unit's indicators in the scheme's order."""
        own = unit.code if unit.code in self._named else ""
        key = (unit.kind, unit.unit_class, unit.group, own)
        if key not in self._found:
            rows = self._scheme.indicators
            self._found[key] = tuple(row for row in rows if self._assessed_by(row, unit))
        return self._found[key]

    def units_of(self, indicator: Indicator) -> tuple[Unit, ...]:
        """Whom the indicator assesses, in the scheme's order."""
        return tuple(unit for unit in self._scheme.units if self._assessed_by(indicator, unit))

    def _assessed_by(self, indicator: Indicator, unit: Unit) -> bool:
        return all(row.applies(unit) for row in self._up(indicator))

    def _up(self, indicator: Indicator) -> Sequence[Indicator]:
        """The indicator and the composites above it; parents in a circle (S06) end it."""
        by_code = self._scheme.indicator_by_code
        found: dict[str, Indicator] = {}
        row: Indicator | None = indicator
        while row is not None and row.code not in found:
            found[row.code] = row
            row = by_code.get(row.parent)
        return tuple(found.values())


def filled_in(rows: Sequence[Indicator]) -> bool:
    """Whether any of a unit's indicators is one it types itself: without one it gets no form."""
    return any(row.entered for row in rows)
