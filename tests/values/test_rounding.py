"""The rounding rule against its slow definition: format with 15 digits, round the decimal."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.values.rounding import (
    Floats,
    floor_to_int,
    from_points,
    round_down,
    round_half_away,
    round_up,
    to_points,
    view15,
)

ROUNDERS = {ROUND_HALF_UP: round_half_away, ROUND_DOWN: round_down, ROUND_UP: round_up}
SEED = 15


def slow(value: float, places: int, way: str) -> float:
    """The definition, one number at a time."""
    with localcontext() as context:
        context.prec = 700
        step = Decimal(1).scaleb(-places)
        return float((Decimal(f"{value:.14e}") / step).quantize(Decimal(1), rounding=way) * step)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (1.005, 2, 1.01),
        (2.675, 2, 2.68),
        (0.285, 2, 0.29),
        (-2.5, 0, -3.0),
        (2.5, 0, 3.0),
        (-1.005, 2, -1.01),
        (0.5, 0, 1.0),
        (0.49999999999999994, 0, 1.0),  # shown as 0.500000000000000
        (0.4999999999999, 0, 0.0),
        (67.605, 2, 67.61),
        (1234.567, -2, 1200.0),
        (1250.0, -2, 1300.0),
        (49.0, -2, 0.0),
        (1e20, 2, 1e20),
        (1e-20, 25, 1e-20),
        (-0.3, 0, 0.0),
        (0.0, 2, 0.0),
        (20 * (0.6 + 0.4 * (6.18 - 1e12) / (6.18 - 0.517)), 2, -1412678792138.9),
    ],
)
def test_round(value: float, places: int, expected: float) -> None:
    assert round_half_away(value, places) == expected


def test_no_negative_zero() -> None:
    assert str(round_half_away(-0.001, 2)) == "0.0"


@pytest.mark.parametrize(
    ("value", "places", "down", "up"),
    [
        (0.3 / 0.1, 0, 3.0, 3.0),
        (4.35 * 100, 0, 435.0, 435.0),
        (1.1 * 1.1, 2, 1.21, 1.21),
        (2.1, 0, 2.0, 3.0),
        (-2.1, 0, -2.0, -3.0),
        (1234.0, -2, 1200.0, 1300.0),
        (0.001, 2, 0.0, 0.01),
        (0.0, 2, 0.0, 0.0),
    ],
)
def test_rounding_towards_and_away_from_zero(value: float, places: int, down: float, up: float) -> None:
    assert (round_down(value, places), round_up(value, places)) == (down, up)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2.5, 2.0), (-2.5, -3.0), (0.3 / 0.1, 3.0), (-0.3 / 0.1, -3.0), (-0.2, -1.0), (7.0, 7.0)],
)
def test_int(value: float, expected: float) -> None:
    assert floor_to_int(value) == expected
    assert floor_to_int(np.array([value, value])).tolist() == [expected, expected]


def _score_like(rng: np.random.Generator, places: int) -> Floats:
    """Products, quotients, halves, near halves, powers of ten, long ones."""
    n = 4000
    halves = (rng.integers(-(10**6), 10**6, n) + 0.5) / 10.0**places
    powers = 10.0 ** rng.integers(-4, 15, n)
    beside = rng.integers(0, 10 ** rng.integers(1, 16, n)) / 10.0**places * 0.5
    return np.concatenate(
        [
            rng.integers(1, 40, n) * 0.5 * np.round(rng.uniform(0, 1.3, n), 4),
            rng.integers(-10000, 10000, n) / rng.integers(1, 500, n),
            halves,
            powers + np.spacing(powers) * rng.integers(-60, 61, n),
            beside + np.spacing(beside) * rng.integers(-60, 61, n),
            rng.uniform(-1, 1, n) * 10.0 ** rng.integers(-12, 17, n),
        ]
    )


@pytest.mark.parametrize("places", [-2, -1, 0, 1, 2, 3, 4])
@pytest.mark.parametrize("way", list(ROUNDERS))
def test_arrays_follow_the_definition(places: int, way: str) -> None:
    values = _score_like(np.random.default_rng(SEED), places)
    found = ROUNDERS[way](values, places)
    expected = [slow(value, places, way) for value in values.tolist()]
    wrong = [(v, f, e) for v, f, e in zip(values.tolist(), found.tolist(), expected, strict=True) if f != e]
    assert not wrong, wrong[:5]


def test_the_naive_roundings_really_differ() -> None:
    """The rule is not what Python or numpy do: otherwise this module would not be needed."""
    values = _score_like(np.random.default_rng(SEED), 2)
    assert (np.round(values, 2) != round_half_away(values, 2)).mean() > 0.02


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30),
    st.integers(min_value=-25, max_value=25),
    st.sampled_from(list(ROUNDERS)),
)
def test_any_float_follows_the_definition(value: float, places: int, way: str) -> None:
    assert ROUNDERS[way](value, places) == slow(value, places, way)


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_points_there_and_back(points: int, places: int) -> None:
    number = from_points(points, places)
    assert number == float(Decimal(points).scaleb(-places))
    assert to_points(np.array([number]), places).tolist() == [points]
    assert round_half_away(number, places) == number


def test_sums_of_points_are_exact() -> None:
    rng = np.random.default_rng(SEED)
    scores = round_half_away(rng.uniform(0, 5, (29, 500)), 2)
    exact = [sum(Decimal(str(score)) for score in column) for column in scores.T.tolist()]
    assert [Decimal(p).scaleb(-2) for p in to_points(scores, 2).sum(axis=0).tolist()] == exact


def test_shapes_and_kinds_stay() -> None:
    assert isinstance(round_half_away(1.25, 1), float)
    assert round_half_away(np.full((2, 3), 1.25), 1).tolist() == [[1.3] * 3] * 2
    assert round_half_away(np.array(1.25), 1).shape == ()
    assert round_half_away(np.array([]), 2).shape == (0,)
    assert to_points(1.25, 1).tolist() == 13


def test_what_is_no_number_stays_so() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 1.005])
    np.testing.assert_array_equal(round_half_away(values, 2), [np.nan, np.inf, -np.inf, 1.01])
    np.testing.assert_array_equal(floor_to_int(values), [np.nan, np.inf, -np.inf, 1.0])


@pytest.mark.parametrize(("value", "places"), [(np.nan, 2), (np.inf, 2), (1e16, 2), (1.0, -1)])
def test_no_points_of_what_is_no_score(value: float, places: int) -> None:
    with pytest.raises(ValueError, match="points"):
        to_points(value, places)


def test_view15() -> None:
    assert view15(0.1 + 0.2) == 0.3
    assert view15(np.array([0.1 + 0.2, 1e300, -0.0])).tolist() == [0.3, 1e300, 0.0]
