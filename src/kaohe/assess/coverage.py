"""Who is missing: units and departments without a return, indicators missing from what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaohe.assess.merging import Live
from kaohe.findings import Finding
from kaohe.model import IssueRecord, Location, Period, Record, Scheme


def coverage_findings(
    register: Mapping[str, IssueRecord],
    live: Live,
    scheme: Scheme,
    period: Period,
    refused: Mapping[str, str],
) -> Iterable[Finding]:
    """W08 units (or departments of a unit) without a return; V14 indicators missing from what came.

    ``refused``: unit code → a file of the unit that came but was not taken in.
    """
    issued: dict[str, list[IssueRecord]] = {}
    for entry in register.values():
        if entry.period == period.code:
            issued.setdefault(entry.unit, []).append(entry)
    entered = [row for row in scheme.indicators if not row.composite and scheme.measured(row, period)]
    for unit in scheme.units:
        rows = live.get(unit.code, {})
        if not rows:
            yield Finding(
                "W08", Location(unit=unit.code), {"unit": unit.name, "part": _came(refused, unit.code)}
            )
            continue
        absent = [row for row in entered if row.code not in rows]
        waiting = _waiting(issued.get(unit.code, []), rows.values())
        for department in sorted(waiting):
            if any(scheme.head_of(row).lead_department == department for row in absent):
                facts = {"unit": unit.name, "part": f"“{department}”的分表"}
                yield Finding("W08", Location(unit=unit.code), facts)
        for row in absent:
            if scheme.head_of(row).lead_department not in waiting:
                place = next(iter(rows.values())).location._replace(cell="", indicator=row.code)
                yield Finding("V14", place, {"indicator": row.code, "name": row.name})


def _came(refused: Mapping[str, str], unit: str) -> str:
    return f"可用的自测表(交来的 {refused[unit]} 未收录,原因见该文件的问题)" if unit in refused else ""


def _waiting(issued: Iterable[IssueRecord], records: Iterable[Record]) -> set[str]:
    returned = {record.department for record in records}
    return {entry.department for entry in issued if entry.department and entry.department not in returned}
