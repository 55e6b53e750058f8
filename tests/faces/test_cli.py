"""Every command, every exit code: 0 done, 1 findings remain, 2 wrong use, 3 nothing written; in Chinese."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest

from tests.support import example
from tests.support.command import Done, kaohe
from tests.support.example import INBOX, MASTER
from tests.support.schemes import as_csv_texts

COMMANDS = ("schemes", "new", "issue", "check", "consolidate", "dump", "demo")


def in_chinese(done: Done) -> None:
    """Nothing a programmer would say: no traceback, no English sentence."""
    assert re.search(r"[一-鿿]", done.text)
    assert "Traceback" not in done.text
    assert "程序内部错误" not in done.text
    assert not re.search(r"\b(Error|Usage|Missing|Invalid|No such|Try)\b", done.text), done.text


def folder_of(path: Path, **tables: str) -> Path:
    """A drawn scheme as a folder of CSV tables."""
    path.mkdir()
    for name, text in as_csv_texts(**tables).items():
        (path / name).write_text(text, encoding="utf-8-sig")
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A copy of the example to work on."""
    return example.copy(tmp_path)


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_schemes_lists_bh() -> None:
    done = kaohe("schemes")
    assert done.code == 0
    assert re.search(r"BH.*滨湖区.*2007.*\b9\b.*\b4[0-9]\b", done.out)


def test_new_0(tmp_path: Path) -> None:
    done = kaohe("new", "bh", tmp_path / MASTER)
    assert done.code == 0
    assert (tmp_path / MASTER).is_file()
    assert "S08" in done.out
    in_chinese(done)


def test_new_1_with_a_faulty_scheme(tmp_path: Path) -> None:
    """The master is made all the same: that is where the office mends it."""
    faulty = folder_of(tmp_path / "方案", 部分="代码|名称|上级|满分\nA|发展||61\nB|民生||40")
    done = kaohe("new", faulty, tmp_path / MASTER)
    assert done.code == 1
    assert (
        "总表.xlsx《部分》D4:《发展》声明满分 61" in done.out
        or "总表.xlsx《部分》A4:《发展》声明满分 61" in done.out
    )
    assert (tmp_path / MASTER).is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["不存在"],
        ["new"],
        ["new", "BH"],
        ["new", "--blank", "a.xlsx", "b.xlsx"],
        ["new", "ZZ", "a.xlsx"],
        ["issue"],
        ["issue", "无.xlsx", "--period", "2007-H1"],
        ["issue", "无.xlsx", "--period", "2007-H1", "--错"],
        ["check"],
        ["check", "无.xlsx"],
        ["consolidate", "无.xlsx", "--inbox", "无"],
        ["consolidate", "无.xlsx", "--jobs", "0"],
        ["consolidate", "无.xlsx", "--jobs", "两个"],
        ["dump", "无.xlsx", "方案"],
        ["demo", "ZZ"],
    ],
    ids=" ".join,
)
def test_2_wrong_use(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = kaohe(*arguments)
    assert done.code == 2
    assert list(tmp_path.iterdir()) == []
    in_chinese(done)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["issue", "总表.xlsx", "-p", "2007-13"], "期次"),
        (["issue", "总表.xlsx", "-p", "上半年"], "期次写作"),
        (["issue", "总表.xlsx", "-p", "2007-H1", "-u", "江西市"], "江西市"),
        (["consolidate", "总表.xlsx", "-i", "没有"], "--inbox"),
        (["consolidate", "总表.xlsx", "-i", "回收", "-p", "2007-Q5"], "期次"),
        (["consolidate", "下发", "-i", "回收"], "文件夹"),
        (["consolidate", "回收/新区-自测完成情况表-2007-H1.xlsx", "-i", "回收"], "不是考核总表"),
        (["check", "回收", "-m", "回收/新区-自测完成情况表-2007-H1.xlsx"], "不是考核总表"),
        (["dump", "总表.xlsx", "别处"], "内容不同"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_2_in_a_folder_at_work(
    arguments: list[str], says: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "别处").mkdir()
    (desk / "别处" / "指标.csv").write_text("别人的", encoding="utf-8")
    before = bytes_below(desk)
    monkeypatch.chdir(desk)
    done = kaohe(*arguments)
    assert done.code == 2
    assert says in done.err
    assert bytes_below(desk) == before
    in_chinese(done)


@pytest.mark.parametrize(
    "arguments",
    [
        ["issue", "总表.xlsx", "-p", "2007-07", "-o", "占用"],
        ["dump", "总表.xlsx", "占用"],
        ["consolidate", "总表.xlsx", "-i", "占用"],
    ],
    ids=" ".join,
)
def test_2_a_file_where_a_folder_is_wanted(
    arguments: list[str], desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "占用").write_text("", encoding="utf-8")
    before = bytes_below(desk)
    monkeypatch.chdir(desk)
    done = kaohe(*arguments)
    assert done.code == 2
    assert bytes_below(desk) == before
    in_chinese(done)


def test_issue_check_consolidate_dump_0(desk: Path) -> None:
    for done in (
        kaohe("issue", desk / MASTER, "--period", "2007-07", "--out", desk / "七月"),
        kaohe("check", desk / INBOX, "--master", desk / MASTER),
        kaohe("consolidate", desk / MASTER, "--inbox", desk / INBOX),
        kaohe("dump", desk / MASTER, desk / "方案"),
    ):
        assert done.code == 0, done.text
        in_chinese(done)


def test_consolidate_1_when_an_error_remains(desk: Path) -> None:
    fresh = kaohe("new", "BH", desk / "新.xlsx")
    assert fresh.code == 0
    issued = kaohe("issue", desk / "新.xlsx", "-p", "2007-H1", "-o", desk / "新下发")
    assert issued.code == 0
    done = kaohe("consolidate", desk / "新.xlsx", "-i", desk / "新下发", "-p", "2007-H1")
    assert done.code == 1
    assert "V01" in done.out
    in_chinese(done)


def test_check_1(desk: Path) -> None:
    done = kaohe("check", desk / "下发", "-m", desk / MASTER)
    assert done.code == 1
    assert "V01" in done.out


def test_check_without_a_master(desk: Path) -> None:
    done = kaohe("check", desk / INBOX)
    assert done.code == 0
    assert "没有指定总表" in done.out
    assert kaohe("check", desk / "下发").code == 1


def test_issue_1_with_a_faulty_scheme_issues_nothing(tmp_path: Path) -> None:
    faulty = folder_of(tmp_path / "方案", 部分="代码|名称|上级|满分\nA|发展||61\nB|民生||40")
    kaohe("new", faulty, tmp_path / MASTER)
    before = (tmp_path / MASTER).read_bytes()
    done = kaohe("issue", tmp_path / MASTER, "-p", "2007-H1", "-o", tmp_path / "下发")
    assert done.code == 1
    assert "没有下发" in done.out
    assert not (tmp_path / "下发").exists()
    assert (tmp_path / MASTER).read_bytes() == before


def test_3_new_never_overwrites(desk: Path) -> None:
    before = bytes_below(desk)
    done = kaohe("new", "BH", desk / MASTER)
    assert done.code == 3
    assert "没有覆盖" in done.err
    assert bytes_below(desk) == before
    in_chinese(done)


def test_3_new_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = kaohe("new", "BH", tmp_path / "无" / MASTER)
    assert done.code == 3
    in_chinese(done)


@pytest.mark.parametrize("owner", ["~$总表.xlsx", ".~lock.总表.xlsx#", ".~总表.xlsx"])
@pytest.mark.parametrize("command", ["consolidate", "issue"])
def test_3_the_master_is_open(command: str, owner: str, desk: Path) -> None:
    """Excel, LibreOffice and WPS put an owner file beside the open master."""
    (desk / owner).write_bytes(b"\x04" + "张三".encode("gbk") + b" " * 160)
    before = bytes_below(desk)
    rest = {"consolidate": ["-i", desk / INBOX], "issue": ["-p", "2007-07", "-o", desk / "七月"]}[command]
    done = kaohe(command, desk / MASTER, *rest)
    assert done.code == 3
    assert "打开" in done.err
    after = bytes_below(desk)
    kept = set(after) - set(before)
    assert {name: after[name] for name in before} == before
    assert [name.startswith("总表.待写入-") for name in kept] == [True] * (command == "consolidate")
    in_chinese(done)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder nobody may write to; emulated for root, and on Windows, where the mark means nothing."""

    def refuse(path: Path, data: bytes, durable: bool = True) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    if os.name == "posix" and os.geteuid() != 0:
        folder.chmod(0o500)
        yield
        folder.chmod(0o700)
    else:
        with mock.patch("kaohe.workbooks.package.fs.write_whole", refuse):
            yield


@pytest.mark.parametrize("command", ["consolidate", "issue"])
def test_3_a_folder_nobody_may_write_to(command: str, desk: Path) -> None:
    before = bytes_below(desk)
    rest = {"consolidate": ["-i", desk / INBOX], "issue": ["-p", "2007-07", "-o", desk / "下发"]}[command]
    with read_only(desk):
        done = kaohe(command, desk / MASTER, *rest)
    assert done.code == 3
    assert "没有权限" in done.err
    assert bytes_below(desk) == before
    in_chinese(done)


def test_3_a_master_marked_read_only(desk: Path) -> None:
    (desk / MASTER).chmod(0o444)
    done = kaohe("consolidate", desk / MASTER, "-i", desk / INBOX)
    assert done.code == 3
    assert "只读" in done.err


def test_a_report_that_cannot_be_written_is_told_before_the_master_is(desk: Path) -> None:
    before = bytes_below(desk)
    done = kaohe("consolidate", desk / MASTER, "-i", desk / INBOX, "--json", desk / "无" / "report.json")
    assert done.code in (2, 3)
    assert bytes_below(desk) == before


def test_dry_run_writes_nothing(desk: Path) -> None:
    before = bytes_below(desk)
    done = kaohe("consolidate", desk / MASTER, "-i", desk / INBOX, "--dry-run")
    assert done.code == 0
    assert "没有改动" in done.out
    assert re.search(r"3.*滨湖区.*67\.60", done.out)
    assert bytes_below(desk) == before


def test_the_report_is_the_same_dry_or_not(desk: Path) -> None:
    for name, more in (("a.json", ["--dry-run"]), ("b.json", [])):
        assert kaohe("consolidate", desk / MASTER, "-i", desk / INBOX, "--json", desk / name, *more).code == 0
    first, second = (json.loads((desk / name).read_text(encoding="utf-8")) for name in ("a.json", "b.json"))
    assert first == second


def test_the_demo_ends_with_the_ranking_and_where_things_are(tmp_path: Path) -> None:
    done = kaohe("demo", "--out", tmp_path / "演示")
    assert done.code == 0
    assert re.search(r"3.*滨湖区.*67\.60.*1\.40.*23.*6", done.out)
    for word in (MASTER, "下发", INBOX, "演示数据"):
        assert word in done.out
    in_chinese(done)


@pytest.mark.parametrize("encoding", ["cp936", "ascii"])
def test_as_a_program_on_another_console(encoding: str, desk: Path) -> None:
    """A console in code page 936, or one that knows no Chinese at all: signs may be lost, nothing else."""
    arguments = [
        "consolidate",
        str(desk / MASTER),
        "-i",
        str(desk / INBOX),
        "--json",
        str(desk / "报告.json"),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "kaohe.faces.cli", *arguments],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        encoding=encoding,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert "67.60" in done.stdout
    assert json.loads((desk / "报告.json").read_text(encoding="utf-8"))["period"] == "2007-H1"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(command: str) -> None:
    done = kaohe(command, "--help")
    assert done.code == 0
    assert done.text == kaohe(command, "-h").text
    in_chinese(done)
    options = re.findall(r"^ +(?:-\w, )?(--[\w-]+)(.*)$", done.out, re.MULTILINE)
    assert options
    assert all(re.search(r"[一-鿿]", about) for _, about in options)


def test_help_names_every_command_and_the_exit_codes() -> None:
    done = kaohe("--help")
    assert all(re.search(rf"^ +{command} +\S*[一-鿿]", done.out, re.MULTILINE) for command in COMMANDS)
    assert re.search(r"0 .*1 .*2 .*3 ", done.out)
    in_chinese(done)


def test_version() -> None:
    import kaohe as package

    assert kaohe("--version").out.strip() == f"kaohe {package.__version__}"
