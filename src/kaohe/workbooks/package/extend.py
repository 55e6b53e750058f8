"""Cells added to a sheet of the office's: they look like a cell that is there, and change no other one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kaohe.workbooks.grid import address
from kaohe.workbooks.package import oldrows
from kaohe.workbooks.package.cells import Texts, tail
from kaohe.workbooks.package.errors import BadPlan, PatchRefused
from kaohe.workbooks.package.oldrows import OldCell, OldRow
from kaohe.workbooks.package.patch import open_package
from kaohe.workbooks.package.zipraw import assemble, deflated
from kaohe.workbooks.plan import Scalar

_STYLE = re.compile(rb'\ss="\d+"')
Place = tuple[int, int]
Added = Mapping[Place, tuple[Scalar, Place]]
"""(row, column) → (value, the cell it shall look like)."""


def extend(workbook: bytes, sheets: Sequence[tuple[str, Added]]) -> bytes:
    """The workbook with cells added to sheets (by name or product key).

    A cell that holds something is left alone and counts as a mistake of the caller: BadPlan. Raises
    PatchRefused when there is no such sheet or the workbook cannot be changed without loss.
    """
    archive, book = open_package(workbook)
    changed = {}
    for name, added in sheets:
        place = book.sheet(name) or book.product_sheet(name)
        if place is None:
            raise PatchRefused(f"工作簿里没有工作表“{name}”。", "请检查表名。")
        old = oldrows.cut(archive.read(place.part), place.name)
        head, _, rest = old.shell.partition(b"<sheetData/>")
        rows = _with(list(oldrows.split_rows(old.rows, place.name)), place.name, added)
        content = [head, b"<sheetData>", *rows, b"</sheetData>", rest]
        changed[place.part] = deflated(place.part, content)
    book.recalculate_on_load()
    dropped = book.drop_calc_chain()
    changed |= {part: deflated(part, [content]) for part, content in book.parts().items()}
    return assemble(changed.get(name, piece) for name, piece in archive.entries.items() if name != dropped)


def _with(rows: Sequence[OldRow], name: str, added: Added) -> list[bytes]:
    """All rows in order, with the added cells in their places."""
    by_number = {row.number: row for row in rows}
    cells = {row.number: oldrows.split_cells(row, name) for row in rows}
    looks = {(cell.row, cell.column): _style(cell) for found in cells.values() for cell in found}
    texts = Texts()
    done = []
    for number in sorted({*by_number, *(row for row, _ in added)}):
        row = by_number.get(number, OldRow(number, b' r="%d"' % number, b""))
        new = {column: item for (at, column), item in added.items() if at == number}
        if not new:
            done.append(_xml(row, row.body))
            continue
        filled = {cell.column for cell in cells.get(number, ()) if not cell.blank}
        if filled & set(new):
            raise BadPlan(f"sheet {name}: {address(number, min(filled & set(new)))} is not blank")
        made = {cell.column: cell.xml for cell in cells.get(number, ())}
        for column, (value, like) in new.items():
            style = looks.get((number, column)) or looks.get(like, b"")
            start = b'<c r="%s"%s' % (address(number, column).encode(), style)
            made[column] = start + tail(value, "", texts).encode()
        done.append(_xml(row, b"".join(made[column] for column in sorted(made))))
    if texts.cut:
        raise BadPlan("a text too long for a cell")
    return done


def _style(cell: OldCell) -> bytes:
    found = _STYLE.search(cell.xml.split(b">", 1)[0])
    return found[0] if found else b""


def _xml(row: OldRow, body: bytes) -> bytes:
    """The row; its hint how far it reaches (spans) would no longer be true and is left out."""
    attributes = re.sub(rb'\sspans="[^"]*"', b"", row.attributes)
    return b"<row" + attributes + b">" + body + b"</row>"
