"""Rows that stand in a sheet already: cut apart without building a tree, so that cells not ours can stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.refs import Area, column_number, parse_area

_START = re.compile(rb"<sheetData\s*(?:/>|>)")
_END = b"</sheetData>"
_ROW = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_REFERENCE = re.compile(rb'(?:\A|\s)r="([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(rb"<f\b([^>]*?)(/?)>")
_ATTRIBUTE = re.compile(rb'([A-Za-z0-9:]+)="([^"]*)"')
_RESAVE = "请用 Excel 打开并保存一次后再试。"


@dataclass(frozen=True, slots=True)
class OldSheet:
    """A sheet part cut at its rows: ``shell`` has an empty ``<sheetData/>`` in the place of ``rows``."""

    shell: bytes
    rows: bytes


@dataclass(frozen=True, slots=True)
class OldCell:
    """One cell as it stands in the file."""

    row: int
    column: int
    xml: bytes
    blank: bool


@dataclass(frozen=True, slots=True)
class OldRow:
    """One row: its number, its attributes, what it holds."""

    number: int
    attributes: bytes
    body: bytes


def cut(content: bytes, name: str) -> OldSheet:
    """Cut a sheet part at its rows. Raises PatchRefused when its XML is written in an unusual way."""
    start = _START.search(content)
    if start is None or b"<!--" in content or b"<![CDATA[" in content:
        raise PatchRefused(f"工作表“{name}”的内部写法不寻常,不能安全改写。", _RESAVE)
    if start[0].endswith(b"/>"):
        return OldSheet(content[: start.start()] + b"<sheetData/>" + content[start.end() :], b"")
    end = content.find(_END, start.end())
    if end < 0:
        raise PatchRefused(f"工作表“{name}”不完整。", "请从“备份”文件夹恢复。")
    shell = content[: start.start()] + b"<sheetData/>" + content[end + len(_END) :]
    return OldSheet(shell, content[start.end() : end])


def split_rows(rows: bytes, name: str) -> Iterator[OldRow]:
    """The rows in order. Raises PatchRefused when one does not say its number."""
    for match in _ROW.finditer(rows):
        number = _ROW_NUMBER.search(match[1])
        if number is None:
            raise PatchRefused(f"工作表“{name}”的行没有行号,不能安全改写。", _RESAVE)
        yield OldRow(int(number[1]), match[1], match[2] or b"")


def split_cells(row: OldRow, name: str) -> list[OldCell]:
    """The cells of a row in order. Raises PatchRefused when one does not say its address."""
    found = []
    for match in _CELL.finditer(row.body):
        reference = _REFERENCE.search(match[1])
        if reference is None:
            raise PatchRefused(f"工作表“{name}”第 {row.number} 行的单元格没有地址,不能安全改写。", _RESAVE)
        column = column_number(reference[1].decode())
        found.append(OldCell(row.number, column, match[0], not match[2]))
    return found


def kept_cells(rows: bytes, name: str, ours: Area) -> Iterator[tuple[OldRow, list[OldCell]]]:
    """Rows with their cells outside of ``ours``; rows that lie wholly inside are passed over quickly."""
    for row in split_rows(rows, name):
        inside = ours.top <= row.number <= ours.bottom
        if inside and ours.left == 1 and _last_column(row, name) <= ours.right:
            continue
        cells = split_cells(row, name)
        if inside:
            cells = [cell for cell in cells if not ours.left <= cell.column <= ours.right]
        if cells or not inside:
            yield row, cells


def _last_column(row: OldRow, name: str) -> int:
    """Column of the row's last cell; 0 without cells."""
    at = row.body.rfind(b"<c ")
    if at < 0:
        return 0
    reference = _REFERENCE.search(row.body[at + 2 : row.body.find(b">", at)])
    if reference is None:
        raise PatchRefused(f"工作表“{name}”第 {row.number} 行的单元格没有地址,不能安全改写。", _RESAVE)
    return column_number(reference[1].decode())


def spread_formulas(rows: bytes) -> Iterator[Area]:
    """Ranges of array formulas and data tables, which cannot be cut."""
    if b't="array"' not in rows and b't="dataTable"' not in rows:
        return
    for match in _FORMULA.finditer(rows):
        found = dict(_ATTRIBUTE.findall(match[1]))
        area = parse_area(found.get(b"ref", b"").decode())
        if found.get(b"t") in (b"array", b"dataTable") and area is not None:
            yield area


def orphaned(cells: bytes) -> bool:
    """Whether a cell shares a formula whose text stands in none of these cells."""
    if b't="shared"' not in cells:
        return False
    masters: set[bytes | None] = set()
    users: set[bytes | None] = set()
    for match in _FORMULA.finditer(cells):
        found = dict(_ATTRIBUTE.findall(match[1]))
        if found.get(b"t") == b"shared":
            (masters if b"ref" in found else users).add(found.get(b"si"))
    return not users <= masters
