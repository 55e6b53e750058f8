"""What stands beside the scored parts: bonuses, deductions, late returns, totals set by decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kaohe import terms
from kaohe.assess.bonuses import Bonuses, bonuses
from kaohe.assess.decisions import Decisions, due_date
from kaohe.assess.lateness import Lateness, late_deduction
from kaohe.assess.load_cells import read_date
from kaohe.assess.returns import Intake
from kaohe.assess.scoring import Scores
from kaohe.assess.standing import Extras
from kaohe.findings import Finding
from kaohe.model import IssueRecord, Ledger


@dataclass(frozen=True)
class Beside:
    """Bonuses and deductions item by item, late returns by unit, and what they come to."""

    bonuses: Bonuses
    late: Mapping[str, Lateness]
    extras: Extras
    findings: tuple[Finding, ...]


def stand_beside(
    scores: Scores,
    intake: Intake,
    register: Mapping[str, IssueRecord],
    ledger: Ledger,
    taken: Decisions,
) -> Beside:
    """Everything of the period that goes on top of the parts or off them."""
    period = scores.period.code
    rows = [row for row in ledger.bonuses if row.period == period]
    found = bonuses(scores.scheme, rows, _scored(scores))
    late = _late(scores, intake, register, taken)
    extras = Extras(
        bonus={unit: found.of(unit, terms.PART_BONUS) for unit in found.parts},
        deduction={unit: found.of(unit, terms.PART_DEDUCTION) for unit in found.parts},
        late={unit: cost.points for unit, cost in late.items()},
        totals={unit: decided.number for unit, decided in taken.totals.items()},
    )
    return Beside(found, late, extras, found.findings)


def _scored(scores: Scores) -> dict[tuple[str, str], float]:
    """(unit, indicator) → points of what is scored in 加分 and 扣分 parts."""
    scale = 10**scores.places
    return {
        (scores.units[at].code, code): int(row.points[at]) / scale
        for code, row in scores.results.items()
        if row.measured and not row.component and row.kind != terms.PART_SCORED
        for at in np.flatnonzero(row.scored).tolist()
    }


def _late(
    scores: Scores, intake: Intake, register: Mapping[str, IssueRecord], taken: Decisions
) -> dict[str, Lateness]:
    """Unit code → what its return costs it for being late; of several forms the one that came last counts.

    A form that came in time and was corrected later was in time: its first return counts.
    """
    if not float(scores.scheme.settings["迟报每天扣分"]):
        return {}
    found: dict[str, Lateness] = {}
    first: dict[tuple[str, str], str] = {}
    for record in intake.records:
        if record.period == scores.period.code and not record.source and record.received:
            key = (record.unit, record.number)
            first[key] = min(first.get(key, record.received), record.received)
    for unit, rows in intake.live.items():
        for number in {row.number for row in rows.values()}:
            received = first.get((unit, number), "")
            issued = register.get(number)
            deadline = read_date(issued.deadline) if issued else None
            if deadline is None:
                continue
            cost = late_deduction(scores.scheme.settings, deadline, _day(received), due_date(taken, unit))
            if cost.days and (unit not in found or cost.days > found[unit].days):
                found[unit] = cost
    return found


def _day(received: str) -> dt.date | None:
    return read_date(received)
