"""决定与登记: what the office's registers hold about one unit in a period, by date."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from kaohe.assess.assessment import Assessment
from kaohe.assess.standing import Standing
from kaohe.sheets.lists import Columns, table_sheet
from kaohe.workbooks.plan import CellLike, SheetPlan

KEY = "决定与登记"
_COLUMNS: Columns = (
    ("类别", "text_center", 12),
    ("日期", "text_center", 12),
    ("内容", "text_wrap", 60),
    ("数", "number", 10),
    ("依据", "text_wrap", 40),
    ("经办", "text_center", 16),
)
Line = list[CellLike]


def registers_sheet(assessment: Assessment, standing: Standing) -> SheetPlan:
    """Decisions, bonuses, vetoes, appeals, supervision, earlier years and what the result leads to."""
    unit = standing.unit
    lines = sorted(_Lines(assessment, standing).all(), key=lambda row: (str(row[1] or "9"), str(row[0])))
    return table_sheet(
        assessment, KEY, _COLUMNS, lines, note=f"{unit.code} {unit.name}", freeze="B", empty="没有登记"
    )


class _Lines:
    """The lines about one unit, register by register."""

    def __init__(self, assessment: Assessment, standing: Standing) -> None:
        self._assessment = assessment
        self._standing = standing
        self._ledger = assessment.ledger
        self._mine = (standing.unit.code, assessment.scores.period.code)

    def all(self) -> Iterator[Line]:
        """Everything there is."""
        return chain(self._decided(), self._beside(), self._objected(), self._followed())

    def _named(self, code: str) -> str:
        known = self._assessment.scores.scheme.indicator_by_code
        return f"《{known[code].name}》" if code in known else code

    def _decided(self) -> Iterator[Line]:
        for row in self._ledger.verdicts:
            if (row.unit, row.period) == self._mine:
                answer = f";单位意见:{row.answer}" if row.answer else ""
                text = f"{self._named(row.indicator)}核定为 {row.value}{answer}"
                yield ["核定", row.date, text, None, row.basis, row.person or row.department]
        for change in self._ledger.adjustments:
            if (change.unit, change.period) == self._mine:
                text = f"{self._named(change.indicator)}{change.item} {change.value}".strip()
                yield ["人工调整", change.date, text, None, change.basis, change.person]

    def _beside(self) -> Iterator[Line]:
        for bonus in self._ledger.bonuses:
            if (bonus.unit, bonus.period) == self._mine:
                yield ["加减分", bonus.date, bonus.reason, bonus.points, bonus.basis, bonus.person]
        events = {event.code: event for event in self._assessment.scores.scheme.veto_events}
        for veto in self._standing.vetoes:
            event = events.get(veto.event)
            text = f"{event.name}:{event.consequence}" if event else veto.event
            yield ["一票否决", veto.date, text, None, veto.basis, veto.person]

    def _objected(self) -> Iterator[Line]:
        for appeal in self._ledger.appeals:
            if (appeal.unit, appeal.period) == self._mine:
                text = f"{self._named(appeal.indicator)}{appeal.claim}({appeal.state}{appeal.value})"
                yield ["申诉", appeal.filed, text, None, appeal.basis, appeal.person]
        for task in self._ledger.supervisions:
            if task.unit == self._mine[0]:
                text = f"{task.number} {task.problem}({task.state},期限 {task.deadline})"
                yield ["督办", task.raised, text, None, task.basis, task.owner]

    def _followed(self) -> Iterator[Line]:
        for past in self._ledger.history:
            if past.unit == self._mine[0] and not past.indicator:
                rank = f"第 {past.rank:g} 名" if past.rank is not None else ""
                yield ["历史", str(past.year), f"总分{rank}", past.score, None, None]
        for outcome in self._assessment.outcomes.rows:
            if outcome.unit.code == self._mine[0]:
                text = f"{outcome.proposal}:{outcome.basis}"
                yield ["结果运用", None, text, None, outcome.rule.clause or None, None]
