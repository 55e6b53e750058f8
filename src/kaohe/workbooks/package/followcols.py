"""What hangs on the columns of a sheet goes with them: colours, drop-downs, filter, pane, page breaks.

What covers only columns that are gone goes with them, and so does a rule that reads one; both are told. What
covers others as well stays on those.
"""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.workbooks.grid import address
from kaohe.workbooks.package.colmap import ColumnMap
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.package.xmlparts import XM, Element, local, main

_COVERING = {
    "conditionalFormatting": "条件格式",
    "dataValidation": "下拉选项(数据有效性)",
    "protectedRange": "允许编辑区域",
    "ignoredError": "",
}
"""Elements that name the cells they cover, and what an office calls them; '' for what nobody sees."""
_FORMULAS = ("formula", "formula1", "formula2")
_EMPTY = {"dataValidations", "protectedRanges", "ignoredErrors", "conditionalFormattings", "ext", "extLst"}
_EMPTY |= {"sparklines", "sparklineGroup", "sparklineGroups"}
"""Holders that may not stay behind without content."""


def follow_columns(root: Element, moved: ColumnMap, sheet: str) -> tuple[str, ...]:
    """Move everything around the rows of a sheet with its columns; returns what the office should know."""
    lost = [*_follow_covering(root, moved, sheet), *_follow_extensions(root, moved, sheet)]
    _follow_filter(root, moved)
    _follow_panes(root, moved)
    for node in root.iterfind(f"{main('colBreaks')}/{main('brk')}"):
        node.set("id", str(moved.left_of(int(node.get("id", "0")))))
    kinds = "、".join(dict.fromkeys(filter(None, lost)))
    if not kinds:
        return ()
    gone = moved.titles(old=moved.gone)
    return (f"工作表“{sheet}”已没有列{gone},只用于这些列或引用它们的{kinds}已随之去掉。",)


def _follow_covering(root: Element, moved: ColumnMap, sheet: str) -> Iterator[str]:
    """Yields the kinds of what had to go."""
    for node in list(root.iter(*(main(tag) for tag in _COVERING))):
        sqref = _several(node.get("sqref", ""), moved)
        reads = _reads_gone(node, moved, sheet)
        if sqref and not reads:
            node.set("sqref", sqref)
            continue
        yield _COVERING[local(node)]
        _take(node)


def _reads_gone(node: Element, moved: ColumnMap, sheet: str) -> bool:
    """Rewrite the formulas of a rule; whether it cannot be kept, because they read a column that is gone."""
    broken = set()
    for part in node.iter(*(main(tag) for tag in _FORMULAS)):
        broken |= _rewritten(part, moved, sheet)
    for part in node.iter(main("cfvo")):
        text = moved.formula(part.get("val", ""), sheet)
        if part.get("type") == "formula" and text is not None:
            part.set("val", text)
        elif part.get("type") == "formula":
            broken |= {_rule_of(part)}
    for rule in [rule for rule in broken if rule is not node]:
        node.remove(rule)
    return node in broken or (bool(broken) and not len(node))


def _rewritten(part: Element, moved: ColumnMap, sheet: str) -> set[Element]:
    """A formula as it reads now; otherwise what it belongs to."""
    text = moved.formula(part.text or "", sheet)
    if text is None:
        return {_rule_of(part)}
    part.text = text
    return set()


def _rule_of(part: Element) -> Element:
    """The rule, or the validation, a formula or a threshold belongs to."""
    node = part
    while local(node) not in ("cfRule", "dataValidation"):
        above = node.getparent()
        if above is None:
            return node
        node = above
    return node


def _follow_extensions(root: Element, moved: ColumnMap, sheet: str) -> Iterator[str]:
    """The same for what newer versions keep apart (bars, rules that look at other sheets, sparklines)."""
    for node in list(root.iter(f"{{{XM}}}sqref")):
        owner = node.getparent()
        if owner is None:
            continue
        sqref = _several(node.text or "", moved)
        formulas = list(owner.iter(f"{{{XM}}}f"))
        texts = [moved.formula(part.text or "", sheet) for part in formulas]
        if not sqref or None in texts:
            kind = {"conditionalFormatting": "条件格式", "sparkline": "迷你图"}
            yield kind.get(local(owner), "下拉选项(数据有效性)")
            _take(owner)
            continue
        node.text = sqref
        for part, text in zip(formulas, texts, strict=True):
            part.text = text


def _several(references: str, moved: ColumnMap) -> str:
    """A list of ranges as they read now; '' when nothing of it is left."""
    return " ".join(filter(None, map(moved.reference, references.split())))


def _take(node: Element) -> None:
    """Remove an element, and those around it that would be left empty."""
    holder = node.getparent()
    if holder is None:
        return
    holder.remove(node)
    if "count" in holder.attrib:
        holder.set("count", str(len(holder)))
    if not len(holder) and local(holder) in _EMPTY:
        _take(holder)


def _follow_filter(root: Element, moved: ColumnMap) -> None:
    node = root.find(main("autoFilter"))
    if node is None:
        return
    text = moved.reference(node.get("ref", ""))
    if text is None:
        root.remove(node)
    else:
        node.set("ref", text)


def _follow_panes(root: Element, moved: ColumnMap) -> None:
    """Frozen columns stay frozen; the sheet is scrolled back to the first one behind them."""
    for node in root.iter(main("pane")):
        count = node.get("xSplit", "")
        if node.get("state", "") not in ("frozen", "frozenSplit") or not count.isdigit():
            continue
        now = moved.left_of(int(count))
        first = parse_area(node.get("topLeftCell", ""))
        if now and str(now) != count:
            node.set("xSplit", str(now))
            node.set("topLeftCell", address(first.top if first else 1, now + 1))
