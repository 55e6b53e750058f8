"""What a form says that contradicts its values is told until a better return replaces it.

The file may leave the inbox; what stood beside the value stays in 填报数据 (表内名称不符, 表内单位不符).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kaohe.findings import Finding
from kaohe.model import Indicator, Location, Record, Scheme
from kaohe.tables import plain


def remembered(records: Iterable[Record], read: Collection[str], scheme: Scheme) -> list[Finding]:
    """V44, V45 about records that count and whose file this run did not read.

    ``read``: SHA-256 of the files that were read, of which the same was told from their rows.
    """
    found = []
    for record in records:
        indicator = scheme.indicator_by_code.get(record.indicator)
        if indicator is None or record.sha256 in read:
            continue
        if record.other_name:
            found.append(_of_name(record, indicator, scheme))
        if record.other_measure:
            found.append(of_measure(record.location, indicator, record.other_measure, record.typed))
    return found


def _of_name(record: Record, indicator: Indicator, scheme: Scheme) -> Finding:
    """In a 考评打分表 the name may be that of another unit."""
    unit = scheme.unit_by_code.get(record.unit)
    shown = record.other_name
    if record.source and unit and any(plain(row.name) == plain(shown) for row in scheme.units):
        facts = {"code": unit.code, "name": unit.name, "shown": shown}
    else:
        facts = {"code": indicator.code, "name": indicator.name, "shown": shown}
    return Finding("V44", record.location, facts)


def of_measure(place: Location, indicator: Indicator, shown: str, typed: str) -> Finding:
    """V45: the unit of measure beside a value is not the indicator's."""
    facts = {"name": indicator.name, "shown": shown, "expected": indicator.unit_of_measure, "typed": typed}
    return Finding("V45", place, facts)
