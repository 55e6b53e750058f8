"""Standings hold for any scores: exact against Decimal, blind to the order of units, and monotone."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.assess.scoring import Scores, score
from kaohe.assess.standing import Standing, standings
from kaohe.model import Scheme
from tests.support.returns import H1
from tests.support.schemes import small_scheme

UNITS = 7
INDICATORS = ("X1", "X2", "X3", "X4")
SCHEME = small_scheme(
    指标="""
        指标代码|上级|指标名称|权重|计分方法|序时
        X1|A|产值|33.3|目标完成率|无
        X2|A|税收|26.7|序时进度|按月
        X3|B|满意率|24.9|目标完成率|无
        X4|B|事故|15.1|目标完成率逆向|无
        """,
    部分="代码|名称|上级|满分\nA|发展||60\nB|民生||40",
    单位="\n".join(["单位代码|单位名称|考核组", *(f"U{n}|单位{n}|{'甲乙'[n % 2]}组" for n in range(UNITS))]),
    目标="指标代码|单位代码|目标值|上年值\n" + "\n".join(f"{code}|*|97.3|90" for code in INDICATORS),
)
Values = dict[str, dict[str, float | str | None]]

amounts = st.floats(min_value=0, max_value=250, allow_nan=False).map(lambda x: float(f"{x:.3g}"))
cells = st.lists(amounts, min_size=UNITS * 4, max_size=UNITS * 4)
stages = st.tuples(*[st.integers(0, 4)] * 3)


def values_of(numbers: list[float]) -> Values:
    return {
        code: {f"U{n}": numbers[at * UNITS + n] for n in range(UNITS)} for at, code in enumerate(INDICATORS)
    }


def with_places(indicator: int, part: int, total: int) -> Scheme:
    chosen: dict[str, str | float] = {"得分小数位": indicator, "部分小数位": part, "总分小数位": total}
    return replace(SCHEME, settings={**SCHEME.settings, **chosen})


def quantized(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def decimal_totals(scores: Scores, part_places: int, total_places: int) -> list[Decimal]:
    """Totals as a person with pencil and paper makes them from the rounded scores."""
    totals = []
    for unit in range(len(scores.units)):
        parts = {"A": Decimal(0), "B": Decimal(0)}
        for row in scores.counted:
            parts[row.indicator.parent] += Decimal(int(row.points[unit])).scaleb(-scores.places)
        totals.append(
            quantized(sum((quantized(p, part_places) for p in parts.values()), Decimal(0)), total_places)
        )
    return totals


def by_unit(found: tuple[Standing, ...]) -> dict[str, Standing]:
    return {standing.unit.code: standing for standing in found}


@settings(max_examples=60)
@given(cells, stages)
def test_totals_and_ranks_are_those_of_decimal_arithmetic(
    numbers: list[float], places: tuple[int, int, int]
) -> None:
    scores = score(with_places(*places), H1, values_of(numbers))
    totals = decimal_totals(scores, places[1], places[2])
    found = by_unit(standings(scores, ()))
    for at, unit in enumerate(scores.units):
        rivals = [t for t, other in zip(totals, scores.units, strict=True) if other.group == unit.group]
        assert Decimal(str(found[unit.code].total)) == totals[at]
        assert found[unit.code].rank == 1 + sum(rival > totals[at] for rival in rivals)
        assert found[unit.code].tied == (rivals.count(totals[at]) > 1)


@settings(max_examples=40)
@given(cells, st.permutations(range(UNITS)))
def test_the_order_of_the_units_changes_nothing(numbers: list[float], order: list[int]) -> None:
    turned = replace(SCHEME, units=tuple(SCHEME.units[at] for at in order))
    first = by_unit(standings(score(SCHEME, H1, values_of(numbers)), ()))
    second = by_unit(standings(score(turned, H1, values_of(numbers)), ()))
    assert first == second


@settings(max_examples=60)
@given(cells, st.sampled_from(INDICATORS[:3]), st.integers(0, UNITS - 1), amounts)
def test_a_higher_value_never_lowers_a_score(numbers: list[float], code: str, unit: int, more: float) -> None:
    """正向: neither the score nor the total; nor does anybody else gain or lose a point."""
    values = values_of(numbers)
    higher = {**values, code: {**values[code], f"U{unit}": float(values[code][f"U{unit}"] or 0.0) + more}}
    before, after = score(SCHEME, H1, values), score(SCHEME, H1, higher)
    gained = after.results[code].points - before.results[code].points
    assert gained[unit] >= 0
    assert not np.delete(gained, unit).any()
    old, new = (by_unit(standings(scores, ())) for scores in (before, after))
    assert new[f"U{unit}"].total >= old[f"U{unit}"].total
    assert (new[f"U{unit}"].rank or 0) <= (old[f"U{unit}"].rank or 0)


@settings(max_examples=40)
@given(cells, st.sets(st.integers(0, UNITS - 1)))
def test_parts_make_the_total_and_gain_and_loss_the_weight(
    numbers: list[float], open_errors: set[int]
) -> None:
    provisional = {f"U{n}" for n in open_errors}
    found = standings(score(SCHEME, H1, values_of(numbers)), provisional)
    for standing in found:
        parts = sum(Decimal(str(value)) for value in standing.parts.values())
        assert parts == Decimal(str(standing.total))
        assert Decimal(str(standing.total)) + Decimal(str(standing.lost)) == 100
        assert standing.on_schedule + standing.behind == standing.scored_indicators == 4
        assert (standing.rank is None) == (standing.unit.code in provisional)


@settings(max_examples=40)
@given(cells, st.sets(st.integers(0, UNITS - 1), max_size=3))
def test_provisional_units_are_as_good_as_absent_for_the_others(
    numbers: list[float], open_errors: set[int]
) -> None:
    provisional = {f"U{n}" for n in open_errors}
    ranked = by_unit(standings(score(SCHEME, H1, values_of(numbers)), provisional))
    others = replace(SCHEME, units=tuple(u for u in SCHEME.units if u.code not in provisional))
    alone = by_unit(standings(score(others, H1, values_of(numbers)), ()))
    assert {code: ranked[code].rank for code in alone} == {code: s.rank for code, s in alone.items()}
