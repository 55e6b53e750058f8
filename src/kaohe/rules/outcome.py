"""A method over many units: points, completion and 达标, exactly as the emitted formulas show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kaohe.rules.column import BLANK, ERROR, NUMBER, Column, Floats, Mask
from kaohe.rules.errors import ERROR_TEXTS, Error
from kaohe.rules.evaluate import Input
from kaohe.rules.method import COMPARED_NAMES, MEASURE_PLACES, OWN_VALUE, CompiledMethod, required_numbers
from kaohe.rules.operands import as_numbers
from kaohe.rules.rule import Rule
from kaohe.values.rounding import points_of, round_half_away

_MEANINGS = {
    Error.DIV0: "除数为零",
    Error.NUM: "数太大或无法计算",
    Error.VALUE: "文字不能参加计算",
    Error.NA: "公式规定此种情况不计分",
}
_POINTS_LIMIT = 2.0**53


@dataclass(frozen=True, eq=False)
class Outcome:
    """One row per unit; every array has shape (n,).

    rate: float64 ratio, NaN where there is none. met: bool, False where not ``met_known``. points: int64 in
    10^-places, 0 where not ``scored``. errors: object (str), "" where scored, else why not, in Chinese.
    """

    rate: Floats
    met: Mask
    met_known: Mask
    points: NDArray[np.int64]
    scored: Mask
    errors: NDArray[np.object_]
    places: int
    raw: Floats
    """Points before rounding, 0 where not ``scored``."""


def score_points(compiled: CompiledMethod, inputs: Mapping[str, Input], places: int) -> Outcome:
    """Score all units at once.

    ``inputs``: for every name in ``compiled.uses`` a Column or float64 array of n rows (NaN counts as an
    error), or a float for all. ``places``: decimals of the score. Raises KeyError for a missing name.
    """
    columns = {name: inputs[name] for name in compiled.uses}
    known = columns | {name: inputs[name] for name in compiled.asks if name in inputs}
    n = _rows(columns)
    accepted = _accepted(compiled, columns, n)
    score, scored = _computed(compiled.score, columns, accepted)
    rate, rated = _computed(compiled.rate, columns, accepted)
    met, met_known = _computed(compiled.met, columns, accepted)
    numbers, raw, scored, failure = _rounded(score, scored, places)
    return Outcome(
        rate=np.where(rated & rate.is_number, rate.number, np.nan),
        met=met_known & ((met.is_bool | met.is_number) & (met.number != 0)),
        met_known=met_known & (met.is_bool | met.is_number),
        points=points_of(numbers, places),
        scored=scored,
        errors=_reasons(compiled, known, accepted, scored, failure),
        places=places,
        raw=raw,
    )


def measures(compiled: CompiledMethod, inputs: Mapping[str, Input]) -> Floats:
    """度量值 of all units, NaN where a unit has none; ``inputs`` as for :func:`score_points`.

    What is compared must be an exact number: a blank, a word or an error gives no measure. One that is
    reckoned keeps nine places, so that 8.1 − 7.9 and 7.1 − 6.9 are a tie.
    """
    columns = {name: inputs[name] for name in {*compiled.measure.names, "完成值"}}
    n = _rows(columns)
    found, usable = _computed(compiled.measure, columns, _accepted(compiled, columns, n))
    usable = usable & found.is_number & np.isfinite(found.number)
    number = found.number
    if compiled.method.measure != OWN_VALUE:
        number = np.asarray(round_half_away(np.where(usable, number, 0.0), MEASURE_PLACES))
    return np.where(usable, number, np.nan)


def _rows(inputs: Mapping[str, Input]) -> int:
    return max((len(value) for value in inputs.values() if isinstance(value, Column | np.ndarray)), default=1)


def _accepted(compiled: CompiledMethod, inputs: Mapping[str, Input], n: int) -> Mask:
    """Rows whose 完成值 can be scored at all."""
    value = inputs["完成值"]
    if compiled.method.accepts == "number":
        return _is_number(value, n)
    return _spread(compiled.guard.evaluate({"完成值": value}).number != 0, n)


def _is_number(value: Input, n: int) -> Mask:
    if isinstance(value, Column):
        return _spread(value.is_number, n)
    return _spread(np.isfinite(np.atleast_1d(np.asarray(value, np.float64))), n)


def _spread(mask: Mask, n: int) -> Mask:
    return np.broadcast_to(mask, (n,))


def _computed(rule: Rule, inputs: Mapping[str, Input], accepted: Mask) -> tuple[Column, Mask]:
    """The rule's results, computed only where all it needs is there, and the mask of those rows."""
    n = len(accepted)
    usable = accepted.copy()
    for name in required_numbers(rule):
        usable &= _is_number(inputs[name], n)
    if usable.all():
        result = rule.evaluate(inputs)
        return (result if len(result) == n else result.take(np.zeros(n, np.intp))), usable
    rows = np.flatnonzero(usable)
    kind, number = np.full(n, BLANK, np.uint8), np.zeros(n)
    if len(rows):
        part = rule.evaluate({name: _take(inputs[name], rows, n) for name in rule.names})
        kind[rows], number[rows] = part.kind, part.number
    return Column(kind, number), usable


def _take(value: Input, rows: NDArray[np.intp], n: int) -> Input:
    """Some rows of an input; what holds for all rows stays."""
    if isinstance(value, Column) and len(value) == n:
        return value.take(rows)
    if isinstance(value, np.ndarray) and len(value) == n:
        return value[rows]
    return value


def _rounded(score: Column, usable: Mask, places: int) -> tuple[Floats, Floats, Mask, Floats]:
    """Rounded scores and those before rounding (0 where none), the mask of scored rows, error codes."""
    if score.all_numbers and bool(usable.all()):
        number, error = score.number, np.zeros(len(usable))
    else:
        number, error = as_numbers(score, len(usable))
    rounded = round_half_away(number, places)
    too_large = np.abs(rounded) * 10.0**places >= _POINTS_LIMIT
    error = np.where(too_large & (error == 0), float(Error.NUM), error)
    scored = usable & (error == 0)
    return np.where(scored, rounded, 0.0), np.where(scored, number, 0.0), scored, error


def _reasons(
    compiled: CompiledMethod, inputs: Mapping[str, Input], accepted: Mask, scored: Mask, failure: Floats
) -> NDArray[np.object_]:
    """Why a row has no score, in words a message can carry on with."""
    reasons = np.full(len(accepted), "", dtype=object)
    for row in np.flatnonzero(~scored).tolist():
        if not accepted[row]:
            reasons[row] = _input_reason("完成值", inputs["完成值"], row)
            continue
        reasons[row] = _wanting(compiled, inputs, row) or _formula_reason(int(failure[row]))
    return reasons


def _wanting(compiled: CompiledMethod, inputs: Mapping[str, Input], row: int) -> str:
    """The first input that is no number though the score needs it; for a measure, what that was made of."""
    needed = [name for name in required_numbers(compiled.score) if name not in COMPARED_NAMES]
    if not compiled.uses.isdisjoint(("度量值", "组名次")):
        needed += [name for name in required_numbers(compiled.measure) if name in inputs]
    needed += [name for name in required_numbers(compiled.score) if name in COMPARED_NAMES]
    return next(filter(None, (_input_reason(name, inputs[name], row) for name in needed)), "")


def _input_reason(name: str, value: Input, row: int) -> str:
    """What is wrong with one input of one row; "" when it is a number."""
    column = value if isinstance(value, Column) else Column.of_numbers(np.atleast_1d(np.asarray(value)))
    at = row if len(column) > 1 else 0
    if column.kind[at] == NUMBER and name != "完成值":
        return ""
    if column.kind[at] == BLANK:
        return f"{name}是空的"
    if column.kind[at] == ERROR:
        return f"{name}是错误值"
    return f"{name}无法识别" if name == "完成值" else f"{name}不是数字"


def _formula_reason(code: int) -> str:
    error = Error(code) if code else Error.VALUE
    return f"公式结果为{ERROR_TEXTS[error]}({_MEANINGS.get(error, '错误')})"
