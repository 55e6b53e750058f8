"""The same unit form written by XlsxWriter: same sheets, cells, formulas, formats, drop-downs and colours.

It draws the very plan that our own template is made from, so that both make the same workbook; the cost of
making the plan is left out here, which is in XlsxWriter's favour.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from kaohe.workbooks.plan import BookPlan, Cell, CellLike, Choice, Scalar, SheetPlan, Slot
from kaohe.workbooks.skeleton import DIFFERENTIAL_ROLES, ROLES

LOOKS: Mapping[str, dict[str, Any]] = {role.name: role.look for role in ROLES}
COLORS: Mapping[str, dict[str, Any]] = {role.name: role.look for role in DIFFERENTIAL_ROLES}
BASE: Mapping[str, Any] = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}


def write_form(plan: BookPlan, values: Mapping[str, Scalar], target: Path) -> None:
    """One unit's form; ``values`` fill the plan's slots."""
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    formats = {name: book.add_format({**BASE, **look}) for name, look in LOOKS.items()}
    colors = {name: book.add_format(look) for name, look in COLORS.items()}
    for sheet_plan in plan.sheets:
        sheet = book.add_worksheet(sheet_plan.title)
        _write_cells(sheet, sheet_plan, values, formats)
        _lay_out(sheet, sheet_plan)
        for choice in sheet_plan.layout.choices:
            sheet.data_validation(choice.area, _validation(choice))
        for light in sheet_plan.layout.highlights:
            rule = {"type": "formula", "criteria": f"={light.rule}", "format": colors[light.style]}
            sheet.conditional_format(light.area, rule)
    book.close()


def _write_cells(
    sheet: Any, plan: SheetPlan, values: Mapping[str, Scalar], formats: Mapping[str, Any]
) -> None:
    for r, row in enumerate(plan.rows):
        for c, cell in enumerate(row):
            _write_cell(
                sheet,
                r,
                c,
                cell if isinstance(cell, Cell) else Cell(cell),
                values,
                formats[_role(plan, c, cell)],
            )


def _role(plan: SheetPlan, column: int, cell: CellLike) -> str:
    own = cell.role if isinstance(cell, Cell) else None
    return own or plan.roles[column]


def _write_cell(sheet: Any, r: int, c: int, cell: Cell, values: Mapping[str, Scalar], look: Any) -> None:
    value = values[cell.value.key] if isinstance(cell.value, Slot) else cell.value
    if cell.formula is not None:
        sheet.write_formula(r, c, f"={cell.formula}", look, "" if value is None else value)
    elif value is None:
        sheet.write_blank(r, c, None, look)
    elif isinstance(value, str):
        sheet.write_string(r, c, value, look)
    else:
        sheet.write_number(r, c, value, look)


def _lay_out(sheet: Any, plan: SheetPlan) -> None:
    """Widths, heights, merges, panes, page and protection."""
    layout = plan.layout
    for column, width in enumerate(plan.widths):
        sheet.set_column(column, column, width)
    for row, height in plan.heights:
        sheet.set_row(row - 1, height)
    for area in layout.merges:
        # merge_range() would write the cells a second time.
        first, last = area.split(":")
        sheet.merge.append([*_cell(first), *_cell(last)])
    if layout.freeze:
        sheet.freeze_panes(layout.freeze)
    if layout.repeat_rows:
        first, last = layout.repeat_rows.split(":")
        sheet.repeat_rows(int(first) - 1, int(last) - 1)
    if layout.protect:
        sheet.protect()
    if layout.hidden:
        sheet.very_hidden() if layout.hidden == "veryHidden" else sheet.hide()
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{layout.footer}&C&P / &N")


def _cell(address: str) -> tuple[int, int]:
    row, column = xlsxwriter.utility.xl_cell_to_rowcol(address)
    return row, column


def _validation(choice: Choice) -> dict[str, Any]:
    kind: dict[str, Any] = (
        {"validate": "list", "source": list(choice.values)} if choice.values else {"validate": "any"}
    )
    kind["input_title"], kind["input_message"] = choice.prompt_title, choice.prompt
    return kind | {"error_type": "stop" if choice.strict else "information"}
