"""What the office decided for a period: numbers and states set by 人工调整 and 申诉 (Y7, Y9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.load_cells import exact, read_date
from kaohe.findings import Finding
from kaohe.model import Adjustment, Appeal, Ledger, Location, Period, Scheme

Key = tuple[str, str]
"""(unit code, indicator code); the indicator is '' where the whole unit is meant."""
ADJUSTMENT, APPEAL = "人工调整", "申诉"


class Decided(NamedTuple):
    """A number set by decision: what, by whom, when, on what basis, and where it stands."""

    register: str
    item: str
    number: float
    text: str
    person: str
    date: str
    basis: str
    location: Location


@dataclass(frozen=True)
class Decisions:
    """Decisions of one period. ``values`` are read with the indicator's unit of measure elsewhere."""

    values: Mapping[Key, tuple[Adjustment | Appeal, ...]] = field(default_factory=dict)
    """完成值 that were set, the one that counts first."""
    scores: Mapping[Key, Decided] = field(default_factory=dict)
    totals: Mapping[str, Decided] = field(default_factory=dict)
    grades: Mapping[str, Adjustment] = field(default_factory=dict)
    absent: Mapping[Key, Adjustment] = field(default_factory=dict)
    """不适用."""
    zero: Mapping[Key, Adjustment] = field(default_factory=dict)
    """按0分."""
    extended: Mapping[Key, Adjustment] = field(default_factory=dict)
    """延期."""
    findings: tuple[Finding, ...] = ()

    def counts_as_zero(self, unit: str, indicator: str) -> bool:
        """Whether a missing value of the unit counts as 0 points by a recorded decision."""
        return (unit, indicator) in self.zero or (unit, "") in self.zero

    def waits(self, unit: str, indicator: str) -> bool:
        """Whether the unit was given more time for the value."""
        return (unit, indicator) in self.extended or (unit, "") in self.extended


class _Builder:
    """Collects rows in the order of the registers: a later row replaces an earlier one and says so."""

    def __init__(self) -> None:
        self.values: dict[Key, tuple[Adjustment | Appeal, ...]] = {}
        self.scores: dict[Key, Decided] = {}
        self.totals: dict[str, Decided] = {}
        self.grades: dict[str, Adjustment] = {}
        self.states: dict[str, dict[Key, Adjustment]] = {
            item: {} for item in (terms.ADJUST_NOT_APPLICABLE, terms.ADJUST_ZERO, terms.ADJUST_EXTENDED)
        }
        self.findings: list[Finding] = []
        self._seen: dict[tuple[str, str, str, str], Location] = {}

    def appeal(self, row: Appeal) -> None:
        if row.state != terms.APPEAL_UPHELD:
            return
        if not row.item:
            self._unused(row, "状态为变更,没有写变更项目")
            return
        if not row.indicator:
            self._wrong(row, "没有写指标代码")
            return
        self._once(APPEAL, row.unit, row.indicator, row.item, row.location)
        key = (row.unit, row.indicator)
        if row.item == terms.ADJUST_VALUE:
            self._value(row, key)
        elif decided := self._number(APPEAL, row, row.answered):
            self.scores[key] = decided

    def adjustment(self, row: Adjustment) -> None:
        self._once(ADJUSTMENT, row.unit, row.indicator, row.item, row.location)
        key = (row.unit, row.indicator)
        if row.item in self.states:
            self._state(row, key)
        elif row.item == terms.ADJUST_GRADE:
            self.grades[row.unit] = row
        elif row.item == terms.ADJUST_TOTAL:
            if decided := self._number(ADJUSTMENT, row, row.date):
                self.totals[row.unit] = decided
        elif not row.indicator:
            self._wrong(row, "没有写指标代码")
        elif row.item == terms.ADJUST_VALUE:
            self._value(row, key)
        elif row.item == terms.ADJUST_SCORE and (decided := self._number(ADJUSTMENT, row, row.date)):
            self.scores[key] = decided

    def _value(self, row: Adjustment | Appeal, key: Key) -> None:
        if row.value.strip():
            self.values[key] = (row, *self.values.get(key, ()))
        else:
            self._wrong(row, "没有写完成值")

    def _unused(self, row: Appeal, reason: str) -> None:
        """D07 a decision that sets nothing."""
        place = row.location._replace(unit=row.unit, indicator=row.indicator)
        what = " ".join(filter(None, (row.unit, row.indicator)))
        self.findings.append(Finding("D07", place, {"register": APPEAL, "what": what, "reason": reason}))

    def _state(self, row: Adjustment, key: Key) -> None:
        if row.item == terms.ADJUST_NOT_APPLICABLE and not row.indicator:
            self._wrong(row, "不适用须写明指标代码")
            return
        if row.item == terms.ADJUST_EXTENDED and read_date(row.value) is None:
            self._wrong(row, "延期须写明到哪一天,如 2017-01-20")
            return
        self.states[row.item][key] = row

    def _number(self, register: str, row: Adjustment | Appeal, date: str) -> Decided | None:
        number = exact(row.value, percent_points=False) if row.value else None
        if number is None:
            self._wrong(row, "应为准确的数字")
            return None
        return Decided(register, row.item, number, row.value, row.person, date, row.basis, row.location)

    def _wrong(self, row: Adjustment | Appeal, reason: str) -> None:
        place = row.location._replace(unit=row.unit, indicator=row.indicator)
        register = ADJUSTMENT if isinstance(row, Adjustment) else APPEAL
        facts = {"register": register, "item": row.item, "typed": row.value, "reason": reason}
        self.findings.append(Finding("D01", place, facts))

    def _once(self, register: str, unit: str, indicator: str, item: str, place: Location) -> None:
        """D02 two decisions about the same thing: the later row counts."""
        key = (register, unit, indicator, item)
        if key in self._seen:
            facts = {"register": register, "item": item, "other": self._seen[key].cell}
            self.findings.append(Finding("D02", place._replace(unit=unit, indicator=indicator), facts))
        self._seen[key] = place


def decisions(ledger: Ledger, period: Period) -> Decisions:
    """The decisions recorded for the period; adjustments go before appeals (design: precedence)."""
    built = _Builder()
    for appeal in ledger.appeals:
        if appeal.period == period.code:
            built.appeal(appeal)
    for row in ledger.adjustments:
        if row.period == period.code:
            built.adjustment(row)
    return Decisions(
        values=built.values,
        scores=built.scores,
        totals=built.totals,
        grades=built.grades,
        absent=built.states[terms.ADJUST_NOT_APPLICABLE],
        zero=built.states[terms.ADJUST_ZERO],
        extended=built.states[terms.ADJUST_EXTENDED],
        findings=tuple(built.findings),
    )


def decision_notes(taken: Decisions, scheme: Scheme) -> Iterable[Finding]:
    """D03–D05: what was decided about missing and not applicable values is said in every run."""
    for code, rows in (("D03", taken.absent), ("D04", taken.zero), ("D05", taken.extended)):
        for (unit, indicator), row in rows.items():
            known = scheme.indicator_by_code.get(indicator)
            facts = {
                "name": f"《{known.name}》" if known else "全部缺报指标",
                "basis": row.basis,
                "until": row.value,
                "way": scheme.settings["不适用指标"],
            }
            yield Finding(code, row.location._replace(unit=unit, indicator=indicator), facts)


def due_date(taken: Decisions, unit: str, indicator: str = "") -> dt.date | None:
    """Until when the unit was given more time."""
    row = taken.extended.get((unit, indicator)) or taken.extended.get((unit, ""))
    return read_date(row.value) if row else None
