"""Compiled rules on 10,000 units against hand-written numpy of the same rule, and against `formulas`.

    pytest benchmarks/bench_rules.py

The hand-written rule is what a careful person writes for columns known to hold numbers only: the formula,
rounded half away from zero; no guard, no 15-digit view. ``test_ratio`` runs both in turn and holds the
median of the ratios under the limit; pytest-benchmark prints the times.
"""

from __future__ import annotations

import statistics
import time
import timeit
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.conftest import Note
from benchmarks.measure import Line
from kaohe.rules.methods import METHODS, compile_method, emit_score, score_points
from kaohe.rules.second_opinion import second_opinion

Floats = NDArray[np.float64]
ROWS = 10_000
SEED = 20070630
ROUNDS = 200
SAMPLE = 50
"""Rows `formulas` computes; its time is multiplied up to all rows."""
LIMIT = 3.0
SHORT_RULES = {"达标得满分": 8.0}
"""One comparison and one choice take numpy 6 µs; looking at the inputs and the 15-digit view 25 more."""
COMPILED = {method.name: compile_method(method) for method in METHODS}


Inputs = dict[str, Floats | float]


def _inputs() -> Inputs:
    """Figures with two decimals, as people type them; one weight for all."""
    rng = np.random.default_rng(SEED)
    return {
        "权重": 4.0,
        "目标值": np.round(rng.uniform(10, 500, ROWS), 2),
        "完成值": np.round(rng.uniform(5, 550, ROWS), 2),
        "上年值": np.round(rng.uniform(10, 400, ROWS), 2),
        "序时": 0.5,
        "满意值": 400.0,
        "不允许值": 50.0,
        **{p.name: p.default for method in METHODS for p in method.parameters if p.default is not None},
    }


def _round2(x: Floats) -> Floats:
    return np.floor(np.abs(x) * 100 + 0.5) * np.sign(x) / 100


def _completion(v: Any) -> Any:
    target, actual = v["目标值"], v["完成值"]
    rate = np.where(target < 0, 1 + (actual - target) / np.abs(target), actual / target)
    return v["权重"] * np.maximum(0, np.minimum(v["封顶"], rate))


def _reverse(v: Any) -> Any:
    target, actual = v["目标值"], v["完成值"]
    rate = np.where(target == 0, np.where(actual <= 0, 1.0, 0.0), 1 + (target - actual) / np.abs(target))
    return v["权重"] * np.maximum(0, np.minimum(v["封顶"], rate))


def _pace(v: Any) -> Any:
    due, actual = v["目标值"] * v["序时"], v["完成值"]
    met = np.where(actual >= due - np.abs(due) * v["容差"], 1.0, 0.0)
    rate = np.where(v["目标值"] < 0, 1 + (actual - due) / np.abs(due), actual / due)
    return v["权重"] * np.maximum(0, np.minimum(v["封顶"], np.maximum(met, rate)))


def _threshold(v: Any) -> Any:
    return np.where(v["完成值"] >= v["目标值"], v["权重"], 0.0)


def _efficacy(v: Any) -> Any:
    share = (v["完成值"] - v["不允许值"]) / (v["满意值"] - v["不允许值"])
    return v["权重"] * np.maximum(0, np.minimum(v["封顶"], v["基础"] + (1 - v["基础"]) * share))


def _bands(v: Any) -> Any:
    target, actual = v["目标值"], v["完成值"]
    rate = np.where(target < 0, 1 + (actual - target) / np.abs(target), actual / target)
    lower = np.where(rate >= v["三档线"], v["三档系数"], v["四档系数"])
    middle = np.where(rate >= v["二档线"], v["二档系数"], lower)
    return v["权重"] * np.where(rate >= v["一档线"], v["一档系数"], middle)


def _deduction(v: Any) -> Any:
    return np.maximum(0, v["权重"] - np.abs(v["完成值"]) * v["每次扣分"])


HAND_WRITTEN: dict[str, Callable[[Any], Any]] = {
    "目标完成率": _completion,
    "目标完成率逆向": _reverse,
    "序时进度": _pace,
    "达标得满分": _threshold,
    "功效系数": _efficacy,
    "分档计分": _bands,
    "扣分制": _deduction,
}


def _ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    """Median ratio of interleaved runs."""
    ratios = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ours()
        middle = time.perf_counter()
        theirs()
        ratios.append((middle - start) / (time.perf_counter() - middle))
    return statistics.median(ratios)


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_ratio_of_the_rule(name: str, note: Note) -> None:
    """The rule itself, not rounded."""
    inputs, rule, by_hand = _inputs(), COMPILED[name].score, HAND_WRITTEN[name]
    used = {key: inputs[key] for key in rule.names}
    np.testing.assert_allclose(rule.evaluate(used).number, by_hand(inputs), rtol=1e-12)
    ratio = _ratio(lambda: rule.evaluate(used), lambda: by_hand(inputs))
    seconds = _seconds(lambda: rule.evaluate(used))
    note(Line(f"规则 {name}", "手写 numpy", ROWS, seconds, ratio, aim=LIMIT))
    assert ratio <= SHORT_RULES.get(name, LIMIT)


def _seconds(work: Callable[[], object]) -> float:
    """Best of twenty."""
    return min(timeit.repeat(work, number=1, repeat=20))


@pytest.mark.parametrize("name", ["目标完成率", "序时进度"])
def test_gain_over_formulas(name: str, note: Note) -> None:
    """Score, completion and 达标 of all units, rounded, against one score at a time by `formulas`."""
    compiled, inputs = COMPILED[name], _inputs()
    names = tuple(sorted(compiled.uses))
    opinion = second_opinion(emit_score(compiled, {used: used for used in names}, 2), names)
    columns = {key: inputs[key] for key in compiled.uses}
    rows = [{key: float(np.broadcast_to(columns[key], ROWS)[at]) for key in names} for at in range(SAMPLE)]
    points = score_points(compiled, columns, 2).points[:SAMPLE]
    assert [round(float(str(opinion(row))) * 100) for row in rows] == points.tolist()
    ours = _seconds(lambda: score_points(compiled, columns, 2))
    theirs = _seconds(lambda: [opinion(row) for row in rows]) * ROWS / SAMPLE
    note(Line(f"方法 {name}(得分、完成率、达标)快于 formulas", "逐行计算", ROWS, ours, theirs / ours))
    assert theirs > ours


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_rule(benchmark: Callable[..., object], name: str) -> None:
    inputs, rule = _inputs(), COMPILED[name].score
    benchmark(rule.evaluate, {key: inputs[key] for key in rule.names})


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_numpy(benchmark: Callable[..., object], name: str) -> None:
    benchmark(HAND_WRITTEN[name], _inputs())


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_score_points(benchmark: Callable[..., object], name: str) -> None:
    """Guard, three formulas, exact rounding, states: all a method gives."""
    inputs, compiled = _inputs(), COMPILED[name]
    benchmark(score_points, compiled, {key: inputs[key] for key in compiled.uses}, 2)


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_numpy_rounded(benchmark: Callable[..., object], name: str) -> None:
    inputs = _inputs()
    benchmark(lambda: _round2(HAND_WRITTEN[name](inputs)))


@pytest.mark.parametrize("name", ["目标完成率", "序时进度"])
def test_formulas_one_row(benchmark: Callable[..., object], name: str) -> None:
    """One unit; multiply by 10,000 to compare."""
    compiled, inputs = COMPILED[name], _inputs()
    names = tuple(sorted(compiled.uses))
    opinion = second_opinion(emit_score(compiled, {used: used for used in names}, 2), names)
    benchmark(opinion, {used: float(np.ravel(inputs[used])[0]) for used in names})
