"""Hyperlinks of a plan: into the workbook, or to a file beside it."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

from kaohe.workbooks.grid import address
from kaohe.workbooks.package.refs import parse_target, quote_sheet
from kaohe.workbooks.plan import Cell, SheetPlan

MAX_LINKS = 65_530
"""Hyperlinks one sheet can hold; Excel repairs a file with more by dropping all of them."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True, slots=True)
class Link:
    """A link on one cell: ``url`` percent-encoded ('' inside the workbook), ``place`` the target's cell."""

    ref: str
    url: str
    place: str


def links_of(plan: SheetPlan) -> Iterator[Link]:
    """All links of the plan, row by row."""
    for n, row in enumerate(plan.rows, start=1):
        for column, cell in enumerate(row, start=1):
            if type(cell) is Cell and cell.link:
                yield parse_link(cell.link, address(n, column))


def parse_link(text: str, ref: str) -> Link:
    """``#Sheet!A1``, ``下发/滨湖区.xlsx`` or ``下发/滨湖区.xlsx#自测表!G12`` as a link on the cell ``ref``.

    A path may hold ``#`` and ``%``: only a ``#`` with ``!`` somewhere behind it separates the place.
    """
    path, hash_, place = text.rpartition("#")
    if not hash_ or "!" not in place:
        path, place = (text, "") if not text.startswith("#") else ("", text[1:])
    return Link(ref, encode(path), _quoted(place))


def _quoted(place: str) -> str:
    """The sheet's name quoted where a reference needs it."""
    found = parse_target(place)
    return f"{quote_sheet(found[0])}!{found[1]}" if found else place


def encode(path: str) -> str:
    """A relative path as a percent-encoded URL; a text with a scheme keeps its own percent signs."""
    if _SCHEME.match(path):
        return urllib.parse.quote(path, safe="%/:?#[]@!$&'()*+,;=~")
    return urllib.parse.quote(path.replace("\\", "/"), safe="/~!$&'()+,;=@")
