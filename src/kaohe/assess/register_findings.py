"""Rows of the office's registers that do not do what somebody may think they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from kaohe.assess.applicable import Applicable
from kaohe.assess.decisions import Decisions
from kaohe.assess.scoring import Scores
from kaohe.assess.standing import Standing
from kaohe.findings import Finding
from kaohe.model import Ledger, Location, Period, Scheme, Verdict
from kaohe.periods import PeriodError, parse_period


class Dated(Protocol):
    """A row of a register that counts in one period."""

    @property
    def period(self) -> str: ...
    @property
    def location(self) -> Location: ...


def register_findings(scheme: Scheme, period: Period, ledger: Ledger) -> Iterable[Finding]:
    """D07 and D02 of 核定; D10 rows of the same year that belong to another period."""
    yield from _verdicts(scheme, period, [row for row in ledger.verdicts if row.period == period.code])
    registers: tuple[tuple[str, Sequence[Dated]], ...] = (
        ("核定", ledger.verdicts),
        ("人工调整", ledger.adjustments),
        ("加减分", ledger.bonuses),
        ("申诉", ledger.appeals),
    )
    for title, rows in registers:
        yield from _other_periods(title, rows, period)


def _verdicts(scheme: Scheme, period: Period, rows: Sequence[Verdict]) -> Iterator[Finding]:
    """D07 a 核定 of something the unit is not assessed by, D02 two of the same level."""
    applicable = Applicable(scheme)
    seen: dict[tuple[str, str, str], Location] = {}
    for row in rows:
        unit, indicator = scheme.unit_by_code.get(row.unit), scheme.indicator_by_code.get(row.indicator)
        if unit is None or indicator is None:
            continue  # S10 says so
        place = row.location._replace(unit=row.unit, indicator=row.indicator)
        applies = any(mine.code == row.indicator for mine in applicable.of(unit))
        if not applies or not scheme.measured(indicator, period):
            reason = "本期不考核该指标" if applies else "该指标不考核这个单位"
            facts = {"register": "核定", "what": f"{row.unit} {row.indicator}", "reason": reason}
            yield Finding("D07", place, facts)
        key = (row.unit, row.indicator, row.level)
        if key in seen:
            facts = {"register": "核定", "item": f"《{indicator.name}》", "other": seen[key].cell}
            yield Finding("D02", place, facts)
        seen[key] = row.location


def _other_periods(title: str, rows: Iterable[Dated], period: Period) -> Iterator[Finding]:
    """D10 once per register: rows of an earlier part of the year do not count in this period."""
    codes: Counter[str] = Counter()
    first: dict[str, Location] = {}
    for row in rows:
        try:
            given = parse_period(row.period)
        except PeriodError:
            continue
        if given.code != period.code and given.year == period.year and given.month <= period.month:
            codes[given.code] += 1
            first.setdefault(given.code, row.location)
    for code, count in codes.items():
        facts = {"register": title, "count": count, "other": code, "period": period.code}
        yield Finding("D10", first[code]._replace(unit="", indicator=""), facts)


def decided_ranges(scores: Scores, ranked: Iterable[Standing], taken: Decisions) -> Iterator[Finding]:
    """D11 a score or a total set by decision that no formula could come to."""
    index = {unit.code: at for at, unit in enumerate(scores.units)}
    for (unit, code), decided in taken.scores.items():
        result = scores.results.get(code)
        if result is None or unit not in index:
            continue
        most = float(result.weight[index[unit]])
        if not 0 <= decided.number <= most:
            facts = {"name": f"《{result.indicator.name}》得分", "number": decided.text, "most": f"{most:g}"}
            yield Finding("D11", decided.location._replace(unit=unit, indicator=code), facts)
    for row in ranked:
        total = taken.totals.get(row.unit.code)
        most = row.measured_weight + row.bonus
        if total is not None and not 0 <= total.number <= most:
            facts = {"name": "总分", "number": total.text, "most": f"{most:g}"}
            yield Finding("D11", total.location._replace(unit=row.unit.code), facts)
