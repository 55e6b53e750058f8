"""The office's words, each with one English name (see the field's vocabulary); Chinese that users read."""

from __future__ import annotations

# 指标性质 (direction)
HIGHER_BETTER = "正向"
LOWER_BETTER = "逆向"
CONTROL_CAP = "控制性"
TARGET_RANGE = "适度"
DIRECTIONS = (HIGHER_BETTER, LOWER_BETTER, CONTROL_CAP, TARGET_RANGE)

# 频次 (frequency): months after which a figure falls due
MONTHLY = "月度"
FREQUENCY_MONTHS = {MONTHLY: 1, "季度": 3, "半年": 6, "年度": 12}
ANNUAL = "年度"

# 序时 (pace): how an annual target falls due
PACE_BY_MONTH = "按月"
PACE_NONE = "无"
PACE_CURVE = "曲线"

# 取值 (where a value comes from)
SOURCE_ENTERED = "填报"
SOURCE_COMPOSED = "合成"

# 下发方式
ISSUE_WHOLE = "整表"
ISSUE_BY_DEPARTMENT = "分部门"

# 填写类型 of a method
ACCEPTS_NUMBER = "数值"
ACCEPTS_YES_NO = "是否"

EVERYONE = "*"

# 数据状态 of a figure (BH8)
ESTIMATED = "预计"
PRELIMINARY = "初步"
VERIFIED = "核定"
FIGURE_STATUSES = (ESTIMATED, PRELIMINARY, VERIFIED)

# 标记 (BH8)
MARKS = ("未达标", "有不确定性", "待加大监测")

# 状态 of one indicator of one unit
BLANK = "未填"
NOT_READ = "待识别"
NOT_SCORABLE = "无法计分"
ON_SCHEDULE = "已达序时"
BEHIND = "未达序时"
OUTSIDE_PERIOD = "本期不考核"
WAITING = "待分项"
COMPONENT_MET = "分项达标"
COMPONENT_BEHIND = "分项未达"
STATES = (BLANK, NOT_READ, NOT_SCORABLE, ON_SCHEDULE, BEHIND, OUTSIDE_PERIOD, WAITING)

# 状态 of a unit's result
VALID = "有效"
PROVISIONAL = "暂定"

YES = "是"
NO = "否"
