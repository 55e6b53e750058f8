"""Many files: results in the order of the paths, one bad file never costs the others."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from kaohe.workbooks.read import read_book
from kaohe.workbooks.read_many import FileTrouble, read_many, trouble
from tests.workbooks.guard_files import package, sheet_xml


def first_value(data: bytes, name: str) -> tuple[str, object]:
    """What a worker sends back: the file's name and one value, or the refusal's code."""
    book = read_book(data, name)
    return name, book.refusal.code if book.refusal else book.sheets["自测表"].at(1, 1)


def dies_on_request(data: bytes, name: str) -> str:
    """A parser that takes its process down."""
    if data == b"die":
        os._exit(17)
    return name


def raises(data: bytes, name: str) -> str:
    raise ZeroDivisionError(name)


def forms(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"单位{number:03d}.xlsx" for number in range(count)]
    for number, path in enumerate(paths):
        row = f'<row r="1"><c r="A1"><v>{number}</v></c></row>'
        path.write_bytes(package({"自测表": sheet_xml(row)}))
    return paths


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_paths(tmp_path: Path, jobs: int) -> None:
    paths = list(reversed(forms(tmp_path, 40)))
    assert list(read_many(paths, jobs, first_value)) == [
        (path, (path.name, float(39 - number))) for number, path in enumerate(paths)
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_cannot_be_read_is_data(tmp_path: Path, jobs: int) -> None:
    paths = forms(tmp_path, 3)
    paths[1].unlink()
    (tmp_path / "文件夹.xlsx").mkdir()
    bad = tmp_path / "网页.xls"
    bad.write_bytes(b"<html>")
    outcomes = dict(read_many([*paths, tmp_path / "文件夹.xlsx", bad], jobs, first_value))
    assert outcomes[paths[0]] == (paths[0].name, 0.0)
    assert outcomes[bad] == ("网页.xls", "format")
    codes = [getattr(outcomes[path], "code", "") for path in (paths[1], tmp_path / "文件夹.xlsx")]
    assert codes == ["vanished", "folder"]


def test_a_file_that_takes_its_process_down_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.xlsx" for number in range(6)]
    for path in paths:
        path.write_bytes(b"die" if path.stem == "2" else b"x")
    outcomes = [outcome for _, outcome in read_many(paths, 2, dies_on_request)]
    assert [getattr(outcome, "code", outcome) for outcome in outcomes] == [
        "crashed" if path.stem == "2" else path.name for path in paths
    ]


def test_results_are_streamed(tmp_path: Path) -> None:
    paths = forms(tmp_path, 3)
    stream = read_many(paths, 1, first_value)
    assert next(stream)[0] == paths[0]
    paths[1].unlink()
    assert isinstance(next(stream)[1], FileTrouble)


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_counts_every_file(tmp_path: Path, jobs: int) -> None:
    seen: list[tuple[int, int]] = []
    list(read_many(forms(tmp_path, 5), jobs, first_value, lambda done, total: seen.append((done, total))))
    assert seen == [(done, 5) for done in range(1, 6)]


def test_no_files() -> None:
    assert list(read_many([], 2, first_value)) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_of_the_work_is_not_swallowed(tmp_path: Path, jobs: int) -> None:
    with pytest.raises(ZeroDivisionError):
        list(read_many(forms(tmp_path, 2), jobs, raises))


def windows_error(code: int) -> OSError:
    """What Windows raises when a file is open elsewhere."""
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = code  # type: ignore[attr-defined, unused-ignore]
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileNotFoundError(errno.ENOENT, "x"), "vanished"),
        (PermissionError(errno.EACCES, "x"), "no_rights"),
        (windows_error(32), "locked"),
        (windows_error(33), "locked"),
        (windows_error(5), "no_rights"),
        (OSError(errno.EBUSY, "x"), "locked"),
        (OSError(errno.EIO, "x"), "io"),
        (IsADirectoryError(errno.EISDIR, "x"), "folder"),
    ],
)
def test_operating_system_errors_are_told_apart(error: OSError, code: str) -> None:
    seen = trouble(error)
    assert seen.code == code
    assert seen.reason
    assert seen.remedy
