"""A master on disk: replaced in one step, backed up first, or left alone with a reason."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kaohe.workbooks.package import (
    AlreadyThere,
    BadPlan,
    DiskFull,
    MasterChanged,
    MasterLocked,
    MasterMissing,
    NothingWritten,
    NotWritable,
    PatchRefused,
    UnknownRole,
    WriteFailed,
    apply,
    backups,
    fs,
    patch,
    patch_bytes,
    save,
    sha256,
    write_new,
)
from kaohe.workbooks.package.runlock import alive, lock_path
from kaohe.workbooks.plan import BookPlan, SheetPlan
from tests.package.books import master, opened
from tests.package.plans import just, ranking

CLOCK = dt.datetime(2007, 7, 2, 9, 30, 5)
PLAN = just(ranking(12))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A master on disk, alone in its folder."""
    path = tmp_path / "总表.xlsx"
    path.write_bytes(master())
    return path


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def write(path: Path, plan: BookPlan = PLAN, seconds: int = 0, expect: str | None = None) -> save.Saved:
    return apply(path, plan, clock=CLOCK + dt.timedelta(seconds=seconds), expect_sha256=expect)


def untouched(path: Path) -> bool:
    """The old master, and nothing beside it but whole backups of it."""
    backups = list((path.parent / "备份").glob("*")) if (path.parent / "备份").exists() else []
    whole = all(backup.read_bytes() == master() for backup in backups)
    left = files(path.parent) - {path.name} - {f"备份/{backup.name}" for backup in backups}
    return path.read_bytes() == master() and whole and not left


def test_written_backed_up_and_nothing_else(old: Path) -> None:
    saved = write(old, expect=sha256(master()))
    assert files(old.parent) == {"总表.xlsx", "备份/总表.20070702-093005.xlsx"}
    assert saved.backup.read_bytes() == master()
    assert old.read_bytes() == patch_bytes(master(), PLAN)
    assert (saved.path, saved.sha256, saved.notes) == (old, sha256(old.read_bytes()), ())
    assert opened(old.read_bytes())["排名"]["A16"].value == 12


def test_two_runs_in_one_second_keep_both_backups(old: Path) -> None:
    names = [write(old).backup.name for _ in range(3)]
    assert names == [f"总表.20070702-093005{more}.xlsx" for more in ("", "-2", "-3")]


def test_twenty_of_our_backups_are_kept_and_all_of_others(old: Path) -> None:
    (old.parent / "备份").mkdir()
    (old.parent / "备份" / "总表.我的.xlsx").write_bytes(b"x")
    (old.parent / "备份" / "别表.20000101-000000.xlsx").write_bytes(b"x")
    for n in range(backups.NEWEST_KEPT + 3):
        last = write(old, seconds=n)
    names = {file.name for file in (old.parent / "备份").iterdir()}
    assert names >= {"总表.我的.xlsx", "别表.20000101-000000.xlsx", last.backup.name}
    assert len(names) == backups.NEWEST_KEPT + 2
    assert "总表.20070702-093005.xlsx" not in names


def test_the_file_s_permissions_stay(old: Path) -> None:
    old.chmod(0o640)
    mode = old.stat().st_mode
    write(old)
    assert old.stat().st_mode == mode


if os.name == "posix":

    def test_a_link_to_the_master_stays_a_link(old: Path, tmp_path: Path) -> None:
        (tmp_path / "别处").mkdir()
        link = tmp_path / "别处" / "总表.xlsx"
        link.symlink_to(old)
        write(link)
        assert link.is_symlink()
        assert old.read_bytes() == patch_bytes(master(), PLAN)


def user_file(name: str) -> bytes:
    """An owner file of Excel as it stands beside an open workbook."""
    return bytes([len(name)]) + name.encode().ljust(53) + bytes([len(name), 0]) + name.encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("~$总表.xlsx", user_file("Wang"), "Wang"),
        ("~$总表.xlsx", b"", "Excel"),
        (".~lock.总表.xlsx#", ",王芳,pc,2007;".encode(), "王芳"),
        (".~总表.xlsx", b"", "WPS"),
    ],
)
def test_open_in_a_spreadsheet_program(old: Path, name: str, content: bytes, word: str) -> None:
    (old.parent / name).write_bytes(content)
    with pytest.raises(MasterLocked, match=word) as caught:
        write(old)
    assert name in caught.value.remedy
    (old.parent / name).unlink()
    assert untouched(old)
    write(old)


def test_changed_since_it_was_read(old: Path) -> None:
    with pytest.raises(MasterChanged):
        write(old, expect=sha256(b"other"))
    assert untouched(old)


def test_changed_while_we_write(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = patch

    def slow(*args: Any) -> Any:
        old.write_bytes(b"somebody else's")
        return real(*args)

    monkeypatch.setattr(save, "patch", slow)
    with pytest.raises(MasterChanged):
        write(old)
    assert old.read_bytes() == b"somebody else's"
    assert not [name for name in files(old.parent) if "kaohe" in name]


def test_opened_while_we_write(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = patch

    def slow(*args: Any) -> Any:
        (old.parent / "~$总表.xlsx").write_bytes(b"")
        return real(*args)

    monkeypatch.setattr(save, "patch", slow)
    with pytest.raises(MasterLocked):
        write(old)
    assert old.read_bytes() == master()


def test_read_only(old: Path) -> None:
    old.chmod(0o444)
    with pytest.raises(NotWritable, match="只读"):
        write(old)
    assert untouched(old)


def test_not_there(tmp_path: Path) -> None:
    with pytest.raises(MasterMissing, match="总表"):
        write(tmp_path / "总表.xlsx")
    assert files(tmp_path) == set()


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (just(SheetPlan("甲", "方案", [[1]], ())), PatchRefused),
        (just(SheetPlan("甲", "甲", [[1]], ("没有",))), UnknownRole),
        (just(SheetPlan("甲", "甲", [[float("nan")]], ())), BadPlan),
    ],
)
def test_a_plan_that_cannot_be_written(old: Path, plan: BookPlan, error: type[Exception]) -> None:
    with pytest.raises(error):
        write(old, plan)
    assert untouched(old)


def test_a_number_that_is_not_finite_says_where_it_stands(old: Path) -> None:
    plan = just(ranking(12), SheetPlan("甲", "甲", [["一"], [1, float("inf")]], ()))
    with pytest.raises(BadPlan, match=r"sheet 甲: B2: not a finite number"):
        write(old, plan)
    assert untouched(old)


def test_a_master_that_is_no_workbook(old: Path) -> None:
    old.write_bytes(b"a,b\n")
    with pytest.raises(PatchRefused):
        write(old)
    assert (old.read_bytes(), files(old.parent)) == (b"a,b\n", {"总表.xlsx"})


CALLS = ("create", "write", "sync", "close", "replace", "remove", "make_folder", "sync_folder", "copy_mode")
ERRORS = {
    "full": (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
    "quota": (OSError(getattr(errno, "EDQUOT", errno.ENOSPC), "Disk quota exceeded"), DiskFull),
    "denied": (PermissionError(errno.EACCES, "Permission denied"), NotWritable),
    "read_only_disk": (OSError(errno.EROFS, "Read-only file system"), NotWritable),
    "disk": (OSError(errno.EIO, "Input/output error"), WriteFailed),
}


def failing(monkeypatch: pytest.MonkeyPatch, at: int, error: OSError | None) -> Callable[[], int]:
    """Let call number ``at`` into fs fail (a write does half of its work); returns how to ask the count."""
    made = 0

    def wrap(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            nonlocal made
            made += 1
            if made == at and error is not None:
                if name == "write":
                    real(args[0], args[1][: len(args[1]) // 2])
                if name == "close":
                    real(*args)
                raise error
            return real(*args)

        return call

    for name in CALLS:
        monkeypatch.setattr(fs, name, wrap(name, getattr(fs, name)))
    return lambda: made


def how_many_calls(folder: Path) -> int:
    path = folder / "数一数.xlsx"
    path.write_bytes(master())
    with pytest.MonkeyPatch.context() as patcher:
        count = failing(patcher, 0, None)
        write(path)
    return count()


def outcome(path: Path) -> NothingWritten | None:
    """What a write says: None when the new master is there."""
    try:
        write(path)
    except NothingWritten as reason:
        return reason
    return None


@pytest.mark.parametrize("kind", ERRORS)
def test_every_call_that_fails(tmp_path: Path, kind: str) -> None:
    """Wherever the disk says no: the old master and no litter, or the new one; the next run goes through."""
    error, expected = ERRORS[kind]
    (tmp_path / "count").mkdir()
    total = how_many_calls(tmp_path / "count")
    assert total > 15
    for at in range(1, total + 1):
        path = tmp_path / str(at) / "总表.xlsx"
        path.parent.mkdir()
        path.write_bytes(master())
        with pytest.MonkeyPatch.context() as patcher:
            failing(patcher, at, error)
            reason = outcome(path)
        if reason is None:
            assert path.read_bytes() == patch_bytes(master(), PLAN), (kind, at)
        else:
            assert isinstance(reason, expected), (kind, at)
            assert untouched(path), (kind, at, files(path.parent))
        write(path, seconds=60)
        assert not [name for name in files(path.parent) if "kaohe" in name], (kind, at)


def test_windows_says_the_file_is_in_use(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sharing = PermissionError(errno.EACCES, "Permission denied")
    sharing.winerror = 32  # type: ignore[attr-defined,unused-ignore]

    def replace(source: Path, target: Path) -> None:
        if target == old:
            raise sharing
        os.replace(source, target)

    monkeypatch.setattr(fs, "replace", replace)
    with pytest.raises(MasterLocked, match="打开"):
        write(old)
    assert untouched(old)


def finished_process() -> int:
    """The number of a process that is no more."""
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    return int(done.stdout)


def lock(path: Path, process: int, computer: str) -> None:
    lock_path(path).write_text(json.dumps([process, computer, "2007-07-02 09:00:00"]))


def test_another_run_is_writing(old: Path) -> None:
    lock(old, os.getppid(), socket.gethostname())
    with pytest.raises(MasterLocked, match="另一次运行") as caught:
        write(old)
    assert lock_path(old).name in caught.value.remedy
    lock_path(old).unlink()
    assert untouched(old)


def test_a_run_on_another_computer_may_still_be_going(old: Path) -> None:
    lock(old, 1, "别的电脑")
    with pytest.raises(MasterLocked, match="别的电脑"):
        write(old)


@pytest.mark.parametrize("own_number", [False, True])
def test_a_lock_left_by_a_killed_run_is_taken_over(old: Path, own_number: bool) -> None:
    lock(old, os.getpid() if own_number else finished_process(), socket.gethostname())
    write(old)
    assert files(old.parent) == {"总表.xlsx", "备份/总表.20070702-093005.xlsx"}


def test_a_lock_that_was_never_filled_is_taken_over_after_a_while(old: Path) -> None:
    lock_path(old).write_bytes(b"")
    os.utime(lock_path(old), (1, 1))
    write(old)
    assert not lock_path(old).exists()


def test_litter_of_a_killed_run_is_cleared(old: Path) -> None:
    (old.parent / "备份").mkdir()
    for name in (".总表.xlsx.77.kaohe-tmp", "备份/.总表.20070701-000000.xlsx.77.kaohe-tmp"):
        (old.parent / name).write_bytes(b"half")
    (old.parent / ".别表.xlsx.77.kaohe-tmp").write_bytes(b"not ours")
    write(old)
    assert files(old.parent) == {
        "总表.xlsx",
        "备份/总表.20070702-093005.xlsx",
        ".别表.xlsx.77.kaohe-tmp",
    }


def test_runs_at_the_same_time_do_not_mix(old: Path) -> None:
    """Of many runs at once some write and the others say why not; what stands there in the end is whole."""
    outcomes: list[str] = []

    def run(count: int) -> None:
        try:
            write(old, just(ranking(count)), seconds=count)
            outcomes.append("written")
        except (MasterLocked, MasterChanged) as reason:
            outcomes.append(type(reason).__name__)

    threads = [threading.Thread(target=run, args=(count,)) for count in range(3, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 10
    assert outcomes.count("written") == len(list((old.parent / "备份").iterdir()))
    assert old.read_bytes() in {patch_bytes(master(), just(ranking(count))) for count in range(3, 13)}
    assert not [name for name in files(old.parent) if "kaohe" in name]


def test_alive() -> None:
    assert alive(os.getppid())
    assert not alive(finished_process())


def test_write_new(tmp_path: Path) -> None:
    path = tmp_path / "甲.xlsx"
    write_new(path, b"1")
    with pytest.raises(AlreadyThere, match="甲"):
        write_new(path, b"2")
    assert path.read_bytes() == b"1"
    write_new(path, b"2", overwrite=True, durable=False)
    assert (path.read_bytes(), files(tmp_path)) == (b"2", {"甲.xlsx"})
    with pytest.raises(MasterMissing, match="没有的"):
        write_new(tmp_path / "没有的" / "甲.xlsx", b"1")


def test_write_new_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, 2, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(DiskFull):
        write_new(tmp_path / "甲.xlsx", b"12")
    monkeypatch.undo()
    assert files(tmp_path) == set()


def made_by_many(path: Path, count: int = 12) -> list[str]:
    """What several threads say that make the same file at once; each writes its own number."""
    said: list[str] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            write_new(path, str(number).encode() * 1000, durable=False)
            said.append(str(number))
        except AlreadyThere:
            said.append("there")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_of_many_who_make_a_file_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when every one of them sees that it is not there yet."""
    monkeypatch.setattr(Path, "exists", lambda self: False)
    for attempt in range(20):
        path = tmp_path / f"{attempt}.xlsx"
        said = made_by_many(path)
        (winner,) = (word for word in said if word != "there")
        assert len(said) == 12
        assert path.read_bytes() == winner.encode() * 1000
    assert files(tmp_path) == {f"{attempt}.xlsx" for attempt in range(20)}


if os.name == "posix":

    @pytest.mark.parametrize("kind", [errno.EPERM, errno.ENOTSUP])
    def test_a_disk_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: int) -> None:
        def refused(source: Path, target: Path) -> None:
            raise OSError(kind, "no links here")

        monkeypatch.setattr(os, "link", refused)
        test_of_many_who_make_a_file_one_does(tmp_path, monkeypatch)

    def test_a_disk_without_links_that_fails_leaves_nothing(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(source: Path, target: Path) -> None:
            raise PermissionError(errno.EPERM, "no links here")

        def failed(source: Path, target: Path) -> None:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(os, "link", refused)
        monkeypatch.setattr(fs, "replace", failed)
        with pytest.raises(WriteFailed):
            write_new(tmp_path / "甲.xlsx", b"1")
        assert files(tmp_path) == set()


def test_windows_renames_only_to_a_free_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rename refuses a name that is taken; the file made meanwhile by somebody else stays."""
    path = tmp_path / "甲.xlsx"

    def rename(source: Path, target: Path) -> None:
        target.write_bytes(b"theirs")
        raise FileExistsError(errno.EEXIST, "Cannot create a file when that file already exists")

    monkeypatch.setattr(os, "name", "nt")
    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(AlreadyThere):
        write_new(path, b"ours", durable=False)
    monkeypatch.undo()
    assert (path.read_bytes(), files(tmp_path)) == (b"theirs", {"甲.xlsx"})
