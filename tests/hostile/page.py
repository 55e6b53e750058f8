"""The table of docs/安全.md, from the cases themselves.

python -m tests.hostile.page        # writes it between the marks of the page
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kaohe.findings import CATALOGUE
from kaohe.sheets.assessor_read import MOST_CELLS
from kaohe.sheets.form_read_rows import MOST_ROWS
from kaohe.workbooks.guard_types import DEFAULT_LIMITS, MIB, REFUSALS
from kaohe.workbooks.worker_limits import DEFAULT_BUDGET, PLAIN_CONTENT, PLAIN_FILE
from tests.conftest import ROOT
from tests.hostile.case import Case, FormCase
from tests.hostile.inbox import CASES

PAGE = ROOT / "docs" / "安全.md"
BEGIN, END = "<!-- {}:开始 -->", "<!-- {}:结束 -->"


def table() -> str:
    """Every case with what comes of it and its bounds, by group."""
    rows = [
        f"共 {len(CASES)} 种。",
        "",
        "| 类别 | 文件 | 结果 | 处理器时限(秒) | 内存上限(MB) |",
        "| --- | --- | --- | --- | --- |",
    ]
    groups = list(dict.fromkeys(case.group for case in CASES))
    for group in groups:
        rows += (_row(case) for case in CASES if case.group == group)
    return "\n".join(rows)


def _row(case: Case | FormCase) -> str:
    cells = (case.group, case.what, _outcome(case), f"{case.seconds:g}", str(case.memory // MIB))
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"


def _outcome(case: Case | FormCase) -> str:
    """What a person is told."""
    if case.refusal and "W01" in case.codes:
        return "拒读(W01):" + re.sub(r"\{[^}]*\}", "…", REFUSALS[case.refusal][0])
    if not case.codes:
        return "照常读取,不提问题" if isinstance(case, FormCase) else "不理会"
    return "、".join(f"{code} {CATALOGUE[code].title}" for code in case.codes)


def limits() -> str:
    """The declared numbers."""
    bounds, budget = DEFAULT_LIMITS, DEFAULT_BUDGET
    rows: Iterable[tuple[str, str]] = (
        ("一个文件", f"{bounds.file // MIB} MB;更大的不打开"),
        ("压缩包内的部件数", f"{bounds.entries:,}"),
        ("一个部件解压后", f"{bounds.part // MIB} MB"),
        ("全部部件解压后(声明的)", f"{bounds.total // MIB:,} MB"),
        ("所读工作表解压后合计", f"{bounds.read // MIB} MB"),
        ("自测表填了内容的行", f"{MOST_ROWS:,};更多的整份不收"),
        ("考评打分表的格", f"{MOST_CELLS:,};更多的整份不收"),
        ("压缩比", f"{bounds.ratio} 倍(超过 {bounds.ratio_from // MIB} MB 的部件)"),
        ("有内容的最后一行、一列", f"{bounds.last_row:,} 行、{bounds.last_column:,} 列"),
        ("一张工作表的范围", f"{bounds.cells:,} 格;所读各表合计 {2 * bounds.cells:,} 格"),
        ("重复文字展开后", f"{bounds.shared_text // MIB} MB"),
        ("写法特殊的工作表", f"{bounds.odd_sheet // MIB} MB"),
        ("工作表数、单元格格式数", f"{bounds.sheets:,} 张、{bounds.formats:,} 种"),
        ("在本进程内读取", f"文件 {PLAIN_FILE // MIB} MB、内容 {PLAIN_CONTENT // MIB} MB 以内的普通 .xlsx"),
        ("单独进程:每个文件用时", f"{budget.seconds:g} 秒"),
        ("单独进程:内存(仅 Linux)", f"{budget.memory // MIB:,} MB"),
    )
    return "\n".join(["| 项目 | 上限 |", "| --- | --- |", *(f"| {what} | {bound} |" for what, bound in rows)])


def made(text: str) -> str:
    """The page with both tables as they should be."""
    for name, content in (("上限", limits()), ("结果", table())):
        begin, end = BEGIN.format(name), END.format(name)
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n\n{content}\n\n{end}{after}"
    return text


def main(page: Path = PAGE) -> None:
    """Write the tables into the page."""
    page.write_text(made(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
