"""Whether somebody has typed anything into a form that lies where a new one is to be written."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from kaohe.model import ReturnedRow
from kaohe.sheets.form_read import read_return


def typed_in(path: Path, data: bytes, not_typed: Collection[str] = ()) -> bool:
    """Whether a row of the workbook in ``data`` has a value, a status, a mark, a text in any column.

    The value of indicators ``not_typed`` (codes) is the form's own: a formula, or who gives it. A file that
    cannot be read as a form or 考评打分表 has no rows to look at.
    """
    rows = read_return(data, path.name, "").rows
    return any(_words(row) or (row.indicator not in not_typed and _value(row)) for row in rows)


def _words(row: ReturnedRow) -> bool:
    return any((row.status, row.mark, row.reason, row.measure, row.evidence))


def _value(row: ReturnedRow) -> bool:
    return row.value not in (None, "") or bool(row.error) or row.uncached
