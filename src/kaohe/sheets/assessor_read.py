"""A returned 考评打分表 → Return: units by their codes, columns by the indicator codes above them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kaohe import terms
from kaohe.model import Return, ReturnedRow
from kaohe.sheets.assessor_layout import (
    ASSESSOR_TITLE,
    CHECKED_WORD,
    CODE_LABEL,
    DEPARTMENT_LABEL,
    INDICATOR_LABEL,
    PERSON_LABEL,
    REMARK_LABEL,
    SUMMARIES,
    TARGET_LABEL,
    UNIT_LABEL,
)
from kaohe.sheets.identity import IDENTITY_TITLE
from kaohe.sheets.returned_cells import (
    code_of,
    is_code,
    is_signature,
    is_sum,
    once,
    shown_behind,
    text_of,
    too_many_rows,
)
from kaohe.tables import plain
from kaohe.workbooks.grid import Grid, address
from kaohe.workbooks.read import Book

_CODE_WORDS = frozenset({CODE_LABEL, "单位编码", "单位编号"})
_WHO_WORDS = frozenset(
    {UNIT_LABEL, PERSON_LABEL, "单位名称", "被考评单位", "被考核单位", "考核对象", "考核单位"}
)
_INDICATOR_WORDS = frozenset({INDICATOR_LABEL, "指标编码", "指标编号"})
_NO_INDICATORS = _CODE_WORDS | _WHO_WORDS | {REMARK_LABEL, TARGET_LABEL, "序号", "备注"}
_NO_UNITS = _WHO_WORDS | _INDICATOR_WORDS | {"满分和填法"}
_SEARCHED = 500
"""Rows of a sheet in which the first table is looked for."""
_TITLES_BELOW = 5
"""Rows below the names in which the codes are looked for."""
MOST_CELLS = 100_000
"""Cells of a table that are read: a thousand units by a hundred indicators."""


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
    """The cells of a 考评打分表; without any table of it W19. ``empty`` has file and identity."""
    grid = find_table(book)
    if grid is None:
        return empty._replace(
            problem="W19", facts=(("missing", f"没有“{CODE_LABEL}”“{INDICATOR_LABEL}”的表头"),)
        )
    cells = tuple(islice((cell for block in blocks_of(grid) for cell in _cells(grid, block)), MOST_CELLS + 1))
    if len(cells) > MOST_CELLS:
        return too_many_rows(empty, grid.sheet, MOST_CELLS)
    rows = once(cells)
    shown = shown_behind(grid.rows[:10], DEPARTMENT_LABEL)
    return empty._replace(sheet=grid.sheet, rows=rows, shown_unit=shown)


def find_table(book: Book) -> Grid | None:
    """The sheet that holds the tables, by its name or else by its headings; hidden ones last."""
    first = [book.sheets[ASSESSOR_TITLE]] if ASSESSOR_TITLE in book.sheets else []
    others = [grid for name, grid in book.sheets.items() if name != IDENTITY_TITLE]
    others.sort(key=lambda grid: grid.sheet in book.hidden)
    return next((grid for grid in (*first, *others) if blocks_of(grid)), None)


def blocks_of(grid: Grid) -> tuple[FoundBlock, ...]:
    """The tables from top to bottom: each begins with a row of names that holds 单位代码 (or 单位)."""
    if not any(_is_head(grid, number) for number in range(min(len(grid.rows), _SEARCHED))):
        return ()
    heads = [number for number in range(len(grid.rows)) if _is_head(grid, number)]
    ends = [*heads[1:], len(grid.rows)]
    found = (_block(grid, head, end) for head, end in zip(heads, ends, strict=False))
    return tuple(block for block in found if block is not None)


def _is_head(grid: Grid, number: int) -> bool:
    """Whether a row holds the names above a table: by 单位代码, or by 单位 with a row of codes below it."""
    row = grid.rows[number]
    if _column(row, _CODE_WORDS) >= 0:
        return True
    return _column(row, _WHO_WORDS) >= 0 and _codes_row(grid, number, len(grid.rows)) is not None


def _codes_row(grid: Grid, head: int, end: int) -> int | None:
    """The row that says which indicator each column is."""
    rows = range(head, min(end, head + _TITLES_BELOW))
    return next((n for n in rows if _column(grid.rows[n], _INDICATOR_WORDS) >= 0), None)


def _column(row: Sequence[object], words: frozenset[str]) -> int:
    """The column headed by one of the words; -1 when there is none."""
    return next((at for at, v in enumerate(row) if isinstance(v, str) and v and plain(v) in words), -1)


def _block(grid: Grid, head: int, end: int) -> FoundBlock | None:
    names = grid.rows[head]
    unit, who = _column(names, _CODE_WORDS), _column(names, _WHO_WORDS)
    codes = _codes_row(grid, head, end)
    if codes is None:
        columns, body = _by_name(names), head + 1
    else:
        who = who if who >= 0 else _column(grid.rows[codes], _INDICATOR_WORDS)
        columns, body = _by_code(grid.rows[codes]), codes + 1
    if not columns or (codes is None and not {unit, who} - {-1}):
        return None
    units, summaries = {}, {}
    for number in range(body, end):
        row = grid.rows[number]
        code, name = code_of(_at(row, unit)), text_of(_at(row, who))
        if code and is_code(code):
            units[number + 1] = (code, name)
        elif name in SUMMARIES:
            summaries[number + 1] = name
        elif name and not code and _unit_without_code(row, name, columns):
            units[number + 1] = (name, name)
    if not units:
        return None
    titles = [plain(value) if isinstance(value, str) else "" for value in names]
    return FoundBlock(
        columns=columns,
        names={at: text_of(_at(names, at)) for at in columns},
        remark=titles.index(REMARK_LABEL) if REMARK_LABEL in titles else -1,
        units=units,
        checked=frozenset(
            at
            for row in grid.rows[head + 1 : body - (codes is not None)]
            for at, value in enumerate(row)
            if at in columns and isinstance(value, str) and CHECKED_WORD in value
        ),
        summaries=summaries,
    )


def _at(row: Sequence[object], column: int) -> object:
    return row[column] if 0 <= column < len(row) else None


def _by_code(codes: Sequence[object]) -> dict[int, str]:
    """Column → code; columns of targets have none."""
    label = _column(codes, _INDICATOR_WORDS)
    found = {}
    for at, value in enumerate(codes):
        code = code_of(value)
        if at != label and code and is_code(code):
            found[at] = code
    return found


def _by_name(names: Sequence[object]) -> dict[int, str]:
    """Column → name, where the row of codes is gone."""
    return {
        at: text
        for at, value in enumerate(names)
        if (text := text_of(value)) and plain(text) not in _NO_INDICATORS
    }


def _unit_without_code(row: Sequence[object], name: str, columns: Iterable[int]) -> bool:
    """Whether a row without a code is a unit's: it is named, it is no sum or signature, and has a value."""
    if plain(name) in _NO_UNITS or is_sum(name) or is_signature(row):
        return False
    return any(text_of(_at(row, at)) for at in columns)


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
