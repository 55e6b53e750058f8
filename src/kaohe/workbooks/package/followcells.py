"""Formulas that read columns of a table which moved: the office's own beside it follow, others are told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.sax.saxutils import escape

from kaohe.workbooks.package import names
from kaohe.workbooks.package.book import Book, Sheet
from kaohe.workbooks.package.colmap import ColumnMap
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.package.splice import Kept
from kaohe.workbooks.package.xmltext import unescaped
from kaohe.workbooks.package.zipraw import Archive

_FORMULA = re.compile(
    rb'(<c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<f\b([^>]*)>)([^<]+)(?=</f>)',
)
_SHARED_OVER = re.compile(rb'\bref="([^"]+)"')
_ELSEWHERE = re.compile(rb"<(?:\w+:)?(?:f|formula|formula1|formula2)(?:\s[^>]*)?>([^<]+)</")
_MEND = "请先改写它,使它不再引用这些列(或删除它),再运行。"


def follow_kept(kept: Kept, moved: ColumnMap, sheet: str) -> Kept:
    """The office's cells, their formulas reading the columns they read before.

    Raises PatchRefused, naming the cell, for one that reads a column that is gone.
    """
    beside = {row: _follow(xml, moved, sheet) for row, xml in kept.beside.items()}
    return replace(kept, beside=beside, below=_follow(kept.below, moved, sheet))


def _follow(cells: bytes, moved: ColumnMap, sheet: str) -> bytes:
    def now(match: re.Match[bytes]) -> bytes:
        old = unescaped(match[4].decode())
        text = moved.formula(old, sheet)
        if text is None:
            raise gone(f"工作表“{sheet}”单元格 {match[2].decode()} 中您的公式", moved)
        over = _SHARED_OVER.search(match[3])
        area = parse_area(over[1].decode()) if over and b'"shared"' in match[3] else None
        if area and area.left != area.right and text != old:
            raise gone(f"工作表“{sheet}”单元格 {match[2].decode()} 中横向填充的公式", moved)
        return match[1] + escape(text).encode()

    return _FORMULA.sub(now, cells) if b"<f" in cells else cells


def gone(what: str, moved: ColumnMap) -> PatchRefused:
    """The refusal for something of the office's that reads a column which is gone."""
    return PatchRefused(f"{what}引用了系统表格中有变动的列({_which(moved)}),没有写入。", _MEND)


def _which(moved: ColumnMap) -> str:
    gone, fresh = moved.titles(old=moved.gone), moved.titles(new=moved.fresh)
    return ";".join(f"{said}{which}" for said, which in (("去掉", gone), ("新增", fresh)) if which)


def follow_names(book: Book, moved: ColumnMap, sheet: str) -> None:
    """Names of the office, the print area and the filter's range read the columns they read before.

    Raises PatchRefused for a name of the office that reads a column that is gone.
    """
    for name in list(names.names(book.root)):
        if name.sheet is None and name.name.lower().startswith(names.PREFIX):
            continue
        text = moved.formula(name.text, sheet, here=False)
        if text is not None:
            name.node.text = text
        elif name.name.startswith("_xlnm."):
            names.remove(book.root, name.name, name.sheet)
        else:
            raise gone(f"名称“{name.name}”", moved)


def readers(archive: Archive, book: Book, moved: ColumnMap, sheet: Sheet) -> tuple[str, ...]:
    """A note that names other sheets of the office, and charts, which read a column that is gone.

    Those that read columns which moved follow, see followbook.
    """
    ours = {found.part for key in _keys(book) if (found := book.product_sheet(key)) is not None}
    places = [(one.name, one.part) for one in book.sheets() if one.part not in ours]
    places += [("图表", part) for part in archive.entries if part.startswith("xl/charts/chart")]
    reading = [
        name for name, part in places if part in archive and _reads(archive.read(part), moved, sheet.name)
    ]
    if not reading:
        return ()
    where = "、".join(dict.fromkeys(reading))
    return (f"工作表“{sheet.name}”的列有变动({_which(moved)}),请核对引用它的公式、图表:{where}。",)


def _keys(book: Book) -> Iterator[str]:
    for name in names.names(book.root):
        if name.sheet is None and name.name.lower().startswith(names.PREFIX):
            yield name.name[len(names.PREFIX) :]


def _reads(content: bytes, moved: ColumnMap, sheet: str) -> bool:
    """Whether a formula in a part reads a column that is gone."""
    if sheet.encode() not in content:
        return False
    texts = {unescaped(text.decode()) for text in _ELSEWHERE.findall(content) if sheet.encode() in text}
    return any(moved.formula(text, sheet, here=False) is None for text in texts)
