"""督办台账: every problem until it is closed (销号), the overdue ones first (XN4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.load_cells import read_date
from kaohe.model import Supervision
from kaohe.sheets.lists import FIRST_ROW, Columns, for_units, table_sheet
from kaohe.workbooks.plan import Cell, CellLike, Highlight, SheetPlan

KEY = "督办台账"
OVERDUE = "已超期"
LATE = "超期销号"
_COLUMNS: Columns = (
    ("编号", "code", 14),
    ("单位代码", "code", 10),
    ("单位", "text_center", 12),
    ("问题", "text_wrap", 48),
    ("责任人", "text_center", 14),
    ("提出日期", "text_center", 12),
    ("期限", "text_center", 12),
    ("状态", "text_center", 10),
    ("销号日期", "text_center", 12),
    ("超期天数", "count", 9),
    ("依据", "text_wrap", 34),
)
_STATE = "H"
_STYLES = (
    (terms.SUPERVISION_CLOSED, "good"),
    (terms.SUPERVISION_OPEN, "warn"),
    (LATE, "idle"),
    (OVERDUE, "bad"),
)


@dataclass(frozen=True, slots=True)
class Watched:
    """One problem as it stands on a day: ``days`` after its deadline, 0 when it was or is in time."""

    row: Supervision
    days: int
    state: str


def watched(rows: Sequence[Supervision], today: dt.date) -> tuple[Watched, ...]:
    """The problems on a day: overdue ones first, the longest before; then open ones by deadline; then closed.

    A problem without a readable deadline is not overdue (it is a finding, G26).
    """
    found = [_watch(row, today) for row in rows]
    order = (OVERDUE, terms.SUPERVISION_OPEN, LATE, terms.SUPERVISION_CLOSED)
    return tuple(
        sorted(
            found, key=lambda item: (order.index(item.state), -item.days, item.row.deadline, item.row.number)
        )
    )


def _watch(row: Supervision, today: dt.date) -> Watched:
    deadline = read_date(row.deadline) if row.deadline else None
    closed = read_date(row.closed) if row.closed else None
    done = row.state == terms.SUPERVISION_CLOSED
    until = (closed or deadline or today) if done else today
    days = max((until - deadline).days, 0) if deadline else 0
    if done:
        return Watched(row, days, LATE if days else terms.SUPERVISION_CLOSED)
    return Watched(row, days, OVERDUE if days else terms.SUPERVISION_OPEN)


def supervision_sheet(assessment: Assessment, rows: Sequence[Supervision], today: dt.date) -> SheetPlan:
    """All problems of the register; ``today`` is the day of the run, which the heading shows."""
    names = {unit.code: unit.name for unit in assessment.scores.units}
    found = watched(rows, today)
    last = FIRST_ROW + max(len(found), 1) - 1
    return table_sheet(
        assessment,
        KEY,
        for_units(_COLUMNS, assessment),
        [_row(item, names) for item in found],
        note=_summary(found, today),
        freeze="D",
        highlights=tuple(
            Highlight(
                f"{_STATE}{FIRST_ROW}:{_STATE}{last}", "formula", f'${_STATE}{FIRST_ROW}="{state}"', style
            )
            for state, style in _STYLES
        ),
        empty="没有督办事项",
    )


def _summary(rows: Sequence[Watched], today: dt.date) -> str:
    """共 28 项,已销号 28 项,办理中 0 项,其中超期 0 项(截至2017-12-31)."""
    closed = sum(item.row.state == terms.SUPERVISION_CLOSED for item in rows)
    overdue = sum(item.state == OVERDUE for item in rows)
    return (
        f"共 {len(rows)} 项,已销号 {closed} 项,办理中 {len(rows) - closed} 项,"
        f"其中超期 {overdue} 项(截至{today:%Y-%m-%d})"
    )


def _row(item: Watched, names: dict[str, str]) -> list[CellLike]:
    row = item.row
    return [
        row.number,
        row.unit or None,
        names.get(row.unit, row.unit) or None,
        row.problem,
        row.owner or None,
        row.raised or None,
        row.deadline or None,
        Cell(item.state),
        row.closed or None,
        item.days or None,
        row.basis or None,
    ]
