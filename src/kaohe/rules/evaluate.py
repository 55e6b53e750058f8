"""Compute a formula's tree for all rows at once.

Every node gives a :data:`~kaohe.rules.operands.Value`; while all rows are finite numbers these are bare numpy
arrays. IF computes both branches and takes per row the chosen one, so an error in the other does not show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from kaohe.rules.aggregates import Argument, aggregate, all_or_any
from kaohe.rules.arithmetic import BINARY, FUNCTIONS, UNARY, apply, compare_numbers
from kaohe.rules.column import BLANK, ERROR, NUMBER, TEXT, Column, Floats
from kaohe.rules.comparison import compare
from kaohe.rules.errors import Error, error_value
from kaohe.rules.nodes import Array, Binary, Bool, Call, Name, Node, Number, Text, Unary, children, walk
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


def evaluate_tree(node: Node, inputs: Mapping[str, Input]) -> Column:
    """The column of results; inputs of one row are repeated. Raises ValueError when lengths differ."""
    used = {part.name for part in walk(node) if isinstance(part, Name)}
    n = _rows(inputs)
    values = {name: _spread(_input(inputs[name]), n) for name in used}
    with np.errstate(all="ignore"):
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
    if not column.is_blank.any():
        return column
    return Column(np.where(column.is_blank, np.uint8(NUMBER), column.kind), column.number, column.text)


class _Evaluation:
    """One computation: the inputs and the number of rows, shared by all nodes."""

    def __init__(self, inputs: Mapping[str, Value], n: int) -> None:
        self._inputs = inputs
        self._n = n

    def value(self, node: Node) -> Value:
        if isinstance(node, Binary):
            return self._binary(node)
        if isinstance(node, Name):
            return self._inputs[node.name]
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Unary):
            value = self.value(node.operand)
            return value if node.operator == "+" else apply(UNARY[node.operator], [value], self._n)
        if isinstance(node, Bool):
            return node.value
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
        return [Argument(self.value(argument), _refers(argument)) for argument in node.arguments]

    def _if(self, arguments: tuple[Node, ...]) -> Value:
        condition, yes, *rest = arguments
        return self._choose(condition, yes, rest[0] if rest else Bool(False))

    def _ifs(self, arguments: tuple[Node, ...]) -> Value:
        return self.value(nested_if(arguments))

    def _choose(self, condition: Node, yes: Node, no: Node) -> Value:
        chosen, error = as_condition(self.value(condition), self._n)
        if isinstance(chosen, bool):
            return self.value(yes if chosen else no)
        result = select(chosen, self.value(yes), self.value(no), self._n)
        return result if error is None else overlay_errors(result, error, self._n)

    def _iferror(self, arguments: tuple[Node, ...]) -> Value:
        value = self.value(arguments[0])
        if not isinstance(value, Column) or not value.is_error.any():
            return value
        return select(~value.is_error, value, self.value(arguments[1]), self._n)

    def _choose_nth(self, arguments: tuple[Node, ...]) -> Value:
        index, *options = arguments
        which = self.value(Call("ROUNDDOWN", (index, Number(0.0, "0"))))
        result: Value = Column.full(error_value(Error.VALUE), self._n)
        column = as_column(which, self._n)
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


def _band(number: Floats, edges: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Index of the last edge that is not above the number (15-digit view); -1 below the first."""
    position = np.searchsorted(edges, number, side="right") - 1
    above = np.minimum(position + 1, len(edges) - 1)
    reached = (above > position) & np.asarray(compare_numbers(">=", number, edges[above]))
    return np.where(reached, above, position)


def nested_if(arguments: tuple[Node, ...]) -> Node:
    """IFS as nested IF; #N/A where no condition holds."""
    result: Node = Call("NA", ())
    for index in range(len(arguments) - 2, -1, -2):
        result = Call("IF", (arguments[index], arguments[index + 1], result))
    return result


def _refers(node: Node) -> bool:
    """A name, or a choice in which every outcome is a name or a number."""
    if isinstance(node, Name):
        return True
    if not isinstance(node, Call):
        return False
    outcomes = {
        "IF": node.arguments[1:],
        "IFS": node.arguments[1::2],
        "IFERROR": node.arguments,
        "CHOOSE": node.arguments[1:],
    }.get(node.function, ())
    return bool(outcomes) and all(_refers(one) or _numeric_literal(one) for one in outcomes)


def _numeric_literal(node: Node) -> bool:
    return isinstance(node, Number) or (
        isinstance(node, Unary) and all(map(_numeric_literal, children(node)))
    )


_SPECIAL: dict[str, Callable[[_Evaluation, tuple[Node, ...]], Value]] = {
    "IF": _Evaluation._if,
    "IFS": _Evaluation._ifs,
    "IFERROR": _Evaluation._iferror,
    "CHOOSE": _Evaluation._choose_nth,
    "NOT": _Evaluation._not,
    "NA": _Evaluation._na,
    "LOOKUP": _Evaluation._lookup,
}
