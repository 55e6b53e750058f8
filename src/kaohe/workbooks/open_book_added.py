"""Cells added to a sheet of the office's in an open book: blank ones are filled, no other one is touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.grid import address
from kaohe.workbooks.open_book import product_sheets
from kaohe.workbooks.open_book_cells import literal
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.extend import Added


def refuse_added(book: Any, added: Sequence[tuple[str, Added]]) -> None:
    """PatchRefused when a sheet is not there, is protected, or a cell holds something by now."""
    for sheet, cells in _sheets(book, added):
        if desktop.protected(sheet):
            raise PatchRefused(f"工作表“{sheet.name}”有保护,不能登记。", "请撤销工作表保护后再试。")
        for row, column in cells:
            if sheet.range((row, column)).value not in (None, ""):
                where = address(row, column)
                raise PatchRefused(f"工作表“{sheet.name}”的 {where} 已有内容,没有写入。", "请重试一次。")


def write_added(book: Any, added: Sequence[tuple[str, Added]]) -> None:
    """Put the cells in their places; text stays text, whatever it looks like."""
    for sheet, cells in _sheets(book, added):
        for (row, column), (value, _) in cells.items():
            if value is not None:
                cell = sheet.range((row, column))
                cell.value = literal(value, _number_format(cell))


def _sheets(book: Any, added: Sequence[tuple[str, Added]]) -> Iterator[tuple[Any, Added]]:
    present = product_sheets(book)
    names = {sheet.name for sheet in book.sheets}
    for name, cells in added:
        found = name if name in names else present.get(name, "")
        if found not in names:
            raise PatchRefused(f"工作簿里没有工作表“{name}”。", "请检查表名。")
        yield book.sheets[found], cells


def _number_format(cell: Any) -> str:
    """The cell's format; that of a cell nobody formatted where the engine tells none."""
    try:
        return str(cell.number_format or "General")
    except NotImplementedError:
        return "General"
