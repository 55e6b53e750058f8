"""Where the ranking finds what counts of a unit's bonuses and deductions: formulas over 加减分汇总."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.model import Part
from kaohe.sheets.bonus_sheet import KEY, LATE, bonus_sheet
from kaohe.sheets.lists import FIRST_ROW
from kaohe.sheets.names import SheetNames

_COUNTED, _KIND, _LINE, _UNIT = "M", "C", "F", "O"


@dataclass(frozen=True)
class BonusTotals:
    """Formulas over the sheet; ``parts`` are those of the first level of kind 加分 and 扣分."""

    sheet: str
    last_row: int
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, assessment: Assessment, names: SheetNames) -> BonusTotals | None:
        """None when the sheet is not there."""
        if not wanted(assessment):
            return None
        rows = len(bonus_sheet(assessment).rows)
        tops = (part for part in assessment.scores.scheme.parts if not part.parent)
        beside = tuple(part for part in tops if part.kind != terms.PART_SCORED)
        return cls(names[KEY], max(rows, FIRST_ROW), beside)

    def kind(self, kind: str, unit: str, places: int) -> str:
        """What the parts of one kind (加分, 扣分) come to for the unit whose key is the formula ``unit``."""
        sums = [self._summed(kind, f"{part.name}合计", unit) for part in self.parts if part.kind == kind]
        return f"ROUND({'+'.join(sums) or '0'},{places})"

    def late(self, unit: str, places: int) -> str:
        """Points off for being late."""
        return f"ROUND({self._summed(LATE, '迟报', unit)},{places})"

    def _summed(self, kind: str, line: str, unit: str) -> str:
        counted, kinds, lines, units = (self._column(at) for at in (_COUNTED, _KIND, _LINE, _UNIT))
        named = line.replace('"', '""')
        return f'SUMIFS({counted},{units},{unit},{kinds},"{kind}",{lines},"{named}")'

    def _column(self, letter: str) -> str:
        return f"{self.sheet}!${letter}${FIRST_ROW}:${letter}${self.last_row}"


def wanted(assessment: Assessment) -> bool:
    """Whether anything can stand beside the scored parts in this scheme."""
    scheme = assessment.scores.scheme
    beside = any(part.kind != terms.PART_SCORED for part in scheme.parts)
    return beside or bool(assessment.beside.late) or bool(float(scheme.settings["迟报每天扣分"]))
