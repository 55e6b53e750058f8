"""Columns that the office inserted into what we wrote, or took out of it, since we wrote it.

The hidden name that says how far we wrote grows and shrinks with them, and so does every reference of the
office to a cell behind them. Writing the table back to where it stood would wipe the office's column and
leave its references on other columns of ours: neither is done.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.refs import Area
from kaohe.workbooks.plan import Cell, SheetPlan


@dataclass(frozen=True, slots=True)
class Headings:
    """Titles over the table: as they stand in the sheet, by column, and as the plan has them."""

    found: Mapping[int, str]
    planned: Sequence[str]


def moved(area: Area | None, width: int | None) -> bool:
    """Whether what we wrote (``width`` columns from A on) no longer stands where we wrote it.

    An older master does not say how many columns there were: it is taken as it is.
    """
    return area is not None and width is not None and (area.left, area.right) != (1, width)


def planned_headings(plan: SheetPlan) -> tuple[str, ...]:
    """The plan's column titles; none without a table."""
    row = plan.rows[plan.header_row - 1] if plan.header_row else ()
    values = (cell.value if isinstance(cell, Cell) else cell for cell in row)
    return tuple("" if value is None else str(value) for value in values)


def refuse(sheet: str, area: Area, width: int, headings: Headings) -> None:
    """Raises PatchRefused for columns inserted or taken out, and names them.

    Nothing is said where the titles show that nothing moved: they are the plan's (another renderer wrote them
    without noting their number), or only the last ones are gone, which come back.
    """
    found = [headings.found.get(column, "") for column in range(1, area.right + 1)]
    planned = list(headings.planned)
    fewer = area.left == 1 and area.right < width
    if area.left == 1 and planned and found == (planned[: area.right] if fewer else planned):
        return
    if fewer:
        raise _taken_out(sheet, width - area.right, [title for title in planned if title not in found])
    raise _inserted(sheet, _extra(found, planned, area.right - width))


def _extra(found: Sequence[str], planned: Sequence[str], count: int) -> list[str]:
    """The columns that are not ours, as the office sees them: ``H“备注”``; as many as there are, or none."""
    steps = difflib.SequenceMatcher(None, found, planned, autojunk=False).get_opcodes()
    extra = [at for step, first, last, *_ in steps if step != "equal" for at in range(first, last)]
    if len(extra) != count:
        return []
    return [f"{column_letter(at + 1)}“{found[at] or '(无标题)'}”" for at in extra]


def _inserted(sheet: str, extra: Sequence[str]) -> PatchRefused:
    which = f"列 {'、'.join(extra)}" if extra else "列"
    return PatchRefused(
        f"工作表“{sheet}”的系统表格中间插入了{which},重写表格会盖掉它,没有写入。",
        "请把自己的列移到表格右边,或删除插入的列,然后重新运行。",
    )


def _taken_out(sheet: str, count: int, gone: Sequence[str]) -> PatchRefused:
    which = f"列“{'”、“'.join(gone)}”" if len(gone) == count else f" {count} 列"
    return PatchRefused(
        f"工作表“{sheet}”的系统表格被删去了{which},您引用其后各列的公式会错位,没有写入。",
        "若是误删了列,请恢复:撤销删除,或在原处插入同样多的空列(系统会重新填写),然后重新运行。",
    )
