"""总览 as a workbook: exactly one A4 page, four native charts drawn from small tables beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from kaohe import terms
from kaohe.documents.book import LOST, MEAN, OWN, Page, font
from kaohe.documents.overview import Overview, Rows

KEY = "总览"
_COLUMNS = 12
_WIDTH = 11.0
_DATA = 14
"""The tables the charts are drawn from begin in this column, right of what is printed."""
_INKS = (OWN, MEAN, "#C55A11", "#548235", "#BF8F00", "#7030A0", "#2E75B6", "#808000")
_GRADES = ("#2F5D50", "#6C9EC8", "#C9DCEB", "#F1D9A7", "#E3B7A0", "#D98E7E")
_PENDING, _FAILED = "#7F7F7F", "#C0504D"
"""Grades have the colours they have in 图表: best first; one left to the office; one that says not."""
_HALF, _TALL = 494, 300


def overview_book(told: Overview, moment: dt.datetime) -> bytes:
    """The .xlsx; the same bytes for the same content and moment."""
    page = Page(KEY, told.mark, title=told.title, author=told.office, moment=moment, landscape=True)
    page.sheet.set_column(0, _COLUMNS - 1, _WIDTH)
    page.sheet.set_column(_DATA, _DATA, 28)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.center_horizontally()
    page.across(_COLUMNS - 1, told.title, "title", 34)
    page.across(_COLUMNS - 1, told.mark, "subtitle", 20)
    page.row += 1
    share = _COLUMNS // len(told.cards)
    for number, (title, value) in enumerate(told.cards):
        page.merged(page.row, number * share, (number + 1) * share - 1, title, "card")
        page.merged(page.row + 1, number * share, (number + 1) * share - 1, value, "value")
    page.sheet.set_row(page.row, 18)
    page.sheet.set_row(page.row + 1, 30)
    page.row += 3
    _charts(page, told)
    if told.declared:
        page.across(_COLUMNS - 1, told.declared, "grey", 16)
    page.sheet.print_area(0, 0, page.row - 1, _COLUMNS - 1)
    return page.finished()


def _charts(page: Page, told: Overview) -> None:
    """Two by two: ranking, grades, parts, losses."""
    rows = -(-_TALL * 3 // (4 * 15)) + 1
    top = page.row
    data = 1
    shown = (
        (told.ranking_title, told.ranking, "column" if len(told.ranking[0]) > 2 else "bar", False),
        (told.grades_title, told.grades, "column", len(told.grades[0]) > 2),
        ("各部分平均得分率（%）", told.parts, "column", False),
        ("平均失分最多的指标（分）", told.losses, "bar", False),
    )
    page.sheet.write_string(0, _DATA, "图表数据（不打印）", page.look("grey"))
    for number, (title, rows_of, kind, stacked) in enumerate(shown):
        place = (top + number // 2 * rows, number % 2 * (_COLUMNS // 2))
        _table(page, data, rows_of)
        chart = _chart(page, title, kind, stacked, data, rows_of)
        options = {"x_offset": 2, "y_offset": 4, "object_position": 1}
        page.sheet.insert_chart(*place, chart, options)
        data += len(rows_of) + 2
    page.row = top + 2 * rows


def _table(page: Page, first: int, rows: Rows) -> None:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            look = "head" if number == 0 else "text" if column == 0 else "number"
            page.put(first + number, _DATA + column, value, look)


def _chart(page: Page, title: str, kind: str, stacked: bool, first: int, rows: Rows) -> Any:
    head, body = rows[0], rows[1:]
    chart = page.book.add_chart({"type": kind, **({"subtype": "stacked"} if stacked else {})})
    last = first + max(len(body), 1)
    for column in range(1, len(head)):
        ink = LOST if "失分" in str(head[column]) else _INKS[(column - 1) % len(_INKS)]
        ink = _grade_ink(str(head[column]), column - 1) if stacked else ink
        chart.add_series(_series(page, first, last, column, ink, _labelled(body, head)))
    chart.set_title({"name": title, "name_font": font(11, bold=True), "overlay": False})
    axes = (chart.set_y_axis, chart.set_x_axis)
    names, numbers = axes if kind == "bar" else reversed(axes)
    size = 7 if kind == "bar" and len(body) > 12 else 8
    names({"num_font": font(size), **({"reverse": True} if kind == "bar" else {}), **_spacing(body, kind)})
    grid = {"visible": True, "line": {"color": "#E5E7EB"}}
    numbers({"num_font": font(8), "major_gridlines": grid, **_bounds(rows, stacked)})
    if len(head) > 2:
        chart.set_legend({"position": "bottom", "font": font(8)})
    else:
        chart.set_legend({"none": True})
    chart.set_size({"width": _HALF, "height": _TALL})
    return chart


def _grade_ink(grade: str, number: int) -> str:
    if grade == terms.PENDING_GRADE:
        return _PENDING
    return _FAILED if grade.startswith("不") else _GRADES[number % len(_GRADES)]


def _series(page: Page, first: int, last: int, column: int, ink: str, labelled: bool) -> dict[str, Any]:
    labels = {"data_labels": {"value": True, "font": font(7)}} if labelled else {}
    return {
        # A name that is given as a text and begins with = would be taken for a reference.
        "name": [page.name, first, _DATA + column],
        "categories": [page.name, first + 1, _DATA, last, _DATA],
        "values": [page.name, first + 1, _DATA + column, last, _DATA + column],
        "fill": {"color": ink},
        "gap": 45,
        **labels,
    }


def _labelled(body: Sequence[Sequence[object]], head: Sequence[object]) -> bool:
    """Numbers at the bars where there are few enough to be read."""
    return len(body) * (len(head) - 1) <= 24


def _spacing(body: Sequence[Sequence[object]], kind: str) -> dict[str, Any]:
    """Every name is shown, however many there are."""
    return {"interval_unit": 1} if kind == "bar" and len(body) > 1 else {}


def _bounds(rows: Rows, stacked: bool) -> dict[str, Any]:
    """Totals lie close together: their axis begins below the smallest, at a round number; others at 0."""
    values = [float(value) for row in rows[1:] for value in row[1:] if value != ""]
    totals = str(rows[0][1]) in ("总分", "最高")
    if stacked or not totals or not values or min(values) < 20:
        return {"min": 0}
    return {"min": max(0, int(min(values) // 10 * 10 - 10))}
