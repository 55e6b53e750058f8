"""Comparing values of any kind, as Excel orders them: numbers < text < FALSE < TRUE.

A blank equals 0, "" and FALSE alike. Text is compared without regard to case; which of two different words
is the greater follows the code points (Excel uses the language of the computer, so do not rely on it).
"""

from __future__ import annotations

import operator as python_operator
from typing import Any

import numpy as np

from kaohe.rules.arithmetic import compare_numbers
from kaohe.rules.column import BLANK, BOOL, ERROR, NUMBER, TEXT, Column, Floats, Kinds
from kaohe.rules.operands import Value, as_column, is_truth, truth_with_errors

_RANK = np.zeros(5)
_RANK[[NUMBER, TEXT, BOOL]] = 0, 1, 2
_PYTHON = {
    "=": python_operator.eq,
    "<>": python_operator.ne,
    "<": python_operator.lt,
    ">": python_operator.gt,
    "<=": python_operator.le,
    ">=": python_operator.ge,
}


def compare(operator: str, a: Value, b: Value, n: int) -> Value:
    """Yes/no per row; an error on either side stays an error, the left one first."""
    if not _needs_order(a) and not _needs_order(b):
        return compare_numbers(operator, a, b)  # type: ignore[arg-type]
    left, right = as_column(a, n), as_column(b, n)
    error = np.where(left.is_error, left.number, np.where(right.is_error, right.number, 0.0))
    return truth_with_errors(_compare_columns(operator, left, right), error)


def _needs_order(value: Value) -> bool:
    """Anything but numbers."""
    return isinstance(value, Column | bool) or is_truth(value)


def _compare_columns(operator: str, left: Column, right: Column) -> Any:
    kinds = _adapted(left.kind, right.kind), _adapted(right.kind, left.kind)
    # The order of kinds decides; rows of the same kind are looked at below.
    result = _PYTHON[operator](_RANK[kinds[0]], _RANK[kinds[1]])
    same = (kinds[0] == kinds[1]) & (kinds[0] != ERROR)
    numeric = np.flatnonzero(same & (kinds[0] != TEXT))
    if len(numeric):
        result[numeric] = compare_numbers(operator, _number(left)[numeric], _number(right)[numeric])
    for row in np.flatnonzero(same & (kinds[0] == TEXT)).tolist():
        result[row] = _PYTHON[operator](_word(left, row), _word(right, row))
    return result


def _adapted(kind: Kinds, other: Kinds) -> Kinds:
    """A blank takes the kind of what it is compared with; two blanks are numbers."""
    both = np.where(other == BLANK, np.uint8(NUMBER), other)
    return np.where(kind == BLANK, np.where(both == ERROR, np.uint8(NUMBER), both), kind)


def _number(column: Column) -> Floats:
    return np.where(column.is_error, 0.0, column.number)


def _word(column: Column, row: int) -> str:
    """Text for comparing; a blank is the empty text."""
    if column.text is None or column.kind[row] != TEXT:
        return ""
    return str(column.text[row]).casefold()
