"""Operators and functions of numbers on whole arrays, as a spreadsheet computes them.

A difference or a comparison is decided on the 15-digit view: 0.1+0.2-0.3 is 0 and 0.1+0.2=0.3 is TRUE. Each
:class:`Kernel` computes all rows at once; a row whose result is not finite gets an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from kaohe.rules.column import Mask
from kaohe.rules.errors import Error
from kaohe.rules.operands import Codes, Numeric, Value, as_numbers, as_numeric, with_errors
from kaohe.values.rounding import floor_to_int, round_down, round_half_away, round_up, view15

_CLOSE = 1.2e-14
"""Numbers further apart than this (relative) differ within 15 digits."""
_MOD_LIMIT = 1125900000000.0
"""Excel's MOD gives #NUM! from this quotient on."""


class Kernel(NamedTuple):
    """``compute``: arrays or floats to an array or float. ``failure``: error codes for rows not finite."""

    compute: Callable[..., Any]
    failure: Callable[..., Codes]


def apply(kernel: Kernel, arguments: list[Value], n: int) -> Value:
    """A kernel on values of any kind; the first argument in error decides which error comes out."""
    numerics = [as_numeric(argument) for argument in arguments]
    plain = [numeric for numeric in numerics if numeric is not None]
    if len(plain) == len(arguments):
        return _apply_plain(kernel, plain, n)
    numbers = [as_numbers(argument, n) for argument in arguments]
    error = np.zeros(n)
    for one in numbers:
        error = np.where(error != 0, error, one.error)
    inputs = [one.number for one in numbers]
    result = np.broadcast_to(kernel.compute(*inputs), (n,))
    failed = ~np.isfinite(result) & (error == 0)
    if failed.any():
        error = np.where(failed, kernel.failure(*inputs), error)
    return with_errors(np.where(error != 0, 0.0, result), error)


def _apply_plain(kernel: Kernel, inputs: list[Numeric], n: int) -> Value:
    result = kernel.compute(*inputs)
    finite = np.isfinite(result)
    if finite.all():
        return result if np.ndim(result) else float(result)
    error = np.where(finite, 0.0, kernel.failure(*inputs))
    return with_errors(np.broadcast_to(np.where(finite, result, 0.0), (n,)), np.broadcast_to(error, (n,)))


def near_rows(a: Numeric, b: Numeric, difference: Any) -> Any:
    """Indices of rows where a and b differ, but so little that the 15-digit view has to decide.

    ``difference`` is a - b, an array.
    """
    size = abs(b) if isinstance(b, float) else np.abs(a)
    rows = np.flatnonzero(np.abs(difference) <= size * _CLOSE)
    return rows[difference[rows] != 0] if len(rows) else rows


def compare_numbers(operator: str, a: Numeric, b: Numeric) -> bool | Mask:
    """``=`` ``<>`` ``<`` ``>`` ``<=`` ``>=`` on the 15-digit view; finite numbers only."""
    compare = _COMPARE[operator]
    result = compare(a, b)
    if not isinstance(result, np.ndarray):
        return bool(compare(view15(float(a)), view15(float(b))))
    rows = near_rows(a, b, np.subtract(a, b))
    if len(rows):
        result[rows] = compare(_seen(a, rows, result), _seen(b, rows, result))
    return result


def _seen(x: Numeric, rows: Any, shape: Any) -> Any:
    """The 15-digit view of some rows."""
    return view15(np.broadcast_to(np.asarray(x, np.float64), shape.shape)[rows])


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}


def _subtract(a: Numeric, b: Numeric) -> Any:
    difference = np.subtract(a, b)
    if not isinstance(difference, np.ndarray):
        return 0.0 if view15(float(a)) == view15(float(b)) else float(difference)
    rows = near_rows(a, b, difference)
    if len(rows):
        same = _seen(a, rows, difference) == _seen(b, rows, difference)
        difference[rows[same]] = 0.0
    return difference


def _add(a: Numeric, b: Numeric) -> Any:
    return _subtract(a, np.negative(b) if isinstance(b, np.ndarray) else -b)


def _divide(a: Numeric, b: Numeric) -> Any:
    return np.divide(a, b)


def _power(a: Numeric, b: Numeric) -> Any:
    """0^0 is #NUM! and a root of a negative number too, as in Excel."""
    result = np.power(np.asarray(a, np.float64), b)
    return np.where(np.equal(a, 0) & np.equal(b, 0), np.nan, result)


def _modulo(a: Numeric, b: Numeric) -> Any:
    quotient = np.divide(a, b)
    usable = np.abs(quotient) < _MOD_LIMIT
    whole = floor_to_int(np.where(usable, quotient, 0.0))
    return np.where(usable, _subtract(np.asarray(a, np.float64), np.multiply(b, whole)), np.nan)


def _number_error(*inputs: Numeric) -> Codes:
    return np.full(np.broadcast_shapes(*(np.shape(x) for x in inputs)), float(Error.NUM))


def _zero_divisor(a: Numeric, b: Numeric) -> Codes:
    return np.where(np.equal(b, 0), float(Error.DIV0), _number_error(a, b))


def _power_error(a: Numeric, b: Numeric) -> Codes:
    return np.where(np.equal(a, 0) & np.less(b, 0), float(Error.DIV0), _number_error(a, b))


def _with_places(rounder: Callable[[Any, int], Any]) -> Callable[[Numeric, Numeric], Any]:
    """A rounding function whose places may differ from row to row; 1.9 places count as 1."""

    def compute(x: Numeric, places: Numeric) -> Any:
        if not isinstance(places, np.ndarray):
            return rounder(x, _whole_places(places))
        values = np.broadcast_to(np.asarray(x, np.float64), places.shape)
        result = np.empty(places.shape)
        for each in np.unique(places):
            rows = places == each
            result[rows] = rounder(values[rows], _whole_places(float(each)))
        return result

    return compute


def _whole_places(places: float) -> int:
    return int(max(-400.0, min(400.0, places)))


BINARY = {
    "+": Kernel(_add, _number_error),
    "-": Kernel(_subtract, _number_error),
    "*": Kernel(np.multiply, _number_error),
    "/": Kernel(_divide, _zero_divisor),
    "^": Kernel(_power, _power_error),
}
UNARY = {
    "-": Kernel(lambda x: 0.0 - x, _number_error),
    "%": Kernel(lambda x: x / 100.0, _number_error),
}
FUNCTIONS = {
    "ABS": Kernel(np.abs, _number_error),
    "SIGN": Kernel(np.sign, _number_error),
    "SQRT": Kernel(np.sqrt, _number_error),
    "INT": Kernel(floor_to_int, _number_error),
    "ROUND": Kernel(_with_places(round_half_away), _number_error),
    "ROUNDDOWN": Kernel(_with_places(round_down), _number_error),
    "ROUNDUP": Kernel(_with_places(round_up), _number_error),
    "POWER": BINARY["^"],
    "MOD": Kernel(_modulo, _zero_divisor),
}
