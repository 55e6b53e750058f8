"""Returned forms drawn as tables in a test, and what was issued: pure values, no files.

returned = form("U1", "指标|完成值|原因\nX1|90|设备检修\nX2|95|")

A cell of 完成值 that spells a number is a number cell; ``'90`` is the text 90; blank is blank;
``!#DIV/0!`` is an error value, ``=`` a formula that was saved without its result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.returns import take_in
from kaohe.findings import Finding
from kaohe.model import Identity, IssueRecord, Period, Record, Return, ReturnedRow, Scheme
from kaohe.periods import parse_period
from tests.support.schemes import lines

H1 = parse_period("2007-H1")
FIRST_ROW = 7
SHEET = "自测表"


def number_of(unit: str, department: str = "") -> str:
    """The issue number of a drawn form."""
    return f"N-{unit}{'-' + department if department else ''}"


def form(
    unit: str,
    text: str,
    *,
    scheme: Scheme,
    department: str = "",
    workbook: str = "",
    received: str = "2007-07-05 09:00:00",
    sha256: str = "",
    period: str = "2007-H1",
) -> Return:
    """One returned form, its first row in K7; ``sha256`` '' stands for bytes nobody else sent."""
    head, *rows = lines(text)
    name = workbook or f"{unit}{department}.xlsx"
    identity = Identity(
        number=number_of(unit, department),
        scheme="T",
        version=scheme.at(parse_period(period).end).version,
        unit=unit,
        department=department,
        period=period,
    )
    drawn = tuple(_row(dict(zip(head, row, strict=False)), FIRST_ROW + at) for at, row in enumerate(rows))
    return Return(name, sha256 or f"sha of {name} {received}", received, SHEET, identity, drawn)


def _row(cells: Mapping[str, str], number: int) -> ReturnedRow:
    typed = cells.get("完成值", "")
    odd = typed.startswith(("!", "="))
    return ReturnedRow(
        cells["指标"],
        f"K{number}",
        None if odd else typed_cell(typed),
        error=typed[1:] if typed.startswith("!") else "",
        uncached=typed.startswith("="),
        status=cells.get("数据状态", ""),
        mark=cells.get("标记", ""),
        reason=cells.get("原因", ""),
        measure=cells.get("措施", ""),
        shown_weight=typed_cell(cells.get("权重", "")),
        shown_target=typed_cell(cells.get("目标", "")),
        shown_score=typed_cell(cells.get("得分", "")),
    )


def typed_cell(text: str) -> float | str | None:
    """A drawn cell as a spreadsheet would hold it."""
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return text.removeprefix("'")


def registered(
    scheme: Scheme, forms: Iterable[tuple[str, str]], period: Period = H1
) -> dict[str, IssueRecord]:
    """下发登记 for these (unit, department)."""
    version = scheme.at(period.end).version
    rows = (
        IssueRecord(
            number_of(*key), period.code, *key, version, "".join(key) + ".xlsx", "2007-07-01 09:00:00"
        )
        for key in forms
    )
    return {row.number: row for row in rows}


def assess_forms(
    scheme: Scheme,
    returns: Iterable[Return],
    *,
    known: tuple[Record, ...] = (),
    register: Mapping[str, IssueRecord] | None = None,
    period: Period = H1,
    scheme_findings: Iterable[Finding] = (),
) -> Assessment:
    """Take in and assess drawn forms; without ``register`` one whole form was issued to every unit."""
    issued = (
        registered(scheme, [(u.code, "") for u in scheme.units], period) if register is None else register
    )
    intake = take_in(tuple(returns), issued, known, scheme.at(period.end), period)
    return assess(scheme, period, intake, issued, scheme_findings)


def places(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """(code, cell) of findings, sorted."""
    return sorted((finding.code, finding.location.cell) for finding in findings)


def at_hour(hour: int) -> str:
    """A time of receipt on one day in July."""
    return f"{dt.datetime(2007, 7, 5, hour):%Y-%m-%d %H:%M:%S}"
