"""Litter of runs that were killed, in any folder that files are written into; and what a broken run says."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from kaohe.jobs.common import JobError
from kaohe.jobs.inbox import find_files
from kaohe.workbooks.package import save, temporary, write_new
from kaohe.workbooks.package.temporary import clear_left, temporary_beside
from tests.support.command import kaohe


def gone() -> int:
    """The number of a process that is no more."""
    program = "import os; print(os.getpid())"
    return int(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout)


def left(folder: Path, process: int, computer: str = "", old: bool = False) -> Path:
    """A temporary file as that process of that computer leaves it."""
    name = temporary_beside(folder / "x").name
    own, _, rest = name.removeprefix(".").partition("-")
    _, _, thread = rest.partition("-")
    path = folder / f".{computer or own}-{process}-{thread}"
    path.write_bytes(b"half")
    if old:
        os.utime(path, (time.time() - 100_000,) * 2)
    return path


def test_what_a_killed_run_left_is_cleared_before_the_next_file(tmp_path: Path) -> None:
    killed, elsewhere = left(tmp_path, gone()), left(tmp_path, gone(), "00000000", old=True)
    kept = [left(tmp_path, os.getppid()), left(tmp_path, gone(), "11111111")]
    for name in (".甲.kaohe-tmp", "1a2b3c4d-1-1.kaohe-tmp"):
        (tmp_path / name).write_bytes(b"not ours")
        kept.append(tmp_path / name)
    write_new(tmp_path / "甲.xlsx", b"1")
    assert (killed.exists(), elsewhere.exists()) == (False, False)
    assert all(path.exists() for path in kept)
    assert len(list(tmp_path.iterdir())) == len(kept) + 1


def test_a_folder_is_looked_through_once(tmp_path: Path) -> None:
    clear_left(tmp_path)
    path = left(tmp_path, gone())
    clear_left(tmp_path)
    assert path.exists()
    temporary._CLEARED.discard(tmp_path)
    clear_left(tmp_path)
    assert not path.exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    clear_left(tmp_path / "没有")


def test_a_long_name_needs_no_longer_one(tmp_path: Path) -> None:
    """The temporary name does not grow with the file's: 255 bytes are all a name may have."""
    name = "甲" * 83 + ".xlsx"
    write_new(tmp_path / name, b"1")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_of_returns_that_cannot_be_listed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left out in silence, its forms would count as not returned."""
    (tmp_path / "乡镇").mkdir()
    (tmp_path / "甲.xlsx").write_bytes(b"")
    real = os.scandir

    def scandir(path: Any) -> Any:
        if str(path).endswith("乡镇"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(JobError, match=r"看不了文件夹“.*乡镇”"):
        find_files([tmp_path])


@pytest.mark.parametrize(
    ("replacing", "replaced", "words"),
    [
        ([], [], "总表没有改动"),
        ([Path("总表.xlsx")], [], "要么是原样,要么已完整写好"),
        ([], [Path("总表.xlsx")], "总表已完整写好"),
    ],
)
def test_a_disk_error_says_which_master_is_there(
    monkeypatch: pytest.MonkeyPatch, replacing: list[Path], replaced: list[Path], words: str
) -> None:
    def failing() -> None:
        raise OSError(errno.EIO, "Input/output error", "回收")

    monkeypatch.setattr(save, "_REPLACING", replacing)
    monkeypatch.setattr(save, "_REPLACED", replaced)
    monkeypatch.setattr("kaohe.faces.cli.app", lambda **_: failing())
    done = kaohe("schemes")
    assert done.code == 3
    assert "系统报告错误(“回收”):Input/output error。" in done.err
    assert words in done.err
    assert "程序内部错误" not in done.err
