"""What `kaohe watch` says of its runs, each in one line."""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from kaohe.assess.returns import CONSOLIDATED, KNOWN, REFUSED
from kaohe.findings import ERROR, QUERY
from kaohe.jobs.consolidate import Consolidation
from kaohe.workbooks.package import KeptBeside, NothingWritten

_NAMED = 5
"""So many files are named, the others counted."""


def named(files: Sequence[str]) -> str:
    """东区.xlsx、西区.xlsx 等 7 个."""
    shown = "、".join(files[:_NAMED])
    return f"{shown} 等 {len(files)} 个" if len(files) > _NAMED else shown


def done_words(done: Consolidation, fresh: Sequence[str]) -> str:
    """What a run took in and found; ``fresh`` are the files that it was for."""
    counts = [sum(f.severity == kind for f in done.assessment.findings) for kind in (ERROR, QUERY)]
    states = {item.workbook: item.state for item in done.assessment.intake.inputs}
    taken = [name for name in fresh if states.get(name, KNOWN) in (CONSOLIDATED, KNOWN)]
    left = [name for name in fresh if name not in taken]
    new = [f"收录 {len(taken)} 个({named(taken)})"] if taken else []
    new += [f"没有收录 {len(left)} 个({named(left)})"] if left else []
    backup = f",原总表备份在 {done.backup.parent.name}/{done.backup.name}" if done.backup else ""
    return (
        f"汇总完成 {done.assessment.scores.period.code}:新文件{'、'.join(new) if new else '没有'};"
        f"收件文件夹中 {done.files_counted} 个计入;"
        f"错误 {counts[0]}、存疑 {counts[1]};已写入 {done.master.name}{backup}。"
    )


def refused_words(done: Consolidation, fresh: Collection[str]) -> Iterator[str]:
    """New files that were not taken in although they could be read, and why."""
    for item in done.assessment.intake.inputs:
        if item.workbook not in fresh or item.state != REFUSED:
            continue
        why = [f.what for f in done.assessment.intake.findings if f.location.workbook == item.workbook]
        yield f"“{item.workbook}”没有收录,留在原处:{''.join(why[:1])}"


_SYSTEM = {
    errno.ENOENT: "找不到",
    errno.ENOTDIR: "不是文件夹",
    errno.EISDIR: "是文件夹,不是文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘空间不足",
    errno.EROFS: "磁盘只读",
    errno.ELOOP: "链接指回自己",
    errno.ETIMEDOUT: "网络位置连不上",
    errno.EHOSTDOWN: "网络位置连不上",
    errno.EHOSTUNREACH: "网络位置连不上",
    errno.ENOTCONN: "网络位置连不上",
    errno.ESTALE: "网络位置断开过",
    errno.EIO: "磁盘或网络读写出错",
}


def error_words(error: BaseException) -> str:
    """An error in one line."""
    if isinstance(error, OSError):
        said = str(error.strerror or error)
        known = _SYSTEM.get(error.errno or 0, "找不到" if isinstance(error, FileNotFoundError) else "")
        return known or f"系统报告“{said}”"
    if isinstance(error, NothingWritten) or str(error):
        return str(error).replace("\n", " ")
    return type(error).__name__


def kept_words(error: KeptBeside, fresh: Sequence[str]) -> str:
    """That the master is open, where the new one is, what is in it and what is going to happen."""
    new = f"新文件 {len(fresh)} 个({named(fresh)})已在其中。" if fresh else ""
    return f"{error.reason}{new}总表关闭后自动并入,不必再做什么。"


def hello(inbox: Path, master: Path, period: str | None, every: float) -> str:
    """What a watch says first; by its zone it is known which returns are late."""
    only = f",只汇总 {period}" if period else ""
    offset = f"{dt.datetime.now().astimezone():%z}"
    return (
        f"开始看守:收件 {inbox} → 总表 {master},每 {every:g} 秒看一次{only};"
        f"收到时间按本机时区 UTC{offset[:3]}:{offset[3:5]}。"
    )


def goodbye(idle: bool) -> str:
    """What a watch says last."""
    return "已停止。" if idle else "已停止;还没有汇总的文件留在收件文件夹,下次开始时接着做。"
