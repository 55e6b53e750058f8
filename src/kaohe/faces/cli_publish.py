"""`kaohe publish` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kaohe.assess.load_cells import listed
from kaohe.faces.cli_common import DONE, FINDINGS, Master
from kaohe.faces.console import out, progress_bar


def publish_documents(
    master: Master,
    folder: Annotated[Path, typer.Option("--out", "-o", metavar="文件夹", help="文书写到哪里")] = Path(
        "文书"
    ),
    period: Annotated[
        str | None, typer.Option("--period", "-p", metavar="期次", help="不写则为最近汇总的一期")
    ] = None,
    only: Annotated[
        str,
        typer.Option(
            "--only",
            metavar="文书",
            help="只出这几种,顿号或逗号隔开:"
            "通报、公示、反馈单、总览、任务书、催报、申诉表、征求意见表、征求意见采纳情况表",
        ),
    ] = "",
    pdf: Annotated[
        bool | None,
        typer.Option("--pdf/--no-pdf", help="每一份都转 PDF / 都不转;不写则只转一种一份的(需要 LibreOffice)"),
    ] = None,
    templates: Annotated[
        Path | None, typer.Option("--templates", metavar="文件夹", help="用考核办自己改过的 Word 模板")
    ] = None,
    copies: Annotated[
        Path | None,
        typer.Option("--copy-templates", metavar="文件夹", help="只把自带的 Word 模板复制到这里,供修改"),
    ] = None,
) -> None:
    """出文书:通报、公示、反馈单、总览、任务书、催报、申诉表等,出自总表的同一个状态。"""
    from kaohe.jobs.publish import publish

    if copies is not None:
        _copy(copies)
    with progress_bar() as progress:
        done = publish(
            master,
            folder,
            period_code=period,
            kinds=listed(only),
            pdf=pdf,
            templates=templates,
            progress=progress,
        )
    console = out()
    counted = "、".join(f"{kind} {count} 份" for kind, count in done.files)
    stage = f"({done.state})" if done.state else ""
    console.print(f"{done.period.title}{stage}:{counted},在 {done.folder}", markup=False)
    if done.pdfs:
        console.print(f"另有 PDF {done.pdfs} 份。", markup=False)
    for note in done.notes:
        console.print(note, markup=False)
    raise typer.Exit(DONE)


def _copy(folder: Path) -> NoReturn:
    from kaohe.jobs.publish_templates import copy_templates

    written, kept = copy_templates(folder)
    told = f"写出 {len(written)} 个模板,在 {folder}。用 Word 改好后,出文书时加 --templates {folder}"
    out().print(told, markup=False)
    for path in kept:
        out().print(f"未覆盖:{path} 已存在。", markup=False)
    raise typer.Exit(FINDINGS if kept else DONE)
