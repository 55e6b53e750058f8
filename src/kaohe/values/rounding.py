"""The one rounding rule: what a spreadsheet rounds is the number it shows, 15 significant digits.

``ROUND(1.005,2)`` is 1.01 although the double nearest to 1.005 lies below it, because the number is first
seen with 15 significant digits (1.00500000000000) and only then rounded, half away from zero. The same view
decides ROUNDDOWN, ROUNDUP and INT: ``INT(0.3/0.1)`` is 3. Scores are rounded here once and are from then on
integers of 10^-places (:func:`to_points`), so that sums and ranks are exact.

All functions take a float or an array of any shape and give back the same; NaN and infinities stay as they
are. ``places`` is the number of decimals, negative for tens, hundreds ….
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from enum import Enum
from typing import overload

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SIGNIFICANT_DIGITS = 15
_LARGEST_EXACT_POWER = 22  # 10**22 is the last power of ten that is a double
_LONGEST = 1e14  # steps beyond this fill all 15 digits, so that a half step has 16
_POINTS_LIMIT = 2.0**53  # beyond it an integer of 10^-places is no longer exact
_WIDE = Context(prec=400)


class _Way(Enum):
    """Where numbers between two steps go."""

    NEAREST = ROUND_HALF_UP
    DOWN = ROUND_DOWN
    UP = ROUND_UP


@overload
def round_half_away(x: float, places: int) -> float: ...
@overload
def round_half_away(x: Floats, places: int) -> Floats: ...
def round_half_away(x: float | Floats, places: int) -> float | Floats:
    """ROUND: nearest step, a half goes away from zero; -2.5 with 0 places is -3."""
    return _rounded(x, places, _Way.NEAREST)


@overload
def round_down(x: float, places: int) -> float: ...
@overload
def round_down(x: Floats, places: int) -> Floats: ...
def round_down(x: float | Floats, places: int) -> float | Floats:
    """ROUNDDOWN: towards zero; 0.3/0.1 with 0 places is 3."""
    return _rounded(x, places, _Way.DOWN)


@overload
def round_up(x: float, places: int) -> float: ...
@overload
def round_up(x: Floats, places: int) -> Floats: ...
def round_up(x: float | Floats, places: int) -> float | Floats:
    """ROUNDUP: away from zero; 1.1*1.1 with 2 places is 1.21, not 1.22."""
    return _rounded(x, places, _Way.UP)


@overload
def floor_to_int(x: float) -> float: ...
@overload
def floor_to_int(x: Floats) -> Floats: ...
def floor_to_int(x: float | Floats) -> float | Floats:
    """INT: the next whole number below (-2.5 gives -3), as a float."""
    values = np.atleast_1d(np.asarray(x, dtype=np.float64))
    whole: Floats = _round_array(values, 0, _Way.DOWN)
    below = values < 0
    whole[below] = _round_array(values[below], 0, _Way.UP)
    return whole.reshape(x.shape) if isinstance(x, np.ndarray) else float(whole[0])


@overload
def view15(x: float) -> float: ...
@overload
def view15(x: Floats) -> Floats: ...
def view15(x: float | Floats) -> float | Floats:
    """The number with 15 significant digits, as the cell shows it: 0.1+0.2 becomes 0.3."""
    if isinstance(x, np.ndarray):
        seen = [_view15_scalar(value) for value in x.ravel().tolist()]
        return np.array(seen, dtype=np.float64).reshape(x.shape)
    return _view15_scalar(x)


def to_points(x: float | Floats, places: int) -> NDArray[np.int64]:
    """ROUND to integers of 10^-places: 67.605 with 2 places is 6761.

    Raises ValueError for NaN, infinities, negative ``places`` and numbers of more than 15 digits in points:
    nothing of that kind is a score.
    """
    if places < 0:
        raise ValueError(f"points need 0 or more places, not {places}")
    values = np.asarray(x, dtype=np.float64)
    rounded = _round_array(np.atleast_1d(values), places, _Way.NEAREST).reshape(values.shape)
    points = np.rint(rounded * 10.0**places)
    if not bool((np.abs(points) < _POINTS_LIMIT).all()):
        raise ValueError("not a finite number of points")
    return points.astype(np.int64)


def points_of(rounded: Floats, places: int) -> NDArray[np.int64]:
    """Integers of 10^-places of numbers that are rounded to ``places`` already: (n,) in, (n,) out."""
    return np.rint(rounded * 10.0**places).astype(np.int64)


@overload
def from_points(points: int, places: int) -> float: ...
@overload
def from_points(points: NDArray[np.int64], places: int) -> Floats: ...
def from_points(points: int | NDArray[np.int64], places: int) -> float | Floats:
    """Integers of 10^-places back to numbers: the double nearest to the decimal, as typed text would give."""
    return points / 10.0**places


def _view15_scalar(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}")


def _rounded(x: float | Floats, places: int, way: _Way) -> float | Floats:
    if isinstance(x, np.ndarray):
        return _round_array(np.atleast_1d(x), places, way).reshape(x.shape)
    return float(_round_array(np.array([x], dtype=np.float64), places, way)[0])


@np.errstate(invalid="ignore", divide="ignore", over="ignore")
def _round_array(x: Floats, places: int, way: _Way) -> Floats:
    """Round by plain arithmetic; only numbers close to the boundary between two steps are looked at twice."""
    if abs(places) > _LARGEST_EXACT_POWER:
        return _round_all_exactly(x, places, way)
    size = np.abs(x)
    scaled = _times_power(size, places)
    half = 0.5 if way is _Way.NEAREST else 0.0
    lower = np.floor(scaled + half)
    nearest_boundary = np.rint(scaled - half) + half
    far = np.abs(scaled - nearest_boundary) > scaled * 8e-15
    if way is _Way.UP:
        lower += 1
    if not far.all():
        near = ~far
        lower[near] = _settle(size[near], scaled[near], nearest_boundary[near], places, way)
    # Adding 0.0 turns the -0.0 of a small negative number into 0.0.
    result: Floats = np.copysign(_times_power(lower, -places), x) + 0.0
    too_long = ~(scaled < _LONGEST)
    if too_long.any():
        result[too_long] = _round_all_exactly(x[too_long], places, way)
    return result


def _settle(size: Floats, scaled: Floats, boundary: Floats, places: int, way: _Way) -> Floats:
    """Steps for numbers next to a boundary: does the 15-digit view lie below it, on it or above it?

    The boundary itself has few digits, so it is on the grid of 15-digit numbers, and the view is on it when
    the number is within half a grid unit. What is too close to that half unit goes to Decimal.
    """
    limit = _times_power(boundary * 2, -places) / 2
    exponent = np.floor(np.log10(limit))
    half_unit = 0.5 * np.power(10.0, exponent - (SIGNIFICANT_DIGITS - 1))
    beyond = size - limit
    if way is _Way.UP:
        steps = np.where(beyond > half_unit, boundary + 1, boundary)
    else:
        half = 0.5 if way is _Way.NEAREST else 0.0
        steps = np.where(beyond >= -half_unit, boundary + half, boundary + half - 1)
    spacing = np.spacing(size)
    unsure = np.abs(np.abs(beyond) - half_unit) <= 2 * spacing
    # Below a power of ten the grid is ten times finer.
    unsure |= (beyond < 0) & (np.abs(limit - np.power(10.0, exponent)) <= 2 * spacing)
    unsure &= scaled < _LONGEST
    if unsure.any():
        steps[unsure] = np.rint(_times_power(_round_all_exactly(size[unsure], places, way), places))
    return steps


def _round_all_exactly(x: Floats, places: int, way: _Way) -> Floats:
    rounded = [_round_exactly(value, places, way) for value in x.ravel().tolist()]
    return np.array(rounded, dtype=np.float64).reshape(x.shape)


def _round_exactly(value: float, places: int, way: _Way) -> float:
    """The rule itself: format with 15 significant digits, then round the decimal."""
    if value - value != 0:  # NaN and infinities
        return value
    seen = Decimal(f"{value:.{SIGNIFICANT_DIGITS - 1}e}")
    exponent = seen.as_tuple().exponent
    if not isinstance(exponent, int) or -places <= exponent:
        return float(seen)  # no digits to lose
    if places < -330:
        return 0.0
    return float(seen.quantize(Decimal(1).scaleb(-places), rounding=way.value, context=_WIDE)) + 0.0


def _times_power(x: Floats, places: int) -> Floats:
    """x · 10^places with one rounding error: powers of ten up to 10^22 are exact doubles."""
    if places >= 0:
        return x * 10.0**places
    return x / 10.0**-places
