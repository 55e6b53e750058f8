"""The declared settings of 方案: name, default, choices. What no document settles is decided here, visibly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "choice"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of 方案: ``name`` is what stands in the cell."""

    name: str
    kind: Kind
    default: str | float
    meaning: str
    choices: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1_000_000.0
    whole: bool = True
    """Whether a number must be a whole one."""
    rule: bool = True
    """False for what only names the scheme; True for what changes a result and is shown in every run."""


RANK_BY_SCORE = "得分"
RANK_BY_RATE = "得分率"
TIES_COMPETITION = "1,2,2,4"
TIES_DENSE = "1,2,2,3"
RANK_ROUNDED, RANK_EXACT = "舍入后", "舍入前"
LOWER_DIFFERENCE, LOWER_RATIO = "2-完成值/目标值", "目标值/完成值"
ZERO_TARGET_ERROR, ZERO_TARGET_MET = "报错", "不小于0为达标"
ALL_EQUAL_FULL, ALL_EQUAL_BASE = "满分", "基础分"
PRIOR_ERROR, PRIOR_LEVEL_ONLY = "报错", "只计总量"
QUOTA_HALF_UP, QUOTA_DOWN, QUOTA_UP = "四舍五入至少1个", "去尾", "进一"
EDGE_DECIDED, EDGE_ALL_IN = "比部分后由考核办定", "全部进入"
ABSENT_RESCALED, ABSENT_FULL = "同级折算", "给满分"
OVER_CAPS = {"100%": 1.0, "120%": 1.2, "不封顶": 1e9}
COMPARED_IN_GROUP, COMPARED_IN_CLASS, COMPARED_ALL = "考核组", "类别", "全部"
YES_NO = ("是", "否")
ZONE_OF_MACHINE, ZONE_BEIJING = "本机", "北京时间"

SETTINGS: tuple[Setting, ...] = (
    Setting("方案代码", "text", "", "用于文件名和报告", rule=False),
    Setting("方案名称", "text", "", "表头显示的名称", rule=False),
    Setting("考核年度", "number", 0, "四位年份", rule=False, low=1990, high=2100),
    Setting("考核机关", "text", "", "表头和落款显示的名称", rule=False),
    Setting("单位称谓", "text", "单位", "排名表中对被考核单位的称呼,如 板块、单位", rule=False),
    Setting("数据声明", "text", "", "印在封面和表头的声明,如 演示数据", rule=False),
    Setting("报送天数", "number", 10, "期次结束后多少天内报送(截止日期)", rule=False, high=366),
    Setting("报送时区", "choice", ZONE_OF_MACHINE, "收到时间(迟报几天由它定)按哪里的时间:运行程序的电脑的,或北京时间",
            (ZONE_OF_MACHINE, ZONE_BEIJING), rule=False),
    Setting("联系方式", "text", "", "退回单上考核办的联系人和电话,如 李四 0510-8270000", rule=False),
    Setting("改正天数", "number", 3, "退回的表几天内改正报回(写在退回单上)", rule=False, high=366),
    Setting("审定程序", "text", "领导小组审核、常委会审定、公示、公布", "结果从初步到定稿的各步,依次登记在《审定》", rule=False),
    Setting("公示天数", "number", 5, "公示几天(自公示之日起算,含当日)", rule=False, low=1, high=366),
    Setting("申诉天数", "number", 5, "公示(没有公示的自公布)后几天内可以申诉", rule=False, low=1, high=366),
    Setting("答复天数", "number", 10, "申诉、公示异议提出后几天内答复", rule=False, low=1, high=366),
    Setting("公示内容", "text", "得分、名次、等次", "公示和通报上给大家看的:得分、名次、等次中的几项(顿号隔开)", rule=False),
    Setting("扣分公开", "choice", "否", "公示上是否列出扣分;否则扣分只告知本单位", YES_NO, rule=False),
    Setting("要求扫描件", "choice", "否", "报送的单位是否须在《佐证材料》登记签字盖章的扫描件", YES_NO, rule=False),
    Setting("权重合计", "number", 100, "全部指标权重应有的合计;填 0 不检查"),
    Setting("年度指标数", "number", 0, "声明的年度统计指标个数;填 0 不检查"),
    Setting("得分小数位", "number", 2, "单项得分保留几位小数(四舍五入一次)", high=4),
    Setting("部分小数位", "number", 2, "部分得分保留几位小数", high=4),
    Setting("总分小数位", "number", 2, "总分保留几位小数", high=4),
    Setting("排名依据", "choice", RANK_BY_SCORE, "按得分排名,或按得分率(考核权重不同时)", (RANK_BY_SCORE, RANK_BY_RATE)),
    Setting("排名取数", "choice", RANK_ROUNDED, "按舍入后的总分排名,或按舍入前的", (RANK_ROUNDED, RANK_EXACT)),
    Setting("并列名次", "choice", TIES_COMPETITION, "并列后名次是否跳号", (TIES_COMPETITION, TIES_DENSE)),
    Setting("并列再比", "text", "", "总分相同时依次再比哪些部分(代码,顿号隔开);空白为并列"),
    Setting("比较范围", "choice", COMPARED_IN_GROUP, "与别的单位比较的方法在什么范围内比",
            (COMPARED_IN_GROUP, COMPARED_IN_CLASS, COMPARED_ALL)),
    Setting("逆向完成率", "choice", LOWER_DIFFERENCE, "逆向指标的完成率;最低0分", (LOWER_DIFFERENCE, LOWER_RATIO)),
    Setting("负目标", "choice", "1+(完成值-目标值)/ABS(目标值)", "目标为负时的完成率;最低0分", ("1+(完成值-目标值)/ABS(目标值)",)),
    Setting("逆向目标为0", "choice", "不大于0为达标", "逆向指标目标为0时", ("不大于0为达标",)),
    Setting("正向目标为0", "choice", ZERO_TARGET_ERROR, "正向指标目标为0时", (ZERO_TARGET_ERROR, ZERO_TARGET_MET)),
    Setting("超额封顶", "choice", "100%", "超额完成最多按多少计", tuple(OVER_CAPS)),
    Setting("组内相同", "choice", ALL_EQUAL_FULL, "功效系数、极差法组内都相同时", (ALL_EQUAL_FULL, ALL_EQUAL_BASE)),
    Setting("上年值非正", "choice", PRIOR_ERROR, "增长率的上年值不大于0时", (PRIOR_ERROR, PRIOR_LEVEL_ONLY)),
    Setting("序时容差", "number", 0, "低于序时百分之几仍算达序时", whole=False, high=100),
    Setting("年度指标", "choice", "不计入分母", "本期不到期的指标", ("不计入分母",)),
    Setting("不适用指标", "choice", ABSENT_RESCALED, "认定不适用的指标:同级指标按比例放大,或给满分", (ABSENT_RESCALED, ABSENT_FULL)),
    Setting("缺报数据", "choice", "报错待认定", "缺的数:截止后按0分或延期,须登记认定", ("报错待认定",)),
    Setting("未报送单位", "choice", "不能定稿待认定", "没有报送的单位:按0分或延期,须登记认定", ("不能定稿待认定",)),
    Setting("预计值计分", "choice", "是", "“预计”的数是否计分(计分并标注)", YES_NO),
    Setting("近似值计分", "choice", "否", "“约3万”这样的近似数是否计分", YES_NO),
    Setting("落后须说明", "choice", "是", "未达序时的指标是否须填原因和措施", YES_NO),
    Setting("等次依据", "choice", RANK_BY_SCORE, "等次的分数线按得分还是得分率", (RANK_BY_SCORE, RANK_BY_RATE)),
    Setting("等次名额", "choice", QUOTA_HALF_UP, "按比例算出的名额怎样取整", (QUOTA_HALF_UP, QUOTA_DOWN, QUOTA_UP)),
    Setting("名额边缘", "choice", EDGE_DECIDED, "并列跨过名额时", (EDGE_DECIDED, EDGE_ALL_IN)),
    Setting("否决降档", "number", 1, "一票否决降几个等次", high=9),
    Setting("迟报每天扣分", "number", 0, "迟报一天扣几分", whole=False, high=100),
    Setting("迟报扣分上限", "number", 0, "迟报最多扣几分;填 0 不限", whole=False, high=100),
    Setting("省级权重倍数", "number", 1, "有省级目标的指标,权重乘以多少(XT3)", whole=False, low=0.01, high=100),
    Setting("满意度分值", "text", "100,80,60,40", "四级票:满意、较满意、一般、不满意各计多少分"),
    Setting("雷同票", "choice", "计入", "逐票得分中,给所有单位同一分的票", ("计入", "作废")),
)  # fmt: skip

BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
DEFAULTS: Mapping[str, str | float] = {setting.name: setting.default for setting in SETTINGS}

RULES = frozenset(setting.name for setting in SETTINGS if setting.rule)
"""Names of the settings that change results."""


def places(settings: Mapping[str, str | float], stage: Literal["得分", "部分", "总分"]) -> int:
    """Decimal places of a stage (indicator, part or total score)."""
    return int(settings[f"{stage}小数位"])


def allowed(settings: Mapping[str, str | float], name: str) -> bool:
    """A 是/否 setting as a bool."""
    return settings[name] == "是"
