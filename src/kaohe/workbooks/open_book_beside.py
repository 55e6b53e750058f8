"""What the office noted right of our table in an open book goes along with the row it stands beside.

The same as :mod:`kaohe.workbooks.package.beside` does in a file: rows are known again by the value of one
column. Columns with formulas, merged cells or several number formats stay, and so does everything where the
program does not tell of formulas. What stays although the rows changed their order is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.grid import Value, column_letter
from kaohe.workbooks.open_book import plain
from kaohe.workbooks.open_book_cells import literal
from kaohe.workbooks.open_book_looks import cells_of
from kaohe.workbooks.package.refs import MAX_ROW, Area
from kaohe.workbooks.package.shape import Table, extent, table
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

Rows = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Column:
    """One column right of the table: values by row (blanks left out), and what stands against moving it."""

    number: int
    values: Mapping[int, Value]
    fixed: bool
    formulas: frozenset[int] = frozenset()
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class Moved:
    """Columns of the rows ``top`` to ``bottom`` as they will be, cells below them, and notes."""

    top: int = 0
    bottom: int = 0
    columns: tuple[Column, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Targets:
    """New row by old row; ``gone``: those of them that go below everything because their key is gone."""

    rows: Rows = field(default_factory=dict)
    gone: Rows = field(default_factory=dict)


def read_beside(sheet: Any, old: Area | None, was: Table | None, plan: SheetPlan) -> Moved:
    """Where the cells right of the table go; to be asked before the sheet is changed."""
    new = table(plan)
    if not plan.row_key or new is None or old is None or was is None:
        return Moved()
    used = sheet.used_range
    right, bottom = used.column + used.shape[1] - 1, used.row + used.shape[0] - 1
    top, left, last = was.header + 1, max(old.right, new.right) + 1, max(was.last, new.last)
    if right < left or last < top:
        return Moved()
    columns = _columns(sheet, Area(top, left, last, right))
    targets = _targets(_keys(sheet, was, plan.row_key), plan, columns, max(bottom, extent(plan).bottom))
    return _moved(sheet.name, Area(top, left, last, right), columns, targets, new.last)


def write_beside(sheet: Any, moved: Moved) -> None:
    """Put the columns in their new order, one block a column."""
    for column in moved.columns:
        block = Area(moved.top, column.number, moved.bottom, column.number)
        rows = range(moved.top, moved.bottom + 1)
        cells_of(sheet, block).value = [[_typed(column, row)] for row in rows]
        for row in (row for row in column.values if row > moved.bottom):
            sheet.range((row, column.number)).value = _typed(column, row)


def _typed(column: Column, row: int) -> Any:
    """A value as the cell has to be given it."""
    value = column.values.get(row)
    return literal(value, column.number_format) if isinstance(value, str) else value


def _columns(sheet: Any, area: Area) -> list[Column]:
    """The columns of the area that hold something."""
    block = cells_of(sheet, area).options(ndim=2, err_to_str=True).value
    found = []
    for number, line in enumerate(zip(*block, strict=True), start=area.left):
        values = {row: plain(value) for row, value in enumerate(line, area.top) if plain(value) is not None}
        formulas = _formulas(sheet, area._replace(left=number, right=number))
        if values or formulas:
            found.append(_column(sheet, area._replace(left=number, right=number), values, formulas))
    return found


def _column(sheet: Any, area: Area, values: Mapping[int, Value], formulas: frozenset[int]) -> Column:
    if not desktop.is_desktop(sheet.book):
        return Column(area.left, values, True)
    cells = cells_of(sheet, area)
    shown = cells.number_format
    fixed = bool(formulas) or cells.merge_cells is not False or not isinstance(shown, str)
    return Column(area.left, values, fixed, formulas, shown if isinstance(shown, str) else "General")


def _formulas(sheet: Any, area: Area) -> frozenset[int]:
    """Rows of a column with a formula, as far as the program tells."""
    if not desktop.is_desktop(sheet.book):
        return frozenset()
    texts = cells_of(sheet, area).formula
    lines = [[texts]] if isinstance(texts, str) or texts is None else texts
    return frozenset(row for row, line in enumerate(lines, area.top) if str(line[0] or "").startswith("="))


def _keys(sheet: Any, was: Table, column: int) -> dict[int, str]:
    """Text of the key column by row, the heading's too."""
    block = cells_of(sheet, Area(was.header, column, was.last, column)).options(ndim=2).value
    return {row: _text(line[0]) for row, line in enumerate(block, start=was.header)}


def _targets(was: Mapping[int, str], plan: SheetPlan, columns: Sequence[Column], used: int) -> _Targets:
    """Where rows go whose key is one of its kind; none when the heading is another."""
    header, at = min(was), plan.row_key - 1
    if was[header] != _text(plan.rows[plan.header_row - 1][at]):
        return _Targets()
    body = enumerate(plan.rows[plan.header_row : plan.last_row or len(plan.rows)], plan.header_row + 1)
    now = {key: row for row, key in _only_once((n, _text(row[at])) for n, row in body if len(row) > at)}
    old = _only_once((row, key) for row, key in was.items() if row > header)
    filled = {row for column in columns if not column.fixed for row in column.values}
    lost = [row for row, key in old if key not in now and row in filled]
    gone = {row: used + 2 + n for n, row in enumerate(lost) if used + 2 + n <= MAX_ROW}
    return _Targets({row: now[key] for row, key in old if key in now} | gone, gone)


def _only_once(keyed: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """(row, key) without blank keys and keys that stand in several rows."""
    rows: dict[str, list[int]] = {}
    for row, key in keyed:
        rows.setdefault(key, []).append(row)
    return sorted((found[0], key) for key, found in rows.items() if key and len(found) == 1)


def _text(cell: CellLike | Value) -> str:
    """A key as its cell shows it: 7 and 7.0 are one."""
    value = cell.value if isinstance(cell, Cell) else cell
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _moved(sheet: str, area: Area, columns: Sequence[Column], targets: _Targets, last: int) -> Moved:
    """The columns in their new order; ``last``: the new table's last row."""
    changed, left = [], []
    for column in columns:
        new = None if column.fixed else _reordered(column, targets.rows)
        if new is not None and new.values != column.values:
            changed.append(new)
        if _may_be_wrong(column, targets.rows, new is None, last):
            left.append(column.number)
    return Moved(area.top, area.bottom, tuple(changed), _notes(sheet, targets.gone, left))


def _reordered(column: Column, targets: Rows) -> Column | None:
    """The column with its values at their new rows; None when two would have to share one."""
    values = {targets.get(row, row): value for row, value in column.values.items()}
    if len(values) < len(column.values):
        return None
    return Column(column.number, values, False, number_format=column.number_format)


def _may_be_wrong(column: Column, targets: Rows, stays: bool, last: int) -> bool:
    """Whether something of a column may stand beside another row than before."""
    if not stays:
        return any(row not in targets and row <= last for row in column.values)
    filled = column.values.keys() | column.formulas
    everywhere = filled == column.formulas and filled >= targets.keys()
    return not everywhere and any(targets.get(row) != row for row in filled)


def _notes(sheet: str, gone: Rows, left: Sequence[int]) -> tuple[str, ...]:
    notes = []
    if gone:
        rows = "、".join(map(str, gone.values()))
        notes.append(f"工作表“{sheet}”有 {len(gone)} 行已不在表中,您写在其右侧的内容移到了第 {rows} 行。")
    if left:
        letters = "、".join(map(column_letter, left))
        notes.append(f"工作表“{sheet}”右侧 {letters} 列有您的内容按原行保留,名次变动后请核对。")
    return tuple(notes)
