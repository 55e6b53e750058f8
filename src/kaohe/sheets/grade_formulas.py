"""等次 in the ranking, live: hidden columns that grade each unit from its rank, and what vetoes make of it.

Every column refers to columns left of it and to the rank, never to itself, so nothing is circular. What the
office decided or registered (a veto's depth, a grade set by decision, a quota in whole units) stands in the
cells and formulas as a value. Excel 2010 functions only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.grade_levels import Level
from kaohe.assess.grading import UNGRADED, Grading, Gradings
from kaohe.workbooks.plan import Cell

Column = tuple[str, str, str, float]
"""Key, title, role, width (0 hides)."""
VISIBLE: tuple[Column, ...] = (("grade", "等次", "text_center", 8), ("place", "定等次序", "rank", 7))


def grade_columns(graded: Gradings) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """(visible, hidden) columns of the ranking; nothing where no unit is under a row of 等次."""
    most = max((len(grading.levels) for grading in graded.by_unit.values()), default=0)
    if not most:
        return (), ()
    steps = ((_taken(number), f"初评{number}", "number", 0.0) for number in range(1, most))
    hidden: tuple[Column, ...] = (
        ("bucket", "等次组", "count", 0.0),
        *steps,
        ("first", "初评等次序", "number", 0.0),
        ("depth", "否决降档", "count", 0.0),
        ("last", "并列末位", "count", 0.0),
        ("final", "定等序", "number", 0.0),
    )
    return VISIBLE, hidden


def _taken(number: int) -> str:
    return f"taken.{number}"


@dataclass(frozen=True)
class GradeFormulas:
    """Formulas over the ranking's rows ``first_row`` to ``last_row``; ``letters`` by column key.

    Needs, besides the columns of :func:`grade_columns`, ``group``, ``rank`` (a number or "") and ``key``, the
    column the least totals of grades look at (``total`` or ``rate``). ``all_in``: 名额边缘=全部进入.
    """

    letters: Mapping[str, str]
    first_row: int
    last_row: int
    key: str
    all_in: bool

    def cells(self, row: int, grading: Grading) -> dict[str, Cell]:
        """All cells of one unit by column key, formulas with their cached values."""
        size = len(grading.levels)
        found = {
            "bucket": Cell(grading.bucket),
            "depth": Cell(grading.depth),
            "last": Cell(int(grading.last)),
            "place": Cell(_or_blank(grading.place), formula=self._place(row)),
        }
        for number in (int(key.split(".")[1]) for key in self.letters if key.startswith("taken.")):
            if number >= size:
                found[_taken(number)] = Cell(None)
                continue
            value = grading.taken[number - 1] if grading.taken else ""
            found[_taken(number)] = Cell(value, formula=self._step(row, number, grading.levels))
        if not size:
            graded = Cell(
                int(UNGRADED) if grading.place is not None else "",
                formula=f'IF({self._at("rank", row)}="","",{UNGRADED:g})',
            )
            return {**found, "first": Cell(None), "final": graded, "grade": Cell(None)}
        return {
            **found,
            "first": Cell(_or_blank(grading.first), formula=self._first(row, size)),
            "final": self._final(row, grading),
            "grade": Cell(grading.grade, formula=self._name(row, grading.levels)),
        }

    def _at(self, key: str, row: int) -> str:
        return f"${self.letters[key]}{row}"

    def _all(self, key: str) -> str:
        letter = self.letters[key]
        return f"${letter}${self.first_row}:${letter}${self.last_row}"

    def _mates(self, row: int) -> str:
        """The units that share quotas with this one, as conditions of COUNTIFS."""
        return f"{self._all('bucket')},{self._at('bucket', row)}"

    def _step(self, row: int, number: int, levels: tuple[Level, ...]) -> str:
        """1: the grade takes the unit; 0.5: a tie across its edge; 0: passed on; "" while provisional."""
        level = levels[number - 1]
        rank = self._at("rank", row)
        open_before = [f"{self._at(_taken(at), row)}=0" for at in range(1, number)]
        tests = [
            *open_before,
            *([] if level.least is None else [f"{self._at(self.key, row)}>={_text(level.least)}"]),
        ]
        taken = self._within(row, number, levels)
        if tests:
            taken = f"IF(AND({','.join(tests)}),{taken},0)"
        return f'IF({rank}="","",{taken})'

    def _within(self, row: int, number: int, levels: tuple[Level, ...]) -> str:
        """Whether there is a place among those that reach the grade."""
        level = levels[number - 1]
        if level.quota is None:
            return "1"
        room = self._room(row, number, levels)
        better = self._reaching(row, number, level, "<")
        if self.all_in:
            return f"IF({better}<{room},1,0)"
        return f"IF({self._reaching(row, number, level, '<=')}<={room},1,IF({better}<{room},0.5,0))"

    def _reaching(self, row: int, number: int, level: Level, sign: str) -> str:
        """How many of those that no better grade took reach this one and rank before (or with) the unit."""
        tests = [self._mates(row), self._all("rank"), f'"{sign}"&{self._at("rank", row)}']
        if level.least is not None:
            tests += [self._all(self.key), f'">={_text(level.least)}"']
        for at in range(1, number):
            tests += [self._all(_taken(at)), "0"]
        return f"COUNTIFS({','.join(tests)})"

    def _room(self, row: int, number: int, levels: tuple[Level, ...]) -> str:
        """Places of a grade, less those that go to units tied out of the grade above."""
        quota = levels[number - 1].quota or 0
        owed = "0" if number == 1 else self._owed(row, number - 1, levels)
        return str(quota) if owed == "0" else f"MAX({quota}-{owed},0)"

    def _owed(self, row: int, number: int, levels: tuple[Level, ...]) -> str:
        """Units tied at the edge of a grade (or above) for whom it has no place."""
        quota = levels[number - 1].quota
        if quota is None or self.all_in:
            return "0"
        column = self._all(_taken(number))
        held = f'COUNTIFS({self._mates(row)},{column},">0")'
        beyond = f"MAX(0,{held}-{self._room(row, number, levels)})"
        above = "0" if number == 1 else self._owed(row, number - 1, levels)
        return beyond if above == "0" else f"({beyond}+MAX(0,{above}-{quota}))"

    def _first(self, row: int, size: int) -> str:
        """The grade before vetoes, from 1 on; n.5 for a tie across the edge of the n-th."""
        text = str(size)
        for number in range(size - 1, 0, -1):
            at = self._at(_taken(number), row)
            text = f"IF({at}=1,{number},IF({at}=0.5,{number}.5,{text}))"
        return f'IF({self._at("rank", row)}="","",{text})'

    def _final(self, row: int, grading: Grading) -> Cell:
        if grading.decided is not None:
            return Cell(_or_blank(grading.final))
        first, depth = self._at("first", row), self._at("depth", row)
        lowered = f"IF({first}<>INT({first}),{first},MIN({first}+{depth},{len(grading.levels)}))"
        return Cell(_or_blank(grading.final), formula=f'IF({first}="","",{lowered})')

    def _name(self, row: int, levels: tuple[Level, ...]) -> str:
        final = self._at("final", row)
        names = ",".join('"' + level.name.replace('"', '""') + '"' for level in levels)
        return f'IF({final}="","",IF({final}<>INT({final}),"{terms.PENDING_GRADE}",CHOOSE({final},{names})))'

    def _place(self, row: int) -> str:
        """Order in the ranking group: by grade, those placed last behind the others, then by rank."""
        group, final, last, rank = (self._all(key) for key in ("group", "final", "last", "rank"))
        mine = {key: self._at(key, row) for key in ("group", "final", "last", "rank")}
        behind = f"({last}<{mine['last']})+({last}={mine['last']})*({rank}<{mine['rank']})"
        before = f"({final}<{mine['final']})+({final}={mine['final']})*({behind})"
        counted = f"SUMPRODUCT(({group}={mine['group']})*ISNUMBER({rank})*({before}))+1"
        return f'IF({mine["rank"]}="","",{counted})'


def _or_blank(value: float | int | None) -> float | int | str:
    return "" if value is None else value


def _text(number: float) -> str:
    return f"{number:.15g}"
