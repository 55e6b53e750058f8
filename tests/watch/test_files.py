"""When a file counts as completely there."""

from __future__ import annotations

import errno
import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from kaohe.jobs.watch_files import GIVEN_UP, SETTLED, Stamp, Tracker, is_whole, list_files
from kaohe.workbooks.package import DiskFull, apply, fs
from tests.package.books import master
from tests.package.plans import just, ranking
from tests.watch.desk import Guard


def stamp(path: Path) -> Stamp:
    return Stamp(path.stat().st_size, path.stat().st_mtime_ns)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A small zip."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("a", "x" * 100_000)
    path = tmp_path / "表.xlsx"
    path.write_bytes(data.getvalue())
    return path


def test_a_whole_file_is_whole(book: Path) -> None:
    assert is_whole(book, stamp(book))


def test_a_zip_without_its_end_is_not(book: Path) -> None:
    book.write_bytes(book.read_bytes()[:-30])
    assert not is_whole(book, stamp(book))


def test_an_empty_file_is_not(tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    path.touch()
    assert not is_whole(path, stamp(path))


def test_a_file_that_grew_since_it_was_listed_is_not(book: Path) -> None:
    before = stamp(book)
    book.write_bytes(book.read_bytes() * 2)
    assert not is_whole(book, before)


if sys.platform == "linux":

    def test_a_file_that_somebody_writes_is_not(book: Path) -> None:
        with book.open("r+b"):
            assert not is_whole(book, stamp(book))
        assert is_whole(book, stamp(book))

    def test_a_file_that_somebody_reads_is(book: Path) -> None:
        with book.open("rb"):
            assert is_whole(book, stamp(book))


def test_it_settles_by_a_clock_that_never_goes_back(book: Path) -> None:
    tracker = Tracker()
    tracker.update({book: stamp(book)}, 100.0)
    assert not tracker.settled(book, 100.0 + SETTLED - 1)
    tracker.update({book: stamp(book)}, 100.0 + SETTLED)
    assert tracker.settled(book, 100.0 + SETTLED)
    tracker.update({book: Stamp(1, 1)}, 200.0)
    assert not tracker.settled(book, 201.0)
    assert tracker.settled(book, 200.0 + GIVEN_UP)


def test_an_inbox_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list_files(tmp_path / "没有")


def test_a_full_disk_leaves_nothing_beside_an_open_master(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = guard.desk.folder / "别表.xlsx"
    path.write_bytes(master())
    (guard.desk.folder / "~$别表.xlsx").write_bytes(b"")

    def nearly_full(handle: int, data: bytes) -> None:
        if len(data) > 4096:
            raise OSError(errno.ENOSPC, "No space left on device")
        os.write(handle, data)

    monkeypatch.setattr(fs, "write", nearly_full)
    with pytest.raises(DiskFull):
        apply(path, just(ranking(3)), clock=guard.desk.clock(), beside=True)
    assert path.read_bytes() == master()
    assert not [file for file in guard.desk.folder.iterdir() if "待写入" in file.name or "tmp" in file.name]
