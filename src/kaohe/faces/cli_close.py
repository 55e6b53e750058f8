"""`kaohe close` on the command line: seal a year's papers, or check a sealed package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.faces.cli_common import DONE, FINDINGS
from kaohe.faces.console import out, progress_bar
from kaohe.jobs.common import JobError

_SHOWN = 40


def close_year(
    master: Annotated[
        Path | None, typer.Argument(metavar="[总表.xlsx]", help="总表;核对归档包时不写")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="归档.zip", help="归档包,不能已经存在")
    ] = None,
    inbox: Annotated[
        Path | None, typer.Option("--inbox", "-i", metavar="文件夹", help="回收的报送原件所在的文件夹")
    ] = None,
    added: Annotated[
        list[Path] | None,
        typer.Option("--add", metavar="文件或文件夹", help="一并归档:会议纪要、扫描件、公布的文书;可写几次"),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", "-p", metavar="期次", help="不写则为最近汇总的一期")
    ] = None,
    without_missing: Annotated[
        str, typer.Option("--without-missing", metavar="原因", help="报送原件找不到也归档,写明原因")
    ] = "",
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="归档.zip", help="核对归档包,不归档")
    ] = None,
    seal: Annotated[str, typer.Option("--hash", metavar="封存码", help="核对时与这个封存码比较")] = "",
) -> None:
    """归档:把公布的总表、方案、报送原件、佐证材料封成一个带校验目录的包;--verify 核对归档包。"""
    if verify is not None:
        _verify(verify, seal)
    if master is None or target is None:
        raise JobError(
            "请写明总表和归档包,如 kaohe close 总表.xlsx --out 2017归档.zip;核对用 --verify 归档.zip。"
        )
    from kaohe.jobs.close import close

    with progress_bar() as progress:
        done = close(
            master,
            target,
            inbox=inbox,
            added=added or (),
            period_code=period,
            without_missing=without_missing,
            progress=progress,
        )
    console = out()
    files = len(done.sealed.entries)
    console.print(f"{done.period.title}已归档:{done.sealed.path},{files} 个文件。", markup=False)
    console.print(f"封存码(请另外保存,核对时用):{done.sealed.seal}", markup=False)
    for text in done.notes:
        console.print(text, markup=False)
    if done.unrecorded:
        console.print(f"归档包已写好,但封存码没有记入总表:{done.unrecorded}", markup=False)
        raise typer.Exit(FINDINGS)


def _verify(path: Path, seal: str) -> None:
    """Check a package; ends the command."""
    from kaohe.jobs.close_verify import check

    with progress_bar() as progress:
        checked = check(path, seal, progress)
    console = out()
    console.print(
        f"封存码:{checked.seal}{'' if seal else '(没有给 --hash,只核对了文件与目录)'}", markup=False
    )
    if not checked.flaws:
        console.print(f"{len(checked.entries)} 个文件都与目录一致。", markup=False)
        raise typer.Exit(DONE)
    console.print(f"{len(checked.flaws)} 处不一致:", markup=False)
    for flaw in checked.flaws[:_SHOWN]:
        console.print(f"  {flaw.name}:{flaw.what}", markup=False)
    if len(checked.flaws) > _SHOWN:
        console.print(f"  …… 另有 {len(checked.flaws) - _SHOWN} 处", markup=False)
    raise typer.Exit(FINDINGS)
