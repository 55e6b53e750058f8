"""Methods as a whole: what an office may add, what is refused, guards, outcomes of many units."""

from __future__ import annotations

import numpy as np
import pytest

from kaohe.rules import Column
from kaohe.rules.column import Plain
from kaohe.rules.evaluate import Input
from kaohe.rules.methods import (
    METHODS,
    Method,
    Parameter,
    check_method,
    compile_method,
    emit_met,
    emit_rate,
    emit_score,
    guard,
    required_numbers,
    score_points,
)

METHODS_IN_USE: dict[int, str] = {
    1: "目标完成率",
    2: "目标完成率逆向 目标完成率逆向比值 降幅完成率",
    3: "负目标完成率",
    4: "达标得满分 达标得满分逆向 控制性",
    5: "排名赋分",
    6: "达标进位 达标进位逆向",
    7: "功效系数 功效系数组内 功效系数组内逆向",
    8: "五档功效系数",
    9: "标杆值比率",
    10: "持平得八成",
    11: "增长率增减",
    12: "逐步扣分",
    13: "比例计分",
    14: "分档计分",
    15: "总量增幅 增幅功效组内",
    16: "对标增速 对标加速",
    17: "序时进度 序时进度逆向 序时进度逆向按序时",
    18: "区间适度",
    19: "极差法 极差法逆向 标准分 标准分逆向",
    20: "扣分制",
    28: "是否",
    29: "评定分",
    30: "档次计分",
}
"""Row of the list of methods in use → the built-in methods."""
ELSEWHERE: dict[int, str] = {
    21: "加分封顶: 部分 of 性质 加分 with 满分 as its cap, rows of 加减分 (assess, bonuses)",
    22: "满意度四级票: 测评 (assess.survey); its value is scored by 比例计分",
    23: "票种加权: 票种 (assess.survey)",
    24: "去最高最低: 测评 (assess.survey)",
    25: "自评/科室/领导: 票种 (assess.survey, XN2)",
    26: "过程加权: 取值 各期 with the parameters 期次Q1 期次H1 期次Q3 期次全年",
    27: "二者择其一: 取值 择优",
    30: "等次: 等次 (assess.grading); 档次计分 is only the points of a given 档次 (XT6)",
    31: "名次: assess.standing",
}
"""Rows that are no formula over one indicator → where they are done."""
BY_NAME = {method.name: method for method in METHODS}


def own(**changes: object) -> Method:
    fields: dict[str, object] = {"name": "自定", "score": "权重*完成值", "rate": "完成值", "met": "完成值>=1"}
    return Method(**(fields | changes))  # type: ignore[arg-type]


def test_the_table_is_complete_and_unique() -> None:
    found: dict[int, list[str]] = {}
    for method in METHODS:
        found.setdefault(method.number, []).append(method.name)
    assert {row: set(names) for row, names in found.items()} == {
        row: set(names.split()) for row, names in METHODS_IN_USE.items()
    }
    assert set(METHODS_IN_USE) | set(ELSEWHERE) == set(range(1, 32))
    assert len(BY_NAME) == len(METHODS)
    for method in METHODS:
        assert check_method(method) == []
        assert method.source
        assert method.note.endswith("。")
        assert all(parameter.meaning for parameter in method.parameters)
        assert not set(method.name) & set("()（） ")


def test_every_declared_parameter_is_used() -> None:
    for method in METHODS:
        assert {parameter.name for parameter in method.parameters} <= compile_method(method).uses


def test_an_office_adds_its_own_method() -> None:
    method = own(score="权重*MIN(封顶，完成值÷100)", parameters=(Parameter("封顶", 1.0, ""),))
    assert check_method(method) == []
    outcome = score_points(compile_method(method), {"权重": 5.0, "完成值": np.array([92.16]), "封顶": 1.0}, 2)
    assert outcome.points.tolist() == [461]


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"score": "A1*2"}, ["得分"]),
        ({"rate": "完成/1", "met": "完成值>=<1"}, ["完成率", "达标"]),
        ({"score": "权重*封顶"}, ["得分"]),
        ({"parameters": (Parameter("A1", 1.0, ""),)}, ["参数"]),
        ({"parameters": (Parameter("1.5", 1.0, ""),)}, ["参数"]),
        ({"parameters": (Parameter("封 顶", 1.0, ""),)}, ["参数"]),
        ({"parameters": (Parameter("MAX(", 1.0, ""),)}, ["参数"]),
        ({"parameters": (Parameter("TRUE", 1.0, ""),)}, ["参数"]),
        ({"parameters": (Parameter("权重", 1.0, ""),)}, ["参数"]),
        ({"parameters": (Parameter("甲", 1.0, ""), Parameter("甲", 2.0, ""))}, ["参数"]),
        ({"score": "", "rate": "", "met": ""}, ["得分", "完成率", "达标"]),
    ],
)
def test_what_is_wrong_with_a_method(changes: dict[str, object], columns: list[str]) -> None:
    assert [column for column, _ in check_method(own(**changes))] == columns


def test_guards() -> None:
    assert guard(own()) == "ISNUMBER(完成值)"
    accepted = compile_method(own(accepts="yes_no")).guard
    values: list[Plain] = ["是", "否", "√", "×", 1.0, 0.0, None, "", "完成", 2.0, True]
    assert accepted.evaluate({"完成值": Column.of(values)}).tolist() == [True] * 6 + [False] * 5


def test_every_cell_a_formula_reads_must_hold_a_number_unless_it_tests_it() -> None:
    compiled = compile_method(own(score="IF(ISNUMBER(上年值),权重*完成值/上年值,权重*目标值)"))
    assert required_numbers(compiled.score) == ("权重", "目标值")


def test_emitted_texts() -> None:
    compiled = compile_method(BY_NAME["达标得满分"])
    cells = {"权重": "3", "目标值": "F5", "完成值": "G5"}
    guarded = "AND(ISNUMBER(G5),ISNUMBER(F5))"
    assert emit_score(compiled, cells, 2) == f'IF({guarded},IFERROR(ROUND(IF(G5>=F5,3,0),2),""),"")'
    assert emit_rate(compiled, cells) == f'IF({guarded},IFERROR(IF(F5<0,1+(G5-F5)/ABS(F5),G5/F5),""),"")'
    assert emit_met(compiled, cells) == f'IF({guarded},IFERROR(G5>=F5,""),"")'
    direct = compile_method(BY_NAME["评定分"])
    assert emit_met(direct, {"权重": "10", "完成值": "G5", "达标线": "0.6"}).startswith("IF(ISNUMBER(G5),")


def test_reasons_in_words() -> None:
    inputs: dict[str, Input] = {
        "权重": 10.0,
        "目标值": Column.of([100.0, None, "≥50个", 0.0, 100.0, 100.0, 1e-300]),
        "完成值": Column.of([80.0, 80.0, 80.0, 80.0, None, "约80", 1e300]),
        "封顶": 1.0,
        "零目标": 0.0,
    }
    outcome = score_points(compile_method(BY_NAME["目标完成率"]), inputs, 2)
    assert outcome.errors.tolist() == [
        "",
        "目标值是空的",
        "目标值不是数字",
        "公式结果为#DIV/0!(除数为零)",
        "完成值是空的",
        "完成值无法识别",
        "公式结果为#NUM!(数太大或无法计算)",
    ]
    assert outcome.scored.tolist() == [True] + [False] * 6
    assert outcome.points.tolist() == [800] + [0] * 6
    assert np.isnan(outcome.rate[1:]).all()
    assert outcome.met.tolist() == [False] * 6 + [True]


def test_one_parameter_missing_for_all_units() -> None:
    compiled = compile_method(BY_NAME["区间适度"])
    inputs: dict[str, Input] = {"权重": 10.0, "完成值": np.array([5.0, 7.0]), "上限": 6.0, "宽度": 1.0}
    outcome = score_points(compiled, inputs | {"下限": Column.of([None])}, 2)
    assert outcome.errors.tolist() == ["下限是空的"] * 2
    with pytest.raises(KeyError, match="下限"):
        score_points(compiled, inputs, 2)


def test_places() -> None:
    compiled = compile_method(BY_NAME["目标完成率"])
    inputs: dict[str, Input] = {"权重": 10.0, "目标值": 3.0, "完成值": np.array([2.0])}
    inputs |= {"封顶": 1.0, "零目标": 0.0}
    assert [score_points(compiled, inputs, places).points.tolist() for places in (0, 1, 2, 4)] == [
        [7],
        [67],
        [667],
        [66667],
    ]


def test_a_text_result_is_not_a_score() -> None:
    compiled = compile_method(own(score='IF(完成值>1,"优",权重)', met="完成值", rate='"高"'))
    outcome = score_points(compiled, {"权重": 5.0, "完成值": np.array([2.0, 1.0])}, 2)
    assert outcome.scored.tolist() == [False, True]
    assert outcome.met.tolist() == [True, True]
    assert np.isnan(outcome.rate).all()
