"""The command line: each command converts its arguments, calls one job and shows the result.

Exit codes: 0 done; 1 done, but ERROR findings remain; 2 wrong use; 3 nothing was written because it could
not be done safely.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kaohe.faces.addin_cli import addin_app, bundle
from kaohe.faces.chinese import Command, Group, explained
from kaohe.faces.cli_audit import audit_master
from kaohe.faces.cli_check import check_returns, remind_units
from kaohe.faces.cli_close import close_year
from kaohe.faces.cli_common import DONE, FINDINGS, IN_LIST, NOT_WRITTEN, WRONG_USE, Master, finish
from kaohe.faces.cli_decide import decide_results
from kaohe.faces.cli_diff import compare_masters
from kaohe.faces.cli_dossier import write_dossiers
from kaohe.faces.cli_explain import explain_score
from kaohe.faces.cli_publish import publish_documents
from kaohe.faces.cli_restore import restore_master
from kaohe.faces.cli_rollover import rollover_year
from kaohe.faces.cli_scheme import dump_scheme, new_master, show_schemes, upgrade_master
from kaohe.faces.cli_watch import watch_inbox
from kaohe.faces.cli_whatif import try_rules
from kaohe.faces.console import (
    err,
    failed_form,
    kept_form,
    out,
    progress_bar,
    ranking_table,
    show_findings,
    soften,
    write_log,
)
from kaohe.findings import has_errors
from kaohe.jobs.common import JobError
from kaohe.version import __version__

JSON_HINT = "加 --json 文件名 可全部另存"

app = typer.Typer(
    name="kaohe",
    cls=Group,
    help="考核:制表、下发、核对、汇总、排名,全部在 Excel 工作簿中完成。",
    epilog="先试试 kaohe demo:做出一整套示例。退出码:0 完成;1 有错误待改;2 用法不对;3 未写入。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Period = Annotated[
    str, typer.Option("--period", "-p", metavar="期次", help="如 2007-H1、2007-07、2007-Q1、2007")
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", min=1, max=64, metavar="1–64", help="同时读取文件的进程数;几百个以上才有好处"
    ),
]


def _version(show: bool) -> None:
    if show:
        typer.echo(f"kaohe {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")
    ] = False,
) -> None:
    """Options before the command."""


app.command("schemes", cls=Command)(show_schemes)
app.command("new", cls=Command)(new_master)
app.command("upgrade", cls=Command)(upgrade_master)


@app.command("issue", cls=Command)
def issue_forms(
    master: Master,
    period: Period,
    folder: Annotated[Path, typer.Option("--out", "-o", metavar="文件夹", help="自测表写到哪里")] = Path(
        "下发"
    ),
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", "-u", metavar="单位", help="只下发给这个单位(代码或名称),可重复"),
    ] = None,
    by_department: Annotated[
        bool, typer.Option("--by-department", help="每个单位按责任部门分成几份")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="覆盖已存在而内容不同的自测表;有人填写过的从不覆盖")
    ] = False,
) -> None:
    """下发:给每个单位(或其责任部门)做一份自测完成情况表,并在总表登记编号。"""
    from kaohe.jobs.issue import issue

    with progress_bar() as progress:
        issued = issue(
            master,
            period,
            folder,
            units=unit or (),
            by_department=by_department,
            overwrite=overwrite,
            progress=progress,
        )
    console = out()
    if has_errors(issued.findings):
        console.print("方案有错误,没有下发。请先在总表中改正:", markup=False)
        finish(issued.findings)
    marking = f"、{issued.assessors_written} 份考评打分表" if issued.assessors else ""
    told = f"{issued.period.title}:写出 {issued.forms_written} 份自测表{marking},在 {issued.folder}"
    console.print(told, markup=False)
    if issued.skipped:
        console.print(f"没有自填指标、不发自测表的:{_some(issued.skipped)}", markup=False)
    if issued.unchanged:
        console.print(f"另有 {len(issued.unchanged)} 份与原来相同,未改动。", markup=False)
    for path in issued.kept:
        console.print(_kept(path, path in issued.typed, overwrite), markup=False)
    for path in issued.failed:
        console.print(failed_form(path), markup=False)
    finish(issued.findings, failed=bool(issued.kept or issued.failed))


def _some(names: Sequence[str], most: int = 8) -> str:
    shown = "、".join(names[:most])
    return f"{shown} 等 {len(names)} 个" if len(names) > most else shown


def _kept(path: Path, typed: bool, overwrite: bool) -> str:
    """A form that was left as it is, with what --overwrite would change about it."""
    return kept_form(path, typed, "(--overwrite 也不覆盖)" if overwrite else "", ",或加 --overwrite")


app.command("check", cls=Command)(check_returns)


@app.command("consolidate", cls=Command)
def consolidate_returns(
    master: Master,
    inbox: Annotated[Path, typer.Option("--inbox", "-i", metavar="文件夹", help="存放回收表的文件夹")] = Path(
        "回收"
    ),
    period: Annotated[
        str | None, typer.Option("--period", "-p", metavar="期次", help="不写则按回收表中最多的一期")
    ] = None,
    jobs: Jobs = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="report.json", help="另写一份机器可读的结果")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只计算和显示,不写总表")] = False,
    scheme_version: Annotated[
        str | None,
        typer.Option("--scheme-version", metavar="版本", help="按下发过的某个方案版本计分(见《方案版本》)"),
    ] = None,
) -> None:
    """汇总:读取回收表,计分排名,写入总表(原总表自动备份)。"""
    from kaohe.jobs.consolidate import consolidate
    from kaohe.jobs.report_file import expect_report_place, report_when_kept, write_report
    from kaohe.workbooks.package import NothingWritten

    if json_file:
        expect_report_place(json_file, master, inbox)
    with report_when_kept(json_file), progress_bar() as progress:
        done = consolidate(
            master,
            inbox,
            period_code=period,
            scheme_version=scheme_version,
            jobs=jobs,
            dry_run=dry_run,
            progress=progress,
        )
    console = out()
    console.print(ranking_table(done.assessment, console.width))
    for note in done.notes:
        console.print(note, markup=False)
    if done.backup:
        console.print(f"已写入 {master};原总表备份在 {done.backup}", markup=False)
    else:
        console.print("试算(--dry-run):总表没有改动。", markup=False)
    failed = False
    if json_file:
        try:
            write_report(json_file, done.assessment)
            console.print(f"结果已另存:{json_file}", markup=False)
        except NothingWritten as error:
            failed = True
            console.print(f"{json_file} 没有写成:{error}", markup=False)
    elsewhere = f"{IN_LIST}或 --json" if done.backup else f"见 {json_file}" if json_file else JSON_HINT
    finish(
        done.assessment.findings,
        elsewhere,
        f"读取 {done.files_read} 个文件,{done.files_counted} 个计入。",
        failed,
    )


app.command("decide", cls=Command)(decide_results)
app.command("watch", cls=Command)(watch_inbox)
app.command("remind", cls=Command)(remind_units)
app.command("dump", cls=Command)(dump_scheme)


@app.command("demo", cls=Command)
def run_demo(
    code: Annotated[str, typer.Argument(metavar="方案", help="内置方案代码")] = "BH",
    folder: Annotated[Path, typer.Option("--out", "-o", metavar="文件夹", help="示例写到哪里")] = Path(
        "演示"
    ),
) -> None:
    """示例:新建总表、下发、填报、汇总,一次做完,供试用。"""
    from kaohe.jobs.demo import INBOX, ISSUED, MASTER, demo

    with progress_bar() as progress:
        made = demo(code.upper(), folder, progress=progress)
    console = out()
    if made.moved:
        console.print(f"“{folder}”里的文件有人改动过,原样保留;这次的示例写到“{made.folder}”。", markup=False)
    findings = made.result.assessment.findings
    show_findings(console, findings, IN_LIST)
    console.print(ranking_table(made.result.assessment, console.width))
    console.print(str(made.result.assessment.scores.scheme.settings["数据声明"]), style="dim", markup=False)
    console.print(
        f"总表   {made.folder / MASTER}    先看《排名》《得分明细》《进度预警》《问题清单》", markup=False
    )
    console.print(f"下发   {made.folder / ISSUED}    发给各单位的自测完成情况表(空白)", markup=False)
    console.print(f"回收   {made.folder / INBOX}    各单位填好报回来的(由演示数据填写)", markup=False)
    raise typer.Exit(FINDINGS if has_errors(findings) else DONE)


app.command("explain", cls=Command)(explain_score)
app.command("dossier", cls=Command)(write_dossiers)
app.command("audit", cls=Command)(audit_master)
app.command("whatif", cls=Command)(try_rules)
app.command("diff", cls=Command)(compare_masters)
app.command("publish", cls=Command)(publish_documents)
app.command("close", cls=Command)(close_year)
app.command("rollover", cls=Command)(rollover_year)
app.command("restore", cls=Command)(restore_master)
app.add_typer(addin_app, name="addin")
app.command("bundle", cls=Command)(bundle)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: messages in Chinese, never a traceback for what a person can mend."""
    soften()
    from kaohe.workbooks.package import NothingWritten
    from kaohe.workbooks.package.save import what_became

    try:
        given = list(arguments) if arguments is not None else None
        sys.exit(app(args=given, prog_name="kaohe", standalone_mode=False) or DONE)
    except JobError as error:
        err().print(f"错误:{error}", style="bold red", markup=False)
        sys.exit(WRONG_USE)
    except NothingWritten as error:
        err().print(f"没有写入:{error}", style="bold red", markup=False)
        sys.exit(NOT_WRITTEN)
    except (KeyboardInterrupt, typer.Abort):
        err().print(f"已中断。{what_became()}", markup=False)
        sys.exit(NOT_WRITTEN)
    except OSError as error:
        where = f"(“{error.filename}”)" if error.filename else ""
        told = f"没有做完:系统报告错误{where}:{error.strerror or error}。{what_became()}"
        err().print(f"{told}请检查磁盘、网络盘和权限后重新运行。", style="bold red", markup=False)
        sys.exit(NOT_WRITTEN)
    except Exception as error:  # noqa: BLE001  (the last line of defence: a message and a log, no traceback)
        usage = explained(error)
        if usage:
            err().print(usage, style="" if usage.startswith("用法:") else "bold red", markup=False)
            sys.exit(WRONG_USE)
        err().print(f"程序内部错误:{error}", style="bold red", markup=False)
        err().print(f"{what_became()}请把日志发给维护人员:{_logged()}", markup=False)
        sys.exit(NOT_WRITTEN)


def _logged() -> str:
    """Where the current exception was written down."""
    try:
        return str(write_log())
    except OSError as error:
        return f"(日志写不了:{error.strerror})"


if __name__ == "__main__":
    main()
