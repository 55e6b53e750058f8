"""Values that come out of a survey or of several periods, as live formulas for 得分明细."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kaohe.assess.assessment import Assessment
from kaohe.assess.claims import MIXED, SURVEYED
from kaohe.assess.survey import VALUE_PLACES
from kaohe.sheets.names import SheetNames
from kaohe.sheets.survey_sheet import value_cells


class MadeCell(NamedTuple):
    """A value as it was scored, and the formula that comes to it."""

    value: float
    formula: str


def made_cells(assessment: Assessment, names: SheetNames) -> Mapping[tuple[str, str], MadeCell]:
    """(unit, indicator) → what its 完成值 is, where nobody types it: 测评汇总, or the periods' figures."""
    values = value_cells(assessment, names)
    found = {}
    for key, made in assessment.made.computed.items():
        if made.source == SURVEYED and key in values:
            found[key] = MadeCell(made.number, f'IF({values[key]}="","",{values[key]})')
        elif made.source == MIXED:
            found[key] = MadeCell(made.number, f"ROUND({made.text},{VALUE_PLACES})")
    return found
