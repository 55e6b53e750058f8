"""考核纪实: all there is about one unit in a period, in the tree of the scheme (WXD-O, GN-O, XT-O, XN-O)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kaohe import settings
from kaohe.assess.applicable import Applicable
from kaohe.assess.assessment import Assessment
from kaohe.assess.scoring import IndicatorResult
from kaohe.assess.standing import Standing
from kaohe.model import Indicator, Part, Unit
from kaohe.sheets.formulas import shown_due, shown_state
from kaohe.sheets.item_words import item_words
from kaohe.sheets.lists import Columns, table_sheet
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

KEY = "考核纪实"
_COLUMNS: Columns = (
    ("代码", "code", 9),
    ("目标与指标", "text_wrap", 34),
    ("目标任务与要求", "text_wrap", 26),
    ("计量单位", "text_center", 8),
    ("满分", "number", 8),
    ("年度目标", "number", 10),
    ("上年值", "number", 10),
    ("序时目标", "number", 10),
    ("完成值", "number", 10),
    ("取值", "text_center", 8),
    ("完成率", "percent", 9),
    ("得分", "score", 9),
    ("状态", "text_center", 10),
    ("完成情况", "text_wrap", 34),
    ("原因", "text_wrap", 22),
    ("措施", "text_wrap", 22),
    ("责任部门", "text_wrap", 14),
)
_INDENT = "  "


def dossier_sheet(assessment: Assessment, standing: Standing) -> SheetPlan:
    """The tree of the scheme with the unit's targets, figures, words and scores."""
    tree = _Tree(assessment, standing.unit)
    rows = [*tree.rows(), *_sums(assessment, standing)]
    return table_sheet(
        assessment, KEY, _COLUMNS, rows, note=_headline(assessment, standing), freeze="C", totals=1
    )


def _headline(assessment: Assessment, standing: Standing) -> str:
    """One line: who, what it came to, and what that led to."""
    unit = standing.unit
    words = [f"{unit.code} {unit.name}", f"总分 {standing.total:g} 分"]
    if standing.rank is not None:
        words.append(f"{unit.group or '全部'}第 {standing.rank} 名")
    else:
        words.append(standing.state)
    words += [f"等次 {standing.grade}"] if standing.grade else []
    words += [row.proposal for row in assessment.outcomes.rows if row.unit.code == unit.code]
    return "  ".join(words)


class _Tree:
    """The unit's rows, depth first: parts with what they come to, indicators, components beneath theirs."""

    def __init__(self, assessment: Assessment, unit: Unit) -> None:
        self.assessment = assessment
        self.scores = assessment.scores
        self.unit = unit
        self.at = next(n for n, row in enumerate(self.scores.units) if row.code == unit.code)
        mine = Applicable(self.scores.scheme).of(unit)
        self.rows_of: dict[str, list[Indicator]] = {}
        for row in mine:
            if row.code in self.scores.results:
                self.rows_of.setdefault(row.parent, []).append(row)
        self.parts_of: dict[str, list[Part]] = {}
        for part in self.scores.scheme.parts:
            self.parts_of.setdefault(part.parent, []).append(part)
        self.hands = set(assessment.claims.hands.keys())

    def rows(self) -> Iterator[Sequence[CellLike]]:
        """Every line of the table."""
        for part in self.parts_of.get("", []):
            yield from self._part(part, 0)

    def _part(self, part: Part, level: int) -> Iterator[Sequence[CellLike]]:
        inside = list(self._inside(part))
        if not inside:
            return
        counted = [row for row in inside if row.measured and row.applies[self.at]]
        points = sum(int(row.points[self.at]) for row in counted) / 10**self.scores.places
        weight = sum(float(row.weight[self.at]) for row in counted)
        known = any(row.scored[self.at] for row in counted)
        cells: list[CellLike] = [Cell(None, "band") for _ in _COLUMNS]
        cells[0] = Cell(part.code, "band")
        cells[1] = Cell(f"{_INDENT * level}{part.name}", "band")
        cells[4] = Cell(float(f"{weight:.12g}"), "total")
        cells[11] = Cell(points if known else None, "total")
        yield cells
        for row in self.rows_of.get(part.code, []):
            yield from self._indicator(row, level + 1)
        for child in self.parts_of.get(part.code, []):
            yield from self._part(child, level + 1)

    def _inside(self, part: Part) -> Iterator[IndicatorResult]:
        """What counts below a part, components left out."""
        for row in self.rows_of.get(part.code, []):
            yield self.scores.results[row.code]
        for child in self.parts_of.get(part.code, []):
            yield from self._inside(child)

    def _indicator(self, indicator: Indicator, level: int) -> Iterator[Sequence[CellLike]]:
        yield self._line(indicator, self.scores.results[indicator.code], level)
        for child in self.rows_of.get(indicator.code, []):
            yield from self._indicator(child, level + 1)

    def _line(self, indicator: Indicator, result: IndicatorResult, level: int) -> list[CellLike]:
        at, code = self.at, indicator.code
        record = self.assessment.intake.live.get(self.unit.code, {}).get(code)
        assessed = self.assessment.intake.assessed.get(self.unit.code, {}).get(code)
        said = record or assessed
        scored = bool(result.scored[at])
        answer = result.answers[at]
        actual = _finite(result.actual[at])
        return [
            code,
            f"{_INDENT * level}{indicator.name}",
            item_words(indicator) or None,
            indicator.unit_of_measure or None,
            float(result.weight[at]),
            _finite(result.target[at]),
            _finite(result.prior[at]),
            _finite(shown_due(result)[at]),
            actual if actual is not None else _word(answer, said.typed if said else ""),
            self._hand(indicator),
            _finite(result.rate[at]),
            int(result.points[at]) / 10**self.scores.places if scored else None,
            shown_state(result, at),
            (record.evidence or None) if record else None,
            ((record.reason if record else "") or (assessed.reason if assessed else "")) or None,
            (record.measure or None) if record else None,
            indicator.lead_department or indicator.assessor or None,
        ]

    def _hand(self, indicator: Indicator) -> str:
        """Whose figure counts."""
        key = (self.unit.code, indicator.code)
        if key in self.assessment.decisions.scores:
            return self.assessment.decisions.scores[key].register
        if key in self.hands and (claims := self.assessment.claims.of(*key)):
            return claims[0].source
        return indicator.value_source


def _word(answer: object, typed: str) -> str | None:
    """A value that is a word; what was typed where it could not be read."""
    if answer is None:
        return typed or None
    return str(answer) if isinstance(answer, str) and answer in ("是", "否") else typed or None


def _finite(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _sums(assessment: Assessment, standing: Standing) -> list[list[CellLike]]:
    """The total below the tree, with bonuses and deductions in words."""
    places = settings.places(assessment.scores.scheme.settings, "总分")
    beside = [
        f"加分 {standing.bonus:g}" if standing.bonus else "",
        f"扣分 {standing.deduction:g}" if standing.deduction else "",
        f"迟报扣分 {standing.late:g}" if standing.late else "",
        f"公式总分 {standing.computed_total:.{places}f}" if standing.total != standing.computed_total else "",
    ]
    cells: list[CellLike] = [Cell(None, "total_text") for _ in _COLUMNS]
    cells[1] = Cell("总分", "total_text")
    cells[2] = Cell(";".join(filter(None, beside)) or None, "total_text")
    cells[4] = Cell(standing.measured_weight, "total")
    cells[11] = Cell(standing.total, "total")
    cells[12] = Cell(standing.state, "total_text")
    return [cells]
