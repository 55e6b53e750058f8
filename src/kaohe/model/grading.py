"""Rows of the scheme that follow the scores: grades, veto events, outcomes, voter groups, cross-checks."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe import terms
from kaohe.model.place import NOWHERE, Location


@dataclass(frozen=True, slots=True)
class Grade:
    """One 等次 of a scope, best first in the order of the table.

    A unit gets the first grade whose ``least`` total it reaches and whose quota is not used up. ``share``
    (ratio of the group) and ``count`` are quotas; None means no quota. The last grade takes the rest.
    """

    name: str
    scope: str = terms.EVERYONE
    """A class, a group, or ``*`` for the groups without rows of their own."""
    least: float | None = None
    share: float | None = None
    count: float | None = None
    note: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class VetoEvent:
    """An event of 一票否决 and what it leads to (WXJ5, WXD5, XN3)."""

    code: str
    name: str
    consequence: str = terms.VETO_BARS
    depth: float | None = None
    """Grades lowered; None: the setting 否决降档."""
    clause: str = ""
    note: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """One row of 结果规则: who is commended, reminded, or listed for the leaders to look into.

    ``scope``: classes, groups or unit codes, ``*`` for all; ``together``: the scope is ranked as one, else
    each class or group apart. ``condition`` is one of ``terms.CONDITIONS`` with its ``indicators``,
    ``count`` and ``years``; ``grade`` restricts to units of that grade; ``barred`` leaves out units under
    a veto.
    """

    code: str
    outcome: str
    nature: str = ""
    scope: tuple[str, ...] = ()
    together: bool = False
    condition: str = ""
    indicators: tuple[str, ...] = ()
    count: int = 1
    years: int = 1
    grade: str = ""
    barred: bool = False
    clause: str = ""
    note: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class VoterGroup:
    """A share of a survey: that of a voter group (票种) or of a round (轮次), as a ratio (WXJ3, XN2).

    ``trimmed``: with more than five marks one highest and one lowest are left out (去最高最低).
    """

    indicator: str
    kind: str
    name: str
    share: float
    trimmed: bool = False
    note: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """A relation between figures of one unit that must hold (勾稽), e.g. parts that add up (XN7).

    ``left`` and ``right`` are formulas over 完成值_CODE, 目标值_CODE, 上年值_CODE.
    """

    code: str
    left: str
    relation: str
    right: str
    tolerance: float = 0.0
    scope: tuple[str, ...] = ()
    clause: str = ""
    note: str = ""
    location: Location = NOWHERE
