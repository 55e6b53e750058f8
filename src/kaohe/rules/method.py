"""A scoring method: three formulas (得分, 完成率, 达标), its parameters, and what it accepts as 完成值."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kaohe.rules.errors import FormulaError
from kaohe.rules.nodes import Call, Name, walk
from kaohe.rules.rule import STANDARD_NAMES, Rule, parse

Accepts = Literal["number", "yes_no"]

YES = ("是", "√")
NO = ("否", "×")
_GUARDS: dict[Accepts, str] = {
    "number": "ISNUMBER(完成值)",
    # A blank equals 0 in a comparison, therefore ISNUMBER before 1 and 0.
    "yes_no": "OR("
    + ",".join(f'完成值="{word}"' for word in (*YES, *NO))
    + ",AND(ISNUMBER(完成值),OR(完成值=1,完成值=0)))",
}
_TESTS = ("ISNUMBER", "ISBLANK", "ISTEXT")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that the scheme sets per indicator; ``default`` None means it must be given."""

    name: str
    default: float | None
    meaning: str


@dataclass(frozen=True, slots=True)
class Method:
    """A row of 计分方法, built in or the office's own.

    ``score``: points, not rounded. ``rate``: completion as a ratio (1 is 100%). ``met``: yes/no. All are
    formula texts over the standard names and the method's parameters. ``number``: row in the list of methods
    in use (0 for an office's own).
    """

    name: str
    score: str
    rate: str
    met: str
    parameters: tuple[Parameter, ...] = ()
    accepts: Accepts = "number"
    number: int = 0
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CompiledMethod:
    """A method whose formulas have been read; ``uses``: all names that occur in them, and 完成值."""

    method: Method
    score: Rule
    rate: Rule
    met: Rule
    guard: Rule
    uses: frozenset[str]


FORMULAS = (("得分", "score"), ("完成率", "rate"), ("达标", "met"))
"""Column title of 计分方法 → field of Method."""


def guard(method: Method) -> str:
    """The formula over 完成值 that is true where there is something to score.

    Without it a blank or a word would score full marks under "lower is better" and under deduction.
    """
    return _GUARDS[method.accepts]


def names_of(method: Method) -> tuple[str, ...]:
    """Names the method's formulas may use."""
    return (*STANDARD_NAMES, *(parameter.name for parameter in method.parameters))


def compile_method(method: Method) -> CompiledMethod:
    """Read the three formulas. Raises FormulaError; use :func:`check_method` first for an office's own."""
    names = names_of(method)
    score, rate, met = (parse(text, names) for text in (method.score, method.rate, method.met))
    uses = score.names | rate.names | met.names | {"完成值"}
    return CompiledMethod(method, score, rate, met, parse(guard(method), ["完成值"]), uses)


def check_method(method: Method) -> list[tuple[str, FormulaError]]:
    """Everything wrong with a method, as (column title, reason); empty when it compiles."""
    wrong = [("参数", error) for error in map(_name_error, method.parameters) if error]
    seen: set[str] = set(STANDARD_NAMES)
    for parameter in method.parameters:
        if parameter.name in seen:
            wrong.append(("参数", FormulaError(parameter.name, 1, "名称重复或与固定名称相同,请改名")))
        seen.add(parameter.name)
    for title, field in FORMULAS:
        try:
            parse(getattr(method, field), names_of(method))
        except FormulaError as error:
            wrong.append((title, error))
    return wrong


def _name_error(parameter: Parameter) -> FormulaError | None:
    """A parameter's name must be one word that is neither a cell, nor a number, nor a function."""
    try:
        parse(parameter.name, ())
    except FormulaError as error:
        expected = error.token == parameter.name and "没有这个名称" in error.reason
        return None if expected else FormulaError(parameter.name, 1, "不能作参数名,请用汉字起名")
    return FormulaError(parameter.name, 1, "不能作参数名,请用汉字起名")


def required_numbers(rule: Rule) -> tuple[str, ...]:
    """Names, besides 完成值, that must hold a number before this formula is computed; sorted.

    A blank target compares as 0 and a word is greater than any number, so both would score quietly. A name
    that the formula itself tests (ISNUMBER, ISBLANK, ISTEXT) is left to the formula.
    """
    tested = {
        argument.name
        for part in walk(rule.node)
        if isinstance(part, Call) and part.function in _TESTS
        for argument in part.arguments
        if isinstance(argument, Name)
    }
    return tuple(sorted(rule.names - tested - {"完成值"}))
