"""The lines of the form in the order of the scheme's tree, and the bands above its parts (GN1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kaohe import terms
from kaohe.model import Indicator, Part
from kaohe.sheets.form_layout import COLUMNS
from kaohe.sheets.form_model import Form
from kaohe.workbooks.plan import Cell, CellLike

_INDENT = "  "
_CAPPED = {terms.PART_BONUS: "加分", terms.PART_DEDUCTION: "扣分"}


class Band(NamedTuple):
    """A part with indicators below it; ``level`` 0 is the first, ``inside`` all indicators below it."""

    part: Part
    level: int
    inside: tuple[Indicator, ...]
    nested: bool
    """Whether the form has parts below parts at all."""


def lines(form: Form) -> Iterable[Band | Indicator]:
    """Bands of parts depth first, their indicators, and components right beneath their composite."""
    listed = {row.code for row in form.indicators}
    by_part: dict[str, list[Indicator]] = {}
    for row in form.indicators:
        by_part.setdefault(row.parent, []).append(row)
    below: dict[str, list[Part]] = {}
    for part in form.scheme.parts:
        above = part.parent if part.parent in form.scheme.part_by_code else ""
        below.setdefault(above, []).append(part)
    nested = any(code for code in below)

    def walk(part: Part, level: int) -> Iterable[Band | Indicator]:
        inside = tuple(_inside(part, by_part, below))
        if not inside:
            return
        yield Band(part, level, inside, nested)
        for row in by_part.get(part.code, ()):
            yield row
            yield from (child for child in form.scheme.below(row) if child.code in listed)
        for child in below.get(part.code, ()):
            yield from walk(child, level + 1)

    for part in below.get("", ()):
        yield from walk(part, 0)


def _inside(
    part: Part, by_part: Mapping[str, list[Indicator]], below: Mapping[str, list[Part]]
) -> Iterable[Indicator]:
    yield from by_part.get(part.code, ())
    for child in below.get(part.code, ()):
        yield from _inside(child, by_part, below)


def band_row(form: Form, band: Band) -> list[CellLike]:
    """The band's row; bands of the first level are stronger where there are deeper ones."""
    role = "band_top" if band.nested and band.level == 0 else "band"
    text = f"{_INDENT * band.level}{band.part.name}({_content(form, band)})"
    return [Cell(text, role), *(Cell(None, role) for _ in COLUMNS[1:])]


def _content(form: Form, band: Band) -> str:
    measured = [row for row in band.inside if form.measured(row)]
    count = f"本期考核 {len(measured)} 项"
    capped = _CAPPED.get(_kind(form, band.part))
    if capped is None:
        return f"{count},{sum(row.weight for row in measured):g} 分"
    cap = f",上限 {band.part.weight:g} 分" if band.part.weight is not None else ""
    return f"{capped},{count}{cap}"


def _kind(form: Form, part: Part) -> str:
    """计分, 加分 or 扣分: that of the part of the first level."""
    seen: set[str] = set()
    while part.parent in form.scheme.part_by_code and part.code not in seen:
        seen.add(part.code)
        part = form.scheme.part_by_code[part.parent]
    return part.kind
