"""A chart of the office's over one of our tables: its ranges follow, its cached values are those of now."""

from __future__ import annotations

from lxml import etree

from kaohe.workbooks.package import chart_cells
from kaohe.workbooks.package.changes import Change, Changes
from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.package.refs import parse_area, parse_target
from kaohe.workbooks.package.shape import extent
from kaohe.workbooks.package.xmlparts import Element, local

_REFERENCES = ("f", "sqref")
_CACHES = ("strCache", "numCache", "multiLvlStrCache", "dlblRangeCache", "lvl")
_BEFORE_POINTS = ("formatCode", "extLst")


def follow_chart(root: Element, changes: Changes) -> bool:
    """Let every reference of the chart follow; whether there was one that had to."""
    changed = False
    for node in [node for node in root.iter() if local(node) in _REFERENCES]:
        old = node.text or ""
        now = changes.target(old)
        if now != old:
            node.text = now
            _fresh_cache(node, now, changes)
            changed = True
    return changed


def _fresh_cache(reference: Element, text: str, changes: Changes) -> None:
    """The values that stand beside a reference: written anew where the plan tells them, else taken out."""
    holder = reference.getparent()
    place = parse_target(text)
    change = changes.of(place[0]) if place else None
    for cache in [node for node in holder if local(node) in _CACHES]:
        if not (change and place and _filled(cache, change, place[1])):
            holder.remove(cache)


def _filled(cache: Element, change: Change, area: str) -> bool:
    """Put the plan's values into a cache; whether it is of a kind, over cells, for which that can be done."""
    found = parse_area(area)
    kind = local(cache)
    if kind not in ("strCache", "numCache") or found is None or not extent(change.plan).contains(found):
        return False
    try:
        shown = chart_cells.texts(change.plan, area)
        numbers = chart_cells.numbers(change.plan, area)
    except BadPlan:
        return False
    for node in [node for node in cache if local(node) not in _BEFORE_POINTS]:
        cache.remove(node)
    if kind == "numCache":
        shown = ["" if number is None else f"{number:.15g}" for number in numbers]
    _points(cache, shown)
    return True


def _points(cache: Element, shown: list[str]) -> None:
    space = etree.QName(cache).namespace
    made = [etree.Element(f"{{{space}}}ptCount", val=str(len(shown)))]
    for number, text in enumerate(shown):
        if text:
            point = etree.Element(f"{{{space}}}pt", idx=str(number))
            etree.SubElement(point, f"{{{space}}}v").text = text
            made.append(point)
    at = 1 if len(cache) and local(cache[0]) == "formatCode" else 0
    for offset, node in enumerate(made):
        cache.insert(at + offset, node)
