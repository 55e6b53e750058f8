"""Who moved up and down since the last period: from 定稿登记, or else from last year's rows of 历史."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.history import read_history
from kaohe.assess.standing import Standing
from kaohe.model import Decided, Period
from kaohe.periods import PeriodError, parse_period
from kaohe.sheets.chart_canvas import COLORS, LETTERS, MOST_BARS, Block, Part, Sources, height
from kaohe.workbooks.plan import STACKED_BARS, Cell

NOTHING = "名次变化图:没有上一期的名次(《定稿登记》里没有更早的期次,《历史》里没有上一年的名次),未画。"
NOBODY = "名次变化图:上一期的名次都不属于本期同组的单位,未画。"
_LOOKS = ((COLORS[0], ""), (COLORS[4], "wide_upward_diagonal"))


@dataclass(frozen=True)
class Before:
    """An earlier period: its title, and ranks (in the group of then) by the code of today's unit."""

    title: str
    ranks: Mapping[str, tuple[str, int]]
    """Code → (group, rank)."""


def before(assessment: Assessment, decided: Sequence[Decided]) -> Before | None:
    """The last decided period before this one, as its last step left it; else last year's 历史; else None."""
    period = assessment.scores.period
    earlier = [(found, row) for row in decided if (found := _earlier(row.period, period)) is not None]
    if earlier:
        last = max((found for found, _ in earlier), key=lambda found: found.end)
        rows = {row.unit: row for found, row in earlier if found.code == last.code}
        ranks = {row.unit: (row.group, row.rank) for row in rows.values() if row.rank is not None}
        return Before(last.title, ranks)
    return _last_year(assessment)


def _earlier(code: str, now: Period) -> Period | None:
    try:
        found = parse_period(code)
    except PeriodError:
        return None
    return found if found.end < now.end else None


def _last_year(assessment: Assessment) -> Before | None:
    """Ranks of last year's totals; a merged unit has several predecessors and so no rank of its own."""
    ledger, year = assessment.ledger, assessment.scores.period.year - 1
    history, _ = read_history(assessment.scores.scheme, ledger.history, ledger.successions)
    ranks = {}
    for unit in assessment.scores.units:
        past = history.of(unit.code, year)
        rank = past[0].result.rank if len(past) == 1 else None
        if rank is not None and rank == int(rank):
            ranks[unit.code] = (past[0].result.group, int(rank))
    return Before(f"{year}年", ranks) if ranks else None


def moved(assessment: Assessment, found: Before) -> list[tuple[Standing, int]]:
    """(unit, its rank then) of those ranked in the same group both times; the risers first."""
    rows = [
        (row, found.ranks[row.unit.code][1])
        for row in assessment.standings
        if row.rank is not None
        and row.state == terms.VALID
        and row.unit.code in found.ranks
        and found.ranks[row.unit.code][0] in ("", row.unit.group)
    ]
    return sorted(rows, key=lambda pair: (pair[0].rank or 0) - pair[1])


def move_blocks(sources: Sources, found: Before) -> list[Block]:
    """One block; of very many units the largest moves up and down."""
    rows = moved(sources.assessment, found)
    if not rows:
        return []
    left_out = len(rows) > MOST_BARS
    if left_out:
        rows = [*rows[: MOST_BARS // 2], *rows[-MOST_BARS // 2 :]]
    few = f",升降最大的 {MOST_BARS} 家" if left_out else ""
    title = f"与{found.title}相比的名次变化(位,组内{few})"
    return [Block(height(len(rows)), lambda row: _draw(sources, rows, title, row))]


def _draw(sources: Sources, rows: Sequence[tuple[Standing, int]], title: str, row: int) -> Part:
    drawn = Part()
    drawn.head(
        row,
        Cell(title),
        ("上升", "下降"),
        code="代码",
        order="上期",
        name="单位",
        first="本期",
        second="变化",
    )
    for number, (standing, then) in enumerate(rows, start=row + 2):
        old, name, new, change = (f"{LETTERS[key]}{number}" for key in ("order", "name", "first", "second"))
        found = f"MATCH(${LETTERS['code']}{number},{sources.ranked('B')},0)"
        now = standing.rank or 0
        drawn.put(
            number,
            code=standing.unit.code,
            order=then,
            name=Cell(standing.unit.name, formula=f"INDEX({sources.ranked('C')},{found})"),
            first=Cell(now, "count", f"INDEX({sources.ranked('A')},{found})"),
            second=Cell(then - now, "count", f'IF({new}="",0,{old}-{new})'),
            label=Cell(
                f"{standing.unit.name} {then}→{now}", formula=f'{name}&" "&{old}&"→"&IF({new}="","—",{new})'
            ),
        )
        drawn.put_bars(
            number,
            [
                Cell(max(then - now, 0), "count", f"MAX({change},0)"),
                Cell(min(then - now, 0), "count", f"MIN({change},0)"),
            ],
        )
    drawn.chart("moves", STACKED_BARS, row, len(rows), _LOOKS)
    return drawn
