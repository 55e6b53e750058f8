"""The whole assessment of a period: records in, findings, scores and standings out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from kaohe.assess.beside import Beside, stand_beside
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.claims import Claims, Hands, verdicts_by_key
from kaohe.assess.coverage import coverage_findings
from kaohe.assess.crosschecks import crosscheck_findings
from kaohe.assess.deciding import PRELIMINARY, State, course
from kaohe.assess.deciding_findings import year_findings
from kaohe.assess.decisions import Decisions, decision_notes, decisions
from kaohe.assess.gather import Gathered, gather, without_decided
from kaohe.assess.grading import Gradings, gradings, vetoes_of
from kaohe.assess.made import Made, make_values
from kaohe.assess.methods import method_book
from kaohe.assess.outcomes import Outcomes, outcomes_of
from kaohe.assess.register_findings import decided_ranges, register_findings
from kaohe.assess.result_findings import decided_scores, decided_totals, decided_values, result_findings
from kaohe.assess.returns import Intake, refused_files
from kaohe.assess.scoring import Scores, score
from kaohe.assess.slips import last_values
from kaohe.assess.standing import Standing, standings
from kaohe.assess.veto_checks import check_supervisions, check_vetoes
from kaohe.findings import ERROR, Finding, ordered
from kaohe.model import IssueRecord, Ledger, Period, Scheme

NO_LEDGER = Ledger()


@dataclass(frozen=True)
class Assessment:
    """Everything the master's result sheets and the report are made from."""

    scores: Scores
    standings: tuple[Standing, ...]
    findings: tuple[Finding, ...]
    intake: Intake
    claims: Claims
    decisions: Decisions
    ledger: Ledger
    made: Made
    beside: Beside
    gradings: Gradings
    outcomes: Outcomes
    state: State = PRELIMINARY
    """How far the results have come: 审定 of this period."""


def assess(
    whole: Scheme,
    period: Period,
    intake: Intake,
    register: Mapping[str, IssueRecord],
    scheme_findings: Iterable[Finding] = (),
    ledger: Ledger = NO_LEDGER,
) -> Assessment:
    """Score, check, rank and grade what counts in the period.

    ``scheme_findings`` are those of reading the tables; an ERROR among the scheme's findings leaves every
    result provisional, an ERROR of a unit only that unit's. ``ledger``: what the office decided and counted.
    """
    scheme = whole.at(period.end)
    of_scheme = (*scheme_findings, *check_scheme(whole, period))
    methods = method_book(scheme)
    taken = decisions(ledger, period)
    made = make_values(scheme, period, methods, intake, ledger, taken)
    verdicts = verdicts_by_key(ledger.verdicts, period.code)
    hands = Hands(intake.live, intake.assessed, verdicts, taken, made.computed)
    gathered = gather(scheme, period, hands, methods, last_values(intake.records, period))
    way = course(ledger.states, period, scheme)
    scored = score(whole, period, gathered.values, gathered.decisions)
    scores = replace(scored, stage=way.state.shown)
    beside = stand_beside(scores, intake, register, ledger, gathered.decisions)
    findings = [
        *of_scheme,
        *intake.findings,
        *made.findings,
        *gathered.findings,
        *without_decided(_coverage(scheme, period, intake, register), gathered),
        *_of_registers(scheme, period, ledger),
        *year_findings(scheme, period, ledger, way, gathered.claims),
        *_of_decisions(scores, gathered),
        *crosscheck_findings(scheme, gathered.by_unit, scores.lookup, gathered.places),
        *beside.findings,
        *result_findings(scores, intake.live, gathered.claims),
    ]
    provisional = _provisional(findings, scheme, of_scheme)
    provisional |= set(gathered.waiting) | _incomplete(scores)
    ranked = standings(scores, provisional, beside.extras)
    graded = gradings(scheme, ranked, vetoes_of(ledger.vetoes, period), gathered.decisions.grades)
    findings += decided_totals(ranked, gathered.decisions)
    findings += decided_ranges(scores, ranked, gathered.decisions)
    led_to = outcomes_of(scores, ranked, graded.by_unit, ledger)
    return Assessment(
        scores=scores,
        standings=with_grades(ranked, graded),
        findings=ordered((*findings, *graded.findings, *led_to.findings)),
        intake=intake,
        claims=gathered.claims,
        decisions=gathered.decisions,
        ledger=ledger,
        made=made,
        beside=beside,
        gradings=graded,
        outcomes=led_to,
        state=way.state,
    )


def _coverage(
    scheme: Scheme, period: Period, intake: Intake, register: Mapping[str, IssueRecord]
) -> Iterable[Finding]:
    """Who has not sent in what, units and assessing departments."""
    refused = refused_files(intake.inputs)
    return coverage_findings(register, intake.live, scheme, period, refused, intake.assessed)


def _of_registers(scheme: Scheme, period: Period, ledger: Ledger) -> Iterable[Finding]:
    """What is to be said about rows of the registers as they stand."""
    return (
        *check_vetoes(scheme, ledger.vetoes, period.year),
        *check_supervisions(ledger.supervisions),
        *register_findings(scheme, period, ledger),
    )


def _of_decisions(scores: Scores, gathered: Gathered) -> Iterable[Finding]:
    """What is to be said about the office's decisions."""
    taken = gathered.decisions
    return (
        *taken.findings,
        *decision_notes(taken, scores.scheme),
        *decided_values(scores, gathered.claims),
        *decided_scores(scores, taken),
    )


def with_grades(ranked: Iterable[Standing], graded: Gradings) -> tuple[Standing, ...]:
    """The standings with grade, place after vetoes, and what a reader has to know about them."""
    found = []
    for row in ranked:
        mine = graded.by_unit[row.unit.code]
        found.append(
            replace(
                row,
                grade=mine.grade,
                first_grade=mine.first_grade,
                place=mine.place,
                vetoes=mine.vetoes,
                notes=(*row.notes, *mine.notes),
            )
        )
    groups = {group: at for at, group in enumerate(dict.fromkeys(row.unit.group for row in found))}
    return tuple(sorted(found, key=lambda row: (groups[row.unit.group], *_published(row))))


def _published(row: Standing) -> tuple[bool, int, int, float, str]:
    """The order inside a group: by the place after vetoes, those without one last."""
    return row.place is None, row.place or 0, row.rank or 0, -row.total, row.unit.code


def _provisional(findings: Iterable[Finding], scheme: Scheme, of_scheme: Iterable[Finding]) -> set[str]:
    """Units with an open ERROR; all of them when the scheme itself has one that is nobody's alone."""
    if any(f.severity == ERROR and not f.location.unit for f in of_scheme):
        return set(scheme.unit_by_code)
    return {f.location.unit for f in findings if f.severity == ERROR and f.location.unit}


def _incomplete(scores: Scores) -> set[str]:
    """Units with an indicator that counts and has no score yet, whoever owes it."""
    lacking = np.zeros(len(scores.units), dtype=np.bool_)
    for row in scores.results.values():
        if row.measured and not row.component and row.indicator.weight:
            lacking |= row.applies & ~row.scored
    return {scores.units[at].code for at in np.flatnonzero(lacking)}
