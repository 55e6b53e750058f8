"""One scoring formula under thousands of weights: what no varied name touches is computed once per unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kaohe.assess.inputs import Floats, Input, Mask
from kaohe.rules.column import Column
from kaohe.rules.nodes import Binary, Call, Name, Node, Unary, walk
from kaohe.rules.operands import as_numbers
from kaohe.rules.rule import Rule

_KEPT = "§"
"""Begins the names of parts computed beforehand; no formula can hold such a name."""


@dataclass(frozen=True)
class Prepared:
    """What is left of a formula, and its inputs but for the varied ones: (n,) arrays, columns or numbers."""

    rule: Rule
    inputs: Mapping[str, Input]
    size: int

    def evaluate(self, varied: Mapping[str, Floats]) -> tuple[Floats, Mask]:
        """Results of m draws for n units, (m, n), and where there is one.

        ``varied``: the varied names, (m, n) or (m, 1). A result is what the whole formula gives, to the bit.
        """
        draws = max(values.shape[0] for values in varied.values())
        tiled = {name: self._tiled(self.inputs[name], draws) for name in self.rule.names - varied.keys()}
        tiled |= {
            name: np.ascontiguousarray(np.broadcast_to(values, (draws, self.size))).ravel()
            for name, values in varied.items()
            if name in self.rule.names
        }
        found = self.rule.evaluate(tiled)
        number, error = as_numbers(found, len(found))
        shape = (draws, self.size)
        if len(found) == 1:
            return np.full(shape, number[0]), np.full(shape, error[0] == 0)
        return number.reshape(shape), error.reshape(shape) == 0

    def _tiled(self, value: Input, draws: int) -> Input:
        if isinstance(value, Column) and len(value) == self.size:
            return value.take(np.tile(np.arange(self.size), draws))
        if isinstance(value, np.ndarray) and len(value) == self.size:
            return np.tile(value, draws)
        return value


def prepare(rule: Rule, inputs: Mapping[str, Input], rows: npt.NDArray[np.intp], n: int,
            varied: Collection[str]) -> Prepared:  # fmt: skip
    """The formula for the units in ``rows`` of n, with everything but ``varied`` computed as far as it goes.

    ``inputs``: for every name of the rule a value of n rows or one for all; those of ``varied`` are not used.
    """
    mine = {name: _take(inputs[name], rows, n) for name in rule.names if name not in varied}
    folding = _Folding(mine, frozenset(varied))
    node = folding.fold(rule.node)
    names = frozenset(part.name for part in walk(node) if isinstance(part, Name))
    return Prepared(Rule(rule.text, names, node), mine | folding.kept, len(rows))


def _take(value: Input, rows: npt.NDArray[np.intp], n: int) -> Input:
    if isinstance(value, Column) and len(value) == n:
        return value.take(rows)
    if isinstance(value, np.ndarray) and len(value) == n:
        return value[rows]
    return value


class _Folding:
    """Puts a name in the place of every part of a tree that comes to numbers without the varied names."""

    def __init__(self, inputs: Mapping[str, Input], varied: frozenset[str]) -> None:
        self.inputs, self.varied = inputs, varied
        self.kept: dict[str, Input] = {}
        self._known: dict[Node, Node] = {}

    def fold(self, node: Node) -> Node:
        if node not in self._known:
            self._known[node] = self._folded(node)
        return self._known[node]

    def _folded(self, node: Node) -> Node:
        if not isinstance(node, Unary | Binary | Call):
            return node
        names = {part.name for part in walk(node) if isinstance(part, Name)}
        if names and names.isdisjoint(self.varied):
            return self._computed(node, frozenset(names))
        if isinstance(node, Unary):
            return Unary(node.operator, self.fold(node.operand))
        if isinstance(node, Binary):
            return Binary(node.operator, self.fold(node.left), self.fold(node.right))
        return Call(node.function, tuple(self.fold(argument) for argument in node.arguments))

    def _computed(self, node: Node, names: frozenset[str]) -> Node:
        """The part as a name, where it is numbers made of numbers; anything else stays as it is."""
        if not all(_plain(self.inputs[name]) for name in names):
            return node
        found = Rule("", names, node).evaluate({name: self.inputs[name] for name in names})
        if not found.all_numbers:
            return node
        name = f"{_KEPT}{len(self.kept)}"
        self.kept[name] = float(found.number[0]) if len(found) == 1 else found.number
        return Name(name)


def _plain(value: Input) -> bool:
    if isinstance(value, Column):
        return value.all_numbers
    return bool(np.isfinite(value).all())
