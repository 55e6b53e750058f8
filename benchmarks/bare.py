"""The least any reader can do: python-calamine on the sheets that `kaohe consolidate` reads, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook

from kaohe.sheets.form_layout import FORM_TITLE
from kaohe.sheets.identity import IDENTITY_TITLE

SHEETS = (FORM_TITLE, IDENTITY_TITLE)


def bare_read(paths: Iterable[Path]) -> int:
    """Bytes in, Python rows out, thrown away; returns how many rows there were."""
    count = 0
    for path in paths:
        book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
        for name in SHEETS:
            count += len(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
    return count
