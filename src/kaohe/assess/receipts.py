"""收件登记: every file that was ever received in a period, and what became of it, run after run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kaohe.assess.merging import holder_of
from kaohe.assess.returns import CONSOLIDATED, DUPLICATE, KNOWN, InputState, Intake
from kaohe.findings import ERROR, QUERY, Finding
from kaohe.model import Period, Receipt

REPLACED = "被替代"
NO_WORKBOOK = "不是工作簿"
_BACKFILLED = "由《填报数据》补登"
_LETTER = "W10"
_File = tuple[str, str]
"""(name, SHA-256): what tells one file from another."""


def entered(
    intake: Intake, findings: Sequence[Finding], known: Sequence[Receipt], period: Period, time: str
) -> tuple[Receipt, ...]:
    """收件登记 after this run: the rows that stood there, and one for each file with something new to say.

    ``findings`` are all those of the run, ``known`` the rows so far (all periods), ``time`` the run's. The
    same files with the same findings add nothing, however often they are looked at.
    """
    here = [row for row in known if row.period == period.code]
    last = dict(latest(here, period.code))
    counted = {_hands(row): row for row in here if row.state == CONSOLIDATED}
    fresh: list[Receipt] = []
    for row in _rows(intake, findings, dict(last), period, time):
        before = last.get((row.workbook, row.sha256))
        if before is not None and _said(before) == _said(row):
            continue
        told = row._replace(change=_change(row, counted.get(_hands(row))))
        fresh.append(told)
        last[row.workbook, row.sha256] = told
        if row.state == CONSOLIDATED:
            counted[_hands(row)] = told
    return (*known, *fresh)


def latest(receipts: Iterable[Receipt], period: str) -> Mapping[_File, Receipt]:
    """The last row of each file of the period, in the order in which the files came."""
    found: dict[_File, Receipt] = {}
    for row in receipts:
        if row.period == period:
            found[row.workbook, row.sha256] = row
    return found


def _said(row: Receipt) -> tuple[str, int, int]:
    return (row.state, row.errors, row.queries)


def _rows(
    intake: Intake, findings: Sequence[Finding], last: Mapping[_File, Receipt], period: Period, time: str
) -> Iterator[Receipt]:
    """What there is to say of every file: of earlier runs, of this one, and what is no workbook."""
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.location.workbook, []).append(finding)
    seen = {(item.workbook, item.sha256) for item in intake.inputs}
    yield from _earlier(intake, last, seen, period, time)
    for item in intake.inputs:
        own = by_file.get(item.workbook, [])
        state = _state(item, last.get((item.workbook, item.sha256)))
        yield _row(item, state, own, period, time)
    for workbook, own in by_file.items():
        if any(finding.code == _LETTER for finding in own):
            yield Receipt(time, period.code, workbook, "", "", "", "", NO_WORKBOOK)


def _state(item: InputState, before: Receipt | None) -> str:
    """The verdict as registered: of a file that counted once and no longer does, that it was replaced."""
    if item.state == KNOWN:
        return CONSOLIDATED
    counted = before is not None and before.state in (CONSOLIDATED, REPLACED)
    return REPLACED if counted and item.state == DUPLICATE else item.state


def _row(item: InputState, state: str, own: Sequence[Finding], period: Period, time: str) -> Receipt:
    why = next((f for f in own if f.code.startswith("W")), None)
    return Receipt(
        time=time,
        period=period.code,
        workbook=item.workbook,
        received=item.received,
        unit=item.unit,
        department=item.department,
        number=item.number,
        state=state,
        errors=sum(finding.severity == ERROR for finding in own),
        queries=sum(finding.severity == QUERY for finding in own),
        reason=f"{why.what}{why.remedy}" if why else "",
        sha256=item.sha256,
    )


def _earlier(
    intake: Intake, last: Mapping[_File, Receipt], seen: set[_File], period: Period, time: str
) -> Iterator[Receipt]:
    """Files that are no longer in the inbox: replaced by now, or taken in before there was this register."""
    told: set[_File] = set()
    counting = {r.sha256 for r in intake.records if r.period == period.code and not r.superseded}
    for record in intake.records:
        file = (record.workbook, record.sha256)
        if record.period != period.code or file in seen or file in told:
            continue
        told.add(file)
        before = last.get(file)
        counts = record.sha256 in counting
        if before is not None and (counts or before.state != CONSOLIDATED):
            continue
        unit, department, _ = holder_of(record)
        yield Receipt(
            time=time,
            period=period.code,
            workbook=record.workbook,
            received=record.received,
            unit=unit,
            department=department,
            number=record.number,
            state=CONSOLIDATED if counts else REPLACED,
            errors=before.errors if before else 0,
            queries=before.queries if before else 0,
            reason=f"以 {record.superseded} 为准" if record.superseded and not counts else _BACKFILLED,
            sha256=record.sha256,
        )


def _hands(row: Receipt) -> tuple[str, str]:
    return (row.unit, row.department)


def _change(row: Receipt, before: Receipt | None) -> str:
    """How many findings the last one that counted from the same hands had; '' when it is the first."""
    if row.state != CONSOLIDATED or before is None or not any(_hands(row)):
        return ""
    if (before.errors, before.queries) == (row.errors, row.queries):
        return "与上次相同"
    return f"错误 {before.errors}→{row.errors},存疑 {before.queries}→{row.queries}"
