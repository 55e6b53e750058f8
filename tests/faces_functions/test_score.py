"""KH_SCORE, KH_RATE, KH_STATE: every built-in method, an office's own, parameters, odd cells, shapes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kaohe import terms
from kaohe.faces.functions import KH_RATE, KH_SCORE, KH_STATE
from kaohe.rules.column import Plain
from kaohe.rules.methods import METHODS
from tests.rules.case_tables import (
    COMPILED,
    PLACES,
    Case,
    expected_met,
    expected_score,
    rate_agrees,
    read_cases,
)

OWN = ("权重", "目标值", "完成值", "上年值", "序时")
Rows = list[list[Any]]


def arguments(method: str, cases: list[Case]) -> tuple[Any, ...]:
    """A method's case table as columns; parameters as one text a row."""
    columns = {name: [[case.inputs.get(name)] for case in cases] for name in OWN}
    texts = [[parameter_text(case)] for case in cases]
    return (method, *(columns[name] for name in OWN), texts)


def parameter_text(case: Case) -> str | None:
    given = {name: value for name, value in case.inputs.items() if name not in OWN and value is not None}
    return ";".join(f"{name}={value!r}" for name, value in given.items()) or None


def usable(case: Case) -> bool:
    """A word where a parameter should be cannot come out of 参数 of a master either."""
    return not any(isinstance(case.inputs[name], str) for name in case.inputs if name not in OWN)


@pytest.mark.parametrize("method", [method.name for method in METHODS])
def test_the_case_tables(method: str) -> None:
    cases = [case for case in read_cases(method) if usable(case)]
    given = arguments(method, cases)
    results = zip(cases, KH_SCORE(*given), KH_RATE(*given), KH_STATE(*given), strict=True)
    for case, (score,), (rate,), (state,) in results:
        assert shown(score) == expected_score(case), (case.label, score)
        assert rate_agrees(case, shown(rate)), (case.label, rate)
        assert state == expected_state(case), (case.label, state)


def shown(cell: object) -> object:
    """A reason in the place of the number counts as nothing."""
    return "" if isinstance(cell, str) else cell


def expected_state(case: Case) -> str:
    actual = case.inputs["完成值"]
    if actual is None:
        return terms.BLANK
    if case.score:
        return terms.ON_SCHEDULE if expected_met(case) is True else terms.BEHIND
    return terms.NOT_SCORABLE if accepted(case, actual) else terms.NOT_READ


def accepted(case: Case, actual: Plain) -> bool:
    accepts = COMPILED[case.method].method.accepts
    if accepts == "yes_no":
        return actual in ("是", "否", "√", "×", 1.0, 0.0)
    if accepts == "grade":
        return actual in ("优秀", "良好", "合格", "不合格")
    return isinstance(actual, float)


def test_all_methods_in_one_column_are_the_same_as_one_by_one() -> None:
    cases = [case for method in METHODS for case in read_cases(method.name) if usable(case)]
    columns = arguments("", cases)[1:]
    together = KH_SCORE([[case.method] for case in cases], *columns)
    alone = [
        row for m in METHODS for row in KH_SCORE(*arguments(m.name, [c for c in cases if c.method == m.name]))
    ]
    assert len(together) > 200
    assert together == alone


def test_the_measure_is_made_from_the_row_unless_it_is_given() -> None:
    """WXD4: one point ahead of the partner, where the group lies between −2 and 2."""
    group = "组最大值=2;组最小值=-2"
    assert KH_SCORE("对标增速", 5, None, 8.5, parameters=f"{group};对标值=7.5") == 4.5
    assert KH_SCORE("对标增速", 5, None, 8.5, parameters=f"{group};度量值=2") == 5.0
    assert KH_SCORE("对标增速", 5, None, 8.5, parameters=group) == "#对标值是空的"
    growth = "组最大值=0.2;组最小值=0.1;组平均值=0.15"
    assert KH_SCORE("增幅功效组内", 6, None, [[120], [110], [90]], [[100], [100], [0]], None, growth) == [
        [6.0],
        [3.6],
        ["#公式结果为#N/A(公式规定此种情况不计分)"],
    ]


def test_places() -> None:
    assert [KH_SCORE("目标完成率", 10, 3, 1, places=places) for places in (0, 2, 4)] == [3, 3.33, 3.3333]
    assert KH_SCORE("目标完成率", 10, 3, 1, places=7) == "#小数位应为0到4的整数"
    assert KH_SCORE("目标完成率", 10, 3, 1, places=1.5) == "#小数位应为0到4的整数"
    assert PLACES == 2


ODD: tuple[tuple[object, object, str], ...] = (
    (None, "", terms.BLANK),
    ("", "", terms.BLANK),
    ("  ", "", terms.BLANK),
    (float("nan"), "", terms.BLANK),
    (0.0, 0.0, terms.BEHIND),
    (0, 0.0, terms.BEHIND),
    (Decimal("25"), 2.5, terms.BEHIND),
    (np.float64(50), 5.0, terms.ON_SCHEDULE),
    (100.0, 5.0, terms.ON_SCHEDULE),
    ("约80", "#完成值无法识别", terms.NOT_READ),
    ("80", "#完成值无法识别", terms.NOT_READ),
    (True, "#完成值无法识别", terms.NOT_READ),
    (dt.datetime(2007, 6, 30), "#完成值无法识别", terms.NOT_READ),
    ("#DIV/0!", "#DIV/0!", terms.NOT_READ),
    (-2146826246, "#N/A", terms.NOT_READ),
)
"""完成值 → 得分 (weight 5, target 100, half the year), 状态."""


@pytest.mark.parametrize(("cell", "score", "state"), ODD, ids=lambda value: repr(value))
def test_odd_cells(cell: object, score: object, state: str) -> None:
    assert KH_SCORE("序时进度", 5, 100, cell, elapsed=0.5) == score
    assert KH_STATE("序时进度", 5, 100, cell, elapsed=0.5) == state


def test_reasons_name_what_is_missing() -> None:
    given: dict[str, Any] = {"actual": 50, "elapsed": 0.5}
    assert KH_SCORE("序时进度", 5, None, **given) == "#目标值是空的"
    assert KH_SCORE("序时进度", "五", 100, **given) == "#权重不是数字"
    assert KH_SCORE("序时进度", 5, "#REF!", **given) == "#REF!"
    assert KH_SCORE("序时进度", 5, 100, 50) == "#序时是空的"
    assert KH_SCORE("区间适度", 5, None, 50) == "#上限是空的"
    assert KH_SCORE(None, 5, 100, 50) == "#没有写计分方法"
    assert KH_SCORE("#N/A", 5, 100, 50) == "#N/A"
    assert KH_SCORE("序时进步", 5, 100, 50).startswith("#计分方法“序时进步”不存在,相近的有:序时进度")
    assert KH_STATE("序时进步", 5, 100, 50) == terms.NOT_SCORABLE
    assert KH_RATE("目标完成率", 5, 0, 50).startswith("#公式结果为#DIV/0!")
    assert KH_SCORE("达标得满分", 5, 0, 50) == 5.0
    assert KH_RATE("达标得满分", 5, 0, 50) == "", "a score without a rate, as in 得分明细"


def test_a_yes_no_method_takes_words_ticks_and_truth_values() -> None:
    cells: Rows = [["是"], ["√"], [1.0], [True], ["否"], ["×"], [0.0], [False], ["也许"], [5.0], [None]]
    scores = [5.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0, "#完成值无法识别", "#完成值无法识别", ""]
    assert KH_SCORE("是否", 5, None, cells) == [[score] for score in scores]


PARAMETERS: tuple[tuple[object, object], ...] = (
    (None, 10.0),
    ("", 10.0),
    ("封顶=1.2", 12.0),
    ("封顶=120%", 12.0),
    ("封顶=1.2", 12.0),
    (" 封顶 = 1.2 ; ", 12.0),
    ([["封顶", 1.2]], 12.0),
    ([["容差", 0.1], ["封顶", "120%"], [None, None]], 12.0),
    (pd.DataFrame({"名称": ["封顶"], "数": [1.2]}), 12.0),
    ("封顶", "#参数“封顶”应写成 名称=数,几个之间用分号隔开,如 封顶=1.2;容差=0"),
    ("封顶=约1", "#参数“封顶”的值“约1”应为准确的数字,不带单位"),
    ("封顶=1.2倍", "#参数“封顶”的值“1.2倍”应为准确的数字,不带单位"),
    ("封顶线=1.2", "#方法“目标完成率”没有参数“封顶线”,可用:封顶、零目标"),
    ("容差=1", "#方法“目标完成率”没有参数“容差”,可用:封顶、零目标"),
    ([["封顶线", 1.2]], "#没有叫“封顶线”的参数"),
    ([["封顶", "#N/A"]], "#参数表中有错误值N/A"),
)


@pytest.mark.parametrize(("parameters", "score"), PARAMETERS, ids=lambda value: repr(value))
def test_parameters(parameters: object, score: object) -> None:
    assert KH_SCORE("目标完成率", 10, 100, 150, parameters=parameters) == score


def test_parameters_row_by_row_and_group_values() -> None:
    texts: Rows = [["封顶=1.2"], [None], ["封顶=1.5"]]
    assert KH_SCORE("目标完成率", 10, 100, [[200.0]] * 3, parameters=texts) == [[12.0], [10.0], [15.0]]
    group = "组最大值=100;组最小值=50"
    assert KH_SCORE("功效系数组内", 10, None, [[100.0], [75.0], [50.0]], parameters=group) == [
        [10.0],
        [8.0],
        [6.0],
    ]


METHOD_TABLE: Rows = [
    ["计分方法:内置方法和考核办自己的方法", None, None, None, None],
    ["名称", "得分", "完成率", "达标", "参数"],
    ["本县办法", "=权重*MIN(上限,完成值/目标值)", "完成值/目标值", "完成值>=目标值", "上限=1.5"],
    ["目标完成率", "权重*完成值/目标值", "完成值/目标值", "完成值>=目标值", None],
    ["写错的", "权重*VLOOKUP(完成值)", "1", "TRUE", None],
    [None, None, None, None, None],
]


def test_an_offices_own_methods_come_from_its_table() -> None:
    def scored(method: str) -> Any:
        return KH_SCORE(method, 10, 100, 200, methods=METHOD_TABLE)

    assert scored("本县办法") == 15.0
    assert scored("目标完成率") == 20.0, "rewritten by the office"
    assert scored("达标得满分") == 10.0, "built in, not in the table"
    assert scored("写错的").startswith("#计分方法“写错的”的得分公式:公式第4个字符“VLOOKUP”")
    assert KH_STATE("本县办法", 10, 100, 200, methods=METHOD_TABLE) == terms.ON_SCHEDULE
    assert KH_SCORE("本县办法", 10, 100, 200).startswith("#计分方法“本县办法”不存在")
    assert (
        scored_without_heading()
        == "#方法表应连同表头引用《计分方法》,表头为 名称、得分、完成率、达标、参数 等"
    )


def scored_without_heading() -> Any:
    return KH_SCORE("本县办法", 10, 100, 200, methods=METHOD_TABLE[2:3])


SHAPES: tuple[tuple[object, object], ...] = (
    (50.0, 5.0),
    ([50.0], [5.0]),
    ([[50.0]], [[5.0]]),
    ([[50.0, 25.0, None]], [[5.0, 2.5, ""]]),
    ([[50.0], [25.0], [None]], [[5.0], [2.5], [""]]),
    ([[50.0, 25.0], [None, "约"]], [[5.0, 2.5], ["", "#完成值无法识别"]]),
    (((50.0, 25.0), (0.0, 5.0)), [[5.0, 2.5], [0.0, 0.5]]),
    (np.array([[50.0, 25.0], [np.nan, 5.0]]), [[5.0, 2.5], ["", 0.5]]),
    ([50.0, 25.0], [5.0, 2.5]),
)


@pytest.mark.parametrize(("actual", "scores"), SHAPES, ids=lambda value: repr(value))
def test_the_shape_that_goes_in_comes_out(actual: object, scores: object) -> None:
    assert KH_SCORE("序时进度", 5, 100, actual, elapsed=0.5) == scores


def test_a_row_and_a_column_make_a_table() -> None:
    found = KH_SCORE("目标完成率", [[10, 20]], 100, [[50.0], [100.0]])
    assert found == [[5.0, 10.0], [10.0, 20.0]]
    assert KH_SCORE([["目标完成率"], ["达标得满分"]], 10, 100, 50) == [[5.0], [0.0]]


def test_shapes_that_do_not_go_together() -> None:
    found = KH_SCORE("目标完成率", [[10, 20]], 100, [[1.0, 2.0, 3.0]])
    assert found == "#各区域的行数列数不同:权重 1×2、完成值 1×3"
    assert KH_SCORE("目标完成率", 10, 100, []) == "#区域是空的,或各行的列数不同"
    assert KH_SCORE("目标完成率", 10, 100, [[None]] * 200_001) == "#区域超过200000个单元格,请不要引用整列"
    assert KH_SCORE("目标完成率", [[1.0] * 600], 100, [[1.0]] * 600) == "#结果超过200000个单元格"


def test_a_blank_row_stays_blank() -> None:
    rows = ([["目标完成率"], [None]], [[10.0], [None]], [[100.0], [None]], [[50.0], [None]])
    assert KH_SCORE(*rows) == [[5.0], [""]]
    assert KH_RATE(*rows) == [[0.5], [""]]
    assert KH_STATE(*rows) == [[terms.BEHIND], [""]]


def test_a_failure_in_the_program_becomes_a_text_that_names_its_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("坏了")

    monkeypatch.setattr("kaohe.faces.functions_score.score_points", broken)
    log = tmp_path / "kaohe.log"
    monkeypatch.setattr("kaohe.faces.console.log_places", lambda: (log,))
    assert KH_SCORE("目标完成率", 10, 100, 50) == f"#程序内部错误:坏了。请把日志发给维护人员:{log}"
    assert "RuntimeError: 坏了" in log.read_text(encoding="utf-8")
