"""When two values of a cell are the same: numbers to the fifteenth digit, a blank like an empty text."""

from __future__ import annotations

from kaohe.rules.column import Plain
from kaohe.rules.errors import ErrorValue

NOISE = 1e-14
"""Of the larger number: one unit in the fifteenth digit, which is as much as programs agree on."""


def same_value(one: Plain, other: Plain) -> bool:
    """Whether two programs mean the same.

    A spreadsheet shows fifteen digits, and writes no more than that (LibreOffice) or seventeen (Excel); a
    difference beyond the fifteenth digit is rounding noise and no other value.
    """
    one, other = _plain(one), _plain(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one == other and isinstance(one, ErrorValue) == isinstance(other, ErrorValue)
    return abs(one - other) <= NOISE * max(abs(one), abs(other))


def shown(value: Plain) -> str:
    """A value as a person reads it; '' for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:.15g}" if isinstance(value, int | float) else str(value)


def _plain(value: Plain) -> Plain:
    if isinstance(value, str) and not isinstance(value, ErrorValue):
        return value.replace("\r\n", "\n").replace("\r", "\n") or None
    return value
