"""The office's registers: what people decided, counted and noted, each with its basis, who and when.

Scores are a pure function of the scheme, of 填报数据 and of these. Texts are as typed; ``''`` is blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kaohe import terms
from kaohe.model.place import NOWHERE, Location


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of 核定: a department's or the province's value for an indicator of a unit (Y6, XT6)."""

    period: str
    unit: str
    indicator: str
    value: str
    level: str = ""
    """省 or 市: the province's verdict prevails (XT6); '' is the office's own level."""
    department: str = ""
    person: str = ""
    date: str = ""
    basis: str = ""
    answer: str = ""
    """What the unit answered when it was told."""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One row of 人工调整: a number or a state set by decision (Y7). ``item`` is one of ``terms.ADJUSTED``.

    ``indicator`` '' stands for the whole unit (总分, 等次, or a decision about all its missing values).
    """

    period: str
    unit: str
    indicator: str
    item: str
    value: str = ""
    basis: str = ""
    person: str = ""
    date: str = ""
    note: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Bonus:
    """One row of 加减分: points on or off, under ``item``: a part of kind 加分 or 扣分 or an indicator."""

    period: str
    unit: str
    item: str
    points: float | None
    reason: str = ""
    basis: str = ""
    person: str = ""
    date: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Veto:
    """One row of 否决: an event of 否决事项 that happened to a unit or a person."""

    period: str
    unit: str
    event: str
    date: str = ""
    basis: str = ""
    person: str = ""
    note: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Appeal:
    """One row of 申诉: what a unit objects to, and what was decided (Y9)."""

    period: str
    unit: str
    indicator: str
    claim: str = ""
    filed: str = ""
    state: str = terms.APPEAL_OPEN
    item: str = ""
    """What the decision sets: 完成值 or 得分; '' when nothing is changed."""
    value: str = ""
    answered: str = ""
    basis: str = ""
    person: str = ""
    kind: str = terms.APPEAL_OWN
    by: str = ""
    """Who raised it; '' is the unit itself."""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One row of 测评: the ballots of one voter group about one unit in one round (WXJ3, XN2).

    Either counts by level (``levels``, best first, with ``invalid``), or the mean mark, or every mark
    (``marks``). None: not typed.
    """

    period: str
    round: str
    unit: str
    indicator: str
    voters: str
    issued: float | None = None
    returned: float | None = None
    levels: tuple[float | None, ...] = ()
    invalid: float | None = None
    mean: float | None = None
    marks: str = ""
    note: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Supervision:
    """One row of 督办: a problem with an owner, a deadline and a state until 销号 (XN4)."""

    number: str
    unit: str
    problem: str
    owner: str = ""
    raised: str = ""
    deadline: str = ""
    state: str = terms.SUPERVISION_OPEN
    closed: str = ""
    basis: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class PastResult:
    """One row of 历史: a unit's total (``indicator`` '') or one indicator in an earlier year."""

    year: int
    unit: str
    name: str = ""
    unit_class: str = ""
    group: str = ""
    indicator: str = ""
    value: float | None = None
    score: float | None = None
    rank: float | None = None
    of: float | None = None
    """How many were ranked with it."""
    mean: float | None = None
    """The average it is compared with, in the measure of ``value`` (or of ``score`` for the total)."""
    target: float | None = None
    met: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Succession:
    """One row of 单位沿革: a unit renamed, merged into or split off another (WXD5)."""

    date: str
    old: str
    old_name: str
    new: str
    how: str = ""
    note: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Feedback:
    """One row of 征求意见: what somebody said about a draft of the scheme, and what came of it (Y1)."""

    draft: str
    date: str = ""
    source: str = ""
    contact: str = ""
    clause: str = ""
    opinion: str = ""
    answer: str = ""
    """One of ``terms.FEEDBACK_ANSWERS``; '' as 待定."""
    reason: str = ""
    closed: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of 佐证材料: a numbered file, or (``indicator`` '') the signed and sealed scan (Y4)."""

    period: str
    unit: str
    indicator: str
    number: str
    file: str
    """Relative to the master's folder."""
    note: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class StateRow:
    """One row of 审定: a step the results of a period were taken through, or their reopening (Y8)."""

    period: str
    state: str
    date: str = ""
    basis: str = ""
    person: str = ""
    number: str = ""
    """The number of the document it is published in: 〔2017〕第8期."""
    until: str = ""
    """The last day of a 公示."""
    note: str = ""
    location: Location = NOWHERE
    steps: str = ""
    """What 审定程序 was when the step was locked, as 定稿登记 has it; '' while it is not locked."""
    days: int = 0
    """公示天数 at that time; 0 while it is not locked."""
    locked: str = ""
    """When it was locked."""


class Decided(NamedTuple):
    """One row of 定稿登记: a unit's result as it stood when a step of 审定 was locked.

    ``total`` in points; ``rank`` None without one, among ``of`` ranked in the group; ``veto``: names of the
    events; ``content``: SHA-256 of everything the result consists of (assess.deciding_lock.content_of).
    ``person``, ``number`` and ``until`` are those of the step (``until``: the last day of a 公示, also where
    it was counted); ``steps`` and ``days``: 审定程序 and 公示天数 of the time. Blank in rows of an earlier
    program.
    """

    time: str
    period: str
    state: str
    date: str
    basis: str
    unit: str
    name: str
    unit_class: str
    group: str
    total: float | None
    rank: int | None
    of: int
    grade: str
    veto: str
    version: str
    content: str
    person: str = ""
    number: str = ""
    until: str = ""
    steps: str = ""
    days: int = 0


@dataclass(frozen=True)
class Ledger:
    """All registers the office keeps beside the scheme."""

    verdicts: tuple[Verdict, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    surveys: tuple[SurveyRow, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    history: tuple[PastResult, ...] = ()
    successions: tuple[Succession, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    states: tuple[StateRow, ...] = ()
