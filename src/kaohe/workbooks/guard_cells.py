"""One pass over a sheet's bytes: how far its cells reach, and what plain values do not tell.

Sheets as spreadsheet programs write them (Excel, WPS, LibreOffice, XlsxWriter, openpyxl) are scanned with
regular expressions that first prove the shape they rely on. Everything else (prefixes, comments, cells
without an address, unusual attributes, other encodings) is walked element by element: slower, as exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kaohe.workbooks.grid import address
from kaohe.workbooks.guard_odd_cells import walk_sheet
from kaohe.workbooks.guard_types import Limits, Refused, SheetFacts

_SMALL = (999, 702)  # the rows and columns that _scanner calls ordinary
_TYPE = rb' t="(?:s|n|str|b|inlineStr)"'
_TAIL = rb'(?: s="[0-9]{1,6}+")?+(?: t="[a-zA-Z]{1,9}+")?+ ?/?>'
_UNPLAIN = re.compile(rb'<c(?=[\s>/])(?! r="[A-Z]{1,3}+[1-9][0-9]{0,6}+"' + _TAIL + rb")")
_FILLED = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^/>]*>(?!</c>)')
# Nothing below may take more than one look at a byte, whatever stands there: what repeats is possessive (*+)
# or ends at the next mark that it cannot contain.
_FORMULA = rb"(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)"
_ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"(?: s="[0-9]+")? t="e" ?>' + _FORMULA + rb"?\s*+<v>([^<]*)</v>")
_UNCACHED = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"(?: s="[0-9]+")?(?: t="([a-zA-Z]+)")? ?>\s*+'
    + _FORMULA
    + rb"\s*+(<v ?/>|<v></v>)?\s*+</c>"
)
_SIGN_OF_UNCACHED = re.compile(rb"<f(?:[^<>]*/>|[^<]*</f>)(?!<v>[^<])")
_STYLED = re.compile(rb'<c r="([A-Z]+)([0-9]+)" s="([0-9]{1,6})"(?: t="n")? ?>(?!</c>)')
_FEW_FORMATS = 200  # percent formats that are worth a pattern of their own
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
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
        and not _PREFIXED_CELL.search(xml)
    )


def _scan_ordinary(xml: bytes, percent: frozenset[int], limits: Limits) -> SheetFacts | None:
    """Facts by regular expressions; None when a cell is not written in the usual way."""
    few = len(percent) <= _FEW_FORMATS
    shown = _small_sheet(xml, percent, limits) if few else None
    bounds, errors = _SMALL, {}
    if shown is None:
        if _UNPLAIN.search(xml):
            return None
        bounds, errors = _reach(xml), _errors(xml)
        shown = [(column, row) for column, row, style in _STYLED.findall(xml) if int(style) in percent]
    return SheetFacts(
        percent=frozenset([position(column, row) for column, row in shown]),
        errors=errors,
        uncached=_uncached(xml),
        last_row=bounds[0],
        last_column=bounds[1],
    )


def _small_sheet(xml: bytes, percent: frozenset[int], limits: Limits) -> list[tuple[bytes, bytes]] | None:
    """The percent cells of a sheet proven to lie within _SMALL and to have no error cells; None otherwise."""
    rows, columns = _SMALL
    if limits.last_row < rows or limits.last_column < columns or limits.cells < rows * columns:
        return None
    shown: list[tuple[bytes, bytes]] = []
    for column, row, other in _scanner(percent).findall(xml):
        if not column:
            return None
        if not other:
            shown.append((column, row))
    return shown


@lru_cache(maxsize=256)
def _scanner(percent: frozenset[int]) -> re.Pattern[bytes]:
    """Finds what is not an ordinary cell of a small sheet.

    Groups: column and row of a number under a percent format; the same and a third, not empty, for text and
    blanks under such a format; nothing for a cell that is out of the ordinary (far away, an error, unusual).
    """
    place = rb' r="([A-Z]{1,2}+)([1-9][0-9]{0,2}+)"'
    style = rb' s="(?!(?:%s)")[0-9]{1,6}+"' % _any_of(percent)
    ordinary = place.replace(b"(", b"(?:") + rb"(?:" + style + rb")?+(?:" + _TYPE + rb")?+ ?/?>"
    shown = rb' s="(?:%s)"(?:(?: t="n")? ?>(?!</c>)|((?:' % _any_of(percent) + _TYPE + rb")? ?/?>))"
    return re.compile(rb"<c(?=[\s>/])(?!" + ordinary + rb")(?:" + place + shown + rb")?")


def _any_of(percent: frozenset[int]) -> bytes:
    """An alternation of the numbers; of none, something that never matches."""
    return b"|".join(b"%d" % index for index in sorted(percent)) or b"(?!)"


def _reach(xml: bytes) -> tuple[int, int]:
    """(last row, last column) over the cells that hold anything."""
    columns, rows, latest = set[bytes](), 0, b""
    for match in _FILLED.finditer(xml):
        column, row = match.groups()
        columns.add(column)
        if row != latest:  # cells of a row stand together
            latest = row
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
    if not _SIGN_OF_UNCACHED.search(xml):
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


def check_area(facts: Sequence[tuple[str, SheetFacts]], parts: Sequence[bytes], limits: Limits) -> None:
    """Refuse sheets that are each within bounds, and all together not; ``facts`` and ``parts`` run alike.

    The bounds of small sheets are coarse: where those add up to too much, the cells are looked at.
    """
    most = 2 * limits.cells
    if sum(seen.last_row * seen.last_column for _, seen in facts) <= most:
        return
    area = 0
    for (sheet, seen), xml in zip(facts, parts, strict=True):
        reach = (seen.last_row, seen.last_column)
        row, column = _reach(xml) if reach == _SMALL else reach
        area += row * column
        if area > most:
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
