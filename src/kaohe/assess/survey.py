"""测评: tallies by voter group and round become one value of 0–100 per unit and indicator (WXJ3, XN2)."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.survey_shares import exact_sum, points_of_levels, shares_of, surveyed
from kaohe.assess.survey_votes import Count, count, read_marks, void_places
from kaohe.findings import ERROR, Finding
from kaohe.model import Indicator, Location, Period, Scheme, SurveyRow, Unit
from kaohe.periods import PeriodError, parse_period
from kaohe.values.rounding import round_half_away

_SHEET = "测评"
_YEAR_END = 12
Pair = tuple[str, str]
"""Unit (or person), indicator."""
VALUE_PLACES = 9
"""Places a value keeps: what doubles add lies beyond; the one rounding that counts is that of the score."""


class SurveyLine(NamedTuple):
    """One voter group of one round about one unit, as it counts.

    ``mean`` 0–100, None when it cannot be used; ``valid`` ballots, None when only a mean was typed;
    ``round_share`` and ``share`` ratios; ``how`` it was typed (四级票, 逐票得分, 平均分).
    """

    unit: str
    indicator: str
    round: str
    voters: str
    round_share: float
    share: float
    mean: float | None
    valid: float | None
    how: str
    location: Location


@dataclass(frozen=True)
class Surveys:
    """``values``: 0–100 per (unit, indicator), to nine places: the score is what is rounded, once."""

    values: Mapping[Pair, float]
    lines: tuple[SurveyLine, ...] = ()
    findings: tuple[Finding, ...] = ()

    def lines_of(self, unit: str, indicator: str) -> tuple[SurveyLine, ...]:
        """What a value was made of, in the order of 票种; one indicator of one unit."""
        return self.by_pair.get((unit, indicator), ())

    @cached_property
    def by_pair(self) -> Mapping[Pair, tuple[SurveyLine, ...]]:
        """The lines of every (unit, indicator)."""
        found: dict[Pair, list[SurveyLine]] = {}
        for line in self.lines:
            found.setdefault((line.unit, line.indicator), []).append(line)
        return {pair: tuple(lines) for pair, lines in found.items()}


class _Tally(NamedTuple):
    """One indicator's rows: shares by name, the rows by unit, round and voters, what was seen of each."""

    indicator: Indicator
    rounds: Mapping[str, float]
    voters: Mapping[str, float]
    trimmed: frozenset[str]
    rows: Mapping[tuple[str, str, str], SurveyRow]
    findings: tuple[Finding, ...]


def survey_values(
    scheme: Scheme, surveys: Iterable[SurveyRow], period: Period, settled: Collection[Pair] = ()
) -> Surveys:
    """Values of all 测评 indicators in a scheme that ``Scheme.at`` has resolved.

    A period takes the tallies of the same year whose 期次 ends with it or before: 2016-H1 and 2016 for 2016.
    A row without 轮次 belongs to the round named like its 期次. Rounds without shares count alike; of
    declared rounds those not held yet are left out before the year's end, and the others fill their place
    (S39). ``settled``: pairs whose value a decision sets: an ERROR of their tallies stops nobody.
    """
    taken, findings = _due(surveys, period)
    by_indicator: dict[str, list[SurveyRow]] = {}
    for row in taken:
        by_indicator.setdefault(row.indicator, []).append(row)
    known = {indicator.code for indicator in surveyed(scheme)}
    for code, rows in by_indicator.items():
        if code not in known:
            findings += _of_no_survey(scheme, code, rows)
    values: dict[Pair, float] = {}
    lines: list[SurveyLine] = []
    for indicator in surveyed(scheme):
        found = _of_indicator(scheme, indicator, by_indicator.get(indicator.code, []), period)
        values |= found.values
        lines += found.lines
        findings += found.findings
    kept = tuple(f for f in findings if f.severity != ERROR or _pair(f) not in settled)
    return Surveys(values, tuple(lines), kept)


def _pair(finding: Finding) -> Pair:
    return finding.location.unit, finding.location.indicator


def _due(surveys: Iterable[SurveyRow], period: Period) -> tuple[list[SurveyRow], list[Finding]]:
    """Rows the period takes, each with its round's name filled in; V30 for a 期次 that is none."""
    taken: list[SurveyRow] = []
    findings: list[Finding] = []
    for row in surveys:
        try:
            when = parse_period(row.period)
        except PeriodError as error:
            findings.append(_about("V30", row, row.indicator, reason=str(error).rstrip("。")))
            continue
        if when.year == period.year and when.month <= period.month:
            taken.append(row if row.round else replace(row, round=when.code))
    return taken, findings


def _about(code: str, row: SurveyRow, name: str, **facts: object) -> Finding:
    place = row.location._replace(unit=row.unit, indicator=row.indicator)
    ballots = f"{row.round}“{row.voters}”" if row.voters else row.round
    return Finding(code, place, {"name": name, "ballots": ballots, **facts})


def _of_no_survey(scheme: Scheme, code: str, rows: Iterable[SurveyRow]) -> Iterable[Finding]:
    """V37 tallies of an indicator that takes no survey, or is not in force."""
    indicator = scheme.indicator_by_code.get(code)
    reason = f"该指标取值为{indicator.value_source},不是测评" if indicator else "该指标本期不在用"
    for row in rows:
        yield _about("V37", row, indicator.name if indicator else code, reason=reason)


def _of_indicator(scheme: Scheme, indicator: Indicator, rows: Sequence[SurveyRow], period: Period) -> Surveys:
    units = {unit.code: unit for unit in scheme.units if indicator.applies(unit)}
    tally = _tally(scheme, indicator, rows, units, period)
    counts, findings = _counted(scheme, tally)
    findings = [*tally.findings, *findings]
    lines = [line for unit in units for line in _lines(tally, unit, counts)]
    blocked = {f.location.unit for f in findings if f.severity == ERROR}
    values = {}
    for unit in units:
        expected = [(unit, r, v) for r in tally.rounds for v, share in tally.voters.items() if share]
        missing = [key for key in expected if key not in counts]
        if expected and not missing and unit not in blocked:
            values[unit, indicator.code] = _value(tally, unit, counts)
        elif unit not in blocked and scheme.measured(indicator, period):
            findings.append(_missing(tally, unit, missing, len(expected)))
    return Surveys(values, tuple(lines), tuple(findings))


def _tally(
    scheme: Scheme,
    indicator: Indicator,
    rows: Sequence[SurveyRow],
    units: Mapping[str, Unit],
    period: Period,
) -> _Tally:
    """Rows under declared names, each once; V30 duplicates, V34 undeclared names, V37 not applicable."""
    declared = shares_of(scheme, indicator.code)
    found: dict[tuple[str, str, str], SurveyRow] = {}
    findings: list[Finding] = []
    for row in rows:
        wrong = _undeclared(indicator.name, row, terms.VOTERS, row.voters, declared.voters)
        wrong += _undeclared(indicator.name, row, terms.ROUNDS, row.round, declared.rounds)
        key = (row.unit, row.round, row.voters)
        if row.unit not in units:
            if row.unit in scheme.unit_by_code:
                findings.append(_about("V37", row, indicator.name, reason="该指标对它不适用"))
        elif wrong:
            findings += wrong
        elif key in found:
            other = found[key].location.cell or "另一行"
            findings.append(_about("V30", row, indicator.name, reason=f"与 {other} 是同一票种、同一轮次"))
        else:
            found[key] = row
    held = dict.fromkeys(row.round for row in found.values())
    rounds, note = _rounds(indicator, {n: r.share for n, r in declared.rounds.items()}, list(held), period)
    voters = {name: row.share for name, row in declared.voters.items()} or _alike(
        dict.fromkeys(row.voters for row in found.values())
    )
    trimmed = frozenset(name for name, row in declared.voters.items() if row.trimmed)
    return _Tally(indicator, rounds, voters, trimmed, found, (*findings, *note))


def _undeclared(name: str, row: SurveyRow, kind: str, typed: str, declared: Collection[str]) -> list[Finding]:
    if not declared or typed in declared:
        return []
    near = difflib.get_close_matches(typed, declared, n=3, cutoff=0.3) or list(declared)[:3]
    return [_about("V34", row, name, kind=kind, typed=typed, near="、".join(near))]


def _alike(names: Collection[str]) -> dict[str, float]:
    return {name: 1 / len(names) for name in names}


def _rounds(
    indicator: Indicator, declared: Mapping[str, float], held: Sequence[str], period: Period
) -> tuple[dict[str, float], list[Finding]]:
    """Shares of the rounds that count in the period."""
    if not declared:
        return _alike(held), []
    if period.month >= _YEAR_END or not held or set(declared) <= set(held):
        return {name: share for name, share in declared.items() if share}, []
    whole = float(exact_sum(declared[name] for name in held))
    if not whole:
        return {}, []
    note = Finding("S39", indicator.location, {"name": indicator.name, "held": "轮次" + "、".join(held)})
    return {name: declared[name] / whole for name in declared if name in held and declared[name]}, [note]


def _counted(scheme: Scheme, tally: _Tally) -> tuple[dict[tuple[str, str, str], Count], list[Finding]]:
    """Every row's mean, and what is to be said about it."""
    points = points_of_levels(scheme)
    name = tally.indicator.name
    void, findings = _void(tally) if scheme.settings["雷同票"] == "作废" else ({}, [])
    counts = {}
    for key, row in tally.rows.items():
        _, held, voters = key
        one = count(row, points, voters in tally.trimmed, void.get((held, voters), ()))
        counts[key] = one
        findings += [_about(code, row, name, reason=reason) for code, reason in one.wrong]
        if one.other and not one.wrong:
            findings.append(_about("V35", row, name, kept=one.how, other=one.other))
    return counts, findings


def _void(tally: _Tally) -> tuple[dict[tuple[str, str], frozenset[int]], list[Finding]]:
    """Ballots with one mark for all units, by round and voter group (scoring-methods 24)."""
    groups: dict[tuple[str, str], list[SurveyRow]] = {}
    for (_, held, voters), row in tally.rows.items():
        if row.marks:
            groups.setdefault((held, voters), []).append(row)
    void: dict[tuple[str, str], frozenset[int]] = {}
    findings = []
    for key, rows in groups.items():
        lists = [marks for marks in (read_marks(row.marks) for row in rows) if not isinstance(marks, str)]
        void[key] = void_places(lists)
        if void[key]:
            places = "、".join(str(place + 1) for place in sorted(void[key]))
            reason = f"第{places}票给各单位的分都相同,按“雷同票=作废”不计"
            found = _about("V37", rows[0], tally.indicator.name, reason=reason)
            findings.append(Finding(found.code, found.location._replace(unit=""), found.facts))
    return void, findings


def _lines(tally: _Tally, unit: str, counts: Mapping[tuple[str, str, str], Count]) -> Iterable[SurveyLine]:
    for held, round_share in tally.rounds.items():
        for voters, share in tally.voters.items():
            one = counts.get((unit, held, voters))
            if one is not None:
                place = tally.rows[unit, held, voters].location
                yield SurveyLine(
                    unit,
                    tally.indicator.code,
                    held,
                    voters,
                    round_share,
                    share,
                    one.mean,
                    one.valid,
                    one.how,
                    place,
                )


def _value(tally: _Tally, unit: str, counts: Mapping[tuple[str, str, str], Count]) -> float:
    """Σ round share · Σ voters' share · mean, without what doubles add: 87.7."""
    total = 0.0
    for held, round_share in tally.rounds.items():
        means = ((share, counts[unit, held, voters].mean) for voters, share in tally.voters.items() if share)
        total += round_share * sum(share * mean for share, mean in means if mean is not None)
    return float(round_half_away(total, VALUE_PLACES))


def _missing(tally: _Tally, unit: str, missing: Sequence[tuple[str, str, str]], expected: int) -> Finding:
    """V33 the rounds and voter groups without a tally; 全部 when there is none at all."""
    place = Location(sheet=_SHEET, unit=unit, indicator=tally.indicator.code)
    by_round: dict[str, list[str]] = {}
    for _, held, voters in missing:
        by_round.setdefault(held, []).append(f"“{voters}”")
    said = ",".join(held + "、".join(names) for held, names in by_round.items())
    facts = {"name": tally.indicator.name, "missing": said if len(missing) < expected else "全部"}
    return Finding("V33", place, facts)


def survey_formula(lines: Iterable[SurveyLine], figures: Mapping[tuple[str, str], str]) -> str:
    """``0.5*(0.4*C5+0.6*D5)+0.5*(…)``: a value's formula, its shares as numbers.

    ``figures``: (round, voters) → a cell reference or a number. One round that counts wholly stands alone.
    """
    rounds: dict[tuple[str, float], list[str]] = {}
    for line in lines:
        if line.share:
            term = f"{line.share:.15g}*{figures[line.round, line.voters]}"
            rounds.setdefault((line.round, line.round_share), []).append(term)
    if len(rounds) == 1 and next(iter(rounds))[1] == 1:
        return "+".join(next(iter(rounds.values())))
    return "+".join(f"{share:.15g}*({'+'.join(each)})" for (_, share), each in rounds.items())
