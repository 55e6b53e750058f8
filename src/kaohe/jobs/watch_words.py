"""What `kaohe watch` says of its runs, each in one line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kaohe.assess.returns import REFUSED, UNREADABLE
from kaohe.findings import ERROR, QUERY
from kaohe.jobs.consolidate import Consolidation
from kaohe.workbooks.package import NothingWritten

_NAMED = 5
"""So many files are named, the others counted."""


def named(files: Sequence[str]) -> str:
    """东区.xlsx、西区.xlsx 等 7 个."""
    shown = "、".join(files[:_NAMED])
    return f"{shown} 等 {len(files)} 个" if len(files) > _NAMED else shown


def done_words(done: Consolidation, fresh: Sequence[str]) -> str:
    """What a run took in and found."""
    counts = [sum(f.severity == kind for f in done.assessment.findings) for kind in (ERROR, QUERY)]
    new = f"新文件 {len(fresh)} 个({named(fresh)})" if fresh else "没有新文件"
    backup = f",原总表备份在 {done.backup.name}" if done.backup else ""
    return (
        f"汇总完成 {done.assessment.scores.period.code}:{new};收件文件夹中 {done.files_counted} 个计入;"
        f"错误 {counts[0]}、存疑 {counts[1]};已写入 {done.master.name}{backup}。"
    )


def refused_words(done: Consolidation, fresh: Collection[str]) -> Iterator[str]:
    """New files that were not taken in although they could be read, and why."""
    for item in done.assessment.intake.inputs:
        if item.workbook not in fresh or item.state not in (REFUSED, UNREADABLE):
            continue
        why = [f.what for f in done.assessment.intake.findings if f.location.workbook == item.workbook]
        if item.state == REFUSED:
            yield f"“{item.workbook}”没有收录,留在原处:{''.join(why[:1])}"


def error_words(error: BaseException) -> str:
    """An error in one line."""
    if isinstance(error, OSError):
        return str(error.strerror or error)
    if isinstance(error, NothingWritten) or str(error):
        return str(error).replace("\n", " ")
    return type(error).__name__
