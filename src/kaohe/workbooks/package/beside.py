"""What the office noted beside our table goes along with the row it stands beside.

Rows are known again by the value of one column (a unit's code). Only what is typed in moves: a formula
reckons with the cells of its own row and stays right where it is, and so does everything else that cannot be
moved safely. What stays although the rows changed their order is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kaohe.workbooks.grid import address, column_letter
from kaohe.workbooks.package import oldrows
from kaohe.workbooks.package.oldrows import OldCell
from kaohe.workbooks.package.oldtexts import OldTexts
from kaohe.workbooks.package.refs import MAX_ROW, Area
from kaohe.workbooks.package.shape import Table, extent, table
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

_ADDRESS = re.compile(rb'(?<=\sr=")[A-Z]+\d+(?=")')
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Moves:
    """Where cells beside the table go: (row, column) → new row, 0 for a blank one that gives way."""

    rows: Mapping[Place, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def of(self, cell: OldCell) -> OldCell | None:
        """The cell at its new place; None when it gives way."""
        row = self.rows.get((cell.row, cell.column), cell.row)
        if not row:
            return None
        if row == cell.row:
            return cell
        here = address(row, cell.column).encode()
        return replace(cell, row=row, xml=_ADDRESS.sub(here, cell.xml, count=1))


STAY = Moves()


@dataclass(frozen=True, slots=True)
class OldTable:
    """A sheet as it was: rows, what we wrote there, the table in it, merged cells, rows with comments."""

    name: str
    rows: bytes
    ours: Area
    table: Table
    merged: Sequence[Area] = ()
    commented: frozenset[int] = frozenset()


def carry(old: OldTable, plan: SheetPlan, texts: OldTexts) -> Moves:
    """Where the cells right of the old table go, so that they stand beside the same row of the plan's."""
    new = table(plan)
    if not plan.row_key or new is None:
        return STAY
    kept = [cell for _, cells in oldrows.kept_cells(old.rows, old.name, old.ours) for cell in cells]
    last = max(old.table.last, new.last)
    cells = [c for c in kept if c.column > old.ours.right and old.table.header < c.row <= last]
    if not cells and not old.commented:
        return STAY
    found = _targets(old, plan, texts)
    used = max([extent(plan).bottom, *(cell.row for cell in kept)])
    targets, gone = _with_places_below(found, {c.row for c in cells if not c.blank}, used)
    rows: dict[Place, int] = {}
    left: list[int] = []
    fixed = [*old.merged, *oldrows.spread_formulas(old.rows)]
    for column, group in _by_column(cells).items():
        moves = None if _is_fixed(group, fixed) else _moved(group, targets)
        rows |= moves or {}
        if _may_be_wrong(group, targets, moves is None, new):
            left.append(column)
    return Moves(rows, _notes(old, targets, gone, left))


def _targets(old: OldTable, plan: SheetPlan, texts: OldTexts) -> dict[int, int | None]:
    """New row by old row, None for a row whose key is gone; only rows whose key is one of its kind."""
    column = plan.row_key
    now = _only_once((n, _text(row[column - 1])) for n, row in _body(plan) if len(row) >= column)
    titles = {column: _text(plan.rows[plan.header_row - 1][column - 1])}
    was: list[tuple[int, str]] = []
    for row in oldrows.split_rows(old.rows, old.name):
        if old.table.header <= row.number <= old.table.last:
            here = {c.column: c for c in oldrows.split_cells(row, old.name) if c.column == column}
            was.append((row.number, texts.of(here[column]) if column in here else ""))
    if dict(was).get(old.table.header) != titles[column]:
        return {}
    places = {key: row for row, key in now.items()}
    return {row: places.get(key) for row, key in _only_once(was).items() if row > old.table.header}


def _body(plan: SheetPlan) -> Iterable[tuple[int, Sequence[CellLike]]]:
    last = plan.last_row or len(plan.rows)
    return enumerate(plan.rows[plan.header_row : last], plan.header_row + 1)


def _only_once(keyed: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Row → key, without blank keys and keys that stand in several rows."""
    rows: dict[str, list[int]] = {}
    for row, key in keyed:
        rows.setdefault(key, []).append(row)
    return {found[0]: key for key, found in rows.items() if key and len(found) == 1}


def _text(cell: CellLike) -> str:
    """A key as its cell shows it: 7 and 7.0 are one."""
    value = cell.value if isinstance(cell, Cell) else cell
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _with_places_below(
    targets: Mapping[int, int | None], filled: set[int], used: int
) -> tuple[dict[int, int], dict[int, int]]:
    """(new row by old row, those of them that were moved below everything because their key is gone)."""
    lost = sorted(row for row, to in targets.items() if to is None and row in filled)
    gone = {row: used + 2 + n for n, row in enumerate(lost) if used + 2 + n <= MAX_ROW}
    kept = {row: to for row, to in targets.items() if to is not None}
    return kept | gone, gone


def _by_column(cells: Iterable[OldCell]) -> dict[int, list[OldCell]]:
    columns: dict[int, list[OldCell]] = {}
    for cell in cells:
        columns.setdefault(cell.column, []).append(cell)
    return dict(sorted(columns.items()))


def _is_fixed(group: Sequence[OldCell], fixed: Sequence[Area]) -> bool:
    """Whether a column holds formulas, or cells that hang together with others."""
    return any(
        _has_formula(cell)
        or any(area.contains(Area(cell.row, cell.column, cell.row, cell.column)) for area in fixed)
        for cell in group
    )


def _has_formula(cell: OldCell) -> bool:
    return b"<f" in cell.xml


def _moved(group: Sequence[OldCell], targets: Mapping[int, int]) -> dict[Place, int] | None:
    """The moves of one column; None when two cells would have to share a place."""
    moves = {(cell.row, cell.column): targets[cell.row] for cell in group if cell.row in targets}
    taken = set(moves.values())
    for cell in group:
        if cell.row not in targets and cell.row in taken:
            if not cell.blank:
                return None
            moves[cell.row, cell.column] = 0
    return moves


def _may_be_wrong(group: Sequence[OldCell], targets: Mapping[int, int], stays: bool, new: Table) -> bool:
    """Whether something of a column may stand beside another row than before."""
    filled = [cell for cell in group if not cell.blank]
    unknown = any(cell.row not in targets and cell.row <= new.last for cell in filled)
    if not stays:
        return unknown
    everywhere = all(map(_has_formula, filled)) and {cell.row for cell in filled} >= set(targets)
    return not everywhere and any(targets.get(cell.row) != cell.row for cell in filled)


def _notes(
    old: OldTable, targets: Mapping[int, int], gone: Mapping[int, int], left: Sequence[int]
) -> tuple[str, ...]:
    notes = []
    if gone:
        rows = "、".join(map(str, gone.values()))
        notes.append(f"工作表“{old.name}”有 {len(gone)} 行已不在表中,您写在其右侧的内容移到了第 {rows} 行。")
    if left:
        letters = "、".join(map(column_letter, left))
        notes.append(f"工作表“{old.name}”右侧 {letters} 列有您的内容按原行保留,名次变动后请核对。")
    if any(targets.get(row) != row for row in old.commented):
        notes.append(f"工作表“{old.name}”的批注不随行移动,名次变动后请核对。")
    return tuple(notes)
