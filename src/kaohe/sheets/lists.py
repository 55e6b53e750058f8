"""The lists the office works from: 进度预警, 问题清单, 失分分析."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.points import Points
from kaohe.assess.scoring import IndicatorResult
from kaohe.assess.standing import points_lost
from kaohe.findings import SEVERITY_TITLES, Finding
from kaohe.model import Unit
from kaohe.sheets.detail_rows import DetailRows
from kaohe.sheets.formulas import shown_due, shown_state
from kaohe.sheets.heading import FIRST_ROW as FIRST_ROW
from kaohe.sheets.heading import HEADER_ROW as HEADER_ROW
from kaohe.sheets.heading import head_heights, heading, landscape
from kaohe.sheets.loss_rows import LOSS, loss_row, loss_totals
from kaohe.sheets.names import SheetNames
from kaohe.sheets.row_height import LEAST, fitting_width, height
from kaohe.sheets.state_colors import state_highlights
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike, Highlight, Layout, SheetPlan

Columns = tuple[tuple[str, str, float], ...]
MATRIX_UP_TO = 20
"""Up to this many units 失分分析 has a column for each; above, one for each group: more would not be read."""


def table_sheet(
    assessment: Assessment,
    key: str,
    columns: Columns,
    rows: Sequence[Sequence[CellLike]],
    *,
    note: str = "",
    freeze: str = "A",
    highlights: tuple[Highlight, ...] = (),
    empty: str = "",
    totals: int = 0,
) -> SheetPlan:
    """A result sheet of one table: heading, column titles (title, role, width), rows.

    The last ``totals`` rows stand below the table.
    """
    body = list(rows) or [[Cell(empty or "没有", "text"), *([None] * (len(columns) - 1))]]
    lines: list[Sequence[CellLike]] = list(heading(assessment.scores, key, len(columns), note))
    lines.append([Cell(title, "header") for title, _, _ in columns])
    lines += body
    last = column_letter(len(columns))
    return SheetPlan(
        key=key,
        title=key,
        rows=lines,
        roles=tuple(role for _, role, _ in columns),
        widths=tuple(width for *_, width in columns),
        heights=head_heights([(title, width) for title, _, width in columns]),
        fitted=tuple(_heights(columns, body)),
        header_row=HEADER_ROW,
        last_row=len(lines) - totals,
        autofilter=True,
        layout=Layout(
            tab_color="5B9BD5",
            freeze=f"{freeze}{FIRST_ROW}",
            landscape=landscape((width for *_, width in columns), len(body)),
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            merges=tuple(f"A{row}:{last}{row}" for row in (1, 2, 3)),
            highlights=highlights,
            footer=key,
        ),
    )


_WRAPS = ("text_wrap", "header_note")


def _heights(columns: Columns, rows: Sequence[Sequence[CellLike]]) -> Iterable[tuple[int, float]]:
    """Heights of rows whose wrapped texts take more than one line."""
    wrapped = [(at, width) for at, (_, role, width) in enumerate(columns) if role in _WRAPS]
    for number, row in enumerate(rows, start=FIRST_ROW):
        own = [
            (cell.value, columns[at][2])
            for at, cell in enumerate(row)
            if isinstance(cell, Cell) and cell.role in _WRAPS
        ]
        points = height([*own, *((row[at], width) for at, width in wrapped if at < len(row))])
        if points > LEAST:
            yield number, points


UNIT = "单位"
_WARNING: Columns = (
    (UNIT, "text_center", 12),
    ("指标代码", "code", 9),
    ("指标", "text_wrap", 26),
    ("计量单位", "text_center", 9),
    ("年度目标", "number", 10),
    ("序时目标", "number", 10),
    ("完成值", "number", 10),
    ("完成率", "percent", 8.5),
    ("失分", "score", 8.5),
    ("状态", "text_center", 10),
    ("数据状态", "text_center", 9),
    ("标记", "text_center", 11),
    ("原因", "text_wrap", 29),
    ("措施", "text_wrap", 26),
    ("责任部门", "text_wrap", 14),
    ("监测部门", "text_wrap", 14),
)


def warning_sheet(assessment: Assessment) -> SheetPlan:
    """进度预警: what is behind schedule or marked, with reason and measure (BH8, BH-O)."""
    scores = assessment.scores
    index = {unit.code: number for number, unit in enumerate(scores.units)}
    lost = {code: points_lost(row, scores.places) for code, row in scores.results.items()}
    rows = [
        row
        for standing in assessment.standings
        for row in _unit_warnings(assessment, lost, standing.unit, index[standing.unit.code])
    ]
    last = FIRST_ROW + max(len(rows), 1) - 1
    return table_sheet(
        assessment,
        "进度预警",
        for_units(_WARNING, assessment),
        rows,
        note="未达序时的指标,以及标记为未达标、有不确定性、待加大监测的指标",
        freeze="D",
        highlights=(
            *state_highlights(f"J{FIRST_ROW}", f"J{last}"),
            Highlight(f"I{FIRST_ROW}:I{last}", "data_bar", colors=("F4B183",)),
        ),
        empty="没有落后或标记的指标",
    )


def for_units(columns: Columns, assessment: Assessment) -> Columns:
    """The columns with 单位 and 考核组 as wide as the longest name of any unit assessed.

    Not only of those that have a row: a sheet keeps the widths it was made with, and the rows come later.
    """
    units = assessment.scores.units
    texts = {UNIT: [unit.name for unit in units], "考核组": [unit.group for unit in units]}
    return tuple(
        (title, role, fitting_width(texts[title], width, 30) if title in texts else width)
        for title, role, width in columns
    )


def _unit_warnings(
    assessment: Assessment, lost: Mapping[str, Points], unit: Unit, index: int
) -> list[list[CellLike]]:
    """One unit's rows, the most points lost first; ``lost``: points lost by indicator, unit by unit."""
    scores = assessment.scores
    live = assessment.intake.live.get(unit.code, {})
    found = []
    for code, result in scores.results.items():
        record = live.get(code)
        behind = result.counted and result.state[index] == terms.BEHIND
        if not behind and not (record and record.mark):
            continue
        points = int(lost[code][index]) / 10**scores.places if result.counted else None
        found.append((-(points or 0.0), _warning_row(result, unit, index, record, points)))
    return [row for _, row in sorted(found, key=lambda item: item[0])]


def _warning_row(
    result: IndicatorResult, unit: Unit, index: int, record: object, lost: float | None
) -> list[CellLike]:
    indicator = result.indicator

    def said(name: str) -> str | None:
        return getattr(record, name, "") or None

    return [
        unit.name,
        indicator.code,
        indicator.name,
        indicator.unit_of_measure or None,
        _finite(result.target[index]),
        _finite(shown_due(result)[index]),
        _finite(result.actual[index]),
        _finite(result.rate[index]),
        lost,
        shown_state(result, index),
        said("status"),
        said("mark"),
        said("reason"),
        said("measure"),
        indicator.lead_department or None,
        indicator.monitor_department or None,
    ]


def _finite(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


_ISSUES: Columns = (
    ("序号", "count", 6),
    ("级别", "text_center", 8),
    ("编号", "code", 8),
    ("问题", "text_center", 17),
    (UNIT, "text_center", 12),
    ("文件", "text_wrap", 32),
    ("工作表", "text_center", 11),
    ("单元格", "link", 8),
    ("说明", "text_wrap", 54),
    ("如何改正", "text_wrap", 46),
)
_SEVERITY_ROLES = {"ERROR": "severity_error", "QUERY": "severity_query", "NOTE": "severity_note"}


def issue_sheet(assessment: Assessment, links: Mapping[int, str]) -> SheetPlan:
    """问题清单: ``links`` gives for the n-th finding where its row leads to."""
    names = {unit.code: unit.name for unit in assessment.scores.units}
    rows = [
        _issue_row(
            number, finding, names.get(finding.location.unit, finding.location.unit), links.get(number, "")
        )
        for number, finding in enumerate(assessment.findings)
    ]
    return table_sheet(
        assessment,
        "问题清单",
        for_units(_ISSUES, assessment),
        rows,
        note="错误须改正后才能排名;存疑已计分但须说明;点“单元格”可到所在位置",
        empty="没有发现问题",
    )


def _issue_row(number: int, finding: Finding, unit: str, link: str) -> list[CellLike]:
    place = finding.location
    shown = place.cell or ("查看" if link else None)
    return [
        number + 1,
        Cell(SEVERITY_TITLES[finding.severity], _SEVERITY_ROLES[finding.severity]),
        finding.code,
        finding.title,
        unit or None,
        place.workbook or None,
        place.sheet or None,
        Cell(shown, "link", link=link) if link else Cell(shown, "text_center"),
        finding.what,
        finding.remedy,
    ]


def loss_sheet(assessment: Assessment, names: SheetNames) -> SheetPlan:
    """失分分析: points lost by indicator, over all units and by unit (or group), as live formulas."""
    where = DetailRows.of(assessment, names)
    few = len(where.units) <= MATRIX_UP_TO
    groups = tuple(dict.fromkeys(unit.group for unit in where.units if unit.group))
    matrix = where.units if few else groups
    beside = tuple((who.name, 9.0) if isinstance(who, Unit) else (who, 11.0) for who in matrix)
    columns: Columns = (*LOSS, *((title, "points_lost", width) for title, width in beside))
    shown = [row for row in assessment.scores.counted if row.applies.any()]
    rows = [loss_row(assessment, where, matrix, row) for row in enumerate(shown)]
    last = FIRST_ROW + max(len(rows), 1) - 1
    rows.append(loss_totals(assessment, where.units if few else (), shown, last, len(beside)))
    first, end = column_letter(len(LOSS) + 1), column_letter(len(LOSS) + len(beside))
    heat = (Highlight(f"{first}{FIRST_ROW}:{end}{last}", "color_scale", colors=("FFFFFF", "F8696B")),)
    by_group = "" if few or not groups else ";各组的数是组内单位平均失分"
    return table_sheet(
        assessment,
        "失分分析",
        columns,
        rows,
        note=f"失分 = 权重 − 得分;平均失分按考核该指标的单位计算{by_group};颜色越深失分越多",
        freeze="D",
        highlights=(
            Highlight(f"E{FIRST_ROW}:E{last}", "data_bar", colors=("F4B183",)),
            *(heat if beside else ()),
        ),
        totals=1,
    )
