"""What an explanation says step by step: each unit's own numbers, decisions, 加减分, the sum."""

from __future__ import annotations

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.assess.explain import Explanation, explain_all
from kaohe.assess.explain_total import explain_total
from kaohe.model import Adjustment, Bonus, Ledger
from tests.assess.generators import PERIOD, run
from tests.assess.reference_rules import Case
from tests.support.schemes import small_scheme

SCHEME = small_scheme(
    部分="""
        代码|名称|上级|满分|性质
        A|发展||60|计分
        B|民生||40|计分
        J|加分||8|加分
        K|扣分||5|扣分
        """,
    指标="""
        指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|责任部门
        X1|A|产值|亿元|正向|60|目标完成率|月度|无|发改局
        X2|B|满意率|%|正向|30|目标完成率|月度|无|民政局
        X3|B|公开||正向|10|是否|月度|无|民政局
        """,
    参数="指标代码|对象|参数|值\nX1|U1|封顶|1.2\nX1|U2|封顶|1.1",
)
VALUES = {
    ("U1", "X1"): "91", ("U1", "X2"): "81", ("U1", "X3"): "是",
    ("U2", "X1"): "95", ("U2", "X2"): "85.5", ("U2", "X3"): "否",
}  # fmt: skip
CODE = PERIOD.code
LEDGER = Ledger(
    bonuses=(
        Bonus(CODE, "U1", "J", 1.5, "表彰", person="张三", date="2007-05-01"),
        Bonus(CODE, "U1", "K", 0.4, "迟报信息", basis="通报"),
    ),
    adjustments=(Adjustment(CODE, "U2", "X2", "得分", "23.25", person="李四", date="7月1日", basis="纪要"),),
)


@pytest.fixture(scope="module")
def found() -> Assessment:
    return run(Case(SCHEME, PERIOD, VALUES, {}, LEDGER, {}))


def of(found: Assessment, unit: str, code: str) -> Explanation:
    told = explain_all(found, SCHEME.unit_by_code[unit])
    return next(each for each in told if each.indicator.code == code)


def steps(told: Explanation, label: str) -> list[tuple[str, float | None]]:
    return [(step.text, step.number) for step in told.steps if step.label == label]


@pytest.mark.parametrize(
    ("unit", "code", "said"),
    [
        ("U1", "X1", "60*MAX(0,MIN(1.2,91/100)) = 54.6"),
        ("U2", "X1", "60*MAX(0,MIN(1.1,95/100)) = 57"),
        ("U1", "X3", '("是")="是"'),
        ("U2", "X3", '("否")="是"'),
    ],
)
def test_each_unit_s_own_numbers_and_words_are_put_in(
    found: Assessment, unit: str, code: str, said: str
) -> None:
    ((text, number),) = steps(of(found, unit, code), "代入")
    assert said in text
    assert number == of(found, unit, code).computed


def test_a_decided_score_is_told_with_who_when_and_why(found: Assessment) -> None:
    told = of(found, "U2", "X2")
    assert steps(told, "舍入") == [("四舍五入保留 2 位小数:28.50 分", 28.5)]
    assert steps(told, "决定") == [("人工调整:得分定为 23.25 分(李四 7月1日,依据:纪要)", 23.25)]


def test_the_total_is_told_as_the_sum_it_is(found: Assessment) -> None:
    """Deductions count below zero; every score stands as in 得分明细."""
    whole = explain_total(found, SCHEME.unit_by_code["U1"])
    assert [(step.label, step.text, step.number) for step in whole.steps][:7] == [
        ("部分", "《发展》54.6 = 54.60 分", 54.6),
        ("部分", "《民生》27+10 = 37.00 分", 37.0),
        ("加分", "加分:1.5 分(表彰,加减分,张三,2007-05-01)", 1.5),
        ("加分", "《加分》合计 1.5 分,上限 8 分,计 1.5 分", 1.5),
        ("扣分", "扣分:0.4 分(迟报信息,加减分,依据:通报)", -0.4),
        ("扣分", "《扣分》合计 0.4 分,上限 5 分,计 0.4 分", -0.4),
        ("总分", "54.6+37+1.5-0.4 = 92.70 分", 92.7),
    ]
    assert [step.label for step in whole.steps][7:] == ["得分率", "名次"]
