"""`kaohe audit` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from kaohe.faces.cli_common import DONE, FINDINGS, Master
from kaohe.faces.console import out, progress_bar

if TYPE_CHECKING:
    from kaohe.audit.model import Difference
    from kaohe.jobs.audit import Audit, Timed

NOT_COMPARED = (
    "考核办加在表外的内容、黄色表里的公式不是本系统写的,不在核对之列;"
    "字体、颜色、条件格式,登记表的数字格式,图的坐标轴和样式,考核办自己的图,也没有核对。"
)
SHOWN = 40
"""Cells listed before the rest is only counted."""
_LONGEST = 36


def audit_master(
    master: Master,
    inbox: Annotated[
        Path | None,
        typer.Option("--inbox", "-i", metavar="文件夹", help="回收表所在的文件夹;给了就与原件逐值核对"),
    ] = None,
    engine: Annotated[
        list[str] | None,
        typer.Option(
            "--engine",
            metavar="方法",
            help="只用这种核对,可重复:anew、formulas、libreoffice、returns、content、decision",
        ),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="audit.json", help="全部结果另存一份,供其他程序使用")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="核对结果.xlsx", help="全部结果另存为工作簿")
    ] = None,
) -> None:
    """核对:用几种互不相干的办法重算总表公布的全部结果,列出每个不符的单元格。"""
    from kaohe.jobs.audit import audit
    from kaohe.jobs.audit_report import expect_places, write_json, write_sheet
    from kaohe.workbooks.package import NothingWritten

    expect_places(master, inbox, json_file, sheet)
    with progress_bar() as progress:
        found = audit(master, inbox=inbox, engines=engine or (), progress=progress)
    console = out()
    _show(console, found, bool(json_file or sheet))
    failed = False
    for path, write in ((json_file, write_json), (sheet, write_sheet)):
        if path is None:
            continue
        try:
            write(path, found)
            console.print(f"结果已另存:{path}", markup=False)
        except NothingWritten as error:
            failed = True
            console.print(f"{path} 没有写成:{error}", markup=False)
    raise typer.Exit(FINDINGS if failed or not found.clean else DONE)


def _show(console: Console, found: Audit, saved: bool) -> None:
    """The cells that disagree, what every engine did, and the verdict."""
    differences = found.differences
    if differences:
        console.print(_table(differences[:SHOWN]))
    if len(differences) > SHOWN:
        elsewhere = "见另存的结果" if saved else "加 --json 或 --out 可全部另存"
        console.print(f"…… 另有 {len(differences) - SHOWN} 处,{elsewhere}。", style="dim", markup=False)
    console.print(f"{found.period.title},结果由 {found.run} 写入,方案版本 {found.version}", markup=False)
    for timed in found.engines:
        _show_engine(console, timed)
    for note in found.notes:
        console.print(f"  {note}", style="dim", markup=False)
    console.print(NOT_COMPARED, style="dim", markup=False)
    if found.clean:
        console.print("核对相符。", style="bold green", markup=False)
        return
    unfinished = f";{len(found.trouble)} 种核对没有算完" if found.trouble else ""
    follow = sum(one.follows for one in differences)
    apart = f",其中 {follow} 处公式没有改,是随别的单元格变的" if 0 < follow < len(differences) else ""
    console.print(f"不符 {len(differences)} 处{apart}{unfinished}。", style="bold red", markup=False)


def _show_engine(console: Console, timed: Timed) -> None:
    opinion = timed.opinion
    if opinion.absent:
        told = "没有核对"
    elif opinion.trouble:
        told = f"没有算完:{opinion.trouble}"
    else:
        told = f"核对 {opinion.compared} 处,不符 {len(opinion.differences)} 处({timed.seconds:.1f} 秒)"
    left = [f"没有核对的:{reason} {count} 处" for reason, count in opinion.left_out.items()]
    console.print(f"  {opinion.engine}:{told}", markup=False)
    for text in (*left, *opinion.notes):
        console.print(f"    {text}", style="dim", markup=False)


def _table(differences: tuple[Difference, ...]) -> Table:
    table = Table(title="不符的单元格")
    for title in ("工作表", "单元格", "内容", "总表中是", "重算得到", "核对方法"):
        table.add_column(title, no_wrap=title in ("工作表", "单元格"))
    for one in differences:
        cells = (one.sheet, one.cell, one.what, _short(one.published), _short(one.recomputed), one.engine)
        table.add_row(*(text.replace("[", "\\[") for text in cells))
    return table


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
