"""Ranges as text and as numbers: ``A1:F9``, ``$A$1``, ``'表 1'!$A$1:$F$9``."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from kaohe.workbooks.grid import address, column_letter

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?\Z")
_TARGET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]]+))!([^!]+)\Z")
_PLAIN_NAME = re.compile(r"[^\W\d][\w.]*\Z")
_CELL_LIKE = re.compile(r"(?:[A-Za-z]{1,3}\d+|[rRcC]\d*|[rR]\d*[cC]\d*)\Z")


class Area(NamedTuple):
    """A rectangle of cells, rows and columns from 1, edges included."""

    top: int
    left: int
    bottom: int
    right: int

    def contains(self, other: Area) -> bool:
        """Whether the other rectangle lies wholly inside."""
        return (
            self.top <= other.top
            and self.left <= other.left
            and self.bottom >= other.bottom
            and self.right >= other.right
        )

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def text(self, absolute: bool = False) -> str:
        """``A1:F9`` (a single cell: ``A1``), with dollars when absolute."""
        first, last = _cell(self.top, self.left, absolute), _cell(self.bottom, self.right, absolute)
        return first if first == last else f"{first}:{last}"


def _cell(row: int, column: int, absolute: bool) -> str:
    return f"${column_letter(column)}${row}" if absolute else address(row, column)


@functools.cache
def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def parse_area(text: str) -> Area | None:
    """The rectangle of an A1 reference; None for anything else (whole columns, names, several areas)."""
    match = _AREA.match(text.strip())
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    first = (int(top), column_number(left))
    last = (int(bottom), column_number(right)) if right else first
    rows, columns = sorted((first[0], last[0])), sorted((first[1], last[1]))
    area = Area(rows[0], columns[0], rows[1], columns[1])
    return area if area.top and area.bottom <= MAX_ROW and area.right <= MAX_COLUMN else None


def parse_target(text: str) -> tuple[str, str] | None:
    """``'表 1'!$A$1`` → (``表 1``, ``$A$1``); None when the text is no reference into one sheet."""
    match = _TARGET.match(text.strip())
    if match is None:
        return None
    quoted, plain, rest = match.groups()
    return (quoted.replace("''", "'") if quoted else plain), rest


def quote_sheet(name: str) -> str:
    """A sheet's name as it stands in a reference: quoted unless it is plain."""
    if _PLAIN_NAME.match(name) and not _CELL_LIKE.match(name) and name.upper() not in {"TRUE", "FALSE"}:
        return name
    return "'" + name.replace("'", "''") + "'"


def target(sheet: str, area: Area) -> str:
    """``排名!$A$1:$F$9``."""
    return f"{quote_sheet(sheet)}!{area.text(absolute=True)}"
