"""What stands in the way of a step of 审定: nothing leaves as final before it is in order (Y8, Y9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from kaohe import terms
from kaohe.assess.appeal_times import answer_due, quoted
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import Course, course, out_of_order
from kaohe.assess.grading import named
from kaohe.assess.load_cells import read_date
from kaohe.findings import ERROR
from kaohe.model import Unit

_TOLD = 2
"""Errors of one unit that are quoted."""


def blockers(assessment: Assessment, state_name: str, today: dt.date) -> tuple[str, ...]:
    """Why the results cannot be taken to ``state_name`` today: where and what to do; () when they can.

    Declared: a unit that was given more time (延期) stands in nobody's way while its time lasts; it stays
    暂定, without a rank. Grades left to the office are to be settled before anything is locked, because
    settling them later would change what is locked. Open appeals stand in the way of the last step.
    """
    way = course(assessment.ledger.states, assessment.scores.period, assessment.scores.scheme)
    if wrong := out_of_order(state_name, way.steps, way.position):
        return (f"《审定》:{wrong}。",)
    if state_name == terms.STATE_REOPENED:
        return ()
    last = state_name == way.steps[-1]
    found = [*_not_over(way, state_name, today), *_of_scheme(assessment), *_of_units(assessment, today)]
    found += _grades_left(assessment)
    return (*found, *_appeals_left(assessment, today)) if last else tuple(found)


def _not_over(way: Course, state_name: str, today: dt.date) -> Iterator[str]:
    """A 公示 that still lasts."""
    until = read_date(way.state.until)
    if until is not None and today <= until:
        yield f"《审定》:公示到 {until.isoformat()} 止,之后才能登记“{state_name}”。"


def _of_scheme(assessment: Assessment) -> Iterator[str]:
    """Errors that are nobody's alone: of the scheme, of a department that sent nothing."""
    for finding in assessment.findings:
        if finding.severity == ERROR and not finding.location.unit:
            yield finding.message


def _of_units(assessment: Assessment, today: dt.date) -> Iterator[str]:
    """Units whose result is 暂定, and why."""
    errors: dict[str, list[str]] = {}
    for finding in assessment.findings:
        if finding.severity == ERROR and finding.location.unit:
            errors.setdefault(finding.location.unit, []).append(finding.what)
    general = any(_of_scheme(assessment))
    for row in assessment.standings:
        own = errors.get(row.unit.code, [])
        if row.state == terms.PROVISIONAL and own:
            more = f"等 {len(own)} 个错误" if len(own) > _TOLD else ""
            yield f"{row.unit.name}结果暂定:{''.join(own[:_TOLD])}{more}请按《问题清单》改正后重新汇总。"
        elif row.state == terms.PROVISIONAL and (told := _waiting(assessment, row.unit, today)):
            yield told
        elif row.state == terms.PROVISIONAL and not general and not _extended(assessment, row.unit):
            yield f"{row.unit.name}结果暂定:有指标没有得分。请按《得分明细》《问题清单》补齐后重新汇总。"


def _extended(assessment: Assessment, unit: Unit) -> list[dt.date]:
    """The days until which the unit was given more time."""
    given = (row for (code, _), row in assessment.decisions.extended.items() if code == unit.code)
    return [day for row in given if (day := read_date(row.value)) is not None]


def _waiting(assessment: Assessment, unit: Unit, today: dt.date) -> str:
    """The unit was given more time, and it is over."""
    over = [day for day in _extended(assessment, unit) if day < today]
    if not over:
        return ""
    return (
        f"{unit.name}延期到 {min(over).isoformat()},到期仍未报送。"
        "请收齐后重新汇总,或在《人工调整》改登记为按0分并写明依据。"
    )


def _grades_left(assessment: Assessment) -> Iterator[str]:
    """Grades left to the office: a tie across the edge of a quota."""
    pending = [row.unit.name for row in assessment.standings if row.grade == terms.PENDING_GRADE]
    if pending:
        yield f"{named(pending)}等次待定。请在《人工调整》中逐个登记(项目为等次),重新汇总。"


def _appeals_left(assessment: Assessment, today: dt.date) -> Iterator[str]:
    """Appeals nobody has answered."""
    scheme = assessment.scores.scheme
    for row in assessment.ledger.appeals:
        if row.period != assessment.scores.period.code or row.state != terms.APPEAL_OPEN:
            continue
        unit = scheme.unit_by_code.get(row.unit)
        due = answer_due(row, scheme)
        late = f",应在 {due.isoformat()} 前答复,已逾期" if due and due < today else ""
        who = row.by or (unit.name if unit else row.unit)
        told = f"《申诉》{row.location.cell}:{who}的{quoted(row)}还没有答复{late}。"
        yield f"{told}请登记状态、答复日期和依据。"
