"""One sheet of a plan into a workbook: made new, or put in the place of the rows that stand there."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kaohe.workbooks.package import beside, columns, followcells, names, newsheet, oldrows, oldshell, splice
from kaohe.workbooks.package.book import Book, Sheet
from kaohe.workbooks.package.changes import Change
from kaohe.workbooks.package.charts import NOTHING_DRAWN, Drawn, draw
from kaohe.workbooks.package.colmap import ColumnMap, match, unmoved
from kaohe.workbooks.package.errors import BadPlan, PatchRefused
from kaohe.workbooks.package.followcols import follow_columns
from kaohe.workbooks.package.links import MAX_LINKS, Link, links_of
from kaohe.workbooks.package.newcolumns import dressed, put_on_new
from kaohe.workbooks.package.newsheet import LinkedTo
from kaohe.workbooks.package.oldtexts import OldTexts
from kaohe.workbooks.package.refs import MAX_ROW, Area, parse_area, parse_target, quote_sheet
from kaohe.workbooks.package.rows import Kept, OnSlot, RowWriter, refuse_slot, with_kept_below
from kaohe.workbooks.package.shape import Table, extent, table
from kaohe.workbooks.package.specimen import Roles
from kaohe.workbooks.package.stretch import Stretch
from kaohe.workbooks.package.tables import stretched_tables
from kaohe.workbooks.package.widths import follow_widths, too_narrow
from kaohe.workbooks.package.xmlparts import (
    Element,
    add_relations,
    empty_relations,
    main,
    parse,
    relations,
    rels_name,
    write,
)
from kaohe.workbooks.package.zipraw import Archive, Piece, deflated
from kaohe.workbooks.plan import SheetPlan

BIG = 20_000
"""Cells from which on a sheet is packed for speed instead of size."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What rendering a sheet needs to know of its workbook; ``front``: key of the sheet to open with."""

    archive: Archive
    book: Book
    roles: Roles
    front: str = ""
    on_slot: OnSlot = field(default=refuse_slot)
    texts: OldTexts = field(init=False)
    """What its cells show, for all sheets: shared texts are read once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", OldTexts(self.archive, self.book))


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one sheet of the plan became: parts by name, and what the office should know."""

    pieces: Mapping[str, Piece]
    notes: tuple[str, ...] = ()
    dropped: frozenset[str] = frozenset()
    """Parts that go: charts whose cells are no more."""
    change: Change | None = None
    """How the sheet's table went, for what refers to it from elsewhere; None for a new sheet."""


def render(setting: Setting, plan: SheetPlan, at: int | None) -> Rendered:
    """The plan's sheet, found by its hidden name; a new one is put at ``at`` (None: behind the others).

    Raises PatchRefused, UnknownRole, and BadPlan that names the sheet.
    """
    try:
        return _render(setting, plan, at)
    except BadPlan as error:
        raise BadPlan(f"sheet {plan.title}: {error}") from error


def _render(setting: Setting, plan: SheetPlan, at: int | None) -> Rendered:
    sheet = setting.book.product_sheet(plan.key)
    if sheet is None:
        return _create_sheet(setting, plan, at)
    if sheet.kind != "worksheet":
        raise PatchRefused(f"工作表“{sheet.name}”不是普通工作表。", "请删除它后再运行,系统会重新建立。")
    return _splice_sheet(setting, plan, sheet)


def put_behind(setting: Setting, sheet: Sheet) -> Rendered:
    """Hide a sheet and take its selection away: two selected sheets would be edited together."""
    root, rows = splice.open_shell(setting.archive.read(sheet.part), sheet.name)
    oldshell.select(root, False)
    setting.book.hide(sheet)
    return Rendered({sheet.part: _sheet_piece(sheet.part, write(root), iter([rows]), 0)})


def _create_sheet(setting: Setting, plan: SheetPlan, at: int | None) -> Rendered:
    book = setting.book
    links, notes = _links(plan)
    rels = empty_relations()
    sheet = book.add_sheet(plan.title, plan.layout.hidden, at)
    shell = newsheet.shell(plan, setting.roles.dxf, _carry(links, rels), plan.key == setting.front)
    book.mark(plan.key, sheet.name, extent(plan), table(plan))
    for name, text in newsheet.print_names(plan, quote_sheet(sheet.name)):
        names.define(book.root, name, text, sheet.index, hidden=name.endswith("_FilterDatabase"))
    drawn = NOTHING_DRAWN
    if plan.charts:
        root = parse(shell, sheet.part)
        drawn = draw(setting.archive, book, plan, sheet, root, rels)
        shell = write(root)
    piece, more = _written(setting, plan, sheet.part, shell, splice.NOTHING_KEPT)
    pieces = {sheet.part: piece, **_rels_piece(sheet.part, rels), **_pieces(drawn)}
    return Rendered(pieces, notes + more + drawn.notes)


def _splice_sheet(setting: Setting, plan: SheetPlan, sheet: Sheet) -> Rendered:
    archive = setting.archive
    root, rows = splice.open_shell(archive.read(sheet.part), sheet.name)
    before = names.area_of(setting.book.root, names.PREFIX + plan.key + names.EXTENT, sheet.name)
    _refuse_moved_columns(setting, plan, sheet, before, rows)
    stretch = _stretch(setting.book, plan, sheet, before)
    moved = _moved_columns(setting, plan, sheet, rows, stretch) if before else None
    rels = _rels_of(archive, sheet.part)
    old = _old_table(archive, sheet, root, rows, rels, stretch)
    moves = beside.carry(old, plan, setting.texts) if old else beside.STAY
    kept = splice.keep_others(rows, sheet.name, before, extent(plan), moves)
    tables = stretched_tables(archive, rels, sheet.part, plan, stretch)
    oldshell.set_dimension(root, kept.reach)
    told: tuple[str, ...] = ()
    empty = stretch.first_rows
    if moved is None:
        oldshell.follow(root, stretch)
        oldshell.widen(root, plan.widths, stretch.was.right)
        if empty and too_narrow(root, plan.widths):
            follow_widths(root, unmoved(plan.widths), plan.widths, empty)
    else:
        told = _move_columns(setting, sheet, root, moved, rels)
        kept = followcells.follow_kept(kept, moved, sheet.name)
        stretch = stretch.in_place()
        oldshell.follow(root, stretch)
        follow_widths(root, moved, plan.widths, empty)
        put_on_new(root, moved, plan, setting.roles.dxf)
    oldshell.name_footer(root, plan.layout.footer)
    ours = before or Area(1, 1, MAX_ROW, stretch.now.right)
    oldshell.replace_merges(root, ours, stretch.now, plan.layout.merges, sheet.name)
    links, notes = _links(plan)
    rels = _relink(root, rels, ours, links, moves)
    if setting.front:
        oldshell.select(root, plan.key == setting.front)
    _follow_in_book(setting.book, plan, sheet, stretch)
    texts = functools.partial(setting.texts.all, rows, sheet.name)
    drawn = draw(archive, setting.book, plan, sheet, root, rels, texts)
    piece, more = _written(setting, plan, sheet.part, write(root), kept)
    pieces = {name: deflated(name, [content]) for name, content in tables.items()}
    return Rendered(
        {sheet.part: piece, **pieces, **_rels_piece(sheet.part, rels), **_pieces(drawn)},
        notes + more + moves.notes + told + drawn.notes,
        drawn.dropped,
        Change(sheet.part, sheet.name, plan, stretch, moved),
    )


def _pieces(drawn: Drawn) -> dict[str, Piece]:
    return {name: deflated(name, [content]) for name, content in drawn.parts.items()}


def _moved_columns(
    setting: Setting, plan: SheetPlan, sheet: Sheet, rows: bytes, stretch: Stretch
) -> ColumnMap | None:
    """Where the columns of the table go; None when they stay where they are."""
    if stretch.old is None or stretch.new is None:
        return None
    texts = setting.texts.row(oldrows.down_to(rows, stretch.old.header), sheet.name, stretch.old.header)
    found = [texts.get(column, "") for column in range(1, stretch.old.right + 1)]
    planned = list(columns.planned_headings(plan))
    planned += [""] * (stretch.new.right - len(planned))
    moved = match(found, planned, dressed(plan))
    return moved if moved.changed else None


def _move_columns(
    setting: Setting, sheet: Sheet, root: Element, moved: ColumnMap, rels: Element | None
) -> tuple[str, ...]:
    """Let everything that hangs on the columns go with them; returns what the office should know."""
    notes = follow_columns(root, moved, sheet.name)
    followcells.follow_names(setting.book, moved, sheet.name)
    commented = [area.left for area in _commented(setting.archive, sheet, rels)]
    if any(moved.column(column) != column for column in commented):
        notes += (f"工作表“{sheet.name}”的批注不随列移动,列变动后请核对。",)
    return notes + followcells.readers(setting.archive, setting.book, moved, sheet)


def _old_table(
    archive: Archive, sheet: Sheet, root: Element, rows: bytes, rels: Element | None, stretch: Stretch
) -> beside.OldTable | None:
    """The table as it stands in the sheet, with what hangs on its rows; None when there is none."""
    if stretch.old is None:
        return None
    merged = oldshell.merged(root)
    commented = frozenset(
        area.top
        for area in _commented(archive, sheet, rels)
        if stretch.old.header < area.top <= stretch.old.last
    )
    return beside.OldTable(sheet.name, rows, stretch.was, stretch.old, merged, commented)


def _commented(archive: Archive, sheet: Sheet, rels: Element | None) -> Iterator[Area]:
    """Cells of the sheet's comments (threaded ones have a plain one as well)."""
    for relation in relations(rels, sheet.part) if rels is not None else ():
        if relation.kind == "comments" and relation.target in archive:
            for node in parse(archive.read(relation.target), relation.target).iter(main("comment")):
                area = parse_area(node.get("ref", ""))
                if area is not None:
                    yield area


def _refuse_moved_columns(
    setting: Setting, plan: SheetPlan, sheet: Sheet, before: Area | None, rows: bytes
) -> None:
    """Raises PatchRefused when the office put a column into our table, or took one out."""
    root = setting.book.root
    width = names.width_of(root, plan.key)
    if before is None or width is None or not columns.moved(before, width):
        return
    table_now = names.area_of(root, names.PREFIX + plan.key + names.TABLE, sheet.name)
    found = setting.texts.row(rows, sheet.name, table_now.top) if table_now else {}
    columns.refuse(sheet.name, before, width, columns.Headings(found, columns.planned_headings(plan)))


def _stretch(book: Book, plan: SheetPlan, sheet: Sheet, before: Area | None) -> Stretch:
    """From where we wrote last, and where the table stood then, to where both are now."""
    area = names.area_of(book.root, names.PREFIX + plan.key + names.TABLE, sheet.name)
    old = Table(area.top, area.bottom, area.right) if area else None
    return Stretch(before or extent(plan), extent(plan), old, table(plan))


def _follow_in_book(book: Book, plan: SheetPlan, sheet: Sheet, stretch: Stretch) -> None:
    """Let names that cover the table to its end follow it: print area, filter, the office's own."""
    for name in names.names(book.root):
        found = parse_target(name.text)
        ours = name.sheet is None and name.name.lower().startswith(names.PREFIX)
        if found and found[0].lower() == sheet.name.lower() and not ours:
            text = stretch.text(found[1])
            if text != found[1]:
                name.node.text = f"{quote_sheet(found[0])}!{text}"
    book.mark(plan.key, sheet.name, stretch.now, stretch.new)


def _links(plan: SheetPlan) -> tuple[list[Link], tuple[str, ...]]:
    """The plan's links, no more than a sheet can hold, and a note if that left some out."""
    links = list(links_of(plan))
    if len(links) <= MAX_LINKS:
        return links, ()
    note = f"工作表“{plan.title}”有 {len(links)} 个链接,超过上限,只保留前 {MAX_LINKS} 个。"
    return links[:MAX_LINKS], (note,)


def _carry(links: Sequence[Link], rels: Element) -> list[LinkedTo]:
    """The links with a relationship for each URL, one per different URL."""
    ids = add_relations(rels, "hyperlink", [link.url for link in links if link.url], external=True)
    return [LinkedTo(link, ids.get(link.url, "")) for link in links]


def _relink(
    root: Element, rels: Element | None, ours: Area, links: Sequence[Link], moves: beside.Moves
) -> Element:
    """Exchange our old links for the new ones; returns the sheet's relationships."""
    gone = oldshell.take_hyperlinks(root, ours)
    oldshell.move_hyperlinks(root, moves.rows)
    if rels is None:
        rels = empty_relations()
    for node in [node for node in rels if node.get("Id") in gone]:
        rels.remove(node)
    oldshell.put_hyperlinks(root, _carry(links, rels))
    return rels


def _rels_of(archive: Archive, part: str) -> Element | None:
    name = rels_name(part)
    return parse(archive.read(name), name) if name in archive else None


def _rels_piece(part: str, rels: Element) -> dict[str, Piece]:
    """The sheet's relationships as a piece; nothing without any."""
    name = rels_name(part)
    return {name: deflated(name, [write(rels)])} if len(rels) else {}


def _written(
    setting: Setting, plan: SheetPlan, part: str, shell: bytes, kept: splice.Kept
) -> tuple[Piece, tuple[str, ...]]:
    """The sheet as a piece, and a note if texts were too long for their cells."""
    writer = RowWriter(plan.roles, setting.roles.style, setting.on_slot)
    stays: Kept = kept.beside
    rows = with_kept_below(writer.chunks(plan.rows, _heights(plan), stays), kept.below)
    area = extent(plan)
    piece = _sheet_piece(part, shell, rows, area.bottom * area.right)
    cut = writer.texts.cut
    note = f"工作表“{plan.title}”有 {cut} 处文字超过 32767 个字符,已截断并以“…”结尾。"
    return piece, (note,) if cut else ()


def _sheet_piece(part: str, shell: bytes, rows: Iterator[bytes], cells: int) -> Piece:
    head, _, rest = shell.partition(newsheet.ROWS_HERE)
    return deflated(part, _around(head, rows, rest), 1 if cells > BIG else 6)


def _around(head: bytes, rows: Iterator[bytes], rest: bytes) -> Iterator[bytes]:
    yield head + b"<sheetData>"
    yield from rows
    yield b"</sheetData>" + rest


def _heights(plan: SheetPlan) -> dict[int, str]:
    """Height attributes by row: fixed as planned, or fitted anew when the text changes."""
    fitted = {row: f' ht="{points}"' for row, points in plan.fitted}
    return fitted | {row: f' ht="{points}" customHeight="1"' for row, points in plan.heights}
