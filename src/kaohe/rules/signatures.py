"""Which functions a formula may use and with how many arguments.

All exist in Excel 2010, WPS and LibreOffice, except IFS, which is written as nested IF. None reads the
clock, draws lots or looks at other cells: the same figures give the same score on every day.
"""

from __future__ import annotations

import difflib
from itertools import pairwise

from kaohe.rules.errors import FormulaError
from kaohe.rules.lexer import Token
from kaohe.rules.nodes import Array, Call, Node, Number, children

_MANY = 30

ARITY: dict[str, tuple[int, int]] = {
    "IF": (2, 3),
    "IFS": (2, 60),
    "IFERROR": (2, 2),
    "CHOOSE": (2, _MANY),
    "AND": (1, _MANY),
    "OR": (1, _MANY),
    "NOT": (1, 1),
    "MIN": (1, _MANY),
    "MAX": (1, _MANY),
    "SUM": (1, _MANY),
    "AVERAGE": (1, _MANY),
    "MEDIAN": (1, _MANY),
    "ABS": (1, 1),
    "SIGN": (1, 1),
    "SQRT": (1, 1),
    "POWER": (2, 2),
    "MOD": (2, 2),
    "INT": (1, 1),
    "ROUND": (2, 2),
    "ROUNDDOWN": (2, 2),
    "ROUNDUP": (2, 2),
    "ISNUMBER": (1, 1),
    "ISBLANK": (1, 1),
    "ISTEXT": (1, 1),
    "ISERROR": (1, 1),
    "LOOKUP": (2, 3),
    "NA": (0, 0),
}

_CHANGING = ("NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "INFO", "CELL")
_REFERRING = ("VLOOKUP", "HLOOKUP", "XLOOKUP", "INDEX", "MATCH", "SUMIF", "SUMIFS", "COUNTIF", "COUNTIFS")
_RANKING = ("RANK", "RANK.EQ", "RANK.AVG", "LARGE", "SMALL", "PERCENTILE", "PERCENTRANK", "MAXIFS", "MINIFS")


def refuse_unknown_function(token: Token) -> None:
    """Raises FormulaError with the reason for this kind of function."""
    name = token.text
    if name in ARITY:
        return
    if name in _CHANGING:
        reason = "这个函数的结果每次打开都可能变化,不能用于考核,请删去"
    elif name in _REFERRING:
        reason = "这个函数要引用单元格区域,公式里不能用;分档请用 IF 或 LOOKUP(完成值,{0,60,80},{…})"
    elif name in _RANKING:
        reason = "公式里不能跨单位取数,请用 组最大值、组最小值、组平均值、组名次"
    else:
        close = difflib.get_close_matches(name, ARITY, n=1)
        hint = f"是不是 {close[0]}?" if close else f"可以用:{' '.join(sorted(ARITY))}"
        reason = f"不支持这个函数,请改正;{hint}"
    raise FormulaError(name, token.position, reason)


def check_call(token: Token, arguments: tuple[Node, ...]) -> Call:
    """The call, when number and kind of its arguments fit. Raises FormulaError."""
    least, most = ARITY[token.text]
    if not least <= len(arguments) <= most:
        wanted = f"{least}" if least == most else f"{least}至{most}"
        raise FormulaError(token.text, token.position, f"应有{wanted}个参数,现有{len(arguments)}个,请检查")
    if token.text == "IFS" and len(arguments) % 2:
        raise FormulaError(token.text, token.position, "条件和结果应成对出现,请补上缺少的一个")
    if token.text == "LOOKUP":
        _check_lookup(token, arguments)
    return Call(token.text, arguments)


def _check_lookup(token: Token, arguments: tuple[Node, ...]) -> None:
    """LOOKUP(value, {ascending numbers}[, {as many results}])."""
    value, *arrays = arguments
    sizes = {len(array.items) for array in arrays if isinstance(array, Array)}
    if _holds_array(value) or not all(isinstance(array, Array) for array in arrays):
        reason = "请写成 LOOKUP(完成值,{0,60,80},{0,0.6,1}):后面的参数是大括号常数"
        raise FormulaError(token.text, token.position, reason)
    if len(sizes) > 1:
        raise FormulaError(token.text, token.position, "两个大括号里的个数不同,请补齐")
    edges = arrays[0].items if isinstance(arrays[0], Array) else ()
    numbers = [edge.value for edge in edges if isinstance(edge, Number)]
    if len(numbers) < len(edges) or any(b <= a for a, b in pairwise(numbers)):
        raise FormulaError(token.text, token.position, "第一个大括号里应是从小到大的数字,请重新排列")


def _holds_array(node: Node) -> bool:
    """A constant array outside a LOOKUP of its own."""
    if isinstance(node, Call) and node.function == "LOOKUP":
        return False
    return isinstance(node, Array) or any(_holds_array(part) for part in children(node))
