"""Worksheet functions KH_…: arguments are converted, the engine of the consolidation computes, cells go back.

One call does a table or a single cell. Off Windows the decorators of xlwings return functions unchanged;
arguments are described by ``Annotated``, which both its desktop and its server side read. All of them arrive
as rows of cells with error values as their texts; None means that an argument was left out.
"""

from __future__ import annotations

from typing import Annotated, Any

import xlwings as xw

from kaohe.faces.functions_cells import (
    Block,
    as_result,
    common_shape,
    one_of,
    readable,
    scalar,
    text_of,
    whole_number,
)
from kaohe.settings import BY_NAME, YES_NO

CATEGORY = "考核"
_PLACES_HIGH = int(BY_NAME["得分小数位"].high)
_PLACES = int(BY_NAME["得分小数位"].default)

Argument = dict[str, Any]


def _cells(doc: str) -> Argument:
    """An argument as xlwings is to hand it on, with its help in the wizard: 名称:说明."""
    return {"ndim": 2, "err_to_str": True, "doc": doc}


METHOD = _cells("方法:《计分方法》中的名称,如 序时进度;一个名称,或每行一个")
WEIGHT = _cells("权重:分值;一个数,或每行一个")
TARGET = _cells("目标值:年度目标;计分方法不用时可空着")
ACTUAL = _cells("完成值:数;空着结果也空着,文字不计分(可先用 KH_READ 识别)")
PRIOR = _cells("上年值:计分方法用到时填写")
ELAPSED = _cells("序时:应完成的比例,0.5 即 50%;可用 KH_ELAPSED 算出")
PARAMETERS = _cells("参数:两列的区域(名称、数),或文字如 封顶=1.2;容差=5%,可每行一个;不写用默认值")
PLACES = _cells(f"小数位:四舍五入到几位,0到{_PLACES_HIGH},不写为{_PLACES}")
METHODS = _cells("方法表:用到本单位自定的方法时,引用总表《计分方法》(连同表头);不写用内置方法")
PERIOD = _cells("期次:如 2007-H1、2007-06、2007-Q1、2007;日期按所在月份")
PACE = _cells("序时方式:按月、无、曲线 或 N月起(如 7月起);不写为按月")
CURVE = _cells("曲线:12个月末的累计序时,或文字如 序时6月=0.45;方式为曲线时填写")
TYPED = _cells("填写值:原样填写的内容")
MEASURE_UNIT = _cells("计量单位:如 %、万元;填写值带了别的单位时按此换算")
APPROXIMATE = _cells("近似值计分:是 或 否,不写为否(“约80”不作为数)")
REASON = _cells("原因:未达序时的原因;不写不检查")
MEASURE = _cells("措施:未达序时的措施;不写不检查")
INDICATOR = _cells("指标名称:写进问题文字里")
STATUS = _cells("数据状态:预计、初步、核定")
MARK = _cells("标记:未达标、有不确定性、待加大监测")
PART = _cells("部分列:每行所属的部分")
SCORES = _cells("得分列:数;空着的不计")
GROUPS = _cells("组列:每行所属的考核组;不写为一组")
TIES = _cells("并列规则:1,2,2,4 或 1,2,2,3,要加引号;不写为 1,2,2,4")
GRADES = _cells("等次表:两列,从高到低,如 优秀 90;最后一个可不写数,表示其余;表头可有可无")
MASTER = _cells('总表:已保存的总表的完整路径,或 CELL("filename",排名!A1);不打开网络路径和网址')
WHOSE = _cells("单位:单位或人员的代码、名称,或名称中的几个字")
WHICH = _cells("指标:指标的代码或名称;不写则说明总分和全部指标")
OF_PERIOD = _cells("期次:汇总过的一期,如 2007-H1;不写为最近汇总的一期")
BASIS = _cells("方式:分数线(含线) 或 比例(每组单位数×比例四舍五入,至少1个);不写为分数线")


@xw.func(category=CATEGORY)
@readable
def KH_SCORE(  # noqa: N802
    method: Annotated[Any, METHOD],
    weight: Annotated[Any, WEIGHT],
    target: Annotated[Any, TARGET],
    actual: Annotated[Any, ACTUAL],
    prior: Annotated[Any, PRIOR] = None,
    elapsed: Annotated[Any, ELAPSED] = None,
    parameters: Annotated[Any, PARAMETERS] = None,
    places: Annotated[Any, PLACES] = None,
    methods: Annotated[Any, METHODS] = None,
) -> Any:
    """按计分方法算得分,与汇总得出的是同一个数。完成值空着,结果也空着;
    算不出时给出以 # 开头的原因;引用的单元格是错误值时给出该错误值。
    例:=KH_SCORE("序时进度",5,100,45,,0.5) 得 4.5"""
    from kaohe.faces.functions_score import Rows, as_scores, score_rows

    rows = Rows.of(method, weight, target, actual, prior, elapsed, parameters, methods)
    decimals = whole_number(places, "小数位", _PLACES, 0, _PLACES_HIGH)
    return as_result(as_scores(score_rows(rows, decimals)), rows.shape, *rows.blocks)


@xw.func(category=CATEGORY)
@readable
def KH_RATE(  # noqa: N802
    method: Annotated[Any, METHOD],
    weight: Annotated[Any, WEIGHT],
    target: Annotated[Any, TARGET],
    actual: Annotated[Any, ACTUAL],
    prior: Annotated[Any, PRIOR] = None,
    elapsed: Annotated[Any, ELAPSED] = None,
    parameters: Annotated[Any, PARAMETERS] = None,
    methods: Annotated[Any, METHODS] = None,
) -> Any:
    """按计分方法算完成率,1 即 100%,不舍入。完成值空着,结果也空着;算不出时给出以 # 开头的原因。
    例:=KH_RATE("目标完成率",5,80,60) 得 0.75"""
    from kaohe.faces.functions_score import Rows, as_rates, score_rows

    rows = Rows.of(method, weight, target, actual, prior, elapsed, parameters, methods)
    return as_result(as_rates(score_rows(rows, _PLACES)), rows.shape, *rows.blocks)


@xw.func(category=CATEGORY)
@readable
def KH_STATE(  # noqa: N802
    method: Annotated[Any, METHOD],
    weight: Annotated[Any, WEIGHT],
    target: Annotated[Any, TARGET],
    actual: Annotated[Any, ACTUAL],
    prior: Annotated[Any, PRIOR] = None,
    elapsed: Annotated[Any, ELAPSED] = None,
    parameters: Annotated[Any, PARAMETERS] = None,
    methods: Annotated[Any, METHODS] = None,
) -> Any:
    """状态:未填、待识别、无法计分、已达序时、未达序时,与得分明细的用词相同。方法和完成值都空着的行,结果也空着。
    例:=KH_STATE("序时进度",5,100,45,,0.5) 得 未达序时"""
    from kaohe.faces.functions_score import Rows, as_states, score_rows

    rows = Rows.of(method, weight, target, actual, prior, elapsed, parameters, methods)
    return as_result(as_states(score_rows(rows, _PLACES), rows), rows.shape, *rows.blocks)


@xw.func(category=CATEGORY)
@readable
def KH_ELAPSED(  # noqa: N802
    period: Annotated[Any, PERIOD],
    pace: Annotated[Any, PACE] = None,
    curve: Annotated[Any, CURVE] = None,
) -> Any:
    """序时:年度目标到该期期末应完成的比例,1 即 100%。
    例:=KH_ELAPSED("2007-H1") 得 0.5"""
    from kaohe.faces.functions_pace import curve_of, elapsed

    periods, paces = Block.of(period), Block.of(pace)
    shape = common_shape({"期次": periods, "序时方式": paces})
    points = curve_of(curve)
    pairs = zip(periods.spread(shape).cells, paces.spread(shape).cells, strict=True)
    return as_result([elapsed(at, way, points) for at, way in pairs], shape, periods, paces)


@xw.func(category=CATEGORY)
@readable
def KH_READ(  # noqa: N802
    typed: Annotated[Any, TYPED],
    unit: Annotated[Any, MEASURE_UNIT] = None,
    approximate: Annotated[Any, APPROXIMATE] = None,
) -> Any:
    """识别填写的内容:给出以计量单位计的数(%按百分点),是否型给出 是 或 否;
    空着的结果也空着,不能作为数的给出以 # 开头的原因。
    例:=KH_READ("1,746万","亿元") 得 0.1746"""
    from kaohe.faces.functions_check import understood

    lenient = one_of(approximate, "近似值计分", YES_NO[::-1]) == YES_NO[0]
    values, units = Block.of(typed), Block.of(unit)
    shape = common_shape({"填写值": values, "计量单位": units})
    pairs = zip(values.spread(shape).cells, units.spread(shape).texts(), strict=True)
    return as_result([understood(cell, name, lenient) for cell, name in pairs], shape, values, units)


@xw.func(category=CATEGORY)
@readable
def KH_READ_NOTE(  # noqa: N802
    typed: Annotated[Any, TYPED],
    unit: Annotated[Any, MEASURE_UNIT] = None,
) -> Any:
    """说明填写的内容是怎样识别的:经过换算、近似、不少于、预计等,或不能作为数的原因;直接填数的没有说明。
    例:=KH_READ_NOTE("1,746万","亿元") 得 按 0.1746亿元 理解"""
    from kaohe.faces.functions_check import note

    values, units = Block.of(typed), Block.of(unit)
    shape = common_shape({"填写值": values, "计量单位": units})
    pairs = zip(values.spread(shape).cells, units.spread(shape).texts(), strict=True)
    return as_result([note(cell, name) for cell, name in pairs], shape, values, units)


@xw.func(category=CATEGORY)
@readable
def KH_CHECK(  # noqa: N802
    method: Annotated[Any, METHOD],
    weight: Annotated[Any, WEIGHT],
    target: Annotated[Any, TARGET],
    actual: Annotated[Any, ACTUAL],
    prior: Annotated[Any, PRIOR] = None,
    elapsed: Annotated[Any, ELAPSED] = None,
    parameters: Annotated[Any, PARAMETERS] = None,
    unit: Annotated[Any, MEASURE_UNIT] = None,
    reason: Annotated[Any, REASON] = None,
    measure: Annotated[Any, MEASURE] = None,
    indicator: Annotated[Any, INDICATOR] = None,
    status: Annotated[Any, STATUS] = None,
    mark: Annotated[Any, MARK] = None,
    methods: Annotated[Any, METHODS] = None,
) -> Any:
    """逐行检查填报,给出汇总时会列出的问题和改法(错误、存疑、提示);没有问题的行空着。完成值按原样填写的内容检查。
    例:=KH_CHECK("目标完成率",5,100,95,,,,,"停工","") 得 存疑:《本项》未达序时,没有填写措施。请在“措施”一栏说明。"""  # noqa: E501
    from kaohe.faces.functions_check import Described, check_rows
    from kaohe.faces.functions_score import Rows

    beside = Described.of(unit, indicator, status, mark, reason, measure)
    first = (method, weight, target, actual, prior, elapsed, parameters, methods)
    rows = Rows.of(*first, others=beside.blocks)
    found = check_rows(rows, beside.spread(rows.shape), _PLACES)
    return as_result(found, rows.shape, *rows.blocks, *beside.blocks.values())


@xw.func(category=CATEGORY)
@xw.ret(index=False, header=False)
@readable
def KH_PART_TOTALS(  # noqa: N802
    parts: Annotated[Any, PART],
    scores: Annotated[Any, SCORES],
    places: Annotated[Any, PLACES] = None,
) -> Any:
    """各部分得分:两列的表(部分、合计),按部分出现的先后;合计舍入一次。
    得分中有文字的部分不合计,给出以 # 开头的原因。
    例:=KH_PART_TOTALS({"发展";"民生";"发展"},{1.5;2;0.25}) 得 {"发展",1.75;"民生",2}"""
    from kaohe.faces.functions_rank import part_totals

    names, numbers = Block.of(parts), Block.of(scores)
    shape = common_shape({"部分列": names, "得分列": numbers})
    decimals = whole_number(places, "小数位", _PLACES, 0, _PLACES_HIGH)
    return part_totals(names.spread(shape), numbers.spread(shape), decimals)


@xw.func(category=CATEGORY)
@readable
def KH_RANK(  # noqa: N802
    scores: Annotated[Any, SCORES],
    groups: Annotated[Any, GROUPS] = None,
    ties: Annotated[Any, TIES] = None,
) -> Any:
    """组内名次,得分高的在前,同分并列。空着的没有名次;不是数字的给出以 # 开头的原因。
    例:=KH_RANK({90;85.5;85.5;60}) 得 {1;2;2;4}"""
    from kaohe.faces.functions_rank import TIES as RULES
    from kaohe.faces.functions_rank import ranks

    numbers, names = Block.of(scores), Block.of(groups)
    shape = common_shape({"得分列": numbers, "组列": names})
    rule = one_of(ties, "并列规则", RULES)
    found = ranks(numbers.spread(shape).cells, names.spread(shape).texts(), rule)
    return as_result(found, shape, numbers, names)


@xw.func(category=CATEGORY)
@readable
def KH_GRADE(  # noqa: N802
    scores: Annotated[Any, SCORES],
    grades: Annotated[Any, GRADES],
    groups: Annotated[Any, GROUPS] = None,
    basis: Annotated[Any, BASIS] = None,
) -> Any:
    """等次:按分数线,或按每组的比例。按比例时,同分跨两个等次的不拆开,两个等次都列出,由考核办决定。
    例:=KH_GRADE({95;80;59},{"优秀",90;"合格",60;"不合格",""}) 得 {"优秀";"合格";"不合格"}"""
    from kaohe.faces import functions_rank as rank

    numbers, names = Block.of(scores), Block.of(groups)
    shape = common_shape({"得分列": numbers, "组列": names})
    way = one_of(basis, "方式", (rank.BY_CUT, rank.BY_SHARE))
    table = rank.grades_of(grades, way)
    cells = numbers.spread(shape).cells
    if way == rank.BY_CUT:
        found = rank.grades_by_cut(cells, table)
    else:
        found = rank.grades_by_share(cells, names.spread(shape).texts(), table)
    return as_result(found, shape, numbers, names)


@xw.func(category=CATEGORY)
@readable
def KH_EXPLAIN(  # noqa: N802
    master: Annotated[Any, MASTER],
    whose: Annotated[Any, WHOSE],
    indicator: Annotated[Any, WHICH] = None,
    period: Annotated[Any, OF_PERIOD] = None,
) -> Any:
    """得分是怎么来的,与 kaohe explain 逐行相同:四列的表(步骤、说明、数、出处)。
    读的是总表上次保存的内容;算不出时给出以 # 开头的原因。
    例:=KH_EXPLAIN(CELL("filename",排名!A1),"滨湖区","A01") 得 该项得分的说明,一步一行"""
    from kaohe.faces.functions_explain import explanation_rows

    named = {"总表": master, "单位": whose, "指标": indicator, "期次": period}
    return explanation_rows(*(text_of(scalar(value, name)) for name, value in named.items()))


@xw.func(category=CATEGORY)
@readable
def KH_VERSION() -> Any:  # noqa: N802
    """本程序的版本,用来确认加载项已经装好。
    例:=KH_VERSION() 得 kaohe 和版本号"""
    from kaohe.version import __version__

    return f"kaohe {__version__}"


FUNCTIONS = (
    KH_SCORE,
    KH_RATE,
    KH_STATE,
    KH_ELAPSED,
    KH_CHECK,
    KH_READ,
    KH_READ_NOTE,
    KH_PART_TOTALS,
    KH_RANK,
    KH_GRADE,
    KH_EXPLAIN,
    KH_VERSION,
)
"""All worksheet functions, in the order of the documentation."""
