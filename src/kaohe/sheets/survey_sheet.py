"""测评汇总: every surveyed unit's means by round and voter group, and the value they make, as a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kaohe.assess.assessment import Assessment
from kaohe.assess.survey import VALUE_PLACES, Pair, SurveyLine, survey_formula
from kaohe.assess.survey_shares import surveyed
from kaohe.model import Unit
from kaohe.sheets.lists import FIRST_ROW, Columns, for_units, table_sheet
from kaohe.sheets.names import SheetNames
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.grid import address, column_letter
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

KEY = "测评汇总"
_FRONT: Columns = (
    ("指标代码", "code", 10),
    ("指标", "text_wrap", 24),
    ("代码", "code", 9),
    ("单位", "text_center", 12),
    ("考核组", "text_center", 12),
    ("测评值", "number2", 10),
    ("有效票", "count", 9),
)
"""In front of the means, whose number grows with the rounds: a column that was there keeps its place."""
_NOTE = "测评值 = 各轮次比重 × 各票种比重 × 平均分之和,不舍入(显示两位小数);列名括号内是占测评值的比重"


class _Ballots(NamedTuple):
    """One column: what of a value it is."""

    round: str
    voters: str
    round_share: float
    share: float

    @property
    def title(self) -> str:
        percent = float(round_half_away(self.round_share * self.share * 100, 4))
        return f"{self.round} {self.voters}({percent:g}%)"


def survey_sheet(assessment: Assessment, names: SheetNames) -> SheetPlan | None:
    """One row per surveyed indicator and unit; None when the scheme asks for no survey.

    A row whose value cannot be used (see 问题清单) shows its means and no value. Shares stand in the formula
    as numbers and in the column's title as percent of the value.
    """
    by_pair = assessment.made.surveys.by_pair
    if not surveyed(assessment.scores.scheme):
        return None
    ballots = tuple(dict.fromkeys(_ballots(line) for lines in by_pair.values() for line in lines))
    units = assessment.scores.scheme.unit_by_code
    rows = [
        _row(assessment, names, ballots, units[unit], (unit, indicator), lines, FIRST_ROW + offset)
        for offset, ((unit, indicator), lines) in enumerate(by_pair.items())
    ]
    columns = (*_FRONT, *((column.title, "number2", 12.0) for column in ballots))
    shown = for_units(columns, assessment)
    return table_sheet(
        assessment,
        KEY,
        shown,
        rows,
        note=_NOTE,
        freeze=column_letter(len(_FRONT) + 1),
        empty="还没有测评计票",
    )


def value_cells(assessment: Assessment, names: SheetNames) -> dict[Pair, str]:
    """(unit, indicator) → the cell of its value, as a reference from another sheet."""
    letter = column_letter([title for title, *_ in _FRONT].index("测评值") + 1)
    pairs = assessment.made.surveys.by_pair if surveyed(assessment.scores.scheme) else {}
    return {pair: f"{names[KEY]}!${letter}${row}" for row, pair in enumerate(pairs, start=FIRST_ROW)}


def _ballots(line: SurveyLine) -> _Ballots:
    return _Ballots(line.round, line.voters, line.round_share, line.share)


def _row(
    assessment: Assessment,
    names: SheetNames,
    ballots: Sequence[_Ballots],
    unit: Unit,
    pair: Pair,
    lines: Sequence[SurveyLine],
    row: int,
) -> list[CellLike]:
    indicator = assessment.scores.scheme.indicator_by_code[pair[1]]
    first = len(_FRONT) + 1
    mine = {_ballots(line): line for line in lines}
    means: list[CellLike] = [_mean(mine.get(column), names) for column in ballots]
    cells = {
        (column.round, column.voters): address(row, first + place)
        for place, column in enumerate(ballots)
        if column in mine
    }
    votes = [line.valid for line in lines if line.valid is not None]
    return [
        indicator.code,
        indicator.name,
        unit.code,
        unit.name,
        unit.group or None,
        _value(assessment.made.surveys.values.get(pair), lines, cells),
        sum(votes) if votes else None,
        *means,
    ]


def _mean(line: SurveyLine | None, names: SheetNames) -> CellLike:
    """A mean that leads to its row of 测评."""
    if line is None:
        return None
    place = line.location
    link = f"#{names[place.sheet]}!{place.cell}" if place.sheet and place.cell else None
    return Cell(line.mean, link=link)


def _value(value: float | None, lines: Sequence[SurveyLine], cells: Mapping[tuple[str, str], str]) -> Cell:
    """The value as a formula over its row, empty as long as one of its means is."""
    if value is None:
        return Cell(None)
    counted = ",".join(cells[line.round, line.voters] for line in lines if line.share)
    number = counted.count(",") + 1
    return Cell(
        value,
        formula=f'IF(COUNT({counted})={number},ROUND({survey_formula(lines, cells)},{VALUE_PLACES}),"")',
    )
