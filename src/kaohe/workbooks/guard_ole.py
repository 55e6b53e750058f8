"""The streams of an OLE compound file (.xls, .et, encrypted .xlsx), with every chain proven finite."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from kaohe.workbooks.guard_types import Limits, Refused

_END_OF_CHAIN, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_MINI_SECTOR, _MINI_CUTOFF = 64, 4096
_HEADER_DIFAT = 109


class _Header(NamedTuple):
    sector: int
    directory_start: int
    fat_sectors: int
    mini_start: int
    difat_start: int
    difat_sectors: int


class _Stream(NamedTuple):
    start: int
    size: int


class Compound:
    """A compound file held in memory; ``names`` are its streams and storages."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Read header, allocation table and directory; raises Refused when they do not fit together."""
        self._data = data
        self._header = _read_header(data)
        self._fat = self._read_fat()
        self._streams = self._read_directory()
        self._limits = limits
        root = self._streams.get("\0root", _Stream(_END_OF_CHAIN, 0))
        self._mini = self._chain(root.start) if root.start != _END_OF_CHAIN else b""
        mini_fat = self._chain(self._header.mini_start) if self._header.mini_start < _END_OF_CHAIN else b""
        self._mini_fat = self._table(mini_fat)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._streams)

    def stream(self, name: str) -> bytes:
        """The content of the stream; raises Refused when its chain is broken or endless."""
        found = self._streams[name]
        if found.size < _MINI_CUTOFF:
            return self._mini_chain(found.start)[: found.size]
        content = self._chain(found.start)
        if len(content) < found.size:
            raise Refused("truncated", what=f"数据流 {name}")
        return content[: found.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._header.sector
        if start >= len(self._data):
            raise Refused("truncated", what="缺少扇区")
        return self._data[start : start + self._header.sector]

    def _read_fat(self) -> Sequence[int]:
        """The allocation table, from the header's list and its continuation sectors."""
        places = list(struct.unpack_from(f"<{_HEADER_DIFAT}L", self._data, 76))
        following, seen = self._header.difat_start, 0
        while following < _END_OF_CHAIN:
            seen += 1
            if seen > self._header.difat_sectors:
                raise Refused("damaged", what="扇区表循环")
            words = self._table(self._sector(following))
            places += words[:-1]
            following = words[-1] if words else _END_OF_CHAIN
        parts = [self._sector(place) for place in places if place < _END_OF_CHAIN]
        return self._table(b"".join(parts))

    def _table(self, raw: bytes) -> Sequence[int]:
        """The 32-bit words of whole sectors."""
        whole = self._whole(raw)
        return struct.unpack(f"<{len(whole) // 4}L", whole)

    def _whole(self, raw: bytes) -> bytes:
        """The same bytes; refused when they end within a sector, over which the reader stumbles."""
        if len(raw) % self._header.sector:
            raise Refused("truncated", what="扇区不完整")
        return raw

    def _numbers(self, start: int, table: Sequence[int]) -> list[int]:
        """Sector numbers of a chain; refuses one that leaves the table or comes back to itself."""
        numbers: list[int] = []
        at = start
        while at != _END_OF_CHAIN:
            if at >= len(table) or len(numbers) > len(table):
                raise Refused("damaged", what="扇区链有误")
            numbers.append(at)
            at = table[at]
        return numbers

    def _chain(self, start: int) -> bytes:
        return b"".join([self._sector(number) for number in self._numbers(start, self._fat)])

    def _mini_chain(self, start: int) -> bytes:
        numbers = self._numbers(start, self._mini_fat) if start != _END_OF_CHAIN else []
        return b"".join(self._mini[n * _MINI_SECTOR : (n + 1) * _MINI_SECTOR] for n in numbers)

    def _read_directory(self) -> dict[str, _Stream]:
        """Streams by name; the root entry is kept as '\\0root'. The first of two equal names counts."""
        raw = self._whole(self._chain(self._header.directory_start))
        streams: dict[str, _Stream] = {}
        for at in range(0, len(raw) - 127, 128):
            kind, length = raw[at + 66], struct.unpack_from("<H", raw, at + 64)[0]
            if kind in (1, 2, 5):
                name = raw[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
                start, size = struct.unpack_from("<2L", raw, at + 116)
                streams.setdefault("\0root" if kind == 5 else name, _Stream(start, size))
        return streams


def _read_header(data: bytes) -> _Header:
    """Sizes and starting points; refuses counts that the file has no room for."""
    if len(data) < 1536:
        raise Refused("truncated", what="文件头之后没有内容")
    shift, mini_shift = struct.unpack_from("<2H", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise Refused("damaged", what="扇区大小有误")
    words = struct.unpack_from("<9L", data, 40)
    directory_sectors, fat_sectors, directory_start = words[0], words[1], words[2]
    mini_start, mini_sectors, difat_start, difat_sectors = words[5], words[6], words[7], words[8]
    room = len(data) >> shift
    if max(directory_sectors, fat_sectors, mini_sectors, difat_sectors) > room + 1:
        raise Refused("truncated", what="扇区数超过文件长度")
    return _Header(1 << shift, directory_start, fat_sectors, mini_start, difat_start, difat_sectors)
