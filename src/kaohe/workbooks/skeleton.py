"""The styled, empty workbooks in templates/: one declared table of roles, drawn on a specimen sheet.

A skeleton has one sheet, 样式, found by the hidden defined name ``_kaohe.样式``. Row by row: column A names
a role, column B is a cell in that role's format, and in a ``dxf:`` row column C carries a conditional format
over exactly that cell. The sheet is in sight in a skeleton, so that an office restyles its cells in Excel
without having to find it; in a workbook made from the skeleton it is hidden.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

import xlsxwriter

SPECIMEN_SHEET = "样式"
SPECIMEN_NAME = "_kaohe.样式"
KINDS = ("总表", "自测完成情况表", "考评打分表")

BODY_FONT = "宋体"
TITLE_FONT = "黑体"
INK = "#1F2937"
GREY = "#7F7F7F"
LINE = "#BFBFBF"
_MADE = dt.datetime(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Role:
    """One style by meaning: its name, the sample an office sees, and XlsxWriter format properties."""

    name: str
    sample: str | float | None
    look: dict[str, Any]


_BOX: dict[str, Any] = {"border": 1, "border_color": LINE}
_MIDDLE: dict[str, Any] = {"align": "center"}
_WRAP: dict[str, Any] = {"text_wrap": True}
# Room at the side: a number and a text in the next cell do not touch.
_LEFT: dict[str, Any] = {"align": "left", "indent": 1}
_RIGHT: dict[str, Any] = {"align": "right", "indent": 1}
_INPUT: dict[str, Any] = {**_BOX, "bg_color": "#FFF2CC", "locked": False}
_SETTING: dict[str, Any] = {**_BOX, "bg_color": "#FFFDF5", "locked": False}
_BOLD: dict[str, Any] = {"bold": True}
_HEADING: dict[str, Any] = {**_BOX, **_BOLD, **_MIDDLE, **_WRAP, "font_name": TITLE_FONT}
_TOTAL: dict[str, Any] = {**_BOX, **_BOLD, "top": 2, "top_color": GREY, "bg_color": "#F2F2F2"}


def _number(step: int, **look: Any) -> dict[str, Any]:
    """A number at the right, its ink ``step`` shades (of 256) bluer, which nobody sees.

    LibreOffice draws a cell without its right indent when it differs from its neighbour by the number format
    only; so no two kinds of number have the same ink.
    """
    return {**_BOX, **_RIGHT, "font_color": f"#{int(INK[1:], 16) + step:06X}", **look}


ROLES: tuple[Role, ...] = (
    Role(
        "title",
        "标题",
        {**_BOLD, **_MIDDLE, "font_name": TITLE_FONT, "font_size": 18, "font_color": "#1F3864"},
    ),
    Role("subtitle", "副标题", {**_MIDDLE, "font_size": 11, "font_color": GREY}),
    Role("note", "说明文字", {**_WRAP, "font_size": 10.5, "font_color": "#595959", "valign": "top"}),
    Role("label", "名称:", {**_BOLD, "align": "right"}),
    Role("field", "内容", {**_LEFT, "bottom": 1, "bottom_color": LINE}),
    Role("header", "表头", {**_HEADING, "bg_color": "#DCE6F1", "font_color": "#1F3864"}),
    Role("text", "文字", {**_BOX, **_LEFT}),
    Role("text_center", "文字", {**_BOX, **_MIDDLE}),
    Role("text_wrap", "较长的文字", {**_BOX, **_WRAP, **_LEFT}),
    Role("code", "A01", {**_BOX, **_MIDDLE, "num_format": 49}),
    Role("number", 12.5, _number(0)),
    Role("number2", 12.5, _number(1, num_format=2)),
    Role("score", 3.25, _number(2, num_format=2)),
    Role("points_lost", 0.4, _number(3, num_format=r"0.00;\-0.00;\-")),
    Role("score_locked", 3.25, {**_BOX, **_RIGHT, "num_format": 2, "bg_color": "#EDF3FA"}),
    Role("percent", 0.975, _number(4, num_format="0.0%")),
    Role("integer", 29, _number(5, num_format=1)),
    Role("count", 29, {**_BOX, **_MIDDLE, "num_format": 1}),
    Role("date", 43831, {**_BOX, **_MIDDLE, "num_format": "yyyy-mm-dd"}),
    Role("datetime", 43831.5, {**_BOX, **_MIDDLE, "num_format": "yyyy-mm-dd hh:mm"}),
    Role("total", 67.6, {**_TOTAL, **_RIGHT, "num_format": 2}),
    Role("total_text", "合计", {**_TOTAL, **_MIDDLE}),
    Role("input", 12.5, {**_INPUT, **_RIGHT}),
    Role("input_text", "请填写", {**_INPUT, **_WRAP, **_LEFT}),
    Role("input_choice", "请选择", {**_INPUT, **_MIDDLE}),
    Role("input_optional", "可不填", {**_INPUT, **_WRAP, **_LEFT, "bg_color": "#FFFBEB"}),
    Role("locked_grey", "本期不填", {**_BOX, **_MIDDLE, "bg_color": "#F2F2F2", "font_color": "#A6A6A6"}),
    Role("given", "由考评部门考评", {**_BOX, **_MIDDLE, "bg_color": "#F2F2F2", "font_color": "#595959"}),
    Role("link", "打开", {**_BOX, **_LEFT, "font_color": "#0563C1", "underline": 1}),
    Role("rank", 4, {**_BOX, **_BOLD, **_MIDDLE, "num_format": 1}),
    Role("rank_top", 1, {**_BOX, **_BOLD, **_MIDDLE, "num_format": 1, "bg_color": "#FFE699"}),
    Role("severity_error", "错误", {**_BOX, **_BOLD, **_MIDDLE, "font_color": "#C00000"}),
    Role("severity_query", "疑问", {**_BOX, **_BOLD, **_MIDDLE, "font_color": "#BF8F00"}),
    Role("severity_note", "提示", {**_BOX, **_MIDDLE, "font_color": GREY}),
    Role("state_good", "已达序时", {**_BOX, **_MIDDLE, "bg_color": "#E2EFDA", "font_color": "#375623"}),
    Role("state_warn", "待识别", {**_BOX, **_MIDDLE, "bg_color": "#FFF2CC", "font_color": "#7F6000"}),
    Role("state_bad", "未达序时", {**_BOX, **_MIDDLE, "bg_color": "#FBE5E5", "font_color": "#9C0006"}),
    Role("state_idle", "未填", {**_BOX, **_MIDDLE, "bg_color": "#EDEDED", "font_color": GREY}),
    Role("signature", None, {**_MIDDLE, "bottom": 1, "bottom_color": INK, "locked": False}),
    Role("setting", 100, {**_SETTING, **_RIGHT}),
    Role("setting_text", "可修改", {**_SETTING, **_WRAP, **_LEFT}),
    Role("setting_date", "2007-07-01", {**_SETTING, **_MIDDLE, "num_format": 49}),
    Role("plain", None, {}),
    Role("score_total", 67.6, {**_BOX, **_BOLD, **_RIGHT, "num_format": 2}),
    Role("band", "一类指标", {**_BOX, **_BOLD, **_LEFT, "bg_color": "#EDF3FA", "font_color": "#1F3864"}),
    Role(
        "title_left",
        "表名",
        {**_BOLD, "align": "left", "font_name": TITLE_FONT, "font_size": 15, "font_color": "#1F3864"},
    ),
    Role("note_line", "一行说明", {"align": "left", "font_size": 9, "font_color": GREY}),
    Role(
        "band_top",
        "一级目标",
        {**_BOX, **_BOLD, **_LEFT, "bg_color": "#C9DAEF", "font_color": "#1F3864", "font_size": 11},
    ),
    Role("header_note", "满分和填法", {**_BOX, **_MIDDLE, **_WRAP, "font_size": 9, "bg_color": "#F3F7FC"}),
    Role("code_grey", "A01", {**_BOX, **_MIDDLE, "num_format": 49, "font_size": 9, "font_color": GREY}),
    Role("total_count", 29, {**_TOTAL, **_MIDDLE, "num_format": 1}),
    Role("number_grey", 12.5, {**_BOX, **_RIGHT, "font_size": 9, "font_color": GREY}),
    Role("text_grey", "备查", {**_BOX, **_LEFT, "font_color": GREY, "font_size": 9}),
)

DIFFERENTIAL_ROLES: tuple[Role, ...] = (
    Role("good", "绿", {"bg_color": "#C6EFCE", "font_color": "#006100"}),
    Role("warn", "黄", {"bg_color": "#FFEB9C", "font_color": "#7F6000"}),
    Role("bad", "红", {"bg_color": "#FFC7CE", "font_color": "#9C0006"}),
    Role("idle", "灰", {"bg_color": "#EDEDED", "font_color": GREY}),
    Role("top3", "前三", {"bg_color": "#FFE699", "bold": True}),
)

# A font tied to the theme ("scheme") would be shown in the theme's font whatever its name says.
_FONT: dict[str, Any] = {"font_name": BODY_FONT, "font_scheme": "none", "font_charset": 134, "font_family": 3}
_BASE: dict[str, Any] = {**_FONT, "font_size": 10.5, "font_color": INK, "valign": "vcenter"}
_HOW_TO = "改样式:直接改 B 列单元格的格式(C 列改条件格式的格式),A 列的名字请勿改动,行可以移动。"


def build_skeleton(kind: str) -> bytes:
    """The skeleton workbook of that kind (one of KINDS) as bytes; the same bytes every time.

    Raises ValueError for a kind that does not exist.
    """
    if kind not in KINDS:
        raise ValueError(f"no such skeleton: {kind}")
    buffer = io.BytesIO()
    default = {**_FONT, "font_size": 11}
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_format_properties": default})
    book.set_properties({"title": kind, "author": "kaohe", "created": _MADE})
    _draw_specimens(book, book.add_worksheet(SPECIMEN_SHEET))
    book.close()
    return buffer.getvalue()


def _draw_specimens(book: Any, sheet: Any) -> None:
    """One row per role under a heading line; dxf roles below them."""
    sheet.set_column("A:A", 18)
    sheet.set_column("B:C", 16)
    for column, text in enumerate(("角色", "单元格样式", "条件格式", _HOW_TO)):
        sheet.write_string(0, column, text)
    for row, role in enumerate(ROLES, start=1):
        sheet.write_string(row, 0, role.name)
        sheet.write(row, 1, role.sample, book.add_format({**_BASE, **role.look}))
    for row, role in enumerate(DIFFERENTIAL_ROLES, start=1 + len(ROLES)):
        sheet.write_string(row, 0, f"dxf:{role.name}")
        sheet.write(row, 2, role.sample)
        look = book.add_format(role.look)
        sheet.conditional_format(row, 2, row, 2, {"type": "formula", "criteria": "=TRUE", "format": look})
    book.define_name(SPECIMEN_NAME, f"='{SPECIMEN_SHEET}'!$A$1")
