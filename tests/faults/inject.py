"""Disturbing a run: one of its system calls fails, or the process dies at it; and what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.faults.scenes import Scene, copied, prepared

KILL = "KILL"
WRITTEN = "总表已完整写好"
ERRORS = ("EIO", "ENOSPC", "EACCES", "EINTR", "EROFS", "EDQUOT")
# Calls that touch files, as strace names them; those a kernel does not know are left out by "?".
CALLS = (
    "?open,openat,read,pread64,write,pwrite64,?writev,lseek,fsync,fdatasync,close,?rename,?renameat,renameat2,"
    "?link,linkat,?symlink,symlinkat,?unlink,unlinkat,?rmdir,?mkdir,mkdirat,?chmod,fchmod,fchmodat,?utime,"
    "utimensat,ftruncate,truncate,?stat,?lstat,newfstatat,fstat,?statx,?access,faccessat,getdents64,"
    "sendfile,copy_file_range,ioctl,?readlink,readlinkat"
)


RETURNED = "".join(f"\\{byte:o}" for byte in "回收".encode()) + "/"
"""How strace writes the beginning of a returned form's name. One that cannot be read is told as W01."""


@dataclass(frozen=True)
class Call:
    """A system call of a scene on its folder: its name, its how-manieth of that name."""

    name: str
    at: int


@dataclass(frozen=True)
class Ended:
    """How a disturbed run ended. ``code`` None: it was killed."""

    code: int | None
    said: str = ""
    left: str = ""


@dataclass
class Runner:
    """The server, and a folder for what it leaves behind."""

    place: Path
    server: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self.server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **request: Any) -> int:
        """The server's answer."""
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(json.dumps(request) + "\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())

    def run(self, scene: str, folder: Path, tracer: tuple[str, ...] = (), **more: Any) -> Ended:
        """One run, traced by strace with these arguments."""
        result = self.place / "result.json"
        result.unlink(missing_ok=True)
        process = self.ask(run=scene, folder=str(folder), result=str(result), wait=bool(tracer), **more)
        if tracer:
            with tracing(process, tracer):
                pass
        self.ask(reap=process)
        if not result.exists():
            return Ended(None)
        told = json.loads(result.read_text(encoding="utf-8"))
        return Ended(told["code"], told["err"], told["left"])


@contextlib.contextmanager
def tracing(process: int, tracer: tuple[str, ...]) -> Iterator[None]:
    """Let the process go on under strace; leaving waits for its end."""
    command = ["strace", "-f", "-p", str(process), *tracer]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as traced:
        assert traced.stderr is not None
        first = traced.stderr.readline()
        assert "attached" in first, first
        os.kill(process, signal.SIGUSR1)
        yield
        traced.communicate(timeout=60)


@contextlib.contextmanager
def running() -> Iterator[Runner]:
    """A runner with a temporary folder; the server ends with it."""
    place = Path(tempfile.mkdtemp(prefix="kaohe-faults-"))
    runner = Runner(place)
    try:
        yield runner
    finally:
        assert runner.server.stdin is not None
        runner.server.stdin.close()
        runner.server.wait(timeout=30)
        shutil.rmtree(place, ignore_errors=True)


def may_trace() -> str:
    """Why system calls cannot be traced here; '' when they can."""
    if shutil.which("strace") is None:
        return "没有 strace:apt-get install strace"
    with subprocess.Popen(["sleep", "30"]) as sleeper:
        try:
            command = ["strace", "-p", str(sleeper.pid), "-o", "/dev/null", "-e", "trace=none"]
            with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tried:
                assert tried.stderr is not None
                told = tried.stderr.readline()
                tried.terminate()
        finally:
            sleeper.terminate()
    return "" if "attached" in told else f"这里不许跟踪系统调用:{told.strip()[:80]}"


@dataclass(frozen=True)
class Stage:
    """A scene ready to be disturbed: the folder before, the two masters, the calls of the writer."""

    scene: Scene
    before: Path
    old: bytes
    new: bytes
    made: dict[str, bytes]
    """Every file of the folder after the undisturbed run."""
    calls: tuple[Call, ...]


def staged(runner: Runner, scene: Scene) -> Stage:
    """Prepare a scene, run it undisturbed, and note its calls on the folder."""
    before = runner.place / f"{scene.key}-before"
    if not before.exists():
        prepared(scene, before)
    warm = copied(before, runner.place / f"{scene.key}-warm")
    assert runner.ask(warm=scene.key, folder=str(warm)) == 0, scene.key
    shutil.rmtree(warm)
    work = copied(before, runner.place / f"{scene.key}-work")
    log = runner.place / "strace.log"
    tracer = ("-y", "-s", "400", "-o", str(log), "-e", f"trace={CALLS}")
    ended = runner.run(scene.key, work, tracer)
    assert ended.code == 0, ended.said
    made = contents(work)
    shutil.rmtree(work)
    calls = _calls(log.read_text(encoding="utf-8", errors="replace"), str(work))
    return Stage(scene, before, contents(before)["总表.xlsx"], made["总表.xlsx"], made, calls)


def _calls(log: str, folder: str) -> tuple[Call, ...]:
    """The calls that name the folder or a file in it."""
    made: Counter[str] = Counter()
    found = []
    for line in log.splitlines():
        call = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if call:
            made[call[1]] += 1
            if folder in line and RETURNED not in line:
                found.append(Call(call[1], made[call[1]]))
    return tuple(found)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its place in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@dataclass(frozen=True)
class Outcome:
    """What became of a disturbed run. ``wrong`` lists everything that must not be."""

    fault: str
    call: str
    killed: bool
    new: bool
    said: str
    wrong: tuple[str, ...]


def disturbed(runner: Runner, stage: Stage, call: Call, fault: str) -> Outcome:
    """Run the scene with one of its calls failing, or killed at it; then the run after it."""
    how = f"signal={KILL}" if fault == KILL else f"error={fault}"
    inject = f"inject={call.name}:{how}:when={call.at}"
    tracer = ("-o", "/dev/null", "-e", f"trace={call.name}", "-e", inject)
    return tried(runner, stage, fault, call.name, tracer=tracer)


def tried(
    runner: Runner, stage: Stage, fault: str, call: str, tracer: tuple[str, ...] = (), **more: Any
) -> Outcome:
    """Run the scene in a fresh copy and judge what is left; the copy is gone afterwards."""
    folder = copied(stage.before, runner.place / f"{stage.scene.key}-work")
    try:
        ended = runner.run(stage.scene.key, folder, tracer, **more)
        wrong = judged(stage, folder, ended)
        new = contents(folder)["总表.xlsx"] != stage.old
        if ended.code is None or _litter(folder):
            wrong += _after(runner, stage.scene, folder)
    finally:
        shutil.rmtree(folder)
    return Outcome(fault, call, ended.code is None, new, ended.said.strip(), tuple(wrong))


def judged(stage: Stage, folder: Path, ended: Ended) -> list[str]:
    """Everything that must not be, right after the disturbed run."""
    found = contents(folder)
    master = found["总表.xlsx"]
    wrong = []
    if master not in (stage.old, stage.new):
        wrong.append("the master is neither the old nor the new one")
    was = contents(stage.before)
    for name, data in found.items():
        if name.startswith("备份/") and "kaohe-" not in name and data != was.get(name, stage.old):
            wrong.append(f"{name} is not whole")
        if name.startswith(("文书/", "下发/", "总表.待写入")) and not _whole(stage, name, data, was):
            wrong.append(f"{name} is not whole")
    if master == stage.new != stage.old and not any(name.startswith("备份/") for name in found):
        wrong.append("no backup")
    return wrong + _said(stage, ended, master)


def _whole(stage: Stage, name: str, data: bytes, was: dict[str, bytes]) -> bool:
    """Whether an output file is as the undisturbed run makes it (or stood there before)."""
    hidden = any(part.startswith(".kaohe-") or part.endswith(".kaohe-tmp") for part in name.split("/"))
    kept = "待写入" in name and data == stage.new
    return hidden or kept or data in (stage.made.get(name), was.get(name))


def _said(stage: Stage, ended: Ended, master: bytes) -> list[str]:
    """A run that was not killed says in Chinese which master is there, unless all went well."""
    if ended.code is None:
        return []
    wrong = []
    if "程序内部错误" in ended.said or ended.code == -1:
        wrong.append(f"an error of the program: {ended.said}")
    if ended.code and not re.search(r"[\u4e00-\u9fff]", ended.said):
        wrong.append("nothing is said")
    if ended.code and master != stage.old and WRITTEN not in ended.said:
        wrong.append(f"it says that it failed, but the new master is there: {ended.said}")
    if ended.code and master == stage.old and WRITTEN in ended.said:
        wrong.append(f"it says that the new master is there: {ended.said}")
    if not ended.code and master != stage.new:
        wrong.append("it says nothing, but the old master is there")
    if ended.code == 3 and not any(words in ended.said for words in ("没有写入", "总表没有改动", WRITTEN)):
        wrong.append(f"it does not say which master is there: {ended.said}")
    return wrong


def _litter(folder: Path) -> list[str]:
    """What a run in progress leaves; folders of documents in the making are cleared a day later."""
    found = (path for path in folder.rglob("*") if "kaohe-" in path.name)
    return [path.relative_to(folder).as_posix() for path in found if ".kaohe-文书" not in path.as_posix()]


def _after(runner: Runner, scene: Scene, folder: Path) -> list[str]:
    """What is wrong with the run after the disturbed one, and what that leaves."""
    ended = runner.run(scene.key, folder, after=True)
    if ended.code:
        return [f"the next run does not go through: {ended.code} {ended.said}"]
    return [f"left behind: {name}" for name in _litter(folder)]
