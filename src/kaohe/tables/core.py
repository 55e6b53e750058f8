"""Tables: their columns, and rows that know the cell they came from.

The same tables stand in the master's yellow sheets and in a folder of CSV files; readers of both yield
:class:`Table`, so checks name the right cell wherever the scheme was typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kaohe.model import Location

Kind = Literal["text", "number", "date", "any"]
Scalar = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: ``title`` is the heading, ``hint`` what the office reads when filling it in."""

    key: str
    title: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    width: float = 12
    hint: str = ""
    percent_points: bool = False
    """A number under a percent format is read in percentage points (95% is 95)."""
    scored: bool = True
    """Whether a result may depend on it; a master without one that does not is only told of it."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table of the scheme. ``required`` tables must exist; the others may be absent."""

    key: str
    title: str
    columns: tuple[Column, ...]
    required: bool = True
    about: str = ""
    always: bool = True
    """Whether every master has the sheet; else it is there once it has rows, or was asked for."""
    scored: bool = True
    """Whether a result may depend on it, as in :class:`Column`."""

    def column(self, key: str) -> Column:
        """The column with that key."""
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: values by column key (and by heading, for columns that are not ours)."""

    number: int
    values: Mapping[str, Scalar]

    def text(self, key: str) -> str:
        """The value as trimmed text; '' when blank."""
        value = self.values.get(key)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: its rows, and the column letters by which a cell is named."""

    key: str
    rows: tuple[Row, ...] = ()
    workbook: str = ""
    sheet: str = ""
    letters: Mapping[str, str] | None = None
    extra: tuple[str, ...] = ()
    """Headings the office added; carried along by dump and new."""
    missing: tuple[str, ...] = ()
    """Headings that should be there and were not found."""
    head: int = 0
    """Number of the row of headings; 0 for a table that was not read from a sheet."""

    def locate(self, row: Row, key: str = "") -> Location:
        """Where the row's cell in column ``key`` stands."""
        letter = (self.letters or {}).get(key, "A")
        return Location(self.workbook, self.sheet, f"{letter}{row.number}")


def plain(text: object) -> str:
    """A heading without spaces, line breaks and width differences, for comparing."""
    folded = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return "".join(folded.split()).rstrip(":*")


def find_header(spec: TableSpec, rows: Sequence[Sequence[object]], limit: int = 20) -> int | None:
    """Index of the first row with all required headings, or with most of the table's; None without."""
    wanted = {plain(column.title) for column in spec.columns}
    required = {plain(column.title) for column in spec.columns if column.required}
    for index, row in enumerate(rows[:limit]):
        titles = {plain(value) for value in row}
        if (len(required) > 1 and required <= titles) or len(wanted & titles) > len(wanted) // 2:
            return index
    return None


def read_table(
    spec: TableSpec,
    rows: Sequence[Sequence[Scalar]],
    *,
    workbook: str,
    sheet: str,
    letters: Sequence[str],
    laid_out: bool = False,
) -> Table | None:
    """Rows of cells → Table; None when the heading row is not there. Blank rows are passed over.

    ``letters`` are the column letters of the sheet from its first column on. ``laid_out``: the product put
    all columns there, so that one that is not found was renamed or deleted.
    """
    header = find_header(spec, rows)
    if header is None:
        return None
    by_title = {plain(column.title): column.key for column in spec.columns}
    keys = [by_title.get(plain(title), str(title).strip() if title else "") for title in rows[header]]
    found = tuple(_rows(rows, header, keys))
    known = {column.key for column in spec.columns}
    return Table(
        key=spec.key,
        rows=found,
        workbook=workbook,
        sheet=sheet,
        letters={key: letters[index] for index, key in enumerate(keys) if key},
        extra=tuple(key for key in keys if key and key not in known),
        missing=tuple(c.title for c in spec.columns if c.key not in keys and (c.required or laid_out)),
        head=header + 1,
    )


def _rows(rows: Sequence[Sequence[Scalar]], header: int, keys: Sequence[str]) -> Iterable[Row]:
    for index in range(header + 1, len(rows)):
        values = {
            key: value for key, value in zip(keys, rows[index], strict=False) if key and not blank(value)
        }
        if values:
            yield Row(index + 1, values)


def blank(value: object) -> bool:
    """None or text of spaces only."""
    return value is None or (isinstance(value, str) and not value.strip())
