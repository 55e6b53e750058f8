"""What follows from the results: every row of 结果规则 and whom it lists (WXD5, WXZ3, WXJ7, XN3).

The product proposes and lists; it never decides. What touches a person is only ever listed as 提请研究.

Declared, because no document settles it: a scope inside one ranking group goes by the final places, one over
several groups by the total or the rate, whichever ranks (排名依据), those placed last by a veto behind all
others; a unit with a provisional result is never listed by its total, and whoever is listed beside it is told
so; a condition over years must hold for every indicator named, in every year, and for a merged unit in all
its predecessors' results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaohe import settings, terms
from kaohe.assess.grading import Grading, Result, named
from kaohe.assess.history import History, read_history
from kaohe.assess.outcome_figures import Figures, best_in, figures_of, standing_words, veto_words
from kaohe.assess.outcome_scope import Contender, Pool, pools
from kaohe.assess.outcome_years import YEARLY, Verdicts, over_years
from kaohe.assess.scoring import Scores
from kaohe.findings import Finding
from kaohe.model import Ledger, OutcomeRule, Scheme, Unit

LISTED = "符合"
BARRED = "因否决不予"
OPEN = "并列待定"
_PERSONAL = ("免职", "降职", "撤职", "辞职", "调整", "处分", "调离")
_WHOLE_YEAR = 12
ADVICE_WORDS = "提请研究,由有权机关决定"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One unit (or person) a rule lists; ``basis`` says why, with figures; ``order`` counts in the rule."""

    rule: OutcomeRule
    unit: Unit
    state: str
    """符合, 并列待定 (left to the office) or 因否决不予."""
    basis: str
    order: int
    scope: str = ""
    """The class, group or scope compared in."""
    notes: tuple[str, ...] = ()

    @property
    def nature(self) -> str:
        """The rule's nature; 提请研究 for whatever touches a person."""
        personal = self.unit.kind == terms.KIND_PERSON or speaks_of_posts(self.rule)
        return terms.NATURE_ADVICE if personal else self.rule.nature

    @property
    def proposal(self) -> str:
        """What is proposed, never a decision."""
        if self.state == BARRED:
            return f"{BARRED}:{self.rule.outcome}"
        if self.nature == terms.NATURE_ADVICE:
            return f"{self.rule.outcome}({ADVICE_WORDS})"
        told = self.nature in self.rule.outcome
        return f"建议:{self.rule.outcome}" if told else f"建议{self.nature}:{self.rule.outcome}"


@dataclass(frozen=True)
class Outcomes:
    """All outcomes in the order of the rules, and what is to be said about them."""

    rows: tuple[Outcome, ...]
    findings: tuple[Finding, ...] = ()


def speaks_of_posts(rule: OutcomeRule) -> bool:
    """Whether the rule's result is about somebody's post (WXD5: *if found unfit*, by those entitled to)."""
    return any(word in rule.outcome for word in _PERSONAL)


def outcomes(
    scheme: Scheme,
    year: int,
    standings: Sequence[Result],
    graded: Mapping[str, Grading],
    figures: Figures,
    history: History,
) -> Outcomes:
    """Apply every row of 结果规则 to the results of ``year``.

    ``graded`` by unit code (places, grades, vetoes), ``figures`` by indicator and unit code. A rule that
    cannot be understood (G21, found with the scheme) lists nobody.
    """
    by_rate = scheme.settings["排名依据"] == settings.RANK_BY_RATE
    contenders = tuple(
        Contender(row.unit, row.total, row.rate, row.rank, graded.get(row.unit.code, Grading(row.unit)))
        for row in standings
    )
    rows: list[Outcome] = []
    findings: list[Finding] = []
    for rule in scheme.outcome_rules:
        applied = _Rule(scheme, rule, year, figures, history)
        found = [row for pool in pools(rule, contenders, by_rate) for row in applied.apply(pool)]
        rows += found
        findings += applied.findings(found)
    return Outcomes(tuple(rows), tuple(findings))


def outcomes_of(
    scores: Scores, standings: Sequence[Result], graded: Mapping[str, Grading], ledger: Ledger
) -> Outcomes:
    """The outcomes of a period's results, read with the office's 历史 and 单位沿革.

    Results of a part of the year lead to nothing yet: () before the whole year is assessed.
    """
    past, findings = read_history(scores.scheme, ledger.history, ledger.successions)
    if scores.period.month < _WHOLE_YEAR:
        return Outcomes((), findings)
    found = outcomes(scores.scheme, scores.period.year, standings, graded, figures_of(scores), past)
    return Outcomes(found.rows, (*findings, *found.findings))


class _Rule:
    """One row of 结果规则 at work; collects what could not be told for lack of history."""

    def __init__(
        self, scheme: Scheme, rule: OutcomeRule, year: int, figures: Figures, history: History
    ) -> None:
        self.scheme, self.rule, self.year = scheme, rule, year
        self.figures, self.history = figures, history
        self.unknown: dict[str, str] = {}
        self.mixed: dict[str, str] = {}

    def apply(self, pool: Pool) -> list[Outcome]:
        """Whom the rule lists in one set of contenders."""
        condition = self.rule.condition
        if condition == terms.FIRST_IN_TOTAL:
            found = list(self._first(pool))
        elif condition == terms.LAST_IN_TOTAL:
            found = list(self._last(pool))
        elif condition == terms.FIRST_IN_INDICATOR:
            found = [row for code in self.rule.indicators for row in self._best(pool, code)]
        elif condition in YEARLY:
            found = list(self._yearly(pool))
        elif condition == terms.OF_GRADE:
            found = list(self._of_grade(pool))
        elif condition == terms.VETOED:
            vetoed = (row for row in pool.members if row.grading.vetoes and self._of_this_grade(row))
            found = [self._listed(pool, row, veto_words(row, self.scheme)) for row in vetoed]
        else:
            found = []
        return [_numbered(row, at) for at, row in enumerate(found, start=1)]

    def findings(self, found: Sequence[Outcome]) -> Iterable[Finding]:
        """G25 a tie at the edge; G24 units whose history is missing; G27 predecessors that differ."""
        facts = {"code": self.rule.code, "outcome": self.rule.outcome}
        for scope in dict.fromkeys(row.scope for row in found):
            tied = [row.unit.name for row in found if row.scope == scope and row.state == OPEN]
            if tied:
                more = {"count": self.rule.count, "units": named(tied)}
                yield Finding("G25", self.rule.location, {**facts, **more})
        if self.unknown:
            years = f"{self.year - self.rule.years + 1}—{self.year}年"
            more = {"years": years, "units": named(self.unknown.values())}
            yield Finding("G24", self.rule.location, {**facts, **more})
        if self.mixed:
            yield Finding("G27", self.rule.location, {**facts, "units": named(self.mixed.values())})

    def _listed(
        self, pool: Pool, row: Contender, basis: str, state: str = LISTED, notes: Iterable[str] = ()
    ) -> Outcome:
        said = (*notes, *pool.notes, *self._pending(pool))
        return Outcome(self.rule, row.unit, state, basis, 0, pool.name, said)

    def _pending(self, pool: Pool) -> Iterable[str]:
        """Within a grade: units whose grade the office has yet to decide may come in."""
        waiting = [row.unit.name for row in pool.members if row.grading.grade == terms.PENDING_GRADE]
        if self.rule.grade and waiting:
            yield f"等次待定的单位({named(waiting)})未列入"

    def _free(self, row: Contender) -> bool:
        """Whether no veto keeps the unit out."""
        return not (self.rule.barred and row.grading.vetoes)

    def _of_this_grade(self, row: Contender) -> bool:
        """Within 等次; for a unit kept out by a veto the grade it had before."""
        if not self.rule.grade:
            return True
        return self.rule.grade == (row.grading.grade if self._free(row) else row.grading.first_grade)

    def _kept_out(self, pool: Pool, row: Contender, basis: str) -> Outcome:
        return self._listed(pool, row, f"{basis};{veto_words(row, self.scheme)}", BARRED)

    def _first(self, pool: Pool) -> Iterable[Outcome]:
        """The first ``count``; who is tied at the edge is listed too, for the office to choose."""
        eligible = [row for row in pool.members if row.rank is not None and self._of_this_grade(row)]
        free = sorted((row for row in eligible if self._free(row)), key=pool.key)
        edge = free[min(self.rule.count, len(free)) - 1] if free else None
        inside = [row for row in free if edge is not None and pool.key(row) <= pool.key(edge)]
        for row in inside:
            open_edge = len(inside) > self.rule.count and edge is not None and pool.key(row) == pool.key(edge)
            yield self._listed(pool, row, standing_words(row, pool), OPEN if open_edge else LISTED)
        short = len(inside) < self.rule.count
        for row in sorted((row for row in eligible if not self._free(row)), key=pool.first_key):
            if short or (edge is not None and pool.first_key(row) <= pool.first_key(edge)):
                yield self._kept_out(pool, row, standing_words(row, pool))

    def _last(self, pool: Pool) -> Iterable[Outcome]:
        """The last ``count``, where there are more than that."""
        ranked = sorted(
            (row for row in pool.members if row.rank is not None and self._of_this_grade(row)), key=pool.key
        )
        if len(ranked) <= self.rule.count:
            return
        edge = ranked[-self.rule.count]
        inside = [row for row in ranked if pool.key(row) >= pool.key(edge)]
        for row in reversed(inside):
            open_edge = len(inside) > self.rule.count and pool.key(row) == pool.key(edge)
            yield self._listed(pool, row, standing_words(row, pool), OPEN if open_edge else LISTED)

    def _best(self, pool: Pool, code: str) -> Iterable[Outcome]:
        """The best in one indicator, all that are tied; a unit under a veto only where it is kept out."""
        indicator = self.scheme.indicator_by_code.get(code)
        if indicator is None:
            return
        members = {row.unit.code: row for row in pool.members if self._of_this_grade(row)}
        free = [unit for unit, row in members.items() if self._free(row)]
        for unit, words in best_in(indicator, self.figures, free):
            yield self._listed(pool, members[unit], words)
        for unit, words in best_in(indicator, self.figures, tuple(members)):
            if not self._free(members[unit]):
                yield self._kept_out(pool, members[unit], words)

    def _yearly(self, pool: Pool) -> Iterable[Outcome]:
        """Conditions that must hold this year and in the years before."""
        verdicts: Verdicts = over_years(self.scheme, self.rule, self.year, pool, self.figures, self.history)
        self.unknown |= {code: pool.by_code[code].unit.name for code in verdicts.unknown}
        self.mixed |= {code: pool.by_code[code].unit.name for code in verdicts.mixed}
        for code, (basis, notes) in verdicts.hits.items():
            row = pool.by_code[code]
            if not self._of_this_grade(row):
                continue
            if self._free(row):
                yield self._listed(pool, row, basis, notes=notes)
            else:
                yield self._kept_out(pool, row, basis)

    def _of_grade(self, pool: Pool) -> Iterable[Outcome]:
        for row in sorted((row for row in pool.members if row.grading.grade), key=pool.key):
            if self.rule.grade and self._of_this_grade(row):
                basis = f"{standing_words(row, pool)},等次{row.grading.grade}"
                yield self._listed(pool, row, basis) if self._free(row) else self._kept_out(pool, row, basis)


def _numbered(row: Outcome, order: int) -> Outcome:
    return Outcome(row.rule, row.unit, row.state, row.basis, order, row.scope, row.notes)
