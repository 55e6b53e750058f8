"""A rule: one formula over named inputs, read once, computed for many units, written into many cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from kaohe.rules.column import Column
from kaohe.rules.evaluate import Input, evaluate_tree
from kaohe.rules.nodes import Name, Node, walk
from kaohe.rules.parser import parse_tree
from kaohe.rules.rewrite import rewrite_tree

STANDARD_NAMES = (
    "权重",
    "目标值",
    "完成值",
    "上年值",
    "序时",
    "对标值",
    "满意值",
    "不允许值",
    "度量值",
    "组最大值",
    "组最小值",
    "组平均值",
    "组标准差",
    "组名次",
    "组单位数",
)
"""Names every formula may use; a method adds its parameters. The groups' figures are those of 度量值."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``text`` as typed (stripped); ``names`` the names it uses; ``node`` its tree."""

    text: str
    names: frozenset[str]
    node: Node = field(repr=False)

    def evaluate(self, inputs: Mapping[str, Input]) -> Column:
        """The result for each of n rows.

        ``inputs``: a Column or float64 array of n rows (or one row), or a float for all rows, for at least
        ``self.names``. Blank results become 0, as in a cell. Raises KeyError for a missing name, ValueError
        for inputs of different lengths.
        """
        return evaluate_tree(self.node, self.names, inputs)


def parse(text: str, names: Collection[str] = STANDARD_NAMES) -> Rule:
    """Read a formula (with or without a leading =) over the given names. Raises FormulaError."""
    node = parse_tree(text, names)
    used = frozenset(part.name for part in walk(node) if isinstance(part, Name))
    return Rule(text.strip(), used, node)


def rewrite(rule: Rule, references: Mapping[str, str]) -> str:
    """The rule as Excel text without a leading =, its names replaced by cell references or literals.

    Only functions of Excel 2010 appear. Raises KeyError for a name without a reference.
    """
    return rewrite_tree(rule.node, references)
