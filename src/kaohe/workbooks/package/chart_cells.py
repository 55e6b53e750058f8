"""What a chart shows of its plan's cells: references with the values that stand in them (its caches)."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.package.refs import Area, parse_area, target
from kaohe.workbooks.plan import Cell, Chart, Scalar, SheetPlan


def area_of(text: str) -> Area:
    """The range. Raises BadPlan when it is none."""
    area = parse_area(text)
    if area is None:
        raise BadPlan(f"not a range of a chart: {text!r}")
    return area


def reference(sheet: str, text: str) -> str:
    """The range as a chart refers to it: ``图表!$T$8:$T$16``."""
    return target(sheet, area_of(text))


def values(plan: SheetPlan, text: str) -> list[Scalar]:
    """What the plan's cells of a range hold, row by row, numbers to 15 digits; None beyond the plan.

    Raises BadPlan for a slot.
    """
    return [_value(plan, row, column) for row, column in _cells(area_of(text))]


def texts(plan: SheetPlan, text: str) -> list[str]:
    """The same as a chart shows them: '' for a blank one."""
    return ["" if value is None else _shown(value) for value in values(plan, text)]


def numbers(plan: SheetPlan, text: str) -> list[float | None]:
    """The same as bars: None for what is no number."""
    return [
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        for value in values(plan, text)
    ]


def check(plan: SheetPlan) -> None:
    """Raises BadPlan when charts of the plan could not be drawn."""
    keys = [chart.key for chart in plan.charts]
    if len(set(keys)) < len(keys):
        raise BadPlan(f"two charts with the same key: {keys}")
    for chart in plan.charts:
        _check_chart(chart)


def _check_chart(chart: Chart) -> None:
    area_of(chart.anchor)
    size = len(list(_cells(area_of(chart.categories))))
    if not chart.series or any(len(list(_cells(area_of(row.values)))) != size for row in chart.series):
        raise BadPlan(f"chart {chart.key}: as many values as categories")
    if not chart.key.isidentifier():
        raise BadPlan(f"a chart's key is one word: {chart.key!r}")


def _cells(area: Area) -> Iterator[tuple[int, int]]:
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield row, column


def _value(plan: SheetPlan, row: int, column: int) -> Scalar:
    line = plan.rows[row - 1] if row <= len(plan.rows) else ()
    cell = line[column - 1] if column <= len(line) else None
    value = cell.value if isinstance(cell, Cell) else cell
    if isinstance(value, float):
        return float(f"{value:.15g}")
    if value is None or isinstance(value, str | int):
        return value
    raise BadPlan(f"a chart over a cell that is filled later: row {row}, column {column}")


def _shown(value: Scalar) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
