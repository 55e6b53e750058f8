"""`kaohe new --from`: a master from the one wide table in which an office keeps its scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kaohe.findings import Finding
from kaohe.jobs.common import Clock, JobError, now
from kaohe.jobs.new import new_master
from kaohe.jobs.paste_drafts import Reader
from kaohe.jobs.paste_headings import Header, find_header
from kaohe.jobs.paste_sheet import Sheet, read_sheets
from kaohe.jobs.paste_tables import make_tables
from kaohe.model import Location
from kaohe.tables import Table
from kaohe.workbooks.grid import address
from kaohe.workbooks.package import write_new


@dataclass(frozen=True)
class Pasted:
    """What became of the table. ``placed``: cell of the sheet (A1) → where its content went."""

    sheet: str
    tables: Mapping[str, Table]
    placed: Mapping[str, str]
    findings: tuple[Finding, ...]


def paste(source: Path, target: Path, *, sheet: str = "", clock: Clock = now) -> Pasted:
    """Write a new master to ``target`` from a sheet of ``source`` (.xlsx, .xls, .csv).

    Without ``sheet`` it is the one with most headings that are understood. Raises JobError when there is
    none, and NothingWritten when ``target`` exists or cannot be written.
    """
    pasted = read_wide_table(source, target.name, sheet)
    data, findings = new_master(pasted.tables, target.name, clock())
    write_new(target, data)
    return Pasted(pasted.sheet, pasted.tables, pasted.placed, (*pasted.findings, *findings))


def read_wide_table(source: Path, master: str, sheet: str = "") -> Pasted:
    """The scheme in a wide table; findings name cells of the future workbook ``master``. Raises JobError."""
    sheets = read_sheets(source)
    chosen, header = _choose(sheets, sheet, source.name)
    drafts = Reader(chosen, header).read()
    if not drafts.indicators:
        raise JobError(
            f"“{source.name}”《{chosen.name}》的表头下面没有指标。请核对是否选对了工作表(--sheet)。"
        )
    tables, findings = make_tables(drafts, master)
    others = [other for other in sheets if other is not chosen and other.cells]
    unread = (Finding("S56", Location(source.name, other.name), {"sheet": other.name}) for other in others)
    placed = {address(*place): where for place, where in sorted(drafts.placed.items())}
    return Pasted(chosen.name, tables, placed, (*findings, *unread))


def _choose(sheets: list[Sheet], wanted: str, workbook: str) -> tuple[Sheet, Header]:
    """The sheet asked for, or the one with most headings; JobError when there is none."""
    if wanted and wanted not in [sheet.name for sheet in sheets]:
        names = "、".join(sheet.name for sheet in sheets)
        raise JobError(f"“{workbook}”里没有工作表“{wanted}”。有:{names}。")
    found = [
        (sheet, header)
        for sheet in sheets
        if (not wanted or sheet.name == wanted) and (header := find_header(sheet)) is not None
    ]
    if not found:
        raise JobError(
            f"“{workbook}”里没有看懂表头。表头应在前 20 行,至少有“指标名称”(或一级指标、考核内容)和"
            "“权重”(或分值)两列;请改好表头,或用 kaohe new --blank 新建空白总表后抄入。"
        )
    return max(found, key=lambda pair: len({heading.role for heading in pair[1].headings}))
