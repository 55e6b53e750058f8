"""Open books without Excel: a file's content as JSON for xlwings' own remote engine, and what its actions do.

``opened`` opens a workbook file in the remote engine. ``Screen`` plays the actions the way a spreadsheet
program would: a text is read as if typed, rows that are inserted push others down.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from kaohe.workbooks.grid import Value
from kaohe.workbooks.package import names
from kaohe.workbooks.package.patch import open_package
from kaohe.workbooks.package.refs import Area, parse_area, parse_target
from kaohe.workbooks.read import read_book

Json = dict[str, Any]


@cache
def xlwings() -> Any:
    """xlwings with its remote engine, also when it was imported before without a licence key."""
    os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")
    import xlwings as xw

    if "remote" not in {engine.name for engine in xw.engines}:
        from xlwings.pro import _xlremote

        xw.engines.add(xw.main.Engine(impl=_xlremote.engine))
    return xw


def as_json(data: bytes, name: str) -> Json:
    """What a client would send of this workbook."""
    book = read_book(data, name)
    assert book.refusal is None, book.refusal
    order = [info.name for info in book.order]
    return {
        "client": "Office.js",
        "version": xlwings().__version__,
        "book": {"name": name, "active_sheet_index": 0, "selection": "A1"},
        "names": list(_names(data, order)),
        "sheets": [
            {
                "name": info.name,
                "values": [[_cell(value) for value in row] for row in _rows(book.sheets[info.name].rows)],
                "visibility": "Hidden" if info.state else "Visible",
                "pictures": [],
                "tables": [],
                "shapes": [],
                "charts": [],
                "notes": [],
                "print_area": None,
            }
            for info in book.order
        ],
    }


def _rows(rows: Iterable[Iterable[Value]]) -> list[list[Value]]:
    lines = [list(row) for row in rows]
    width = max(map(len, lines), default=1)
    return [line + [None] * (width - len(line)) for line in lines] or [[None]]


def _cell(value: Value) -> Any:
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%dT%H:%M:%S}.000Z"
    assert value is None or isinstance(value, str | float | int), value
    return "" if value is None else value


def _names(data: bytes, order: list[str]) -> Iterable[Json]:
    _, book = open_package(data)
    for name in names.names(book.root):
        place = parse_target(name.text)
        area = parse_area(place[1]) if place else None
        if name.sheet is None:
            yield {
                "name": name.name,
                "refers_to": f"={name.text}",
                "sheet_index": order.index(place[0]) if place and place[0] in order else None,
                "address": area.text() if area else None,
                "book_scope": True,
                "scope_sheet_name": None,
                "scope_sheet_index": None,
            }


def opened(path: Path) -> Any:
    """The workbook open in the remote engine."""
    return xlwings().Book(json=as_json(path.read_bytes(), path.name), engine="remote")


def actions(book: Any) -> list[Json]:
    """What was done to the book so far."""
    found: list[Json] = book.json()["actions"]
    return found


def saved(data: bytes, screen: Screen) -> bytes:
    """The file as a program would save it with what is on the screen: cells that differ are typed into it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(data))
    before, changed = Screen.of(data, "x"), False
    for name, sheet in screen.sheets:
        if name not in book.sheetnames:
            book.create_sheet(name)
        old = dict(before.sheets).get(name, Sheet())
        now = sheet.values | {place: f"={text}" for place, text in sheet.formulas.items()}
        for place in old.values.keys() | now.keys():
            if old.values.get(place) != now.get(place):
                value = now.get(place)
                book[name].cell(*place).value = value[1] if isinstance(value, tuple) else value
                changed = True
    copy = io.BytesIO()
    book.save(copy)
    return copy.getvalue() if changed else data


def show(book: Any, screen: Screen) -> None:
    """Let the open book tell the values that are on the screen."""
    cells = dict(screen.sheets)
    for sheet in book.impl.api["sheets"]:
        if sheet["name"] in cells:
            values = cells[sheet["name"]].values
            bottom = max((row for row, _ in values), default=1)
            right = max((column for _, column in values), default=1)
            sheet["values"] = [
                [values.get((row, column), "") for column in range(1, right + 1)]
                for row in range(1, bottom + 1)
            ]


Place = tuple[int, int]
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+(e[-+]?\d+)?%?\Z", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[-/年:]\d{1,2}([-/月:]\d{1,2}日?)?(\s+\d{1,2}:\d{2}(:\d{2})?)?\Z")


@dataclass
class Sheet:
    """One sheet while actions are played."""

    values: dict[Place, Any] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    formats: dict[tuple[str, Place], Any] = field(default_factory=dict)
    links: dict[Place, str] = field(default_factory=dict)
    merges: set[Area] = field(default_factory=set)


@dataclass
class Screen:
    """The book as a user would see it after the actions."""

    sheets: list[tuple[str, Sheet]]
    names: dict[str, str] = field(default_factory=dict)
    shown: int = -1

    @classmethod
    def of(cls, data: bytes, name: str) -> Screen:
        """A workbook as it was opened."""
        sent = as_json(data, name)
        found = []
        for sheet in sent["sheets"]:
            cells = {
                (row, column): value
                for row, line in enumerate(sheet["values"], 1)
                for column, value in enumerate(line, 1)
                if value != ""
            }
            found.append((sheet["name"], Sheet(cells)))
        return cls(found, {entry["name"]: entry["refers_to"] for entry in sent["names"]})

    def sheet(self, name: str) -> Sheet:
        """A sheet by name."""
        return dict(self.sheets)[name]

    def play(self, done: Iterable[Mapping[str, Any]]) -> Screen:
        """Do the actions, one after the other; one that is not known here fails."""
        for action in done:
            getattr(self, f"_{action['func']}")(action)
        return self

    def _at(self, action: Mapping[str, Any]) -> Sheet:
        position: int = action["sheet_position"]
        return self.sheets[position][1]

    def _addSheet(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        index, name = action["args"]
        self.sheets.insert(index, (name, Sheet()))

    def _setValues(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        sheet = self._at(action)
        for place, value in _each(action, action["values"]):
            sheet.formulas.pop(place, None)
            kept = taken(value, sheet.formats.get(("setNumberFormat", place), "General"))
            if kept is None:
                sheet.values.pop(place, None)
            else:
                sheet.values[place] = kept

    def _setFormula(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        sheet = self._at(action)
        for place, text in _each(action, action["values"]):
            assert text.startswith("="), text
            assert sheet.formats.get(("setNumberFormat", place)) != "@", place
            sheet.values.pop(place, None)
            sheet.formulas[place] = text[1:]

    def _rangeInsert(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        sheet, area = self._at(action), _area(action)
        assert action["args"] == ["down", "format_from_left_or_above"]
        count = area.bottom - area.top + 1

        def moved(cells: Mapping[Place, Any]) -> dict[Place, Any]:
            return {
                (row + count if row >= area.top and area.left <= column <= area.right else row, column): value
                for (row, column), value in cells.items()
            }

        sheet.values, sheet.formulas, sheet.links = map(moved, (sheet.values, sheet.formulas, sheet.links))

    def _rangeClear(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        sheet = self._at(action)
        for place in _places(_area(action)):
            for cells in (sheet.values, sheet.formulas, sheet.links):
                cells.pop(place, None)

    def _rangeUnmerge(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        self._at(action).merges.clear()

    def _rangeMerge(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        self._at(action).merges.add(_area(action))

    def _addHyperlink(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        sheet, area = self._at(action), _area(action)
        sheet.links[area.top, area.left] = action["args"][0]
        sheet.values[area.top, area.left] = action["args"][1]

    def _format(self, action: Mapping[str, Any]) -> None:
        sheet, args = self._at(action), action["args"]
        kind = action["func"] if len(args) == 1 else f"{action['func']}.{'.'.join(map(str, args[:-1]))}"
        for place in _places(_area(action)):
            sheet.formats[kind, place] = args[-1]

    _setNumberFormat = _setRangeColor = _setFontProperty = _setHorizontalAlignment = _format  # noqa: N815
    _setVerticalAlignment = _setWrapText = _setBorderProperty = _rangeAdjustIndent = _format  # noqa: N815
    _setRowHeight = _setColumnWidth = _format  # noqa: N815

    def _setNameRefersTo(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        self.names[action["args"][0]] = action["args"][3]

    def _namesAdd(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        self.names[action["args"][0]] = action["args"][1]

    def _activateSheet(self, action: Mapping[str, Any]) -> None:  # noqa: N802
        self.shown = action["args"][0]

    def _nothing(self, action: Mapping[str, Any]) -> None:
        """Actions that do not change what stands in cells."""

    _alert = _save = _rangeSelect = _setColumnHidden = _setPrintArea = _nothing  # noqa: N815
    _freezePaneAtRange = _nothing  # noqa: N815


def _area(action: Mapping[str, Any]) -> Area:
    top, left = action["start_row"] + 1, action["start_column"] + 1
    return Area(top, left, top + action["row_count"] - 1, left + action["column_count"] - 1)


def _places(area: Area) -> Iterable[Place]:
    return (
        (row, column)
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    )


def _each(action: Mapping[str, Any], values: list[list[Any]]) -> Iterable[tuple[Place, Any]]:
    area = _area(action)
    assert len(values) == area.bottom - area.top + 1
    for row, line in enumerate(values, start=area.top):
        assert len(line) == area.right - area.left + 1
        for column, value in enumerate(line, start=area.left):
            yield (row, column), value


def taken(value: Any, number_format: str) -> Any:
    """What a cell holds after a value was put in: text is read as typed unless marked or in a text format."""
    if type(value) in (int, float) and number_format == "@":
        return f"{value:.15g}"
    if not isinstance(value, str):
        return value
    if value == "":
        return None
    if number_format == "@":
        return value
    if value.startswith("'"):
        return value[1:]
    if value.startswith("="):
        return ("formula", value)
    if (
        _NUMBER.match(value.strip())
        or _DATE.match(value.strip())
        or value.strip().lower() in ("true", "false")
    ):
        return ("typed", value)
    return value
