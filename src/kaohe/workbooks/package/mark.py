"""A returned workbook marked for giving back: cells coloured and noted, a list in front."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from kaohe.workbooks.package import oldshell, splice
from kaohe.workbooks.package.adopt import adopt
from kaohe.workbooks.package.book import Book, Sheet
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.mark_notes import drawing, noted, refuse_other_objects
from kaohe.workbooks.package.mark_safe import carried
from kaohe.workbooks.package.patch import finish, open_package
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.package.render import Rendered, Setting, render
from kaohe.workbooks.package.shape import check
from kaohe.workbooks.package.specimen import read_roles
from kaohe.workbooks.package.xmlparts import (
    CONTENT_TYPES,
    R_ID,
    Element,
    add_relations,
    empty_relations,
    main,
    parse,
    relations,
    relative,
    rels_name,
    write,
)
from kaohe.workbooks.package.zipraw import Archive, Piece, assemble, deflated
from kaohe.workbooks.plan import BookPlan, SheetPlan

_SIGN = '"退回"'
_WORD = "退回".encode()
_ALWAYS = f"LEN({_SIGN})>0"
_WHILE_BLANK = f"AND(LEN({_SIGN})>0,LEN(TRIM({{cell}}))=0)"
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_ROW = re.compile(rb"<row\b[^>]*>")
_NUMBER = re.compile(rb'\sr="([0-9]+)"')
_HIDDEN = re.compile(rb'\s(?:hidden="[^"]*"|zeroHeight="[^"]*"|ht="0(?:\.0*)?")')


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell to be marked: its note, and the differential role of its colour.

    ``blank``: what is wrong is that nothing stands there; the colour goes when something does.
    """

    sheet: str
    cell: str
    note: str
    role: str = "bad"
    blank: bool = False


def mark(source: bytes, skeleton: bytes, marks: Sequence[Mark], cover: SheetPlan) -> bytes:
    """The workbook with its cells marked and ``cover`` as its first sheet; marks of an earlier round go.

    Formats of cells, protection, values and identity stay as they are: the colour is a conditional format.
    ``skeleton``: the styles the cover needs. Raises PatchRefused (also for what may not be sent back, see
    mark_safe), UnknownRole, BadPlan.
    """
    check(BookPlan((cover,)))
    archive, book = open_package(adopt(carried(source), skeleton))
    roles = read_roles(archive, book)
    if roles is None:
        raise PatchRefused("模板里没有“样式”表。", "请用系统自带的模板,或由它改出。")
    setting = Setting(archive, book, roles, cover.key)
    by_sheet: dict[str, list[Mark]] = {}
    for each in marks:
        by_sheet.setdefault(each.sheet.lower(), []).append(each)
    first = book.product_sheet(cover.key)
    _refuse_cover(first, archive)
    front = render(setting, cover, 0)
    first = book.product_sheet(cover.key)
    rendered = [front]
    for sheet in book.sheets():
        if sheet.kind == "worksheet" and (first is None or sheet.part != first.part):
            rendered.append(_marked(setting, sheet, by_sheet.pop(sheet.name.lower(), [])))
    if by_sheet:
        raise PatchRefused("原工作簿中没有要标注的工作表。", "退回的是按总表重新做的一份。")
    return assemble(finish(setting, BookPlan((cover,), active=cover.key), rendered))


def _refuse_cover(cover: Sheet | None, archive: Archive) -> None:
    """A list somebody put out of sight cannot be brought to the front; what was drawn on it would stay."""
    if cover is None:
        return
    if cover.hidden:
        raise PatchRefused(f"原工作簿的“{cover.name}”被隐藏。", "退回的是按总表重新做的一份。")
    rels_part = rels_name(cover.part)
    own = relations(parse(archive.read(rels_part), rels_part), cover.part) if rels_part in archive else ()
    if any(each.kind == "vmlDrawing" for each in own):
        raise PatchRefused(f"原工作簿的“{cover.name}”上有批注或控件。", "退回的是按总表重新做的一份。")


def _marked(setting: Setting, sheet: Sheet, marks: Sequence[Mark]) -> Rendered:
    """One sheet with its marks and notes; left alone when it has neither now nor from an earlier round."""
    archive = setting.archive
    content = archive.read(sheet.part)
    rels_part = rels_name(sheet.part)
    rels = parse(archive.read(rels_part), rels_part) if rels_part in archive else empty_relations()
    has_notes = any(r.kind in ("comments", "vmlDrawing") for r in relations(rels, sheet.part))
    if not (marks or has_notes or b"tabSelected" in content or _WORD in content):
        return Rendered({})
    root, rows = splice.open_shell(content, sheet.name)
    oldshell.select(root, False)
    if marks:
        rows = _in_sight(setting.book, sheet, root, rows, {each.cell for each in marks})
    _recolour(root, marks, {each.role: setting.roles.dxf(each.role) for each in marks})
    pieces = _notes(setting, sheet, root, rels, marks) if marks or has_notes else {}
    head, _, rest = write(root).partition(b"<sheetData/>")
    if not rest:
        raise PatchRefused(f"工作表“{sheet.name}”的内部写法不寻常。", "退回的是按总表重新做的一份。")
    body = deflated(sheet.part, [head, b"<sheetData>", rows, b"</sheetData>", rest])
    return Rendered({sheet.part: body, **pieces})


def _in_sight(book: Book, sheet: Sheet, root: Element, rows: bytes, cells: Iterable[str]) -> bytes:
    """The rows, those with marks shown; the sheet and the columns of marks are shown, too."""
    for node in book.root.iter(main("sheet")):
        if node.get("name") == sheet.name:
            node.attrib.pop("state", None)
    places = [area for area in map(parse_area, cells) if area is not None]
    columns, numbers = {area.left for area in places}, {b"%d" % area.top for area in places}
    for column in root.iter(main("col")):
        first, last = (int(column.get(key, "0")) for key in ("min", "max"))
        if any(first <= wanted <= last for wanted in columns) and column.attrib.pop("hidden", None):
            column.set("width", column.get("width") if float(column.get("width", "0")) > 1 else "12")

    def shown(row: re.Match[bytes]) -> bytes:
        number = _NUMBER.search(row[0])
        return _HIDDEN.sub(b"", row[0]) if number and number[1] in numbers else row[0]

    return _ROW.sub(shown, rows)


def _recolour(root: Element, marks: Sequence[Mark], formats: Mapping[str, int | None]) -> None:
    """Take away the colours of an earlier round and put this round's before all other conditional formats."""
    for block in list(root.iterfind(main("conditionalFormatting"))):
        for rule in list(block.iterfind(main("cfRule"))):
            if _SIGN in "".join(str(node.text or "") for node in rule.iterfind(main("formula"))):
                block.remove(rule)
            elif rule.get("priority", "").isdigit():
                rule.set("priority", str(int(rule.get("priority")) + len(marks)))
        if block.find(main("cfRule")) is None:
            root.remove(block)
    for number, each in enumerate(marks, start=1):
        oldshell.place(root, _colour(each, number, formats[each.role]))


def _colour(each: Mark, priority: int, number: int | None) -> Element:
    area = parse_area(each.cell)
    if area is None or not re.fullmatch(r"[A-Z]{1,3}[0-9]{1,7}", each.cell):
        raise PatchRefused("要标注的单元格地址不对。", "退回的是按总表重新做的一份。")
    block = etree.Element(main("conditionalFormatting"), sqref=area.text())
    rule = etree.SubElement(block, main("cfRule"), type="expression", priority=str(priority), stopIfTrue="1")
    if number is not None:
        rule.set("dxfId", str(number))
    formula = etree.SubElement(rule, main("formula"))
    formula.text = _WHILE_BLANK.format(cell=each.cell) if each.blank else _ALWAYS
    return block


def _notes(
    setting: Setting, sheet: Sheet, root: Element, rels: Element, marks: Sequence[Mark]
) -> dict[str, Piece]:
    """The parts of the sheet's notes, and its relationships to them."""
    archive, book = setting.archive, setting.book
    parts = {r.kind: r.target for r in relations(rels, sheet.part) if not r.external}
    if "vmlDrawing" in parts:
        refuse_other_objects(archive.read(parts["vmlDrawing"]))
    old = archive.read(parts["comments"]) if "comments" in parts else None
    content, texts = noted(old, _texts(marks))
    if content is None:
        return _without_notes(root, rels, sheet)
    notes = parts.get("comments") or _free(archive, book, sheet, "comments{}.xml")
    shapes = parts.get("vmlDrawing") or _free(archive, book, sheet, "drawings/vmlDrawing{}.vml")
    _declare(book, notes)
    for kind, part in (("comments", notes), ("vmlDrawing", shapes)):
        if kind not in parts:
            add_relations(rels, kind, [relative(sheet.part, part)])
    ids = {r.kind: r.id for r in relations(rels, sheet.part)}
    _point_at(root, ids["vmlDrawing"])
    return {
        notes: deflated(notes, [content]),
        shapes: deflated(shapes, [drawing(texts, sheet.index + 1)]),
        rels_name(sheet.part): deflated(rels_name(sheet.part), [write(rels)]),
    }


def _texts(marks: Iterable[Mark]) -> dict[str, str]:
    """Cell → what its note says; two marks of one cell are one note."""
    found: dict[str, list[str]] = {}
    for each in marks:
        found.setdefault(each.cell, []).append(each.note)
    return {cell: "\n".join(notes) for cell, notes in found.items()}


def _without_notes(root: Element, rels: Element, sheet: Sheet) -> dict[str, Piece]:
    """All notes of the sheet were ours and are done with: the sheet no longer leads to them."""
    node = root.find(main("legacyDrawing"))
    if node is not None:
        root.remove(node)
    gone = {r.id for r in relations(rels, sheet.part) if r.kind in ("comments", "vmlDrawing")}
    for node in [node for node in rels if node.get("Id") in gone]:
        rels.remove(node)
    return {rels_name(sheet.part): deflated(rels_name(sheet.part), [write(rels)])}


def _point_at(root: Element, rel_id: str) -> None:
    node = root.find(main("legacyDrawing"))
    if node is None:
        node = etree.Element(main("legacyDrawing"))
        oldshell.place(root, node)
    node.set(R_ID, rel_id)


def _free(archive: Archive, book: Book, sheet: Sheet, pattern: str) -> str:
    """A part name nobody has: numbered by the sheet's own part, so that two sheets never meet."""
    folder = book.part.rpartition("/")[0]
    taken = {name.lower() for name in archive.entries}
    number = 9000 + sheet.index
    while f"{folder}/{pattern.format(number)}".lower() in taken:
        number += 1000
    return f"{folder}/{pattern.format(number)}".lstrip("/")


def _declare(book: Book, notes: str) -> None:
    """Content types of a notes part and of its drawing."""
    types = book.types
    if not any(str(node.get("Extension", "")).lower() == "vml" for node in types):
        node = etree.Element(f"{{{CONTENT_TYPES}}}Default", Extension="vml", ContentType=_DRAWING_TYPE)
        types.insert(0, node)
    if not any(node.get("PartName") == f"/{notes}" for node in types):
        etree.SubElement(types, f"{{{CONTENT_TYPES}}}Override", PartName=f"/{notes}", ContentType=_NOTES_TYPE)
