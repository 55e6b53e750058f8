"""What a new sheet in an open book gets besides its cells: sizes, panes, colours, drop-downs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.open_book_looks import cells_at, differential
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.package.shape import extent
from kaohe.workbooks.plan import Choice, Highlight, SheetPlan


def dress(sheet: Any, plan: SheetPlan) -> None:
    """Everything of the plan's layout that xlwings knows; page set-up but for the print area it does not."""
    layout = plan.layout
    size(sheet, plan)
    first = parse_area(layout.freeze)
    if first is not None:
        desktop.freeze(sheet, first.top, first.left)
    if layout.tab_color:
        desktop.color_tab(sheet, layout.tab_color)
    if layout.print_area:
        sheet.page_setup.print_area = extent(plan).text(absolute=True)
    for wanted in layout.highlights:
        highlight(sheet, wanted)
    for choice in layout.choices:
        choose(sheet, choice)
    if layout.hidden:
        sheet.visible = False


def size(sheet: Any, plan: SheetPlan) -> None:
    """Widths in characters, heights in points; equal neighbours together."""
    for width, columns in _together((n, width) for n, width in enumerate(plan.widths, start=1)):
        cells = sheet.range((1, columns[0]), (1, columns[-1]))
        if width:
            cells.column_width = width
        else:
            cells.column_hidden = True
    for height, rows in _together(sorted({**dict(plan.fitted), **dict(plan.heights)}.items())):
        sheet.range((rows[0], 1), (rows[-1], 1)).row_height = height


def _together(sizes: Iterable[tuple[int, float]]) -> Iterable[tuple[float, list[int]]]:
    """(size, unbroken run of numbers) from (number, size) in order."""
    pairs = list(sizes)
    runs = groupby(enumerate(pairs), key=lambda item: (item[1][0] - item[0], item[1][1]))
    for (_, size), run in runs:
        yield size, [number for _, (number, _) in run]


def highlight(sheet: Any, wanted: Highlight) -> None:
    """A conditional format, as far as xlwings knows it."""
    rules = cells_at(sheet, wanted.area).conditional_formats
    if wanted.kind == "data_bar":
        largest = {"maximum": float(wanted.rule)} if wanted.rule else {}
        rules.add_data_bar(f"#{wanted.colors[0]}", minimum=0, **largest)
    elif wanted.kind == "color_scale":
        rules.add_color_scale([f"#{color}" for color in wanted.colors])
    else:
        desktop.stand_on(cells_at(sheet, wanted.area))
        rules.add_custom(f"={wanted.rule}", **differential(wanted.style))


def choose(sheet: Any, choice: Choice) -> None:
    """A drop-down; one that only asks to be filled in is left to the message of the column's heading."""
    if choice.values and not choice.values[0].startswith("="):
        cells_at(sheet, choice.area).data_validation.set_list(list(choice.values))
