"""申诉 and 公示异议 within their days, answered within theirs (Y9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from kaohe import terms
from kaohe.assess.deciding import DAYS_SHOWN, Course, shown_until
from kaohe.assess.load_cells import read_date
from kaohe.findings import Finding
from kaohe.model import Appeal, Scheme, StateRow

DAYS_TO_APPEAL, DAYS_TO_ANSWER = "申诉天数", "答复天数"
_SHOWN = 16
"""Signs of a claim that a message quotes."""


def appeal_findings(rows: Iterable[Appeal], way: Course, scheme: Scheme) -> Iterator[Finding]:
    """Y04 raised too late, Y05 answered too late, Y06 closed without date, basis or who decided."""
    for row in rows:
        place = row.location._replace(unit=row.unit, indicator=row.indicator)
        facts: dict[str, object] = {"kind": quoted(row), "filed": row.filed}
        until = _to_raise_until(row, way, scheme)
        filed, answered = read_date(row.filed), read_date(row.answered)
        if until and filed and filed > until:
            yield Finding("Y04", place, {**facts, "until": until.isoformat()})
        due = answer_due(row, scheme)
        if due and answered and answered > due:
            yield Finding("Y05", place, {**facts, "answered": row.answered, "until": due.isoformat()})
        if reason := _incomplete(row, filed, answered):
            yield Finding("Y06", place, {**facts, "state": row.state, "reason": reason})


def quoted(row: Appeal) -> str:
    """申诉“…”: what the row is about, in few words."""
    return f"{row.kind}“{row.claim[:_SHOWN]}{'…' if len(row.claim) > _SHOWN else ''}”"


def answer_due(row: Appeal, scheme: Scheme) -> dt.date | None:
    """The day by which it is to be answered; None while nobody knows when it was raised."""
    filed = read_date(row.filed)
    return filed + dt.timedelta(days=int(float(scheme.settings[DAYS_TO_ANSWER]))) if filed else None


def _to_raise_until(row: Appeal, way: Course, scheme: Scheme) -> dt.date | None:
    """The last day to raise it; None where nothing had been made public before it was raised."""
    step = _made_public(row, way)
    if step is None:
        return None
    if row.kind == terms.APPEAL_PUBLIC and step.state == terms.STATE_PUBLICITY:
        return read_date(shown_until(step, int(float(scheme.settings[DAYS_SHOWN]))))
    day = read_date(step.date)
    return day + dt.timedelta(days=int(float(scheme.settings[DAYS_TO_APPEAL]))) if day else None


def _made_public(row: Appeal, way: Course) -> StateRow | None:
    """The last 公示 before it was raised; where the procedure has none, the last step."""
    named = terms.STATE_PUBLICITY if terms.STATE_PUBLICITY in way.steps else way.steps[-1]
    filed = read_date(row.filed)
    if filed is None:
        return None
    before = [step for step in way.taken if step.state == named and step.date <= filed.isoformat()]
    return before[-1] if before else None


def _incomplete(row: Appeal, filed: dt.date | None, answered: dt.date | None) -> str:
    if row.state == terms.APPEAL_OPEN:
        return ""
    if filed and answered and answered < filed:
        return f"答复日期 {row.answered} 早于提出日期 {row.filed}"
    if row.state == terms.APPEAL_WITHDRAWN:
        return ""
    given = (("答复日期", row.answered), ("依据", row.basis), ("决定人", row.person))
    missing = [title for title, value in given if not value]
    return f"没有写{'、'.join(missing)}" if missing else ""
