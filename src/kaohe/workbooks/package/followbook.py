"""What refers to our tables from elsewhere in the workbook follows them: formulas, charts, pivots, controls.

A range that reached exactly to the end of a table follows it, as on the table's own sheet and as spreadsheet
programs have it when rows come in; one over some of its rows stays, and so does all else of the part. What
reads a column that is gone stays and is told (followcells).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from xml.sax.saxutils import escape

from kaohe.workbooks.package import names
from kaohe.workbooks.package.book import Book
from kaohe.workbooks.package.changes import Change, Changes
from kaohe.workbooks.package.chart_follow import follow_chart
from kaohe.workbooks.package.refs import parse_area, parse_target
from kaohe.workbooks.package.xmlparts import Element, local, main, parse, relations, rels_name, write
from kaohe.workbooks.package.xmltext import unescaped
from kaohe.workbooks.package.zipraw import Archive

_CHARTS = ("drawingml.chart+xml", "ms-office.chartex+xml")
_PIVOT_CACHES = ("pivotCacheDefinition+xml",)
_CONTROLS = ("ms-excel.controlproperties+xml",)
_FORMULA = re.compile(rb"(<(?:\w+:)?(?:f|formula|formula1|formula2)(?:\s[^>]*)?>)([^<]+)(?=</)")
_LIST = re.compile(rb'(\bfmlaRange=")([^"]+)(?=")')
_LINKED_CELL = re.compile(rb'(\bfmlaLink=")([^"]+)(?=")')


def follow_elsewhere(
    archive: Archive, book: Book, changes: Changes, written: Collection[str]
) -> Mapping[str, bytes]:
    """The parts that had to follow the sheets that were written, but for those ``written`` themselves."""
    if not changes.all:
        return {}
    _follow_names(book, changes)
    parts: dict[str, bytes] = {}
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
                _take(parts, sheet.part, content, _rewritten(_FORMULA, content, changes.formula))
    return parts


def _follow_names(book: Book, changes: Changes) -> None:
    """Names of the office that reckon with our tables; plain ranges, and columns, have followed already."""
    rows = Changes([replace(change, moved=None) for change in changes.all])
    for name in names.names(book.root):
        ours = name.sheet is None and name.name.lower().startswith(names.PREFIX)
        if "(" in name.text and not ours:
            name.node.text = rows.formula(name.text)


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
    return _rewritten(_LINKED_CELL, _rewritten(_LIST, content, changes.target), changes.formula)


def _rewritten(pattern: re.Pattern[bytes], content: bytes, now: Callable[[str], str]) -> bytes:
    """The part with the texts the pattern finds (its second group) as they read now; all else stays."""

    def replace(match: re.Match[bytes]) -> bytes:
        old = unescaped(match[2].decode())
        new = now(old) if "!" in old else old
        return match[0] if new == old else match[1] + escape(new, {'"': "&quot;"}).encode()

    return pattern.sub(replace, content)


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
        """Whether a source lies in one of our tables; its range follows. Headings alone are no source."""
        if any(str(key).endswith("}id") for key in node.attrib):
            return False
        change, ref = self._changes.of(node.get("sheet", "")), node.get("ref", "")
        if change is None:
            return not ref and self._named(node.get("name", ""), node.get("sheet", ""))
        area = parse_area(change.reference(ref) or ref)
        if area is not None:
            node.set("ref", area._replace(bottom=max(area.bottom, area.top + 1)).text())
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
