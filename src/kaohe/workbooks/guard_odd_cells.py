"""A sheet in unusual XML, walked element by element with the reader's own rules for cell positions."""

from __future__ import annotations

import re

from kaohe.workbooks.guard_types import Refused, SheetFacts
from kaohe.workbooks.guard_xml import local, walk

_ADDRESS = re.compile(r"([A-Za-z]{1,7})([0-9]{1,10})")


class _SheetWalk:
    """State of the walk: where we are, and what was found. Rows and columns count from 1."""

    def __init__(self, part: str, percent: frozenset[int]) -> None:
        self.part, self.percent_formats = part, frozenset(map(str, percent))
        self.percent: set[tuple[int, int]] = set()
        self.errors: dict[tuple[int, int], str] = {}
        self.uncached: set[tuple[int, int]] = set()
        self.last_row = self.last_column = 0
        self.root = ""
        self.row = self.column = 1
        self.here = (1, 1)
        self.cell: dict[str, str] = {}
        self.has_formula = self.in_value = self.has_value = self.in_cell = False
        self.value: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if not self.root:
            self.root = tag
        if tag == "row":
            self.row = _whole(attributes["r"], self.part) if "r" in attributes else self.row
        elif tag == "c":
            self._start_cell(attributes)
        elif self.in_cell:
            self.has_formula |= tag == "f"
            self.in_value = tag == "v"
            self.has_value |= tag in ("v", "is")

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.here = (self.row, self.column)
        if "r" in attributes:
            self.here = _place(attributes["r"], self.part)
            self.column = self.here[1]
        self.cell, self.in_cell = attributes, True
        self.has_formula = self.has_value = self.in_value = False
        self.value = []

    def text(self, text: str) -> None:
        if self.in_value:
            self.value.append(text)

    def end(self, name: str) -> None:
        tag = local(name)
        if tag == "v":
            self.in_value = False
        elif tag == "c" and self.in_cell:
            self._end_cell()
        elif tag == "row":
            self.row, self.column = self.row + 1, 1

    def _end_cell(self) -> None:
        if self.has_value or self.has_formula:
            self._note_cell(self.here, self.cell.get("t", "n"), "".join(self.value))
        self.column += 1
        self.in_cell = False

    def _note_cell(self, here: tuple[int, int], kind: str, value: str) -> None:
        if self.has_formula and not value and not (kind == "str" and self.has_value):
            self.uncached.add(here)
        if kind == "e" and value:
            self.errors[here] = value
        if kind == "n" and self.cell.get("s", "") in self.percent_formats:
            self.percent.add(here)
        self.last_row = max(self.last_row, here[0])
        self.last_column = max(self.last_column, here[1])


def walk_sheet(xml: bytes, part: str, percent: frozenset[int]) -> SheetFacts:
    """Facts of one sheet whatever its prefixes, encoding and attribute order; raises Refused."""
    state = _SheetWalk(part, percent)
    walk(xml, part, state.start, state.end, state.text)
    if state.root != "worksheet":
        raise Refused("damaged", what=f"部件 {part} 不是工作表")
    return SheetFacts(
        percent=frozenset(state.percent),
        errors=state.errors,
        uncached=frozenset(state.uncached),
        last_row=state.last_row,
        last_column=state.last_column,
    )


def _place(text: str, part: str) -> tuple[int, int]:
    """'G12' → (12, 7); the reader accepts small letters too."""
    match = _ADDRESS.fullmatch(text)
    if not match:
        raise Refused("damaged", what=f"部件 {part} 中的单元格地址 {text[:20]}")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return _whole(match[2], part), column


def _whole(text: str, part: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or not int(text):
        raise Refused("damaged", what=f"部件 {part} 中的行号 {text[:20]}")
    return int(text)
