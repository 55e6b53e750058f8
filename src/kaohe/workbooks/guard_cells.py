"""One pass over a sheet's bytes: how far its cells reach, and what plain values do not tell.

Sheets as spreadsheet programs write them (Excel, WPS, LibreOffice, XlsxWriter, openpyxl) are scanned with
regular expressions that first prove the shape they rely on. Everything else (prefixes, comments, cells
without an address, unusual attributes, other encodings) is walked element by element: slower, as exact.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kaohe.workbooks.grid import address
from kaohe.workbooks.guard_odd_cells import walk_sheet
from kaohe.workbooks.guard_types import Limits, Refused, SheetFacts

_SMALL = (999, 702)  # the rows and columns that _scanner calls ordinary
_TAIL = rb'(?: s="[0-9]{1,6}")?(?: t="[a-zA-Z]{1,9}")? ?/?>'
_UNPLAIN = re.compile(rb'<c(?=[\s>/])(?! r="[A-Z]{1,3}[1-9][0-9]{0,6}"' + _TAIL + rb")")
_FILLED = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^/>]*>(?!</c>)')
_ERROR = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"(?: s="[0-9]+")? t="e" ?>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?\s*<v>([^<]*)</v>'
)
_UNCACHED = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"(?: s="[0-9]+")?(?: t="([a-zA-Z]+)")? ?>\s*'
    rb"(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)\s*(<v ?/>|<v></v>)?\s*</c>"
)
_SIGNS_OF_UNCACHED = (b"</f></c>", b"<v></v>", b"<v/>", b"<v />", b"/></c>", b"</f>\n", b"</f>\r")
_ORDINARY_START = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?'
    rb'(?: standalone="[a-z]+")? ?\?>\s*)?<worksheet\b'
)


def scan_sheet(xml: bytes, sheet: str, part: str, percent: frozenset[int], limits: Limits) -> SheetFacts:
    """Facts of one sheet; raises Refused when its cells reach too far or its XML declares entities.

    ``percent`` are the indexes of the cell formats that show percent.
    """
    facts = _scan_ordinary(xml, percent, limits) if _is_ordinary(xml) else None
    if facts is None:
        if len(xml) > limits.odd_sheet:
            raise Refused("odd_sheet", sheet=sheet)
        facts = walk_sheet(xml, part, percent)
    _check_bounds(facts, sheet, limits)
    return facts


def _is_ordinary(xml: bytes) -> bool:
    """Whether the bytes can be scanned as text: UTF-8, no prefix on cells, no comment, no document type."""
    return (
        _ORDINARY_START.match(xml) is not None
        and (xml.find(b"!") < 0 or b"<!" not in xml)
        and b":c " not in xml
        and b":c>" not in xml
    )


def _scan_ordinary(xml: bytes, percent: frozenset[int], limits: Limits) -> SheetFacts | None:
    """Facts by regular expressions; None when a cell is not written in the usual way."""
    small = limits.last_row >= _SMALL[0] and limits.last_column >= _SMALL[1] and limits.cells >= 702 * 999
    shown: list[tuple[bytes, bytes]] = []
    bounds = _SMALL
    for match in _scanner(percent).finditer(xml):
        if match[1] is None:
            small = False
            break
        shown.append(match.groups())  # type: ignore[arg-type]
    if not small:
        if _UNPLAIN.search(xml):
            return None
        bounds = _reach(xml)
        shown = _percent_only(percent).findall(xml) if percent else []
    return SheetFacts(
        percent=frozenset([position(column, row) for column, row in shown]),
        errors=_errors(xml),
        uncached=_uncached(xml),
        last_row=bounds[0],
        last_column=bounds[1],
        cells=xml.count(b"<c "),
    )


@lru_cache(maxsize=256)
def _scanner(percent: frozenset[int]) -> re.Pattern[bytes]:
    """Finds numbers under a percent format (groups column, row) and cells out of the ordinary (no group)."""
    plain = rb'(?! r="[A-Z]{1,2}[1-9][0-9]{0,2}"' + _TAIL + rb")"
    if not percent:
        return re.compile(rb"<c(?=[\s>/])(?:" + plain + rb"|(?!)()())")
    return re.compile(
        rb"<c(?=[\s>/])(?:"
        + plain
        + rb'| r="([A-Z]{1,2})([1-9][0-9]{0,2})" '
        + _percent_tail(percent)
        + rb")"
    )


@lru_cache(maxsize=256)
def _percent_only(percent: frozenset[int]) -> re.Pattern[bytes]:
    return re.compile(rb'<c r="([A-Z]+)([0-9]+)" ' + _percent_tail(percent))


def _percent_tail(percent: frozenset[int]) -> bytes:
    """Rest of the tag of a number under one of the percent formats, not blank."""
    return rb's="(?:%s)"(?: t="n")? ?>(?!</c>)' % b"|".join(b"%d" % index for index in sorted(percent))


def _reach(xml: bytes) -> tuple[int, int]:
    """(last row, last column) over the cells that hold anything."""
    columns, rows = set[bytes](), 0
    for match in _FILLED.finditer(xml):
        column, row = match.groups()
        columns.add(column)
        rows = max(rows, int(row))
    return rows, max(map(column_number, columns), default=0)


def _errors(xml: bytes) -> dict[tuple[int, int], str]:
    """Error cells and their text."""
    if b't="e"' not in xml:
        return {}
    return {
        position(column, row): text.decode("utf-8", "replace") for column, row, text in _ERROR.findall(xml)
    }


def _uncached(xml: bytes) -> frozenset[tuple[int, int]]:
    """Formulas without a value. An empty text result (``t="str"`` with ``<v></v>``) is a value."""
    if b"<f" not in xml or not any(sign in xml for sign in _SIGNS_OF_UNCACHED):
        return frozenset()
    return frozenset(
        position(column, row)
        for column, row, kind, value in _UNCACHED.findall(xml)
        if not (kind == b"str" and value)
    )


def _check_bounds(facts: SheetFacts, sheet: str, limits: Limits) -> None:
    """Refuse a sheet whose cells reach so far that reading it would exhaust the memory."""
    row, column = facts.last_row, facts.last_column
    if row > limits.last_row or column > limits.last_column:
        raise Refused("cell_bounds", sheet=sheet, cell=address(row, column))
    if row * column > limits.cells:
        raise Refused("too_many_cells", sheet=sheet, cell=address(row, column))


def position(column: bytes, row: bytes) -> tuple[int, int]:
    """(b'G', b'12') → (12, 7)."""
    return int(row), column_number(column)


@lru_cache(maxsize=20_000)
def column_number(letters: bytes) -> int:
    """b'A' → 1, b'AA' → 27; case does not matter."""
    number = 0
    for byte in letters.upper():
        number = number * 26 + byte - 64
    return number
