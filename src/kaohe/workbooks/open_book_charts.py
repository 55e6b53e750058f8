"""The charts of a plan in an open book, by the program's own means; they show the cells by themselves.

As in a file, ours are found by their names, a noted one that is gone was deleted by the office and stays so,
and one that was moved stays where it is. Looks are given to new charts only. Desktop Excel draws; elsewhere
what there is stays, and it is said that something is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.open_book import named_areas
from kaohe.workbooks.open_book_looks import cells_of
from kaohe.workbooks.package.chart_cells import area_of
from kaohe.workbooks.package.charts import CHART
from kaohe.workbooks.package.drawing import OURS
from kaohe.workbooks.package.names import PREFIX
from kaohe.workbooks.package.refs import Area, quote_sheet
from kaohe.workbooks.plan import BARS, STACKED_BARS, Chart, SheetPlan

TYPES = {BARS: "bar_clustered", STACKED_BARS: "bar_stacked"}
NOT_HERE = "工作表“{sheet}”的图没有全部更新(本环境不能画图);表中的数是新的,用命令行汇总一次即可画上。"
BY_COLUMNS, CATEGORIES, VALUES, AT_BOTTOM, LOW, AT_MOST = 2, 1, 2, -4107, -4134, 2
"""Excel's numbers: series stand in columns, the two axes, legend below, labels outside, axis at the end."""
PATTERNS = {"wide_upward_diagonal": 22, "percent_20": 3, "dark_downward_diagonal": 15}
_NEAR = 3.0
"""Points by which a chart may be off its place without having been moved."""


def charts_noted(book: Any, plan: SheetPlan, sheet: str) -> dict[str, Area]:
    """Key → place of the charts that were drawn before, as the book's hidden names tell."""
    prefix = f"{PREFIX}{plan.key}{CHART}".lower()
    areas = named_areas(book, sheet)
    return {name[len(prefix) :]: area for name, area in areas.items() if name.startswith(prefix)}


def draw_charts(book: Any, sheet: Any, plan: SheetPlan, noted: Mapping[str, Area]) -> tuple[str, ...]:
    """Draw the plan's new charts and let those that are there cover the cells of now; returns notes."""
    if not desktop.is_desktop(book):
        wanted = {chart.key: area_of(chart.anchor) for chart in plan.charts}
        return () if wanted == dict(noted) else (NOT_HERE.format(sheet=sheet.name),)
    present = {str(found.name): found for found in sheet.charts} if plan.charts or noted else {}
    for chart in plan.charts:
        found = present.pop(OURS + chart.key, None)
        if found is not None:
            _bring_up_to_date(sheet, found, chart, noted.get(chart.key))
        elif chart.key not in noted:
            _add(sheet, chart)
    for name, found in present.items():
        if name.startswith(OURS):
            found.delete()
    return ()


def chart_names(plan: SheetPlan) -> dict[str, Area]:
    """The hidden names that note where each chart of the plan was put."""
    return {f"{PREFIX}{plan.key}{CHART}{chart.key}": area_of(chart.anchor) for chart in plan.charts}


def forget_others(book: Any, plan: SheetPlan) -> None:
    """Take out the names of charts the plan has no more."""
    prefix, kept = f"{PREFIX}{plan.key}{CHART}".lower(), {name.lower() for name in chart_names(plan)}
    for name in [name for name in book.names if str(name.name).lower().startswith(prefix)]:
        if str(name.name).lower() not in kept:
            name.delete()


def _bring_up_to_date(sheet: Any, found: Any, chart: Chart, was: Area | None) -> None:
    """The cells of now; the place of now unless the office moved it."""
    cells = cells_of(sheet, was) if was is not None else None
    stays = cells is not None and max(abs(found.left - cells.left), abs(found.top - cells.top)) <= _NEAR
    found.api[1].SetSourceData(cells_of(sheet, source(chart)).api, BY_COLUMNS)
    if stays and was != area_of(chart.anchor):
        _put(sheet, found, chart)


def source(chart: Chart) -> Area:
    """Names and values of the chart as one block: names at the left, headings on top."""
    names = area_of(chart.categories)
    rows = [area_of(row.values) for row in chart.series]
    top = min(area_of(row.name).top for row in chart.series)
    return Area(top, names.left, names.bottom, max(area.right for area in rows))


def _put(sheet: Any, found: Any, chart: Chart) -> None:
    cells = cells_of(sheet, area_of(chart.anchor))
    found.left, found.top, found.width, found.height = cells.left, cells.top, cells.width, cells.height


def _add(sheet: Any, chart: Chart) -> None:
    """A new chart in our looks."""
    cells = cells_of(sheet, area_of(chart.anchor))
    new = sheet.charts.add(cells.left, cells.top, cells.width, cells.height)
    new.name = OURS + chart.key
    new.chart_type = TYPES[chart.kind]
    drawn = new.api[1]
    drawn.SetSourceData(cells_of(sheet, source(chart)).api, BY_COLUMNS)
    drawn.PlotVisibleOnly = False
    drawn.HasTitle = True
    title = area_of(chart.title)
    drawn.ChartTitle.Formula = f"={quote_sheet(sheet.name)}!{title.text(absolute=True)}"
    drawn.HasLegend = len(chart.series) > 1
    if drawn.HasLegend:
        drawn.Legend.Position = AT_BOTTOM
    names = drawn.Axes(CATEGORIES)
    names.ReversePlotOrder, names.TickLabelPosition = True, LOW
    drawn.Axes(VALUES).HasMajorGridlines = bool(chart.axis)
    if chart.axis:
        names.Crosses = AT_MOST
        drawn.Axes(VALUES).HasTitle = True
        drawn.Axes(VALUES).AxisTitle.Text = chart.axis
    else:
        drawn.Axes(VALUES).Delete()
    for number, row in enumerate(chart.series, start=1):
        _dress(drawn.SeriesCollection(number), row.color, row.pattern, chart.labels)


def _dress(series: Any, color: str, pattern: str, labels: str) -> None:
    red, green, blue = bytes.fromhex(color)
    if pattern:
        series.Format.Fill.Patterned(PATTERNS[pattern])
    else:
        series.Format.Fill.Solid()
    series.Format.Fill.ForeColor.RGB = red + (green << 8) + (blue << 16)
    if labels:
        series.HasDataLabels = True
        series.DataLabels().NumberFormat = labels
