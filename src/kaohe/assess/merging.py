"""Which record of an indicator counts: later returns replace earlier ones, departments are merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kaohe import terms
from kaohe.findings import Finding
from kaohe.model import Period, Record, Scheme

Live = Mapping[str, Mapping[str, Record]]
"""Unit code → indicator code → the record that counts."""
Holder = tuple[str, str, str]
"""(unit, department, source): whose workbook it is; a 考评打分表 belongs to the department alone."""


def holder_of(record: Record) -> Holder:
    """Whose workbook the record came in."""
    return ("" if record.source else record.unit, record.department, record.source)


def supersede(known: Sequence[Record], fresh: Sequence[Record], period: Period) -> list[Record]:
    """Earlier rows that a new return replaces are marked with it.

    A return replaces all rows of the same unit and department, a 考评打分表 all rows of the department's; a
    whole form and a department's form replace each other indicator by indicator, because a unit may change
    the way it is issued.
    """
    same = {holder_of(r): r for r in fresh}
    other_way = {(r.unit, bool(r.department), r.indicator): r for r in fresh if not r.source}

    def newer(record: Record) -> Record | None:
        if record.period != period.code or record.superseded:
            return None
        by = same.get(holder_of(record))
        if by is None and not record.source:
            by = other_way.get((record.unit, not record.department, record.indicator))
        return by if by and by.sha256 != record.sha256 else None

    marked = [
        record._replace(superseded=f"{by.workbook}({by.received})") if (by := newer(record)) else record
        for record in known
    ]
    return [*marked, *fresh]


def merge(records: Iterable[Record], scheme: Scheme) -> tuple[Live, list[Finding]]:
    """The records of one period that are not replaced, by unit and indicator, and overlaps between them."""
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
    indicator = scheme.indicator_by_code[first.indicator]
    assessed = terms.SOURCE_ASSESSED in (first.source, second.source)
    lead = indicator.assessor if assessed else indicator.lead_department
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
