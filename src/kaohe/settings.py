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
    rule: bool = True
    """False for what only names the scheme; True for what changes a result and is shown in every run."""


RANK_BY_SCORE = "得分"
RANK_BY_RATE = "得分率"
TIES_COMPETITION = "1,2,2,4"
TIES_DENSE = "1,2,2,3"
YES_NO = ("是", "否")

SETTINGS: tuple[Setting, ...] = (
    Setting("方案代码", "text", "", "用于文件名和报告", rule=False),
    Setting("方案名称", "text", "", "表头显示的名称", rule=False),
    Setting("考核年度", "number", 0, "四位年份", rule=False, low=1990, high=2100),
    Setting("考核机关", "text", "", "表头和落款显示的名称", rule=False),
    Setting("单位称谓", "text", "单位", "排名表中对被考核单位的称呼,如 板块、单位", rule=False),
    Setting("数据声明", "text", "", "印在封面和表头的声明,如 演示数据", rule=False),
    Setting("报送天数", "number", 10, "期次结束后多少天内报送(截止日期)", rule=False, high=366),
    Setting("权重合计", "number", 100, "全部指标权重应有的合计;填 0 不检查"),
    Setting("年度指标数", "number", 0, "声明的年度统计指标个数;填 0 不检查"),
    Setting("得分小数位", "number", 2, "单项得分保留几位小数(四舍五入一次)", high=4),
    Setting("部分小数位", "number", 2, "部分得分保留几位小数", high=4),
    Setting("总分小数位", "number", 2, "总分保留几位小数", high=4),
    Setting("排名依据", "choice", RANK_BY_SCORE, "按得分排名,或按得分率(考核权重不同时)", (RANK_BY_SCORE, RANK_BY_RATE)),
    Setting("并列名次", "choice", TIES_COMPETITION, "并列后名次是否跳号", (TIES_COMPETITION, TIES_DENSE)),
    Setting("近似值计分", "choice", "否", "“约3万”这样的近似数是否计分", YES_NO),
    Setting("落后须说明", "choice", "是", "未达序时的指标是否须填原因和措施", YES_NO),
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
