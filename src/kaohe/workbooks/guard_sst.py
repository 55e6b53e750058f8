"""How much text the shared strings of an old .xls expand to: every cell that uses one gets a copy."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from kaohe.workbooks.guard_types import Limits, Refused

_CONTINUE, _SST, _LABEL_SST, _EOF = 0x003C, 0x00FC, 0x00FD, 0x000A
_LABEL_RECORD = 14
_BYTES_PER_CHARACTER = 3  # as UTF-8
_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08


def check_string_table(stream: bytes, sheet_starts: Iterable[int], limits: Limits) -> None:
    """Raise Refused when the cells of all sheets could hold more text than the limit allows.

    The reader loads every sheet of an .xls. A cheap bound settles ordinary files; the references are counted
    only when it fails.
    """
    pieces = _table_pieces(stream)
    text = sum(map(len, pieces)) * _BYTES_PER_CHARACTER
    if text * (len(stream) // _LABEL_RECORD) <= limits.shared_text:
        return
    lengths = string_lengths(pieces)
    used = sum(_referenced(stream, start, lengths) for start in sheet_starts)
    if used * _BYTES_PER_CHARACTER > limits.shared_text:
        raise Refused("too_much_text")


def _table_pieces(stream: bytes) -> list[bytes]:
    """Bodies of the string table's record and of those that continue it; none when there is no table."""
    pieces: list[bytes] = []
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        if kind == _EOF or (pieces and kind != _CONTINUE):
            break
        if kind == _SST or pieces:
            pieces.append(stream[at + 4 : at + 4 + length])
        at += 4 + length
    return pieces


def string_lengths(pieces: Sequence[bytes]) -> list[int]:
    """Characters of each string of the table; raises Refused when it ends within one."""
    if not pieces or len(pieces[0]) < 8:
        return []
    reader = _Pieces([pieces[0][8:], *pieces[1:]])
    return [_string(reader) for _ in range(int.from_bytes(pieces[0][4:8], "little"))]


class _Pieces:
    """A position in the table's pieces."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 0

    def left(self) -> int:
        """Bytes left in the current piece."""
        return len(self._pieces[self._piece]) - self._at

    def step(self) -> None:
        """To the next piece."""
        if self._piece + 1 >= len(self._pieces):
            raise Refused("truncated", what="文字表")
        self._piece, self._at = self._piece + 1, 0

    def number(self, size: int) -> int:
        """A little-endian number; it does not cross pieces."""
        if not self.left():
            self.step()
        if self.left() < size:
            raise Refused("damaged", what="文字表")
        value = int.from_bytes(self._pieces[self._piece][self._at : self._at + size], "little")
        self._at += size
        return value

    def skip(self, count: int) -> None:
        """Over bytes that may cross pieces."""
        while count > self.left():
            count -= self.left()
            self.step()
        self._at += count


def _string(reader: _Pieces) -> int:
    """Step over one string; its length in characters."""
    characters, flags = reader.number(2), reader.number(1)
    runs = reader.number(2) if flags & _RICH else 0
    extra = reader.number(4) if flags & _EXTENDED else 0
    left = characters
    while left:
        width = 2 if flags & _WIDE else 1
        here = min(left, reader.left() // width)
        reader.skip(here * width)
        left -= here
        if left:
            reader.step()
            flags = reader.number(1)  # the width is said anew where a string goes on
    reader.skip(4 * runs + extra)
    return characters


def _referenced(stream: bytes, start: int, lengths: Sequence[int]) -> int:
    """Characters that the cells of the sheet at ``start`` refer to."""
    total, at = 0, start
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        if kind == _EOF:
            break
        if kind == _LABEL_SST and length >= 10:
            index = int.from_bytes(stream[at + 10 : at + 14], "little")
            total += lengths[index] if index < len(lengths) else 0
        at += 4 + length
    return total
