"""Targets that look mistyped: a share of one where the indicator counts in percentage points."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kaohe.assess.check_context import Context
from kaohe.findings import Finding
from kaohe.model import Target

_PERCENT = ("%", "\uff05")
_APART = 20.0
"""A target this many times smaller than all else known of the indicator is taken for a share of one."""


def targets_as_shares(context: Context) -> Iterable[Finding]:
    """S60 a target such as 0.9 of an indicator in percent, where last year's value or other targets are 90.

    Percentages are typed in percentage points. A small target stands alone unquestioned: 0.8% may be meant.
    """
    percent = {row.code: row for row in context.scheme.indicators if row.unit_of_measure in _PERCENT}
    for code, row in percent.items():
        rows = [target for target in context.scheme.targets if target.indicator == code]
        for target in rows:
            value = target.value
            if value is None or not 0 < abs(value) <= 1:
                continue
            known = _known(target, rows)
            if known and all(other >= _APART * abs(value) for other in known):
                facts = {"name": row.name, "value": f"{value:.15g}", "points": f"{value * 100:.15g}"}
                yield Finding("S60", target.location, facts)


def _known(target: Target, rows: Iterable[Target]) -> list[float]:
    """Magnitudes of what else is known: the prior value, else the other units' targets and prior values."""
    if target.prior:
        return [abs(target.prior)]
    found = [number for row in rows if row is not target for number in (row.value, row.prior)]
    return [abs(number) for number in found if number and math.isfinite(number)]
