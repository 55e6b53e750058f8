"""Findings about a scheme of several kinds of units: who is assessed by what, and where values come from."""

from __future__ import annotations

import pytest

from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.load import load_scheme
from kaohe.findings import Finding
from tests.assess.scheme_cases import Drawn, SchemeCase
from tests.support.returns import H1
from tests.support.schemes import draw

UNITS = {
    "单位": "单位代码|单位名称|类别|考核组\nU1|东区|甲类|甲组\nU2|西区|乙类|乙组\nU3|北区|乙类|乙组",
    "部分": "代码|名称|上级|满分|性质\nA|发展|||\nB|民生|||\nC|加分||8|加分",
}
_HEAD = "指标代码|上级|指标名称|权重|计分方法|序时|取值|取值来源|适用|考评部门"
X1 = "X1|A|产值|60|目标完成率|无||||"
X2 = "X2|B|满意率|40|目标完成率|无||||"


def rows(*lines: str) -> Drawn:
    """The indicators of a scheme of three units in two classes."""
    return {**UNITS, "指标": "\n".join((_HEAD, *lines))}


def targets(*codes: str) -> str:
    return "\n".join(("指标代码|单位代码|目标值|层级", *(f"{code}|*|10|" for code in codes)))


CASES = (
    SchemeCase(
        "an indicator for one class only: the others lack its points",
        (("S01", "指标", ""),),
        rows(X1, "X2|B|满意率|40|目标完成率|无|||甲类|"),
        {
            **rows(X1, "X2|B|满意率|40|目标完成率|无|||甲类|", "X3|B|达标率|40|目标完成率|无|||乙组|"),
            "目标": targets("X1", "X2", "X3"),
        },
    ),
    SchemeCase(
        "two sets of indicators, each with another wrong total",
        (("S01", "指标", ""), ("S01", "指标", "")),
        rows("X1|A|产值|61|目标完成率|无||||", "X2|B|满意率|40|目标完成率|无|||甲类|"),
    ),
    SchemeCase(
        "a bonus part stands outside the total",
        (("S01", "指标", ""),),
        {
            **rows(X1, X2, "X3|B|创新|8|评定分|无||||"),
            "目标": targets("X1", "X2"),
        },
        {**rows(X1, X2, "X3|C|创新|8|评定分|无||||"), "目标": targets("X1", "X2")},
    ),
    SchemeCase(
        "a part whose indicators of one class do not add up",
        (("S14", "部分", "A2"),),
        {
            **rows("X1|A|产值|60|目标完成率|无|||甲类|", "X3|A|税收|50|目标完成率|无|||乙类|", X2),
            "部分": "代码|名称|满分\nA|发展|60\nB|民生|",
            "方案": "项目|值\n方案代码|T\n考核年度|2007\n权重合计|0",
            "目标": targets("X1", "X2", "X3"),
        },
    ),
    SchemeCase(
        "a unit that nothing applies to",
        (("S46", "单位", "A3"),),
        {
            **rows("X1|A|产值|60|目标完成率|无|||甲类|", "X2|B|满意率|40|目标完成率|无|||U1|"),
        },
    ),
    SchemeCase(
        "a target only of the units it applies to",
        (("S07", "指标", "A2"),),
        {
            **rows("X1|A|产值|60|目标完成率|无|||乙类|", "X3|A|税收|60|目标完成率|无|||甲类|", X2),
            "目标": "指标代码|单位代码|目标值\nX1|U2|10\nX2|*|1\nX3|U1|1",
        },
        {
            **rows("X1|A|产值|60|目标完成率|无|||U2|", "X3|A|税收|60|目标完成率|无|||U1、U3|", X2),
            "目标": "指标代码|单位代码|目标值\nX1|U2|10\nX2|*|1\nX3|U1|1\nX3|U3|1",
        },
    ),
    SchemeCase(
        "an indicator of nobody needs nothing",
        (("S10", "指标", "I4"),),
        rows(X1, X2, "X3|B|不考|9||无|||无、丙类|"),
        rows(X1, X2, "X3|B|不考|9||无|||无|"),
    ),
    SchemeCase(
        "适用 names a class, a group and a unit that are not there",
        (("S10", "指标", "I3"), ("S10", "指标", "I3")),
        rows(X1, "X2|B|满意率|40|目标完成率|无|||甲类、乙组、丙类、个人|"),
        rows(X1, "X2|B|满意率|40|目标完成率|无|||甲类、乙组、单位|"),
    ),
    SchemeCase(
        "a code of a unit and a person, and a person of no unit",
        (("S02", "人员", "A2"), ("S10", "人员", "C3")),
        {
            **rows("X1|A|产值|60|目标完成率|无|||单位、个人|", "X2|B|满意率|40|目标完成率|无|||单位、个人|"),
            "人员": "人员代码|姓名|单位代码\nU1|张三|U1\nP2|李四|U9",
        },
    ),
    SchemeCase(
        "persons' weights add up by themselves",
        (("S01", "指标", ""),),
        {**rows(X1, X2, "X3|B|自评|30|评定分|无|||个人|"), "人员": "人员代码|姓名|单位代码\nP1|张三|U1"},
        {
            **rows(X1, X2, "X3|B|自评|30|评定分|无|||个人|", "X4|B|互评|70|评定分|无|||个人|"),
            "人员": "人员代码|姓名|单位代码\nP1|张三|U1",
        },
    ),
    SchemeCase(
        "引用 without a source, and a source nobody asked for",
        (("S40", "指标", "A2"), ("S41", "指标", "A3")),
        rows("X1|A|产值|60|目标完成率|无|引用|||", "X2|B|满意率|40|目标完成率|无|填报|X1||"),
        rows("X1|A|产值|60|目标完成率|无|引用|X2||", X2),
    ),
    SchemeCase(
        "引用 of a code that is not there",
        (("S10", "指标", "H2"), ("S40", "指标", "A2")),
        rows("X1|A|产值|60|目标完成率|无|引用|X9||", X2),
    ),
    SchemeCase(
        "引用 in a circle",
        (("S40", "指标", "A2"), ("S40", "指标", "A3")),
        rows("X1|A|产值|60|目标完成率|无|引用|X2||", "X2|B|满意率|40|目标完成率|无|引用|X1||"),
    ),
    SchemeCase(
        "a composite one of whose components borrows its value",
        (("S40", "指标", "A3"),),
        {
            **rows("X1|A|指数|60|目标完成率|无|合成|||", "X11|X1|分项|100|目标完成率|无|引用|X1||", X2),
            "目标": targets("X1", "X11", "X2"),
        },
    ),
    SchemeCase(
        "引用 of what does not apply to the unit",
        (("S40", "指标", "A2"),),
        {
            **rows(
                "X1|A|产值|60|目标完成率|无|引用|X2||",
                "X2|B|满意率|40|目标完成率|无|||甲类|",
                "X3|B|达标率|40|目标完成率|无|||乙类|",
            ),
            "目标": targets("X1", "X2", "X3"),
        },
    ),
    SchemeCase(
        "考评 by nobody",
        (("S42", "指标", "A2"),),
        rows("X1|A|产值|60|目标完成率|无|考评|||", X2),
        rows("X1|A|产值|60|目标完成率|无|考评|||督查室", X2),
    ),
    SchemeCase(
        "测评 without voters",
        (("S43", "指标", "A2"),),
        {
            **rows("X1|A|评议|60|比例计分|无|测评|||", X2),
            "票种": "指标代码|类型|名称|比重\nX1|轮次|上半年|1",
        },
        {
            **rows("X1|A|评议|60|比例计分|无|测评|||", X2),
            "票种": "指标代码|类型|名称|比重\n*|票种|群众|1",
        },
    ),
    SchemeCase(
        "择优 of components that are not full 100",
        (("S44", "指标", "A4"),),
        {
            **rows(
                "X1|A|二者择其一|60|比例计分|无|择优|||",
                "X11|X1|规模|100|目标完成率|无||||",
                "X12|X1|增速|40|目标完成率|无||||",
                X2,
            ),
            "目标": targets("X11", "X12", "X2"),
        },
        {
            **rows(
                "X1|A|二者择其一|60|比例计分|无|择优|||",
                "X11|X1|规模|100|目标完成率|无||||",
                "X12|X1|增速|100|目标完成率|无||||",
                X2,
            ),
            "目标": targets("X11", "X12", "X2"),
        },
    ),
    SchemeCase(
        "各期 without shares",
        (("S45", "指标", "A2"),),
        rows("X1|A|产值|60|目标完成率|无|各期|||", X2),
        {
            **rows("X1|A|产值|60|目标完成率|无|各期|||", X2),
            "参数": "指标代码|对象|参数|值\nX1|*|期次H1|0.4\nX1|*|期次全年|0.6",
        },
    ),
    SchemeCase(
        "a part of another kind than the one above it",
        (("S47", "部分", "A4"),),
        {
            **rows(X1, X2),
            "部分": "代码|名称|上级|满分|性质\nA|发展|||\nB|民生|||\nD|加分项|B|5|加分",
        },
    ),
    SchemeCase(
        "components for one class only, of a composite for all",
        (("S17", "指标", "A2"),),
        {
            **rows("X1|A|指数|60|目标完成率|无|合成|||", "X11|X1|分项|100|目标完成率|无|||甲类|", X2),
            "目标": targets("X1", "X11", "X2"),
        },
        {
            **rows(
                "X1|A|指数|60|目标完成率|无|合成|||",
                "X11|X1|分项|100|目标完成率|无|||甲类|",
                "X12|X1|分项|100|目标完成率|无|||乙类|",
                X2,
            ),
            "目标": targets("X1", "X11", "X12", "X2"),
        },
    ),
    SchemeCase(
        "a component of those the composite does not apply to",
        (("S48", "指标", "A3"),),
        {
            **rows(
                "X1|A|指数|60|目标完成率|无|合成||甲类|",
                "X11|X1|分项|100|目标完成率|无|||甲类、乙类|",
                X2,
                "X3|A|产值|60|目标完成率|无|||乙类|",
            ),
            "目标": targets("X1", "X11", "X2", "X3"),
        },
        {
            **rows(
                "X1|A|指数|60|目标完成率|无|合成||甲类|",
                "X11|X1|分项|100|目标完成率|无||||",
                X2,
                "X3|A|产值|60|目标完成率|无|||乙类|",
            ),
            "目标": targets("X1", "X11", "X2", "X3"),
        },
    ),
    SchemeCase(
        "ties are broken by a part that is not there",
        (("S10", "方案", "B4"),),
        {**rows(X1, X2), "方案": "项目|值\n方案代码|T\n考核年度|2007\n并列再比|A、Z"},
        {**rows(X1, X2), "方案": "项目|值\n方案代码|T\n考核年度|2007\n并列再比|B、A"},
    ),
    SchemeCase(
        "a level in another spelling",
        (("S09", "目标", "D2"),),
        {**rows(X1, X2), "目标": "指标代码|单位代码|目标值|层级\nX1|*|10|省级\nX2|*|1|市"},
        {**rows(X1, X2), "目标": "指标代码|单位代码|目标值|层级\nX1|*|10|省\nX2|*|1|市"},
    ),
    SchemeCase(
        "xt3 the weights tilted to the province's targets are the ones that have to add up",
        (("S01", "指标", ""),),
        {
            **rows(X1, X2),
            "方案": "项目|值\n方案代码|T\n考核年度|2007\n省级权重倍数|1.5",
            "目标": "指标代码|单位代码|目标值|层级\nX1|*|10|省\nX2|*|1|市",
        },
        {
            **rows("X1|A|产值|40|目标完成率|无||||", X2),
            "方案": "项目|值\n方案代码|T\n考核年度|2007\n省级权重倍数|1.5",
            "目标": "指标代码|单位代码|目标值|层级\nX1|*|10|省\nX2|*|1|市",
        },
    ),
    SchemeCase(
        "two events and two rules of one code",
        (("S02", "否决事项", "A3"), ("S02", "结果规则", "A3")),
        {
            **rows(X1, X2),
            "否决事项": "代码|事项|后果\nV1|安全事故|取消评优\nV1|环境事件|取消评优",
            "结果规则": "代码|结果|性质|条件|受否决限制\nR1|先进|表彰|总分前列|是\nR1|提醒|提醒|总分末位|",
        },
    ),
)


def found_in(tables: Drawn) -> tuple[Finding, ...]:
    """All findings about the drawn scheme at half-year; the targets are 10 where nothing else is drawn."""
    drawn = {"目标": targets("X1", "X2"), **tables}
    scheme, read = load_scheme(draw(**drawn))
    return (*read, *check_scheme(scheme, H1))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_a_fault(case: SchemeCase) -> None:
    found = found_in(case.tables)
    assert sorted((f.code, f.location.sheet, f.location.cell) for f in found) == sorted(case.found)
    assert not [finding.message for finding in found if "{" in finding.message]


@pytest.mark.parametrize("case", [case for case in CASES if case.clean], ids=lambda case: case.why)
def test_the_mended_scheme(case: SchemeCase) -> None:
    assert [finding.message for finding in found_in(case.clean)] == []


def test_s01_says_whose_weights_they_are() -> None:
    texts = [f.what for f in found_in(rows(X1, "X2|B|满意率|40|目标完成率|无|||甲类|"))]
    assert texts == ["2007-06-30时点适用于“西区”等 2 个的在用指标的权重合计为 60,应为 100。"]


def test_xt3_s01_says_that_the_weights_are_tilted() -> None:
    tilted = {
        **rows(X1, X2),
        "方案": "项目|值\n方案代码|T\n考核年度|2007\n省级权重倍数|1.5",
        "目标": "指标代码|单位代码|目标值|层级\nX1|*|10|省\nX2|*|1|市",
    }
    assert [f.what for f in found_in(tilted)] == [
        "2007-06-30时点在用指标的权重合计为 130,应为 100(有省级目标的指标已乘省级权重倍数 1.5)。"
    ]
