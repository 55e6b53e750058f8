"""序时进度: the share of an annual target that is due at the end of a period (BH3)."""

from __future__ import annotations

import re
from collections.abc import Callable

from kaohe import terms
from kaohe.model import Indicator, Period


def pace_start(pace: str) -> int | None:
    """``7月起`` → 7; None for the other paces."""
    match = re.fullmatch(r"(\d{1,2})月起", pace)
    return int(match[1]) if match and 1 <= int(match[1]) <= 12 else None


def curve_parameter(month: int) -> str:
    """Name of the parameter that holds the cumulative share due at the end of ``month``."""
    return f"序时{month}月"


def elapsed_share(
    indicator: Indicator, period: Period, parameter: Callable[[str], float | None]
) -> float | None:
    """Ratio 0–1 of the annual target due; 1 without a pace; None when the curve has no point (S12).

    ``parameter`` looks a parameter of the indicator up by name. Figures that end before the period does
    (数据截至, GN7) are held against what was due by then.
    """
    month = indicator.cutoff_month or period.month
    if indicator.pace == terms.PACE_NONE:
        return 1.0
    if indicator.pace == terms.PACE_CURVE:
        return parameter(curve_parameter(month))
    start = pace_start(indicator.pace)
    if start is not None:
        return max(0, month - start + 1) / (13 - start)
    return month / 12
