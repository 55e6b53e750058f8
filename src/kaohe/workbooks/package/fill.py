"""Values into cells of a workbook, as a clerk would type them: the cells keep their formats."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kaohe.workbooks.grid import address, column_letter
from kaohe.workbooks.package import oldrows
from kaohe.workbooks.package.book import Book, Sheet
from kaohe.workbooks.package.cells import Texts, tail
from kaohe.workbooks.package.errors import BadPlan, PatchRefused
from kaohe.workbooks.package.oldrows import OldRow
from kaohe.workbooks.package.zipraw import assemble, deflated, read_archive
from kaohe.workbooks.plan import Scalar

_STYLE = re.compile(rb'\ss="(\d+)"')
_FORMULA = re.compile(rb"<f(?: [^>]*)?(?:/>|>.*?</f>)", re.DOTALL)
Cells = Mapping[tuple[int, int], Scalar]


def fill(workbook: bytes, sheet: str, values: Cells, results: Cells | None = None) -> bytes:
    """The workbook with these values in (row, column), both from 1, of a sheet given by name or product key.

    A formula in such a cell is typed over. ``results`` are what formulas come to with the new values: they
    replace the results kept in the file (a cell without formula is left alone); without them formulas keep
    their old results until the workbook is opened. Raises PatchRefused when there is no such sheet or the
    workbook cannot be changed safely, BadPlan for a value no cell can hold.
    """
    archive = read_archive(workbook)
    book = Book(archive)
    place = _find(book, sheet)
    old = oldrows.cut(archive.read(place.part), place.name)
    head, _, rest = old.shell.partition(b"<sheetData/>")
    rows = b"".join(_merged(old.rows, place.name, _by_row(values), _by_row(results or {})))
    book.recalculate_on_load()
    dropped = book.drop_calc_chain()
    changed = {name: deflated(name, [content]) for name, content in book.parts().items()}
    changed[place.part] = deflated(place.part, [head, b"<sheetData>", rows, b"</sheetData>", rest], level=1)
    return assemble(changed.get(n, piece) for n, piece in archive.entries.items() if n != dropped)


def _find(book: Book, sheet: str) -> Sheet:
    found = book.sheet(sheet) or book.product_sheet(sheet)
    if found is None:
        raise PatchRefused(f"工作簿里没有工作表“{sheet}”。", "请检查表名。")
    return found


def _by_row(values: Cells) -> dict[int, dict[int, Scalar]]:
    rows: dict[int, dict[int, Scalar]] = {}
    for (row, column), value in values.items():
        rows.setdefault(row, {})[column] = value
    return rows


def _merged(
    rows: bytes, name: str, wanted: dict[int, dict[int, Scalar]], results: dict[int, dict[int, Scalar]]
) -> list[bytes]:
    """The rows with the values in them; rows that were not there are put where they belong."""
    texts = Texts()
    done: list[bytes] = []
    waiting = sorted(wanted)
    for kept in oldrows.split_rows(rows, name):
        row = _with_results(kept, name, results[kept.number], texts) if kept.number in results else kept
        while waiting and waiting[0] < row.number:
            number = waiting.pop(0)
            done.append(_typed(OldRow(number, b' r="%d"' % number, b""), name, wanted[number], texts))
        if waiting and waiting[0] == row.number:
            done.append(_typed(row, name, wanted[waiting.pop(0)], texts))
        else:
            done.append(b"<row" + row.attributes + b">" + row.body + b"</row>")
    empty = (OldRow(number, b' r="%d"' % number, b"") for number in waiting)
    done += [_typed(row, name, wanted[row.number], texts) for row in empty]
    if texts.cut:
        raise BadPlan("a text too long for a cell")
    return done


def _with_results(row: OldRow, name: str, results: Mapping[int, Scalar], texts: Texts) -> OldRow:
    """One row whose formulas keep these results."""
    cells = []
    for cell in oldrows.split_cells(row, name):
        formula = _FORMULA.search(cell.xml)
        if formula is None or cell.column not in results:
            cells.append(cell.xml)
            continue
        style = _STYLE.search(cell.xml.split(b">", 1)[0])
        start = f'<c r="{column_letter(cell.column)}{row.number}"{style[0].decode() if style else ""}'
        cells.append((start + tail(results[cell.column], formula[0].decode(), texts)).encode())
    return OldRow(row.number, row.attributes, b"".join(cells))


def _typed(row: OldRow, name: str, values: Mapping[int, Scalar], texts: Texts) -> bytes:
    """One row with values typed into it."""
    cells = {cell.column: cell.xml for cell in oldrows.split_cells(row, name)}
    for column, value in values.items():
        style = _STYLE.search(cells.get(column, b"").split(b">", 1)[0])
        attribute = style[0].decode() if style else ""
        try:
            end = tail(value, "", texts)
        except BadPlan as error:
            raise BadPlan(f"sheet {name}: {address(row.number, column)}: {error}") from error
        cells[column] = f'<c r="{address(row.number, column)}"{attribute}{end}'.encode()
    body = b"".join(cells[column] for column in sorted(cells))
    return b"<row" + row.attributes + b">" + body + b"</row>"
