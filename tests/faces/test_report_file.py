"""--json only ever replaces an earlier report: no master, no return, nobody's file is lost to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kaohe as package
from kaohe.jobs.common import JobError
from kaohe.jobs.report import report
from kaohe.workbooks.package import KeptBeside
from tests.support import example
from tests.support.command import kaohe
from tests.support.example import INBOX, MASTER

FORM = f"{INBOX}/新区-自测完成情况表-2007-H1.xlsx"
REFUSED = {
    MASTER: "就是总表",
    f"下发/../{MASTER}": "就是总表",
    FORM: "回收文件夹",
    f"{INBOX}/report.json": "回收文件夹",
    f"{INBOX}/../{INBOX}/新.json": "回收文件夹",
    "下发": "是文件夹",
    "无/report.json": "不存在",
    "note.txt": "不是 kaohe 写的",
    "list.json": "不是 kaohe 写的",
    "other.json": "不是 kaohe 写的",
    "deep.json": "不是 kaohe 写的",
    "empty.json": "不是 kaohe 写的",
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The example, and files of other people beside it."""
    folder = example.copy(tmp_path)
    (folder / "note.txt").write_text("会议记录", encoding="utf-8")
    (folder / "list.json").write_text('["kaohe 1.0"]', encoding="utf-8")
    (folder / "other.json").write_text('{"program": "excel 1.0"}', encoding="utf-8")
    (folder / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    (folder / "empty.json").write_bytes(b"")
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("more", [(), ("--dry-run",)], ids=["written", "dry"])
@pytest.mark.parametrize(("place", "says"), REFUSED.items(), ids=REFUSED)
def test_refused_before_any_work(place: str, says: str, more: tuple[str, ...], desk: Path) -> None:
    before = everything(desk)
    done = kaohe("consolidate", desk / MASTER, "-i", desk / INBOX, "--json", desk / place, *more)
    assert done.code == 2
    assert says in done.err
    assert everything(desk) == before


@pytest.mark.parametrize("place", REFUSED)
def test_the_python_call_refuses_the_same(place: str, desk: Path) -> None:
    before = everything(desk)
    with pytest.raises(JobError, match=REFUSED[place]):
        package.consolidate(desk / MASTER, desk / INBOX, json=desk / place)
    assert everything(desk) == before


def test_a_link_to_the_master_is_the_master(desk: Path) -> None:
    (desk / "r.json").symlink_to(desk / MASTER)
    before = everything(desk)
    done = kaohe("consolidate", desk / MASTER, "-i", desk / INBOX, "--json", desk / "r.json")
    assert (done.code, "就是总表" in done.err) == (2, True)
    assert everything(desk) == before


@pytest.mark.parametrize("old", ['{"program": "kaohe 0.0.1", "period": "2006"}', None], ids=["old", "none"])
def test_an_earlier_report_is_replaced(old: str | None, desk: Path) -> None:
    path = desk / "report.json"
    if old:
        path.write_text(old, encoding="utf-8")
    for _ in range(2):
        done = kaohe("consolidate", desk / MASTER, "-i", desk / INBOX, "--json", path, "--dry-run")
        assert done.code == 0
        assert json.loads(path.read_text(encoding="utf-8"))["period"] == "2007-H1"


@pytest.fixture
def opened(desk: Path) -> Path:
    """The master is open in LibreOffice."""
    (desk / f".~lock.{MASTER}#").write_text(",王芳,pc,2007;", encoding="utf-8")
    return desk


def test_a_result_kept_beside_the_open_master_is_reported_too(opened: Path) -> None:
    """It says in which file the result is, and the message says where the report is."""
    path = opened / "report.json"
    done = kaohe("consolidate", opened / MASTER, "-i", opened / INBOX, "--json", path)
    found = json.loads(path.read_text(encoding="utf-8"))
    (kept,) = opened.glob("总表.待写入-*.xlsx")
    assert done.code == 3
    assert (found["beside"], found["period"]) == (kept.name, "2007-H1")
    assert found["standings"] == report(example.made().result.assessment)["standings"]
    assert kept.name in done.err
    assert str(path).replace("\n", "") in done.err.replace("\n", "")


def test_so_for_the_python_call(opened: Path) -> None:
    path = opened / "report.json"
    with pytest.raises(KeptBeside, match=r"report\.json"):
        package.consolidate(opened / MASTER, opened / INBOX, json=path)
    assert json.loads(path.read_text(encoding="utf-8"))["beside"]


def test_without_a_report_nothing_more_is_written(opened: Path) -> None:
    before = set(everything(opened))
    done = kaohe("consolidate", opened / MASTER, "-i", opened / INBOX)
    assert done.code == 3
    assert "结果已另存" not in done.err
    assert [name for name in set(everything(opened)) - before if name.endswith(".json")] == []


def test_a_written_result_is_beside_nothing() -> None:
    assert report(example.made().result.assessment)["beside"] is None
