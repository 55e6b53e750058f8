"""进度热图: the completion of every indicator by every unit, darker where it is behind, on one large sheet.

Few units stand side by side, with the indicators below one another; many units the other way round. The
order is that of the scheme, so that a column stays where it is when ranks change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.scoring import IndicatorResult
from kaohe.model import Unit
from kaohe.sheets.detail_rows import LETTERS, DetailRows
from kaohe.sheets.detail_values import Shown
from kaohe.sheets.lists import FIRST_ROW, Columns, table_sheet
from kaohe.sheets.names import SheetNames
from kaohe.sheets.row_height import fitting_width
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import A3, A4, Cell, CellLike, Highlight, SheetPlan

KEY = "进度热图"
UNITS_ACROSS = 30
"""Up to so many units stand side by side."""
MOST_CELLS = 200_000
"""A larger table would be looked at by nobody and makes the workbook slow."""
WIDE = 150.0
"""Characters from which on the sheet is printed on A3."""
_POINTS, _COLORS = (0.6, 0.9, 1.0), ("D9775B", "F6CFA0", "E9F3EC")
"""Completion and colour: also in a grey print the darker cell is further behind."""
_VALUE_WIDTH = 8.0
_NOTE = (
    "格中为完成目标的比例(按序时计分的为序时目标),没有目标的(评定分等)为完成率或得分率;"
    "60%以下最深,100%以上最浅;没有的写明状态;空白为不考核"
)
_TOO_MANY = "单位和指标太多(超过 20 万格),不画热图;请看进度预警。"
_BY_INDICATOR: Columns = (("部分", "text_center", 12), ("指标代码", "code", 9), ("指标", "text_wrap", 30))
_BY_UNIT: Columns = (("单位代码", "code", 9), ("单位", "text", 16), ("考核组", "text_center", 12))
_FIXED = 3


def heat_sheet(assessment: Assessment, names: SheetNames) -> SheetPlan:
    """The table as live formulas over 得分明细."""
    where = DetailRows.of(assessment, names)
    scores = assessment.scores
    shown = [row for row in scores.counted if row.applies.any()]
    if len(shown) * len(scores.units) > MOST_CELLS:
        return _sheet(assessment, _BY_INDICATOR, [], _TOO_MANY)
    cells = [_cells(assessment, where, row) for row in shown]
    if len(scores.units) <= UNITS_ACROSS:
        columns = (*_BY_INDICATOR, *((unit.name, "percent", _VALUE_WIDTH) for unit in scores.units))
        rows = [[*_of_indicator(assessment, row), *line] for row, line in zip(shown, cells, strict=True)]
    else:
        named = fitting_width((unit.name for unit in scores.units), 16, 30)
        fixed = tuple((title, role, named if title == "单位" else size) for title, role, size in _BY_UNIT)
        columns = (*fixed, *((_heading(row), "percent", _VALUE_WIDTH) for row in shown))
        turned = list(zip(*cells, strict=True)) if cells else [()] * len(scores.units)
        rows = [[*_of_unit(unit), *line] for unit, line in zip(scores.units, turned, strict=True)]
    return _sheet(assessment, columns, rows, "没有要考核的指标")


def _sheet(
    assessment: Assessment, columns: Columns, rows: Sequence[Sequence[CellLike]], empty: str
) -> SheetPlan:
    right = column_letter(max(len(columns), _FIXED + 1))
    first = f"{column_letter(_FIXED + 1)}{FIRST_ROW}"
    area = f"{first}:{right}{FIRST_ROW + max(len(rows), 1) - 1}"
    found = table_sheet(
        assessment,
        KEY,
        columns,
        rows,
        note=_NOTE,
        freeze=column_letter(_FIXED + 1),
        highlights=(
            Highlight(area, "color_scale", colors=_COLORS, points=_POINTS),
            _words(area, first, "warn", terms.BLANK, terms.NOT_READ, terms.WAITING),
            _words(area, first, "bad", terms.BEHIND, terms.NOT_SCORABLE),
            _words(area, first, "good", terms.ON_SCHEDULE),
        ),
        empty=empty,
    )
    paper = A3 if sum(width for *_, width in columns) > WIDE else A4
    return replace(found, layout=replace(found.layout, landscape=True, paper=paper))


def _words(area: str, first: str, style: str, *texts: str) -> Highlight:
    tests = ",".join(f'{first}="{text}"' for text in texts)
    return Highlight(area, "formula", f"OR({tests})", style)


def _cells(assessment: Assessment, where: DetailRows, result: IndicatorResult) -> list[CellLike]:
    """One indicator over all units: its completion, or its state where there is none."""
    code = result.indicator.code
    shown = Shown.of(result, assessment.scores)
    found: list[CellLike] = []
    for at, unit in enumerate(assessment.scores.units):
        row = where.row_of(unit.code, code) if result.applies[at] else None
        if row is None:
            found.append(None)
            continue
        cells = {key: f"{where.sheet}!{LETTERS[key]}{row}" for key in ("rate", "state", "due", "actual")}
        value, formula = _completion(result, shown, at, cells)
        known = isinstance(value, float)
        found.append(Cell(value if known else shown.state[at], None if known else "text_center", formula))
    return found


def _completion(
    result: IndicatorResult, shown: Shown, at: int, cells: Mapping[str, str]
) -> tuple[float | str, str]:
    """(completion, its formula): against the target, the one due now where the rule looks at the schedule.

    完成率 of such a rule is against the year's target: half a year's work would look half done. That of a
    rule of marks is against full marks: who passed the target would look behind.
    """
    rate, state, due, actual = (cells[key] for key in ("rate", "state", "due", "actual"))
    paced = result.method is not None and "序时" in result.method.uses
    other = f'{state}&""' if paced else f'IF({rate}="",{state}&"",{rate})'
    lower = result.indicator.direction in (terms.LOWER_BETTER, terms.CONTROL_CAP)
    signs = (due, actual) if lower else (actual, due)
    below = f"1+({signs[0]}-{signs[1]})/ABS({due})"
    share = below if lower else f"IF({due}>0,{actual}/{due},{below})"
    known = f"AND(ISNUMBER({due}),ISNUMBER({actual}))"
    formula = f"IF({known},IF({due}=0,{other},ROUND({share},4)),{other})"
    planned, done = shown.due[at], shown.actual[at]
    if not planned or not isinstance(done, float | int):
        return "" if paced else shown.rate[at], formula
    ratio = 1 + (planned - done if lower else done - planned) / abs(planned)
    if planned > 0 and not lower:
        ratio = done / planned
    return float(round_half_away(ratio, 4)), formula


def _of_indicator(assessment: Assessment, result: IndicatorResult) -> list[CellLike]:
    part = assessment.scores.scheme.part_of(result.indicator)
    return [part.name if part else None, result.indicator.code, result.indicator.name]


def _of_unit(unit: Unit) -> list[CellLike]:
    return [unit.code, unit.name, unit.group or None]


def _heading(result: IndicatorResult) -> str:
    """Unlike a name alone, no two indicators have the same."""
    return f"{result.indicator.code} {result.indicator.name}"
