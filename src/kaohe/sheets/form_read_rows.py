"""The rows of a form that was found: codes, values, what was written beside them, each with its cell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from kaohe.model import ReturnedRow
from kaohe.sheets.form_find import FoundForm, repeated
from kaohe.sheets.returned_cells import code_of, is_code, is_signature, is_sum, once, text_of
from kaohe.workbooks.grid import Grid, address, column_letter
from kaohe.workbooks.merged import Merged

_BESIDE = ("name", "unit_of_measure", "state", "weight", "target", "score")
_LABELLED = ("ordinal", "code", "name", "actual")
_TEXTS = ("status", "mark", "reason", "measure", "evidence")


MOST_ROWS = 5_000
"""Rows of a form that are read: many times the indicators of any scheme."""


class TooManyRowsError(ValueError):
    """A form has more than MOST_ROWS rows that stand for something."""


def form_rows(form: FoundForm, merged: Callable[[], Sequence[Merged]]) -> tuple[ReturnedRow, ...]:
    """Every row that stands for an indicator, and every value that stands in no such row.

    A row without a code has its name (or nothing) in the place of the code. ``merged`` is asked only for
    values in rows that have neither. Raises TooManyRowsError.
    """
    merged = cache(merged)
    reader = _Reader(form, merged)
    found: list[ReturnedRow] = []
    first: dict[int, int] = {}
    for number in range(form.header + 2, len(form.grid.rows) + 1):
        row = form.grid.rows[number - 1]
        if again := repeated(row, reader.form.columns):
            reader = _Reader(form._replace(**again._asdict()), merged)
            continue
        for read in reader.read(number, row):
            whole = _split_from(found, first, read, reader, number)
            if whole is not None:
                found[whole] = _joined(found[whole], read)
            else:
                first.setdefault(number, len(found))
                found.append(read)
        if len(found) > MOST_ROWS:
            raise TooManyRowsError(form.grid.sheet)
    return once(found)


@dataclass(frozen=True)
class _Reader:
    """Rows below one heading row."""

    form: FoundForm
    merged: Callable[[], Sequence[Merged]]

    def read(self, number: int, row: Sequence[object]) -> Iterable[ReturnedRow]:
        """The row's indicator; twice when two columns headed as the value say different things."""
        code = code_of(self._cell(row, "code"))
        if not is_code(code):
            if not self._stands_for_something(number, row):
                return
            code = _name(self._cell(row, "name"))
        filled = [at for at in reversed(self._value_columns) if self._filled(number, row, at)]
        for at in filled or [self.form.columns["actual"]]:
            yield self._row(number, row, code, at)

    @cached_property
    def _value_columns(self) -> tuple[int, ...]:
        return (self.form.columns["actual"], *self.form.twins)

    def _stands_for_something(self, number: int, row: Sequence[object]) -> bool:
        """Whether a row without a code is one of an indicator, or holds a value nobody would miss in silence."""
        name = self._cell(row, "name")
        listed = name is not None and isinstance(self._cell(row, "weight"), float | int)
        if not listed and not any(self._filled(number, row, at) for at in self._value_columns):
            return False
        return not (is_sum(_name(name)) or is_sum(text_of(self._cell(row, "code"))) or self._signed(row))

    def _signed(self, row: Sequence[object]) -> bool:
        """Whether the row holds signatures; a word among answers beside a number does not make it one."""
        if not is_signature(row):
            return False
        number = any(at < len(row) and isinstance(row[at], float | int) for at in self._value_columns)
        return not number or is_signature(value for at, value in enumerate(row) if at not in self._written)

    @cached_property
    def _written(self) -> frozenset[int]:
        """Columns in which a word like 说明 is an answer, not a label of signatures."""
        return frozenset(at for key, at in self.form.columns.items() if key not in _LABELLED)

    def _filled(self, number: int, row: Sequence[object], at: int) -> bool:
        place = (number, at + 1)
        if place in self.form.grid.errors or place in self.form.grid.uncached:
            return True
        return at < len(row) and text_of(row[at]) != ""

    def _cell(self, row: Sequence[object], key: str) -> object:
        at = self.form.columns.get(key, -1)
        return row[at] if 0 <= at < len(row) else None

    def _row(self, number: int, row: Sequence[object], code: str, at: int) -> ReturnedRow:
        grid: Grid = self.form.grid
        place = (number, at + 1)
        size = len(row)
        name, unit, state, weight, target, score, *texts = (
            row[i] if 0 <= i < size else None for i in self._places
        )
        status, mark, reason, measure, evidence = map(text_of, texts)
        return ReturnedRow(
            indicator=code,
            cell=address(*place),
            value=row[at] if at < size else None,
            percent=place in grid.percent,
            error=grid.errors.get(place, ""),
            uncached=place in grid.uncached,
            status=status,
            mark=mark,
            reason=reason,
            measure=measure,
            evidence=evidence,
            shown_weight=weight,
            shown_target=target,
            shown_score=score,
            shown_state=text_of(state),
            name=_name(name),
            unit_of_measure=text_of(unit) or self.form.unit,
            columns=self._letters,
        )

    @cached_property
    def _letters(self) -> tuple[tuple[str, str], ...]:
        return tuple((key, column_letter(at + 1)) for key, at in self.form.columns.items())

    @cached_property
    def _places(self) -> tuple[int, ...]:
        """Columns of what is read beside the value; -1 for those that are gone."""
        return tuple(self.form.columns.get(key, -1) for key in (*_BESIDE, *_TEXTS))

    def above(self, number: int) -> int:
        """The row (from 1) that a row without code and name is merged with; 0 for none."""
        at = bisect_left(self._tall, (number, 0)) - 1
        return self._tall[at][0] if at >= 0 and self._tall[at][1] >= number else 0

    @cached_property
    def _tall(self) -> list[tuple[int, int]]:
        """First and last row of each range that is merged over several rows of code or name, in order."""
        keys = {self.form.columns[key] + 1 for key in ("code", "name") if key in self.form.columns}
        tall = (area for area in self.merged() if area.bottom > area.top)
        return sorted({(r.top, r.bottom) for r in tall if any(r.left <= key <= r.right for key in keys)})


def _name(value: object) -> str:
    words = text_of(value).split()
    return " ".join(words[1:] if words[:1] == ["└"] else words).removeprefix("└")


def _split_from(
    found: Sequence[ReturnedRow], first: Mapping[int, int], read: ReturnedRow, reader: _Reader, number: int
) -> int | None:
    """Index of the blank row above that this one's value belongs to, because code or name is merged over both.

    ``first``: row of the sheet → index of the first that was found in it.
    """
    if read.indicator:
        return None
    top = reader.above(number)
    if not top:
        return None
    at = first.get(top)
    if at is None or found[at].value is not None or found[at].error or found[at].uncached:
        return None
    return at


def _joined(head: ReturnedRow, below: ReturnedRow) -> ReturnedRow:
    """A row split over two: what the upper one has, and the value and texts of the lower one."""
    texts = {key: getattr(head, key) or getattr(below, key) for key in _TEXTS}
    value = {key: getattr(below, key) for key in ("cell", "value", "percent", "error", "uncached")}
    return head._replace(**texts, **value)
