"""`kaohe demo`: the whole line on a bundled example, with the clerks played by tables of entries."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from kaohe.jobs.common import JobError, Progress, make_folder, silent
from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.jobs.demo_clerks import play_clerks
from kaohe.jobs.demo_folder import free_folder, own_files, write_manifest
from kaohe.jobs.issue import Issued, NewNumber, issue
from kaohe.jobs.new import new_master
from kaohe.jobs.schemes import built_in_codes, built_in_tables, read_folder
from kaohe.model import Period
from kaohe.periods import parse_period
from kaohe.tables import LEDGER, Table
from kaohe.workbooks.package import write_new

MASTER, ISSUED, INBOX = "总表.xlsx", "下发", "回收"
_ENTRIES = re.compile(r"填报-(.+)\.csv")


@dataclass(frozen=True)
class Demo:
    """Where the example is and what it came to; ``moved`` when a changed folder was left alone."""

    folder: Path
    moved: bool
    issued: Issued
    result: Consolidation


@cache
def demo_periods() -> Mapping[str, Period]:
    """The built-in schemes with bundled entries, and the period these are for."""
    found = {}
    for code in built_in_codes():
        folder = files("kaohe.examples") / code
        names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
        matches = [match for name in names if (match := _ENTRIES.fullmatch(name))]
        if matches:
            found[code] = parse_period(matches[0][1])
    return found


def demo(code: str, out: Path, *, progress: Progress = silent) -> Demo:
    """Make a master, issue, fill in, consolidate, below ``out``; a folder somebody changed is left alone.

    Everything is made with a fixed clock and fixed numbers, so every run gives the same bytes.
    """
    period = demo_periods().get(code)
    if period is None:
        raise JobError(f"没有方案“{code}”的示例。有示例的方案:{'、'.join(demo_periods())}。")
    folder = free_folder(out)
    make_folder(folder)
    clock = dt.datetime.combine(period.end + dt.timedelta(days=1), dt.time(9))
    master = folder / MASTER
    for path in own_files(folder):
        path.unlink(missing_ok=True)
    data, _ = new_master(built_in_tables(code) | registers(code), MASTER, clock)
    write_new(master, data, overwrite=True)
    issued = issue(
        master,
        period.code,
        folder / ISSUED,
        overwrite=True,
        clock=lambda: clock + dt.timedelta(minutes=5),
        number=_numbers(code),
        progress=progress,
    )
    sent = clock + dt.timedelta(days=6)
    returned = play_clerks(code, period, master, issued, folder / INBOX, sent)
    result = consolidate(
        master,
        folder / INBOX,
        period_code=period.code,
        clock=lambda: clock + dt.timedelta(days=10),
        progress=progress,
    )
    backups = [path for path in (issued.backup, result.backup) if path]
    write_manifest(folder, [master, *issued.written, *issued.unchanged, *returned, *backups])
    return Demo(folder, folder != out, issued, result)


def registers(code: str) -> dict[str, Table]:
    """What the office of the example keeps in its registers: decisions, bonuses, surveys, history."""
    folder = files("kaohe.examples") / code
    titles = {f"{spec.title}.csv" for spec in LEDGER}
    if not any(entry.name in titles for entry in folder.iterdir()):
        return {}
    return read_folder(folder, code)


def _numbers(code: str) -> NewNumber:
    """Fixed issue numbers: the example must come out the same every time."""
    count = 0

    def number() -> str:
        nonlocal count
        count += 1
        return hashlib.sha256(f"{code}-{count}".encode()).hexdigest()[:10].upper()

    return number
