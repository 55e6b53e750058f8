"""Parents in a circle are a finding at each row, never a crash."""

from __future__ import annotations

import pytest

from kaohe.assess.check_scheme import check_scheme
from tests.support.returns import H1, assess_forms, form
from tests.support.schemes import small_scheme

HEAD = "指标代码|上级|指标名称|权重|计分方法|序时\n"
TABLES = {
    "an indicator below itself": HEAD + "X1|X1|产值|60|目标完成率|无\nX2|B|满意率|40|目标完成率|无",
    "two below each other": HEAD + "X1|X2|产值|60|目标完成率|无\nX2|X1|满意率|40|目标完成率|无",
    "an indicator named as its part": HEAD + "A|A|产值|60|目标完成率|无\nX2|B|满意率|40|目标完成率|无",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_s06_indicators_in_a_circle(table: str) -> None:
    scheme = small_scheme(指标=table)
    assert "S06" in {finding.code for finding in check_scheme(scheme, H1)}
    returned = form("U1", "指标|完成值\nX2|95", scheme=scheme)
    assert {s.rank for s in assess_forms(scheme, [returned]).standings} == {None}
