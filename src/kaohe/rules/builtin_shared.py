"""What several built-in methods share: the cap, the answer to a target of 0, completion by target."""

from __future__ import annotations

from kaohe.rules.method import Parameter

CAP = Parameter("封顶", 1.0, "完成率最多按多少计,1 即 100%", setting="超额封顶")
ZERO_TARGET = Parameter("零目标", 0.0, "目标值为0时:0 不能计分,1 完成值不小于0为达标", setting="正向目标为0")
CAPPED = "权重*MAX(0,MIN(封顶,{rate}))"
# A/T turns round under a negative target (-60 against -50 would be 120%), the distance to it does not.
RATE = "IF(目标值<0,1+(完成值-目标值)/ABS(目标值),完成值/目标值)"
RATE_LOWER = "IF(目标值=0,IF(完成值<=0,1,0),1+(目标值-完成值)/ABS(目标值))"
MET_LOWER = "完成值<=目标值"
NEGATIVE_NOTE = (
    "目标值为负时按 1+(完成值-目标值)/ABS(目标值) 计;"
    "目标值为0时按参数“零目标”:不能计分,或完成值不小于0为达标。"
)


def with_zero(rate: str) -> str:
    """A completion of a larger-is-better target, with the declared answer where the target is 0."""
    return f"IF(零目标=1,IF(目标值=0,IF(完成值>=0,1,0),{rate}),{rate})"


RATE_ZERO = with_zero(RATE)
MET_ZERO = "IF(零目标=1,完成值>=目标值,IF(目标值=0,NA(),完成值>=目标值))"
