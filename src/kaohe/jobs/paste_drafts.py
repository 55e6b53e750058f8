"""Rows of an office's own table → drafts of parts and indicators; every cell is told where it went."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kaohe.jobs import paste_headings as role
from kaohe.jobs.paste_headings import Header, Heading, level_of
from kaohe.jobs.paste_sheet import Sheet, text_of

_TOTAL = re.compile(r"^\s*(合\s*计|总\s*计|总\s*分|小\s*计|累\s*计)")
_NOTE = re.compile(r"^\s*[(\uff08]?(注|说明|备注|附注)\s*\d*[:\uff1a)\uff09]")
_NUMERAL = "[一二三四五六七八九十]+"
_BAND = re.compile(rf"^\s*({_NUMERAL}[、.\uff0e\s]|[(\uff08]{_NUMERAL}[)\uff09])")
_WIDE = 3
"""Columns from which on a cell that stands alone in its row is a heading of what follows."""


@dataclass
class Draft:
    """One indicator in the making: texts by role, as they stand in the table."""

    row: int
    path: tuple[str, ...]
    name: str
    texts: dict[str, list[str]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    """The office's own columns: title → text."""
    targets: list[tuple[str, str, str]] = field(default_factory=list)
    """(units as typed, '' for all; target as typed; 省, 市 or '')."""
    priors: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, what: str, text: str) -> None:
        """One more text of a role; the same text once."""
        texts = self.texts.setdefault(what, [])
        if text not in texts:
            texts.append(text)

    def text(self, what: str) -> str:
        """All texts of a role, a line each."""
        return "\n".join(self.texts.get(what, []))


@dataclass
class Drafts:
    """What the table holds: indicators in order, weights of parts, remarks, and where each cell went."""

    indicators: list[Draft] = field(default_factory=list)
    part_weights: dict[tuple[str, ...], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    title: str = ""
    total: str = ""
    placed: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """Which columns make the path of parts, which one names the indicator, which one weighs it."""

    levels: tuple[Heading, ...]
    name: Heading
    weight: Heading | None
    part_weights: Mapping[int, int]
    """Column of a weight → how many levels its part is deep."""
    others: tuple[Heading, ...]


def layout(sheet: Sheet, header: Header) -> Layout:
    """The name is the column that is filled in where the weight is; what stands left of it are the parts."""
    headings = header.headings
    weights = [h for h in headings if h.role == role.WEIGHT]
    weight = max(weights, key=lambda h: (_filled(sheet, header, h), h.column), default=None)
    named = [h for h in headings if h.role in (role.NAME, role.CONTENT, role.LEVEL)]
    name = _name_column(sheet, header, named, weight)
    levels = tuple(h for h in named if h.column < name.column)
    parts = {h.column: depth for h in weights if h is not weight and (depth := _deep(levels, h))}
    kept = {name.column, *(h.column for h in levels), *parts, *([weight.column] if weight else [])}
    others = tuple(
        h._replace(role=role.OWN) if h.role == role.WEIGHT else h for h in headings if h.column not in kept
    )
    return Layout(levels, name, weight, parts, others)


def _deep(levels: Sequence[Heading], weight: Heading) -> int:
    """How many levels stand left of a weight."""
    return sum(level.column < weight.column for level in levels)


def _filled(sheet: Sheet, header: Header, heading: Heading) -> int:
    return sum(column == heading.column and row > header.last for row, column in sheet.cells)


def _name_column(sheet: Sheet, header: Header, named: Sequence[Heading], weight: Heading | None) -> Heading:
    """An explicit 指标名称 first; another column only where it is filled in clearly more often."""
    rows = {row for row, column in sheet.cells if weight and column == weight.column and row > header.last}
    rows = {row for row in rows if not _is_total(sheet.own(row))}

    def fits(heading: Heading) -> int:
        return (
            sum(column == heading.column and row in rows for row, column in sheet.cells)
            if rows
            else (_filled(sheet, header, heading))
        )

    order = {role.NAME: 2, role.LEVEL: 1, role.CONTENT: 0}
    most = max(map(fits, named))
    close = [heading for heading in named if fits(heading) * 10 >= most * 8]
    return max(close, key=lambda h: (order[h.role], h.column if h.role == role.LEVEL else -h.column))


def _is_total(own: Mapping[int, str | float]) -> bool:
    """Whether 合计, 小计 … stands first or second in a row."""
    return any(_TOTAL.match(text_of(value)) for value in list(own.values())[:2])


class Reader:
    """Walks down the rows once; :attr:`drafts` is what it found."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        self.sheet, self.header = sheet, header
        self.layout = layout(sheet, header)
        self.drafts = Drafts()
        self._path: list[str] = []
        self._band = ""

    def read(self) -> Drafts:
        """All rows: what stands above the headings, the table, what stands below it."""
        for row in self.sheet.rows:
            if row < self.header.first:
                self._above(row)
            elif row <= self.header.last:
                self._place(row, self.sheet.own(row), "表头")
            else:
                self._row(row)
        return self.drafts

    def _above(self, row: int) -> None:
        own = self.sheet.own(row)
        text = " ".join(text_of(value) for value in own.values())
        if not self.drafts.title:
            self.drafts.title = text
            self._place(row, own, "方案名称")
        else:
            self._note(row, own)

    def _note(self, row: int, own: Mapping[int, str | float]) -> None:
        self.drafts.notes.append(" ".join(text_of(value) for value in own.values()))
        self._place(row, own, "方案说明")

    def _place(self, row: int, columns: Iterable[int], where: str) -> None:
        for column in columns:
            self.drafts.placed[row, column] = where

    def _row(self, row: int) -> None:
        own = self.sheet.own(row)
        texts = [text_of(value) for value in own.values()]
        if _is_total(own):
            self._total(row, own)
        elif _NOTE.match(texts[0]):
            self._note(row, own)
        elif len(own) == 1 and self._is_band(row, *own):
            self._start_band(row, own)
        elif self._own_name(own):
            self._indicator(row, own)
        else:
            self._continued(row, own)

    def _is_band(self, row: int, column: int) -> bool:
        """Whether the only cell of a row heads the rows below it."""
        wide = self.sheet.span(row, column) >= _WIDE
        numbered = bool(_BAND.match(text_of(self.sheet.cells[row, column])))
        return (wide or numbered) and column <= self.layout.name.column and row < self.sheet.rows[-1]

    def _start_band(self, row: int, own: Mapping[int, str | float]) -> None:
        self._band = text_of(next(iter(own.values())))
        self._path = []
        self._place(row, own, "部分")

    def _total(self, row: int, own: Mapping[int, str | float]) -> None:
        weight = self.layout.weight
        value = text_of(own.get(weight.column)) if weight else ""
        subtotal = any("小" in text_of(text) for text in list(own.values())[:2])
        if value and subtotal and (self._path or self._band):
            self.drafts.part_weights.setdefault(self._full_path()[:1], value)
        elif value and not subtotal:
            self.drafts.total = value
        self._note(row, own)

    def _full_path(self) -> tuple[str, ...]:
        return tuple(text for text in (self._band, *self._path) if text)

    def _own_name(self, own: Mapping[int, str | float]) -> bool:
        """Whether the row begins an indicator: its name stands here, or a weight of its own."""
        weight = self.layout.weight
        levels = any(level.column in own for level in self.layout.levels)
        weighed = weight is not None and weight.column in own
        return self.layout.name.column in own or weighed or levels or not self.drafts.indicators

    def _indicator(self, row: int, own: Mapping[int, str | float]) -> None:
        self._levels(row, own)
        name = text_of(self.sheet.seen(row, self.layout.name.column))
        path = list(self._full_path())
        if not name:
            deepest = [h.column for h in self.layout.levels if h.column in own]
            name = path.pop() if deepest and len(path) > 1 else (path[-1] if path else "")
        if self.layout.name.column not in own:
            name = self._unlike_the_last(row, own, name)
        draft = Draft(row, tuple(path), name or f"第{row}行")
        self.drafts.indicators.append(draft)
        self._place(row, [self.layout.name.column] if self.layout.name.column in own else [], "指标名称")
        self._weigh(row, own, draft)
        self._rest(row, own, draft)

    def _unlike_the_last(self, row: int, own: Mapping[int, str | float], name: str) -> str:
        """A name of its own for a row that has a weight under a name standing over several rows."""
        words = [
            own[h.column]
            for h in self.layout.others
            if h.column in own and h.role in (role.CONTENT, role.CRITERIA)
        ]
        short = next((text_of(text) for text in words if len(text_of(text)) <= 30), "")
        return f"{name}:{short}" if name and short else (short or name)

    def _levels(self, row: int, own: Mapping[int, str | float]) -> None:
        """The parts above this row: a filled cell begins a new one and ends those deeper than it."""
        for depth, level in enumerate(self.layout.levels):
            if level.column in own:
                self._path = [*self._path[:depth], text_of(own[level.column])]
                self._place(row, [level.column], "部分")

    def _weigh(self, row: int, own: Mapping[int, str | float], draft: Draft) -> None:
        weight = self.layout.weight
        if weight is not None and weight.column in own:
            draft.add(role.WEIGHT, text_of(own[weight.column]))
            self._place(row, [weight.column], "权重")
        for column, depth in self.layout.part_weights.items():
            if column in own:
                self._weigh_part(depth, text_of(own[column]), draft)
                self._place(row, [column], "部分满分")

    def _weigh_part(self, depth: int, text: str, draft: Draft) -> None:
        """The weight of the part on that level; a second, different one stays with its indicator."""
        path = self._full_path()[: depth + (1 if self._band else 0)]
        if not path or self.drafts.part_weights.setdefault(path, text) != text:
            draft.add(role.DEFINITION, f"部分满分:{text}")

    def _continued(self, row: int, own: Mapping[int, str | float]) -> None:
        """More of the indicator above: further units, targets, standards."""
        draft = self.drafts.indicators[-1]
        self._rest(row, own, draft)

    def _rest(self, row: int, own: Mapping[int, str | float], draft: Draft) -> None:
        """Every other column: what we know by its role, what we do not know as the office's own column."""
        columns = [h.column for h in self.layout.others if h.role == role.UNITS]
        units = text_of(self.sheet.seen(row, columns[0])) if columns else ""
        for heading in self.layout.others:
            seen = self.sheet.seen(row, heading.column)
            if seen is None:
                continue
            text = text_of(seen)
            self._take(draft, heading, text, units)
            if heading.column in own:
                self._place(row, [heading.column], heading.role)

    def _take(self, draft: Draft, heading: Heading, text: str, units: str) -> None:
        if heading.role == role.TARGET_OF:
            draft.targets.append((heading.title, text, ""))
        elif heading.role in (role.TARGET, role.PRIOR):
            found = draft.targets if heading.role == role.TARGET else draft.priors
            given = (units, text, level_of(heading.title))
            if given not in found:
                found.append(given)
        elif heading.role in (role.OWN, role.SERIAL):
            have = draft.own.get(heading.title, "")
            draft.own[heading.title] = have if text in have.split("\n") else f"{have}\n{text}".strip()
        elif heading.role in (role.CONTENT, role.NAME, role.LEVEL):
            draft.add(role.CONTENT, f"{heading.title}:{text}")
        elif heading.role == role.CRITERIA:
            draft.add(role.CRITERIA, f"{heading.title}:{text}")
        else:
            draft.add(heading.role, text)
