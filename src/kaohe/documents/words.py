"""How dates, numbers and lists of names read in an official document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kaohe.assess.load_cells import read_date
from kaohe.model import Period, Scheme
from kaohe.values.rounding import round_half_away

_DIGITS = "一二三四五六七八九"
UNDATED = "    年  月  日"
OFFICE = "考核办"
_WHOLE_YEAR = 12


def chinese_date(day: dt.date) -> str:
    """2017年1月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def dated(text: str) -> str:
    """A date of a register as it is signed; room for one where there is none."""
    day = read_date(text)
    return chinese_date(day) if day else UNDATED


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 99 → 九十九; larger ones in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    front = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens - 1]}十"
    return front + (_DIGITS[ones - 1] if ones else "")


def figure(value: float | None, places: int | None = None) -> str:
    """A number as it is printed: with its places, or as short as it can be; '' for none."""
    if value is None or value != value:
        return ""
    return f"{value:.{places}f}" if places is not None else f"{value:.12g}"


def fact(value: float | None) -> str:
    """A figure reached or a target, to four places at most; '' for none."""
    return "" if value is None or value != value else figure(float(round_half_away(value, 4)))


def period_words(period: Period) -> str:
    """2016年度, 2007年上半年, 2007年1–7月."""
    return f"{period.year}年度" if period.month == _WHOLE_YEAR else period.title


def names(words: Iterable[str]) -> str:
    """甲、乙、丙."""
    return "、".join(words)


def office(scheme: Scheme) -> str:
    """Who signs: 考核机关 of 方案, or 考核办."""
    return str(scheme.settings["考核机关"]).strip() or OFFICE


def scheme_name(scheme: Scheme) -> str:
    """方案名称 as it is named in a sentence: with 考核 somewhere in it."""
    name = str(scheme.settings["方案名称"]).strip() or "考核方案"
    return name if any(word in name for word in ("考核", "考评", "评估", "管理", "评价")) else f"{name}考核"


def title_of(unit: object) -> str:
    """What the scheme calls those it assesses is a text of 方案; this is its safe form."""
    return str(unit).strip() or "单位"
