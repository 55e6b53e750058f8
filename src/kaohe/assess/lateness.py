"""What a late return costs: points off by the day (Y5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kaohe import settings
from kaohe.values.rounding import round_half_away


@dataclass(frozen=True, slots=True)
class Lateness:
    """What a late return costs: whole days after the deadline, and points (分) off."""

    days: int
    points: float
    uncapped: float
    deadline: dt.date

    @property
    def words(self) -> str:
        """迟报3天(截止2017-01-10),扣 0.3 分; '' when nothing was late."""
        if not self.days:
            return ""
        cut = f",按上限扣 {self.points:g} 分" if self.points < self.uncapped else f",扣 {self.points:g} 分"
        return f"迟报{self.days}天(截止{self.deadline:%Y-%m-%d}){cut}"


def late_deduction(
    values: Mapping[str, str | float], deadline: dt.date, received: dt.date | None, extended: dt.date | None
) -> Lateness:
    """Points off for a return received after the deadline (迟报每天扣分, 迟报扣分上限), by calendar days.

    ``extended``: a later day granted by decision (人工调整 延期); an earlier one changes nothing. What was
    not received at all (None) costs nothing here: it is decided as 按0分 or 延期. ``values``: settings; the
    result is rounded once to 总分小数位.
    """
    due = max(deadline, extended) if extended else deadline
    days = max((received - due).days, 0) if received else 0
    places = settings.places(values, "总分")
    uncapped = float(round_half_away(days * float(values["迟报每天扣分"]), places))
    most = float(values["迟报扣分上限"])
    points = min(uncapped, float(round_half_away(most, places))) if most else uncapped
    return Lateness(days, points, uncapped, due)
