"""MIN MAX SUM AVERAGE MEDIAN AND OR over the arguments of one row.

A name stands for one cell, and of cells these functions take the numbers only: a blank, a word or a yes/no in
the cell is passed over (AND and OR take yes/no too). A computed argument is coerced as in arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from kaohe.rules.column import Floats, Mask
from kaohe.rules.errors import Error
from kaohe.rules.operands import (
    Codes,
    Value,
    as_column,
    as_numbers,
    as_numeric,
    truth_with_errors,
    with_errors,
)


class Argument(NamedTuple):
    """``refers``: rows in which the value is a cell itself, not something computed."""

    value: Value
    refers: bool | Mask


class _Table(NamedTuple):
    """number, counted: (k, n), one row per argument; error: (n,)."""

    number: Floats
    counted: Mask
    error: Codes


def aggregate(function: str, arguments: list[Argument], n: int) -> Value:
    """One of MIN MAX SUM AVERAGE MEDIAN."""
    numerics = [as_numeric(argument.value) for argument in arguments]
    plain = [numeric for numeric in numerics if numeric is not None]
    if len(plain) == len(arguments):
        return _plain(_PLAIN[function], plain, n)
    table = _table(arguments, n, count_bools=False)
    with np.errstate(all="ignore"):
        result, failure = _COUNTED[function](table.number, table.counted)
    error = np.where(table.error != 0, table.error, failure)
    checked = np.where(np.isfinite(result) | (error != 0), error, float(Error.NUM))
    return with_errors(np.where(checked != 0, 0.0, result), checked)


def all_or_any(function: str, arguments: list[Argument], n: int) -> Value:
    """AND, OR: #VALUE! when no argument is a number or a yes/no."""
    if all(isinstance(argument.value, bool | np.ndarray | float) for argument in arguments):
        truths = [np.not_equal(np.asarray(argument.value), 0) for argument in arguments]
        joined = reduce(np.logical_and if function == "AND" else np.logical_or, truths)
        return joined if np.ndim(joined) else bool(joined)
    table = _table(arguments, n, count_bools=True)
    true = table.number != 0
    result = (true | ~table.counted).all(axis=0) if function == "AND" else (true & table.counted).any(axis=0)
    nothing = np.where(table.counted.any(axis=0), 0.0, float(Error.VALUE))
    return truth_with_errors(result, np.where(table.error != 0, table.error, nothing))


def _table(arguments: list[Argument], n: int, *, count_bools: bool) -> _Table:
    number, counted = np.zeros((len(arguments), n)), np.ones((len(arguments), n), bool)
    error = np.zeros(n)
    for row, argument in enumerate(arguments):
        numbers = as_numbers(argument.value, n)
        number[row] = numbers.number
        column = as_column(argument.value, n)
        taken = column.is_number | (column.is_bool if count_bools else False)
        counted[row] = taken | np.logical_not(argument.refers)
        found = np.where(column.is_error, column.number, 0.0)
        error = np.where(error != 0, error, np.where(argument.refers, found, numbers.error))
    return _Table(number, counted, error)


def _plain(compute: Callable[[list[Any]], Any], plain: list[Any], n: int) -> Value:
    """Sums may overflow; then #NUM!."""
    try:
        result = compute(plain)
        return result if isinstance(result, np.ndarray) else float(result)
    except FloatingPointError:
        pass
    with np.errstate(all="ignore"):
        result = compute(plain)
    finite = np.isfinite(result)
    error = np.broadcast_to(np.where(finite, 0.0, float(Error.NUM)), (n,))
    return with_errors(np.broadcast_to(np.where(finite, result, 0.0), (n,)), error)


def _median(plain: list[Any]) -> Any:
    ordered = np.sort(np.stack(np.broadcast_arrays(*plain)), axis=0)
    middle = len(plain) // 2
    return ordered[middle] if len(plain) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


_PLAIN: dict[str, Callable[[list[Any]], Any]] = {
    "MIN": lambda plain: reduce(np.minimum, plain),
    "MAX": lambda plain: reduce(np.maximum, plain),
    "SUM": lambda plain: reduce(np.add, plain),
    "AVERAGE": lambda plain: reduce(np.add, plain) / len(plain),
    "MEDIAN": _median,
}

_Counted = tuple[Floats, Codes]


def _smallest(number: Floats, counted: Mask) -> _Counted:
    smallest = np.where(counted, number, np.inf).min(axis=0)
    return np.where(counted.any(axis=0), smallest, 0.0), np.zeros(number.shape[1])


def _greatest(number: Floats, counted: Mask) -> _Counted:
    smallest, error = _smallest(-number, counted)
    return 0.0 - smallest, error


def _sum(number: Floats, counted: Mask) -> _Counted:
    return reduce(np.add, np.where(counted, number, 0.0)), np.zeros(number.shape[1])


def _average(number: Floats, counted: Mask) -> _Counted:
    count = counted.sum(axis=0)
    total, _ = _sum(number, counted)
    return total / np.maximum(count, 1), np.where(count > 0, 0.0, float(Error.DIV0))


def _counted_median(number: Floats, counted: Mask) -> _Counted:
    medians = [
        float(np.median(column[used])) if used.any() else 0.0
        for column, used in zip(number.T, counted.T, strict=True)
    ]
    return np.array(medians), np.where(counted.any(axis=0), 0.0, float(Error.NUM))


_COUNTED: dict[str, Callable[[Floats, Mask], _Counted]] = {
    "MIN": _smallest,
    "MAX": _greatest,
    "SUM": _sum,
    "AVERAGE": _average,
    "MEDIAN": _counted_median,
}
