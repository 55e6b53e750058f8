"""A returned 考评打分表 → Return: units by their codes, columns by the indicator codes above them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.model import Return, ReturnedRow
from kaohe.sheets.assessor_layout import (
    ASSESSOR_TITLE,
    CHECKED_WORD,
    CODE_LABEL,
    DEPARTMENT_LABEL,
    INDICATOR_LABEL,
    REMARK_LABEL,
    SUMMARIES,
)
from kaohe.sheets.identity import IDENTITY_TITLE
from kaohe.sheets.returned_cells import is_code, shown_behind, text_of
from kaohe.tables import plain
from kaohe.workbooks.grid import Grid, address
from kaohe.workbooks.read import Book

_TITLES_BELOW = 5
"""Rows below the names in which the codes are looked for."""


@dataclass(frozen=True)
class FoundBlock:
    """One table of the sheet. Columns count from 0, rows from 1."""

    columns: Mapping[int, str]
    """Column → indicator code."""
    names: Mapping[int, str]
    remark: int
    """The column of 说明; -1 when it is gone."""
    units: Mapping[int, tuple[str, str]]
    """Row → code and name of the unit."""
    checked: frozenset[int]
    """Columns of indicators that units fill in too."""
    summaries: Mapping[int, str]
    """Row → 已填, 平均, 最高 or 最低."""


def assessor_return(book: Book, empty: Return) -> Return:
    """The cells of a 考评打分表; without any table of it W02. ``empty`` has file and identity."""
    grid = find_table(book)
    if grid is None or not empty.identity.number:
        return empty._replace(problem="W02")
    rows = tuple(row for block in blocks_of(grid) for row in _cells(grid, block))
    shown = shown_behind(grid.rows[:10], DEPARTMENT_LABEL)
    return empty._replace(sheet=grid.sheet, rows=rows, shown_unit=shown)


def find_table(book: Book) -> Grid | None:
    """The sheet that holds the tables, by its name or else by its headings."""
    first = [book.sheets[ASSESSOR_TITLE]] if ASSESSOR_TITLE in book.sheets else []
    others = [grid for name, grid in book.sheets.items() if name != IDENTITY_TITLE]
    return next((grid for grid in (*first, *others) if blocks_of(grid)), None)


def blocks_of(grid: Grid) -> tuple[FoundBlock, ...]:
    """The tables from top to bottom: each begins with a row of names that holds 单位代码."""
    heads = [number for number, row in enumerate(grid.rows) if CODE_LABEL in map(plain, _words(row))]
    ends = [*heads[1:], len(grid.rows)]
    found = (_block(grid, head, end) for head, end in zip(heads, ends, strict=True))
    return tuple(block for block in found if block is not None)


def _words(row: Sequence[object]) -> Iterable[str]:
    return (value for value in row if isinstance(value, str))


def _block(grid: Grid, head: int, end: int) -> FoundBlock | None:
    names = grid.rows[head]
    codes = next((n for n in range(head, min(end, head + _TITLES_BELOW)) if _label(grid.rows[n]) >= 0), None)
    if codes is None:
        return None
    label = _label(grid.rows[codes])
    columns = {
        at: text
        for at, value in enumerate(grid.rows[codes])
        if at > label and value is not None and is_code(text := text_of(value))
    }
    titles = [plain(value) if isinstance(value, str) else "" for value in names]
    unit = titles.index(CODE_LABEL)
    units, summaries = {}, {}
    for number in range(codes + 1, end):
        row = grid.rows[number]
        code = text_of(row[unit]) if unit < len(row) else ""
        name = text_of(row[label]) if label < len(row) else ""
        if code and is_code(code):
            units[number + 1] = (code, name)
        elif name in SUMMARIES:
            summaries[number + 1] = name
    return FoundBlock(
        columns=columns,
        names={at: text_of(names[at]) if at < len(names) else "" for at in columns},
        remark=titles.index(REMARK_LABEL) if REMARK_LABEL in titles else -1,
        units=units,
        checked=frozenset(
            at
            for row in grid.rows[head + 1 : codes]
            for at, value in enumerate(row)
            if at in columns and isinstance(value, str) and CHECKED_WORD in value
        ),
        summaries=summaries,
    )


def _label(row: Sequence[object]) -> int:
    """The column in which a row of codes is labelled; -1 when it is none."""
    return next(
        (at for at, value in enumerate(row) if isinstance(value, str) and plain(value) == INDICATOR_LABEL), -1
    )


def _cells(grid: Grid, block: FoundBlock) -> Iterable[ReturnedRow]:
    for number, (unit, name) in block.units.items():
        row = grid.rows[number - 1]
        remark = text_of(row[block.remark]) if 0 <= block.remark < len(row) else ""
        for at, code in block.columns.items():
            place = (number, at + 1)
            yield ReturnedRow(
                indicator=code,
                cell=address(*place),
                value=row[at] if at < len(row) else None,
                percent=place in grid.percent,
                error=grid.errors.get(place, ""),
                uncached=place in grid.uncached,
                reason=remark,
                shown_state=terms.NOT_ENTERED if at in block.checked else "",
                name=f"{block.names[at]}({name})" if name else block.names[at],
                unit=unit,
            )
