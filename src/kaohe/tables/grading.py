"""Tables of a scheme that follow the scores: grades, vetoes, outcomes, voter groups, cross-checks."""

from __future__ import annotations

from kaohe import terms
from kaohe.tables.core import Column, TableSpec

YES_NO = (terms.YES, terms.NO)
_SCOPE = "类别或考核组;* 表示其余各组"

GRADING: tuple[TableSpec, ...] = (
    TableSpec(
        "grade",
        "等次",
        (
            Column("name", "等次", required=True, width=12),
            Column("scope", "对象", width=14, hint=_SCOPE),
            Column("least", "最低分", "number", width=10, hint="总分(或得分率)不低于;空白不限"),
            Column("share", "比例", "number", width=10, hint="占组内单位的比例,如 0.15 或 15%;空白不限"),
            Column("count", "名额", "number", width=8, hint="个数;空白不限"),
            Column("note", "说明", width=40),
        ),
        required=False,
        about="从高到低;先比例(名额)后分数线,最后一行接收其余单位",
    ),
    TableSpec(
        "veto_event",
        "否决事项",
        (
            Column("code", "代码", required=True, width=10),
            Column("name", "事项", required=True, width=30),
            Column("consequence", "后果", choices=terms.VETO_CONSEQUENCES, width=16),
            Column("depth", "降档", "number", width=8, hint="降几档;空白按方案的“否决降档”"),
            Column("clause", "条款", width=14),
            Column("note", "说明", width=40),
        ),
        required=False,
        always=False,
        about="一票否决的事项和后果;发生了的登记在《否决》",
    ),
    TableSpec(
        "outcome_rule",
        "结果规则",
        (
            Column("code", "代码", required=True, width=8),
            Column("outcome", "结果", required=True, width=20, hint="如 先进地区、通报表扬、约谈"),
            Column("nature", "性质", choices=terms.NATURES, width=10, hint="涉及个人的只能是提请研究"),
            Column("scope", "范围", width=20, hint="类别、考核组,顿号隔开;空白或 * 为全部"),
            Column("together", "合并", choices=YES_NO, width=7, hint="范围内合在一起比,还是各自比"),
            Column("condition", "条件", required=True, choices=terms.CONDITIONS, width=14),
            Column("indicators", "指标", width=22, hint="指标代码,顿号隔开"),
            Column("count", "数量", "number", width=8, hint="前几名、后几名"),
            Column("years", "年数", "number", width=8, hint="连续几年(含本年)"),
            Column("grade", "等次", width=10, hint="只在这一等次内"),
            Column("barred", "受否决限制", choices=YES_NO, width=10),
            Column("clause", "条款", width=14),
            Column("note", "说明", width=36),
        ),
        required=False,
        always=False,
        about="结果运用:谁受表彰、谁被提醒、哪些提请研究",
    ),
    TableSpec(
        "voter",
        "票种",
        (
            Column("indicator", "指标代码", required=True, width=10, hint="* 表示所有测评指标"),
            Column("kind", "类型", required=True, choices=(terms.VOTERS, terms.ROUNDS), width=8),
            Column("name", "名称", required=True, width=20),
            Column("share", "比重", "number", required=True, width=10, hint="如 0.25 或 25%;同类合计为 1"),
            Column("trimmed", "去最高最低", choices=YES_NO, width=10),
            Column("note", "说明", width=36),
        ),
        required=False,
        always=False,
        about="测评的票种和轮次各占多少",
    ),
    TableSpec(
        "crosscheck",
        "勾稽",
        (
            Column("code", "代码", required=True, width=8),
            Column("left", "左式", required=True, width=30, hint="如 完成值_F01"),
            Column("relation", "关系", required=True, choices=terms.RELATIONS, width=8),
            Column(
                "right",
                "右式",
                required=True,
                width=44,
                hint="如 完成值_F02+完成值_F03;也可用 目标值_ 上年值_",
            ),
            Column("tolerance", "容差", "number", width=8),
            Column("scope", "适用", width=14, hint="同《指标》的适用"),
            Column("clause", "条款", width=14),
            Column("note", "说明", width=36),
        ),
        required=False,
        always=False,
        about="同一单位各数之间应有的关系;不符的列入问题清单",
    ),
)
