"""催报: who still owes what, since when, and whom to call."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kaohe.assess.assessment import Assessment
from kaohe.assess.receipts import latest
from kaohe.assess.reporting import Reported, reported
from kaohe.findings import Finding
from kaohe.model import IssueRecord, Receipt, Unit
from kaohe.tables import plain

_AFTER_THE_NAME = re.compile(r"(?:\(\d{1,3}\)|_\d|-副本|-?副本\(\d\))$")
"""What mail programs and spreadsheet programs put behind the name of a second copy."""


class Refused(NamedTuple):
    """A file that came in the place of a workbook that is missing, and why it does not count."""

    workbook: str
    why: str
    """In Chinese, with what is to be done where that is known; '' for unknown."""


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
    refused: Mapping[str, Refused] = {}
    """Issue number of a missing workbook → what came instead."""
    departments: Mapping[str, str] = {}
    """File with something wrong → the department of a unit whose part it is."""


def reminders(
    assessment: Assessment,
    register: Mapping[str, IssueRecord],
    today: dt.date,
    receipts: Sequence[Receipt] = (),
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
    came = _came(assessment, receipts)
    found = [_reminder(key, rows, units.get(rows[0].issue.unit), came) for key, rows in owed.items()]
    return tuple(sorted(found, key=lambda reminder: -reminder.days))


def issued_name(workbook: str) -> str:
    """A file's name without folder, ending and what programs add to it: what it was issued under."""
    stem = workbook.replace("\\", "/").rpartition("/")[2]
    stem = plain(stem.rpartition(".")[0] or stem)
    while (shorter := _AFTER_THE_NAME.sub("", stem.removeprefix("退回-").removeprefix("退回单-"))) != stem:
        stem = shorter
    return stem


def _came(assessment: Assessment, receipts: Iterable[Receipt]) -> Mapping[str, Refused]:
    """File as it is called, and name it was issued under → the file and why, of this run or an earlier one.

    A file that cannot be read tells nothing but its name; by that it is known.
    """
    told: dict[str, Finding] = {}
    for finding in assessment.intake.findings:
        if finding.code.startswith("W"):
            told.setdefault(finding.location.workbook, finding)
    whys = {row.workbook: row.reason for row in latest(receipts, assessment.scores.period.code).values()}
    for item in assessment.intake.inputs:
        why = told.get(item.workbook)
        whys[item.workbook] = f"{why.what}{why.remedy}" if why else whys.get(item.workbook, "")
    found: dict[str, Refused] = {}
    for workbook, text in whys.items():
        found[issued_name(workbook)] = found[workbook] = Refused(workbook, text)
    return found


def _instead(rows: Iterable[Reported], came: Mapping[str, Refused]) -> Mapping[str, Refused]:
    """Issue number → what came in the place of each missing workbook."""
    found = {}
    for row in rows:
        known = came.get(row.refused.workbook if row.refused else issued_name(row.issue.workbook))
        if known or row.refused:
            found[row.issue.number] = known or Refused(row.refused.workbook if row.refused else "", "")
    return found


def _reminder(key: str, rows: list[Reported], unit: Unit | None, came: Mapping[str, Refused]) -> Reminder:
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
        refused=_instead(missing, came),
        departments={row.file.workbook: row.issue.department for row in rows if row.file and row.issue.unit},
    )
