"""A sheet's drawing: the objects that float over its cells, ours found by their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from kaohe.workbooks.package.chart_old import C
from kaohe.workbooks.package.refs import Area
from kaohe.workbooks.package.xmlparts import DECLARATION, R_ID, REL, Element, parse

XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
OURS = "kaohe:"
"""How the names of our objects begin."""
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


@dataclass(frozen=True, slots=True)
class Placed:
    """One of our charts in a drawing: its key, the anchor it hangs on, the id of its relationship."""

    key: str
    anchor: Element
    rel_id: str


def xdr(tag: str) -> str:
    """A tag of the sheet drawing namespace."""
    return f"{{{XDR}}}{tag}"


def empty_drawing() -> Element:
    """A drawing with nothing in it."""
    text = f'<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{A}" xmlns:r="{REL}" xmlns:c="{C}"/>'
    return parse(f"{DECLARATION}{text}".encode(), "drawing")


def our_charts(root: Element) -> Iterator[Placed]:
    """Our charts, also those the office copied within the sheet."""
    for anchor in root.iter(*(xdr(tag) for tag in _ANCHORS)):
        for frame in anchor.iter(xdr("graphicFrame")):
            properties = frame.find(f"{xdr('nvGraphicFramePr')}/{xdr('cNvPr')}")
            chart = next(frame.iter(f"{{{C}}}chart"), None)
            name = properties.get("name", "") if properties is not None else ""
            if name.startswith(OURS) and chart is not None:
                yield Placed(name.removeprefix(OURS), anchor, chart.get(R_ID, ""))


def place_of(anchor: Element) -> Area | None:
    """The cells an anchor covers; None for one that does not hang on two cells."""
    first, last = _corner(anchor.find(xdr("from"))), _corner(anchor.find(xdr("to")))
    if first is None or last is None:
        return None
    return Area(first[0] + 1, first[1] + 1, max(last[0], first[0] + 1), max(last[1], first[1] + 1))


def _corner(node: Element | None) -> tuple[int, int] | None:
    if node is None:
        return None
    row, column = node.findtext(xdr("row")), node.findtext(xdr("col"))
    return (int(row), int(column)) if row and column else None


def near(found: Area | None, noted: Area) -> bool:
    """Whether a chart stands where we put it: programs move its edges by a little when they save."""
    return found is not None and all(abs(one - other) <= 1 for one, other in zip(found, noted, strict=True))


def move(anchor: Element, area: Area) -> None:
    """Let the anchor cover the range exactly."""
    for tag, row, column in (("from", area.top - 1, area.left - 1), ("to", area.bottom, area.right)):
        node = anchor.find(xdr(tag))
        if node is None:
            continue
        for name, value in (("col", column), ("colOff", 0), ("row", row), ("rowOff", 0)):
            child = node.find(xdr(name))
            if child is not None:
                child.text = str(value)


def add_chart(root: Element, key: str, title: str, area: Area, rel_id: str) -> None:
    """A chart over the range; it moves with its cells and keeps its size."""
    used = [int(node.get("id", "0")) for node in root.iter(xdr("cNvPr"))]
    anchor = etree.SubElement(root, xdr("twoCellAnchor"), editAs="oneCell")
    for tag in ("from", "to"):
        corner = etree.SubElement(anchor, xdr(tag))
        for name in ("col", "colOff", "row", "rowOff"):
            etree.SubElement(corner, xdr(name)).text = "0"
    move(anchor, area)
    frame = etree.SubElement(anchor, xdr("graphicFrame"), macro="")
    own = etree.SubElement(frame, xdr("nvGraphicFramePr"))
    number = str(max(used, default=1) + 1)
    etree.SubElement(own, xdr("cNvPr"), id=number, name=f"{OURS}{key}", descr=title)
    etree.SubElement(own, xdr("cNvGraphicFramePr"))
    size = etree.SubElement(frame, xdr("xfrm"))
    etree.SubElement(size, f"{{{A}}}off", x="0", y="0")
    etree.SubElement(size, f"{{{A}}}ext", cx="0", cy="0")
    data = etree.SubElement(etree.SubElement(frame, f"{{{A}}}graphic"), f"{{{A}}}graphicData", uri=C)
    etree.SubElement(data, f"{{{C}}}chart").set(R_ID, rel_id)
    etree.SubElement(anchor, xdr("clientData"))


def take_out(placed: Placed) -> None:
    """Remove the object with its anchor."""
    holder = placed.anchor.getparent()
    if holder is not None:
        holder.remove(placed.anchor)
