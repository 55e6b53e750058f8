"""`kaohe restore`: the backups of a master as a list, and one of them put back in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe import terms
from kaohe.jobs.common import Clock, JobError, now, read_bytes
from kaohe.jobs.master import MASTER_LIMITS, Master, master_in
from kaohe.sheets.registers import RUNS, HeadingsMissingError, Run, read_runs
from kaohe.sheets.scheme_tables import read_tables
from kaohe.tables import BY_KEY, Table
from kaohe.workbooks.package import BACKUP_FOLDER, NothingWritten, read_names, write_new
from kaohe.workbooks.package.backups import Backup, backups, dated_ahead
from kaohe.workbooks.package.pending import kept
from kaohe.workbooks.package.save import explained, put_back
from kaohe.workbooks.read import read_book

_STATES = BY_KEY["state"]
_NUMBER_DIGITS = 4
"""A backup is asked for by its number in the list when what was typed has at most so many digits."""


@dataclass(frozen=True)
class Listed:
    """One backup in the list; ``number`` 1 is the newest."""

    number: int
    backup: Backup
    size: int
    sha256: str
    last: Run | None
    """The last run in it: what made this content."""
    state: str
    """The step of 审定 its results are in; '' where it tells of none."""
    replaced_by: tuple[Run, ...]
    """Runs of the next newer one (or of the master) that are not in it."""
    ahead: bool
    """Dated after the present time."""
    problem: str = ""
    """Why it cannot be put back; '' when it looks like a master."""

    @property
    def time(self) -> str:
        """When the copy was made, as a register writes it."""
        day, _, clock = self.backup.when.partition("-")
        return f"{day[:4]}-{day[4:6]}-{day[6:]} {clock[:2]}:{clock[2:4]}:{clock[4:]}"


@dataclass(frozen=True)
class Restored:
    """What was put where. ``backup``: the copy of what stood there; None where nothing did."""

    source: Path
    target: Path
    sha256: str
    backup: Path | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Told:
    """What a workbook's 运行记录 and 审定 tell."""

    runs: tuple[Run, ...] = ()
    state: str = ""
    problem: str = ""


def listed(master: Path, *, clock: Clock = now) -> tuple[Listed, ...]:
    """The backups of a master, newest first. Raises JobError when the folder cannot be looked into."""
    moment, master = clock(), master.resolve()
    found = _backups(master)
    later = _told(_bytes_or_none(master), master.name)
    rows = []
    for number, backup in enumerate(reversed(found), 1):
        data = _bytes_or_none(backup.path)
        told = _told(data, backup.path.name)
        newer = tuple(run for run in later.runs if run not in set(told.runs))
        rows.append(
            Listed(
                number,
                backup,
                len(data or b""),
                hashlib.sha256(data or b"").hexdigest(),
                told.runs[-1] if told.runs else None,
                told.state,
                newer,
                dated_ahead(backup, moment),
                told.problem,
            )
        )
        later = told
    return tuple(rows)


def restore(master: Path, which: str, *, to: Path | None = None, clock: Clock = now) -> Restored:
    """Put a backup in the place of the master, or (``to``) write it as a new file.

    ``which``: the number in the list, the name of a file in the folder of backups, or the date in its name.
    The copy is put back byte for byte, after what stands there was backed up. Raises JobError when there is
    no such backup or it cannot be opened as a master, NothingWritten when it could not be done safely (the
    master is then as it was).
    """
    with explained(master):
        place = master.resolve()
    source = _source(place, which)
    data = read_bytes(source, "备份")
    try:
        book = master_in(data, source)
    except JobError as error:
        raise JobError(f"备份“{source.name}”不能当总表打开,没有恢复:{error}") from None
    digest = hashlib.sha256(data).hexdigest()
    if to is not None:
        write_new(to, data)
        return Restored(source, to, digest)
    present = _bytes_or_none(place)
    if present == data:
        raise JobError(f"“{master.name}”与备份“{source.name}”一字节不差,不需要恢复。")
    notes = (*_lost(book, _master_or_none(present, place)), *_beside(place))
    backup, more = put_back(place, data, clock=clock())
    return Restored(source, master, digest, backup, (*notes, *more))


def _backups(master: Path) -> tuple[Backup, ...]:
    try:
        return backups(master)
    except OSError as error:
        folder = master.parent / BACKUP_FOLDER
        raise JobError(f"看不了文件夹“{folder}”:{error.strerror}。请检查权限。") from None


def _source(master: Path, which: str) -> Path:
    """The file asked for. Raises JobError, telling what there is."""
    folder = master.parent / BACKUP_FOLDER
    found = _backups(master)
    if which.isdecimal() and len(which) <= _NUMBER_DIGITS:
        if 1 <= int(which) <= len(found):
            return found[-int(which)].path
        raise JobError(f"没有第 {which} 份备份,“{folder}”中共有 {len(found)} 份。{_ask(master)}")
    named = folder / which if Path(which).name == which else Path(which)
    dated = [backup.path for backup in found if backup.path.name.startswith(f"{master.stem}.{which}.")]
    for path in (named, *dated):
        with explained(path):
            if path.is_file():
                return path
    raise JobError(f"“{folder}”中没有名为“{which}”的备份。{_ask(master)}")


def _ask(master: Path) -> str:
    return f"有哪些备份,请看 kaohe restore {master.name}。"


def _told(data: bytes | None, name: str) -> _Told:
    """What a workbook tells, from two of its sheets; the problem where it is no master that can be read."""
    if data is None:
        return _Told(problem="读不了")
    try:
        present = dict(read_names(data).sheets)
    except NothingWritten:
        return _Told(problem="不是工作簿,或已损坏")
    wanted = {present.get(title, title) for title in (RUNS.key, _STATES.title)}
    book = read_book(data, name, sheets=wanted.__contains__, limits=MASTER_LIMITS)
    if book.refusal:
        return _Told(problem=book.refusal.reason.rstrip("。"))
    if "指标" not in present and "方案" not in present:
        return _Told(problem="不是考核总表")
    try:
        runs = tuple(read_runs(book.sheets.get(present.get(RUNS.key, RUNS.key))))
    except HeadingsMissingError:
        return _Told(problem="《运行记录》的表头不全")
    tables = read_tables(book.sheets, present, name)
    return _Told(runs, _state(tables.get(_STATES.key), runs))


def _state(table: Table | None, runs: Sequence[Run]) -> str:
    """The last word of 审定 on the period of the last run that had results; 初步 where it has none."""
    period = next((run.period for run in reversed(runs) if run.period and run.records), "")
    if not period:
        return ""
    rows = [row for row in table.rows if row.text("period") == period] if table else []
    state = rows[-1].text("state") if rows else ""
    return state or terms.STATE_PRELIMINARY


def _bytes_or_none(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _master_or_none(data: bytes | None, path: Path) -> Master | None:
    """The master as it stands; None where it is gone or damaged, which is why it is to be restored."""
    if data is None:
        return None
    try:
        return master_in(data, path)
    except JobError:
        return None


def _lost(book: Master, present: Master | None) -> tuple[str, ...]:
    """What the present master knows and the restored one does not, and what follows from it."""
    if present is None:
        return ("现在的总表不见了或读不了,没有比较两者的内容。",)
    notes = []
    runs = [run for run in present.runs if run not in set(book.runs)]
    if runs:
        shown = "、".join(f"{run.time} {run.command}" for run in runs[-5:])
        notes.append(
            f"恢复的总表里没有此后的 {len(runs)} 次运行({shown});收过的表在回收文件夹里的,再汇总即可。"
        )
    issued = [row for number, row in present.issues.items() if number not in book.issues]
    if issued:
        notes.append(
            f"此后下发的 {len(issued)} 份自测表没有登记在恢复的总表里,报回来会认不出编号;请重新下发,"
            "或改为恢复较新的一份。"
        )
    decided = [row for row in present.decided if row not in set(book.decided)]
    if decided:
        steps = "、".join(dict.fromkeys(f"{row.period} {row.state}" for row in decided))
        notes.append(
            f"此后的审定({steps})不在恢复的总表里,定稿登记随之退回;确需保留的,请恢复审定之后的一份。"
        )
    return tuple(notes)


def _beside(master: Path) -> tuple[str, ...]:
    """What an earlier run kept beside the master goes into it at the next run, restored or not."""
    return tuple(
        f"总表旁另存的“{file.name}”还在,下次汇总会把它的登记并入;不要并入的,请先移走。"
        for file in kept(master)
    )
