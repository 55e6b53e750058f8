"""报送: of every workbook that is out, what came back, when it was due, by how many days it is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from kaohe.assess.assessment import Assessment
from kaohe.assess.assessors import assessing
from kaohe.assess.decisions import due_date
from kaohe.assess.load_cells import read_date
from kaohe.assess.receipts import latest
from kaohe.assess.returns import CONSOLIDATED, KNOWN, REFUSED, UNREADABLE, InputState
from kaohe.findings import ERROR, QUERY, Finding
from kaohe.model import IssueRecord, Receipt, Record

OFFICES_OWN = frozenset({"V18"})
"""Errors at a returned cell that only the office can mend, in its tables: nobody is asked for them."""


class Reported(NamedTuple):
    """One workbook that was issued. ``file`` is the one that counts; None while it is missing."""

    issue: IssueRecord
    file: InputState | None
    refused: InputState | None
    """A file from the same hands that could not be taken in, where none counts."""
    due: dt.date | None
    """The day it is due, extended by decision or not."""
    extended: bool
    days: int
    """Whole days late: of what came first, corrected later or not, or (while it is missing) of today."""
    errors: tuple[Finding, ...]
    queries: int
    needed: bool = True
    """False for the 考评打分表 of a department that assesses nothing in today's scheme."""
    first: str = ""
    """When a form of this number was first taken in: before ``file`` where that one is a correction."""

    @property
    def missing(self) -> bool:
        """Whether it is still owed: it did not come, and the scheme still asks for it."""
        return self.file is None and self.needed


def reported(
    assessment: Assessment,
    register: Mapping[str, IssueRecord],
    today: dt.date,
    receipts: Iterable[Receipt] = (),
) -> tuple[Reported, ...]:
    """Every workbook issued for the period, in the order of 下发登记.

    ``today`` is the day of the run; ``receipts``, the rows of 收件登记, tell of files not taken in before.
    """
    files = files_that_count(assessment)
    refused = _refused(assessment, receipts)
    told: dict[str, list[Finding]] = {}
    for finding in assessment.findings:
        told.setdefault(finding.location.workbook, []).append(finding)
    found = []
    assess_still = assessing(assessment.scores.scheme, assessment.scores.period)
    first = _first_received(assessment)
    for issue in _current(register, assessment.scores.period.code, files):
        file = files.get(issue.number)
        due, extended = _due(assessment, issue)
        came = min(first.get(issue.number, file.received), file.received) if file else ""
        day = read_date(came) if file else today
        own = [f for name in _names(assessment, file) for f in told.get(name, ())] if file else []
        needed = bool(issue.unit or issue.department in assess_still)
        found.append(
            Reported(
                issue=issue,
                file=file,
                refused=None if file else refused.get((issue.unit, issue.department)),
                due=due,
                extended=extended,
                days=max((day - due).days, 0) if day and due and (file or needed) else 0,
                errors=tuple(f for f in own if f.severity == ERROR and f.code not in OFFICES_OWN),
                queries=sum(finding.severity == QUERY for finding in own),
                needed=needed,
                first=came,
            )
        )
    return tuple(found)


def _first_received(assessment: Assessment) -> Mapping[str, str]:
    """Issue number → when the first form of it came that was taken in, replaced since or not."""
    found: dict[str, str] = {}
    for r in assessment.intake.records:
        if r.period == assessment.scores.period.code and r.received:
            found[r.number] = min(found.get(r.number, r.received), r.received)
    return found


def _names(assessment: Assessment, file: InputState) -> Collection[str]:
    """What findings call a file: as it was taken in, and as it lies in the inbox now."""
    intake = assessment.intake
    here = (item for item in intake.inputs if item.sha256 == file.sha256 and item.state == KNOWN)
    return dict.fromkeys((intake.told(file.workbook, file.sha256), *(item.workbook for item in here)))


def _refused(assessment: Assessment, receipts: Iterable[Receipt]) -> Mapping[tuple[str, str], InputState]:
    """(unit, department) → the last file from them that was not taken in, in this run or before."""
    earlier = latest(receipts, assessment.scores.period.code).values()
    known = (
        InputState(r.workbook, r.sha256, r.unit, r.department, r.number, r.received, r.state) for r in earlier
    )
    return {
        (item.unit, item.department): item
        for item in (*known, *assessment.intake.inputs)
        if item.state in (REFUSED, UNREADABLE) and (item.unit or item.department)
    }


def _due(assessment: Assessment, issue: IssueRecord) -> tuple[dt.date | None, bool]:
    """The day a workbook is due, and whether that is a later one granted by decision (人工调整 延期)."""
    due = read_date(issue.deadline)
    granted = due_date(assessment.decisions, issue.unit) if issue.unit else None
    return (granted, True) if granted and (due is None or granted > due) else (due, False)


def _current(
    register: Mapping[str, IssueRecord], period: str, returned: Collection[str]
) -> Iterable[IssueRecord]:
    """The forms that are out: of several issued to one unit and department, what came back, else the last."""
    latest: dict[tuple[str, str], IssueRecord] = {}
    for row in register.values():
        if row.period != period:
            continue
        before = latest.get((row.unit, row.department))
        if before is None or before.number not in returned or row.number in returned:
            latest[row.unit, row.department] = row
    return latest.values()


def files_that_count(assessment: Assessment) -> dict[str, InputState]:
    """Issue number → the file that counts, from this run or from the rows of earlier ones."""
    period = assessment.scores.period.code
    records: Iterable[Record] = (
        r for r in assessment.intake.records if r.period == period and not r.superseded
    )
    found: dict[str, InputState] = {}
    for r in records:
        if r.number not in found:
            unit = "" if r.source else r.unit
            found[r.number] = InputState(
                r.workbook, r.sha256, unit, r.department, r.number, r.received, KNOWN
            )
    for item in assessment.intake.inputs:
        if item.state == CONSOLIDATED:
            found[item.number] = item
    return found
