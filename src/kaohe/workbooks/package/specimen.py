"""Style roles of the workbook at hand, read from its specimen sheet.

Spreadsheet programs renumber cell formats and differential formats whenever they save, so the numbers are
read anew each time: role → ``cellXfs`` index of column B, ``dxf:`` role → ``dxfId`` of the conditional format
over the cell in column C.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kaohe.workbooks.package.book import Book
from kaohe.workbooks.package.errors import UnknownRole
from kaohe.workbooks.package.names import SPECIMEN
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.package.xmlparts import Element, main, parse, relations
from kaohe.workbooks.package.xmltext import unescaped
from kaohe.workbooks.package.zipraw import Archive

KEY = SPECIMEN.removeprefix("_kaohe.")
DIFFERENTIAL = "dxf:"
_ITEM = re.compile(r"<si(?:\s[^>]*)?(?:/>|>(.*?)</si>)", re.DOTALL)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)
_TEXT = re.compile(r"<t(?:\s[^>]*)?>(.*?)</t>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Roles:
    """Formats by role. ``strict`` False: a role that is not there means no format (no specimen sheet)."""

    cells: Mapping[str, int]
    differential: Mapping[str, int]
    strict: bool = True

    def style(self, role: str) -> int:
        """Index into cellXfs. Raises UnknownRole."""
        if role not in self.cells and self.strict:
            raise _unknown(role)
        return self.cells.get(role, 0)

    def dxf(self, role: str) -> int | None:
        """Index into dxfs; None when the workbook has no specimen. Raises UnknownRole."""
        if role not in self.differential and self.strict:
            raise _unknown(DIFFERENTIAL + role)
        return self.differential.get(role)


NO_ROLES = Roles({}, {}, strict=False)


def _unknown(role: str) -> UnknownRole:
    return UnknownRole(
        f"工作簿的“样式”表里没有样式“{role}”。",
        "请把该行补回(第一列写样式名,第二列为带格式的单元格),或由系统新建的总表复制“样式”表。",
    )


def read_roles(archive: Archive, book: Book) -> Roles | None:
    """The roles of a workbook; None when it has no specimen sheet."""
    sheet = book.product_sheet(KEY)
    if sheet is None:
        return None
    root = parse(archive.read(sheet.part), sheet.part)
    texts = shared_texts(archive, book)
    rules = _rules(root)
    cells: dict[str, int] = {}
    differential: dict[str, int] = {}
    for row in root.iterfind(f"{main('sheetData')}/{main('row')}"):
        line = {_column(cell): cell for cell in row.iterfind(main("c"))}
        role = _text(line["A"], texts) if "A" in line else ""
        if role.startswith(DIFFERENTIAL):
            place = f"C{line['A'].get('r', '')[1:]}"
            if place in rules:
                differential[role.removeprefix(DIFFERENTIAL)] = rules[place]
        elif role:
            cells[role] = int(line["B"].get("s", "0")) if "B" in line else 0
    return Roles(cells, differential)


def _column(cell: Element) -> str:
    return str(cell.get("r", "")).rstrip("0123456789")


def _text(cell: Element, texts: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(node.text or "" for node in cell.iter(main("t"))).strip()
    value = str(cell.findtext(main("v")) or "")
    return texts[int(value)].strip() if cell.get("t") == "s" else value.strip()


def _rules(root: Element) -> dict[str, int]:
    """dxfId by the single cell a conditional format covers; the first rule counts."""
    found: dict[str, int] = {}
    for block in root.iterfind(main("conditionalFormatting")):
        number = next((r.get("dxfId") for r in block.iterfind(main("cfRule")) if r.get("dxfId")), None)
        for text in block.get("sqref", "").split():
            area = parse_area(text)
            if area and area.text() == area.text().split(":")[0] and number is not None:
                found.setdefault(area.text(), int(number))
    return found


def shared_texts(archive: Archive, book: Book) -> list[str]:
    """The workbook's shared strings as plain text, by number."""
    part = next((r.target for r in relations(book.rels, book.part) if r.kind == "sharedStrings"), None)
    if part is None or part not in archive:
        return []
    content = archive.read(part).decode("utf-8", "replace")
    return [plain(item) for item in _ITEM.findall(content)]


def plain(item: str) -> str:
    """The text of one shared or inline string without its readings (furigana)."""
    if "<rPh" in item:
        item = _PHONETIC.sub("", item)
    return unescaped("".join(_TEXT.findall(item)))
