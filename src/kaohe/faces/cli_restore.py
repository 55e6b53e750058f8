"""`kaohe restore` on the command line: the backups as a list, and one put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from kaohe.faces.console import out

if TYPE_CHECKING:
    from kaohe.jobs.restore import Listed

_HASH = 12
"""Signs of the SHA-256 that tell one copy from another."""


def restore_master(
    master: Annotated[Path, typer.Argument(metavar="总表.xlsx", help="总表;不见了也可以,只要备份还在")],
    backup: Annotated[
        str, typer.Argument(metavar="备份", help="清单中的序号,或备份的文件名;不写则列出清单")
    ] = "",
    to: Annotated[Path | None, typer.Option("--to", metavar="文件", help="写成另一个文件,总表不动")] = None,
) -> None:
    """恢复:列出总表的备份;写明哪一份,就用它换回总表(现在的总表先备份)。

    备份保留最近 20 份、最近 60 个有备份的日子每天最后一份、每月最后一份;
    审定前、恢复前的一直保留,日期在当前时间之后的不清理。
    """
    from kaohe.jobs.common import JobError
    from kaohe.jobs.restore import listed, restore

    console = out()
    if not backup:
        if to is not None:
            raise JobError("--to 要与备份的序号一起用,如 kaohe restore 总表.xlsx 1 --to 另存.xlsx。")
        rows = listed(master)
        if not rows:
            raise JobError(f"没有找到“{master}”的备份(应在同一文件夹的“备份”里)。请核对总表的名称。")
        console.print(_table(rows))
        console.print(f"恢复其中一份:kaohe restore {master} 序号", markup=False)
        return
    done = restore(master, backup, to=to)
    for note in done.notes:
        console.print(f"注意:{note}", style="yellow", markup=False)
    console.print(
        f"已把备份 {done.source.name} 写到 {done.target}(SHA-256 {done.sha256[:_HASH]}…)", markup=False
    )
    if done.backup is not None:
        console.print(f"换下的总表备份在 {done.backup}", markup=False)


def _table(rows: tuple[Listed, ...]) -> Table:
    table = Table()
    table.add_column("序号", justify="right")
    for title in ("备份时间", "大小", "最后一次运行", "状态", "此后的运行", "SHA-256", "说明"):
        table.add_column(title, overflow="fold", justify="right" if title == "大小" else "left")
    for row in rows:
        last = row.last
        content = f"{last.time} {last.command} {last.period}".strip() if last else ""
        after = "、".join(f"{run.command} {run.period}".strip() for run in row.replaced_by)
        table.add_row(
            str(row.number),
            row.time,
            _size(row.size),
            content,
            row.state,
            after,
            row.sha256[:_HASH],
            _remark(row),
        )
    return table


def _size(size: int) -> str:
    return f"{size / 1024:,.0f} kB"


def _remark(row: Listed) -> str:
    words = (
        row.backup.mark,
        "日期在当前时间之后(电脑时钟错过)" if row.ahead else "",
        f"不能恢复:{row.problem}" if row.problem else "",
    )
    return ";".join(word for word in words if word)
