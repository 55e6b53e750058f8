"""The rows of a plan as XML, fast: one template per combination of value types, filled row by row.

A detail sheet has millions of cells, so the inner loop does nothing per cell that can be done once per
column or once per kind of row.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kaohe.workbooks.grid import address, column_letter
from kaohe.workbooks.package.cells import MAX_INTEGER, Texts, formula_xml, tail
from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.plan import Cell, CellLike, Slot

CHUNK = 2_000
"""Rows joined at a time."""

StyleOf = Callable[[str], int]
OnSlot = Callable[[Slot, str], str]
Kept = Mapping[int, bytes]
"""Cells to the right of the table that stay, by row."""

_NOT_FINITE = re.compile("<v>(?:nan|-?inf)</v>")
_Layout = tuple[str, tuple[tuple[int, Callable[[Any], Any]], ...], tuple[int, ...]]


def refuse_slot(slot: Slot, formula: str) -> str:
    """For plans that are written as they stand."""
    raise BadPlan(f"slot {slot.key!r} outside a template")


class RowWriter:
    """Turns rows into ``<row>`` elements; ``roles`` are the columns', ``style_of`` knows their cellXf."""

    def __init__(self, roles: Sequence[str], style_of: StyleOf, on_slot: OnSlot = refuse_slot) -> None:
        self.texts = Texts()
        self._style_of = style_of
        self._on_slot = on_slot
        self._columns = [(column_letter(i), self._attribute(role)) for i, role in enumerate(roles, start=1)]
        self._role_attributes: dict[str, str] = {}
        self._layouts: dict[tuple[type, ...], _Layout] = {}

    def chunks(
        self,
        rows: Sequence[Sequence[CellLike]],
        heights: Mapping[int, str],
        kept: Kept,
    ) -> Iterator[bytes]:
        """``<row>`` elements from row 1 on, many at a time; ``heights``: row → its height attributes.

        Raises BadPlan for values no cell can hold, with the cell's address.
        """
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            text = "".join([self._told(n, row, heights, kept) for n, row in enumerate(part, start + 1)])
            if _NOT_FINITE.search(text):
                _refuse_not_finite(part, start + 1)
            if "<v>-0.0</v>" in text:
                text = text.replace("<v>-0.0</v>", "<v>0</v>")
            yield text.encode()

    def _told(
        self, n: int, row: Sequence[CellLike], heights: Mapping[int, str], kept: Mapping[int, bytes]
    ) -> str:
        """One row. Raises BadPlan that names the cell."""
        try:
            return self._row(n, row, heights, kept)
        except BadPlan as error:
            raise BadPlan(f"{self._culprit(n, row)}: {error}") from error

    def _culprit(self, n: int, row: Sequence[CellLike]) -> str:
        """Address of the first cell that cannot be written."""
        for at, cell in enumerate(row):
            try:
                self._row(n, [*[None] * at, cell], {}, {})
            except BadPlan:
                return address(n, at + 1)
        return f"row {n}"

    def _row(
        self, n: int, row: Sequence[CellLike], heights: Mapping[int, str], kept: Mapping[int, bytes]
    ) -> str:
        kinds = tuple(map(type, row))
        template, conversions, cells = self._layouts.get(kinds) or self._remember(kinds)
        values: list[Any] = list(row)
        for at, convert in conversions:
            values[at] = convert(values[at])
        for at in cells:
            values[at] = self._cell(at, n, values[at])
        body = template.replace("\0", str(n)) % tuple(values)
        height = heights.get(n, "")
        if n in kept:
            body += kept[n].decode()
        if not body and not height:
            return ""
        return f'<row r="{n}"{height}>{body}</row>'

    def _remember(self, kinds: tuple[type, ...]) -> _Layout:
        while len(self._columns) < len(kinds):
            self._columns.append((column_letter(len(self._columns) + 1), ""))
        pieces, conversions, cells = [], [], []
        for at, (kind, (letter, style)) in enumerate(zip(kinds, self._columns, strict=False)):
            if kind is Cell:
                pieces.append("%s")
                cells.append(at)
                continue
            pattern, convert = self._pattern(kind)
            nothing = kind is type(None) and not style
            pieces.append("%.0s" if nothing else f'<c r="{letter}\0"{style}{pattern}')
            if convert is not None:
                conversions.append((at, convert))
        self._layouts[kinds] = layout = ("".join(pieces), tuple(conversions), tuple(cells))
        return layout

    def _pattern(self, kind: type) -> tuple[str, Callable[[Any], Any] | None]:
        """(how a plain value of that type stands in the row's template, what is done to it before)."""
        if kind is type(None):
            return "%.0s/>", None
        if kind is float:
            return "><v>%r</v></c>", None
        if issubclass(kind, bool):
            return ' t="b"><v>%d</v></c>', None
        if issubclass(kind, str):
            return "%s", self.texts.__getitem__ if kind is str else self._subclass_text
        if issubclass(kind, int | numbers.Integral):
            return "><v>%d</v></c>", _whole
        if issubclass(kind, float | numbers.Real):
            return "><v>%r</v></c>", float
        raise BadPlan(f"not a cell value: type {kind.__name__}")

    def _subclass_text(self, value: str) -> str:
        return self.texts[str.__str__(value)]

    def _cell(self, at: int, n: int, cell: Cell) -> str:
        letter, style = self._columns[at]
        value, role, formula, _ = cell
        if role is not None:
            known = self._role_attributes.get(role)
            style = self._role_attribute(role) if known is None else known
        source = formula_xml(formula) if formula is not None else ""
        end = self._on_slot(value, source) if isinstance(value, Slot) else tail(value, source, self.texts)
        return f'<c r="{letter}{n}"{style}{end}'

    def _role_attribute(self, role: str) -> str:
        self._role_attributes[role] = attribute = self._attribute(role)
        return attribute

    def _attribute(self, role: str) -> str:
        number = self._style_of(role) if role else 0
        return f' s="{number}"' if number else ""


def _refuse_not_finite(rows: Sequence[Sequence[CellLike]], first: int) -> None:
    """Raises BadPlan for a number that is not finite (texts may look like one)."""
    for n, row in enumerate(rows, first):
        for column, value in enumerate(row, 1):
            if isinstance(value, float | numbers.Real) and not math.isfinite(value):
                raise BadPlan(f"{address(n, column)}: not a finite number: {value!r}")


def _whole(value: Any) -> int:
    number = int(value)
    if not -MAX_INTEGER < number < MAX_INTEGER:
        raise BadPlan(f"an integer of more than 15 digits must be written as text: {number}")
    return number


def with_kept_below(chunks: Iterable[bytes], below: bytes) -> Iterator[bytes]:
    """The written rows, then the rows underneath that stay as they are."""
    yield from chunks
    if below:
        yield below
