"""What a form must show for values typed into it, as the engine computes it without any workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kaohe import terms
from kaohe.assess.inputs import Answer
from kaohe.assess.scoring import IndicatorResult, Scores, score
from kaohe.model import Period, Scheme

_COMPONENT_WORDS = {terms.ON_SCHEDULE: terms.COMPONENT_MET, terms.BEHIND: terms.COMPONENT_BEHIND}
COUNTED_WORDS = (terms.BLANK, terms.NOT_READ, terms.ON_SCHEDULE, terms.BEHIND)


@dataclass(frozen=True)
class Line:
    """What one row shows; '' where there is no number. ``rate`` is a ratio."""

    rate: float | str
    score: float | str
    state: str


@dataclass(frozen=True)
class Shows:
    """What a form shows: rows by indicator code, how often each state word stands there, the total."""

    lines: Mapping[str, Line]
    counts: Mapping[str, int]
    total: float


@dataclass(frozen=True)
class Engine:
    """The engine asked about one unit, for the indicators that stand on its form."""

    scheme: Scheme
    period: Period
    unit: str
    codes: tuple[str, ...]

    def scores(self, answers: Mapping[str, Answer]) -> Scores:
        """Scores with these answers of the unit (None: something that is no number) and nobody else's."""
        return score(self.scheme, self.period, {code: {self.unit: a} for code, a in answers.items()})

    def shows(self, answers: Mapping[str, Answer]) -> Shows:
        """What the form shows when this is all that was typed."""
        scores = self.scores(answers)
        at = next(number for number, unit in enumerate(scores.units) if unit.code == self.unit)
        rows = {code: scores.results[code] for code in self.codes}
        lines = {code: _line(row, at, scores.places) for code, row in rows.items()}
        states = Counter(line.state for line in lines.values())
        points = sum(int(row.points[at]) for row in rows.values() if row.counted)
        counts = {word: states[word] for word in COUNTED_WORDS}
        return Shows(lines, counts, points / 10**scores.places)


def _line(row: IndicatorResult, at: int, places: int) -> Line:
    state = str(row.state[at])
    if row.component:
        state = _COMPONENT_WORDS.get(state, state)
    rate = float(row.rate[at])
    scored = bool(row.scored[at])
    return Line("" if np.isnan(rate) else rate, int(row.points[at]) / 10**places if scored else "", state)
