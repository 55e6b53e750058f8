"""Cells of a returned workbook as text: codes, labels, what stands behind a label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaohe.tables import plain


def text_of(value: object) -> str:
    """A cell as trimmed text; a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def is_code(text: str) -> bool:
    """Codes are short and hold no spaces; bands, totals and signatures are not codes."""
    return 0 < len(text) <= 20 and not any(mark in text for mark in "::( (")


def shown_behind(rows: Iterable[Sequence[object]], label: str) -> str:
    """What stands to the right of a label above the table; '' when the label is gone."""
    for row in rows:
        for at, value in enumerate(row):
            if value is not None and plain(value) == label:
                return next((text_of(cell) for cell in row[at + 1 :] if cell is not None), "")
    return ""
