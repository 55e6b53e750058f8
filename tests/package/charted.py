"""A sheet with charts for the tests of the package patch, and ways to look at charts in a package."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Any

from lxml import etree

from kaohe.workbooks.package import create
from kaohe.workbooks.plan import STACKED_BARS, BookPlan, Cell, CellLike, Chart, Layout, Series, SheetPlan
from tests.package.books import NS, parts, sheet_part, skeleton
from tests.package.plans import UNITS, notes_sheet

SPACES = {
    **NS,
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
}
TITLE = "各区得分(分)"


def charted(*counts: int, title: str = TITLE, extra: bool = False, sheet: str = "图表") -> SheetPlan:
    """A sheet with a chart for each count: its name, its title, so many units with points; one below another.

    ``extra``: each chart has a second row of bars.
    """
    rows: list[Sequence[CellLike]] = []
    charts = []
    for number, count in enumerate(counts, start=1):
        top = len(rows) + 1
        rows.append(["", Cell(title, formula=f'"{title}"')])
        rows.append(["", "", "得分", *(["均值"] if extra else [])])
        rows += [["", unit, 60.0 + n, *([50.0] if extra else [])] for n, unit in enumerate(UNITS[:count])]
        rows += [[]] * 12
        first, last = top + 2, top + 1 + count
        series = [Series(f"C{top + 1}", f"C{first}:C{last}", "2F5D50")]
        if extra:
            series.append(Series(f"D{top + 1}", f"D{first}:D{last}", "C9DCEB", "wide_upward_diagonal"))
        charts.append(
            Chart(
                f"c{number}",
                STACKED_BARS,
                f"B{top}",
                f"B{first}:B{last}",
                tuple(series),
                f"F{top}:K{top + count + 9}",
            )
        )
    return SheetPlan(
        "图表", sheet, rows, ("text", "text", "score", "score"), layout=Layout(), charts=tuple(charts)
    )


def charted_master(*counts: int, extra: bool = False) -> bytes:
    """A master with such a sheet."""
    return create(skeleton(), BookPlan((charted(*counts, extra=extra), notes_sheet()), (), "图表"))


def drawing_of(data: bytes, sheet: str = "图表") -> tuple[str, Any]:
    """(part, tree) of a sheet's drawing; ('', None) without one."""
    page = sheet_part(data, sheet)
    node = etree.fromstring(parts(data)[page]).find("m:drawing", SPACES)
    if node is None:
        return "", None
    part = _target(data, page, node.get(f"{{{NS['r']}}}id"))
    return part, etree.fromstring(parts(data)[part])


def charts_of(data: bytes, sheet: str = "图表") -> dict[str, str]:
    """Name of the object → part of its chart, in the order they float."""
    part, tree = drawing_of(data, sheet)
    found = {}
    for frame in [] if tree is None else tree.iterfind(".//xdr:graphicFrame", SPACES):
        name = frame.find("xdr:nvGraphicFramePr/xdr:cNvPr", SPACES).get("name")
        rel_id = frame.find(".//c:chart", SPACES).get(f"{{{NS['r']}}}id")
        found[name] = _target(data, part, rel_id)
    return found


def chart(data: bytes, name: str, sheet: str = "图表") -> Any:
    """A chart by the name of its object, as a tree."""
    return etree.fromstring(parts(data)[charts_of(data, sheet)[name]])


def places(data: bytes, sheet: str = "图表") -> dict[str, tuple[int, ...]]:
    """Name of the object → (column, row) of its corners, from 0."""
    found = {}
    for anchor in drawing_of(data, sheet)[1].iterfind("xdr:twoCellAnchor", SPACES):
        corners = [anchor.find(f"xdr:{tag}", SPACES) for tag in ("from", "to")]
        name = anchor.find(".//xdr:cNvPr", SPACES).get("name")
        found[name] = tuple(
            int(corner.findtext(f"xdr:{part}", namespaces=SPACES))
            for corner in corners
            for part in ("col", "row")
        )
    return found


def references(tree: Any) -> list[str]:
    """All references of a chart, in order."""
    return [node.text for node in tree.iterfind(".//c:f", SPACES)]


def cached(tree: Any, tag: str) -> list[list[str | None]]:
    """Cached values below every ``c:cat``, ``c:val`` or ``c:tx`` of the rows of bars."""
    found = []
    for holder in tree.iterfind(f".//c:ser/c:{tag}", SPACES):
        size = int(holder.find(".//c:ptCount", SPACES).get("val"))
        values: list[str | None] = [None] * size
        for point in holder.iterfind(".//c:pt", SPACES):
            values[int(point.get("idx"))] = point.findtext("c:v", namespaces=SPACES)
        found.append(values)
    return found


def _target(data: bytes, owner: str, rel_id: str) -> str:
    folder, file = posixpath.split(owner)
    rels = etree.fromstring(parts(data)[f"{folder}/_rels/{file}.rels"])
    target = next(node.get("Target") for node in rels if node.get("Id") == rel_id)
    return posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
