"""报送情况: who has returned what and when, who is missing, and what became of every file of the inbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kaohe.assess.assessment import Assessment
from kaohe.assess.returns import CONSOLIDATED, KNOWN, InputState
from kaohe.model import IssueRecord, Record, Unit
from kaohe.sheets.lists import FIRST_ROW, Columns, for_units, table_sheet
from kaohe.workbooks.plan import Cell, CellLike, Highlight, SheetPlan

ASSESSES = "(考评部门)"
RETURNED, LATE, MISSING, EXTRA = "已报送", "迟报", "未报送", "另收文件"

_COLUMNS: Columns = (
    ("单位代码", "code", 10),
    ("单位", "text_center", 14),
    ("责任部门", "text_center", 16),
    ("状态", "text_center", 9),
    ("收到时间", "text_center", 19),
    ("报送截止", "text_center", 13),
    ("文件", "link", 46),
    ("处理结果", "text_center", 12),
    ("下发编号", "text_center", 24),
    ("联络员", "text_center", 14),
    ("电话", "text_center", 14),
    ("SHA-256", "text_grey", 0),
)


def returns_sheet(
    assessment: Assessment, register: Mapping[str, IssueRecord], file_links: Mapping[str, str]
) -> SheetPlan:
    """``file_links``: file name of the inbox → URL relative to the master."""
    scores = assessment.scores
    units = scores.scheme.unit_by_code
    by_number = _by_number(assessment)
    issued = _current(register, scores.period.code, by_number)
    rows = [_issued_row(row, units.get(row.unit), by_number.get(row.number), file_links) for row in issued]
    used = {file.workbook for file in by_number.values()}
    rows += [
        _extra_row(item, units.get(item.unit), file_links)
        for item in assessment.intake.inputs
        if item.workbook not in used
    ]
    last = FIRST_ROW + max(len(rows), 1) - 1
    missing = sum(1 for row in rows if row[3] == MISSING)
    state = f"D{FIRST_ROW}:D{last}"
    return table_sheet(
        assessment,
        "报送情况",
        for_units(_COLUMNS, assessment),
        rows,
        note=f"下发 {len(issued)} 份,未报送 {missing} 份",
        freeze="C",
        highlights=(
            Highlight(state, "formula", f'$D{FIRST_ROW}="{RETURNED}"', "good"),
            Highlight(state, "formula", f'$D{FIRST_ROW}="{MISSING}"', "bad"),
            Highlight(state, "formula", f'OR($D{FIRST_ROW}="{LATE}",$D{FIRST_ROW}="{EXTRA}")', "warn"),
        ),
        empty="本期还没有下发自测表、考评打分表",
    )


def _current(
    register: Mapping[str, IssueRecord], period: str, returned: Collection[str]
) -> list[IssueRecord]:
    """The forms that are out: of several issued to one unit and department, what came back, else the last."""
    latest: dict[tuple[str, str], IssueRecord] = {}
    for row in register.values():
        if row.period != period:
            continue
        before = latest.get((row.unit, row.department))
        if before is None or before.number not in returned or row.number in returned:
            latest[row.unit, row.department] = row
    return list(latest.values())


def _by_number(assessment: Assessment) -> dict[str, InputState]:
    """Issue number → the file that counts, from this run or from the rows of earlier ones."""
    period = assessment.scores.period.code
    records: Iterable[Record] = (
        r for r in assessment.intake.records if r.period == period and not r.superseded
    )
    found: dict[str, InputState] = {}
    for record in records:
        if record.number not in found:
            found[record.number] = InputState(
                record.workbook,
                record.sha256,
                record.unit,
                record.department,
                record.number,
                record.received,
                KNOWN,
            )
    for item in assessment.intake.inputs:
        if item.state == CONSOLIDATED:
            found[item.number] = item
    return found


def _issued_row(
    row: IssueRecord, unit: Unit | None, file: InputState | None, links: Mapping[str, str]
) -> list[CellLike]:
    state = MISSING if file is None else _punctual(file.received, row.deadline)
    return [
        row.unit or None,
        _who(unit, row.unit, row.department),
        row.department or None,
        state,
        file.received if file else None,
        row.deadline or None,
        _file_cell(file.workbook, links) if file else None,
        file.state if file else None,
        row.number,
        (unit.liaison or None) if unit else None,
        (unit.phone or None) if unit else None,
        file.sha256 if file else None,
    ]


def _who(unit: Unit | None, code: str, department: str) -> str | None:
    """The unit's name; for a 考评打分表, which has no unit, what the department is."""
    if unit is not None:
        return unit.name
    return ASSESSES if department and not code else None


def _punctual(received: str, deadline: str) -> str:
    return LATE if deadline and received[:10] > deadline else RETURNED


def _file_cell(name: str, links: Mapping[str, str]) -> Cell:
    return Cell(name, "link", link=links[name]) if name in links else Cell(name, "text")


def _extra_row(item: InputState, unit: Unit | None, links: Mapping[str, str]) -> list[CellLike]:
    return [
        item.unit or None,
        _who(unit, item.unit, item.department),
        item.department or None,
        EXTRA,
        item.received or None,
        None,
        _file_cell(item.workbook, links),
        item.state,
        item.number or None,
        None,
        None,
        item.sha256 or None,
    ]
