"""The three lines above every result table: title, period and state, what the run was made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaohe.assess.scoring import Scores
from kaohe.sheets.row_height import height
from kaohe.workbooks.plan import Cell, CellLike

_HEIGHTS = ((1, 34.0), (2, 20.0), (3, 20.0))
HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
_TITLES_LEAST = 32.0
_UPRIGHT = 130.0
"""Characters an upright page holds at 8 points or more."""
_LONG = 60
WORKING_LISTS = frozenset({"问题清单", "报送情况", "催报"})
"""Sheets of the office's daily work: they hold no result, and a step of 审定 leaves them as they are."""
MOVED = "⚠ 得分明细的行序被改动(排序),得分可能不对;请重新汇总"


def head_heights(titles: Sequence[tuple[str, float]]) -> tuple[tuple[int, float], ...]:
    """Points of the heading's rows and of the row of (column title, width) below them; 0 is hidden."""
    shown = [(title, width) for title, width in titles if width]
    return (*_HEIGHTS, (HEADER_ROW, height(shown, _TITLES_LEAST)))


def landscape(widths: Iterable[float], rows: int) -> bool:
    """Whether a table prints across the page; a narrow and long one takes half the pages upright."""
    return rows <= _LONG or sum(widths) > _UPRIGHT


def heading(
    scores: Scores, title: str, width: int, note: str = "", moved: str = ""
) -> tuple[list[CellLike], ...]:
    """Rows 1–3 of a result sheet; the title spans the table.

    ``moved``: a condition under which the third line warns instead.
    """
    settings = scores.scheme.settings
    notice = str(settings["数据声明"])
    second = f"{scores.period.title}(截至{scores.period.end:%Y-%m-%d})  方案版本 {scores.scheme.version}"
    if title not in WORKING_LISTS:
        second += f"  状态:{scores.stage}"
    third = "。".join(text for text in (notice.rstrip("。"), note) if text)

    def line(text: str, role: str) -> list[CellLike]:
        return [Cell(text or None, role), *([Cell(None, role)] * (width - 1))]

    return (
        line(f"{settings['方案名称']} {title}", "title"),
        line(second, "subtitle"),
        [_third(third, moved), *([Cell(None, "subtitle")] * (width - 1))],
    )


def _third(text: str, moved: str) -> Cell:
    if not moved:
        return Cell(text or None, "subtitle")
    shown = text.replace('"', '""')
    return Cell(text, "subtitle", formula=f'IF({moved},"{MOVED}","{shown}")')
