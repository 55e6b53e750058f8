"""Findings: what somebody can mend in a cell. Severity, wording and remedy belong to the code.

``CATALOGUE`` is the one list; docs/findings.md is generated from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kaohe.model import Location

ERROR = "ERROR"
QUERY = "QUERY"
NOTE = "NOTE"
SEVERITIES = (ERROR, QUERY, NOTE)
SEVERITY_TITLES = {ERROR: "错误", QUERY: "存疑", NOTE: "提示"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding. ``wording`` and ``remedy`` are format strings over the finding's facts."""

    code: str
    severity: str
    title: str
    wording: str
    remedy: str


_KINDS = (
    # 文件:the returned file as a whole
    Kind("W01", ERROR, "文件读不了", "文件读不了:{reason}。", "{remedy}。"),
    Kind("W02", ERROR, "不是下发的自测表", "没有找到下发信息和填报表格,不是由本系统下发的自测完成情况表。",
         "请在下发的工作簿中填写后原样报送;如已另存或复制到新文件,请改用原下发文件。"),
    Kind("W03", ERROR, "下发编号未登记", "下发编号“{number}”不在总表的《下发登记》中。",
         "请核对是否用错总表,或该表是否由别处下发;请向考核办索取正确的自测表。"),
    Kind("W04", ERROR, "单位不符", "表中单位为“{found}”,而编号 {number} 下发给“{expected}”。",
         "请用本单位收到的自测表填报,不要改动单位名称。"),
    Kind("W05", ERROR, "期次不符", "该表的期次为 {found},本次汇总期次为 {expected}。",
         "请改报 {expected} 的自测表;若本应汇总 {found},请用 --period {found}。"),
    Kind("W06", QUERY, "方案版本不符", "该表按方案版本 {found} 下发,之后与该单位有关的改动:{changed}。",
         "汇总按现行版本 {expected} 计分;请确认改动适用于本期,必要时重新下发。"),
    Kind("W07", NOTE, "重复报送", "同一份自测表报送了多次:以 {kept} 为准,本文件不计。",
         "如应以本文件为准,请打开后重新保存(使它的时间最新),再重新汇总。"),
    Kind("W08", ERROR, "未报送", "{unit}未报送{part}。", "请催报;收到后放入回收文件夹重新汇总。"),
    Kind("W09", QUERY, "两份表重叠", "指标 {indicator}《{name}》在 {first} 与 {second} 中都填了值,且不一致;已采用 {kept}。",
         "请与有关责任部门核对;应由责任部门填报的,请其他部门删去后重新报送。"),
    Kind("W10", NOTE, "不是工作簿", "文件夹中的“{name}”不是 Excel 工作簿,未读取。", "如与考核无关可以不理会。"),
    Kind("W11", NOTE, "非本总表单位", "“{unit}”不在总表《单位》中。", "请核对单位代码。"),
    Kind("W12", QUERY, "文件名与内容不符", "文件名像是“{named}”的,内容却是“{unit}”的自测表(编号 {number})。", "请确认没有装错文件;确属该单位的,请用下发时的文件名。"),
    Kind("W13", QUERY, "填报数据被改动", "指标 {indicator}《{name}》在总表《填报数据》中为“{kept}”,回收表中为“{typed}”;按《填报数据》计分。",
         "《填报数据》不应手工修改:请恢复原值,或请单位更正后重新报送。"),
    Kind("W14", QUERY, "内容不同的重复报送", "同一份自测表有内容不同的两份:以 {kept} 为准,本文件({received})未计;不同之处:{differs}。",
         "如应以本文件为准,请打开后重新保存(使它的时间最新),再重新汇总。"),
    Kind("W15", NOTE, "其他期次的自测表", "该表属于 {found},本次汇总 {expected},未读取。", "如与本次汇总无关可以不理会。"),
    # 填报:one cell of a return
    Kind("V01", ERROR, "缺填", "《{name}》完成值未填。", "请填写完成值;确无统计数据的,请填标记“待加大监测”、说明原因,并与考核办商定。"),
    Kind("V02", ERROR, "不是数字", "《{name}》完成值“{typed}”:{reason}。", "请在完成值一栏只填数字,文字说明写在“原因”一栏。"),
    Kind("V03", ERROR, "近似数", "《{name}》完成值“{typed}”不是准确数。", "请填写准确数,不写“约”“≥”“以上”等;确实没有准确数的,请与考核办商定(考核办可在《方案》中设 近似值计分=是)。"),
    Kind("V04", QUERY, "近似数计分", "《{name}》完成值“{typed}”是近似数,已按 {number} 计分。", "请尽快补报准确数。"),
    Kind("V05", ERROR, "错误值", "《{name}》单元格是错误值 {typed}。", "请改填数字,不要引用其他文件或粘贴出错的公式。"),
    Kind("V06", ERROR, "公式没有结果", "《{name}》单元格是公式但没有保存计算结果。", "请在 Excel 或 WPS 中打开、保存后重新报送,或直接填写数字。"),
    Kind("V07", QUERY, "填写值经换算", "《{name}》完成值“{typed}”已识别为 {number}{unit}。", "请核对识别结果;以后请直接填写数字。"),
    Kind("V08", QUERY, "不在选项内", "《{name}》{column}“{typed}”不在选项内。", "请从下拉列表中选择:{choices}。"),
    Kind("V09", QUERY, "落后未说明原因", "《{name}》未达序时,没有填写原因。", "请在“原因”一栏说明。"),
    Kind("V10", QUERY, "落后未提出措施", "《{name}》未达序时,没有填写措施。", "请在“措施”一栏说明。"),
    Kind("V11", QUERY, "自评得分不一致", "《{name}》表中得分 {shown},按方案计算为 {computed}。", "请不要改动计分公式;汇总以方案计算为准。"),
    Kind("V12", QUERY, "权重被改动", "《{name}》表中权重 {shown},方案为 {expected}。", "汇总以方案为准;请不要改动权重。"),
    Kind("V13", QUERY, "目标被改动", "《{name}》表中目标 {shown},方案为 {expected}。", "汇总以方案为准;目标如有调整,请报考核办修改总表。"),
    Kind("V14", ERROR, "缺少指标行", "表中没有指标 {indicator}《{name}》这一行。", "请不要删除指标行;请改用原下发文件填报。"),
    Kind("V15", NOTE, "多出的行", "指标代码“{typed}”不在下发的方案中,未读取。", "如需增加内容请写在说明栏或另附材料。"),
    Kind("V16", NOTE, "预计数计分", "《{name}》为{status}数 {typed},已计分并标注。", "核定数出来后请补报。"),
    Kind("V17", ERROR, "指标行重复", "指标 {indicator}《{name}》出现两处,完成值不同。", "请只保留一处。"),
    Kind("V18", ERROR, "无法计分", "《{name}》无法计分:{reason}。", "请考核办检查该指标的目标值、上年值和参数。"),
    Kind("V19", ERROR, "不适用待认定", "《{name}》填“{typed}”表示不适用或没有数据,不能自行免考。",
         "请填写完成值;确不适用的,请与考核办商定,由考核办在《人工调整》中登记“不适用”和依据。"),
    Kind("V21", ERROR, "百分数疑似少乘100", "《{name}》以%为单位,填写“{typed}”,目标为 {target}。",
         "以%为单位的指标请填百分点数(92.5 而不是 0.925);确为该值的,请写成带%的形式(如 0.9%)。"),
    Kind("V22", QUERY, "数值异常", "《{name}》完成值 {typed} {why}(目标 {target})。", "请核对计量单位和小数点;确实如此的,请在原因中说明。"),
    Kind("V40", QUERY, "单位或小数点存疑", "《{name}》完成值“{typed}”是{evidence}:{guess}?", "请核对计量单位({unit})和小数点;确实如此的,请在原因中说明。"),
    Kind("V41", ERROR, "单位填错", "《{name}》完成值“{typed}”是{evidence}:{guess}?", "请按计量单位({unit})改正;确实如此的,请与考核办商定,由考核办在《人工调整》登记完成值。"),
    Kind("V23", QUERY, "部门与单位不一致", "《{name}》{kept_by}为“{kept}”,{other_by}为“{other}”;按{kept_by}的数计分。",
         "请告知单位并听取意见;有异议的登记在《申诉》或《人工调整》。"),
    Kind("V25", ERROR, "考评缺填", "{department}没有填写《{name}》。",
         "请在考评打分表中打分或填写完成值;确不适用的,请与考核办商定,由考核办在《人工调整》登记。"),
    Kind("V26", ERROR, "考评表缺少一格", "{department}的考评打分表中没有《{name}》这一格(下发后新增的单位、指标,或行列被删去)。", "新增的请重新下发打分表;删去了行列的,请改用原下发文件填报。"),
    Kind("V27", QUERY, "考评表中的单位不明", "单位代码“{typed}”不在总表的《单位》《人员》中,该行未读取。", "请恢复下发时的单位代码;如需增加单位,请与考核办商定。"),
    Kind("V28", QUERY, "考评表中的指标不符", "指标代码“{typed}”{why},该列未读取。", "请恢复下发时的指标代码;考评部门有变动的,请用新下发的考评打分表。"),
    Kind("V29", QUERY, "填了不考评的单位", "《{name}》对“{unit}”不考评,填写的“{typed}”未采用。", "请删去;确应考评的,请考核办修改《指标》的适用。"),
    Kind("W16", NOTE, "未核定", "{department}未报送考评打分表,所负责核定的 {count} 项按单位自报的数。", "如须核定,请催报;收到后重新汇总。"),
    Kind("W17", ERROR, "下发信息丢失", "有填报表格,但没有下发信息(隐藏的标识页),多半是把表格复制到了新文件;{shown}。",
         "请把内容填回原下发文件报送,不要复制工作表;原文件找不到的,请考核办重新下发。"),
    Kind("W18", QUERY, "按表面编号收录", "没有下发信息(隐藏的标识页),按表面的下发编号 {number} 收录为“{unit}”的表。",
         "请核对确由该单位报送;以后请在原下发文件中填报。"),
    Kind("W19", ERROR, "缺少填报表格", "是下发的文件,但没有找到填报表格:{missing}。", "请改用原下发文件填报;表头文字不要改,列不要删。"),
    Kind("W20", ERROR, "有几张填报表", "工作簿中有几张填报表,内容不同:{sheets},不知以哪张为准。",
         "请只保留一张(表名为“{title}”);不同单位、部门的表请分别用各自的下发文件报送。"),
    Kind("W21", QUERY, "文件时间不可信", "文件的修改时间是{shown},按 {counted} 收到计算。",
         "请核对收到的先后和是否迟报;报送单位的电脑日期可能不对,请改正后重新保存。"),
    Kind("V42", QUERY, "没有归属的数", "第 {row} 行填了“{typed}”,但没有指标代码,{why},未读取。",
         "请对照原下发文件恢复该行的指标代码;不是指标的,请写在表外。"),
    Kind("V43", QUERY, "按名称归入", "代码{why},按名称归入 {code}《{name}》。", "请核对归入是否正确;请不要改动、删除代码。"),
    Kind("V44", ERROR, "代码与名称不符", "代码 {code} 是《{name}》,表中同一处的名称却是《{shown}》(可能只对部分列排了序),暂按代码读取。",
         "请对照原下发文件恢复各行(列)的代码和名称,核对所填的数后重新报送。"),
    Kind("V45", ERROR, "计量单位被改动", "《{name}》表中计量单位为“{shown}”,方案为“{expected}”,填写的是“{typed}”。",
         "请按方案的计量单位换算后填报,不要改动计量单位。"),
    Kind("V46", QUERY, "不是本表的指标", "指标 {indicator}《{name}》不在下发给“{issued}”的表中({why}),填写的“{typed}”未采用。",
         "请删去该行;确应由其填报的,请考核办修改《指标》的责任部门或适用后重新下发。"),
    Kind("V47", QUERY, "缺少填写列", "表中没有“{column}”一列(被删去或改名),这一列的内容没有读到。",
         "请改用原下发文件填报,不要删列、改表头;确无内容要填的,可不理会。"),
    Kind("V48", ERROR, "待加大监测待认定", "《{name}》完成值未填,已标记“待加大监测”并说明原因。",
         "请与考核办商定,由考核办在《人工调整》中登记“不适用”或完成值和依据;有了数的,请补填。"),
    Kind("V24", ERROR, "预计数不计分", "《{name}》完成值 {typed} 是预计数,方案规定预计数不计分。",
         "请补报初步数或核定数;或由考核办在方案中允许预计数计分(预计值计分=是)。"),
    # 决定:what the office wrote into its registers
    Kind("D01", ERROR, "决定填写有误", "《{register}》项目“{item}”调整为“{typed}”:{reason}。", "请改正该行;依据、决定人、日期须齐全。"),
    Kind("D02", QUERY, "决定重复", "《{register}》对同一{item}有两行(另见 {other}),以后一行为准。", "请删去不用的一行,或注明撤销。"),
    Kind("D03", NOTE, "认定不适用", "{name}认定不适用(依据:{basis});按“{way}”处理。", "如非有意,请删去《人工调整》中该行。"),
    Kind("D04", NOTE, "按0分处理", "{name}按0分处理(依据:{basis})。", "单位补报后,删去该行重新汇总。"),
    Kind("D05", NOTE, "已准延期", "{name}延期到 {until}(依据:{basis}),结果暂定。", "到期仍未报送的,改登记为按0分。"),
    Kind("D06", NOTE, "按决定计分", "《{name}》按{register}计 {number} 分,公式计算为 {computed}(依据:{basis})。", "两个数都保留;如非有意,请删去该行。"),
    Kind("D07", QUERY, "决定没有用上", "《{register}》中对“{what}”的决定没有用上:{reason}。", "请核对期次、单位代码、指标代码。"),
    Kind("D08", QUERY, "填了数仍按0分", "《{name}》有完成值“{typed}”,仍按0分处理(依据:{basis})。", "请核实;补报的数有效的,删去《人工调整》中该行。"),
    Kind("D10", NOTE, "其他期次的登记", "《{register}》有 {count} 行属于期次 {other},不计入本期({period})。", "应计入本期的,请把期次改为 {period}。"),
    Kind("D11", QUERY, "决定的数超出范围", "{name}决定为 {number},超出 0 到 {most}。", "如非有意,请改正《人工调整》或《申诉》的该行。"),
    Kind("D09", NOTE, "按决定取值", "《{name}》按{register}取“{typed}”{beside}(依据:{basis})。", "各个数都保留;如非有意,请删去该行。"),
    Kind("D12", NOTE, "按决定定等次", "等次按《人工调整》定为“{grade}”,按规则为“{computed}”(依据:{basis})。",
         "两个等次都保留;请核对单位代码,如非有意,请删去该行。"),
    Kind("D13", QUERY, "决定的等次超过名额", "{group}“{grade}”名额 {quota} 个,按决定以后有 {count} 个(按决定进入的:{units})。",
         "请核对《人工调整》中的单位代码;确要超过名额的,依据中须写明;否则请同时登记调出的单位。"),
    # 测评、勾稽、各期
    Kind("V30", ERROR, "测评计票不符", "《{name}》{ballots}:{reason}。", "请与计票表核对,改正《测评》这一行;未改正前该指标不计分。"),
    Kind("V31", ERROR, "测评分数不能用", "《{name}》{ballots}:{reason}。", "请填写 0 到 100 的分数;逐票得分用逗号隔开,弃权的留空。"),
    Kind("V32", ERROR, "没有有效票", "《{name}》{ballots}没有有效票:{reason}。",
         "请补测;确不能补测的,由考核办修改《票种》的比重,或在《人工调整》登记完成值。"),
    Kind("V33", ERROR, "测评不齐", "《{name}》缺少{missing}的测评。", "请在《测评》中补上;不再测评的,请修改《票种》的比重。"),
    Kind("V34", ERROR, "没有声明的票种", "《{name}》的{kind}“{typed}”在《票种》中没有声明,未计入。", "请改为《票种》中的名称;相近的有:{near}。"),
    Kind("V35", QUERY, "测评填了两种", "《{name}》{ballots}既填了{kept},又填了{other};按{kept}计。", "四级票、平均分、逐票得分请只填一种。"),
    Kind("V36", ERROR, "缺少一期的数", "《{name}》按各期加权,没有 {period} 的完成值。",
         "请补报 {period} 的自测表;确无数据的,由考核办在《人工调整》登记本指标的完成值。"),
    Kind("V37", QUERY, "测评有未计入的", "《{name}》{ballots}:{reason}。", "请核对;应当计入的,请改正《测评》《票种》或方案设置。"),
    Kind("V38", QUERY, "勾稽不符", "勾稽 {code}:{left}(={found})应 {relation} {right}(={expected}){clause}。",
         "请核对有关各数;确实如此的,请在原因中说明。"),
    Kind("V39", QUERY, "一事两报", "《{name}》与《{other}》填了同一个数 {value},可能是同一成绩报了两处。",
         "请核实;同一成绩只能算一处。不是同一事的,请在《勾稽》中写明两者的关系。"),
    # 等次、否决、结果运用:what follows the scores
    Kind("G01", ERROR, "加减分项目不对", "加减分项目“{typed}”不是性质为加分或扣分的部分,也不是其中的指标;未计入。",
         "请改为《部分》中性质为加分、扣分的部分代码,或其中的指标代码。"),
    Kind("G02", NOTE, "扣分写成负数", "《{name}》扣分写成 {typed},已按扣 {number} 分计。", "扣分请写正数。"),
    Kind("G03", QUERY, "加分写成负数", "《{name}》加分写成 {typed},已作为冲减计入;冲减后最低为 0 分。",
         "要扣分的,请登记在性质为扣分的项目下。"),
    Kind("G04", NOTE, "超过上限", "《{name}》合计 {found} 分,上限 {cap} 分,超出的 {cut} 分未计。", "上限见《指标》的权重和《部分》的满分。"),
    Kind("G05", QUERY, "加减分重复登记", "《{name}》同一事由、同一日期登记了两次(另见 {other}),两次都已计入。", "确为重复的,请删去一行。"),
    Kind("G06", QUERY, "并列跨过名额", "{group}“{grade}”名额 {quota} 个,还剩 {left} 个,{units} 并列第 {rank},等次待定。",
         "请在《人工调整》中逐个登记(项目为等次),或在《方案》的“并列再比”中写明再比哪些部分。"),
    Kind("G07", QUERY, "调整的等次不存在", "《人工调整》把等次调整为“{typed}”,该单位适用的等次只有 {known};等次仍按规则计算。", "请改为《等次》中的名称。"),
    Kind("G08", NOTE, "名额含暂定单位", "{group}有 {count} 个暂定单位({units}),名额按全组 {base} 个算,等次以全部有效后为准。",
         "请先解决问题清单中这些单位的错误。"),
    Kind("G09", QUERY, "没有等次规则", "{group}没有等次规则,不评等次。", "请在《等次》中为它补几行,或把对象写成 *。"),
    Kind("G10", QUERY, "最后等次有门槛", "“{scope}”的最后一个等次“{grade}”写了{limits},不起作用:最后一个等次接收其余单位。",
         "请删去这些限制,或在后面补一个等次。"),
    Kind("G11", ERROR, "等次比例超过1", "“{scope}”各等次比例合计 {found},超过 1。", "请核对各等次的比例。"),
    Kind("G12", ERROR, "等次分数线次序不对", "“{scope}”的等次“{grade}”最低分 {least},高于前面的“{before}”({higher})。", "请从高到低排列等次。"),
    Kind("G13", ERROR, "等次对象不存在", "等次“{grade}”的对象“{scope}”不是类别,也不是考核组。", "请改为《单位》《人员》中的类别、考核组,或写 *。"),
    Kind("G14", ERROR, "等次名称重复", "“{scope}”的等次“{grade}”写了两行(另见 {other})。", "请只保留一行。"),
    Kind("G15", QUERY, "否决没有等次可降", "否决事项“{name}”的后果是{consequence},但{what}。", "请在《等次》中补等次,或修改后果、降档。"),
    Kind("G16", QUERY, "否决没有后果", "否决事项“{name}”的后果是取消评优,但没有一条结果规则“受否决限制”,不起作用。", "请在有关结果规则的“受否决限制”一栏填 是。"),
    Kind("G17", ERROR, "否决事项不存在", "《否决》中的事项“{typed}”不在《否决事项》中。", "请在《否决事项》中补上,或改正代码。"),
    Kind("G18", QUERY, "否决日期不在年度内", "“{name}”的日期 {typed} 不在 {year} 年内。", "请核对是否登记在正确的年度;确属本年度考核的,请在说明中写明。"),
    Kind("G19", ERROR, "否决的期次看不懂", "《否决》的期次“{typed}”看不懂。", "请写成 2016、2016-H1 的形式。"),
    Kind("G20", QUERY, "涉及个人的结果", "结果规则 {code}“{outcome}”涉及个人的任免或处分,性质却是“{nature}”;本系统只列为提请研究。",
         "请把性质改为“提请研究”,由有权机关决定。"),
    Kind("G21", ERROR, "结果规则有误", "结果规则 {code}“{outcome}”:{reason}。", "请按《结果规则》的表头改正。"),
    Kind("G22", QUERY, "往年单位名称不符", "《历史》{year} 年代码“{code}”的名称是“{found}”,现在是“{expected}”,这一年的结果未采用。",
         "同一单位改名的,请在《单位沿革》中登记更名;不是同一单位的,请改正代码。"),
    Kind("G23", QUERY, "沿革接不上", "《单位沿革》“{old}”→“{new}”:{reason}。", "请改正代码;已不参加考核的,可以删去这一行。"),
    Kind("G24", NOTE, "缺往年结果", "结果规则 {code}“{outcome}”要看 {years},{units} 缺往年结果,未列入。", "请在《历史》中补上往年结果。"),
    Kind("G25", QUERY, "结果并列待定", "结果规则 {code}“{outcome}”取 {count} 个,{units} 并列在边缘,都已列出。", "请考核办研究决定取舍。"),
    Kind("G27", NOTE, "前身情况不一", "结果规则 {code}“{outcome}”:{units} 的各个前身情况不一(有的符合、有的不符合),未列入。",
         "请考核办研究;往年结果见《历史》《单位沿革》。"),
    Kind("G28", QUERY, "往年结果重复", "《历史》{year} 年代码“{code}”{what}有两行(另见 {other}),采用前一行。", "请只保留一行。"),
    Kind("G26", QUERY, "督办登记有误", "督办 {number}:{reason}。", "请改正《督办》这一行。"),
    # 全年工作:审定、公示、申诉、征求意见、佐证材料
    Kind("Y02", QUERY, "审定登记未采用", "《审定》的“{state}”没有采用:{reason}。", "请改正这一行;登记一步最好用 kaohe decide(按钮“审定”)。"),
    Kind("Y03", QUERY, "没有单位意见", "《{name}》核定为“{verified}”,单位所报为“{own}”,《核定》没有记单位意见。",
         "请在公布前告知单位,把答复写在“单位意见”一栏;没有意见的写“无”。"),
    Kind("Y04", QUERY, "申诉逾期提出", "{kind}于 {filed} 提出,期限是 {until}。", "请考核办决定是否受理,在《申诉》的依据中写明。"),
    Kind("Y05", QUERY, "申诉逾期答复", "{kind}于 {filed} 提出,{answered} 答复,应在 {until} 前答复。", "请在依据中写明原因。"),
    Kind("Y06", QUERY, "申诉登记不全", "{kind}的状态为“{state}”,{reason}。", "请补全《申诉》的这一行。"),
    Kind("Y07", QUERY, "意见登记不全", "《征求意见》{source}对“{clause}”的意见,{reason}。", "请补全这一行。"),
    Kind("Y08", QUERY, "意见待定", "《征求意见》{source}对“{clause}”的意见还没有处理。", "请在下发前填写处理(采纳、部分采纳、未采纳)和理由。"),
    Kind("Y09", QUERY, "佐证材料不在", "《佐证材料》{what}登记的文件“{file}”{reason}。",
         "请把文件放到总表所在文件夹之下,或改正文件名(相对总表所在的文件夹)。"),
    Kind("Y10", QUERY, "佐证材料登记有误", "《佐证材料》{what}:{reason}。", "请改正这一行。"),
    Kind("Y11", QUERY, "缺少扫描件", "{unit}已报送,《佐证材料》没有登记签字盖章的扫描件。",
         "请收取扫描件,在《佐证材料》登记(指标代码空白);不要求的,把《方案》的“要求扫描件”改为否。"),
    # 方案:the office's own tables
    Kind("S01", ERROR, "权重合计不符", "{date}时点{whom}在用指标的权重合计为 {found},应为 {expected}{tilted}。",
         "请核对《指标》的权重、适用与生效起止。"),
    Kind("S02", ERROR, "代码重复", "{what}代码“{code}”重复(另见 {other})。", "请改用不同代码;同一代码的新旧版本要用生效起止错开。"),
    Kind("S03", ERROR, "计分方法不存在", "指标《{name}》的计分方法“{method}”不存在。", "请改用《计分方法》中的名称;相近的有:{near}。"),
    Kind("S04", ERROR, "公式被拒绝", "计分方法“{method}”的{column}公式:{reason}。", "请按《计分方法》表头的说明修改公式。"),
    Kind("S05", ERROR, "上级不存在", "{what}“{code}”的上级“{parent}”不存在。", "请填写《部分》或《指标》中已有的代码。"),
    Kind("S06", ERROR, "上级成环", "{what}“{code}”的上级互相引用。", "请改正上级代码。"),
    Kind("S07", ERROR, "没有目标值", "指标《{name}》对{unit}没有目标值,而计分方法要用到。", "请在《目标》中补一行(单位代码填 * 表示所有单位)。"),
    Kind("S08", QUERY, "声明数与列出数不符", "方案声明{what} {declared} 个,实际列出 {listed} 个。", "请核对是否漏列,或一项含有两个量。"),
    Kind("S09", ERROR, "单元格填写有误", "“{column}”填写为“{typed}”:{reason}。", "请改正该单元格。"),
    Kind("S10", ERROR, "引用的代码不存在", "“{column}”中的“{code}”不存在。", "请填写{table}中已有的代码{meant}。"),
    Kind("S11", ERROR, "缺少表或列", "没有找到{what}。", "请恢复该表(或表头文字)后再运行;由较早的程序新建的总表,请先运行 kaohe upgrade 补上。"),
    Kind("S12", ERROR, "缺少参数", "指标《{name}》的计分方法“{method}”需要参数“{parameter}”。", "请在《参数》中补上。"),
    Kind("S13", ERROR, "生效期重叠", "{what}“{code}”在 {date} 有两行同时生效(另见 {other})。", "请改正生效起止,使之首尾相接。"),
    Kind("S14", ERROR, "部分满分不符", "《{name}》声明满分 {declared},所含{whom}指标权重合计 {found}。", "请核对《部分》的满分或《指标》的权重。"),
    Kind("S15", NOTE, "未知设置", "《方案》中的“{name}”不是本系统的设置,按备注保留。", "如是笔误,请对照操作手册的设置表。"),
    Kind("S16", QUERY, "参数没有用处", "指标“{indicator}”的计分方法不使用参数“{parameter}”。", "请核对参数名称(该方法的参数有:{near})。"),
    Kind("S17", ERROR, "合成指标没有分项", "指标《{name}》由分项得出,但{whom}没有下级分项指标。", "请增加以它为上级的分项(分项的适用要与它一致),或把取值改为填报。"),
    Kind("S18", NOTE, "内置方法被改写", "计分方法“{method}”与内置方法同名,公式已由考核办改写,按改写后的计算。", "如非有意,请恢复原公式。"),
    Kind("S19", QUERY, "名称重复", "{what}名称“{name}”有两个(另见 {other})。", "请写得可以区分,以免下发和公布时混淆。"),
    Kind("S20", ERROR, "上级不是合成指标", "指标《{name}》的上级《{parent}》不是合成指标,它的得分不会计入。", "请把上级指标的取值改为“合成”,或把本指标的上级改为部分代码。"),
    Kind("S21", QUERY, "得分超出权重", "指标《{name}》有 {count} 个单位的得分不在 0 到权重 {weight} 之间({low} 到 {high})。",
         "允许超额得分的(如封顶大于 1)可不理会;否则请检查该指标的计分方法和参数。"),
    Kind("S40", ERROR, "引用来源有误", "指标《{name}》取值为引用,{reason}。", "请在“取值来源”填写同一单位也在考核的另一个指标的代码。"),
    Kind("S41", QUERY, "取值来源没有用处", "指标《{name}》的取值为{source},“取值来源”中的 {code} 不起作用。", "请把取值改为引用,或清空取值来源。"),
    Kind("S42", ERROR, "没有考评部门", "指标《{name}》取值为考评,但没有填考评部门,没有人给它打分。", "请填写考评部门;由单位自己填报的,请把取值改为填报。"),
    Kind("S43", ERROR, "没有票种", "指标《{name}》取值为测评,但《票种》中没有它的票种和比重:收到的各票种同等计。",
         "请在《票种》为它(或 *)逐个票种写明比重,合计为 1;只有一种票的写一行,比重 1。"),
    Kind("S44", ERROR, "择优分项不是百分制", "分项《{name}》的权重为 {found},而《{parent}》取各分项得分最高者,分项应各为 100。", "请把择优指标的分项权重都填 100。"),
    Kind("S45", ERROR, "没有各期比重", "指标《{name}》取值为各期,但《参数》中没有它的期次比重。",
         "请在《参数》中为它写 期次Q1、期次H1、期次Q3、期次全年 中用到的各项,合计为 1。"),
    Kind("S46", QUERY, "没有适用的指标", "“{unit}”{more}没有任何适用的计分指标,不会有得分。", "请核对《指标》的适用与《单位》《人员》的类别、考核组;不考核的请从表中删去。"),
    Kind("S47", QUERY, "下级部分性质不同", "部分《{name}》的性质为{kind},上级《{parent}》为{other};以最上级的为准。", "请改为一致,或把它移到最上级。"),
    Kind("S49", ERROR, "人员与单位同组", "人员“{name}”的考核组“{group}”也是单位的考核组,个人会与单位排在一起。", "请给人员另起考核组名称(空白即为“个人”)。"),
    Kind("S48", QUERY, "分项适用范围过宽", "分项《{name}》适用于{whom},而《{parent}》不适用,分项的得分不会计入。", "请把分项的适用改得与《{parent}》一致。"),
    Kind("S50", ERROR, "留存的方案行看不懂", "《方案版本》中版本 {version} 的“{table}”第 {row} 行已不是当时写入的内容,这一行没有采用。",
         "请从“备份”文件夹的总表中恢复该行;《方案版本》不应手工修改。"),
    Kind("S51", QUERY, "留存的方案与版本号不符", "《方案版本》中版本 {version} 的各行算出的版本号是 {found}:有行被改动、增删,或由较早的程序写入。",
         "请与“备份”文件夹中的总表核对;只是程序升级的可不理会。"),
    Kind("S52", QUERY, "计分方法待选", "指标《{name}》的计分方法是按原表暂定的“{method}”。", "请对照原表的评分标准,在《计分方法》中选定一个,或写一行自己的。"),
    Kind("S53", QUERY, "权重看不懂", "指标《{name}》的权重“{typed}”不是数,没有采用。", "请在《指标》中填写权重(分)。"),
    Kind("S54", NOTE, "照抄的列", "表头“{title}”不是本系统的列,整列照抄到《指标》右边。", "不用处理;其中若有目标、单位等内容,请抄到相应的表。"),
    Kind("S55", QUERY, "目标不是一个数", "指标《{name}》的目标“{typed}”不是一个准确的数,已抄在口径中。", "请在《目标》中补上目标值;是否型、评定型指标不用目标值。"),
    Kind("S56", NOTE, "没有读取的工作表", "“{sheet}”没有读取。", "其中若有考核指标,请用 --sheet 指明后另建总表,或手工抄入。"),
    Kind("S57", QUERY, "单位待核对", "《单位》由原表的“责任单位”得出,共 {count} 个。",
         "请核对单位名称,补上类别、考核组和联络员;原表写“各单位”或没有写单位的,请在《单位》中逐个列出。"),
    Kind("S58", QUERY, "加分扣分没有上限", "部分《{name}》性质为{kind},原表没有写最高多少分。", "请在《部分》的“满分”填写上限;确实不设上限的可不理会。"),
    Kind("S59", QUERY, "测评待补票种", "指标《{name}》按原表的“测评、满意度”定为取值测评。",
         "请在《票种》写明它的票种和比重(没有这张表的,用 kaohe upgrade 总表.xlsx --only 票种,测评 补上);不是测评得来的,请改正取值。"),
    Kind("S60", QUERY, "百分数目标疑似小数", "指标《{name}》的计量单位是%,目标值填写为 {value},与上年值或其他单位的目标相差悬殊。",
         "如应为 {points}%,请把目标改为 {points};确为 {value}% 的可不理会。"),
    Kind("S61", NOTE, "缺少的表或列不影响得分", "没有找到{what};结果不受影响。", "要登记这些内容,请运行 kaohe upgrade 补上。"),
    Kind("S30", QUERY, "目标层级不清", "指标“{code}”有几个层级的目标,这一行的层级“{typed}”不在 {known} 之内。", "请写明层级;相等或适度指标取舍时要用到。"),
    Kind("S31", ERROR, "满意度分值有误", "“满意度分值”填写为“{typed}”:{reason}。", "请写四个从高到低的分数,如 100,80,60,40。"),
    Kind("S32", ERROR, "比重合计不为1", "{what}的{kind}比重合计为 {found},应为 1。", "请核对各行比重。"),
    Kind("S33", ERROR, "票种重复", "指标“{code}”的{kind}“{name}”有两行(另见 {other})。", "请只保留一行。"),
    Kind("S34", ERROR, "勾稽式被拒绝", "勾稽 {code} 的{column}:{reason}。", "请按《勾稽》表头的说明修改。"),
    Kind("S35", ERROR, "勾稽式中的代码不存在", "勾稽 {code} 的{column}用到“{typed}”,没有这个指标代码。", "请改为《指标》中的代码;相近的有:{near}。"),
    Kind("S38", QUERY, "票种没有用处", "《票种》中的指标“{code}”取值不是测评。", "请核对指标代码,或把该指标的取值改为测评。"),
    Kind("S39", NOTE, "按已有部分折算", "《{name}》本期只有{held},按其比重折算。", "全年汇总时须齐全。"),
)  # fmt: skip

CATALOGUE: Mapping[str, Kind] = {kind.code: kind for kind in _KINDS}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found at a place. ``facts`` fill the wording of the code."""

    code: str
    location: Location = Location()
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        """ERROR cannot be scored, QUERY is scored but must be explained, NOTE informs."""
        return CATALOGUE[self.code].severity

    @property
    def title(self) -> str:
        """The short Chinese title of the kind."""
        return CATALOGUE[self.code].title

    @property
    def what(self) -> str:
        """What is wrong, without the place."""
        return CATALOGUE[self.code].wording.format(**self.facts)

    @property
    def remedy(self) -> str:
        """How to mend it."""
        return CATALOGUE[self.code].remedy.format(**self.facts)

    @property
    def place(self) -> str:
        """``滨湖区.xlsx《自测表》G12``; '' when nothing is known."""
        sheet = f"《{self.location.sheet}》" if self.location.sheet else ""
        return f"{self.location.workbook}{sheet}{self.location.cell}"

    @property
    def message(self) -> str:
        """Where, what, and how to mend it."""
        place = f"{self.place}:" if self.place else ""
        return f"{place}{self.what}{self.remedy}"


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by severity, then by unit and place; stable."""
    rank = {severity: index for index, severity in enumerate(SEVERITIES)}
    return tuple(sorted(findings, key=lambda f: (rank[f.severity], f.location.unit, f.location.workbook)))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an ERROR."""
    return any(finding.severity == ERROR for finding in findings)
