"""A workbook not made from our skeletons gets the specimen sheet: its styles stay, ours come behind."""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml import etree

from kaohe.workbooks.package import names
from kaohe.workbooks.package.book import Book, Sheet
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.patch import open_package
from kaohe.workbooks.package.refs import Area, target
from kaohe.workbooks.package.specimen import KEY, shared_texts
from kaohe.workbooks.package.xmlparts import Element, local, main, parse, relations, write
from kaohe.workbooks.package.zipraw import Archive, assemble, deflated

# CT_Stylesheet, in the order the schema wants.
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
_FIRST_OWN_FORMAT = 164


def adopt(source: bytes, skeleton: bytes) -> bytes:
    """The workbook with the skeleton's specimen sheet (hidden, last) and the formats it shows.

    Every other part but the workbook's own, the styles and the content types stays byte for byte. A workbook
    that has a specimen sheet comes back as it is. Raises PatchRefused as :func:`patch` does.
    """
    archive, book = open_package(source)
    if book.product_sheet(KEY) is not None:
        return source
    from_archive, from_book = open_package(skeleton)
    specimen = from_book.product_sheet(KEY)
    if specimen is None:
        raise PatchRefused("模板里没有“样式”表。", "请用系统自带的模板,或由它改出。")
    styles_part = _styles_part(book)
    styles = parse(archive.read(styles_part), styles_part)
    shift = _merge_styles(styles, parse(from_archive.read(_styles_part(from_book)), "styles.xml"))
    sheet = book.add_sheet(specimen.name, "hidden")
    names.define(book.root, names.SPECIMEN, target(sheet.name, Area(1, 1, 1, 1)), hidden=True)
    content = _moved_specimen(from_archive, from_book, specimen, shift)
    changed = {**book.parts(), styles_part: write(styles), sheet.part: content}
    pieces = {name: deflated(name, [part]) for name, part in changed.items()}
    old = [pieces.pop(name, piece) for name, piece in archive.entries.items()]
    return assemble([*old, *pieces.values()])


def _styles_part(book: Book) -> str:
    part = next((r.target for r in relations(book.rels, book.part) if r.kind == "styles"), None)
    if part is None:
        raise PatchRefused("工作簿没有样式部件。", "请用 Excel 打开并保存一次后再试。")
    return part


def _merge_styles(into: Element, ours: Element) -> tuple[int, int]:
    """Append our formats; returns how far cell formats and differential formats have moved."""
    formats = _append_number_formats(into, ours)
    moved = {tag: _append(into, ours, tag) for tag in ("fonts", "fills", "borders")}

    def rewire(xf: Element) -> None:
        for attribute, tag in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            xf.set(attribute, str(int(xf.get(attribute, "0")) + moved[tag]))
        number = int(xf.get("numFmtId", "0"))
        xf.set("numFmtId", str(formats.get(number, number)))
        xf.set("xfId", "0")

    return _append(into, ours, "cellXfs", rewire), _append(into, ours, "dxfs")


def _append(into: Element, ours: Element, tag: str, change: Callable[[Element], None] | None = None) -> int:
    """Append copies of our entries of a list; returns how many were there before."""
    holder, source = _holder(into, tag), ours.find(main(tag))
    before = len(holder)
    for node in source if source is not None else ():
        new = copy.deepcopy(node)
        if change is not None:
            change(new)
        holder.append(new)
    holder.set("count", str(len(holder)))
    return before


def _append_number_formats(into: Element, ours: Element) -> dict[int, int]:
    """Append our own number formats under free numbers; returns old number → new number."""
    source = ours.find(main("numFmts"))
    if source is None:
        return {}
    holder = _holder(into, "numFmts")
    free = max([_FIRST_OWN_FORMAT - 1, *(int(node.get("numFmtId", "0")) for node in holder)]) + 1
    numbers = {}
    for number, node in enumerate(source, start=free):
        new = copy.deepcopy(node)
        numbers[int(node.get("numFmtId", "0"))] = number
        new.set("numFmtId", str(number))
        holder.append(new)
    holder.set("count", str(len(holder)))
    return numbers


def _holder(styles: Element, tag: str) -> Element:
    """The list of that name, put at its place when it is new."""
    holder = styles.find(main(tag))
    if holder is None:
        holder = etree.Element(main(tag))
        before = [i for i, node in enumerate(styles) if local(node) in _ORDER[: _ORDER.index(tag)]]
        styles.insert(before[-1] + 1 if before else 0, holder)
    return holder


def _moved_specimen(archive: Archive, book: Book, sheet: Sheet, shift: tuple[int, int]) -> bytes:
    """The specimen sheet with the new numbers of its formats and its texts in the cells themselves."""
    root = parse(archive.read(sheet.part), sheet.part)
    texts = shared_texts(archive, book)
    for cell in root.iter(main("c")):
        cell.set("s", str(int(cell.get("s", "0")) + shift[0]))
        if cell.get("t") == "s":
            _inline(cell, texts[int(cell.findtext(main("v")) or "0")])
    for rule in root.iter(main("cfRule")):
        if rule.get("dxfId"):
            rule.set("dxfId", str(int(rule.get("dxfId", "0")) + shift[1]))
    for view in root.iter(main("sheetView")):
        view.attrib.pop("tabSelected", None)
    for drawing in [*root.iter(main("drawing")), *root.iter(main("legacyDrawing"))]:
        drawing.getparent().remove(drawing)
    return write(root)


def _inline(cell: Element, text: str) -> None:
    """Put a shared text into its cell."""
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    etree.SubElement(etree.SubElement(cell, main("is")), main("t")).text = text
