"""Which returns count: identity against 下发登记, duplicates, superseded rows, departments merged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.applicable import Applicable
from kaohe.assess.assessors import Assessing, assessed_findings, assessed_records, assessing
from kaohe.assess.changes_since import ChangesSince
from kaohe.assess.duplicates import without_duplicates
from kaohe.assess.entries import as_record, quoted, typed_text
from kaohe.assess.few import few
from kaohe.assess.judging import CONSOLIDATED as CONSOLIDATED
from kaohe.assess.judging import DUPLICATE as DUPLICATE
from kaohe.assess.judging import KNOWN as KNOWN
from kaohe.assess.judging import REFUSED as REFUSED
from kaohe.assess.judging import UNREADABLE as UNREADABLE
from kaohe.assess.judging import Judged, called, judged, whose
from kaohe.assess.merging import Holder, Live, holder_of, merge, supersede
from kaohe.assess.remembered import remembered
from kaohe.findings import Finding
from kaohe.model import IssueRecord, Location, Period, Record, Return, ReturnedRow, Scheme, VersionRow

_EARLIER = "(此前汇总的)"
"""Behind the name of a file that counts and is another one than this run's of the same name."""


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
    earlier: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """SHA-256 of a file that counts, where this run has another of its name → what findings call it."""

    def told(self, workbook: str, sha256: str) -> str:
        """What a file is called in findings."""
        return self.earlier.get(sha256, workbook)


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
    reader = _Rows(scheme, tasks)
    first = [reader.with_records(judged(r, register, scheme, period, changes)) for r in returns]
    items = without_duplicates(first, known, period)
    taken = {_cell_of(r) for r in known}
    read = [item for item in items if item.state in (CONSOLIDATED, KNOWN)]
    fresh = [record for item in read for record in item.records if _cell_of(record) not in taken]
    records = supersede(known, fresh, period)
    counting = [r for r in records if r.period == period.code and not r.superseded]
    earlier = _called_earlier(counting, returns)
    counting = [r._replace(workbook=earlier.get(r.sha256, r.workbook)) for r in counting]
    live, overlaps = merge((r for r in counting if not r.source), scheme)
    assessed, twice = merge((r for r in counting if r.source), scheme)
    hands = {holder_of(record) for record in counting}
    findings = [finding for item in items for finding in _of_item(item, hands)]
    findings += [f for item in read for f in reader.findings(item)]
    findings += [*overlaps, *twice]
    known_rows = (record for item in read if item.state == KNOWN for record in item.records)
    findings += edited_findings(known_rows, known, scheme)
    findings += remembered(counting, {item.returned.sha256 for item in read}, scheme)
    inputs = tuple(_input(item) for item in items)
    return Intake(tuple(records), live, inputs, tuple(findings), assessed, earlier)


def _cell_of(record: Record) -> tuple[str, str, str]:
    """What tells one cell of one file from another."""
    return (record.sha256, record.unit, record.indicator)


def _called_earlier(counting: Iterable[Record], returns: Iterable[Return]) -> Mapping[str, str]:
    """SHA-256 → name, of files that count whose name another file of this run has."""
    here = {returned.workbook: returned.sha256 for returned in returns}
    return {
        r.sha256: f"{r.workbook}{_EARLIER}" for r in counting if here.get(r.workbook, r.sha256) != r.sha256
    }


class _Rows:
    """The rows of returns that are kept, and what is said of those that are not."""

    def __init__(self, scheme: Scheme, tasks: Mapping[str, Assessing]) -> None:
        self._scheme = scheme
        self._tasks = tasks
        self._applicable = Applicable(scheme)
        self._own: dict[tuple[str, str], Collection[str]] = {}

    def with_records(self, item: Judged) -> Judged:
        """The return with its rows of 填报数据; refused when it has not one (W19)."""
        if item.state != CONSOLIDATED:
            return item
        returned = item.returned
        if item.by_department:
            task = self._tasks.get(returned.identity.department)
            return item._replace(records=assessed_records(returned, task, self._scheme))
        records = tuple(self._records(item))
        if not records:
            facts = {"missing": "表格里没有一行是下发给它的指标"}
            found = Finding("W19", Location(returned.workbook, returned.sheet), facts)
            return item._replace(state=REFUSED, findings=(*item.findings, found))
        return item._replace(records=records)

    def _records(self, item: Judged) -> Iterable[Record]:
        """A unit gives no figure where somebody else does."""
        for row in item.returned.rows:
            indicator = self._scheme.indicator_by_code.get(row.indicator)
            if indicator is not None and not self._foreign(item, row):
                own = row if indicator.entered else row._replace(value=None, error="", uncached=False)
                record = as_record(own, indicator, item.returned)
                yield record._replace(unit=item.unit, evidence=row.evidence)

    def _foreign(self, item: Judged, row: ReturnedRow) -> bool:
        """Whether the row is of an indicator that was not issued in this workbook.

        Of a workbook issued under another version of the scheme that cannot be said.
        """
        identity = item.returned.identity
        if identity.version != self._scheme.version:
            return False
        key = (item.unit, identity.department)
        if key not in self._own:
            self._own[key] = self._issued(*key)
        return row.indicator not in self._own[key]

    def _issued(self, unit: str, department: str) -> Collection[str]:
        """The indicators of a unit's form, or of a department's part of it (and those that are nobody's)."""
        scheme = self._scheme
        rows = self._applicable.of(scheme.unit_by_code[unit])
        mine = ("", department)
        return {row.code for row in rows if not department or scheme.head_of(row).lead_department in mine}

    def findings(self, item: Judged) -> Iterable[Finding]:
        """V15 rows of indicators the scheme does not have, V46 not this form's; V27–V29 in a 考评打分表."""
        returned = item.returned
        if item.by_department:
            task = self._tasks.get(returned.identity.department)
            yield from assessed_findings(returned, task, self._scheme)
            return
        known = self._scheme.indicator_by_code
        place = Location(returned.workbook, returned.sheet, unit=item.unit)
        strange = [row for row in returned.rows if row.indicator not in known]
        found = [Finding("V15", place._replace(cell=row.cell), {"typed": row.indicator}) for row in strange]
        yield from few(found, "typed", "{said} 等 {count} 个")
        others = [r for r in returned.rows if r.indicator in known and self._foreign(item, r)]
        yield from (self._not_issued(item, row) for row in others if typed_text(row).strip())

    def _not_issued(self, item: Judged, row: ReturnedRow) -> Finding:
        returned, indicator = item.returned, self._scheme.indicator_by_code[row.indicator]
        place = Location(returned.workbook, returned.sheet, row.cell, item.unit, row.indicator)
        lead = self._scheme.head_of(indicator).lead_department
        applies = any(
            own.code == row.indicator for own in self._applicable.of(self._scheme.unit_by_code[item.unit])
        )
        facts = {
            "indicator": row.indicator,
            "name": indicator.name,
            "issued": whose(item.unit, returned.identity.department, self._scheme),
            "why": f"由{lead}填报" if applies else f"{called(item.unit, '', self._scheme)}不考核该指标",
            "typed": quoted(typed_text(row)),
        }
        return Finding("V46", place, facts)


def _of_item(item: Judged, hands: Collection[Holder]) -> Iterable[Finding]:
    """A form of another period is no error when the form of this one, from the same hands, is in.

    ``hands``: those whose rows count. A whole form and a department's part of it are from the same.
    """
    if all(finding.code != "W05" for finding in item.findings):
        yield from item.findings
        return
    department = item.returned.identity.department
    source = "" if item.unit else terms.SOURCE_ASSESSED
    same = [hand for hand in hands if (hand[0], hand[2]) == (item.unit, source)]
    in_already = any(not (hand[1] and department) or hand[1] == department for hand in same)
    for finding in item.findings:
        if finding.code == "W05" and in_already:
            yield Finding("W15", finding.location, finding.facts)
        else:
            yield finding


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


def _input(item: Judged) -> InputState:
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


def refused_files(inputs: Iterable[InputState]) -> dict[str, str]:
    """Unit code, or name of an assessing department → a file that came from it and was not taken in."""
    return {
        item.unit or item.department: item.workbook
        for item in inputs
        if item.state in (REFUSED, UNREADABLE) and (item.unit or item.department)
    }
