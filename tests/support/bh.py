"""The example BH as pure values: scheme tables and the clerks' entries, assessed without a file."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Mapping, Sequence
from importlib.resources import files

from kaohe import terms
from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.load import load_scheme
from kaohe.assess.returns import take_in
from kaohe.findings import Finding
from kaohe.jobs.schemes import scheme_tables
from kaohe.model import Identity, Indicator, Period, Return, ReturnedRow, Scheme
from kaohe.periods import parse_period
from tests.support.returns import FIRST_ROW, SHEET, number_of, registered, typed_cell

H1 = parse_period("2007-H1")
JULY = parse_period("2007-07")
YEAR = parse_period("2007")
BINHU = "U05"

Entries = dict[tuple[str, str], dict[str, str]]
"""(unit, indicator) → column title → what was typed."""


@functools.cache
def scheme() -> Scheme:
    """BH with all versions of all rows."""
    return loaded()[0]


@functools.cache
def loaded() -> tuple[Scheme, tuple[Finding, ...]]:
    """BH and the findings of reading its tables."""
    return load_scheme(scheme_tables("BH"))


def entries() -> Entries:
    """What the clerks of the example type for 2007-H1."""
    text = (files("kaohe.examples") / "BH" / "填报-2007-H1.csv").read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    return {(row["单位代码"], row["指标代码"]): dict(row) for row in rows}


def changed(*changes: tuple[str, str, str], column: str = "完成值") -> Entries:
    """The entries with (unit, indicator, typed) in the place of what the example types."""
    found = entries()
    for unit, indicator, typed in changes:
        found[unit, indicator] = {**found.get((unit, indicator), {}), column: typed}
    return found


def departments(rows: Sequence[Indicator]) -> list[str]:
    """Responsible departments in the order of their indicators."""
    return list(dict.fromkeys(row.lead_department for row in rows))


def returns(typed: Entries, period: Period = H1) -> list[Return]:
    """The forms as they come back: one a unit, one a department for a unit issued in parts (BH11)."""
    now = scheme().at(period.end)
    found = []
    for unit in now.units:
        split = unit.issue_mode == terms.ISSUE_BY_DEPARTMENT
        for department in departments(now.indicators) if split else [""]:
            rows = [row for row in now.indicators if department in ("", row.lead_department)]
            found.append(returned(unit.code, department, rows, typed, period))
    return found


def returned(
    unit: str, department: str, rows: Sequence[Indicator], typed: Entries, period: Period = H1
) -> Return:
    """One form with what was typed into it."""
    name = f"{unit}{department}.xlsx"
    identity = Identity(
        number_of(unit, department), "BH", scheme().at(period.end).version, unit, department, period.code
    )
    lines = tuple(
        _line(row.code, FIRST_ROW + at, typed.get((unit, row.code), {})) for at, row in enumerate(rows)
    )
    return Return(name, f"sha of {name}", "2007-07-07 09:00:00", SHEET, identity, lines)


def _line(code: str, number: int, cells: Mapping[str, str]) -> ReturnedRow:
    return ReturnedRow(
        code,
        f"K{number}",
        typed_cell(cells.get("完成值", "")),
        status=cells.get("数据状态", ""),
        mark=cells.get("标记", ""),
        reason=cells.get("原因", ""),
        measure=cells.get("措施", ""),
    )


def assessed(typed: Entries, period: Period = H1, forms: Sequence[Return] | None = None) -> Assessment:
    """The period assessed from these entries, or from these forms of them."""
    sent = returns(typed, period) if forms is None else list(forms)
    register = registered(
        scheme(), [(r.identity.unit, r.identity.department) for r in returns(typed, period)], period
    )
    intake = take_in(sent, register, (), scheme().at(period.end), period)
    return assess(scheme(), period, intake, register, loaded()[1])


@functools.cache
def example() -> Assessment:
    """2007-H1 as the example fills it in."""
    return assessed(entries())
