"""Our rows into a sheet that exists: what the office put around them stays, or the patch is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kaohe.workbooks.package import oldrows
from kaohe.workbooks.package.beside import STAY, Moves
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.oldrows import OldCell
from kaohe.workbooks.package.refs import MAX_ROW, Area
from kaohe.workbooks.package.xmlparts import Element, main, parse


@dataclass(frozen=True, slots=True)
class Kept:
    """Cells that are not ours: beside the rows that are written, and whole rows underneath."""

    beside: Mapping[int, bytes]
    below: bytes
    reach: Area


NOTHING_KEPT = Kept({}, b"", Area(1, 1, 1, 1))
"""For sheets that are new."""


def open_shell(content: bytes, name: str) -> tuple[Element, bytes]:
    """(what stands around the rows, the rows). Raises PatchRefused for XML that cannot be cut safely."""
    old = oldrows.cut(content, name)
    root = parse(old.shell, name)
    if root.tag != main("worksheet") or root.prefix is not None:
        raise PatchRefused(
            f"工作表“{name}”的内部写法不寻常(命名空间),不能安全改写。", "请用 Excel 打开并保存一次后再试。"
        )
    return root, old.rows


def keep_others(rows: bytes, name: str, ours: Area | None, written: Area, moves: Moves = STAY) -> Kept:
    """The cells outside of what we wrote before (``ours``; None: all rows of our columns), moved as told.

    Raises PatchRefused when one with content stands where the plan writes now, or when a formula reaches over
    the edge of what is replaced.
    """
    before = ours or Area(1, 1, MAX_ROW, written.right)
    _refuse_cut_formulas(rows, name, before, written)
    attributes: dict[int, bytes] = {}
    lines: dict[int, list[OldCell]] = {}
    for row, cells in oldrows.kept_cells(rows, name, before):
        attributes[row.number] = row.attributes
        lines.setdefault(row.number, [])
        for cell in filter(None, map(moves.of, [c for c in cells if not _overwritten(c, written, name)])):
            if not _overwritten(cell, written, name):
                lines.setdefault(cell.row, []).append(cell)
    kept = _laid_out(lines, attributes, written)
    if oldrows.orphaned(b"".join(kept.beside.values()) + kept.below):
        raise _over_the_edge(name, "填充公式")
    return kept


def _laid_out(lines: Mapping[int, list[OldCell]], attributes: Mapping[int, bytes], written: Area) -> Kept:
    """The cells of each row, in order: beside the rows that are written, or as rows underneath."""
    beside: dict[int, bytes] = {}
    below: list[bytes] = []
    reach = written
    for number in sorted(lines):
        cells = sorted(lines[number], key=lambda cell: cell.column)
        xml = b"".join(cell.xml for cell in cells)
        if number > written.bottom:
            below.append(_row(attributes.get(number, b' r="%d"' % number), xml))
        elif xml:
            beside[number] = xml
        reach = _grown(reach, cells)
    return Kept(beside, b"".join(below), reach)


def _overwritten(cell: OldCell, written: Area, name: str) -> bool:
    """Whether the plan writes over the cell; only a blank one may be."""
    here = Area(cell.row, cell.column, cell.row, cell.column)
    if not written.contains(here):
        return False
    if cell.blank:
        return True
    raise PatchRefused(
        f"工作表“{name}”的单元格 {here.text()} 有您自己的内容,系统这次要写到 {written.text()},会覆盖它。",
        "请把这些内容移到更右边的列或另一张工作表后再运行。",
    )


def _row(attributes: bytes, cells: bytes) -> bytes:
    return b"<row" + attributes + b">" + cells + b"</row>"


def _grown(reach: Area, cells: list[OldCell]) -> Area:
    if not cells:
        return reach
    return Area(1, 1, max(reach.bottom, cells[-1].row), max(reach.right, max(cell.column for cell in cells)))


def _refuse_cut_formulas(rows: bytes, name: str, before: Area, written: Area) -> None:
    for area in oldrows.spread_formulas(rows):
        if not before.contains(area) and (area.meets(before) or area.meets(written)):
            raise _over_the_edge(name, f"数组公式 {area.text()} ")


def _over_the_edge(name: str, what: str) -> PatchRefused:
    return PatchRefused(
        f"工作表“{name}”中的{what}跨越了系统写入区域的边缘。",
        "请把它改到系统写入区域之外(更右边的列)后再运行。",
    )
