"""Row heights and column widths for texts: spreadsheets do not fit those of a file no program has saved."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LINE = 15.0
"""Points of one line of body text."""
LEAST = 20.0
MOST = 405.0
"""A spreadsheet knows no higher row than 409.5 points."""
_PER_UNIT = 1.1
"""Half-width signs of the body font (10.5 points) in one unit of column width (the default font's, 11 points:
7 of 8 pixels, or 1.14), a little less for other fonts."""
_SIDES = 1.5
"""Half-width signs that the indent and the edges take."""
_LOST = 2.0
"""Half-width signs that stay free at the end of a line because the next sign or word does not fit."""


def display_width(text: str) -> float:
    """Width in half-width signs: Chinese and full-width signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def signs(width: float) -> float:
    """Half-width signs that fit on a line of a column of that width (characters), at least two."""
    return max(width * _PER_UNIT - _SIDES, 2.0)


def fitting_width(texts: Iterable[str], least: float, most: float) -> float:
    """The column width (characters) for texts on one line, between ``least`` and ``most``."""
    longest = max(map(display_width, texts), default=0.0)
    return min(max(least, math.ceil((longest + _SIDES) / _PER_UNIT)), most)


@lru_cache(maxsize=10_000)
def lines(text: str, width: float) -> int:
    """Lines a text takes in a column of that width (characters)."""
    return sum(_lines(display_width(piece), signs(width)) for piece in text.split("\n"))


def _lines(needed: float, room: float) -> int:
    return 1 if needed <= room else math.ceil(needed / max(room - _LOST, 2.0))


def height(cells: Iterable[tuple[object, float]], least: float = LEAST) -> float:
    """Height in points of a row of (value, column width) whose texts wrap."""
    most = max((lines(value, width) for value, width in cells if isinstance(value, str) and value), default=1)
    return min(max(least, most * LINE + 4), MOST)
