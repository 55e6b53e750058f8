"""Rows that stand in a sheet already: cut apart without building a tree, so that cells not ours can stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.refs import Area, column_number, parse_area

_START = re.compile(rb"<sheetData\s*(?:/>|>)")
_END = b"</sheetData>"
_ROW_END = b"</row>"
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
    for piece in rows.split(_ROW_END):
        yield from _rows_in(piece, name)


def _rows_in(piece: bytes, name: str) -> Iterator[OldRow]:
    """Rows up to the end of one that has cells: empty ones written ``<row …/>``, then that one."""
    at = piece.find(b"<row")
    while at >= 0:
        end = piece.find(b">", at)
        attributes = piece[at + 4 : end]
        closed = attributes.endswith(b"/")
        number = _ROW_NUMBER.search(attributes)
        if number is None:
            raise PatchRefused(f"工作表“{name}”的行没有行号,不能安全改写。", _RESAVE)
        yield OldRow(int(number[1]), attributes.rstrip(b"/ "), b"" if closed else piece[end + 1 :])
        at = piece.find(b"<row", end) if closed else -1


def down_to(rows: bytes, number: int) -> bytes:
    """The first rows, at least all those up to ``number``."""
    end = 0
    for _ in range(number):
        at = rows.find(_ROW_END, end)
        if at < 0:
            return rows
        end = at + len(_ROW_END)
    return rows[:end]


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
    from_a1 = (ours.top, ours.left) == (1, 1)
    for piece in rows.split(_ROW_END):
        last = _last_cell(piece)
        if from_a1 and last and last[0] <= ours.bottom and last[1] <= ours.right:
            continue
        for row in _rows_in(piece, name):
            inside = ours.top <= row.number <= ours.bottom
            cells = split_cells(row, name)
            if inside:
                cells = [cell for cell in cells if not ours.left <= cell.column <= ours.right]
            if cells or not inside:
                yield row, cells


def _last_cell(piece: bytes) -> tuple[int, int] | None:
    """(row, column) of the last cell; None when there is none, or it does not say where it is."""
    at = max(piece.rfind(b"<c "), piece.rfind(b"<c>"))
    found = _REFERENCE.search(piece, at + 2) if at >= 0 else None
    return (int(found[2]), column_number(found[1].decode())) if found else None


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
