"""The program itself: signals, the journal, --once, and several processes on one master."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kaohe.jobs.consolidate import consolidate
from kaohe.workbooks.package.runlock import birth, held, lock_path
from tests.support.line import Desk
from tests.watch.desk import FULL, OTHER, Guard

pytestmark = pytest.mark.full

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "tests.watch.program"]


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def watching(desk: Desk, *more: str, **environment: str) -> subprocess.Popen[str]:
    return start("watch", str(desk.inbox), str(desk.master), "--every", "1", *more, **environment)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return process.returncode, out + err


if os.name == "posix":

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_stop_signal_ends_it_with_0(guard: Guard, number: signal.Signals) -> None:
        process = watching(guard.desk)
        assert "开始看守" in line(process)
        process.send_signal(number)
        code, said = ended(process)
        assert (code, "已停止" in said) == (0, True)
        assert not list(guard.desk.folder.glob(".*"))

    def test_it_takes_in_what_comes_while_it_runs_and_stops_between(guard: Guard) -> None:
        process = watching(guard.desk)
        line(process)
        guard.desk.fill("U1", FULL)
        assert "汇总完成" in line(process)
        process.send_signal(signal.SIGHUP)
        assert "再试一次" in line(process)
        process.terminate()
        assert ended(process)[0] == 0
        assert guard.units() == {"U1"}

    def test_journald_gets_levels_and_others_the_time(guard: Guard) -> None:
        (guard.desk.inbox / "坏\n名.xlsx").write_bytes(b"no workbook")
        reader, writer = os.pipe()
        status = os.fstat(writer)
        process = subprocess.Popen(
            [*PROGRAM, "watch", str(guard.desk.inbox), str(guard.desk.master), "--once"],
            cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1", "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"},
            stdout=writer,
        )
        os.close(writer)
        with open(reader, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
        process.wait(60)
        assert [text[:3] for text in lines] == ["<6>", "<5>", "<6>", "<6>"]
        assert "坏\\u000a名.xlsx" in lines[1]
        code, said = ended(watching(guard.desk, "--once", JOURNAL_STREAM="1:1"))
        assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", text) for text in said.splitlines())
        assert (code, "没有新文件" in said) == (1, True)


def test_once_says_how_it_went_by_its_exit_code(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    assert ended(watching(guard.desk, "--once"))[0] == 1  # U2 is missing
    assert ended(watching(guard.desk, "--once"))[0] == 1  # and still is
    guard.desk.fill("U2", OTHER)
    assert ended(watching(guard.desk, "--once"))[0] == 0
    assert ended(watching(guard.desk, "--once"))[0] == 0
    guard.desk.fill("U2", FULL)
    owner = guard.desk.master.with_name(f"~${guard.desk.master.name}")
    owner.write_bytes(b"")
    code, said = ended(watching(guard.desk, "--once"))
    assert (code, "待写入" in said) == (3, True)


def test_once_ends_when_there_is_no_inbox(guard: Guard) -> None:
    """A timer's run must not hang."""
    guard.desk.inbox.rename(guard.desk.folder / "别处")
    code, said = ended(watching(guard.desk, "--once"))
    assert code == 3
    assert "找不到" in said
    assert "等它恢复" not in said


def test_a_master_that_is_not_there_is_wrong_use(guard: Guard) -> None:
    process = start("watch", str(guard.desk.inbox), str(guard.desk.folder / "没有.xlsx"))
    code, said = ended(process)
    assert (code, "找不到总表" in said) == (2, True)
    assert not list(guard.desk.folder.glob(".*"))


def test_the_bounds_of_every_are_said(guard: Guard) -> None:
    code, said = ended(start("watch", str(guard.desk.inbox), str(guard.desk.master), "--every", "0"))
    assert (code, "1 到 3600 秒" in said) == (2, True)


def test_it_says_by_which_zone_returns_are_late(guard: Guard) -> None:
    _, said = ended(watching(guard.desk, "--once", TZ="Asia/Shanghai"))
    assert "本机时区 UTC+08:00" in said


def test_a_second_watch_on_a_master_is_refused(guard: Guard) -> None:
    first = watching(guard.desk)
    line(first)
    code, said = ended(watching(guard.desk))
    first.terminate()
    ended(first)
    assert (code, "已有一个" in said) == (2, True)


def test_two_consolidations_at_once_come_out_as_one_after_the_other(guard: Guard) -> None:
    """Each takes in another folder: whichever comes second builds on the first."""
    desk = guard.desk
    folders = []
    for unit, text in (("U1", FULL), ("U2", OTHER)):
        folder = desk.folder / f"回收{unit}"
        folder.mkdir()
        path = desk.fill(unit, text)
        path.rename(folder / path.name)
        folders.append(folder)
    runs = [start("consolidate", str(desk.master), "--inbox", str(folder)) for folder in folders * 2]
    results = [ended(process) for process in runs]
    assert {code for code, _ in results} <= {0, 1}
    assert guard.units() == {"U1", "U2"}
    assert len(desk.rows("填报数据")) == 4
    assert guard.runs() == 4
    assert len(list((desk.folder / "备份").iterdir())) == 5  # the forms were issued once
    assert not list(desk.folder.glob(".*"))
    assert [row["总分"] for row in desk.rows("排名") if row["总分"] is not None]


def test_a_run_waits_for_the_one_that_is_going(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    with held(guard.desk.master.resolve(), "now"):
        process = start("consolidate", str(guard.desk.master), "--inbox", str(guard.desk.inbox))
        time.sleep(3)
        assert process.poll() is None
        assert guard.runs() == 0
    assert ended(process)[0] == 1
    assert guard.runs() == 1


def test_a_thread_that_has_the_lock_may_ask_again(guard: Guard) -> None:
    master = guard.desk.master.resolve()
    with held(master, "now"), held(master, "now"):
        assert lock_path(master).exists()
    assert not lock_path(master).exists()


if sys.platform == "linux":

    def test_a_number_that_is_in_use_again_is_not_the_run(guard: Guard) -> None:
        """The lock names a process number that now belongs to another process."""
        guard.desk.fill("U1", FULL)
        other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        try:
            assert birth(other.pid)
            content = f'[{other.pid}, "{os.uname().nodename}", "2007-07-02 09:00:00", "earlier 1"]'
            lock_path(guard.desk.master).write_text(content, encoding="utf-8")
            consolidate(guard.desk.master, guard.desk.inbox, clock=guard.desk.clock)
        finally:
            other.kill()
            other.wait()
        assert guard.runs() == 1
