"""Widths and hidden columns of a sheet whose table got other columns: each goes with its heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from kaohe.workbooks.package.colmap import ColumnMap
from kaohe.workbooks.package.newsheet import columns
from kaohe.workbooks.package.oldshell import place
from kaohe.workbooks.package.xmlparts import MAIN, Element, main

Sizes = Mapping[str, str]


def follow_widths(root: Element, moved: ColumnMap, widths: Sequence[float], empty: bool = False) -> None:
    """Known columns take their size along, new ones get the plan's, those right of the table keep theirs.

    ``empty``: the table held no rows yet, and its known columns grow to what the plan's texts need.
    """
    holder = root.find(main("cols"))
    nodes = [] if holder is None else list(holder)
    found = [(int(node.get("min", "0")), int(node.get("max", "0")), _size(node)) for node in nodes]
    planned = {int(node.get("min", "0")): _size(node) for node in _planned(widths)}
    come, reached = moved.came_from, max(len(moved.old), len(moved.new))
    sizes: list[tuple[int, int, Sizes]] = []
    for number in range(1, len(moved.new) + 1):
        size = _at(found, come[number]) if number in come else planned.get(number)
        if number in moved.renamed or (empty and number in come and not _hidden(size)):
            size = _wider(size, planned.get(number))
        if size:
            sizes.append((number, number, size))
    sizes += [(max(low, reached + 1), high, size) for low, high, size in found if high > reached]
    if holder is not None:
        root.remove(holder)
    _put(root, sizes)


def too_narrow(root: Element, widths: Sequence[float]) -> bool:
    """Whether a column in sight is narrower than the plan wants it."""
    holder = root.find(main("cols"))
    nodes = [] if holder is None else list(holder)
    found = [(int(node.get("min", "0")), int(node.get("max", "0")), _size(node)) for node in nodes]
    known = [(_at(found, number), width) for number, width in enumerate(widths, start=1)]
    return any(size and not _hidden(size) and float(size.get("width", "0")) < width for size, width in known)


def _put(root: Element, sizes: Sequence[tuple[int, int, Sizes]]) -> None:
    if not sizes:
        return
    holder = etree.Element(main("cols"))
    for low, high, size in sizes:
        etree.SubElement(holder, main("col"), {"min": str(low), "max": str(high), **size})
    place(root, holder)


def _planned(widths: Sequence[float]) -> Sequence[Element]:
    return list(etree.fromstring(f'<cols xmlns="{MAIN}">{columns(widths)}</cols>'.encode()))


def _size(node: Element) -> Sizes:
    return {str(key): str(value) for key, value in node.attrib.items() if key not in ("min", "max")}


def _at(found: Sequence[tuple[int, int, Sizes]], number: int) -> Sizes | None:
    return next((size for low, high, size in found if low <= number <= high), None)


def _wider(mine: Sizes | None, planned: Sizes | None) -> Sizes | None:
    """What the office gave a column, unless the plan needs more, or one of them hides it: then the plan's."""
    if mine is None or planned is None:
        return mine or planned
    if _hidden(mine) != _hidden(planned) or float(mine.get("width", "0")) < float(planned.get("width", "0")):
        return planned
    return mine


def _hidden(size: Sizes | None) -> bool:
    return size is not None and size.get("hidden", "0") in ("1", "true")
