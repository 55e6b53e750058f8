"""Which faults are injected: every call of the writer with every error, and of each command every call.

The small campaign runs with every commit; the whole one in the full suite.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.faults.inject import (
    ERRORS,
    KILL,
    Call,
    Outcome,
    Runner,
    Stage,
    disturbed,
    judged,
    tried,
)
from tests.faults.scenes import WRITE, copied

LOOKS = frozenset({"newfstatat", "stat", "lstat", "fstat", "statx", "lseek", "getdents64", "ioctl", "read"})
LOOKED_AT = 5
"""Calls that change nothing; of a command every fifth of them is disturbed."""
FULL_DISK, READ_ONLY, SHARING = "磁盘满(文件写到一半)", "文件夹只读", "文件被别的程序占用(Windows)"
SHARED_CALLS = ("create", "replace", "remove", "make_folder", "copy_mode", "put_new")
NOBODY = 65534


def small(stage: Stage) -> Iterator[tuple[Call, str]]:
    """Each call that changes something: killed at it, or failing with one of the errors in turn."""
    changing = [call for call in stage.calls if call.name not in LOOKS]
    for at, call in enumerate(changing):
        yield call, KILL if at % 2 else ERRORS[at // 2 % len(ERRORS)]


def whole(stage: Stage) -> Iterator[tuple[Call, str]]:
    """Of the writer every call, killed and with every error; of a command every call in one of these ways."""
    if stage.scene == WRITE:
        yield from ((call, fault) for call in stage.calls for fault in (KILL, *ERRORS))
        return
    looking = [call for call in stage.calls if call.name in LOOKS]
    chosen = set(looking[::LOOKED_AT])
    calls = [call for call in stage.calls if call.name not in LOOKS or call in chosen]
    for at, call in enumerate(calls):
        yield call, KILL if at % 2 else ERRORS[at // 2 % len(ERRORS)]


def full_disk(runner: Runner, stage: Stage) -> list[Outcome]:
    """No file may become larger than some part of the new master: the write ends within."""
    parts = [len(stage.new) * n // 8 for n in range(8)]
    return [tried(runner, stage, FULL_DISK, "write", largest=part) for part in parts]


def sharing(runner: Runner, stage: Stage) -> list[Outcome]:
    """Each call that Windows refuses while another program has the file, the first and the second time."""
    return [tried(runner, stage, SHARING, name, sharing=[name, at]) for name in SHARED_CALLS for at in (1, 2)]


def read_only(runner: Runner, stage: Stage) -> list[Outcome]:
    """The folder, or that of the backups, may not be written into (by somebody who is not root)."""
    found = []
    for backups in (False, True):
        folder = copied(stage.before, runner.place / f"{stage.scene.key}-work")
        closed = folder
        if backups:
            closed = folder / "备份"
            closed.mkdir(exist_ok=True)
        found.append(_as_nobody(runner, stage, folder, closed))
    return found


def _as_nobody(runner: Runner, stage: Stage, folder: Path, closed: Path) -> Outcome:
    """The scene run by somebody who may write everywhere but into ``closed``."""
    runner.place.chmod(0o777)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    closed.chmod(0o555)
    more: dict[str, Any] = {"user": NOBODY} if os.getuid() == 0 else {}
    try:
        ended = runner.run(stage.scene.key, folder, **more)
        wrong = judged(stage, folder, ended)
        new = (folder / "总表.xlsx").read_bytes() != stage.old
    finally:
        closed.chmod(0o777)
        shutil.rmtree(folder)
    return Outcome(READ_ONLY, "openat", ended.code is None, new, ended.said.strip(), tuple(wrong))


def injected(runner: Runner, stage: Stage, chosen: Iterator[tuple[Call, str]]) -> list[Outcome]:
    """The scene disturbed in each of the chosen ways."""
    return [disturbed(runner, stage, call, fault) for call, fault in chosen]
