"""What was understood from one cell: a number, or the reason why there is none."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

Value = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

KINDS: dict[str, str] = {
    "number": "数",
    "blank": "空白",
    "not_applicable": "不适用",
    "none": "无",
    "pending": "尚无数据",
    "word": "文字",
    "yes": "是",
    "no": "否",
    "date": "日期",
    "range": "区间",
    "hint": "模板提示语",
    "error": "公式错误值",
    "unreadable": "无法识别",
}


class Typed(NamedTuple):
    """One cell as a person would read it.

    number: the value in the indicator's unit of measure (percentage points for %); None unless kind 'number'
    relation: '' '=' '≥' '>' '≤' '<' '≈' as typed ('300余' is '≥', '约3万' is '≈')
    unit: the unit as typed, '' when there was none
    approximate: the exact figure is not known ('约', '近', '左右', '余', '多', '几乎')
    kind: a key of KINDS
    source: the cell's value, untouched
    decimals: places after the point as typed, None for anything but typed text (BH10: 92.16 and 92.0 differ)
    reason: Chinese, why there is no number; '' for a number
    status: '预计', '初步' or '核定' when typed with the figure (BH8)
    bounds: (low, high) of a range in the unit of measure, whichever was typed first
    note: Chinese, what was understood differently from what the cell shows; '' when nothing was
    """

    number: float | None
    relation: str = ""
    unit: str = ""
    approximate: bool = False
    kind: str = "number"
    source: Value = None
    decimals: int | None = None
    reason: str = ""
    status: str = ""
    bounds: tuple[float, float] | None = None
    note: str = ""

    @property
    def text(self) -> str:
        """Exactly as typed (BH10); a number cell's shortest spelling, '' for a blank."""
        source = self.source
        if source is None:
            return ""
        if isinstance(source, bool):
            return str(source).upper()
        if isinstance(source, float) and source.is_integer() and abs(source) < 1e15:
            return str(int(source))
        return str(source)

    @property
    def exact(self) -> bool:
        """A number that says neither 'about' nor 'at least'."""
        return self.kind == "number" and not self.approximate and self.relation in ("", "=")


def refuse(source: Value, kind: str, reason: str, *, unit: str = "", note: str = "") -> Typed:
    """No number, and why."""
    return Typed(None, kind=kind, source=source, reason=reason, unit=unit, note=note)
