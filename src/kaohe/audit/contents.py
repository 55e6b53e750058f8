"""Which tables of a master 内容校验 covers, and under which names: yellow sheets, growing registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kaohe.audit.digest import Hashes, Value, content_text, hashes_of, table_rows
from kaohe.sheets.registers import RECORDS
from kaohe.tables import BY_KEY, Table

REPLACED = f"{RECORDS.key}·被替代"
"""The one column of 填报数据 that a later run may change in an earlier row, apart from the others."""
_REPLACED_AT = [key for key, *_ in RECORDS.columns].index("superseded")

Registers = Mapping[str, Iterable[Sequence[Value]]]
"""Rows of registers by key, fields in the order of the register's columns."""


def hashes_by_name(tables: Mapping[str, Table], registers: Registers) -> dict[str, Hashes]:
    """Rows of every table, by the name it has in 内容校验: yellow sheets by title, registers by key."""
    found = {BY_KEY[key].title: hashes_of(table_rows(table)) for key, table in tables.items()}
    for key, rows in registers.items():
        if key == RECORDS.key:
            records = [tuple(row) for row in rows]
            found[key] = hashes_of(_but_replaced(row) for row in records)
            found[REPLACED] = hashes_of((row[_REPLACED_AT],) for row in records)
        else:
            found[key] = hashes_of(rows)
    return found


def content_of(tables: Mapping[str, Table], registers: Registers) -> str:
    """内容校验 of a run: ``tables`` as the office has them, ``registers`` as the run leaves them."""
    return content_text(hashes_by_name(tables, registers))


def _but_replaced(row: tuple[Value, ...]) -> tuple[Value, ...]:
    return row[:_REPLACED_AT] + row[_REPLACED_AT + 1 :]
