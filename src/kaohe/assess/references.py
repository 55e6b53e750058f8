"""Codes in one table of the scheme that another table must have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kaohe import terms
from kaohe.findings import Finding
from kaohe.tables import BY_KEY, Table

_REFERENCES = (
    ("target", "indicator", "indicator"),
    ("target", "unit", "unit"),
    ("parameter", "indicator", "indicator"),
    ("parameter", "scope", "unit"),
    ("person", "belongs_to", "unit"),
    ("voter", "indicator", "indicator"),
    ("verdict", "unit", "unit"),
    ("verdict", "indicator", "indicator"),
    ("adjustment", "unit", "unit"),
    ("adjustment", "indicator", "indicator"),
    ("bonus", "unit", "unit"),
    ("veto", "unit", "unit"),
    ("veto", "event", "veto_event"),
    ("survey", "unit", "unit"),
    ("survey", "indicator", "indicator"),
    ("appeal", "unit", "unit"),
    ("appeal", "indicator", "indicator"),
    ("supervision", "unit", "unit"),
)
"""(table, column, table that must have the code)."""


def reference_findings(tables: Mapping[str, Table]) -> Iterable[Finding]:
    """S10 at the cell whose code does not exist in any version; ``*`` stands for all."""
    for key, column, other in _REFERENCES:
        if key not in tables or other not in tables:
            continue
        known = _codes(tables[other], with_groups=column == "scope")
        if other == "unit" and column == "unit" and "person" in tables:
            known = {*known, *_codes(tables["person"], with_groups=False)}
        for row in tables[key].rows:
            code = row.text(column)
            if code and code not in known:
                facts = {
                    "column": BY_KEY[key].column(column).title,
                    "code": code,
                    "table": f"《{BY_KEY[other].title}》",
                }
                yield Finding("S10", tables[key].locate(row, column), facts)


def _codes(table: Table, with_groups: bool) -> Collection[str]:
    codes = {row.text("code") for row in table.rows} | {terms.EVERYONE}
    return codes | {row.text("group") for row in table.rows} if with_groups else codes
