"""How much text shared strings expand to: one long string used by many cells is copied for each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kaohe.workbooks.guard_types import Limits, Refused
from kaohe.workbooks.guard_xml import local, walk

_SHORTEST_CELL = len('<c t="s"><v>0</v></c>')
_MOST_ANNOUNCED = 1_000_000
_ANNOUNCED = re.compile(rb"""uniqueCount\s*+=\s*+(?:"([^"]*)"|'([^']*)')""")
_END_OF_STRING = re.compile(rb"</(?:\w+:)?si\s*>")


def check_shared_text(strings: bytes, sheets: Sequence[bytes], limits: Limits) -> None:
    """Raise Refused when the cells of these sheets could hold more text than the limit allows.

    Cheap bounds settle nearly every file: all text in every cell that the sheets have room for, then in every
    cell, then the longest text in every cell. Only when all exceed the limit are the references counted.
    """
    _refuse_entities(strings)
    _check_announced(strings)
    if len(strings) * sum(map(len, sheets)) // _SHORTEST_CELL <= limits.shared_text:
        return
    cells = sum(xml.count(b"c ") + xml.count(b"c>") for xml in sheets)
    if len(strings) * cells <= limits.shared_text:
        return
    lengths = [len(piece) for piece in _END_OF_STRING.split(strings)]
    if max(lengths) * cells <= limits.shared_text:
        return
    if sum(_referenced(xml, lengths) for xml in sheets) > limits.shared_text:
        raise Refused("too_much_text")


def _check_announced(strings: bytes) -> None:
    """The reader reserves room for as many strings as the table announces, and dies when there is none.

    Small wrong numbers do no harm; a large one must leave each string a byte. Wherever the word stands it is
    taken for the attribute: nobody writes it, with such a number, into a cell.
    """
    plain = strings.replace(b"\0", b"") if b"\0" in strings[:64] else strings  # UTF-16
    for match in _ANNOUNCED.finditer(plain):
        number = (match[1] or match[2] or b"0").strip()
        if not number.isdigit() or int(number[:20]) > max(_MOST_ANNOUNCED, len(plain)):
            raise Refused("damaged", what="文字表的长度")


def _refuse_entities(strings: bytes) -> None:
    """A string table has no use for a document type."""
    if strings.find(b"!") >= 0 and (b"<!DOCTYPE" in strings or b"<!ENTITY" in strings):
        raise Refused("entity", part="xl/sharedStrings.xml")


def _referenced(xml: bytes, lengths: Sequence[int]) -> int:
    """Bytes of shared text that this sheet's cells refer to (markup counted as text)."""
    total = 0
    shared = False
    value: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal shared
        if local(name) == "c":
            shared = attributes.get("t") == "s"
        value.clear()

    def end(name: str) -> None:
        nonlocal total
        number = "".join(value).strip()
        if shared and local(name) == "v" and number.isdecimal() and int(number) < len(lengths):
            total += lengths[int(number)]
        value.clear()

    walk(xml, "worksheet", start, end, value.append)
    return total
