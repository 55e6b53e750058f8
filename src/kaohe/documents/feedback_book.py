"""反馈单 as a workbook of one sheet, with a native chart of own rate against the group's mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from kaohe.documents.book import MEAN, OWN, Page, font, height_of
from kaohe.documents.feedback import Feedback, LossLine

KEY = "反馈单"
_WIDTHS = (4.5, 26.0, 7.5, 8.5, 9.0, 6.5, 7.5, 7.5, 8.0, 8.5)
_LAST = len(_WIDTHS) - 1
_WHOLE = sum(_WIDTHS)
_FULL = 100
_ONE_PAGE = 75
"""Rows that fit a page and can still be read."""
SHOWN = 15
"""Indicators that are listed one by one; the rest stands in a sum."""
_LOSS_HEAD = (
    "序号",
    "考核内容",
    "单位",
    "目标",
    "完成",
    "满分",
    "得分",
    "失分",
    "组平均",
    "达标可增",
)
_PART_HEAD = ("序号", "部分", "满分", "得分", "得分率%", "组平均", "组平均率%")


def feedback_book(told: Feedback, moment: dt.datetime) -> bytes:
    """The .xlsx of one unit; the same bytes for the same content and moment."""
    page = Page(KEY, told.mark, title=told.title, author=told.office, moment=moment)
    for column, width in enumerate(_WIDTHS):
        page.sheet.set_column(column, column, width)
    page.across(_LAST, told.title, "title", 34)
    page.across(_LAST, f"{told.unit}  考核组：{told.group}  {told.mark}", "subtitle", 20)
    _cards(page, told)
    _parts(page, told)
    _losses(page, told)
    _words(page, told)
    page.sheet.fit_to_pages(1, 1 if page.row <= _ONE_PAGE else 0)
    page.sheet.print_area(0, 0, page.row - 1, _LAST)
    return page.finished()


def _cards(page: Page, told: Feedback) -> None:
    """Total, rank, grade, mean, last period, side by side."""
    page.row += 1
    spans = _spans(len(told.cards))
    for (first, last), (title, value) in zip(spans, told.cards, strict=True):
        page.merged(page.row, first, last, title, "card")
        page.merged(page.row + 1, first, last, value, "value")
    page.sheet.set_row(page.row, 18)
    page.sheet.set_row(page.row + 1, 30)
    page.row += 3


def _spans(count: int) -> list[tuple[int, int]]:
    """Columns for ``count`` cards: the first over the two that hold names, the others share the rest."""
    rest, others = _LAST - 1, count - 1
    ends = [1, *(1 + rest * number // others for number in range(1, count))]
    return [(0 if number == 0 else ends[number - 1] + 1, end) for number, end in enumerate(ends)]


def _parts(page: Page, told: Feedback) -> None:
    """各部分: a small table and the chart that is drawn from its cells."""
    page.across(_LAST, "一、各部分得分", "section", 22)
    looks = ("center", "text", "number", "score", "rate", "score", "rate")
    page.line(_PART_HEAD, ("head",) * len(_PART_HEAD), height=32)
    first = page.row
    for number, part in enumerate(told.parts, start=1):
        values = (number, part.name, part.weight, part.score, part.rate, part.mean, part.mean_rate)
        page.line(values, looks, told.places, height=max(18, height_of(part.name, _WIDTHS[1])))
    if not told.parts:
        page.across(_LAST, "本期没有计分的部分。", "note", 18)
        page.row += 1
        return
    page.row += 1
    size = 120 + 34 * len(told.parts)
    highest = max(max(part.rate, part.mean_rate) for part in told.parts)
    most = 100.0 if highest <= _FULL else None
    page.sheet.insert_chart(
        page.row,
        0,
        _chart(page, first, len(told.parts), size, most),
        {"x_offset": 4, "object_position": 1},
    )
    page.row += -(-size * 3 // (4 * 15)) + 1


def _chart(page: Page, first: int, count: int, height: int, most: float | None) -> Any:
    chart = page.book.add_chart({"type": "bar"})
    last = first + count - 1
    for column, color in ((4, OWN), (6, MEAN)):
        chart.add_series(
            {
                "name": [page.name, first - 1, column],
                "categories": [page.name, first, 1, last, 1],
                "values": [page.name, first, column, last, column],
                "fill": {"color": color},
                "gap": 60,
                "overlap": -5,
                "data_labels": {"value": True, "num_format": "0.0", "font": font(8)},
            }
        )
    chart.set_title({"name": "得分率与组平均（%）", "name_font": font(11, bold=True), "overlay": False})
    grid = {"visible": True, "line": {"color": "#E5E7EB"}}
    chart.set_x_axis({"min": 0, "max": most, "num_font": font(8), "major_gridlines": grid})
    chart.set_y_axis({"reverse": True, "num_font": font(9)})
    chart.set_legend({"position": "bottom", "font": font(9)})
    chart.set_size({"width": 690, "height": height})
    return chart


def _losses(page: Page, told: Feedback) -> None:
    """失分: the biggest first."""
    page.across(_LAST, "二、失分情况（从多到少）", "section", 22)
    if not told.losses:
        page.across(_LAST, "本期没有失分。", "note", 18)
        return
    page.line(_LOSS_HEAD, ("head",) * len(_LOSS_HEAD), height=32)
    for number, line in enumerate(told.losses[:SHOWN], start=1):
        _loss(page, number, line, told.places)
    rest = told.losses[SHOWN:]
    if rest:
        lost = float(f"{sum(line.lost for line in rest):.12g}")
        page.across(_LAST, f"其余{len(rest)}项共失{lost:g}分。", "note", 18)


def _loss(page: Page, number: int, line: LossLine, places: int) -> None:
    values = (
        number,
        line.name,
        line.unit_of_measure,
        line.target,
        line.actual,
        line.weight,
        line.score,
        line.lost,
        line.mean,
        line.gain if line.gain is not None else "—",
    )
    gain = "score" if line.gain is not None else "center"
    actual = "center" if isinstance(line.actual, str) else "number"
    looks = ("center", "text", "center", "number", actual, "number", "score", "score", "score", gain)
    page.line(values, looks, places, height=_tall(line))


def _tall(line: LossLine) -> float:
    return max(18, height_of(line.name, _WIDTHS[1]), height_of(line.unit_of_measure, _WIDTHS[2]))


def _words(page: Page, told: Feedback) -> None:
    """What would gain most, bonuses and deductions, notes, and by when to object."""
    _paragraphs(page, "三、提分空间", [told.suggestion])
    beside = [f"{kind} {points:+g}分：{reason}" for kind, reason, points in told.beside]
    sections = [("加分和扣分（只告知本单位）", beside), ("说明", list(told.notes)), ("异议", [told.until])]
    for number, (title, texts) in enumerate([one for one in sections if one[1]], start=4):
        _paragraphs(page, f"{'四五六'[number - 4]}、{title}", texts)
    if told.declared:
        page.across(_LAST, told.declared, "grey", 16)


def _paragraphs(page: Page, title: str, texts: Sequence[str]) -> None:
    page.row += 1
    page.across(_LAST, title, "section", 22)
    for text in texts:
        page.across(_LAST, text, "note", height_of(text, _WHOLE * 0.97))
