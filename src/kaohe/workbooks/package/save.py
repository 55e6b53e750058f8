"""A master on disk becomes the new master in one step, or stays what it was.

Order: lock, read, render, write a temporary file beside it and sync it, back up the old master and sync that,
make sure nobody changed the master meanwhile, replace, sync the folder. Whatever goes wrong before the
replacement leaves the old master and no litter; a run that was killed leaves litter that the next one clears.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kaohe.workbooks.package import fs, pending
from kaohe.workbooks.package.backups import (
    BACKUP_FOLDER,
    BEFORE_RESTORE,
    TEMPORARY,
    back_up,
    clear,
    remove_quietly,
)
from kaohe.workbooks.package.errors import (
    AlreadyThere,
    DiskFull,
    KeptBeside,
    MasterChanged,
    MasterMissing,
    NothingWritten,
    NotWritable,
    OpenElsewhere,
    WriteFailed,
)
from kaohe.workbooks.package.openelsewhere import refuse_if_open
from kaohe.workbooks.package.patch import patch
from kaohe.workbooks.package.runlock import held
from kaohe.workbooks.package.temporary import clear_left, temporary_beside
from kaohe.workbooks.plan import BookPlan

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_REPLACING: list[Path] = []
_REPLACED: list[Path] = []
"""Masters this process is putting a new one in the place of, and has."""
_SHARING = {32, 33}
"""Windows: the file is open in another program."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A master that was written: the old one's backup, the new one's hash, what the office should know."""

    path: Path
    backup: Path
    sha256: str
    notes: tuple[str, ...] = ()


def sha256(data: bytes) -> str:
    """The hash by which a master is recognised."""
    return hashlib.sha256(data).hexdigest()


def apply(
    master: Path,
    plan: BookPlan,
    *,
    clock: dt.datetime,
    expect_sha256: str | None = None,
    first: Callable[[bytes], bytes] | None = None,
    beside: bool = False,
    mark: str = "",
) -> Saved:
    """Write the plan into the master. ``clock`` dates the backup.

    ``expect_sha256``: hash of the master the plan was computed from; a master that has changed since is left
    alone. ``first``: a change of the workbook before the plan is put into it. ``beside``: where the master is
    open in a spreadsheet program, leave the new one beside it and raise KeptBeside. ``mark``: the backup says
    that it was made before this, and is kept for ever (see :mod:`backups`). Raises NothingWritten (one of its
    kinds; the master is untouched) and BadPlan.
    """
    with explained(master):
        master = master.resolve(strict=True)
        with held(master, f"{clock:%Y-%m-%d %H:%M:%S}"):
            return _apply(master, plan, clock, expect_sha256, first, beside, mark)


def _apply(
    master: Path,
    plan: BookPlan,
    clock: dt.datetime,
    expect_sha256: str | None,
    first: Callable[[bytes], bytes] | None,
    beside: bool,
    mark: str,
) -> Saved:
    _clear_litter(master)
    elsewhere = _open_elsewhere(master)
    if elsewhere and not beside:
        raise elsewhere
    source = master.read_bytes()
    if expect_sha256 is not None and sha256(source) != expect_sha256:
        raise _changed(master)
    patched = patch(first(source) if first else source, plan)
    try:
        if elsewhere:
            raise elsewhere
        with explained(master):
            backup = _swap(master, source, patched.data, clock, mark)
    except OpenElsewhere as opened:
        if not beside:
            raise
        raise _kept(master, patched.data, clock, opened) from opened
    return Saved(master, backup, sha256(patched.data), patched.notes + _finish(master, backup, clock))


def _open_elsewhere(master: Path) -> OpenElsewhere | None:
    """The signs that the master is open in another program. Raises NotWritable for a read-only file."""
    try:
        with explained(master):
            refuse_if_open(master)
            _refuse_read_only(master)
    except OpenElsewhere as opened:
        return opened
    return None


def _kept(master: Path, new: bytes, clock: dt.datetime, opened: OpenElsewhere) -> KeptBeside:
    """The new master beside the one that is open. Raises OSError."""
    temporary = _temporary(master)
    try:
        path = pending.keep(master, new, clock, temporary)
    finally:
        remove_quietly(temporary)
    reason = f"{opened.reason.rstrip('。')};完整的新总表已另存为“{path.name}”。"
    remedy = "请保存并关闭总表后再汇总一次:新内容会并入总表,另存的一份随后删去。"
    return KeptBeside(reason, f"{remedy}{_if_nobody(opened)}", path)


def _if_nobody(opened: OpenElsewhere) -> str:
    """What the remedy says of an owner file that was left behind."""
    return "若" + opened.remedy.partition("若")[2] if "若" in opened.remedy else ""


def _temporary(master: Path) -> Path:
    return master.with_name(f".{master.name}.{os.getpid()}{TEMPORARY}")


def _swap(master: Path, source: bytes, new: bytes, clock: dt.datetime, mark: str) -> Path:
    """The new master in the place of the old one, which is backed up first; returns the backup."""
    temporary = _temporary(master)
    try:
        fs.write_whole(temporary, new)
        fs.copy_mode(master, temporary)
        backup = back_up(master, source, clock, mark)
        refuse_if_open(master)
        if master.read_bytes() != source:
            raise _changed(master)
        _REPLACING.append(master)
        fs.replace(temporary, master)
        _REPLACED.append(master)
    finally:
        remove_quietly(temporary)
        _REPLACING.clear()
    return backup


def what_became() -> str:
    """What became of the master in this process, for a message on a run that was broken off."""
    if _REPLACED:
        return "总表已完整写好,原总表在“备份”文件夹里。"
    if _REPLACING:
        return "总表要么是原样,要么已完整写好(写好的,“备份”文件夹里有新的一份)。"
    return "总表没有改动。"


def _finish(master: Path, backup: Path, clock: dt.datetime) -> tuple[str, ...]:
    """What comes after the new master is in place; its failures are told, and undo nothing.

    Older backups are cleared last, when the new one and the new master are on the disk.
    """
    try:
        fs.sync_folder(master.parent)
        clear(master, clock, backup)
    except OSError as error:
        return (f"新总表已写好,但收尾时系统报告:{error.strerror}。",)
    return ()


def put_back(master: Path, data: bytes, *, clock: dt.datetime) -> tuple[Path | None, tuple[str, ...]]:
    """Put an earlier content in the place of the master; (the backup of what was there, notes).

    None for the backup where there is no master (any more). Raises NothingWritten: the master is as it was.
    """
    with explained(master):
        master = master.resolve()
        with held(master, f"{clock:%Y-%m-%d %H:%M:%S}"):
            _clear_litter(master)
            refuse_if_open(master)
            if not master.exists():
                _put_anew(master, data)
                return None, ()
            _refuse_read_only(master)
            backup = _swap(master, master.read_bytes(), data, clock, BEFORE_RESTORE)
            return backup, _finish(master, backup, clock)


def _put_anew(master: Path, data: bytes) -> None:
    """A master where there is none. Raises OSError, AlreadyThere when somebody made one meanwhile."""
    temporary = _temporary(master)
    try:
        fs.write_whole(temporary, data)
        _name_it(temporary, master, False)
    finally:
        remove_quietly(temporary)
    fs.sync_folder(master.parent)


def _clear_litter(master: Path) -> None:
    """Remove temporary files of runs that were killed; we hold the lock, so none is in use."""
    for folder, name in ((master.parent, master.name), (master.parent / BACKUP_FOLDER, master.stem)):
        for file in folder.glob(f".*{TEMPORARY}") if folder.is_dir() else ():
            if file.name.startswith(f".{name}."):
                fs.remove(file)
    for file in master.parent.glob(".*.kaohe-lock.*"):
        if file.name.startswith(f".{master.name}.kaohe-lock."):
            fs.remove(file)


def _refuse_read_only(master: Path) -> None:
    """A master marked read-only stays, although its folder would let it be replaced."""
    if not master.stat().st_mode & 0o222:
        raise NotWritable(f"“{master.name}”是只读文件,没有写入。", "请在文件属性中取消“只读”后重新运行。")
    with master.open("r+b"):
        pass


def write_new(path: Path, data: bytes, *, overwrite: bool = False, durable: bool = True) -> None:
    """A file with this content, whole or not at all. ``durable`` False: without waiting for the disk.

    Raises AlreadyThere when the file exists and ``overwrite`` is False; else NothingWritten of other kinds.
    """
    with explained(path):
        if not path.parent.is_dir():
            raise MasterMissing(f"文件夹“{path.parent}”不存在。", "请先建好文件夹。")
        if path.exists():
            if not overwrite:
                raise _there(path)
            refuse_if_open(path)
    clear_left(path.parent)
    temporary = temporary_beside(path)
    with explained(path):
        try:
            fs.write_whole(temporary, data, durable)
            _name_it(temporary, path, overwrite)
        finally:
            remove_quietly(temporary)
        if durable:
            fs.sync_folder(path.parent)


def _name_it(temporary: Path, path: Path, overwrite: bool) -> None:
    """Raises AlreadyThere when somebody else made the file meanwhile."""
    if overwrite:
        fs.replace(temporary, path)
        return
    try:
        fs.put_new(temporary, path)
    except FileExistsError as error:
        raise _there(path) from error


def _there(path: Path) -> AlreadyThere:
    return AlreadyThere(f"“{path.name}”已经存在,没有覆盖。", "请换一个名字或文件夹,或先移走它。")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the operating system's errors into reasons the office can act on."""
    try:
        yield
    except OSError as error:
        raise _explain(error, path) from error


def _explain(error: OSError, path: Path) -> NothingWritten:
    if getattr(error, "winerror", None) in _SHARING:
        return OpenElsewhere(
            f"“{path.name}”正在别的程序中打开,没有写入。", "请关闭 Excel 或 WPS 后重新运行。"
        )
    if error.errno in _FULL:
        return DiskFull(f"磁盘空间不足,“{path.name}”没有写入,原文件完好。", "请清理磁盘后重新运行。")
    if error.errno == errno.ENOENT:
        return MasterMissing(f"找不到“{path}”。", "请检查文件名和文件夹。")
    if error.errno in _DENIED:
        where = error.filename or path
        return NotWritable(
            f"没有权限写“{where}”,没有写入。", "请关闭打开它的程序,并检查文件夹权限和“只读”属性。"
        )
    return WriteFailed(
        f"写“{path.name}”时系统报告错误:{error.strerror or error},原文件完好。",
        "请检查磁盘或网络盘后重新运行。",
    )


def _changed(master: Path) -> MasterChanged:
    return MasterChanged(
        f"“{master.name}”在本次运行期间被改动过,没有写入,以免盖掉别人的修改。", "请重新运行一次。"
    )
