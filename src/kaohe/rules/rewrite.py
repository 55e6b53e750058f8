"""A rule as the formula of a cell: names become references, brackets stand only where they are needed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kaohe.rules.column import Column
from kaohe.rules.errors import FormulaError
from kaohe.rules.evaluate import evaluate_tree
from kaohe.rules.nodes import Array, Binary, Bool, Call, Name, Node, Number, Text, Unary, walk
from kaohe.rules.parser import PRECEDENCE

MAX_FORMULA = 8192
"""Excel's limit for the formula of one cell."""

_LITERAL = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_SIGN, _PERCENT, _ATOM = 5, 6, 7
_ATOMIC = re.compile(
    r"(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?(?:\$?[A-Za-z]{1,3}\$?\d+|[^\W\d][\w.]*)|\d+\.?\d*(?:[eE][+-]?\d+)?"
)


def rewrite_tree(node: Node, references: Mapping[str, str]) -> str:
    """Formula text without a leading =.

    ``references``: name → cell reference (``$G$5``, ``'组参数'!C$5``), defined name or numeric literal;
    anything else is put in brackets. Raises KeyError for a name without one, FormulaError beyond 8192
    characters.
    """
    text = _Writer(references).text(node, 0)
    if len(text) > MAX_FORMULA:
        raise FormulaError("", MAX_FORMULA, f"写入单元格的公式超过{MAX_FORMULA}个字符,请化简")
    return text


class _Writer:
    """Writes nodes as text, each knowing how tightly its surroundings bind."""

    def __init__(self, references: Mapping[str, str]) -> None:
        self._references = references

    def text(self, node: Node, loosest: int) -> str:
        """The node's text, in brackets when it binds less tightly than ``loosest``."""
        written, precedence = self._write(node)
        return f"({written})" if precedence < loosest else written

    def _write(self, node: Node) -> tuple[str, int]:
        if isinstance(node, Binary):
            precedence = PRECEDENCE[node.operator]
            # Of the same precedence only the left side goes without brackets. A comparison of a comparison
            # keeps them on both sides: without, our own parser refuses it.
            left = self.text(node.left, precedence + (precedence == 1))
            return f"{left}{node.operator}{self.text(node.right, precedence + 1)}", precedence
        if isinstance(node, Unary) and node.operator == "%":
            return f"{self.text(node.operand, _PERCENT)}%", _PERCENT
        if isinstance(node, Unary):
            return f"{node.operator}{self.text(node.operand, _SIGN)}", _SIGN
        return self._write_operand(node)

    def _write_operand(self, node: Node) -> tuple[str, int]:
        if isinstance(node, Name):
            return _reference(self._references[node.name])
        if isinstance(node, Call):
            branch = self._settled(node)
            return self._write(branch) if branch is not None else (self._call(node), _ATOM)
        if isinstance(node, Array):
            return "{" + ",".join(_constant(item) for item in node.items) + "}", _ATOM
        if isinstance(node, Number | Text):
            return _constant(node), _ATOM
        if isinstance(node, Bool):
            return str(node.value).upper(), _ATOM
        raise TypeError(f"{node!r} cannot be written")

    def _settled(self, node: Call) -> Node | None:
        """The branch that holds of an IF whose condition is over literals only.

        What a setting or a parameter has decided stays out of the cells: who presses F2 sees the rule as it
        applies to that row.
        """
        if node.function != "IF" or len(node.arguments) != 3:
            return None
        condition, chosen, otherwise = node.arguments
        names = {part.name for part in walk(condition) if isinstance(part, Name)}
        if not names or not all(_is_literal(self._references[name]) for name in names):
            return None
        inputs = {name: Column.of([_literal(self._references[name])]) for name in names}
        result = evaluate_tree(condition, names, inputs)
        if not bool((result.is_bool | result.is_number)[0]):
            return None
        return chosen if result.number[0] else otherwise

    def _call(self, node: Call) -> str:
        return f"{node.function}({','.join(self.text(argument, 0) for argument in node.arguments)})"


def _is_literal(reference: str) -> bool:
    return reference == '""' or bool(_LITERAL.fullmatch(reference))


def _literal(reference: str) -> float | str:
    return "" if reference == '""' else float(reference)


def _reference(text: str) -> tuple[str, int]:
    if text.startswith("-") and _ATOMIC.fullmatch(text[1:]):
        return text, _SIGN
    return (text, _ATOM) if _ATOMIC.fullmatch(text) else (f"({text})", _ATOM)


def _constant(item: Number | Text) -> str:
    if isinstance(item, Number):
        return item.text
    return '"' + item.value.replace('"', '""') + '"'
