"""`kaohe dossier` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.faces.cli_common import DONE, FINDINGS, Master
from kaohe.faces.console import out, progress_bar


def write_dossiers(
    master: Master,
    folder: Annotated[Path, typer.Option("--out", "-o", metavar="文件夹", help="档案写到哪里")] = Path(
        "档案"
    ),
    unit: Annotated[
        list[str] | None, typer.Option("--unit", "-u", metavar="单位", help="只写这个单位或个人,可重复")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", "-p", metavar="期次", help="不写则为最近汇总的一期")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖已存在而内容不同的档案")] = False,
) -> None:
    """考核纪实档案:每个单位一份,目标、完成、得分、决定、说明都在里面。"""
    from kaohe.jobs.dossier import dossiers

    with progress_bar() as progress:
        done = dossiers(
            master, folder, units=unit or (), period_code=period, overwrite=overwrite, progress=progress
        )
    console = out()
    console.print(
        f"{done.period.title}:写出 {len(done.written)} 份考核纪实档案,在 {done.folder}", markup=False
    )
    if done.unchanged:
        console.print(f"另有 {len(done.unchanged)} 份与原来相同,未改动。", markup=False)
    for path in done.kept:
        told = f"未覆盖:{path} 已存在且内容不同。请移走后重新运行,或加 --overwrite。"
        console.print(told, markup=False)
    raise typer.Exit(FINDINGS if done.kept else DONE)
