"""勾稽: figures that do not follow from each other, and figures claimed twice (XT8, XT9, XN6, XN7, GN6)."""

from __future__ import annotations

import time

import pytest

from kaohe.assess.crosschecks import check_crosschecks, crosscheck_findings
from kaohe.assess.inputs import Answer
from kaohe.assess.lookup import Lookup
from kaohe.findings import Finding
from kaohe.model import Location, Scheme
from kaohe.periods import parse_period
from tests.support.schemes import small_scheme

CODES = ("V38", "V39", "S34", "S35")
"""Codes of findings whose cases stand in this file."""

HEAD = "代码|左式|关系|右式|容差|适用|条款\n"
INDICATORS = """
    指标代码|上级|指标名称|计量单位|权重|计分方法
    X1|A|完成数|公里|60|目标完成率
    X2|B|完成率|%|40|目标完成率
    X-3|B|分项三|公里|0|目标完成率
    4.1|B|分项四|公里|0|目标完成率
    财-5|B|分项五|公里|0|目标完成率
    """


def scheme_of(
    checks: str, indicators: str = INDICATORS, targets: str = "X1|*|100|80", **tables: str
) -> Scheme:
    """The small scheme with these rows of 勾稽 (below HEAD) and of 目标."""
    return small_scheme(
        指标=indicators, 勾稽=HEAD + checks, 目标="指标代码|单位代码|目标值|上年值\n" + targets, **tables
    )


def run(
    checks: str,
    values: dict[str, Answer],
    targets: str = "X1|*|100|80",
    others: dict[str, Answer] | None = None,
    **tables: str,
) -> list[Finding]:
    """Findings when U1 has ``values`` and U2 has ``others``."""
    scheme = scheme_of(checks, targets=targets, **tables).at(parse_period("2007").end)
    assert list(check_crosschecks(scheme)) == []
    figures = {"U1": values, "U2": others or {}}
    places = {
        (unit, code): Location(f"{unit}.xlsx", "自测表", code) for unit in figures for code in figures[unit]
    }
    return list(crosscheck_findings(scheme, figures, Lookup.of(scheme), places))


def codes(found: list[Finding]) -> list[tuple[str, str, str]]:
    assert all(finding.message for finding in found)
    return [(f.code, f.location.unit, f.location.cell) for f in found]


RATES = [
    (54.5, 60, 90.8),
    (451.6, 300, 150.5),
    (3.61, 3.8, 95.0),
    (6029, 7000, 86.1),
    (42.08, 50, 84.2),
    (155, 118, 131.4),
    (52, 45, 115.6),
    (22, 27, 81.5),
    (42.7, 70.1, 60.9),
    (19, 22, 86.4),
    (66.37, 77.99, 85.1),
]
RATE = "C1|完成值_X2|=|ROUND(完成值_X1/目标值_X1*100,1)||"


@pytest.mark.parametrize(("actual", "target", "rate"), RATES)
def test_xt8_every_published_rate_follows_from_its_inputs(actual: float, target: float, rate: float) -> None:
    """XT8 ▣: 54.5 km 90.8%, 451.6 km 150.5%, … 25.5 points above the city's 59.6."""
    targets = f"X1|*|{target}|"
    assert run(RATE, {"X1": float(actual), "X2": rate}, targets) == []
    wrong = run(RATE, {"X1": float(actual), "X2": rate + 0.1}, targets)
    assert codes(wrong) == [("V38", "U1", "X2")]


def test_xt8_the_margin_above_the_city() -> None:
    """XT8 ▣: 85.1% is 25.5 points above the city's 59.6."""
    check = "C1|ROUND(完成值_X2-目标值_X1,1)|=|25.5||"
    assert run(check, {"X2": 85.1}, "X1|*|59.6|") == []


def test_xt9_a_typed_rate_that_was_rounded_twice() -> None:
    """XT9: 40.57 of 40 is printed as 101.5%; half-up gives 101.4."""
    (found,) = run(RATE, {"X1": 40.57, "X2": 101.5}, "X1|*|40|")
    assert "101.5" in found.what
    assert "101.4" in found.what
    assert found.severity == "QUERY"
    assert found.location.cell == "X2"
    assert run(RATE, {"X1": 40.57, "X2": 101.4}, "X1|*|40|") == []


@pytest.mark.parametrize(
    ("prior", "target", "tolerance", "fine"),
    [(16.5, 23, "", False), (8.5, 11, "", False), (8.5, 11, "0.05", True), (16.5, 21.45, "", True)],
)
def test_xn6_a_target_off_its_own_rule(prior: float, target: float, tolerance: str, fine: bool) -> None:
    """XN6 ▣: target = last year × 1.30; 16.5 → 23 is above the rule's 21.45; 8.5 → 11 against 11.05."""
    found = run(f"C1|目标值_X1|=|上年值_X1*1.30|{tolerance}|", {}, f"X1|*|{target}|{prior}")
    assert codes(found) == ([] if fine else [("V38", "U1", "C2")]), "said once, at the target's cell"
    if not fine:
        assert f"{prior * 1.3:.15g}" in found[0].what


def test_xn7_parts_that_add_up() -> None:
    """XN7 ▣: 62105.86 = 35214 + 9201 + 17690.86 万."""
    check = "C1|完成值_X1|=|完成值_X-3+完成值_4.1+完成值_财-5||"
    values: dict[str, Answer] = {"X1": 62105.86, "X-3": 35214.0, "4.1": 9201.0, "财-5": 17690.86}
    assert run(check, values) == []
    (found,) = run(check, {**values, "4.1": 9202.0})
    assert "62105.86" in found.what
    assert "62106.86" in found.what


@pytest.mark.parametrize(
    ("relation", "right", "tolerance", "holds"),
    [
        ("=", "0.3", "", True),
        ("≥", "0.3", "", True),
        ("≤", "0.3", "", True),
        ("≥", "0.31", "", False),
        ("≥", "0.31", "0.01", True),
        ("≤", "0.29", "", False),
        ("≤", "0.29", "0.01", True),
        ("不重复", "0.3", "", False),
        ("不重复", "0.31", "", True),
        ("=", "1/0", "", False),
    ],
)
def test_relations_are_compared_as_a_spreadsheet_does(
    relation: str, right: str, tolerance: str, holds: bool
) -> None:
    found = run(f"C1|完成值_X1|{relation}|{right}|{tolerance}|", {"X1": 0.1 + 0.2})
    assert codes(found) == ([] if holds else [("V38", "U1", "X1")])


def test_two_zeros_are_no_double_claim() -> None:
    for tolerance in ("", "0.5"):
        assert run(f"C1|完成值_X1|不重复|完成值_X2|{tolerance}|", {"X1": 0.0, "X2": 0.0}) == []
    near: dict[str, Answer] = {"X1": 1746.0, "X2": 1746.4}
    assert codes(run("C1|完成值_X1|不重复|完成值_X2|0.5|", near)) == [("V38", "U1", "X1")]
    assert run("C1|完成值_X1|不重复|完成值_X2|0.3|", near) == []


def test_a_missing_figure_leaves_the_relation_alone() -> None:
    check = "C1|完成值_X1|=|完成值_X2||"
    assert run(check, {"X1": 1.0}) == []
    assert run(check, {"X1": 1.0, "X2": None}) == []
    assert run(check, {"X1": 1.0, "X2": "是"}) == []
    assert codes(run(check, {"X1": 1.0, "X2": 2.0}, others={"X1": 1.0})) == [("V38", "U1", "X1")]


def test_a_relation_holds_in_its_scope() -> None:
    values: dict[str, Answer] = {"X1": 1.0, "X2": 2.0}
    found = run("C1|完成值_X1|=|完成值_X2||U2|条款7", values, others=values)
    assert codes(found) == [("V38", "U2", "X1")]
    assert "条款7" in found[0].what


def test_weights_can_be_related() -> None:
    assert run("C1|权重_X1+权重_X2|=|100||", {"X1": 1.0}) == []


@pytest.mark.parametrize(
    ("check", "expected", "said"),
    [
        ("C1|完成值_X1+|=|1", "S34", "没有写完"),
        ("C1|完成值_X1|=|完成数_X1", "S34", "没有这个名称"),
        ("C1|完成值_X9|=|1", "S35", "X2"),
        ("C1|完成值_X-4|=|1", "S35", "X-3"),
        ("C1|100|=|100", "S34", "没有用到"),
        ("C1|A1|=|100", "S34", "不能引用单元格"),
        ("C1|完成值_X-3+完成值_X-3 1|=|100", "S34", "缺少运算符"),
    ],
)
def test_a_relation_that_cannot_be_read(check: str, expected: str, said: str) -> None:
    scheme = scheme_of(check)
    found = list(check_crosschecks(scheme))
    assert [(f.code, f.location.cell) for f in found] == [(expected, "B2")]
    assert said in found[0].message
    assert "·" not in found[0].message
    assert crosscheck_findings(scheme, {"U1": {"X1": 1.0}}, Lookup.of(scheme)) == ()


def test_a_dash_is_a_sign_where_no_code_has_it() -> None:
    scheme = scheme_of("C1|完成值_X2-完成值_X1-3|=|0\nC2|完成值_X2 - 3|=|完成值_X-3")
    figures = {"U1": {"X1": 1.0, "X2": 4.0, "X-3": 1.0}}
    assert list(check_crosschecks(scheme)) == []
    assert crosscheck_findings(scheme, figures, Lookup.of(scheme)) == ()


def test_a_check_of_an_indicator_not_in_force_rests() -> None:
    indicators = INDICATORS.replace("计分方法", "计分方法|生效起", 1).replace(
        "完成率|%|40|目标完成率", "完成率|%|40|目标完成率|2008-01-01"
    )
    scheme = scheme_of("C1|完成值_X2|=|1", indicators=indicators)
    assert list(check_crosschecks(scheme)) == []
    at = scheme.at(parse_period("2007").end)
    assert crosscheck_findings(at, {"U1": {"X2": 2.0}}, Lookup.of(at)) == ()


PARTS = "代码|名称|满分|性质\nA|发展|60|\nB|民生|40|\nJ|加分|8|加分"
CLAIMS = """
    指标代码|上级|指标名称|计量单位|权重|计分方法
    X1|A|争取资金|万元|60|目标完成率
    X2|B|项目数|个|40|目标完成率
    J1|J|超常成果:争取资金|万元|4|目标完成率
    """


@pytest.mark.parametrize(
    ("values", "checks", "expected"),
    [
        ({"X1": 1746.0, "J1": 1746.0}, "", [("V39", "U1", "J1")]),
        ({"X1": 1746.0, "J1": 1747.0}, "", []),
        ({"X1": 174.0, "J1": 174.0}, "", []),
        ({"X1": 17000.0, "J1": 17000.0}, "", []),
        ({"X2": 1746.0, "J1": 1746.0}, "", []),
        ({"X1": 1746.0, "J1": 1746.0}, "C1|完成值_X1|=|完成值_J1||", []),
        ({"X1": 1746.0, "J1": 1746.0}, "C1|完成值_X1|不重复|完成值_J1||", [("V38", "U1", "X1")]),
    ],
)
def test_gn6_the_same_achievement_under_two_headings(
    values: dict[str, Answer], checks: str, expected: list[tuple[str, str, str]]
) -> None:
    """GN6: 争取资金 1746 万 stands in 关键绩效 and in 超常成果."""
    found = run(checks, values, indicators=CLAIMS, 部分=PARTS)
    assert codes(found) == expected


def test_many_units_are_fast() -> None:
    units = "\n".join(f"U{n}|单位{n}|甲组" for n in range(2000))
    checks = "\n".join(f"C{n}|完成值_X2|=|ROUND(完成值_X1/目标值_X1*100,1)||" for n in range(20))
    scheme = scheme_of(checks, 单位="单位代码|单位名称|考核组\n" + units)
    figures = {f"U{n}": {"X1": float(n), "X2": float(n)} for n in range(2000)}
    started = time.perf_counter()
    assert crosscheck_findings(scheme, figures, Lookup.of(scheme)) == ()
    assert time.perf_counter() - started < 5
