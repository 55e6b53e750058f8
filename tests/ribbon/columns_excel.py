"""The stand-in for Excel with whole columns: inserted and deleted ones, sizes, colour, filter, print area."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

from lxml import etree

from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.package.refs import Area, column_number, parse_area, parse_target, target
from tests.package.books import NS, defined_names, sheet_xml
from tests.ribbon import excel

KINDS = {"expression": 2, "colorScale": 3, "dataBar": 4}


def inserted(area: Area, at: int) -> Area:
    """A range after a column was inserted at ``at``."""
    return area._replace(left=area.left + (area.left >= at), right=area.right + (area.right >= at))


def deleted(area: Area, at: int) -> Area | None:
    """A range after column ``at`` was deleted; None when nothing is left."""
    left, right = area.left - (area.left > at), area.right - (area.right >= at)
    return area._replace(left=left, right=right) if right >= left else None


def shifted(formula: str, at: int, by: int) -> str:
    """A formula after a column was inserted or deleted at ``at``."""

    def now(match: re.Match[str]) -> str:
        column = column_number(match[2])
        return f"{match[1]}{column_letter(column + by if column >= at else column)}{match[3]}"

    return re.sub(r"(\$?)\b([A-Z]{1,2})(\$?\d+)", now, formula)


class Rule:
    """A conditional format; what is only set is taken without a look."""

    def __init__(self, sheet: ColumnSheet, kind: int, areas: list[Area], formula: str = "") -> None:
        self.sheet, self.Type, self.areas, self.Formula1 = sheet, kind, areas, formula

    def __getattr__(self, name: str) -> Any:
        return MagicMock()

    @property
    def AppliesTo(self) -> Any:  # noqa: N802
        """Where it counts."""
        return SimpleNamespace(Address=",".join(area.text(absolute=True) for area in self.areas))

    def ModifyAppliesToRange(self, cells: Any) -> None:  # noqa: N802
        """Count elsewhere."""
        self.areas = [cells.area]

    def SetFirstPriority(self) -> None:  # noqa: N802
        """Come first."""
        self.sheet.rules.remove(self)
        self.sheet.rules.insert(0, self)


class Rules:
    """FormatConditions of a range, or of all cells."""

    def __init__(self, sheet: ColumnSheet, area: Area | None = None) -> None:
        self.sheet, self.area, self.Count = sheet, area, len(sheet.rules)

    def __call__(self, number: int) -> Rule:
        return self.sheet.rules[number - 1]

    def Add(self, Type: int, Formula1: str) -> Rule:  # noqa: N802, N803
        """One by formula: Excel reads it from the cell the cursor is on."""
        assert self.area is not None
        assert self.sheet.book.selected == (
            self.sheet.Name,
            self.area._replace(bottom=5, right=self.area.left).text(),
        )
        return self._added(Type, Formula1.removeprefix("="))

    def AddDatabar(self) -> Rule:  # noqa: N802
        """A bar."""
        return self._added(4)

    def AddColorScale(self, ColorScaleType: int) -> Rule:  # noqa: N802, N803
        """A scale."""
        return self._added(3)

    def _added(self, kind: int, formula: str = "") -> Rule:
        assert self.area is not None
        self.sheet.rules.append(Rule(self.sheet, kind, [self.area], formula))
        return self.sheet.rules[-1]


class Cells(excel.Range):
    """A rectangle whose sheet has colours."""

    def __getattr__(self, name: str) -> Any:
        if name == "FormatConditions":
            return Rules(self.Worksheet, self.area)
        if name == "ColumnWidth":
            sheet, column = self.Worksheet, self.area.left
            return 0 if column in sheet.hidden else sheet.widths.get(column, 8.43)
        if name in ("Validation", "Application"):
            return MagicMock()
        return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "ColumnWidth":
            self.Worksheet.widths[self.area.left] = value
        else:
            super().__setattr__(name, value)

    def AutoFilter(self) -> None:  # noqa: N802
        """Filter here."""
        self.Worksheet.filtered = self.area


class AllCells:
    """Worksheet.Cells."""

    def __init__(self, sheet: ColumnSheet) -> None:
        self.sheet, self.FormatConditions = sheet, Rules(sheet)

    def __call__(self, row: int, column: int) -> Cells:
        return Cells(self.sheet, Area(row, column, row, column))


class Whole:
    """One whole column."""

    Worksheet: ColumnSheet
    Column: int

    def __init__(self, sheet: ColumnSheet, column: int) -> None:
        self.__dict__.update(Worksheet=sheet, Column=column, Row=1, EntireColumn=self)
        self.__dict__.update(Rows=excel.Count(1_048_576), Columns=excel.Count(1))

    def __setattr__(self, name: str, value: Any) -> None:
        sheet, column = self.Worksheet, self.Column
        if name == "Hidden":
            (sheet.hidden.add if value else sheet.hidden.discard)(column)
        else:
            assert name == "ColumnWidth", name
            sheet.widths[column] = value

    def Insert(self, Shift: int, CopyOrigin: int) -> None:  # noqa: N802, N803
        """A new one like its neighbour at the left."""
        self.Worksheet.shift(self.Column, 1)

    def Delete(self, Shift: int) -> None:  # noqa: N802, N803
        """Take it out."""
        self.Worksheet.shift(self.Column, -1)


class ColumnSheet(excel.Worksheet):
    """One sheet with columns."""

    def __init__(self, book: ColumnBook, plain: excel.Worksheet) -> None:
        super().__init__(book, plain.Name, plain.cells)
        root = sheet_xml(book.data, plain.Name)
        self.widths: dict[int, float] = {}
        self.hidden: set[int] = set()
        for node in root.iterfind("m:cols/m:col", NS):
            self.widths[int(node.get("min"))] = float(node.get("width"))
            if node.get("hidden"):
                self.hidden.add(int(node.get("min")))
        self.rules: list[Rule] = [
            self._rule(node) for node in root.iterfind("m:conditionalFormatting/m:cfRule", NS)
        ]
        self.filtered = (
            parse_area(root.find("m:autoFilter", NS).get("ref"))
            if root.find("m:autoFilter", NS) is not None
            else None
        )
        printed = [
            t
            for (n, _), t in defined_names(book.data).items()
            if n == "_xlnm.Print_Area" and t.startswith(f"{plain.Name}!")
        ]
        self.PageSetup = SimpleNamespace(PrintArea=printed[0].partition("!")[2] if printed else "")

    def _rule(self, node: etree._Element) -> Rule:
        above = node.getparent()
        assert above is not None
        areas = [area for text in above.get("sqref", "").split() if (area := parse_area(text))]
        return Rule(self, KINDS[node.get("type", "")], areas, node.findtext("m:formula", "", NS))

    @property
    def AutoFilterMode(self) -> bool:  # noqa: N802
        """Whether there is a filter."""
        return self.filtered is not None

    @AutoFilterMode.setter
    def AutoFilterMode(self, value: bool) -> None:  # noqa: N802
        assert not value
        self.filtered = None

    @property
    def AutoFilter(self) -> Any:  # noqa: N802
        """The filter."""
        assert self.filtered is not None
        return SimpleNamespace(Range=SimpleNamespace(Address=self.filtered.text(absolute=True)))

    @property
    def Cells(self) -> Any:  # noqa: N802
        """All cells."""
        return AllCells(self)

    def Range(self, first: Any, last: Any = None) -> Any:  # noqa: N802
        """Cells, or a whole column."""
        if isinstance(first, str) and first.partition(":")[0].isalpha():
            return Whole(self, column_number(first.partition(":")[0]))
        return Cells(self, super().Range(first, last).area)

    def shift(self, at: int, by: int) -> None:
        """Push columns right from ``at``, or take that one out and close up."""

        def now(area: Area) -> Area | None:
            return inserted(area, at) if by > 0 else deleted(area, at)

        def places(cells: dict[Any, Any]) -> dict[Any, Any]:
            kept = {place: value for place, value in cells.items() if by > 0 or place[1] != at}
            return {(row, n + by if n >= at else n): value for (row, n), value in kept.items()}

        self.cells.values, self.cells.formulas = places(self.cells.values), places(self.cells.formulas)
        self.cells.formats = {
            (kind, (row, n + by if n >= at else n)): value
            for (kind, (row, n)), value in self.cells.formats.items()
            if by > 0 or n != at
        }
        sizes = {n: (width, n in self.hidden) for n, width in self.widths.items() if by > 0 or n != at}
        moved = {n + by if n >= at else n: size for n, size in sizes.items()}
        if by > 0 and at - 1 in sizes:
            moved[at] = sizes[at - 1]
        self.widths = {n: width for n, (width, _) in moved.items()}
        self.hidden = {n for n, (_, hidden) in moved.items() if hidden}
        for rule in list(self.rules):
            left = [area for area in rule.areas if by > 0 and area.right == at - 1]
            rule.areas = [area for old in rule.areas if (area := now(old))]
            rule.areas = [a._replace(right=at) if a in left else a for a in rule.areas]
            rule.Formula1 = shifted(rule.Formula1, at, by)
            if not rule.areas:
                self.rules.remove(rule)
        self.filtered = now(self.filtered) if self.filtered else None
        printed = parse_area(self.PageSetup.PrintArea)
        after = now(printed) if printed else None
        self.PageSetup.PrintArea = after.text(absolute=True) if after else ""
        for name in self.book.Names.all:
            place = parse_target(name.RefersTo.removeprefix("="))
            area = parse_area(place[1]) if place and place[0] == self.Name else None
            if area and place:
                found = now(area)
                name.RefersTo = f"={target(place[0], found)}" if found else "=#REF!"


class ColumnBook(excel.Workbook):
    """A workbook file open in a program with columns."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.sheets = [ColumnSheet(self, sheet) for sheet in self.sheets]

    def sizes(self, name: str, right: int) -> dict[int, tuple[float, bool]]:
        """(width, whether hidden) of the first columns."""
        sheet = self.sheet(name)
        assert isinstance(sheet, ColumnSheet)
        return {n: (sheet.widths[n], n in sheet.hidden) for n in sorted(sheet.widths) if n <= right}

    def colours(self, name: str) -> list[tuple[str, int, str]]:
        """(ranges, kind, formula) of the conditional formats, by range."""
        sheet = self.sheet(name)
        assert isinstance(sheet, ColumnSheet)
        found = [(" ".join(a.text() for a in rule.areas), rule.Type, rule.Formula1) for rule in sheet.rules]
        return sorted(found)
