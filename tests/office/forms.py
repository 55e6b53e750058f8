"""A form open at the desk: its rows by indicator code, typing into them, what it shows."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kaohe.sheets.form_layout import COLUMNS, COUNT_CELLS, FORM_TITLE, HEADER_ROW, TOTAL_CELL, letter
from kaohe.workbooks.grid import address
from tests.office.desk import Area, Workbook
from tests.office.engine import Line, Shows

_AT = {key: index + 1 for index, (key, *_) in enumerate(COLUMNS)}


@dataclass(frozen=True)
class OpenForm:
    """``rows``: indicator code → row of the sheet."""

    book: Workbook
    rows: dict[str, int]

    @classmethod
    def of(cls, book: Workbook) -> OpenForm:
        """The form in an open workbook."""
        area = book.read(FORM_TITLE)
        codes = ((str(area.at(row, _AT["code"])), row) for row in range(HEADER_ROW + 1, len(area.rows) + 1))
        return cls(book, {code: row for code, row in codes if code and len(code) <= 5})

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the indicators on the form."""
        return tuple(self.rows)

    def cell(self, key: str, code: str) -> str:
        """Address of a column's cell in an indicator's row."""
        return f"{letter(key)}{self.rows[code]}"

    def type(self, code: str, text: str, key: str = "actual") -> None:
        """Type into a cell of an indicator's row; '' clears it."""
        self.book.type(FORM_TITLE, {self.cell(key, code): text})

    def shows(self) -> Shows:
        """What it shows now."""
        area = self.book.read(FORM_TITLE)
        lines = {code: _line(area, row) for code, row in self.rows.items()}
        counts = {word: int(float(area.at(*place))) for word, place in COUNT_CELLS.items()}
        return Shows(lines, counts, float(area.at(*TOTAL_CELL)))


def _line(area: Area, row: int) -> Line:
    rate, score, state = (area.at(row, _AT[key]) for key in ("rate", "score", "state"))
    return Line(rate, score, str(state))


def count_cell(word: str) -> str:
    """Address of the count of a state word."""
    return address(*COUNT_CELLS[word])


def different(form: Shows, engine: Shows) -> list[str]:
    """Where a form and the engine differ, in words; empty when they agree.

    Scores, counts and the total are equal to the digit; rates, which nobody rounds, to 14 digits.
    """
    found = [
        f"{code}: form {form.lines.get(code)}, engine {line}"
        for code, line in engine.lines.items()
        if not _same(form.lines.get(code), line)
    ]
    if dict(form.counts) != dict(engine.counts):
        found.append(f"counts: form {form.counts}, engine {engine.counts}")
    if form.total != engine.total:
        found.append(f"total: form {form.total}, engine {engine.total}")
    return found


def _same(form: Line | None, engine: Line) -> bool:
    if form is None or (form.score, form.state) != (engine.score, engine.state):
        return False
    if isinstance(form.rate, str) or isinstance(engine.rate, str):
        return form.rate == engine.rate
    return math.isclose(form.rate, engine.rate, rel_tol=1e-14, abs_tol=1e-15)
