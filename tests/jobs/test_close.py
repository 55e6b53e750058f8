"""`kaohe close` (Y11): the year in one sealed package; what was changed in it afterwards is named."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kaohe.jobs.audit import audit
from kaohe.jobs.close import Closed, close
from kaohe.jobs.close_package import DIRECTORY, Item, seal
from kaohe.jobs.close_verify import Checked, check
from kaohe.jobs.common import JobError
from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.master import open_master
from kaohe.workbooks.package import fill
from tests.support.command import kaohe
from tests.support.line import Desk

QUICK = ("anew", "returns", "content", "decision")
"""Engines of the audit that take no time; all of them run in the test of the command."""
CLOCK = dt.datetime(2008, 3, 1, 9)
TABLES = {"方案": "项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007\n审定程序|公布"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two units in, one of them twice, evidence and minutes beside, published."""
    found = Desk.new(tmp_path, **TABLES)
    found.issue("2007")
    found.fill("U1", "指标|完成值\nX1|100\nX2|90", name="旧.xlsx")
    found.consolidate()
    found.fill("U1", "指标|完成值\nX1|100\nX2|95")
    found.fill("U2", "指标|完成值\nX1|90\nX2|90")
    found.consolidate()
    return found


def publish(desk: Desk) -> None:
    asked = Asked("公布", "常委会纪要", "2008-01-20", "常委会", "〔2008〕第1期")
    decide(desk.master, asked, clock=lambda: dt.datetime(2008, 1, 20, 18))


def sealed(desk: Desk, name: str = "归档.zip", **more: object) -> Closed:
    target = desk.folder / name
    settled = {"inbox": desk.inbox, "engines": QUICK, "clock": lambda: CLOCK}
    return close(desk.master, target, **settled, **more)  # type: ignore[arg-type]


def test_everything_of_the_year_is_in_it(desk: Desk) -> None:
    publish(desk)
    minutes = desk.folder / "纪要"
    minutes.mkdir()
    (minutes / "常委会.pdf").write_bytes(b"%PDF minutes")
    before = desk.master.read_bytes()
    done = sealed(desk, added=[minutes])
    names = {entry.name for entry in done.sealed.entries}
    assert {
        "总表.xlsx",
        "方案/指标.csv",
        "回收/旧.xlsx",
        "结果.json",
        "复核.json",
        "其他/纪要/常委会.pdf",
    } <= names
    assert sum(name.startswith("回收/") for name in names) == 3
    with zipfile.ZipFile(done.sealed.path) as archive:
        assert archive.read("总表.xlsx") == before
        assert archive.namelist()[-1] == DIRECTORY
    assert check(done.sealed.path, done.sealed.seal).flaws == ()


def test_unpacked_elsewhere_it_is_audited_as_it_was(desk: Desk) -> None:
    """Evidence and returned files stand where the master looks for them."""
    (desk.folder / "佐证").mkdir()
    (desk.folder / "佐证" / "合同.pdf").write_bytes(b"%PDF")
    publish(desk)
    row = dict(zip((1, 2, 3, 4, 5), ("2007", "U1", "X1", "1", "佐证/合同.pdf"), strict=True))
    cells = {(4, column): value for column, value in row.items()}
    desk.master.write_bytes(fill(desk.master.read_bytes(), "佐证材料", cells))
    desk.consolidate("2007")
    done = sealed(desk)
    elsewhere = desk.folder / "多年以后"
    with zipfile.ZipFile(done.sealed.path) as archive:
        archive.extractall(elsewhere)
    assert (elsewhere / "佐证" / "合同.pdf").is_file()
    found = audit(elsewhere / "总表.xlsx", inbox=elsewhere / "回收", engines=QUICK)
    assert (found.differences, found.trouble) == ((), ())


def test_the_seal_stands_in_the_master(desk: Desk) -> None:
    publish(desk)
    done = sealed(desk)
    last = open_master(desk.master).runs[-1]
    assert (last.command, done.unrecorded) == ("归档", "")
    assert done.sealed.seal in last.settings
    assert audit(desk.master, inbox=desk.inbox, engines=QUICK).clean


def test_same_input_and_clock_same_bytes(desk: Desk) -> None:
    publish(desk)
    kept = desk.master.read_bytes()
    first = sealed(desk, "一.zip").sealed.path.read_bytes()
    desk.master.write_bytes(kept)
    assert sealed(desk, "二.zip").sealed.path.read_bytes() == first


def test_only_a_published_result_is_sealed(desk: Desk) -> None:
    with pytest.raises(JobError, match="还没有公布"):
        sealed(desk)
    assert not (desk.folder / "归档.zip").exists()


def test_the_period_that_is_sealed_is_the_one_that_is_audited(desk: Desk) -> None:
    publish(desk)
    desk.issue("2007-H1")
    desk.fill("U1", "指标|完成值\nX1|50\nX2|90", name="半年.xlsx")
    desk.consolidate("2007-H1")
    with pytest.raises(JobError, match="请先重新汇总 2007"):
        sealed(desk, period_code="2007")


def test_a_lost_return_is_named_and_needs_a_reason(desk: Desk) -> None:
    publish(desk)
    lost = next(path for path in desk.inbox.iterdir() if path.name.startswith("西区"))
    lost.unlink()
    with pytest.raises(JobError, match=r"西区.*--without-missing"):
        sealed(desk)
    done = sealed(desk, without_missing="水损")
    assert len(done.missing) == 1
    with zipfile.ZipFile(done.sealed.path) as archive:
        assert "水损" in archive.read("缺少的原件.txt").decode("utf-8-sig")


def test_an_altered_master_is_not_sealed(desk: Desk) -> None:
    publish(desk)
    data = desk.master.read_bytes()
    rows = [row for row in desk.rows("得分明细") if row]
    assert rows
    desk.master.write_bytes(fill(data, "得分明细", {(6, 9): 1.0}))
    with pytest.raises(JobError, match="kaohe audit"):
        sealed(desk)


def test_an_existing_package_stays(desk: Desk) -> None:
    publish(desk)
    (desk.folder / "归档.zip").write_bytes(b"earlier")
    with pytest.raises(JobError, match="已经存在"):
        sealed(desk)
    assert (desk.folder / "归档.zip").read_bytes() == b"earlier"


def test_no_room(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(desk)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(JobError, match="磁盘空间不够"):
        sealed(desk)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(JobError, match="没有写成"):
        seal(tmp_path / "包.zip", [Item("甲.txt", "", b"1")], CLOCK)
    assert list(tmp_path.iterdir()) == []


def package(folder: Path) -> Path:
    items = [Item("甲.txt", "一", b"alpha" * 100), Item("乙/丙.txt", "二", b"beta")]
    return seal(folder / "包.zip", items, CLOCK).path


def rewritten(path: Path, change: Callable[[dict[str, bytes]], object]) -> Checked:
    """The check of the package with its files changed."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return check(path)


@pytest.mark.parametrize(
    ("change", "name", "what"),
    [
        (lambda files: files.update({"甲.txt": b"alphA" * 100}), "甲.txt", "SHA-256"),
        (lambda files: files.update({"甲.txt": b"alpha"}), "甲.txt", "大小"),
        (lambda files: files.pop("乙/丙.txt"), "乙/丙.txt", "包里没有"),
        (lambda files: files.update({"丁.txt": b""}), "丁.txt", "后来加进去"),
        (lambda files: files.update({"../丁.txt": b""}), "../丁.txt", "包外"),
        (lambda files: files.update({"C:\\丁.txt": b""}), "C:", "包外"),
    ],
)
def test_what_was_changed_is_named(
    change: Callable[[dict[str, bytes]], object], name: str, what: str, tmp_path: Path
) -> None:
    flaws = rewritten(package(tmp_path), change).flaws
    assert [(flaw.name.startswith(name), what in flaw.what) for flaw in flaws] == [(True, True)]


def test_a_directory_rewritten_with_its_file_is_found_by_the_seal(tmp_path: Path) -> None:
    done = seal(tmp_path / "包.zip", [Item("甲.txt", "一", b"alpha")], CLOCK)
    forged = seal(tmp_path / "假.zip", [Item("甲.txt", "一", b"ALPHA")], CLOCK)
    assert check(forged.path).flaws == ()
    assert [flaw.name for flaw in check(forged.path, done.seal).flaws] == [DIRECTORY]


def test_two_files_of_one_name_in_the_package(tmp_path: Path) -> None:
    path = package(tmp_path)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("甲.txt", b"other")
    assert "同名" in check(path).flaws[0].what


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A file of 64 MB of nothing in the place of five bytes is told by its size."""
    flaws = rewritten(package(tmp_path), lambda files: files.update({"甲.txt": bytes(64 << 20)})).flaws
    assert [flaw.what for flaw in flaws] == [f"大小是 {64 << 20} 字节,目录为 500"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 torn", b"not a zip at all" * 50])
def test_what_is_no_package(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "坏.zip"
    path.write_bytes(data)
    with pytest.raises(JobError, match="不是归档包"):
        check(path)


def test_a_torn_copy_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(JobError, match="不是归档包"):
        check(path)


@pytest.mark.parametrize("name", ["/绝对", "../外", "a\\b", "", "C:x"])
def test_names_that_lead_out_are_never_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="文件名不能用"):
        seal(tmp_path / "包.zip", [Item(name, "", b"")], CLOCK)


def test_links_in_the_inbox_are_not_followed(desk: Desk, tmp_path: Path) -> None:
    publish(desk)
    os.symlink("/etc/hostname", desk.inbox / "链.xlsx")
    names = {entry.name for entry in sealed(desk).sealed.entries}
    assert not any("链" in name for name in names)


@pytest.mark.full
def test_the_command(desk: Desk) -> None:
    publish(desk)
    target = desk.folder / "归档.zip"
    done = kaohe("close", desk.master, "--out", target, "--inbox", desk.inbox)
    assert done.code == 0, done.text
    code = done.out.split("封存码")[1].split(":")[1].split()[0]
    assert kaohe("close", "--verify", target, "--hash", code).code == 0
    wrong = kaohe("close", "--verify", target, "--hash", "0" * 64)
    assert (wrong.code, "目录被改过" in wrong.out) == (1, True)
    assert kaohe("close", desk.master).code == 2
