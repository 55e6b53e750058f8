"""Rows of the scheme as frozen values: parts, indicators, units, targets, parameters, methods, periods."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kaohe import terms
from kaohe.model.place import NOWHERE, Location


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the scheme (部分); ``parent`` is another part's code or ''."""

    code: str
    name: str
    parent: str = ""
    weight: float | None = None
    """Full marks declared for the part; None when nothing is declared. The cap of a 加分 or 扣分 part."""
    kind: str = terms.PART_SCORED
    """计分, or 加分 / 扣分: on top of the total or off it, outside the weights that add up."""
    location: Location = NOWHERE


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
    """Where the value comes from: one of ``terms.SOURCES``."""
    value_from: str = ""
    """引用: the code of the indicator whose value it is."""
    applies_to: tuple[str, ...] = ()
    """Kinds, classes, groups or codes of those it is assessed of; empty: all units (not persons)."""
    assessor: str = ""
    """考评部门: gives the value of a 考评 indicator, or checks the unit's own."""
    cutoff_month: int | None = None
    """数据截至: the figures end in this month, not in the period's (GN7)."""
    lead_department: str = ""
    monitor_department: str = ""
    definition: str = ""
    requirement: str = ""
    """进度要求 (XN1)."""
    leader: str = ""
    """责任领导."""
    time_limit: str = ""
    """时限, as typed."""
    clause: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    base_weight: float | None = None
    """The weight as declared, where targets of the province tilted it (XT3)."""
    location: Location = NOWHERE

    @property
    def composite(self) -> bool:
        """Whether the value is put together from component indicators."""
        return self.value_source in (terms.SOURCE_COMPOSED, terms.SOURCE_BEST)

    @property
    def entered(self) -> bool:
        """Whether the unit itself types the value into its form."""
        return self.value_source == terms.SOURCE_ENTERED

    def applies(self, unit: Unit) -> bool:
        """Whether the unit (or person) is assessed by it."""
        if not self.applies_to:
            return unit.kind == terms.KIND_UNIT
        return not {unit.code, unit.unit_class, unit.group, unit.kind}.isdisjoint(self.applies_to)


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
    leader: str = ""
    """分管领导."""
    partner: str = ""
    """对标地区 (WXD4)."""
    kind: str = terms.KIND_UNIT
    belongs_to: str = ""
    """A person's unit (XN2)."""
    position: str = ""
    location: Location = NOWHERE


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
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A named number of a method, for an indicator (or ``*``) and a unit, a group or ``*``."""

    indicator: str
    scope: str
    name: str
    value: float
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A row of 计分方法 that the office wrote: its formulas and default parameters."""

    name: str
    score: str
    rate: str
    met: str
    parameters: tuple[tuple[str, float | None], ...] = ()
    accepts: str = terms.ACCEPTS_NUMBER
    source: str = ""
    note: str = ""
    measure: str = ""
    """度量: what a method that compares units compares; '' for 完成值."""
    location: Location = NOWHERE


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
