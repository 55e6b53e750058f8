"""A bundled system as pure values: scheme, registers and what everybody types, assessed without a file."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.load import load_scheme
from kaohe.assess.load_ledger import load_ledger
from kaohe.assess.merging import Live
from kaohe.assess.returns import Intake
from kaohe.findings import Finding
from kaohe.jobs.demo import registers
from kaohe.jobs.schemes import scheme_tables
from kaohe.model import Ledger, Record, Scheme
from kaohe.periods import parse_period
from kaohe.tables import Table

Typed = Mapping[tuple[str, str], Mapping[str, str]]
"""(unit, indicator) → column title → what was typed."""
FORM, MARKING_SHEET = "填报", "考评"


class Loaded(NamedTuple):
    """A system as its tables say it, and the findings of reading them."""

    scheme: Scheme
    ledger: Ledger
    findings: tuple[Finding, ...]


@functools.cache
def tables(code: str) -> Mapping[str, Table]:
    """The scheme's tables with the registers of its demo."""
    return {**scheme_tables(code), **registers(code)}


@functools.cache
def loaded(code: str) -> Loaded:
    """Scheme, registers, and what is wrong with a cell."""
    scheme, findings = load_scheme(tables(code))
    return Loaded(scheme, load_ledger(tables(code)), findings)


def scheme_findings(code: str, period: str) -> list[str]:
    """Everything found in the tables, and in the scheme as it stands at the period's end."""
    system = loaded(code)
    found = (*system.findings, *check_scheme(system.scheme, parse_period(period)))
    return [f"{finding.code} {finding.message}" for finding in found]


def rows(code: str, kind: str, period: str) -> list[dict[str, str]]:
    """The rows of 填报-PERIOD.csv or 考评-PERIOD.csv."""
    entry = files("kaohe.examples") / code / f"{kind}-{period}.csv"
    if not entry.is_file():  # nobody assesses
        return []
    text = entry.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@functools.cache
def typed(code: str, kind: str, period: str) -> Typed:
    """What the units (填报) or the assessing departments (考评) type."""
    return {(row["单位代码"], row["指标代码"]): row for row in rows(code, kind, period)}


def changed(found: Typed, *changes: tuple[str, str, str]) -> Typed:
    """The same with (unit, indicator, 完成值) in the place of what is there."""
    return {**found, **{(u, i): {**found.get((u, i), {}), "完成值": value} for u, i, value in changes}}


def play(
    code: str,
    period: str,
    *,
    own: Typed | None = None,
    marks: Typed | None = None,
    alter: Callable[[Loaded], Loaded] = lambda system: system,
) -> Assessment:
    """The period assessed from what the demo types; ``own``, ``marks`` and ``alter`` change something."""
    system = alter(loaded(code))
    scheme = system.scheme.at(parse_period(period).end)
    own_rows = typed(code, FORM, period) if own is None else own
    mark_rows = typed(code, MARKING_SHEET, period) if marks is None else marks
    live = _live(own_rows, scheme, period, "")
    assessed = _live(mark_rows, scheme, period, terms.SOURCE_ASSESSED)
    records = tuple(record for table in (live, assessed) for row in table.values() for record in row.values())
    intake = Intake(records, live, (), (), assessed=assessed)
    return assess(system.scheme, parse_period(period), intake, {}, system.findings, system.ledger)


@functools.cache
def played(code: str, period: str) -> Assessment:
    """The demo as it is bundled."""
    return play(code, period)


def _live(found: Typed, scheme: Scheme, period: str, source: str) -> Live:
    live: dict[str, dict[str, Record]] = {}
    for number, ((unit, indicator), cells) in enumerate(found.items(), start=2):
        text = cells["完成值"]
        live.setdefault(unit, {})[indicator] = Record(
            period=period,
            unit=unit,
            indicator=indicator,
            department=scheme.indicator_by_code[indicator].assessor if source else "",
            version=scheme.version,
            number=f"N-{unit}",
            typed=text,
            value=_number(text),
            status=cells.get("数据状态", ""),
            mark=cells.get("标记", ""),
            reason=cells.get("原因", ""),
            measure=cells.get("措施", ""),
            evidence=cells.get("完成情况", ""),
            workbook=f"{unit}.xlsx",
            sheet=source or "自测表",
            cell=f"K{number}",
            sha256=f"sha of {unit}",
            received="2000-01-01 09:00:00",
            source=source,
        )
    return live


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def listed(assessment: Assessment, rule: str) -> dict[str, list[str]]:
    """What a row of 结果规则 comes to: state → names, in their order."""
    found: dict[str, list[str]] = {}
    for row in assessment.outcomes.rows:
        if row.rule.code == rule:
            found.setdefault(row.state, []).append(row.unit.name)
    return found
