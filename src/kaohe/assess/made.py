"""Values nobody types as such: what a survey comes to, and the mix of several periods' figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.claims import MIXED, SURVEYED, Computed
from kaohe.assess.decisions import Decisions, Key
from kaohe.assess.entries import read_record
from kaohe.assess.inputs import Answer
from kaohe.assess.methods import MethodBook
from kaohe.assess.periods_mix import Mix, mix_formula, mixed
from kaohe.assess.returns import Intake
from kaohe.assess.survey import Surveys, survey_values
from kaohe.findings import Finding
from kaohe.model import Indicator, Ledger, Location, Period, Scheme


@dataclass(frozen=True)
class Made:
    """What was made of ballots and of several periods, by (unit, indicator), and how."""

    computed: Mapping[Key, Computed]
    surveys: Surveys
    mixes: Mapping[str, Mix]
    """Indicator code → its mix."""
    findings: tuple[Finding, ...]


def make_values(
    scheme: Scheme, period: Period, methods: MethodBook, intake: Intake, ledger: Ledger, taken: Decisions
) -> Made:
    """Surveys and period mixes of a scheme that ``Scheme.at`` has resolved."""
    settled = {*taken.values, *taken.scores, *taken.absent, *taken.zero}
    surveys = survey_values(scheme, ledger.surveys, period, settled)
    mixes = {
        row.code: mixed(scheme, row, period, _answers(row, scheme, methods, intake), settled=settled)
        for row in scheme.indicators
        if row.value_source == terms.SOURCE_PERIODS and scheme.measured(row, period)
    }
    computed: dict[Key, Computed] = {}
    for key, number in surveys.values.items():
        computed[key] = Computed(SURVEYED, number, f"{number:.15g}", _first_place(surveys, key))
    for code, mix in mixes.items():
        for unit, number in mix.values.items():
            text = mix_formula(mix.terms[unit])
            computed[unit, code] = Computed(MIXED, number, text, Location(unit=unit, indicator=code))
    said: Iterable[Finding] = (finding for mix in mixes.values() for finding in mix.findings)
    return Made(computed, surveys, mixes, (*surveys.findings, *said))


def _first_place(surveys: Surveys, key: Key) -> Location:
    return next((line.location for line in surveys.lines_of(*key)), Location())


def _answers(
    indicator: Indicator, scheme: Scheme, methods: MethodBook, intake: Intake
) -> dict[str, dict[str, Answer]]:
    """Period code → unit → what was handed in for the indicator then; the later return counts."""
    found: dict[str, dict[str, Answer]] = {}
    method = methods.methods.get(indicator.method)
    for record in intake.records:
        if record.indicator != indicator.code or record.superseded:
            continue
        reading = read_record(record, indicator, method, scheme.settings)
        if reading.filled:
            found.setdefault(record.period, {})[record.unit] = reading.answer
    return found
