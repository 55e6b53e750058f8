"""Conditions that must hold year after year, this year among them (WXD5, WXZ3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.history import SPLIT, History, Past
from kaohe.assess.outcome_figures import LESS_IS_BETTER, Figures
from kaohe.assess.outcome_scope import Pool
from kaohe.model import Indicator, OutcomeRule, Scheme
from kaohe.values.rounding import round_half_away

YEARLY = (terms.LAST_YEARS, terms.BELOW_MEAN_YEARS, terms.BELOW_TARGET_YEARS)


@dataclass(frozen=True, slots=True)
class Said:
    """Whether something held, in words; ``holds`` None: it cannot be told.

    ``mixed``: it held for some predecessors of a merged unit and not for others.
    """

    holds: bool | None
    words: str = ""
    notes: tuple[str, ...] = ()
    mixed: bool = False


Now = Callable[[str], Said]
"""Unit code → what is so this year."""
Then = Callable[[Past], Said]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Unit code → (basis, notes) where the condition held in every year.

    ``unknown``: units of which it cannot be told; ``mixed``: merged units for which only the predecessors
    that differ stand in the way.
    """

    hits: Mapping[str, tuple[str, tuple[str, ...]]]
    unknown: tuple[str, ...]
    mixed: tuple[str, ...]


def over_years(
    scheme: Scheme, rule: OutcomeRule, year: int, pool: Pool, figures: Figures, history: History
) -> Verdicts:
    """Units of the pool for which the rule's condition holds in each of ``rule.years`` years up to ``year``.

    For 连续末位 the total counts, else every indicator the rule names. Where the history is missing and all
    that is known holds, the unit is unknown.
    """
    tests: list[tuple[Now, Then, str]]
    if rule.condition == terms.LAST_YEARS:
        now = _last_now(pool)
        tests = [(lambda code: now[code], lambda past: _was_last(past, history), "")]
    else:
        known = scheme.indicator_by_code
        tests = [
            (*_of_indicator(rule.condition, known[code], pool, figures), code)
            for code in rule.indicators
            if code in known
        ]
        if len(tests) < len(rule.indicators):
            tests = []
    hits: dict[str, tuple[str, tuple[str, ...]]] = {}
    unknown: list[str] = []
    mixed: list[str] = []
    for row in pool.members if tests else ():
        code = row.unit.code
        said = [
            verdict
            for this_year, earlier, indicator in tests
            for verdict in (
                this_year(code),
                *(_earlier(history, code, year - back, indicator, earlier) for back in range(1, rule.years)),
            )
        ]
        if all(verdict.holds for verdict in said):
            notes = dict.fromkeys(note for verdict in said for note in verdict.notes)
            hits[code] = (";".join(verdict.words for verdict in said), tuple(notes))
        elif all(verdict.holds is not False for verdict in said) and row.rank is not None:
            unknown.append(code)
        elif all(verdict.holds is not False or verdict.mixed for verdict in said):
            mixed.append(code)
    return Verdicts(hits, tuple(unknown), tuple(mixed))


def _earlier(history: History, code: str, year: int, indicator: str, then: Then) -> Said:
    """One earlier year: for a merged unit it must have held for every predecessor."""
    held = [(past, then(past)) for past in history.of(code, year, indicator)]
    if not held:
        return Said(None)
    words = "、".join(f"{year}年{said.words}{past.origin}" for past, said in held)
    notes = tuple(
        f"{year}年的结果承接自拆分前的{past.name},是否适用请考核办研究"
        for past, _ in held
        if past.how == SPLIT
    )
    if any(said.holds is False for _, said in held):
        return Said(False, words, notes, mixed=any(said.holds for _, said in held))
    return Said(None if any(said.holds is None for _, said in held) else True, words, notes)


def _last_now(pool: Pool) -> dict[str, Said]:
    """Who is last this year; with fewer than two ranked nobody is."""
    ranked = [row for row in pool.members if row.rank is not None]
    if len(ranked) < 2:
        return {row.unit.code: Said(False) for row in pool.members}
    worst = max(pool.key(row) for row in ranked)
    alone = sum(pool.key(row) == worst for row in ranked) == 1
    words = f"今年末位(共 {len(ranked)} 个{'' if alone else ',并列'})"
    return {
        row.unit.code: Said(row.rank is not None and pool.key(row) == worst, words) for row in pool.members
    }


def _was_last(past: Past, history: History) -> Said:
    row = past.result
    of = f"(共 {row.of:g} 个)" if row.of is not None else ""
    return Said(history.was_last(row), f"第 {row.rank:g}{of}" if row.rank is not None else "")


def _of_indicator(condition: str, indicator: Indicator, pool: Pool, figures: Figures) -> tuple[Now, Then]:
    mine = figures.get(indicator.code, {})
    measure = indicator.unit_of_measure
    if condition == terms.BELOW_TARGET_YEARS:

        def missed(code: str) -> Said:
            figure = mine.get(code)
            if figure is None or figure.met is None:
                return Said(None if figure else False)
            words = f"今年{indicator.name} {_shown(figure.value)}{measure},目标 {_shown(figure.target)},未达"
            return Said(not figure.met, words)

        return missed, lambda past: _missed(past, indicator)
    known = [f.value for code in pool.by_code if (f := mine.get(code)) and f.value is not None]
    mean = sum(known) / len(known) if len(known) > 1 else None

    def below(code: str) -> Said:
        figure = mine.get(code)
        if figure is None:
            return Said(False)
        words = f"今年{indicator.name} {_shown(figure.value)}{measure},平均 {_shown(mean)}"
        return Said(_worse(figure.value, mean, indicator), words)

    return below, lambda past: _below(past, indicator)


def _missed(past: Past, indicator: Indicator) -> Said:
    """达标 as recorded, else the recorded value against the recorded target."""
    row = past.result
    words = f"{indicator.name} {_shown(row.value)},目标 {_shown(row.target)},未达"
    if row.met:
        return Said(row.met == terms.NO, words)
    return Said(_worse(row.value, row.target, indicator), words)


def _below(past: Past, indicator: Indicator) -> Said:
    row = past.result
    words = f"{indicator.name} {_shown(row.value)},平均 {_shown(row.mean)}"
    return Said(_worse(row.value, row.mean, indicator), words)


def _worse(value: float | None, against: float | None, indicator: Indicator) -> bool | None:
    """Whether a value is worse than another in the indicator's direction; None when one is missing.

    Means are compared as a cell would show them, so that a mean of equal values is no worse than they are.
    """
    if value is None or against is None or indicator.direction == terms.TARGET_RANGE:
        return None
    mine, other = float(f"{value:.15g}"), float(f"{against:.15g}")
    return mine > other if indicator.direction in LESS_IS_BETTER else mine < other


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{round_half_away(value, 4):.12g}"
