"""What differs between two states of a master: rows of the scheme and of the registers, figures handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.model import Indicator, Location, Record, Scheme, Unit
from kaohe.settings import BY_NAME, DEFAULTS
from kaohe.tables import LEDGER, SPECS, Row, Table
from kaohe.tables.core import TableSpec

CHANGED, ADDED, GONE = "改", "增", "删"
RECORDS = "填报数据"
KEYS: Mapping[str, tuple[str, ...]] = {
    "scheme": ("name",),
    "part": ("code",),
    "indicator": ("code", "valid_from"),
    "unit": ("code",),
    "person": ("code",),
    "target": ("indicator", "unit", "level", "valid_from"),
    "parameter": ("indicator", "scope", "name", "valid_from"),
    "method": ("name",),
    "grade": ("scope", "name"),
    "veto_event": ("code",),
    "outcome_rule": ("code",),
    "voter": ("indicator", "kind", "name"),
    "crosscheck": ("code",),
    "verdict": ("period", "unit", "indicator", "level", "department"),
    "adjustment": ("period", "unit", "indicator", "item"),
    "bonus": ("period", "unit", "item", "reason"),
    "veto": ("period", "unit", "event", "date"),
    "survey": ("period", "round", "unit", "indicator", "voters"),
    "appeal": ("period", "unit", "indicator", "filed"),
    "supervision": ("number",),
    "history": ("year", "unit", "indicator"),
    "succession": ("date", "old", "new"),
    "feedback": ("draft", "date", "source", "clause"),
    "evidence": ("period", "unit", "indicator", "number"),
    "state": ("period", "state", "date"),
}
"""Columns that tell the rows of a table apart; rows that these leave alike are compared in their order."""
_REGISTERS = frozenset(spec.key for spec in LEDGER)
_SCHEME = frozenset(spec.key for spec in SPECS) - _REGISTERS
_ITEM_KEYS = ("code", "name", "scope", "event", "item", "number", "state", "clause")


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell, or one whole row (``field`` ''), that differs. ``table`` is the key of its table.

    ``unit``, ``indicator``: codes of whom and what it is about; '' for everybody, for no single one.
    ``period`` of a register's row. ``clause``: where the scheme says so (条款).
    """

    table: str
    title: str
    kind: str
    name: str
    field: str
    before: str
    after: str
    place_before: Location = Location()
    place_after: Location = Location()
    unit: str = ""
    indicator: str = ""
    period: str = ""
    clause: str = ""
    file: str = ""
    """The returned workbook a figure came in."""

    @property
    def of_scheme(self) -> bool:
        """Whether it is the scheme that differs."""
        return self.table in _SCHEME


@dataclass(frozen=True)
class Names:
    """What units and indicators are called, in either state."""

    units: Mapping[str, Unit]
    indicators: Mapping[str, Indicator]

    @staticmethod
    def of(*schemes: Scheme) -> Names:
        """Of whole schemes; the last one's names prevail."""
        units = {unit.code: unit for scheme in schemes for unit in scheme.units}
        indicators = {row.code: row for scheme in schemes for row in reversed(scheme.indicators)}
        return Names(units, indicators)

    def unit(self, code: str) -> str:
        """The name; 各单位 for everybody."""
        if code in ("", terms.EVERYONE):
            return "各单位" if code else ""
        found = self.units.get(code)
        return found.name if found else code

    def indicator(self, code: str) -> str:
        """Code and name."""
        found = self.indicators.get(code)
        return f"{code}《{found.name}》" if found else code


def table_differences(
    before: Mapping[str, Table], after: Mapping[str, Table], names: Names
) -> tuple[Difference, ...]:
    """Every row and cell of every table, in the order of the tables, then of the later rows.

    A table, or a column, that one side does not have is taken for blank: it may come of another version of
    the program. A setting that is not written down stands at its default.
    """
    found: list[Difference] = []
    for spec in SPECS:
        old, new = before.get(spec.key, Table(spec.key)), after.get(spec.key, Table(spec.key))
        found += _of_table(spec, old, new, names)
    return tuple(found)


def _of_table(spec: TableSpec, old: Table, new: Table, names: Names) -> Iterator[Difference]:
    first, second = _by_key(spec, old), _by_key(spec, new)
    for key in dict.fromkeys((*second, *first)):
        left, right = first.get(key), second.get(key)
        if spec.key == "scheme":
            yield from _setting(spec, old, new, left, right)
        elif left is not None and right is not None:
            yield from _cells(spec, old, new, left, right, names)
        elif right is not None:
            yield _whole(spec, new, right, names, ADDED)
        elif left is not None:
            yield _whole(spec, old, left, names, GONE)


def _by_key(spec: TableSpec, table: Table) -> dict[tuple[str, ...], Row]:
    """Rows by what tells them apart, those alike numbered."""
    found: dict[tuple[str, ...], Row] = {}
    count: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        key = tuple(row.text(name) for name in KEYS[spec.key])
        count[key] = count.get(key, 0) + 1
        found[(*key, str(count[key]))] = row
    return found


def _setting(
    spec: TableSpec, old: Table, new: Table, left: Row | None, right: Row | None
) -> Iterator[Difference]:
    some = right or left
    assert some is not None
    name = some.text("name")
    before, after = _setting_text(name, left), _setting_text(name, right)
    if before != after:
        yield Difference(
            spec.key, spec.title, CHANGED, name, spec.column("value").title, before, after,
            old.locate(left, "value") if left else Location(),
            new.locate(right, "value") if right else Location(),
        )  # fmt: skip


def _setting_text(name: str, row: Row | None) -> str:
    """What stands in the cell; the default where nothing does."""
    if row is not None and row.text("value"):
        return row.text("value")
    if name not in BY_NAME:
        return ""
    default = DEFAULTS[name]
    return f"{default:g}" if isinstance(default, int | float) else default


def _cells(
    spec: TableSpec, old: Table, new: Table, left: Row, right: Row, names: Names
) -> Iterator[Difference]:
    for column in spec.columns:
        before, after = left.text(column.key), right.text(column.key)
        if before != after:
            yield Difference(
                spec.key, spec.title, CHANGED, _name(spec, right, names), column.title, before, after,
                old.locate(left, column.key), new.locate(right, column.key), **_about(spec, right),
            )  # fmt: skip


def _whole(spec: TableSpec, table: Table, row: Row, names: Names, kind: str) -> Difference:
    keys = KEYS[spec.key]
    text = ";".join(
        f"{column.title} {row.text(column.key)}"
        for column in spec.columns
        if row.text(column.key) and (column.key not in keys or column.key == "valid_from")
    )
    place = table.locate(row, keys[0])
    added = kind == ADDED
    return Difference(
        spec.key, spec.title, kind, _name(spec, row, names), "",
        "" if added else text or "有", text or "有" if added else "",
        Location() if added else place, place if added else Location(), **_about(spec, row),
    )  # fmt: skip


def _about(spec: TableSpec, row: Row) -> dict[str, str]:
    """Whom, what and which period a row is about; a parameter is for whom its scope says."""
    unit = row.text("unit") if spec.key not in ("unit", "person") else row.text("code")
    if spec.key == "parameter":
        unit = row.text("scope")
    indicator = row.text("code") if spec.key == "indicator" else row.text("indicator")
    return {
        "unit": "" if unit == terms.EVERYONE else unit,
        "indicator": "" if indicator == terms.EVERYONE else indicator,
        "period": row.text("period"),
        "clause": row.text("clause") if spec.key not in _REGISTERS else "",
    }


def _name(spec: TableSpec, row: Row, names: Names) -> str:
    """What a reader calls the row."""
    if spec.key == "indicator":
        return names.indicator(row.text("code"))
    if spec.key in ("unit", "person"):
        return f"{row.text('code')} {row.text('name')}".strip()
    words = [row.text("period"), names.unit(row.text("unit")), names.indicator(row.text("indicator"))]
    words += [row.text(key) for key in _ITEM_KEYS if key in KEYS[spec.key]]
    if spec.key == "part":
        words.append(f"《{row.text('name')}》")
    return " ".join(word for word in words if word and word != terms.EVERYONE)


Live = Mapping[str, Mapping[str, Record]]
"""Unit → indicator → the record that counts."""
_SAID = (
    ("完成值", "typed"),
    ("数据状态", "status"),
    ("标记", "mark"),
    ("原因", "reason"),
    ("措施", "measure"),
)


RowOf = Mapping[tuple[str, ...], int]


def cell_of(record: Record) -> tuple[str, ...]:
    """What tells a record from all others: the cell of a file it came from."""
    return (record.sha256, record.period, record.unit, record.indicator, record.source, record.cell)


def record_differences(
    before: Sequence[Live], after: Sequence[Live], rows: Sequence[RowOf], names: Names
) -> tuple[Difference, ...]:
    """Figures that count on one side and not, or not so, on the other.

    ``before``, ``after``: what units returned, and what departments did; ``rows``: of each side, what tells a
    record apart → its row of 填报数据.
    """
    found: list[Difference] = []
    for old, new in zip(before, after, strict=True):
        keys = dict.fromkeys(
            (unit, code) for side in (new, old) for unit, held in side.items() for code in held
        )
        for unit, code in keys:
            left, right = old.get(unit, {}).get(code), new.get(unit, {}).get(code)
            found += _of_records(left, right, rows, names)
    return tuple(found)


def _of_records(
    left: Record | None, right: Record | None, rows: Sequence[RowOf], names: Names
) -> Iterable[Difference]:
    some = right or left
    assert some is not None
    name = f"{names.unit(some.unit)} {names.indicator(some.indicator)}"
    kind = ADDED if left is None else GONE if right is None else CHANGED
    old, new = _row_of(left, rows[0]), _row_of(right, rows[1])
    for title, field in _SAID if kind == CHANGED else _SAID[:1]:
        before, after = _said(left, field), _said(right, field)
        if before != after or kind != CHANGED:
            yield Difference(
                RECORDS, RECORDS, kind, name, title, before, after, old, new,
                some.unit, some.indicator, some.period, file=some.workbook,
            )  # fmt: skip


def _row_of(record: Record | None, rows: RowOf) -> Location:
    """The cell of 填报数据 that holds it."""
    row = rows.get(cell_of(record)) if record is not None else None
    return Location(sheet=RECORDS, cell=f"G{row}") if row else Location()


def count_differences(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[Difference, ...]:
    """Registers of the product (by title) with another number of rows; these are not told one by one."""
    return tuple(
        Difference(title, title, CHANGED, "登记的行", "行数", str(before[title]), str(count))
        for title, count in after.items()
        if count != before[title]
    )


def _said(record: Record | None, field: str) -> str:
    return "" if record is None else str(getattr(record, field))
