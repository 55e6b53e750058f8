"""The paper 图表 is drawn on: charts in blocks one below the other, each with its figures beside it.

Charts cover the columns A to L, which are printed; their figures stand from column N on. A block never goes
over the edge of a page: pages have a fixed number of rows, and where the rest is too short a new one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe import settings
from kaohe.assess.assessment import Assessment
from kaohe.sheets.detail_rows import DetailRows
from kaohe.sheets.names import SheetNames
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike, Chart, Series, SheetPlan

KEY = "图表"
RANKING = "排名"
TOTAL = "E"
"""Letter of 总分 in 排名, behind rank, code, name and group."""
CHART_COLUMNS = 12
FIRST_ROW = 6
PAGE, FIRST_PAGE = 44, 42
"""Rows of a page; the first one has the heading on it, on the others the first row stays free."""
LEAST, MOST_BARS = 12, 34
"""Rows of the smallest chart, and bars of the largest: one row each."""
_BESIDE = 3
"""Rows of a chart that its title, the legend and the edges take."""

FIGURES: tuple[tuple[str, str, str, float], ...] = (
    ("code", "代码", "text_grey", 9),
    ("order", "次序", "count", 8),
    ("name", "名称", "text", 16),
    ("first", "数一", "number2", 9),
    ("second", "数二", "text_center", 10),
    ("label", "图中名称", "text", 30),
)
"""(key, what it is, role, width) of the columns from N on; behind them one column for each row of bars."""
_START = CHART_COLUMNS + 2
LETTERS = {key: column_letter(_START + at) for at, (key, *_) in enumerate(FIGURES)}
BARS_FROM = _START + len(FIGURES)
BAR_ROLE, BAR_WIDTH = "points_lost", 10.0
COLORS = ("2F5D50", "6C9EC8", "C9DCEB", "F1D9A7", "E3B7A0", "D98E7E")
"""Fills from the darkest, in the order of the grades; told apart in grey by lightness."""
HATCHED = "7F7F7F"


def bar_column(number: int) -> str:
    """Letter of the column of the n-th row of bars (from 0)."""
    return column_letter(BARS_FROM + number)


@dataclass(frozen=True)
class Sources:
    """Where the figures come from: 排名 and 得分明细 as they stand in the same workbook."""

    assessment: Assessment
    where: DetailRows
    sheet: str
    ranking: str
    """Quoted name of 排名."""
    state: str
    """Letter of its column 结果."""
    grade: str
    """Letter of its column 等次; '' where there are no grades."""
    count: int

    @classmethod
    def of(cls, assessment: Assessment, names: SheetNames, ranking: SheetPlan) -> Sources:
        """The sources for a ranking that was just planned."""
        head = ranking.rows[ranking.header_row - 1]
        found = [cell.value if isinstance(cell, Cell) else cell for cell in head]
        where = DetailRows.of(assessment, names)
        graded = any(grading.levels for grading in assessment.gradings.by_unit.values())
        return cls(
            assessment=assessment,
            where=where,
            sheet=names[KEY],
            ranking=names[RANKING],
            # A part may be called like a column: 等次 stands in front of the parts, 结果 behind them.
            state=column_letter(len(found) - found[::-1].index("结果")),
            grade=column_letter(found.index("等次") + 1) if graded else "",
            count=len(assessment.standings),
        )

    def ranked(self, letter: str) -> str:
        """A column of 排名 as an absolute reference."""
        return f"{self.ranking}!${letter}$5:${letter}${4 + max(self.count, 1)}"

    @property
    def places(self) -> int:
        """Places of a total."""
        return settings.places(self.assessment.scores.scheme.settings, "总分")

    @property
    def shown(self) -> str:
        """Number format of a total in a text."""
        return "0." + "0" * self.places if self.places else "0"


@dataclass
class Part:
    """What one block puts on the sheet: cells by (row, column letter), and at most one chart."""

    cells: dict[tuple[int, str], CellLike] = field(default_factory=dict)
    charts: list[Chart] = field(default_factory=list)
    bars: int = 0
    """Columns of bars in use."""

    def put(self, row: int, **cells: CellLike) -> None:
        """Cells of a row by the keys of FIGURES."""
        for key, cell in cells.items():
            self.cells[row, LETTERS[key]] = cell

    def put_bars(self, row: int, cells: Iterable[CellLike]) -> None:
        """The values of the rows of bars."""
        for number, cell in enumerate(cells):
            self.cells[row, bar_column(number)] = cell
            self.bars = max(self.bars, number + 1)

    def head(self, row: int, title: Cell, bars: Sequence[str], **headings: str) -> None:
        """The two rows above a block's figures: the chart's title; the headings and the names of the bars."""
        self.put(row, label=title)
        self.put(row + 1, **{key: Cell(text, "header") for key, text in headings.items()})
        self.put_bars(row + 1, [Cell(text, "header") for text in bars])

    def chart(
        self,
        key: str,
        kind: str,
        row: int,
        count: int,
        looks: Sequence[tuple[str, str]],
        rows: int = 0,
        **more: str,
    ) -> None:
        """A chart at ``row`` over ``count`` rows of figures; ``looks``: (colour, pattern) of the bars.

        ``rows``: how many rows it covers; 0: as many as so many bars need.
        """
        first, last = row + 2, row + 1 + count
        series = tuple(
            Series(
                f"{bar_column(n)}{row + 1}",
                f"{bar_column(n)}{first}:{bar_column(n)}{last}",
                color,
                pattern,
            )
            for n, (color, pattern) in enumerate(looks)
        )
        label = LETTERS["label"]
        self.charts.append(
            Chart(
                key=key,
                kind=kind,
                title=f"{label}{row}",
                categories=f"{label}{first}:{label}{last}",
                series=series,
                anchor=f"A{row}:{column_letter(CHART_COLUMNS)}{row + (rows or height(count)) - 1}",
                **more,
            )
        )


class Block(NamedTuple):
    """A block that takes so many rows; ``draw`` makes it for the row it begins at."""

    rows: int
    draw: Callable[[int], Part]


def laid_out(blocks: Iterable[Block]) -> list[tuple[int, Part]]:
    """Every block with its first row: below the one before, or on the next page where that is too short."""
    found = []
    row = FIRST_ROW
    for block in blocks:
        if row + block.rows - 1 > page_end(row):
            row = page_end(row) + 1
        if page_end(row - 1) < row:
            row += 1
        found.append((row, block.draw(row)))
        row += block.rows + 1
    return found


def height(count: int) -> int:
    """Rows of a chart with so many bars (or groups of them)."""
    return max(LEAST, count + _BESIDE)


def page_end(row: int) -> int:
    """The last row of the page the row stands on."""
    return FIRST_PAGE + max(0, -((FIRST_PAGE - row) // PAGE)) * PAGE


def breaks(last: int) -> tuple[int, ...]:
    """Rows behind which a page ends, also further down: the sheet may grow."""
    return tuple(range(FIRST_PAGE, max(last, 1_000), PAGE))
