"""Built-in methods that compare: with declared thresholds, with a partner, with the other units.

A method that compares units scores its 度量值 (its own 完成值 unless ``measure`` says otherwise) against the
figures of the group. Equal measures are recognised by 组最大值=组最小值, because the standard deviation of
equal numbers need not come out as 0.
"""

from __future__ import annotations

from kaohe.rules.builtin_shared import CAP, MET_LOWER, RATE, RATE_LOWER
from kaohe.rules.method import Method, Parameter

_EQUAL = Parameter("相同系数", 1.0, "相比的都相同时:1 得满分,0 得基础分", setting="组内相同")
_BASE = Parameter("基础", 0.6, "达到不允许值(组内最差)时得权重的多少")
_NO_BASE = Parameter("基础", 0.0, "组内最差得权重的多少")
_OWN_CAP = Parameter("封顶", 1.0, "最多按多少计,来源规定为100%")

_EFFICACY = "基础+(1-基础)*IF(满意值=不允许值,相同系数,(完成值-不允许值)/(满意值-不允许值))"
_SAME_NOTE = "组内都相同(或只有一个单位)时按参数“相同系数”。"


def _in_group(above: str) -> str:
    """基础 for the worst of the group, 1 for the best, in between by the distance."""
    return f"基础+(1-基础)*IF(组最大值=组最小值,相同系数,({above})/(组最大值-组最小值))"


_HIGHER, _LOWER, _MEASURED = map(_in_group, ("完成值-组最小值", "组最大值-完成值", "度量值-组最小值"))

_FIVE = (
    "IF(OR(优秀值<=良好值,良好值<=平均值,平均值<=较低值,较低值<=较差值),NA(),"
    "IF(完成值>=优秀值,一档系数,"
    "IF(完成值>=良好值,二档系数+(一档系数-二档系数)*ROUND((完成值-良好值)/(优秀值-良好值),4),"
    "IF(完成值>=平均值,三档系数+(二档系数-三档系数)*ROUND((完成值-平均值)/(良好值-平均值),4),"
    "IF(完成值>=较低值,四档系数+(三档系数-四档系数)*ROUND((完成值-较低值)/(平均值-较低值),4),"
    "IF(完成值>=较差值,五档系数+(四档系数-五档系数)*ROUND((完成值-较差值)/(较低值-较差值),4),0))))))"
)

_DECLARED = (
    Method(
        name="功效系数",
        score=f"权重*MAX(0,MIN(封顶,{_EFFICACY}))",
        rate=_EFFICACY,
        met=f"{_EFFICACY}>=1",
        parameters=(_BASE, CAP, _EQUAL),
        number=7,
        source="临沂等市考核文件",
        note="得分=权重×(0.6+0.4×(完成值-不允许值)/(满意值-不允许值)),正向逆向均可(逆向时满意值小于不允许值);"
        "最低0分。满意值等于不允许值时按参数“相同系数”。",
    ),
    Method(
        name="五档功效系数",
        score=f"权重*{_FIVE}",
        rate=_FIVE,
        met="完成值>=平均值",
        parameters=(
            *(
                Parameter(f"{word}值", None, f"{word}档的标准值")
                for word in ("优秀", "良好", "平均", "较低", "较差")
            ),
            *(
                Parameter(f"{place}档系数", share, f"达到{word}值得权重的多少")
                for place, word, share in (
                    ("一", "优秀", 1.0),
                    ("二", "良好", 0.8),
                    ("三", "平均", 0.6),
                    ("四", "较低", 0.4),
                    ("五", "较差", 0.2),
                )
            ),
        ),
        number=8,
        source="企业绩效评价",
        note="越大越好。达到一档得该档系数,再按离上一档的距离直线增加;这段距离的比例先保留四位小数(来源如此)。"
        "低于较差值得0分;五个标准值应从高到低,否则不能计分。达到平均值为达标。",
    ),
    Method(
        name="标杆值比率",
        score="权重*MAX(0,MIN(封顶,IF(对标值>0,完成值/对标值,NA())))",
        rate="IF(对标值>0,完成值/对标值,NA())",
        met="IF(对标值>0,完成值>=对标值,NA())",
        parameters=(_OWN_CAP,),
        number=9,
        source="已公布的综合指数",
        note="得分=权重×完成值/对标值,最低0分。对标值应大于0,否则不能计分。",
    ),
)

_EFFICACIES = (
    Method(
        name="功效系数组内",
        score=f"权重*({_HIGHER})",
        rate=_HIGHER,
        met="完成值>=组最大值",
        parameters=(_BASE, _EQUAL),
        number=7,
        source="临沂等市考核文件",
        note="与本组最好、最差的单位比较,越大越好。" + _SAME_NOTE + "个别单位的极端值会拉低其他单位。",
    ),
    Method(
        name="功效系数组内逆向",
        score=f"权重*({_LOWER})",
        rate=_LOWER,
        met="完成值<=组最小值",
        parameters=(_BASE, _EQUAL),
        number=7,
        source="临沂等市考核文件",
        note="与本组最好、最差的单位比较,越小越好。" + _SAME_NOTE,
    ),
    Method(
        name="极差法",
        score=f"权重*({_HIGHER})",
        rate=_HIGHER,
        met="完成值>=组平均值",
        parameters=(_NO_BASE, _EQUAL),
        number=19,
        source="综合指数实务",
        note="组内最好得满分,最差得0分,其余按距离,越大越好。" + _SAME_NOTE + "不低于组平均值为达标。",
    ),
    Method(
        name="极差法逆向",
        score=f"权重*({_LOWER})",
        rate=_LOWER,
        met="完成值<=组平均值",
        parameters=(_NO_BASE, _EQUAL),
        number=19,
        source="综合指数实务",
        note="组内最好得满分,最差得0分,其余按距离,越小越好。" + _SAME_NOTE + "不高于组平均值为达标。",
    ),
)


def _standard(distance: str) -> str:
    """The share of the weight for a distance from the mean in standard deviations."""
    spread = f"MAX(0,MIN(1,均值系数+每标准差系数*({distance})/组标准差))"
    return f"IF(组最大值=组最小值,IF(相同系数=1,1,均值系数),{spread})"


_STANDARD_PARAMETERS = (
    Parameter("均值系数", 0.7, "等于组平均值得权重的多少"),
    Parameter("每标准差系数", 0.15, "每高(低)一个标准差加(减)权重的多少"),
    _EQUAL,
)
_STANDARD_NOTE = (
    "得分=权重×(均值系数+每标准差系数×标准分),最低0分、最高满分;标准差按总体(除以单位数)计,两个系数为推定。"
    "组内都相同(或只有一个单位)时按参数“相同系数”:满分,或均值系数。"
)

_STANDARD = (
    Method(
        name="标准分",
        score=f"权重*{_standard('完成值-组平均值')}",
        rate=_standard("完成值-组平均值"),
        met="完成值>=组平均值",
        parameters=_STANDARD_PARAMETERS,
        number=19,
        source="综合指数实务",
        note=_STANDARD_NOTE + "越大越好,不低于组平均值为达标。",
    ),
    Method(
        name="标准分逆向",
        score=f"权重*{_standard('组平均值-完成值')}",
        rate=_standard("组平均值-完成值"),
        met="完成值<=组平均值",
        parameters=_STANDARD_PARAMETERS,
        number=19,
        source="综合指数实务",
        note=_STANDARD_NOTE + "越小越好,不高于组平均值为达标。",
    ),
)

_BY_RANK = "MAX(末限,首位-级差*(组名次-1))"
_STEP_UP = "达标份额*IF({met},1,0)+(1-达标份额)*(组单位数-组名次+1)/组单位数"
_MET_SHARE = Parameter("达标份额", 0.4, "达标得权重的多少,其余按名次")
_STEP_UP_NOTE = (
    "达标(含等于目标值)得权重的四成,另按组内名次最多得六成:(组单位数-名次+1)/组单位数,没有达标的也得名次分。"
    "并列的按相同名次;只有一个单位的名次分得满。完成率对目标计算。"
)

_RANKED = (
    Method(
        name="排名赋分",
        score=f"权重*{_BY_RANK}",
        rate=_BY_RANK,
        met="组名次<=(组单位数+1)/2",
        parameters=(
            Parameter("首位", 1.0, "第一名得权重的多少"),
            Parameter("级差", 0.05, "每低一名少得权重的多少"),
            Parameter("末限", 0.0, "最少得权重的多少"),
        ),
        number=5,
        source="月度经济指标评估办法",
        note="按组内名次得权重的 1、0.95、0.9……,不低于末限(22名以后不出现负分)。"
        "名次按指标性质排:正向大的在前,其余小的在前;并列的按 1,2,2,4。名次在前一半(含中间一名)为达标。",
    ),
    Method(
        name="达标进位",
        score=f"权重*({_STEP_UP.format(met='完成值>=目标值')})",
        rate=RATE,
        met="完成值>=目标值",
        parameters=(_MET_SHARE,),
        number=6,
        source="月度经济指标评估办法",
        note=_STEP_UP_NOTE,
    ),
    Method(
        name="达标进位逆向",
        score=f"权重*({_STEP_UP.format(met='完成值<=目标值')})",
        rate=RATE_LOWER,
        met=MET_LOWER,
        parameters=(_MET_SHARE,),
        number=6,
        source="月度经济指标评估办法",
        note="不超过目标值为达标。" + _STEP_UP_NOTE,
    ),
)

_HAS_MEASURE = "AND(ISNUMBER(度量值),ISNUMBER(组最大值),ISNUMBER(组最小值))"
_BASE_ALONE = Parameter(
    "上年非正", 0.0, "上年值不大于0时:0 不能计分,1 不参加比较、得基础分", setting="上年值非正"
)
_NO_PARTNER = Parameter("无对标系数", -1.0, "没有对标值时得权重的多少;负数为不能计分")


def _measured(weight: str, above: str, otherwise: str) -> str:
    """The efficacy of the measure times ``weight``; ``otherwise`` where the unit has no measure."""
    return f"IF({_HAS_MEASURE},{weight}({above}),{otherwise})"


def _without_partner(partner: str, answer: str) -> str:
    """The declared answer where the partner's figures are missing, and only then."""
    return f"IF(AND(无对标系数>=0,NOT({partner})),{answer},NA())"


def _partner_method(name: str, source: str, partner: str, measure: str, note: str, *own: Parameter) -> Method:
    """Efficacy within the group of what a unit is ahead of its partner."""
    return Method(
        name=name,
        score=_measured("权重*", _MEASURED, _without_partner(partner, "权重*无对标系数")),
        rate=_measured("", _MEASURED, _without_partner(partner, "无对标系数")),
        met=f"IF(ISNUMBER(度量值),度量值>=0,{_without_partner(partner, 'TRUE')})",
        parameters=(*own, _BASE, _EQUAL, _NO_PARTNER),
        number=16,
        source=source,
        note=note
        + "度量值在组内按功效系数计分,越大越好。"
        + _SAME_NOTE
        + "没有对标值的不参加比较:按参数“无对标系数”得分,"
        "没有设这个参数的不能计分。度量值不小于0(不慢于对标地区)为达标。",
        measure=measure,
    )


_GROWTH_ANSWER = "IF(上年非正=1,IF(上年值<=0,{answer},NA()),NA())"

_MEASURES = (
    Method(
        name="增幅功效组内",
        score=_measured("权重*", _MEASURED, _GROWTH_ANSWER.format(answer="权重*基础")),
        rate=_measured("", _MEASURED, _GROWTH_ANSWER.format(answer="基础")),
        met=f"IF(AND(ISNUMBER(度量值),ISNUMBER(组平均值)),度量值>=组平均值,{_GROWTH_ANSWER.format(answer='FALSE')})",
        parameters=(_BASE, _EQUAL, _BASE_ALONE),
        number=15,
        source="WXD2",
        note="度量值为增幅(完成值-上年值)/上年值,在组内按功效系数计分,越大越好。"
        + _SAME_NOTE
        + "上年值不大于0的按参数"
        "“上年非正”:不能计分;或不参加比较、增幅一侧只得基础分。不低于组平均增幅为达标。",
        measure="IF(上年值>0,(完成值-上年值)/ABS(上年值),NA())",
    ),
    _partner_method(
        "对标增速",
        "WXD4",
        "ISNUMBER(对标值)",
        "完成值-对标值",
        "完成值、对标值都是增速(百分点),对标值为对标地区的增速;度量值=完成值-对标值。",
    ),
    _partner_method(
        "对标加速",
        "WXZ2",
        "AND(ISNUMBER(对标值),ISNUMBER(对标上年值))",
        "(完成值-对标值)-(上年值-对标上年值)",
        "四个数都是增速(百分点);度量值=(完成值-对标值)-(上年值-对标上年值),即与对标地区的差距比上年改善多少。",
        Parameter("对标上年值", None, "对标地区上年的增速,百分点"),
    ),
)

COMPARISONS: tuple[Method, ...] = (*_DECLARED, *_EFFICACIES, *_STANDARD, *_RANKED, *_MEASURES)
"""Methods that compare, in the order they are shown in."""
