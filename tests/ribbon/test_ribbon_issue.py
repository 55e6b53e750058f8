"""生成自测表 and 方案检查: what was written, what was not, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.faces import ribbon_dialog, ribbon_office
from kaohe.faces.ribbon_dialog import clipped
from kaohe.jobs.master import open_master
from kaohe.workbooks.package import fill
from tests.ribbon.press import BLANK, FORM, codes, desktop, pressed, selected, typed
from tests.ribbon.remote import Screen, actions


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let logs and new files go into the test's own folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def test_issue_the_period_after_the_last(desk: Path) -> None:
    book = desktop(desk / "总表.xlsx")
    person = pressed("issue_forms", book, "no", "yes")
    assert "2007年上半年(2007-H1)" in person.asked[0]
    assert "2007年前三季度(2007-Q3)" in person.asked[1]
    assert "写出 19 份自测表" in person.last
    assert book.saved == 1
    written = {path.name for path in (desk / "下发").glob("*2007-Q3.xlsx")}
    assert len(written) == 19
    screen = Screen.of((desk / "总表.xlsx").read_bytes(), "总表.xlsx").play(actions(book.book))
    assert written <= set(screen.sheet("下发登记").values.values())


def test_issue_again_names_what_was_not_written_and_the_remedy(desk: Path) -> None:
    out = desk / "下发"
    missing, changed, *_ = forms = sorted(out.glob("*.xlsx"))
    missing.unlink()
    missing.mkdir()
    changed.write_bytes(b"changed")
    filled = out / Path(BLANK).name
    assert filled in forms[2:]
    typed(filled, filled, {codes(desk / FORM)[0]: 21.5})
    person = pressed("issue_forms", desktop(desk / "总表.xlsx"), "yes")
    head, lines, *_ = person.last.split("\n\n")
    assert f"写出 0 份自测表,写不出 1 份,未覆盖 2 份,另有 {len(forms) - 3} 份与原来相同" in head
    assert sorted(lines.split("\n")) == sorted(
        [
            f"写不出:{missing.name}(已登记编号)。请检查文件夹权限和文件名长度,再下发一次即可补写。",
            f"未覆盖:{changed.name} 已存在且内容不同。请移走后重新下发。",
            f"未覆盖:{filled.name} 里已有人填写,原样保留。请移到回收文件夹或别处,再重新下发。",
        ]
    )
    assert person.troubles == [True]


def test_issue_again_counts_what_it_does_not_list(desk: Path) -> None:
    forms = sorted((desk / "下发").glob("*.xlsx"))
    for form in forms:
        form.write_bytes(b"changed")
    person = pressed("issue_forms", desktop(desk / "总表.xlsx"), "yes")
    assert f"未覆盖 {len(forms)} 份" in person.last
    assert person.last.count("已存在且内容不同。请移走后重新下发。") == ribbon_dialog.SHOWN
    assert f"…… 另有 {len(forms) - ribbon_dialog.SHOWN} 份。" in clipped(person.last)


def test_issue_tells_where_the_backup_is(desk: Path) -> None:
    book = desktop(desk / "总表.xlsx")
    person = pressed("issue_forms", book, "no", "yes")
    assert f"写入前的总表备份在\n{book.api.copies[0]}" in person.last
    assert person.troubles == [False]


def test_issue_nothing_under_a_wrong_scheme(desk: Path) -> None:
    path = desk / "总表.xlsx"
    path.write_bytes(fill(path.read_bytes(), "指标", {(4, 5): "斜向"}))
    book = desktop(path)
    person = pressed("issue_forms", book, "yes")
    assert person.last.startswith("方案有错误,没有下发。请先改正:\n\n【错误】总表.xlsx《指标》E4")
    assert (person.troubles, actions(book.book), book.saved) == ([True], [], 0)


def test_issue_nothing_when_every_period_is_declined(desk: Path) -> None:
    book = desktop(desk / "总表.xlsx")
    assert "没有下发" in pressed("issue_forms", book, "no").last
    assert "没有下发" in pressed("issue_forms", book, "cancel").last
    assert (actions(book.book), book.saved) == ([], 0)


def test_periods_offered(example: Path) -> None:
    master = open_master(example / "总表.xlsx")
    offered = [period.code for period in ribbon_office.periods_to_issue(master)]
    assert offered == ["2007-H1", "2007-Q3", "2007", "2007-Q1"]


def test_check_scheme_lists_and_selects_what_is_to_be_explained(example: Path) -> None:
    book = desktop(example / "总表.xlsx", read_only=True)
    person = pressed("check_scheme", book)
    assert person.last.startswith("方案检查(按 2007年上半年):问题:错误 0 · 存疑 1 · 提示 0\n\n【存疑】")
    assert "总表.xlsx《方案》B12:方案声明年度指标 10 个,实际列出 9 个。" in person.last
    assert selected(book) == ("方案", 12, 2)


def test_check_scheme_names_the_error_first(desk: Path) -> None:
    path = desk / "总表.xlsx"
    path.write_bytes(fill(path.read_bytes(), "指标", {(4, 5): "斜向"}))
    book = desktop(path)
    person = pressed("check_scheme", book)
    assert "问题:错误 1 " in person.last
    assert "【错误】总表.xlsx《指标》E4:" in person.last
    assert "斜向" in person.last
    assert person.last.index("【错误】") < person.last.index("【存疑】")
    assert selected(book) == ("指标", 4, 5)


def test_check_scheme_says_when_nothing_is_wrong(desk: Path) -> None:
    path = desk / "总表.xlsx"
    path.write_bytes(fill(path.read_bytes(), "方案", {(12, 2): 9.0}))
    book = desktop(path)
    assert pressed("check_scheme", book).last == "方案没有发现问题(按 2007年上半年 检查)。"
    assert actions(book.book) == []
