"""`kaohe check`, `kaohe remind`: what is wrong with returns, who still owes one, and what to send them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.faces.cli_common import finish
from kaohe.faces.console import out, progress_bar
from kaohe.jobs.check import Checked
from kaohe.jobs.give_back import GivenBack


def check_returns(
    places: Annotated[list[Path], typer.Argument(metavar="文件或文件夹…", help="回收的自测表")],
    master: Annotated[
        Path | None, typer.Option("--master", "-m", metavar="总表.xlsx", help="与总表逐项核对")
    ] = None,
    return_to: Annotated[
        Path | None,
        typer.Option(
            "--return", "-r", metavar="文件夹", help="有错误的表做成退回单写到这里(须同时给出 --master)"
        ),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", "-j", min=1, max=64, metavar="1–64", help="同时读取文件的进程数;几百个以上才有好处"
        ),
    ] = 1,
) -> None:
    """核对回收的自测表,列出问题;加 --return 把有错误的标注好退回。不改动原文件和总表。"""
    from kaohe.jobs.check import check

    with progress_bar() as progress:
        checked = check(places, master_path=master, return_to=return_to, jobs=jobs, progress=progress)
    out().print(f"核对了 {len(checked.files)} 个文件。", markup=False)
    if master is None and checked.files:
        out().print(
            "没有指定总表:只核对表内填写;加 --master 总表.xlsx 可核对编号、权重、目标和得分。", markup=False
        )
    failed = _show_given(checked)
    finish(checked.findings, failed=failed)


def _show_given(checked: Checked) -> bool:
    """Say which 退回单 were written; whether one could not be."""
    given = checked.given_back
    if given is None:
        return False
    out().print(told(given), markup=False)
    for note in given.notes:
        out().print(note, markup=False)
    for line in given.failed:
        out().print(f"退回单没有写成:{line}", markup=False)
    return bool(given.failed)


def told(given: GivenBack) -> str:
    """退回单 3 份(原表标注 2、按总表重做 1),在 退回."""
    if not given.count:
        return "没有需要退回的表。"
    kinds = (("原表标注", given.marked), ("按总表重做", given.anew), ("只列清单", given.listed))
    parts = "、".join(f"{name} {len(paths)}" for name, paths in kinds if paths)
    return f"退回单 {given.count} 份({parts}),在 {given.folder}"


def remind_units(
    master: Annotated[Path, typer.Argument(metavar="总表.xlsx", help="下发过的总表")],
    folder: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="文件夹", help="每个单位写一个 .txt 文件;不写则显示")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", "-p", metavar="期次", help="不写则为最近汇总的一期")
    ] = None,
) -> None:
    """催报:列出未报送、迟报和待改正的单位,每个单位一份可直接发送的催报函。"""
    from kaohe.jobs.remind import remind

    done = remind(master, period_code=period, folder=folder)
    console = out()
    if not done.letters:
        console.print(f"{done.period.title}:没有需要催报的。", markup=False)
        return
    if folder is None:
        for note in done.letters:
            console.print(note.text + "\n", markup=False)
    console.print(f"{done.period.title}:待催 {len(done.letters)} 个,其中逾期 {done.late} 个。", markup=False)
    if folder is not None:
        console.print(f"催报函在 {folder}", markup=False)
