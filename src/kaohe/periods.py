"""Period codes: 2007-07 (1–7月), 2007-Q1, 2007-H1, 2007 (全年). Figures are cumulative from January."""

from __future__ import annotations

import re

from kaohe.model import Period

_CODE = re.compile(r"^(\d{4})(?:-(?:(\d{1,2})|[Qq]([1-4])|[Hh]([12])|[Yy]))?$")
_QUARTERS = {1: "一季度", 2: "上半年", 3: "前三季度", 4: "全年"}
HELP = "期次写作 2007-07(1–7月)、2007-Q1(一季度)、2007-H1(上半年)、2007-Q3(前三季度)、2007(全年)"


class PeriodError(ValueError):
    """The text is not a period code; the message says what codes look like."""


def parse_period(text: str) -> Period:
    """Period code → Period; raises :class:`PeriodError` with a Chinese message."""
    match = _CODE.match(text.strip())
    if match is None:
        raise PeriodError(f"期次“{text}”看不懂。{HELP}。")
    year = int(match[1])
    month = _month(match)
    if not 1 <= month <= 12 or year < 1990:
        raise PeriodError(f"期次“{text}”的年月超出范围。{HELP}。")
    return Period(_code(match, year, month), year, month, _title(match, year, month))


def is_period(text: str) -> bool:
    """Whether the text is a period code."""
    try:
        parse_period(text)
    except PeriodError:
        return False
    return True


def _month(match: re.Match[str]) -> int:
    if match[2]:
        return int(match[2])
    if match[3]:
        return 3 * int(match[3])
    return 6 * int(match[4]) if match[4] else 12


def _code(match: re.Match[str], year: int, month: int) -> str:
    if match[2]:
        return f"{year}-{month:02d}"
    return {3: f"{year}-Q1", 6: f"{year}-H1", 9: f"{year}-Q3", 12: f"{year}"}[month]


def _title(match: re.Match[str], year: int, month: int) -> str:
    if match[2]:
        return f"{year}年{month}月" if month == 1 else f"{year}年1–{month}月"
    return f"{year}年{_QUARTERS[month // 3]}"
