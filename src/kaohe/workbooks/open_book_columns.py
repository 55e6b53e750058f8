"""Columns of a table that come and go in an open book: Excel's own columns are inserted and deleted.

Excel then lets widths, colours, drop-downs, names and everything that reads a column go along, as
:mod:`kaohe.workbooks.package.followcols` does in a file. What stands right of the table stays where it is. An
engine that cannot tell widths and colours gets the plan's widths, and that is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.grid import address, column_letter
from kaohe.workbooks.open_book_looks import cells_at, cells_of
from kaohe.workbooks.open_book_newsheet import choose, highlight, size
from kaohe.workbooks.package.colmap import ColumnMap, match
from kaohe.workbooks.package.columns import planned_headings
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.followcells import gone
from kaohe.workbooks.package.names import PREFIX
from kaohe.workbooks.package.newcolumns import columns_of, dressed
from kaohe.workbooks.package.refs import Area, parse_area
from kaohe.workbooks.package.shape import Table, table
from kaohe.workbooks.plan import Highlight, SheetPlan

_KINDS = {"formula": 2, "color_scale": 3, "data_bar": 4}
"""Numbers Excel has for the types of conditional formats."""


def moved_columns(sheet: Any, old: Table | None, plan: SheetPlan) -> ColumnMap | None:
    """Where the columns of the table go; None when they stay where they are."""
    new = table(plan)
    if old is None or new is None:
        return None
    line = cells_of(sheet, Area(old.header, 1, old.header, max(old.right, 2))).options(ndim=2).value[0]
    found = ["" if title is None else str(title) for title in line[: old.right]]
    planned = list(planned_headings(plan))
    moved = match(found, [*planned, *[""] * (new.right - len(planned))], dressed(plan))
    return moved if moved.changed else None


def refuse_lost(book: Any, sheet: Any, moved: ColumnMap, bottom: int) -> None:
    """PatchRefused for what would be lost with a column: cells under the table, formulas and names."""
    used = sheet.used_range
    right, last = used.column + used.shape[1] - 1, used.row + used.shape[0] - 1
    taken = [*moved.gone, *range(len(moved.old) + 1, len(moved.new) + 1)]
    for column in taken if last > bottom else ():
        cells = cells_of(sheet, Area(bottom + 1, column, last, column)).options(ndim=2).value
        if any(line[0] is not None for line in cells):
            raise PatchRefused(
                f"工作表“{sheet.name}”表格下方 {column_letter(column)} 列有您自己的内容,"
                "这一列要随系统表格变动,没有写入。",
                "请把这些内容移到表格右边或另一张工作表后再运行。",
            )
    if not desktop.is_desktop(book) or not moved.gone:
        return
    if right > len(moved.old):
        beside = Area(1, len(moved.old) + 1, max(last, 2), right)
        for row, line in enumerate(_lines(cells_of(sheet, beside).formula), start=1):
            for column, text in enumerate(line, start=beside.left):
                if str(text).startswith("=") and moved.formula(str(text)[1:], sheet.name) is None:
                    where = f"工作表“{sheet.name}”单元格 {address(row, column)} 中您的公式"
                    raise gone(where, moved)
    for name in book.names:
        title, text = str(name.name), str(name.refers_to).removeprefix("=")
        own = title.lower().startswith(PREFIX) or title.rpartition("!")[2].startswith(("_xlnm.", "Print_"))
        if not own and moved.formula(text, sheet.name, here=False) is None:
            raise gone(f"名称“{title}”", moved)


def _lines(texts: Any) -> Sequence[Sequence[Any]]:
    return texts if isinstance(texts, tuple | list) else [[texts]]


def move_columns(sheet: Any, moved: ColumnMap, plan: SheetPlan) -> tuple[str, ...]:
    """Give the table its columns; returns what the office should know."""
    if not desktop.is_desktop(sheet.book):
        size(sheet, plan)
        return (f"工作表“{sheet.name}”的列有变动,列宽按系统样式重设,颜色请核对。",)
    covered = [_several(moved, reference) for _, reference, _ in desktop.rules(sheet)]
    printed = moved.reference(str(sheet.page_setup.print_area or ""))
    filtered = moved.reference(desktop.filter_area(sheet))
    for column in reversed(moved.gone):
        _whole(sheet, column).delete("left")
    for column in moved.fresh:
        _whole(sheet, column).insert("right")
    _keep_right_side(sheet, len(moved.new), len(moved.new) - len(moved.old))
    for column in moved.fresh:
        width = plan.widths[column - 1] if column <= len(plan.widths) else 0
        _whole(sheet, column).columns.hidden = bool(plan.widths) and not width
        if width:
            _whole(sheet, column).column_width = width
    grow(sheet, plan, moved.renamed)
    _cover(sheet, [reference for reference in covered if reference])
    if printed and printed != sheet.page_setup.print_area:
        sheet.page_setup.print_area = printed
    desktop.filter_over(sheet, filtered or "")
    return ()


def grow(sheet: Any, plan: SheetPlan, numbers: Iterable[int]) -> None:
    """Widen those columns that are narrower than the plan's; hidden ones (they tell 0) stay hidden."""
    for number in numbers if desktop.is_desktop(sheet.book) else ():
        cell = sheet.range((1, number))
        if number <= len(plan.widths) and 0 < (cell.column_width or 0) < plan.widths[number - 1]:
            cell.column_width = plan.widths[number - 1]


def _several(moved: ColumnMap, references: str) -> str:
    return " ".join(filter(None, map(moved.reference, references.split())))


def _cover(sheet: Any, wanted: Sequence[str]) -> None:
    """Take conditional formats off columns that got them from a neighbour when they were inserted."""
    found = [reference for _, reference, _ in desktop.rules(sheet)]
    if len(found) == len(wanted):
        for number, (now, reference) in enumerate(zip(found, wanted, strict=True), start=1):
            if now != reference:
                desktop.cover_with(sheet, number, reference)


def _keep_right_side(sheet: Any, right: int, wider: int) -> None:
    """Put what stands right of the table back to where it was: blank columns there give way, or come."""
    for _ in range(max(wider, 0)):
        _whole(sheet, right + 1).delete("left")
    for _ in range(max(-wider, 0)):
        _whole(sheet, right + 1).insert("right")


def _whole(sheet: Any, column: int) -> Any:
    letter = column_letter(column)
    return sheet.range(f"{letter}:{letter}")


def dress_new(sheet: Any, moved: ColumnMap, plan: SheetPlan) -> None:
    """The plan's colours and drop-downs of the new columns, once the table has its rows."""
    fresh = frozenset(moved.fresh)
    for wanted in plan.layout.highlights:
        area = parse_area(wanted.area)
        new = fresh.intersection(columns_of(area)) if area else frozenset()
        if area is None or not new:
            continue
        standing = [] if new.issuperset(columns_of(area)) else list(_standing(sheet, wanted, area))
        for number in standing:
            desktop.cover_with(sheet, number, area.text())
        if not standing:
            highlight(sheet, wanted)
    for choice in plan.layout.choices:
        area = parse_area(choice.area)
        if area is not None and fresh.issuperset(columns_of(area)):
            cells_at(sheet, choice.area).data_validation.delete()
            choose(sheet, choice)


def _standing(sheet: Any, wanted: Highlight, area: Area) -> Iterator[int]:
    """Numbers of the rules inside the highlight's columns that do the same."""
    formula = "".join(wanted.rule.removeprefix("=").split()) if wanted.kind == "formula" else ""
    desktop.stand_on(cells_of(sheet, area))
    for number, (kind, reference, text) in enumerate(desktop.rules(sheet), start=1):
        places = [parse_area(part) for part in reference.split()]
        inside = all(at and area.left <= at.left and at.right <= area.right for at in places)
        if kind == _KINDS[wanted.kind] and inside and "".join(text.removeprefix("=").split()) == formula:
            yield number
