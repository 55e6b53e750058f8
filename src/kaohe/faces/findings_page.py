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
    ("S", "方案", "总表中方案各表的问题。"),
)
FACTS = {
    "changed": "改动之处",
    "choices": "可选项",
    "code": "代码",
    "column": "列名",
    "computed": "按方案计算的得分",
    "count": "单位数",
    "date": "日期",
    "declared": "声明的数",
    "expected": "应有的内容",
    "first": "第一份文件",
    "found": "实有的内容",
    "high": "最高",
    "indicator": "指标代码",
    "kept": "采用的文件",
    "listed": "列出的数",
    "low": "最低",
    "method": "计分方法",
    "name": "名称",
    "near": "相近的名称",
    "number": "下发编号",
    "other": "另一处",
    "parameter": "参数",
    "parent": "上级代码",
    "part": "分表",
    "reason": "原因",
    "remedy": "改正办法",
    "second": "第二份文件",
    "shown": "表中的内容",
    "status": "数据状态",
    "table": "表名",
    "target": "目标值",
    "typed": "所填内容",
    "unit": "单位",
    "named": "文件名中的单位",
    "received": "收到时间",
    "why": "哪里不对",
    "weight": "权重",
    "what": "哪一类",
}
"""A word a reader understands for each fact of the catalogue."""
OF_VALUES = {"number": "识别的数", "unit": "计量单位", "name": "指标名称"}
"""The words that differ where a single value is meant."""


def findings_page() -> str:
    """The page as Markdown text, ending in a line break."""
    return "\n".join([HEAD, *(line for group in GROUPS for line in _section(*group))])


def _section(letter: str, title: str, about: str) -> Iterator[str]:
    kinds = [kind for kind in CATALOGUE.values() if kind.code.startswith(letter)]
    yield f"## {title}\n\n{about}{_counts(kinds)}\n"
    yield "| 编号 | 级别 | 问题 | 说明 | 如何改正 |"
    yield "| --- | --- | --- | --- | --- |"
    yield from (_row(kind) for kind in kinds)
    yield ""


def _counts(kinds: Iterable[Kind]) -> str:
    severities = [kind.severity for kind in kinds]
    return "、".join(f"{SEVERITY_TITLES[name]} {severities.count(name)} 种" for name in SEVERITIES) + "。"


def _row(kind: Kind) -> str:
    words = {**FACTS, **(OF_VALUES if kind.code.startswith("V") else {})}
    texts = (readable(text, words) for text in (kind.wording, kind.remedy))
    cells = (kind.code, SEVERITY_TITLES[kind.severity], kind.title, *texts)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def readable(text: str, words: Mapping[str, str]) -> str:
    """A wording with a Chinese word in the place of each fact."""
    return re.sub(r"{(\w+)}", lambda fact: f"{{{words.get(fact[1], fact[1])}}}", text)


if __name__ == "__main__":
    sys.stdout.buffer.write(findings_page().encode())
