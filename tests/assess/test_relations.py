"""The checks of 票种, 勾稽, levels of 目标 and shares of 各期, as a scheme's check calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from kaohe.assess.check_context import Context
from kaohe.assess.check_relations import levels_of_targets, relations, shares_of_periods, survey_tables
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import method_book
from kaohe.findings import Finding
from kaohe.periods import parse_period
from tests.support.schemes import small_scheme

TABLES = {
    "指标": """
        指标代码|上级|指标名称|权重|计分方法|频次|取值|生效止
        X1|A|产值|60|目标完成率|月度||2007-03-31
        X2|B|评议|20|比例直接计分|月度|测评|
        X3|B|督察|20|比例直接计分|月度|各期|
        """,
    "目标": "指标代码|单位代码|目标值|层级\nX2|*|100|省\nX2|U1|90|",
    "参数": "指标代码|对象|参数|值\nX3|*|期次H1|0.4\nX3|*|期次全年|0.5",
    "票种": "指标代码|类型|名称|比重\nX2|票种|群众|0.9",
    "勾稽": "代码|左式|关系|右式\nC1|完成值_X1|=|完成值_X2\nC2|完成值_X9|=|1",
}
Check = Callable[[Context], Iterable[Finding]]


@pytest.mark.parametrize(
    ("check", "code", "sheet", "cell"),
    [
        (survey_tables, "S32", "票种", "C2"),
        (relations, "S35", "勾稽", "B3"),
        (levels_of_targets, "S30", "目标", "C3"),
        (shares_of_periods, "S32", "参数", "D2"),
    ],
)
def test_each_finds_its_own(check: Check, code: str, sheet: str, cell: str) -> None:
    """X1 is not in force at the end of the year: a relation that names it is no mistake."""
    whole = small_scheme(**TABLES)
    period = parse_period("2007")
    scheme = whole.at(period.end)
    context = Context(whole, scheme, period, method_book(scheme), Lookup.of(scheme))
    found = [(f.code, f.location.sheet, f.location.cell) for f in check(context)]
    assert found == [(code, sheet, cell)]
