"""Why units with the same total have different ranks: with whom, and what decided (并列再比, 排名取数)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kaohe import settings
from kaohe.assess.grading import named
from kaohe.assess.standing import EXACT_PLACES, Standing, tie_breakers
from kaohe.model import Scheme

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Parted:
    """A unit and its neighbour in rank with the same total (or rate), parted by something else.

    ``same`` are what was compared before and is equal, ``what`` decided; ``mine``, ``theirs``: its figures as
    they are written, in points (percent where rates are ranked). ``before``: the unit stands before them.
    """

    others: tuple[str, ...]
    alike: str
    same: tuple[str, ...]
    what: str
    mine: str
    theirs: str
    before: bool

    def words(self) -> str:
        """与市统计局同分,社会评议 22.94<23.09."""
        equal = f"{'、'.join(self.same)}相同," if self.same else ""
        sign = ">" if self.before else "<"
        figures = f"{self.what} {self.mine}{sign}{self.theirs}"
        return f"与{named(self.others, MOST_NAMED)}{self.alike},{equal}{figures}"

    def closed_words(self) -> str:
        """The same for a reader to whom others' scores are not open: neither names nor figures of others."""
        side = "前" if self.before else "后"
        return f"有其他考核对象与本单位{self.alike},比{self.what},本单位在{side}"


@dataclass(frozen=True, slots=True)
class _Compared:
    """One thing ranks look at: its name and the figure of a unit, as it is and as it is written."""

    name: str
    key: str
    places: int

    def of(self, row: Standing) -> float:
        if self.key in ("total", "rate", "exact"):
            return float(getattr(row, self.key))
        return row.parts.get(self.key, 0.0)

    def written(self, row: Standing) -> str:
        text = f"{self.of(row):.{self.places}f}"
        return text.rstrip("0").rstrip(".") if self.key == "exact" else text


def parted(scheme: Scheme, standings: Sequence[Standing]) -> Mapping[str, tuple[Parted, ...]]:
    """Unit code → what parts it from those next to it with the same total; units without are left out."""
    by_rate = scheme.settings["排名依据"] == settings.RANK_BY_RATE
    shown = "rate" if by_rate else "total"
    alike = "得分率相同" if by_rate else "同分"
    compared = _compared(scheme, by_rate)
    found: dict[str, tuple[Parted, ...]] = {}
    for run in _runs(standings, shown):
        ranks = [list(rows) for _, rows in groupby(run, key=lambda row: row.rank)]
        for at, rows in enumerate(ranks):
            near = [(ranks[at - 1], False)] if at else []
            near += [(ranks[at + 1], True)] if at + 1 < len(ranks) else []
            for row in rows:
                told = (_parted(compared, alike, row, others, before) for others, before in near)
                found[row.unit.code] = tuple(one for one in told if one is not None)
    return {code: told for code, told in found.items() if told}


def _runs(standings: Iterable[Standing], shown: str) -> Iterator[list[Standing]]:
    """Those of one group with the same figure, in the order of rank."""
    ranked = [row for row in standings if row.rank is not None]
    found: dict[tuple[str, float], list[Standing]] = {}
    for row in ranked:
        found.setdefault((row.unit.group, float(getattr(row, shown))), []).append(row)
    for run in found.values():
        if len(run) > 1:
            yield sorted(run, key=lambda row: (row.rank or 0, row.unit.code))


def _compared(scheme: Scheme, by_rate: bool) -> tuple[_Compared, ...]:
    """What is looked at after the figure that is the same, in order."""
    places = settings.places(scheme.settings, "部分")
    exact = scheme.settings["排名取数"] == settings.RANK_EXACT
    first = (_Compared(f"舍入前{'得分率' if by_rate else '总分'}", "exact", EXACT_PLACES),) if exact else ()
    rest = (_Compared(scheme.part_by_code[code].name, code, places) for code in tie_breakers(scheme))
    return (*first, *rest)


def _parted(
    compared: Sequence[_Compared], alike: str, row: Standing, others: Sequence[Standing], before: bool
) -> Parted | None:
    """The first thing that differs; None where nothing we know of does (a decided order)."""
    same: list[str] = []
    names = tuple(other.unit.name for other in others)
    for one in compared:
        if one.of(row) != one.of(others[0]):
            return Parted(
                names, alike, tuple(same), one.name, one.written(row), one.written(others[0]), before
            )
        same.append(one.name)
    return None
