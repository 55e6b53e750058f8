"""A workbook's own parts: which sheets it has, where they stand in the package, its names and settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from kaohe.workbooks.package import names
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.refs import Area, parse_target, target
from kaohe.workbooks.package.shape import Table
from kaohe.workbooks.package.xmlparts import (
    CONTENT_TYPES,
    R_ID,
    Element,
    add_relations,
    local,
    main,
    parse,
    relations,
    relative,
    rels_name,
    write,
)
from kaohe.workbooks.package.zipraw import Archive, read_archive

TYPES_PART = "[Content_Types].xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_KEY_NAME = re.compile(re.escape(names.PREFIX) + r"(\w+)", re.IGNORECASE)
_STRICT = "http://purl.oclc.org/ooxml/"
# CT_Workbook: what stands behind calcPr.
_AFTER_CALC = (
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: ``index`` from 0 in tab order, ``part`` its name in the package."""

    name: str
    index: int
    part: str
    kind: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class BookNames:
    """What the names of a workbook tell: product sheets (key → sheet name) and constants (name → text)."""

    sheets: Mapping[str, str]
    constants: Mapping[str, str]


class Book:
    """The workbook part, its relationships and the content types of one package, while they are changed."""

    def __init__(self, archive: Archive) -> None:
        """Raises PatchRefused for packages that are no plain .xlsx."""
        self.part = _workbook_part(archive)
        self.root = parse(archive.read(self.part), self.part)
        if self.root.tag != main("workbook"):
            strict = _STRICT in str(self.root.tag)
            raise PatchRefused(
                "工作簿是“Strict Open XML”格式,不能安全改写。" if strict else "文件不是 Excel 工作簿。",
                "请在 Excel 中另存为“Excel 工作簿(*.xlsx)”后再试。",
            )
        self.rels = parse(archive.read(rels_name(self.part)), rels_name(self.part))
        self.types = parse(archive.read(TYPES_PART), TYPES_PART)
        self._taken = {name.lower() for name in archive.entries}

    def sheets(self) -> tuple[Sheet, ...]:
        """All sheets in tab order."""
        by_id = {relation.id: relation for relation in relations(self.rels, self.part)}
        found = []
        for index, node in enumerate(self._sheet_nodes()):
            relation = by_id.get(node.get(R_ID, ""))
            if relation is None:
                raise PatchRefused("工作簿的工作表目录已损坏。", "请用 Excel 打开并修复后再试。")
            hidden = node.get("state", "visible") != "visible"
            found.append(Sheet(node.get("name", ""), index, relation.target, relation.kind, hidden))
        return tuple(found)

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name; case does not matter."""
        return next((sheet for sheet in self.sheets() if sheet.name.lower() == name.lower()), None)

    def product_sheet(self, key: str) -> Sheet | None:
        """The sheet the hidden name of ``key`` leads to; None when there is none, or it was deleted."""
        found = names.find(self.root, names.PREFIX + key)
        place = parse_target(found.text) if found else None
        return self.sheet(place[0]) if place else None

    def add_sheet(self, title: str, state: str, first_free: int | None = None) -> Sheet:
        """A new sheet, as the last one or at ``first_free``. Raises PatchRefused when the name is taken."""
        if self.sheet(title) is not None:
            raise PatchRefused(
                f"工作簿里已有一张不属于本系统的工作表“{title}”。", "请把那张表改名后再运行,它的内容不会变。"
            )
        part = self.new_part("worksheets/sheet")
        holder = self.root.find(main("sheets"))
        if holder is None:
            raise PatchRefused("工作簿的工作表目录已损坏。", "请用 Excel 打开并修复后再试。")
        index = len(holder) if first_free is None else first_free
        numbers = [int(node.get("sheetId", "0")) for node in holder]
        node = etree.Element(main("sheet"))
        node.set("name", title)
        node.set("sheetId", str(max(numbers, default=0) + 1))
        if state:
            node.set("state", state)
        path = relative(self.part, part)
        node.set(R_ID, add_relations(self.rels, "worksheet", [path])[path])
        holder.insert(index, node)
        self._renumber_local_names(index)
        self.declare(part, _SHEET_TYPE)
        return Sheet(title, index, part, "worksheet", bool(state))

    def drop_sheet(self, name: str) -> str:
        """Take out the sheet of that name, which must be the last one, and its names; returns its part."""
        sheet = self.sheets()[-1]
        if sheet.name != name:
            raise ValueError(f"{name} is not the last sheet")
        for found in list(names.names(self.root)):
            place = parse_target(found.text)
            if found.sheet == sheet.index or (place and place[0] == name):
                names.remove(self.root, found.name, found.sheet)
        node = self._sheet_nodes()[-1]
        node.getparent().remove(node)
        self._forget(sheet.part)
        return sheet.part

    def hide(self, sheet: Sheet) -> None:
        """Put a sheet out of sight."""
        self._sheet_nodes()[sheet.index].set("state", "hidden")

    def mark(self, key: str, sheet: str, written: Area, table: Table | None) -> None:
        """Note in hidden names which sheet is ``key``, what we wrote there, and where its table stands."""
        names.define(self.root, names.PREFIX + key, target(sheet, Area(1, 1, 1, 1)), hidden=True)
        names.define(self.root, names.PREFIX + key + names.EXTENT, target(sheet, written), hidden=True)
        names.define(self.root, names.PREFIX + key + names.WIDTH, str(written.right), hidden=True)
        if table is None:
            names.remove(self.root, names.PREFIX + key + names.TABLE)
        else:
            names.define(
                self.root, names.PREFIX + key + names.TABLE, target(sheet, table.area()), hidden=True
            )

    def active(self) -> int:
        """Index of the sheet that opens in front."""
        view = self.root.find(f"{main('bookViews')}/{main('workbookView')}")
        return int(view.get("activeTab", "0")) if view is not None else 0

    def activate(self, index: int) -> None:
        """Let that sheet open in front."""
        views = self.root.find(main("bookViews"))
        if views is None:
            views = etree.Element(main("bookViews"))
            holder = self.root.find(main("sheets"))
            self.root.insert(0 if holder is None else self.root.index(holder), views)
        view = views.find(main("workbookView"))
        if view is None:
            view = etree.SubElement(views, main("workbookView"))
        view.set("activeTab", str(index))
        view.attrib.pop("firstSheet", None)

    def recalculate_on_load(self) -> None:
        """Have every formula computed when the workbook is opened next."""
        node = self.root.find(main("calcPr"))
        if node is None:
            node = etree.Element(main("calcPr"))
            after = [i for i, child in enumerate(self.root) if local(child) in _AFTER_CALC]
            self.root.insert(after[0] if after else len(self.root), node)
        node.set("fullCalcOnLoad", "1")

    def drop_calc_chain(self) -> str | None:
        """Forget the order of calculation, which Excel makes anew; returns the part to leave out."""
        chain = next((r for r in relations(self.rels, self.part) if r.kind == "calcChain"), None)
        if chain is None:
            return None
        self._forget(chain.target)
        return chain.target

    def parts(self) -> dict[str, bytes]:
        """The three parts as they are now."""
        return {
            self.part: write(self.root),
            rels_name(self.part): write(self.rels),
            TYPES_PART: write(self.types),
        }

    def new_part(self, stem: str) -> str:
        """A name no part has yet: ``charts/chart`` → xl/charts/chart3.xml."""
        folder = re.sub(r"[^/]*\Z", "", self.part)
        number = 1
        while f"{folder}{stem}{number}.xml".lower() in self._taken:
            number += 1
        part = f"{folder}{stem}{number}.xml"
        self._taken.add(part.lower())
        return part

    def declare(self, part: str, content_type: str) -> None:
        """Enter a new part into the content types."""
        node = etree.SubElement(self.types, f"{{{CONTENT_TYPES}}}Override")
        node.set("PartName", f"/{part}")
        node.set("ContentType", content_type)

    def undeclare(self, part: str) -> None:
        """Take a part that goes out of the content types."""
        for node in [node for node in self.types if node.get("PartName") == f"/{part}"]:
            self.types.remove(node)

    def _forget(self, part: str) -> None:
        """Take a part out of the relationships and content types."""
        ids = {r.id for r in relations(self.rels, self.part) if r.target == part and not r.external}
        for node in [node for node in self.rels if node.get("Id") in ids]:
            self.rels.remove(node)
        self.undeclare(part)

    def _sheet_nodes(self) -> list[Element]:
        return list(self.root.iterfind(f"{main('sheets')}/{main('sheet')}"))

    def _renumber_local_names(self, inserted: int) -> None:
        for name in names.names(self.root):
            if name.sheet is not None and name.sheet >= inserted:
                name.node.set("localSheetId", str(name.sheet + 1))


def _workbook_part(archive: Archive) -> str:
    root = parse(archive.read("_rels/.rels"), "_rels/.rels")
    found = next((r.target for r in relations(root, "") if r.kind == "officeDocument"), None)
    if found is None:
        raise PatchRefused("文件不是 Excel 工作簿。", "请选择 .xlsx 文件。")
    return found


def read_names(source: Path | bytes) -> BookNames:
    """Product sheets and constant names (but for widths of sheets), from the workbook part alone.

    Raises PatchRefused when the file is no .xlsx, OSError when it cannot be read.
    """
    book = Book(read_archive(source if isinstance(source, bytes) else source.read_bytes()))
    shared = [name for name in names.names(book.root) if name.sheet is None]
    found = ((n.name, names.constant(n.text)) for n in shared if not names.is_width(n.name))
    constants = {name: text for name, text in found if text is not None}
    return BookNames(dict(_product_sheets(book, shared)), constants)


def _product_sheets(book: Book, shared: Iterable[names.Name]) -> Iterator[tuple[str, str]]:
    """(key, name of the sheet) for each hidden name that leads to a sheet."""
    present = {sheet.name.lower(): sheet.name for sheet in book.sheets()}
    for name in shared:
        place = parse_target(name.text)
        key = _KEY_NAME.fullmatch(name.name)
        if key and place and place[0].lower() in present:
            yield key[1], present[place[0].lower()]
