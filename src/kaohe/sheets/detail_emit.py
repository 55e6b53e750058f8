"""The rows of 得分明细: values, and the live formulas that score them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kaohe import terms
from kaohe.assess.inputs import parameter_names
from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.assess.standing import EXACT_PLACES
from kaohe.model import Record, Unit
from kaohe.settings import RANK_EXACT
from kaohe.sheets.detail_rows import HEADER_ROW, LETTERS, DetailRows, at
from kaohe.sheets.detail_values import NOT_COUNTED, Shown, counted_word, lookup_key, shortened
from kaohe.sheets.formulas import (
    RowCells,
    composite_formula,
    due_formula,
    group_literals,
    parameter_literals,
    rate_formula,
    score_formula,
    state_formula,
    uses_group,
)
from kaohe.sheets.made_cells import MadeCell
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.plan import Cell, CellLike

_ANY_ROW = "1000001"
"""Stands for the row in formulas made once for all units: a row number, so that it reads as a cell."""


class Emitter:
    """Builds the cells of one row; what is the same for all units of an indicator is made once."""

    def __init__(
        self,
        scores: Scores,
        where: DetailRows,
        group_cells: Mapping[tuple[str, str, str], str],
        made: Mapping[tuple[str, str], MadeCell],
    ) -> None:
        self.scores = scores
        self.made = made
        self.group_cells = group_cells
        self.where = where
        self.shown = {row.code: Shown.of(scores.results[row.code], scores) for row in where.order}
        self.templates: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, str]] = {}
        self.alike = {
            code: self._templates(result, self._literals(result, scores.units[0]))
            for code, result in scores.results.items()
            if scores.units and has_formulas(result) and not self._varies(result)
        }

    def row(
        self,
        code: str,
        unit: int,
        place: int,
        row: int,
        record: Record | None,
        hand: str | None,
        source: Cell,
    ) -> list[CellLike]:
        """One row of the table, in the order of ``COLUMNS``.

        ``unit``: the unit's place in the scores, ``place``: in this sheet. ``hand``: whose value it is.
        """
        shown, who = self.shown[code], self.scores.units[unit]
        applies = bool(shown.result.applies[unit])
        formulas = self._formulas(shown.result, unit, place, row) if applies else {}
        due = shown.due[unit]
        decided = bool(shown.result.decided[unit])
        computed = Cell(shown.computed[unit], formula=formulas["score"]) if "score" in formulas else None
        score = shown.score[unit] if decided else computed
        return [
            who.code,
            who.name,
            who.group or None,
            *shown.shared,
            counted_word(shown.result) if applies else NOT_COUNTED,
            shown.weight[unit],
            shown.target[unit],
            shown.prior[unit],
            shown.share,
            Cell("" if due is None else due, formula=formulas["due"]) if "due" in formulas else due,
            _actual(shown, unit, record, formulas),
            hand,
            Cell(shown.rate[unit], formula=formulas["rate"]) if "rate" in formulas else None,
            score if formulas or decided else None,
            computed if decided else None,
            Cell(shown.lost[unit], formula=formulas["lost"]) if "lost" in formulas else None,
            Cell(shown.state[unit], formula=None if decided else formulas.get("state")),
            (record.status or None) if record else None,
            (record.mark or None) if record else None,
            source,
            lookup_key(who.code),
            *shown.keys,
            row - HEADER_ROW,
            self._raw(shown, unit, formulas),
        ]

    def _raw(self, shown: Shown, unit: int, formulas: Mapping[str, str]) -> CellLike:
        """The score before rounding, where ranks look at it (排名取数 舍入前)."""
        if "raw" not in formulas:
            return None
        if shown.result.decided[unit]:
            return shown.score[unit]
        value = float(shown.result.raw[unit])
        return Cell(
            "" if np.isnan(value) else float(round_half_away(value, EXACT_PLACES)), formula=formulas["raw"]
        )

    def _formulas(self, result: IndicatorResult, unit: int, place: int, row: int) -> dict[str, str]:
        if not has_formulas(result):
            return {}
        templates = self.alike.get(result.indicator.code) or self._own_templates(
            result, self.scores.units[unit]
        )
        number = str(row)
        found = {name: text.replace(_ANY_ROW, number) for name, text in templates.items()}
        return found | self._made(result, unit, place, row)

    def _varies(self, result: IndicatorResult) -> bool:
        """Whether formulas differ between units by more than their row."""
        assert result.method is not None
        code, names = result.indicator.code, parameter_names(result.method)
        return uses_group(result.method) or any(self.scores.lookup.varies(code, name) for name in names)

    def _own_templates(self, result: IndicatorResult, unit: Unit) -> dict[str, str]:
        """The templates with this unit's parameters; units with the same ones share them."""
        literals = self._literals(result, unit)
        key = (result.indicator.code, tuple(sorted(literals.items())))
        if key not in self.templates:
            self.templates[key] = self._templates(result, literals)
        return self.templates[key]

    def _templates(self, result: IndicatorResult, literals: Mapping[str, str]) -> dict[str, str]:
        method, indicator = result.method, result.indicator
        assert method is not None
        cells = RowCells(
            **{
                key: f"{LETTERS[key]}{_ANY_ROW}"
                for key in ("weight", "target", "prior", "share", "due", "actual", "score")
            }
        )
        found = {
            "due": due_formula(method, cells),
            "rate": rate_formula(method, cells, literals),
            "score": score_formula(method, cells, literals, self.scores.places),
            "state": state_formula(method, cells, literals, result.component, indicator.composite),
        }
        if self.scores.scheme.settings["排名取数"] == RANK_EXACT:
            found["raw"] = score_formula(method, cells, literals, EXACT_PLACES)
        if result.counted:
            lost = f"ROUND(ROUND({cells.weight},{self.scores.places})-{cells.score},{self.scores.places})"
            found["lost"] = f'IF(ISNUMBER({cells.score}),{lost},"")'
        return found

    def _made(self, result: IndicatorResult, unit: int, place: int, row: int) -> dict[str, str]:
        """The formula of a value made from other rows of the unit, unless somebody set another value."""
        indicator = result.indicator
        made = self.made.get((self.scores.units[unit].code, indicator.code))
        if made is not None:
            return {"actual": made.formula} if self._is_made(result, unit, made.value) else {}
        offsets = self.where.offsets(place)
        base = row - offsets[indicator.code]
        if indicator.value_source == terms.SOURCE_BORROWED:
            source = offsets.get(indicator.value_from)
            if source is None or not self._is_made(result, unit, self._borrowed(result, unit)):
                return {}
            cell = at("actual", base + source)
            return {"actual": f'IF({cell}="","",{cell})'}
        parts = [
            self.scores.results[part.code]
            for part in self.scores.scheme.components.get(indicator.code, ())
            if part.code in offsets and self.scores.results[part.code].applies[unit]
        ]
        if not indicator.composite or not parts:
            return {}
        cells = [at("score", base + offsets[part.indicator.code]) for part in parts]
        points = [int(part.points[unit]) for part in parts if part.scored[unit]]
        best = indicator.value_source == terms.SOURCE_BEST
        value = (max(points, default=0) if best else sum(points)) / 10**self.scores.places
        if not self._is_made(result, unit, value):
            return {}
        if best:
            area = ",".join(cells)
            return {"actual": f'IF(COUNT({area})>0,MAX({area}),"")'}
        return {"actual": composite_formula(cells, self.scores.places)}

    def _borrowed(self, result: IndicatorResult, unit: int) -> object:
        return self.scores.results[result.indicator.value_from].answers[unit]

    @staticmethod
    def _is_made(result: IndicatorResult, unit: int, value: object) -> bool:
        """Whether the row's value is the one that was made; a decision may have put another there."""
        answer = result.answers[unit]
        return not isinstance(answer, float) or answer == value

    def _literals(self, result: IndicatorResult, unit: Unit) -> dict[str, str]:
        method, code = result.method, result.indicator.code
        assert method is not None
        found = parameter_literals(self.scores.lookup, method, code, unit)
        return found | group_literals(self.group_cells, method, code, unit)


def has_formulas(result: IndicatorResult) -> bool:
    """Whether the indicator's rows are computed in the sheet."""
    return result.method is not None and result.measured


def _actual(shown: Shown, unit: int, record: Record | None, formulas: Mapping[str, str]) -> CellLike:
    """The value scored; a word stays a word, so that the formulas see what the engine saw."""
    number = shown.actual[unit]
    if "actual" in formulas:
        return Cell("" if number is None else number, shortened(number), formulas["actual"])
    if number is not None:
        return Cell(number, role) if (role := shortened(number)) else number
    answer = shown.result.answers[unit]
    if isinstance(answer, str) and answer not in (terms.BLANK, terms.WAITING):
        return answer
    return record.typed or None if record and answer is None else None
