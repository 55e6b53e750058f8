"""各期: one value out of several periods (scoring-methods 26)."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.assess.inputs import Answer
from kaohe.assess.periods_mix import Mix, MixTerm, check_mix, mix_formula, mixed
from kaohe.findings import Finding
from kaohe.model import Scheme
from kaohe.periods import parse_period
from kaohe.rules import parse
from tests.support.schemes import small_scheme

CODES = ("V36",)
"""Codes of findings whose cases stand in this file."""

INDICATORS = """
    指标代码|上级|指标名称|计量单位|权重|计分方法|频次|取值|适用
    X1|A|产值|亿元|60|目标完成率|月度||
    X2|B|督察|分|40|比例直接计分|{frequency}|各期|{applies}
    """
SHARES = "X2|*|期次Q1|0.15\nX2|*|期次H1|0.25\nX2|*|期次Q3|0.25\nX2|*|期次全年|0.35"
TYPED = {"2016-Q1": 80.0, "2016-H1": 85.0, "2016-Q3": 90.0, "2016": 88.0}


def scheme_of(shares: str = SHARES, frequency: str = "月度", applies: str = "") -> Scheme:
    return small_scheme(
        指标=INDICATORS.format(frequency=frequency, applies=applies),
        参数="指标代码|对象|参数|值\n" + shares if shares else None,
    ).at(parse_period("2016").end)


def run(answers: dict[str, dict[str, Answer]], period: str = "2016", scheme: Scheme | None = None) -> Mix:
    scheme = scheme or scheme_of()
    return mixed(scheme, scheme.indicator_by_code["X2"], parse_period(period), answers)


def both(typed: dict[str, float]) -> dict[str, dict[str, Answer]]:
    return {code: {"U1": value, "U2": value} for code, value in typed.items()}


def shown(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    assert all(finding.message for finding in findings)
    return [(f.code, f.location.unit, str(f.facts.get("period", ""))) for f in findings]


def test_26_four_periods_make_the_years_value() -> None:
    found = run(both(TYPED))
    assert found.values == {"U1": 86.55, "U2": 86.55}
    assert found.findings == ()
    assert mix_formula(found.terms["U1"]) == "0.15*80+0.25*85+0.25*90+0.35*88"
    assert found.terms["U1"][0] == MixTerm("2016-Q1", 0.15, 80)


def test_before_the_years_end_what_has_come_is_brought_to_one() -> None:
    found = run(both(TYPED), "2016-H1")
    assert found.values["U1"] == pytest.approx((12 + 21.25) / 0.4)
    assert mix_formula(found.terms["U1"]) == "(0.15*80+0.25*85)/0.4"
    assert shown(found.findings) == [("S39", "", "")]
    assert "2016-Q1、2016-H1" in found.findings[0].what


@pytest.mark.parametrize("gap", ["2016-Q1", "2016"])
@pytest.mark.parametrize("answer", [None, "是", "未填"])
def test_a_missing_period_is_a_finding_and_not_scored(gap: str, answer: Answer) -> None:
    answers = both(TYPED)
    answers[gap]["U1"] = answer
    found = run(answers)
    assert found.values == {"U2": 86.55}
    assert shown(found.findings) == [("V36", "U1", gap)]
    scheme = scheme_of()
    settled = {("U1", "X2")}
    decided = mixed(scheme, scheme.indicator_by_code["X2"], parse_period("2016"), answers, settled=settled)
    assert (decided.values, decided.findings) == ({"U2": 86.55}, ())
    del answers[gap]
    assert shown(run(answers).findings) == [("V36", "U1", gap), ("V36", "U2", gap)]


def test_nothing_is_due_before_the_first_period() -> None:
    found = run(both(TYPED), "2016-02")
    assert found.values == {}
    assert shown(run({}, "2016-02").findings) == [("V36", "U1", "2016-Q1"), ("V36", "U2", "2016-Q1")]


def test_an_indicator_that_is_not_measured_says_nothing() -> None:
    assert run({}, "2016-H1", scheme_of(frequency="年度")).findings == ()


def test_a_unit_may_have_its_own_shares_and_others_none_of_it() -> None:
    scheme = scheme_of(SHARES + "\nX2|U2|期次Q1|0\nX2|U2|期次H1|0.4", applies="U2")
    found = run(both(TYPED), scheme=scheme)
    assert found.values == {"U2": 87.3}
    assert list(check_mix(scheme)) == []


@pytest.mark.parametrize(
    ("shares", "code", "cell"),
    [
        (SHARES.replace("0.35", "0.34"), "S32", "D2"),
        (SHARES + "\nX2|U2|期次Q1|0.2", "S32", "D2"),
        (SHARES.replace("|*|", "|U1|"), "S45", "A3"),
    ],
)
def test_shares_that_cannot_be_used(shares: str, code: str, cell: str) -> None:
    found = list(check_mix(scheme_of(shares)))
    assert [(f.code, f.location.cell) for f in found] == [(code, cell)]
    assert found[0].message


marks = st.integers(-20000, 20000).map(lambda n: Decimal(n) / 100)


@given(
    st.lists(st.integers(1, 97), min_size=3, max_size=3, unique=True), st.lists(marks, min_size=4, max_size=4)
)
def test_the_value_is_that_of_decimals_and_of_its_formula(cuts: list[int], typed: list[Decimal]) -> None:
    edges = [0, *sorted(cuts), 100]
    shares = [Decimal(high - low) / 100 for low, high in pairwise(edges)]
    names = ("期次Q1", "期次H1", "期次Q3", "期次全年")
    rows = "\n".join(f"X2|*|{name}|{share}" for name, share in zip(names, shares, strict=True))
    answers = both({code: float(value) for code, value in zip(TYPED, typed, strict=True)})
    scheme = scheme_of(rows)
    assert list(check_mix(scheme)) == []
    found = run(answers, scheme=scheme)
    expected = sum(share * value for share, value in zip(shares, typed, strict=True))
    assert found.values["U1"] == pytest.approx(float(expected), abs=1e-11)
    computed = parse(mix_formula(found.terms["U1"]), ()).evaluate({}).number[0]
    assert computed == pytest.approx(found.values["U1"], abs=1e-11)
