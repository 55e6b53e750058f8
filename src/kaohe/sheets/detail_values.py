"""What 得分明细 shows of one indicator: the values of all units, taken out of numpy at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.assess.standing import points_lost
from kaohe.sheets.formulas import shown_due, state_words
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.plan import CellLike

COUNTED, COMPONENT, NOT_COUNTED, CHECKED = "是", "分项", "否", "核对"
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_Other = TypeVar("_Other", str, None)


def lookup_key(code: str) -> str:
    """A code as the hidden columns hold it: no spreadsheet takes it for a number ("007" is not 7)."""
    return f"k{code}"


def criterion(code: str) -> str:
    """The key of a code as the condition of SUMIFS, a text in a formula."""
    return '"' + lookup_key(code).replace('"', '""') + '"'


def shortened(number: object) -> str | None:
    """The role that shows two decimals of a long number, such as a mean; None: it is shown as it is.

    Four decimals are not long (a due target has them), and below 1 two would not tell enough.
    """
    if not isinstance(number, float) or abs(number) < 1 or number == round_half_away(number, 4):
        return None
    return "number2"


def counted_word(result: IndicatorResult) -> str:
    """计入: 是 for what counts towards the total, 加分 or 扣分 beside it, 分项 for components, 否 outside."""
    if not result.measured:
        return NOT_COUNTED
    if result.component:
        return COMPONENT
    if not result.indicator.weight:
        return CHECKED
    return COUNTED if result.kind == terms.PART_SCORED else result.kind


@dataclass(frozen=True)
class Shown:
    """One indicator as its rows show it: what all units share, then one value per unit.

    The values are plain Python: taking numbers one by one out of numpy costs more than everything else here.
    """

    result: IndicatorResult
    shared: tuple[CellLike, ...]
    keys: tuple[str | None, str]
    weight: list[float | None]
    target: list[float | None]
    prior: list[float | None]
    share: float | None
    due: list[float | None]
    actual: list[float | None]
    rate: list[float | str]
    score: list[float | str]
    computed: list[float | str]
    lost: list[float | str]
    state: list[str]

    @classmethod
    def of(cls, result: IndicatorResult, scores: Scores) -> Shown:
        """``shared`` are the columns from 部分 to 计分方法, ``keys`` those of part and indicator."""
        indicator, scale = result.indicator, 10**scores.places
        part, top = scores.scheme.part_of(indicator), scores.scheme.top_part_of(indicator)
        lost = points_lost(result, scores.places) / scale
        good, bad = state_words(result.component)
        words = {terms.ON_SCHEDULE: good, terms.BEHIND: bad}
        return cls(
            result=result,
            shared=(
                part.name if part else None,
                indicator.code,
                indicator.name,
                indicator.unit_of_measure or None,
                indicator.method,
            ),
            keys=(lookup_key(top.code) if top else None, lookup_key(indicator.code)),
            weight=_where(result.applies, result.weight, None),
            target=_where(~np.isnan(result.target), result.target, None),
            prior=_where(~np.isnan(result.prior), result.prior, None),
            share=None if np.isnan(result.share) else float(result.share),
            due=_where(~np.isnan(result.due), shown_due(result), None),
            actual=_where(~np.isnan(result.actual), result.actual, None),
            rate=_where(~np.isnan(result.rate), result.rate, ""),
            score=_where(result.scored, result.points / scale, ""),
            computed=_where(~np.isnan(result.raw), result.computed / scale, ""),
            lost=_where(result.scored & result.counted, lost, ""),
            state=[words.get(state, state) for state in map(str, result.state)],
        )


def _where(known: Mask, values: Floats, otherwise: _Other) -> list[float | _Other]:
    """Values as Python numbers, ``otherwise`` where not known."""
    found = values.astype(object)
    found[~known] = otherwise
    listed: list[float | _Other] = found.tolist()
    return listed
