"""What the plan wants on columns that are new to a sheet: its colours and its drop-downs, no others."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lxml import etree

from kaohe.workbooks.package import features
from kaohe.workbooks.package.colmap import ColumnMap
from kaohe.workbooks.package.features import DxfOf
from kaohe.workbooks.package.oldshell import place
from kaohe.workbooks.package.refs import Area, parse_area
from kaohe.workbooks.package.xmlparts import MAIN, X14, XM, Element, local, main
from kaohe.workbooks.plan import Highlight, SheetPlan

_TYPES = {"formula": "expression", "data_bar": "dataBar", "color_scale": "colorScale"}
_EXT = "{78C0D931-6437-407d-A8EE-F0AAD7539E65}"


def columns_of(area: Area) -> range:
    """The numbers of its columns."""
    return range(area.left, area.right + 1)


def dressed(plan: SheetPlan) -> frozenset[int]:
    """Columns the plan hides, or gives a colour of their own."""
    areas = filter(None, (parse_area(highlight.area) for highlight in plan.layout.highlights))
    own = {area.left for area in areas if area.left == area.right}
    return frozenset(own | {n for n, width in enumerate(plan.widths, start=1) if not width})


def put_on_new(root: Element, moved: ColumnMap, plan: SheetPlan, dxf_of: DxfOf) -> None:
    """Add the plan's highlights and choices of the new columns.

    A highlight over known columns as well is widened where it stands; if it does not, it comes whole.
    """
    fresh = frozenset(moved.fresh)
    for highlight in plan.layout.highlights:
        area = parse_area(highlight.area)
        new = fresh.intersection(columns_of(area)) if area else frozenset()
        if area is None or not new:
            continue
        standing = [] if new.issuperset(columns_of(area)) else list(_standing(root, highlight, area))
        for node in standing:
            _widen(root, node, area, new)
        if not standing:
            _add(root, highlight, dxf_of, plan.key)
    for choice in plan.layout.choices:
        area = parse_area(choice.area)
        if area is not None and fresh.issuperset(columns_of(area)):
            _add_choice(root, features.validations((choice,)))


def _standing(root: Element, highlight: Highlight, area: Area) -> Iterator[Element]:
    """Conditional formats inside the highlight's columns that do the same."""
    for node in root.iter(main("conditionalFormatting")):
        places = [parse_area(text) for text in node.get("sqref", "").split()]
        inside = all(at and area.left <= at.left and at.right <= area.right for at in places)
        if inside and any(_same(rule, highlight) for rule in node.iter(main("cfRule"))):
            yield node


def _same(rule: Element, highlight: Highlight) -> bool:
    if rule.get("type") != _TYPES.get(highlight.kind):
        return False
    wanted = highlight.rule.removeprefix("=") if highlight.kind == "formula" else ""
    found = "".join(rule.findtext(main("formula"), "").split()) if wanted else ""
    return found == "".join(wanted.split())


def _widen(root: Element, node: Element, area: Area, new: Collection[int]) -> None:
    """Let a conditional format, and what a newer version keeps of it, cover the new columns beside it."""
    was = node.get("sqref", "")
    now = " ".join(_wider(text, area, new) for text in was.split())
    node.set("sqref", now)
    for apart in root.iter(f"{{{XM}}}sqref"):
        owner = apart.getparent()
        if apart.text == was and owner is not None and local(owner) == "conditionalFormatting":
            apart.text = now


def _wider(text: str, area: Area, new: Collection[int]) -> str:
    found = parse_area(text)
    if found is None:
        return text
    left, right = found.left, found.right
    while left - 1 >= area.left and left - 1 in new:
        left -= 1
    while right + 1 <= area.right and right + 1 in new:
        right += 1
    return found._replace(left=left, right=right).text()


def _add(root: Element, highlight: Highlight, dxf_of: DxfOf, key: str) -> None:
    """One highlight behind those that are there."""
    taken = [int(rule.get("priority", "0")) for rule in root.iter(main("cfRule"))]
    ids = {node.get("id") for node in root.iter(f"{{{X14}}}cfRule")}
    priority = max(taken, default=0) + 1
    while features.bar_id(key, priority) in ids:
        priority += 1
    rule = features.rule(highlight, priority, dxf_of, key)
    ref = features.area(highlight.area)
    place(root, _parsed(f'<conditionalFormatting sqref="{ref}">{rule}</conditionalFormatting>'))
    if highlight.kind == "data_bar":
        bar = features.bar_2010(highlight, features.bar_id(key, priority))
        _bars(root).append(_parsed(bar))


def _bars(root: Element) -> Element:
    """Where newer versions keep their part of bars; made when it is not there."""
    found = next(root.iter(f"{{{X14}}}conditionalFormattings"), None)
    if found is not None:
        return found
    holder = root.find(main("extLst"))
    if holder is None:
        holder = etree.Element(main("extLst"))
        place(root, holder)
    ext = _parsed(f'<ext uri="{_EXT}"><x14:conditionalFormattings/></ext>')
    holder.insert(0, ext)
    return ext[0]


def _add_choice(root: Element, xml: str) -> None:
    holder = root.find(main("dataValidations"))
    new = _parsed(xml)
    if holder is None:
        place(root, new)
        return
    holder.extend(list(new))
    holder.set("count", str(len(holder)))


def _parsed(xml: str) -> Element:
    """One element in the namespaces of a sheet."""
    return etree.fromstring(f'<x xmlns="{MAIN}" xmlns:x14="{X14}" xmlns:xm="{XM}">{xml}</x>'.encode())[0]
