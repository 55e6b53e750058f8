"""The workbooks that are damaged: filled-in forms and marking sheets as they are issued, and an old .xls."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kaohe.jobs.issue import issue
from kaohe.jobs.new import new
from tests.support import example
from tests.support.line import START, Desk
from tests.workbooks import guard_files as make

ASSESSED = """
    指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|责任部门|取值|考评部门
    X1|A|产值|亿元|正向|60|目标完成率|月度|无|发改局|填报|
    X2|B|满意率|%|正向|40|目标完成率|月度|无|民政局|考评|民政局
    """


def small(folder: Path) -> tuple[bytes, ...]:
    """A form and a marking sheet of a small scheme, and an .xls."""
    desk = Desk.new(folder, 指标=ASSESSED)
    desk.issue()
    xls = make.xls(make.number_record(0, 0, 1.0) + make.number_record(5, 3, 0.5))
    return (*(path.read_bytes() for path in sorted(desk.out.rglob("*.xlsx"))), xls)


@functools.cache
def returned() -> tuple[bytes, ...]:
    """Some returns of the example BH."""
    return tuple(
        path.read_bytes() for path in sorted((example.made().folder / example.INBOX).rglob("*.xlsx"))[:4]
    )


def agencies() -> Sequence[bytes]:
    """Forms and marking sheets of the largest of the built-in schemes, one of each kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        new("WX-J", folder / "总表.xlsx", clock=lambda: START)
        done = issue(folder / "总表.xlsx", "2016", folder / "下发", clock=lambda: START)
        paths = sorted(done.folder.rglob("*.xlsx"), key=lambda path: (path.stat().st_size, path.name))
        return tuple(path.read_bytes() for path in (paths[0], paths[len(paths) // 2], paths[-1]))
