"""The result of an audit as a workbook: every cell that disagrees, and what each engine looked at."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.audit.model import Difference, Opinion
from kaohe.sheets.heading import landscape
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike, Layout, SheetPlan

FOUND, LOOKED_AT = "核对结果", "核对范围"
Columns = tuple[tuple[str, str, float], ...]
_FOUND: Columns = (
    ("序号", "count", 7),
    ("核对方法", "text_center", 12),
    ("工作表", "text_center", 14),
    ("单元格", "text_center", 9),
    ("内容", "text_wrap", 44),
    ("总表中是", "text_wrap", 30),
    ("重算得到", "text_wrap", 30),
)
_LOOKED_AT: Columns = (
    ("核对方法", "text_center", 14),
    ("核对了", "count", 11),
    ("不符", "count", 9),
    ("没有核对的", "text_wrap", 44),
    ("说明", "text_wrap", 60),
)
_HEADER = 3
WHOLE = "全部相符"


def found_sheet(title: str, differences: Sequence[Difference]) -> SheetPlan:
    """One row per disagreement; ``title`` is the first line."""
    rows: list[Sequence[CellLike]] = [
        [number, one.engine, one.sheet, one.cell or None, one.what, one.published, one.recomputed]
        for number, one in enumerate(differences, start=1)
    ]
    return _sheet(FOUND, title, _FOUND, rows or [[Cell(WHOLE, "text"), *([None] * (len(_FOUND) - 1))]])


def looked_at_sheet(title: str, opinions: Sequence[Opinion]) -> SheetPlan:
    """One row per engine."""
    rows: list[Sequence[CellLike]] = [
        [
            one.engine,
            one.compared,
            len(one.differences),
            ";".join(f"{reason} {count}" for reason, count in one.left_out.items()) or None,
            ";".join(text for text in (one.trouble, *one.notes) if text) or None,
        ]
        for one in opinions
    ]
    return _sheet(LOOKED_AT, title, _LOOKED_AT, rows)


def _sheet(key: str, title: str, columns: Columns, body: Sequence[Sequence[CellLike]]) -> SheetPlan:
    width = len(columns)
    last = column_letter(width)
    lines: list[Sequence[CellLike]] = [
        [Cell(key, "title"), *([Cell(None, "title")] * (width - 1))],
        [Cell(title, "subtitle"), *([Cell(None, "subtitle")] * (width - 1))],
        [Cell(heading, "header") for heading, _, _ in columns],
        *body,
    ]
    return SheetPlan(
        key=key,
        title=key,
        rows=lines,
        roles=tuple(role for _, role, _ in columns),
        widths=tuple(size for *_, size in columns),
        heights=((1, 34), (2, 20), (_HEADER, 26)),
        header_row=_HEADER,
        last_row=len(lines),
        autofilter=True,
        layout=Layout(
            tab_color="5B9BD5",
            freeze=f"A{_HEADER + 1}",
            landscape=landscape((size for *_, size in columns), len(body)),
            repeat_rows=f"{_HEADER}:{_HEADER}",
            merges=(f"A1:{last}1", f"A2:{last}2"),
            footer=key,
        ),
    )
