"""A new master that could not take its place because the old one was open: kept beside it, whole.

``总表.待写入-20070702-093005-1a2b3c4d.xlsx``: when it was made, and the beginning of its SHA-256, by which a
file that somebody has changed since is told from one that is as we left it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from pathlib import Path

from kaohe.workbooks.package import fs

MARK = "待写入"
_HASH = 8


def keep(master: Path, data: bytes, clock: dt.datetime, temporary: Path) -> Path:
    """Write the new master beside the old one, by way of a temporary file. Raises OSError."""
    target = master.with_name(f"{master.stem}.{MARK}-{clock:%Y%m%d-%H%M%S}-{_digest(data)}{master.suffix}")
    fs.write_whole(temporary, data)
    fs.replace(temporary, target)
    fs.sync_folder(master.parent)
    return target


def kept(master: Path) -> tuple[Path, ...]:
    """What is kept beside a master, oldest first; nothing where its folder cannot be looked into."""
    try:
        return tuple(sorted(file for file in master.parent.iterdir() if is_kept(file, master)))
    except OSError:
        return ()


def is_kept(file: Path, master: Path) -> bool:
    """Whether a file of the master's folder is one that was kept for it, by its name."""
    pattern = (
        rf"{re.escape(master.stem)}\.{MARK}-\d{{8}}-\d{{6}}-[0-9a-f]{{{_HASH}}}{re.escape(master.suffix)}"
    )
    return re.fullmatch(pattern, file.name) is not None


def retire(file: Path, backups: Path) -> None:
    """Take away a kept master whose content is in the master by now; a changed one goes to the backups.

    Raises OSError.
    """
    if file.stem.rpartition("-")[2] == _digest(file.read_bytes()):
        fs.remove(file)
        return
    fs.make_folder(backups)
    target, number = backups / file.name, 2
    while os.path.lexists(target):
        target, number = backups / f"{file.stem}-{number}{file.suffix}", number + 1
    fs.replace(file, target)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_HASH]
