"""Sheets of a master as they stand in the file: every cell's value and the text of its formula.

Read from the package itself, not through the reader that the scores were made from.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from openpyxl.formula.translate import Translator

from kaohe.rules.column import Plain
from kaohe.rules.errors import ErrorValue
from kaohe.workbooks.grid import address
from kaohe.workbooks.package.book import Book
from kaohe.workbooks.package.refs import column_number
from kaohe.workbooks.package.specimen import shared_texts
from kaohe.workbooks.package.xmlparts import MAIN
from kaohe.workbooks.package.zipraw import read_archive

Place = tuple[int, int]
"""(row, column), both from 1."""
_M = f"{{{MAIN}}}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


Value = Plain
"""None is a blank; error values are :class:`ErrorValue`."""


@dataclass(frozen=True, slots=True)
class SheetCells:
    """A sheet: values of the cells that have one ('' is none), formulas without their ``=``.

    ``unread``: formulas that stand for several cells (arrays, data tables), which are not taken apart.
    """

    name: str
    values: Mapping[Place, Value]
    formulas: Mapping[Place, str]
    unread: frozenset[Place] = frozenset()
    styles: Mapping[Place, int] = field(default_factory=dict)
    """Cell formats (index into cellXfs) of the cells that have a value."""
    hidden_rows: frozenset[int] = frozenset()


def read_sheets(data: bytes, names: Collection[str]) -> dict[str, SheetCells]:
    """The sheets of these names that are there. Raises PatchRefused for what is no plain .xlsx."""
    archive = read_archive(data)
    book = Book(archive)
    texts = shared_texts(archive, book)
    wanted = [sheet for sheet in book.sheets() if sheet.name in names and sheet.part in archive]
    return {sheet.name: _read(sheet.name, archive.read(sheet.part), texts) for sheet in wanted}


def _read(name: str, content: bytes, texts: list[str]) -> SheetCells:
    values: dict[Place, Value] = {}
    formulas: dict[Place, str] = {}
    unread: set[Place] = set()
    shared: dict[str, tuple[str, Place]] = {}
    styles: dict[Place, int] = {}
    hidden: set[int] = set()
    for place, node in _cells(content, hidden):
        value = _value(node, texts)
        if value is not None:
            values[place] = value
            styles[place] = int(node.get("s", "0"))
        formula = node.find(f"{_M}f")
        if formula is None:
            continue
        if formula.get("t") in ("array", "dataTable"):
            unread.add(place)
        elif text := _formula(formula, place, shared):
            formulas[place] = text
    return SheetCells(name, values, formulas, frozenset(unread), styles, frozenset(hidden))


def _cells(content: bytes, hidden: set[int]) -> Iterator[tuple[Place, Any]]:
    """The cells of a sheet part, forgotten one row after another; rows that are hidden into ``hidden``."""
    parser = etree.XMLPullParser(
        events=("end",), tag=f"{_M}row", resolve_entities=False, no_network=True, huge_tree=True
    )
    for start in range(0, len(content), 1 << 20):
        parser.feed(content[start : start + (1 << 20)])
        for _, row in parser.read_events():
            if row.get("hidden") in ("1", "true") or row.get("ht") in ("0", "0.0"):
                hidden.add(int(row.get("r", "0")))
            for node in row.iterfind(f"{_M}c"):
                match = _REFERENCE.fullmatch(node.get("r", ""))
                if match:
                    yield (int(match[2]), column_number(match[1])), node
            row.clear()


def _value(node: Any, texts: list[str]) -> Value:
    kind = node.get("t", "n")
    if kind == "inlineStr":
        inline = "".join(part.text or "" for part in node.iter(f"{_M}t"))
        return _unescaped(inline) or None
    text: str | None = node.findtext(f"{_M}v")
    if not text:
        return None
    if kind == "s":
        number = int(text)
        return _unescaped(texts[number]) or None if number < len(texts) else None
    if kind == "b":
        return text == "1"
    if kind == "e":
        return ErrorValue(text)
    return _number(text) if kind == "n" else _unescaped(text)


def _number(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return text


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _formula(node: Any, place: Place, shared: dict[str, tuple[str, Place]]) -> str:
    """The formula of a cell; one that is shared is moved here from the cell that has its text."""
    text = node.text or ""
    if node.get("t") != "shared":
        return text
    number = node.get("si", "")
    if text:
        shared[number] = (text, place)
        return text
    if number not in shared:
        return ""
    text, home = shared[number]
    moved: str = Translator(f"={text}", address(*home)).translate_formula(address(*place))
    return moved.removeprefix("=")
