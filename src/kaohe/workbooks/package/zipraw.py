"""Zip files as pieces: entries are carried over as the compressed bytes they are.

Only what a spreadsheet program writes is read: one file, no encryption, no zip64, nothing before the first
entry. Everything else is refused by name. What is written is the same for the same pieces: fixed time stamp,
UTF-8 names, no extra fields.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kaohe.workbooks.package.errors import PatchRefused

MAX_PART = 1 << 31
"""Largest part, in bytes, that is unpacked: more than a sheet of a million of our rows comes to."""
MAX_FILE = (1 << 32) - 2
STORED, DEFLATED = 0, 8
_UTF8 = 0x800
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8
_DATE_1980 = 0x21
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RESAVE = "请用 Excel 或 WPS 打开该文件,另存为“Excel 工作簿(*.xlsx)”后再试。"


@dataclass(frozen=True, slots=True)
class Piece:
    """One entry ready to be written: its name and its packed bytes."""

    name: bytes
    flags: int
    method: int
    time: int
    date: int
    crc: int
    size: int
    packed: bytes | memoryview
    attributes: int = 0


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file in memory; ``entries`` in the order of its directory, by name."""

    entries: Mapping[str, Piece]

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def read(self, name: str) -> bytes:
        """The unpacked part. Raises PatchRefused when it is missing, damaged or larger than it says."""
        piece = self.entries.get(name)
        if piece is None:
            raise PatchRefused(f"工作簿缺少部件 {name}。", _RESAVE)
        return unpack(piece, name)


def read_archive(data: bytes) -> Archive:
    """The directory of a zip file. Raises PatchRefused for what cannot be carried over safely."""
    _refuse_other_formats(data)
    count, start, end = _find_directory(data)
    entries: dict[str, Piece] = {}
    seen: set[str] = set()
    at = start
    for _ in range(count):
        name, piece, at = _read_entry(data, at, start, end)
        if name.lower() in seen:
            raise PatchRefused(f"工作簿内部有两个同名部件 {name}。", _RESAVE)
        seen.add(name.lower())
        entries[name] = piece
    if at != end:
        raise PatchRefused("工作簿文件的目录不完整。", _RESAVE)
    return Archive(entries)


def _refuse_other_formats(data: bytes) -> None:
    if data.startswith(_OLE):
        raise PatchRefused(
            "文件不是 .xlsx:它是加密的工作簿或旧格式(.xls、.et)。", "请去掉打开密码并另存为 .xlsx。"
        )
    if not data.startswith(b"PK\x03\x04"):
        raise PatchRefused("文件不是 .xlsx 工作簿。", _RESAVE)


def _find_directory(data: bytes) -> tuple[int, int, int]:
    """(number of entries, first byte, byte after the last) of the central directory."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or at + _END.size > len(data):
        raise PatchRefused("工作簿文件不完整(可能没有复制完)。", "请重新取得该文件,或从“备份”文件夹恢复。")
    _, disk, first_disk, here, count, size, start, _ = _END.unpack_from(data, at)
    if data[at - 20 : at - 16] == b"PK\x06\x07" or 0xFFFF in (here, count) or 0xFFFFFFFF in (size, start):
        raise PatchRefused("工作簿文件采用 zip64 格式,不能安全改写。", _RESAVE)
    if disk or first_disk or here != count or start + size != at:
        raise PatchRefused("工作簿文件的压缩结构不寻常,不能安全改写。", _RESAVE)
    return count, start, at


def _read_entry(data: bytes, at: int, start: int, end: int) -> tuple[str, Piece, int]:
    """One directory entry: (name, piece, position of the next)."""
    if at + _CENTRAL.size > end or data[at : at + 4] != b"PK\x01\x02":
        raise PatchRefused("工作簿文件的目录不完整。", _RESAVE)
    _, _, _, flags, method, time, date, crc, packed, size, *rest = _CENTRAL.unpack_from(data, at)
    n_name, n_extra, n_note, _, _, attributes, local = rest
    raw = data[at + _CENTRAL.size : at + _CENTRAL.size + n_name]
    name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
    if flags & _ENCRYPTED:
        raise PatchRefused("工作簿文件的压缩包带密码。", _RESAVE)
    if "\\" in name or 0xFFFFFFFF in (packed, size, local):
        raise PatchRefused(f"工作簿内部的部件 {name} 写法不规范。", _RESAVE)
    body = _locate(data, local, packed, start, raw)
    keep = flags & ~_DESCRIPTOR
    piece = Piece(raw, keep, method, time, date, crc, size, body, attributes)
    return name, piece, at + _CENTRAL.size + n_name + n_extra + n_note


def _locate(data: bytes, local: int, packed: int, limit: int, raw_name: bytes) -> memoryview:
    """The packed bytes behind a local header, which must name the same entry and end before the directory."""
    if local + _LOCAL.size > limit or data[local : local + 4] != b"PK\x03\x04":
        raise PatchRefused("工作簿文件的压缩结构已损坏。", _RESAVE)
    n_name, n_extra = _LOCAL.unpack_from(data, local)[-2:]
    begin = local + _LOCAL.size + n_name + n_extra
    if data[local + _LOCAL.size : begin - n_extra] != raw_name:
        raise PatchRefused("工作簿文件的压缩结构已损坏。", _RESAVE)
    if begin + packed > limit:
        raise PatchRefused("工作簿文件不完整(可能没有复制完)。", _RESAVE)
    return memoryview(data)[begin : begin + packed]


def unpack(piece: Piece, name: str) -> bytes:
    """The content of a piece, checked against its own size and checksum."""
    if piece.size > MAX_PART:
        raise PatchRefused(f"工作簿的部件 {name} 过大({piece.size >> 20} MB)。", "请清理该表后再试。")
    if piece.method == STORED:
        content = bytes(piece.packed)
    elif piece.method == DEFLATED:
        content = _inflate(piece, name)
    else:
        raise PatchRefused(f"工作簿的部件 {name} 采用不支持的压缩方式。", _RESAVE)
    if len(content) != piece.size or zlib.crc32(content) != piece.crc:
        raise PatchRefused(f"工作簿的部件 {name} 已损坏。", "请从“备份”文件夹恢复,或重新取得该文件。")
    return content


def _inflate(piece: Piece, name: str) -> bytes:
    machine = zlib.decompressobj(-15)
    try:
        return machine.decompress(piece.packed, piece.size + 1)
    except zlib.error as error:
        raise PatchRefused(
            f"工作簿的部件 {name} 已损坏。", "请从“备份”文件夹恢复,或重新取得该文件。"
        ) from error


def deflated(name: str, chunks: Iterable[bytes], level: int = 6) -> Piece:
    """A new entry from its content, packed as it comes."""
    machine = zlib.compressobj(level, DEFLATED, -15)
    packed, crc, size = [], 0, 0
    for chunk in chunks:
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
        packed.append(machine.compress(chunk))
    packed.append(machine.flush())
    return Piece(name.encode(), _flags(name), DEFLATED, 0, _DATE_1980, crc, size, b"".join(packed))


def _flags(name: str) -> int:
    return 0 if name.isascii() else _UTF8


def assemble(pieces: Iterable[Piece]) -> bytes:
    """The zip file of these entries, in this order. Raises PatchRefused beyond 4 GB or 65,534 entries."""
    bodies, directory = lay_out(pieces)
    return join(bodies, directory)


def lay_out(pieces: Iterable[Piece], at: int = 0) -> tuple[list[bytes | memoryview], list[bytes]]:
    """(blocks from byte ``at`` on, their directory entries)."""
    blocks: list[bytes | memoryview] = []
    directory: list[bytes] = []
    for piece in pieces:
        header = _local_header(piece)
        if piece.size > MAX_FILE or at + len(header) + len(piece.packed) > MAX_FILE:
            raise PatchRefused("工作簿会超过 4 GB。", "请把历史数据移到另一个工作簿。")
        directory.append(_central_header(piece, at))
        blocks += (header, piece.packed)
        at += len(header) + len(piece.packed)
    return blocks, directory


def join(blocks: list[bytes | memoryview], directory: list[bytes]) -> bytes:
    """Blocks, directory and end record as one file."""
    if len(directory) >= 0xFFFF:
        raise PatchRefused("工作簿的部件太多。", _RESAVE)
    body, index = b"".join(blocks), b"".join(directory)
    count = len(directory)
    return body + index + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(index), len(body), 0)


def _local_header(piece: Piece) -> bytes:
    head = _LOCAL.pack(
        b"PK\x03\x04",
        20,
        piece.flags,
        piece.method,
        piece.time,
        piece.date,
        piece.crc,
        len(piece.packed),
        piece.size,
        len(piece.name),
        0,
    )
    return head + piece.name


def _central_header(piece: Piece, at: int) -> bytes:
    head = _CENTRAL.pack(
        b"PK\x01\x02",
        20,
        20,
        piece.flags,
        piece.method,
        piece.time,
        piece.date,
        piece.crc,
        len(piece.packed),
        piece.size,
        len(piece.name),
        0,
        0,
        0,
        0,
        piece.attributes,
        at,
    )
    return head + piece.name
