"""序时 for worksheet functions: periods as typed or as Excel made dates of them, and ways of falling due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from kaohe import terms
from kaohe.assess.pace import curve_parameter, elapsed_share, pace_start
from kaohe.faces.functions_cells import Block, CallError, Cell, error_of, text_of
from kaohe.faces.functions_methods import named_numbers
from kaohe.model import Indicator, Period
from kaohe.periods import PeriodError, parse_period

_FIRST_DAY = dt.date(1899, 12, 30)
_SERIALS = (32874.0, 73415.0)
"""1990 to 2100 as Excel's day numbers: dates where Excel hands on numbers only."""


def period_of(cell: Cell) -> Period:
    """2007-H1 and the like; 2007-07 that Excel made a date of; the number 2007. Raises PeriodError."""
    if isinstance(cell, float) and _SERIALS[0] <= cell < _SERIALS[1]:
        cell = _FIRST_DAY + dt.timedelta(days=int(cell))
    if isinstance(cell, dt.date):
        return parse_period(f"{cell:%Y-%m}")
    return parse_period(text_of(cell))


def curve_of(argument: object) -> Mapping[str, float]:
    """The curve's points: 12 cumulative shares from January on, or parameters 序时1月 … 序时12月.

    Raises CallError for anything else.
    """
    if argument is None:
        return {}
    block = Block.of(argument)
    if block.size == 12:
        shares = [cell for cell in block.cells if isinstance(cell, float)]
        if len(shares) < 12:
            raise CallError("曲线应为12个数:1月到12月末的累计序时,如 0.05")
        return {curve_parameter(month): share for month, share in enumerate(shares, start=1)}
    names = {curve_parameter(month) for month in range(1, 13)}
    return named_numbers(block, names)


def elapsed(period: Cell, pace: Cell, curve: Mapping[str, float]) -> float | str:
    """The share due (ratio 0–1); '' for a blank period; else # and the reason."""
    if error := error_of(period, pace):
        return error
    if period is None:
        return ""
    name = text_of(pace) or terms.PACE_BY_MONTH
    if name not in (terms.PACE_BY_MONTH, terms.PACE_NONE, terms.PACE_CURVE) and pace_start(name) is None:
        return f"#序时方式“{name}”看不懂,应为 按月、无、曲线 或 N月起(如 7月起)"
    try:
        found = period_of(period)
    except PeriodError as error:
        return f"#{error}"
    share = elapsed_share(Indicator("", "", "", pace=name), found, curve.get)
    return f"#曲线没有{found.month}月的数" if share is None else share
