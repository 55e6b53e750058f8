"""Formulas as text: the same formula however a program writes it, and one pattern for many cells.

``ROUND(J5*K5,2)`` in row 5 and ``ROUND(J6*K6,2)`` in row 6 are one pattern, ``ROUND(x_1*x_2,2)``, with other
references; compiled once, it judges all of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from kaohe.workbooks.package.refs import column_number

_SHEET = r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!"
_PIECES = re.compile(
    r'"(?:[^"]|"")*"'  # a text
    rf"|(?P<row>\bROW\()?(?:{_SHEET})?\$?(?P<c1>[A-Z]{{1,3}})\$?(?P<r1>\d{{1,7}})"
    r"(?::\$?(?P<c2>[A-Z]{1,3})\$?(?P<r2>\d{1,7}))?(?![\w.(!:])(?(row)\))"
    r"|[^\W\d][\w.]*!?|'(?:[^']|'')+'!|\d+\.?\d*(?:[eE][+-]?\d+)?",  # words, numbers: passed over whole
    re.IGNORECASE,
)
_PLAIN_SHEET = re.compile(r"'([^\W\d][\w.]*)'!")


class Area(NamedTuple):
    """Cells a formula refers to; ``sheet`` '' is its own. ``rows``: not their values, their row numbers."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    rows: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return (self.top, self.left) == (self.bottom, self.right)


class Pattern(NamedTuple):
    """A formula in which references are names: ``areas`` belong to x_1, x_2 … in this order."""

    text: str
    areas: tuple[Area, ...]


def name_of(number: int) -> str:
    """The name that stands for the n-th reference, from 0."""
    return f"x_{number + 1}"


def pattern_of(formula: str) -> Pattern:
    """The pattern of a formula; equal references share a name."""
    areas: dict[Area, str] = {}

    def named(match: re.Match[str]) -> str:
        if match["c1"] is None:
            return match[0]
        area = _area(match)
        return areas.setdefault(area, name_of(len(areas)))

    text = _PIECES.sub(named, formula)
    return Pattern(text, tuple(areas))


def _area(match: re.Match[str]) -> Area:
    sheet = (match[2] or "").replace("''", "'") or match[3] or ""
    top, left = int(match["r1"]), column_number(match["c1"].upper())
    bottom = int(match["r2"]) if match["r2"] else top
    right = column_number(match["c2"].upper()) if match["c2"] else left
    return Area(
        sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right), bool(match["row"])
    )


def same_formula(one: str, other: str) -> bool:
    """Whether two formulas are the same but for how a program writes them."""
    return one == other or normal_form(one) == normal_form(other)


@lru_cache(maxsize=4096)
def normal_form(formula: str) -> str:
    """Without blanks, names of functions in capitals, numbers and sheet names in their plainest form."""
    return "".join(_normal(item) for item in Tokenizer(f"={formula}").items if item.type != Token.WSPACE)


def _normal(item: Token) -> str:
    value: str = item.value
    if item.type == Token.OPERAND and item.subtype == Token.NUMBER:
        return f"{float(value):.15g}"
    if item.type == Token.OPERAND and item.subtype == Token.RANGE:
        return _PLAIN_SHEET.sub(r"\1!", value)
    if item.type == Token.OPERAND and item.subtype == Token.LOGICAL:
        return value.upper() + "()"
    if item.type == Token.FUNC:
        return value.upper().removeprefix("_XLFN.")
    return value
