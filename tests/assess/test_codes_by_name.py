"""S10 where a name was typed for a code: the remedy says which code is meant."""

from __future__ import annotations

import pytest

from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.load import load_scheme
from tests.support.returns import H1
from tests.support.schemes import draw

HEAD = "指标代码|上级|指标名称|计量单位|权重|计分方法|序时|适用\n"
CASES = {
    "a unit": ({"目标": "指标代码|单位代码|目标值\nX1|西区|100\nX1|*|100\nX2|*|90"}, "西区", "U2"),
    "an indicator": ({"目标": "指标代码|单位代码|目标值\n满意率|*|90\nX1|*|1\nX2|*|1"}, "满意率", "X2"),
    "odd spaces": ({"目标": "指标代码|单位代码|目标值\nX1|西 区|100\nX1|*|1\nX2|*|1"}, "西 区", "U2"),
    "whom it applies to": (
        {"指标": f"{HEAD}X1|A|产值|亿元|60|目标完成率|无|东区、U2\nX2|B|满意率|%|40|目标完成率|无|"},
        "东区",
        "U1",
    ),
    "a part": ({"方案": "项目|值\n方案代码|T\n考核年度|2007\n并列再比|民生"}, "民生", "B"),
    "two of that name": (
        {
            "单位": "单位代码|单位名称|考核组\nU1|东区|甲组\nU2|西区|甲组\nU3|西区|甲组",
            "目标": "指标代码|单位代码|目标值\nX1|西区|100\nX1|*|100\nX2|*|90",
        },
        "西区",
        "U2、U3",
    ),
}


def remedies(tables: dict[str, str]) -> list[str]:
    scheme, found = load_scheme(draw(**tables))
    return [f.remedy for f in (*found, *check_scheme(scheme, H1)) if f.code == "S10"]


@pytest.mark.parametrize(("tables", "typed", "codes"), CASES.values(), ids=CASES)
def test_the_code_is_offered(tables: dict[str, str], typed: str, codes: str) -> None:
    (remedy,) = remedies(tables)
    assert remedy.endswith(f"中已有的代码,“{typed}”的代码是 {codes}。")


def test_none_is_offered_for_what_nothing_is_called() -> None:
    (remedy,) = remedies({"目标": "指标代码|单位代码|目标值\nX1|南区|100\nX1|*|100\nX2|*|90"})
    assert remedy == "请填写《单位》中已有的代码。"
