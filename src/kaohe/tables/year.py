"""The registers of the office's year as tables: feedback on a draft, evidence, the steps of a decision.

A blank or wrong cell here never touches a score: their own checks tell of it, as QUERY, and the row is not
followed. So no column is required in the sense of the scheme's tables, where it would be an ERROR of all.
"""

from __future__ import annotations

from kaohe import terms
from kaohe.tables.core import Column, TableSpec

_PERIOD = Column("period", "期次", width=10, hint="如 2016-H1、2016")

YEAR: tuple[TableSpec, ...] = (
    TableSpec(
        "feedback",
        "征求意见",
        (
            Column("draft", "稿次", width=12, hint="如 征求意见稿、送审稿"),
            Column("date", "日期", "date", width=12),
            Column("source", "来自", width=18, hint="单位或部门"),
            Column("contact", "联系人", width=12),
            Column("clause", "条款", width=14, hint="指标代码,或办法的第几条"),
            Column("opinion", "意见", width=40),
            Column("answer", "处理", choices=terms.FEEDBACK_ANSWERS, width=10),
            Column("reason", "理由", width=36, hint="未采纳、部分采纳的须写明"),
            Column("closed", "办理日期", "date", width=12),
        ),
        required=False,
        scored=False,
        about="方案征求到的意见,一条一行;下发前应逐条办理",
    ),
    TableSpec(
        "evidence",
        "佐证材料",
        (
            _PERIOD,
            Column("unit", "单位代码", width=10, hint="《单位》或《人员》中的代码"),
            Column("indicator", "指标代码", width=10, hint="空白表示签字盖章的扫描件"),
            Column("number", "编号", width=8, hint="同一指标内不重复,如 1、2、3"),
            Column("file", "文件", width=44, hint="相对总表所在的文件夹,如 佐证/A01/合同.pdf"),
            Column("note", "说明", width=30),
        ),
        required=False,
        scored=False,
        about="按指标编号的佐证材料和签字盖章的扫描件;汇总、审定时只核对文件在不在,不打开",
    ),
    TableSpec(
        "state",
        "审定",
        (
            _PERIOD,
            Column("state", "状态", width=14, hint="《方案》审定程序中的一步,或 重新开启"),
            Column("date", "日期", "date", width=12),
            Column("basis", "依据", width=34, hint="会议纪要、文号"),
            Column("person", "决定人", width=14),
            Column("number", "文号", width=18, hint="如 〔2017〕第8期"),
            Column("until", "公示截止", "date", width=12, hint="公示的最后一天;空白按《方案》的公示天数"),
            Column("note", "说明", width=30),
        ),
        required=False,
        scored=False,
        about="审定的每一步,一步一行,按先后;用 kaohe decide 登记并锁定结果",
    ),
)
"""In the order of the year."""
