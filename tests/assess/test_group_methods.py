"""Methods that compare units, through scoring: groups of every size, ties, no partner, ranges."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe import terms
from kaohe.assess.inputs import Answer, compared_units, group_columns, needed_parameters, rule_inputs
from kaohe.assess.methods import method_book
from kaohe.assess.scoring import IndicatorResult, Scores, score
from kaohe.model import Scheme, Unit
from kaohe.rules.column import Column
from tests.support.returns import H1
from tests.support.schemes import small_scheme

NAMES = "甲乙丙丁戊己庚"
SEVEN = "单位代码|单位名称|类别|考核组\n" + "\n".join(
    f"U{n}|{name}|{'一类' if n <= 4 else '二类'}|{'A组' if n <= 3 else 'B组'}"
    for n, name in enumerate(NAMES, start=1)
)
Values = dict[str, Answer]


def scheme_of(method: str, **tables: str | None) -> Scheme:
    direction = tables.pop("性质", "正向")
    rows = f"X1|A|增速|{direction}|60|{method}|无\nX2|B|满意率|正向|40|目标完成率|无"
    drawn: dict[str, str | None] = {
        "指标": f"指标代码|上级|指标名称|指标性质|权重|计分方法|序时\n{rows}",
        "单位": SEVEN,
    }
    return small_scheme(**{**drawn, **tables})


def scored(method: str, values: Values, **tables: str | None) -> IndicatorResult:
    """X1 (60 points) under a method."""
    return scores_of(method, values, **tables).results["X1"]


def scores_of(method: str, values: Values, **tables: str | None) -> Scores:
    return score(scheme_of(method, **tables), H1, {"X1": values})


def points(row: IndicatorResult) -> list[float | None]:
    return [p / 100 if ok else None for p, ok in zip(row.points, row.scored, strict=True)]


def parameters(*rows: str) -> str:
    return "\n".join(("指标代码|对象|参数|值", *rows))


def targets(*priors: float | str) -> str:
    rows = [f"X1|U{n}|100|{prior}" for n, prior in enumerate(priors, start=1)]
    return "\n".join(("指标代码|单位代码|目标值|上年值", *rows, "X2|*|90|85"))


def setting(name: str, value: str) -> str:
    return f"项目|值\n方案代码|T\n考核年度|2007\n{name}|{value}"


def of(*values: Answer) -> Values:
    return {f"U{n}": value for n, value in enumerate(values, start=1)}


def test_ranks_by_measure_in_the_declared_direction() -> None:
    """Row 5: 1, .95, .90 …; two firsts and then a third."""
    assert points(scored("排名赋分", of(9.0, 9.0, 8.0, 1.0, 2.0, 3.0, 4.0))) == [
        60.0,
        60.0,
        54.0,
        51.0,
        54.0,
        57.0,
        60.0,
    ]
    lower = scored("排名赋分", of(9.0, 9.0, 8.0, 1.0, 2.0, 3.0, 4.0), 性质="逆向")
    assert points(lower) == [57.0, 57.0, 60.0, 60.0, 57.0, 54.0, 51.0]


def test_what_shows_equal_is_tied() -> None:
    assert points(scored("排名赋分", of(0.1 + 0.2, 0.3, 0.2)))[:3] == [60.0, 60.0, 54.0]


def test_nobody_else_handed_in() -> None:
    """One unit with a number is first of one, whatever the others left blank or wrote."""
    row = scored("排名赋分", of(5.0, None, terms.BLANK))
    assert points(row) == [60.0, None, None, None, None, None, None]
    assert row.state[1] == terms.NOT_READ
    assert row.state[2] == terms.BLANK
    for method in ("功效系数组内", "极差法", "极差法逆向", "标准分", "标准分逆向", "达标进位"):
        assert points(scored(method, of(500.0)))[0] == 60.0, method


@pytest.mark.parametrize("method", ["极差法", "标准分", "功效系数组内", "排名赋分", "对标增速"])
def test_nobody_at_all(method: str) -> None:
    row = scored(method, {}, 参数=parameters("X1|*|对标值|5"))
    assert not row.scored.any()
    assert set(row.state) == {terms.BLANK}


@pytest.mark.parametrize(
    ("method", "full", "base"), [("功效系数组内", 60, 36), ("极差法", 60, 0), ("标准分", 60, 42)]
)
def test_all_equal(method: str, full: float, base: float) -> None:
    """组内相同: full marks, or what a unit at the bottom (at the mean) gets; 0.1 thrice has no exact mean."""
    values = of(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)
    assert points(scored(method, values)) == [full] * 7
    assert points(scored(method, values, 方案=setting("组内相同", "基础分"))) == [base] * 7


def test_reached_and_moved_up() -> None:
    """Row 6: 0.4 of the weight when met, up to 0.6 by rank among the group (3 and 4 units)."""
    row = scored("达标进位", of(120.0, 100.0, 90.0, 90.0, 90.0, 99.0, 100.0))
    assert points(row) == [60.0, 48.0, 12.0, 18.0, 18.0, 27.0, 60.0]
    assert row.met.tolist() == [True, True, False, False, False, False, True]


def test_growth_within_the_group_wxd2() -> None:
    """WXD2, the growth side: growth of 10%, 20% and 15% between the worst and the best."""
    row = scored("增幅功效组内", of(110.0, 240.0, 57.5), 目标=targets(100, 200, 50))
    assert points(row)[:3] == [36.0, 60.0, 48.0]
    assert row.met.tolist()[:3] == [False, True, True]


def test_growth_from_nothing_or_less() -> None:
    """上年值非正: an error of the unit alone, or its base points; it is not compared either way."""
    tables = {"目标": targets(100, 200, -5)}
    strict = scored("增幅功效组内", of(110.0, 240.0, 57.5), **tables)
    assert points(strict)[:3] == [36.0, 60.0, None]
    assert "不计分" in strict.errors[2]
    level = scored("增幅功效组内", of(110.0, 240.0, 57.5), 方案=setting("上年值非正", "只计总量"), **tables)
    assert points(level)[:3] == [36.0, 60.0, 36.0]
    assert level.met.tolist()[:3] == [False, True, False]


def test_own_growth_against_the_partners_wxd4() -> None:
    """WXD4: own 8, 9 and 7 points of growth against partners' 7, 6 and 8: ahead by 1, 3 and -1."""
    partners = parameters("X1|U1|对标值|7", "X1|U2|对标值|6", "X1|U3|对标值|8")
    row = scored("对标增速", of(8.0, 9.0, 7.0), 参数=partners)
    assert points(row)[:3] == [48.0, 60.0, 36.0]
    assert row.met.tolist()[:3] == [True, True, False]


def test_a_unit_without_a_partner() -> None:
    """Not scorable, and the reason says what is missing; or the declared share. Others do not feel it."""
    partners = ("X1|U1|对标值|7", "X1|U2|对标值|6")
    row = scored("对标增速", of(8.0, 9.0, 7.0), 参数=parameters(*partners))
    assert points(row)[:3] == [36.0, 60.0, None]
    assert row.errors[2] == "对标值是空的"
    given = scored("对标增速", of(8.0, 9.0, 7.0), 参数=parameters(*partners, "X1|*|无对标系数|0.8"))
    assert points(given)[:3] == [36.0, 60.0, 48.0]
    assert given.met[2]
    nobody = scored("对标增速", of(8.0, 9.0, 7.0), 参数=parameters("X1|*|无对标系数|0.8"))
    assert points(nobody)[:3] == [48.0, 48.0, 48.0]


def test_change_of_relative_speed_wxz2() -> None:
    """WXZ2: (own − partner's) this year less last year: 1 − (−2) = 3, −1 − 1 = −2, 0 − 0 = 0."""
    speeds = [
        f"X1|U{n}|{name}|{value}"
        for n, pair in enumerate(((7, 10), (9, 7), (6, 5)), start=1)
        for name, value in zip(("对标值", "对标上年值"), pair, strict=True)
    ]
    row = scored("对标加速", of(8.0, 8.0, 6.0), 参数=parameters(*speeds), 目标=targets(8, 8, 5))
    assert points(row)[:3] == [60.0, 36.0, 45.6]
    assert row.met.tolist()[:3] == [True, False, True]


def test_a_partner_but_no_growth_of_last_year() -> None:
    """The missing figure is the unit's own: no share of the weight stands in for it."""
    given = parameters("X1|*|对标值|7", "X1|*|对标上年值|6", "X1|*|无对标系数|0.8")
    row = scored("对标加速", of(8.0, 8.0), 参数=given, 目标=targets(8))
    assert points(row)[:2] == [60.0, None]
    assert row.errors[1] == "上年值是空的"


def test_what_must_be_given_and_what_the_rule_answers_itself() -> None:
    book = method_book(scheme_of("目标完成率")).methods
    assert needed_parameters(book["对标增速"]) == ()
    assert needed_parameters(book["对标加速"]) == ()
    assert needed_parameters(book["标杆值比率"]) == ("对标值",)
    assert needed_parameters(book["区间适度"]) == ("上限", "下限")
    assert needed_parameters(book["排名赋分"]) == ()


def test_the_range_of_comparison() -> None:
    """比较范围: the group (3 + 4), the class (4 + 3) or all seven."""
    values = of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
    counts = {}
    for scope in ("考核组", "类别", "全部"):
        scores = scores_of("排名赋分", values, 方案=setting("比较范围", scope))
        counts[scope] = points(scores.results["X1"])
    assert counts["考核组"] == [54.0, 57.0, 60.0, 51.0, 54.0, 57.0, 60.0]
    assert counts["类别"] == [51.0, 54.0, 57.0, 60.0, 54.0, 57.0, 60.0]
    assert counts["全部"] == [42.0, 45.0, 48.0, 51.0, 54.0, 57.0, 60.0]


def test_a_unit_it_does_not_apply_to_is_not_compared() -> None:
    rows = "X1|A|增速|正向|60|排名赋分|无|U1、U3\nX2|B|满意率|正向|40|目标完成率|无|"
    scheme = small_scheme(指标=f"指标代码|上级|指标名称|指标性质|权重|计分方法|序时|适用\n{rows}", 单位=SEVEN)
    row = score(scheme, H1, {"X1": of(1.0, 2.0, 3.0)}).results["X1"]
    assert points(row)[:3] == [57.0, None, 60.0]


def test_persons_are_not_compared_with_units() -> None:
    units = (Unit("U1", "局", group="甲"), Unit("P1", "张", group="甲", kind=terms.KIND_PERSON))
    assert list(compared_units(units, "全部").values()) == [[0], [1]]


MEASURES = st.lists(st.one_of(st.none(), st.integers(-50, 50).map(lambda n: n / 4)), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(MEASURES)
def test_figures_of_a_group_against_plain_fractions(values: list[float | None]) -> None:
    """Competition rank, extremes, mean and the deviation of the whole group."""
    units = [Unit(f"U{n}", str(n), group="甲") for n in range(len(values))]
    indicator = scheme_of("排名赋分").indicators[0]
    measure = np.array([np.nan if value is None else value for value in values])
    found = group_columns(indicator, measure, units)
    known = [Decimal(str(value)) for value in values if value is not None]
    if not known:
        assert all(np.isnan(column).all() for column in found.values())
        return
    mean = sum(known, Decimal(0)) / len(known)
    spread = (sum(((own - mean) ** 2 for own in known), Decimal(0)) / len(known)).sqrt()
    expected = {"组最大值": max(known), "组最小值": min(known), "组平均值": mean, "组标准差": spread}
    for name, figure in expected.items():
        assert found[name] == pytest.approx([float(figure)] * len(values), rel=1e-12, abs=1e-12)
    assert set(found["组单位数"]) == {len(known)}
    for own, rank in zip(values, found["组名次"], strict=True):
        assert np.isnan(rank) if own is None else rank == 1 + sum(float(k) > own for k in known)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=7, max_size=7), st.permutations(range(7)))
def test_the_order_of_units_changes_nothing(typed: list[int], order: list[int]) -> None:
    lines = SEVEN.split("\n")
    shuffled = "\n".join([lines[0], *(lines[1 + at] for at in order)])
    values: Values = {f"U{n}": float(value) for n, value in enumerate(typed, start=1)}
    for method in ("标准分", "达标进位"):
        before = scores_of(method, values)
        after = scores_of(method, values, 单位=shuffled)
        by_code = dict(zip([u.code for u in after.units], points(after.results["X1"]), strict=True))
        assert [by_code[u.code] for u in before.units] == points(before.results["X1"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=3, max_size=3), st.integers(1, 30))
def test_a_greater_measure_never_costs_points(typed: list[int], more: int) -> None:
    for method in ("极差法", "标准分", "排名赋分", "达标进位", "功效系数组内"):
        before = points(scored(method, of(*map(float, typed))))[0]
        after = points(scored(method, of(float(typed[0] + more), *map(float, typed[1:]))))[0]
        assert before is not None
        assert after is not None
        assert after >= before or len(set(typed)) == 1, method


def half_up(value: Decimal) -> float:
    return float(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_measures_that_are_equal_on_paper_tie() -> None:
    """9.1 − 8.9, 0.3 − 0.1 and 7.4 − 7.2 are 0.2 each, and no two of them the same double."""
    assert len({9.1 - 8.9, 0.3 - 0.1, 7.4 - 7.2}) == 3
    partners = parameters("X1|U1|对标值|8.9", "X1|U2|对标值|0.1", "X1|U3|对标值|7.2")
    row = scored("对标增速", of(9.1, 0.3, 7.4), 参数=partners)
    assert points(row)[:3] == [60.0, 60.0, 60.0]
    growth = scored("增幅功效组内", of(1.001, 100.1, 2002.0), 目标=targets(1, 100, 2000))
    assert points(growth)[:3] == [60.0, 60.0, 60.0]


def test_z_scores_against_plain_fractions() -> None:
    """Row 19: 0.7 at the mean, 0.15 per standard deviation of the whole group."""
    own = [Decimal(n) for n in (10, 20, 60)]
    mean = sum(own, Decimal(0)) / 3
    spread = (sum(((x - mean) ** 2 for x in own), Decimal(0)) / 3).sqrt()
    expected = [half_up(60 * (Decimal("0.7") + Decimal("0.15") * (x - mean) / spread)) for x in own]
    assert points(scored("标准分", of(10.0, 20.0, 60.0)))[:3] == expected


def test_inputs_hold_the_measure_and_the_figures() -> None:
    scores = scores_of("增幅功效组内", of(110.0, 240.0, None), 目标=targets(100, 200, 50))
    row = scores.results["X1"]
    assert row.method is not None
    inputs = rule_inputs(row, row.method, scores.lookup, scores.units)
    measure = inputs["度量值"]
    assert isinstance(measure, Column)
    assert measure.tolist()[:3] == [pytest.approx(0.1), pytest.approx(0.2), None]
