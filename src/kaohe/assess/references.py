"""Codes and words in one table of the scheme that another table must have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from kaohe import terms
from kaohe.assess.load_cells import listed
from kaohe.findings import Finding
from kaohe.tables import BY_KEY, Row, Table, plain

_REFERENCES = (
    ("target", "indicator", "indicator"),
    ("target", "unit", "unit"),
    ("parameter", "indicator", "indicator"),
    ("parameter", "scope", "unit"),
    ("person", "belongs_to", "unit"),
    ("indicator", "value_from", "indicator"),
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
_FOR_ALL = frozenset({"target", "parameter", "voter"})
"""Tables in which ``*`` stands for all; in a register it would be a row about nobody."""
_SCOPES = (("indicator", "applies_to"), ("crosscheck", "scope"))
"""Columns that name kinds, classes, groups or units, several in a cell."""
_LEVELS = (("target", "level"), ("verdict", "level"))
LEVELS = ("国家", terms.LEVEL_PROVINCE, terms.LEVEL_CITY, "县", "区")
"""Words of 层级: another spelling (省级) would count as a level of its own and never be compared."""


def reference_findings(tables: Mapping[str, Table]) -> Iterable[Finding]:
    """S10 at the cell whose code does not exist in any version; ``*`` stands for all. S09 for levels."""
    for key, column, other in _REFERENCES:
        if key in tables and other in tables:
            known = _known(tables, column, other) | ({terms.EVERYONE} if key in _FOR_ALL else set())
            named = _by_name(tables, other, known)
            yield from _unknown(tables[key], column, f"《{BY_KEY[other].title}》", _one, known, named)
    if "unit" in tables:
        scopes, named = _scopes(tables), _by_name(tables, "unit", _scopes(tables))
        for key, column in _SCOPES:
            if key in tables:
                where = "《单位》《人员》的类别、考核组、代码"
                yield from _unknown(tables[key], column, where, listed, scopes, named)
    for key, column in _LEVELS:
        if key in tables:
            yield from _levels(tables[key], column)


def _unknown(
    table: Table,
    column: str,
    where: str,
    split: Callable[[str], Collection[str]],
    known: Collection[str],
    named: Mapping[str, Sequence[str]],
) -> Iterable[Finding]:
    for row in table.rows:
        for code in split(row.text(column)):
            if code not in known:
                facts = {
                    "column": BY_KEY[table.key].column(column).title,
                    "code": code,
                    "table": where,
                    "meant": said_codes(code, named.get(plain(code), ())),
                }
                yield Finding("S10", table.locate(row, column), facts)


def said_codes(name: str, codes: Sequence[str]) -> str:
    """What the remedy adds where a name was typed for a code; '' when nothing is so called."""
    return f",“{name}”的代码是 {'、'.join(codes)}" if codes else ""


def _by_name(tables: Mapping[str, Table], other: str, known: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Name → the codes so called, among those that may stand there."""
    found: dict[str, list[str]] = {}
    for key in (other, "person") if other == "unit" else (other,):
        for row in _rows(tables, key):
            codes = found.setdefault(plain(row.text("name")), [])
            if row.text("code") in known and row.text("code") not in codes:
                codes.append(row.text("code"))
    return found


def _one(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _known(tables: Mapping[str, Table], column: str, other: str) -> set[str]:
    """Codes of a table; persons stand beside units, except where a person's unit is meant."""
    codes = {row.text("code") for row in tables[other].rows}
    if other == "unit" and column != "belongs_to":
        codes |= {row.text("code") for row in _rows(tables, "person")}
    if column == "scope":
        codes |= {row.text("group") for row in (*tables[other].rows, *_rows(tables, "person"))}
    return codes


def _scopes(tables: Mapping[str, Table]) -> Collection[str]:
    """Every word that 适用 may hold."""
    people = _rows(tables, "person")
    found = {
        row.text(key)
        for row in (*tables["unit"].rows, *people)
        for key in ("code", "unit_class", "group")
        if row.text(key)
    }
    persons = {terms.KIND_PERSON} if people else set()
    return found | persons | {terms.KIND_UNIT, terms.NOBODY, terms.EVERYONE}


def _rows(tables: Mapping[str, Table], key: str) -> tuple[Row, ...]:
    return tables[key].rows if key in tables else ()


def _levels(table: Table, column: str) -> Iterable[Finding]:
    for row in table.rows:
        typed = row.text(column)
        if typed and typed not in LEVELS:
            reason = f"应为 {'、'.join(LEVELS)} 之一"
            facts = {"column": BY_KEY[table.key].column(column).title, "typed": typed, "reason": reason}
            yield Finding("S09", table.locate(row, column), facts)
