"""The live formulas of a master, evaluated by the package `formulas` over the cells as they stand.

Runs in a process of its own with limits (``kaohe.workbooks.worker_client``). Each formula is judged by
itself: from the values its cells have in the file, it must come to the value the file keeps for it. Formulas
that differ only in what they refer to are compiled once and, where they refer to single cells, computed
together. `formulas` gets texts and plain values; it opens no file and follows no link.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kaohe.audit.cells import Place, SheetCells, Value, read_sheets
from kaohe.audit.formula_text import Area, name_of, pattern_of
from kaohe.audit.same import same_value
from kaohe.rules.errors import ErrorValue
from kaohe.rules.second_opinion import CellsOpinion, cells_opinion, rectangle

MOST_CELLS = 5_000_000
"""Cells of a range beyond which a formula is left out."""
TOGETHER = 2_000
"""Cells computed in one go."""
ARRAYS, UNREADABLE, NAMES, COMPUTED, NO_SHEET, TOO_LARGE, NUMERAL, OUT_OF_TIME, FAILED = (
    "数组公式",
    "formulas 读不懂的公式",
    "引用了定义名称或其他工作簿",
    "引用的范围由公式算出(如 INDEX:INDEX)",
    "引用的工作表不存在",
    "引用的范围太大",
    "引用了文字格式的数字",
    "超过时间,没有算到",
    "formulas 计算时出错",
)
"""Why a formula has no second opinion."""
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_COMPUTES_A_RANGE = re.compile(r":|\b(?:OFFSET|INDIRECT|ROW|COLUMN|CELL|ADDRESS|AREAS)\(", re.IGNORECASE)
"""`formulas` is given values, so it cannot work out where a range lies."""


class Odd(NamedTuple):
    """A formula that comes to another value than the file keeps."""

    sheet: str
    place: Place
    kept: Value
    computed: Value


class Rechecked(NamedTuple):
    """What became of the formulas: how many were judged, those that disagree, reason → how many were not."""

    judged: int
    odd: tuple[Odd, ...]
    left_out: Mapping[str, int]


class _Live(NamedTuple):
    """A formula cell with the areas its pattern refers to."""

    sheet: str
    place: Place
    areas: tuple[Area, ...]


@dataclass
class _Task:
    """The book while it is looked through."""

    sheets: dict[str, SheetCells]
    deadline: float
    judged: int = 0
    odd: list[Odd] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    ranges: dict[Area, Any] = field(default_factory=dict)


def recheck(data: bytes, name: str, scope: Mapping[str, Place], seconds: float) -> Rechecked:
    """Evaluate the formulas of the sheets in ``scope``.

    ``scope``: sheet → the last row and column that are ours; what lies beyond is the office's. ``seconds``:
    after these the rest is only counted. ``name`` is that of the file, for whoever starts the process.
    """
    task = _Task(read_sheets(data, list(scope)), time.monotonic() + seconds)
    patterns = _patterns(task, scope)
    elsewhere = {area.sheet for cells in patterns.values() for cell in cells for area in cell.areas}
    task.sheets |= read_sheets(data, elsewhere - set(task.sheets))
    for text, cells in patterns.items():
        _judge_all(text, cells, task)
    order = {sheet: at for at, sheet in enumerate(scope)}
    odd = sorted(task.odd, key=lambda one: (order[one.sheet], one.place))
    return Rechecked(task.judged, tuple(odd), dict(+task.left_out))


def _patterns(task: _Task, scope: Mapping[str, Place]) -> dict[str, list[_Live]]:
    """The formulas in scope by their pattern."""
    found: dict[str, list[_Live]] = {}
    for sheet in list(task.sheets.values()):
        rows, columns = scope[sheet.name]
        task.left_out[ARRAYS] += sum(r <= rows and c <= columns for r, c in sheet.unread)
        for (row, column), formula in sheet.formulas.items():
            if row > rows or column > columns:
                continue
            text, areas = pattern_of(formula)
            here = tuple(area if area.sheet else area._replace(sheet=sheet.name) for area in areas)
            found.setdefault(text, []).append(_Live(sheet.name, (row, column), here))
    return found


def _judge_all(text: str, cells: Sequence[_Live], task: _Task) -> None:
    """All cells of one pattern."""
    if time.monotonic() > task.deadline:
        task.left_out[OUT_OF_TIME] += len(cells)
        return
    names = [name_of(number) for number in range(len(cells[0].areas))]
    singles: list[_Live] = []
    others: list[_Live] = []
    for cell in cells:
        (singles if all(area.single and not area.rows for area in cell.areas) else others).append(cell)
    for chosen, many in ((singles, True), (others, False)):
        opinion = _opinion(text, names, chosen, many, task) if chosen else None
        if opinion is None:
            continue
        for start in range(0, len(chosen), TOGETHER):
            batch = list(_answerable(chosen[start : start + TOGETHER], text, task))
            if time.monotonic() > task.deadline:
                task.left_out[OUT_OF_TIME] += len(batch)
            elif many:
                _judge_together(opinion, names, batch, task)
            else:
                _judge_each(opinion, names, batch, task)


def _opinion(
    text: str, names: Sequence[str], cells: Sequence[_Live], many: bool, task: _Task
) -> CellsOpinion | None:
    """The compiled pattern; None (and the cells counted) when there can be none."""
    bare = _TEXT.sub("", text)
    if "[" in bare or _COMPUTES_A_RANGE.search(bare):
        task.left_out[NAMES if "[" in bare else COMPUTED] += len(cells)
        return None
    try:
        opinion = cells_opinion(text, names, many=many)
    except ValueError:
        task.left_out[UNREADABLE] += len(cells)
        return None
    if opinion.unknown:
        task.left_out[NAMES] += len(cells)
        return None
    return opinion


def _answerable(cells: Sequence[_Live], text: str, task: _Task) -> Iterator[_Live]:
    """Those whose inputs `formulas` can be trusted with; the others are counted."""
    asks_kind = "ISNUMBER" in text or "ISTEXT" in text
    for cell in cells:
        if any(area.sheet not in task.sheets for area in cell.areas):
            task.left_out[NO_SHEET] += 1
        elif any(_size(area) > MOST_CELLS for area in cell.areas):
            task.left_out[TOO_LARGE] += 1
        elif asks_kind and any(_numeral(_at(area, task)) for area in cell.areas if area.single):
            task.left_out[NUMERAL] += 1
        else:
            yield cell


def _judge_together(opinion: CellsOpinion, names: Sequence[str], cells: list[_Live], task: _Task) -> None:
    if not cells:
        return
    inputs = {name: [_at(cell.areas[number], task) for cell in cells] for number, name in enumerate(names)}
    try:
        found = opinion.rows(inputs, len(cells))
    except Exception:  # noqa: BLE001  (a library's own failure is no opinion, not the end of the audit)
        task.left_out[FAILED] += len(cells)
        return
    for cell, value in zip(cells, found, strict=True):
        _note(cell, value, task)


def _judge_each(opinion: CellsOpinion, names: Sequence[str], cells: list[_Live], task: _Task) -> None:
    known: dict[tuple[object, ...], Value] = {}
    for at, cell in enumerate(cells):
        if time.monotonic() > task.deadline:
            task.left_out[OUT_OF_TIME] += len(cells) - at
            return
        key = tuple(_key(area, task) for area in cell.areas)
        if key not in known:
            try:
                known[key] = opinion.one(dict(zip(names, _inputs(cell, task), strict=True)))
            except Exception:  # noqa: BLE001  (as above)
                task.left_out[FAILED] += 1
                continue
        _note(cell, known[key], task)


def _key(area: Area, task: _Task) -> object:
    """What tells two inputs apart: a range by where it is, a value by its kind, too (1 is not TRUE)."""
    if not area.single or area.rows:
        return area
    value = _at(area, task)
    return type(value), value


def _inputs(cell: _Live, task: _Task) -> Iterator[Any]:
    for area in cell.areas:
        yield _at(area, task) if area.single and not area.rows else _range(area, task)


def _range(area: Area, task: _Task) -> Any:
    """Values of a range (or its row numbers), made once."""
    if area not in task.ranges:
        rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
        values = task.sheets[area.sheet].values
        found: list[list[Value]] = (
            [[float(row)] for row in rows]
            if area.rows
            else [[values.get((row, column)) for column in columns] for row in rows]
        )
        task.ranges[area] = rectangle(found)
    return task.ranges[area]


def _note(cell: _Live, computed: Value, task: _Task) -> None:
    task.judged += 1
    kept = task.sheets[cell.sheet].values.get(cell.place)
    if not same_value(kept, computed):
        task.odd.append(Odd(cell.sheet, cell.place, kept, computed))


def _at(area: Area, task: _Task) -> Value:
    return task.sheets[area.sheet].values.get((area.top, area.left))


def _size(area: Area) -> int:
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)


def _numeral(value: Value) -> bool:
    if not isinstance(value, str) or isinstance(value, ErrorValue):
        return False
    try:
        float(value)
    except ValueError:
        return False
    return True
