"""The tables of a scheme: what is assessed, of whom, against what, by which rules."""

from __future__ import annotations

from kaohe import terms
from kaohe.tables.core import Column, TableSpec

_FROM = Column("valid_from", "生效起", "date", width=12, hint="从这一天起有效;空白表示一直有效")
_TO = Column("valid_to", "生效止", "date", width=12, hint="到这一天为止(含);空白表示不失效")

SCHEME: tuple[TableSpec, ...] = (
    TableSpec(
        "scheme",
        "方案",
        (
            Column("name", "项目", required=True, width=16),
            Column("value", "值", "any", width=36),
            Column("note", "说明", width=60),
        ),
        about="方案的名称和各项设置;没有写的设置按默认值",
    ),
    TableSpec(
        "part",
        "部分",
        (
            Column("code", "代码", required=True, width=10),
            Column("name", "名称", required=True, width=24),
            Column("parent", "上级", width=10, hint="上级部分的代码;最上级留空"),
            Column("weight", "满分", "number", width=10, hint="所含指标权重合计;加分、扣分部分为上限"),
            Column("kind", "性质", choices=terms.PART_KINDS, width=8, hint="计分;或在总分之上加分、扣分"),
            Column("note", "说明", width=40),
        ),
        about="指标的分类(几大类)",
    ),
    TableSpec(
        "indicator",
        "指标",
        (
            Column("code", "指标代码", required=True, width=10, hint="改名不改代码"),
            Column("parent", "上级", required=True, width=9, hint="部分的代码;合成指标的分项填该指标的代码"),
            Column("name", "指标名称", required=True, width=30),
            Column("unit_of_measure", "计量单位", width=10),
            Column("direction", "指标性质", choices=terms.DIRECTIONS, width=10),
            Column(
                "weight",
                "权重",
                "number",
                required=True,
                width=8,
                hint="分;分项填在合成指标内的分数(合计100)",
            ),
            Column("method", "计分方法", width=18, hint="《计分方法》中的名称"),
            Column("frequency", "频次", choices=tuple(terms.FREQUENCY_MONTHS), width=8),
            Column("pace", "序时", width=9, hint="按月 / 无 / 曲线 / N月起"),
            Column("value_source", "取值", choices=terms.SOURCES, width=8, hint="完成值从哪里来"),
            Column("value_from", "取值来源", width=9, hint="取值为引用时:被引用指标的代码"),
            Column("applies_to", "适用", width=12, hint="类别、考核组、单位代码或个人,顿号隔开;空白为各单位"),
            Column("assessor", "考评部门", width=14, hint="由哪个部门打分或核定"),
            Column("cutoff_month", "数据截至", width=9, hint="如 5月;空白为期末"),
            Column("lead_department", "责任部门", width=18),
            Column("monitor_department", "监测部门", width=18),
            Column("definition", "口径", width=40),
            Column("requirement", "进度要求", width=30, hint="到什么时候做到哪一步"),
            Column("leader", "责任领导", width=12),
            Column("time_limit", "时限", width=12, hint="完成的期限"),
            _FROM,
            _TO,
            Column("clause", "条款", width=16, hint="出处"),
        ),
        about="每个指标一行;年度中改动时旧行填生效止,新行填生效起",
    ),
    TableSpec(
        "unit",
        "单位",
        (
            Column("code", "单位代码", required=True, width=10),
            Column("name", "单位名称", required=True, width=20),
            Column("unit_class", "类别", width=12),
            Column("group", "考核组", width=12, hint="在组内排名"),
            Column(
                "issue_mode", "下发方式", choices=(terms.ISSUE_WHOLE, terms.ISSUE_BY_DEPARTMENT), width=10
            ),
            Column("liaison", "联络员", width=16),
            Column("phone", "电话", width=14),
            Column("leader", "分管领导", width=12),
            Column("partner", "对标地区", width=14, hint="与哪个先进地区比"),
        ),
        about="被考核单位",
    ),
    TableSpec(
        "person",
        "人员",
        (
            Column("code", "人员代码", required=True, width=10),
            Column("name", "姓名", required=True, width=12),
            Column("belongs_to", "单位代码", required=True, width=10, hint="《单位》中的代码"),
            Column("position", "职务", width=18),
            Column("unit_class", "类别", width=12),
            Column("group", "考核组", width=12, hint="在组内排名"),
            Column("phone", "电话", width=14),
        ),
        required=False,
        always=False,
        about="被考核的个人;指标的“适用”写“个人”或其类别、考核组",
    ),
    TableSpec(
        "target",
        "目标",
        (
            Column("indicator", "指标代码", required=True, width=10),
            Column("unit", "单位代码", required=True, width=10, hint="* 表示其余所有单位"),
            Column("value", "目标值", "number", width=12, percent_points=True),
            Column("prior", "上年值", "number", width=12, percent_points=True),
            Column("level", "层级", width=8, hint="省 / 市 / 区;省、市都有目标时从严采用"),
            _FROM,
            _TO,
            Column("basis", "依据", width=40),
        ),
        about="年度目标;指标 × 单位",
    ),
    TableSpec(
        "parameter",
        "参数",
        (
            Column("indicator", "指标代码", required=True, width=10, hint="* 表示所有指标"),
            Column("scope", "对象", required=True, width=10, hint="单位代码、考核组,或 *"),
            Column("name", "参数", required=True, width=14),
            Column("value", "值", "number", required=True, width=10),
            _FROM,
            _TO,
            Column("note", "说明", width=40),
        ),
        required=False,
        about="计分方法用到的参数;序时曲线写作 序时1月 … 序时12月",
    ),
    TableSpec(
        "method",
        "计分方法",
        (
            Column("name", "名称", required=True, width=18),
            Column(
                "score", "得分", required=True, width=46, hint="公式;可用 权重 目标值 完成值 上年值 序时 等"
            ),
            Column("rate", "完成率", required=True, width=30, hint="公式;1 表示 100%"),
            Column("met", "达标", required=True, width=30, hint="公式;真为达标"),
            Column(
                "parameters",
                "参数",
                width=22,
                hint="名称=默认值,分号隔开;默认值可写《方案》中的设置名;没有默认值只写名称",
            ),
            Column("measure", "度量", width=22, hint="与别的单位比的数,公式(算到9位小数);空白为完成值"),
            Column("accepts", "填写类型", choices=terms.ACCEPTS, width=9),
            Column("source", "来源", width=24),
            Column("note", "说明", width=40),
        ),
        required=False,
        about="内置方法和考核办自己的方法;一行一个,不用写程序",
    ),
)
