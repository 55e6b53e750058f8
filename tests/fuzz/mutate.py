"""Damage real workbooks by chance: bytes, the zip's structure, the XML of a part. One seed, one result."""

from __future__ import annotations

import random
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO

from tests.workbooks.guard_files import zipped

_TAG = re.compile(rb"<(/?)([\w:]+)([^<>]*?)(/?)>")
_ATTRIBUTE = re.compile(rb'\s[\w:]+="[^"]*"')
_NUMBER = re.compile(rb'(?<=")[0-9]{1,7}(?=")|(?<=>)-?[0-9][0-9.]*(?=<)')
_NASTY = (
    b"99999999999999999999",
    b"-1",
    b"0",
    b"1E400",
    b"NaN",
    b"4294967296",
    b"=1+1",
    b"&#xD;",
    b"&bad;",
    b"\xff\xfe",
    "长".encode() * 500,
    b"",
)
_NAMESPACE = re.compile(rb'xmlns(:\w+)?="[^"]*"')


def mutant(books: Sequence[bytes], seed: int) -> bytes:
    """One of the books with one to three damages."""
    chance = random.Random(seed)
    data = chance.choice(books)
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(_DAMAGES)(data, books, chance)
    return data


def _bytes_turned(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    turned = bytearray(data)
    for _n in range(chance.choice((1, 1, 2, 8, 64))):
        if turned:
            turned[chance.randrange(len(turned))] = chance.randrange(256)
    return bytes(turned)


def _cut(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start = chance.choice((0, 0, 0, chance.randint(0, len(data))))
    return data[start : chance.randint(start, len(data))]


def _spliced(data: bytes, books: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(books)
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _length_changed(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """One of the zip's own numbers becomes another."""
    marks = [m.start() for m in re.finditer(rb"PK\x01\x02|PK\x05\x06|PK\x03\x04", data)]
    if not marks:
        return data
    at = chance.choice(marks) + chance.choice((6, 8, 10, 16, 20, 24, 26, 28, 42))
    number = struct.pack("<L", chance.choice((0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, chance.getrandbits(32))))
    return data[:at] + number + data[at + 4 :]


def _part_changed(data: bytes, books: Sequence[bytes], chance: random.Random) -> bytes:
    """One part of a package: gone, another's, or its XML damaged."""
    parts = _parts(data)
    if not parts:
        return data
    name = chance.choice(sorted(parts))
    way = chance.randrange(10)
    if way == 0:
        del parts[name]
    elif way == 1:
        others = _parts(chance.choice(books)) or parts
        parts[name] = others[chance.choice(sorted(others))]
    else:
        for _ in range(chance.choice((1, 1, 3, 20))):
            parts[name] = chance.choice(_XML)(parts[name], chance)
    return zipped(parts)


def _parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except Exception:  # noqa: BLE001  (it was damaged before)
        return {}


def _one(pattern: re.Pattern[bytes], xml: bytes, chance: random.Random) -> re.Match[bytes] | None:
    found = list(pattern.finditer(xml))
    return chance.choice(found) if found else None


def _attribute_dropped(xml: bytes, chance: random.Random) -> bytes:
    found = _one(_ATTRIBUTE, xml, chance)
    return xml[: found.start()] + xml[found.end() :] if found else xml


def _attribute_doubled(xml: bytes, chance: random.Random) -> bytes:
    found = _one(_ATTRIBUTE, xml, chance)
    return xml[: found.end()] + found[0] + xml[found.end() :] if found else xml


def _number_changed(xml: bytes, chance: random.Random) -> bytes:
    found = _one(_NUMBER, xml, chance)
    return xml[: found.start()] + chance.choice(_NASTY) + xml[found.end() :] if found else xml


def _namespace_changed(xml: bytes, chance: random.Random) -> bytes:
    found = _one(_NAMESPACE, xml, chance)
    return xml[: found.start()] + b'xmlns:q="urn:other"' + xml[found.end() :] if found else xml


def _tag_dropped(xml: bytes, chance: random.Random) -> bytes:
    found = _one(_TAG, xml, chance)
    return xml[: found.start()] + xml[found.end() :] if found else xml


def _piece_moved(xml: bytes, chance: random.Random) -> bytes:
    """What stands between two tags goes somewhere else, or stands there too."""
    starts = [match.start() for match in _TAG.finditer(xml)]
    if len(starts) < 4:
        return xml
    a, b, c = sorted(chance.sample(starts, 3))
    return xml[:a] + xml[b:c] + xml[a:b] + xml[c:] if chance.random() < 0.5 else xml[:c] + xml[a:b] + xml[c:]


def _renamed(xml: bytes, chance: random.Random) -> bytes:
    found = _one(_TAG, xml, chance)
    name = chance.choice((b"c", b"v", b"f", b"is", b"row", b"x:c", b"sheetData", b"t"))
    return xml[: found.start(2)] + name + xml[found.end(2) :] if found else xml


def _reference_changed(xml: bytes, chance: random.Random) -> bytes:
    found = _one(re.compile(rb'r="[A-Z]+[0-9]+"'), xml, chance)
    to = chance.choice((b"XFD1048576", b"A0", b"A1", b"ZZZZ99", b"a1", b"A99999999999", b"", b"B2:C3"))
    return xml[: found.start()] + b'r="' + to + b'"' + xml[found.end() :] if found else xml


def _kind_changed(xml: bytes, chance: random.Random) -> bytes:
    found = _one(re.compile(rb'\st="[a-zA-Z]+"'), xml, chance)
    kind = chance.choice((b"s", b"str", b"e", b"d", b"b", b"n", b"inlineStr", b"zzz"))
    return xml[: found.start()] + b' t="' + kind + b'"' + xml[found.end() :] if found else xml


_XML: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _attribute_dropped,
    _attribute_doubled,
    _number_changed,
    _number_changed,
    _namespace_changed,
    _tag_dropped,
    _piece_moved,
    _renamed,
    _reference_changed,
    _kind_changed,
)
_DAMAGES: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    _bytes_turned,
    _cut,
    _spliced,
    _length_changed,
    _part_changed,
    _part_changed,
    _part_changed,
    _part_changed,
)
