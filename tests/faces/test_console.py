"""How much of the findings is printed, what the summary says, and the log of what went wrong inside."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kaohe.faces import console
from tests.support import example
from tests.support.command import kaohe
from tests.support.example import INBOX, ISSUED, MASTER


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The example, with blank forms in the inbox: far more than thirty findings."""
    folder = example.copy(tmp_path)
    for path in (folder / ISSUED).iterdir():
        (folder / INBOX / path.name).write_bytes(path.read_bytes())
    return folder


def shown(text: str) -> int:
    return sum(line.startswith("[") for line in text.splitlines())


def counted(text: str) -> int:
    """The number of findings the summary counts."""
    words = text.splitlines()[-1].partition("问题:")[2].split(" · ")
    return sum(int(word.split()[1]) for word in words)


def test_check_prints_every_finding(desk: Path) -> None:
    done = kaohe("check", desk / INBOX, "-m", desk / MASTER)
    assert shown(done.out) == counted(done.out) > 100
    assert "另有" not in done.out


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ((), "见《问题清单》或 --json。"),
        (("--dry-run",), "加 --json 文件名 可全部另存。"),
        (("--dry-run", "--json", "r.json"), "见 r.json。"),
    ],
    ids=["written", "dry", "dry with report"],
)
def test_consolidate_prints_thirty_and_says_where_the_rest_is(
    more: tuple[str, ...], hint: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    blank = desk / "新.xlsx"
    kaohe("new", "BH", blank)
    kaohe("issue", blank, "-p", "2007-H1", "-o", desk / "新下发")
    done = kaohe("consolidate", blank, "-i", desk / "新下发", *more)
    assert shown(done.out) == console.SHOWN
    assert f"另有 {counted(done.out) - console.SHOWN} 条,{hint}" in done.out


def test_the_summary_says_how_many_files_were_read_and_count(tmp_path: Path) -> None:
    folder = example.copy(tmp_path)
    (folder / INBOX / "坏.xlsx").write_bytes(b"PK\x03\x04")
    (folder / INBOX / "扫描件.pdf").write_bytes(b"%PDF-1.4")
    for _ in range(2):
        done = kaohe("consolidate", folder / MASTER, "-i", folder / INBOX)
        last = done.out.splitlines()[-1]
        assert last.startswith("读取 20 个文件,19 个计入。问题:错误 1 ")


def test_a_blank_master_was_not_checked(tmp_path: Path) -> None:
    done = kaohe("new", "--blank", tmp_path / MASTER)
    assert done.code == 0
    assert "没有发现问题" not in done.out
    assert all(f"《{title}》" in done.out for title in ("方案", "部分", "指标", "单位", "目标"))


def test_dump_checks_the_scheme(tmp_path: Path) -> None:
    kaohe("new", "BH", tmp_path / MASTER)
    done = kaohe("dump", tmp_path / MASTER, tmp_path / "方案表")
    assert done.code == 0
    assert "S08" in done.out
    kaohe("new", "--blank", tmp_path / "空.xlsx")
    blank = kaohe("dump", tmp_path / "空.xlsx", tmp_path / "空表")
    assert blank.code == 1
    assert "没有发现问题" not in blank.out


def log_of(failure: Callable[[], object]) -> Path:
    try:
        failure()
    except ZeroDivisionError:
        return console.write_log()
    raise AssertionError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder and a temporary folder of the test's own."""
    folder = tmp_path / "家"
    folder.mkdir()
    (tmp_path / "临时").mkdir()
    monkeypatch.setattr(Path, "home", lambda: folder)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "临时"))
    return folder


def test_the_log_is_the_users_own(home: Path) -> None:
    old = os.umask(0)
    try:
        path = log_of(lambda: 1 / 0)
    finally:
        os.umask(old)
    assert path == home / ".kaohe" / "kaohe.log"
    assert "ZeroDivisionError" in path.read_text(encoding="utf-8")
    if os.name == "posix":
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_log_never_grows_beyond_its_size(home: Path) -> None:
    path = log_of(lambda: 1 / 0)
    for turn in range(3):
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{turn}" * console.LOG_SIZE)
        assert log_of(lambda: 1 / 0) == path
        assert path.stat().st_size < 10_000
    assert sorted(item.name for item in path.parent.iterdir()) == ["kaohe.log", "kaohe.log.1"]
    assert path.with_name("kaohe.log.1").stat().st_size > console.LOG_SIZE
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("hindrance", ["a file", "a folder"])
def test_without_a_home_the_log_is_in_the_temporary_folder(hindrance: str, home: Path) -> None:
    if hindrance == "a file":
        (home / ".kaohe").write_text("", encoding="utf-8")
    else:
        (home / ".kaohe" / "kaohe.log").mkdir(parents=True)
    path = log_of(lambda: 1 / 0)
    assert path == home.parent / "临时" / "kaohe.log"
    assert "ZeroDivisionError" in path.read_text(encoding="utf-8")


def test_an_internal_error_names_the_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("坏了")

    monkeypatch.setattr("kaohe.jobs.schemes.schemes", broken)
    done = kaohe("schemes")
    assert done.code == 3
    assert f"{home / '.kaohe' / 'kaohe.log'}" in done.err
    monkeypatch.setattr(console, "log_places", lambda: (home / "无" / "无" / "kaohe.log",))
    assert "日志写不了" in kaohe("schemes").err
