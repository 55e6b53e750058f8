"""Compressed containers: the published examples, and what independent readers make of ours."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kaohe.vba.compression import CHUNK, compress
from tests.addin.readers import decompressed

# [MS-OVBA] 3.2: no, maximum and normal compression.
PUBLISHED = (
    (
        b"abcdefghijklmnopqrstuv.",
        "01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E",
    ),
    (b"a" * 73, "01 03 B0 02 61 45 00"),
)
NORMAL = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
NORMAL_PUBLISHED = bytes.fromhex(
    "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70"
    " 06 71 02 70 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"
)
TEXT = st.lists(st.sampled_from([b"    ", b"Dim x As Long\r\n", b"End Sub\r\n", b"'", b"Ab9_"])).map(b"".join)


@pytest.mark.parametrize(("plain", "container"), PUBLISHED)
def test_the_published_examples(plain: bytes, container: str) -> None:
    assert compress(plain) == bytes.fromhex(container)


def test_the_published_example_with_a_choice() -> None:
    """Of equally long repetitions any may be taken; the example takes others, and is as long."""
    ours = compress(NORMAL)
    assert len(ours) == len(NORMAL_PUBLISHED)
    assert ours[:28] == NORMAL_PUBLISHED[:28]
    assert decompressed(ours) == decompressed(NORMAL_PUBLISHED)


@given(TEXT)
@example(b"")
@example(b"x" * CHUNK)
@example(b"x" * (CHUNK + 1))
@example(b"Sub A()\r\nEnd Sub\r\n" * 3000)
def test_two_readers_get_the_text_back(plain: bytes) -> None:
    found = decompressed(compress(plain))
    assert found == {"oletools": plain, "pyOpenVBA": plain}


@given(st.binary(max_size=600))
def test_any_bytes_come_back(plain: bytes) -> None:
    assert decompressed(compress(plain))["pyOpenVBA"] == plain


def noise(size: int) -> bytes:
    """Bytes that do not shrink: the high byte of a linear congruential sequence."""
    made, state = bytearray(), 1
    for _ in range(size):
        state = (state * 1103515245 + 12345) % 2**31
        made.append(state >> 23)
    return bytes(made)


@pytest.mark.parametrize("size", [CHUNK, 2 * CHUNK, 3000])
def test_what_does_not_shrink_comes_back(size: int) -> None:
    plain = noise(size)
    assert set(decompressed(compress(plain)).values()) == {plain}


def test_a_long_last_chunk_that_does_not_shrink_is_padded() -> None:
    plain = noise(4000)
    assert decompressed(compress(plain))["pyOpenVBA"] == plain.ljust(CHUNK, b"\0")
