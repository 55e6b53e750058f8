"""催报: one row per unit (or assessing department) that owes something, with the text to copy and send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from kaohe.assess.assessment import Assessment
from kaohe.assess.reminders import Reminder, reminders
from kaohe.model import IssueRecord, Receipt
from kaohe.sheets.lists import FIRST_ROW, UNIT, Columns, for_units, table_sheet
from kaohe.sheets.reminder_text import letter, summary
from kaohe.workbooks.plan import CellLike, Highlight, SheetPlan

_COLUMNS: Columns = (
    ("序号", "count", 6),
    (UNIT, "text_center", 14),
    ("分管领导", "text_center", 12),
    ("联络员", "text_center", 12),
    ("电话", "text_center", 14),
    ("报送截止", "text_center", 12),
    ("逾期天数", "count", 9),
    ("缺什么", "text_wrap", 22),
    ("催报内容", "text_wrap", 84),
)


def reminder_sheet(
    assessment: Assessment,
    register: Mapping[str, IssueRecord],
    today: dt.date,
    receipts: Sequence[Receipt] = (),
) -> SheetPlan:
    """催报 as of ``today``; who owes nothing has no row. ``receipts``: the rows of 收件登记."""
    found = reminders(assessment, register, today, receipts)
    rows = [_row(n, reminder, assessment, today) for n, reminder in enumerate(found, start=1)]
    last = FIRST_ROW + max(len(rows), 1) - 1
    late = sum(1 for reminder in found if reminder.days)
    return table_sheet(
        assessment,
        "催报",
        for_units(_COLUMNS, assessment),
        rows,
        note=f"截至 {today:%Y-%m-%d},待催 {len(found)} 个,其中逾期 {late} 个;“催报内容”可直接复制发送",
        freeze="C",
        highlights=(Highlight(f"G{FIRST_ROW}:G{last}", "formula", f"N($G{FIRST_ROW})>0", "bad"),),
        empty="没有需要催报的",
    )


def _row(number: int, reminder: Reminder, assessment: Assessment, today: dt.date) -> list[CellLike]:
    unit, scores = reminder.unit, assessment.scores
    return [
        number,
        reminder.name,
        (unit.leader or None) if unit else None,
        (unit.liaison or None) if unit else None,
        (unit.phone or None) if unit else None,
        reminder.due.isoformat() if reminder.due else None,
        reminder.days if reminder.missing else None,
        summary(reminder),
        letter(reminder, scores.scheme, scores.period, today),
    ]
