"""Findings about what stands beside a value name that cell, not the value's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from kaohe.findings import Finding
from kaohe.model import Return

_MEANT = {
    "V09": "reason",
    "V10": "measure",
    "V11": "score",
    "V12": "weight",
    "V13": "target",
    "V45": "unit_of_measure",
}
"""Code → column of the form it is about."""
_CHOSEN = {"数据状态": "status", "标记": "mark"}
"""V08: heading of the column, as its facts have it."""
_ROW = re.compile(r"\d+\Z")
Cells = Mapping[tuple[str, str], Mapping[str, str]]
"""(workbook, cell of the value) → letters of the columns in the value's row."""


def at_cells_meant(findings: Iterable[Finding], returns: Sequence[Return]) -> tuple[Finding, ...]:
    """The findings, each at the cell it is about, as far as the returns of this run tell where that is.

    Of a file that is no longer there only the value's cell is known, and stays.
    """
    found = tuple(findings)
    beside = _cells(returns, {f.location.workbook for f in found if _column(f)})
    return tuple(_moved(finding, beside) for finding in found)


def _cells(returns: Sequence[Return], workbooks: Collection[str]) -> Cells:
    return {
        (returned.workbook, row.cell): dict(row.columns)
        for returned in returns
        if returned.workbook in workbooks
        for row in returned.rows
    }


def _column(finding: Finding) -> str:
    if finding.code == "V08":
        return _CHOSEN.get(str(finding.facts.get("column", "")), "")
    return _MEANT.get(finding.code, "")


def _moved(finding: Finding, beside: Cells) -> Finding:
    column, place = _column(finding), finding.location
    letter = beside.get((place.workbook, place.cell), {}).get(column, "") if column else ""
    row = _ROW.search(place.cell)
    if not letter or row is None:
        return finding
    return Finding(finding.code, place._replace(cell=f"{letter}{row[0]}"), finding.facts)
