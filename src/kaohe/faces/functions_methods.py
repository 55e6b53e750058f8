"""Scoring methods and parameters as worksheet functions name them: a word, a table, or "封顶=1.2;容差=0"."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kaohe.assess.inputs import OWN_NAMES
from kaohe.assess.load import load_scheme
from kaohe.assess.methods import MethodBook, method_book
from kaohe.faces.functions_cells import Block, CallError, Cell, error_of, text_of
from kaohe.model import Scheme
from kaohe.rules import STANDARD_NAMES
from kaohe.rules.methods import CompiledMethod
from kaohe.tables import BY_KEY, read_table
from kaohe.values.rounding import round_half_away
from kaohe.values.typed import read_typed
from kaohe.workbooks.grid import column_letter

_SPEC = BY_KEY["method"]
_SEPARATOR = re.compile(r"[;;\n]")
_GIVEN_NAMES = frozenset(STANDARD_NAMES) - frozenset(OWN_NAMES)
"""Names every formula may use that are no argument of their own: 对标值, 组最大值 and the like."""


def methods_of(table: object) -> MethodBook:
    """The built-in methods, extended by the rows of a 《计分方法》 table (heading included), if one is given.

    Raises CallError for a range without that heading.
    """
    if table is None:
        return _book(())
    block = Block.of(table)
    if block.size == 1 and block.cells[0] is None:
        return _book(())
    return _book(tuple(tuple(map(_as_scalar, row)) for row in block.rows))


def _as_scalar(cell: Cell) -> str | float | bool | None:
    return cell if isinstance(cell, str | float | bool | None) else text_of(cell)


@functools.lru_cache(maxsize=16)
def _book(rows: tuple[tuple[str | float | bool | None, ...], ...]) -> MethodBook:
    """Compiled once for the same table: Excel asks again at every calculation."""
    if not rows:
        return method_book(Scheme({}))
    letters = [column_letter(number) for number in range(1, len(rows[0]) + 1)]
    table = read_table(_SPEC, rows, workbook="", sheet="", letters=letters)
    if table is None or table.missing:
        titles = "、".join(column.title for column in _SPEC.columns[:5])
        raise CallError(f"方法表应连同表头引用《计分方法》,表头为 {titles} 等")
    return method_book(load_scheme({_SPEC.key: table})[0])


def refused(book: MethodBook, name: str) -> str:
    """Why a method name cannot be used."""
    if not name:
        return "没有写计分方法"
    for finding in book.findings:
        if finding.code == "S04" and finding.facts.get("method") == name:
            return finding.what
    return f"计分方法“{name}”不存在,相近的有:{book.near(name)}"


@dataclass(frozen=True)
class Parameters:
    """``shared``: a table of names and numbers for all rows; ``texts``: one text a row (or one for all)."""

    shared: Mapping[str, float]
    texts: Block

    def of(self, text: str, method: CompiledMethod) -> Mapping[str, float]:
        """The parameters of a row. Raises CallError for a name the method does not have."""
        known = parameter_names(method) | _GIVEN_NAMES
        found = {name: value for name, value in self.shared.items() if name in known}
        for name, value in _pairs(text).items():
            if name not in known:
                raise CallError(f"方法“{method.method.name}”没有参数“{name}”{_choices(method)}")
            found[name] = value
        return found


def parameter_names(method: CompiledMethod) -> frozenset[str]:
    """Names of the parameters a method declares."""
    return frozenset(parameter.name for parameter in method.method.parameters)


def _choices(method: CompiledMethod) -> str:
    names = "、".join(parameter.name for parameter in method.method.parameters)
    return f",可用:{names}" if names else ""


def parameters_of(argument: object, book: MethodBook) -> Parameters:
    """A range of two columns (name, number), or texts such as "封顶=1.2;容差=5%"; blank means defaults.

    Raises CallError for a table with an unknown name or a value that is no number.
    """
    block = Block.of(argument)
    if block.shape[1] == 2 and not any("=" in text.replace("=", "=") for text in block.texts()):
        known = _GIVEN_NAMES.union(*map(parameter_names, book.methods.values()))
        return Parameters(_table(block, known), Block([None], (1, 1), "scalar"))
    return Parameters({}, block)


def named_numbers(block: Block, names: Collection[str]) -> Mapping[str, float]:
    """A range of two columns, or one text, that may hold these names. Raises CallError."""
    if block.shape[1] == 2:
        return _table(block, names)
    found = {name: value for text in block.texts() for name, value in _pairs(text).items()}
    for name in found.keys() - set(names):
        raise CallError(f"这里没有叫“{name}”的参数")
    return found


def _table(block: Block, known: Collection[str]) -> dict[str, float]:
    found = {}
    for name, value in block.rows:
        if name is None and value is None:
            continue
        if error := error_of(name, value):
            raise CallError(f"参数表中有错误值{error.removeprefix('#')}")
        text = text_of(name)
        if text not in known:
            raise CallError(f"没有叫“{text}”的参数")
        if value is not None:
            found[text] = _number(text, value)
    return found


@functools.lru_cache(maxsize=1024)
def _pairs(text: str) -> Mapping[str, float]:
    found = {}
    for item in filter(str.strip, _SEPARATOR.split(text)):
        name, sign, value = (part.strip() for part in item.replace("=", "=").partition("="))
        if not sign or not name or not value:
            raise CallError(f"参数“{item.strip()}”应写成 名称=数,几个之间用分号隔开,如 封顶=1.2;容差=0")
        found[name] = _number(name, value)
    return found


def _number(name: str, value: Cell) -> float:
    """5% is 0.05, as in 参数 of the master; about 5, or 5 with a unit, is no parameter."""
    typed = read_typed(value if isinstance(value, float | str | bool) else text_of(value))
    if typed.number is None or not typed.exact or typed.unit not in ("", "%"):
        raise CallError(f"参数“{name}”的值“{text_of(value)}”应为准确的数字,不带单位")
    return float(round_half_away(typed.number / 100, 12)) if typed.unit else typed.number
