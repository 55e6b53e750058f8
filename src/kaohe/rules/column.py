"""One value per unit: numbers, blanks, words, yes/no and errors, kept apart.

A blank is not a zero and neither is an error. :class:`Column` is what rules take and give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaohe.rules.errors import Error, ErrorValue, error_value

NUMBER, BLANK, TEXT, BOOL, ERROR = range(5)
"""Kinds of value. NUMBER is 0, so that "anything but numbers?" is one fast question."""

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Kinds = NDArray[np.uint8]
Words = NDArray[np.object_]
Plain = float | int | bool | str | None
"""A value as Python has it: None is a blank, an ErrorValue an error, other str a word."""


@dataclass(frozen=True, eq=False)
class Column:
    """n values.

    kind: uint8 (n,), one of NUMBER BLANK TEXT BOOL ERROR.
    number: float64 (n,): the number; 1.0 or 0.0 for BOOL; the code (``Error``) for ERROR; 0.0 otherwise.
    text: object (n,) holding str where kind is TEXT; None when there is no text at all.
    """

    kind: Kinds
    number: Floats
    text: Words | None = None

    def __len__(self) -> int:
        return len(self.kind)

    @staticmethod
    def of(values: Iterable[Plain]) -> Column:
        """From Python values: None, bool, numbers, str (NaN becomes #NUM!)."""
        return _from_plain(list(values))

    @staticmethod
    def of_numbers(values: Floats) -> Column:
        """From float64 (n,); NaN and infinities become #NUM!."""
        finite = np.isfinite(values)
        kind = np.where(finite, np.uint8(NUMBER), np.uint8(ERROR))
        return Column(kind, values if finite.all() else np.where(finite, values, float(Error.NUM)))

    @staticmethod
    def of_bools(values: Mask) -> Column:
        return Column(np.full(len(values), BOOL, np.uint8), values.astype(np.float64))

    @staticmethod
    def full(value: Plain, n: int) -> Column:
        """The same value n times."""
        one = Column.of([value])
        return one.take(np.zeros(n, np.intp))

    @cached_property
    def all_numbers(self) -> bool:
        return not self.kind.any()

    @property
    def is_number(self) -> Mask:
        return self._of_kind(NUMBER)

    @property
    def is_blank(self) -> Mask:
        return self._of_kind(BLANK)

    @property
    def is_text(self) -> Mask:
        return self._of_kind(TEXT)

    @property
    def is_bool(self) -> Mask:
        return self._of_kind(BOOL)

    @property
    def is_error(self) -> Mask:
        return self._of_kind(ERROR)

    def _of_kind(self, kind: int) -> Mask:
        found: Mask = self.kind == kind
        return found

    def take(self, rows: NDArray[Any]) -> Column:
        """The rows of an index array or a mask, as a new column."""
        text = None if self.text is None else self.text[rows]
        return Column(self.kind[rows], self.number[rows], text)

    def tolist(self) -> list[Plain]:
        """Python values: float, None, str, bool, ErrorValue."""
        words: Sequence[Any] = [None] * len(self) if self.text is None else self.text.tolist()
        kinds, numbers = self.kind.tolist(), self.number.tolist()
        return [_plain(kind, number, word) for kind, number, word in zip(kinds, numbers, words, strict=True)]

    def error_texts(self) -> list[str]:
        """The error of each row, such as "#DIV/0!", or "" where there is none."""
        return [
            str(_plain(kind, number, None)) if kind == ERROR else ""
            for kind, number in zip(self.kind.tolist(), self.number.tolist(), strict=True)
        ]


def _plain(kind: int, number: float, word: Any) -> Plain:
    if kind == NUMBER:
        return number
    if kind == TEXT:
        return str(word)
    if kind == BOOL:
        return number != 0
    return None if kind == BLANK else error_value(Error(int(number)))


def _from_plain(values: list[Plain]) -> Column:
    kind = np.zeros(len(values), np.uint8)
    number = np.zeros(len(values))
    text: Words | None = None
    for row, value in enumerate(values):
        kind[row], number[row] = _kind_and_number(value)
        if kind[row] == TEXT:
            text = np.full(len(values), None, object) if text is None else text
            text[row] = value
    return Column(kind, number, text)


def _kind_and_number(value: Plain) -> tuple[int, float]:
    if value is None:
        return BLANK, 0.0
    if isinstance(value, ErrorValue):
        return ERROR, float(value.error)
    if isinstance(value, str):
        return TEXT, 0.0
    if isinstance(value, (bool, np.bool_)):
        return BOOL, float(value)
    number = float(value)
    return (NUMBER, number) if np.isfinite(number) else (ERROR, float(Error.NUM))
