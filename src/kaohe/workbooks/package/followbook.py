"""What refers to our tables from elsewhere in the workbook follows them: charts, pivots, rules, controls.

A range that reached exactly to the end of a table follows it, as on the table's own sheet; one over some of
its rows stays. Formulas in the office's own cells are never rewritten: those that counted a whole table and
would miss rows now are told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from kaohe.workbooks.package import names
from kaohe.workbooks.package.book import Book
from kaohe.workbooks.package.changes import Change, Changes
from kaohe.workbooks.package.chart_follow import follow_chart
from kaohe.workbooks.package.followcells import cut_behind_rows
from kaohe.workbooks.package.refs import parse_target
from kaohe.workbooks.package.xmlparts import Element, local, main, parse, relations, rels_name, write
from kaohe.workbooks.package.xmltext import unescaped
from kaohe.workbooks.package.zipraw import Archive

_CHARTS = ("drawingml.chart+xml", "ms-office.chartex+xml")
_PIVOT_CACHES = ("pivotCacheDefinition+xml",)
_CONTROLS = ("ms-excel.controlproperties+xml",)
_RULE = re.compile(rb"(<(?:\w+:)?(?:f|formula|formula1|formula2)(?:\s[^>]*)?>)([^<]+)(?=</)")
_CONTROL = re.compile(rb'(\bfmla(?:Range|Link)=")([^"]+)(?=")')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<(?:\w+:)?f\b[^>]*>([^<]+)</')
MAX_TOLD = 5
"""Cells named in one note."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Parts of the office's that had to follow, and what it should know."""

    parts: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


NOBODY = Followed()
"""Nothing had to follow."""


def follow_elsewhere(archive: Archive, book: Book, changes: Changes, written: Collection[str]) -> Followed:
    """Let the parts that are not ``written`` anyway follow the sheets that are."""
    if not changes.all:
        return NOBODY
    parts: dict[str, bytes] = {}
    notes: list[str] = []
    for way, kinds in (
        (_charts, _CHARTS),
        (_controls, _CONTROLS),
        (_Pivots(archive, book, changes).follow, _PIVOT_CACHES),
    ):
        for part in _of_kind(book, kinds):
            if part in archive and part not in written:
                _take(parts, part, archive.read(part), way(changes, archive.read(part), part))
    for sheet in book.sheets():
        if sheet.part in archive and sheet.part not in written:
            content = archive.read(sheet.part)
            if changes.spoken_of(content):
                cells, rules = cut_behind_rows(content)
                _take(parts, sheet.part, content, cells + _rewritten(_RULE, rules, changes.formula))
                notes += _left_behind(changes.of_rows(), cells, sheet.name)
    return Followed(parts, tuple(notes))


def _take(parts: dict[str, bytes], part: str, old: bytes, new: bytes) -> None:
    if new != old:
        parts[part] = new


def _of_kind(book: Book, kinds: Collection[str]) -> Iterator[str]:
    """The parts whose content type ends in one of the words."""
    for node in book.types:
        if str(node.get("ContentType", "")).endswith(tuple(kinds)):
            yield str(node.get("PartName", "")).removeprefix("/")


def _charts(changes: Changes, content: bytes, part: str) -> bytes:
    if not changes.spoken_of(content):
        return content
    root = parse(content, part)
    return write(root) if follow_chart(root, changes) else content


def _controls(changes: Changes, content: bytes, part: str) -> bytes:
    """Lists and linked cells of form controls."""
    return _rewritten(_CONTROL, content, changes.target)


def _rewritten(pattern: re.Pattern[bytes], content: bytes, now: Callable[[str], str]) -> bytes:
    """The part with the texts the pattern finds (its second group) as they read now; all else stays."""

    def replace(match: re.Match[bytes]) -> bytes:
        old = unescaped(match[2].decode())
        new = now(old) if "!" in old else old
        return match[0] if new == old else match[1] + escape(new, {'"': "&quot;"}).encode()

    return pattern.sub(replace, content)


def _left_behind(changes: Changes, cells: bytes, sheet: str) -> list[str]:
    """A note on cells whose formulas reached to the end of a table that has more or fewer rows now.

    Where columns moved, another note tells who reads them (followcells).
    """
    told = []
    for match in _CELL.finditer(cells):
        text = unescaped(match[2].decode())
        if "!" in text and changes.formula(text) != text:
            told.append(match[1].decode())
    if not told:
        return []
    which = "、".join(told[:MAX_TOLD]) + (f" 等 {len(told)} 个单元格" if len(told) > MAX_TOLD else "")
    return [
        f"工作表“{sheet}”{which}的公式引用到系统表格原来的最后一行,现在行数变了,公式没有改动,"
        "请核对引用的范围(可以多留一些空行,如 E5:E500)。"
    ]


class _Pivots:
    """Pivots over our tables: the range follows, and the numbers are taken anew when the file is opened."""

    def __init__(self, archive: Archive, book: Book, changes: Changes) -> None:
        self._book = book
        self._changes = changes
        self._tables = {
            name.lower(): change for change in changes.all for name in _tables_on(archive, change)
        }

    def follow(self, changes: Changes, content: bytes, part: str) -> bytes:
        """The cache's definition as it has to be now."""
        root = parse(content, part)
        sources = [node for node in root.iter() if local(node) in ("worksheetSource", "rangeSet")]
        if not [node for node in sources if self._follow_source(node)]:
            return content
        root.set("refreshOnLoad", "1")
        return write(root)

    def _follow_source(self, node: Element) -> bool:
        """Whether a source lies in one of our tables; its range follows."""
        if any(str(key).endswith("}id") for key in node.attrib):
            return False
        change, ref = self._changes.of(node.get("sheet", "")), node.get("ref", "")
        if change is None:
            return not ref and self._named(node.get("name", ""), node.get("sheet", ""))
        node.set("ref", change.reference(ref) or ref)
        return True

    def _named(self, name: str, sheet: str) -> bool:
        """Whether a name, or an Excel table, stands for cells of ours; both have followed already."""
        if name.lower() in self._tables:
            return True
        found = names.find(self._book.root, name) if name and not sheet else None
        place = parse_target(found.text) if found else None
        return place is not None and self._changes.of(place[0]) is not None


def _tables_on(archive: Archive, change: Change) -> Iterator[str]:
    """Names of the Excel tables on the sheet."""
    own = rels_name(change.part)
    if own not in archive:
        return
    for relation in relations(parse(archive.read(own), own), change.part):
        if relation.kind == "table" and relation.target in archive:
            root = parse(archive.read(relation.target), relation.target)
            if root.tag == main("table"):
                yield root.get("displayName") or root.get("name") or ""
