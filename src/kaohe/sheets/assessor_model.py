"""What one 考评打分表 holds: a department's indicators in blocks of columns over the units they assess."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.assessors import Assessing
from kaohe.assess.lookup import Lookup
from kaohe.model import Indicator, Period, Scheme, Target, Unit
from kaohe.rules.methods import CompiledMethod
from kaohe.sheets.assessor_layout import CHECKED_WORD
from kaohe.sheets.form_model import offered_words

MOST_COLUMNS = 12
"""Columns of values side by side that still print readably on A4; more are put into a block below."""
MARKED = "评定分"
"""The method whose value is a mark between nought and the weight."""
ANY_NUMBER = (-1e15, 1e15)


@dataclass(frozen=True)
class Column:
    """One column of a block: the cells to fill in, or the units' targets beside them."""

    indicator: Indicator
    targets: bool = False


@dataclass(frozen=True)
class Block:
    """Indicators that assess the same units, as columns, and these units, group by group."""

    columns: tuple[Column, ...]
    units: tuple[Unit, ...]

    @property
    def groups(self) -> tuple[tuple[str, tuple[Unit, ...]], ...]:
        """(group, its units) in the scheme's order."""
        names = dict.fromkeys(unit.group for unit in self.units)
        return tuple((name, tuple(u for u in self.units if u.group == name)) for name in names)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The block's indicators from left to right."""
        return tuple(column.indicator for column in self.columns if not column.targets)


@dataclass(frozen=True)
class AssessorForm:
    """All a 考评打分表 is made from."""

    scheme: Scheme
    period: Period
    task: Assessing
    deadline: dt.date
    methods: Mapping[str, CompiledMethod]
    lookup: Lookup

    def blocks(self) -> tuple[Block, ...]:
        """Indicators that assess the same units side by side, at most MOST_COLUMNS columns."""
        same: dict[tuple[str, ...], list[Indicator]] = {}
        for row in self.task.indicators:
            key = tuple(unit.code for unit in self.task.units[row.code])
            same.setdefault(key, []).append(row)
        return tuple(
            Block(columns, self.task.units[rows[0].code])
            for rows in same.values()
            for columns in _side_by_side([self._columns(row) for row in rows])
        )

    def _columns(self, indicator: Indicator) -> tuple[Column, ...]:
        own = Column(indicator)
        return (Column(indicator, targets=True), own) if self.targets_differ(indicator) else (own,)

    def words(self, indicator: Indicator) -> tuple[str, ...]:
        """The words to choose from where the value is one; () for numbers."""
        return offered_words(self.methods.get(indicator.method))

    def between(self, indicator: Indicator) -> tuple[float, float]:
        """The numbers that may be typed: a mark has its full marks as the highest."""
        marked = indicator.method == MARKED and indicator.value_source == terms.SOURCE_ASSESSED
        return (0.0, indicator.weight) if marked else ANY_NUMBER

    def target(self, indicator: Indicator, unit: Unit) -> float | None:
        """The unit's target, where the method looks at one."""
        method = self.methods.get(indicator.method)
        if method is None or "目标值" not in method.uses:
            return None
        found: Target | None = self.lookup.target(indicator.code, unit.code)
        return found.value if found else None

    def targets_differ(self, indicator: Indicator) -> bool:
        """Whether the targets stand in a column of their own."""
        units = self.task.units[indicator.code]
        return len({self.target(indicator, unit) for unit in units}) > 1

    def hint(self, indicator: Indicator) -> str:
        """Full marks and what is to be typed, below the indicator's name."""
        full = f"满分 {indicator.weight:g} 分"
        words = self.words(indicator)
        if words:
            return f"{full}\n{CHECKED_WORD if indicator.entered else '选择'}:{'/'.join(words)}"
        if indicator.entered:
            return "\n".join([full, f"{CHECKED_WORD}{_measure(indicator)}", *self._common_target(indicator)])
        low, high = self.between(indicator)
        if high < ANY_NUMBER[1]:
            return f"{full}\n打分:{low:g}–{high:g}"
        return "\n".join([full, f"填{_measure(indicator)}", *self._common_target(indicator)])

    def _common_target(self, indicator: Indicator) -> Iterable[str]:
        value = self.target(indicator, self.task.units[indicator.code][0])
        if value is not None and not self.targets_differ(indicator):
            yield f"目标 {value:g}"


def _measure(indicator: Indicator) -> str:
    return f"完成值({indicator.unit_of_measure})" if indicator.unit_of_measure else "完成值"


def _side_by_side(wanted: Sequence[tuple[Column, ...]]) -> Iterable[tuple[Column, ...]]:
    """The columns in as few blocks as can be, of about the same width; an indicator's stay together."""
    count = sum(map(len, wanted))
    room = math.ceil(count / math.ceil(count / MOST_COLUMNS))
    line: list[Column] = []
    for columns in wanted:
        if line and len(line) + len(columns) > room:
            yield tuple(line)
            line = []
        line += columns
    yield tuple(line)
