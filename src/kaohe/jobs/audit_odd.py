"""Cells of 填报数据 that hold what no run writes there: told, then blank, so that all else is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kaohe import terms
from kaohe.audit.model import ANEW, Difference
from kaohe.audit.same import shown
from kaohe.jobs.master import Master
from kaohe.model import Record
from kaohe.sheets.registers import FIRST_ROW, RECORDS
from kaohe.workbooks.grid import column_letter

_WORDS = {"source": ("", terms.SOURCE_ASSESSED)}
"""Fields that hold one of a few words."""


def without_odd_cells(book: Master) -> tuple[Master, tuple[Difference, ...]]:
    """The master with such cells blank, and a difference for each."""
    found: list[Difference] = []
    records: list[Record] = []
    for row, record in enumerate(book.records, start=FIRST_ROW):
        told = list(_odd(book, row, record))
        found += told
        records.append(record._replace(source="") if told else record)
    return (replace(book, records=tuple(records)) if found else book), tuple(found)


def _odd(book: Master, row: int, record: Record) -> Iterator[Difference]:
    sheet = book.sheet_names.get(RECORDS.key, RECORDS.key)
    for at, (field, title, *_) in enumerate(RECORDS.columns, start=1):
        words = _WORDS.get(field)
        value = getattr(record, field)
        if words is not None and value not in words:
            what = f"{record.unit} {record.indicator} {title}"
            should = "、".join(word or "空白" for word in words)
            yield Difference(sheet, f"{column_letter(at)}{row}", what, shown(value), should, ANEW)
