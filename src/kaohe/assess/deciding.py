"""How far the results of a period have come: the steps of 审定程序, in the order of the register 审定 (Y8).

Before its first row a result is 初步. A row that is out of order, or has no basis, is not followed: nothing
leaves as final because of it, and a finding says why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.load_cells import listed, read_date
from kaohe.model import Period, Scheme, StateRow
from kaohe.settings import BY_NAME

PROCEDURE, DAYS_SHOWN = "审定程序", "公示天数"


class State(NamedTuple):
    """Where the results of a period stand.

    ``decided``: from the first step on, unless reopened; then what is locked may not change. ``final`` only
    in the last step. ``until``: the last day of a 公示 (ISO date), where the step is one. ``reopened``: there
    were steps, which a later row took back. ``approved``: 依据 of the step that decided the result, the one
    before 公示 (before the last where there is no 公示), '' before it. ``ended``: the last day of a 公示 that
    lies behind.
    """

    name: str
    date: str = ""
    basis: str = ""
    number: str = ""
    until: str = ""
    decided: bool = False
    final: bool = False
    reopened: bool = False
    approved: str = ""
    ended: str = ""

    @property
    def shown(self) -> str:
        """The word for readers: a reopened result is 初步 again, and says so."""
        return f"{self.name}({terms.STATE_REOPENED})" if self.reopened else self.name


PRELIMINARY = State(terms.STATE_PRELIMINARY)


@dataclass(frozen=True)
class Course:
    """The rows of a period: those followed, in order, and those that are not, each with the reason."""

    steps: tuple[str, ...]
    """What 审定程序 says; once a step is locked, what it said then, until the result is reopened."""
    days: int
    """公示天数, likewise."""
    followed: tuple[StateRow, ...]
    refused: tuple[tuple[StateRow, str], ...]
    state: State

    @property
    def taken(self) -> tuple[StateRow, ...]:
        """Steps that were taken, reopenings left out; each of them is locked once."""
        return tuple(row for row in self.followed if row.state != terms.STATE_REOPENED)

    @property
    def position(self) -> int:
        """Index of the step the results are in; -1 while they are 初步."""
        return self.steps.index(self.state.name) if self.state.decided else -1

    @property
    def next_step(self) -> str:
        """The step that comes next; '' after the last."""
        return self.steps[self.position + 1] if self.position + 1 < len(self.steps) else ""


def steps_of(scheme: Scheme) -> tuple[str, ...]:
    """The steps of 审定程序 in order, the default where the setting names none."""
    return _steps_in(str(scheme.settings[PROCEDURE]))


def _steps_in(text: str) -> tuple[str, ...]:
    reserved = (terms.STATE_PRELIMINARY, terms.STATE_REOPENED)
    default = listed(str(BY_NAME[PROCEDURE].default))
    return tuple(dict.fromkeys(step for step in listed(text) if step not in reserved)) or default


def state_of(rows: Iterable[StateRow], period: Period, scheme: Scheme) -> State:
    """Where the results of the period stand; ``rows`` are those of 审定, of all periods."""
    return course(rows, period, scheme).state


def course(rows: Iterable[StateRow], period: Period, scheme: Scheme) -> Course:
    """The rows of the period followed one by one.

    A round goes by the procedure that was in force when its first step was locked: what is changed in 方案
    afterwards is for later rounds and periods.
    """
    walk = _Walk(steps_of(scheme), int(float(scheme.settings[DAYS_SHOWN])))
    for row in rows:
        if row.period == period.code:
            walk.step(row)
    return Course(walk.steps, walk.days, tuple(walk.followed), tuple(walk.refused), walk.state())


class _Walk:
    """Follows rows; ``at`` is the step reached since the last reopening."""

    def __init__(self, steps: tuple[str, ...], days: int) -> None:
        self._today = (steps, days)
        self.steps, self.days = self._today
        self.at = -1
        self.followed: list[StateRow] = []
        self.refused: list[tuple[StateRow, str]] = []

    def step(self, row: StateRow) -> None:
        if self.at < 0:
            self.steps, self.days = (_steps_in(row.steps), row.days) if row.steps else self._today
        reason = self._against(row)
        if reason:
            self.refused.append((row, reason))
            return
        self.followed.append(row)
        self.at = -1 if row.state == terms.STATE_REOPENED else self.at + 1
        if self.at < 0:
            self.steps, self.days = self._today

    def state(self) -> State:
        if self.at < 0:
            return PRELIMINARY._replace(reopened=bool(self.followed))
        row, taken = self.followed[-1], self.followed[-self.at - 1 :]
        shown = self.steps.index(terms.STATE_PUBLICITY) if terms.STATE_PUBLICITY in self.steps else None
        decider = max((len(self.steps) - 1 if shown is None else shown) - 1, 0)
        return State(
            row.state,
            row.date,
            row.basis,
            row.number,
            shown_until(row, self.days),
            decided=True,
            final=self.at == len(self.steps) - 1,
            approved=taken[decider].basis if self.at >= decider else "",
            ended=shown_until(taken[shown], self.days) if shown is not None and self.at > shown else "",
        )

    def _against(self, row: StateRow) -> str:
        """Why the row is not followed; '' when it is."""
        for title, value in (("依据(会议纪要、文号)", row.basis), ("决定人", row.person)):
            if not value:
                return f"没有写{title}"
        day = read_date(row.date)
        if day is None:
            return f"日期“{row.date}”看不懂" if row.date else "没有写日期"
        return out_of_order(row.state, self.steps, self.at) or self._wrong_days(row, day)

    def _wrong_days(self, row: StateRow, day: dt.date) -> str:
        last = self.followed[-1] if self.followed else None
        if last is not None and row.date < last.date and not _taken_back(last, row):
            return f"日期早于上一步“{last.state}”({last.date})"
        until = read_date(row.until) if row.until else day
        if until is None:
            return f"公示截止“{row.until}”看不懂"
        if until < day:
            return "公示截止早于日期"
        if last is None or row.state == terms.STATE_REOPENED:
            return ""
        shown = read_date(shown_until(last, self.days))
        if shown is not None and self.at >= 0 and day <= shown:
            return f"公示到 {shown.isoformat()} 止,之后才能登记“{row.state}”"
        return ""


def _taken_back(last: StateRow, row: StateRow) -> bool:
    """Whether a step dated after the day it was locked is reopened: its date never was right."""
    return row.state == terms.STATE_REOPENED and "" < last.locked[:10] < last.date


def out_of_order(state: str, steps: Sequence[str], at: int) -> str:
    """Why a step cannot follow the one of index ``at`` (-1: 初步); '' when it can."""
    if state == terms.STATE_REOPENED:
        return "" if at >= 0 else "还没有审定,不需要重新开启"
    if state not in steps:
        return f"状态应为 {'、'.join((*steps, terms.STATE_REOPENED))} 之一"
    if steps.index(state) <= at:
        return f"已经登记过“{state}”;要重来的,先登记“{terms.STATE_REOPENED}”"
    return "" if steps.index(state) == at + 1 else f"应先登记“{steps[at + 1]}”"


def shown_until(row: StateRow, days: int) -> str:
    """The last day of a 公示: as typed, else the last of ``days`` from its date on; '' for other steps.

    ``days`` are today's 公示天数; a step that is locked keeps those of its time.
    """
    if row.state != terms.STATE_PUBLICITY:
        return ""
    day = read_date(row.date)
    if row.until or day is None:
        return row.until
    return (day + dt.timedelta(days=(row.days or days) - 1)).isoformat()
