"""Bars of the totals, group by group, in the colours of the grades."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.standing import Standing
from kaohe.sheets.chart_canvas import (
    COLORS,
    HATCHED,
    LETTERS,
    MOST_BARS,
    TOTAL,
    Block,
    Part,
    Sources,
    height,
)
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.plan import STACKED_BARS, Cell

MOST_CHARTS = 30
"""More groups, or parts of large groups, than so many are not drawn: nobody would turn the pages."""
ALL, UNGRADED, UNRANKED = "总分", "未定等次", "暂不排名"
_FAR = "1000000000"
"""More than any total."""
_HATCH = "wide_upward_diagonal"
_LOWEST = "不"
"""How the name of a grade begins that says not (不合格, 不称职)."""


@dataclass(frozen=True)
class _Slice:
    """Units of one group that stand in one chart; ``start`` is the place of the first one in its group."""

    group: str
    members: Sequence[Standing]
    start: int
    whole: bool
    states: tuple[str, ...]

    @property
    def key(self) -> str:
        """The chart's key: the same for the same group, wherever it stands."""
        return f"rank_{hashlib.sha256(self.group.encode()).hexdigest()[:10]}_{self.start // MOST_BARS + 1}"

    @property
    def title(self) -> str:
        """The group and the places, as the chart's title says them."""
        end = self.start + len(self.members)
        part = "" if self.whole else f"(第{self.start + 1}–{end}家)"
        return f"{self.group}总分排名{part}"


def ranking_blocks(sources: Sources) -> list[Block]:
    """A block for each group, several for a large one."""
    slices = list(_slices(sources))
    if len(slices) > MOST_CHARTS:
        slices = [part for part in slices if not part.start][:MOST_CHARTS]
    return [_block(sources, part) for part in slices]


def too_many(sources: Sources) -> bool:
    """Whether some places are not drawn."""
    return len(list(_slices(sources))) > MOST_CHARTS


def _block(sources: Sources, part: _Slice) -> Block:
    return Block(height(len(part.members)), lambda row: _draw(sources, part, row))


def _slices(sources: Sources) -> Iterator[_Slice]:
    groups: dict[str, list[Standing]] = {}
    for standing in sources.assessment.standings:
        groups.setdefault(standing.unit.group, []).append(standing)
    for group, members in groups.items():
        states = _states(sources, members)
        for start in range(0, len(members), MOST_BARS):
            whole = len(members) <= MOST_BARS
            yield _Slice(group, members[start : start + MOST_BARS], start, whole, states)


def _states(sources: Sources, members: Sequence[Standing]) -> tuple[str, ...]:
    """The rows of bars of a group: its grades, best first, and what has none; or all totals alike."""
    if not sources.grade:
        return ALL, UNRANKED
    by_unit = sources.assessment.gradings.by_unit
    levels = [level.name for row in members for level in by_unit[row.unit.code].levels]
    decided = [row.grade or UNGRADED for row in members if row.state == terms.VALID]
    return (*dict.fromkeys((*levels, *decided)), UNRANKED)


def _look(state: str, number: int) -> tuple[str, str]:
    """(colour, pattern) of a row of bars."""
    if state in (UNGRADED, UNRANKED, terms.PENDING_GRADE):
        return HATCHED, _HATCH if state == UNRANKED else "percent_20"
    if state.startswith(_LOWEST):
        return "C0504D", "dark_downward_diagonal"
    return COLORS[1 if state == ALL else number % len(COLORS)], ""


def _draw(sources: Sources, part: _Slice, row: int) -> Part:
    drawn = Part()
    first, last = row + 2, row + 1 + len(part.members)
    ranked = [standing.total for standing in part.members if standing.state == terms.VALID]
    base = _base(ranked or [standing.total for standing in part.members])
    total, second = (f"${LETTERS[key]}${first}:${LETTERS[key]}${last}" for key in ("first", "second"))
    start = f"${LETTERS['first']}${row}"
    title = Cell(_title(part.title, base), formula=f'"{_quoted(part.title)}(分"&{_from(start)}&")"')
    drawn.head(row, title, part.states, code="代码", order="名次", name="单位", first="总分", second="结果")
    drawn.put(row, first=Cell(base, formula=_base_formula(total, second)))
    for number, standing in enumerate(part.members, start=first):
        _unit(sources, drawn, part, standing, number, row, base)
    looks = [_look(state, number) for number, state in enumerate(part.states)]
    drawn.chart(part.key, STACKED_BARS, row, len(part.members), looks)
    return drawn


def _unit(
    sources: Sources, drawn: Part, part: _Slice, standing: Standing, row: int, top: int, base: float
) -> None:
    """One unit's row: what 排名 shows of it, found by its code, and the bar in the column of its grade."""
    found = f"MATCH(${LETTERS['code']}{row},{sources.ranked('B')},0)"
    state = _state(standing, part.states)
    rank, name, total, second = (f"{LETTERS[key]}{row}" for key in ("order", "name", "first", "second"))
    shown = f"{standing.total:.{sources.places}f}"
    place = "—" if standing.rank is None else str(standing.rank)
    drawn.put(
        row,
        code=standing.unit.code,
        order=Cell(standing.rank or "", formula=_taken(sources, "A", found)),
        name=Cell(standing.unit.name, formula=_taken(sources, "C", found)),
        first=Cell(standing.total, formula=_taken(sources, TOTAL, found)),
        second=Cell(state, formula=_state_formula(sources, found)),
        label=Cell(
            f"{place} {standing.unit.name} {shown}",
            formula=f'IF({rank}="","—",{rank})&" "&{name}&" "&TEXT({total},"{sources.shown}")',
        ),
    )
    beyond = float(round_half_away(max(standing.total - base, 0.0), 6))
    rest = f"ROUND(MAX({total}-${LETTERS['first']}${top},0),6)"
    drawn.put_bars(
        row,
        [
            Cell(beyond if state == name else 0.0, formula=f'IF({second}="{_quoted(name)}",{rest},0)')
            for name in part.states
        ],
    )


def _taken(sources: Sources, letter: str, found: str) -> str:
    return f"INDEX({sources.ranked(letter)},{found})"


def _state(standing: Standing, states: Sequence[str]) -> str:
    """The row of bars a unit stands in."""
    if standing.state != terms.VALID:
        return UNRANKED
    return ALL if ALL in states else standing.grade or UNGRADED


def _state_formula(sources: Sources, found: str) -> str:
    valid = f'{_taken(sources, sources.state, found)}="{terms.VALID}"'
    if not sources.grade:
        return f'IF({valid},"{ALL}","{UNRANKED}")'
    grade = _taken(sources, sources.grade, found)
    return f'IF({valid},IF({grade}="","{UNGRADED}",{grade}),"{UNRANKED}")'


def _base(totals: Sequence[float]) -> float:
    """Where the bars begin: 0, or higher where the totals differ little beside their size.

    A provisional total, of which half the figures may be missing, does not draw the others together: it has a
    short bar or none, and its figure in words.
    """
    low, high = min(totals), max(totals)
    if low == high:
        return min(0.0, low)
    return min(low, max(0.0, math.floor(float(round_half_away(low - (high - low) / 2, 6)))))


def _base_formula(total: str, second: str) -> str:
    open_ones = f'({second}="{UNRANKED}")'
    # SUMPRODUCT reckons over whole columns in every program, also where MINIFS is not known.
    none = f'COUNTIF({second},"{UNRANKED}")=ROWS({second})'
    low = f"IF({none},MIN({total}),SUMPRODUCT(MIN({total}+{_FAR}*{open_ones})))"
    high = f"IF({none},MAX({total}),SUMPRODUCT(MAX({total}-{_FAR}*{open_ones})))"
    near = f"MIN({low},MAX(0,INT(ROUND({low}-({high}-{low})/2,6))))"
    return f"IF({low}={high},MIN(0,{low}),{near})"


def _title(text: str, base: float) -> str:
    return f"{text}(分{f',横条自{base:.15g}分画起' if base else ''})"


def _from(start: str) -> str:
    return f'IF({start}=0,"",",横条自"&{start}&"分画起")'


def _quoted(text: str) -> str:
    return text.replace('"', '""')
