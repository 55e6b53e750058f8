"""Compound files, read back by olefile."""

from __future__ import annotations

from typing import Any

import pytest

from kaohe.vba.compound import SECTOR, Storage, Stream, compound_file
from kaohe.vba.errors import VbaError
from tests.addin.readers import ole

SIZES = (0, 1, 63, 64, 65, 511, 512, 4095, 4096, 4097, 70_000)


def content(size: int) -> bytes:
    return bytes(number % 251 for number in range(size))


def test_streams_of_every_size_come_back() -> None:
    streams = tuple(Stream(f"S{size}", content(size)) for size in SIZES)
    with ole(compound_file((*streams, Storage("VBA", streams)))) as found:
        for size in SIZES:
            assert found.openstream(f"S{size}").read() == content(size)
            assert found.openstream(f"VBA/S{size}").read() == content(size)


@pytest.mark.parametrize("count", range(1, 34))
def test_the_directory_is_a_red_black_tree_in_order(count: int) -> None:
    names = [f"Module{'x' * (number % 5)}{number}" for number in range(count)]
    with ole(compound_file(tuple(Stream(name, name.encode()) for name in names))) as found:
        walked = list(in_order(found.direntries, found.root.sid_child, 0))
        assert [name for name, _, _ in walked] == sorted(names, key=lambda name: (len(name), name.upper()))
        assert len({blacks for _, blacks, is_leaf in walked if is_leaf}) == 1
        for name in names:
            assert found.openstream(name).read() == name.encode()


def in_order(entries: Any, number: int, blacks: int) -> Any:
    """(name, black nodes down to it, whether a side is free) of each entry, by the rules of the tree."""
    if number == 0xFFFFFFFF:
        return
    entry = entries[number]
    sides = [side for side in (entry.sid_left, entry.sid_right) if side != 0xFFFFFFFF]
    if entry.color == 0:
        assert all(entries[side].color == 1 for side in sides), "a red node has black children"
    down = blacks + entry.color
    yield from in_order(entries, entry.sid_left, down)
    yield entry.name, down, len(sides) < 2
    yield from in_order(entries, entry.sid_right, down)


def test_no_time_stamps() -> None:
    with ole(compound_file((Storage("VBA", (Stream("dir", b"x"),)),))) as found:
        assert {(entry.createTime, entry.modifyTime) for entry in found.direntries if entry} == {(0, 0)}


def test_many_sectors_of_fat() -> None:
    big = content(SECTOR * 128 * 3)
    with ole(compound_file((Stream("big", big), Stream("small", b"s")))) as found:
        assert found.openstream("big").read() == big
        assert found.openstream("small").read() == b"s"


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(VbaError, match="太大"):
        compound_file((Stream("big", bytes(8_000_000)),))
    with pytest.raises(VbaError, match="31"):
        compound_file((Stream("x" * 32, b""),))
