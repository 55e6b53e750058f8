"""Commands about schemes: list the built-in ones, make a master, bring one up to date, write a scheme out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from kaohe.faces.cli_common import DONE, IN_LIST, Master, finish
from kaohe.faces.console import out
from kaohe.jobs.common import JobError

BLANK_NEXT = (
    "方案还是空的,也还没有检查。下一步:在黄色的《方案》《部分》《指标》《单位》《目标》中从第 4 行起填写,"
    "再用 kaohe issue 下发;下发前会检查方案,有错误会逐条列出。"
)
PASTED_NEXT = "请逐条核对下面的提示,在总表的黄色表中改好(计分方法、目标、代码),再用 kaohe issue 下发。"
_USAGE = (
    "用法:kaohe new BH 总表.xlsx,或 kaohe new 方案文件夹 总表.xlsx,或 kaohe new --blank 总表.xlsx,"
    "或 kaohe new --from 考核办法.xlsx 总表.xlsx。"
)


def show_schemes() -> None:
    """列出内置方案。"""
    from kaohe.jobs.schemes import schemes

    table = Table("代码", "名称", "年度", "单位数", "指标数")
    for scheme in schemes():
        table.add_row(scheme.code, scheme.name, scheme.year, str(scheme.units), str(scheme.indicators))
    out().print(table)


def new_master(
    first: Annotated[
        str,
        typer.Argument(
            metavar="方案", help="内置方案代码(如 BH)或方案表文件夹;配 --blank 或 --from 时为总表"
        ),
    ],
    second: Annotated[Path | None, typer.Argument(metavar="总表.xlsx", help="要新建的总表")] = None,
    blank: Annotated[bool, typer.Option("--blank", help="新建空白总表,由考核办自己填写方案")] = False,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="办法.xlsx", help="由考核办自己的一张表(指标、权重、责任单位…)生成"),
    ] = None,
    sheet: Annotated[
        str, typer.Option("--sheet", metavar="工作表", help="配 --from:用哪一张工作表;不写则自动认")
    ] = "",
) -> None:
    """新建总表:kaohe new BH 总表.xlsx,或 kaohe new --blank 总表.xlsx。"""
    from kaohe.jobs.new import new

    if (blank or source is not None) == (second is not None) or (blank and source is not None):
        raise JobError(_USAGE)
    if source is not None:
        _paste(source, Path(first), sheet)
    scheme, target = (None, Path(first)) if second is None else (first, second)
    findings = new(scheme, target)
    out().print(f"已新建总表:{target}", markup=False)
    if blank:
        out().print(BLANK_NEXT, markup=False)
        raise typer.Exit(DONE)
    finish(findings, IN_LIST)


def _paste(source: Path, target: Path, sheet: str) -> None:
    from kaohe.jobs.paste import paste

    made = paste(source, target, sheet=sheet)
    counts = {title: len(table.rows) for title, table in made.tables.items()}
    out().print(f"已由“{source.name}”《{made.sheet}》新建总表:{target}", markup=False)
    told = f"认出 {counts.get('indicator', 0)} 个指标、{counts.get('unit', 0)} 个单位。"
    out().print(told + PASTED_NEXT, markup=False)
    finish(made.findings)


def upgrade_master(
    master: Master,
    only: Annotated[
        str, typer.Option("--only", metavar="表名", help="只添加这些黄表,如 测评,人员(逗号或顿号隔开)")
    ] = "",
) -> None:
    """升级:给较早的总表添上缺少的黄表、列和设置,其余一概不动。"""
    from kaohe.assess.load_cells import listed
    from kaohe.jobs.upgrade import upgrade

    done = upgrade(master, only=listed(only))
    console = out()
    added = (("表", done.sheets), ("列", done.columns), ("设置", done.settings), ("计分方法", done.methods))
    for title, names in added:
        if names:
            console.print(f"添加的{title}:{'、'.join(names)}", markup=False)
    for note in done.notes:
        console.print(note, markup=False)
    if not any(names for _, names in added):
        console.print("没有要添加的,总表没有改动。", markup=False)


def dump_scheme(
    master: Master,
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="方案表写到哪里")],
) -> None:
    """导出方案:把总表中的方案写成一组 CSV 表;kaohe new 文件夹 总表.xlsx 可还原。"""
    from kaohe.jobs.dump import dump

    paths, findings = dump(master, folder)
    out().print(f"已写出 {len(paths)} 张表,在 {folder}", markup=False)
    finish(findings)
