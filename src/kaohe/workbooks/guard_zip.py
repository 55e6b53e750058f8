"""The directory of a zip file, read strictly, and its entries inflated under a cap.

Whatever a spreadsheet program writes passes; what only an attacker or a broken transfer writes (two entries
of one name, overlapping entries, paths that climb out, sizes that lie) is refused. The directory is read the
way the reader reads it (central directory, names compared without case, backslash as slash), so that both see
one file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from kaohe.workbooks.guard_types import Limits, Refused

_END = b"PK\x05\x06"
_END_RECORD = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_LONGEST_COMMENT = 0xFFFF


class Entry(NamedTuple):
    """One file in the zip; ``offset`` is that of its local header. Sizes in bytes."""

    name: str
    method: int
    packed: int
    size: int
    offset: int


def directory(data: bytes, limits: Limits) -> Mapping[str, Entry]:
    """The zip's entries by lower-case path with forward slashes; raises Refused."""
    count, start, end = _end_record(data)
    if count > limits.entries:
        raise Refused("too_many_parts", count=count, limit=limits.entries)
    entries: dict[str, Entry] = {}
    position, declared, spans = start, 0, []
    for _ in range(count):
        entry, position = _central_entry(data, position, end)
        key = _key(entry.name)
        if key in entries:
            raise Refused("duplicate_part", part=entry.name)
        entries[key] = entry
        declared += entry.size
        spans.append((entry.offset, entry.packed, entry.name))
        _check_sizes(entry, limits)
    if position != end:
        raise Refused("damaged", what="目录长度不符")
    if declared > limits.total:
        raise Refused("bomb", part="合计")
    _check_spans(spans, start)
    return entries


def _end_record(data: bytes) -> tuple[int, int, int]:
    """(number of entries, start and end of the central directory) from the end record."""
    at = data.rfind(_END, max(0, len(data) - _LONGEST_COMMENT - _END_RECORD.size))
    if at < 0 or at + _END_RECORD.size > len(data):
        raise Refused("truncated", what="没有压缩包结尾")
    _, disk, disk0, here, count, size, start, comment = _END_RECORD.unpack_from(data, at)
    if 0xFFFF in (count, disk) or 0xFFFFFFFF in (size, start):
        raise Refused("zip_feature", what="ZIP64")
    if disk or disk0 or here != count:
        raise Refused("zip_feature", what="分卷压缩")
    if at + _END_RECORD.size + comment != len(data):
        raise Refused("damaged", what="结尾之后有多余内容")
    if start + size != at:
        raise Refused("damaged", what="目录位置不符")
    return count, start, at


def _central_entry(data: bytes, at: int, end: int) -> tuple[Entry, int]:
    """The directory entry at ``at`` and the position behind it."""
    if at + _CENTRAL.size > end:
        raise Refused("damaged", what="目录不完整")
    fields = _CENTRAL.unpack_from(data, at)
    if fields[0] != b"PK\x01\x02":
        raise Refused("damaged", what="目录记录有误")
    flags, method, packed, size = fields[3], fields[4], fields[8], fields[9]
    name_end = at + _CENTRAL.size + fields[10]
    raw = data[at + _CENTRAL.size : name_end]
    name = raw.decode("utf-8" if flags & 0x800 else "cp437", "replace")
    if flags & 0x2041:
        raise Refused("zip_feature", what="加密的压缩包")
    if 0xFFFFFFFF in (packed, size, fields[16]):
        raise Refused("zip_feature", what="ZIP64")
    return Entry(name, method, packed, size, fields[16]), name_end + fields[11] + fields[12]


def _key(name: str) -> str:
    """Path in the one spelling by which parts are looked up; a path that leaves the package is refused."""
    key = name.replace("\\", "/").lower()
    if key.startswith("/") or ":" in key or "\0" in key or ".." in key.split("/"):
        raise Refused("part_path", part=name[:80])
    return key


def _check_sizes(entry: Entry, limits: Limits) -> None:
    """Refuse a part that says itself that it inflates too far."""
    if entry.size > limits.part and not entry.name.lower().startswith("xl/media/"):
        raise Refused("bomb", part=entry.name)
    if entry.size > limits.ratio_from and entry.size > limits.ratio * max(entry.packed, 1):
        raise Refused("bomb", part=entry.name)


def _check_spans(spans: list[tuple[int, int, str]], directory_start: int) -> None:
    """Refuse entries that share bytes with each other or with the directory."""
    reached = 0
    for offset, packed, name in sorted(spans):
        if offset < reached:
            raise Refused("overlap", part=name)
        reached = offset + _LOCAL.size + packed
    if reached > directory_start:
        raise Refused("overlap", part="目录")


def packed_bytes(data: bytes, entry: Entry) -> bytes:
    """The entry's bytes as they stand in the file."""
    if entry.offset + _LOCAL.size > len(data) or data[entry.offset : entry.offset + 4] != b"PK\x03\x04":
        raise Refused("damaged", what=f"部件 {entry.name} 没有开头")
    name_length, extra_length = struct.unpack_from("<2H", data, entry.offset + 26)
    start = entry.offset + _LOCAL.size + name_length + extra_length
    packed = data[start : start + entry.packed]
    if len(packed) != entry.packed:
        raise Refused("truncated", what=f"部件 {entry.name}")
    return packed


def inflate(entry: Entry, packed: bytes, limits: Limits) -> bytes:
    """The entry's content. Never makes more bytes than the directory declares, nor than the limits allow."""
    if entry.size > limits.part:
        raise Refused("bomb", part=entry.name)
    if entry.method == _STORED:
        content = packed
    elif entry.method == _DEFLATED:
        content = _inflate_deflated(entry, packed)
    else:
        raise Refused("zip_feature", what=f"方法 {entry.method}")
    if len(content) != entry.size:
        raise Refused("damaged", what=f"部件 {entry.name} 的长度与目录不符")
    return content


def _inflate_deflated(entry: Entry, packed: bytes) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = stream.decompress(packed, entry.size + 1)
    except zlib.error as error:
        raise Refused("damaged", what=f"部件 {entry.name} 无法解压") from error
    if len(content) <= entry.size and not stream.eof:
        raise Refused("truncated", what=f"部件 {entry.name}")
    return content
