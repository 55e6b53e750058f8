"""New content for yellow sheets of a master that exists: cells change their values and keep their looks.

Rows stay where they are; where rows are left out, the others move up. What was written is read back and
compared: a percent format would make 95 of 9500%, a cell without a date format show a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from kaohe.assess.load_cells import exact, read_date
from kaohe.jobs.common import JobError
from kaohe.jobs.master import Master, master_in
from kaohe.tables import BY_KEY, Scalar, Table
from kaohe.workbooks.package import fill
from kaohe.workbooks.package.extend import extend
from kaohe.workbooks.package.refs import column_number

Values = Mapping[str, Scalar]
Place = tuple[int, int]
_EPOCH = dt.date(1899, 12, 30)


def rewritten(data: bytes, book: Master, tables: Mapping[str, Sequence[Values]]) -> bytes:
    """The workbook with these rows in the yellow sheets that are there (table key → all rows).

    Raises PatchRefused when the workbook cannot be changed safely, JobError when what was read back differs.
    """
    there = {key: rows for key, rows in tables.items() if key in book.tables}
    changed = data
    for key, rows in there.items():
        changed = _put(changed, book, key, rows, _as_cell)
    wrong = _different(changed, book.path, there)
    for key in dict.fromkeys(key for key, _, _ in wrong):
        at = {(number, column) for where, number, column in wrong if where == key}
        changed = _put(changed, book, key, there[key], _as_other_cell, at)
    if left := _different(changed, book.path, there):
        key, number, column = left[0]
        title = BY_KEY[key].title
        raise JobError(
            f"《{title}》第 {number} 条的“{column}”写入后读回不一致,没有生成文件。请检查该列格式。"
        )
    return changed


def _put(
    data: bytes,
    book: Master,
    key: str,
    rows: Sequence[Values],
    made: Callable[[str, str, Scalar], Scalar],
    only: set[tuple[int, str]] | None = None,
) -> bytes:
    """One sheet with the rows; ``only``: nothing but these (index of the row, column)."""
    table = book.tables[key]
    numbers = [row.number for row in table.rows]
    last = max(numbers, default=table.head)
    numbers += range(last + 1, last + 1 + max(len(rows) - len(numbers), 0))
    over: dict[Place, Scalar] = {}
    below: dict[Place, tuple[Scalar, Place]] = {}
    for index, number in enumerate(numbers):
        new = rows[index] if index < len(rows) else {}
        old = table.rows[index].values if index < len(table.rows) else {}
        for column, letter in (table.letters or {}).items():
            if only is not None and (index, column) not in only:
                continue
            value = new.get(column)
            if only is None and value == old.get(column) and not _reckoned(key, column, value):
                continue
            place = number, column_number(letter)
            cell = made(key, column, value)
            if number <= last or only is not None:
                over[place] = cell
            elif cell is not None:
                below[place] = cell, (table.head + 1, place[1])
    if over:
        data = fill(data, table.sheet, over)
    return extend(data, [(table.sheet, below)]) if below else data


def _reckoned(key: str, column: str, value: Scalar) -> bool:
    """Whether a formula may stand in the cell: it would go by the new values and is typed over."""
    return value is not None and _kind(key, column)[0] in ("number", "date")


def _as_cell(key: str, column: str, value: Scalar) -> Scalar:
    """A value as a cell without a percent format holds it; dates as their numbers."""
    kind, points = _kind(key, column)
    if kind == "date" and isinstance(value, str) and (day := read_date(value)) is not None:
        return float((day - _EPOCH).days)
    if kind == "number" and isinstance(value, str) and (number := exact(value, points)) is not None:
        return number
    return value


def _as_other_cell(key: str, column: str, value: Scalar) -> Scalar:
    """The same for a cell whose format made something else of it."""
    kind, points = _kind(key, column)
    cell = _as_cell(key, column, value)
    if kind == "number" and points and isinstance(cell, int | float):
        return cell / 100
    return value if kind == "date" else cell


def _kind(key: str, column: str) -> tuple[str, bool]:
    """(kind, whether in percentage points) of a column; one of the office's own is text."""
    found = [(each.kind, each.percent_points) for each in BY_KEY[key].columns if each.key == column]
    return found[0] if found else ("text", False)


def _different(data: bytes, path: Path, wanted: Mapping[str, Sequence[Values]]) -> list[tuple[str, int, str]]:
    """(table key, index of the row, column) of everything that does not read as it was meant."""
    tables = master_in(data, path).tables
    return [
        (key, index, column)
        for key, rows in wanted.items()
        for index, column in _unlike(key, tables.get(key), [row for row in rows if _filled(row)])
    ]


def _unlike(key: str, table: Table | None, wanted: Sequence[Values]) -> Iterable[tuple[int, str]]:
    rows = table.rows if table else ()
    if len(rows) != len(wanted):
        raise JobError(f"《{BY_KEY[key].title}》写入后有 {len(rows)} 行,应为 {len(wanted)} 行,没有生成文件。")
    for index, (row, values) in enumerate(zip(rows, wanted, strict=True)):
        for column in {*row.values, *values}:
            if _meaning(key, column, row.values.get(column)) != _meaning(key, column, values.get(column)):
                yield index, column


def _filled(row: Values) -> bool:
    return any(value is not None for value in row.values())


def _meaning(key: str, column: str, value: Scalar) -> object:
    """What a value says, however its cell holds it."""
    kind, points = _kind(key, column)
    if value is None or isinstance(value, bool):
        return value
    if kind == "date" and (day := read_date(str(value))) is not None:
        return day
    number = exact(value, points) if kind == "number" or isinstance(value, int | float) else None
    return str(value).strip() if number is None else float(f"{number:.12g}")
