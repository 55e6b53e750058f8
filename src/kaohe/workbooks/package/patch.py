"""A plan into a workbook, as bytes: our sheets are rendered, everything else is carried over packed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kaohe.workbooks.package import names, newsheet, oldshell, splice
from kaohe.workbooks.package.book import TYPES_PART, Book, Sheet
from kaohe.workbooks.package.errors import BadPlan, PatchRefused
from kaohe.workbooks.package.links import MAX_LINKS, Link, links_of
from kaohe.workbooks.package.newsheet import LinkedTo
from kaohe.workbooks.package.refs import Area, parse_target, quote_sheet
from kaohe.workbooks.package.rows import OnSlot, RowWriter, refuse_slot, with_kept_below
from kaohe.workbooks.package.shape import Table, check, extent, table
from kaohe.workbooks.package.specimen import NO_ROLES, Roles, read_roles
from kaohe.workbooks.package.stretch import Stretch
from kaohe.workbooks.package.tables import stretched_tables
from kaohe.workbooks.package.xmlparts import (
    Element,
    add_relations,
    empty_relations,
    parse,
    rels_name,
    write,
)
from kaohe.workbooks.package.zipraw import Archive, Piece, assemble, deflated, read_archive
from kaohe.workbooks.plan import BookPlan, SheetPlan

BIG = 20_000
"""Cells from which on a sheet is packed for speed instead of size."""


@dataclass(frozen=True, slots=True)
class Patched:
    """A workbook as bytes, and what the office should know about it (Chinese sentences)."""

    data: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one sheet of the plan became: parts by name, as pieces ready to be stored."""

    pieces: Mapping[str, Piece]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What rendering a sheet needs to know of its workbook."""

    archive: Archive
    book: Book
    roles: Roles
    front: str = ""
    on_slot: OnSlot = field(default=refuse_slot)


def patch_bytes(source: bytes, plan: BookPlan, *, styled: bool = True) -> bytes:
    """The workbook with the plan's sheets in it. See :func:`patch`."""
    return patch(source, plan, styled=styled).data


def patch(source: bytes, plan: BookPlan, *, styled: bool = True) -> Patched:
    """Put the plan's sheets into a workbook and leave every other part as it is.

    A sheet is found by its hidden name, and appended when there is none. ``styled`` False: a workbook without
    specimen sheet is taken, and what it has no style for gets none. Raises PatchRefused when the workbook
    cannot be changed without loss, UnknownRole, and BadPlan for a plan no workbook can hold.
    """
    archive, book = open_package(source)
    roles = read_roles(archive, book)
    if roles is None and styled:
        raise PatchRefused("工作簿里没有“样式”表。", "请用系统新建的总表,或从其中复制“样式”表。")
    check(plan)
    setting = Setting(archive, book, roles or NO_ROLES, _front(book, plan))
    return _apply(setting, plan, [_render(setting, sheet, None) for sheet in plan.sheets])


def create(skeleton: bytes, plan: BookPlan) -> bytes:
    """A new workbook from a skeleton: the plan's sheets first, the specimen sheet hidden behind them.

    Raises PatchRefused, UnknownRole, BadPlan as :func:`patch` does.
    """
    setting = open_skeleton(skeleton, plan)
    return _apply(setting, plan, render_all(setting, plan)).data


def open_skeleton(skeleton: bytes, plan: BookPlan, on_slot: OnSlot = refuse_slot) -> Setting:
    """The setting in which a skeleton's sheets are rendered."""
    archive, book = open_package(skeleton)
    roles = read_roles(archive, book)
    if roles is None:
        raise PatchRefused("模板里没有“样式”表。", "请用系统自带的模板,或由它改出。")
    check(plan)
    front = plan.active or next((s.key for s in plan.sheets if not s.layout.hidden), "")
    if not front:
        raise BadPlan("a workbook needs a sheet in sight")
    return Setting(archive, book, roles, front, on_slot)


def render_all(setting: Setting, plan: BookPlan) -> list[Rendered]:
    """Every sheet of the plan as a new sheet, in front of the skeleton's own, which are hidden."""
    own = [_put_behind(setting, sheet) for sheet in setting.book.sheets()]
    return [*own, *(_render(setting, sheet, at) for at, sheet in enumerate(plan.sheets))]


def _put_behind(setting: Setting, sheet: Sheet) -> Rendered:
    """Hide a sheet and take its selection away: two selected sheets would be edited together."""
    root, rows = splice.open_shell(setting.archive.read(sheet.part), sheet.name)
    oldshell.select(root, False)
    setting.book.hide(sheet)
    head, _, rest = write(root).partition(newsheet.ROWS_HERE)
    return Rendered({sheet.part: deflated(sheet.part, _around(head, iter([rows]), rest))})


def open_package(source: bytes) -> tuple[Archive, Book]:
    """The package and its workbook. Raises PatchRefused for what a change would break."""
    archive = read_archive(source)
    if any(name.lower().startswith("_xmlsignatures/") for name in archive.entries):
        raise PatchRefused("工作簿带数字签名,改写后签名会失效。", "请先删除签名,写入后再重新签名。")
    if any(name.lower().startswith("xl/revisions/") for name in archive.entries):
        raise PatchRefused("工作簿是共享工作簿(带修订记录)。", "请在“审阅”中取消“共享工作簿”后再运行。")
    return archive, Book(archive)


def _front(book: Book, plan: BookPlan) -> str:
    """Key of the sheet to bring to the front: only when the one in front now is written by the plan, too.

    A sheet we do not write keeps its mark of being selected; two marked sheets would be edited together.
    """
    if not plan.active:
        return ""
    now = book.active()
    ours = [book.product_sheet(sheet.key) for sheet in plan.sheets]
    return plan.active if any(sheet is not None and sheet.index == now for sheet in ours) else ""


def _render(setting: Setting, plan: SheetPlan, at: int | None) -> Rendered:
    sheet = setting.book.product_sheet(plan.key)
    if sheet is None:
        return _create_sheet(setting, plan, at)
    if sheet.kind != "worksheet":
        raise PatchRefused(f"工作表“{sheet.name}”不是普通工作表。", "请删除它后再运行,系统会重新建立。")
    return _splice_sheet(setting, plan, sheet)


def _create_sheet(setting: Setting, plan: SheetPlan, at: int | None) -> Rendered:
    book = setting.book
    links, notes = _links(plan)
    rels = empty_relations()
    sheet = book.add_sheet(plan.title, plan.layout.hidden, at)
    shell = newsheet.shell(plan, setting.roles.dxf, _carry(links, rels), plan.key == setting.front)
    book.mark(plan.key, sheet.name, extent(plan), table(plan))
    for name, text in newsheet.print_names(plan, quote_sheet(sheet.name)):
        names.define(book.root, name, text, sheet.index, hidden=name.endswith("_FilterDatabase"))
    writer = RowWriter(plan.roles, setting.roles.style, setting.on_slot)
    rows = writer.chunks(plan.rows, dict(plan.heights), {})
    pieces = {sheet.part: _sheet_piece(sheet.part, shell, rows, plan)}
    return Rendered({**pieces, **_rels_piece(sheet.part, rels)}, notes + _cut_note(writer, plan))


def _splice_sheet(setting: Setting, plan: SheetPlan, sheet: Sheet) -> Rendered:
    book, archive = setting.book, setting.archive
    root, rows = splice.open_shell(archive.read(sheet.part), sheet.name)
    before = names.area_of(book.root, names.PREFIX + plan.key + names.EXTENT, sheet.name)
    written = extent(plan)
    kept = splice.keep_others(rows, sheet.name, before, written)
    ours = before or Area(1, 1, 1_048_576, written.right)
    stretch = Stretch(before or written, written, _old_table(book, plan, sheet), table(plan))
    rels = _rels_of(archive, sheet.part)
    tables = stretched_tables(archive, rels, sheet.part, plan, stretch)
    oldshell.set_dimension(root, kept.reach)
    oldshell.stretch_ranges(root, stretch)
    oldshell.stretch_filter(root, stretch)
    oldshell.replace_merges(root, ours, written, plan.layout.merges, sheet.name)
    links, notes = _links(plan)
    rels = _relink(root, rels, ours, links)
    if setting.front:
        oldshell.select(root, plan.key == setting.front)
    _stretch_names(book, sheet, stretch)
    book.mark(plan.key, sheet.name, written, table(plan))
    writer = RowWriter(plan.roles, setting.roles.style, setting.on_slot)
    chunks = with_kept_below(writer.chunks(plan.rows, dict(plan.heights), kept.beside), kept.below)
    pieces = {sheet.part: _sheet_piece(sheet.part, write(root), chunks, plan)}
    pieces |= {name: deflated(name, [content]) for name, content in tables.items()}
    return Rendered({**pieces, **_rels_piece(sheet.part, rels)}, notes + _cut_note(writer, plan))


def _old_table(book: Book, plan: SheetPlan, sheet: Sheet) -> Table | None:
    """Where the table stood when we wrote it last."""
    area = names.area_of(book.root, names.PREFIX + plan.key + names.TABLE, sheet.name)
    return Table(area.top, area.bottom, area.right) if area else None


def _stretch_names(book: Book, sheet: Sheet, stretch: Stretch) -> None:
    """Let names that cover the table to its end follow it: print area, filter, the office's own."""
    for name in names.names(book.root):
        found = parse_target(name.text)
        ours = name.sheet is None and name.name.lower().startswith(names.PREFIX)
        if found and found[0].lower() == sheet.name.lower() and not ours:
            text = stretch.text(found[1])
            if text != found[1]:
                name.node.text = f"{quote_sheet(found[0])}!{text}"


def _links(plan: SheetPlan) -> tuple[list[Link], tuple[str, ...]]:
    """The plan's links, no more than a sheet can hold."""
    links = list(links_of(plan))
    if len(links) <= MAX_LINKS:
        return links, ()
    note = f"工作表“{plan.title}”有 {len(links)} 个链接,超过上限,只保留前 {MAX_LINKS} 个。"
    return links[:MAX_LINKS], (note,)


def _carry(links: Sequence[Link], rels: Element) -> list[LinkedTo]:
    """The links with a relationship for each URL, one per different URL."""
    ids = add_relations(rels, "hyperlink", [link.url for link in links if link.url], external=True)
    return [LinkedTo(link, ids.get(link.url, "")) for link in links]


def _relink(root: Element, rels: Element | None, ours: Area, links: Sequence[Link]) -> Element | None:
    """Exchange our old links for the new ones; returns the sheet's relationships."""
    gone = oldshell.take_hyperlinks(root, ours)
    for node in list(rels) if rels is not None else ():
        if node.get("Id") in gone and str(node.get("Type")).endswith("/hyperlink"):
            node.getparent().remove(node)
    if rels is None:
        rels = empty_relations()
    oldshell.put_hyperlinks(root, _carry(links, rels))
    return rels


def _rels_of(archive: Archive, part: str) -> Element | None:
    name = rels_name(part)
    return parse(archive.read(name), name) if name in archive else None


def _rels_piece(part: str, rels: Element | None) -> dict[str, Piece]:
    name = rels_name(part)
    return {} if rels is None or not len(rels) else {name: deflated(name, [write(rels)])}


def _sheet_piece(part: str, shell: bytes, rows: Iterator[bytes], plan: SheetPlan) -> Piece:
    head, _, rest = shell.partition(newsheet.ROWS_HERE)
    area = extent(plan)
    level = 1 if area.bottom * area.right > BIG else 6
    return deflated(part, _around(head, rows, rest), level)


def _around(head: bytes, rows: Iterator[bytes], rest: bytes) -> Iterator[bytes]:
    yield head + b"<sheetData>"
    yield from rows
    yield b"</sheetData>" + rest


def _cut_note(writer: RowWriter, plan: SheetPlan) -> tuple[str, ...]:
    if not writer.texts.cut:
        return ()
    return (f"工作表“{plan.title}”有 {writer.texts.cut} 处文字超过 32767 个字符,已截断并以“…”结尾。",)


def _apply(setting: Setting, plan: BookPlan, rendered: Sequence[Rendered]) -> Patched:
    pieces = finish(setting, plan, rendered)
    notes = tuple(note for sheet in rendered for note in sheet.notes)
    return Patched(assemble(pieces), notes)


def finish(setting: Setting, plan: BookPlan, rendered: Sequence[Rendered]) -> list[Piece]:
    """All entries of the new package in order: the old ones, ours in their places, new ones at the end."""
    book = setting.book
    for name, text in plan.names:
        names.define(book.root, name, text, hidden=True)
    names.hide_ours(book.root)
    if setting.front:
        front = book.product_sheet(setting.front)
        book.activate(front.index if front else 0)
    book.recalculate_on_load()
    dropped = book.drop_calc_chain()
    changed: dict[str, Piece] = {}
    for sheet in rendered:
        changed |= sheet.pieces
    for name, content in book.parts().items():
        changed[name] = deflated(name, [content])
    old = [changed.pop(n, piece) for n, piece in setting.archive.entries.items() if n != dropped]
    return old + list(changed.values())


__all__ = ["TYPES_PART", "Patched", "create", "patch", "patch_bytes"]
