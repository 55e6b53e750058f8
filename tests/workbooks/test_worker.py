"""A file that takes its reader down, hangs it or eats the memory costs itself, and no other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import mock

import pytest

from kaohe.jobs import inbox
from kaohe.workbooks.read_file import FileTrouble, trouble_of
from kaohe.workbooks.read_many import read_many
from kaohe.workbooks.worker_client import Worker
from kaohe.workbooks.worker_limits import PLAIN_FILE, Budget, is_plain
from tests.support.line import Desk
from tests.workbooks import guard_files as make
from tests.workbooks.crashing import crashes_on_marked, misbehaves
from tests.workbooks.guard_files import forged, forged_zip, honest, package, parts

QUICK = Budget(seconds=1.5)


def files(folder: Path, contents: Sequence[bytes]) -> list[Path]:
    """Files with these contents, numbered."""
    paths = [folder / f"{number}.xlsx" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def said(outcomes: Sequence[str | FileTrouble]) -> list[str]:
    """Codes of troubles, or what the work came to."""
    return [outcome.code if isinstance(outcome, FileTrouble) else outcome for outcome in outcomes]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"die", "crashed"), (b"segfault", "crashed"), (b"hang", "slow"), (b"spin", "slow"), (b"eat", "memory")],
)
def test_one_file_costs_itself(content: bytes, code: str, tmp_path: Path) -> None:
    if code == "memory" and sys.platform != "linux":
        code = "2.xlsx"
    with Worker(misbehaves, QUICK) as worker:
        began = time.monotonic()
        outcomes = said(list(worker.read(files(tmp_path, [b"x", b"x", content, b"x"]))))
        assert outcomes == ["0.xlsx", "1.xlsx", code, "3.xlsx"]
        assert time.monotonic() - began < 20


def test_several_processes_lose_nothing_to_several_crashes(tmp_path: Path) -> None:
    contents = [b"x", b"die", b"x", b"hang", b"x", b"segfault", b"die", b"x"] * 3
    names = {b"die": "crashed", b"segfault": "crashed", b"hang": "slow"}
    paths = files(tmp_path, contents)
    outcomes = [outcome for _, outcome in read_many(paths, 3, misbehaves, budget=QUICK)]
    assert said(outcomes) == [names.get(c, p.name) for c, p in zip(contents, paths, strict=True)]


def test_what_a_library_prints_is_not_taken_for_an_answer(tmp_path: Path) -> None:
    with Worker(misbehaves) as worker:
        assert said(list(worker.read(files(tmp_path, [b"print", b"x"])))) == ["0.xlsx", "1.xlsx"]


def test_a_process_is_kept_from_file_to_file(tmp_path: Path) -> None:
    paths = files(tmp_path, [b"x", b"x"])
    with mock.patch.object(subprocess, "Popen", wraps=subprocess.Popen) as started, Worker(misbehaves) as one:
        assert said(list(one.read(paths[:1])) + list(one.read(paths[1:]))) == ["0.xlsx", "1.xlsx"]
        assert started.call_count == 1


def test_where_no_process_can_be_started_the_work_is_done_here(tmp_path: Path) -> None:
    with (
        mock.patch.object(sys, "executable", str(tmp_path / "none")),
        Worker(misbehaves) as one,
    ):
        assert said(list(one.read(files(tmp_path, [b"x", b"x"])))) == ["0.xlsx", "1.xlsx"]


def test_a_program_that_is_no_python_is_not_waited_for(tmp_path: Path) -> None:
    with mock.patch.object(sys, "executable", "/bin/true"), Worker(misbehaves) as one:
        assert said(list(one.read(files(tmp_path, [b"x"])))) == ["0.xlsx"]


def test_nothing_is_imported_from_the_folder_of_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pickle.py").write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Worker(misbehaves) as worker:
        assert said(list(worker.read([Path("没有.xlsx")]))) == ["vanished"]


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    worker = Worker(misbehaves)
    list(worker.read(files(tmp_path, [b"x"])))
    process = worker._process
    assert process is not None
    worker.close()
    assert process.poll() is not None


def much_inside() -> bytes:
    """35 MiB in parts that are each no bomb."""
    return forged_zip([*honest(parts()), *(forged(f"{number}.xml", bytes(7 << 20)) for number in range(5))])


PLAIN: dict[str, tuple[bool, Callable[[], bytes]]] = {
    "an ordinary workbook": (True, package),
    "what the guard refuses": (True, lambda: b"<html>"),
    "a broken zip": (True, lambda: package()[:-1]),
    "the old format": (False, lambda: make.xls(make.number_record(0, 0, 1.0))),
    "with macros": (False, lambda: package(extra={"xl/vbaProject.bin": b"x"})),
    "with links": (False, lambda: package(extra={"xl/externalLinks/externalLink1.xml": b"<x/>"})),
    "large": (False, lambda: package(extra={"xl/media/a.png": os.urandom(PLAIN_FILE)})),
    "much inside": (
        False,
        lambda: forged_zip([*honest(parts()), *(forged(f"{n}.xml", bytes(7 << 20)) for n in range(5))]),
    ),
}


@pytest.mark.parametrize("what", PLAIN)
def test_which_files_have_a_process_of_their_own(what: str, tmp_path: Path) -> None:
    plain, build = PLAIN[what]
    assert is_plain(build()) is plain
    with mock.patch.object(subprocess, "Popen", wraps=subprocess.Popen) as started:
        assert len(list(read_many(files(tmp_path, [build()]), 1, misbehaves))) == 1
    assert bool(started.call_count) is not plain


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_parser_that_aborts_costs_one_unit(
    jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way: one form makes the parser abort, the other unit is ranked."""
    monkeypatch.setattr(inbox, "_work", crashes_on_marked)
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|95")
    odd = package(extra={"xl/vbaProject.bin": b"x"})
    (desk.inbox / "坏.xlsm").write_bytes(odd)
    done = desk.consolidate(jobs=jobs)
    found = {f.location.workbook: f for f in done.assessment.findings if f.code == "W01"}
    assert list(found) == ["坏.xlsm"]
    assert "中断" in found["坏.xlsm"].message
    assert {s.unit.code: s.total for s in done.assessment.standings}["U1"] == 100.0


def test_troubles_are_told_in_full() -> None:
    codes = ("special", "crashed", "slow", "memory")
    for code in codes:
        found = trouble_of(code)
        assert isinstance(found, FileTrouble)
        assert found.reason
        assert found.remedy
