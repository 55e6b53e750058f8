"""Merged cells of a sheet, for reading tables that people laid out by hand."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

from python_calamine import CalamineWorkbook


class Merged(NamedTuple):
    """A merged range; rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def merged_ranges(data: bytes, sheet: str) -> tuple[Merged, ...]:
    """The merged ranges of a sheet of a workbook that :func:`kaohe.workbooks.read.read_book` has read."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    found = book.get_sheet_by_name(sheet).merged_cell_ranges or []
    ranges = (Merged(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in found)
    return tuple(sorted(ranges))
