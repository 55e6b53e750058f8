"""Consolidation: against a bare read of the same files, and against an analyst's script."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from benchmarks import analyst
from benchmarks.bare import bare_read
from benchmarks.conftest import SIZES, Note, rounds
from benchmarks.inbox import CLOCK, Office
from benchmarks.measure import Line, by_turns
from benchmarks.units import PERIOD
from kaohe.jobs.common import silent
from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.jobs.inbox import read_returns

SCRIPT_AT_MOST = 1_000
"""The script is not run beyond this many units; it takes minutes."""


def run(master: Path, office: Office, *, jobs: int = 1, dry_run: bool = False) -> Consolidation:
    """Consolidate the office's inbox into that master; every unit must come out ranked."""
    done = consolidate(
        master, office.inbox, period_code=PERIOD, jobs=jobs, dry_run=dry_run, clock=lambda: CLOCK
    )
    assert all(standing.rank for standing in done.assessment.standings)
    assert len(done.assessment.standings) == office.count
    return done


@pytest.mark.parametrize("units", SIZES)
def test_against_a_bare_read(
    benchmark: Any, note: Note, offices: Callable[[int], Office], units: int
) -> None:
    """One process, two processes, the same without writing, and a second run over the same files."""
    office = offices(units)
    paths = office.returns
    master = office.master.parent / "run" / office.master.name
    again = office.copy_of_master("again")
    run(again, office)

    found = by_turns(
        benchmark,
        {
            "bare": lambda: bare_read(paths),
            "read": lambda: read_returns(paths, office.inbox, 1, silent),
            "dry": lambda: run(master, office, dry_run=True),
            "one": lambda: run(master, office),
            "two": lambda: run(master, office, jobs=2),
            "again": lambda: run(again, office),
        },
        rounds(units),
        prepare=lambda: office.copy_of_master("run"),
    )
    subjects = (
        ("read", "只读取(检查文件、读值、认行)", None),
        ("dry", "试算(--dry-run,不写总表)", None),
        ("one", "汇总,1 个进程", 2.5),
        ("two", "汇总,--jobs 2", 1.5),
        ("again", "再次汇总(总表已有全部数据)", None),
    )
    for name, subject, aim in subjects:
        against = f"裸读 {found.middle('bare'):.2f} 秒"
        ratios = found.ratio(name, "bare"), found.cpu_ratio(name, "bare")
        note(Line(subject, against, units, found.middle(name), *ratios, aim=aim))


@pytest.mark.parametrize("units", [size for size in SIZES if size <= SCRIPT_AT_MOST])
def test_against_the_analyst(
    benchmark: Any, note: Note, offices: Callable[[int], Office], units: int
) -> None:
    """Both as a person starts them, from the command line; both give the same totals and ranks."""
    office = offices(units)
    copy = office.copy_of_master("command")
    written = office.folder / "排名.xlsx"
    ours = [sys.executable, "-m", "kaohe.faces.cli", "consolidate", copy, "--inbox", office.inbox]
    script = [sys.executable, analyst.__file__, office.master, office.inbox, written]

    found = by_turns(
        benchmark,
        {"kaohe": lambda: start(ours), "script": lambda: start(script)},
        1 if units >= 1_000 else 3,
        prepare=lambda: office.copy_of_master("command"),
    )
    assert script_standings(written) == own_standings(office)
    gains = 1 / found.ratio("kaohe", "script"), 1 / found.cpu_ratio("kaohe", "script")
    aim = 8 if units == 125 else None
    against = f"pandas + openpyxl 脚本 {found.middle('script'):.1f} 秒"
    note(
        Line("汇总命令快于脚本,含启动", against, units, found.middle("kaohe"), *gains, aim=aim, at_least=True)
    )


def start(command: list[Any]) -> None:
    """Run a command to its end; its output is shown when it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def own_standings(office: Office) -> dict[str, tuple[float, int | None]]:
    """Unit code → (total, rank), by ours."""
    done = run(office.master, office, dry_run=True)
    return {row.unit.code: (row.total, row.rank) for row in done.assessment.standings}


def script_standings(written: Path) -> dict[str, tuple[float, int | None]]:
    """Unit code → (total, rank), as the script wrote them."""
    rows = openpyxl.load_workbook(written, read_only=True)["排名"].iter_rows(values_only=True)
    heads = list(next(rows))
    places = [heads.index(name) for name in ("单位代码", "总分", "名次")]
    return {row[places[0]]: (row[places[1]], row[places[2]]) for row in rows}
