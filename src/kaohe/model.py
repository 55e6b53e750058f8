"""The things kaohe speaks about, as frozen values: scheme, parts, indicators, units, targets, records.

Nothing here opens a file or computes a score. Weights and scores are in points (分), shares are ratios
(0.5 = 50%), percent indicators are in percentage points (43 = 43%).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

from kaohe import terms
from kaohe.settings import RULES


class Location(NamedTuple):
    """Where something stands: any part may be ''."""

    workbook: str = ""
    sheet: str = ""
    cell: str = ""
    unit: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the scheme (部分); ``parent`` is another part's code or ''."""

    code: str
    name: str
    parent: str = ""
    weight: float | None = None
    """Full marks declared for the part; None when nothing is declared."""
    location: Location = Location()


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of 指标. ``parent`` is a part, or an indicator of which this one is a component (BH6)."""

    code: str
    name: str
    parent: str
    unit_of_measure: str = ""
    direction: str = terms.HIGHER_BETTER
    weight: float = 0.0
    method: str = ""
    frequency: str = terms.MONTHLY
    pace: str = terms.PACE_BY_MONTH
    """How the annual target falls due: 按月, 无, 曲线 or N月起 (BH3)."""
    value_source: str = terms.SOURCE_ENTERED
    """填报, or 合成: the value is the sum of the components' scores."""
    lead_department: str = ""
    monitor_department: str = ""
    definition: str = ""
    clause: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    location: Location = Location()

    @property
    def composite(self) -> bool:
        """Whether the value is put together from component indicators."""
        return self.value_source == terms.SOURCE_COMPOSED


@dataclass(frozen=True, slots=True)
class Unit:
    """An assessed unit (被考核单位)."""

    code: str
    name: str
    unit_class: str = ""
    group: str = ""
    issue_mode: str = terms.ISSUE_WHOLE
    liaison: str = ""
    phone: str = ""
    location: Location = Location()


@dataclass(frozen=True, slots=True)
class Target:
    """The annual target of an indicator for a unit (``*``: for every unit without a row of its own)."""

    indicator: str
    unit: str
    value: float | None
    prior: float | None = None
    level: str = ""
    basis: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    location: Location = Location()


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A named number of a method, for an indicator (or ``*``) and a unit, a group or ``*``."""

    indicator: str
    scope: str
    name: str
    value: float
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    location: Location = Location()


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A row of 计分方法 that the office wrote: three formulas and default parameters."""

    name: str
    score: str
    rate: str
    met: str
    parameters: tuple[tuple[str, float | None], ...] = ()
    accepts: str = terms.ACCEPTS_NUMBER
    source: str = ""
    note: str = ""
    location: Location = Location()


@dataclass(frozen=True, slots=True)
class Period:
    """An assessment period: always from 1 January through the end of ``month`` (cumulative figures)."""

    code: str
    year: int
    month: int
    title: str

    @property
    def end(self) -> dt.date:
        """The last day of the period."""
        first_of_next = dt.date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return first_of_next - dt.timedelta(days=1)

    def covers(self, frequency: str) -> bool:
        """Whether figures of that frequency are due at the end of this period (BH2)."""
        return self.month % terms.FREQUENCY_MONTHS[frequency] == 0


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
    as_of: dt.date | None = None
    """The date the rows were picked for; None in a scheme that still holds all versions."""
    setting_locations: Mapping[str, Location] = field(default_factory=dict)

    def at(self, date: dt.date) -> Scheme:
        """The rows in force on ``date``; own 生效起/生效止 of each row, both days included."""
        return replace(
            self,
            indicators=_in_force(self.indicators, date),
            targets=_in_force(self.targets, date),
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
        for rows in (self.parts, self.indicators, self.targets, self.parameters, self.methods):
            for facts in sorted(repr(_facts(row)) for row in rows):
                digest.update(facts.encode())
        return digest.hexdigest()[:10]

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

    def part_of(self, indicator: Indicator) -> Part | None:
        """The part an indicator (or the composite above it) stands in."""
        return self.part_by_code.get(self.head_of(indicator).parent)

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


_NOT_FACTS = frozenset({"location", "valid_from", "valid_to"})


def _facts(row: object) -> tuple[object, ...]:
    """What counts of a row in force; that it is in force is known."""
    return tuple(getattr(row, f.name) for f in fields(row) if f.name not in _NOT_FACTS)  # type: ignore[arg-type]


class ReturnedRow(NamedTuple):
    """One indicator row of a returned form, cell by cell and not yet understood.

    ``value`` is the cell's Python value; ``percent`` whether its format shows percent; ``error`` the text of
    an error value; ``uncached`` a formula saved without its result. ``shown_*`` are what the clerk's copy
    displays and never what is used.
    """

    indicator: str
    cell: str
    value: object
    percent: bool = False
    error: str = ""
    uncached: bool = False
    status: str = ""
    mark: str = ""
    reason: str = ""
    measure: str = ""
    shown_weight: object = None
    shown_target: object = None
    shown_score: object = None
    shown_state: str = ""
    name: str = ""
    unit_of_measure: str = ""


class Identity(NamedTuple):
    """Who a form was issued to: the hidden identity of a unit workbook."""

    number: str = ""
    scheme: str = ""
    version: str = ""
    unit: str = ""
    department: str = ""
    period: str = ""


class Return(NamedTuple):
    """One file of the inbox. ``problem`` is the code and facts of a finding when it could not be read."""

    workbook: str
    sha256: str
    received: str
    sheet: str = ""
    identity: Identity = Identity()
    rows: tuple[ReturnedRow, ...] = ()
    shown_unit: str = ""
    """The unit as it stands on the face of the form, above the signatures."""
    problem: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class IssueRecord(NamedTuple):
    """One row of 下发登记: an issue number and what went out under it."""

    number: str
    period: str
    unit: str
    department: str
    version: str
    workbook: str
    issued: str
    deadline: str = ""


class VersionRow(NamedTuple):
    """One scheme row of an issued version; ``content`` is JSON of the row's values."""

    version: str
    as_of: str
    table: str
    row: int
    content: str


class Record(NamedTuple):
    """One row of 填报数据: one indicator of one unit as handed in, and what it was understood as.

    ``typed`` is the text exactly as typed (BH10); ``value`` the number it was read as (None: not a number).
    ``superseded`` names the return that replaced it; '' while it counts.
    """

    period: str
    unit: str
    indicator: str
    department: str
    version: str
    number: str
    typed: str
    value: float | None
    status: str = ""
    mark: str = ""
    reason: str = ""
    measure: str = ""
    shown_weight: float | None = None
    shown_target: float | None = None
    shown_score: float | None = None
    workbook: str = ""
    sheet: str = ""
    cell: str = ""
    sha256: str = ""
    received: str = ""
    superseded: str = ""

    @property
    def location(self) -> Location:
        """The cell in the returned workbook."""
        return Location(self.workbook, self.sheet, self.cell, self.unit, self.indicator)
