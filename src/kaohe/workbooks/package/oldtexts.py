"""What old cells show as text, whichever way the program that saved them wrote it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from kaohe.workbooks.package import oldrows
from kaohe.workbooks.package.book import Book
from kaohe.workbooks.package.oldrows import OldCell
from kaohe.workbooks.package.specimen import plain, shared_texts
from kaohe.workbooks.package.zipraw import Archive

_TYPE = re.compile(r'\A<c\b[^>]*?\st="(\w+)"')
_VALUE = re.compile(r"<v\b[^>]*>(.*?)</v>", re.DOTALL)


class OldTexts:
    """Texts of the cells of one workbook; the shared strings are read when the first one is needed."""

    def __init__(self, archive: Archive, book: Book) -> None:
        self._archive, self._book = archive, book

    @functools.cached_property
    def _shared(self) -> list[str]:
        return shared_texts(self._archive, self._book)

    def of(self, cell: OldCell) -> str:
        """The cell's text or its number as it stands in the file; '' for a blank one."""
        xml = cell.xml.decode()
        kind = _TYPE.match(xml)
        if kind and kind[1] == "inlineStr":
            return plain(xml)
        value = _VALUE.search(xml)
        if value is None:
            return ""
        if kind and kind[1] == "s":
            number = int(value[1])
            return self._shared[number] if number < len(self._shared) else ""
        return plain(f"<t>{value[1]}</t>")

    def row(self, rows: bytes, sheet: str, number: int) -> Mapping[int, str]:
        """Texts of one row by column."""
        for row in oldrows.split_rows(rows, sheet):
            if row.number == number:
                return {cell.column: self.of(cell) for cell in oldrows.split_cells(row, sheet)}
        return {}

    def all(self, rows: bytes, sheet: str) -> frozenset[str]:
        """Every text of the rows."""
        return frozenset(
            self.of(cell)
            for row in oldrows.split_rows(rows, sheet)
            for cell in oldrows.split_cells(row, sheet)
        )
