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
ACCEPTS_GRADE = "档次"
ACCEPTS = (ACCEPTS_NUMBER, ACCEPTS_YES_NO, ACCEPTS_GRADE)

EVERYONE = "*"

# 数据状态 of a figure (BH8)
ESTIMATED = "预计"
PRELIMINARY = "初步"
VERIFIED = "核定"
FIGURE_STATUSES = (ESTIMATED, PRELIMINARY, VERIFIED)

# 标记 (BH8)
UNMONITORED = "待加大监测"
MARKS = ("未达标", "有不确定性", UNMONITORED)

# 用途 of an issued workbook
PURPOSE_FORM = "自测完成情况表"
PURPOSE_ASSESSOR = "考评打分表"

# 状态 of one indicator of one unit
BLANK = "未填"
NOT_READ = "待识别"
NOT_SCORABLE = "无法计分"
ON_SCHEDULE = "已达序时"
BEHIND = "未达序时"
OUTSIDE_PERIOD = "本期不考核"
WAITING = "待分项"
NOT_ENTERED = "不需填报"
"""On a unit's form: the value comes from somebody else."""
COMPONENT_MET = "分项达标"
COMPONENT_BEHIND = "分项未达"
STATES = (BLANK, NOT_READ, NOT_SCORABLE, ON_SCHEDULE, BEHIND, OUTSIDE_PERIOD, WAITING)

# 状态 of a unit's result
VALID = "有效"
PROVISIONAL = "暂定"

YES = "是"
NO = "否"

# 取值: further ways a value comes about
SOURCE_ASSESSED = "考评"
SOURCE_SURVEY = "测评"
SOURCE_BEST = "择优"
SOURCE_BORROWED = "引用"
SOURCE_PERIODS = "各期"
SOURCES = (
    SOURCE_ENTERED,
    SOURCE_ASSESSED,
    SOURCE_SURVEY,
    SOURCE_COMPOSED,
    SOURCE_BEST,
    SOURCE_BORROWED,
    SOURCE_PERIODS,
)

# 性质 of a part
PART_SCORED = "计分"
PART_BONUS = "加分"
PART_DEDUCTION = "扣分"
PART_KINDS = (PART_SCORED, PART_BONUS, PART_DEDUCTION)

# 对象: what is assessed
KIND_UNIT = "单位"
KIND_PERSON = "个人"
NOBODY = "无"
"""In 适用: kept in the list, assessed of nobody here (XT1)."""
NOT_APPLICABLE = "不适用"

# 层级 of a target
LEVEL_PROVINCE = "省"
LEVEL_CITY = "市"

# 后果 of a veto
VETO_BARS = "取消评优"
VETO_LOWERS = "降等次"
VETO_LAST = "降等次并列末位"
VETO_CONSEQUENCES = (VETO_BARS, VETO_LOWERS, VETO_LAST)

# 项目 of 人工调整
ADJUST_VALUE = "完成值"
ADJUST_SCORE = "得分"
ADJUST_TOTAL = "总分"
ADJUST_GRADE = "等次"
ADJUST_NOT_APPLICABLE = "不适用"
ADJUST_ZERO = "按0分"
ADJUST_EXTENDED = "延期"
ADJUSTED = (
    ADJUST_VALUE,
    ADJUST_SCORE,
    ADJUST_TOTAL,
    ADJUST_GRADE,
    ADJUST_NOT_APPLICABLE,
    ADJUST_ZERO,
    ADJUST_EXTENDED,
)

# 状态 of 申诉
APPEAL_OPEN = "受理"
APPEAL_UPHELD = "变更"
APPEAL_REFUSED = "维持"
APPEAL_WITHDRAWN = "撤回"
APPEAL_STATES = (APPEAL_OPEN, APPEAL_UPHELD, APPEAL_REFUSED, APPEAL_WITHDRAWN)

# 状态 of 督办
SUPERVISION_OPEN = "办理中"
SUPERVISION_CLOSED = "已销号"
SUPERVISION_STATES = (SUPERVISION_OPEN, SUPERVISION_CLOSED)

# 类型 of 票种
VOTERS = "票种"
ROUNDS = "轮次"

# 条件 of 结果规则
FIRST_IN_TOTAL = "总分前列"
FIRST_IN_INDICATOR = "指标第一"
LAST_IN_TOTAL = "总分末位"
LAST_YEARS = "连续末位"
BELOW_MEAN_YEARS = "连续低于平均"
BELOW_TARGET_YEARS = "连续未达目标"
OF_GRADE = "等次"
VETOED = "有否决"
CONDITIONS = (
    FIRST_IN_TOTAL,
    FIRST_IN_INDICATOR,
    LAST_IN_TOTAL,
    LAST_YEARS,
    BELOW_MEAN_YEARS,
    BELOW_TARGET_YEARS,
    OF_GRADE,
    VETOED,
)
NATURE_ADVICE = "提请研究"
NATURES = ("表彰", "通报表扬", "提醒", "诫勉谈话", "约谈", NATURE_ADVICE)

# 关系 of 勾稽
RELATIONS = ("=", "≥", "≤", "不重复")

# 单位沿革
SUCCESSIONS = ("更名", "合并", "拆分")

PENDING_GRADE = "待定"
"""A grade the office has to decide: units tied at the edge of a quota."""

# 审定: how far a result has come (Y8)
STATE_PRELIMINARY = "初步"
STATE_PUBLICITY = "公示"
"""The step of 审定程序 that lasts a number of days."""
STATE_REOPENED = "重新开启"

# 处理 of 征求意见 (Y1)
FEEDBACK_ADOPTED = "采纳"
FEEDBACK_PARTLY = "部分采纳"
FEEDBACK_REFUSED = "未采纳"
FEEDBACK_OPEN = "待定"
FEEDBACK_ANSWERS = (FEEDBACK_ADOPTED, FEEDBACK_PARTLY, FEEDBACK_REFUSED, FEEDBACK_OPEN)

# 类别 of 申诉 (Y9)
APPEAL_OWN = "申诉"
APPEAL_PUBLIC = "公示异议"
APPEAL_KINDS = (APPEAL_OWN, APPEAL_PUBLIC)
