"""Excel tables (列表) that the office laid over a range of ours: their range follows the rows."""

from __future__ import annotations

from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.refs import Area, parse_area
from kaohe.workbooks.package.stretch import Stretch
from kaohe.workbooks.package.xmlparts import Element, main, parse, relations, write
from kaohe.workbooks.package.zipraw import Archive
from kaohe.workbooks.plan import Cell, SheetPlan

_TO_RANGE = "请在 Excel 中选中该表,“表设计”→“转换为区域”,再运行。"


def stretched_tables(
    archive: Archive, rels: Element | None, part: str, plan: SheetPlan, stretch: Stretch
) -> dict[str, bytes]:
    """The table parts of a sheet that have to change, by part name.

    Raises PatchRefused for a table over our rows that has a totals row, or other headings than the plan.
    """
    changed = {}
    for relation in relations(rels, part) if rels is not None else ():
        if relation.kind == "table":
            root = parse(archive.read(relation.target), relation.target)
            if _follow(root, plan, stretch):
                changed[relation.target] = write(root)
    return changed


def _follow(root: Element, plan: SheetPlan, stretch: Stretch) -> bool:
    """Change the table's range; whether there was anything to change."""
    area = parse_area(root.get("ref", ""))
    if area is None or not (area.meets(stretch.was) or area.meets(stretch.now)):
        return False
    name = root.get("displayName") or root.get("name") or ""
    if int(root.get("totalsRowCount", "0")) or int(root.get("headerRowCount", "1")) != 1:
        raise PatchRefused(f"工作表“{plan.title}”上的 Excel 表格“{name}”带汇总行或没有标题行。", _TO_RANGE)
    moved = stretch.area(area)
    _check_headings(root, plan, moved, name)
    if moved == area:
        return False
    root.set("ref", moved.text())
    for node in root.findall(main("autoFilter")):
        node.set("ref", moved.text())
        for child in list(node):
            node.remove(child)
    for node in root.findall(main("sortState")):
        root.remove(node)
    return True


def _check_headings(root: Element, plan: SheetPlan, area: Area, name: str) -> None:
    """Excel repairs a file whose table headings are not the cells' texts: refuse instead."""
    columns = [node.get("name", "") for node in root.iter(main("tableColumn"))]
    row = plan.rows[area.top - 1] if area.top <= len(plan.rows) else ()
    cells = [cell.value if isinstance(cell, Cell) else cell for cell in row[area.left - 1 : area.right]]
    texts = [str(value).replace("\n", "_x000a_") for value in cells]
    if [c.lower() for c in columns[: len(texts)]] != [t.lower() for t in texts]:
        raise PatchRefused(
            f"工作表“{plan.title}”上的 Excel 表格“{name}”的列标题与系统的表头不一致。", _TO_RANGE
        )
