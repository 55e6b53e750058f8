"""The compressed container of VBA streams ([MS-OVBA] 2.4.1)."""

from __future__ import annotations

from collections import defaultdict
from struct import pack

CHUNK = 4096
_SIGNATURE = 1
_SHORTEST = 3
_FLAG_TOKENS = 8


def compress(data: bytes) -> bytes:
    """The bytes as a compressed container.

    A last chunk of more than 3,640 bytes that does not shrink is stored raw, which the format can only do
    padded with NUL to 4,096 bytes (2.4.1.3.10); program text always shrinks.
    """
    return bytes([_SIGNATURE]) + b"".join(
        _chunk(data[start : start + CHUNK]) for start in range(0, len(data), CHUNK)
    )


def _chunk(data: bytes) -> bytes:
    """One chunk with its header: length - 3, the signature 0b011, the flag for compressed."""
    body = _tokens(data)
    if len(body) > CHUNK:
        return pack("<H", 0x3000 | (CHUNK - 1)) + data.ljust(CHUNK, b"\0")
    return pack("<H", 0xB000 | (len(body) - 1)) + body


def _tokens(data: bytes) -> bytes:
    """The token sequences of a chunk: a byte of flags, then up to eight literals or copy tokens."""
    made, flags, group = bytearray(), 0, bytearray()
    seen: dict[bytes, list[int]] = defaultdict(list)
    position = count = 0
    while position < len(data):
        offset, length = _longest_match(data, position, seen)
        if length:
            flags |= 1 << count
            group += _copy_token(position, offset, length)
        else:
            group.append(data[position])
        step = length or 1
        for start in range(position, position + step):
            seen[data[start : start + _SHORTEST]].append(start)
        position, count = position + step, count + 1
        if count == _FLAG_TOKENS:
            made += bytes([flags]) + group
            flags, group, count = 0, bytearray(), 0
    return bytes(made + bytes([flags]) + group if count else made)


def _longest_match(data: bytes, position: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """(how far back, how long) of the longest repetition, the nearest of equals; (0, 0) without one."""
    best_offset = best = 0
    most = min(len(data) - position, _length_mask(position) + _SHORTEST)
    for start in reversed(seen.get(data[position : position + _SHORTEST], ())):
        length = _common(data, start, position, most)
        if length > best:
            best_offset, best = position - start, length
        if best == most:
            break
    return (best_offset, best) if best >= _SHORTEST else (0, 0)


def _common(data: bytes, start: int, position: int, most: int) -> int:
    """How many bytes from ``start`` on equal those from ``position`` on, at most ``most``."""
    length = 0
    while length < most and data[start + length] == data[position + length]:
        length += 1
    return length


def _offset_bits(position: int) -> int:
    """Bits of a copy token that say how far back (2.4.1.3.19.1): 4 to 12, by the place in the chunk."""
    return max((position - 1).bit_length(), 4)


def _length_mask(position: int) -> int:
    """Largest value of the length field there."""
    return 0xFFFF >> _offset_bits(position)


def _copy_token(position: int, offset: int, length: int) -> bytes:
    """Offset - 1 in the high bits, length - 3 in the low ones."""
    return pack("<H", (offset - 1) << (16 - _offset_bits(position)) | (length - _SHORTEST))
