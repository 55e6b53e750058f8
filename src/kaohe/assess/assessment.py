"""The whole assessment of a period: records in, findings, scores and standings out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.coverage import coverage_findings
from kaohe.assess.entries import converted, missing_findings, read_record, record_findings
from kaohe.assess.inputs import Answer
from kaohe.assess.lookup import Lookup
from kaohe.assess.merging import Live
from kaohe.assess.methods import method_book
from kaohe.assess.returns import REFUSED, UNREADABLE, Intake
from kaohe.assess.scoring import IndicatorResult, Scores, score
from kaohe.assess.standing import Standing, standings
from kaohe.findings import ERROR, Finding, ordered
from kaohe.model import IssueRecord, Location, Period, Record, Scheme
from kaohe.settings import allowed
from kaohe.values.rounding import round_half_away


@dataclass(frozen=True)
class Assessment:
    """Everything the master's result sheets and the report are made from."""

    scores: Scores
    standings: tuple[Standing, ...]
    findings: tuple[Finding, ...]
    intake: Intake


def assess(
    whole: Scheme,
    period: Period,
    intake: Intake,
    register: Mapping[str, IssueRecord],
    scheme_findings: Iterable[Finding] = (),
) -> Assessment:
    """Score, check and rank what counts in the period.

    ``scheme_findings`` are those of reading the tables; an ERROR among the scheme's findings leaves every
    result provisional, an ERROR of a unit only that unit's.
    """
    scheme = whole.at(period.end)
    of_scheme = (*scheme_findings, *check_scheme(whole, period))
    values, read = _read_all(scheme, period, intake.live)
    scores = score(whole, period, _by_indicator(values))
    findings = [
        *of_scheme,
        *intake.findings,
        *read,
        *coverage_findings(register, intake.live, scheme, period, _refused(intake)),
    ]
    findings += result_findings(scores, intake.live)
    provisional = _provisional(findings, scheme, any(f.severity == ERROR for f in of_scheme))
    found = standings(scores, provisional)
    return Assessment(scores, found, ordered(findings), intake)


def _refused(intake: Intake) -> dict[str, str]:
    """Unit code → a file that came from it and was not taken in."""
    return {
        item.unit: item.workbook
        for item in intake.inputs
        if item.state in (REFUSED, UNREADABLE) and item.unit
    }


def _provisional(findings: Iterable[Finding], scheme: Scheme, everyone: bool) -> set[str]:
    if everyone:
        return set(scheme.unit_by_code)
    return {f.location.unit for f in findings if f.severity == ERROR and f.location.unit}


def _read_all(
    scheme: Scheme, period: Period, live: Live
) -> tuple[dict[str, dict[str, Answer]], list[Finding]]:
    """Unit → indicator → value, and what is to be said about each record."""
    methods, lookup = method_book(scheme).methods, Lookup.of(scheme)
    measured = {row.code: scheme.measured(row, period) for row in scheme.indicators}
    values: dict[str, dict[str, Answer]] = {}
    findings: list[Finding] = []
    for unit, rows in live.items():
        read = values.setdefault(unit, {})
        blank: dict[str, Record] = {}
        for code, record in rows.items():
            indicator = scheme.indicator_by_code.get(code)
            if indicator is None:
                continue
            if not indicator.composite:
                reading = read_record(record, indicator, methods.get(indicator.method), scheme.settings)
                if reading.filled:
                    read[code] = reading.answer
                else:
                    blank[code] = record
                if measured[code] or reading.answer is not None:
                    findings += reading.findings
            target = lookup.target(code, unit)
            value = target.value if target else None
            said = list(record_findings(record, indicator, value, measured[code], scheme.version))
            if any(finding.severity == ERROR for finding in said):
                read[code] = None
            findings += said
        findings += missing_findings(blank, period, scheme)
    return values, findings


def _by_indicator(values: Mapping[str, Mapping[str, Answer]]) -> dict[str, dict[str, Answer]]:
    turned: dict[str, dict[str, Answer]] = {}
    for unit, row in values.items():
        for code, answer in row.items():
            turned.setdefault(code, {})[unit] = answer
    return turned


def result_findings(scores: Scores, live: Live) -> Iterable[Finding]:
    """V18 not scorable; V09/V10 behind without reason or measure; V11 a self-score that differs."""
    ask = allowed(scores.scheme.settings, "落后须说明")
    for row in scores.results.values():
        if not row.measured:
            continue
        for index in np.flatnonzero(_failed(row)) if row.method else ():
            record = _record(live, scores, row, int(index))
            yield _about(
                "V18", scores, row, int(index), record, reason=row.errors[index] or "没有可用的计分方法"
            )
        if ask and row.counted:
            for index in np.flatnonzero(row.state == terms.BEHIND):
                yield from _unexplained(scores, row, int(index), live)
        yield from _other_self_scores(scores, row, live)
        yield from _out_of_range(scores, row)


def _failed(row: IndicatorResult) -> npt.NDArray[np.bool_]:
    """Units whose score or 达标 the formulas could not give."""
    return np.asarray((row.state == terms.NOT_SCORABLE) | (row.scored & (row.errors != "")), dtype=np.bool_)


def _out_of_range(scores: Scores, row: IndicatorResult) -> Iterable[Finding]:
    """S21 once per indicator: points below 0 or beyond the weight."""
    scale = 10**scores.places
    values = row.points[row.scored] / scale
    odd = values[(values < 0) | (values > float(round_half_away(row.indicator.weight, scores.places)))]
    if len(odd):
        facts = {
            "name": row.indicator.name,
            "count": len(odd),
            "weight": f"{row.indicator.weight:g}",
            "low": f"{odd.min():g}",
            "high": f"{odd.max():g}",
        }
        yield Finding("S21", row.indicator.location, facts)


def _record(live: Live, scores: Scores, row: IndicatorResult, index: int) -> Record | None:
    return live.get(scores.units[index].code, {}).get(row.indicator.code)


def _about(
    code: str, scores: Scores, row: IndicatorResult, index: int, record: Record | None, **facts: object
) -> Finding:
    unit = scores.units[index].code
    place = record.location if record else Location(unit=unit, indicator=row.indicator.code)
    return Finding(code, place, {"name": row.indicator.name, **facts})


def _unexplained(scores: Scores, row: IndicatorResult, index: int, live: Live) -> Iterable[Finding]:
    record = _record(live, scores, row, index)
    if record is None or not record.reason:
        yield _about("V09", scores, row, index, record)
    if record is None or not record.measure:
        yield _about("V10", scores, row, index, record)


def _other_self_scores(scores: Scores, row: IndicatorResult, live: Live) -> Iterable[Finding]:
    scale = 10**scores.places
    for index in np.flatnonzero(row.scored):
        record = _record(live, scores, row, int(index))
        if record is None or record.shown_score is None or converted(record):
            continue
        if record.version != scores.scheme.version:
            continue
        computed = int(row.points[index]) / scale
        if record.shown_score != computed and round_half_away(record.shown_score - computed, 6) != 0:
            facts = {"shown": f"{record.shown_score:.15g}", "computed": f"{computed:.{scores.places}f}"}
            yield _about("V11", scores, row, int(index), record, **facts)
