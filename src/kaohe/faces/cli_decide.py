"""`kaohe decide` on the command line: a step of 审定, and what it locks."""

from __future__ import annotations

from typing import Annotated

import typer

from kaohe.faces.cli_common import Master
from kaohe.faces.console import out, progress_bar, show_findings


def decide_results(
    master: Master,
    state: Annotated[
        str, typer.Option("--state", "-s", metavar="状态", help="《方案》审定程序中的一步,或 重新开启")
    ] = "",
    basis: Annotated[str, typer.Option("--basis", "-b", metavar="依据", help="会议纪要、文号")] = "",
    person: Annotated[str, typer.Option("--person", metavar="决定人", help="由谁决定")] = "",
    date: Annotated[str, typer.Option("--date", metavar="日期", help="如 2017-01-20,不写则为今天")] = "",
    number: Annotated[str, typer.Option("--number", metavar="文号", help="公布的文号,如 〔2017〕第8期")] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="日期", help="公示的最后一天,不写则按公示天数")
    ] = "",
    note: Annotated[str, typer.Option("--note", metavar="说明", help="写在《审定》的说明栏")] = "",
    period: Annotated[
        str | None, typer.Option("--period", "-p", metavar="期次", help="不写则为最近汇总的一期")
    ] = None,
    scheme_version: Annotated[
        str | None,
        typer.Option("--scheme-version", metavar="版本", help="结果是按留存的这个方案版本汇总的"),
    ] = None,
) -> None:
    """审定:登记一步(领导小组审核、常委会审定、公示、公布、重新开启),锁定结果。

    不写 --state 时,锁定《审定》中手工登记的各步。
    """
    from kaohe.jobs.decide import decide
    from kaohe.jobs.decide_row import Asked

    asked = Asked(state, basis, date, person, number, until, note)
    with progress_bar() as progress:
        done = decide(
            master,
            asked if any(asked) else None,
            period_code=period,
            scheme_version=scheme_version,
            progress=progress,
        )
    console = out()
    if done.findings:
        show_findings(console, done.findings, "", "审定前应当答复的:")
    until_words = f",公示到 {done.state.until}" if done.state.until else ""
    console.print(f"{done.period.title}:{done.state.shown}{until_words}", markup=False)
    if done.locked:
        console.print(
            f"已锁定 {done.units} 个单位的结果({'、'.join(done.locked)}),见《定稿登记》。", markup=False
        )
    for text in done.notes:
        console.print(text, markup=False)
    if done.backup is not None:
        console.print(f"原总表备份在 {done.backup}", markup=False)
