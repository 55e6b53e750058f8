"""Differences in the words every face shows."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.assess.differences import ADDED, CHANGED, Difference
from kaohe.assess.differences_replay import Cause
from kaohe.assess.standing import Standing
from kaohe.sheets.explain_sheet import place_of

THROUGH_OTHERS = "因他单位变化"
_MOST = 3


def difference_words(row: Difference) -> str:
    """权重 5 改为 6 (《指标》F12): what was done to the cell or row."""
    place = place_words(row)
    where = f"({place})" if place else ""
    if row.kind == CHANGED:
        return f"{row.name} {row.field}:{_or_blank(row.before)} 改为 {_or_blank(row.after)}{where}"
    text, done = (row.after, "新增") if row.kind == ADDED else (row.before, "删去")
    field = f" {row.field}" if row.field else ""
    return f"{row.name}{field}:{done} {text}{where}"


def place_words(row: Difference) -> str:
    """Where it stands now, or stood."""
    return place_of(row.place_after) or place_of(row.place_before)


def _or_blank(text: str) -> str:
    return text or "空白"


def cause_words(cause: Cause, most: int = _MOST) -> str:
    """填报:江阴市 A01 完成值:80 改为 95(…); or that it came through others."""
    if cause.others:
        return f"{cause.kind}:{THROUGH_OTHERS}"
    shown = ";".join(difference_words(row) for row in cause.differences[:most])
    more = f"等 {len(cause.differences)} 处" if len(cause.differences) > most else ""
    return f"{cause.kind}:{shown}{more}" if shown else f"{cause.kind}:不在所列各项之内"


def causes_words(causes: Sequence[Cause]) -> str:
    """All causes of one number."""
    return ";".join(f"{change_words(cause)} {cause_words(cause)}" for cause in causes)


def change_words(cause: Cause) -> str:
    """+1.2 where both numbers are there; else what it was and is."""
    if cause.before is None or cause.after is None:
        return f"{_number(cause.before)}→{_number(cause.after)}"
    return f"{cause.after - cause.before:+.6g}"


def _number(value: float | None) -> str:
    return "无" if value is None else f"{value:g}"


def rank_words(row: Standing | None) -> int | str | None:
    """The rank, or the state of a result that has none."""
    if row is None:
        return None
    return row.rank if row.rank is not None else row.state
