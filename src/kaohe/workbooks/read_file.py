"""A file's bytes, or why they could not be had."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kaohe.workbooks.guard_types import DEFAULT_LIMITS, REFUSALS

T = TypeVar("T")

_SHARING_VIOLATIONS = frozenset({32, 33})  # Windows: the file is open elsewhere


@dataclass(frozen=True, slots=True)
class FileTrouble:
    """Why a file's bytes could not be had, or why the work on them broke off: Chinese reason and remedy.

    ``code``: 'vanished', 'locked', 'no_rights', 'folder', 'special', 'too_big', 'io', 'crashed', 'slow',
    'memory'.
    """

    code: str
    reason: str
    remedy: str


_SAVE_ANEW = "请用 Excel 或 WPS 打开,另存为 .xlsx 后再报送"
_TROUBLES = {
    "vanished": ("文件已不存在", "可能正在移动或同步,请重新运行"),
    "locked": ("文件正被其他程序占用", "请在 Excel 中关闭该文件后重新运行"),
    "no_rights": ("没有读取权限,或文件正被其他程序独占", "请关闭打开该文件的程序,或检查文件的权限设置"),
    "folder": ("这是文件夹,不是文件", "请指定文件"),
    "special": ("这是设备或管道,不是普通文件", "请从回收文件夹中移走"),
    "io": ("读取文件出错", "请检查磁盘或网络后重新运行"),
    "crashed": ("读取程序在处理此文件时中断", _SAVE_ANEW),
    "slow": ("读取此文件用时过长,已中止", _SAVE_ANEW),
    "memory": ("读取此文件所需内存过多,已中止", _SAVE_ANEW),
}


def trouble(error: OSError) -> FileTrouble:
    """What an operating-system error means for whoever has to mend it."""
    if getattr(error, "winerror", None) in _SHARING_VIOLATIONS or error.errno in (errno.EBUSY, errno.ETXTBSY):
        code = "locked"
    elif isinstance(error, FileNotFoundError):
        code = "vanished"
    elif isinstance(error, IsADirectoryError):
        code = "folder"
    elif isinstance(error, PermissionError):
        code = "no_rights"
    else:
        code = "io"
    return trouble_of(code, error.strerror or "")


def trouble_of(code: str, detail: str = "") -> FileTrouble:
    """The trouble of this code; ``detail`` is added to its reason."""
    reason, remedy = _TROUBLES[code]
    return FileTrouble(code, f"{reason}({detail})" if detail else reason, remedy)


def load(path: Path) -> bytes | FileTrouble:
    """The file's bytes. A device, a pipe or a file beyond the guard's limit is not even opened."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            return trouble_of("special")
        if found.st_size > DEFAULT_LIMITS.file:
            reason, remedy = REFUSALS["too_big"]
            sizes = {"size": found.st_size >> 20, "limit": DEFAULT_LIMITS.file >> 20}
            return FileTrouble("too_big", reason.format(**sizes), remedy)
        return path.read_bytes()
    except OSError as error:
        return trouble(error)


def work_on(path: Path, work: Callable[[bytes, str], T]) -> T | FileTrouble:
    """Read the file once and work on its bytes."""
    data = load(path)
    return data if isinstance(data, FileTrouble) else work(data, path.name)
