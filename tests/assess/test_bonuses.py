"""加减分: caps per item and per part, exact sums, what is said about each row; late returns."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe import settings, terms
from kaohe.assess.bonuses import Bonuses, bonuses
from kaohe.assess.lateness import late_deduction
from kaohe.model import Bonus, Location
from tests.support.schemes import small_scheme

SCHEME = small_scheme(
    部分="""
        代码|名称|上级|满分|性质
        A|发展||100|计分
        J|加分||8|加分
        J2|创新|J|3|加分
        K|扣分||5|扣分
        """,
    指标="""
        指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时
        X1|A|产值|亿元|正向|100|目标完成率|月度|无
        J01|J|国家表彰|项|正向|4|评定分|月度|无
        J02|J2|改革试点|项|正向|2|评定分|月度|无
        J03|J|无上限的|项|正向|0|评定分|月度|无
        K01|K|信息迟报|次|正向|2|评定分|月度|无
        """,
    目标="指标代码|单位代码|目标值|上年值\nX1|*|100|80",
)


def row(
    item: str, points: float | None, unit: str = "U1", reason: str = "事", date: str = "2007-06-01"
) -> Bonus:
    where = Location("总表.xlsx", "加减分", "D5")
    return Bonus("2007-H1", unit, item, points, reason, "文件", "考核办", date, where)


def codes(found: Bonuses) -> list[tuple[str, str]]:
    return sorted((f.code, f.location.unit) for f in found.findings)


def test_wxj2_an_item_is_capped_at_its_weight_and_the_part_at_its_full_marks() -> None:
    """WXJ2: at most 8 on top (108); 国家表彰 at most 4."""
    rows = [row("J01", 3.0), row("J01", 2.5, reason="另"), row("J02", 1.5), row("J", 3.0)]
    found = bonuses(SCHEME, rows, {})
    part = found.parts["U1"][0]
    assert [(item.code, item.summed, item.cap, item.counted, item.cut) for item in part.items] == [
        ("J01", 5.5, 4.0, 4.0, 1.5),
        ("J", 3.0, None, 3.0, 0.0),
    ]
    assert (part.summed, part.cap, part.counted, part.cut) == (8.5, 8.0, 8.0, 0.5)
    assert found.of("U1", terms.PART_BONUS) == 8.0
    assert found.by_part("U1") == {"J": 8.0}
    assert codes(found) == [("G04", "U1"), ("G04", "U1")]
    assert "合计 8.5 分,上限 8 分,超出的 0.5 分未计" in found.findings[-1].what


def test_a_part_below_has_its_own_cap() -> None:
    found = bonuses(SCHEME, [row("J02", 2.0), row("J2", 2.0)], {})
    below = found.parts["U1"][0].parts[0]
    assert (below.summed, below.counted, found.of("U1", terms.PART_BONUS)) == (4.0, 3.0, 3.0)
    assert [item.code for item in found.parts["U1"][0].all_items] == ["J02", "J2"]


def test_an_item_without_weight_has_only_the_parts_cap() -> None:
    found = bonuses(SCHEME, [row("J03", 7.5)], {})
    assert found.of("U1", terms.PART_BONUS) == 7.5
    assert found.findings == ()


def test_gn5_indicators_score_beside_the_register() -> None:
    """GN5: 优政 as 加分, 廉政 as 扣分; a score of the method and a row of the register share one cap."""
    found = bonuses(SCHEME, [row("J01", 3.0)], {("U1", "J01"): 2.0, ("U2", "K01"): -1.5, ("U1", "X1"): 60.0})
    assert found.of("U1", terms.PART_BONUS) == 4.0
    assert found.of("U2", terms.PART_DEDUCTION) == 1.5
    assert [line.source for line in found.parts["U1"][0].items[0].lines] == ["计分", "加减分"]
    assert set(found.parts) == {"U1", "U2"}


def test_a_deduction_typed_as_minus_3_or_3_is_the_same() -> None:
    """scoring-methods 20: typed as −3 or 3."""
    minus, plus = (bonuses(SCHEME, [row("K", value)], {}) for value in (-3.0, 3.0))
    assert minus.of("U1", terms.PART_DEDUCTION) == plus.of("U1", terms.PART_DEDUCTION) == 3.0
    assert (codes(minus), codes(plus)) == ([("G02", "U1")], [])


def test_a_negative_bonus_takes_away_down_to_nothing() -> None:
    found = bonuses(SCHEME, [row("J01", 1.0), row("J01", -2.0)], {})
    assert found.of("U1", terms.PART_BONUS) == 0.0
    assert codes(found) == [("G03", "U1")]


@pytest.mark.parametrize("item", ["A", "X1", "不存在"])
def test_points_can_only_stand_under_bonus_and_deduction(item: str) -> None:
    found = bonuses(SCHEME, [row(item, 2.0)], {})
    assert (found.parts, codes(found)) == ({}, [("G01", "U1")])


def test_the_same_row_twice_is_asked_about_and_counted() -> None:
    rows = [row("J01", 1.0), row("J01", 1.0), row("J01", 1.0, date="2007-06-02"), row("J01", 1.0, unit="U2")]
    found = bonuses(SCHEME, rows, {})
    assert codes(found) == [("G05", "U1")]
    assert found.of("U1", terms.PART_BONUS) == 3.0


def test_a_row_without_points_is_left_to_the_finding_about_its_cell() -> None:
    assert bonuses(SCHEME, [row("J01", None)], {}) == Bonuses({}, ())


def test_nothing_gives_nothing() -> None:
    assert bonuses(SCHEME, [], {}).of("U1", terms.PART_BONUS) == 0.0


points = st.decimals("-2", "5", places=3, allow_nan=False)


@given(st.lists(st.tuples(st.sampled_from(["J", "J01", "J02", "J03", "J2"]), points), max_size=12))
def test_sums_and_caps_are_those_of_decimal_arithmetic(given_rows: list[tuple[str, Decimal]]) -> None:
    """A person with pencil and paper: round each row, add up, cap from the inside out."""

    def item(code: str, cap: Decimal | None = None) -> Decimal:
        cent = Decimal("0.01")
        rounded = [value.quantize(cent, ROUND_HALF_UP) for at, value in given_rows if at == code]
        summed = max(sum(rounded, Decimal(0)), Decimal(0))
        return summed if cap is None else min(summed, cap)

    inner = min(item("J02", Decimal(2)) + item("J2"), Decimal(3))
    expected = min(item("J01", Decimal(4)) + item("J03") + item("J") + inner, Decimal(8))
    found = bonuses(
        SCHEME, [row(code, float(value), reason=str(n)) for n, (code, value) in enumerate(given_rows)], {}
    )
    assert Decimal(str(found.of("U1", terms.PART_BONUS))) == expected


@given(st.permutations([("J01", 3.3), ("J01", 1.9), ("K", 2.2), ("J02", 0.7), ("J", 5.1)]))
def test_the_order_of_the_rows_changes_no_points(order: list[tuple[str, float]]) -> None:
    found = bonuses(SCHEME, [row(code, value, reason=str(value)) for code, value in order], {})
    assert (found.of("U1", terms.PART_BONUS), found.of("U1", terms.PART_DEDUCTION)) == (8.0, 2.2)


def with_late(per_day: float, most: float) -> dict[str, str | float]:
    return {**settings.DEFAULTS, "迟报每天扣分": per_day, "迟报扣分上限": most}


DEADLINE = dt.date(2017, 1, 10)


@pytest.mark.parametrize(
    ("received", "extended", "days", "points"),
    [
        (dt.date(2017, 1, 10), None, 0, 0.0),
        (dt.date(2017, 1, 11), None, 1, 0.1),
        (dt.date(2017, 1, 17), None, 7, 0.5),
        (dt.date(2017, 1, 17), dt.date(2017, 1, 15), 2, 0.2),
        (dt.date(2017, 1, 12), dt.date(2017, 1, 1), 2, 0.2),
        (None, None, 0, 0.0),
    ],
)
def test_a_late_return_costs_points_by_the_day(
    received: dt.date | None, extended: dt.date | None, days: int, points: float
) -> None:
    late = late_deduction(with_late(0.1, 0.5), DEADLINE, received, extended)
    assert (late.days, late.points) == (days, points)
    assert bool(late.words) == bool(days)


def test_without_the_setting_nothing_is_taken_off_and_without_a_cap_there_is_none() -> None:
    late = dt.date(2017, 3, 1)
    assert late_deduction(settings.DEFAULTS, DEADLINE, late, None).points == 0.0
    assert late_deduction(with_late(0.1, 0), DEADLINE, late, None).points == 5.0
    assert (
        late_deduction(with_late(0.1, 2), DEADLINE, late, None).words
        == "迟报50天(截止2017-01-10),按上限扣 2 分"
    )
