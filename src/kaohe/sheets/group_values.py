"""组参数: what methods that compare units need, once per indicator and group, as live formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kaohe.assess.assessment import Assessment
from kaohe.assess.inputs import compared_units, rule_inputs
from kaohe.assess.scoring import IndicatorResult
from kaohe.model import Unit
from kaohe.rules.column import Column
from kaohe.rules.methods import OWN_VALUE, CompiledMethod, emit_measure
from kaohe.settings import COMPARED_ALL
from kaohe.sheets.detail_rows import DetailRows, at
from kaohe.sheets.detail_values import shortened
from kaohe.sheets.formulas import RowCells, parameter_literals
from kaohe.sheets.lists import FIRST_ROW, Columns, table_sheet
from kaohe.sheets.names import SheetNames
from kaohe.workbooks.grid import address, column_letter
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

KEY = "组参数"
_RANGE = "比较范围"
_RANGE_TITLES = {COMPARED_ALL: _RANGE}
"""Heading of the column that names the units compared; else the setting's own word."""
_FIXED: Columns = (
    ("指标代码", "code", 10),
    ("指标", "text_wrap", 31),
    (_RANGE, "text_center", 12),
    ("项目", "text_center", 8),
    ("组最大值", "number", 11),
    ("组最小值", "number", 11),
    ("组平均值", "number", 11),
    ("组标准差", "number", 11),
    ("组单位数", "count", 9),
)
_AGGREGATES = (
    ("组最大值", "MAX"),
    ("组最小值", "MIN"),
    ("组平均值", "AVERAGE"),
    ("组标准差", "STDEVP"),
    ("组单位数", "COUNT"),
)
_FIRST_AGGREGATE = 5
_UNIT_COLUMN = len(_FIXED) + 1
_BLOCK = 3
"""Rows of a block: the units' names, their measures with the group's figures, their ranks."""


@dataclass(frozen=True)
class _Block:
    """One indicator within one range of comparison; ``row``: where its first row stands."""

    result: IndicatorResult
    method: CompiledMethod
    title: str
    places: tuple[int, ...]
    """Of the units compared, in the order of the scores' units."""
    row: int

    @property
    def measure_row(self) -> int:
        return self.row + 1

    @property
    def rank_row(self) -> int:
        return self.row + 2


def compared(assessment: Assessment) -> list[IndicatorResult]:
    """Measured indicators whose method compares units."""
    return [
        row
        for row in assessment.scores.results.values()
        if row.measured and row.method is not None and row.method.compares
    ]


def _scope(assessment: Assessment) -> str:
    return str(assessment.scores.scheme.settings[_RANGE])


def _blocks(assessment: Assessment) -> Iterator[_Block]:
    row = FIRST_ROW
    for result in compared(assessment):
        assert result.method is not None
        groups = compared_units(assessment.scores.units, _scope(assessment), result.applies)
        for (_, title), places in groups.items():
            yield _Block(result, result.method, title, tuple(places), row)
            row += _BLOCK


def group_cells(assessment: Assessment, names: SheetNames) -> dict[tuple[str, str, str], str]:
    """(indicator, unit code, 度量值, 组名次 or a figure of its group) → absolute reference into 组参数."""
    sheet = names[KEY]
    found: dict[tuple[str, str, str], str] = {}
    for block in _blocks(assessment):
        for number, place in enumerate(block.places):
            key = (block.result.indicator.code, assessment.scores.units[place].code)
            letter = column_letter(_UNIT_COLUMN + number)
            found[(*key, "度量值")] = f"{sheet}!${letter}${block.measure_row}"
            found[(*key, "组名次")] = f"{sheet}!${letter}${block.rank_row}"
            for offset, (name, _) in enumerate(_AGGREGATES, start=_FIRST_AGGREGATE):
                found[(*key, name)] = f"{sheet}!${column_letter(offset)}${block.measure_row}"
    return found


def group_sheet(assessment: Assessment, names: SheetNames) -> SheetPlan | None:
    """None when no method of the period compares units."""
    blocks = list(_blocks(assessment))
    if not blocks:
        return None
    widest = max(len(block.places) for block in blocks)
    scope = _scope(assessment)
    fixed: Columns = tuple(
        (_RANGE_TITLES.get(scope, scope) if title == _RANGE else title, role, width)
        for title, role, width in _FIXED
    )
    columns: Columns = (*fixed, *((f"第{n}个单位", "number", 12) for n in range(1, widest + 1)))
    where = DetailRows.of(assessment, names)
    values = {result.indicator.code: _values(assessment, result) for result in compared(assessment)}
    rows: list[Sequence[CellLike]] = []
    for block in blocks:
        rows += _rows(assessment, where, block, values[block.result.indicator.code])
    freeze = column_letter(_FIRST_AGGREGATE)
    return table_sheet(
        assessment, KEY, columns, rows, note="与别的单位比较用的数,随得分明细自动变化", freeze=freeze
    )


def _values(assessment: Assessment, result: IndicatorResult) -> Mapping[str, npt.NDArray[np.float64]]:
    """度量值 and the groups' figures per unit, NaN where there is none, as they were scored with."""
    scores = assessment.scores
    assert result.method is not None
    inputs = rule_inputs(result, result.method, scores.lookup, scores.units, _scope(assessment))
    names = ("度量值", "组名次", *(name for name, _ in _AGGREGATES))
    return {name: _numbers(inputs[name]) for name in names}


def _numbers(column: float | npt.NDArray[np.float64] | Column) -> npt.NDArray[np.float64]:
    if isinstance(column, Column):
        return np.where(column.is_number, column.number, np.nan)
    return np.asarray(column, dtype=np.float64)


def _rows(
    assessment: Assessment,
    where: DetailRows,
    block: _Block,
    values: Mapping[str, npt.NDArray[np.float64]],
) -> list[list[CellLike]]:
    units, indicator = assessment.scores.units, block.result.indicator
    last = column_letter(_UNIT_COLUMN + len(block.places) - 1)
    area = f"${column_letter(_UNIT_COLUMN)}${block.measure_row}:${last}${block.measure_row}"
    front: list[CellLike] = [indicator.code, indicator.name, block.title or None]
    blank: list[CellLike] = [None] * len(_AGGREGATES)
    totals: list[CellLike] = [
        _figure(values[name][block.places[0]], f'IF(COUNT({area})>0,{function}({area}),"")')
        for name, function in _AGGREGATES
    ]
    names: list[CellLike] = [Cell(units[place].name, "header_note") for place in block.places]
    measured: list[CellLike] = [
        _figure(values["度量值"][place], _measure(assessment, where, block, units[place]))
        for place in block.places
    ]
    better = ">" if indicator.direction == "正向" else "<"
    ranks: list[CellLike] = []
    for number, place in enumerate(block.places):
        mine = address(block.measure_row, _UNIT_COLUMN + number)
        rank = f'IF(ISNUMBER({mine}),SUMPRODUCT(ISNUMBER({area})*({area}{better}{mine}))+1,"")'
        ranks.append(Cell(_shown(values["组名次"][place]), "count", formula=rank))
    word = "完成值" if block.method.method.measure == OWN_VALUE else "度量值"
    lines = (("单位", blank, names), (word, totals, measured), ("名次", blank, ranks))
    return [[*front, title, *left, *right] for title, left, right in lines]


def _measure(assessment: Assessment, where: DetailRows, block: _Block, unit: Unit) -> str:
    """The measure as a formula over the unit's row of 得分明细."""
    code = block.result.indicator.code
    row = where.row_of(unit.code, code)
    assert row is not None, (unit.code, code)
    keys = ("weight", "target", "prior", "share", "due", "actual", "score")
    cells = RowCells(**{key: f"{where.sheet}!{at(key, row)}" for key in keys})
    literals = parameter_literals(assessment.scores.lookup, block.method, code, unit)
    return emit_measure(block.method, cells.references(block.method, literals))


def _figure(value: float, formula: str) -> Cell:
    """A figure as a formula; a long one is shown with two decimals."""
    shown = _shown(value)
    return Cell(shown, shortened(shown), formula)


def _shown(value: float) -> float | str:
    return "" if np.isnan(value) else float(value)


__all__ = ["KEY", "compared", "group_cells", "group_sheet"]
