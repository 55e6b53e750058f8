"""What the watch takes, leaves, says and outlives."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kaohe.jobs import consolidate as consolidating
from kaohe.jobs import watch as subject
from kaohe.jobs.common import JobError
from kaohe.jobs.watch_look import Look
from kaohe.jobs.watch_master import one_watch
from kaohe.workbooks.package import fs
from tests.support.line import Desk
from tests.watch.desk import FULL, OTHER, Guard


def named(path: Path) -> str:
    return f"“{path.name}”"


def test_what_comes_in_is_consolidated_once(guard: Guard) -> None:
    assert guard.look() == []
    path = guard.desk.fill("U1", FULL)
    assert guard.look() == []  # seen for the first time: it may still be growing
    (said,) = guard.look()
    assert path.name in said
    assert (guard.units(), guard.runs(), guard.watch.idle, guard.watch.code) == ({"U1"}, 1, True, 1)
    assert guard.look(times=5) == []
    guard.desk.fill("U2", OTHER)
    guard.look(times=2)
    assert (guard.units(), guard.runs(), guard.watch.code) == ({"U1", "U2"}, 2, 0)


def test_files_that_come_together_are_one_run(guard: Guard) -> None:
    guard.look()
    guard.desk.fill("U1", FULL)
    guard.look()
    guard.desk.fill("U2", OTHER)
    assert guard.look() == []  # the first is there, the second is coming: they wait for each other
    (said,) = guard.look()
    assert "收录 2 个" in said
    assert guard.runs() == 1


def test_a_file_that_never_settles_does_not_hold_up_the_others_for_ever(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    growing = guard.desk.inbox / "正在复制.xlsx"
    for size in range(1, 12):
        growing.write_bytes(b"PK\x03\x04" * size)
        guard.look()
    assert guard.units() == {"U1"}
    assert guard.runs() == 1
    assert not any(row["文件"] == growing.name for row in guard.desk.rows("收件登记"))


def test_started_again_it_does_nothing_twice(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    (guard.desk.inbox / "坏.xlsx").write_bytes(b"no workbook at all")
    guard.look(times=3)
    runs = guard.runs()
    guard.begin()
    assert guard.look(times=20) == []
    assert (guard.runs(), guard.watch.idle) == (runs, True)


def test_what_somebody_consolidated_by_hand_is_not_done_again(guard: Guard) -> None:
    guard.look()
    guard.desk.fill("U1", FULL)
    guard.desk.consolidate()
    assert guard.look(times=3) == []
    assert guard.runs() == 1


def test_a_new_version_under_the_same_name_is_taken(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    guard.look(times=2)
    guard.desk.fill("U1", OTHER)
    guard.look(times=2)
    counted = [row["识别值"] for row in guard.desk.rows("填报数据") if not row["被替代"]]
    assert counted == [90, 92]


@pytest.mark.parametrize(
    "name", ["表.xlsx.part", "表.xlsx.crdownload", "~$表.xlsx", ".~表.xlsx", "表.tmp", ".表.xlsx"]
)
def test_unfinished_and_hidden_names_are_passed_over_without_a_word(guard: Guard, name: str) -> None:
    guard.look()
    source = guard.desk.fill("U1", FULL)
    source.rename(source.with_name(name))
    assert guard.look(times=20) == []
    assert guard.runs() == 0
    source.with_name(name).rename(source)
    guard.look(times=2)
    assert guard.units() == {"U1"}


def test_what_is_not_understood_stays_and_is_told_once(guard: Guard) -> None:
    strange = guard.desk.inbox / "通知.xlsx"
    strange.write_bytes(guard.desk.master.read_bytes())
    letter = guard.desk.inbox / "来信.pdf"
    letter.write_bytes(b"%PDF")
    guard.desk.fill("U1", FULL)
    said = guard.look(times=30)
    assert sum(named(strange) in text for text in said) == 1
    assert sum(named(letter) in text for text in said) == 1
    assert (strange.exists(), letter.exists(), guard.units()) == (True, True, {"U1"})


def test_a_form_of_another_master_is_told_with_its_reason(guard: Guard, tmp_path: Path) -> None:
    (tmp_path / "别处").mkdir()
    other = Desk.new(tmp_path / "别处", 单位="单位代码|单位名称\nU1|东区\nU9|北区")
    other.hours = 9
    other.issue()
    path = other.fill("U9", FULL)
    shutil.copy2(path, guard.desk.inbox / path.name)
    said = guard.look(times=3)
    assert any("没有收录" in text and "下发登记" in text for text in said)


def test_a_file_that_is_cut_off_is_waited_for_and_then_taken_as_it_is(guard: Guard) -> None:
    path = guard.desk.fill("U1", FULL)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert guard.look(times=11) == []
    assert any(named(path) in text for text in guard.look(times=4))
    path.write_bytes(whole)
    guard.look(times=2)
    assert guard.units() == {"U1"}


def test_poison_is_read_once(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    poison = guard.desk.inbox / "毒.xlsx"
    poison.write_bytes(b"poison")
    guard.desk.fill("U1", FULL)
    looked: list[Path] = []

    def look_at(paths: Any) -> dict[Path, Look]:
        looked.extend(paths)
        return {
            path: Look(poison="读取程序在处理此文件时中断") if path == poison else Look() for path in paths
        }

    def consolidate(*args: Any, leave: Any, **more: Any) -> Any:
        assert poison in leave
        return real(*args, leave=leave, **more)

    real = consolidating.consolidate
    monkeypatch.setattr(subject, "look_at", look_at)
    monkeypatch.setattr(subject, "consolidate", consolidate)
    said = guard.look(times=3)
    assert any("已隔离" in text for text in said)
    listed = [row for row in guard.desk.rows("收件登记") if row["文件"] == poison.name]
    assert len(listed) == 1
    assert any("中断" in str(value) for value in listed[0].values())
    guard.desk.fill("U2", OTHER)
    guard.look(times=20)
    assert looked.count(poison) == 1
    assert guard.units() == {"U1", "U2"}
    guard.watch.forget()
    guard.look(times=2)
    assert looked.count(poison) == 2


def test_a_file_with_which_the_program_fails_is_found_and_set_aside(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = guard.desk.fill("U1", FULL)
    guard.desk.fill("U2", OTHER)
    real = consolidating.consolidate

    def failing(*args: Any, leave: Any, **more: Any) -> Any:
        if bad not in leave:
            raise ZeroDivisionError("division by zero")
        return real(*args, leave=leave, **more)

    monkeypatch.setattr(subject, "consolidate", failing)
    said = guard.look(30, times=4)
    assert any(named(bad) in text and "已隔离" in text for text in said)
    assert guard.units() == {"U2"}
    assert guard.watch.idle


def test_the_inbox_goes_and_comes_back(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    guard.look()
    away = guard.desk.inbox.rename(guard.desk.folder / "断开")
    said = guard.look(times=5)
    assert len(said) == 1
    assert "读不到" in said[0]
    away.rename(guard.desk.inbox)
    said = guard.look(times=3)
    assert "又能读" in said[0]
    assert guard.units() == {"U1"}


def test_a_full_disk_is_told_once_and_tried_again_at_longer_intervals(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard.desk.fill("U1", FULL)
    tries: list[float] = []

    def full(*args: Any) -> None:
        tries.append(guard.now)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(fs, "write_whole", full)
        said = guard.look(times=200)
    assert len(said) == 1
    assert "磁盘空间不足" in said[0]
    pauses = [later - before for before, later in pairwise(tries)]
    assert pauses == sorted(pauses)
    assert 4 < len(tries) < 10
    guard.look(600, times=2)
    assert guard.units() == {"U1"}


def test_the_master_goes_and_comes_back(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    away = guard.desk.master.rename(guard.desk.folder / "别处.xlsx")
    assert len(guard.look(times=5)) == 1
    away.rename(guard.desk.master)
    guard.look(600, times=2)
    assert guard.units() == {"U1"}


def test_times_of_files_may_go_back(guard: Guard) -> None:
    path = guard.desk.fill("U1", FULL)
    guard.look()
    os.utime(path, (1, 1))
    assert guard.look(4) == []
    guard.look(times=2)
    assert guard.units() == {"U1"}


def test_a_late_return_leaves_the_master_at_the_current_period(guard: Guard) -> None:
    late = guard.desk.form("U1")
    text = late.read_bytes()
    guard.desk.issue("2007-Q3")
    guard.desk.fill("U1", FULL)
    guard.look(times=2)
    (guard.desk.inbox / late.name).write_bytes(text)
    guard.look(times=2)
    runs = [row["期次"] for row in guard.desk.rows("运行记录") if row["操作"] == "汇总"]
    assert runs == ["2007-Q3", "2007-H1", "2007-Q3"]


def test_a_stop_before_the_writing_leaves_the_master(guard: Guard) -> None:
    guard.desk.fill("U1", FULL)
    guard.look()
    before = guard.desk.master.read_bytes()
    asked = iter([False, False])
    guard.watch.stopping = lambda: next(asked, True)
    assert guard.look() == []
    assert guard.desk.master.read_bytes() == before
    assert not list(guard.desk.folder.glob(".*"))


def test_one_watch_on_a_master(guard: Guard) -> None:
    with one_watch(guard.desk.master):
        pass
    program = (
        "import sys,time;from pathlib import Path;from kaohe.jobs.watch_master import one_watch\n"
        "with one_watch(Path(sys.argv[1])):\n    print('on', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(guard.desk.master)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "on\n"
        with pytest.raises(JobError, match="已有一个"), one_watch(guard.desk.master):
            pass
    finally:
        other.kill()
        other.communicate()
    with one_watch(guard.desk.master):  # what a killed watch left is taken over
        pass


def test_who_watches_is_said_without_inner_names(guard: Guard) -> None:
    """The lock's own name is no master's."""
    with one_watch(guard.desk.master):
        pass
    lock = guard.desk.folder / f".{guard.desk.master.name}.watch.kaohe-lock"
    lock.write_text(f'[1, "{os.uname().nodename}", "2007-07-02 09:00:00"]', encoding="utf-8")
    with pytest.raises(JobError) as caught, one_watch(guard.desk.master):
        pass
    text = str(caught.value)
    assert f"在看守“{guard.desk.master.name}”" in text
    assert "2007-07-02 09:00:00 开始" in text
    assert "正在写" not in text


def test_the_log_says_of_each_new_file_whether_it_was_taken_in(guard: Guard) -> None:
    good = guard.desk.fill("U1", FULL)
    (guard.desk.inbox / "坏.xlsx").write_bytes(b"no workbook at all")
    (said,) = [text for text in guard.look(times=3) if "汇总完成" in text]
    assert f"收录 1 个({good.name})" in said
    assert "没有收录 1 个(坏.xlsx)" in said
    backups = [path.name for path in (guard.desk.folder / "备份").iterdir()]
    assert any(f"原总表备份在 备份/{name}" in said for name in backups)


def test_what_was_kept_beside_is_named_when_it_is_joined(guard: Guard) -> None:
    """Also by whom: three files that came while the master was open."""
    owner = guard.desk.master.with_name(f"~${guard.desk.master.name}")
    owner.write_bytes(b"")
    first = guard.desk.fill("U1", FULL)
    (said,) = guard.look(times=3)
    assert first.name in said
    assert "总表关闭后自动并入" in said
    assert "再汇总一次" not in said
    owner.unlink()
    said = "".join(guard.look(times=3))
    assert f"收录 1 个({first.name})" in said


def test_the_master_that_is_gone_is_named(guard: Guard) -> None:
    away = guard.desk.master.rename(guard.desk.folder / "别处.xlsx")
    (said,) = guard.look(times=5)
    assert f"总表“{guard.desk.master}”读不到(找不到)" in said
    assert guard.watch.failed
    away.rename(guard.desk.master)
    assert any("又能读了" in text for text in guard.look(600, times=2))
    assert not guard.watch.failed


def test_an_inbox_that_is_gone_is_said_in_chinese(guard: Guard) -> None:
    guard.desk.inbox.rename(guard.desk.folder / "断开")
    (said,) = guard.look(times=5)
    assert "(找不到)" in said
    assert (guard.watch.failed, guard.watch.code) == (True, 3)


def test_a_damaged_file_that_has_lain_there_for_long_is_not_waited_for(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is copying it any more: neither it nor a good file beside it waits for two minutes."""
    path = guard.desk.inbox / "断.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    made = max(path.stat().st_mtime, path.stat().st_ctime)
    guard.desk.fill("U1", FULL)
    monkeypatch.setattr("kaohe.jobs.watch_files.time.time", lambda: made + 119)
    assert guard.look(times=2) == []
    monkeypatch.setattr("kaohe.jobs.watch_files.time.time", lambda: made + 121)
    assert any("汇总完成" in text for text in guard.look())
    assert guard.watch.idle


if sys.platform == "linux":

    def test_links_out_of_the_inbox_are_not_opened(guard: Guard, tmp_path: Path) -> None:
        """Whoever may put files here is not to choose what is read from elsewhere."""
        secret = tmp_path / "外面"
        secret.mkdir()
        form = guard.desk.fill("U1", FULL)
        form.rename(secret / form.name)
        (guard.desk.inbox / "链.xlsx").symlink_to(secret / form.name)
        (guard.desk.inbox / "夹").symlink_to(secret)
        (guard.desk.inbox / "圈.xlsx").symlink_to("圈.xlsx")
        guard.desk.fill("U2", OTHER)
        said = guard.look(times=3)
        for name in ("链.xlsx", "夹", "圈.xlsx"):
            assert sum(f"“{name}”是指向收件文件夹之外的链接" in text for text in said) == 1
        assert guard.units() == {"U2"}
        found = guard.desk.consolidate().assessment.findings
        links = {f.location.workbook for f in found if f.code == "W01" and "链接" in f.what}
        assert links == {"链.xlsx", "夹", "圈.xlsx"}

    def test_a_link_within_the_inbox_is_read(guard: Guard) -> None:
        form = guard.desk.fill("U1", FULL)
        (guard.desk.inbox / "原件").mkdir()
        form.rename(guard.desk.inbox / "原件" / "甲.bin")
        (guard.desk.inbox / "链.xlsx").symlink_to(guard.desk.inbox / "原件" / "甲.bin")
        guard.look(times=3)
        assert guard.units() == {"U1"}

    def test_a_pipe_of_no_known_ending_does_not_stop_it(guard: Guard) -> None:
        os.mkfifo(guard.desk.inbox / "管道")
        guard.desk.fill("U1", FULL)
        guard.look(times=3)
        assert guard.units() == {"U1"}

    def test_a_refused_file_whose_name_is_gbk_is_told(guard: Guard, tmp_path: Path) -> None:
        """Under the name it was meant to have, in the log as in the register."""
        (tmp_path / "别处").mkdir()
        other = Desk.new(tmp_path / "别处", 单位="单位代码|单位名称\nU1|东区\nU9|北区")
        other.hours = 9
        other.issue()
        path = other.fill("U9", FULL)
        shutil.copy2(path, guard.desk.inbox / os.fsdecode("北塘.xlsx".encode("gbk")))
        said = guard.look(times=3)
        assert any("“北塘.xlsx”没有收录" in text for text in said)
        assert any("北塘.xlsx" in text and "汇总完成" in text for text in said)
