"""A whole scheme: all its rows, those in force on a day, and how they hang together."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TypeVar

from kaohe import terms
from kaohe.model.grading import CrossCheck, Grade, OutcomeRule, VetoEvent, VoterGroup
from kaohe.model.place import Location
from kaohe.model.rows import Indicator, MethodRow, ParameterValue, Part, Period, Target, Unit
from kaohe.settings import RULES


@dataclass(frozen=True)
class Scheme:
    """A whole scheme: every version of every row. ``at`` is the only way to the rows in force."""

    settings: Mapping[str, str | float]
    parts: tuple[Part, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    units: tuple[Unit, ...] = ()
    targets: tuple[Target, ...] = ()
    parameters: tuple[ParameterValue, ...] = ()
    methods: tuple[MethodRow, ...] = ()
    grades: tuple[Grade, ...] = ()
    veto_events: tuple[VetoEvent, ...] = ()
    outcome_rules: tuple[OutcomeRule, ...] = ()
    voters: tuple[VoterGroup, ...] = ()
    crosschecks: tuple[CrossCheck, ...] = ()
    as_of: dt.date | None = None
    """The date the rows were picked for; None in a scheme that still holds all versions."""
    setting_locations: Mapping[str, Location] = field(default_factory=dict)

    def at(self, date: dt.date) -> Scheme:
        """The rows in force on ``date``; own 生效起/生效止 of each row, both days included."""
        targets = _in_force(self.targets, date)
        return replace(
            self,
            indicators=_tilted(_in_force(self.indicators, date), targets, self.settings),
            targets=targets,
            parameters=_in_force(self.parameters, date),
            as_of=date,
        )

    @cached_property
    def version(self) -> str:
        """Ten hex digits that change whenever something a score depends on changes.

        Settings that only name things, units and their telephone numbers, and locations do not count.
        """
        digest = hashlib.sha256()
        rules = {name: value for name, value in self.settings.items() if name in RULES}
        digest.update(repr(sorted(rules.items())).encode())
        for title, rows in self.tables:
            digest.update(title.encode())
            for facts in sorted(repr(_facts(row)) for row in rows):
                digest.update(facts.encode())
        return digest.hexdigest()[:10]

    @property
    def tables(self) -> tuple[tuple[str, Sequence[object]], ...]:
        """(sheet title, rows) of everything a score or an outcome depends on, besides settings and units."""
        return (
            ("部分", self.parts),
            ("指标", self.indicators),
            ("目标", self.targets),
            ("参数", self.parameters),
            ("计分方法", self.methods),
            ("等次", self.grades),
            ("否决事项", self.veto_events),
            ("结果规则", self.outcome_rules),
            ("票种", self.voters),
            ("勾稽", self.crosschecks),
        )

    @cached_property
    def indicator_by_code(self) -> dict[str, Indicator]:
        """Indicators in force by code (the first row wins when a code stands twice)."""
        return {row.code: row for row in reversed(self.indicators)}

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """Units by code."""
        return {row.code: row for row in reversed(self.units)}

    @cached_property
    def part_by_code(self) -> dict[str, Part]:
        """Parts by code."""
        return {row.code: row for row in reversed(self.parts)}

    @cached_property
    def components(self) -> dict[str, tuple[Indicator, ...]]:
        """Component indicators by the code of their composite indicator."""
        found: dict[str, list[Indicator]] = {}
        for row in self.indicators:
            if row.parent in self.indicator_by_code:
                found.setdefault(row.parent, []).append(row)
        return {code: tuple(rows) for code, rows in found.items()}

    def below(self, indicator: Indicator) -> Iterator[Indicator]:
        """Components of an indicator and theirs, each right beneath its own head; a circle ends."""
        seen = {indicator.code}

        def walk(code: str) -> Iterator[Indicator]:
            for row in self.components.get(code, ()):
                if row.code not in seen:
                    seen.add(row.code)
                    yield row
                    yield from walk(row.code)

        return walk(indicator.code)

    def is_component(self, indicator: Indicator) -> bool:
        """Whether the indicator counts only inside another indicator's value."""
        return indicator.parent in self.indicator_by_code

    def only_checked(self, indicator: Indicator) -> bool:
        """Whether the indicator has no weight of its own: its figure is checked, nothing depends on it."""
        return not indicator.weight and not self.is_component(indicator)

    def part_of(self, indicator: Indicator) -> Part | None:
        """The part an indicator (or the composite above it) stands in."""
        return self.part_by_code.get(self.head_of(indicator).parent)

    def top_part_of(self, indicator: Indicator) -> Part | None:
        """The part of the first level an indicator stands below: the one that is shown with a score."""
        part = self.part_of(indicator)
        seen: set[str] = set()
        while part is not None and part.parent in self.part_by_code and part.code not in seen:
            seen.add(part.code)
            part = self.part_by_code[part.parent]
        return part

    def kind_of(self, indicator: Indicator) -> str:
        """计分, 加分 or 扣分: the kind of the part of the first level."""
        part = self.top_part_of(indicator)
        return part.kind if part else terms.PART_SCORED

    def measured(self, indicator: Indicator, period: Period) -> bool:
        """Whether the indicator is scored in the period (BH2): a component follows its composite."""
        return period.covers(self.head_of(indicator).frequency)

    def head_of(self, indicator: Indicator) -> Indicator:
        """The composite an indicator is (at last) a component of; itself when it is none.

        Parents in a circle are a finding (S06); here they only must not go on for ever.
        """
        seen: set[str] = set()
        while self.is_component(indicator) and indicator.code not in seen:
            seen.add(indicator.code)
            indicator = self.indicator_by_code[indicator.parent]
        return indicator


_Dated = TypeVar("_Dated", Indicator, Target, ParameterValue)


def _in_force(rows: Iterable[_Dated], date: dt.date) -> tuple[_Dated, ...]:
    return tuple(
        row
        for row in rows
        if (row.valid_from is None or row.valid_from <= date)
        and (row.valid_to is None or date <= row.valid_to)
    )


def _tilted(
    rows: tuple[Indicator, ...], targets: Iterable[Target], settings: Mapping[str, str | float]
) -> tuple[Indicator, ...]:
    """Weights of indicators with a target of the province, times the declared multiplier (XT3)."""
    factor = float(settings.get("省级权重倍数", 1.0))
    if factor == 1.0:
        return rows
    provincial = {row.indicator for row in targets if row.level == terms.LEVEL_PROVINCE}
    return tuple(
        replace(row, weight=_rounded(row.weight * factor), base_weight=row.weight)
        if row.code in provincial and row.base_weight is None
        else row
        for row in rows
    )


def _rounded(weight: float) -> float:
    """A weight without what doubles add (1.1 × 3)."""
    return float(f"{weight:.12g}")


_NOT_FACTS = frozenset({"location", "valid_from", "valid_to"})


def _facts(row: object) -> tuple[object, ...]:
    """What counts of a row in force; that it is in force is known."""
    return tuple(getattr(row, f.name) for f in fields(row) if f.name not in _NOT_FACTS)  # type: ignore[arg-type]
