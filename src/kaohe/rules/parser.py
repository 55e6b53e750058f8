"""Tokens to a tree, by precedence climbing, with Excel's precedence.

From loose to tight: comparison, + and -, * and /, ^ (from left to right), sign (-2^2 is 4), percent.
What Excel would accept but nobody means is refused as well: ``60<=完成值<80`` compares TRUE with 80.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

from kaohe.rules.characters import half_width
from kaohe.rules.errors import FormulaError
from kaohe.rules.lexer import Kind, Token, tokenize
from kaohe.rules.nodes import Array, Binary, Bool, Name, Node, Number, Text, Unary, nested_if, shared
from kaohe.rules.signatures import check_call, refuse_unknown_function

MAX_DEPTH = 40
PRECEDENCE = {
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1),
    **dict.fromkeys(("+", "-"), 2),
    **dict.fromkeys(("*", "/"), 3),
    "^": 4,
}
COMPARISON = 1
_CELL = re.compile(r"[A-Za-z]{1,3}\d{1,7}|[Rr]\d+[Cc]\d+")


def parse_tree(typed: str, names: Collection[str]) -> Node:
    """The tree of a formula over the given names. Raises FormulaError: which token, where and why."""
    return shared(_Parser(tokenize(typed), names).whole(), {})


class _Parser:
    """A cursor over the tokens of one formula."""

    def __init__(self, tokens: list[Token], names: Collection[str]) -> None:
        self._tokens = tokens
        self._index = 0
        self._depth = 0
        self._functions: list[str] = []
        self._names = {half_width(name): name for name in names}

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def _take(self) -> Token:
        token = self._next
        self._index += 1
        return token

    def whole(self) -> Node:
        node = self._expression(COMPARISON)
        if self._next.kind is not Kind.END:
            raise FormulaError(self._next.text, self._next.position, "前面缺少运算符或逗号,请检查")
        return node

    def _expression(self, loosest: int) -> Node:
        """Operators at least as tight as ``loosest``; all of them work from left to right."""
        left = self._signed()
        compared = False
        while self._next.kind is Kind.OPERATOR:
            precedence = PRECEDENCE.get(self._next.text, 0)
            if precedence < loosest:
                break
            operator = self._take()
            if precedence == COMPARISON and compared:
                raise _chained(operator)
            compared = precedence == COMPARISON
            left = Binary(operator.text, left, self._expression(precedence + 1))
        return left

    def _signed(self) -> Node:
        if self._next.kind is Kind.OPERATOR and self._next.text in "+-":
            operator = self._take()
            self._deeper(operator)
            node: Node = Unary(operator.text, self._signed())
            self._depth -= 1
            return node
        return self._percent()

    def _percent(self) -> Node:
        node = self._operand()
        while self._next.kind is Kind.OPERATOR and self._next.text == "%":
            self._take()
            node = Unary("%", node)
        return node

    def _operand(self) -> Node:
        token = self._take()
        if token.kind is Kind.NUMBER:
            return Number(float(token.text), token.text)
        if token.kind is Kind.TEXT:
            return Text(token.text)
        if token.kind is Kind.BOOL:
            return Bool(token.text == "TRUE")
        if token.kind is Kind.WORD:
            return self._name(token)
        if token.kind is Kind.OPEN:
            return self._parenthesis(token)
        if token.kind is Kind.FUNCTION:
            return self._call(token)
        if token.kind is Kind.BRACE and self._functions[-1:] == ["LOOKUP"]:
            return self._array(token)
        if token.kind is Kind.BRACE:
            raise FormulaError(token.text, token.position, "大括号常数只能用在 LOOKUP 里")
        raise self._no_operand(token)

    def _name(self, token: Token) -> Node:
        if token.text in self._names:
            return Name(self._names[token.text])
        if _CELL.fullmatch(token.text):
            raise FormulaError(token.text, token.position, "不能引用单元格,请写指标名称(如 完成值)")
        close = difflib.get_close_matches(token.text, self._names, n=1)
        hint = f"是不是“{close[0]}”?" if close else f"可以用:{'、'.join(sorted(self._names)) or '(无)'}"
        raise FormulaError(token.text, token.position, f"没有这个名称,请改正;{hint}")

    def _parenthesis(self, token: Token) -> Node:
        self._deeper(token)
        node = self._expression(COMPARISON)
        self._depth -= 1
        if self._next.kind is not Kind.CLOSE:
            raise FormulaError(self._next.text, self._next.position, "这里应是右括号或运算符,请检查")
        self._take()
        return node

    def _call(self, token: Token) -> Node:
        refuse_unknown_function(token)
        self._deeper(token)
        self._functions.append(token.text)
        arguments = self._arguments()
        self._functions.pop()
        # IFS becomes nested IF in the workbook: each pair is one more level.
        pairs = len(arguments) // 2 if token.text == "IFS" else 0
        self._deeper(token, pairs)
        self._depth -= 1 + pairs
        call = check_call(token, arguments)
        return nested_if(arguments) if token.text == "IFS" else call

    def _arguments(self) -> tuple[Node, ...]:
        """Expressions between commas, up to and with the closing bracket."""
        arguments: list[Node] = []
        while self._next.kind is not Kind.CLOSE or arguments:
            arguments.append(self._expression(COMPARISON))
            if self._next.kind is Kind.CLOSE:
                break
            if self._next.kind is not Kind.SEPARATOR:
                raise FormulaError(self._next.text, self._next.position, "这里应是逗号或右括号,请检查")
            self._take()
        self._take()
        return tuple(arguments)

    def _array(self, brace: Token) -> Node:
        """Constants in braces: one row (commas) or one column (semicolons)."""
        items: list[Number | Text] = []
        separators: set[str] = set()
        while True:
            items.append(self._constant())
            separator = self._take()
            if separator.kind is Kind.END_BRACE:
                break
            if separator.kind is not Kind.SEPARATOR:
                raise FormulaError(separator.text, separator.position, "大括号内只能是用逗号分开的常数")
            separators.add(separator.text)
        if len(separators) > 1:
            raise FormulaError(brace.text, brace.position, "大括号内只能有一行常数,请不要混用逗号和分号")
        return Array(tuple(items))

    def _constant(self) -> Number | Text:
        sign = ""
        if self._next.kind is Kind.OPERATOR and self._next.text == "-":
            sign = self._take().text
        token = self._take()
        if token.kind is Kind.NUMBER:
            return Number(float(sign + token.text), sign + token.text)
        if token.kind is Kind.TEXT and not sign:
            return Text(token.text)
        raise FormulaError(token.text, token.position, "大括号内只能写数字或带引号的文字")

    def _deeper(self, token: Token, levels: int = 1) -> None:
        self._depth += levels
        if self._depth > MAX_DEPTH:
            raise FormulaError(token.text, token.position, f"括号或函数套用超过{MAX_DEPTH}层,请化简")

    def _no_operand(self, token: Token) -> FormulaError:
        previous = self._tokens[self._index - 2] if self._index > 1 else token
        if previous.text + token.text in ("=<", "=>"):
            return FormulaError(previous.text + token.text, previous.position, f"请写成“{token.text}=”")
        if token.kind is Kind.END:
            return FormulaError("", token.position, "公式没有写完,请补上后面的数或名称")
        return FormulaError(token.text, token.position, "前面缺少数、名称或参数,请补上")


def _chained(operator: Token) -> FormulaError:
    return FormulaError(
        operator.text, operator.position, "不能连着比较,请用 AND 分开写,如 AND(60<=完成值,完成值<80)"
    )
