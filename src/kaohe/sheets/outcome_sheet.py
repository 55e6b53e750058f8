"""结果运用: who is proposed for what and why, by nature; for those who decide (WXD5, WXZ3, WXJ7)."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.outcomes import BARRED, LISTED, OPEN, Outcome
from kaohe.sheets.lists import FIRST_ROW, Columns, for_units, table_sheet
from kaohe.workbooks.plan import Cell, CellLike, Highlight, SheetPlan

KEY = "结果运用"
_COLUMNS: Columns = (
    ("序号", "count", 6),
    ("性质", "text_center", 12),
    ("规则", "code", 7),
    ("结果", "text_wrap", 20),
    ("范围", "text_center", 16),
    ("单位代码", "code", 9),
    ("单位", "text_center", 12),
    ("状态", "text_center", 12),
    ("依据", "text_wrap", 42),
    ("建议", "text_wrap", 28),
    ("条款", "text_center", 9),
    ("说明", "text_wrap", 32),
)
_STATE = "H"
_PRAISE = terms.NATURES[:2]
_PRAISED = "OR(" + ",".join(f'$B{FIRST_ROW}="{nature}"' for nature in _PRAISE) + ")"
_RULES = (
    (f'AND(${_STATE}{FIRST_ROW}="{LISTED}",{_PRAISED})', "good"),
    (f'AND(${_STATE}{FIRST_ROW}="{LISTED}",NOT({_PRAISED}))', "warn"),
    (f'${_STATE}{FIRST_ROW}="{OPEN}"', "warn"),
    (f'${_STATE}{FIRST_ROW}="{BARRED}"', "bad"),
)
"""Green only for praise: that a unit is listed for a talk is no good news."""


def outcome_sheet(assessment: Assessment, rows: Sequence[Outcome]) -> SheetPlan:
    """One row per unit a rule lists, commendations first, 提请研究 last; inside them by rule."""
    ordered = sorted(rows, key=lambda row: _place(row.nature))
    last = FIRST_ROW + max(len(rows), 1) - 1
    return table_sheet(
        assessment,
        KEY,
        for_units(_COLUMNS, assessment),
        [_row(number, row) for number, row in enumerate(ordered, start=1)],
        note="只提建议,由有权机关决定;涉及个人的一律列为提请研究",
        freeze="H",
        highlights=tuple(
            Highlight(f"{_STATE}{FIRST_ROW}:{_STATE}{last}", "formula", rule, style) for rule, style in _RULES
        ),
        empty=_nothing(assessment),
    )


def _nothing(assessment: Assessment) -> str:
    if not assessment.scores.scheme.outcome_rules:
        return "方案没有《结果规则》"
    if assessment.scores.period.month < 12:
        return "全年汇总时列出"
    return "没有符合条件的单位"


def _place(nature: str) -> int:
    return terms.NATURES.index(nature) if nature in terms.NATURES else len(terms.NATURES)


def _row(number: int, row: Outcome) -> list[CellLike]:
    notes = [*row.notes, *([row.rule.note] if row.rule.note else [])]
    return [
        number,
        row.nature or None,
        row.rule.code,
        row.rule.outcome,
        row.scope or None,
        row.unit.code,
        row.unit.name,
        Cell(row.state),
        row.basis or None,
        row.proposal,
        row.rule.clause or None,
        ";".join(notes) or None,
    ]
