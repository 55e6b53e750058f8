"""Masters of the examples to be tampered with, cell by cell, behind every program's back."""

from __future__ import annotations

import atexit
import datetime as dt
import functools
import random
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from lxml import etree

from kaohe.audit.cells import Place, SheetCells, Value, read_sheets
from kaohe.audit.model import Difference
from kaohe.jobs.audit import Audit, audit
from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.demo import Demo, demo
from kaohe.workbooks.grid import address
from kaohe.workbooks.package.xmlparts import MAIN
from tests.package.books import parts, rebuilt, sheet_part
from tests.support.line import Desk

_M = f"{{{MAIN}}}"
QUICK = ("anew", "content", "decision")
FULL = "指标|完成值\nX1|100\nX2|90"
LESS = "指标|完成值\nX1|90\nX2|90"
Change = tuple[str, str, Value, str | None]
"""(sheet, cell, new value, new formula; None leaves the formula, '' takes it away)."""


class Example:
    """A system's example, made once; copies of its master are written below a test's folder."""

    def __init__(self, made: Demo) -> None:
        self.made = made
        self.data = self.master.read_bytes()

    @property
    def master(self) -> Path:
        """The consolidated master. Nobody writes into it."""
        return self.made.folder / "总表.xlsx"

    @property
    def inbox(self) -> Path:
        """The folder of returned files."""
        return self.made.folder / "回收"

    @functools.cached_property
    def sheets(self) -> dict[str, SheetCells]:
        """Every sheet that a test looks into, as it stands."""
        names = (
            "排名",
            "得分明细",
            "填报数据",
            "目标",
            "指标",
            "加减分",
            "下发登记",
            "收件登记",
            "运行记录",
            "方案版本",
        )
        return read_sheets(self.data, names)

    def copy(self, folder: Path, *changes: Change) -> Path:
        """The master with these cells changed."""
        path = folder / "总表.xlsx"
        path.write_bytes(with_cells(self.data, changes))
        return path

    def pick(
        self, sheet: str, chance: random.Random, wanted: Callable[[Place], bool], count: int
    ) -> list[Place]:
        """Some cells of the sheet, by chance, in order."""
        found = self.sheets[sheet]
        places = sorted(place for place in {*found.values, *found.formulas} if wanted(place))
        return sorted(chance.sample(places, count))


def with_cells(data: bytes, changes: Iterable[Change]) -> bytes:
    """The workbook with cells changed in its XML, everything else as it was."""
    found = parts(data)
    by_part: dict[str, list[Change]] = {}
    for change in changes:
        by_part.setdefault(sheet_part(data, change[0]), []).append(change)
    for part, mine in by_part.items():
        root = etree.fromstring(found[part])
        cells = {node.get("r"): node for node in root.iter(f"{_M}c")}
        for _, cell, value, formula in mine:
            _set(cells[cell], value, formula)
        found[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return rebuilt(found)


def _set(node: etree._Element, value: Value, formula: str | None) -> None:
    old = node.find(f"{_M}f")
    kept = old.text if formula is None and old is not None else formula
    for child in list(node):
        node.remove(child)
    node.attrib.pop("t", None)
    if kept:
        etree.SubElement(node, f"{_M}f").text = kept
    if isinstance(value, str) and kept:
        node.set("t", "str")
        etree.SubElement(node, f"{_M}v").text = value
    elif isinstance(value, str):
        node.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(node, f"{_M}is"), f"{_M}t").text = value
    elif value is not None:
        etree.SubElement(node, f"{_M}v").text = repr(value)


def without_row(data: bytes, sheet: str, row: int) -> bytes:
    """The workbook with a row of a register taken out, the rows below moved up by one."""
    part = sheet_part(data, sheet)
    found = parts(data)
    root = etree.fromstring(found[part])
    holder = root.find(f"{_M}sheetData")
    assert holder is not None
    for node in list(holder):
        number = int(node.get("r"))
        if number == row:
            holder.remove(node)
        elif number > row:
            node.set("r", str(number - 1))
            for cell in node:
                cell.set("r", cell.get("r").rstrip("0123456789") + str(number - 1))
    found[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return rebuilt(found)


@functools.cache
def example(code: str) -> Example:
    """The example of a system, made once a test run in a folder that goes when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="kaohe-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Example(demo(code, folder / "演示"))


def found_by(engine: str, differences: Sequence[Difference]) -> set[tuple[str, str]]:
    """(sheet, cell) of everything one engine found."""
    return {(one.sheet, one.cell) for one in differences if one.engine == engine}


def checked(master: Path, *engines: str, inbox: Path | None = None) -> Audit:
    """The audit by these engines; no engine may have broken off."""
    found = audit(master, inbox=inbox, engines=engines)
    assert found.trouble == ()
    return found


def cells_of(sheet: str, places: Collection[Place]) -> set[tuple[str, str]]:
    """(sheet, cell) of these places."""
    return {(sheet, address(*place)) for place in places}


def two_units(folder: Path) -> Desk:
    """Two units in, consolidated."""
    found = Desk.new(folder)
    found.issue()
    found.fill("U1", FULL)
    found.fill("U2", LESS)
    found.consolidate()
    return found


def expect_clean(desk: Desk) -> None:
    """With the returned files and without, no engine has anything to say."""
    assert checked(desk.master, *QUICK).differences == ()
    assert checked(desk.master, *QUICK, "returns", inbox=desk.inbox).differences == ()


def step(desk: Desk, state: str, day: str, **more: str) -> None:
    """A step of that day, registered in the evening."""
    asked = Asked(state, **{"basis": f"{state}的纪要", "person": "领导小组", "date": day, **more})
    evening = dt.datetime.fromisoformat(f"{day} 18:00:00")
    decide(desk.master, asked, clock=lambda: evening)


def changed(desk: Desk, sheet: str, cell: str, value: str | float) -> None:
    """One cell changed behind every program's back."""
    desk.master.write_bytes(with_cells(desk.master.read_bytes(), [(sheet, cell, value, None)]))
