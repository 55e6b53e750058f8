"""`kaohe rollover` on the command line: next year's master from this year's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.faces.cli_common import Master
from kaohe.faces.console import out, progress_bar, show_findings


def rollover_year(
    master: Master,
    target: Annotated[Path, typer.Argument(metavar="新总表.xlsx", help="新年度的总表,不能已经存在")],
    year: Annotated[int | None, typer.Option("--year", metavar="年度", help="新年度,不写则为下一年")] = None,
    succession: Annotated[
        Path | None,
        typer.Option("--succession", metavar="沿革.csv", help="单位更名、合并、拆分,列与《单位沿革》相同"),
    ] = None,
    keep_targets: Annotated[bool, typer.Option("--keep-targets", help="各单位的目标值照旧,不清空")] = False,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="结果没有公布也结转(结果再变动时要重做)")
    ] = False,
) -> None:
    """结转:由本年度的总表做出下一年度的总表:完成值转为上年值,结果记入历史,督办继续。原总表不动。"""
    from kaohe.jobs.rollover import rollover

    with progress_bar() as progress:
        done = rollover(
            master,
            target,
            year=year,
            succession=succession,
            keep_targets=keep_targets,
            provisional=provisional,
            progress=progress,
        )
    console = out()
    console.print(f"已做出 {done.year} 年度的总表:{done.master}", markup=False)
    console.print(
        f"上年值 {done.priors} 个,历史 {done.history} 行,未销号的督办 {done.open_problems} 件。", markup=False
    )
    for text in done.moved:
        console.print(f"单位变动:{text}", markup=False)
    for text in done.notes:
        console.print(f"请核对:{text}", markup=False)
    if done.findings:
        show_findings(console, done.findings, "", "新总表的方案还有待补的内容:")
