"""Who is missing: units and departments without a return, indicators missing from what came."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kaohe import terms
from kaohe.assess.applicable import Applicable, filled_in
from kaohe.assess.assessors import Assessing, assessing, shown_name
from kaohe.assess.merging import Live
from kaohe.findings import Finding
from kaohe.model import Indicator, IssueRecord, Location, Period, Record, Scheme, Unit


def coverage_findings(
    register: Mapping[str, IssueRecord],
    live: Live,
    scheme: Scheme,
    period: Period,
    refused: Mapping[str, str],
    assessed: Live | None = None,
) -> Iterable[Finding]:
    """W08 units (or departments) without a return; V14, V25, V26 what is missing from what came.

    ``refused``: unit code (or name of an assessing department) → a file that came but was not taken in.
    ``assessed``: what departments gave in their 考评打分表; without it nothing is said about these.
    """
    applicable = Applicable(scheme)
    issued: dict[str, list[IssueRecord]] = {}
    for entry in register.values():
        if entry.period == period.code and entry.unit:
            issued.setdefault(entry.unit, []).append(entry)
    measured = {row.code for row in scheme.indicators if scheme.measured(row, period)}
    for unit in scheme.units:
        own = applicable.of(unit)
        if not filled_in(own):
            continue
        rows = live.get(unit.code, {})
        if not rows:
            facts = {"unit": unit.name, "part": _came(refused, unit.code, "自测表")}
            yield Finding("W08", Location(unit=unit.code), facts)
            continue
        absent = [row for row in own if row.entered and row.code in measured and row.code not in rows]
        yield from _missing_rows(unit, absent, rows.values(), issued.get(unit.code, []), scheme)
    if assessed is not None:
        yield from assessor_findings(assessed, scheme, period, refused)


def _missing_rows(
    unit: Unit,
    absent: Collection[Indicator],
    records: Collection[Record],
    issued: Iterable[IssueRecord],
    scheme: Scheme,
) -> Iterable[Finding]:
    """W08 departments of a unit that sent nothing, V14 rows that are missing from the others' parts."""
    waiting = _waiting(issued, records)
    for department in sorted(waiting):
        if any(scheme.head_of(row).lead_department == department for row in absent):
            facts = {"unit": unit.name, "part": f"“{department}”的分表"}
            yield Finding("W08", Location(unit=unit.code), facts)
    for row in absent:
        if scheme.head_of(row).lead_department not in waiting:
            place = _workbook_of(scheme.head_of(row).lead_department, unit, records)
            facts = {"indicator": row.code, "name": row.name}
            yield Finding("V14", place._replace(indicator=row.code), facts)


def _workbook_of(department: str, unit: Unit, records: Collection[Record]) -> Location:
    """Where an indicator of the department should stand: in its part of the unit's form, or in the whole.

    In neither where none of them came: then it is nobody's file that lacks it.
    """
    for who in (department, ""):
        own = next((record for record in records if record.department == who), None)
        if own is not None:
            return own.location._replace(cell="")
    return Location(unit=unit.code)


def assessor_findings(
    assessed: Live, scheme: Scheme, period: Period, refused: Mapping[str, str]
) -> Iterable[Finding]:
    """What departments owe: W08 a 考评打分表 (once per department), V25 blank cells, V26 deleted ones.

    A department that only checks what units fill in owes nothing (W16): the units' figures stand.
    """
    returned = _returned_departments(assessed)
    for task in assessing(scheme, period).values():
        if task.department in returned:
            yield from _missing_cells(task, assessed, scheme)
        elif task.owed:
            came = _came(refused, task.department, terms.PURPOSE_ASSESSOR)
            part = came or f"{terms.PURPOSE_ASSESSOR}(涉及 {len(owing_units(task))} 个考核对象)"
            yield Finding("W08", Location(), {"unit": task.department, "part": part})
        else:
            yield Finding("W16", Location(), {"department": task.department, "count": len(task.indicators)})


def affected_units(assessed: Live, scheme: Scheme, period: Period) -> Mapping[str, frozenset[str]]:
    """Department without a 考评打分表 → codes of the units (and persons) whose results wait for it."""
    returned = _returned_departments(assessed)
    return {
        task.department: owing_units(task)
        for task in assessing(scheme, period).values()
        if task.owed and task.department not in returned
    }


def owing_units(task: Assessing) -> frozenset[str]:
    """Codes of those a department owes a value."""
    return frozenset(unit.code for row in task.owed for unit in task.units[row.code])


def _returned_departments(assessed: Live) -> set[str]:
    return {record.department for rows in assessed.values() for record in rows.values()}


def _missing_cells(task: Assessing, assessed: Live, scheme: Scheme) -> Iterable[Finding]:
    """V25 cells left blank, V26 cells that are no longer there, unit by unit."""
    whole = next(r for rows in assessed.values() for r in rows.values() if r.department == task.department)
    for row in task.owed:
        for unit in task.units[row.code]:
            record = assessed.get(unit.code, {}).get(row.code)
            facts = {"department": task.department, "name": shown_name(row, unit)}
            if record is None:
                place = whole.location._replace(cell="", unit=unit.code, indicator=row.code)
                yield Finding("V26", place, facts)
            elif not record.typed.strip():
                yield Finding("V25", record.location, facts)


def _came(refused: Mapping[str, str], who: str, what: str) -> str:
    return f"可用的{what}(交来的 {refused[who]} 未收录,原因见该文件的问题)" if who in refused else ""


def _waiting(issued: Iterable[IssueRecord], records: Iterable[Record]) -> set[str]:
    returned = {record.department for record in records}
    return {entry.department for entry in issued if entry.department and entry.department not in returned}
