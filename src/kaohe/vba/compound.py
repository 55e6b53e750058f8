"""A compound file (OLE structured storage, [MS-CFB] version 3) from named streams and storages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from struct import pack

from kaohe.vba.errors import VbaError

SECTOR = 512
MINI_SECTOR = 64
MINI_CUTOFF = 4096
_MOST_FAT_SECTORS = 109
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_LONGEST_NAME = 31


@dataclass(frozen=True)
class Stream:
    """A named stream of bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Storage:
    """A named folder of streams and storages."""

    name: str
    children: tuple[Stream | Storage, ...] = ()


@dataclass
class _Entry:
    """A directory entry while the file is laid out."""

    name: str
    kind: int
    data: bytes = b""
    color: int = _BLACK
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    start: int = _END
    size: int = 0


@dataclass
class _Sectors:
    """Equal pieces of a stream area and the chain that links them."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    chain: list[int] = field(default_factory=list)

    def add(self, data: bytes) -> int:
        """Append a stream; its first sector, or END for an empty one."""
        if not data:
            return _END
        first, count = len(self.chain), -(-len(data) // self.size)
        self.content += data.ljust(count * self.size, b"\0")
        self.chain += [*range(first + 1, first + count), _END]
        return first


def compound_file(children: Sequence[Stream | Storage]) -> bytes:
    """The file with these at its root: no time stamps, so the same bytes for the same content.

    Raises VbaError for a name over 31 characters or more content than a header's 109 FAT sectors can chain.
    """
    entries = [_Entry("Root Entry", _ROOT)]
    entries[0].child = _add_children(entries, children)
    sectors, mini = _Sectors(SECTOR), _Sectors(MINI_SECTOR)
    for entry in entries[1:]:
        entry.size = len(entry.data)
        if entry.kind == _STREAM:
            entry.start = (mini if entry.size < MINI_CUTOFF else sectors).add(entry.data)
        else:
            entry.start = 0
    entries[0].size = len(mini.content)
    entries[0].start = sectors.add(bytes(mini.content))
    mini_fat = _numbers(mini.chain)
    mini_fat_start = sectors.add(mini_fat)
    directory_start = sectors.add(_directory(entries))
    return _assemble(sectors, directory_start, mini_fat_start, len(mini_fat) // SECTOR)


def _add_children(entries: list[_Entry], children: Sequence[Stream | Storage]) -> int:
    """Append the entries of a storage, in the order of its tree; the number of the tree's root."""
    ordered = sorted(children, key=lambda child: _sort_key(child.name))
    first = len(entries)
    entries += [_entry_of(child) for child in ordered]
    for number, child in enumerate(ordered, first):
        if isinstance(child, Storage):
            entries[number].child = _add_children(entries, child.children)
    return _link(entries, first, first + len(ordered), 0, len(ordered))


def _entry_of(item: Stream | Storage) -> _Entry:
    if len(item.name) > _LONGEST_NAME:
        raise VbaError(f"名称“{item.name}”太长:最多 {_LONGEST_NAME} 个字符。")
    if isinstance(item, Stream):
        return _Entry(item.name, _STREAM, item.data)
    return _Entry(item.name, _STORAGE)


def _sort_key(name: str) -> tuple[int, str]:
    """Names are ordered by length first, then by their upper-case form (2.6.4)."""
    return len(name), name.upper()


def _link(entries: list[_Entry], low: int, high: int, depth: int, count: int) -> int:
    """Link entries[low:high], which are in order, into a balanced red-black tree; the number of its root.

    Halving leaves all leaves on the last two levels; a last level that is not full is red, the rest black.
    """
    if low >= high:
        return _FREE
    middle = (low + high) // 2
    last_level = count.bit_length() - 1
    full = count & (count + 1) == 0
    entry = entries[middle]
    entry.color = _RED if depth == last_level and not full else _BLACK
    entry.left = _link(entries, low, middle, depth + 1, count)
    entry.right = _link(entries, middle + 1, high, depth + 1, count)
    return middle


def _directory(entries: Sequence[_Entry]) -> bytes:
    """The directory, filled up to whole sectors with unused entries."""
    unused = pack("<64x H B B 3I 16x I 8x 8x I Q", 0, 0, 0, _FREE, _FREE, _FREE, 0, 0, 0)
    missing = -len(entries) % (SECTOR // len(unused))
    return b"".join(map(_packed, entries)) + unused * missing


def _packed(entry: _Entry) -> bytes:
    """The 128 bytes of a directory entry; class id, state and times are zero."""
    name = entry.name.encode("utf-16-le") + b"\0\0"
    fields = (entry.kind, entry.color, entry.left, entry.right, entry.child, 0, entry.start, entry.size)
    return pack("<64s H B B 3I 16x I 8x 8x I Q", name, len(name), *fields)


def _numbers(values: Sequence[int]) -> bytes:
    """Sector numbers, filled up to whole sectors with FREE."""
    per_sector = SECTOR // 4
    filled = [*values, *[_FREE] * (-len(values) % per_sector)]
    return pack(f"<{len(filled)}I", *filled)


def _assemble(sectors: _Sectors, directory: int, mini_fat: int, mini_fat_count: int) -> bytes:
    """Header, sectors, and the FAT at the end, which chains itself as well."""
    used = len(sectors.chain)
    fat_count = next(count for count in _counting() if count * (SECTOR // 4) >= used + count)
    if fat_count > _MOST_FAT_SECTORS:
        raise VbaError(f"VBA 项目太大:{used * SECTOR} 字节。")
    fat = _numbers([*sectors.chain, *[_FAT] * fat_count])
    table = [*range(used, used + fat_count), *[_FREE] * (_MOST_FAT_SECTORS - fat_count)]
    header = pack(
        "<8s 16x H H H H H 6x I I I I I I I I I 109I",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, fat_count, directory, 0, MINI_CUTOFF),
        *(mini_fat, mini_fat_count, _END, 0),
        *table,
    )
    return header + bytes(sectors.content) + fat


def _counting() -> Iterator[int]:
    number = 1
    while True:
        yield number
        number += 1
