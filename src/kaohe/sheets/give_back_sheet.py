"""退回说明: the first sheet of a 退回单, an office letter that lists what to mend and leads to each cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kaohe.findings import ERROR, QUERY, SEVERITY_TITLES
from kaohe.model import Scheme
from kaohe.sheets.reminder_text import chinese_date, office
from kaohe.sheets.row_height import height
from kaohe.workbooks.package.refs import quote_sheet
from kaohe.workbooks.plan import BookPlan, Cell, CellLike, Layout, SheetPlan

GIVE_BACK = "退回说明"
HEADER_ROW = 8
_ROLES = ("count", "text_center", "text_center", "link", "text_wrap", "text_wrap")
_WIDTHS = (6.0, 8.0, 12.0, 9.0, 40.0, 42.0)
_TITLES = ("序号", "级别", "工作表", "位置", "问题", "如何改正")
_SEVERITIES = {ERROR: "severity_error", QUERY: "severity_query"}
_MOST = 500
"""Rows of a list: beyond that a workbook is not mended but filled in anew."""


class Item(NamedTuple):
    """One thing to mend; ``cell`` '' when it stands in no cell of this workbook."""

    severity: str
    sheet: str
    cell: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class GiveBack:
    """What a 退回单 says. ``how`` tells what the workbook is: marked, made anew, or only this list."""

    scheme: Scheme
    period: str
    to: str
    number: str
    file: str
    today: dt.date
    due: dt.date
    items: Sequence[Item]
    how: str


def give_back_plan(letter: GiveBack) -> BookPlan:
    """A workbook of nothing but the list."""
    return BookPlan((give_back_sheet(letter),), active=GIVE_BACK)


def give_back_sheet(letter: GiveBack) -> SheetPlan:
    """The list as a sheet: addressed, dated, with a deadline; upright, as wide as a page."""
    shown = letter.items[:_MOST]
    rows = [_row(number, item) for number, item in enumerate(shown, start=1)]
    lines = [*_head(letter), [Cell(title, "header") for title in _TITLES], *rows]
    return SheetPlan(
        key=GIVE_BACK,
        title=GIVE_BACK,
        rows=lines,
        roles=_ROLES,
        widths=_WIDTHS,
        heights=(
            (1, 34.0),
            (2, 20.0),
            (3, 21.0),
            (4, 21.0),
            (5, 21.0),
            (6, _how_height(letter)),
            (7, 8.0),
            (HEADER_ROW, 24.0),
        ),
        fitted=tuple(
            (at, height(((item.what, _WIDTHS[4]), (item.remedy, _WIDTHS[5]))))
            for at, item in enumerate(shown, start=HEADER_ROW + 1)
        ),
        header_row=HEADER_ROW,
        last_row=len(lines),
        layout=Layout(
            tab_color="C00000",
            freeze=f"A{HEADER_ROW + 1}",
            landscape=False,
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            merges=("A1:F1", "A2:F2", "A6:F6", *(f"{area}" for area in _FIELDS)),
            footer=GIVE_BACK,
        ),
    )


_FIELDS = ("A3:B3", "C3:E3", "A4:B4", "C4:E4", "A5:B5", "C5:E5")


def _head(letter: GiveBack) -> list[Sequence[CellLike]]:
    settings = letter.scheme.settings
    notice = str(settings["数据声明"])
    errors = sum(item.severity == ERROR for item in letter.items)
    asked = len(letter.items) - errors
    more = len(letter.items) - _MOST
    found = f"错误 {errors} 处(必须改正)" + (f",存疑 {asked} 处(请核对或说明)" if asked else "")
    found += f";以下列出前 {_MOST} 处" if more > 0 else ""
    contact = " ".join(filter(None, (office(letter.scheme), str(settings["联系方式"]).strip())))
    number = f"下发编号:{letter.number}" if letter.number else f"文件:{letter.file}"
    return [
        _across(f"{settings['方案名称']}报送材料退回单", "title"),
        _across("  ".join(filter(None, (letter.period, notice))), "subtitle"),
        _fields("致:", letter.to, number),
        _fields("改正报回截止:", chinese_date(letter.due), f"印发日期:{chinese_date(letter.today)}"),
        _fields("联系人:", contact, found),
        _across(letter.how, "note"),
        _across("", "plain"),
    ]


def _how_height(letter: GiveBack) -> float:
    return height(((letter.how, sum(_WIDTHS) * 0.95),), 34.0)


def _across(text: str, role: str) -> list[CellLike]:
    return [Cell(text or None, role), *(Cell(None, role) for _ in _TITLES[1:])]


def _fields(label: str, text: str, beside: str) -> list[CellLike]:
    blank = Cell(None, "field")
    return [
        Cell(label, "label"),
        Cell(None, "label"),
        Cell(text or None, "field"),
        blank,
        blank,
        Cell(beside, "plain"),
    ]


def _row(number: int, item: Item) -> list[CellLike]:
    link = f"#{quote_sheet(item.sheet)}!{item.cell}" if item.sheet and item.cell else ""
    return [
        number,
        Cell(SEVERITY_TITLES[item.severity], _SEVERITIES.get(item.severity, "severity_note")),
        item.sheet or None,
        Cell(item.cell, "link", link=link) if link else Cell(item.cell or None, "text_center"),
        item.what,
        item.remedy,
    ]
