"""Whether what a run has to write fits into the sheets of a workbook."""

from __future__ import annotations

from kaohe.assess.assessment import Assessment
from kaohe.sheets.detail_rows import KEY as DETAIL
from kaohe.sheets.detail_rows import DetailRows
from kaohe.sheets.lists import FIRST_ROW as LIST_FIRST_ROW
from kaohe.sheets.names import SheetNames
from kaohe.sheets.registers import FIRST_ROW, RECORDS
from kaohe.workbooks.package import NothingWritten

MOST_ROWS = 1_048_576
"""Rows of a sheet, in every spreadsheet program that reads .xlsx."""
FINDINGS = "问题清单"
_REPORT = "只要结果时,可用 --dry-run --json 另存,不写总表。"


def refuse_too_long(assessment: Assessment, names: SheetNames) -> None:
    """Raises NothingWritten when 得分明细, 填报数据 or 问题清单 would not fit into a sheet."""
    _refuse(
        names[DETAIL],
        DetailRows.of(assessment, names).last_row,
        f"请把单位分到几个总表(例如一个考核组一个),分别下发和汇总。{_REPORT}",
    )
    _refuse(
        names[RECORDS.key],
        FIRST_ROW - 1 + len(assessment.intake.records),
        f"请用 kaohe dump 和 kaohe new 另建总表,以后各期写到新的总表;旧的总表留作存档。{_REPORT}",
    )
    _refuse(
        FINDINGS,
        LIST_FIRST_ROW - 1 + len(assessment.findings),
        f"请先用 kaohe check 找出问题特别多的文件,从收件文件夹移走后再汇总。{_REPORT}",
    )


def _refuse(sheet: str, rows: int, remedy: str) -> None:
    if rows > MOST_ROWS:
        raise NothingWritten(
            f"《{sheet.strip(chr(39))}》要写 {rows:,} 行,一张工作表最多 {MOST_ROWS:,} 行。", remedy
        )
