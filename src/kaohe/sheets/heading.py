"""The three lines above every result table: title, period and state, what the run was made from."""

from __future__ import annotations

from kaohe.assess.scoring import Scores
from kaohe.workbooks.plan import Cell, CellLike

HEAD_HEIGHTS = ((1, 34.0), (2, 20.0), (3, 20.0), (4, 32.0))
"""Points of the heading's rows and of the column titles below them."""


def heading(scores: Scores, title: str, width: int, note: str = "") -> tuple[list[CellLike], ...]:
    """Rows 1–3 of a result sheet; the title spans the table."""
    settings = scores.scheme.settings
    notice = str(settings["数据声明"])
    second = f"{scores.period.title}(截至{scores.period.end:%Y-%m-%d})  方案版本 {scores.scheme.version}"
    third = "  ".join(text for text in (notice, note) if text)

    def line(text: str, role: str) -> list[CellLike]:
        return [Cell(text or None, role), *([Cell(None, role)] * (width - 1))]

    return (
        line(f"{settings['方案名称']} {title}", "title"),
        line(second, "subtitle"),
        line(third, "subtitle"),
    )
