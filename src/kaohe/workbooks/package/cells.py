"""One cell as XML: the value, the formula with its cached value, and text that can never become a formula."""

from __future__ import annotations

import re

from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.plan import Scalar

MAX_TEXT = 32_767
"""Characters (UTF-16 units) one cell can hold."""
MAX_FORMULA = 8_192
MAX_INTEGER = 10**15
"""Beyond 15 digits a spreadsheet loses digits; such numbers are identifiers and belong in text."""
CUT_MARK = "…"
_MEMO = 100_000

_SPECIAL = re.compile(
    "[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)", re.DOTALL
)
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_": "_x005F_"}


def escape(text: str) -> str:
    """Text for an XML element: line ends as Excel keeps them, characters XML forbids as ``_xHHHH_``.

    Half of a surrogate pair becomes U+FFFD.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SPECIAL.sub(_escape_one, text)


def _escape_one(match: re.Match[str]) -> str:
    found = match[0]
    if found in _NAMED:
        return _NAMED[found]
    return "\ufffd" if "\ud800" <= found <= "\udfff" else f"_x{ord(found):04X}_"


def formula_xml(formula: str) -> str:
    """``<f>…</f>``. Raises BadPlan for an empty formula, one with a leading ``=``, or one too long."""
    if not formula or formula.startswith("=") or len(formula) > MAX_FORMULA:
        raise BadPlan(f"not a formula a cell can hold: {formula[:60]!r}")
    return f"<f>{escape(formula)}</f>"


def units(text: str) -> int:
    """Length of text in UTF-16 units, which is how spreadsheets count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class Texts(dict[str, str]):
    """Rest of a text cell by its text, remembered; ``cut`` counts texts that were too long for a cell."""

    def __init__(self) -> None:
        super().__init__()
        self.cut = 0

    def __missing__(self, text: str) -> str:
        if not text:
            return "/>"
        short = text
        if len(text) > MAX_TEXT // 2 and units(text) > MAX_TEXT:
            short = shorten(text)
            self.cut += 1
        preserve = ' xml:space="preserve"' if short != short.strip() else ""
        tail = f' t="inlineStr"><is><t{preserve}>{escape(short)}</t></is></c>'
        if len(self) >= _MEMO:
            self.clear()
        self[text] = tail
        return tail


def shorten(text: str) -> str:
    """As much of a text as a cell holds, marked at its end."""
    raw = text.encode("utf-16-le", "surrogatepass")[: 2 * (MAX_TEXT - len(CUT_MARK))]
    return raw.decode("utf-16-le", "ignore") + CUT_MARK


def tail(value: Scalar, formula: str, texts: Texts) -> str:
    """What follows ``<c r=… s=…``: type, formula (as XML, or '') and value.

    Raises BadPlan for numbers that are not finite or lose digits, and for types that are no cell value.
    """
    if value is None:
        return f">{formula}</c>" if formula else "/>"
    if isinstance(value, str):
        if not formula:
            return texts[str.__str__(value)]
        return f' t="str">{formula}<v>{escape(cached_text(value))}</v></c>'
    if isinstance(value, bool):
        return f' t="b">{formula}<v>{int(value)}</v></c>'
    return f">{formula}<v>{number(value)}</v></c>"


def cached_text(value: str) -> str:
    """A formula's text result, no longer than a cell holds."""
    return value if len(value) <= MAX_TEXT // 2 or units(value) <= MAX_TEXT else shorten(value)


def number(value: object) -> str:
    """The shortest decimal that reads back as the same double."""
    if isinstance(value, float):
        if value - value != 0.0:
            raise BadPlan(f"not a finite number: {value!r}")
        return float.__repr__(value + 0.0)
    if isinstance(value, int):
        if abs(value) >= MAX_INTEGER:
            raise BadPlan(f"an integer of more than 15 digits must be written as text: {value}")
        return int.__repr__(value)
    raise BadPlan(f"not a cell value: {value!r} ({type(value).__name__})")
