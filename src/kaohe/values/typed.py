"""One cell → a number in the indicator's unit of measure, or the reason why not.

    read_typed("1,746万", unit_of_measure="亿元")     number 0.1746, unit 万, note 按 0.1746亿元 理解
    read_typed("300余人")                            number 300, relation ≥, approximate
    read_typed(0.098, percent_format=True)           number 9.8 (percentage points)
    read_typed("约好")                               kind word, reason

Conventions, declared here because no source settles them:

- A number under a percent format is in percentage points (x100), whatever the unit of measure says; text
  is not affected by the cell's format. '100.00%' is 100 when the unit is % or unknown; it contradicts any
  other unit.
- A typed unit is converted to the declared one when both measure the same thing (万元 → 亿元, 公顷 → 亩);
  个, 项, 家 and other measure words stand for each other; anything else that differs is unreadable, never
  guessed.
- 以上, 以下, 以内 include the figure itself, as in legal Chinese. 约, 近, 左右 make a figure approximate (≈);
  余 and 多 make it approximate and at least.
- 无 is no number: whether it means zero depends on the indicator. 零 and 无一例 are zero.
"""

from __future__ import annotations

import datetime as dt
import math

from kaohe.values.float_noise import without_noise
from kaohe.values.typed_fold import fold
from kaohe.values.typed_result import KINDS, Typed, Value, refuse
from kaohe.values.typed_text import date_reason, read_text
from kaohe.values.units import understand
from kaohe.values.words import REASONS, attained

__all__ = ["KINDS", "Typed", "Value", "attained", "read_typed"]


def read_typed(value: Value, *, percent_format: bool = False, unit_of_measure: str = "") -> Typed:
    """What one cell says. ``percent_format``: its number format shows percent; ``unit_of_measure``: the
    indicator's, '' when there is none. Never raises; nothing becomes 0 or blank silently."""
    if type(value) is float and not percent_format and len(repr(value)) < 12 and value - value == 0.0:
        return tuple.__new__(Typed, (value + 0.0, "", "", False, "number", value, None, "", "", None, ""))
    if isinstance(value, str):
        return read_text(value, unit_of_measure)
    if isinstance(value, bool):
        kind = "yes" if value else "no"
        return refuse(value, kind, REASONS[kind])
    if isinstance(value, (int, float)):
        return _read_number(value, percent_format, unit_of_measure)
    if value is None:
        return refuse(None, "blank", REASONS["blank"])
    return refuse(value, "date", _date_reason(value))


def _read_number(value: float, percent_format: bool, unit_of_measure: str) -> Typed:
    """A number cell: percent formats, float noise, infinities."""
    try:
        number = float(value)
    except OverflowError:
        return refuse(value, "unreadable", "数过大")
    if percent_format:
        number = float(f"{number * 100 * _per_percent(unit_of_measure):.15g}")
    if not math.isfinite(number):
        return refuse(value, "error", REASONS["error"])
    clean = without_noise(number)
    note = f"按 {clean:.15g} 理解(原值 {number!r} 的尾数是浮点误差)" if clean != number else ""
    return Typed(clean + 0.0, source=value, note=note)


def _per_percent(unit_of_measure: str) -> float:
    """How many of the declared unit make one percentage point: 10 for ‰, 1 otherwise."""
    unit = understand(fold(unit_of_measure))
    return float(1 / unit.factor) if unit and unit.family == "percent" else 1.0


def _date_reason(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> str:
    return date_reason(value) if isinstance(value, dt.date) else REASONS["date"]
