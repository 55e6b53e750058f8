"""A folder of documents that is there whole or not at all, and never in the place of an earlier one."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kaohe.jobs.common import JobError, make_folder

UNFINISHED = ".kaohe-文书-"
"""Folders in the making begin with this; one that a killed run left is cleared a day later."""
_OLD = 24 * 3600
_NUMBERS = 1000


class Building:
    """A folder in the making; ``finish`` gives it its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def finish(self, parent: Path, name: str) -> Path:
        """Give the folder its name, with -2, -3 … behind where there is one already."""
        for number in range(1, _NUMBERS):
            target = parent / (name if number == 1 else f"{name}-{number}")
            if target.exists():
                continue
            try:
                os.rename(self.folder, target)
            except (FileExistsError, NotADirectoryError):
                continue
            except OSError as error:
                if target.exists():
                    continue
                raise JobError(f"文件夹“{target}”没有写成:{error.strerror}。请检查权限后重试。") from None
            return target
        raise JobError(f"“{parent}”中名为“{name}”的文件夹太多,请移走旧的后重试。")


@contextmanager
def building(parent: Path) -> Iterator[Building]:
    """A new folder inside ``parent`` to write into; gone again when it was not finished. Raises JobError."""
    make_folder(parent)
    _clear_old(parent)
    try:
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=parent))
        # mkdtemp leaves a folder to its maker alone; others of the office have to read it as well.
        folder.chmod(0o777 & ~_umask())
    except OSError as error:
        raise JobError(f"不能在“{parent}”中建立文件夹:{error.strerror}。请检查路径和权限。") from None
    try:
        yield Building(folder)
    except OSError as error:
        raise JobError(
            f"文书没有写成:{error.strerror or error}。“{parent}”中没有留下不完整的文件夹。"
            "请检查磁盘空间和权限后重试。"
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _clear_old(parent: Path) -> None:
    """What a run that was killed left behind, once no run can be at it any more."""
    for path in parent.glob(f"{UNFINISHED}*"):
        try:
            if path.is_dir() and time.time() - path.stat().st_mtime > _OLD:
                shutil.rmtree(path, ignore_errors=True)
        except OSError:
            continue
