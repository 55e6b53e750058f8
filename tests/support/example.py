"""The example made once a test run, and copies of it to work on."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from kaohe.jobs.demo import Demo, demo

MASTER, ISSUED, INBOX = "总表.xlsx", "下发", "回收"
BINHU = "滨湖区"


@functools.cache
def made() -> Demo:
    """BH, made by `kaohe demo` in a folder that goes when the process ends. Nobody writes into it."""
    folder = Path(tempfile.mkdtemp(prefix="kaohe-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return demo("BH", folder / "演示")


def copy(target: Path) -> Path:
    """The whole example below ``target``; returns its folder."""
    return shutil.copytree(made().folder, target / "演示")


def form_of(unit: str, folder: str = INBOX) -> Path:
    """A unit's whole form in the example."""
    return made().folder / folder / f"{unit}-自测完成情况表-2007-H1.xlsx"
