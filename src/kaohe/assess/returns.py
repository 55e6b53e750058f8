"""Which returns count: identity against 下发登记, duplicates, superseded rows, departments merged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.assessors import Assessing, assessed_findings, assessed_records, assessing
from kaohe.assess.changes_since import ChangesSince
from kaohe.assess.entries import as_record
from kaohe.assess.few import few
from kaohe.assess.merging import Holder, Live, holder_of, merge, supersede
from kaohe.assess.remembered import remembered
from kaohe.findings import Finding
from kaohe.model import IssueRecord, Location, Period, Record, Return, Scheme, VersionRow
from kaohe.tables import plain

CONSOLIDATED = "已汇总"
KNOWN = "此前已汇总"
DUPLICATE = "重复"
REFUSED = "未收录"
UNREADABLE = "读不了"


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
    assessed: Live = field(default_factory=dict)
    """What departments gave in their 考评打分表: unit → indicator → record."""


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
    tasks = assessing(scheme, period)
    changes = ChangesSince(scheme, versions, tasks)
    judged = _without_duplicates(
        [_judge(r, register, scheme, period, changes) for r in returns], known, period
    )
    taken = {_cell_of(r) for r in known}
    read = [(item, _records(item, tasks, scheme)) for item in judged if item.state in (CONSOLIDATED, KNOWN)]
    fresh = [record for _, rows in read for record in rows if _cell_of(record) not in taken]
    records = supersede(known, fresh, period)
    counting = [r for r in records if r.period == period.code and not r.superseded]
    live, overlaps = merge((r for r in counting if not r.source), scheme)
    assessed, twice = merge((r for r in counting if r.source), scheme)
    findings = [finding for item in judged for finding in item.findings]
    findings += [f for item, _ in read for f in _row_findings(item, tasks, scheme)]
    findings += [*overlaps, *twice]
    known_rows = (record for item, rows in read if item.state == KNOWN for record in rows)
    findings += edited_findings(known_rows, known, scheme)
    findings += remembered(counting, {item.returned.sha256 for item, _ in read}, scheme)
    findings = [_of_other_period(finding, live) for finding in findings]
    inputs = tuple(_input(item) for item in judged)
    return Intake(tuple(records), live, inputs, tuple(findings), assessed)


def _cell_of(record: Record) -> tuple[str, str, str]:
    """What tells one cell of one file from another."""
    return (record.sha256, record.unit, record.indicator)


def _records(item: _Judged, tasks: Mapping[str, Assessing], scheme: Scheme) -> tuple[Record, ...]:
    """The rows of a return that are kept; a unit gives no figure where somebody else does."""
    returned = item.returned
    if _by_department(returned):
        return assessed_records(returned, tasks.get(returned.identity.department), scheme)
    found = []
    for row in returned.rows:
        indicator = scheme.indicator_by_code.get(row.indicator)
        if indicator is not None:
            own = row if indicator.entered else row._replace(value=None, error="", uncached=False)
            record = as_record(own, indicator, returned)
            found.append(record._replace(unit=item.unit, evidence=row.evidence))
    return tuple(found)


def _by_department(returned: Return) -> bool:
    return returned.identity.purpose == terms.PURPOSE_ASSESSOR


def _of_other_period(finding: Finding, live: Live) -> Finding:
    """A form of another period is no error when the unit's form of this one is in."""
    unit = str(finding.facts.get("unit", ""))
    return (
        Finding("W15", finding.location, finding.facts) if finding.code == "W05" and unit in live else finding
    )


def edited_findings(read: Iterable[Record], known: Sequence[Record], scheme: Scheme) -> Iterable[Finding]:
    """W13 rows of 填报数据 (``known``) that no longer say what the file in the inbox says (``read``)."""
    kept: dict[tuple[str, str, str], list[Record]] = {}
    for row in known:
        kept.setdefault(_cell_of(row), []).append(row)
    for record in read:
        same = kept.get(_cell_of(record), [])  # two where a form has the row twice
        if not same or any((row.typed, row.value) == (record.typed, record.value) for row in same):
            continue
        stands = next((row for row in same if row.cell == record.cell), same[0])
        facts = {
            "indicator": record.indicator,
            "name": scheme.indicator_by_code[record.indicator].name,
            "kept": _said(stands),
            "typed": record.typed,
        }
        yield Finding("W13", record.location, facts)


def _said(record: Record) -> str:
    return record.typed if record.value is None else f"{record.value:.15g}"


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


def _judge(
    returned: Return,
    register: Mapping[str, IssueRecord],
    scheme: Scheme,
    period: Period,
    changes: ChangesSince,
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
    asked = _name_finding(returned, issued, scheme)
    changed = changes.since(identity.version, issued.unit, issued.department)
    if changed:
        facts = {"found": identity.version, "expected": scheme.version, "changed": changed}
        asked += (Finding("W06", place._replace(unit=issued.unit), facts),)
    return _Judged(returned, issued.unit, CONSOLIDATED, asked)


def _identity_findings(
    returned: Return, issued: IssueRecord, scheme: Scheme, period: Period
) -> tuple[Finding, ...]:
    """What keeps a return out: another period, or another unit in the hidden identity or on its face."""
    identity = returned.identity
    place = Location(returned.workbook, returned.sheet)
    if identity.period != period.code or issued.period != period.code:
        other = identity.period if identity.period != period.code else issued.period
        facts = {"found": other, "expected": period.code, "unit": issued.unit}
        return (Finding("W05", place, facts),)
    if issued.unit and issued.unit not in scheme.unit_by_code:
        return (Finding("W11", place, {"unit": returned.shown_unit or issued.unit}),)
    expected = _called(issued.unit, issued.department, scheme)
    hidden, shown = _called(identity.unit, identity.department, scheme), returned.shown_unit
    if hidden != expected or (shown and plain(shown) != plain(expected)):
        found = hidden if hidden != expected else shown
        facts = {"found": found, "number": identity.number, "expected": expected}
        return (Finding("W04", place, facts),)
    return ()


def _called(unit: str, department: str, scheme: Scheme) -> str:
    """Whose workbook it is: the unit's, or the department's that assesses."""
    if not unit:
        return department
    return scheme.unit_by_code[unit].name if unit in scheme.unit_by_code else unit


class _Kept(NamedTuple):
    """The file that counts for an issue number; ``here``: it lies in this run's inbox."""

    workbook: str
    sha256: str
    received: str
    here: bool


def _without_duplicates(judged: Sequence[_Judged], known: Sequence[Record], period: Period) -> list[_Judged]:
    """Of all files of one unit and department, in this run and before, the last received counts, once.

    A form that was issued again has another number; the later return still counts.
    """
    kept = {
        holder_of(r): _Kept(r.workbook, r.sha256, r.received, False)
        for r in known
        if not r.superseded and r.period == period.code
    }
    live = {file.sha256 for file in kept.values()}
    replaced = {r.sha256: r.superseded for r in known if r.superseded and r.sha256 not in live}
    for item in judged:
        if item.state == CONSOLIDATED and item.returned.sha256 not in replaced:
            key = _holder(item)
            kept[key] = _later(kept.get(key), item.returned)
    return [_against(item, kept, live, replaced) for item in judged]


def _holder(item: _Judged) -> Holder:
    source = terms.SOURCE_ASSESSED if _by_department(item.returned) else ""
    return (item.unit, item.returned.identity.department, source)


def _later(kept: _Kept | None, returned: Return) -> _Kept:
    """The later of two files; the same bytes as those of an earlier run are that file, whatever its name."""
    file = _Kept(returned.workbook, returned.sha256, returned.received, True)
    if kept is None or kept.received <= file.received:
        return file
    return file if kept.sha256 == file.sha256 and not kept.here else kept


def _name_finding(returned: Return, issued: IssueRecord, scheme: Scheme) -> tuple[Finding, ...]:
    """W12 a file named after another unit (or department) than the one whose workbook it holds."""
    name = returned.workbook.rpartition("/")[2]
    own = _called(issued.unit, issued.department, scheme)
    if own in name:
        return ()
    others = [row.name for row in scheme.units] if issued.unit else [i.assessor for i in scheme.indicators]
    other = next((word for word in others if word and word in name), "")
    facts = {"named": other, "unit": own, "number": returned.identity.number}
    return (Finding("W12", Location(returned.workbook, unit=issued.unit), facts),) if other else ()


def _against(
    item: _Judged, kept: Mapping[Holder, _Kept], live: Collection[str], replaced: Mapping[str, str]
) -> _Judged:
    if item.state != CONSOLIDATED:
        return item
    returned = item.returned
    counts = kept.get(_holder(item))
    if counts and (counts.workbook, counts.sha256) == (returned.workbook, returned.sha256):
        return item._replace(state=KNOWN) if returned.sha256 in live else item
    place = Location(returned.workbook, unit=item.unit)
    if counts is None or counts.sha256 == returned.sha256 or returned.sha256 in replaced:
        name = counts.workbook if counts else replaced.get(returned.sha256, "")
        return item._replace(state=DUPLICATE, findings=(Finding("W07", place, {"kept": name}),))
    where = "" if counts.here else "总表中此前汇总的 "
    facts = {"kept": f"{where}{counts.workbook}({counts.received})", "received": returned.received}
    return item._replace(state=DUPLICATE, findings=(Finding("W14", place, facts),))


def _row_findings(item: _Judged, tasks: Mapping[str, Assessing], scheme: Scheme) -> Iterable[Finding]:
    """V15 rows of indicators the scheme does not have; V27–V29 in a 考评打分表."""
    returned = item.returned
    if _by_department(returned):
        yield from assessed_findings(returned, tasks.get(returned.identity.department), scheme)
        return
    strange = [row for row in returned.rows if row.indicator not in scheme.indicator_by_code]
    place = Location(returned.workbook, returned.sheet, unit=item.unit)
    found = [Finding("V15", place._replace(cell=row.cell), {"typed": row.indicator}) for row in strange]
    yield from few(found, "typed", "{said} 等 {count} 个")


def refused_files(inputs: Iterable[InputState]) -> dict[str, str]:
    """Unit code, or name of an assessing department → a file that came from it and was not taken in."""
    return {
        item.unit or item.department: item.workbook
        for item in inputs
        if item.state in (REFUSED, UNREADABLE) and (item.unit or item.department)
    }
