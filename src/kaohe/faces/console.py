"""What the command line shows: tables, findings, progress, on any console, also cp936."""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
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
"""Findings printed before the rest is only counted, where all of them stand somewhere else."""
LOG_FILE = "kaohe.log"
LOG_SIZE = 1 << 20
"""Bytes of the log before it is set aside; one older log is kept."""
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
"""A link that somebody put into the temporary folder is not followed."""


def soften() -> None:
    """A sign the console cannot show becomes ?, never an error (Windows consoles in code page 936)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


class _LogFile(RotatingFileHandler):
    """A log only its owner can read, which says so when it cannot be written."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, _APPEND, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (named by logging)
        raise  # logging calls this while it handles the error


def log_places() -> tuple[Path, ...]:
    """Where the log is written, best first: ``~/.kaohe/kaohe.log``, ``kaohe.log`` in the temporary folder."""
    temporary = Path(tempfile.gettempdir()) / LOG_FILE
    try:
        return Path.home() / ".kaohe" / LOG_FILE, temporary
    except RuntimeError:  # nobody's home
        return (temporary,)


def write_log() -> Path:
    """The current exception with its traceback in the log; returns where. OSError when no place takes it."""
    text = f"--- {dt.datetime.now():%Y-%m-%d %H:%M:%S} {' '.join(sys.argv)}\n{traceback.format_exc()}"
    *better, last = log_places()
    for path in better:
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            return _append(path, text)
        except OSError:
            continue
    return _append(last, text)


def _append(path: Path, text: str) -> Path:
    """Add to the log; a file that has grown to LOG_SIZE becomes ``kaohe.log.1`` first."""
    log = _LogFile(path, maxBytes=LOG_SIZE, backupCount=1, encoding="utf-8")
    try:
        log.emit(logging.LogRecord("kaohe", logging.ERROR, "", 0, text, None, None))
    finally:
        log.close()
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


def show_findings(console: Console, findings: Sequence[Finding], elsewhere: str = "", lead: str = "") -> None:
    """The findings one a line, worst first, and after ``lead`` how many of each.

    ``elsewhere`` says where all of them stand; without it every one is printed here.
    """
    shown = findings[:SHOWN] if elsewhere else findings
    for finding in shown:
        color = _COLORS[finding.severity]
        label = f"[{SEVERITY_TITLES[finding.severity]} {finding.code}]"
        console.print(label, style=color, end=" ", markup=False)
        if finding.location.unit and finding.location.unit not in finding.message:
            console.print(f"({finding.location.unit})", end=" ", markup=False)
        console.print(finding.message, markup=False)
    if len(findings) > len(shown):
        console.print(f"…… 另有 {len(findings) - len(shown)} 条,{elsewhere}。", style="dim", markup=False)
    console.print(lead + summary(findings), markup=False)


def kept_form(place: object, typed: bool, never: str = "", choice: str = "") -> str:
    """Why a form was left as it is, and what to do about it.

    ``typed``: somebody has filled it in; ``never`` and ``choice`` add what holds of the command line only.
    """
    if typed:
        return f"未覆盖:{place} 里已有人填写,原样保留{never}。请移到回收文件夹或别处,再重新下发。"
    return f"未覆盖:{place} 已存在且内容不同。请移走后重新下发{choice}。"


def failed_form(place: object) -> str:
    """What to do about a form that is registered but could not be written."""
    return f"写不出:{place}(已登记编号)。请检查文件夹权限和文件名长度,再下发一次即可补写。"


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
    graded = any(standing.grade for standing in assessment.standings)
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
        *(("等次",) if graded else ()),
        "结果",
    ):
        table.add_column(
            title, justify="left" if title in (called, "考核组", "等次", "结果") else "right", no_wrap=True
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
            *((standing.grade,) if graded else ()),
            standing.state,
        )
    if len(assessment.standings) > limit:
        table.caption = f"只显示前 {limit} 个,共 {len(assessment.standings)} 个,见《排名》"
    return table
