"""Cells of a table as numbers, dates, choices and lists; a finding for each that cannot be read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from kaohe import terms
from kaohe.assess.pace import pace_start
from kaohe.findings import Finding
from kaohe.model import Location
from kaohe.periods import HELP, PeriodError, parse_period
from kaohe.tables import BY_KEY, LEDGER, YEAR, Column, Row, Table, TableSpec
from kaohe.values.rounding import round_half_away
from kaohe.values.typed import read_typed

_CODE = re.compile(r"[\w.\-]+")
"""What a code may hold: other signs mean something in a formula's condition (``*``, ``>``, quotes)."""
_DATE = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$")
_MONTH = re.compile(r"^(\d{1,2})月?$")
_SEPARATORS = re.compile(r"[\u3001,\uff0c;\uff1b/\s]+")
_REGISTERS = frozenset(spec.key for spec in LEDGER)
SHARES = frozenset({"share"})
"""Columns of ratios: 15% is 0.15, and a number above 1 is taken for a mistake."""
TOLD_ELSEWHERE = frozenset({"survey", "veto"})
"""Registers whose own checks tell of a period nobody can read (V30, G19)."""
_CHECKED_ELSEWHERE = frozenset(spec.key for spec in YEAR)
"""Registers no score depends on: their own checks tell of every cell, as QUERY (group Y)."""


def cell_findings(spec: TableSpec, table: Table) -> Iterable[Finding]:
    """A finding for each cell that is blank though required, not a number, not a date, not a choice."""
    for row in table.rows if spec.key not in _CHECKED_ELSEWHERE else ():
        for column in spec.columns:
            if column.title in table.missing:
                continue
            reason = _reason_against(column, row)
            if column.key == "period" and spec.key not in TOLD_ELSEWHERE:
                reason = reason or _reason_against_period(row.text("period"))
            if reason:
                facts = {"column": column.title, "typed": row.text(column.key), "reason": reason}
                yield Finding("S09", _place(spec, table, row, column.key), facts)


def _place(spec: TableSpec, table: Table, row: Row, key: str) -> Location:
    """The cell; in a register of the office the unit the row is about, whose result alone it concerns."""
    place = table.locate(row, key)
    if spec.key in _REGISTERS and key not in ("unit", "period"):
        return place._replace(unit=row.text("unit"))
    return place


def _reason_against(column: Column, row: Row) -> str:
    text = row.text(column.key)
    if not text:
        return "必须填写" if column.required else ""
    if column.kind == "number":
        return _reason_against_number(column, number(row, column.key, column.percent_points))
    if column.key == "code" and not _CODE.fullmatch(text):
        return "只能用汉字、字母、数字和 - _ ."
    if column.kind == "date" and read_date(text) is None:
        return "应为日期,如 2007-07-01"
    if column.choices and text not in column.choices:
        return f"应为 {'、'.join(column.choices)} 之一"
    if column.key == "pace" and not pace_known(text):
        return "应为 按月、无、曲线 或 N月起(如 7月起)"
    if column.key == "cutoff_month" and month(text) is None:
        return "应为月份,如 5月"
    return ""


def _reason_against_period(text: str) -> str:
    """A register's row of a period nobody can read would belong to none, and what it says be lost."""
    try:
        parse_period(text)
    except PeriodError:
        return f"期次看不懂。{HELP}"
    return ""


def _reason_against_number(column: Column, number: float | None) -> str:
    if number is None:
        return "应为准确的数字,不带单位"
    if column.key in SHARES and not 0 <= number <= 1:
        return "应在 0 到 1 之间(0% 到 100%)"
    return "不能小于 0" if column.key in ("weight", "count") and number < 0 else ""


def pace_known(text: str) -> bool:
    """Whether the text is one of the paces."""
    named = (terms.PACE_BY_MONTH, terms.PACE_NONE, terms.PACE_CURVE)
    return text in named or pace_start(text) is not None


def month(text: str) -> int | None:
    """``5月`` → 5; None when it is no month."""
    match = _MONTH.match(text)
    return int(match[1]) if match and 1 <= int(match[1]) <= 12 else None


def listed(text: str) -> tuple[str, ...]:
    """``A、B`` → ("A", "B"); ``*`` and blank are everybody: ()."""
    found = tuple(part for part in _SEPARATORS.split(text) if part)
    return () if found == (terms.EVERYONE,) else found


def read_date(text: str) -> dt.date | None:
    """2007-07-01, 2007/7/1, 2007年7月1日, 20070701, or an ISO date and time; None otherwise."""
    match = _DATE.match(text.split(" ")[0].split("T")[0])
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def number(row: Row, key: str, percent_points: bool = False) -> float | None:
    """The cell's number; 95% is 95 in a column of percentage points and 0.95 in any other.

    About 100, or 162.6亿 (which the indicator's unit of measure may count already), is no number here.
    """
    value = row.values.get(key)
    if value is None or isinstance(value, bool):
        return None
    return exact(value, percent_points)


def exact(value: str | float | int, percent_points: bool) -> float | None:
    """The exact number a value stands for; None for text, approximate figures, other units."""
    typed = read_typed(value)
    if typed.number is None or typed.approximate or typed.unit not in ("", "%"):
        return None
    if typed.unit != "%" or percent_points:
        return typed.number
    return float(round_half_away(typed.number / 100, 12))


def date(row: Row, key: str) -> dt.date | None:
    """The cell's date; None when it is blank or none."""
    text = row.text(key)
    return read_date(text) if text else None


def choice(table: str, row: Row, key: str, default: str) -> str:
    """The cell's word where it is one of the column's choices, else ``default``."""
    text = row.text(key)
    choices = BY_KEY[table].column(key).choices
    return text if text and (not choices or text in choices) else default
