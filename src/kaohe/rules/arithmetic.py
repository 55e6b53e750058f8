"""Operators and functions of numbers on whole arrays, as a spreadsheet computes them.

A difference or a comparison is decided on the 15-digit view: 0.1+0.2-0.3 is 0 and 0.1+0.2=0.3 is TRUE. Each
:class:`Kernel` computes all rows at once; a row whose result is not finite gets an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kaohe.rules.column import Mask
from kaohe.rules.errors import Error
from kaohe.rules.operands import Codes, Numeric, Value, as_numbers, as_numeric, with_errors
from kaohe.values.rounding import floor_to_int, round_down, round_half_away, round_up, view15

_CLOSE = 128
"""Doubles further apart than so many units in the last place differ within 15 digits."""
Rows = NDArray[np.intp]
_NO_ROWS: Rows = np.zeros(0, np.intp)
_MOD_LIMIT = 1125900000000.0
"""Excel's MOD gives #NUM! from this quotient on."""


class Kernel(NamedTuple):
    """``compute``: arrays or floats to an array or float. ``failure``: error codes for rows not finite.

    ``flagged``: the processor's flags tell when a result is not finite, so that results need not be looked
    at one by one (evaluation runs under ``np.errstate(all="raise")``).
    """

    compute: Callable[..., Any]
    failure: Callable[..., Codes]
    flagged: bool = True


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
    with np.errstate(all="ignore"):
        result = np.broadcast_to(kernel.compute(*inputs), (n,))
        failed = ~np.isfinite(result) & (error == 0)
        if failed.any():
            error = np.where(failed, kernel.failure(*inputs), error)
    return with_errors(np.where(error != 0, 0.0, result), error)


def _apply_plain(kernel: Kernel, inputs: list[Numeric], n: int) -> Value:
    try:
        result = kernel.compute(*inputs)
        if kernel.flagged or np.isfinite(result).all():
            return result if np.ndim(result) else float(result)
    except FloatingPointError:
        pass
    with np.errstate(all="ignore"):
        result = kernel.compute(*inputs)
        finite = np.isfinite(result)
        error = np.where(finite, 0.0, kernel.failure(*inputs))
    return with_errors(np.broadcast_to(np.where(finite, result, 0.0), (n,)), np.broadcast_to(error, (n,)))


def near_rows(a: Numeric, b: Numeric) -> Rows:
    """Indices of rows where a and b differ, but so little that the 15-digit view has to decide.

    One of them is an array. The bits of doubles, read as integers, count units in the last place.
    """
    apart = np.subtract(_bits(a), _bits(b))
    np.abs(apart, out=apart)
    if not apart.size or apart.min() > _CLOSE:
        return _NO_ROWS
    rows: Rows = np.flatnonzero(apart <= _CLOSE)
    differing: Rows = rows[np.not_equal(_rows_of(a, rows), _rows_of(b, rows))]
    return differing


def _near(a: float, b: float) -> bool:
    """The same question for two single numbers, roughly."""
    return abs(a - b) <= abs(b) * 1e-13


def _bits(x: Numeric) -> Any:
    return (x if isinstance(x, np.ndarray) else np.array(x, np.float64)).view(np.int64)


def _rows_of(x: Numeric, rows: Rows) -> Any:
    return x[rows] if isinstance(x, np.ndarray) else x


def compare_numbers(operator: str, a: Numeric, b: Numeric) -> bool | Mask:
    """``=`` ``<>`` ``<`` ``>`` ``<=`` ``>=`` on the 15-digit view; finite numbers only."""
    compare = _COMPARE[operator]
    result = compare(a, b)
    if not isinstance(result, np.ndarray):
        return bool(compare(view15(float(a)), view15(float(b))) if _near(float(a), float(b)) else result)
    if isinstance(b, float) and b == 0:
        return result  # nothing but 0 itself is near 0
    rows = near_rows(a, b)
    if len(rows):
        result[rows] = compare(view15(_rows_of(a, rows)), view15(_rows_of(b, rows)))
    return result


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
        same = _near(float(a), float(b)) and view15(float(a)) == view15(float(b))
        return 0.0 if same else float(difference)
    rows = near_rows(a, b)
    if len(rows):
        same = view15(_rows_of(a, rows)) == view15(_rows_of(b, rows))
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
    "^": Kernel(_power, _power_error, flagged=False),
}
UNARY = {
    "-": Kernel(lambda x: 0.0 - x, _number_error),
    "%": Kernel(lambda x: x / 100.0, _number_error),
}
FUNCTIONS = {
    "ABS": Kernel(np.abs, _number_error),
    "SIGN": Kernel(np.sign, _number_error),
    "SQRT": Kernel(np.sqrt, _number_error),
    "INT": Kernel(floor_to_int, _number_error, flagged=False),
    "ROUND": Kernel(_with_places(round_half_away), _number_error, flagged=False),
    "ROUNDDOWN": Kernel(_with_places(round_down), _number_error, flagged=False),
    "ROUNDUP": Kernel(_with_places(round_up), _number_error, flagged=False),
    "POWER": BINARY["^"],
    "MOD": Kernel(_modulo, _zero_divisor, flagged=False),
}
