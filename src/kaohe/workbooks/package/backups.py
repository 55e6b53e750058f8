"""Dated copies of the old master in 备份/, and the rule by which older ones are cleared.

``总表.20070702-093005.xlsx``; a second one of that second is ``…-093005-2.xlsx``; one that is never cleared
says before what it was made: ``总表.20070702-093005.审定前.xlsx``. Only files of such names are ours.

Kept are the newest 20, the last one of each of the newest 60 days that have one, the last one of every month,
and those that say before what they were made. Days are counted, not reckoned from today, and copies dated
after the present time are neither cleared nor counted: a clock that was wrong for a while clears nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe.workbooks.package import fs

BACKUP_FOLDER = "备份"
NEWEST_KEPT = 20
DAYS_KEPT = 60
BEFORE_DECISION, BEFORE_RESTORE = "审定前", "恢复前"
"""What a copy was made before, where it is kept for ever."""
TEMPORARY = ".kaohe-tmp"
RULE = (
    f"备份保留最近 {NEWEST_KEPT} 份、最近 {DAYS_KEPT} 个有备份的日子每天最后一份、每月最后一份;"
    f"{BEFORE_DECISION}、{BEFORE_RESTORE}的一直保留,日期在当前时间之后的不清理。"
)
_STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Backup:
    """One of our copies, as its name tells: when (YYYYMMDD-HHMMSS), which of that second, before what."""

    path: Path
    when: str
    number: int = 1
    mark: str = ""


def back_up(master: Path, source: bytes, clock: dt.datetime, mark: str = "") -> Path:
    """A dated copy of the old master in 备份/, whole and on the disk when this returns. Raises OSError."""
    folder = master.parent / BACKUP_FOLDER
    fs.make_folder(folder)
    target = free_name(master, clock, mark)
    temporary = folder / f".{target.name}.{os.getpid()}{TEMPORARY}"
    try:
        fs.write_whole(temporary, source)
        fs.replace(temporary, target)
    finally:
        remove_quietly(temporary)
    fs.sync_folder(folder)
    fs.sync_folder(folder.parent)
    return target


def free_name(master: Path, clock: dt.datetime, mark: str = "") -> Path:
    """The path of a copy made now; with -2, -3 … where there are others of this second. Raises OSError."""
    folder, when = master.parent / BACKUP_FOLDER, clock.strftime(_STAMP)
    others = [backup.number for backup in backups(master) if backup.when == when]
    number = max(others, default=0) + 1
    while True:
        more = f"-{number}" if number > 1 else ""
        target = folder / f"{master.stem}.{when}{more}{'.' if mark else ''}{mark}{master.suffix}"
        if not os.path.lexists(target):
            return target
        number += 1


def backups(master: Path) -> tuple[Backup, ...]:
    """Our copies of this master, oldest first as their names date them. Raises OSError."""
    folder = master.parent / BACKUP_FOLDER
    pattern = re.compile(
        rf"{re.escape(master.stem)}\.(\d{{8}}-\d{{6}})(?:-(\d{{1,6}}))?"
        rf"(?:\.({BEFORE_DECISION}|{BEFORE_RESTORE}))?{re.escape(master.suffix)}"
    )
    names = ((pattern.fullmatch(entry.name), entry) for entry in _entries(folder))
    found = [
        Backup(folder / entry.name, match[1], int(match[2] or 1), match[3] or "")
        for match, entry in names
        if match and entry.is_file(follow_symlinks=False)
    ]
    return tuple(sorted(found, key=lambda backup: (backup.when, backup.number, backup.mark)))


def _entries(folder: Path) -> Iterable[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return ()


def superfluous(found: Sequence[Backup], clock: dt.datetime) -> tuple[Backup, ...]:
    """Those of the copies (oldest first) that need not be kept at this time."""
    past = [backup for backup in found if backup.when <= clock.strftime(_STAMP)]
    days = {backup.when[:8]: backup for backup in past}
    months = {backup.when[:6]: backup for backup in past}
    kept = {*past[-NEWEST_KEPT:], *list(days.values())[-DAYS_KEPT:], *months.values()}
    return tuple(backup for backup in past if backup not in kept and not backup.mark)


def clear(master: Path, clock: dt.datetime, made: Path) -> None:
    """Clear what need not be kept; never the copy just ``made``. Raises OSError."""
    for backup in superfluous(backups(master), clock):
        if backup.path != made:
            fs.remove(backup.path)


def dated_ahead(backup: Backup, clock: dt.datetime) -> bool:
    """Whether a copy is dated after the present time: the clock was wrong when it was made, or is now."""
    return backup.when > clock.strftime(_STAMP)


def remove_quietly(path: Path) -> None:
    """Remove a temporary file that may be there; what cannot be removed, the next run removes."""
    try:
        fs.remove(path)
    except OSError:
        return
