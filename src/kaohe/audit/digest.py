"""内容校验: what a table held when a run wrote the master, in few characters, and what changed in it since.

A table is kept as ``369.1f2e3d4c5b6a.AbCd…``: how many rows, a digest of all of them in order, and marks: for
every bit of a row's place the rows with that bit set, added up (XOR) in 24 bits. Where one row differs, the
marks that differ spell its place; so a changed, a lost or a slipped-in row is named without keeping anything
of the rows themselves.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kaohe.tables import BY_KEY as SPEC_BY_KEY
from kaohe.tables import Table

Hashes = NDArray[np.uint64]
Value = str | float | int | bool | None

_BYTES = 3
_MASK = (1 << 8 * _BYTES) - 1
_DIGEST = 12
_BETWEEN, _BESIDE = ";", "="

SAME, GROWN, CHANGED, LOST, SLIPPED_IN, MOVED, OTHER = (
    "same",
    "grown",
    "changed",
    "lost",
    "slipped in",
    "moved",
    "other",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A table as a run left it: number of ``rows``, ``digest`` of all, ``marks`` that find one row."""

    rows: int
    digest: str
    marks: tuple[int, ...]

    @property
    def text(self) -> str:
        """As it stands in 运行记录."""
        packed = b"".join(mark.to_bytes(_BYTES, "big") for mark in self.marks)
        return f"{self.rows}.{self.digest}.{base64.urlsafe_b64encode(packed).decode()}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a table: ``kind`` (SAME … OTHER), the row it is about (from 0; None: not one row).

    GROWN: nothing but rows behind the last one, ``row`` is the first of them. LOST: ``row`` is where the
    missing row stood. MOVED: the same rows in another order. ``rows``: how many there are now.
    """

    kind: str
    row: int | None
    before: int
    rows: int


def hashes_of(rows: Iterable[Sequence[Value]]) -> Hashes:
    """A 64-bit hash of each row; numbers by 15 digits, blanks and '' alike, line ends as files keep them.

    Blanks at the end of a row do not count: a later program may have more columns.
    """
    found = [_hash(row) for row in rows]
    return np.frombuffer(b"".join(found), dtype=">u8").astype(np.uint64)


def table_rows(table: Table) -> list[Sequence[Value]]:
    """The rows of a yellow sheet as they are hashed: our columns, blank ones left out, by their keys."""
    keys = [column.key for column in SPEC_BY_KEY[table.key].columns]
    return [
        [part for key in keys if (value := row.values.get(key)) is not None for part in (key, value)]
        for row in table.rows
    ]


def kept(rows: Hashes) -> Kept:
    """What is kept of a table with these rows."""
    return Kept(len(rows), _whole(rows), _marks(rows))


def content_text(tables: Mapping[str, Hashes]) -> str:
    """The column 内容校验 of a run: every table by its name."""
    return _BETWEEN.join(f"{name}{_BESIDE}{kept(rows).text}" for name, rows in tables.items())


def read_content(text: str) -> dict[str, Kept]:
    """Tables by name from the column 内容校验; what cannot be read is left out."""
    found = {}
    for item in text.split(_BETWEEN):
        name, beside, rest = item.partition(_BESIDE)
        one = _read(rest)
        if beside and one is not None:
            found[name.strip()] = one
    return found


def verdict(before: Kept, now: Hashes) -> Verdict:
    """What became of the table since."""
    count = len(now)
    if count >= before.rows and _whole(now[: before.rows]) == before.digest:
        grown = count > before.rows
        return Verdict(GROWN if grown else SAME, before.rows if grown else None, before.rows, count)
    kind, row = _how(before, now)
    return Verdict(kind, row, before.rows, count)


def _how(before: Kept, now: Hashes) -> tuple[str, int | None]:
    """What is different, and where; rows behind the last one that was kept may have been added besides."""
    more = len(now) - before.rows
    if more == -1:
        return _lost(before, now)
    if more < 0:
        return OTHER, None
    kind, row = _slipped_in(before, now) if more == 1 else (OTHER, None)
    return (kind, row) if row is not None else _changed(before, now[: before.rows])


def _hash(row: Sequence[Value]) -> bytes:
    text = "\x1f".join([value if type(value) is str else _said(value) for value in row]).rstrip("\x1f")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _said(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:.15g}" if isinstance(value, int | float) else str(value)


def _whole(rows: Hashes) -> str:
    return hashlib.sha256(rows.astype(">u8").tobytes()).hexdigest()[:_DIGEST]


def _marks(rows: Hashes) -> tuple[int, ...]:
    """All rows added up, then for each bit those whose place has it."""
    places = np.arange(len(rows), dtype=np.uint64)
    chosen = [rows, *(rows[_has(places, bit)] for bit in range(_bits(len(rows))))]
    return tuple(int(np.bitwise_xor.reduce(some)) & _MASK if len(some) else 0 for some in chosen)


def _bits(count: int) -> int:
    return max(count - 1, 0).bit_length()


def _read(text: str) -> Kept | None:
    rows, _, rest = text.partition(".")
    digest, _, packed = rest.partition(".")
    try:
        raw = base64.urlsafe_b64decode(packed)
        count = int(rows)
    except ValueError:
        return None
    marks = tuple(int.from_bytes(raw[at : at + _BYTES], "big") for at in range(0, len(raw), _BYTES))
    good = count >= 0 and len(digest) == _DIGEST and len(marks) == 1 + _bits(count)
    return Kept(count, digest, marks) if good else None


def _changed(before: Kept, now: Hashes) -> tuple[str, int | None]:
    """The row whose content differs, when it is one; or the same rows in another order."""
    differ = [one ^ other for one, other in zip(before.marks, _marks(now), strict=True)]
    whole, by_bit = differ[0], differ[1:]
    if not whole:
        return MOVED, None
    row = sum(1 << bit for bit, part in enumerate(by_bit) if part)
    alone = row < len(now) and all(part in (0, whole) for part in by_bit)
    return (CHANGED, row) if alone else (OTHER, None)


def _lost(before: Kept, now: Hashes) -> tuple[str, int | None]:
    """Where a row is missing: the place at which a row put back gives the marks that were kept."""
    missing = np.uint64(before.marks[0] ^ _marks(now)[0])
    fits = np.ones(before.rows, dtype=bool)
    spots = np.arange(before.rows, dtype=np.uint64)
    for bit, mark in enumerate(before.marks[1:]):
        ahead = _running(np.where(_has(spots[:-1], bit), now, np.uint64(0)))
        behind = _running(np.where(_has(spots[1:], bit), now, np.uint64(0))[::-1])[::-1]
        own = np.where(_has(spots, bit), missing, np.uint64(0))
        fits &= ((ahead ^ behind ^ own) & np.uint64(_MASK)) == np.uint64(mark)
    found = np.flatnonzero(fits)
    return (LOST, int(found[0])) if len(found) else (OTHER, None)


def _slipped_in(before: Kept, now: Hashes) -> tuple[str, int | None]:
    """The row that was put in between others."""
    extra = before.marks[0] ^ _marks(now)[0]
    for at in np.flatnonzero((now & np.uint64(_MASK)) == np.uint64(extra)):
        if _whole(np.delete(now, at)) == before.digest:
            return SLIPPED_IN, int(at)
    return OTHER, None


def _has(places: Hashes, bit: int) -> NDArray[np.bool_]:
    return np.asarray((places >> np.uint64(bit)) & np.uint64(1) == 1)


def _running(rows: Hashes) -> Hashes:
    """XOR of all rows ahead of each place, one place more than rows."""
    return np.concatenate(([np.uint64(0)], np.bitwise_xor.accumulate(rows)))
