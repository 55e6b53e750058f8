"""催报: who still owes what, since when, and whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kaohe.assess.assessment import Assessment
from kaohe.assess.reporting import Reported, reported
from kaohe.findings import Finding
from kaohe.model import IssueRecord, Receipt, Unit


class Reminder(NamedTuple):
    """What one unit (or person, or assessing department) owes; ``unit`` None: a department that assesses."""

    unit: Unit | None
    name: str
    missing: tuple[Reported, ...]
    """Workbooks that did not come, or could not be taken in."""
    wrong: tuple[Finding, ...]
    """What has to be mended in those that came."""
    due: dt.date | None
    """The earliest day something missing was due; None when nothing is missing."""
    extended: bool
    days: int


def reminders(
    assessment: Assessment,
    register: Mapping[str, IssueRecord],
    today: dt.date,
    receipts: Iterable[Receipt] = (),
) -> tuple[Reminder, ...]:
    """One for each that owes a workbook or has errors to mend, the latest first.

    Whose missing values count as 0 points by decision owes nothing any more, nor does a department that
    assesses nothing in today's scheme.
    """
    units = assessment.scores.scheme.unit_by_code
    owed: dict[str, list[Reported]] = {}
    for row in reported(assessment, register, today, receipts):
        settled = row.issue.unit and assessment.decisions.counts_as_zero(row.issue.unit, "")
        if row.needed and not settled and (row.missing or row.errors):
            owed.setdefault(row.issue.unit or row.issue.department, []).append(row)
    found = [_reminder(key, rows, units.get(rows[0].issue.unit)) for key, rows in owed.items()]
    return tuple(sorted(found, key=lambda reminder: -reminder.days))


def _reminder(key: str, rows: list[Reported], unit: Unit | None) -> Reminder:
    missing = tuple(row for row in rows if row.missing)
    first = min(missing, key=lambda row: row.due or dt.date.max, default=None)
    return Reminder(
        unit=unit,
        name=unit.name if unit else key,
        missing=missing,
        wrong=tuple(finding for row in rows for finding in row.errors),
        due=first.due if first else None,
        extended=first.extended if first else False,
        days=max((row.days for row in missing), default=0),
    )
