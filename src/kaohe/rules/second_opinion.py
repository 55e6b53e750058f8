"""A second opinion on a formula: the `formulas` package computes the Excel text, one row at a time.

Slow (about a millisecond a row, a tenth of that for many rows at once) and therefore only for checking a
scheme or auditing a master; never used to score. Its own ROUND, comparisons, + and - look at the binary
value; it is given ours, which look at 15 digits. It gets plain values and never opens a file. It takes a
numeral given as text ("12") for a number, even in ISNUMBER; there its opinion does not count.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
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
_COLLAPSING = (
    *("AND", "OR", "XOR", "MIN", "MAX", "SUM", "PRODUCT", "COUNT", "COUNTA", "AVERAGE", "MEDIAN", "STDEV"),
    *("STDEVP", "VAR", "VARP", "LARGE", "SMALL", "SUMPRODUCT", "ROWS", "COLUMNS"),
)
"""Functions that make one value of all rows; given many rows, they are asked row by row."""
_TEXT_OR_DOUBLE_MINUS = re.compile(r'"(?:[^"]|"")*"|(?:(?<=[(,=<>&+])|\A)--(?=[(\w])')
"""`formulas` reads a leading -- as +, which leaves a yes a yes; 1* makes it a number, as in a spreadsheet."""
Rectangle = Sequence[Sequence[Plain]]
"""Values of a range of cells, row by row."""


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


@dataclass(frozen=True)
class CellsOpinion:
    """The text of a cell's formula compiled by `formulas`: for one cell, or for many that differ in inputs.

    ``names`` are those that occur, in the order of the arguments; ``unknown`` other words the formula refers
    to (a defined name, another workbook), without which there is no opinion.
    """

    names: tuple[str, ...]
    unknown: tuple[str, ...]
    compiled: Callable[..., Any]

    def one(self, inputs: Mapping[str, Any]) -> Plain:
        """The value of one cell; an input is a value, or a range made by :func:`rectangle`."""
        found = [inputs[name] for name in self.names]
        return _to_plain(self.compiled(*(v if isinstance(v, np.ndarray) else _from_plain(v) for v in found)))

    def rows(self, inputs: Mapping[str, Sequence[Plain]], count: int) -> list[Plain]:
        """The values of ``count`` cells (compiled with ``many``); each input has as many values."""
        columns = [rectangle([[value] for value in inputs[name]]) for name in self.names]
        found = np.asarray(_unwrapped(self.compiled(*columns)), dtype=object).ravel()
        if len(found) == 1 and count > 1:  # a formula without an input
            found = np.repeat(found, count)
        if len(found) != count:
            raise ValueError(f"{len(found)} values for {count} cells")
        return [_to_plain(value) for value in found]


def cells_opinion(formula: str, names: Sequence[str], *, many: bool = False) -> CellsOpinion:
    """Compile the text of a cell's formula, in which ``names`` stand for references.

    ``many``: for :meth:`CellsOpinion.rows`, in which every name is one cell. Raises ValueError for what
    `formulas` cannot read.
    """
    import formulas

    text = _TEXT_OR_DOUBLE_MINUS.sub(lambda match: "1*" if match[0] == "--" else match[0], formula)
    try:
        with _LOCK, _our_model(many):
            compiled = formulas.Parser().ast(f"={text}")[1].compile()
    except (formulas.errors.FormulaError, NotImplementedError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    spelled = {name.upper(): name for name in names}
    found = [str(name) for name in compiled.inputs]
    known = tuple(spelled[name.upper()] for name in found if name.upper() in spelled)
    return CellsOpinion(known, tuple(name for name in found if name.upper() not in spelled), compiled)


@contextmanager
def _our_model(many: bool = False) -> Iterator[None]:
    """Our ROUND family, INT, sums and comparisons in the tables of `formulas` while it compiles a formula.

    ``many``: functions that collapse a column are asked for each of its rows.
    """
    from formulas.functions import get_functions
    from formulas.functions.operators import OPERATORS

    functions = get_functions()
    kept = [(table, dict(table)) for table in (functions, OPERATORS)]
    functions.update(_our_functions())
    if many:
        functions.update({name: _row_by_row(functions[name]) for name in _COLLAPSING})
    OPERATORS.update(_our_comparisons() | _our_sums())
    try:
        yield
    finally:
        for table, original in kept:
            table.clear()
            table.update(original)


def _row_by_row(entry: Any) -> Any:
    """A function of `formulas` that takes columns and answers for each row by itself."""
    function = entry["function"] if isinstance(entry, dict) else entry

    def answer(*arguments: Any) -> Any:
        columns = [np.asarray(_unwrapped(argument), dtype=object).ravel() for argument in arguments]
        count = max((len(column) for column in columns), default=1)
        found = np.empty((count, 1), dtype=object)
        for at in range(count):
            found[at, 0] = _single(function(*(column[at if len(column) > 1 else 0] for column in columns)))
        return _as_array(found)

    return {**entry, "function": answer} if isinstance(entry, dict) else answer


def _as_array(values: Any) -> Any:
    from formulas.functions import Array

    return values.view(Array)


def _our_functions() -> dict[str, Any]:
    from formulas.functions import wrap_ufunc

    def with_places(rounder: Callable[[float, int], float]) -> Callable[[float, float], float]:
        return lambda x, places: rounder(x, int(places))

    ours = {name: wrap_ufunc(with_places(rounder)) for name, rounder in _ROUNDERS.items()}
    sizes = {"ROWS": _size(0), "COLUMNS": _size(1)}
    return ours | sizes | {"INT": wrap_ufunc(floor_to_int)}


def _size(axis: int) -> Callable[[Any], float]:
    """ROWS and COLUMNS of values; those of `formulas` ask for the cells' addresses, which it is not given."""

    def size(values: Any) -> float:
        return float(np.atleast_2d(np.asarray(_unwrapped(values), dtype=object)).shape[axis])

    return size


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


def rectangle(values: Rectangle) -> Any:
    """The values of a range as `formulas` takes them, for inputs that are used more than once."""
    found = np.empty((len(values), len(values[0])), dtype=object)
    for at, row in enumerate(values):
        found[at, :] = [_from_plain(value) for value in row]
    return _as_array(found)


def _from_plain(value: Plain) -> Any:
    import schedula
    from formulas.tokens.operand import Error

    if isinstance(value, ErrorValue):
        return Error.errors.get(str(value), Error.errors["#VALUE!"])
    return schedula.EMPTY if value is None else value


def _unwrapped(value: Any) -> Any:
    return getattr(value, "value", value)


def _single(value: Any) -> Any:
    return np.asarray(_unwrapped(value), dtype=object).ravel()[0]


def _to_plain(value: Any) -> Plain:
    """The one value of a result, which `formulas` may wrap in arrays or ranges."""
    import schedula
    from formulas.tokens.operand import XlError

    single = _single(value)
    if single is schedula.EMPTY:
        return None
    if isinstance(single, XlError):
        return ErrorValue(str(single))
    if isinstance(single, bool | np.bool_):
        return bool(single)
    if isinstance(single, int | float | np.number):
        return float(single)
    return str(single)
