"""A stand-in for Excel's own objects behind xlwings' real desktop engine: a workbook in memory.

Names are Excel's. An attribute that is not here is an error, so that a call Excel does not know is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kaohe.workbooks.package.refs import Area, parse_area
from tests.ribbon.excel_charts import ChartObjects, Sized
from tests.ribbon.remote import Place, Screen, Sheet, saved, taken

_SET = {
    "NumberFormat": "setNumberFormat",
    "HorizontalAlignment": "HorizontalAlignment",
    "VerticalAlignment": "VerticalAlignment",
    "WrapText": "WrapText",
    "ColumnWidth": "ColumnWidth",
    "RowHeight": "RowHeight",
}
_STARTS = {
    "NumberFormat": "General",
    "HorizontalAlignment": 1,
    "VerticalAlignment": -4108,
    "WrapText": False,
    "ColumnWidth": 8.43,
}


class com_error(Exception):  # noqa: N801, N818 (pywin32's name)
    """What Excel raises."""


class Part:
    """Font or Interior of a range: every attribute is a format of its cells."""

    def __init__(self, cells: Range, kind: str, starts: dict[str, Any]) -> None:
        object.__setattr__(self, "_of", (cells, kind, starts))

    def __getattr__(self, name: str) -> Any:
        cells, kind, starts = self._of
        return cells.format(f"{kind}.{name}", starts[name])

    def __setattr__(self, name: str, value: Any) -> None:
        cells, kind, starts = self._of
        assert name in starts, name
        if (kind, name) == ("Interior", "Color"):
            cells.put("Interior.ColorIndex", 1)
        cells.put(f"{kind}.{name}", value)


class Count:
    """Rows or Columns of a range."""

    def __init__(self, count: int) -> None:
        self.Count = count


class Range(Sized):
    """A rectangle of a sheet."""

    def __init__(self, sheet: Worksheet, area: Area) -> None:
        self.__dict__.update(
            Worksheet=sheet,
            area=area,
            Row=area.top,
            Column=area.left,
            Rows=Count(area.bottom - area.top + 1),
            Columns=Count(area.right - area.left + 1),
            Font=Part(
                self, "Font", {"Bold": False, "Color": 0, "Name": "宋体", "Size": 11.0, "Underline": -4142}
            ),
            Interior=Part(self, "Interior", {"Color": 16777215, "ColorIndex": -4142}),
        )

    def __call__(self, row: int, column: int) -> Range:
        """A cell, counted from the first one, also beyond the edge."""
        cell: Range = self.Worksheet.Cells(self.area.top + row - 1, self.area.left + column - 1)
        return cell

    @property
    def places(self) -> list[Place]:
        """All cells, row by row."""
        rows, columns = range(self.area.top, self.area.bottom + 1), range(self.area.left, self.area.right + 1)
        return [(row, column) for row in rows for column in columns]

    def format(self, kind: str, start: Any) -> Any:
        """What the cells have in common; None when they differ."""
        found = {self.Worksheet.cells.formats.get((kind, place), start) for place in self.places}
        return found.pop() if len(found) == 1 else None

    def put(self, kind: str, value: Any) -> None:
        """Give all cells a format."""
        self.Worksheet.touch()
        self.Worksheet.cells.formats.update({(kind, place): value for place in self.places})

    def __getattr__(self, name: str) -> Any:
        if name in _STARTS:
            return self.format(_SET[name], _STARTS[name])
        raise AssertionError(f"Range.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("Value", "Formula"):
            getattr(self, f"_put_{name.lower()}")(value)
        else:
            self.put(_SET[name], value)

    @property
    def Value(self) -> Any:  # noqa: N802
        """One value, or a tuple of rows."""
        values, area = self.Worksheet.cells.values, self.area
        rows = tuple(
            tuple(values.get((row, column)) for column in range(area.left, area.right + 1))
            for row in range(area.top, area.bottom + 1)
        )
        return rows[0][0] if len(self.places) == 1 else rows

    @property
    def Formula(self) -> Any:  # noqa: N802
        """Formulas with their =, other content as text: one, or a tuple of rows."""
        cells, area = self.Worksheet.cells, self.area

        def text(place: Place) -> str:
            return (
                f"={cells.formulas[place]}" if place in cells.formulas else str(cells.values.get(place, ""))
            )

        rows = tuple(
            tuple(text((row, column)) for column in range(area.left, area.right + 1))
            for row in range(area.top, area.bottom + 1)
        )
        return rows[0][0] if len(self.places) == 1 else rows

    @property
    def MergeCells(self) -> bool | None:  # noqa: N802
        """Whether the cells are merged; None when only some are."""
        merged = {
            any(area.contains(Area(row, column, row, column)) for area in self.Worksheet.cells.merges)
            for row, column in self.places
        }
        return merged.pop() if len(merged) == 1 else None

    def _put_value(self, rows: Any) -> None:
        self.Worksheet.touch(self.places)
        cells = self.Worksheet.cells
        flat = [value for row in rows for value in row] if isinstance(rows, list | tuple) else [rows]
        assert len(flat) == len(self.places)
        for place, value in zip(self.places, flat, strict=True):
            cells.formulas.pop(place, None)
            cells.values.pop(place, None)
            kept = taken(value, cells.formats.get(("setNumberFormat", place), "General"))
            cells.values.update({} if kept is None else {place: kept})

    def _put_formula(self, rows: Sequence[Sequence[str]] | str) -> None:
        self.Worksheet.touch()
        flat = [rows] if isinstance(rows, str) else [text for row in rows for text in row]
        for place, text in zip(self.places, flat, strict=True):
            assert text.startswith("="), text
            self.Worksheet.cells.values.pop(place, None)
            self.Worksheet.cells.formulas[place] = text[1:]

    def Insert(self, Shift: int, CopyOrigin: int) -> None:  # noqa: N802, N803
        """Push cells down."""
        assert (Shift, CopyOrigin) == (-4121, 0)
        assert not self.Worksheet.book.Application.CutCopyMode, "what was copied would be inserted"
        self.Worksheet.book.screen.play([self._action("rangeInsert", ["down", "format_from_left_or_above"])])

    def Clear(self) -> None:  # noqa: N802
        """Content and formats."""
        self.Worksheet.book.screen.play([self._action("rangeClear", [None])])

    def UnMerge(self) -> None:  # noqa: N802
        """Separate merged cells."""
        self.Worksheet.touch()
        self.Worksheet.cells.merges.clear()

    def Merge(self, across: bool) -> None:  # noqa: N802
        """Make one cell."""
        self.Worksheet.cells.merges.add(self.area)

    def ClearHyperlinks(self) -> None:  # noqa: N802
        """Take links off."""
        for place in self.places:
            self.Worksheet.cells.links.pop(place, None)

    def InsertIndent(self, steps: int) -> None:  # noqa: N802
        """Indent."""
        self.put("Indent", steps)

    def Select(self) -> None:  # noqa: N802
        """Select."""
        self.Worksheet.book.selected = (self.Worksheet.Name, self.area.text())

    def Borders(self, side: int) -> Part:  # noqa: N802
        """One side's line."""
        return Part(self, f"Border{side}", {"LineStyle": 0, "Color": 0, "Weight": 2})

    def _action(self, func: str, args: list[Any]) -> dict[str, Any]:
        self.Worksheet.touch()
        area = self.area
        return {
            "func": func,
            "args": args,
            "sheet_position": self.Worksheet.Index - 1,
            "start_row": area.top - 1,
            "start_column": area.left - 1,
            "row_count": area.bottom - area.top + 1,
            "column_count": area.right - area.left + 1,
        }


class Hyperlinks:
    """The links of a sheet."""

    def __init__(self, cells: Sheet) -> None:
        self.cells = cells

    def Add(self, Anchor: Range, Address: str, SubAddress: str) -> None:  # noqa: N802, N803
        """A link; the cell then shows where it leads."""
        place = (Anchor.Row, Anchor.Column)
        self.cells.links[place] = f"{Address}#{SubAddress}" if SubAddress else Address
        self.cells.values[place] = Address or SubAddress


class Tab:
    """A sheet's tab."""

    Color = 0


class Worksheet:
    """One sheet; ``touched`` tells whether anything was written."""

    def __init__(self, book: Workbook, name: str, cells: Sheet) -> None:
        self.book, self.Name, self.cells, self.Parent = book, name, cells, book
        self.ProtectContents = self.FilterMode = self.touched = False
        self.unlocked: set[Place] = set()
        self.Visible, self.Tab, self.Hyperlinks = -1, Tab(), Hyperlinks(cells)
        self.charts = ChartObjects()

    def ChartObjects(self) -> ChartObjects:  # noqa: N802
        """The charts that float over the sheet."""
        return self.charts

    def touch(self, typed: Sequence[Place] = ()) -> None:
        """Note a change; a protected sheet takes only what is typed into unlocked cells.

        A filtered one would put it astray.
        """
        free = typed and self.unlocked.issuperset(typed)
        assert free or not self.ProtectContents, f"{self.Name} is protected"
        assert not self.FilterMode, f"{self.Name} is filtered"
        self.touched = True

    @property
    def Index(self) -> int:  # noqa: N802
        """Position from 1."""
        return [name for name, _ in self.book.screen.sheets].index(self.Name) + 1

    @property
    def UsedRange(self) -> Range:  # noqa: N802
        """From A1 to the last cell with content."""
        rows, columns = zip(*(self.cells.values or {(1, 1): None}), strict=True)
        return Range(self, Area(1, 1, max(rows), max(columns)))

    def Cells(self, row: int, column: int) -> Range:  # noqa: N802
        """One cell."""
        return Range(self, Area(row, column, row, column))

    def Range(self, first: Range | str, last: Range | None = None) -> Range:  # noqa: N802
        """From one cell to another."""
        if isinstance(first, str) or last is None:
            area = parse_area(str(first))
            assert area is not None
            return Range(self, area)
        return Range(self, Area(first.Row, first.Column, last.area.bottom, last.area.right))

    def ShowAllData(self) -> None:  # noqa: N802
        """Show what a filter hides."""
        self.FilterMode = False

    def Activate(self) -> None:  # noqa: N802
        """Bring to the front."""
        self.book.active = self.Name


class Worksheets:
    """The sheets of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.book = self.Parent = book

    def __iter__(self) -> Iterator[Worksheet]:
        return iter(self.book.sheets)

    @property
    def Count(self) -> int:  # noqa: N802
        """How many."""
        return len(self.book.sheets)

    def __call__(self, which: int | str) -> Worksheet:
        by_name = {sheet.Name: sheet for sheet in self.book.sheets}
        return self.book.sheets[which - 1] if isinstance(which, int) else by_name[which]


class Name:
    """A defined name."""

    def __init__(self, name: str, refers_to: str) -> None:
        self.Name, self.RefersTo, self.Visible = name, refers_to, True
        self.holder: list[Name] = []

    def Delete(self) -> None:  # noqa: N802
        """Take it out of the workbook."""
        self.holder.remove(self)


class Names:
    """The names of a workbook."""

    def __init__(self, names: list[Name]) -> None:
        self.all = names
        for name in names:
            name.holder = names

    @property
    def Count(self) -> int:  # noqa: N802
        """How many."""
        return len(self.all)

    def __call__(self, which: int | str) -> Name:
        return self.all[which - 1] if isinstance(which, int) else {n.Name: n for n in self.all}[which]

    def Add(self, name: str, refers_to: str) -> Name:  # noqa: N802
        """A new name."""
        self.all.append(Name(name, refers_to))
        self.all[-1].holder = self.all
        return self.all[-1]


class Application:
    """Excel."""

    def __init__(self) -> None:
        self.ScreenUpdating = self.EnableEvents = self.DisplayAlerts = True
        self.Calculation, self.Hwnd, self.CutCopyMode = -4105, 1, 1
        self.StatusBar: object = False


class Workbook:
    """A workbook file as it is open in Excel."""

    def __init__(self, path: Path) -> None:
        self.data, self.Name, self.FullName, self.Path = (
            path.read_bytes(),
            path.name,
            str(path),
            str(path.parent),
        )
        self.screen = Screen.of(self.data, path.name)
        self.sheets = [Worksheet(self, name, cells) for name, cells in self.screen.sheets]
        self.Worksheets, self.Application = Worksheets(self), Application()
        self.Names = Names([Name(name, text) for name, text in self.screen.names.items()])
        self.ReadOnly = self.ProtectStructure = False
        self.FileFormat = 51
        self.active, self.selected, self.saved = "", ("", ""), 0
        self.copy_fails: int | None = None

    def sheet(self, name: str) -> Worksheet:
        """A sheet by name."""
        return self.Worksheets(name)

    def SaveCopyAs(self, path: str) -> None:  # noqa: N802
        """What is on the screen under another name; ``copy_fails``: signs written before it stops."""
        data = saved(self.data, self.screen)
        if self.copy_fails is not None:
            Path(path).write_bytes(data[: self.copy_fails])
            raise com_error("SaveCopyAs")
        Path(path).write_bytes(data)

    def Save(self) -> None:  # noqa: N802
        """Save in place."""
        self.saved += 1
