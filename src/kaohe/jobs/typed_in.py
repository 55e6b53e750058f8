"""Whether somebody has typed anything into a form that lies where a new one is to be written."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from kaohe.model import ReturnedRow
from kaohe.sheets.form_read import read_return


def typed_in(path: Path, data: bytes, composed: Collection[str] = ()) -> bool:
    """Whether a row of the form in ``data`` has a value, a status, a mark, a reason or a measure.

    The value of a composite indicator (codes ``composed``) is the form's own formula. A file that cannot be
    read as a form has no rows to look at.
    """
    rows = read_return(data, path.name, "").rows
    return any(_words(row) or (row.indicator not in composed and _value(row)) for row in rows)


def _words(row: ReturnedRow) -> bool:
    return any((row.status, row.mark, row.reason, row.measure))


def _value(row: ReturnedRow) -> bool:
    return row.value not in (None, "") or bool(row.error) or row.uncached
