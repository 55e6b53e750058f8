"""What the command line shows: tables, findings, progress, on any console, also cp936."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from kaohe.assess.assessment import Assessment
from kaohe.findings import SEVERITIES, SEVERITY_TITLES, Finding
from kaohe.jobs.common import Progress as Report

_COLORS = {"ERROR": "bold red", "QUERY": "yellow", "NOTE": "dim"}
WIDE = 120
SHOWN = 30
"""Findings printed before the rest is only counted; all of them stand in 问题清单 and in --json."""


def soften() -> None:
    """A sign the console cannot show becomes ?, never an error (Windows consoles in code page 936)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def write_log() -> Path:
    """The current exception with its traceback in a log file; returns where."""
    path = Path(tempfile.gettempdir()) / "kaohe.log"
    with path.open("a", encoding="utf-8") as log:
        log.write(
            f"--- {dt.datetime.now():%Y-%m-%d %H:%M:%S} {' '.join(sys.argv)}\n{traceback.format_exc()}\n"
        )
    return path


def out() -> Console:
    """Where results go; a file or a pipe is as wide as it needs to be."""
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)


def err() -> Console:
    """Where progress and errors go."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def progress_bar() -> Iterator[Report]:
    """A bar per stage while a job runs; nothing lasting on a console that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err(), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield report


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """The findings one a line, worst first, and how many of each."""
    for finding in findings[:SHOWN]:
        color = _COLORS[finding.severity]
        label = f"[{SEVERITY_TITLES[finding.severity]} {finding.code}]"
        console.print(label, style=color, end=" ", markup=False)
        console.print(finding.message, markup=False)
    if len(findings) > SHOWN:
        console.print(f"…… 另有 {len(findings) - SHOWN} 条,见《问题清单》或 --json。", style="dim")
    console.print(summary(findings), markup=False)


def summary(findings: Sequence[Finding]) -> str:
    """错误 1 · 存疑 2 · 提示 3."""
    if not findings:
        return "没有发现问题。"
    counts = {severity: sum(f.severity == severity for f in findings) for severity in SEVERITIES}
    return "问题:" + " · ".join(f"{SEVERITY_TITLES[severity]} {count}" for severity, count in counts.items())


def ranking_table(assessment: Assessment, width: int, limit: int = 40) -> Table:
    """The ranking as it stands in the master; parts are left out where the console is too narrow for them."""
    scores = assessment.scores
    parts = [part for part in scores.scheme.parts if any(part.code in s.parts for s in assessment.standings)]
    parts = parts if width >= 75 + 12 * len(parts) else []
    called = str(scores.scheme.settings["单位称谓"]) or "单位"
    table = Table(title=f"{scores.scheme.settings['方案名称']} {scores.period.title} 排名")
    for title in (
        "名次",
        called,
        "考核组",
        "总分",
        *(part.name for part in parts),
        "扣分",
        "已达",
        "未达",
        "结果",
    ):
        table.add_column(
            title, justify="left" if title in (called, "考核组", "结果") else "right", no_wrap=True
        )
    for standing in assessment.standings[:limit]:
        table.add_row(
            "-" if standing.rank is None else str(standing.rank),
            standing.unit.name,
            standing.unit.group,
            f"{standing.total:.2f}",
            *(f"{standing.parts.get(part.code, 0.0):.2f}" for part in parts),
            f"{standing.lost:.2f}",
            str(standing.on_schedule),
            str(standing.behind),
            standing.state,
        )
    return table
