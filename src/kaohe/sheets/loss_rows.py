"""The rows of 失分分析: points lost by an indicator, over all units, by unit or by group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kaohe.assess.assessment import Assessment
from kaohe.assess.points import Points
from kaohe.assess.scoring import IndicatorResult
from kaohe.assess.standing import points_lost
from kaohe.model import Unit
from kaohe.sheets.detail_rows import DetailRows
from kaohe.sheets.detail_values import NOT_COUNTED, criterion, lookup_key
from kaohe.sheets.heading import FIRST_ROW
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike

Columns = tuple[tuple[str, str, float], ...]

LOSS: Columns = (
    ("部分", "text_center", 14),
    ("指标代码", "code", 9),
    ("指标", "text_wrap", 34),
    ("权重", "number", 8),
    ("失分合计", "score", 10.5),
    ("平均失分", "points_lost", 9),
    ("失分单位", "count", 9),
    ("考核单位", "count", 9),
)


def loss_row(
    assessment: Assessment,
    where: DetailRows,
    matrix: Sequence[Unit] | Sequence[str],
    numbered: tuple[int, IndicatorResult],
) -> list[CellLike]:
    """One indicator's row; ``numbered``: its place in the table and its result."""
    offset, result = numbered
    row = FIRST_ROW + offset
    scores = assessment.scores
    lost = points_lost(result, scores.places)
    scale = 10**scores.places
    part = scores.scheme.part_of(result.indicator)
    mine = f'{where.column("indicator_key")},"{lookup_key("")}"&$B{row}'
    assessed = f'{mine},{where.column("counted")},"<>{NOT_COUNTED}"'
    total = f"ROUND(SUMIFS({where.column('lost')},{mine}),{scores.places})"
    summed, size = int(lost.sum()), int(result.applies.sum())
    return [
        part.name if part else None,
        result.indicator.code,
        result.indicator.name,
        result.indicator.weight,
        Cell(summed / scale, formula=total),
        Cell(_mean(summed, scale, size), formula=f"IF(H{row}>0,ROUND(E{row}/H{row},2),0)"),
        Cell(int((lost > 0).sum()), formula=f'COUNTIFS({mine},{where.column("lost")},">0")'),
        Cell(size, formula=f"COUNTIFS({assessed})"),
        *(_lost_by(assessment, where, result, lost, row, who) for who in matrix),
    ]


def _lost_by(
    assessment: Assessment,
    where: DetailRows,
    result: IndicatorResult,
    lost: Points,
    row: int,
    who: Unit | str,
) -> CellLike:
    """What a unit lost by an indicator, or the units of a group on the average; blank: not assessed by it."""
    scores = assessment.scores
    mine = f'{where.column("indicator_key")},"{lookup_key("")}"&$B{row}'
    if isinstance(who, Unit):
        at = scores.units.index(who)
        if not result.applies[at]:
            return None
        chosen = f"{mine},{where.column('unit_key')},{criterion(who.code)}"
        summed = f"ROUND(SUMIFS({where.column('lost')},{chosen}),{scores.places})"
        return Cell(int(lost[at]) / 10**scores.places, formula=summed)
    inside = np.array([unit.group == who for unit in scores.units]) & result.applies
    if not inside.any():
        return None
    chosen = f"{mine},{where.column('group')},{_named(who)}"
    size = f'COUNTIFS({chosen},{where.column("counted")},"<>{NOT_COUNTED}")'
    return Cell(
        _mean(int(lost[inside].sum()), 10**scores.places, int(inside.sum())),
        formula=f"IF({size}>0,ROUND(SUMIFS({where.column('lost')},{chosen})/{size},2),0)",
    )


def _named(text: str) -> str:
    """A condition of SUMIFS that takes a text as it stands, with its wildcards and signs of comparison."""
    for sign in "~*?":
        text = text.replace(sign, f"~{sign}")
    return '"=' + text.replace('"', '""') + '"'


def _mean(points: int, scale: int, size: int) -> float:
    return float(round_half_away(points / scale / size, 2)) if size else 0.0


def loss_totals(
    assessment: Assessment,
    units: Sequence[Unit],
    rows: Sequence[IndicatorResult],
    last: int,
    beside: int,
) -> list[CellLike]:
    """The sums below; weights only where every unit is assessed by every indicator, or they mean nothing."""
    scores = assessment.scores
    points = [points_lost(row, scores.places) for row in rows]
    scale = 10**scores.places
    index = {unit.code: number for number, unit in enumerate(scores.units)}
    everything = sum((int(row.sum()) for row in points), 0)
    blank = Cell(None, "total_text")

    def summed(column: int, value: float, places: int) -> Cell:
        letter = column_letter(column)
        return Cell(value, "total", formula=f"ROUND(SUM({letter}{FIRST_ROW}:{letter}{last}),{places})")

    weight = float(round_half_away(sum(row.indicator.weight for row in rows), 6))
    by_unit = [
        summed(
            len(LOSS) + 1 + place,
            sum((int(row[index[unit.code]]) for row in points), 0) / scale,
            scores.places,
        )
        for place, unit in enumerate(units)
    ]
    return [
        Cell("合计", "total_text"),
        blank,
        blank,
        summed(4, weight, 6) if all(row.applies.all() for row in rows) else blank,
        summed(5, everything / scale, scores.places),
        *([blank] * 3),
        *(by_unit or [blank] * beside),
    ]
