"""A printed workbook of one sheet: A4, the state on every page, texts that stay texts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

BODY, HEADING = "宋体", "黑体"
INK, BLUE, GREY, LINE, PALE = "#1F2937", "#1F3864", "#7F7F7F", "#BFBFBF", "#DCE6F1"
OWN, MEAN, LOST = "#2F5597", "#A6A6A6", "#C55A11"
_HEADER_ROOM = 200
"""Characters of a page header that Excel is sure to take (it takes 255, with its codes)."""
_FONT: dict[str, Any] = {"font_name": BODY, "font_scheme": "none", "font_charset": 134, "font_family": 3}
_BASE: dict[str, Any] = {**_FONT, "font_size": 10.5, "font_color": INK, "valign": "vcenter"}
_BOX: dict[str, Any] = {"border": 1, "border_color": LINE}
_LOOKS: Mapping[str, dict[str, Any]] = {
    "title": {"font_name": HEADING, "font_size": 18, "bold": True, "align": "center", "font_color": BLUE},
    "subtitle": {"align": "center", "font_size": 11, "font_color": GREY},
    "section": {"font_name": HEADING, "font_size": 12, "font_color": BLUE, "bold": True},
    "head": {**_BOX, "font_name": HEADING, "align": "center", "text_wrap": True, "bg_color": PALE},
    "text": {**_BOX, "align": "left", "text_wrap": True, "indent": 1},
    "center": {**_BOX, "align": "center", "text_wrap": True},
    "number": {**_BOX, "align": "right", "indent": 1},
    "score": {**_BOX, "align": "right", "indent": 1, "num_format": "0.00"},
    "rate": {**_BOX, "align": "right", "indent": 1, "num_format": "0.0"},
    "card": {**_BOX, "align": "center", "font_size": 10, "font_color": GREY, "bg_color": "#F3F7FC"},
    "value": {
        **_BOX,
        "align": "center",
        "font_name": HEADING,
        "font_size": 16,
        "font_color": BLUE,
        "bold": True,
    },
    "note": {"text_wrap": True, "valign": "top", "font_size": 10.5},
    "grey": {"text_wrap": True, "font_size": 9, "font_color": GREY},
}
Value = str | float | int | None


class Page:
    """One sheet in the making; ``row`` is the next one, counted from 0."""

    def __init__(
        self, name: str, mark: str, *, title: str, author: str, moment: dt.datetime, landscape: bool = False
    ) -> None:
        self._buffer = io.BytesIO()
        fonts = {**_FONT, "font_size": 10.5}
        options = {"in_memory": True, "default_format_properties": fonts}
        self.book = xlsxwriter.Workbook(self._buffer, options)
        self.book.set_properties({"title": title, "author": author, "created": moment})
        self.sheet = self.book.add_worksheet(name)
        self._formats: dict[tuple[str, int], Any] = {}
        self.row = 0
        self.sheet.set_paper(9)
        self.sheet.hide_gridlines(2)
        self.sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
        if landscape:
            self.sheet.set_landscape()
        # & begins a code in a header, and a name may hold one.
        said = mark[:_HEADER_ROOM].replace("&", "&&")
        self.sheet.set_header(f'&R&"{HEADING},常规"&10&KC00000 {said}')
        self.sheet.set_footer(f'&C&"{BODY},常规"&9— &P / &N —')
        self.name = name

    def look(self, name: str, places: int = 2) -> Any:
        """The cell format of a name; ``places`` of a score."""
        if (name, places) not in self._formats:
            own = dict(_LOOKS[name])
            if name == "score":
                own["num_format"] = f"0.{'0' * places}" if places else "0"
            self._formats[name, places] = self.book.add_format({**_BASE, **own})
        return self._formats[name, places]

    def put(self, row: int, column: int, value: Value, look: str = "text", places: int = 2) -> None:
        """A number as a number, a text as a text whatever it begins with."""
        form = self.look(look, places)
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, form)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, clean(value), form)
        else:
            self.sheet.write_number(row, column, value, form)

    def across(self, last: int, text: str, look: str, height: float = 0) -> None:
        """A line over columns 0 to ``last``; the next row comes after it."""
        self.merged(self.row, 0, last, text, look)
        if height:
            self.sheet.set_row(self.row, height)
        self.row += 1

    def merged(self, row: int, first: int, last: int, text: str, look: str) -> None:
        """A text over several columns of a row."""
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", self.look(look))
        self.sheet.write_string(row, first, clean(text), self.look(look))

    def line(self, values: Sequence[Value], looks: Sequence[str], places: int = 2, height: float = 0) -> None:
        """A row of a table."""
        for column, (value, look) in enumerate(zip(values, looks, strict=True)):
            self.put(self.row, column, value, look, places)
        if height:
            self.sheet.set_row(self.row, height)
        self.row += 1

    def finished(self) -> bytes:
        """The workbook's bytes."""
        self.book.close()
        return self._buffer.getvalue()


def clean(text: str) -> str:
    """The text without signs a cell cannot hold."""
    return "".join(
        sign for sign in text if sign in "\n\t" or (sign >= " " and not "\ud800" <= sign <= "\udfff")
    )[:32767]


def height_of(text: str, width: float, line: float = 15.0) -> float:
    """Points a wrapped text takes in a column ``width`` characters wide; a Chinese sign counts as two."""
    lines = 0
    for part in text.split("\n"):
        size = sum(2 if ord(sign) > 0x2E7F else 1 for sign in part)
        lines += max(1, -(-size // max(int(width) - 2, 1)))
    return line * lines + 3


def font(size: float = 9, bold: bool = False) -> dict[str, Any]:
    """The font of a chart."""
    return {"name": HEADING if bold else BODY, "size": size, "bold": False, "color": INK}
