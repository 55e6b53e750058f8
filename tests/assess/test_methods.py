"""Methods of a scheme: parameters by unit and group, group comparison, an office's own rows of 计分方法."""

from __future__ import annotations

import pytest

from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.load import load_scheme
from kaohe.assess.scoring import IndicatorResult, score
from kaohe.findings import Finding
from tests.support.returns import H1, assess_forms, form
from tests.support.schemes import draw, small_scheme

FIVE = """
    单位代码|单位名称|考核组
    U1|东区|甲组
    U2|西区|甲组
    U3|南区|甲组
    U4|北区|乙组
    U5|中区|乙组
    """


def indicators(method: str, direction: str = "正向") -> str:
    head = "指标代码|上级|指标名称|指标性质|权重|计分方法|序时"
    return f"{head}\nX1|A|产值|{direction}|60|{method}|无\nX2|B|满意率|正向|40|目标完成率|无"


def scored(method: str, values: dict[str, float | str | None], **tables: str) -> IndicatorResult:
    """X1 under a method, over the units of two groups."""
    direction = tables.pop("性质", "正向")
    scheme = small_scheme(**{"指标": indicators(method, direction), "单位": FIVE, **tables})
    return score(scheme, H1, {"X1": values}).results["X1"]


def points(row: IndicatorResult) -> list[float | None]:
    return [p / 100 if ok else None for p, ok in zip(row.points, row.scored, strict=True)]


def parameters(*rows: str) -> str:
    return "\n".join(("指标代码|对象|参数|值", *rows))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["*|*|封顶|1.2"], [66, 66, 66, 66, 66]),
        (["*|*|封顶|120%"], [66, 66, 66, 66, 66]),
        (["*|*|封顶|0.5", "X1|*|封顶|1.05"], [63, 63, 63, 63, 63]),
        (["X1|*|封顶|1.05", "X1|甲组|封顶|1.1"], [66, 66, 66, 63, 63]),
        (["X1|甲组|封顶|1.05", "X1|U2|封顶|1.1"], [63, 66, 63, 60, 60]),
        (["*|U2|封顶|1.05", "X1|*|封顶|1.1"], [66, 66, 66, 66, 66]),
        (["X2|*|封顶|1.1"], [60, 60, 60, 60, 60]),
    ],
)
def test_a_parameter_of_the_unit_before_the_group_before_everybody(
    rows: list[str], expected: list[float]
) -> None:
    """110 against 100, capped: the indicator's own rows go before those of ``*``, 120% is 1.2."""
    values: dict[str, float | str | None] = {f"U{n}": 110.0 for n in range(1, 6)}
    assert points(scored("目标完成率", values, 参数=parameters(*rows))) == expected


@pytest.mark.parametrize(
    ("direction", "method", "expected"),
    [
        ("正向", "功效系数组内", [36.0, 44.0, 60.0, 60.0, 36.0]),
        ("逆向", "功效系数组内逆向", [60.0, 52.0, 36.0, 36.0, 60.0]),
    ],
)
def test_a_method_that_compares_the_units_of_a_group(
    direction: str, method: str, expected: list[float]
) -> None:
    """w·(0.6 + 0.4·(A − m)/(M − m)): 10, 20, 40 in one group, 7 and 5 in the other."""
    values: dict[str, float | str | None] = {"U1": 10.0, "U2": 20.0, "U3": 40.0, "U4": 7.0, "U5": 5.0}
    assert points(scored(method, values, 性质=direction)) == expected


def test_units_without_a_number_are_not_compared() -> None:
    row = scored("功效系数组内", {"U1": 10.0, "U2": None, "U3": 40.0, "U4": 7.0})
    assert points(row) == [36.0, None, 60.0, 60.0, None]


OWN = "名称|得分|完成率|达标|参数|填写类型\n{row}"
STEP = "进位|权重*MIN(1,完成值/上年值)*系数|完成值/上年值|完成值>=上年值|系数=0.9|数值"
FILLED = "指标|完成值\nX1|88\nX2|90"


def test_an_offices_own_method_is_a_row() -> None:
    """No code: 60 × min(1, 88/80) × 0.9 = 54."""
    scheme = small_scheme(指标=indicators("进位"), 计分方法=OWN.format(row=STEP))
    assessment = assess_forms(scheme, [form(unit, FILLED, scheme=scheme) for unit in ("U1", "U2")])
    assert assessment.findings == ()
    assert [s.total for s in assessment.standings] == [94.0, 94.0]


def test_its_parameter_is_set_like_any_other() -> None:
    scheme = small_scheme(
        指标=indicators("进位"), 计分方法=OWN.format(row=STEP), 参数=parameters("X1|U2|系数|0.5")
    )
    assessment = assess_forms(scheme, [form(unit, FILLED, scheme=scheme) for unit in ("U1", "U2")])
    assert [s.total for s in assessment.standings] == [94.0, 70.0]


def refused(row: str) -> list[Finding]:
    scheme, read = load_scheme(draw(指标=indicators("进位"), 计分方法=OWN.format(row=row)))
    return [*read, *check_scheme(scheme, H1)]


@pytest.mark.parametrize(
    ("formula", "token"),
    [
        ("权重*A1", "A1"),
        ("权重*完成率", "完成率"),
        ("权重*VLOOKUP(完成值,目标值,1)", "VLOOKUP"),
        ("权重*Sheet2!B3", "Sheet2!B3"),
        ("权重*NOW()", "NOW"),
        ("权重*(完成值/目标值", "("),
        ("权重*完成值/#REF!", "#REF!"),
    ],
)
def test_a_refused_formula_names_the_token(formula: str, token: str) -> None:
    """S04 alone: an indicator that uses the method is not reported a second time as S03."""
    found = refused(f"进位|{formula}|完成值/上年值|完成值>=上年值||数值")
    assert [f.code for f in found] == ["S04"]
    assert f"“{token}”" in found[0].message
    assert (found[0].location.sheet, found[0].location.cell) == ("计分方法", "A2")
    assert found[0].facts["column"] == "得分"


@pytest.mark.parametrize("name", ["权重", "A1", "得 分", "TRUE"])
def test_a_refused_parameter_name(name: str) -> None:
    found = refused(f"进位|权重|完成值/上年值|完成值>=上年值|{name}=1|数值")
    assert [(f.code, f.facts["column"]) for f in found] == [("S04", "参数")]
    assert name in found[0].message


def test_nobody_is_ranked_under_a_refused_method() -> None:
    row = "进位|权重*A1|1|TRUE||数值"
    scheme, read = load_scheme(draw(指标=indicators("进位"), 计分方法=OWN.format(row=row)))
    returns = [form(unit, FILLED, scheme=scheme) for unit in ("U1", "U2")]
    assessment = assess_forms(scheme, returns, scheme_findings=read)
    assert [s.rank for s in assessment.standings] == [None, None]
    assert {s.scored_indicators for s in assessment.standings} == {1}


def test_a_rewritten_built_in_method_scores_as_rewritten() -> None:
    """S18 says so; the office decides."""
    row = "目标完成率|权重*MIN(1,完成值/目标值)/2|完成值/目标值|完成值>=目标值||数值"
    scheme = small_scheme(计分方法=OWN.format(row=row))
    returns = [form(unit, "指标|完成值\nX1|100\nX2|90", scheme=scheme) for unit in ("U1", "U2")]
    assessment = assess_forms(scheme, returns)
    assert [f.code for f in assessment.findings] == ["S18"]
    assert [s.total for s in assessment.standings] == [50.0, 50.0]
