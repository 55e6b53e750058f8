"""docs/findings.md: the findings catalogue as a page; ``python -m kaohe.faces.findings_page`` prints it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping

from kaohe.findings import CATALOGUE, SEVERITIES, SEVERITY_TITLES, Kind

HEAD = """# 问题目录

核对和汇总时可能提出的全部问题:编号、级别、说明、如何改正。花括号里的词,在实际的说明中换成具体内容。

级别有三种:**错误**须改正,改正前该单位的结果是“暂定”,不排名;**存疑**已经计分,但须核对或说明;
**提示**只是告知。方案本身有错误时,所有单位都不排名。每条说明前面都有位置:哪个文件、哪张表、哪个单元格。

本页由程序中的目录生成,请不要手工修改:`python -m kaohe.faces.findings_page > docs/findings.md`
"""
GROUPS = (
    ("W", "回收的文件", "整份文件的问题。"),
    ("V", "填报的内容", "自测完成情况表中一个单元格的问题。"),
    ("D", "登记的决定", "《核定》《人工调整》《申诉》中的问题,和按决定办理的告知。"),
    ("G", "加减分、等次、否决、结果", "加减分、等次、否决、结果运用、督办和往年结果的问题。"),
    ("Y", "全年工作", "《审定》《申诉》《征求意见》《佐证材料》中的问题。"),
    ("S", "方案", "总表中方案各表的问题。"),
)
FACTS = {
    "answered": "答复日期",
    "ballots": "票种、轮次",
    "base": "单位数",
    "basis": "依据",
    "before": "前面的等次",
    "beside": "未采用的数",
    "most": "满分",
    "cap": "上限",
    "changed": "改动之处",
    "choices": "可选项",
    "clause": "条款",
    "counted": "按此计算的时间",
    "code": "代码",
    "column": "列名",
    "computed": "按方案计算的得分",
    "consequence": "后果",
    "count": "单位数",
    "cut": "超出的分",
    "date": "日期",
    "differs": "不同之处",
    "declared": "声明的数",
    "department": "考评部门",
    "expected": "应有的内容",
    "file": "文件",
    "filed": "提出日期",
    "first": "第一份文件",
    "found": "实有的内容",
    "grade": "等次",
    "group": "考核组",
    "held": "已有的部分",
    "high": "最高",
    "higher": "前面的最低分",
    "indicator": "指标代码",
    "issued": "下发的对象",
    "item": "项目",
    "kept": "采用的文件",
    "kept_by": "采用的一方",
    "kind": "类型",
    "known": "已有的",
    "least": "最低分",
    "left": "左式",
    "limits": "所写的限制",
    "listed": "列出的数",
    "low": "最低",
    "meant": "所指的代码",
    "method": "计分方法",
    "missing": "缺少的部分",
    "more": "等几个单位",
    "name": "名称",
    "named": "文件名中的单位",
    "nature": "性质",
    "near": "相近的名称",
    "new": "现单位代码",
    "number": "下发编号",
    "old": "原单位代码",
    "other": "另一处",
    "other_by": "另一方",
    "outcome": "结果",
    "own": "单位所报的数",
    "parameter": "参数",
    "parent": "上级代码",
    "part": "分表",
    "points": "百分点数",
    "period": "期次",
    "quota": "名额",
    "rank": "名次",
    "reason": "原因",
    "received": "收到时间",
    "register": "登记表",
    "relation": "关系",
    "remedy": "改正办法",
    "right": "右式",
    "row": "行号",
    "scope": "对象",
    "second": "第二份文件",
    "sheet": "工作表",
    "sheets": "工作表",
    "shown": "表中的内容",
    "source": "取值",
    "state": "状态",
    "status": "数据状态",
    "table": "表名",
    "target": "目标值",
    "tilted": "倍数说明",
    "title": "表头",
    "typed": "所填内容",
    "unit": "单位",
    "units": "单位",
    "until": "日期",
    "value": "数",
    "verified": "核定的数",
    "version": "版本号",
    "way": "处理办法",
    "weight": "权重",
    "what": "哪一类",
    "whom": "哪些单位",
    "why": "哪里不对",
    "evidence": "目标、上期、上年各数的几倍",
    "guess": "可能的原因",
    "year": "年度",
    "years": "哪几年",
}
"""A word a reader understands for each fact of the catalogue."""
WORDS_OF: Mapping[str, Mapping[str, str]] = {
    "V": {"number": "识别的数", "unit": "计量单位", "name": "指标名称", "kept": "采用的", "other": "另一个"},
    "V29": {"unit": "单位"},
    "W21": {"shown": "日期", "counted": "时间"},
    "D": {"number": "得分"},
    "G": {"number": "分数", "left": "余下的名额", "count": "个数", "units": "有关单位"},
    "G26": {"number": "编号"},
    "Y": {"source": "来自", "kind": "类别", "what": "单位、指标和编号", "clause": "条款"},
}
"""The words that differ in a section or a row: a single value is meant, a score, places left."""


def findings_page() -> str:
    """The page as Markdown text, ending in a line break."""
    return "\n".join([HEAD, *(line for group in GROUPS for line in _section(*group))])


def _section(letter: str, title: str, about: str) -> Iterator[str]:
    kinds = sorted(
        (kind for kind in CATALOGUE.values() if kind.code.startswith(letter)), key=lambda kind: kind.code
    )
    yield f"## {title}\n\n{about}{_counts(kinds)}\n"
    yield "| 编号 | 级别 | 问题 | 说明 | 如何改正 |"
    yield "| --- | --- | --- | --- | --- |"
    yield from (_row(kind) for kind in kinds)
    yield ""


def _counts(kinds: Iterable[Kind]) -> str:
    severities = [kind.severity for kind in kinds]
    return "、".join(f"{SEVERITY_TITLES[name]} {severities.count(name)} 种" for name in SEVERITIES) + "。"


def _row(kind: Kind) -> str:
    words = {**FACTS, **WORDS_OF.get(kind.code[0], {}), **WORDS_OF.get(kind.code, {})}
    texts = (readable(text, words) for text in (kind.wording, kind.remedy))
    cells = (kind.code, SEVERITY_TITLES[kind.severity], kind.title, *texts)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def readable(text: str, words: Mapping[str, str]) -> str:
    """A wording with a Chinese word in the place of each fact."""
    return re.sub(r"{(\w+)}", lambda fact: f"{{{words.get(fact[1], fact[1])}}}", text)


if __name__ == "__main__":
    sys.stdout.buffer.write(findings_page().encode())
