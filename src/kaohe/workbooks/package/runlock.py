"""One run at a time on a master: a lock file beside it, taken over when its run was killed."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kaohe.workbooks.package import fs
from kaohe.workbooks.package.errors import MasterLocked

UNFINISHED = 2.0
"""Seconds after which a lock file without content counts as left by a run that was killed."""


# Locks this process holds or is about to take, and by which thread. A lock file with our own process number,
# found while taking it, was therefore left by an earlier process that had the same number.
_HELD: dict[Path, int] = {}
_GUARD = threading.Lock()
_TRIED_AGAIN_AFTER = 0.2
"""Seconds between two tries of a run that waits for another."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process and computer; ``since`` as text for the message.

    ``birth`` tells the process from a later one with the same number ('' where the system does not say).
    """

    process: int
    computer: str
    since: str
    birth: str = ""


def lock_path(master: Path) -> Path:
    """The lock file of a master."""
    return master.with_name(f".{master.name}.kaohe-lock")


@contextmanager
def held(
    master: Path, since: str, wait: float = 0.0, waiting: Callable[[Holder | None], None] | None = None
) -> Iterator[None]:
    """Hold the master's lock; a thread that has it already may ask again.

    ``wait``: seconds to wait for another run to end; ``waiting`` is told again and again who is waited for,
    and may raise to give up. Raises MasterLocked when another run still has it then, OSError when it cannot
    be made.
    """
    path = lock_path(master)
    if _HELD.get(path) == threading.get_ident():
        yield
        return
    _wait_for(path, master, since, wait, waiting)
    try:
        yield
    finally:
        _release(path)
        del _HELD[path]


def _wait_for(
    path: Path, master: Path, since: str, wait: float, waiting: Callable[[Holder | None], None] | None
) -> None:
    """Take the lock, if need be after a while. Raises MasterLocked."""
    until = time.monotonic() + wait
    while True:
        try:
            _enter(path, master, since)
            return
        except MasterLocked:
            if time.monotonic() >= until:
                raise
        if waiting:
            waiting(_holder(path))
        time.sleep(_TRIED_AGAIN_AFTER)


def _enter(path: Path, master: Path, since: str) -> None:
    """Take the lock or raise MasterLocked, among the threads of this process first."""
    with _GUARD:
        if path in _HELD:
            raise _in_use(master, path, _holder(path))
        _HELD[path] = threading.get_ident()
    try:
        _acquire(path, master, since)
    except BaseException:
        del _HELD[path]
        raise


def _release(path: Path) -> None:
    """Take the lock away; if that fails, the next run sees that its process is gone."""
    try:
        fs.remove(path)
    except OSError:
        return


def _acquire(path: Path, master: Path, since: str) -> None:
    content = json.dumps([os.getpid(), socket.gethostname(), since, birth(os.getpid())]).encode()
    if _take(path, content):
        return
    _clear_if_stale(path, master)
    if not _take(path, content):
        raise _in_use(master, path, _holder(path))


def _take(path: Path, content: bytes) -> bool:
    """Make the lock file; False when there is one."""
    try:
        handle = fs.create(path)
    except FileExistsError:
        return False
    try:
        try:
            fs.write(handle, content)
        finally:
            fs.close(handle)
    except OSError:
        _release(path)
        raise
    return True


def _clear_if_stale(path: Path, master: Path) -> None:
    """Take away the lock of a run that is no more. Raises MasterLocked when the run may still be going."""
    holder = _holder(path)
    while holder is None and _age(path) < UNFINISHED:
        time.sleep(0.05)
        holder = _holder(path)
    if holder is not None and _going(holder):
        raise _in_use(master, path, holder)
    mine = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fs.replace(path, mine)
    except FileNotFoundError:
        return
    taken = _holder(mine)
    if taken != holder:
        fs.replace(mine, path)
        raise _in_use(master, path, taken)
    fs.remove(mine)


def _going(holder: Holder) -> bool:
    """Whether the run that made the lock may still be going."""
    if holder.computer != socket.gethostname():
        return True
    if holder.process == os.getpid() or not alive(holder.process):
        return False
    return not holder.birth or holder.birth == birth(holder.process)


def _holder(path: Path) -> Holder | None:
    """Who the lock file names; None when it is gone or not written to its end."""
    try:
        process, computer, since, *more = json.loads(path.read_bytes())
        return Holder(int(process), str(computer), str(since), str(more[0]) if more else "")
    except (OSError, ValueError, TypeError):
        return None


def _age(path: Path) -> float:
    """Seconds since the file was made; very old when it is gone."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return UNFINISHED


def _in_use(master: Path, path: Path, holder: Holder | None) -> MasterLocked:
    who = f"(电脑 {holder.computer},进程 {holder.process},{holder.since} 开始)" if holder else ""
    return MasterLocked(
        f"另一次运行正在写“{master.name}”{who},没有写入。",
        f"请等它结束后重新运行。若确认没有在运行,请删除同一文件夹里的“{path.name}”。",
    )


def birth(process: int) -> str:
    """When a process of this computer began, as the system counts: this start of the computer, clock ticks.

    '' where the system does not say. Linux only; elsewhere a number that is in use again counts as the run.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        fields = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()
        return f"{boot} {fields[19].decode('ascii')}"
    except (OSError, ValueError, IndexError):
        return ""


def alive(process: int) -> bool:
    """Whether a process of this computer is running."""
    if sys.platform == "win32":
        return _alive_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _alive_on_windows(process: int) -> bool:
    """Asked without os.kill, which on Windows would stop the process."""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, process)
    if not handle:
        return bool(kernel.GetLastError() == 5)
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == 259
