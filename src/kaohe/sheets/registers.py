"""Sheets that only grow: what came in, went out, was decided and run; and how they are read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kaohe.model import Decided, IssueRecord, Receipt, Record, VersionRow
from kaohe.sheets.row_height import LEAST, height
from kaohe.tables import plain
from kaohe.workbooks.grid import Grid, column_letter
from kaohe.workbooks.plan import Cell, CellLike, Layout, Scalar, SheetPlan

HEADER_ROW = 2
FIRST_ROW = HEADER_ROW + 1
HEADER_LIMIT = 10
"""Rows in which the headings are looked for: somebody may have put lines above them."""


@dataclass(frozen=True, slots=True)
class Register:
    """A register's columns: (field, heading, role, width)."""

    key: str
    about: str
    columns: tuple[tuple[str, str, str, float], ...]
    later: tuple[str, ...] = ()
    """Fields that masters made by an earlier program do not have: read as blank."""


RECORDS = Register(
    "填报数据",
    "收到的全部填报内容,只增不减;被后来报送替代的,在“被替代”一栏注明",
    (
        ("period", "期次", "text_center", 10),
        ("unit", "单位代码", "code", 9),
        ("indicator", "指标代码", "code", 9),
        ("department", "责任部门", "text_center", 14),
        ("version", "方案版本", "text_center", 12),
        ("number", "下发编号", "text_center", 25),
        ("typed", "原填内容", "text", 14),
        ("value", "识别值", "number", 11),
        ("status", "数据状态", "text_center", 9),
        ("mark", "标记", "text_center", 11),
        ("reason", "原因", "text", 26),
        ("measure", "措施", "text", 26),
        ("shown_weight", "表内权重", "number", 9),
        ("shown_target", "表内目标", "number", 10),
        ("shown_score", "表内得分", "number", 9),
        ("workbook", "文件", "text", 34),
        ("sheet", "工作表", "text_center", 9),
        ("cell", "单元格", "text_center", 8),
        ("sha256", "SHA-256", "text", 20),
        ("received", "收到时间", "text_center", 18),
        ("superseded", "被替代", "text", 24),
        ("evidence", "完成情况", "text", 26),
        ("source", "来源", "text_center", 8),
        ("other_name", "表内名称不符", "text", 20),
        ("other_measure", "表内单位不符", "text_center", 12),
    ),
    later=("evidence", "source", "other_name", "other_measure"),
)
ISSUES = Register(
    "下发登记",
    "每份下发的自测表一行;编号是核对回收表的依据",
    (
        ("number", "下发编号", "text_center", 25),
        ("period", "期次", "text_center", 11),
        ("unit", "单位代码", "code", 10),
        ("department", "责任部门", "text_center", 18),
        ("version", "方案版本", "text_center", 14),
        ("workbook", "文件", "text", 44),
        ("issued", "下发时间", "text_center", 18),
        ("deadline", "报送截止", "text_center", 14),
    ),
)
RECEIPTS = Register(
    "收件登记",
    "收到的每个文件一行,包括未收录的;处理结果或问题数有变化时另记一行",
    (
        ("time", "登记时间", "text_center", 20),
        ("period", "期次", "text_center", 11),
        ("workbook", "文件", "text", 44),
        ("received", "收到时间", "text_center", 20),
        ("unit", "单位代码", "code", 10),
        ("department", "责任部门", "text_center", 16),
        ("number", "下发编号", "text_center", 25),
        ("state", "处理结果", "text_center", 12),
        ("errors", "错误", "integer", 7),
        ("queries", "存疑", "integer", 7),
        ("change", "与上次相比", "text_center", 24),
        ("reason", "说明", "text_wrap", 50),
        ("sha256", "SHA-256", "text", 20),
    ),
)
VERSIONS = Register(
    "方案版本",
    "下发过的每个方案版本,逐行留存;凡按某版本下发的,可按该版本核对",
    (
        ("version", "方案版本", "text_center", 14),
        ("as_of", "时点", "text_center", 12),
        ("table", "表", "text_center", 10),
        ("row", "行", "integer", 7),
        ("content", "内容", "text_wrap", 120),
    ),
)
DECIDED = Register(
    "定稿登记",
    "审定的每一步,每个单位一行,登记的是锁定时的结果;由 kaohe decide 写入,不要手工修改",
    (
        ("time", "登记时间", "text_center", 20),
        ("period", "期次", "text_center", 10),
        ("state", "状态", "text_center", 14),
        ("date", "日期", "text_center", 12),
        ("basis", "依据", "text", 30),
        ("unit", "单位代码", "code", 10),
        ("name", "单位名称", "text_center", 18),
        ("unit_class", "类别", "text_center", 12),
        ("group", "考核组", "text_center", 12),
        ("total", "总分", "number", 10),
        ("rank", "名次", "integer", 7),
        ("of", "排名单位数", "integer", 10),
        ("grade", "等次", "text_center", 9),
        ("veto", "一票否决", "text", 18),
        ("version", "方案版本", "text_center", 14),
        ("content", "内容指纹(SHA-256)", "text", 24),
        ("person", "决定人", "text_center", 16),
        ("number", "文号", "text_center", 16),
        ("until", "公示截止", "text_center", 12),
        ("steps", "审定程序", "text", 30),
        ("days", "公示天数", "integer", 9),
    ),
    later=("person", "number", "until", "steps", "days"),
)
RUNS = Register(
    "运行记录",
    "每次写入总表留一行",
    (
        ("time", "时间", "text_center", 20),
        ("command", "操作", "text_center", 12),
        ("period", "期次", "text_center", 11),
        ("version", "方案版本", "text_center", 14),
        ("files", "文件数", "integer", 8),
        ("records", "填报行数", "integer", 9),
        ("errors", "错误", "integer", 7),
        ("queries", "存疑", "integer", 7),
        ("notes", "提示", "integer", 7),
        ("settings", "生效设置", "text_wrap", 80),
        ("program", "程序版本", "text_center", 10),
        ("content", "内容校验", "text", 24),
    ),
    later=("content",),
)


class HeadingsMissingError(ValueError):
    """A register has rows, but not all of its headings, so that its rows cannot be understood."""

    def __init__(self, register: Register, sheet: str, titles: Sequence[str]) -> None:
        super().__init__(f"{sheet}: {', '.join(titles)}")
        self.register = register
        self.sheet = sheet
        self.titles = tuple(titles)


class Run(NamedTuple):
    """One row of 运行记录."""

    time: str
    command: str
    period: str
    version: str
    files: int = 0
    records: int = 0
    errors: int = 0
    queries: int = 0
    notes: int = 0
    settings: str = ""
    program: str = ""
    content: str = ""
    """What every table held when the run wrote the master, for `kaohe audit`."""


def register_sheet(register: Register, rows: Iterable[Sequence[Scalar]], notice: str = "") -> SheetPlan:
    """A register with all its rows, oldest first."""
    width = len(register.columns)
    about = register.about + (f"  {notice}" if notice else "")
    head: list[Sequence[CellLike]] = [
        [Cell(f"{register.key}:{about}", "note_line"), *([Cell(None, "note_line")] * (width - 1))],
        [Cell(title, "header") for _, title, _, _ in register.columns],
    ]
    body = [[None if value == "" else value for value in row] for row in rows]
    lines = [*head, *body]
    last = column_letter(width)
    return SheetPlan(
        key=register.key,
        title=register.key,
        rows=lines,
        roles=tuple(role for _, _, role, _ in register.columns),
        widths=tuple(size for *_, size in register.columns),
        heights=((1, 20), (HEADER_ROW, 26)),
        fitted=tuple(_heights(register, body)),
        header_row=HEADER_ROW,
        last_row=len(lines),
        autofilter=True,
        layout=Layout(
            tab_color="9DC3E6",
            freeze=f"A{FIRST_ROW}",
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            merges=(f"A1:{last}1",),
            footer=register.key,
        ),
    )


def _heights(register: Register, rows: Sequence[Sequence[Scalar]]) -> Iterator[tuple[int, float]]:
    """Heights of rows whose wrapped texts take more than one line."""
    wrapped = [(at, width) for at, (_, _, role, width) in enumerate(register.columns) if role == "text_wrap"]
    for number, row in enumerate(rows if wrapped else (), start=FIRST_ROW):
        points = height((row[at], width) for at, width in wrapped)
        if points > LEAST:
            yield number, points


def read_records(grid: Grid | None) -> list[Record]:
    """填报数据 → records in the order they were taken in. Raises HeadingsMissingError."""
    numbers = dict.fromkeys(("value", "shown_weight", "shown_target", "shown_score"), _number)
    return [Record._make(row) for row in _rows(RECORDS, grid, numbers)]


def read_issues(grid: Grid | None) -> dict[str, IssueRecord]:
    """下发登记 by issue number. Raises HeadingsMissingError."""
    rows = (IssueRecord._make(row) for row in _rows(ISSUES, grid, {}))
    return {row.number: row for row in rows if row.number}


def read_versions(grid: Grid | None) -> list[VersionRow]:
    """方案版本, row by row. Raises HeadingsMissingError."""
    return [VersionRow._make(row) for row in _rows(VERSIONS, grid, {"row": _count})]


def read_runs(grid: Grid | None) -> list[Run]:
    """运行记录, oldest first. Raises HeadingsMissingError."""
    counts = dict.fromkeys(("files", "records", "errors", "queries", "notes"), _count)
    return [Run._make(row) for row in _rows(RUNS, grid, counts)]


def read_receipts(grid: Grid | None) -> list[Receipt]:
    """收件登记, oldest first. Raises HeadingsMissingError."""
    counts = dict.fromkeys(("errors", "queries"), _count)
    return [Receipt._make(row) for row in _rows(RECEIPTS, grid, counts)]


def read_decided(grid: Grid | None) -> list[Decided]:
    """定稿登记, oldest first. Raises HeadingsMissingError."""
    special = {"total": _number, "rank": _whole, "of": _count, "days": _count}
    return [Decided._make(row) for row in _rows(DECIDED, grid, special)]


def is_there(grid: Grid | None) -> bool:
    """Whether the sheet is there at all, with anything in it."""
    return grid is not None and any(_filled(row) for row in grid.rows)


def _rows(
    register: Register, grid: Grid | None, special: Mapping[str, Callable[[object], Any]]
) -> Iterable[list[Any]]:
    """Values in the order of the register's columns, which is that of its rows' fields.

    Fields of ``special`` are converted by it, the others to text. Columns are found by their headings, so a
    moved column does no harm; without one of the headings nothing is taken for an empty register.
    """
    if grid is None:
        return
    first, places = _heading(register, grid)
    body = [row for row in grid.rows[first:] if _filled(row)]
    missing = [
        title for key, title, _, _ in register.columns if key not in places and key not in register.later
    ]
    if missing and body:
        raise HeadingsMissingError(register, grid.sheet, missing)
    if missing:
        return
    fields = [(places.get(key, -1), special.get(key, _text)) for key, *_ in register.columns]
    for row in body:
        size = len(row)
        yield [convert(row[at] if 0 <= at < size else None) for at, convert in fields]


def _heading(register: Register, grid: Grid) -> tuple[int, Mapping[str, int]]:
    """(index of the first row below the headings, field → column): the row that has most of the headings."""
    keys = {plain(title): key for key, title, _, _ in register.columns}
    found = [_places(row, keys) for row in grid.rows[:HEADER_LIMIT]]
    best = max(range(len(found)), key=lambda at: len(found[at]), default=0)
    return (best + 1, found[best]) if found and found[best] else (0, {})


def _filled(row: Sequence[object]) -> bool:
    return row.count(None) < len(row)


def _places(row: Sequence[object], keys: Mapping[str, str]) -> dict[str, int]:
    return {keys[title]: at for at, value in enumerate(row) if (title := plain(value)) in keys}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _count(value: object) -> int:
    return int(_number(value) or 0)
