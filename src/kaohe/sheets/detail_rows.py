"""Where things stand in 得分明细: its columns, and the row of every unit and indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from kaohe.assess.applicable import Applicable
from kaohe.assess.assessment import Assessment
from kaohe.model import Indicator, Unit
from kaohe.sheets.names import SheetNames
from kaohe.workbooks.grid import column_letter

KEY = "得分明细"
HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
LINKS_UP_TO = 65_000
"""Up to this row 来源 leads to its row of 填报数据; a longer sheet names file and cell only, because a sheet
holds 65,530 links at most."""

COLUMNS: tuple[tuple[str, str, str, float], ...] = (
    ("unit", "单位代码", "code", 8),
    ("unit_name", "单位", "text_center", 12),
    ("group", "考核组", "text_center", 8),
    ("part", "部分", "text_center", 10),
    ("code", "指标代码", "code", 8),
    ("name", "指标", "text_wrap", 28),
    ("unit_of_measure", "计量单位", "text_center", 8),
    ("method", "计分方法", "text_center", 14),
    ("counted", "计入", "text_center", 6),
    ("weight", "权重", "number", 7),
    ("target", "年度目标", "number", 10),
    ("prior", "上年值", "number", 9.5),
    ("share", "序时", "percent", 9),
    ("due", "序时目标", "number", 10),
    ("actual", "完成值", "number", 10),
    ("hand", "取值", "text_center", 7),
    ("rate", "完成率", "percent", 8),
    ("score", "得分", "score", 8),
    ("computed", "公式得分", "score", 8),
    ("lost", "扣分", "score", 7),
    ("state", "状态", "text_center", 10),
    ("status", "数据状态", "text_center", 9),
    ("mark", "标记", "text_center", 9),
    ("source", "来源", "link", 30),
    ("unit_key", "单位键", "text_grey", 0),
    ("part_key", "部分键", "text_grey", 0),
    ("indicator_key", "指标键", "text_grey", 0),
    ("order", "次序", "text_grey", 0),
    ("raw", "未舍入得分", "number", 0),
)
"""(key, heading, role, width) from column A on; the last ones are hidden and serve other sheets' formulas."""
LETTERS = {key: column_letter(index + 1) for index, (key, *_) in enumerate(COLUMNS)}


def at(key: str, row: int) -> str:
    """Address of a column's cell in a row of 得分明细."""
    return f"{LETTERS[key]}{row}"


@dataclass(frozen=True)
class DetailRows:
    """Where every (unit, indicator) stands; other sheets refer to these rows.

    A unit has a row for each indicator it is assessed by: ``lines`` are their positions in ``order``.
    """

    units: tuple[Unit, ...]
    order: tuple[Indicator, ...]
    lines: tuple[Sequence[int], ...]
    sheet: str

    @classmethod
    def of(cls, assessment: Assessment, names: SheetNames) -> DetailRows:
        """Units in the order of their standing, indicators with components beneath their composite."""
        scheme = assessment.scores.scheme
        order: list[Indicator] = []
        for row in scheme.indicators:
            if not scheme.is_component(row) and row.code in assessment.scores.results:
                order += [row, *scheme.below(row)]
        units = tuple(standing.unit for standing in assessment.standings)
        applicable = Applicable(scheme)
        shared: dict[int, Sequence[int]] = {}
        lines = []
        for unit in units:
            rows = applicable.of(unit)
            if id(rows) not in shared:
                codes = {row.code for row in rows}
                shared[id(rows)] = [at for at, row in enumerate(order) if row.code in codes]
            lines.append(shared[id(rows)])
        return cls(units, tuple(order), tuple(lines), names[KEY])

    @cached_property
    def _starts(self) -> list[int]:
        """First row of every unit, and the row behind the last one."""
        return list(accumulate(map(len, self.lines), initial=FIRST_ROW))

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {unit.code: at for at, unit in enumerate(self.units)}

    @cached_property
    def _offsets(self) -> Mapping[int, Mapping[str, int]]:
        """Rows shared by many units → indicator code → how far below the unit's first row."""
        return {
            id(line): {self.order[at].code: offset for offset, at in enumerate(line)} for line in self.lines
        }

    @property
    def last_row(self) -> int:
        """The last row of the table."""
        return self._starts[-1] - 1

    def first_row(self, unit_index: int) -> int:
        """Sheet row of the n-th unit's first indicator."""
        return self._starts[unit_index]

    def offsets(self, unit_index: int) -> Mapping[str, int]:
        """Indicator code → rows below the unit's first row, for what the n-th unit is assessed by."""
        return self._offsets[id(self.lines[unit_index])]

    def row_of(self, unit: str, indicator: str) -> int | None:
        """Sheet row of an indicator of a unit; None when the unit is not assessed by it."""
        at = self._position.get(unit)
        offset = None if at is None else self.offsets(at).get(indicator)
        return None if at is None or offset is None else self._starts[at] + offset

    def column(self, key: str) -> str:
        """A whole column of the table as an absolute reference to this sheet."""
        letter = LETTERS[key]
        return f"{self.sheet}!${letter}${FIRST_ROW}:${letter}${max(self.last_row, FIRST_ROW)}"

    @property
    def moved(self) -> str:
        """True when the rows no longer stand in the order they were written in, as a formula; '' if none.

        Composites add up the rows beneath them, so a sorted sheet would come to other totals.
        """
        if self.last_row < FIRST_ROW:
            return ""
        order = self.column("order")
        return f"SUMPRODUCT(--({order}<>ROW({order})-{HEADER_ROW}))>0"

    def block(self, key: str, unit_index: int) -> str:
        """The rows of one unit as an absolute reference."""
        letter = LETTERS[key]
        first, last = (
            self._starts[unit_index],
            max(self._starts[unit_index + 1] - 1, self._starts[unit_index]),
        )
        return f"{self.sheet}!${letter}${first}:${letter}${last}"
