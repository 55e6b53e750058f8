"""The demo: the same bytes every time, and never over what somebody changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.jobs.common import JobError
from kaohe.jobs.demo import demo
from kaohe.jobs.demo_folder import free_folder
from tests.support import example
from tests.support.command import kaohe


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_it_makes_master_forms_and_returns() -> None:
    made = set(contents(example.made().folder))
    assert example.MASTER in made
    for folder in (example.ISSUED, example.INBOX):
        assert len([name for name in made if name.startswith(f"{folder}/")]) == 19


def test_twice_the_same_bytes(tmp_path: Path) -> None:
    """In another folder, and again in the same one: no clock, no chance, no path goes into the files."""
    first = contents(demo("BH", tmp_path / "甲" / "演示").folder)
    again = demo("BH", tmp_path / "甲" / "演示")
    assert (again.folder, again.moved) == (tmp_path / "甲" / "演示", False)
    assert contents(again.folder) == first
    assert contents(example.made().folder) == first


@pytest.mark.parametrize(
    "name",
    [
        "总表.xlsx",
        "回收/新区-自测完成情况表-2007-H1.xlsx",
        "下发/新区-自测完成情况表-2007-H1.xlsx",
        "我的笔记.txt",
    ],
)
def test_a_folder_somebody_changed_is_not_free(name: str, tmp_path: Path) -> None:
    folder = example.copy(tmp_path)
    assert free_folder(folder) == folder
    with (folder / name).open("ab") as file:
        file.write(b" ")
    assert free_folder(folder) == tmp_path / "演示-2"


def test_a_changed_folder_is_left_alone_and_it_says_so(tmp_path: Path) -> None:
    folder = example.copy(tmp_path)
    (folder / "我的笔记.txt").write_text("我的", encoding="utf-8")
    before = contents(folder)
    done = kaohe("demo", "--out", folder)
    assert done.code == 0
    assert "演示-2" in done.out
    assert "原样保留" in done.out
    assert contents(folder) == before
    assert contents(tmp_path / "演示-2") == contents(example.made().folder)


def test_the_next_free_folder(tmp_path: Path) -> None:
    """演示 and 演示-2 are somebody's; 演示-3 it is, and 演示-3 again next time."""
    for name in ("演示", "演示-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("我的", encoding="utf-8")
    assert demo("BH", tmp_path / "演示").folder == tmp_path / "演示-3"
    assert free_folder(tmp_path / "演示") == tmp_path / "演示-3"


def test_a_file_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    folder = example.copy(tmp_path)
    (folder / example.MASTER).unlink()
    assert demo("BH", folder).folder == folder
    assert contents(folder) == contents(example.made().folder)


def test_a_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "演示").write_text("我的", encoding="utf-8")
    assert demo("BH", tmp_path / "演示").folder == tmp_path / "演示-2"


def test_an_unknown_scheme(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="ZZ"):
        demo("ZZ", tmp_path / "演示")
    assert not (tmp_path / "演示").exists()
