"""Cells as Excel hands them to a worksheet function, and results in the shape Excel expects back.

A number, a blank, a word, a yes/no and an error stay five different things. Shapes are (rows, columns); a
scalar and a 1 × 1 range go with any shape.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, ParamSpec

import numpy as np

from kaohe.rules.column import Column, Floats
from kaohe.rules.errors import ERROR_TEXTS, Error, ErrorValue

Cell = float | bool | str | dt.date | dt.time | dt.timedelta | None
"""One cell: None is a blank, an ErrorValue an error, dates as Excel's desktop interface gives them."""
Shape = tuple[int, int]
Form = Literal["scalar", "list", "table"]
Arguments = ParamSpec("Arguments")

MOST_CELLS = 200_000
EXAMPLE = "例:="
"""What the last line of a function's description begins with."""
_ERRORS = {text: ErrorValue(text) for text in ERROR_TEXTS.values()}
_COM_ERRORS = {
    -2146826288: Error.NULL,
    -2146826281: Error.DIV0,
    -2146826273: Error.VALUE,
    -2146826265: Error.REF,
    -2146826259: Error.NAME,
    -2146826252: Error.NUM,
    -2146826246: Error.NA,
}
"""Error cells as COM numbers, where nothing turned them into their texts on the way."""


class CallError(ValueError):
    """A function called with arguments that do not go together; the message is shown in the cell."""


@dataclass(frozen=True, eq=False)
class Block:
    """One argument: its cells row by row. ``form``: what it came as, and what a result of it goes back as."""

    cells: Sequence[Cell]
    shape: Shape
    form: Form

    @staticmethod
    def of(argument: object) -> Block:
        """From what xlwings passes (a scalar, rows of cells), a numpy array or a DataFrame."""
        value = _as_lists(argument)
        if not isinstance(value, list | tuple):
            return Block([plain(value)], (1, 1), "scalar")
        nested = bool(value) and isinstance(value[0], list | tuple)
        rows = value if nested else [value]
        shape = (len(rows), len(rows[0]))
        if shape[1] == 0 or any(len(row) != shape[1] for row in rows):
            raise CallError("区域是空的,或各行的列数不同")
        if shape[0] * shape[1] > MOST_CELLS:
            raise CallError(f"区域超过{MOST_CELLS}个单元格,请不要引用整列")
        return Block(_plain_all([cell for row in rows for cell in row]), shape, "table" if nested else "list")

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.cells)

    @property
    def rows(self) -> list[list[Cell]]:
        """The cells row by row."""
        width = self.shape[1]
        return [list(self.cells[at : at + width]) for at in range(0, self.size, width)]

    def spread(self, shape: Shape) -> Block:
        """The same cells repeated to a shape that :func:`common_shape` found."""
        if self.shape == shape:
            return self
        places = np.broadcast_to(np.arange(self.size).reshape(self.shape), shape).ravel()
        return Block([self.cells[place] for place in places.tolist()], shape, self.form)

    def texts(self) -> list[str]:
        """Cells as stripped text; '' for blanks."""
        return [text_of(cell) for cell in self.cells]


def _as_lists(argument: object) -> object:
    """numpy arrays and DataFrames as nested lists."""
    to_numpy = getattr(argument, "to_numpy", None)
    if to_numpy is not None:
        argument = to_numpy()
    return argument.tolist() if isinstance(argument, np.ndarray | np.generic) else argument


def _plain_all(cells: list[Any]) -> list[Cell]:
    """Cells cleaned one by one; a block of numbers only, the usual case, is taken as it is."""
    if set(map(type, cells)) == {float} and np.isfinite(cells).all():
        return cells
    return [plain(cell) for cell in cells]


def plain(value: Any) -> Cell:
    """One cell's value: '' and spaces (and NaN, pandas' blank) are blank, error texts and numbers errors."""
    if isinstance(value, str):
        return _ERRORS.get(value, value if value.strip() else None)
    if value is None or isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        return value
    if isinstance(value, int) and value in _COM_ERRORS:
        return _ERRORS[ERROR_TEXTS[_COM_ERRORS[value]]]
    if isinstance(value, int | float | Decimal | np.number):
        return _number(float(value))
    return str(value)


def _number(number: float) -> Cell:
    if math.isnan(number):
        return None
    return number if math.isfinite(number) else _ERRORS["#NUM!"]


def text_of(cell: Cell) -> str:
    """A cell as text: 5.0 is "5", a date is written 2007-07-01."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return cell.strip() if isinstance(cell, str) else str(cell)


def error_of(*cells: Cell) -> str:
    """The first error among the cells, such as "#DIV/0!"; '' when there is none."""
    return next((str(cell) for cell in cells if isinstance(cell, ErrorValue)), "")


def to_column(cells: Sequence[Cell]) -> Column | Floats:
    """Cells as the rule engine takes them; a date is a word there, because nothing may be counted with it."""
    if set(map(type, cells)) == {float}:
        return np.array(cells, dtype=np.float64)
    return Column.of([c if isinstance(c, float | bool | str | None) else str(c) for c in cells])


def common_shape(blocks: dict[str, Block]) -> Shape:
    """The shape all blocks (by their Chinese name) spread to, as Excel spreads ranges in a formula."""
    try:
        shape = np.broadcast_shapes(*(block.shape for block in blocks.values()))
    except ValueError:
        sizes = "、".join(f"{name} {b.shape[0]}×{b.shape[1]}" for name, b in blocks.items() if b.size > 1)
        raise CallError(f"各区域的行数列数不同:{sizes}") from None
    if math.prod(shape) > MOST_CELLS:
        raise CallError(f"结果超过{MOST_CELLS}个单元格")
    return shape[0], shape[1]


def as_result(cells: Sequence[object], shape: Shape, *blocks: Block) -> Any:
    """Scalars in, a scalar out; a list in, a list out; otherwise rows of cells."""
    forms = {block.form for block in blocks}
    if "table" in forms:
        return [list(cells[at : at + shape[1]]) for at in range(0, len(cells), shape[1])]
    return list(cells) if "list" in forms else cells[0]


def scalar(argument: object, name: str) -> Cell:
    """An argument that is one cell for the whole call. Raises CallError for a larger range."""
    block = Block.of(argument)
    if block.size > 1:
        raise CallError(f"{name}应是一个值,不是区域")
    if error := error_of(block.cells[0]):
        raise CallError(f"{name}是错误值{error.removeprefix('#')}")
    return block.cells[0]


def whole_number(argument: object, name: str, default: int, low: int, high: int) -> int:
    """A small whole number, or the default when it is left out."""
    cell = scalar(argument, name)
    if cell is None:
        return default
    if not isinstance(cell, float) or not low <= cell <= high or cell != int(cell):
        raise CallError(f"{name}应为{low}到{high}的整数")
    return int(cell)


def one_of(argument: object, name: str, choices: Sequence[str]) -> str:
    """One of a few words; the first when it is left out."""
    text = text_of(scalar(argument, name)).replace(",", ",")
    if text and text not in choices:
        raise CallError(f"{name}应为 {' 或 '.join(choices)},现为“{text}”")
    return text or choices[0]


def readable(function: Callable[Arguments, Any]) -> Callable[Arguments, Any]:
    """Never raise into Excel: what went wrong stands in the cell as text that begins with #.

    The docstring loses its line breaks but for the example's: the function wizard shows it as it is.
    """

    @functools.wraps(function)
    def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Any:
        try:
            return function(*args, **kwargs)
        except CallError as error:
            return f"#{error}"
        except Exception as error:  # noqa: BLE001  (the last line of defence: Excel shows a text, not a dialog)
            return f"#程序内部错误:{error}。请把日志发给维护人员:{_logged()}"

    joined = "".join(map(str.strip, (function.__doc__ or "").splitlines()))
    call.__doc__ = joined.replace(EXAMPLE, f"\n{EXAMPLE}")
    return call


def _logged() -> str:
    """Where the current exception was written down."""
    from kaohe.faces.console import write_log

    try:
        return str(write_log())
    except OSError as error:
        return f"(日志写不了:{error.strerror})"
