"""Latency of a worksheet function: one KH_SCORE for 60 indicators × 10 units, and what it consists of.

    pytest benchmarks/bench_functions.py

Against the bare numpy call (the rule as a careful person writes it, for columns known to be numbers).
``body`` is the Python function given rows of cells; ``xlwings`` the same call as Excel makes it, through
xlwings' own desktop conversion over stand-ins for COM (no Excel: crossing into its process is not in the
figure). A cell at a time is measured to say what a table at a time spares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.conftest import Note
from benchmarks.measure import Line, Measured, by_turns
from tests.faces_functions.desktop import MISSING, Desktop, Reference, call, import_desktop

Floats = NDArray[np.float64]
INDICATORS, UNITS = 60, 10
SEED = 20070630
ROUNDS = 20
SHARE = 0.5
MIXED = ("序时进度", "目标完成率", "目标完成率逆向", "达标得满分")


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with import_desktop() as found:
        yield found


def figures() -> tuple[Floats, Floats, Floats]:
    """Weights (60, 1), targets (60, 1), actual values (60, 10)."""
    rng = np.random.default_rng(SEED)
    weights = rng.integers(1, 6, (INDICATORS, 1)).astype(np.float64)
    targets = np.round(rng.uniform(10, 500, (INDICATORS, 1)), 2)
    return weights, targets, np.round(targets * rng.uniform(0.2, 1.3, (INDICATORS, UNITS)), 2)


def bare(weights: Floats, targets: Floats, actual: Floats) -> Floats:
    """序时进度, rounded half up to two places."""
    due = targets * SHARE
    points = weights * np.maximum(
        0, np.minimum(1, np.maximum(np.where(actual >= due, 1.0, 0.0), actual / due))
    )
    return np.floor(points * 100 + 0.5) / 100


def cell_by_cell(function: Callable[..., Any], weights: Any, targets: Any, actual: Any) -> list[list[Any]]:
    """600 calls, as a formula copied into every cell makes them."""
    return [
        [function("序时进度", weight, target, cell, None, SHARE) for cell in cells]
        for (weight,), (target,), cells in zip(weights, targets, actual, strict=True)
    ]


def test_table_of_60_by_10(desktop: Desktop, benchmark: Any, note: Note) -> None:
    arrays = figures()
    lists = [array.tolist() for array in arrays]
    references = [Reference(rows) for rows in lists]
    mixed = [[MIXED[row % len(MIXED)]] for row in range(INDICATORS)]
    score = desktop.functions.KH_SCORE
    through = partial(call, desktop, "KH_SCORE")
    contestants = {
        "numpy": partial(bare, *arrays),
        "body": partial(score, "序时进度", *lists, None, SHARE),
        "body, 4 methods": partial(score, mixed, *lists, None, SHARE),
        "xlwings": partial(through, "序时进度", *references, MISSING, SHARE),
        "xlwings, 4 methods": partial(through, Reference(mixed), *references, MISSING, SHARE),
        "cell by cell": partial(cell_by_cell, score, *lists),
    }
    same = np.array(contestants["xlwings"]())
    assert np.array_equal(same, np.array(contestants["body"]()))
    assert np.abs(same - bare(*arrays)).max() < 0.0101
    measured = by_turns(benchmark, contestants, ROUNDS)
    for line in lines(measured):
        note(line)


def lines(measured: Measured) -> Iterator[Line]:
    """Each contestant against bare numpy, and the whole call against a cell at a time."""
    pairs = [
        ("KH_SCORE 函数体,60×10", "body", "numpy"),
        ("KH_SCORE 函数体,60×10,四种方法", "body, 4 methods", "numpy"),
        ("KH_SCORE 经 xlwings,60×10", "xlwings", "numpy"),
        ("KH_SCORE 经 xlwings,60×10", "xlwings", "body"),
        ("KH_SCORE 经 xlwings,60×10,四种方法", "xlwings, 4 methods", "body, 4 methods"),
        ("KH_SCORE 逐格 600 次", "cell by cell", "body"),
    ]
    for subject, name, against in pairs:
        yield Line(subject, against, INDICATORS * UNITS, measured.middle(name), measured.ratio(name, against))
