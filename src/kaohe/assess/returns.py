"""Which returns count: identity against 下发登记, duplicates, superseded rows, departments merged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kaohe.assess.entries import as_records
from kaohe.assess.versions import changes, changes_for, listed, version_rows
from kaohe.findings import Finding
from kaohe.model import IssueRecord, Location, Period, Record, Return, Scheme, VersionRow

CONSOLIDATED = "已汇总"
KNOWN = "此前已汇总"
DUPLICATE = "重复"
REFUSED = "未收录"
UNREADABLE = "读不了"

Live = Mapping[str, Mapping[str, Record]]
"""Unit code → indicator code → the record that counts."""


class InputState(NamedTuple):
    """What became of one file of the inbox."""

    workbook: str
    sha256: str
    unit: str
    department: str
    number: str
    received: str
    state: str


@dataclass(frozen=True)
class Intake:
    """All rows of 填报数据 after this run, the ones that count, and what was found about the files."""

    records: tuple[Record, ...]
    live: Live
    inputs: tuple[InputState, ...]
    findings: tuple[Finding, ...]


class _Judged(NamedTuple):
    returned: Return
    unit: str
    state: str
    findings: tuple[Finding, ...] = ()


def take_in(
    returns: Sequence[Return],
    register: Mapping[str, IssueRecord],
    known: Sequence[Record],
    scheme: Scheme,
    period: Period,
    versions: Sequence[VersionRow] = (),
) -> Intake:
    """Judge every return, merge what counts with the records of earlier runs.

    ``versions`` are the rows of 方案版本, ``register`` is 下发登记 by issue number, ``known`` the rows of
    填报数据 so far (all periods), ``scheme`` the rows in force at the period's end.
    """
    changes = _Changes(scheme, versions)
    judged = _without_duplicates([_judge(r, register, scheme, period, changes) for r in returns], known)
    fresh = [
        record._replace(unit=item.unit)
        for item in judged
        if item.state == CONSOLIDATED
        for record in as_records(item.returned, scheme)
    ]
    records = _supersede(known, fresh, period)
    live, overlaps = _merge((r for r in records if r.period == period.code and not r.superseded), scheme)
    findings = [finding for item in judged for finding in item.findings]
    read = (item for item in judged if item.state in (CONSOLIDATED, KNOWN))
    findings += [f for item in read for f in _row_findings(item, scheme)]
    findings += overlaps
    return Intake(tuple(records), live, tuple(_input(item) for item in judged), tuple(findings))


def _input(item: _Judged) -> InputState:
    returned = item.returned
    return InputState(
        workbook=returned.workbook,
        sha256=returned.sha256,
        unit=item.unit,
        department=returned.identity.department,
        number=returned.identity.number,
        received=returned.received,
        state=item.state,
    )


class _Changes:
    """What was changed for a unit since a version was issued."""

    def __init__(self, scheme: Scheme, versions: Sequence[VersionRow]) -> None:
        self._scheme = scheme
        self._kept: dict[str, list[VersionRow]] = {}
        for row in versions:
            self._kept.setdefault(row.version, []).append(row)
        self._found: dict[str, Mapping[str, Collection[str]]] = {}

    def since(self, version: str, unit: str) -> str:
        """The changes in words; '' when nothing that concerns the unit was changed."""
        if version == self._scheme.version:
            return ""
        if version not in self._kept:
            return "该版本未留存,无从比较"
        if version not in self._found:
            self._found[version] = changes(self._kept[version], version_rows(self._scheme))
        return listed(changes_for(self._scheme.unit_by_code[unit], self._found[version]))


def _judge(
    returned: Return,
    register: Mapping[str, IssueRecord],
    scheme: Scheme,
    period: Period,
    changes: _Changes,
) -> _Judged:
    identity = returned.identity
    place = Location(returned.workbook, returned.sheet)
    if returned.problem:
        return _Judged(
            returned, identity.unit, UNREADABLE, (Finding(returned.problem, place, dict(returned.facts)),)
        )
    issued = register.get(identity.number)
    if issued is None:
        found = Finding("W03", place, {"number": identity.number})
        return _Judged(returned, identity.unit, REFUSED, (found,))
    refused = _identity_findings(returned, issued, scheme, period)
    if refused:
        return _Judged(returned, issued.unit, REFUSED, refused)
    changed = changes.since(identity.version, issued.unit)
    if changed:
        facts = {"found": identity.version, "expected": scheme.version, "changed": changed}
        query = Finding("W06", place._replace(unit=issued.unit), facts)
        return _Judged(returned, issued.unit, CONSOLIDATED, (query,))
    return _Judged(returned, issued.unit, CONSOLIDATED)


def _identity_findings(
    returned: Return, issued: IssueRecord, scheme: Scheme, period: Period
) -> tuple[Finding, ...]:
    identity = returned.identity
    place = Location(returned.workbook, returned.sheet)
    if identity.period != period.code or issued.period != period.code:
        return (Finding("W05", place, {"found": identity.period, "expected": period.code}),)
    if identity.unit != issued.unit:
        names = {code: unit.name for code, unit in scheme.unit_by_code.items()}
        facts = {
            "found": names.get(identity.unit, identity.unit),
            "number": identity.number,
            "expected": names.get(issued.unit, issued.unit),
        }
        return (Finding("W04", place, facts),)
    if issued.unit not in scheme.unit_by_code:
        return (Finding("W11", place, {"unit": issued.unit}),)
    return ()


class _Kept(NamedTuple):
    """The file that counts for an issue number; ``here``: it lies in this run's inbox."""

    workbook: str
    sha256: str
    received: str
    here: bool


def _without_duplicates(judged: Sequence[_Judged], known: Sequence[Record]) -> list[_Judged]:
    """Of all files with one issue number, in this run and before, the last received counts, once."""
    kept = {r.number: _Kept(r.workbook, r.sha256, r.received, False) for r in known if not r.superseded}
    live = {file.sha256 for file in kept.values()}
    replaced = {r.sha256: r.superseded for r in known if r.superseded and r.sha256 not in live}
    for item in judged:
        if item.state == CONSOLIDATED and item.returned.sha256 not in replaced:
            number = item.returned.identity.number
            kept[number] = _later(kept.get(number), item.returned)
    return [_against(item, kept, live, replaced) for item in judged]


def _later(kept: _Kept | None, returned: Return) -> _Kept:
    """The later of two files; the same bytes as those of an earlier run are that file, whatever its name."""
    file = _Kept(returned.workbook, returned.sha256, returned.received, True)
    if kept is None or kept.received <= file.received:
        return file
    return file if kept.sha256 == file.sha256 and not kept.here else kept


def _against(
    item: _Judged, kept: Mapping[str, _Kept], live: Collection[str], replaced: Mapping[str, str]
) -> _Judged:
    if item.state != CONSOLIDATED:
        return item
    returned = item.returned
    counts = kept.get(returned.identity.number)
    if counts and (counts.workbook, counts.sha256) == (returned.workbook, returned.sha256):
        return item._replace(state=KNOWN) if returned.sha256 in live else item
    name = counts.workbook if counts else replaced.get(returned.sha256, "")
    note = Finding("W07", Location(returned.workbook, unit=item.unit), {"kept": name})
    return item._replace(state=DUPLICATE, findings=(note,))


def _supersede(known: Sequence[Record], fresh: Sequence[Record], period: Period) -> list[Record]:
    """Earlier rows that a new return replaces are marked with it.

    A return replaces all rows of the same unit and department; a whole form and a department's form replace
    each other indicator by indicator, because a unit may change the way it is issued.
    """
    same = {(r.unit, r.department): r for r in fresh}
    other_way = {(r.unit, bool(r.department), r.indicator): r for r in fresh}

    def newer(record: Record) -> Record | None:
        if record.period != period.code or record.superseded:
            return None
        return same.get((record.unit, record.department)) or other_way.get(
            (record.unit, not record.department, record.indicator)
        )

    marked = [
        record._replace(superseded=f"{by.workbook}({by.received})") if (by := newer(record)) else record
        for record in known
    ]
    return [*marked, *fresh]


def _merge(records: Iterable[Record], scheme: Scheme) -> tuple[Live, list[Finding]]:
    live: dict[str, dict[str, Record]] = {}
    overlaps: list[Finding] = []
    for record in records:
        rows = live.setdefault(record.unit, {})
        other = rows.get(record.indicator)
        if other is None or record.indicator not in scheme.indicator_by_code:
            rows[record.indicator] = record
            continue
        kept = _preferred(other, record, scheme)
        if other.typed and record.typed and other.typed != record.typed:
            overlaps.append(_overlap(record, other, kept, scheme))
        rows[record.indicator] = kept
    return live, overlaps


def _preferred(first: Record, second: Record, scheme: Scheme) -> Record:
    """The filled one; of two, the responsible department's; else the later."""
    if not (first.typed and second.typed):
        return first if first.typed else second
    lead = scheme.indicator_by_code[first.indicator].lead_department
    return first if first.department == lead and second.department != lead else second


def _overlap(record: Record, other: Record, kept: Record, scheme: Scheme) -> Finding:
    facts = {
        "indicator": record.indicator,
        "name": scheme.indicator_by_code[record.indicator].name,
        "first": other.workbook,
        "second": record.workbook,
        "kept": kept.workbook,
    }
    code = "W09" if record.workbook != other.workbook else "V17"
    return Finding(code, record.location, facts)


def _row_findings(item: _Judged, scheme: Scheme) -> Iterable[Finding]:
    """V15 rows of indicators the scheme does not have."""
    for row in item.returned.rows:
        if row.indicator not in scheme.indicator_by_code:
            place = Location(item.returned.workbook, item.returned.sheet, row.cell, item.unit)
            yield Finding("V15", place, {"typed": row.indicator})


def coverage_findings(
    register: Mapping[str, IssueRecord], live: Live, scheme: Scheme, period: Period
) -> Iterable[Finding]:
    """W08 units (or departments of a unit) without a return; V14 indicators missing from what came."""
    issued: dict[str, list[IssueRecord]] = {}
    for entry in register.values():
        if entry.period == period.code:
            issued.setdefault(entry.unit, []).append(entry)
    entered = [row for row in scheme.indicators if not row.composite and scheme.measured(row, period)]
    for unit in scheme.units:
        rows = live.get(unit.code, {})
        if not rows:
            yield Finding("W08", Location(unit=unit.code), {"unit": unit.name, "part": ""})
            continue
        absent = [row for row in entered if row.code not in rows]
        waiting = _waiting(issued.get(unit.code, []), rows.values())
        for department in sorted(waiting):
            if any(row.lead_department == department for row in absent):
                facts = {"unit": unit.name, "part": f"“{department}”的分表"}
                yield Finding("W08", Location(unit=unit.code), facts)
        for row in absent:
            if row.lead_department not in waiting:
                place = next(iter(rows.values())).location._replace(cell="", indicator=row.code)
                yield Finding("V14", place, {"indicator": row.code, "name": row.name})


def _waiting(issued: Iterable[IssueRecord], records: Iterable[Record]) -> set[str]:
    returned = {record.department for record in records}
    return {entry.department for entry in issued if entry.department and entry.department not in returned}
