"""A plan put into an open book: rows made or taken, then links, formats, values and formulas in blocks.

What could stand in the way is looked at for every sheet before the first one is touched. Then all sheets get
their new lengths, because inserting rows moves references in what is already written; then their contents.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.grid import address
from kaohe.workbooks.open_book import named_areas, named_number, product_sheets
from kaohe.workbooks.open_book_beside import Moved, read_beside, write_beside
from kaohe.workbooks.open_book_cells import Content, blocks, content
from kaohe.workbooks.open_book_charts import chart_names, charts_noted, draw_charts, forget_others
from kaohe.workbooks.open_book_columns import dress_new, grow, move_columns, moved_columns, refuse_lost
from kaohe.workbooks.open_book_looks import ALL, IN_TABLE, Look, Roles, cells_at, cells_of, paint, read_looks
from kaohe.workbooks.open_book_newsheet import dress
from kaohe.workbooks.package import columns
from kaohe.workbooks.package.colmap import ColumnMap
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.links import parse_link
from kaohe.workbooks.package.names import EXTENT, PREFIX, TABLE, WIDTH
from kaohe.workbooks.package.refs import Area, target
from kaohe.workbooks.package.shape import Table, check, extent, table
from kaohe.workbooks.package.stretch import Stretch
from kaohe.workbooks.plan import BookPlan, Scalar, SheetPlan

CELLS_AT_ONCE = 200_000
"""Cells of one block of values; a larger sheet is written in several."""
MOST_LINKS = 5_000
"""Links are set one by one; a sheet with more of them is written without."""
LONG_TEXT = 8_000
"""Signs from which on a text is written by itself: some versions refuse longer ones inside a block."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Place:
    """A plan, its sheet (None: to be made), what was written there before and where the table stood."""

    plan: SheetPlan
    sheet: Any
    old: Area | None = None
    old_table: Table | None = None
    new: bool = False
    moved: ColumnMap | None = None

    @property
    def now(self) -> Area:
        return extent(self.plan)

    @property
    def first_rows(self) -> bool:
        """Whether a table that had one row at most gets several now."""
        stretch = Stretch(self.now, self.now, self.old_table, table(self.plan))
        return stretch.first_rows

    @property
    def same_head(self) -> bool:
        """Whether everything above the table's body stands where it stood."""
        new = table(self.plan)
        return new is not None and self.old_table is not None and new.header == self.old_table.header


def _silent(done: int, total: int) -> None:
    """Progress for those who do not look."""


def write_plan(book: Any, plan: BookPlan, progress: Progress = _silent) -> tuple[str, ...]:
    """Put the plan's sheets into the open book, and return what the office should know.

    Raises PatchRefused, with nothing written, when a sheet is protected or the office's own content is in the
    way, and BadPlan for a plan no workbook can hold. The book is not saved.
    """
    check(plan)
    present = product_sheets(book)
    places = [_place(book, sheet, present) for sheet in plan.sheets]
    _refuse(book, places)
    looks = read_looks(book, present, set().union(*(Roles.of(sheet).used for sheet in plan.sheets)))
    contents = [_contents(place.plan, looks) for place in places]
    with desktop.quiet(book):
        noted = [_noted(place) for place in places]
        notes = [note for beside in noted for note in beside.notes]
        notes += [note for place in places for note in _move(place)]
        ready = [_reshape(book, _moved_place(place)) for place in places]
        for done, (place, cells) in enumerate(zip(ready, contents, strict=True)):
            progress(done, len(ready))
            notes += _fill(place, cells, looks)
        for place in (place for place in ready if place.plan.charts):
            drawn_before = {} if place.new else charts_noted(book, place.plan, place.sheet.name)
            notes += draw_charts(book, place.sheet, place.plan, drawn_before)
        for place, beside in zip(ready, noted, strict=True):
            write_beside(place.sheet, beside)
        _name(book, ready, plan.names)
        progress(len(ready), len(ready))
        if plan.active:
            next(place.sheet for place in ready if place.plan.key == plan.active).activate()
    return tuple(notes)


def refuse(book: Any, plan: BookPlan) -> None:
    """PatchRefused when the plan cannot be put into the book, before anything else is done for it."""
    present = product_sheets(book)
    _refuse(book, [_place(book, sheet, present) for sheet in plan.sheets])


def _place(book: Any, plan: SheetPlan, present: Mapping[str, str]) -> _Place:
    if plan.key not in present:
        return _Place(plan, None)
    sheet = book.sheets[present[plan.key]]
    areas = named_areas(book, sheet.name)
    was = areas.get(f"{PREFIX}{plan.key}{TABLE}".lower())
    old = areas.get(f"{PREFIX}{plan.key}{EXTENT}".lower())
    before = Table(was.top, was.bottom, was.right) if was and old else None
    return _Place(plan, sheet, old, before, moved=moved_columns(sheet, before, plan))


def _refuse(book: Any, places: Iterable[_Place]) -> None:
    """PatchRefused for whatever would stop the writing half way."""
    names = {sheet.name.lower() for sheet in book.sheets}
    for place in places:
        title = place.plan.title
        if place.sheet is not None:
            _refuse_moved_columns(book, place)
            _refuse_sheet(place)
            if place.moved is not None and place.old is not None:
                refuse_lost(book, place.sheet, place.moved, place.old.bottom)
        elif title.lower() in names:
            raise PatchRefused(
                f"工作簿里已有一张不属于本系统的工作表“{title}”。", "请把那张表改名后再运行,它的内容不会变。"
            )
        elif desktop.fixed_structure(book):
            raise PatchRefused(
                f"工作簿的结构受保护,不能加上工作表“{title}”。", "请在“审阅”中取消“保护工作簿”后再运行。"
            )


def _refuse_moved_columns(book: Any, place: _Place) -> None:
    """PatchRefused when the office put a column into our table, or took one out."""
    width = named_number(book, f"{PREFIX}{place.plan.key}{WIDTH}")
    if place.old is None or width is None or not columns.moved(place.old, width):
        return
    found: dict[int, str] = {}
    if place.old_table is not None:
        header = Area(place.old_table.header, 1, place.old_table.header, max(place.old.right, 2))
        titles = cells_of(place.sheet, header).options(ndim=2).value[0]
        found = {n: str(title) for n, title in enumerate(titles, start=1) if title is not None}
    headings = columns.Headings(found, columns.planned_headings(place.plan))
    columns.refuse(place.sheet.name, place.old, width, headings)


def _refuse_sheet(place: _Place) -> None:
    name, now = place.sheet.name, place.now
    if desktop.protected(place.sheet):
        raise PatchRefused(f"工作表“{name}”受保护,结果写不进去。", "请在“审阅”中撤消工作表保护后再运行。")
    if place.old is None or now.right <= place.old.right:
        return
    beside = now._replace(left=place.old.right + 1)
    for number, row in enumerate(cells_of(place.sheet, beside).options(ndim=2).value, start=1):
        if any(value is not None for value in row):
            raise PatchRefused(
                f"工作表“{name}”第 {number} 行右侧有您自己的内容,系统这次要写到 {now.text()},会覆盖它。",
                "请把这些内容移到更右边的列或另一张工作表后再运行。",
            )


def _noted(place: _Place) -> Moved:
    """What the office wrote right of the table, in the order the rows will have."""
    if place.sheet is None:
        return Moved()
    return read_beside(place.sheet, place.old, place.old_table, place.plan)


def _move(place: _Place) -> tuple[str, ...]:
    """The table with its columns; headings merged over it are drawn anew afterwards."""
    if place.moved is None or place.old is None:
        return ()
    desktop.show_all(place.sheet)
    cells_of(place.sheet, place.old).unmerge()
    return move_columns(place.sheet, place.moved, place.plan)


def _moved_place(place: _Place) -> _Place:
    """What was written before, as far as the columns go now."""
    if place.moved is None or place.old is None or place.old_table is None:
        return place
    right = place.now.right
    return replace(
        place, old=place.old._replace(right=right), old_table=replace(place.old_table, right=right)
    )


def _reshape(book: Any, place: _Place) -> _Place:
    """The sheet with as many rows as the plan has: new ones inside the table, so that ranges over it grow."""
    if place.sheet is None:
        last = [sheet for sheet in book.sheets if desktop.in_sight(sheet)][-1]
        sheet = book.sheets.add(name=place.plan.title, after=last)
        return replace(place, sheet=sheet, new=True)
    sheet, now = place.sheet, place.now
    desktop.show_all(sheet)
    old = place.old or _all_rows(sheet, now)
    cells_of(sheet, old).unmerge()
    desktop.clear_links(cells_of(sheet, old))
    if now.bottom > old.bottom and place.old is not None:
        at = _insert_at(place.old_table, old)
        gap = Area(at, 1, at + now.bottom - old.bottom - 1, old.right)
        cells_of(sheet, gap).insert("down", "format_from_left_or_above")
    elif now.bottom < old.bottom:
        cells_of(sheet, old._replace(top=now.bottom + 1)).clear()
    if place.first_rows:
        grow(sheet, place.plan, range(1, now.right + 1))
    if place.moved is not None and desktop.is_desktop(book):
        dress_new(sheet, place.moved, place.plan)
    return place


def _all_rows(sheet: Any, now: Area) -> Area:
    """Without a note of what was written before, all rows of our columns are ours."""
    used = sheet.used_range
    return now._replace(bottom=max(now.bottom, used.row + used.shape[0] - 1))


def _insert_at(old: Table | None, area: Area) -> int:
    """Above the table's last row; below everything when there is no row to be above of."""
    return old.last if old is not None and old.last > old.header + 1 else area.bottom + 1


def _contents(plan: SheetPlan, looks: Mapping[str, Look]) -> list[list[Content]]:
    """The plan's cells, all rows of one length. Raises BadPlan."""
    roles, width = Roles.of(plan), extent(plan).right
    return [
        [
            content(cell, looks[roles.at(row, column)].number_format)
            for column, cell in enumerate([*line, *[None] * (width - len(line))], start=1)
        ]
        for row, line in enumerate(plan.rows, start=1)
    ]


def _fill(place: _Place, cells: Sequence[Sequence[Content]], looks: Mapping[str, Look]) -> list[str]:
    """Everything a sheet holds; returns notes."""
    sheet, plan, now = place.sheet, place.plan, place.now
    notes = _link(sheet, cells)
    if place.new:
        paint(sheet, now, Roles.of(plan), looks, ALL)
    else:
        top = plan.header_row + 1 if place.same_head else 1
        if top <= now.bottom:
            paint(sheet, now._replace(top=top), Roles.of(plan), looks, IN_TABLE)
    _write_values(sheet, now, cells)
    _write_formulas(sheet, cells)
    for reference in plan.layout.merges:
        cells_at(sheet, reference).merge()
    if place.new:
        dress(sheet, plan)
    return notes


def _link(sheet: Any, cells: Sequence[Sequence[Content]]) -> list[str]:
    """Links, set before the values: a program puts the address into a cell that gets one."""
    linked = [
        parse_link(cell.link, address(row, column))
        for row, line in enumerate(cells, start=1)
        for column, cell in enumerate(line, start=1)
        if cell.link
    ]
    if len(linked) > MOST_LINKS:
        text = f"工作表“{sheet.name}”有 {len(linked)} 个链接,太多,没有写;用命令行汇总时会写上。"
        return [text]
    for link in linked:
        desktop.add_link(cells_at(sheet, link.ref), _plain_path(link.url), link.place)
    return []


def _plain_path(url: str) -> str:
    """The path as a person writes it, unless it holds a sign that means something else in a link."""
    path = urllib.parse.unquote(url)
    return url if "#" in path or "%" in path else path


def _write_values(sheet: Any, area: Area, cells: Sequence[Sequence[Content]]) -> None:
    """All values, a few large blocks; blank where a formula comes."""
    step = max(1, CELLS_AT_ONCE // area.right)
    for start in range(0, len(cells), step):
        part = cells[start : start + step]
        block = Area(start + 1, 1, start + len(part), area.right)
        cells_of(sheet, block).value = [[_short(cell.value) for cell in line] for line in part]
    for row, line in enumerate(cells, start=1):
        for column, cell in enumerate(line, start=1):
            if _short(cell.value) is not cell.value:
                sheet.range((row, column)).value = cell.value


def _short(value: Scalar) -> Scalar:
    """The value, or None for a text that has to be written by itself."""
    return None if isinstance(value, str) and len(value) > LONG_TEXT else value


def _write_formulas(sheet: Any, cells: Sequence[Sequence[Content]]) -> None:
    """Formulas, one block for each rectangle of cells that have them."""
    places = [
        (row, column)
        for row, line in enumerate(cells, start=1)
        for column, cell in enumerate(line, start=1)
        if cell.formula
    ]
    for block in blocks(places):
        rows = cells[block.top - 1 : block.bottom]
        cells_of(sheet, block).formula = [
            [cell.formula for cell in line[block.left - 1 : block.right]] for line in rows
        ]


def _name(book: Any, places: Iterable[_Place], constants: Iterable[tuple[str, str]]) -> None:
    """Note which sheet is which, what was written there, and where its table stands."""
    wanted: dict[str, str] = {}
    for place in places:
        name, title = f"{PREFIX}{place.plan.key}", place.sheet.name
        wanted[name] = target(title, Area(1, 1, 1, 1))
        wanted[name + EXTENT] = target(title, place.now)
        wanted[name + WIDTH] = str(place.now.right)
        found = table(place.plan)
        if found is not None:
            wanted[name + TABLE] = target(title, found.area())
        if place.plan.charts:
            wanted |= {chart: target(title, area) for chart, area in chart_names(place.plan).items()}
            forget_others(book, place.plan)
    known = {str(name.name).lower(): name for name in book.names}
    for title, text in (*wanted.items(), *constants):
        if title.lower() in known:
            known[title.lower()].refers_to = f"={text}"
        else:
            desktop.hide_name(book, book.names.add(title, f"={text}"))
