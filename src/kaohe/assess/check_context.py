"""What the checks of a scheme look at: rows in force, compiled methods, and who is assessed by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kaohe import terms
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import MethodBook
from kaohe.model import Indicator, Period, Scheme, Unit
from kaohe.values.rounding import round_half_away


@dataclass(frozen=True)
class Context:
    """Every version of the scheme, the rows in force at the period's end, and methods compiled once."""

    whole: Scheme
    scheme: Scheme
    period: Period
    methods: MethodBook
    lookup: Lookup

    @cached_property
    def counted(self) -> tuple[Indicator, ...]:
        """Indicators in force that are no components: they count with their own weight."""
        return tuple(row for row in self.scheme.indicators if not self.scheme.is_component(row))

    @cached_property
    def profiles(self) -> tuple[tuple[Unit, ...], ...]:
        """Units and persons that the same indicators apply to, whatever these are.

        Those no 适用 names by code differ only by kind, class and group.
        """
        named = {token for row in self.scheme.indicators for token in row.applies_to}
        found: dict[tuple[str, ...], list[Unit]] = {}
        for unit in self.scheme.units:
            own = unit.code if unit.code in named else ""
            found.setdefault((own, unit.kind, unit.unit_class, unit.group), []).append(unit)
        return tuple(tuple(units) for units in found.values())

    def takers(self, row: Indicator) -> tuple[Unit, ...]:
        """The units and persons an indicator applies to."""
        return self._takers[row.applies_to]

    @cached_property
    def _takers(self) -> Mapping[tuple[str, ...], tuple[Unit, ...]]:
        by_scope = {row.applies_to: row for row in self.scheme.indicators}
        return {
            scope: tuple(unit for units in self.profiles if row.applies(units[0]) for unit in units)
            for scope, row in by_scope.items()
        }

    def sets(self, rows: Sequence[Indicator]) -> list[tuple[tuple[Indicator, ...], tuple[Unit, ...]]]:
        """Which of ``rows`` apply together, and to whom: one entry for each different set.

        Without any unit yet, all rows that somebody could be assessed by are one set of nobody's.
        """
        if not self.profiles:
            return [(tuple(row for row in rows if terms.NOBODY not in row.applies_to), ())]
        found: dict[tuple[str, ...], tuple[tuple[Indicator, ...], list[Unit]]] = {}
        for units in self.profiles:
            applying = tuple(row for row in rows if row.applies(units[0]))
            key = tuple(row.code for row in applying)
            found.setdefault(key, (applying, []))[1].extend(units)
        return [(applying, tuple(units)) for applying, units in found.values()]

    def whom(self, units: Sequence[Unit]) -> str:
        """Of whom a finding speaks: '' when it is everybody, else one by name and how many there are."""
        if not units or len(units) == len(self.scheme.units):
            return ""
        return f"“{units[0].name}”" + (f"等 {len(units)} 个" if len(units) > 1 else "")


def exact_sum(weights: Iterable[float]) -> float:
    """A sum of weights without what doubles add."""
    return float(round_half_away(sum(weights), 6))
