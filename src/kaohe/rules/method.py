"""A scoring method: its formulas (得分, 完成率, 达标, 度量), its parameters, what it accepts as 完成值."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kaohe.rules.errors import FormulaError
from kaohe.rules.nodes import Call, Name, walk
from kaohe.rules.rule import STANDARD_NAMES, Rule, parse

Accepts = Literal["number", "yes_no", "grade"]

YES = ("是", "√")
NO = ("否", "×")
GRADES = ("优秀", "良好", "合格", "不合格")
"""档次 of a target (XT6), best first."""
_GUARDS: dict[Accepts, str] = {
    "number": "ISNUMBER(完成值)",
    # A blank equals 0 in a comparison, therefore ISNUMBER before 1 and 0.
    "yes_no": "OR("
    + ",".join(f'完成值="{word}"' for word in (*YES, *NO))
    + ",AND(ISNUMBER(完成值),OR(完成值=1,完成值=0)))",
    "grade": "OR(" + ",".join(f'完成值="{word}"' for word in GRADES) + ")",
}
_TESTS = ("ISNUMBER", "ISBLANK", "ISTEXT")
OWN_VALUE = "完成值"
"""The measure of a method that declares none."""
GROUP_NAMES = ("组最大值", "组最小值", "组平均值", "组标准差", "组名次", "组单位数")
"""What a rule may know of the other units: figures of their measures."""
MEASURE_PLACES = 9
"""Places a reckoned measure keeps: what doubles add to a difference of two figures must not break a tie."""
COMPARED_NAMES = ("度量值", *GROUP_NAMES)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that the scheme sets per indicator; ``default`` None means it must be given.

    ``setting``: the setting of 方案 that the default follows; '' when it follows none.
    """

    name: str
    default: float | None
    meaning: str
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """A row of 计分方法, built in or the office's own.

    ``score``: points, not rounded. ``rate``: completion as a ratio (1 is 100%). ``met``: yes/no. All are
    formula texts over the standard names and the method's parameters. ``measure``: what a method that
    compares units compares (度量值), a formula over what is known of one unit alone. ``number``: row in the
    list of methods in use (0 for an office's own).
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
    measure: str = OWN_VALUE


@dataclass(frozen=True, slots=True)
class CompiledMethod:
    """A method whose formulas have been read.

    ``uses``: all names that occur in 得分, 完成率 and 达标, and 完成值.
    """

    method: Method
    score: Rule
    rate: Rule
    met: Rule
    guard: Rule
    uses: frozenset[str]
    measure: Rule

    @property
    def compares(self) -> bool:
        """Whether the rule needs the other units: its score exists only after consolidation."""
        return not self.uses.isdisjoint(COMPARED_NAMES)

    @property
    def asks(self) -> frozenset[str]:
        """All names whose values a row must be given, those of the measure included."""
        return self.uses | self.measure.names if self.compares else self.uses


FORMULAS = (("得分", "score"), ("完成率", "rate"), ("达标", "met"), ("度量", "measure"))
"""Column title of 计分方法 → field of Method."""


def guard(method: Method) -> str:
    """The formula over 完成值 that is true where there is something to score.

    Without it a blank or a word would score full marks under "lower is better" and under deduction.
    """
    return _GUARDS[method.accepts]


def names_of(method: Method) -> tuple[str, ...]:
    """Names the method's formulas may use."""
    return (*STANDARD_NAMES, *(parameter.name for parameter in method.parameters))


def measure_names(method: Method) -> tuple[str, ...]:
    """Names its measure may use: a measure is what the groups' figures are made from, so it has none."""
    return tuple(name for name in names_of(method) if name not in COMPARED_NAMES)


def compile_method(method: Method) -> CompiledMethod:
    """Read the formulas. Raises FormulaError; use :func:`check_method` first for an office's own."""
    names = names_of(method)
    score, rate, met = (parse(text, names) for text in (method.score, method.rate, method.met))
    uses = score.names | rate.names | met.names | {"完成值"}
    measure = parse(method.measure, measure_names(method))
    return CompiledMethod(method, score, rate, met, parse(guard(method), ["完成值"]), uses, measure)


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
            parse(getattr(method, field), measure_names(method) if field == "measure" else names_of(method))
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
