"""Unit forms stamped out of one template: what differs from unit to unit is filled into ready-made bytes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaohe.workbooks.package.cells import Texts, tail
from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.package.patch import finish, open_skeleton, render_all
from kaohe.workbooks.package.zipraw import Piece, join, lay_out, unpack
from kaohe.workbooks.plan import BookPlan, Scalar, Slot

LEVEL = 1
_MARK = re.compile(rb"\x00(\d+)\x00")


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a value goes: its key, and the cell's formula as XML ('' without one)."""

    key: str
    formula: str


@dataclass(frozen=True, slots=True)
class Segments:
    """A part with gaps: ``texts`` has one piece more than ``gaps``, which stand between them."""

    name: bytes
    flags: int
    texts: tuple[bytes, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook ready but for its gaps; ``keys`` are the values a stamp needs."""

    keys: frozenset[str]
    _blocks: tuple[bytes, ...]
    _directory: tuple[bytes, ...]
    _parts: tuple[Segments, ...]

    @classmethod
    def build(cls, skeleton: bytes, plan: BookPlan) -> Template:
        """The template of a plan with slots, without the skeleton's own sheets.

        Raises PatchRefused, UnknownRole, BadPlan.
        """
        slots: list[Gap] = []

        def on_slot(slot: Slot, formula: str) -> str:
            slots.append(Gap(slot.key, formula))
            return f"\0{len(slots) - 1}\0"

        setting = open_skeleton(skeleton, plan, on_slot)
        own = setting.book.sheets()
        rendered = render_all(setting, plan)
        without = {setting.book.drop_sheet(sheet.name).encode() for sheet in reversed(own)}
        pieces = [p for p in finish(setting, plan, rendered) if p.name not in without]
        parts = [_split(piece, slots) for piece in pieces if _holds_sheet(piece)]
        open_parts = tuple(part for part in parts if part.gaps)
        named = {part.name for part in open_parts}
        blocks, directory = lay_out(piece for piece in pieces if piece.name not in named)
        return cls(frozenset(g.key for g in slots), (b"".join(blocks),), tuple(directory), open_parts)

    def stamp(self, values: Mapping[str, Scalar]) -> bytes:
        """The workbook with its gaps filled. BadPlan for a missing or impossible value."""
        texts = Texts()
        pieces = [_filled(part, values, texts) for part in self._parts]
        if texts.cut:
            raise BadPlan("a text too long for a cell")
        blocks, directory = lay_out(pieces, sum(map(len, self._blocks)))
        return join([*self._blocks, *blocks], [*self._directory, *directory])


def _holds_sheet(piece: Piece) -> bool:
    return piece.name.endswith(b".xml") and b"/worksheets/" in piece.name


def _split(piece: Piece, slots: Sequence[Gap]) -> Segments:
    """Cut a rendered part at its gaps."""
    pieces = _MARK.split(unpack(piece, piece.name.decode()))
    gaps = tuple(slots[int(number)] for number in pieces[1::2])
    return Segments(piece.name, piece.flags, tuple(pieces[::2]), gaps)


def _refuse_gap(gaps: Sequence[Gap], values: Mapping[str, Scalar]) -> None:
    """Raises BadPlan that names the first gap that cannot be filled."""
    for gap in gaps:
        if gap.key not in values:
            raise BadPlan(f"no value for slot {gap.key!r}")
        try:
            tail(values[gap.key], gap.formula, Texts())
        except BadPlan as error:
            raise BadPlan(f"slot {gap.key!r}: {error}") from error


def _filled(part: Segments, values: Mapping[str, Scalar], texts: Texts) -> Piece:
    try:
        filled = [tail(values[gap.key], gap.formula, texts).encode() for gap in part.gaps]
    except (KeyError, BadPlan):
        _refuse_gap(part.gaps, values)
        raise
    woven: list[bytes] = [b""] * (2 * len(filled) + 1)
    woven[::2] = part.texts
    woven[1::2] = filled
    content = b"".join(woven)
    machine = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    packed = machine.compress(content) + machine.flush()
    return Piece(part.name, part.flags, 8, 0, 0x21, zlib.crc32(content), len(content), packed)
