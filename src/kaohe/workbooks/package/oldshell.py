"""What stands around the rows of a sheet that exists: kept, except where it has to follow the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.newsheet import LinkedTo, columns, escape_footer, hyperlinks
from kaohe.workbooks.package.refs import Area, parse_area
from kaohe.workbooks.package.stretch import Stretch
from kaohe.workbooks.package.xmlparts import MAIN, R_ID, REL, XM, Element, local, main

# CT_Worksheet, in the order the schema wants.
ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
_RANK = {tag: n for n, tag in enumerate(ORDER)}
_WITH_SQREF = ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange")


def place(root: Element, element: Element) -> None:
    """Insert an element where the schema wants it."""
    wanted, at, seen = _RANK[local(element)], 0, -1
    for index, child in enumerate(root):
        seen = max(seen, _rank(child))
        if seen <= wanted:
            at = index + 1
    root.insert(at, element)


def _rank(node: Element) -> int:
    """Rank of a child; one wrapped in AlternateContent counts as what it wraps."""
    inner = (_RANK[local(child)] for child in node.iter() if local(child) in _RANK)
    return next(inner, -1)


def set_dimension(root: Element, area: Area) -> None:
    """State the used range."""
    node = root.find(main("dimension"))
    if node is None:
        node = etree.Element(main("dimension"))
        place(root, node)
    node.set("ref", area.text())


def follow(root: Element, stretch: Stretch) -> None:
    """Let conditional formats, validations, the autofilter and the like follow the table."""
    _follow_ranges(root, stretch)
    _follow_filter(root, stretch)


def _follow_ranges(root: Element, stretch: Stretch) -> None:
    for node in root.iter(*(main(tag) for tag in _WITH_SQREF)):
        if node.get("sqref"):
            node.set("sqref", stretch.several(node.get("sqref", "")))
    for node in root.iter(f"{{{XM}}}sqref"):
        node.text = stretch.several(node.text or "")


def _follow_filter(root: Element, stretch: Stretch) -> None:
    """The filter's criteria go, because every row is shown again."""
    node = root.find(main("autoFilter"))
    if node is None:
        return
    node.set("ref", stretch.text(node.get("ref", "")))
    for child in list(node):
        node.remove(child)
    properties = root.find(main("sheetPr"))
    if properties is not None:
        properties.attrib.pop("filterMode", None)
    for sort in root.findall(main("sortState")):
        root.remove(sort)


def name_footer(root: Element, footer: str) -> None:
    """Give a footer its beginning (the scheme's name) that a master made blank had none for yet."""
    nameless = escape_footer(footer.rsplit(" ", 1)[-1])
    for node in root.iter(main("oddFooter")):
        left, middle, rest = (node.text or "").partition("&C")
        if left.startswith("&L ") and left[2:].strip() == nameless:
            node.text = f"&L{escape_footer(footer)}{middle}{rest}"


def widen(root: Element, widths: Sequence[float], was_right: int) -> None:
    """Give columns that are new to the plan its widths; columns that were there keep the office's."""
    holder = root.find(main("cols"))
    nodes = [] if holder is None else list(holder)
    reached = max([was_right, *(int(node.get("max", "0")) for node in nodes)])
    new = columns(widths, after=reached)
    if not new:
        return
    if holder is None:
        holder = etree.Element(main("cols"))
        place(root, holder)
    holder.extend(list(etree.fromstring(f'<cols xmlns="{MAIN}">{new}</cols>'.encode())))


def merged(root: Element) -> tuple[Area, ...]:
    """All merged cells."""
    found = (parse_area(node.get("ref", "")) for node in root.iter(main("mergeCell")))
    return tuple(area for area in found if area is not None)


def replace_merges(root: Element, ours: Area, written: Area, planned: Sequence[str], sheet: str) -> None:
    """Drop the merges inside what we wrote before, keep the office's own, add the plan's.

    Raises PatchRefused when one of the office's own reaches into what is written now.
    """
    holder = root.find(main("mergeCells"))
    kept: list[Area] = []
    for node in [] if holder is None else list(holder):
        area = parse_area(node.get("ref", ""))
        if area is not None and not ours.contains(area):
            kept.append(area)
    wanted = [found for found in map(parse_area, planned) if found is not None]
    for area in kept:
        same = [new for new in wanted if area.contains(new) and area[:2] == new[:2]]
        wanted = [new for new in wanted if new not in same]
        if area.meets(written) and not same:
            raise _merged_into(area, written, sheet)
    if holder is not None:
        root.remove(holder)
    _put_merges(root, [*kept, *wanted])


def _merged_into(area: Area, written: Area, sheet: str) -> PatchRefused:
    return PatchRefused(
        f"工作表“{sheet}”中您合并的单元格 {area.text()} 伸进了系统写入的区域 {written.text()}。",
        "请取消该合并或移到右侧后再运行。",
    )


def _put_merges(root: Element, areas: Sequence[Area]) -> None:
    if not areas:
        return
    holder = etree.Element(main("mergeCells"))
    holder.set("count", str(len(areas)))
    for area in areas:
        etree.SubElement(holder, main("mergeCell")).set("ref", area.text())
    place(root, holder)


def take_hyperlinks(root: Element, ours: Area) -> set[str]:
    """Remove the links on cells we wrote; returns relationship ids that nothing refers to any more."""
    holder = root.find(main("hyperlinks"))
    if holder is None:
        return set()
    gone: set[str] = set()
    for node in list(holder):
        area = parse_area(node.get("ref", ""))
        if area is not None and ours.contains(area):
            gone |= {node.get(R_ID, "")} - {""}
            holder.remove(node)
    still = {value for node in root.iter() for value in _relation_ids(node)}
    return gone - still


def move_hyperlinks(root: Element, rows: Mapping[tuple[int, int], int]) -> None:
    """Let links on single cells go along with the cells: (row, column) → new row."""
    for node in root.iter(main("hyperlink")):
        area = parse_area(node.get("ref", ""))
        row = rows.get((area.top, area.left), 0) if area and area[:2] == area[2:] else 0
        if area and row:
            node.set("ref", Area(row, area.left, row, area.left).text())


def _relation_ids(node: Element) -> list[str]:
    return [str(value) for key, value in node.attrib.items() if str(key).startswith(f"{{{REL}}}")]


def put_hyperlinks(root: Element, links: Sequence[LinkedTo]) -> None:
    """Add the plan's links to those that stayed."""
    holder = root.find(main("hyperlinks"))
    if links:
        new = etree.fromstring(f'<x xmlns="{MAIN}" xmlns:r="{REL}">{hyperlinks(links)}</x>'.encode())[0]
        if holder is None:
            place(root, new)
            return
        holder.extend(list(new))
    if holder is not None and not len(holder):
        root.remove(holder)


def select(root: Element, selected: bool) -> None:
    """Mark the sheet as the one in front, or not."""
    for view in root.iter(main("sheetView")):
        if selected:
            view.set("tabSelected", "1")
        else:
            view.attrib.pop("tabSelected", None)
