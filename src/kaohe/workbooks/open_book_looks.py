"""Styles by role in an open book: what a role looks like, painted attribute by attribute in blocks.

Copying a specimen cell's format over a range would take the conditional formats there along; setting its
attributes does not. A program that tells formats is asked for the specimen cells as the office restyled them;
for others the table of roles in :mod:`kaohe.workbooks.skeleton` counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from kaohe.workbooks.open_book_cells import TEXT_FORMAT, blocks
from kaohe.workbooks.open_book_desktop import indent
from kaohe.workbooks.package.refs import Area, parse_area
from kaohe.workbooks.plan import Cell, SheetPlan
from kaohe.workbooks.skeleton import BODY_FONT, DIFFERENTIAL_ROLES, INK, ROLES

SPECIMEN_KEY = "样式"
_NUMBER_FORMATS = {0: "General", 1: "0", 2: "0.00", 49: TEXT_FORMAT}


@dataclass(frozen=True, slots=True)
class Look:
    """A cell's format: colours as #RRGGBB (``fill`` None: none), sizes in points; ``line``: its box."""

    number_format: str = "General"
    fill: str | None = None
    color: str = INK
    bold: bool = False
    font: str = BODY_FONT
    size: float = 10.5
    horizontal: str = "general"
    vertical: str = "center"
    wrap: bool = False
    line: str | None = None
    indent: int = 0


Put = Callable[[Any, Any], None]


def _put_line(cells: Any, color: str | None) -> None:
    if color is None:
        return
    cells.borders.line_style = "continuous"
    cells.borders.color = color


def _put_indent(cells: Any, steps: int) -> None:
    """Steps are added to what is there: for cells that have none yet."""
    if steps:
        indent(cells, steps)


_PUT: Mapping[str, Put] = {
    "number_format": lambda cells, value: setattr(cells, "number_format", value),
    "fill": lambda cells, value: setattr(cells, "color", value),
    "color": lambda cells, value: setattr(cells.font, "color", value),
    "bold": lambda cells, value: setattr(cells.font, "bold", value),
    "font": lambda cells, value: setattr(cells.font, "name", value),
    "size": lambda cells, value: setattr(cells.font, "size", value),
    "horizontal": lambda cells, value: setattr(cells, "horizontal_alignment", value),
    "vertical": lambda cells, value: setattr(cells, "vertical_alignment", value),
    "wrap": lambda cells, value: setattr(cells, "wrap_text", value),
    "line": _put_line,
    "indent": _put_indent,
}
ALL = tuple(_PUT)
IN_TABLE = ("number_format", "fill", "color", "bold", "font", "size", "horizontal")
"""What differs between the roles of a table's cells; frames, indents, wrapping come from the row above."""


@cache
def built_in() -> Mapping[str, Look]:
    """Role → look, from the table the skeletons are drawn from."""
    return {role.name: _look(role.look) for role in ROLES}


def _look(drawn: Mapping[str, Any]) -> Look:
    shown = drawn.get("num_format", 0)
    return Look(
        number_format=_NUMBER_FORMATS[shown] if isinstance(shown, int) else str(shown),
        fill=drawn.get("bg_color"),
        color=drawn.get("font_color", INK),
        bold=bool(drawn.get("bold", False)),
        font=drawn.get("font_name", BODY_FONT),
        size=drawn.get("font_size", 10.5),
        horizontal=drawn.get("align", "general"),
        vertical={"top": "top"}.get(drawn.get("valign", ""), "center"),
        wrap=bool(drawn.get("text_wrap", False)),
        line=drawn.get("border_color") if drawn.get("border") else None,
        indent=drawn.get("indent", 0),
    )


def differential(style: str) -> dict[str, Any]:
    """What a differential role changes, as arguments of xlwings' conditional formats."""
    drawn = next(role.look for role in DIFFERENTIAL_ROLES if role.name == style)
    named = {"fill_color": "bg_color", "font_color": "font_color", "font_bold": "bold"}
    return {name: drawn[key] for name, key in named.items() if key in drawn}


def read_looks(book: Any, sheets: Mapping[str, str], roles: Iterable[str]) -> dict[str, Look]:
    """The looks of these roles in this book; a role the specimen sheet lacks looks as built in.

    ``sheets``: product key → present sheet name.
    """
    known = dict(built_in())
    if SPECIMEN_KEY not in sheets:
        return known
    sheet = book.sheets[sheets[SPECIMEN_KEY]]
    names = [row[0] for row in sheet.used_range.options(ndim=2).value]
    wanted = set(roles)
    try:
        for number, name in enumerate(names, start=sheet.used_range.row):
            if name in wanted and name in known:
                known[name] = _seen(sheet.range((number, 2)), known[name])
    except NotImplementedError:
        return dict(built_in())
    return known


def _seen(cell: Any, otherwise: Look) -> Look:
    """The look of a specimen cell; frames and wrapping as built in."""
    return Look(
        number_format=cell.number_format or "General",
        fill=_hex(cell.color),
        color=_hex(cell.font.color) or otherwise.color,
        bold=bool(cell.font.bold),
        font=cell.font.name or otherwise.font,
        size=cell.font.size or otherwise.size,
        horizontal=cell.horizontal_alignment or otherwise.horizontal,
        vertical=cell.vertical_alignment or otherwise.vertical,
        wrap=bool(cell.wrap_text),
        line=otherwise.line,
        indent=otherwise.indent,
    )


def _hex(color: Any) -> str | None:
    return None if color is None else "#" + bytes(color).hex().upper()


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of a plan's cells: each column's, and the cells that have another (row, column → role)."""

    columns: Sequence[str]
    others: Mapping[tuple[int, int], str]

    @classmethod
    def of(cls, plan: SheetPlan) -> Roles:
        """Of the cells of a plan."""
        others = {
            (row, column): cell.role
            for row, line in enumerate(plan.rows, start=1)
            for column, cell in enumerate(line, start=1)
            if type(cell) is Cell and cell.role is not None and cell.role != _column(plan, column)
        }
        return cls(plan.roles, others)

    def at(self, row: int, column: int) -> str:
        """The role of a cell."""
        return self.others.get((row, column)) or (
            self.columns[column - 1] if column <= len(self.columns) else "plain"
        )

    @property
    def used(self) -> set[str]:
        """Every role that occurs."""
        return {*self.columns, *self.others.values(), "plain"}


def _column(plan: SheetPlan, column: int) -> str:
    return plan.roles[column - 1] if column <= len(plan.roles) else "plain"


def paint(sheet: Any, area: Area, roles: Roles, looks: Mapping[str, Look], attributes: Sequence[str]) -> None:
    """Give an area's cells their roles' attributes: columns in blocks first, then the cells that differ."""
    columns = [roles.at(0, column) for column in range(area.left, area.right + 1)]
    others = {place: role for place, role in roles.others.items() if area.contains(_single(place))}
    for name in attributes:
        base = [getattr(looks[role], name) for role in columns]
        for value, group in groupby(enumerate(base, start=area.left), key=lambda pair: pair[1]):
            places = [column for column, _ in group]
            _put(sheet, area._replace(left=places[0], right=places[-1]), name, value)
        different: dict[Any, list[tuple[int, int]]] = defaultdict(list)
        for place, role in others.items():
            value = getattr(looks[role], name)
            if value != base[place[1] - area.left]:
                different[value].append(place)
        for value, cells in different.items():
            for block in blocks(cells):
                _put(sheet, block, name, value)


def _single(place: tuple[int, int]) -> Area:
    return Area(place[0], place[1], place[0], place[1])


def _put(sheet: Any, area: Area, name: str, value: Any) -> None:
    _PUT[name](cells_of(sheet, area), value)


def cells_of(sheet: Any, area: Area) -> Any:
    """The xlwings range of a rectangle."""
    return sheet.range((area.top, area.left), (area.bottom, area.right))


def cells_at(sheet: Any, reference: str) -> Any:
    """The xlwings range of an A1 reference."""
    area = parse_area(reference)
    if area is None:
        raise ValueError(f"not a range: {reference!r}")
    return cells_of(sheet, area)
