"""The records of an old .xls (BIFF): sheet list, cell bounds, error cells and percent formats."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from kaohe.workbooks.grid import address
from kaohe.workbooks.guard_parts import is_percent_format
from kaohe.workbooks.guard_types import Limits, Refused, SheetFacts, SheetInfo

_EOF, _FILEPASS, _BOUNDSHEET, _FORMAT, _XF, _SST = 0x000A, 0x002F, 0x0085, 0x041E, 0x00E0, 0x00FC
_DIMENSIONS, _FORMULA, _STRING, _BOOLERR, _MULRK = 0x0200, 0x0006, 0x0207, 0x0205, 0x00BD
_NUMBER, _RK, _LABEL_SST, _LABEL, _RSTRING = 0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6
_SHORTEST_CELL = 8
_CELLS = frozenset({_FORMULA, _BOOLERR, _MULRK, _NUMBER, _RK, _LABEL_SST, _LABEL, _RSTRING})
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_STATES = {0: "", 1: "hidden", 2: "veryHidden"}
_KINDS = {0: "worksheet", 1: "macrosheet", 2: "chartsheet", 6: "dialogsheet"}
_PERCENT_IDS = frozenset({9, 10})


class Globals(NamedTuple):
    """What the workbook part of the stream says: sheets with their positions, percent cell formats."""

    sheets: tuple[tuple[SheetInfo, int], ...]
    percent: frozenset[int]


class Record(NamedTuple):
    kind: int
    body: bytes


def records(stream: bytes, at: int) -> Iterator[Record]:
    """Records from ``at`` through the substream's end; raises Refused when one is cut off."""
    while True:
        if at + 4 > len(stream):
            raise Refused("truncated", what="记录流")
        kind, length = struct.unpack_from("<2H", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if len(body) < length:
            raise Refused("truncated", what="记录流")
        if kind == _EOF:
            return
        yield Record(kind, body)
        at += 4 + length


def read_globals(stream: bytes) -> Globals:
    """Sheet list and percent formats; raises Refused for an encrypted workbook."""
    sheets: list[tuple[SheetInfo, int]] = []
    formats: list[int] = []
    own: dict[int, bool] = {}
    for kind, body in records(stream, 0):
        if kind == _FILEPASS:
            raise Refused("encrypted")
        if kind == _BOUNDSHEET:
            sheets.append(_sheet(body, len(stream)))
        elif kind == _FORMAT and len(body) > 5:
            own[int.from_bytes(body[:2], "little")] = is_percent_format(_text(body[2:]))
        elif kind == _XF and len(body) >= 4:
            formats.append(int.from_bytes(body[2:4], "little"))
        elif kind == _SST:
            _check_strings(body, len(stream))
    percent = frozenset(i for i, code in enumerate(formats) if own.get(code, code in _PERCENT_IDS))
    return Globals(tuple(sheets), percent)


def _sheet(body: bytes, length: int) -> tuple[SheetInfo, int]:
    """One BoundSheet record: the sheet and where its records begin."""
    if len(body) < 8:
        raise Refused("damaged", what="工作表目录")
    start, state, kind, count, flags = struct.unpack_from("<L4B", body)
    if start >= length:
        raise Refused("damaged", what="工作表位置")
    raw = body[8 : 8 + count * (2 if flags & 1 else 1)]
    name = raw.decode("utf-16-le" if flags & 1 else "latin-1", "replace").replace("\0", "")
    return SheetInfo(name, "", _STATES.get(state & 0x3F, ""), _KINDS.get(kind, "other")), start


def _text(body: bytes) -> str:
    """A BIFF8 string with a two-byte length."""
    count, flags = struct.unpack_from("<HB", body)
    raw = body[3 : 3 + count * (2 if flags & 1 else 1)]
    return raw.decode("utf-16-le" if flags & 1 else "latin-1", "replace")


def _check_strings(body: bytes, length: int) -> None:
    """A string table cannot announce more strings than three bytes each leave room for."""
    if len(body) < 8 or int.from_bytes(body[4:8], "little") * 3 > length:
        raise Refused("damaged", what="文字表的长度")


def scan_records(
    stream: bytes, start: int, sheet: str, percent: frozenset[int], limits: Limits
) -> SheetFacts:
    """Facts of the sheet whose records begin at ``start``; raises Refused when its cells reach too far."""
    shown: set[tuple[int, int]] = set()
    errors: dict[tuple[int, int], str] = {}
    last_row = last_column = 0
    for kind, body in records(stream, start):
        if kind == _DIMENSIONS:
            _check_dimensions(body, sheet, limits)
        elif kind in _CELLS:
            if len(body) < _SHORTEST_CELL:
                raise Refused("damaged", what=f"工作表《{sheet}》的单元格记录")
            row, column, style = (n + 1 for n in struct.unpack_from("<3H", body))
            last = column + max(0, (len(body) - 12) // 6) if kind == _MULRK else column
            last_row, last_column = max(last_row, row), max(last_column, last)
            _check_reach(last_row, last_column, sheet, limits)
            error = _error(kind, body)
            if error:
                errors[row, column] = error
            shown.update(_shown_as_percent(kind, body, (row, column, style - 1), percent))
    return SheetFacts(frozenset(shown), errors, frozenset(), last_row, last_column)


def _check_dimensions(body: bytes, sheet: str, limits: Limits) -> None:
    """The reader reserves room for the area a sheet announces: it must be within bounds too."""
    if len(body) == 14:
        first_row, rows, first_column, columns = struct.unpack_from("<2L2H", body)
    elif len(body) == 10:
        first_row, rows, first_column, columns = struct.unpack_from("<4H", body)
    else:
        raise Refused("damaged", what=f"工作表《{sheet}》的范围")
    backwards = rows and columns and (first_row >= rows or first_column >= columns)
    if backwards or rows > 65536 or columns > 256:
        raise Refused("damaged", what=f"工作表《{sheet}》的范围")


def _check_reach(row: int, column: int, sheet: str, limits: Limits) -> None:
    if row > limits.last_row or column > min(limits.last_column, 256):
        raise Refused("cell_bounds", sheet=sheet, cell=address(row, column))
    if row * column > limits.cells:
        raise Refused("too_many_cells", sheet=sheet, cell=address(row, column))


def _error(kind: int, body: bytes) -> str:
    """The text of an error cell, '' for any other."""
    if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
        return _ERRORS.get(body[6], "#N/A")
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return _ERRORS.get(body[8], "#N/A")
    return ""


def _shown_as_percent(
    kind: int, body: bytes, where: tuple[int, int, int], percent: frozenset[int]
) -> list[tuple[int, int]]:
    """Cells of this record that are numbers under a percent format; ``where`` is row, column, cell format."""
    row, column, style = where
    if kind == _MULRK:
        starts = range(4, len(body) - 2, 6)
        styles = [int.from_bytes(body[at : at + 2], "little") for at in starts]
        return [(row, column + i) for i, own in enumerate(styles) if own in percent]
    numeric = kind in (_NUMBER, _RK) or (kind == _FORMULA and body[12:14] != b"\xff\xff")
    return [(row, column)] if numeric and style in percent else []
