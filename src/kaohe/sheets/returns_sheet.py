"""报送情况: who has returned what and when, who is missing or late, what became of every file received."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from kaohe.assess.assessment import Assessment
from kaohe.assess.receipts import latest
from kaohe.assess.reporting import Reported, reported
from kaohe.assess.returns import KNOWN, InputState
from kaohe.findings import ERROR, QUERY
from kaohe.model import IssueRecord, Receipt, Unit
from kaohe.sheets.lists import FIRST_ROW, Columns, for_units, table_sheet
from kaohe.workbooks.plan import Cell, CellLike, Highlight, SheetPlan

ASSESSES = "(考评部门)"
RETURNED, LATE, MISSING, EXTRA, NOT_NEEDED = "已报送", "迟报", "未报送", "另收文件", "已不需要"
RULE = "同一份表收到几次的,以最后收到的为准"

_COLUMNS: Columns = (
    ("单位代码", "code", 10),
    ("单位", "text_center", 14),
    ("责任部门", "text_center", 16),
    ("状态", "text_center", 9),
    ("迟报天数", "count", 9),
    ("收到时间", "text_center", 19),
    ("报送截止", "text_center", 12),
    ("收到份数", "count", 9),
    ("文件", "link", 44),
    ("处理结果", "text_center", 11),
    ("错误", "count", 6),
    ("存疑", "count", 6),
    ("说明", "text_wrap", 36),
    ("下发编号", "text_center", 24),
    ("联络员", "text_center", 12),
    ("电话", "text_center", 14),
    ("SHA-256", "text_grey", 0),
)


def returns_sheet(
    assessment: Assessment,
    register: Mapping[str, IssueRecord],
    file_links: Mapping[str, str],
    today: dt.date,
    receipts: Sequence[Receipt] = (),
) -> SheetPlan:
    """The workbooks that are out, then all other files received in the period.

    ``file_links``: file name of the inbox → URL relative to the master; ``today``: the day of the run, to
    which missing ones are counted as late; ``receipts``: the rows of 收件登记.
    """
    scores = assessment.scores
    units = scores.scheme.unit_by_code
    found = reported(assessment, register, today, receipts)
    files = latest(receipts, scores.period.code)
    came = _came(files.values())
    rows = [_issued_row(row, units.get(row.issue.unit), came, file_links) for row in found]
    used = {(row.file.workbook, row.file.sha256) for row in found if row.file}
    rows += [_extra_row(item, units, file_links) for item in _others(assessment, files, used)]
    last = FIRST_ROW + max(len(rows), 1) - 1
    state = f"D{FIRST_ROW}:D{last}"
    return table_sheet(
        assessment,
        "报送情况",
        for_units(_COLUMNS, assessment),
        rows,
        note=f"截至 {today:%Y-%m-%d},{_counts(found)};{RULE}",
        freeze="C",
        highlights=(
            Highlight(state, "formula", f'$D{FIRST_ROW}="{RETURNED}"', "good"),
            Highlight(state, "formula", f'$D{FIRST_ROW}="{MISSING}"', "bad"),
            Highlight(state, "formula", f'OR($D{FIRST_ROW}="{LATE}",$D{FIRST_ROW}="{EXTRA}")', "warn"),
        ),
        empty="本期还没有下发自测表、考评打分表",
    )


def _counts(found: Sequence[Reported]) -> str:
    missing = sum(row.missing for row in found)
    spare = sum(row.file is None and not row.needed for row in found)
    late = sum(row.file is not None and row.days > 0 for row in found)
    told = f",{NOT_NEEDED} {spare} 份" if spare else ""
    return f"下发 {len(found)} 份,未报送 {missing} 份,迟报 {late} 份{told}"


def _came(files: Iterable[Receipt]) -> Mapping[tuple[str, str], int]:
    """(unit, department) → how many different files came from them."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in files:
        found.setdefault((row.unit, row.department), set()).add(row.sha256)
    return {key: len(names) for key, names in found.items()}


def _issued_row(
    row: Reported, unit: Unit | None, came: Mapping[tuple[str, str], int], links: Mapping[str, str]
) -> list[CellLike]:
    issue, file = row.issue, row.file
    return [
        issue.unit or None,
        _who(unit, issue.unit, issue.department),
        issue.department or None,
        _state(row),
        row.days or None,
        file.received if file else None,
        row.due.isoformat() if row.due else None,
        came.get((issue.unit, issue.department)) or (1 if file else None),
        _file_cell(file.workbook, links) if file else None,
        file.state if file else None,
        len(row.errors) if file else None,
        row.queries if file else None,
        _remark(row) or None,
        issue.number,
        (unit.liaison or None) if unit else None,
        (unit.phone or None) if unit else None,
        file.sha256 if file else None,
    ]


def _state(row: Reported) -> str:
    if row.file is None:
        return MISSING if row.needed else NOT_NEEDED
    return LATE if row.days else RETURNED


def _remark(row: Reported) -> str:
    """Extended, overdue, what came and was not taken in; when what is late only is a correction."""
    if row.file is None and not row.needed:
        return "现行方案中该部门已没有考评任务,不必再报"
    words = ["已准延期" if row.extended else ""]
    if row.missing:
        words.append(f"已逾期 {row.days} 天" if row.days else "")
        words.append(f"交来的“{row.refused.workbook}”{row.refused.state}" if row.refused else "")
    elif row.file and row.first < row.file.received:
        words.append(f"{row.first[:10]} 首次报送,本份为改正件")
    return ";".join(word for word in words if word)


def _who(unit: Unit | None, code: str, department: str) -> str | None:
    """The unit's name; for a 考评打分表, which has no unit, what the department is."""
    if unit is not None:
        return unit.name
    return ASSESSES if department and not code else None


def _file_cell(name: str, links: Mapping[str, str]) -> Cell:
    return Cell(name, "link", link=links[name]) if name in links else Cell(name, "text")


def _others(
    assessment: Assessment, files: Mapping[tuple[str, str], Receipt], used: set[tuple[str, str]]
) -> Iterable[Receipt]:
    """Files that count for nothing: as 收件登记 has them, or (when nothing was entered) of this run."""
    inputs = {(item.workbook, item.sha256): item for item in assessment.intake.inputs}
    known = {key: row for key, row in files.items() if key not in used}
    fresh = {
        key: _as_receipt(assessment, item)
        for key, item in inputs.items()
        if key not in used and key not in known
    }
    return (*fresh.values(), *known.values())


def _as_receipt(assessment: Assessment, item: InputState) -> Receipt:
    own = [f for f in assessment.findings if f.location.workbook == item.workbook]
    return Receipt(
        time="",
        period=assessment.scores.period.code,
        workbook=item.workbook,
        received=item.received,
        unit=item.unit,
        department=item.department,
        number=item.number,
        state=item.state if item.state != KNOWN else "",
        errors=sum(f.severity == ERROR for f in own),
        queries=sum(f.severity == QUERY for f in own),
        sha256=item.sha256,
    )


def _extra_row(item: Receipt, units: Mapping[str, Unit], links: Mapping[str, str]) -> list[CellLike]:
    return [
        item.unit or None,
        _who(units.get(item.unit), item.unit, item.department),
        item.department or None,
        EXTRA,
        None,
        item.received or None,
        None,
        None,
        _file_cell(item.workbook, links),
        item.state,
        item.errors,
        item.queries,
        item.reason or None,
        item.number or None,
        None,
        None,
        item.sha256 or None,
    ]
