"""排名 as it stands in the master: what anybody who opens it reads, to be held against what is reckoned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kaohe.tables import plain
from kaohe.workbooks.grid import Grid, Value

KEY = "排名"
_HEADINGS = {"单位代码": "unit", "总分": "total", "名次": "rank", "等次": "grade", "结果": "state"}
_NEEDED = frozenset({"unit", "total", "rank"})
_LIMIT = 20
"""Rows in which the headings are looked for."""


class Shown(NamedTuple):
    """One unit's row: ``total`` in points, None where the cell holds no number."""

    unit: str
    total: float | None
    rank: int | None
    grade: str
    state: str


def read_ranking(grid: Grid | None) -> tuple[Shown, ...]:
    """The units' rows, wherever the columns stand; () without the sheet or its headings."""
    found = _header(grid.rows) if grid is not None else None
    if grid is None or found is None:
        return ()
    first, at = found
    rows = []
    for row in grid.rows[first:]:
        unit = _text(_value(row, at["unit"]))
        if unit:
            rows.append(
                Shown(
                    unit,
                    _number(_value(row, at["total"])),
                    _whole(_value(row, at["rank"])),
                    _text(_value(row, at.get("grade"))),
                    _text(_value(row, at.get("state"))),
                )
            )
    return tuple(rows)


def _header(rows: Sequence[Sequence[Value]]) -> tuple[int, Mapping[str, int]] | None:
    """(index of the first row below the headings, field → column)."""
    for index, row in enumerate(rows[:_LIMIT]):
        titles = {plain(value): at for at, value in reversed(list(enumerate(row)))}
        at = {field: titles[title] for title, field in _HEADINGS.items() if title in titles}
        if at.keys() >= _NEEDED:
            return index + 1, at
    return None


def _value(row: Sequence[Value], at: int | None) -> Value:
    return row[at] if at is not None and at < len(row) else None


def _text(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(value: Value) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
