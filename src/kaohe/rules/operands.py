"""Values while a formula is computed, and how one kind turns into another.

A value is a plain float or bool (the same for all rows), a float64 array (all finite numbers), a bool array,
or a :class:`Column` when blanks, words or errors are among the rows. The plain forms are the fast path.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeGuard

import numpy as np
from numpy.typing import NDArray

from kaohe.rules.column import BOOL, ERROR, NUMBER, Column, Floats, Mask
from kaohe.rules.errors import Error

Value = float | bool | Floats | Mask | Column
Numeric = float | Floats
"""What arithmetic works on when every row is a number."""
Codes = NDArray[np.float64]
"""Error code per row, 0.0 where there is none."""

_NUMERAL = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")


def is_truth(value: object) -> TypeGuard[Mask]:
    """An array of yes/no."""
    return isinstance(value, np.ndarray) and value.dtype == np.bool_


class Numbers(NamedTuple):
    """Rows of numbers with the error that stands in a number's place."""

    number: Floats
    error: Codes


def as_column(value: Value, n: int) -> Column:
    """Any value as a column of n rows."""
    if isinstance(value, Column):
        return value if len(value) == n else value.take(np.zeros(n, np.intp))
    rows = value if np.shape(value) == (n,) else np.broadcast_to(np.asarray(value), (n,))
    if is_truth(rows):
        return Column.of_bools(rows)
    return Column(np.zeros(n, np.uint8), np.asarray(rows, np.float64))


def simplify(column: Column) -> Value:
    """The fast form where every row is a number, or every row is a yes/no; else the column itself."""
    if column.all_numbers:
        return column.number
    if bool((column.kind == BOOL).all()):
        truth: Mask = column.number != 0
        return truth
    return column


def as_numeric(value: Value) -> Numeric | None:
    """Floats for arithmetic, TRUE counting 1; None when some row is not a number or yes/no."""
    if isinstance(value, Column):
        return None
    if isinstance(value, np.ndarray):
        return np.asarray(value, np.float64)
    return float(value)


def as_numbers(value: Value, n: int) -> Numbers:
    """Coerced as arithmetic does: blank 0, TRUE 1, a numeral in text its number, other text #VALUE!."""
    column = as_column(value, n)
    error = np.where(column.is_error, column.number, 0.0)
    number = np.where(column.is_error, 0.0, column.number)
    if column.text is not None:
        for row in np.flatnonzero(column.is_text):
            word = str(column.text[row])
            numeral = float(word) if _NUMERAL.fullmatch(word) else np.inf
            number[row], error[row] = (numeral, 0.0) if np.isfinite(numeral) else (0.0, Error.VALUE)
    return Numbers(number, error)


def with_errors(number: Floats, error: Codes) -> Value:
    """Numbers and, where a code is given, errors."""
    if not error.any():
        return number
    failed = error != 0
    kind = np.where(failed, np.uint8(ERROR), np.uint8(NUMBER))
    return Column(kind, np.where(failed, error, number))


def truth_with_errors(truth: Mask, error: Codes) -> Value:
    """Yes/no and, where a code is given, errors."""
    if not error.any():
        return truth
    failed = error != 0
    kind = np.where(failed, np.uint8(ERROR), np.uint8(BOOL))
    return Column(kind, np.where(failed, error, truth))


def as_condition(value: Value, n: int) -> tuple[bool | Mask, Codes | None]:
    """Yes/no per row for IF, AND, NOT: a number counts when it is not 0, a blank is no, text an error."""
    if isinstance(value, Column):
        numbers = as_numbers(value, n)
        return numbers.number != 0, numbers.error if numbers.error.any() else None
    if isinstance(value, np.ndarray):
        return (value if is_truth(value) else np.not_equal(value, 0)), None
    return bool(value), None


def select(chosen: Mask, yes: Value, no: Value, n: int) -> Value:
    """Row by row the one or the other value."""
    if not isinstance(yes, Column) and not isinstance(no, Column) and _same_sort(yes, no):
        picked: Value = np.where(chosen, yes, no)
        return picked
    first, second = as_column(yes, n), as_column(no, n)
    text = None
    if first.text is not None or second.text is not None:
        text = np.where(chosen, _words(first), _words(second))
    kind = np.where(chosen, first.kind, second.kind)
    return simplify(Column(kind, np.where(chosen, first.number, second.number), text))


def overlay_errors(value: Value, error: Codes, n: int) -> Value:
    """The value with errors put in where a code is given."""
    column = as_column(value, n)
    failed = error != 0
    kind = np.where(failed, np.uint8(ERROR), column.kind)
    return Column(kind, np.where(failed, error, column.number), column.text)


def _words(column: Column) -> NDArray[np.object_]:
    return np.full(len(column), None, object) if column.text is None else column.text


def _same_sort(a: float | bool | Floats | Mask, b: float | bool | Floats | Mask) -> bool:
    """Both numbers or both yes/no."""
    return (np.asarray(a).dtype == np.bool_) == (np.asarray(b).dtype == np.bool_)
