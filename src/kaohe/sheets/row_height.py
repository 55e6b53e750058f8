"""Row heights for wrapped text: spreadsheets do not fit rows of a file that was not saved by one."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LINE = 15.0
"""Points of one line of body text."""
LEAST = 20.0


def display_width(text: str) -> float:
    """Width in characters: Chinese and full-width signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


@lru_cache(maxsize=10_000)
def lines(text: str, width: float) -> int:
    """Lines a text takes in a column of that width (characters)."""
    room = max(width - 0.8, 2)
    return sum(max(1, math.ceil(display_width(piece) / room)) for piece in text.split("\n"))


def height(cells: Iterable[tuple[object, float]], least: float = LEAST) -> float:
    """Height in points of a row of (value, column width) whose texts wrap."""
    most = max((lines(value, width) for value, width in cells if isinstance(value, str) and value), default=1)
    return max(least, most * LINE + 4)
