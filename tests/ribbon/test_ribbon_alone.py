"""Buttons when something breaks: no workbook, no Excel, a busy one, an error on the way, no log."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kaohe.faces import buttons, ribbon, ribbon_dialog, ribbon_office
from kaohe.faces.ribbon_dialog import ExcelDialog, clipped
from kaohe.version import __version__
from tests.ribbon.fakes import Person
from tests.ribbon.press import button, desktop, empty_book, pressed
from tests.ribbon.remote import xlwings


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let logs and new files go into the test's own folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def test_an_unexpected_error_names_its_log(
    example: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ribbon_office, "product_sheets", lambda book: 1 / 0)
    person = pressed("show_issues", desktop(example / "总表.xlsx"))
    log = Path(person.last.partition("请把日志发给维护人员:")[2])
    assert log.is_relative_to(tmp_path)
    assert "Traceback" not in person.last
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert person.troubles == [True]


def test_an_error_half_way_says_not_to_save(
    desk: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("kaohe.jobs.open_store.write_plan", lambda *given: 1 / 0)
    person = pressed("consolidate", desktop(desk / "总表.xlsx"))
    assert "可能只写了一部分" in person.last
    assert "请不要保存" in person.last
    assert f"请把日志发给维护人员:{tmp_path}" in person.last


def test_an_error_after_the_master_was_saved_says_to_issue_again(
    desk: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("kaohe.jobs.issue._write_forms", lambda *given: 1 / 0)
    book = desktop(desk / "总表.xlsx")
    person = pressed("issue_forms", book, "no", "yes")
    assert book.saved == 1
    assert "总表已经写好,但随后出错(division by zero)" in person.last
    assert "请再点一次“生成自测表”" in person.last
    assert f"请把日志发给维护人员:{tmp_path}" in person.last
    assert "不要保存" not in person.last
    assert "只写了一部分" not in person.last
    assert person.troubles == [True]


def test_progress_that_cannot_be_shown_does_not_break_off_the_work(desk: Path) -> None:
    class Busy(Person):
        """Excel that refuses to show progress."""

        def status(self, text: str) -> None:
            raise OSError(f"call was rejected: {text}")

    person = Busy()
    book = desktop(desk / "总表.xlsx")
    ribbon.consolidate(book, person)
    assert "2007年上半年:9 个单位,9 个有名次" in person.last
    assert person.troubles == [False]


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What a message box of Windows was called with."""
    shown: list[tuple[Any, ...]] = []
    user32 = SimpleNamespace(MessageBoxW=lambda *given: shown.append(given))
    monkeypatch.setattr("ctypes.windll", SimpleNamespace(user32=user32), raising=False)
    return shown


@pytest.mark.parametrize("entry", buttons.BUTTONS, ids=lambda entry: entry.id)
def test_without_any_workbook_windows_itself_says_what_to_do(
    entry: buttons.Button, boxes: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    """xlwings refuses to name a calling book here: nothing was clicked in Excel."""
    button(entry.python)()
    [(parent, text, title, flags)] = boxes
    assert (parent, title, flags & 0xFF) == (None, "绩效考核", 0x10)
    assert "请先点“启用编辑”" in text
    assert "不支持 WPS" in text
    assert str(tmp_path / ".kaohe" / "kaohe.log") in text
    assert "Traceback" in (tmp_path / ".kaohe" / "kaohe.log").read_text(encoding="utf-8")


def test_a_calling_book_with_nothing_behind_it_is_none(
    boxes: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Protected View ActiveWorkbook is Nothing, and its name an AttributeError."""
    library = xlwings()
    monkeypatch.setattr(library.Book, "caller", lambda: library.Book(impl=SimpleNamespace(xl=None)))
    ribbon.check_form()
    assert "请先点“启用编辑”" in boxes[0][1]
    assert "AttributeError" in boxes[0][1]


def test_off_windows_the_message_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("ctypes.windll", raising=False)
    ribbon.show_help()
    assert "请先点“启用编辑”" in capsys.readouterr().err


def test_a_message_excel_does_not_show_is_shown_by_windows(
    example: Path, boxes: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = desktop(example / "总表.xlsx", app=SimpleNamespace())
    monkeypatch.setattr(ribbon, "calling_book", lambda: book)
    ribbon.show_help()
    ribbon.next_problem()
    assert [box[3] & 0xFF for box in boxes] == [0x40, 0x10]
    assert __version__ in boxes[0][1]
    assert "请打开考核办下发的自测表" in boxes[1][1]


def test_a_log_that_cannot_be_written_is_told(
    boxes: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full() -> Path:
        raise OSError("disk full")

    monkeypatch.setattr("kaohe.faces.ribbon_alone.write_log", full)
    ribbon.check_form()
    assert "日志没有写成(disk full)" in boxes[0][1]
    assert str(tmp_path / "kaohe.log") in boxes[0][1]


@pytest.mark.parametrize(("protected", "told"), [(1, True), (0, False)])
def test_a_new_book_in_front_of_one_in_protected_view(protected: int, told: bool) -> None:
    """Excel counts a file in Protected View among no workbooks, and the callback adds an empty one."""
    book = xlwings().Book(json=empty_book(), engine="remote")
    windows = SimpleNamespace(ProtectedViewWindows=SimpleNamespace(Count=protected))
    front = SimpleNamespace(
        name=book.name, sheets=book.sheets, names=book.names, app=SimpleNamespace(api=windows)
    )
    person = pressed("check_form", front)
    assert ("请先点“启用编辑”" in person.last) is told
    assert "请打开考核办下发的自测表" in person.last


def test_excel_dialog_speaks_through_the_program() -> None:
    said: list[tuple[Any, ...]] = []

    class App:
        """Excel's message boxes and status bar."""

        status_bar: object = None

        def alert(self, *given: object) -> str:
            said.append(given)
            return "no" if given[2] == "yes_no" else "cancel"

    book = SimpleNamespace(app=App())
    dialog = ExcelDialog(book)
    dialog.tell("好")
    dialog.tell("坏", trouble=True)
    assert dialog.ask("?") == "no"
    assert dialog.ask("?", cancel=True) == "cancel"
    assert said == [
        ("好", "绩效考核", "ok", "info"),
        ("坏", "绩效考核", "ok", "critical"),
        ("?", "绩效考核", "yes_no", "info"),
        ("?", "绩效考核", "yes_no_cancel", "info"),
    ]
    dialog.status("读取 1/9")
    assert book.app.status_bar == "读取 1/9"
    dialog.status("")
    assert book.app.status_bar is False
    assert len(clipped("长" * 5000)) == ribbon_dialog.LONGEST


def test_without_a_book_the_calling_one_is_taken(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = desktop(example / "总表.xlsx")
    monkeypatch.setattr(ribbon, "calling_book", lambda: book)
    person = Person()
    ribbon.show_help(dialog=person)
    assert len(person.told) == 1
