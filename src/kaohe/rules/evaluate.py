"""Compute a formula's tree for all rows at once.

Every node gives a :data:`~kaohe.rules.operands.Value`; while all rows are finite numbers these are bare numpy
arrays. IF computes both branches and takes per row the chosen one, so an error in the other does not show.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from kaohe.rules.aggregates import Argument, aggregate, all_or_any
from kaohe.rules.arithmetic import BINARY, FUNCTIONS, UNARY, apply
from kaohe.rules.column import BLANK, ERROR, NUMBER, TEXT, Column, Floats, Mask
from kaohe.rules.comparison import compare
from kaohe.rules.errors import Error, error_value
from kaohe.rules.nodes import Array, Binary, Bool, Call, Name, Node, Number, Text, Unary
from kaohe.rules.operands import (
    Value,
    as_column,
    as_condition,
    is_truth,
    overlay_errors,
    select,
    simplify,
    truth_with_errors,
)

Input = Column | float | Floats

_KINDS = {"ISNUMBER": NUMBER, "ISBLANK": BLANK, "ISTEXT": TEXT, "ISERROR": ERROR}


def evaluate_tree(node: Node, names: Collection[str], inputs: Mapping[str, Input]) -> Column:
    """The column of results; inputs of one row are repeated. Raises ValueError when lengths differ."""
    n = _rows(inputs)
    values = {name: _spread(_input(inputs[name]), n) for name in names}
    with np.errstate(all="raise", under="ignore"):
        return _zero_for_blank(as_column(_Evaluation(values, n).value(node), n))


def _rows(inputs: Mapping[str, Input]) -> int:
    """The common number of rows; one row goes with any number."""
    sizes = {len(value) for value in inputs.values() if isinstance(value, Column | np.ndarray)}
    sizes = (sizes - {1}) or sizes
    if len(sizes) > 1:
        raise ValueError(f"inputs of different lengths: {sorted(sizes)}")
    return next(iter(sizes), 1)


def _input(value: Input) -> Value:
    if isinstance(value, Column):
        return simplify(value)
    if isinstance(value, np.ndarray):
        array = np.asarray(value, np.float64)
        return array if np.isfinite(array).all() else Column.of_numbers(array)
    return float(value) if np.isfinite(value) else Column.of([error_value(Error.NUM)])


def _spread(value: Value, n: int) -> Value:
    """Repeat a single row. A yes/no in a cell stays a column: of cells, SUM and its like skip it."""
    if is_truth(value):
        value = Column.of_bools(value)
    if isinstance(value, np.ndarray) and len(value) == 1:
        return float(value[0])
    return as_column(value, n) if isinstance(value, Column) else value


def _zero_for_blank(column: Column) -> Column:
    """A formula whose result is a blank cell shows 0."""
    if column.all_numbers or not column.is_blank.any():
        return column
    return Column(np.where(column.is_blank, np.uint8(NUMBER), column.kind), column.number, column.text)


_Pick = tuple[Mask, Node]
"""Rows, and the argument that is picked there."""


class _Evaluation:
    """One computation: the inputs, the number of rows, and what has been computed.

    Results are kept by the identity of their node: the tree outlives the computation, and equal parts of it
    are one node.
    """

    def __init__(self, inputs: Mapping[str, Value], n: int) -> None:
        self._inputs = inputs
        self._n = n
        self._known: dict[int, Value] = {}

    def value(self, node: Node) -> Value:
        if isinstance(node, Name):
            return self._inputs[node.name]
        if isinstance(node, Number | Bool):
            return node.value
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = self._compute(node)
        return known

    def _compute(self, node: Node) -> Value:
        if isinstance(node, Binary):
            return self._binary(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Unary):
            value = self.value(node.operand)
            return value if node.operator == "+" else apply(UNARY[node.operator], [value], self._n)
        if isinstance(node, Text):
            return Column.full(node.value, self._n)
        raise TypeError(f"{node!r} has no value of its own")

    def _binary(self, node: Binary) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        kernel = BINARY.get(node.operator)
        if kernel is None:
            return compare(node.operator, left, right, self._n)
        return apply(kernel, [left, right], self._n)

    def _call(self, node: Call) -> Value:
        if node.function in FUNCTIONS:
            arguments = [self.value(argument) for argument in node.arguments]
            return apply(FUNCTIONS[node.function], arguments, self._n)
        if node.function in ("AND", "OR"):
            return all_or_any(node.function, self._arguments(node), self._n)
        if node.function in _KINDS:
            return np.equal(as_column(self.value(node.arguments[0]), self._n).kind, _KINDS[node.function])
        special = _SPECIAL.get(node.function)
        if special is not None:
            return special(self, node.arguments)
        return aggregate(node.function, self._arguments(node), self._n)

    def _arguments(self, node: Call) -> list[Argument]:
        values = [self.value(argument) for argument in node.arguments]
        return [
            Argument(value, self._refers(argument) if isinstance(value, Column) else False)
            for value, argument in zip(values, node.arguments, strict=True)
        ]

    def _refers(self, node: Node) -> bool | Mask:
        """Rows in which the value is the cell of a name itself, possibly picked by IF, CHOOSE or IFERROR."""
        if isinstance(node, Name):
            return True
        picked = _PICKED.get(node.function) if isinstance(node, Call) else None
        if picked is None or not isinstance(node, Call):
            return False
        refers = np.zeros(self._n, np.bool_)
        for rows, outcome in picked(self, node.arguments):
            refers |= rows & np.asarray(self._refers(outcome))
        return refers

    def _picked_by_if(self, arguments: tuple[Node, ...]) -> list[_Pick]:
        chosen = np.asarray(as_condition(self.value(arguments[0]), self._n)[0])
        return list(zip((chosen, ~chosen), arguments[1:], strict=False))

    def _picked_by_iferror(self, arguments: tuple[Node, ...]) -> list[_Pick]:
        failed = as_column(self.value(arguments[0]), self._n).is_error
        return [(~failed, arguments[0]), (failed, arguments[1])]

    def _picked_by_choose(self, arguments: tuple[Node, ...]) -> list[_Pick]:
        which = self._position(arguments[0]).number
        return [(which == position, outcome) for position, outcome in enumerate(arguments[1:], 1)]

    def _position(self, index: Node) -> Column:
        """CHOOSE's first argument cut to a whole number."""
        return as_column(apply(FUNCTIONS["ROUNDDOWN"], [self.value(index), 0.0], self._n), self._n)

    def _if(self, arguments: tuple[Node, ...]) -> Value:
        condition, yes, *rest = arguments
        return self._choose(condition, yes, rest[0] if rest else Bool(False))

    def _choose(self, condition: Node, yes: Node, no: Node) -> Value:
        chosen, error = as_condition(self.value(condition), self._n)
        if isinstance(chosen, bool):
            return self.value(yes if chosen else no)
        if error is not None:
            return overlay_errors(select(chosen, self.value(yes), self.value(no), self._n), error, self._n)
        if not chosen.any():
            return self.value(no)
        return self.value(yes) if chosen.all() else select(chosen, self.value(yes), self.value(no), self._n)

    def _iferror(self, arguments: tuple[Node, ...]) -> Value:
        value = self.value(arguments[0])
        if not isinstance(value, Column) or not value.is_error.any():
            return value
        return select(~value.is_error, value, self.value(arguments[1]), self._n)

    def _choose_nth(self, arguments: tuple[Node, ...]) -> Value:
        index, *options = arguments
        result: Value = Column.full(error_value(Error.VALUE), self._n)
        column = self._position(index)
        for position, option in enumerate(options, 1):
            chosen = ~column.is_error & (column.number == position)
            if chosen.any():
                result = select(chosen, self.value(option), result, self._n)
        return overlay_errors(result, np.where(column.is_error, column.number, 0.0), self._n)

    def _not(self, arguments: tuple[Node, ...]) -> Value:
        truth, error = as_condition(self.value(arguments[0]), self._n)
        if isinstance(truth, bool):
            return not truth
        return ~truth if error is None else truth_with_errors(~truth, error)

    def _na(self, arguments: tuple[Node, ...]) -> Value:
        return Column.full(error_value(Error.NA), self._n)

    def _lookup(self, arguments: tuple[Node, ...]) -> Value:
        sought = as_column(self.value(arguments[0]), self._n)
        edges, results = (_constants(argument) for argument in (arguments[1], arguments[-1]))
        position = _band(np.where(sought.is_number, sought.number, 0.0), edges.number)
        found = sought.is_number & (position >= 0)
        error = np.where(sought.is_error, sought.number, np.where(found, 0.0, float(Error.NA)))
        return _or_errors(results.take(np.maximum(position, 0)), error, self._n)


def _or_errors(column: Column, error: Floats, n: int) -> Value:
    return overlay_errors(column, error, n) if error.any() else simplify(column)


def _constants(node: Node) -> Column:
    items = node.items if isinstance(node, Array) else ()
    return Column.of([item.value for item in items])


def _band(number: Floats, edges: Floats) -> NDArray[np.intp]:
    """Index of the last edge that is not above the number; -1 below the first.

    By the doubles themselves, as LibreOffice and Excel do, not by the 15-digit view: 2.4/3 lies below 0.8.
    """
    return np.searchsorted(edges, number, side="right") - 1


_SPECIAL: dict[str, Callable[[_Evaluation, tuple[Node, ...]], Value]] = {
    "IF": _Evaluation._if,
    "IFERROR": _Evaluation._iferror,
    "CHOOSE": _Evaluation._choose_nth,
    "NOT": _Evaluation._not,
    "NA": _Evaluation._na,
    "LOOKUP": _Evaluation._lookup,
}
_PICKED: dict[str, Callable[[_Evaluation, tuple[Node, ...]], list[_Pick]]] = {
    "IF": _Evaluation._picked_by_if,
    "IFERROR": _Evaluation._picked_by_iferror,
    "CHOOSE": _Evaluation._picked_by_choose,
}
