"""``kaohe addin build / install / uninstall`` and ``kaohe bundle``."""

from __future__ import annotations

import sys
from pathlib import Path, PureWindowsPath
from typing import Annotated

import typer

from kaohe.faces.addin_install import (
    Step,
    carry_out,
    here,
    install_steps,
    on_windows,
    refusal,
    uninstall_steps,
)
from kaohe.faces.chinese import Command, Group
from kaohe.faces.console import out
from kaohe.jobs.common import JobError

addin_app = typer.Typer(
    name="addin",
    cls=Group,
    help="Excel 加载项(可选):制作、安装、卸载。",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Target = Annotated[
    str | None,
    typer.Option("--to", metavar="文件夹", help="装到这个文件夹,而不是 Excel 的启动文件夹 XLSTART"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只列出会做什么,不做")]


@addin_app.command("build", cls=Command)
def build_addin_file(
    folder: Annotated[Path, typer.Option("--out", "-o", metavar="文件夹", help="kaohe.xlam 写到哪里")] = Path(
        "."
    ),
    interpreter: Annotated[
        str,
        typer.Option(
            "--interpreter", metavar="python.exe", help="由加载项启动的 Python;不写则由各人的设置决定"
        ),
    ] = "",
) -> None:
    """制作 kaohe.xlam。同样的版本每次做出的字节相同。"""
    from kaohe.faces.addin_build import write_addin

    if interpreter and (why := refusal(PureWindowsPath(interpreter), {})):
        raise JobError(f"--interpreter 不能用:{why}")
    out().print(f"已做成加载项:{write_addin(folder, interpreter)}", markup=False)


@addin_app.command("install", cls=Command)
def install(target: Target = None, dry_run: DryRun = False) -> None:
    """装进 Excel(Windows):放到启动文件夹,下次打开 Excel 时出现“绩效考核”选项卡。"""
    environment, interpreter = here()
    steps = install_steps(environment, interpreter, PureWindowsPath(target) if target else None)
    _show_or_do(steps, dry_run, "装好了。请关闭所有 Excel 窗口再打开,应出现“绩效考核”选项卡。")


@addin_app.command("uninstall", cls=Command)
def uninstall(target: Target = None, dry_run: DryRun = False) -> None:
    """从 Excel 卸载(Windows)。工作簿和总表不受影响。"""
    environment, _ = here()
    steps = uninstall_steps(environment, PureWindowsPath(target) if target else None)
    _show_or_do(steps, dry_run, "卸载完成。")


def bundle(
    folder: Annotated[Path, typer.Option("--out", "-o", metavar="文件夹", help="安装包放到哪里")],
    platform: Annotated[
        str, typer.Option("--platform", metavar="平台", help="要装的电脑:win_amd64 为 64 位 Windows")
    ] = "win_amd64",
    python: Annotated[
        str, typer.Option("--python", metavar="版本", help="要装的电脑上的 Python,如 3.11;不写则与本机相同")
    ] = "",
    wheel: Annotated[
        Path | None, typer.Option("--wheel", metavar="文件", help="本程序的 .whl;不写则由本机的安装推出")
    ] = None,
) -> None:
    """离线安装包:把本程序和所有依赖下载到一个文件夹,供不能上网的电脑安装。"""
    from kaohe.faces.addin_bundle import Target as BundleTarget
    from kaohe.faces.addin_bundle import make_bundle

    version = python or f"{sys.version_info.major}.{sys.version_info.minor}"
    names = make_bundle(folder, BundleTarget(platform, version), wheel)
    out().print(
        f"离线安装包已备好:{folder},共 {len(names)} 个文件。安装办法见其中的《安装说明.txt》。", markup=False
    )


def _show_or_do(steps: tuple[Step, ...], dry_run: bool, done: str) -> None:
    """Carry the steps out on Windows; elsewhere, or when asked, only say what they are."""
    console = out()
    if dry_run or not on_windows():
        why = "试运行,没有改动任何文件。" if on_windows() else "本机不是 Windows,没有改动任何文件。"
        console.print(f"{why}在 Windows 上会依次:", markup=False)
        for number, step in enumerate(steps, 1):
            console.print(f"  {number}. {step.text}", markup=False)
        return
    for step in steps:
        console.print(carry_out(step, sys.executable), markup=False)
    console.print(done, markup=False)
