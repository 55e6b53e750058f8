"""The unit chosen on 图表: its row of 排名, and its parts against its group.

All of it are formulas over the choice, so that another unit is seen at once. A choice that is no unit's name
or code counts as the first unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.assess.standing import Standing
from kaohe.model import Part as SchemePart
from kaohe.sheets.chart_canvas import COLORS, LETTERS, TOTAL, Block, Part, Sources, height
from kaohe.sheets.detail_rows import DetailRows
from kaohe.sheets.detail_values import COUNTED, criterion, lookup_key
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.plan import BARS, Cell

Mask = npt.NDArray[np.bool_]
ROW = 4
CHOICE = f"C{ROW}"
"""The cell with the choice: a unit's name or code."""
LEAST_PARTS = 2
_OUTSIDE = "不考核"
LOOKS = ((COLORS[0], ""), (COLORS[2], ""))


@dataclass(frozen=True)
class Chosen:
    """The unit that is chosen, and its cells in the row of the choice."""

    sources: Sources
    standing: Standing
    index: int
    """Its place in the scores."""

    @classmethod
    def of(cls, sources: Sources, picked: str) -> Chosen | None:
        """The unit of that code or name; the first one of 排名 otherwise. None without units."""
        standings = sources.assessment.standings
        if not standings:
            return None
        wanted = picked.strip().lower()
        by_code = (row for row in standings if row.unit.code.lower() == wanted)
        by_name = (row for row in standings if row.unit.name.lower() == wanted)
        found = next(by_code, None) or next(by_name, None) or standings[0]
        codes = [unit.code for unit in sources.assessment.scores.units]
        return cls(sources, found, codes.index(found.unit.code))

    @property
    def code(self) -> str:
        """Its code, as a condition on 单位键 of 得分明细."""
        return f'"{lookup_key("")}"&${LETTERS["code"]}${ROW}'

    @property
    def group(self) -> str:
        """Its group, as a condition on 考核组; also that of having none."""
        return f'"="&${LETTERS["second"]}${ROW}'

    @property
    def peers(self) -> Mask:
        """Who is in its group."""
        units = self.sources.assessment.scores.units
        return np.array([unit.group == self.standing.unit.group for unit in units], dtype=np.bool_)

    def words(self) -> str:
        """Its group, rank and total."""
        unit, places = self.standing.unit, self.sources.places
        rank = UNRANKED_WORDS if self.standing.rank is None else f"第 {self.standing.rank} 名"
        return f"{unit.group}{' ' if unit.group else ''}{rank} 总分 {self.standing.total:.{places}f} 分"

    def cells(self) -> Part:
        """The row of the choice beside the chart: code, place in 排名, name, total, group."""
        drawn, sources, unit = Part(), self.sources, self.standing.unit
        place = f"${LETTERS['order']}${ROW}"
        by_name = f"IFERROR(MATCH(${CHOICE[0]}${ROW},{sources.ranked('C')},0),1)"
        codes = [row.unit.code for row in sources.assessment.standings]
        drawn.put(
            ROW,
            code=Cell(unit.code, formula=f"INDEX({sources.ranked('B')},{place})"),
            order=Cell(
                codes.index(unit.code) + 1,
                formula=f"IFERROR(MATCH(${CHOICE[0]}${ROW},{sources.ranked('B')},0),{by_name})",
            ),
            name=Cell(unit.name, formula=f"INDEX({sources.ranked('C')},{place})"),
            first=Cell(self.standing.total, formula=f"INDEX({sources.ranked(TOTAL)},{place})"),
            second=Cell(unit.group, formula=f'INDEX({sources.ranked("D")},{place})&""'),
            label=Cell(
                "" if self.standing.rank is None else self.standing.rank,
                formula=f"INDEX({sources.ranked('A')},{place})",
            ),
        )
        return drawn

    def words_formula(self) -> str:
        """The same words as a formula over the row of the choice."""
        group, rank, total = (f"${LETTERS[key]}${ROW}" for key in ("second", "label", "first"))
        ranked = f'IF({rank}="","{UNRANKED_WORDS}","第 "&{rank}&" 名")'
        shown = f'" 总分 "&TEXT({total},"{self.sources.shown}")&" 分"'
        return f'{group}&IF({group}="",""," ")&{ranked}&{shown}'


UNRANKED_WORDS = "暂不排名"


def profile_blocks(chosen: Chosen) -> list[Block]:
    """The unit's parts against its group, where there are several."""
    parts = profile_parts(chosen.sources.assessment.scores)
    if len(parts) < LEAST_PARTS:
        return []
    return [Block(height(2 * len(parts)), lambda row: _profile(chosen, parts, row))]


@dataclass(frozen=True)
class ProfilePart:
    """A part of the profile and the indicators in it; ``sums``: conditions that find their rows."""

    name: str
    rows: tuple[IndicatorResult, ...]
    sums: tuple[tuple[str, str], ...]
    """(column of 得分明细, condition), one for each part whose rows are added."""


def profile_parts(scores: Scores) -> tuple[ProfilePart, ...]:
    """The scored parts of the first level; where there are fewer than three, those below them."""
    scheme = scores.scheme
    top = [part for part in scheme.parts if not part.parent and part.kind == terms.PART_SCORED]
    below = [part for part in scheme.parts if part.parent in {part.code for part in top}]
    if len(top) < 3 and len(below) > len(top):
        return tuple(_found(_part_below(scores, part) for part in below))
    return tuple(_found(_part_on_top(scores, part) for part in top))


def _found(parts: Iterable[ProfilePart]) -> Iterator[ProfilePart]:
    return (part for part in parts if part.rows)


def _part_on_top(scores: Scores, part: SchemePart) -> ProfilePart:
    rows = tuple(row for row in scores.counted if scores.scheme.top_part_of(row.indicator) == part)
    return ProfilePart(part.name, rows, (("part_key", criterion(part.code)),))


def _part_below(scores: Scores, part: SchemePart) -> ProfilePart:
    scheme = scores.scheme
    inside = {part.code}
    while more := {row.code for row in scheme.parts if row.parent in inside} - inside:
        inside |= more
    rows = tuple(
        row
        for row in scores.counted
        if (own := scheme.part_of(row.indicator)) is not None and own.code in inside
    )
    named = dict.fromkeys(row.name for row in scheme.parts if row.code in inside)
    return ProfilePart(
        part.name, rows, tuple(("part", '"=' + text.replace('"', '""') + '"') for text in named)
    )


def _profile(chosen: Chosen, parts: Sequence[ProfilePart], row: int) -> Part:
    drawn = Part()
    name = f"${LETTERS['name']}${ROW}"
    title = "各部分得分率(%),与同组比较"
    cell = Cell(f"{chosen.standing.unit.name}{title}", formula=f'{name}&"{title}"')
    drawn.head(row, cell, ("本单位", "同组平均"), name="部分", first="满分", second="得分")
    for number, part in enumerate(parts, start=row + 2):
        _profile_row(chosen, drawn, part, number)
    tall = height(2 * len(parts))
    drawn.chart("profile", BARS, row, len(parts), LOOKS, tall, labels="0.0", axis="得分率(%)")
    return drawn


def _profile_row(chosen: Chosen, drawn: Part, part: ProfilePart, row: int) -> None:
    where = chosen.sources.where
    mine = f"{where.column('unit_key')},{chosen.code}"
    group = f"{where.column('group')},{chosen.group}"
    full, got = (f"{LETTERS[key]}{row}" for key in ("first", "second"))
    only = np.arange(len(chosen.peers)) == chosen.index
    scale = 10**chosen.sources.assessment.scores.places
    own_full, own_got = _summed(part, only, scale)
    drawn.put(
        row,
        name=part.name,
        first=Cell(own_full, formula=_sum_formula(where, part, "weight", mine)),
        second=Cell(own_got, "number2", _sum_formula(where, part, "score", mine)),
        label=Cell(
            f"{part.name} {own_got:.15g}/{own_full:.15g}" if own_full > 0 else f"{part.name} {_OUTSIDE}",
            formula=f'{LETTERS["name"]}{row}&" "&IF({full}>0,{got}&"/"&{full},"{_OUTSIDE}")',
        ),
    )
    all_full, all_got = (_sum_formula(where, part, key, group) for key in ("weight", "score"))
    drawn.put_bars(
        row,
        [
            Cell(_rate(own_full, own_got), formula=f"IF({full}>0,ROUND({got}/{full}*100,1),0)"),
            Cell(
                _rate(*_summed(part, chosen.peers, scale)),
                formula=f"IF({all_full}>0,ROUND({all_got}/{all_full}*100,1),0)",
            ),
        ],
    )


def _sum_formula(where: DetailRows, part: ProfilePart, key: str, who: str) -> str:
    """The sum of a column over the part's rows that count, of the unit or the group."""
    counted = f'{where.column("counted")},"{COUNTED}"'
    sums = [
        f"SUMIFS({where.column(key)},{who},{counted},{where.column(column)},{wanted})"
        for column, wanted in part.sums
    ]
    return f"ROUND({'+'.join(sums)},6)"


def _summed(part: ProfilePart, who: Mask, scale: int) -> tuple[float, float]:
    """(full marks, points) of the part over these units."""
    full = sum(float(row.weight[who & row.applies].sum()) for row in part.rows)
    got = sum(int(row.points[who & row.applies & row.scored].sum()) for row in part.rows) / scale
    return float(round_half_away(full, 6)), float(round_half_away(got, 6))


def _rate(full: float, got: float) -> float:
    return float(round_half_away(got / full * 100, 1)) if full > 0 else 0.0
