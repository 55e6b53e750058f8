"""图表: charts people look at, live on the cells of 排名, 得分明细 and 失分分析; one unit can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaohe.assess.assessment import Assessment
from kaohe.model import Decided
from kaohe.sheets.chart_canvas import (
    BAR_ROLE,
    BAR_WIDTH,
    CHART_COLUMNS,
    FIGURES,
    FIRST_ROW,
    KEY,
    Block,
    Part,
    Sources,
    breaks,
    laid_out,
)
from kaohe.sheets.chart_chosen import CHOICE, ROW, Chosen, profile_blocks
from kaohe.sheets.chart_losses import loss_blocks
from kaohe.sheets.chart_moves import NOBODY, NOTHING, before, move_blocks
from kaohe.sheets.chart_ranking import ranking_blocks, too_many
from kaohe.sheets.heading import heading
from kaohe.sheets.names import SheetNames
from kaohe.workbooks.grid import Grid, column_letter
from kaohe.workbooks.plan import Cell, CellLike, Choice, Layout, SheetPlan

SEARCHED = 20
"""Rows in which the choice is looked for: the office may have inserted some above it."""
LEAST_BARS = 8
"""Columns of bars laid out from the start: a sheet keeps the columns it was made with."""
ROW_HEIGHT = 18.0
_COLUMN_WIDTH = 7.5
_NOTE = "可改选一个单位看它的得分构成和失分;各图随总表的数变化,图中的数在图的右侧(N 列起)"
_ASKED = "查看单位:"
_MANY = "分组或单位太多,只画每组的前 {most} 家。"
_UNITS = "INDEX(_kaohe.排名.table,2,3):INDEX(_kaohe.排名.table,ROWS(_kaohe.排名.table),3)"
"""The names in 排名, wherever its table ends now."""
_PROMPT = "选择单位,或输入单位名称、代码。只改变本页的两张图,不影响结果。"


def chart_sheet(
    assessment: Assessment,
    names: SheetNames,
    ranking: SheetPlan,
) -> SheetPlan:
    """``ranking``: 排名 as planned in the same run. ``names`` tells which unit is chosen (what stands in the
    cell stays, right or wrong), and the earlier decided results.
    """
    picked = names.chosen
    sources = Sources.of(assessment, names, ranking)
    chosen = Chosen.of(sources, picked)
    ranked = ranking_blocks(sources) if chosen else []
    own = profile_blocks(chosen) if chosen else []
    losses = loss_blocks(sources, names, chosen) if chosen else []
    moves, why = _moves(sources, names.decided)
    placed = laid_out([*ranked, *own, *losses, *moves])
    below = max([FIRST_ROW, *(_bottom(row, part) + 2 for row, part in placed)])
    cells: dict[tuple[int, str], CellLike] = {}
    for _, part in placed:
        cells |= part.cells
    if chosen is not None:
        cells |= chosen.cells().cells
        cells[ROW + 1, "A"] = Cell(_NOTE, "note_line")
        first_own = placed[len(ranked)][0] if len(placed) > len(ranked) else 0
        cells |= _choice_row(chosen, picked, names, first_own)
    cells |= {(below + at, "A"): Cell(text, "note_line") for at, text in enumerate(_told(sources, why))}
    rows = _rows(assessment, cells, below - 1)
    bars = max([LEAST_BARS, *(part.bars for _, part in placed)])
    return SheetPlan(
        key=KEY,
        title=KEY,
        rows=rows,
        roles=(*["plain"] * (CHART_COLUMNS + 1), *(role for _, _, role, _ in FIGURES), *[BAR_ROLE] * bars),
        widths=(
            *[_COLUMN_WIDTH] * CHART_COLUMNS,
            1.5,
            *(width for *_, width in FIGURES),
            *[BAR_WIDTH] * bars,
        ),
        heights=(
            (1, 34.0),
            (2, 20.0),
            (3, 20.0),
            (ROW, 24.0),
            *((row, ROW_HEIGHT) for row in range(ROW + 1, len(rows) + 1)),
        ),
        layout=_layout(assessment, len(rows), chosen is not None),
        charts=tuple(chart for _, part in placed for chart in part.charts),
    )


def read_choice(grid: Grid | None) -> str:
    """What stands in the cell of the choice, found by the words in front of it; '' when there is none."""
    for line in grid.rows[:SEARCHED] if grid is not None else ():
        texts = ["" if value is None else str(value).strip() for value in line[:3]]
        if texts and texts[0] == _ASKED:
            return texts[2] if len(texts) > 2 else ""
    return ""


def _moves(sources: Sources, decided: Sequence[Decided]) -> tuple[list[Block], str]:
    """The block of moves, or why there is none."""
    found = before(sources.assessment, decided)
    if found is None:
        return [], NOTHING
    blocks = move_blocks(sources, found)
    return blocks, "" if blocks else NOBODY


def _told(sources: Sources, why: str) -> list[str]:
    """Lines below the charts: what is not drawn, and why."""
    if not sources.count:
        return ["还没有单位,汇总后画图。"]
    many = _MANY.format(most=34) if too_many(sources) else ""
    return [text for text in (why, many) if text]


def _bottom(row: int, part: Part) -> int:
    """The last row a block takes."""
    ends = [int(chart.anchor.rpartition(":")[2].lstrip("L")) for chart in part.charts]
    return max([row, *ends, *(at for at, _ in part.cells)])


def _choice_row(
    chosen: Chosen, picked: str, names: SheetNames, first_own: int
) -> Mapping[tuple[int, str], CellLike]:
    """The row to choose a unit in; what was typed there stays, right or wrong."""
    link = f"#{names[KEY]}!A{first_own}" if first_own else None
    # Before the first results nobody is first: a name written now would be taken for a choice later.
    ranked = any(row.rank is not None for row in chosen.sources.assessment.standings)
    shown = picked or (chosen.standing.unit.name if ranked else None)
    return {
        (ROW, "A"): Cell(_ASKED, "label"),
        (ROW, "B"): Cell(None, "label"),
        (ROW, "C"): Cell(shown, "input_choice"),
        (ROW, "D"): Cell(None, "input_choice"),
        (ROW, "E"): Cell(None, "input_choice"),
        (ROW, "F"): Cell(chosen.words(), "text_center", chosen.words_formula()),
        **{(ROW, letter): Cell(None, "text_center") for letter in "GHIJ"},
        (ROW, "K"): Cell("看它的图 ↓", "link", link=link) if link else Cell(None, "text"),
        (ROW, "L"): Cell(None, "link" if link else "text"),
    }


def _rows(
    assessment: Assessment, cells: Mapping[tuple[int, str], CellLike], least: int
) -> list[Sequence[CellLike]]:
    """All rows, down to the end of the last chart at least."""
    last = max([least, *(row for row, _ in cells)])
    widest = max((len(letter), letter) for _, letter in cells)[1] if cells else "A"
    letters = [column_letter(at) for at in range(1, 100)]
    letters = letters[: letters.index(widest) + 1]
    rows: list[Sequence[CellLike]] = list(heading(assessment.scores, KEY, CHART_COLUMNS))
    for row in range(len(rows) + 1, last + 1):
        line = [cells.get((row, letter)) for letter in letters]
        while line and line[-1] is None:
            line.pop()
        rows.append(line)
    return rows


def _layout(assessment: Assessment, last: int, choosing: bool) -> Layout:
    right = column_letter(CHART_COLUMNS)
    merges = tuple(f"A{row}:{right}{row}" for row in (1, 2, 3))
    return Layout(
        tab_color="5B9BD5",
        freeze=f"A{ROW + 1}",
        landscape=False,
        print_columns=CHART_COLUMNS + 1,
        breaks=breaks(last),
        merges=(*merges, f"A{ROW}:B{ROW}", f"C{ROW}:E{ROW}", f"F{ROW}:J{ROW}", f"K{ROW}:L{ROW}"),
        choices=(Choice(CHOICE, (f"={_UNITS}",), "查看单位", _PROMPT, strict=False),) if choosing else (),
        footer=f"{assessment.scores.scheme.settings['方案名称']} {KEY}",
    )
