"""加减分汇总: what was added and taken off, row by row, and what caps left of it (WXJ2)."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe import settings
from kaohe.assess.assessment import Assessment
from kaohe.assess.bonuses import BonusItem, BonusLine, BonusPart
from kaohe.assess.lateness import Lateness
from kaohe.sheets.detail_values import lookup_key
from kaohe.sheets.lists import FIRST_ROW, Columns, for_units, table_sheet
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

KEY = "加减分汇总"
_COLUMNS: Columns = (
    ("单位代码", "code", 10),
    ("单位", "text_center", 12),
    ("性质", "text_center", 9),
    ("部分", "text_center", 14),
    ("项目代码", "code", 10),
    ("项目", "text_wrap", 24),
    ("来源", "text_center", 9),
    ("事由", "text_wrap", 32),
    ("依据", "text_wrap", 26),
    ("日期", "text_center", 11),
    ("分数", "score", 9),
    ("上限", "number", 8),
    ("计入", "score", 9),
    ("未计", "points_lost", 9),
    ("单位键", "text_grey", 0),
)
LATE = "迟报扣分"
_POINTS, _CAP, _COUNTED = "K", "L", "M"


def bonus_sheet(assessment: Assessment) -> SheetPlan:
    """Every unit's lines, below them each item's sum under its cap, below those each part's; late returns."""
    bonuses, late = assessment.beside.bonuses, assessment.beside.late
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
        for_units(_COLUMNS, assessment),
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
        """An item's lines and their sum; a single line is its own sum."""
        front = [part.unit, self._names[part.unit], kind, part.name, item.code]
        if len(item.lines) == 1:
            # A row that takes points back leaves an item at 0 at the least.
            points = f"MAX(0,{_POINTS}{self._next})"
            return self._add([*front, *self._line(item, item.lines[0]), *self._limited(points, item, None)])
        rows = [self._add([*front, *self._line(item, line), None, None, None]) for line in item.lines]
        summed = f"MAX(0,ROUND({_sum(_POINTS, rows)},{self._places}))"
        return self._total([*front, f"{item.name}小计"], item, summed)

    @staticmethod
    def _line(item: BonusItem, line: BonusLine) -> list[CellLike]:
        return [
            item.name,
            line.source,
            line.reason or None,
            line.basis or None,
            line.date or None,
            line.points,
        ]

    @property
    def _next(self) -> int:
        return FIRST_ROW + len(self.rows)

    def _limited(self, points: str, held: BonusItem | BonusPart, role: str | None) -> list[Cell]:
        """上限, 计入, 未计 of the next row, whose points before the cap are ``points``."""
        limited = points if held.cap is None else f"MIN({points},{_CAP}{self._next})"
        cut = f"ROUND({points}-{_COUNTED}{self._next},{self._places})"
        return [
            Cell(held.cap, role),
            Cell(held.counted, role, formula=limited),
            Cell(held.cut, role, formula=cut),
        ]

    def _total(self, front: Sequence[str], held: BonusItem | BonusPart, formula: str) -> int:
        return self._add(
            [
                *(Cell(text, "total_text") for text in front),
                *(Cell(None, "total_text") for _ in range(4)),
                Cell(held.summed, "total", formula=formula),
                *self._limited(f"{_POINTS}{self._next}", held, "total"),
            ]
        )

    def _add(self, cells: Sequence[CellLike]) -> int:
        unit = cells[0].value if isinstance(cells[0], Cell) else cells[0]
        self.rows.append([*cells, lookup_key(str(unit))])
        return self._next - 1


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
