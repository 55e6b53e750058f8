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
from kaohe.assess.survey import VALUE_PLACES, Surveys, survey_values
from kaohe.findings import Finding
from kaohe.model import (
    Adjustment,
    Appeal,
    Indicator,
    Ledger,
    Location,
    Period,
    Record,
    Scheme,
    Verdict,
)
from kaohe.values.rounding import round_half_away


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
    settled = {*taken.values, *taken.scores, *taken.absent, *taken.zero, *taken.extended}
    whole = [unit for unit, code in settled if not code]
    settled |= {(unit, row.code) for unit in whole for row in scheme.indicators}
    surveys = survey_values(scheme, ledger.surveys, period, settled)
    mixes = {
        row.code: mixed(
            scheme, row, period, _answers(row, scheme, period, methods, intake, ledger), settled=settled
        )
        for row in scheme.indicators
        if row.value_source == terms.SOURCE_PERIODS and scheme.measured(row, period)
    }
    computed: dict[Key, Computed] = {}
    for key, number in surveys.values.items():
        computed[key] = Computed(SURVEYED, number, f"{number:.15g}", _first_place(surveys, key))
    for code, mix in mixes.items():
        for unit, number in mix.values.items():
            text, value = mix_formula(mix.terms[unit]), float(round_half_away(number, VALUE_PLACES))
            computed[unit, code] = Computed(MIXED, value, text, Location(unit=unit, indicator=code))
    said: Iterable[Finding] = (finding for mix in mixes.values() for finding in mix.findings)
    return Made(computed, surveys, mixes, (*surveys.findings, *said))


def _first_place(surveys: Surveys, key: Key) -> Location:
    return next((line.location for line in surveys.lines_of(*key)), Location())


def _answers(
    indicator: Indicator,
    scheme: Scheme,
    period: Period,
    methods: MethodBook,
    intake: Intake,
    ledger: Ledger,
) -> dict[str, dict[str, Answer]]:
    """Period code → unit → the value that counted then, in the order of precedence of claims."""
    found: dict[str, dict[str, Answer]] = {}
    method = methods.methods.get(indicator.method)
    handed_in = [r for r in intake.records if r.indicator == indicator.code and not r.superseded]
    handed_in.sort(key=lambda record: bool(record.source))
    for record in (*handed_in, *_decided_then(indicator, period, ledger)):
        reading = read_record(record, indicator, method, scheme.settings)
        if reading.filled:
            found.setdefault(record.period, {})[record.unit] = reading.answer
    return found


def _decided_then(indicator: Indicator, period: Period, ledger: Ledger) -> Iterable[Record]:
    """核定, 申诉 and 人工调整 of other periods' values, what counts first last.

    A decision of this period is about the value that comes out, not about this period's part in it.
    """
    verdicts = sorted(ledger.verdicts, key=lambda row: row.level == terms.LEVEL_PROVINCE)
    upheld = [row for row in ledger.appeals if row.state == terms.APPEAL_UPHELD]
    appeals = [row for row in upheld if row.item == terms.ADJUST_VALUE]
    adjusted = [row for row in ledger.adjustments if row.item == terms.ADJUST_VALUE]
    rows: list[Verdict | Appeal | Adjustment] = [*verdicts, *appeals, *adjusted]
    for row in rows:
        if row.indicator == indicator.code and row.period != period.code:
            yield Record(row.period, row.unit, row.indicator, "", "", "", row.value, None)
