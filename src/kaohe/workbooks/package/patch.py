"""A plan into a workbook, as bytes: our sheets are rendered, everything else is carried over packed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kaohe.workbooks.package import names
from kaohe.workbooks.package.book import Book
from kaohe.workbooks.package.changes import Changes
from kaohe.workbooks.package.errors import BadPlan, PatchRefused
from kaohe.workbooks.package.followbook import follow_elsewhere
from kaohe.workbooks.package.render import Rendered, Setting, put_behind, render
from kaohe.workbooks.package.rows import OnSlot, refuse_slot
from kaohe.workbooks.package.shape import check
from kaohe.workbooks.package.specimen import NO_ROLES, read_roles
from kaohe.workbooks.package.zipraw import Archive, Piece, assemble, deflated, read_archive
from kaohe.workbooks.plan import BookPlan


@dataclass(frozen=True, slots=True)
class Patched:
    """A workbook as bytes, and what the office should know about it (Chinese sentences)."""

    data: bytes
    notes: tuple[str, ...] = ()


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
    rendered = [render(setting, sheet, None) for sheet in plan.sheets]
    return _apply(setting, plan, rendered, _elsewhere(setting, rendered))


def create(skeleton: bytes, plan: BookPlan) -> bytes:
    """A new workbook from a skeleton: the plan's sheets first, the specimen sheet hidden behind them.

    Raises PatchRefused, UnknownRole, BadPlan as :func:`patch` does; BadPlan also for what :func:`patch` would
    write shortened and tell in its notes.
    """
    setting = open_skeleton(skeleton, plan)
    made = _apply(setting, plan, render_all(setting, plan))
    if made.notes:
        raise BadPlan(made.notes[0])
    return made.data


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
    own = [put_behind(setting, sheet) for sheet in setting.book.sheets()]
    return [*own, *(render(setting, sheet, at) for at, sheet in enumerate(plan.sheets))]


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


def _elsewhere(setting: Setting, rendered: Sequence[Rendered]) -> Mapping[str, bytes]:
    """What refers to the sheets that were written, from parts that were not."""
    written = {part for sheet in rendered for part in (*sheet.pieces, *sheet.dropped)}
    changes = Changes([sheet.change for sheet in rendered if sheet.change is not None])
    return follow_elsewhere(setting.archive, setting.book, changes, written)


def _apply(
    setting: Setting,
    plan: BookPlan,
    rendered: Sequence[Rendered],
    followed: Mapping[str, bytes] = MappingProxyType({}),
) -> Patched:
    pieces = finish(setting, plan, rendered, followed)
    return Patched(assemble(pieces), tuple(note for sheet in rendered for note in sheet.notes))


def finish(
    setting: Setting,
    plan: BookPlan,
    rendered: Sequence[Rendered],
    followed: Mapping[str, bytes] = MappingProxyType({}),
) -> list[Piece]:
    """All entries of the new package in order: the old ones, ours in their places, new ones at the end."""
    book = setting.book
    for name, text in plan.names:
        names.define(book.root, name, text, hidden=True)
    names.hide_ours(book.root)
    if setting.front:
        front = book.product_sheet(setting.front)
        book.activate(front.index if front else 0)
    book.recalculate_on_load()
    dropped = {book.drop_calc_chain()}
    changed = {part: deflated(part, [content]) for part, content in followed.items()}
    for sheet in rendered:
        changed |= sheet.pieces
        dropped |= sheet.dropped
    for part, content in book.parts().items():
        changed[part] = deflated(part, [content])
    old = [changed.pop(name, piece) for name, piece in setting.archive.entries.items() if name not in dropped]
    return old + list(changed.values())
