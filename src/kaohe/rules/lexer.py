"""Formula text to tokens: openpyxl's Tokenizer does the cutting, this module checks and locates.

Refused here: too long, too many tokens, brackets that do not match, numbers of more than 15 digits, and all
that :mod:`kaohe.rules.characters` refuses.
"""

from __future__ import annotations

import math
import re
from enum import Enum
from typing import NamedTuple

from kaohe.rules.characters import Normalised, normalise
from kaohe.rules.errors import FormulaError

MAX_CHARACTERS = 1000
MAX_TOKENS = 400
MAX_TEXT = 255
"""Excel's own limit for a quoted text in a formula."""

_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


class Kind(Enum):
    NUMBER = "number"
    TEXT = "text"
    BOOL = "bool"
    WORD = "word"
    FUNCTION = "function"
    OPEN = "("
    CLOSE = ")"
    BRACE = "{"
    END_BRACE = "}"
    SEPARATOR = "separator"
    OPERATOR = "operator"
    END = "end"


class Token(NamedTuple):
    """``text`` is half-width; ``position`` counts from 1 in what was typed (a leading = included)."""

    kind: Kind
    text: str
    position: int


def tokenize(typed: str) -> list[Token]:
    """All tokens and a closing END. Raises FormulaError."""
    if len(typed) > MAX_CHARACTERS:
        raise FormulaError("", MAX_CHARACTERS, f"公式超过{MAX_CHARACTERS}个字符,请拆成几个指标或化简")
    normalised = normalise(typed)
    start = len(normalised.text) - len(normalised.text.lstrip())
    if normalised.text[start : start + 1] == "=":
        start += 1
    if not normalised.text[start:].strip():
        raise FormulaError("", 1, "公式是空的,请填写公式")
    _check_brackets(normalised)
    tokens = _cut(normalised, start)
    if len(tokens) > MAX_TOKENS:
        excess = tokens[MAX_TOKENS]
        raise FormulaError(excess.text, excess.position, f"公式超过{MAX_TOKENS}个部分,请化简")
    return [*tokens, Token(Kind.END, "", normalised.position(len(normalised.text)))]


def _check_brackets(normalised: Normalised) -> None:
    """Every bracket has its partner; quoted text does not count."""
    partner = {")": "(", "}": "{"}
    opened: list[int] = []
    quoted = False
    for index, char in enumerate(normalised.text):
        if char == '"':
            quoted = not quoted
        if quoted:
            continue
        if char in "({":
            opened.append(index)
        elif char in ")}" and (not opened or normalised.text[opened.pop()] != partner[char]):
            raise FormulaError(char, normalised.position(index), "这个括号没有与之配对的左括号,请检查")
    if opened:
        index = opened[-1]
        raise FormulaError(
            normalised.text[index], normalised.position(index), "这个括号没有配对的右括号,请补上"
        )


def _cut(normalised: Normalised, start: int) -> list[Token]:
    from openpyxl.formula import Tokenizer  # costs 0.3 s, so only where a formula is read
    from openpyxl.formula.tokenizer import TokenizerError

    try:
        items = Tokenizer("=" + normalised.text[start:]).items
    except TokenizerError as error:
        raise _misplaced(normalised, start, str(error)) from error
    tokens: list[Token] = []
    index = start
    for item in items:
        if item.type == item.WSPACE:
            continue
        while normalised.text[index] == " ":
            index += 1
        tokens.append(_token(item.type, item.subtype, item.value, normalised.position(index)))
        index += len(item.value)
    return tokens


def _misplaced(normalised: Normalised, start: int, message: str) -> FormulaError:
    """The Tokenizer counts from its own leading =."""
    found = re.search(r"position (\d+)", message)
    index = start + int(found.group(1)) - 1 if found else start
    return FormulaError(
        normalised.text[index : index + 1], normalised.position(index), "前面缺少运算符或逗号,请检查"
    )


def _token(kind: str, subtype: str, value: str, position: int) -> Token:
    from openpyxl.formula.tokenizer import Token as Item

    if kind == Item.OPERAND:
        return _operand(value, position)
    if kind == Item.FUNC and subtype == Item.OPEN:
        return Token(Kind.FUNCTION, value[:-1].upper(), position)
    if kind in (Item.FUNC, Item.PAREN):
        return Token(Kind.OPEN if subtype == Item.OPEN else Kind.CLOSE, value, position)
    if kind == Item.ARRAY:
        return Token(Kind.BRACE if subtype == Item.OPEN else Kind.END_BRACE, value, position)
    if value in (",", ";"):
        return Token(Kind.SEPARATOR, value, position)
    return Token(Kind.OPERATOR, value, position)


def _operand(value: str, position: int) -> Token:
    if value.startswith('"'):
        if len(value) > MAX_TEXT:
            raise FormulaError(value[:8] + "…", position, f"引号内的文字超过{MAX_TEXT}字,请缩短")
        return Token(Kind.TEXT, value[1:-1].replace('""', '"'), position)
    if value.upper() in ("TRUE", "FALSE"):
        return Token(Kind.BOOL, value.upper(), position)
    if _NUMBER.fullmatch(value):
        _check_number(value, position)
        return Token(Kind.NUMBER, value, position)
    return Token(Kind.WORD, value, position)


def _check_number(value: str, position: int) -> None:
    digits = re.sub(r"[eE].*|\.", "", value).strip("0")
    if len(digits) > 15:
        raise FormulaError(value, position, "数字超过15位有效数字,Excel 会把后面的变成0,请缩短")
    if not math.isfinite(float(value)):
        raise FormulaError(value, position, "数字太大,请检查")
