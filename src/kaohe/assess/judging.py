"""One return against 下发登记: whose workbook it is, whether it can be taken in, what is odd about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.changes_since import ChangesSince
from kaohe.findings import Finding
from kaohe.model import IssueRecord, Location, Period, Record, Return, Scheme
from kaohe.periods import is_period
from kaohe.tables import plain

CONSOLIDATED = "已汇总"
KNOWN = "此前已汇总"
DUPLICATE = "重复"
REFUSED = "未收录"
UNREADABLE = "读不了"


class Judged(NamedTuple):
    """A return and its verdict; of one that was issued here, the identity is the register's."""

    returned: Return
    unit: str
    state: str
    findings: tuple[Finding, ...] = ()
    records: tuple[Record, ...] = ()
    """Its rows as rows of 填报数据."""

    @property
    def by_department(self) -> bool:
        """Whether it is a 考评打分表."""
        return by_department(self.returned)


def by_department(returned: Return) -> bool:
    """Whether a return is a 考评打分表."""
    return returned.identity.purpose == terms.PURPOSE_ASSESSOR


def judged(
    returned: Return,
    register: Mapping[str, IssueRecord],
    scheme: Scheme,
    period: Period,
    changes: ChangesSince,
) -> Judged:
    """Unreadable, refused, or to be taken in (whether it counts beside others is not decided here)."""
    identity = returned.identity
    place = Location(returned.workbook, returned.sheet)
    if returned.problem:
        found = Finding(returned.problem, place, dict(returned.facts))
        return Judged(returned, identity.unit, UNREADABLE, (found,))
    issued = register.get(identity.number)
    if issued is None:
        found = Finding("W03", place, {"number": identity.number})
        return Judged(returned, identity.unit, REFUSED, (found,))
    refused = _identity_findings(returned, issued, scheme, period)
    named = _name_finding(returned, issued, register, scheme)
    mine = identity._replace(unit=issued.unit, department=issued.department, version=issued.version)
    returned = returned._replace(identity=mine)
    if refused:
        told = named if refused[0].code == "W05" else ()
        return Judged(returned, issued.unit, REFUSED, (*refused, *told))
    changed = changes.since(issued.version, issued.unit, issued.department)
    if changed:
        facts = {"found": issued.version, "expected": scheme.version, "changed": changed}
        named += (Finding("W06", place._replace(unit=issued.unit), facts),)
    return Judged(returned, issued.unit, CONSOLIDATED, named)


def _identity_findings(
    returned: Return, issued: IssueRecord, scheme: Scheme, period: Period
) -> tuple[Finding, ...]:
    """What keeps a return out: another period, or somebody else in the hidden identity or on its face."""
    identity = returned.identity
    place = Location(returned.workbook, returned.sheet)
    if identity.period != period.code or issued.period != period.code:
        other = identity.period if identity.period != period.code else issued.period
        facts = {"found": other, "expected": period.code, "unit": issued.unit}
        return (Finding("W05", place, facts),)
    if issued.unit and issued.unit not in scheme.unit_by_code:
        return (Finding("W11", place, {"unit": returned.shown_unit or issued.unit}),)
    expected = called(issued.unit, issued.department, scheme)
    found = _somebody_else(returned, issued, scheme)
    if found:
        if identity.unit == issued.unit and identity.department != issued.department:
            expected = whose(issued.unit, issued.department, scheme)
        facts = {"found": found, "number": identity.number, "expected": expected}
        return (Finding("W04", place, facts),)
    return ()


def _somebody_else(returned: Return, issued: IssueRecord, scheme: Scheme) -> str:
    """Whose workbook a return says it is, where that is not whose the register says; else ''.

    What it is (自测表 or 考评打分表) and which department's part are no less the register's to say: else
    whoever holds one number could hand in for others.
    """
    identity = returned.identity
    if by_department(returned) != (not issued.unit):
        return identity.purpose or terms.PURPOSE_FORM
    expected = called(issued.unit, issued.department, scheme)
    hidden = called(identity.unit, identity.department, scheme)
    if hidden != expected:
        return hidden
    if identity.department != issued.department:
        return whose(identity.unit, identity.department, scheme)
    shown = returned.shown_unit
    return shown if shown and not _is_called(plain(shown), plain(expected), scheme) else ""


def _is_called(shown: str, expected: str, scheme: Scheme) -> bool:
    """Whether a name on the face is the expected one, with more words around it (江阴市人民政府) or without.

    Not when with these words it is, or has in it, another's name (新区 in 滨湖新区).
    """
    others = {name for unit in scheme.units if (name := plain(unit.name)) not in expected}
    return shown == expected or (expected in shown and not any(name in shown for name in others))


def called(unit: str, department: str, scheme: Scheme) -> str:
    """Whose workbook it is: the unit's, or the department's that assesses."""
    if not unit:
        return department
    return scheme.unit_by_code[unit].name if unit in scheme.unit_by_code else unit


def whose(unit: str, department: str, scheme: Scheme) -> str:
    """The same, a department's part of a unit's form told from the others: 滨湖区(财政局)."""
    name = called(unit, department, scheme)
    return f"{name}({department})" if unit and department else name


def _name_finding(
    returned: Return, issued: IssueRecord, register: Mapping[str, IssueRecord], scheme: Scheme
) -> tuple[Finding, ...]:
    """W12 a file named after another workbook (unit, department, period) than the one it holds."""
    named = _named(_stem(returned.workbook), issued, register.values(), scheme)
    if not named:
        return ()
    other, own = named
    facts = {"named": other, "unit": own, "number": returned.identity.number}
    return (Finding("W12", Location(returned.workbook, unit=issued.unit), facts),)


def _named(
    name: str, issued: IssueRecord, register: Collection[IssueRecord], scheme: Scheme
) -> tuple[str, str] | None:
    """(who a file's name says it is of, who it is of), told so that they differ; None when they agree."""
    if _holds(name, issued):
        return None
    there = [row for row in register if _holds(name, row)]
    if there:
        return _told_apart(max(there, key=lambda row: len(row.workbook)), issued, scheme)
    own = called(issued.unit, issued.department, scheme)
    if own not in name:
        others = (
            [row.name for row in scheme.units] if issued.unit else [i.assessor for i in scheme.indicators]
        )
        other = next((word for word in others if word and word in name), "")
        return (other, own) if other else None
    beside = _beside(name, issued, register)
    return _told_apart(beside, issued, scheme) if beside else None


def _beside(name: str, issued: IssueRecord, register: Iterable[IssueRecord]) -> IssueRecord | None:
    """Another workbook of the same unit whose department or period the name has, and not its own."""
    for row in register:
        if row.unit != issued.unit or (not row.unit and row.department != issued.department):
            continue
        department = row.department not in ("", issued.department) and row.department in name
        period = row.period != issued.period and row.period in name
        if (department and issued.department not in name) or (period and issued.period not in name):
            return row
    return None


def _told_apart(other: IssueRecord, issued: IssueRecord, scheme: Scheme) -> tuple[str, str]:
    first, second = (whose(row.unit, row.department, scheme) for row in (other, issued))
    if other.period != issued.period:
        return f"{first} {other.period}", f"{second} {issued.period}"
    return first, second


def _holds(name: str, issued: IssueRecord) -> bool:
    """Whether a file's name has that of an issued workbook, with whatever before and behind it."""
    return bool(issued.workbook) and _stem(issued.workbook) in name


def _stem(workbook: str) -> str:
    name = workbook.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def meant(returned: Return, register: Mapping[str, IssueRecord]) -> str:
    """The period a return is handed in for, as far as it says: by its file's name, else by its number.

    Somebody who hands in last quarter's form under this half-year's name has not handed in for last quarter.
    '' when neither the register nor the form knows.
    """
    issued = register.get(returned.identity.number)
    if issued is None:
        return returned.identity.period
    name = _stem(returned.workbook)
    if _holds(name, issued):
        return issued.period
    for row in register.values():
        same = (row.unit, row.department) == (issued.unit, issued.department)
        if same and row.period != issued.period and _holds(name, row):
            return row.period
    return issued.period


def period_of(returns: Sequence[Return], register: Mapping[str, IssueRecord]) -> str:
    """The period most of the returns are handed in for; without any, the one issued most; '' for nothing."""
    codes = [code for returned in returns if is_period(code := meant(returned, register))]
    codes = codes or [row.period for row in register.values()]
    return max(sorted(set(codes)), key=codes.count) if codes else ""
