"""What is to be said of the office's year: steps not followed, missing answers, appeals out of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kaohe import terms
from kaohe.assess.appeal_times import appeal_findings
from kaohe.assess.claims import OWN, VERIFIED, Claims
from kaohe.assess.deciding import Course
from kaohe.findings import Finding
from kaohe.model import Feedback, Ledger, Location, Period, Scheme, StateRow, Verdict
from kaohe.periods import PeriodError, parse_period


def year_findings(
    scheme: Scheme, period: Period, ledger: Ledger, way: Course, claims: Claims
) -> Iterator[Finding]:
    """Y02 rows of 审定 that are not followed; Y03, once a step was taken; Y04 to Y06 of the appeals."""
    yield from _unreadable(ledger.states)
    for row, reason in way.refused:
        yield Finding("Y02", row.location, {"state": row.state, "reason": reason})
    if way.state.decided:
        yield from unanswered(scheme, period, ledger.verdicts, claims)
    appeals = [row for row in ledger.appeals if row.period == period.code]
    yield from appeal_findings(appeals, way, scheme)


def _unreadable(rows: Iterable[StateRow]) -> Iterator[Finding]:
    """Y02 a row of no period: it would be a step of nothing, in every period."""
    for row in rows:
        try:
            parse_period(row.period)
        except PeriodError:
            reason = f"期次“{row.period}”看不懂" if row.period else "没有写期次"
            yield Finding("Y02", row.location, {"state": row.state, "reason": reason})


def unanswered(scheme: Scheme, period: Period, rows: Iterable[Verdict], claims: Claims) -> Iterator[Finding]:
    """Y03 a 核定 that differs from the unit's own figure, and the unit was not heard (Y6 of the year)."""
    for row in rows:
        indicator = scheme.indicator_by_code.get(row.indicator)
        if row.period != period.code or row.answer or indicator is None:
            continue
        given = claims.of(row.unit, row.indicator)
        own = next((claim for claim in given if claim.source == OWN), None)
        verified = [
            claim for claim in given if claim.source == VERIFIED and _same(claim.location, row.location)
        ]
        if own is not None and verified and own.answer != verified[0].answer:
            facts = {"name": indicator.name, "verified": verified[0].typed, "own": own.typed}
            place = row.location._replace(unit=row.unit, indicator=row.indicator)
            yield Finding("Y03", place, facts)


def _same(one: Location, other: Location) -> bool:
    return (one.workbook, one.sheet, one.cell) == (other.workbook, other.sheet, other.cell)


def feedback_findings(rows: Iterable[Feedback]) -> Iterator[Finding]:
    """Y07 an answer without its reason, or without what it answers; Y08 what nobody has answered yet."""
    for row in rows:
        clause = row.clause or row.opinion[:12] or "(未写条款)"
        facts = {"source": row.source or "(未写来自)", "clause": clause}
        if reason := _against(row):
            yield Finding("Y07", row.location, {**facts, "reason": reason})
        elif row.answer in ("", terms.FEEDBACK_OPEN):
            yield Finding("Y08", row.location, facts)


def _against(row: Feedback) -> str:
    if row.answer and row.answer not in terms.FEEDBACK_ANSWERS:
        return f"处理写成“{row.answer}”,应为 {'、'.join(terms.FEEDBACK_ANSWERS)} 之一"
    if row.answer in (terms.FEEDBACK_REFUSED, terms.FEEDBACK_PARTLY) and not row.reason:
        return f"处理为{row.answer},没有写理由"
    return "" if row.opinion else "没有写意见内容"
