"""A formula of which all but the drawn names was computed beforehand gives what the whole formula gives."""

from __future__ import annotations

import numpy as np
import pytest

from kaohe.assess.inputs import Floats, Input
from kaohe.assess.methods import method_book
from kaohe.assess.whatif_formula import prepare
from kaohe.model import Scheme
from kaohe.rules.column import Column
from kaohe.rules.methods import METHODS
from kaohe.rules.operands import as_numbers
from kaohe.rules.rule import parse
from kaohe.settings import DEFAULTS

COUNT = 7
UNITS = 9
BOOK = method_book(Scheme(DEFAULTS)).methods


def inputs_of(names: frozenset[str], chance: np.random.Generator) -> dict[str, Input]:
    """Numbers where targets, measures and parameters stand, the same for all or unit by unit."""
    found: dict[str, Input] = {}
    for name in sorted(names):
        values = chance.choice([0.0, 0.3, 1.0, 5.0, 60.0, 80.0, 95.5, 100.0, -50.0], UNITS)
        found[name] = float(values[0]) if chance.random() < 0.4 else values
    return found


def words(method: str) -> Column | None:
    """What a method takes that takes no numbers."""
    if BOOK[method].method.accepts == "yes_no":
        return Column.of(["是", "否", "√", "×", 1.0, 0.0, "是", "否", "是"])
    if BOOK[method].method.accepts == "grade":
        return Column.of(["优秀", "良好", "合格", "不合格", "优秀", "良好", "合格", "不合格", "优秀"])
    return None


def compared(method: str, varied: tuple[str, ...], seed: int) -> None:
    rule, chance = BOOK[method].score, np.random.default_rng(seed)
    inputs = inputs_of(rule.names, chance)
    text = words(method)
    if text is not None:
        inputs["完成值"] = text
    mine = tuple(name for name in varied if name in rule.names and not isinstance(inputs[name], Column))
    if not mine:
        return
    draws: dict[str, Floats] = {name: chance.uniform(0, 100, (COUNT, UNITS)) for name in mine}
    rows = np.array([0, 2, 3, 5, 8])
    known = prepare(rule, inputs, rows, UNITS, mine)
    number, scored = known.evaluate({name: values[:, rows] for name, values in draws.items()})
    for draw in range(COUNT):
        whole = rule.evaluate(inputs | {name: values[draw] for name, values in draws.items()})
        expected, error = as_numbers(whole, UNITS)
        assert scored[draw].tolist() == (error == 0)[rows].tolist()
        assert (
            np.where(scored[draw], number[draw], 0.0).tolist()
            == np.where(error == 0, expected, 0)[rows].tolist()
        )


@pytest.mark.parametrize("method", [method.name for method in METHODS])
def test_every_built_in_method(method: str) -> None:
    for seed in range(12):
        compared(method, ("权重",), seed)
        compared(method, ("权重", "完成值"), seed)


@pytest.mark.parametrize(
    "text",
    [
        "权重*IF(ISNUMBER(对标值),完成值/对标值,1)",
        "IFERROR(权重/(权重-50),0)+SUM(对标值,目标值)",
        "IF(权重>20,完成值,NA())",
        "MAX(对标值,权重)*ROUND(完成值/目标值,2)",
        "权重*LOOKUP(完成值/目标值,{0,0.6,0.8,1},{0,0.5,0.8,1})",
        "IF(目标值=0,NA(),权重*完成值/目标值)",
        "完成值+目标值",
    ],
)
def test_blanks_words_and_errors_stay_what_they_are(text: str) -> None:
    """Where something is no number the part is left in the formula, and computed draw by draw."""
    rule = parse(text)
    inputs: dict[str, Input] = {
        "目标值": np.array([100.0, 50.0, 0.0, 80.0]),
        "完成值": np.array([90.0, 60.0, 5.0, 0.0]),
        "对标值": Column.of([None, 80.0, "无", 90.0]),
    }
    weights = np.array([[10.0, 20.0, 50.0, 30.0], [50.0, 5.0, 25.0, 0.0]])
    rows = np.arange(4)
    known = prepare(rule, inputs, rows, 4, ("权重",))
    number, scored = known.evaluate({"权重": weights})
    for draw in range(2):
        expected, error = as_numbers(rule.evaluate(inputs | {"权重": weights[draw]}), 4)
        assert scored[draw].tolist() == (error == 0).tolist()
        assert (
            np.where(scored[draw], number[draw], 0.0).tolist() == np.where(error == 0, expected, 0.0).tolist()
        )
