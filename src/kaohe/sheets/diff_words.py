"""Differences in the words every face shows."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.assess.differences import ADDED, CHANGED, Difference
from kaohe.assess.differences_replay import Cause, Value
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
    """Where it stands now, or stood; the sheet and the cell, and the file a figure came in."""
    place = row.place_after if row.place_after.cell else row.place_before
    where = place_of(place._replace(workbook=""))
    return ",".join(filter(None, (where, row.file)))


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
    """+1.2 where both are numbers; else what it was and is."""
    if isinstance(cause.before, float | int) and isinstance(cause.after, float | int):
        return f"{cause.after - cause.before:+.6g}"
    return f"{_shown(cause.before)}→{_shown(cause.after)}"


def kinds_words(causes: Sequence[Cause]) -> str:
    """The kinds of change only, each with what it did: +1.5 加减分."""
    return ";".join(
        f"{change_words(cause)} {cause.kind}{f'({THROUGH_OTHERS})' if cause.others else ''}"
        for cause in causes
    )


def order_words(causes: Sequence[Cause]) -> str:
    """Why a rank or grade is another: the kinds of change, of others' where no own one was."""
    found = dict.fromkeys(
        f"{cause.kind}({THROUGH_OTHERS})" if cause.others else cause.kind for cause in causes
    )
    return "、".join(found)


def _shown(value: Value) -> str:
    if value is None:
        return "无"
    return value if isinstance(value, str) else f"{value:g}"


def rank_words(row: Standing | None) -> int | str | None:
    """The rank, or the state of a result that has none."""
    if row is None:
        return None
    return row.rank if row.rank is not None else row.state
