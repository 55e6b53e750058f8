"""Points lost by indicator, the most first: over all units, and of the chosen unit beside its group.

The order is found by formulas, so that it is right for whatever unit is chosen and whatever score changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.assess.standing import points_lost
from kaohe.sheets.chart_canvas import COLORS, LETTERS, Block, Part, Sources, bar_column, height
from kaohe.sheets.chart_chosen import LOOKS, ROW, Chosen
from kaohe.sheets.detail_emit import has_formulas
from kaohe.sheets.detail_values import NOT_COUNTED, lookup_key
from kaohe.sheets.heading import FIRST_ROW
from kaohe.sheets.loss_rows import LOSS
from kaohe.sheets.names import SheetNames
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import BARS, Cell

MOST = 12
LONGEST_NAME = 18
"""Signs of an indicator's name in a chart; a longer one is cut."""
LOSSES = "失分分析"
_LOSS = {title: column_letter(at) for at, (title, *_) in enumerate(LOSS, start=1)}
_ALL_LOOKS = ((COLORS[1], ""),)


class Lost(NamedTuple):
    """An indicator by which points were lost; ``at``: its place among the rows looked through, from 1."""

    at: int
    result: IndicatorResult
    points: float


def loss_blocks(sources: Sources, names: SheetNames, chosen: Chosen) -> list[Block]:
    """The chosen unit's losses, then everybody's; nothing where nothing counts."""
    scores = sources.assessment.scores
    most = min(MOST, len([row for row in scores.counted if row.applies.any()]))
    if not most:
        return []
    return [
        Block(_tall(most), lambda row: _of_chosen(chosen, most, row)),
        Block(height(most), lambda row: _of_all(sources, names, most, row)),
    ]


def _tall(most: int) -> int:
    """Rows of a chart with two thinner bars for each indicator."""
    return height(most * 3 // 2)


def _of_all(sources: Sources, names: SheetNames, most: int, row: int) -> Part:
    drawn = Part()
    scores = sources.assessment.scores
    shown = [result for result in scores.counted if result.applies.any()]
    last = FIRST_ROW + len(shown) - 1

    def column(title: str) -> str:
        return f"{names[LOSSES]}!${_LOSS[title]}${FIRST_ROW}:${_LOSS[title]}${last}"

    lost = [Lost(at, result, _mean(result, scores)) for at, result in enumerate(shown, start=1)]
    drawn.head(
        row,
        Cell("失分最多的指标(全部单位,平均每单位失分,分)"),
        ("平均失分",),
        code="指标代码",
        order="第几行",
        name="指标",
    )
    area, found = column("平均失分"), _most(lost, most)
    for number in range(most):
        at = row + 2 + number
        value, order = f"{bar_column(0)}{at}", f"{LETTERS['order']}{at}"
        item = found[number] if number < len(found) else None
        place = _place(area, number, at, f"ROWS({area})", "0")
        drawn.put_bars(at, [Cell(item.points if item else "", formula=_largest(area, number + 1))])
        drawn.put(
            at,
            order=Cell(item.at if item else "", formula=f'IF({value}="","",{place})'),
            code=_looked_up(item and item.result.indicator.code, value, column("指标代码"), order),
            name=_looked_up(item and item.result.indicator.name, value, column("指标"), order),
            label=_label(item, at, value),
        )
    drawn.chart("losses", BARS, row, most, _ALL_LOOKS)
    return drawn


def _of_chosen(chosen: Chosen, most: int, row: int) -> Part:
    drawn = Part()
    where = chosen.sources.where
    name = f"${LETTERS['name']}${ROW}"
    title = "失分最多的指标(分)"
    drawn.head(
        row,
        Cell(f"{chosen.standing.unit.name}{title}", formula=f'{name}&"{title}"'),
        ("本单位", "同组平均"),
        code="指标代码",
        order="第几行",
        name="指标",
    )
    first, size = (f"${LETTERS[key]}${row}" for key in ("order", "first"))
    lost, unit = where.column("lost"), where.column("unit_key")
    place = where.units.index(chosen.standing.unit)
    start = where.first_row(place) - where.first_row(0) + 1
    drawn.put(
        row,
        order=Cell(start, formula=f"IFERROR(MATCH({chosen.code},{unit},0),1)"),
        first=Cell(len(where.lines[place]), "count", f"MAX(COUNTIF({unit},{chosen.code}),1)"),
    )
    area = f"INDEX({lost},{first}):INDEX({lost},{first}+{size}-1)"
    found = _most(_of_unit(chosen), most)
    for number in range(most):
        _chosen_row(chosen, drawn, found[number] if number < len(found) else None, (row, number), area)
    drawn.chart("own_losses", BARS, row, most, LOOKS, _tall(most), labels="0.00;-0.00;")
    return drawn


def _chosen_row(chosen: Chosen, drawn: Part, item: Lost | None, at: tuple[int, int], area: str) -> None:
    """The chosen unit's n-th largest loss; ``at``: (first row of the block, n from 0)."""
    top, number = at
    row = top + 2 + number
    where = chosen.sources.where
    first, size = (f"${LETTERS[key]}${top}" for key in ("order", "first"))
    value, order, code = f"{bar_column(0)}{row}", f"{LETTERS['order']}{row}", f"{LETTERS['code']}{row}"
    lost = where.column("lost")
    place = _place(area, number, row, f"{first}+{size}-1", f"{first}-1", lost)
    same = f'{where.column("indicator_key")},"{lookup_key("")}"&{code},{where.column("group")},{chosen.group}'
    share = (
        f'ROUND(SUMIFS({lost},{same})/MAX(COUNTIFS({same},{where.column("counted")},"<>{NOT_COUNTED}"),1),2)'
    )
    mean = _mean_of_group(chosen, item.result) if item else ""
    drawn.put_bars(
        row,
        [
            Cell(item.points if item else "", formula=_largest(area, number + 1)),
            Cell(mean, formula=f'IF({value}="","",{share})'),
        ],
    )
    drawn.put(
        row,
        order=Cell(item.at if item else "", formula=f'IF({value}="","",{place})'),
        code=_looked_up(item and item.result.indicator.code, value, where.column("code"), order),
        name=_looked_up(item and item.result.indicator.name, value, where.column("name"), order),
        label=_label(item, row, value),
    )


def _of_unit(chosen: Chosen) -> list[Lost]:
    """What the unit lost by each indicator, in the order of its rows of 得分明细."""
    scores, where = chosen.sources.assessment.scores, chosen.sources.where
    place = where.units.index(chosen.standing.unit)
    start = where.first_row(place) - where.first_row(0) + 1
    found = []
    for offset, at in enumerate(where.lines[place]):
        result = scores.results[where.order[at].code]
        if result.counted and has_formulas(result) and result.scored[chosen.index]:
            points = int(points_lost(result, scores.places)[chosen.index]) / 10**scores.places
            found.append(Lost(start + offset, result, points))
    return found


def _most(lost: Sequence[Lost], most: int) -> list[Lost]:
    """The largest losses above 0, the first row first among equals."""
    return sorted((item for item in lost if item.points > 0), key=lambda item: -item.points)[:most]


def _mean(result: IndicatorResult, scores: Scores) -> float:
    """As 失分分析 has it."""
    size = int(result.applies.sum())
    points = int(points_lost(result, scores.places).sum())
    return float(round_half_away(points / 10**scores.places / size, 2)) if size else 0.0


def _mean_of_group(chosen: Chosen, result: IndicatorResult) -> float:
    scores = chosen.sources.assessment.scores
    inside = chosen.peers & result.applies
    points = int(points_lost(result, scores.places)[inside].sum()) / 10**scores.places
    return float(round_half_away(points / max(int(inside.sum()), 1), 2))


def _largest(area: str, number: int) -> str:
    """The n-th largest loss of the range; blank when there are not so many above 0."""
    return f'IF(COUNTIF({area},">0")<{number},"",LARGE({area},{number}))'


def _place(area: str, number: int, row: int, last: str, before: str, column: str = "") -> str:
    """Where in the column the row's loss stands; of equal ones the next below the one above.

    ``last``: place of the range's last cell, ``before``: that of the cell in front of its first.
    """
    value, above = f"{bar_column(0)}{row}", f"{bar_column(0)}{row - 1}"
    found = f"{before}+MATCH({value},{area},0)" if before != "0" else f"MATCH({value},{area},0)"
    if not number:
        return found
    whole, order = column or area, f"{LETTERS['order']}{row - 1}"
    rest = f"INDEX({whole},{order}+1):INDEX({whole},{last})"
    return f"IF({value}={above},{order}+MATCH({value},{rest},0),{found})"


def _looked_up(text: str | None, value: str, column: str, order: str) -> Cell:
    return Cell(text or "", formula=f'IF({value}="","",INDEX({column},{order}))')


def _label(item: Lost | None, row: int, value: str) -> Cell:
    """The indicator's name, cut when it is long, with the points."""
    name = f"{LETTERS['name']}{row}"
    short = f'IF(LEN({name})>{LONGEST_NAME},LEFT({name},{LONGEST_NAME - 1})&"…",{name})'
    text = ""
    if item is not None:
        called = item.result.indicator.name
        cut = called if len(called) <= LONGEST_NAME else f"{called[: LONGEST_NAME - 1]}…"
        text = f"{cut} {float(round_half_away(item.points, 2)):.2f}"
    return Cell(text, formula=f'IF({value}="","",{short}&" "&TEXT({value},"0.00"))')
