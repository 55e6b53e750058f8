"""Cases of findings about what a clerk typed: one form, exactly what must be found, and a clean form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CLEAN = "指标|完成值\nX1|100\nX2|95"


@dataclass(frozen=True)
class ValueCase:
    """``found``: (code, cell) in the form of U1; U2's form is always clean. ``scheme``: tables drawn anew."""

    why: str
    found: tuple[tuple[str, str], ...]
    rows: str
    clean: str = CLEAN
    scheme: Mapping[str, str] = field(default_factory=dict)


_APPROXIMATE = {"方案": "项目|值\n方案代码|T\n考核年度|2007\n近似值计分|是"}
_YES_NO = {
    "指标": "指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|序时\nX1|A|公开||正向|60|是否|无\n"
    "X2|B|满意率|%|正向|40|目标完成率|无"
}

_ZERO = "指标|完成值\nX1|0\nX2|95"
CASES = (
    ValueCase("blank", (("V01", "K8"),), "指标|完成值\nX1|100\nX2|"),
    ValueCase("spaces only", (("V01", "K8"),), "指标|完成值\nX1|100\nX2|'  "),
    ValueCase("the form's own hint", (("V01", "K7"),), "指标|完成值\nX1|请填写完成值\nX2|95"),
    ValueCase(
        "marked as without statistics, with a reason",
        (("V48", "K8"),),
        "指标|完成值|标记|原因\nX1|100||\nX2||待加大监测|没有统计",
    ),
    ValueCase(
        "marked as without statistics, without a reason",
        (("V01", "K8"),),
        "指标|完成值|标记|原因\nX1|100||\nX2||待加大监测|",
    ),
    ValueCase(
        "blank with a reason", (("V01", "K8"),), "指标|完成值|标记|原因\nX1|100||\nX2||有不确定性|没有统计"
    ),
    ValueCase("a word", (("V02", "K7"),), "指标|完成值\nX1|较好\nX2|95"),
    ValueCase("a range", (("V02", "K7"),), "指标|完成值\nX1|90-95\nX2|95", "指标|完成值\nX1|'100\nX2|95"),
    ValueCase("another unit of measure", (("V02", "K7"),), "指标|完成值\nX1|90公顷\nX2|95"),
    ValueCase("about", (("V03", "K7"),), "指标|完成值\nX1|约100\nX2|95"),
    ValueCase("at least", (("V03", "K8"),), "指标|完成值\nX1|100\nX2|95以上"),
    ValueCase(
        "about, where the scheme allows it",
        (("V04", "K7"),),
        "指标|完成值\nX1|约100\nX2|95",
        scheme=_APPROXIMATE,
    ),
    ValueCase("ten times the target", (("V22", "K7"),), "指标|完成值\nX1|1000\nX2|95"),
    ValueCase(
        "a negative figure", (("V09", "K7"), ("V10", "K7"), ("V22", "K7")), "指标|完成值\nX1|-5\nX2|95"
    ),
    ValueCase("more than all", (("V22", "K8"),), "指标|完成值\nX1|100\nX2|102"),
    ValueCase("full-width digits", (("V07", "K7"),), "指标|完成值\nX1|'１００\nX2|95"),
    ValueCase("an error value", (("V05", "K7"),), "指标|完成值\nX1|!#DIV/0!\nX2|95"),
    ValueCase("a formula without its result", (("V06", "K8"),), "指标|完成值\nX1|100\nX2|="),
    ValueCase("0 where last year's is known", (("V09", "K7"), ("V10", "K7"), ("V22", "K7")), _ZERO),
    ValueCase("a number in another unit", (("V07", "K7"),), "指标|完成值\nX1|1000000万元\nX2|95"),
    ValueCase(
        "a status and a mark that are none",
        (("V08", "K7"), ("V08", "K7")),
        "指标|完成值|数据状态|标记\nX1|100|大概|挺好\nX2|95||",
        "指标|完成值|数据状态|标记\nX1|100|核定|有不确定性\nX2|95|初步|待加大监测",
    ),
    ValueCase(
        "behind without a reason",
        (("V09", "K7"),),
        "指标|完成值|原因|措施\nX1|90||追赶\nX2|95||",
        "指标|完成值|原因|措施\nX1|90|停产|追赶\nX2|95||",
    ),
    ValueCase(
        "behind without a measure",
        (("V10", "K8"),),
        "指标|完成值|原因|措施\nX1|100||\nX2|80|投诉|",
        scheme={"方案": "项目|值\n方案代码|T\n考核年度|2007\n落后须说明|是"},
    ),
    ValueCase(
        "a score the form does not compute",
        (("V11", "K7"),),
        "指标|完成值|得分\nX1|100|59.99\nX2|95|40",
        "指标|完成值|得分\nX1|100|60\nX2|95|40.0000000001",
    ),
    ValueCase(
        "a weight that was changed",
        (("V12", "K7"),),
        "指标|完成值|权重\nX1|100|61\nX2|95|40",
        "指标|完成值|权重\nX1|100|60\nX2|95|40",
    ),
    ValueCase(
        "a target that was changed",
        (("V13", "K8"),),
        "指标|完成值|目标\nX1|100|100\nX2|95|89.9",
        "指标|完成值|目标\nX1|100|100\nX2|95|90.0000000000001",
    ),
    ValueCase("a row that was deleted", (("V14", ""),), "指标|完成值\nX1|100"),
    ValueCase("a row that was added", (("V15", "K9"),), "指标|完成值\nX1|100\nX2|95\nX3|7"),
    ValueCase(
        "an estimated figure",
        (("V16", "K7"),),
        "指标|完成值|数据状态\nX1|100|预计\nX2|95|初步",
        "指标|完成值|数据状态\nX1|100|核定\nX2|95|初步",
    ),
    ValueCase(
        "one indicator on two rows",
        (("V17", "K8"),),
        "指标|完成值\nX1|100\nX1|101\nX2|95",
        "指标|完成值\nX1|100\nX1|100\nX2|95\nX2|",
    ),
    ValueCase(
        "a target of 0 that higher is better",
        (("V18", "K7"),),
        "指标|完成值\nX1|100\nX2|95",
        scheme={"目标": "指标代码|单位代码|目标值|上年值\nX1|U1|0|\nX1|*|100|\nX2|*|90|"},
        clean="",
    ),
    ValueCase("not applicable", (("V19", "K7"),), "指标|完成值\nX1|不适用\nX2|95"),
    ValueCase("a dash", (("V19", "K8"),), "指标|完成值\nX1|100\nX2|—"),
    ValueCase(
        "a share of one for percentage points",
        (("V21", "K8"),),
        "指标|完成值|原因|措施\nX1|100||\nX2|0.95|偏低|整改",
        "指标|完成值|原因|措施\nX1|0.95|停产|追赶\nX2|95||",
    ),
    ValueCase(
        "neither yes nor no",
        (("V02", "K7"),),
        "指标|完成值\nX1|大部分\nX2|95",
        "指标|完成值\nX1|√\nX2|95",
        scheme=_YES_NO,
    ),
)
