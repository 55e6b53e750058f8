"""One sheet as every reader yields it: values with their kind, addressed from row 1, column 1."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

Value = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's values and what plain values do not tell.

    ``rows`` hold Python values; a blank is None, never ''. ``percent``, ``errors`` and ``uncached``
    are sets of (row, column): cells whose number format shows percent, cells with an error value
    (``errors`` maps to its text, such as ``#DIV/0!``), and formulas saved without a cached value.
    """

    sheet: str
    rows: Sequence[Sequence[Value]]
    percent: frozenset[tuple[int, int]] = frozenset()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()

    def at(self, row: int, column: int) -> Value:
        """The value at (row, column), both from 1; None outside the sheet."""
        if 0 < row <= len(self.rows):
            line = self.rows[row - 1]
            if 0 < column <= len(line):
                return line[column - 1]
        return None


def column_letter(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """(12, 7) → G12."""
    return f"{column_letter(column)}{row}"
