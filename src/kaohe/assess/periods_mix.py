"""各期: a value mixed from the same indicator in several periods of the year (scoring-methods 26)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.inputs import Answer
from kaohe.assess.lookup import Lookup
from kaohe.assess.survey_shares import exact_sum
from kaohe.findings import Finding
from kaohe.model import Indicator, Location, Period, Scheme, Unit
from kaohe.periods import parse_period
from kaohe.values.rounding import view15

SHARE_NAMES: Mapping[str, str] = {"期次Q1": "-Q1", "期次H1": "-H1", "期次Q3": "-Q3", "期次全年": ""}
"""Parameter → what follows the year in the period's code. The shares are ratios that sum to 1."""


class MixTerm(NamedTuple):
    """One period's part in a value: its code, its share (ratio) and the value typed then."""

    period: str
    share: float
    value: float


@dataclass(frozen=True, slots=True)
class Mix:
    """``values`` by unit, not rounded; ``terms`` what each was made of; a unit with a gap is in neither."""

    values: Mapping[str, float] = field(default_factory=dict)
    terms: Mapping[str, tuple[MixTerm, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def mixed(
    scheme: Scheme,
    indicator: Indicator,
    period: Period,
    answers: Mapping[str, Mapping[str, Answer]],
    lookup: Lookup | None = None,
    settled: Collection[tuple[str, str]] = (),
) -> Mix:
    """Σ share · value over the periods with a share that end with ``period`` or before.

    ``answers``: period code → unit → what the indicator's value was understood as. Before the year's end the
    shares that have come are brought to 1 (S39). A period without a number is V36 and leaves the unit
    without a value; an indicator that is not measured in the period has no findings. ``settled``: (unit,
    indicator) whose value a decision sets: a gap of theirs stops nobody.
    """
    found = lookup or Lookup.of(scheme)
    made: dict[str, tuple[MixTerm, ...]] = {}
    gaps: list[Finding] = []
    partial = False
    for unit in scheme.units:
        if not indicator.applies(unit):
            continue
        whole = _by_code(shares_of(found, indicator, unit), period.year)
        due = {code: share for code, share in whole.items() if parse_period(code).month <= period.month}
        missing = [code for code in due or list(whole)[:1] if not _is_number(answers, code, unit)]
        if (unit.code, indicator.code) not in settled:
            gaps += [_gap(indicator, unit, code) for code in missing]
        if due and not missing:
            made[unit.code] = _terms(due, answers, unit)
            partial = partial or len(due) < len(whole)
    values = {unit: _value(row) for unit, row in made.items()}
    note = _partly(indicator, made) if partial else ()
    return Mix(values, made, (*gaps, *note) if scheme.measured(indicator, period) else ())


def _partly(indicator: Indicator, made: Mapping[str, tuple[MixTerm, ...]]) -> tuple[Finding, ...]:
    held = "、".join(dict.fromkeys(term.period for row in made.values() for term in row))
    return (Finding("S39", indicator.location, {"name": indicator.name, "held": f" {held} 期"}),)


def shares_of(lookup: Lookup, indicator: Indicator, unit: Unit | None = None) -> dict[str, float]:
    """Parameter name → share (ratio), of those that are set and not 0."""
    found = {name: lookup.parameter(indicator.code, name, unit) for name in SHARE_NAMES}
    return {name: share for name, share in found.items() if share}


def mix_formula(row: Iterable[MixTerm]) -> str:
    """``0.15*80+0.25*85+…`` with the numbers put in; shares that were brought to 1 show their division."""
    row = tuple(row)
    total = exact_sum(term.share for term in row)
    text = "+".join(f"{term.share:.15g}*{_literal(term.value)}" for term in row)
    return text if total == 1 else f"({text})/{total.normalize():f}"


def check_mix(scheme: Scheme) -> Iterable[Finding]:
    """S32 shares that do not sum to 1, each set once; S45 shares of some units only."""
    lookup = Lookup.of(scheme)
    for indicator in scheme.indicators:
        if indicator.value_source != terms.SOURCE_PERIODS:
            continue
        units = [unit for unit in scheme.units if indicator.applies(unit)]
        sets = {tuple(shares_of(lookup, indicator, unit).items()) for unit in units}
        if len(sets) > 1 and () in sets:
            yield Finding("S45", indicator.location, {"name": indicator.name})
        for each in sorted(sets):
            total = exact_sum(share for _, share in each)
            if each and total != 1:
                facts = {
                    "what": f"指标《{indicator.name}》",
                    "kind": "各期",
                    "found": f"{total.normalize():f}",
                }
                yield Finding("S32", _place(scheme, indicator), facts)


def _by_code(shares: Mapping[str, float], year: int) -> dict[str, float]:
    """Period code → share."""
    return {f"{year}{SHARE_NAMES[name]}": share for name, share in shares.items()}


def _is_number(answers: Mapping[str, Mapping[str, Answer]], code: str, unit: Unit) -> bool:
    return isinstance(answers.get(code, {}).get(unit.code), int | float)


def _terms(
    shares: Mapping[str, float], answers: Mapping[str, Mapping[str, Answer]], unit: Unit
) -> tuple[MixTerm, ...]:
    numbers = ((code, share, answers[code][unit.code]) for code, share in shares.items())
    return tuple(
        MixTerm(code, share, value) for code, share, value in numbers if isinstance(value, int | float)
    )


def _value(row: Iterable[MixTerm]) -> float:
    row = tuple(row)
    total = exact_sum(term.share for term in row)
    value = sum(term.share * term.value for term in row)
    return view15(value if total == 1 else value / float(total))


def _gap(indicator: Indicator, unit: Unit, code: str) -> Finding:
    place = Location(unit=unit.code, indicator=indicator.code)
    return Finding("V36", place, {"name": indicator.name, "period": code})


def _literal(value: float) -> str:
    return f"({value:.15g})" if value < 0 else f"{value:.15g}"


def _place(scheme: Scheme, indicator: Indicator) -> Location:
    """The first row of 参数 that gives the indicator a share, before one for all indicators."""
    for code in (indicator.code, terms.EVERYONE):
        for row in scheme.parameters:
            if row.indicator == code and row.name in SHARE_NAMES:
                return row.location
    return indicator.location
