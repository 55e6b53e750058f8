"""Defined names of a workbook: the hidden ones that find our sheets and say how far they reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from kaohe.workbooks.package.refs import Area, parse_area, parse_target
from kaohe.workbooks.package.xmlparts import Element, local, main

PREFIX = "_kaohe."
EXTENT = ".extent"
TABLE = ".table"
WIDTH = ".width"
"""Of a number: how many columns we wrote. Unlike the extent it does not follow what the office inserts."""
SPECIMEN = "_kaohe.样式"

# CT_Workbook: what stands before definedNames.
_BEFORE = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "AlternateContent",
    "revisionPtr",
    "absPath",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
)


@dataclass(frozen=True, slots=True)
class Name:
    """One defined name: ``sheet`` is the index of the sheet it is local to, None for the workbook."""

    name: str
    text: str
    sheet: int | None
    node: Element


def names(workbook: Element) -> Iterator[Name]:
    """All defined names."""
    for node in workbook.iterfind(f"{main('definedNames')}/{main('definedName')}"):
        at = node.get("localSheetId")
        yield Name(node.get("name", ""), node.text or "", None if at is None else int(at), node)


def find(workbook: Element, name: str, sheet: int | None = None) -> Name | None:
    """The name (case does not matter), local to that sheet or, for None, of the whole workbook."""
    wanted = name.lower()
    return next((n for n in names(workbook) if n.name.lower() == wanted and n.sheet == sheet), None)


def define(workbook: Element, name: str, text: str, sheet: int | None = None, hidden: bool = False) -> None:
    """Set a name, replacing one of the same name and scope."""
    found = find(workbook, name, sheet)
    node = found.node if found else etree.SubElement(_holder(workbook), main("definedName"))
    node.text = text
    node.set("name", name)
    if sheet is not None:
        node.set("localSheetId", str(sheet))
    if hidden:
        node.set("hidden", "1")


def remove(workbook: Element, name: str, sheet: int | None = None) -> None:
    """Drop a name; nothing happens when it is not there."""
    found = find(workbook, name, sheet)
    if found is not None:
        holder = found.node.getparent()
        if holder is not None:
            holder.remove(found.node)


def hide_ours(workbook: Element) -> None:
    """Put our names out of sight again: LibreOffice shows them all."""
    for name in names(workbook):
        if name.name.lower().startswith(PREFIX):
            name.node.set("hidden", "1")


def _holder(workbook: Element) -> Element:
    """``<definedNames>``, put at its place when it is new."""
    holder = workbook.find(main("definedNames"))
    if holder is None:
        holder = etree.Element(main("definedNames"))
        before = [i for i, node in enumerate(workbook) if local(node) in _BEFORE]
        workbook.insert(before[-1] + 1 if before else 0, holder)
    return holder


def area_of(workbook: Element, name: str, sheet: str) -> Area | None:
    """The rectangle a workbook-wide name stands for, when it lies in that sheet."""
    found = find(workbook, name)
    place = parse_target(found.text) if found else None
    return parse_area(place[1]) if place and place[0].lower() == sheet.lower() else None


def width_of(workbook: Element, key: str) -> int | None:
    """How many columns we wrote into the sheet of that key; None when the workbook does not say."""
    found = find(workbook, PREFIX + key + WIDTH)
    text = constant(found.text) if found else None
    return int(text) if text is not None and text.isdigit() else None


def is_width(name: str) -> bool:
    """Whether a name is one of those that hold a sheet's number of columns."""
    return name.lower().startswith(PREFIX) and name.lower().endswith(WIDTH)


def constant(text: str) -> str | None:
    """The text of a name that holds a constant: ``"a""b"`` → a"b, ``12`` → 12; None for references."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text if text.replace(".", "", 1).removeprefix("-").isdigit() else None
