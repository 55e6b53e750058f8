"""组参数: what methods that compare units need, once per indicator and group, as live formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kaohe.assess.assessment import Assessment
from kaohe.assess.inputs import GROUP_NAMES, group_columns
from kaohe.assess.scoring import IndicatorResult
from kaohe.model import Unit
from kaohe.sheets.detail import DetailRows, at
from kaohe.sheets.formulas import uses_group
from kaohe.sheets.lists import FIRST_ROW, Columns, table_sheet
from kaohe.sheets.names import SheetNames
from kaohe.workbooks.grid import address, column_letter
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

KEY = "组参数"
_FIXED: Columns = (
    ("指标代码", "code", 10),
    ("指标", "text", 30),
    ("考核组", "text_center", 12),
    ("项目", "text_center", 8),
    ("组最大值", "number", 11),
    ("组最小值", "number", 11),
    ("组平均值", "number", 11),
    ("组单位数", "count", 10),
)
_AGGREGATES = (("组最大值", "MAX"), ("组最小值", "MIN"), ("组平均值", "AVERAGE"), ("组单位数", "COUNT"))
_UNIT_COLUMN = len(_FIXED) + 1


def compared(assessment: Assessment) -> list[IndicatorResult]:
    """Measured indicators whose method compares units."""
    return [
        row
        for row in assessment.scores.results.values()
        if row.measured and row.method is not None and uses_group(row.method)
    ]


def group_cells(assessment: Assessment, names: SheetNames) -> dict[tuple[str, str, str], str]:
    """(indicator, group, name) and (indicator, unit code, 组名次) → absolute reference into 组参数."""
    sheet = names[KEY]
    found: dict[tuple[str, str, str], str] = {}
    row = FIRST_ROW
    for result in compared(assessment):
        for group, units in _groups(assessment).items():
            for offset, (name, _) in enumerate(_AGGREGATES):
                found[result.indicator.code, group, name] = f"{sheet}!${column_letter(5 + offset)}${row}"
            for place, unit in enumerate(units):
                letter = column_letter(_UNIT_COLUMN + place)
                found[result.indicator.code, unit.code, "组名次"] = f"{sheet}!${letter}${row + 1}"
            row += 2
    return found


def group_sheet(assessment: Assessment, names: SheetNames) -> SheetPlan | None:
    """None when no method of the period compares units."""
    results = compared(assessment)
    if not results:
        return None
    groups = _groups(assessment)
    widest = max(len(units) for units in groups.values())
    columns: Columns = (*_FIXED, *((f"第{n}个单位", "number", 11) for n in range(1, widest + 1)))
    rows: list[Sequence[CellLike]] = []
    where = DetailRows.of(assessment, names)
    for result in results:
        values = group_columns(result.indicator, result.actual, assessment.scores.units)
        for group, units in groups.items():
            row = FIRST_ROW + len(rows)
            rows += _block(assessment, where, result, values, group, units, row)
    return table_sheet(assessment, KEY, columns, rows, note="组内比较用的数,随得分明细自动变化", freeze="E")


def _groups(assessment: Assessment) -> Mapping[str, list[Unit]]:
    groups: dict[str, list[Unit]] = {}
    for unit in assessment.scores.units:
        groups.setdefault(unit.group, []).append(unit)
    return groups


def _block(
    assessment: Assessment,
    where: DetailRows,
    result: IndicatorResult,
    values: Mapping[str, np.ndarray[tuple[int], np.dtype[np.float64]]],
    group: str,
    units: Sequence[Unit],
    row: int,
) -> list[list[CellLike]]:
    """Two rows: the values with their aggregates, and the ranks."""
    index = {unit.code: number for number, unit in enumerate(assessment.scores.units)}
    position = {unit.code: number for number, unit in enumerate(where.units)}
    offset = [indicator.code for indicator in where.order].index(result.indicator.code)
    area = f"${column_letter(_UNIT_COLUMN)}${row}:${column_letter(_UNIT_COLUMN + len(units) - 1)}${row}"
    front: list[CellLike] = [result.indicator.code, result.indicator.name, group or None]
    first = index[units[0].code]
    totals = [
        Cell(_text(values[name][first]), formula=f'IF(COUNT({area})>0,{function}({area}),"")')
        for name, function in _AGGREGATES
    ]
    cells, ranks = [], []
    better = ">" if result.indicator.direction == "正向" else "<"
    for place, unit in enumerate(units):
        source = f"{where.sheet}!{at('actual', where.row(position[unit.code], offset))}"
        mine = address(row, _UNIT_COLUMN + place)
        actual = result.actual[index[unit.code]]
        cells.append(Cell(_text(actual), formula=f'IF(ISNUMBER({source}),{source},"")'))
        rank = f'IF(ISNUMBER({mine}),SUMPRODUCT(ISNUMBER({area})*({area}{better}{mine}))+1,"")'
        ranks.append(Cell(_text(values["组名次"][index[unit.code]]), formula=rank))
    return [[*front, "完成值", *totals, *cells], [*front, "名次", *([None] * len(_AGGREGATES)), *ranks]]


def _text(value: float) -> float | str:
    return "" if np.isnan(value) else float(value)


__all__ = ["GROUP_NAMES", "KEY", "compared", "group_cells", "group_sheet"]
