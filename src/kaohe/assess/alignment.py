"""目标对接: targets of the province beside the city's own, what is adopted, what it weighs (XT1–XT3, XT6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.lookup import Lookup, adopted
from kaohe.model import Indicator, Scheme, Target, Unit, Verdict

FROM_ABOVE, FROM_HERE, ALIKE = "从严采用省级", "从严采用本级", "两级一致"
ONLY_ABOVE, ONLY_HERE, ABOVE_BINDS = "只有省级", "只有本级", "适度指标从省"
NOT_HERE = "本地不适用"
REASONS = (FROM_ABOVE, FROM_HERE, ALIKE, ONLY_ABOVE, ONLY_HERE, ABOVE_BINDS, NOT_HERE)


@dataclass(frozen=True, slots=True)
class AlignmentRow:
    """One indicator of one unit. ``unit`` None: the indicator is listed and assessed of nobody here.

    ``province`` and ``own`` are rows of 目标 (own: the strictest of the levels below); ``adopted`` is the one
    that binds, ``why`` one of ``REASONS``. ``base_weight`` × ``factor`` = ``weight`` (points, XT3).
    ``verdict``: 档次 or value as the department found it for this target, '' where nothing was found (XT6).
    """

    indicator: Indicator
    aspect: str
    unit: Unit | None
    province: Target | None
    own: Target | None
    adopted: Target | None
    why: str
    base_weight: float
    factor: float
    weight: float
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class AlignmentCounts:
    """How many provincial targets there are (XT1): ``new`` per aspect, in the order of 部分."""

    listed: int
    applied: int
    shared: int
    new: Mapping[str, int]


def alignment(
    scheme: Scheme, lookup: Lookup | None = None, verdicts: Iterable[Verdict] = (), period: str = ""
) -> tuple[AlignmentRow, ...]:
    """Every indicator with a provincial target × every unit it is assessed of; () when there is none.

    ``scheme`` is one that ``Scheme.at`` has resolved. ``verdicts`` of ``period`` give the 档次: the
    province's before the city's, later before earlier (XT6).
    """
    provincial = {row.indicator for row in scheme.targets if row.level == terms.LEVEL_PROVINCE}
    found = lookup or Lookup.of(scheme)
    said = _prevailing(verdicts, period)
    rows: list[AlignmentRow] = []
    for indicator in scheme.indicators:
        if indicator.code not in provincial or scheme.indicator_by_code[indicator.code] is not indicator:
            continue
        units = [unit for unit in scheme.units if indicator.applies(unit)]
        rows += [_row(scheme, found, indicator, unit, said) for unit in units]
        if not units:
            rows.append(_row(scheme, found, indicator, None, said))
    return tuple(rows)


def alignment_counts(rows: Iterable[AlignmentRow]) -> AlignmentCounts:
    """Targets, not rows: an indicator of several units counts once."""
    rows = tuple(rows)
    listed = {row.indicator.code for row in rows}
    applied = {row.indicator.code for row in rows if row.unit is not None}
    shared = {row.indicator.code for row in rows if row.unit is not None and row.own is not None}
    new: dict[str, int] = dict.fromkeys((row.aspect for row in rows), 0)
    for aspect in {
        row.indicator.code: row.aspect for row in rows if row.indicator.code in applied - shared
    }.values():
        new[aspect] += 1
    return AlignmentCounts(len(listed), len(applied), len(shared), new)


def _row(
    scheme: Scheme,
    lookup: Lookup,
    indicator: Indicator,
    unit: Unit | None,
    verdicts: Mapping[tuple[str, str], Verdict],
) -> AlignmentRow:
    targets = lookup.targets_of(indicator.code, unit.code) if unit else _anybodys(lookup, indicator.code)
    province = next((row for row in targets if row.level == terms.LEVEL_PROVINCE), None)
    below = tuple(row for row in targets if row.level != terms.LEVEL_PROVINCE)
    own = adopted(below, indicator.direction) if below else None
    part = scheme.top_part_of(indicator)
    base = indicator.weight if indicator.base_weight is None else indicator.base_weight
    verdict = verdicts.get((unit.code, indicator.code)) if unit else None
    return AlignmentRow(
        indicator=indicator,
        aspect=part.name if part else "",
        unit=unit,
        province=province,
        own=own,
        adopted=lookup.target(indicator.code, unit.code) if unit else None,
        why=_why(province, own, indicator.direction) if unit else NOT_HERE,
        base_weight=base,
        factor=1.0 if indicator.base_weight is None else float(scheme.settings["省级权重倍数"]),
        weight=indicator.weight,
        verdict=verdict.value if verdict else "",
    )


def _anybodys(lookup: Lookup, code: str) -> tuple[Target, ...]:
    """The rows of an indicator assessed of nobody: everybody's, else the first unit's."""
    rows = lookup.all_targets.get(code, {})
    return rows.get(terms.EVERYONE) or next(iter(rows.values()), ())


def _why(province: Target | None, own: Target | None, direction: str) -> str:
    """Which of the two binds and why, in the words of the sheet."""
    above = None if province is None else province.value
    here = None if own is None else own.value
    if above == here and province and own:  # also where neither has a number: work judged by 档次 (XT6)
        return ALIKE
    if here is None and province:
        return ONLY_ABOVE
    if above is None or here is None:
        return ONLY_HERE if own else ""
    if direction == terms.TARGET_RANGE:
        return ABOVE_BINDS
    stricter = above > here if direction == terms.HIGHER_BETTER else above < here
    return FROM_ABOVE if stricter else FROM_HERE


def _prevailing(verdicts: Iterable[Verdict], period: str) -> dict[tuple[str, str], Verdict]:
    """Per (unit, indicator) the province's verdict before others, the later before the earlier."""
    mine = [row for row in verdicts if row.period == period]
    mine.sort(key=lambda row: (row.level == terms.LEVEL_PROVINCE, row.date))
    return {(row.unit, row.indicator): row for row in mine}
