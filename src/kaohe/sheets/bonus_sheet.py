"""加减分汇总: what was added and taken off, row by row, and what caps left of it (WXJ2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kaohe import settings
from kaohe.assess.assessment import Assessment
from kaohe.assess.bonuses import Bonuses, BonusItem, BonusLine, BonusPart
from kaohe.assess.lateness import Lateness
from kaohe.sheets.lists import FIRST_ROW, Columns, table_sheet, with_names
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

KEY = "加减分汇总"
_COLUMNS: Columns = (
    ("单位代码", "code", 10),
    ("单位", "text_center", 12),
    ("性质", "text_center", 8),
    ("部分", "text_center", 14),
    ("项目代码", "code", 10),
    ("项目", "text_wrap", 24),
    ("来源", "text_center", 9),
    ("事由", "text_wrap", 34),
    ("依据", "text_wrap", 30),
    ("日期", "text_center", 12),
    ("分数", "score", 9),
    ("上限", "number", 8),
    ("计入", "score", 9),
    ("未计", "points_lost", 9),
)
LATE = "迟报扣分"
_POINTS, _CAP, _COUNTED = "K", "L", "M"


def bonus_sheet(
    assessment: Assessment, bonuses: Bonuses, late: Mapping[str, Lateness] = MappingProxyType({})
) -> SheetPlan:
    """Every unit's lines, below them each item's sum under its cap, below those each part's; late returns."""
    names = {row.unit.code: row.unit.name for row in assessment.standings}
    table = _Table(settings.places(assessment.scores.scheme.settings, "得分"), names)
    top = settings.places(assessment.scores.scheme.settings, "部分")
    for unit in names:
        for part in bonuses.parts.get(unit, ()):
            table.part(part, part.kind, top)
        if unit in late and late[unit].days:
            table.late(unit, late[unit])
    return table_sheet(
        assessment,
        KEY,
        with_names(_COLUMNS, (names[unit] for unit in names if unit in bonuses.parts or unit in late)),
        table.rows,
        note="一事一行;先按项目上限、再按部分上限计;扣分也写成正数",
        freeze="E",
        empty="没有加分和扣分",
    )


class _Table:
    """Rows in the making; knows where each sum's terms stand."""

    def __init__(self, places: int, names: dict[str, str]) -> None:
        self.rows: list[Sequence[CellLike]] = []
        self._places = places
        self._names = names

    def part(self, part: BonusPart, kind: str, places: int) -> int:
        """Lines, items and parts of one part and its sum; the row the sum stands in."""
        rows = [self._item(part, kind, item) for item in part.items]
        rows += [self.part(below, kind, self._places) for below in part.parts]
        summed = f"ROUND({_sum(_COUNTED, rows)},{places})"
        front = [part.unit, self._names[part.unit], kind, part.name, part.code, f"{part.name}合计"]
        return self._total(front, part, summed)

    def late(self, unit: str, cost: Lateness) -> int:
        """What a late return costs, under its cap."""
        front = [unit, self._names[unit], LATE, None, None, "迟报", None, cost.words, None, None]
        cap = cost.points if cost.points < cost.uncapped else None
        cut = float(round_half_away(cost.uncapped - cost.points, self._places))
        return self._add([*front, cost.uncapped, cap, cost.points, cut])

    def _item(self, part: BonusPart, kind: str, item: BonusItem) -> int:
        rows = [self._line(part, kind, item, line) for line in item.lines]
        # Rows that take points back leave an item at 0 at the least.
        summed = f"MAX(0,ROUND({_sum(_POINTS, rows)},{self._places}))"
        front = [part.unit, self._names[part.unit], kind, part.name, item.code, f"{item.name}小计"]
        return self._total(front, item, summed)

    def _line(self, part: BonusPart, kind: str, item: BonusItem, line: BonusLine) -> int:
        return self._add(
            [
                part.unit,
                self._names[part.unit],
                kind,
                part.name,
                item.code,
                item.name,
                line.source,
                line.reason or None,
                line.basis or None,
                line.date or None,
                line.points,
                None,
                None,
                None,
            ]
        )

    def _total(self, front: Sequence[str], held: BonusItem | BonusPart, formula: str) -> int:
        row = FIRST_ROW + len(self.rows)
        at = {letter: f"{letter}{row}" for letter in (_POINTS, _CAP, _COUNTED)}
        limited = at[_POINTS] if held.cap is None else f"MIN({at[_POINTS]},{at[_CAP]})"
        cut = f"ROUND({at[_POINTS]}-{at[_COUNTED]},{self._places})"
        return self._add(
            [
                *(Cell(text, "total_text") for text in front),
                *(Cell(None, "total_text") for _ in range(4)),
                Cell(held.summed, "total", formula=formula),
                Cell(held.cap, "total"),
                Cell(held.counted, "total", formula=limited),
                Cell(held.cut, "total", formula=cut),
            ]
        )

    def _add(self, cells: Sequence[CellLike]) -> int:
        self.rows.append(cells)
        return FIRST_ROW + len(self.rows) - 1


def _sum(letter: str, rows: Sequence[int]) -> str:
    """A sum over rows, neighbours taken together."""
    pieces: list[tuple[int, int]] = []
    for row in rows:
        if pieces and row == pieces[-1][1] + 1:
            pieces[-1] = (pieces[-1][0], row)
        else:
            pieces.append((row, row))
    areas = (f"{letter}{first}" + (f":{letter}{last}" if last > first else "") for first, last in pieces)
    return f"SUM({','.join(areas)})"
