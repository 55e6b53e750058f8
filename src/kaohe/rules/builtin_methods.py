"""The built-in scoring methods, as a table of formula texts.

``number`` is the row in the list of methods in use. Shares and caps are ratios (1 is 100%, 0.03 is 3%).
An edge that the source leaves open is declared in ``note``; an office that wants it otherwise writes its own
row in 计分方法.
"""

from __future__ import annotations

from kaohe.rules.builtin_comparisons import COMPARISONS
from kaohe.rules.builtin_shared import (
    CAP,
    CAPPED,
    MET_LOWER,
    MET_ZERO,
    NEGATIVE_NOTE,
    RATE,
    RATE_LOWER,
    RATE_ZERO,
    ZERO_TARGET,
    with_zero,
)
from kaohe.rules.builtin_words import WORDED
from kaohe.rules.method import Method, Parameter

_TOLERANCE = Parameter("容差", 0.0, "低于序时多少仍算达序时,0.05 即 5%", setting="序时容差")
_RATIO = Parameter(
    "逆向比值", 0.0, "完成率的算法:0 为 2-完成值/目标值,1 为 目标值/完成值", setting="逆向完成率"
)
_LEVEL_ONLY = Parameter("上年非正", 0.0, "上年值不大于0时:0 不能计分,1 按总量计满权重", setting="上年值非正")
_STEP_REST = Parameter("零头", 0.0, "不足一步的部分:0 不计,1 按一步计,2 按比例计")

_DISTANCE = with_zero("1+(完成值-目标值)/ABS(目标值)")
# T/A has no end at A = 0: what 2-A/T gives there is the most.
_RATIO_LOWER = "IF(目标值<0,完成值/目标值,IF(完成值<=0,MIN(封顶,2),目标值/完成值))"
_EITHER_LOWER = f"IF(逆向比值=1,{_RATIO_LOWER},{RATE_LOWER})"
_OVERRUN = Parameter("容差", 0.0, "高于控制数多少仍算达标,0.05 即 5%", setting="序时容差")
_CAP_SCORE = "权重*IF(完成值<={due}+ABS({due})*容差,1,IF({due}=0,0,MAX(0,1+({due}-完成值)/ABS({due}))))"


def _steps(amount: str) -> str:
    """Number of steps by the parameter 零头; ROUND(…,9) only takes off what doubles add (0.03/0.03)."""
    counted = f"ROUND({amount}/步长,9)"
    return f"CHOOSE(零头+1,ROUNDDOWN({counted},0),ROUNDUP({counted},0),{counted})"


_COMPLETION = (
    Method(
        name="目标完成率",
        score=CAPPED.format(rate=RATE_ZERO),
        rate=RATE_ZERO,
        met=MET_ZERO,
        parameters=(CAP, ZERO_TARGET),
        number=1,
        source="财政支出绩效评价表",
        note="得分=权重×完成率,最多按封顶计,最低0分。" + NEGATIVE_NOTE,
    ),
    Method(
        name="目标完成率逆向",
        score=CAPPED.format(rate=_EITHER_LOWER),
        rate=_EITHER_LOWER,
        met=MET_LOWER,
        parameters=(CAP, _RATIO),
        number=2,
        source="实务问答",
        note="完成率=2-完成值/目标值(目标90、完成80为111.1%),最低0分;《方案》逆向完成率设为 目标值/完成值 的,"
        "同“目标完成率逆向比值”。目标值为0时,完成值不大于0得满分,否则0分。",
    ),
    Method(
        name="目标完成率逆向比值",
        score=CAPPED.format(rate=_RATIO_LOWER),
        rate=_RATIO_LOWER,
        met=MET_LOWER,
        parameters=(CAP,),
        number=2,
        source="实务问答",
        note="完成率=目标值/完成值(目标90、完成80为112.5%)。完成值不大于0时按封顶计(不封顶的按200%);目标值为负时为完成值/目标值。",
    ),
    Method(
        name="负目标完成率",
        score=CAPPED.format(rate=_DISTANCE),
        rate=_DISTANCE,
        met=MET_ZERO,
        parameters=(CAP, ZERO_TARGET),
        number=3,
        source="实务问答",
        note="目标-50、完成-60为80%。最低0分;目标值为0时按参数“零目标”:不能计分,或完成值不小于0为达标。",
    ),
    Method(
        name="比例计分",
        score="权重*MAX(0,MIN(1,完成值/100))",
        rate="完成值/100",
        met="IF(ISNUMBER(目标值),完成值>=目标值,完成值>=100)",
        number=13,
        source="财政支出绩效评价表",
        note="完成值本身是百分比(92.16 即 92.16%),超过100%按100%计。没有目标值时,达到100%为达标。",
    ),
)

_BANDS = "权重*IF({rate}>=一档线,一档系数,IF({rate}>=二档线,二档系数,IF({rate}>=三档线,三档系数,四档系数)))"

_THRESHOLD = (
    Method(
        name="达标得满分",
        score="IF(完成值>=目标值,权重,0)",
        rate=RATE,
        met="完成值>=目标值",
        number=4,
        source="月度经济指标评估办法",
        note="不低于目标值(含等于)得满分,否则0分。",
    ),
    Method(
        name="达标得满分逆向",
        score="IF(完成值<=目标值,权重,0)",
        rate=RATE_LOWER,
        met=MET_LOWER,
        number=4,
        source="月度经济指标评估办法",
        note="不超过目标值(含等于)得满分,否则0分。",
    ),
    Method(
        name="控制性",
        score="IF(完成值<=目标值,权重,0)",
        rate=f"MIN(1,{RATE_LOWER})",
        met=MET_LOWER,
        number=4,
        source="BH5",
        note="控制数以内(含等于)得满分,超过得0分;低于控制数不加分,完成率最多100%。",
    ),
    Method(
        name="分档计分",
        score=_BANDS.format(rate=RATE_ZERO),
        rate=RATE_ZERO,
        met=MET_ZERO,
        parameters=(
            Parameter("一档线", 1.0, "完成率达到此线(含)为一档"),
            Parameter("二档线", 0.8, "完成率达到此线(含)为二档"),
            Parameter("三档线", 0.6, "完成率达到此线(含)为三档"),
            Parameter("一档系数", 1.0, "一档得权重的多少"),
            Parameter("二档系数", 0.8, "二档得权重的多少"),
            Parameter("三档系数", 0.6, "三档得权重的多少"),
            Parameter("四档系数", 0.0, "三档以下得权重的多少"),
            ZERO_TARGET,
        ),
        number=14,
        source="财政支出绩效评价表",
        note="各档含下限、不含上限,79%与80%之间没有空档:79.9%属第三档。" + NEGATIVE_NOTE,
    ),
    Method(
        name="区间适度",
        score="权重*IF(下限>上限,NA(),IF(AND(完成值>=下限,完成值<=上限),1,"
        "IF(宽度<=0,0,MAX(0,1-MAX(下限-完成值,完成值-上限)/宽度))))",
        rate="IF(下限>上限,NA(),IF(AND(完成值>=下限,完成值<=上限),1,"
        "IF(宽度<=0,0,MAX(0,1-MAX(下限-完成值,完成值-上限)/宽度))))",
        met="IF(下限>上限,NA(),AND(完成值>=下限,完成值<=上限))",
        parameters=(
            Parameter("下限", None, "区间下限(含)"),
            Parameter("上限", None, "区间上限(含)"),
            Parameter("宽度", 0.0, "超出区间多少时得分降到0;0 表示一超出即0分"),
        ),
        number=18,
        source="综合指数实务",
        note="区间内(含两端)得满分,区间外按宽度直线下降到0。",
    ),
)

_ON_PACE = (
    "MAX(0,MIN(封顶,MAX(IF(完成值>=目标值*序时-ABS(目标值*序时)*容差,1,0),"
    "IF(目标值<0,1+(完成值-目标值*序时)/ABS(目标值*序时),完成值/(目标值*序时)))))"
)

_SCHEDULE = (
    Method(
        name="序时进度",
        score=f"权重*IF(序时=0,1,{with_zero(_ON_PACE)})",
        rate=RATE_ZERO,
        met="IF(序时=0,TRUE,IF(零目标=1,完成值>=目标值*序时-ABS(目标值*序时)*容差,"
        "IF(目标值=0,NA(),完成值>=目标值*序时-ABS(目标值*序时)*容差)))",
        parameters=(CAP, _TOLERANCE, ZERO_TARGET),
        number=17,
        source="BH3",
        note="达到目标值×序时(可减容差)得满分,否则按比例;序时为0视为已达序时。完成率对全年目标计算。"
        + NEGATIVE_NOTE,
    ),
    Method(
        name="序时进度逆向",
        score=_CAP_SCORE.format(due="目标值"),
        rate=RATE_LOWER,
        met="完成值<=目标值+ABS(目标值)*容差",
        parameters=(_OVERRUN,),
        number=17,
        source="BH5",
        note="不超过全年控制数(含等于)得满分,超过后按 2-完成值/控制数 递减到0;"
        "控制数为0时,完成值不大于0得满分,否则0分。",
    ),
    Method(
        name="序时进度逆向按序时",
        score=_CAP_SCORE.format(due="(目标值*序时)"),
        rate=RATE_LOWER,
        met="完成值<=目标值*序时+ABS(目标值*序时)*容差",
        parameters=(_OVERRUN,),
        number=17,
        source="BH5",
        note="同“序时进度逆向”,但控制数按目标值×序时计。",
    ),
)

_GROWTH_STEPS = _steps("(完成值-上年值)/上年值")
_SHORT_STEPS = _steps("MAX(0,目标值-完成值)/ABS(目标值)")

_OFF = f"MAX(0,权重-每步分*{_SHORT_STEPS})"
_STEPS_OFF = f"IF(零目标=1,IF(目标值=0,IF(完成值>=0,权重,0),{_OFF}),{_OFF})"
_REDUCTION = "IF(上年值=目标值,NA(),(上年值-完成值)/(上年值-目标值))"
_LEVEL = "MAX(0,MIN(封顶,完成值/目标值))"
_LEVEL_AND_GROWTH = (
    f"IF(AND(目标值>0,上年值>0,增幅目标>0),权重*(总量占比*{_LEVEL}"
    "+(1-总量占比)*MAX(0,MIN(封顶,(完成值-上年值)/上年值*100/增幅目标))),NA())"
)
_BOTH_MET = "IF(AND(目标值>0,上年值>0),AND(完成值>=目标值,完成值>=上年值*(1+增幅目标/100)),NA())"

_GROWTH = (
    Method(
        name="持平得八成",
        score=f"IF(上年值>0,MAX(0,权重*持平系数+MIN(权重*加分上限,每步分*{_GROWTH_STEPS})),NA())",
        rate="IF(上年值>0,完成值/上年值,NA())",
        met="IF(上年值>0,完成值>=上年值,NA())",
        parameters=(
            Parameter("持平系数", 0.8, "与上年持平得权重的多少"),
            Parameter("步长", 0.05, "每增长多少为一步,0.05 即 5%"),
            Parameter("每步分", 1.0, "每步加(减)几分"),
            Parameter("加分上限", 0.5, "最多加权重的多少"),
            _STEP_REST,
        ),
        number=10,
        source="连云港开发区2011年办法",
        note="每增长5%加1分,最多加权重的50%。低于上年的扣法来源没有写:这里按同样的步长扣,最低0分。"
        "上年值不大于0不能计分。",
    ),
    Method(
        name="增长率增减",
        score="MAX(0,MIN(权重*封顶,权重*基础系数+每点分*(完成值-目标值)))",
        rate=RATE,
        met="完成值>=目标值",
        parameters=(
            Parameter("基础系数", 0.8, "达到目标增长率得权重的多少"),
            Parameter("每点分", 0.5, "每高(低)1个百分点加(减)几分"),
            CAP,
        ),
        number=11,
        source="县级考核办法",
        note="完成值、目标值都是增长率(百分点)。达到目标得八成,每个百分点±0.5分,不足一个百分点按比例;最低0分,最高权重×封顶。",
    ),
    Method(
        name="逐步扣分",
        score=_STEPS_OFF,
        rate=RATE_ZERO,
        met=MET_ZERO,
        parameters=(
            Parameter("步长", 0.03, "每低于目标多少为一步,0.03 即 3%"),
            Parameter("每步分", 1.0, "每步扣几分"),
            _STEP_REST,
            ZERO_TARGET,
        ),
        number=12,
        source="财政支出绩效评价表",
        note="每低于目标3%扣1分,扣完为止;不足一步的部分由参数“零头”规定,默认不扣。目标值为0时按参数“零目标”:不能计分,或不小于0不扣、小于0扣完。",
    ),
    Method(
        name="降幅完成率",
        score=CAPPED.format(rate=_REDUCTION),
        rate=_REDUCTION,
        met=f"{_REDUCTION}>=1",
        parameters=(CAP,),
        number=2,
        source="GN4",
        note="完成率=(上年值-完成值)/(上年值-目标值):原来3天、要求1天,压缩到2天为50%。最低0分,最多按封顶计;"
        "上年值等于目标值(没有要求下降)不能计分。",
    ),
    Method(
        name="总量增幅",
        score=f"IF(上年非正=1,IF(AND(目标值>0,上年值<=0),权重*{_LEVEL},{_LEVEL_AND_GROWTH}),{_LEVEL_AND_GROWTH})",
        rate="IF(目标值>0,完成值/目标值,NA())",
        met=f"IF(上年非正=1,IF(AND(目标值>0,上年值<=0),完成值>=目标值,{_BOTH_MET}),{_BOTH_MET})",
        parameters=(
            Parameter("增幅目标", None, "目标增幅,百分点,大于0"),
            Parameter("总量占比", 0.4, "总量得分所占比重,其余为增幅"),
            CAP,
            _LEVEL_ONLY,
        ),
        number=15,
        source="WXD2",
        note="总量与增幅4比6,各自最低0分、最高封顶;两项都达到才算达标。目标值、增幅目标不大于0时不能计分;"
        "上年值不大于0时按参数“上年非正”:不能计分,或只按总量计满权重。",
    ),
)

_DIRECT = (
    Method(
        name="扣分制",
        score="MAX(0,权重-ABS(完成值)*每次扣分)",
        rate="MAX(0,权重-ABS(完成值)*每次扣分)/权重",
        met="完成值=0",
        parameters=(Parameter("每次扣分", 1.0, "完成值每1(次、件、分)扣几分"),),
        number=20,
        source="通用",
        note="完成值为次数或应扣分数,写3或-3都按3计;扣完为止。没有扣分为达标。",
    ),
    Method(
        name="评定分",
        score="IF(AND(完成值>=0,完成值<=权重),完成值,NA())",
        rate="IF(AND(完成值>=0,完成值<=权重),完成值/权重,NA())",
        met="IF(AND(完成值>=0,完成值<=权重),完成值>=权重*达标线,NA())",
        parameters=(Parameter("达标线", 0.6, "得到权重的多少为达标"),),
        number=29,
        source="GN2",
        note="考评人直接打分,0 到权重之间(含两端);超出的不计分并提示。",
    ),
)

METHODS: tuple[Method, ...] = (
    *_COMPLETION,
    *_THRESHOLD,
    *_SCHEDULE,
    *COMPARISONS,
    *_GROWTH,
    *_DIRECT,
    *WORDED,
)
"""All built-in methods; names are unique."""
