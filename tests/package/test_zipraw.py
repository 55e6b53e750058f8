"""Zip files: carried over as packed bytes, or refused by name."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import pytest

from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.zipraw import assemble, deflated, read_archive


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


TWO = (("a.xml", b"<a/>" * 99), ("表/b.bin", bytes(range(256)) * 40))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_entries_come_over_packed(method: int) -> None:
    before = read_archive(zipped(*TWO, method=method))
    after = read_archive(assemble(before.entries.values()))
    assert [bytes(p.packed) for p in after.entries.values()] == [
        bytes(p.packed) for p in before.entries.values()
    ]
    assert {name: after.read(name) for name in after.entries} == dict(TWO)


def test_other_programs_read_what_is_written() -> None:
    data = assemble(deflated(name, [content[:7], content[7:]]) for name, content in TWO)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == dict(TWO)
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_streamed_entries_lose_their_descriptor() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, more: Any) -> int:
            self.data += bytes(more)
            return len(more)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(*TWO[0])
    assert zipfile.ZipFile(io.BytesIO(pipe.data)).infolist()[0].flag_bits & 8
    data = assemble(read_archive(pipe.data).entries.values())
    assert zipfile.ZipFile(io.BytesIO(data)).infolist()[0].flag_bits & 8 == 0
    assert zipfile.ZipFile(io.BytesIO(data)).read("a.xml") == TWO[0][1]


def patched(data: bytes, signature: bytes, offset: int, form: str, value: int) -> bytes:
    """Overwrite a field behind the last record with that signature."""
    at = data.rfind(signature) + offset
    return data[:at] + struct.pack(form, value) + data[at + struct.calcsize(form) :]


GOOD = zipped(*TWO)
BAD = {
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + GOOD, "不是 .xlsx"),
    "text": (b"a,b,c", "不是 .xlsx"),
    "empty": (b"", "不是 .xlsx"),
    "cut": (GOOD[: len(GOOD) // 2], "不完整"),
    "in_front": (GOOD[:4] + b"x" + GOOD[4:], "不寻常"),
    "encrypted": (patched(GOOD, b"PK\x01\x02", 8, "<H", 1), "密码"),
    "zip64": (patched(GOOD, b"PK\x05\x06", 16, "<L", 0xFFFFFFFF), "zip64"),
    "disks": (patched(GOOD, b"PK\x05\x06", 4, "<H", 1), "不寻常"),
    "count": (patched(patched(GOOD, b"PK\x05\x06", 8, "<H", 1), b"PK\x05\x06", 10, "<H", 1), "目录"),
    "offset": (patched(GOOD, b"PK\x01\x02", 42, "<L", 7), "损坏"),
    "too_long": (patched(GOOD, b"PK\x01\x02", 20, "<L", 10_000_000), "不完整"),
    "twice": (zipped(("a.xml", b"1"), ("A.xml", b"2")), "同名"),
    "backslash": (zipped(("xl/a.xml", b"1")).replace(b"xl/a", b"xl\\a"), "不规范"),
}


@pytest.mark.parametrize("kind", BAD)
def test_refused(kind: str) -> None:
    data, word = BAD[kind]
    with pytest.raises(PatchRefused, match=word) as caught:
        read_archive(data)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("offset", "form", "value"), [(16, "<L", 1), (24, "<L", 5), (24, "<L", 1 << 31), (10, "<H", 12)]
)
def test_parts_that_are_not_what_they_say(offset: int, form: str, value: int) -> None:
    archive = read_archive(patched(GOOD, b"PK\x01\x02", offset, form, value))
    with pytest.raises(PatchRefused):
        archive.read("表/b.bin")


def test_a_bomb_is_not_unpacked() -> None:
    data = patched(zipped(("a.xml", bytes(50_000_000))), b"PK\x01\x02", 24, "<L", 100)
    with pytest.raises(PatchRefused, match="损坏"):
        read_archive(data).read("a.xml")


def test_garbage_is_refused_not_misread() -> None:
    for at in range(0, len(GOOD), 3):
        data = GOOD[:at] + bytes([GOOD[at] ^ 0xFF]) + GOOD[at + 1 :]
        try:
            archive = read_archive(data)
            found = {name: archive.read(name) for name in archive.entries}
        except PatchRefused:
            continue
        assert list(found.values()) == [content for _, content in TWO]
