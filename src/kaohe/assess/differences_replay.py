"""Which change of what moved which score: one kind of change after another is put into the earlier state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.differences import Difference
from kaohe.assess.standing import Standing
from kaohe.model import Scheme, Unit

UNEXPLAINED = "其他"
"""What is left when every kind of change has been put in: files, the program, another period."""
Key = tuple[str, str]


class Results(NamedTuple):
    """The results of a state: standings by unit code, scores (分) by unit and indicator code."""

    standings: Mapping[str, Standing]
    scores: Mapping[Key, float]


Value = float | str | None
_Seen = Callable[[Results], Value]


def results_of(assessment: Assessment | None) -> Results:
    """Of an assessment; nothing without one."""
    if assessment is None:
        return Results({}, {})
    scores = assessment.scores
    scale = 10**scores.places
    found = {
        (unit.code, code): int(row.points[at]) / scale
        for code, row in scores.results.items()
        for at, unit in enumerate(scores.units)
        if row.measured and row.applies[at] and row.scored[at]
    }
    return Results({row.unit.code: row for row in assessment.standings}, found)


@dataclass(frozen=True)
class Step:
    """One kind of change that was put in: what differs in it, and the results with it."""

    kind: str
    differences: tuple[Difference, ...]
    results: Results


@dataclass(frozen=True, slots=True)
class Cause:
    """What one kind of change did: the number (or grade) before it and with it.

    ``differences`` are those that concern the unit (and indicator); ``others``: none does, it came through
    others, as where units are compared.
    """

    kind: str
    before: Value
    after: Value
    differences: tuple[Difference, ...]
    others: bool


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A score of a unit that is another (分; None: none)."""

    unit: Unit
    indicator: str
    before: float | None
    after: float | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit whose total, rank, grade or state is another; None where it has no standing.

    ``causes`` are about the total, ``ranked`` about the rank, ``graded`` about the grade.
    """

    unit: Unit
    before: Standing | None
    after: Standing | None
    causes: tuple[Cause, ...]
    ranked: tuple[Cause, ...]
    graded: tuple[Cause, ...]


@dataclass(frozen=True)
class Attribution:
    """All units and scores that changed, in the order of the later standings and of the scheme."""

    units: tuple[UnitChange, ...]
    scores: tuple[ScoreChange, ...]


def attributed(
    before: Results,
    after: Results,
    steps: Sequence[Step] | None,
    schemes: Sequence[Scheme],
    order: Iterable[str],
) -> Attribution:
    """What changed, and through which of the ``steps`` (in the order they were put in; None: not told apart).

    ``schemes``: those of both sides, in force, the later one last; ``order``: unit codes.
    """
    return _Attributing(before, after, steps, schemes).all(tuple(order))


def _seen(row: Standing | None) -> tuple[object, ...]:
    return () if row is None else (row.total, row.rank, row.grade, row.state, row.unit.group)


class _Attributing:
    def __init__(
        self, before: Results, after: Results, steps: Sequence[Step] | None, schemes: Sequence[Scheme]
    ) -> None:
        self.before, self.after, self.steps = before, after, steps
        self.units = {unit.code: unit for scheme in schemes for unit in scheme.units}
        self.codes = tuple(dict.fromkeys(row.code for s in reversed(schemes) for row in s.indicators))
        self.related = {code: self._related(code, schemes) for code in self.codes}

    def _related(self, code: str, schemes: Sequence[Scheme]) -> frozenset[str]:
        """The indicator and everything its value is made from."""
        found = {code}
        for scheme in schemes:
            row = scheme.indicator_by_code.get(code)
            if row is not None:
                found |= {below.code for below in scheme.below(row)}
                found |= {row.value_from} if row.value_source == terms.SOURCE_BORROWED else set()
        return frozenset(found)

    def all(self, order: Sequence[str]) -> Attribution:
        scores = [self._score(unit, code) for unit in order for code in self.codes]
        units = [self._unit(code) for code in order]
        return Attribution(
            tuple(row for row in units if row is not None), tuple(row for row in scores if row is not None)
        )

    def _score(self, unit: str, code: str) -> ScoreChange | None:
        before, after = self.before.scores.get((unit, code)), self.after.scores.get((unit, code))
        if before == after:
            return None
        causes = self._causes(unit, code, lambda found: found.scores.get((unit, code)))
        return ScoreChange(self.units[unit], code, before, after, causes)

    def _unit(self, code: str) -> UnitChange | None:
        before, after = self.before.standings.get(code), self.after.standings.get(code)
        if _seen(before) == _seen(after):
            return None

        def total(found: Results) -> float | None:
            row = found.standings.get(code)
            return row.total if row else None

        def rank(found: Results) -> float | None:
            row = found.standings.get(code)
            return row.rank if row else None

        def grade(found: Results) -> str | None:
            row = found.standings.get(code)
            return row.grade or None if row else None

        told = (self._causes(code, "", seen) for seen in (total, rank, grade))
        return UnitChange(self.units[code], before, after, *told)

    def _causes(self, unit: str, code: str, number: _Seen) -> tuple[Cause, ...]:
        """The steps at which the number changed, and what is left in the end.

        A number that is lost on the way only, as a rank while weights do not add up yet, is no change.
        """
        if self.steps is None:
            return ()
        found, last, so_far = [], number(self.before), self.before
        for step in self.steps:
            now = number(step.results)
            passing = now is None and None not in (number(self.before), number(self.after))
            if now != last and not passing:
                mine = self._mine(step, unit, code) if code else self._of_unit(step, so_far, unit)
                found.append(Cause(step.kind, last, now, mine, others=not mine))
                last = now
            so_far = step.results
        if last != number(self.after):
            found.append(Cause(UNEXPLAINED, last, number(self.after), (), others=False))
        return tuple(found)

    def _of_unit(self, step: Step, so_far: Results, unit: str) -> tuple[Difference, ...]:
        """Those that concern a score of the unit that changed at the step, or the unit as a whole."""
        found = {row: None for row in self._touching(step, unit) if not row.indicator}
        for code in self.codes:
            if so_far.scores.get((unit, code)) != step.results.scores.get((unit, code)):
                found |= dict.fromkeys(self._mine(step, unit, code))
        return tuple(row for row in step.differences if row in found)

    def _mine(self, step: Step, unit: str, code: str) -> tuple[Difference, ...]:
        """The step's differences that concern an indicator of the unit.

        What holds for all units concerns every score: weights are shared out again among siblings.
        """
        mine = self._touching(step, unit)
        exact = [row for row in mine if row.indicator in self.related[code]]
        whole = [row for row in mine if not row.indicator or (not row.unit and row.of_scheme)]
        return tuple(exact or whole)

    def _touching(self, step: Step, unit: str) -> list[Difference]:
        who = self.units[unit]
        scopes = ("", who.code, who.group, who.unit_class, who.kind)
        return [row for row in step.differences if row.unit in scopes]
