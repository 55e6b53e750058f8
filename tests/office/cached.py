"""What a workbook file claims its formulas come to, set against what LibreOffice computes."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from tests.office.desk import Value, Workbook
from tests.package.books import NS

_REF = re.compile(r"([A-Z]+)(\d+)")
_M = f"{{{NS['m']}}}"


@dataclass(frozen=True)
class Kept:
    """A cell of a file: its value ('' when blank) and its formula ('' when there is none)."""

    value: Value
    formula: str
    claimed: bool
    """Whether the file keeps a value for the cell at all."""


def sheet_parts(path: Path) -> dict[str, str]:
    """Name of every sheet, hidden ones too, in tab order → its part in the package."""
    with zipfile.ZipFile(path) as archive:
        workbook = etree.fromstring(archive.read("xl/workbook.xml"))
        rels = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {rel.get("Id"): "xl/" + str(rel.get("Target")).removeprefix("/xl/") for rel in rels}
    nodes = workbook.findall("m:sheets/m:sheet", NS)
    return {str(node.get("name")): targets[node.get(f"{{{NS['r']}}}id")] for node in nodes}


def sheet_names(path: Path) -> list[str]:
    """Names of all sheets in tab order, hidden ones too."""
    return list(sheet_parts(path))


def kept(path: Path, sheet: str) -> dict[tuple[int, int], Kept]:
    """(row, column) → cell, for every cell with a value or a formula."""
    with zipfile.ZipFile(path) as archive:
        tree = etree.fromstring(archive.read(sheet_parts(path)[sheet]))
        texts = _shared(archive)
    cells = ((_place(node.get("r")), _cell(node, texts)) for node in tree.iter(f"{_M}c"))
    return {place: cell for place, cell in cells if cell.formula or cell.value != ""}


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    tree = etree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(node.text or "" for node in item.iter(f"{_M}t")) for item in tree]


def _place(ref: str) -> tuple[int, int]:
    match = _REF.fullmatch(ref)
    assert match is not None, ref
    column = 0
    for sign in match[1]:
        column = column * 26 + ord(sign) - 64
    return int(match[2]), column


def _cell(node: Any, texts: list[str]) -> Kept:
    kind, text = node.get("t", "n"), node.findtext(f"{_M}v")
    formula = node.find(f"{_M}f")
    value: Value = text or ""
    if kind == "s":
        value = texts[int(value)]
    elif kind == "inlineStr":
        value = "".join(part.text or "" for part in node.iter(f"{_M}t"))
    elif kind == "n" and text:
        value = float(text)
    assert kind != "e", f"{node.get('r')} claims the error {text}"
    return Kept(value, "" if formula is None else formula.text or "shared", text is not None)


def formula_count(path: Path) -> int:
    """How many formulas the workbook holds."""
    return sum(bool(cell.formula) for name in sheet_names(path) for cell in kept(path, name).values())


def differences(path: Path, book: Workbook) -> list[str]:
    """Cells whose kept value is not what LibreOffice has, over all sheets; formulas that keep no value.

    Scores, totals and ranks are equal to the digit; an unrounded number (a rate, a target by schedule) may
    differ in its 15th digit.
    """
    assert list(book.sheets()) == sheet_names(path)
    return [text for name in sheet_names(path) for text in _of_sheet(name, kept(path, name), book)]


def _of_sheet(name: str, cells: Mapping[tuple[int, int], Kept], book: Workbook) -> Iterator[str]:
    live = book.read(name)
    places = {*cells, *((r, c) for r, row in enumerate(live.rows, 1) for c, _ in enumerate(row, 1))}
    for row, column in sorted(places):
        cell, now = cells.get((row, column), Kept("", "", True)), live.at(row, column)
        if not cell.claimed and cell.formula:
            yield f"{name} R{row}C{column}: ={cell.formula} keeps no value"
        elif not same(cell.value, now):
            yield f"{name} R{row}C{column}: kept {cell.value!r}, computed {now!r} ={cell.formula}"


def same(kept_value: Value, computed: Value) -> bool:
    """Equal; numbers with more than six digits behind the point to the 15th digit."""
    if isinstance(kept_value, str) or isinstance(computed, str):
        return kept_value == computed
    if round(kept_value, 6) == kept_value:
        return kept_value == computed
    return math.isclose(kept_value, computed, rel_tol=1e-14)
