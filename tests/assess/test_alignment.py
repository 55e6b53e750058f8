"""Targets of two levels: which binds, what it weighs, how many there are (XT1–XT3, XT6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe import terms
from kaohe.assess.alignment import (
    ABOVE_BINDS,
    ALIKE,
    FROM_ABOVE,
    FROM_HERE,
    NOT_HERE,
    ONLY_ABOVE,
    ONLY_HERE,
    alignment,
    alignment_counts,
)
from kaohe.assess.load import load_scheme
from kaohe.assess.lookup import Lookup, adopted, check_levels
from kaohe.jobs.schemes import scheme_tables
from kaohe.model import Scheme, Target, Verdict
from kaohe.periods import parse_period
from tests.support.schemes import small_scheme

CODES = ("S30",)
"""Codes of findings whose cases stand in this file."""

INDICATORS = """
    指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|适用|责任部门
    X1|A|产值|亿元|正向|60|目标完成率|月度|无||发改局
    X2|B|事故率|%|{direction}|40|{method}|月度|无||安监局
    """
HEAD = "指标代码|单位代码|目标值|上年值|层级\n"


def scheme_of(targets: str, direction: str = "逆向", settings: str = "", **tables: str) -> Scheme:
    """The small scheme with these rows of 目标 (below HEAD); X2 in another direction."""
    drawn = {"指标": INDICATORS.format(direction=direction, method="目标完成率"), **tables}
    return small_scheme(
        方案=f"项目|值\n方案代码|T\n考核年度|2009\n{settings}", 目标=HEAD + targets, **drawn
    ).at(parse_period("2009").end)


@pytest.mark.parametrize(
    ("direction", "province", "city", "expected", "why"),
    [
        ("正向", 60, 50, 60, FROM_ABOVE),
        ("正向", 50, 60, 60, FROM_HERE),
        ("逆向", 60, 50, 50, FROM_HERE),
        ("逆向", 50, 60, 50, FROM_ABOVE),
        ("控制性", 68, 70, 68, FROM_ABOVE),
        ("控制性", 70, 68, 68, FROM_HERE),
        ("适度", 50, 60, 50, ABOVE_BINDS),
        ("适度", 60, 50, 60, ABOVE_BINDS),
        ("正向", -60, -50, -50, FROM_HERE),
        ("正向", 60, 60, 60, ALIKE),
        ("逆向", 60, 60, 60, ALIKE),
        ("正向", "", 60, 60, ONLY_HERE),
        ("正向", 0, "", 0, ONLY_ABOVE),
        ("正向", "", "", None, ALIKE),
    ],
)
def test_xt2_the_stricter_of_the_two_binds(
    direction: str, province: object, city: object, expected: float | None, why: str
) -> None:
    """XT2 就高不就低; for 逆向 the lower; both are kept and shown; equal: the province's prevails."""
    for rows in (f"X2|*|{province}||省\nX2|*|{city}||市", f"X2|*|{city}||市\nX2|*|{province}||省"):
        scheme = scheme_of(rows, direction)
        lookup = Lookup.of(scheme)
        target = lookup.target("X2", "U1")
        assert target is not None
        assert target.value == expected
        assert [row.level for row in lookup.targets_of("X2", "U1")] == ["省", "市"]
        if why == ALIKE:
            assert target.level == "省"
        row = next(row for row in alignment(scheme) if row.unit and row.unit.code == "U1")
        assert (row.why, row.adopted) == (why, target)


def test_a_units_own_row_of_one_level_and_everybodys_of_the_other_both_count() -> None:
    lookup = Lookup.of(scheme_of("X1|*|100|80|省\nX1|U1|110||市\nX1|U2|90|70|市\nX1|*|50||市"))
    assert [row.value for row in lookup.targets_of("X1", "U1")] == [100, 110]
    assert [row.value for row in lookup.targets_of("X1", "U2")] == [100, 90]
    assert [row.value for row in lookup.targets_of("X1", "U3")] == [100, 50]
    first, second = lookup.target("X1", "U1"), lookup.target("X1", "U2")
    assert first
    assert (first.value, first.level, first.prior) == (110, "市", 80), "the prior value is the other level's"
    assert second
    assert (second.value, second.prior) == (100, 80)
    assert lookup.target("X9", "U1") is None
    assert lookup.targets_of("X9", "U1") == ()


def test_of_one_level_the_units_own_row_goes_first_even_without_a_value() -> None:
    lookup = Lookup.of(scheme_of("X1|*|100|80|\nX1|U1|||"))
    mine = lookup.target("X1", "U1")
    assert mine is not None
    assert mine.value is None


def test_s30_a_level_that_says_nothing() -> None:
    scheme = scheme_of("X1|*|100||省\nX1|U1|90||\nX2|*|3||")
    found = list(check_levels(scheme))
    assert [(f.code, f.location.cell) for f in found] == [("S30", "C3")]
    assert "国家、省、市" in found[0].message


def test_xt3_weights_tilt_to_targets_of_the_province() -> None:
    """XT3: the declared multiplier, and what the weight was before it."""
    scheme = scheme_of("X1|*|100||省\nX2|*|3||市", settings="省级权重倍数|1.1")
    rows = alignment(scheme)
    assert [(r.indicator.code, r.unit and r.unit.code) for r in rows] == [("X1", "U1"), ("X1", "U2")]
    assert {(row.base_weight, row.factor, row.weight) for row in rows} == {(60, 1.1, 66)}
    assert alignment(scheme_of("X1|*|100||市")) == ()


def test_xt6_the_provinces_verdict_prevails() -> None:
    """XT6: 档次 of a target; the same target at both levels: the province's verdict."""
    verdicts = (
        Verdict("2009", "U1", "X1", "优秀", level="省", date="2009-12-01"),
        Verdict("2009", "U1", "X1", "良好", level="市", date="2009-12-20"),
        Verdict("2009", "U2", "X1", "合格", level="市", date="2009-12-01"),
        Verdict("2009", "U2", "X1", "良好", level="市", date="2009-12-20"),
        Verdict("2009-H1", "U2", "X1", "优秀", level="省", date="2009-07-01"),
    )
    rows = alignment(scheme_of("X1|*|100||省"), verdicts=verdicts, period="2009")
    assert [row.verdict for row in rows] == ["优秀", "良好"]


def test_xt1_targets_are_counted_not_rows() -> None:
    """XT1: listed, applicable, at both levels, new by aspect; one for nobody here stays in the list."""
    indicators = """
        指标代码|上级|指标名称|权重|计分方法|序时|适用
        X1|A|甲|60|目标完成率|无|
        X2|B|乙|40|目标完成率|无|U1
        X3|B|丙|0|目标完成率|无|无
        X4|A|丁|0|目标完成率|无|U2
        X5|A|戊|0|目标完成率|无|
        """
    scheme = scheme_of(
        "X1|*|9||省\nX1|U1|8||市\nX2|U1|3||省\nX3|*|4||省\nX4|U2|5||省\nX5|*|1||市", 指标=indicators
    )
    rows = alignment(scheme)
    counts = alignment_counts(rows)
    assert (counts.listed, counts.applied, counts.shared) == (4, 3, 1)
    assert counts.new == {"发展": 1, "民生": 1}
    nobody = next(row for row in rows if row.unit is None)
    assert (nobody.indicator.code, nobody.why, nobody.adopted) == ("X3", NOT_HERE, None)
    assert nobody.province is not None


values = st.integers(-50, 50).map(float)


@given(
    st.sampled_from(terms.DIRECTIONS),
    st.lists(st.one_of(st.none(), values), min_size=1, max_size=4),
)
def test_the_adopted_target_is_never_looser_than_another(direction: str, found: list[float | None]) -> None:
    levels = ("省", "市", "县", "区")
    rows = [Target("X1", "*", value, level=level) for value, level in zip(found, levels, strict=False)]
    chosen = adopted(rows, direction)
    given_ = [value for value in found if value is not None]
    best = {"正向": max, "逆向": min, "控制性": min}.get(direction, lambda numbers: numbers[0])
    assert chosen.value == (best(given_) if given_ else None)
    assert chosen.level == next(row.level for row in rows if row.value == chosen.value), (
        "the highest of equals"
    )


def test_xt1_the_published_counts() -> None:
    """XT1 ▣: 125 listed, 79 apply here, 47 at both levels, 32 new = 4 + 10 + 11 + 7."""
    whole, _ = load_scheme(scheme_tables("XT"))
    counts = alignment_counts(alignment(whole.at(parse_period("2009").end)))
    assert (counts.listed, counts.applied, counts.shared) == (125, 79, 47)
    assert [number for number in counts.new.values() if number] == [4, 10, 11, 7]
    assert list(check_levels(whole)) == []
