"""A second opinion on a formula: the `formulas` package computes the Excel text, one row at a time.

Slow (about a millisecond a row) and therefore only for checking a scheme or auditing a master; never used to
score. Its own ROUND, comparisons, + and - look at the binary value; it is given ours, which look at 15
digits. It gets plain values and never opens a file. It takes a numeral given as text ("12") for a number,
even in ISNUMBER; there its opinion does not count.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from kaohe.rules.arithmetic import BINARY, compare_numbers
from kaohe.rules.column import Plain
from kaohe.rules.errors import ErrorValue
from kaohe.rules.rule import Rule, rewrite
from kaohe.values.rounding import floor_to_int, round_down, round_half_away, round_up

_LOCK = threading.Lock()
_ROUNDERS: dict[str, Callable[[float, int], float]] = {
    "ROUND": round_half_away,
    "ROUNDDOWN": round_down,
    "ROUNDUP": round_up,
}
_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
_NUMBER_TYPE = 0
"""How `formulas` marks a number in a comparison, as against text and yes/no."""


@dataclass(frozen=True)
class SecondOpinion:
    """A formula compiled by `formulas`; ``names`` its inputs in the order of its arguments."""

    text: str
    names: tuple[str, ...]
    compiled: Callable[..., Any]

    def __call__(self, inputs: Mapping[str, Plain]) -> Plain:
        """The value of one row; None stands for a blank cell."""
        return _to_plain(self.compiled(*(_from_plain(inputs[name]) for name in self.names)))


def second_opinion(formula: str | Rule, names: tuple[str, ...] = ()) -> SecondOpinion:
    """Compile a rule, or Excel text in which ``names`` stand where cells would."""
    if isinstance(formula, Rule):
        names = tuple(sorted(formula.names))
        formula = rewrite(formula, {name: name for name in names})
    import formulas  # takes seconds, so only where a second opinion is asked for

    with _LOCK, _our_model():
        compiled = formulas.Parser().ast(f"={formula}")[1].compile()
    spelled = {name.upper(): name for name in names}
    return SecondOpinion(formula, tuple(spelled[str(name).upper()] for name in compiled.inputs), compiled)


@contextmanager
def _our_model() -> Iterator[None]:
    """Our ROUND family, INT, sums and comparisons in the tables of `formulas` while it compiles a formula."""
    from formulas.functions import get_functions
    from formulas.functions.operators import OPERATORS

    functions = get_functions()
    kept = [(table, dict(table)) for table in (functions, OPERATORS)]
    functions.update(_our_functions())
    OPERATORS.update(_our_comparisons() | _our_sums())
    try:
        yield
    finally:
        for table, original in kept:
            table.clear()
            table.update(original)


def _our_functions() -> dict[str, Any]:
    from formulas.functions import wrap_ufunc

    def with_places(rounder: Callable[[float, int], float]) -> Callable[[float, float], float]:
        return lambda x, places: rounder(x, int(places))

    ours = {name: wrap_ufunc(with_places(rounder)) for name, rounder in _ROUNDERS.items()}
    return ours | {"INT": wrap_ufunc(floor_to_int)}


def _our_sums() -> dict[str, Any]:
    from formulas.functions import wrap_ufunc

    return {operator: wrap_ufunc(BINARY[operator].compute) for operator in "+-"}


def _our_comparisons() -> dict[str, Any]:
    """Numbers by the 15-digit view; everything else as `formulas` orders it."""
    from formulas.functions.operators import LOGIC_OPERATORS, logic_wrap

    def ours(operator: str) -> Callable[[tuple[int, Any], tuple[int, Any]], bool]:
        original = LOGIC_OPERATORS[operator]

        def compare(x: tuple[int, Any], y: tuple[int, Any]) -> bool:
            if x[0] == y[0] == _NUMBER_TYPE:
                return bool(compare_numbers(operator, float(x[1]), float(y[1])))
            return bool(original(x, y))

        return compare

    return {operator: logic_wrap(ours(operator)) for operator in _COMPARISONS}


def _from_plain(value: Plain) -> Any:
    import schedula

    return schedula.EMPTY if value is None else value


def _to_plain(value: Any) -> Plain:
    """The one value of a result, which `formulas` may wrap in arrays or ranges."""
    from formulas.tokens.operand import XlError

    single = np.asarray(getattr(value, "value", value), dtype=object).ravel()[0]
    if isinstance(single, XlError):
        return ErrorValue(str(single))
    if isinstance(single, bool | np.bool_):
        return bool(single)
    if isinstance(single, int | float | np.number):
        return float(single)
    return str(single)
