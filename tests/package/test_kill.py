"""Stopping the writer at every call: the old master or the new one, whole, and the next run goes through."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from kaohe.workbooks.package import apply, patch_bytes
from tests.package.books import master
from tests.package.plans import just, ranking
from tests.package.stopped_writer import KILLED

ROOT = Path(__file__).resolve().parents[2]
COUNT = 12
CLOCK = dt.datetime(2007, 7, 2, 9, 30)
# Calls that touch files, as strace names them; those a kernel does not know are left out by "?".
CALLS = (
    "openat,write,fsync,fdatasync,close,?rename,?renameat,renameat2,?unlink,unlinkat,?mkdir,mkdirat,"
    "?chmod,fchmod,fchmodat,read,pread64,lseek,ftruncate,?stat,?lstat,newfstatat,fstat,?statx,getdents64"
)


def writer(path: Path, *stop: str) -> list[str]:
    program = [sys.executable, "-m", "tests.package.stopped_writer", str(path)]
    return [*program, str(COUNT), CLOCK.isoformat(), *stop]


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def fresh(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "总表.xlsx"
    path.write_bytes(master())
    return path


def check_after_stop(path: Path) -> str:
    """What must hold after the writer was stopped; returns whether the old or the new one is there."""
    found = path.read_bytes()
    new = patch_bytes(master(), just(ranking(COUNT)))
    assert found in (master(), new), path
    backups = list((path.parent / "备份").glob("总表.*.xlsx")) if (path.parent / "备份").exists() else []
    assert all(backup.read_bytes() == master() for backup in backups), path
    if found == new:
        assert backups, path
    saved = apply(path, just(ranking(3)), clock=CLOCK + dt.timedelta(minutes=1))
    assert saved.backup.read_bytes() == found
    left = {file.name for file in path.parent.rglob("*") if file.is_file()}
    assert left == {"总表.xlsx", saved.backup.name, *(backup.name for backup in backups)}, path
    return "new" if found == new else "old"


def test_stopped_at_every_call(tmp_path: Path) -> None:
    counting = run(writer(fresh(tmp_path / "count")))
    total = int(counting.stdout)
    assert total > 15
    seen: Counter[str] = Counter()
    for at in range(1, total + 1):
        when = ("before", "half", "after")[at % 3]
        path = fresh(tmp_path / f"{at}")
        assert run(writer(path, str(at), when)).returncode == KILLED
        seen[check_after_stop(path)] += 1
    assert set(seen) == {"old", "new"}


@pytest.mark.full
@pytest.mark.parametrize("when", ["before", "half", "after"])
def test_stopped_before_within_and_after_every_call(tmp_path: Path, when: str) -> None:
    total = int(run(writer(fresh(tmp_path / "count"))).stdout)
    for at in range(1, total + 1):
        path = fresh(tmp_path / f"{at}")
        assert run(writer(path, str(at), when)).returncode == KILLED
        check_after_stop(path)


def may_trace() -> str:
    """Why system calls cannot be traced here; '' when they can."""
    if shutil.which("strace") is None:
        return "没有 strace:apt-get install strace"
    tried = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, text=True)
    return "" if tried.returncode == 0 else f"这里不许跟踪系统调用:{tried.stderr.strip()[:80]}"


def calls_on(path: Path) -> list[tuple[str, int]]:
    """(system call, its how-manieth of that name) for every call from the first that names the folder on."""
    log = path.parent.parent / "strace.log"
    tracer = ["strace", "-f", "--seccomp-bpf", "-s", "300", "-xx", "-o", str(log), "-e", f"trace={CALLS}"]
    assert run([*tracer, *writer(path)]).returncode == 0
    folder = "".join(f"\\x{byte:02x}" for byte in str(path.parent).encode())
    made: Counter[str] = Counter()
    found: list[tuple[str, int]] = []
    for line in log.read_text().splitlines():
        call = re.match(r"\d+ +(\w+)\(", line)
        if call:
            made[call[1]] += 1
            if found or folder in line:
                found.append((call[1], made[call[1]]))
    return found


if sys.platform == "linux":

    @pytest.mark.full
    def test_killed_at_every_system_call(tmp_path: Path) -> None:
        reason = may_trace()
        if reason:
            pytest.skip(reason)
        calls = calls_on(fresh(tmp_path / "count"))
        assert {"openat", "write", "fsync", "close"} <= {name for name, _ in calls}
        killed: Counter[str] = Counter()
        for name, at in calls:
            path = fresh(tmp_path / f"{name}{at}")
            inject = ["-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={at}"]
            done = run(["strace", "-f", "-o", "/dev/null", *inject, *writer(path)])
            killed["killed" if done.returncode else "ended"] += 1
            killed[check_after_stop(path)] += 1
        assert killed["killed"] > 0.9 * len(calls)
        assert min(killed["old"], killed["new"]) > 0


def test_processes_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    path = fresh(tmp_path / "together")
    clocks = [(CLOCK + dt.timedelta(minutes=n)).isoformat() for n in range(4)]
    program = [sys.executable, "-m", "tests.package.stopped_writer", str(path)]
    runs = [
        subprocess.Popen(
            [*program, str(n + 3), clock], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for n, clock in enumerate(clocks)
    ]
    said = [(process.communicate(timeout=60)[1], process.returncode) for process in runs]
    assert {error.splitlines()[-1].split(b":")[0].split(b".")[-1] for error, code in said if code} <= {
        b"MasterLocked",
        b"MasterChanged",
    }
    written = sum(code == 0 for _, code in said)
    assert written == len(list((path.parent / "备份").iterdir()))
    assert path.read_bytes() in {patch_bytes(master(), just(ranking(n + 3))) for n in range(4)}
