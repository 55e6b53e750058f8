"""Score, completion and state of rows of a sheet, by the engine and the rules of a consolidation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.inputs import as_column, parameter_default
from kaohe.assess.methods import MethodBook
from kaohe.faces.functions_cells import Block, CallError, Cell, Shape, common_shape, error_of, to_column
from kaohe.faces.functions_methods import Parameters, methods_of, parameters_of, refused
from kaohe.rules.column import Column, Floats, Mask, Words
from kaohe.rules.methods import CompiledMethod, measures, score_points

Places = npt.NDArray[np.intp]
"""Row numbers."""

NAMES = {
    "method": "方法",
    "weight": "权重",
    "target": "目标值",
    "actual": "完成值",
    "prior": "上年值",
    "elapsed": "序时",
}
"""Field of :class:`Rows` → the Chinese name, which is also the rule language's."""


@dataclass(frozen=True)
class Rows:
    """The rows to score: one block an input, spread to the common shape."""

    method: Block
    weight: Block
    target: Block
    actual: Block
    prior: Block
    elapsed: Block
    parameters: Parameters
    book: MethodBook
    shape: Shape

    @staticmethod
    def of(
        method: object,
        weight: object,
        target: object,
        actual: object,
        prior: object = None,
        elapsed: object = None,
        parameters: object = None,
        methods: object = None,
        others: Mapping[str, Block] | None = None,
    ) -> Rows:
        """From the arguments of a function; ``others`` (by Chinese name) also take part in the shape."""
        given = zip(NAMES, (method, weight, target, actual, prior, elapsed), strict=True)
        blocks = {field: Block.of(argument) for field, argument in given}
        book = methods_of(methods)
        found = parameters_of(parameters, book)
        named = {NAMES[field]: block for field, block in blocks.items()}
        shape = common_shape({**named, "参数": found.texts, **(others or {})})
        spread = {field: _spread(block, shape) for field, block in blocks.items()}
        actual = spread.pop("actual").spread(shape)
        return Rows(**spread, actual=actual, parameters=found, book=book, shape=shape)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What decides the form of the result."""
        return (
            self.method,
            self.weight,
            self.target,
            self.actual,
            self.prior,
            self.elapsed,
            self.parameters.texts,
        )

    def with_actual(self, cells: list[Cell]) -> Rows:
        """The same rows with other values, as :mod:`functions_check` has understood them."""
        return replace(self, actual=Block(cells, self.shape, self.actual.form))

    def cell(self, field: str, row: int) -> Cell:
        """One cell of an input that may stand for all rows."""
        block: Block = getattr(self, field)
        return block.cells[0 if block.size == 1 else row]


def _spread(block: Block, shape: Shape) -> Block:
    """A range repeated to the common shape; a single cell stays one, which is computed once."""
    return block if block.size == 1 else block.spread(shape)


@dataclass(frozen=True, eq=False)
class Results:
    """One entry per row, in reading order.

    score: points as float, NaN where none. rate: ratio, NaN where none. met: bool. known: a value the method
    accepts stands there. blank: no 完成值. reasons: object (str), why there is no score: an error value's
    text as it is, otherwise Chinese.
    """

    score: Floats
    rate: Floats
    met: Mask
    known: Mask
    blank: Mask
    reasons: Words

    @staticmethod
    def joined(parts: Sequence[tuple[Places, Results]]) -> Results:
        """The results of groups of rows, put back in the order of the rows."""
        if len(parts) == 1:
            return parts[0][1]
        order = np.argsort(np.concatenate([members for members, _ in parts]))
        columns = ([getattr(part, field.name) for _, part in parts] for field in fields(Results))
        return Results(*(np.concatenate(column)[order] for column in columns))


def score_rows(rows: Rows, places: int) -> Results:
    """Score all rows: those of one method and one set of parameters at a time."""
    columns = {
        name: to_column(getattr(rows, field).cells) for field, name in NAMES.items() if field != "method"
    }
    return Results.joined(
        [
            (members, _score_group(rows, columns, name, text, members, places))
            for name, text, members in _groups(rows)
        ]
    )


def _groups(rows: Rows) -> Iterator[tuple[str, str, Places]]:
    """(method, parameter text, row numbers)."""
    n = rows.actual.size
    names, texts = rows.method.texts(), rows.parameters.texts.texts()
    if len(names) == len(texts) == 1:
        yield names[0], texts[0], np.arange(n)
        return
    names, texts = rows.method.spread(rows.shape).texts(), rows.parameters.texts.spread(rows.shape).texts()
    members: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(names, texts, strict=True)):
        members.setdefault(key, []).append(row)
    for (name, text), found in members.items():
        yield name, text, np.array(found, np.intp)


def _score_group(
    rows: Rows,
    columns: Mapping[str, Column | Floats],
    name: str,
    text: str,
    members: Places,
    places: int,
) -> Results:
    """The results of the rows of one method."""
    method = rows.book.methods.get(name)
    if method is None:
        return _refused(rows, members, refused(rows.book, name))
    try:
        parameters = rows.parameters.of(text, method)
    except CallError as error:
        return _refused(rows, members, str(error))
    taken = {field: _taken(column, members, rows.actual.size) for field, column in columns.items()}
    actual = _answers(taken["完成值"], method)
    inputs: dict[str, Column | Floats | float] = {**taken, "完成值": actual}
    for parameter in method.asks - inputs.keys():
        value = parameters.get(parameter, parameter_default(method, parameter))
        inputs[parameter] = Column.of([None]) if value is None else value
    if "度量值" in method.uses and "度量值" not in parameters:
        inputs["度量值"] = as_column(measures(method, inputs))
    outcome = score_points(method, inputs, places)
    return Results(
        score=np.where(outcome.scored, outcome.points / 10**places, np.nan),
        rate=outcome.rate,
        met=outcome.met,
        known=_accepted(method, actual),
        blank=actual.is_blank if isinstance(actual, Column) else np.zeros(len(members), np.bool_),
        reasons=_with_errors(rows, members, outcome.errors),
    )


def _taken(column: Column | Floats, members: Places, n: int) -> Column | Floats:
    """The rows of a group; a single value goes with all rows."""
    if len(members) == n or len(column) == 1:
        return column
    return column.take(members) if isinstance(column, Column) else column[members]


def _answers(actual: Column | Floats, method: CompiledMethod) -> Column | Floats:
    """TRUE and FALSE answer a yes/no method, as they do in a returned form."""
    if method.method.accepts != "yes_no" or not isinstance(actual, Column) or not actual.is_bool.any():
        return actual
    words = {True: terms.YES, False: terms.NO}
    return Column.of([words[cell] if isinstance(cell, bool) else cell for cell in actual.tolist()])


def _accepted(method: CompiledMethod, actual: Column | Floats) -> Mask:
    """Rows whose 完成值 the method can score at all."""
    if method.method.accepts != "number":
        found: Mask = method.guard.evaluate({"完成值": actual}).number != 0
        return found
    return actual.is_number if isinstance(actual, Column) else np.isfinite(actual)


def _refused(rows: Rows, members: Places, reason: str) -> Results:
    """Rows whose method or parameters cannot be used.

    Nothing says what such a method accepts: a number or a word counts as given, an error value does not.
    """
    cells = [rows.actual.cells[row] for row in members.tolist()]
    nothing = np.full(len(cells), np.nan)
    return Results(
        score=nothing,
        rate=nothing,
        met=np.zeros(len(cells), np.bool_),
        known=np.array([not error_of(cell) for cell in cells], np.bool_),
        blank=np.array([cell is None for cell in cells], np.bool_),
        reasons=_with_errors(rows, members, np.full(len(cells), reason, object)),
    )


def _with_errors(rows: Rows, members: Places, reasons: Words) -> Words:
    """An error value among a row's inputs goes before any other reason, as a spreadsheet hands errors on."""
    pairs = zip(members.tolist(), reasons.tolist(), strict=True)
    found = [reason and (_error_in(rows, row) or reason) for row, reason in pairs]
    return np.array(found, dtype=object)


def _error_in(rows: Rows, row: int) -> str:
    """The first error value among a row's inputs, 完成值 first."""
    order = ("actual", "method", "weight", "target", "prior", "elapsed")
    return error_of(*(rows.cell(field, row) for field in order))


def as_scores(results: Results) -> list[float | str]:
    """Points; '' for a blank; otherwise the reason as text that begins with #."""
    return [
        score if score == score else _failed(results, row) for row, score in enumerate(results.score.tolist())
    ]


def as_rates(results: Results) -> list[float | str]:
    """Completion as a ratio; '' for a blank and where a method has none; otherwise the reason."""
    return [rate if rate == rate else _failed(results, row) for row, rate in enumerate(results.rate.tolist())]


def as_states(results: Results, rows: Rows) -> list[str]:
    """The words of 得分明细; '' for a row that has neither method nor value."""
    named = rows.method.spread(rows.shape).texts()
    return [_state(results, row) if named[row] or not results.blank[row] else "" for row in range(len(named))]


def _state(results: Results, row: int) -> str:
    if results.blank[row]:
        return terms.BLANK
    if not results.known[row]:
        return terms.NOT_READ
    if results.score[row] != results.score[row]:
        return terms.NOT_SCORABLE
    return terms.ON_SCHEDULE if results.met[row] else terms.BEHIND


def _failed(results: Results, row: int) -> str:
    reason = str(results.reasons[row])
    if results.blank[row] or not reason:
        return ""
    return reason if reason.startswith("#") else f"#{reason}"
