"""One block of a 考评打分表 as rows: headings, units in their groups, live summaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.model import Unit
from kaohe.sheets.assessor_layout import (
    CODE_LABEL,
    FILLED,
    FIRST_VALUE,
    HEIGHT_ROW,
    HIGHEST,
    INDICATOR_LABEL,
    LOWEST,
    MEAN,
    NAME,
    NAME_WIDTHS,
    PERSON_LABEL,
    REMARK_LABEL,
    SUMMARIES,
    TARGET_LABEL,
    TITLES_OF_BLOCK,
    UNIT_LABEL,
    WIDTH_VALUE,
    area,
    letter,
)
from kaohe.sheets.assessor_model import ANY_NUMBER, AssessorForm, Block, Column
from kaohe.sheets.row_height import LEAST, fitting_width, height
from kaohe.workbooks.plan import Cell, CellLike, Choice, Highlight

_FORMULAS = {
    FILLED: "COUNTA({0})",
    MEAN: 'IF(COUNT({0})=0,"",ROUND(AVERAGE({0}),2))',
    HIGHEST: 'IF(COUNT({0})=0,"",MAX({0}))',
    LOWEST: 'IF(COUNT({0})=0,"",MIN({0}))',
}
COMPARED_FROM = 3
"""From this many units on their mean, highest and lowest tell something."""
_NOTE_LINE = 13.0
"""Points of one line of the small text below an indicator's name."""


@dataclass(frozen=True)
class DrawnBlock:
    """A block's rows, the first of them at ``top``, and where in them things stand."""

    rows: tuple[Sequence[CellLike], ...]
    merges: tuple[str, ...]
    heights: tuple[tuple[int, float], ...]
    fitted: tuple[tuple[int, float], ...]
    choices: tuple[Choice, ...]
    highlights: tuple[Highlight, ...]
    filled: str
    """The cells of the row that counts what is filled in."""
    header: int
    body: int


def draw(form: AssessorForm, block: Block, top: int, width: int, title: str) -> DrawnBlock:
    """The rows of a block on a sheet of ``width`` columns; ``title``: a band above it, '' for none."""
    artist = _Artist(form, block, width, top + bool(title))
    bands = [_across(title, "band_top", width)] if title else []
    lines = [*artist.titles(), *artist.body(), *artist.summaries()]
    merges = [f"A{top}:{letter(width)}{top}"] if title else []
    return DrawnBlock(
        rows=(*bands, *lines),
        merges=(*merges, *artist.merges(len(lines))),
        heights=artist.title_heights(),
        fitted=(*artist.body_heights(), *artist.summary_heights()),
        choices=tuple(artist.choices()),
        highlights=tuple(artist.highlights()),
        filled=f"{letter(FIRST_VALUE)}{artist.last + 1}:{letter(artist.remark - 1)}{artist.last + 1}",
        header=artist.header,
        body=artist.first,
    )


def shown_unit(form: AssessorForm, unit: Unit) -> str:
    """A unit's name; a person's with the unit it belongs to."""
    home = form.scheme.unit_by_code.get(unit.belongs_to) if unit.kind == terms.KIND_PERSON else None
    return f"{unit.name}({home.name})" if home else unit.name


class _Artist:
    """``header`` is the row of the names; ``first`` to ``last`` are the rows of units and groups."""

    def __init__(self, form: AssessorForm, block: Block, width: int, header: int) -> None:
        self.form, self.block, self.width, self.header = form, block, width, header
        self.remark = FIRST_VALUE + len(block.columns)
        self.banded = len(block.groups) > 1
        self.first = header + TITLES_OF_BLOCK
        self.last = self.first + len(block.units) + (len(block.groups) if self.banded else 0) - 1
        self.name_width = name_width(form)
        self.words = {row.code: form.words(row) for row in block.indicators}

    def _numbers(self, column: Column) -> bool:
        return not column.targets and not self.words[column.indicator.code]

    def titles(self) -> Iterable[list[CellLike]]:
        """Names, what to type, codes."""
        persons = all(unit.kind == terms.KIND_PERSON for unit in self.block.units)
        who = PERSON_LABEL if persons else UNIT_LABEL
        names = [TARGET_LABEL if c.targets else c.indicator.name for c in self.block.columns]
        yield self._line(["序号", CODE_LABEL, who, *names, REMARK_LABEL], "header")
        hints = [c.indicator.unit_of_measure if c.targets else self.form.hint(c.indicator)
                 for c in self.block.columns]  # fmt: skip
        yield self._line([None, None, "满分和填法", *hints, None], "header_note")
        codes = [None if c.targets else c.indicator.code for c in self.block.columns]
        yield self._line([None, None, INDICATOR_LABEL, *codes, None], "code_grey")

    def title_heights(self) -> tuple[tuple[int, float], ...]:
        """Points of the three rows of titles."""
        names = [(c.indicator.name, WIDTH_VALUE - 1) for c in self.block.columns if not c.targets]
        hints = [self.form.hint(row) for row in self.block.indicators]
        lines = max(hint.count("\n") + 1 + _longest(hint) for hint in hints)
        return (
            (self.header, height(names, 32)),
            (self.header + 1, lines * _NOTE_LINE + 4),
            (self.header + 2, 15.0),
        )

    def body(self) -> Iterable[list[CellLike]]:
        """Units in their order, with a band above each group where there are several."""
        ordinal = 0
        for group, units in self.block.groups:
            if self.banded:
                yield _across(f"{group or '未分组'}({len(units)} 个)", "band", self.width)
            for unit in units:
                ordinal += 1
                yield self._unit_row(ordinal, unit)

    def _unit_row(self, ordinal: int, unit: Unit) -> list[CellLike]:
        head = [
            Cell(ordinal, "text_center"),
            Cell(unit.code, "code"),
            Cell(shown_unit(self.form, unit), "text_wrap"),
        ]
        values = [self._cell(column, unit) for column in self.block.columns]
        rest = [Cell(None, "input_text") for _ in range(self.width - self.remark + 1)]
        return [*head, *values, *rest]

    def _cell(self, column: Column, unit: Unit) -> Cell:
        if column.targets:
            return Cell(self.form.target(column.indicator, unit), "number_grey")
        return Cell(None, "input_choice" if self.words[column.indicator.code] else "input")

    def body_heights(self) -> Iterable[tuple[int, float]]:
        """Rows of units whose names take more than a line are higher."""
        for number, row in enumerate(self.body(), start=self.first):
            cell = row[NAME - 1]
            value = cell.value if isinstance(cell, Cell) else None
            yield number, height([(value, self.name_width)], HEIGHT_ROW)

    def summary_heights(self) -> Iterable[tuple[int, float]]:
        """The rows below the units are as high as theirs."""
        count = sum(1 for _ in self.summaries())
        return ((self.last + 1 + at, HEIGHT_ROW) for at in range(count))

    def summaries(self) -> Iterable[list[CellLike]]:
        """How many cells are filled in; of numbers over some units also mean, highest and lowest."""
        compared = len(self.block.units) >= COMPARED_FROM and any(map(self._numbers, self.block.columns))
        wanted = SUMMARIES if compared else (FILLED,)
        for word in wanted:
            values = [self._summary(word, at, column) for at, column in enumerate(self.block.columns)]
            head = [Cell(None, "total_text"), Cell(None, "total_text"), Cell(word, "total_text")]
            yield [*head, *values, *(Cell(None, "total_text") for _ in range(self.width - self.remark + 1))]

    def _summary(self, word: str, at: int, column: Column) -> Cell:
        cells = area(FIRST_VALUE + at, self.first, self.last)
        if word == FILLED and not column.targets:
            return Cell(0, "total_count", formula=_FORMULAS[word].format(cells))
        if not self._numbers(column):
            return Cell(None, "total_text")
        return Cell("", "total", formula=_FORMULAS[word].format(cells))

    def merges(self, count: int) -> Iterable[str]:
        """说明 takes what is left of the width; titles of the fixed columns stand once."""
        end = letter(self.width)
        for column in (1, 2):
            yield f"{letter(column)}{self.header}:{letter(column)}{self.header + 2}"
        yield f"{letter(self.remark)}{self.header}:{end}{self.header + 2}"
        row = self.first
        for _, units in self.block.groups:
            if self.banded:
                yield f"A{row}:{end}{row}"
                row += 1
            if self.remark < self.width:
                yield from (f"{letter(self.remark)}{n}:{end}{n}" for n in range(row, row + len(units)))
            row += len(units)
        if self.remark < self.width:
            yield from (
                f"{letter(self.remark)}{n}:{end}{n}" for n in range(self.last + 1, self.header + count)
            )

    def choices(self) -> Iterable[Choice]:
        """What each column asks for, and what it takes."""
        for at, column in enumerate(self.block.columns):
            if column.targets:
                continue
            row = column.indicator
            cells = area(FIRST_VALUE + at, self.first, self.last)
            prompt = f"{row.name[:60]}:{self.form.hint(row)}".replace("\n", ";")
            if self.words[row.code]:
                yield Choice(cells, self.words[row.code], row.code[:32], prompt)
            else:
                between = self.form.between(row)
                yield Choice(cells, (), row.code[:32], prompt, between != ANY_NUMBER, between)
        cells = f"{letter(self.remark)}{self.first}:{letter(self.width)}{self.last}"
        yield Choice(cells, (), REMARK_LABEL, "扣分、加分的理由,不考评的原因", strict=False)

    def highlights(self) -> Iterable[Highlight]:
        """Words where a number belongs, marks beyond the full marks."""
        for at, column in enumerate(self.block.columns):
            if not self._numbers(column):
                continue
            cells = area(FIRST_VALUE + at, self.first, self.last)
            cell = f"{letter(FIRST_VALUE + at)}{self.first}"
            yield Highlight(cells, "formula", f'AND({cell}<>"",NOT(ISNUMBER({cell})))', "warn")
            low, high = self.form.between(column.indicator)
            if high < ANY_NUMBER[1]:
                rule = f"AND(ISNUMBER({cell}),OR({cell}<{low:g},{cell}>{high:.15g}))"
                yield Highlight(cells, "formula", rule, "bad")

    def _line(self, texts: Sequence[str | None], role: str) -> list[CellLike]:
        padded = [*texts, *([None] * (self.width - len(texts)))]
        return [Cell(text or None, role) for text in padded]


def _longest(hint: str) -> int:
    """Lines that wrap below an indicator's name."""
    return sum(height([(line, WIDTH_VALUE * 1.15)], 0) > LEAST for line in hint.split("\n"))


def name_width(form: AssessorForm) -> float:
    """Width of the column of names."""
    units = {unit.code: unit for units in form.task.units.values() for unit in units}
    return fitting_width((shown_unit(form, unit) for unit in units.values()), *NAME_WIDTHS)


def _across(text: str, role: str, width: int) -> list[CellLike]:
    return [Cell(text, role), *(Cell(None, role) for _ in range(width - 1))]
