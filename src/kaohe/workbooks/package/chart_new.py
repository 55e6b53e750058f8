"""New charts as XML. XlsxWriter draws them (its parts are checked against Excel's own), we name the fonts.

Everything is fit for a grey print: bars have a dark edge, lighter and darker fills, and some are hatched.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from kaohe.workbooks.package.chart_cells import area_of, reference, values
from kaohe.workbooks.plan import BARS, STACKED_BARS, Chart, Series, SheetPlan

BODY_FONT, TITLE_FONT = "宋体", "黑体"
INK, GREY = "#1F2937", "#7F7F7F"
_CACHE = re.compile(rb"<c:numCache>.*?</c:numCache>", re.DOTALL)
_NUMBER = re.compile(rb"<c:v>([^<]*)</c:v>")
_LATIN = re.compile(rb'<a:latin typeface="([^"]*)"[^>]*/>')
_TYPES: dict[str, dict[str, str]] = {
    BARS: {"type": "bar"},
    STACKED_BARS: {"type": "bar", "subtype": "stacked"},
}
_GAP = {BARS: 60, STACKED_BARS: 45}
"""Percent of a bar's thickness between two of them."""


def new_charts(plan: SheetPlan, sheet: str, charts: Sequence[Chart]) -> list[bytes]:
    """The chart parts in order, over cells of the sheet of that name, with the plan's values as caches."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for chart in charts:
        _write_cells(page, plan, chart)
        page.insert_chart("A1", _drawn(book, chart, sheet))
    book.close()
    with zipfile.ZipFile(buffer) as made:
        parts = [made.read(f"xl/charts/chart{number}.xml") for number in range(1, len(charts) + 1)]
    return [_here(part) for part in parts]


def _write_cells(page: Any, plan: SheetPlan, chart: Chart) -> None:
    """The cells the chart looks at, for its caches."""
    wanted = [chart.title, chart.categories]
    wanted += [text for row in chart.series for text in (row.name, row.values)]
    for text in wanted:
        area = area_of(text)
        width = area.right - area.left + 1
        for number, value in enumerate(values(plan, text)):
            row, column = area.top - 1 + number // width, area.left - 1 + number % width
            if isinstance(value, str) and value:
                page.write_string(row, column, value)
            elif isinstance(value, int | float):
                page.write_number(row, column, value)


def _drawn(book: Any, chart: Chart, sheet: str) -> Any:
    drawn = book.add_chart(_TYPES[chart.kind])
    for number, row in enumerate(chart.series):
        drawn.add_series(_series(chart, row, sheet) | ({} if number else _spacing(chart)))
    title = {"name": TITLE_FONT, "size": 12, "bold": True, "color": INK}
    drawn.set_title({"name": f"={reference(sheet, chart.title)}", "name_font": title, "overlay": False})
    drawn.set_y_axis(_categories())
    drawn.set_x_axis(_values(chart))
    drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": _font(9)})
    drawn.set_chartarea({"border": {"color": "#BFBFBF"}, "fill": {"color": "#FFFFFF"}})
    drawn.show_hidden_data()
    return drawn


def _spacing(chart: Chart) -> dict[str, int]:
    return {"gap": _GAP[chart.kind]} | ({"overlap": 100} if chart.kind == STACKED_BARS else {})


def _series(chart: Chart, row: Series, sheet: str) -> dict[str, Any]:
    color = f"#{row.color}"
    look: dict[str, Any] = {"fill": {"color": color}}
    if row.pattern:
        look = {"pattern": {"pattern": row.pattern, "fg_color": color, "bg_color": "#FFFFFF"}}
    if chart.labels:
        look["data_labels"] = {"value": True, "num_format": chart.labels, "font": _font(9)}
    return {
        "name": f"={reference(sheet, row.name)}",
        "categories": f"={reference(sheet, chart.categories)}",
        "values": f"={reference(sheet, row.values)}",
        "border": {"color": "#595959", "width": 0.5},
        **look,
    }


def _categories() -> dict[str, Any]:
    """The axis of names, the first on top, beside the bars also where they are negative."""
    return {
        "reverse": True,
        "crossing": "max",
        "num_font": _font(10),
        "line": {"color": GREY, "width": 0.75},
        "major_tick_mark": "none",
        "label_position": "low",
        "major_gridlines": {"visible": False},
    }


def _values(chart: Chart) -> dict[str, Any]:
    """The axis of values with its unit of measure; none where the names tell the values."""
    if not chart.axis:
        return {"visible": False, "major_gridlines": {"visible": False}}
    return {
        "name": chart.axis,
        "name_font": _font(9) | {"bold": False},
        "num_font": _font(9),
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}},
        "line": {"none": True},
        "major_tick_mark": "none",
    }


def _font(size: float) -> dict[str, Any]:
    return {"name": BODY_FONT, "size": size, "color": INK}


def _here(part: bytes) -> bytes:
    """The part for Chinese readers, with square corners (newer programs round them when nothing is said)."""
    part = part.replace(b'lang="en-US"', b'lang="zh-CN"')
    part = part.replace(b'<c:lang val="en-US"/>', b'<c:lang val="zh-CN"/><c:roundedCorners val="0"/>')
    part = _CACHE.sub(lambda cache: _NUMBER.sub(_fifteen_digits, cache[0]), part)
    return _LATIN.sub(_for_chinese, part)


def _fifteen_digits(match: re.Match[bytes]) -> bytes:
    """A number as a spreadsheet program keeps it; XlsxWriter writes sixteen digits."""
    return b"<c:v>%s</c:v>" % f"{float(match[1]):.15g}".encode()


def _for_chinese(match: re.Match[bytes]) -> bytes:
    """The same font for Chinese signs, which would otherwise be shown in the theme's."""
    return match[0] + b'<a:ea typeface="' + match[1] + b'"/>'
