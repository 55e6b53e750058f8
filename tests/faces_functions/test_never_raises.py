"""Whatever stands in the cells: a cell or cells of the right shape come back, made of what Excel can show."""

from __future__ import annotations

import datetime as dt
import inspect
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from kaohe.faces import functions
from kaohe.rules.methods import METHODS

SEED = 20070630
CALLS = 400
WORDS = (
    *(
        "",
        " ",
        "约80",
        "92.16%",
        "是",
        "#N/A",
        "#DIV/0!",
        "随便",
        "=1+1",
        "1e400",
        "二十",
        "预计为92%",
        "300余人",
    ),
    *(
        "封顶=1.2",
        "封顶=",
        "封顶=1;容差=2%",
        "序时6月=0.4",
        "2007-H1",
        "2007-13",
        "曲线",
        "7月起",
        "1,2,2,3",
        "比例",
    ),
    *(method.name for method in METHODS),
)
DATES = (dt.datetime(1900, 1, 1), dt.datetime(2007, 7, 1, 12), dt.date(2199, 12, 31), dt.time(3, 5))
NUMBERS = (
    0.0,
    -0.0,
    1.0,
    0.5,
    2.0,
    12.0,
    100.0,
    -50.0,
    1e-300,
    1.7e308,
    -1.7e308,
    39264.0,
    2007.0,
    10**20,
    3,
)
ODD = (None, None, True, False, float("nan"), float("inf"), Decimal("45.5"), -2146826246)
KINDS: tuple[tuple[Any, ...], ...] = (WORDS, NUMBERS, NUMBERS, ODD, DATES)


def argument(rng: random.Random) -> Any:
    """A cell, a row or a table of up to 3 × 3; an argument is left out now and then."""
    height, width = rng.choice(((1, 1), (1, 1), (3, 1), (3, 1), (1, 3), (2, 2), (12, 1)))
    rows = [[rng.choice(rng.choice(KINDS)) for _ in range(width)] for _ in range(height)]
    return rng.choice((rows, rows, rows[0], rows[0][0], rows[0][0], None))


@pytest.mark.parametrize("function", functions.FUNCTIONS, ids=lambda function: str(function.__name__))
def test_no_cell_raises(function: Callable[..., Any]) -> None:
    rng = random.Random(SEED)
    names = list(inspect.signature(function).parameters)
    for _ in range(CALLS if names else 1):
        given = [argument(rng) for _ in names]
        for cell in cells_of(function(*given)):
            assert type(cell) in (str, float, int), (given, cell)
            assert cell == cell, (given, "NaN is #NUM! or a blank, depending on the runtime")
            assert not str(cell).startswith("#程序内部错误"), (given, cell)


def test_the_calls_reach_results() -> None:
    """Not all of them fail at the door: some give numbers."""
    rng = random.Random(SEED)
    found = [cells_of(functions.KH_SCORE(*(argument(rng) for _ in range(4)))) for _ in range(CALLS)]
    assert any(isinstance(cell, float) for cells in found for cell in cells)


def cells_of(result: Any) -> list[Any]:
    """All cells of a result; there is one at least, and rows are of one length."""
    if isinstance(result, pd.DataFrame):
        return list(result.to_numpy().ravel())
    rows = result if isinstance(result, list) and isinstance(result[0], list) else [result]
    cells = [cell for row in rows for cell in (row if isinstance(row, list) else [row])]
    assert cells
    assert len({len(row) for row in rows if isinstance(row, list)}) <= 1
    return cells


def test_an_empty_table_of_totals_shows_a_blank() -> None:
    assert cells_of(functions.KH_PART_TOTALS([[None]], [[None]])) == ["", ""]
