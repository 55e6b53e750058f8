"""填报说明 of a 考评打分表: one page a department can read before it marks."""

from __future__ import annotations

from kaohe.model import Period, Scheme
from kaohe.sheets.form_help import instructions
from kaohe.workbooks.plan import SheetPlan

_STEPS = (
    ("1", "打开", "用 Excel 或 WPS 打开本工作簿;提示“受保护的视图”时点“启用编辑”。不需要安装任何插件。"),
    ("2", "填写", "在《打分表》中逐个单位填写黄色单元格;每个指标名称下面写着满分和填法,灰色小字是指标代码。"),
    ("3", "说明", "打分、扣分的理由写在“说明”栏:公布前要反馈给单位,单位可以申诉。"),
    ("4", "核对", "看表头的“未填”:应为 0(核定的指标没有核实的可以留空)。变色的单元格是文字,或超过了满分。"),
    ("5", "签字", "打印(A4横向),由填表人、审核人、负责人签字并加盖公章。"),
    ("6", "报送", "保存后将本工作簿(不要改名、不要另存为其他格式)连同签字扫描件在截止日期前报送考核办。"),
)
_WORDS = (
    ("满分", "该指标的权重(分);分项指标为在合成指标内的分值"),
    ("打分", "直接填得分,0 到满分之间"),
    ("填完成值", "填统计数、次数等,得分由总表按计分方法算出"),
    ("核定", "单位自己也填报的指标:填核实后的数;与单位所报不同的,以核定数计分,两个数都保留;没有核实的留空"),
    ("目标值", "各单位的年度目标(目标相同的写在指标名称下面)"),
    ("已填、平均", "随填随变,便于核对;不影响得分"),
)


def assessor_help_sheet(scheme: Scheme, period: Period) -> SheetPlan:
    """The instructions as a sheet of its own."""
    return instructions(
        scheme, period, (("怎样打分", _STEPS), ("各栏是什么意思", (("", *row) for row in _WORDS)))
    )
