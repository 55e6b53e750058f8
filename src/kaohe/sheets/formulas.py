"""Live formulas of one indicator row: the rule's own text with names replaced by the row's cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.inputs import parameter_default, parameter_names
from kaohe.assess.lookup import Lookup
from kaohe.assess.scoring import IndicatorResult
from kaohe.model import Unit
from kaohe.rules.methods import COMPARED_NAMES, CompiledMethod, emit_met, emit_rate, emit_score
from kaohe.rules.rule import rewrite
from kaohe.sheets.ranges import runs
from kaohe.values.rounding import round_half_away

DUE_PLACES = 4
"""Decimals 序时目标 is shown with; scores are computed from the target and the share, not from it."""


@dataclass(frozen=True, slots=True)
class RowCells:
    """Addresses of one row: what the formulas refer to, and where they stand."""

    weight: str
    target: str
    prior: str
    share: str
    due: str
    actual: str
    score: str

    def references(self, method: CompiledMethod, literals: Mapping[str, str]) -> dict[str, str]:
        """Names of the rule language → cells; parameters and group values come as ``literals``."""
        cells = {
            "权重": self.weight,
            "目标值": self.target,
            "完成值": self.actual,
            "上年值": self.prior,
            "序时": self.share,
        }
        return {name: literals.get(name, cells.get(name, '""')) for name in method.asks} | cells


def score_formula(method: CompiledMethod, cells: RowCells, literals: Mapping[str, str], places: int) -> str:
    """得分, guarded against blanks and words, rounded once."""
    return emit_score(method, cells.references(method, literals), places)


def rate_formula(method: CompiledMethod, cells: RowCells, literals: Mapping[str, str]) -> str:
    """完成率 as a ratio, '' where there is no number."""
    return emit_rate(method, cells.references(method, literals))


def due_formula(method: CompiledMethod, cells: RowCells) -> str:
    """序时目标: the target times the elapsed share where the method uses it, rounded for the eye."""
    due = f"ROUND({cells.target}*{cells.share},{DUE_PLACES})" if "序时" in method.uses else cells.target
    return f'IF(ISNUMBER({cells.target}),{due},"")'


def shown_due(result: IndicatorResult) -> npt.NDArray[np.float64]:
    """序时目标 as the sheets show it, one per unit in the unit of measure, NaN without a target."""
    if result.method is None or "序时" not in result.method.uses:
        return result.due
    return round_half_away(result.due, DUE_PLACES)


def state_formula(
    method: CompiledMethod, cells: RowCells, literals: Mapping[str, str], component: bool, composite: bool
) -> str:
    """状态 as text: not filled in, not readable, not scorable, on schedule, behind."""
    references = cells.references(method, literals)
    guarded = rewrite(method.guard, references)
    met = emit_met(method, references)
    good, bad = state_words(component)
    empty = terms.WAITING if composite else terms.BLANK
    return (
        f'IF(ISERROR({cells.actual}),"{terms.NOT_READ}",IF({cells.actual}="","{empty}",'
        f'IF(NOT(ISNUMBER({cells.score})),IF({guarded},"{terms.NOT_SCORABLE}","{terms.NOT_READ}"),'
        f'IF({met}=TRUE,"{good}","{bad}"))))'
    )


def state_words(component: bool) -> tuple[str, str]:
    """The words for met and not met; components have their own, so that counting the words counts indicators."""
    return (terms.COMPONENT_MET, terms.COMPONENT_BEHIND) if component else (terms.ON_SCHEDULE, terms.BEHIND)


def shown_state(result: IndicatorResult, unit: int) -> str:
    """The state of a unit's indicator as the sheets say it."""
    good, bad = state_words(result.component)
    state = str(result.state[unit])
    return {terms.ON_SCHEDULE: good, terms.BEHIND: bad}.get(state, state)


def composite_formula(scores: Sequence[str], places: int) -> str:
    """完成值 of a composite: the sum of its components' scores once all are there (BH6)."""
    area = ",".join(runs(scores))
    return f'IF(COUNT({area})={len(scores)},ROUND(SUM({area}),{places}),"")'


def total_formula(cells: Sequence[str], places: int) -> str:
    """A sum that is exact at its places: plain sums of two-place scores miss the exact total."""
    return f"ROUND(SUM({','.join(runs(cells))}),{places})"


def number_literal(value: float) -> str:
    """A number as it stands in a formula."""
    return f"{value:.15g}"


def uses_group(method: CompiledMethod) -> bool:
    """Whether the rule compares units: its score exists only after consolidation."""
    return method.compares


def parameter_literals(lookup: Lookup, method: CompiledMethod, indicator: str, unit: Unit) -> dict[str, str]:
    """Parameters of a unit as they stand in its formulas; an empty text for one that nobody gave."""
    found = {}
    for name in parameter_names(method):
        value = lookup.parameter(indicator, name, unit)
        value = parameter_default(method, name) if value is None else value
        found[name] = number_literal(value) if value is not None else '""'
    return found


def group_literals(
    cells: Mapping[tuple[str, str, str], str], method: CompiledMethod, indicator: str, unit: Unit
) -> dict[str, str]:
    """Names of the comparison → cells of 组参数 (see ``group_cells``); an empty text where a unit has none."""
    names = method.uses.intersection(COMPARED_NAMES)
    return {name: cells.get((indicator, unit.code, name), '""') for name in names}
