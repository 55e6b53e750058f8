"""Cases of findings about a scheme: drawn tables, exactly what must be found, and the mended tables.

The tables that are not drawn are those of ``tests.support.schemes.BASE``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Drawn = Mapping[str, str | None]


@dataclass(frozen=True)
class SchemeCase:
    """``found``: (code, sheet, cell) of everything that must be reported; ``clean``: tables without fault."""

    why: str
    found: tuple[tuple[str, str, str], ...]
    tables: Drawn
    clean: Drawn = field(default_factory=dict)


_HEAD = "指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|取值|生效起|生效止"
_X2 = "X2|B|满意率|%|正向|40|目标完成率|月度|无|||"
_TARGETS = "指标代码|单位代码|目标值|上年值|层级\nX2|*|90\n"
_ADJUSTED = "期次|单位代码|指标代码|项目|调整为|依据|决定人|日期"
_OWN = "名称|得分|完成率|达标|参数"


def _indicators(*rows: str) -> Drawn:
    return {"指标": "\n".join((_HEAD, *rows))}


_CHECKED = ("X1|A|公开|%|正向|60|是否", "X2|B|归档|%|正向|40|是否")


def _settings(*rows: str) -> str:
    return "\n".join(("项目|值", "方案代码|T", "考核年度|2007", *rows))


CASES = (
    SchemeCase(
        "declared total, weights of 99",
        (("S01", "方案", "B4"),),
        {
            "方案": _settings("权重合计|100"),
            "部分": "代码|名称|上级|满分\nA|发展||\nB|民生||40",
            **_indicators("X1|A|产值|亿元|正向|59|目标完成率", _X2),
        },
        {"方案": _settings("权重合计|100")},
    ),
    SchemeCase(
        "nobody declared a total: 100 is expected",
        (("S01", "指标", ""),),
        {
            "部分": "代码|名称|上级|满分\nA|发展||\nB|民生||40",
            **_indicators("X1|A|产值|亿元|正向|60.001|目标完成率", _X2),
        },
        {
            "方案": _settings("权重合计|0"),
            "部分": "代码|名称|上级|满分\nA|发展||\nB|民生||40",
            **_indicators("X1|A|产值|亿元|正向|7|目标完成率", _X2),
        },
    ),
    SchemeCase(
        "two units of one code",
        (("S02", "单位", "A4"),),
        {"单位": "单位代码|单位名称|考核组\nU1|东区|甲组\nU2|西区|甲组\nU1|南区|甲组"},
        {"单位": "单位代码|单位名称|考核组\nU1|东区|甲组\nU2|西区|甲组\nU3|北区|甲组"},
    ),
    SchemeCase(
        "two parts of one code",
        (("S02", "部分", "A4"),),
        {"部分": "代码|名称|上级|满分\nA|发展||60\nB|民生||40\nB|民生||40"},
    ),
    SchemeCase(
        "a method nobody defined",
        (("S03", "指标", "A2"),),
        _indicators("X1|A|产值|亿元|正向|60|目标完成比", _X2),
    ),
    SchemeCase(
        "an indicator without a method",
        (("S03", "指标", "A2"),),
        _indicators("X1|A|产值|亿元|正向|60|", _X2),
    ),
    SchemeCase(
        "a formula that refers to a cell",
        (("S04", "计分方法", "A2"),),
        {"计分方法": f"{_OWN}\n自定|权重*A1|完成值/目标值|完成值>=目标值|"},
        {"计分方法": f"{_OWN}\n自定|权重*系数|完成值/目标值|完成值>=目标值|系数=0.5"},
    ),
    SchemeCase(
        "two formulas of one method, each refused",
        (("S04", "计分方法", "A2"), ("S04", "计分方法", "A2")),
        {"计分方法": f"{_OWN}\n自定|权重*NOW()|完成值/|完成值>=目标值|"},
    ),
    SchemeCase(
        "two methods of one name",
        (("S02", "计分方法", "A3"),),
        {"计分方法": f"{_OWN}\n自定|权重|1|1=1|\n自定|权重/2|1|1=1|"},
        {"计分方法": f"{_OWN}\n自定|权重|1|1=1|\n自定二|权重/2|1|1=1|"},
    ),
    SchemeCase(
        "a part below a part that is not there",
        (("S05", "部分", "A4"),),
        {"部分": "代码|名称|上级|满分\nA|发展||60\nB|民生||40\nC|其他|Z|"},
        {"部分": "代码|名称|上级|满分\nA|发展||60\nB|民生||40\nC|其他|A|"},
    ),
    SchemeCase(
        "an indicator below a part that is not there",
        (("S05", "指标", "A2"),),
        {
            "部分": "代码|名称|上级|满分\nB|民生||40",
            **_indicators("X1|A|产值|亿元|正向|60|目标完成率", _X2),
        },
    ),
    SchemeCase(
        "a part below itself",
        (("S06", "部分", "A4"),),
        {"部分": "代码|名称|上级|满分\nA|发展||60\nB|民生||40\nC|其他|C|"},
    ),
    SchemeCase(
        "two parts below each other",
        (("S06", "部分", "A4"), ("S06", "部分", "A5")),
        {"部分": "代码|名称|上级|满分\nA|发展||60\nB|民生||40\nC|其他|D|\nD|别的|C|"},
    ),
    SchemeCase(
        "a unit without a target",
        (("S07", "指标", "A2"),),
        {"目标": _TARGETS + "X1|U1|100"},
        {"目标": _TARGETS + "X1|U1|100\nX1|U2|0"},
    ),
    SchemeCase(
        "a target row without a target",
        (("S07", "目标", "C4"),),
        {"目标": _TARGETS + "X1|U1|100\nX1|U2||90"},
        {"目标": _TARGETS + "X1|*|100"},
    ),
    SchemeCase(
        "ten annual indicators declared, one listed",
        (("S08", "方案", "B4"),),
        {
            "方案": _settings("年度指标数|10"),
            **_indicators("X1|A|产值|亿元|正向|60|目标完成率|年度", _X2),
        },
        {
            "方案": _settings("年度指标数|1"),
            **_indicators("X1|A|产值|亿元|正向|60|目标完成率|年度", _X2),
        },
    ),
    SchemeCase(
        "a target that is a word",
        (("S07", "目标", "C3"), ("S09", "目标", "C3")),
        {"目标": _TARGETS + "X1|*|一百多"},
        {"目标": _TARGETS + "X1|*|1,000"},
    ),
    SchemeCase(
        "a target with a unit, which may be counted twice",
        (("S07", "目标", "C3"), ("S09", "目标", "C3")),
        {"目标": _TARGETS + "X1|*|162.6亿"},
        {"目标": _TARGETS + "X1|*|≥162.6"},
    ),
    SchemeCase(
        "a weight that is about 60",
        (("S01", "指标", ""), ("S09", "指标", "F2"), ("S14", "部分", "A2")),
        _indicators("X1|A|产值|亿元|正向|约60|目标完成率", _X2),
        _indicators("X1|A|产值|亿元|正向|60.0|目标完成率", _X2),
    ),
    SchemeCase(
        "a register's row about everybody is about nobody",
        (("S10", "人工调整", "C2"), ("S10", "否决", "B2")),
        {
            "人工调整": f"{_ADJUSTED}\n2007-H1|U1|*|按0分||纪要|办公室|2007-07-09",
            "否决事项": "代码|事项|后果\nV1|事故|取消评优",
            "结果规则": "代码|结果|性质|条件|名额|受否决限制\nR1|先进|表彰|总分前列|1|是",
            "否决": "期次|单位代码|事项代码|日期|依据|决定人\n2007-H1|*|V1|2007-07-09|通报|领导小组",
        },
    ),
    SchemeCase(
        "a decision of a period nobody can read would be lost",
        (("S09", "人工调整", "A2"), ("S09", "加减分", "A2"), ("S09", "核定", "A2"), ("S09", "申诉", "A2")),
        {
            "人工调整": f"{_ADJUSTED}\n2007年|U1|X1|得分|50|纪要|办公室|2007-07-09",
            "加减分": "期次|单位代码|项目代码|分数|事由|依据|决定人|日期\n去年|U1|A|1|表彰|文|办|2007-07-09",
            "核定": "期次|单位代码|指标代码|核定值|日期|依据\n2007/6|U1|X1|1|2007-07-09|表",
            "申诉": "期次|单位代码|指标代码|申诉内容\n07上半年|U1|X1|复核",
        },
        {"人工调整": f"{_ADJUSTED}\n2007-Q2|U1|X1|得分|50|纪要|办公室|2007-07-09"},
    ),
    SchemeCase(
        "a unit without a name",
        (("S09", "单位", "B3"),),
        {"单位": "单位代码|单位名称|考核组\nU1|东区|甲组\nU2||甲组"},
    ),
    SchemeCase(
        "a direction, a frequency and a pace that are none",
        (("S09", "指标", "E2"), ("S09", "指标", "H2"), ("S09", "指标", "I2")),
        _indicators("X1|A|产值|亿元|越高越好|60|目标完成率|每月|13月起", _X2),
        _indicators("X1|A|产值|亿元|适度|60|目标完成率|月度|12月起", _X2),
    ),
    SchemeCase(
        "a date that does not exist",
        (("S09", "指标", "K2"),),
        _indicators("X1|A|产值|亿元|正向|60|目标完成率|月度|无||2007-02-30|", _X2),
        _indicators("X1|A|产值|亿元|正向|60|目标完成率|月度|无||2007年2月28日|", _X2),
    ),
    SchemeCase(
        "settings out of their choices and range",
        (("S09", "方案", "B4"), ("S09", "方案", "B5")),
        {"方案": _settings("并列名次|1,1,1", "得分小数位|5")},
        {"方案": _settings("并列名次|1,2,2,3", "得分小数位|4")},
    ),
    SchemeCase(
        "a number of places that is not whole",
        (("S09", "方案", "B4"),),
        {"方案": _settings("总分小数位|1.5")},
    ),
    SchemeCase(
        "a target of an indicator and a unit that are not there",
        (("S10", "目标", "A3"), ("S10", "目标", "B4")),
        {"目标": _TARGETS + "Y1|*|100\nX2|U9|95\nX1|*|100"},
    ),
    SchemeCase(
        "a parameter of nobody",
        (("S10", "参数", "A2"), ("S10", "参数", "B3")),
        {"参数": "指标代码|对象|参数|值\nY1|*|封顶|1.2\nX1|乙组|封顶|1.2"},
        {"参数": "指标代码|对象|参数|值\n*|*|封顶|1.2\nX1|甲组|封顶|1.2\nX2|U2|封顶|1.2"},
    ),
    SchemeCase(
        "no table of targets, which no method needs",
        (("S11", "目标", ""),),
        {"目标": None, **_indicators(*_CHECKED)},
        {
            "目标": "指标代码|单位代码|目标值|上年值",
            **_indicators(*_CHECKED),
        },
    ),
    SchemeCase(
        "a table without a column it must have",
        (("S11", "参数", ""),),
        {"参数": "指标代码|对象|参数|说明"},
        {"参数": "指标代码|对象|参数|值|说明"},
    ),
    SchemeCase(
        "a method whose parameter nobody set",
        (("S12", "指标", "A2"),),
        {
            "参数": "指标代码|对象|参数|值\nX1|*|下限|90",
            **_indicators("X1|A|密度|人|适度|60|区间适度", _X2),
        },
        {
            "参数": "指标代码|对象|参数|值\nX1|*|下限|90\nX1|U1|上限|99\nX1|U2|上限|98",
            **_indicators("X1|A|密度|人|适度|60|区间适度", _X2),
        },
    ),
    SchemeCase(
        "a parameter set for one unit only",
        (("S12", "指标", "A2"),),
        {
            "参数": "指标代码|对象|参数|值\nX1|*|下限|90\nX1|U1|上限|99",
            **_indicators("X1|A|密度|人|适度|60|区间适度", _X2),
        },
    ),
    SchemeCase(
        "an indicator below one that is entered",
        (("S20", "指标", "A4"),),
        {
            **_indicators(
                "X1|A|产值|亿元|正向|60|目标完成率|月度|无", _X2, "X3|X2|分项|%|正向|40|目标完成率|月度|无"
            ),
            "目标": _TARGETS + "X1|*|100\nX3|*|1",
        },
    ),
    SchemeCase(
        "two units of one name",
        (("S19", "单位", "A3"),),
        {"单位": "单位代码|单位名称\nU1|东区\nU2|东区"},
    ),
    SchemeCase(
        "a parameter whose name is misspelt",
        (("S16", "参数", "D2"),),
        {"参数": "指标代码|对象|参数|值\nX1|*|封定|1.2"},
        {"参数": "指标代码|对象|参数|值\nX1|*|封顶|1.2"},
    ),
    SchemeCase(
        "a code that would mean something in a formula's condition",
        (("S09", "部分", "A2"),),
        {
            "部分": "代码|名称|满分\nA*|经济|60\nB|民生|40",
            **_indicators("X1|A*|产值|亿元|正向|60|目标完成率|月度|无", _X2),
        },
    ),
    SchemeCase(
        "two versions of an indicator in force in March",
        (("S13", "指标", "A3"),),
        _indicators(
            "X1|A|产值|亿元|正向|60|目标完成率|月度|无|||2007-03-31",
            "X1|A|产值|亿元|正向|60|目标完成率|月度|无||2007-03-01|",
            _X2,
        ),
        _indicators(
            "X1|A|产值|亿元|正向|60|目标完成率|月度|无|||2007-03-31",
            "X1|A|产值|亿元|正向|60|目标完成率|月度|无||2007-04-01|",
            _X2,
        ),
    ),
    SchemeCase(
        "two targets of one unit",
        (("S13", "目标", "C4"),),
        {"目标": _TARGETS + "X1|*|100\nX1|*|110"},
    ),
    SchemeCase(
        "a parameter set twice",
        (("S13", "参数", "D3"),),
        {"参数": "指标代码|对象|参数|值|生效起|生效止\nX1|*|封顶|1.1||\nX1|*|封顶|1.2|2007-05-01|"},
        {"参数": "指标代码|对象|参数|值|生效起|生效止\nX1|*|封顶|1.1||2007-04-30\nX1|*|封顶|1.2|2007-05-01|"},
    ),
    SchemeCase(
        "a part of 99 over parts of 60 and 40",
        (("S14", "部分", "A2"),),
        {"部分": "代码|名称|上级|满分\nZ|全部||99\nA|发展|Z|60\nB|民生|Z|40"},
        {"部分": "代码|名称|上级|满分\nZ|全部||100\nA|发展|Z|60\nB|民生|Z|40"},
    ),
    SchemeCase(
        "a weight below 0",
        (("S09", "指标", "F2"),),
        {
            "部分": "代码|名称|上级|满分\nA|发展||\nB|民生||",
            **_indicators("X1|A|产值|亿元|正向|-20|目标完成率", "X2|B|满意率|%|正向|120|目标完成率"),
        },
    ),
    SchemeCase(
        "a part of 61 that holds 60",
        (("S14", "部分", "A2"),),
        {"部分": "代码|名称|上级|满分\nA|发展||61\nB|民生||40"},
        {"部分": "代码|名称|上级|满分\nA|发展||\nB|民生||40"},
    ),
    SchemeCase(
        "a setting we do not know",
        (("S15", "方案", "A4"),),
        {"方案": _settings("小数位|2")},
        {"方案": _settings("得分小数位|2")},
    ),
    SchemeCase(
        "a composite of nothing",
        (("S17", "指标", "A2"),),
        _indicators("X1|A|指数||正向|60|目标完成率|月度|无|合成", _X2),
        {
            **_indicators(
                "X1|A|指数||正向|60|目标完成率|月度|无|合成",
                "X11|X1|水质|个|正向|100|目标完成率|月度|无|",
                _X2,
            ),
            "目标": _TARGETS + "X1|*|80\nX11|*|3",
        },
    ),
    SchemeCase(
        "a built-in method with the office's own formula",
        (("S18", "计分方法", "A2"),),
        {"计分方法": f"{_OWN}\n比例计分|权重*完成值/1000|完成值/1000|完成值>=1000|"},
        {"计分方法": f"{_OWN}\n千分比|权重*完成值/1000|完成值/1000|完成值>=1000|"},
    ),
)
