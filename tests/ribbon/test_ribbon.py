"""Every button on the example's books, and on every wrong workbook: a message one can act on."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kaohe.faces import buttons, ribbon, ribbon_dialog, ribbon_office
from kaohe.faces.ribbon_dialog import ExcelDialog, clipped
from kaohe.jobs.form_in_place import RETURN_FOLDER
from kaohe.jobs.master import open_master
from kaohe.sheets.form_read import find_form
from kaohe.version import __version__
from kaohe.workbooks.package import fill
from kaohe.workbooks.read import read_book
from tests.ribbon.fakes import DesktopBook, Person
from tests.ribbon.remote import Screen, actions, opened, xlwings

FORM = "回收/江阴市-自测完成情况表-2007-H1.xlsx"
BLANK = "下发/江阴市-自测完成情况表-2007-H1.xlsx"
CLERK = ("check_form", "next_problem", "read_typed_values", "save_return")
MASTER_ONLY = ("issue_forms", "consolidate", "show_issues", "check_scheme")
Press = Callable[..., None]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let logs and new files go into the test's own folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def button(name: str) -> Press:
    """The function of a button."""
    found: Press = getattr(ribbon, name)
    return found


def pressed(name: str, book: Any, *answers: ribbon_dialog.Answer) -> Person:
    """A person who presses a button and answers what is asked."""
    person = Person(list(answers or ("yes",)))
    button(name)(book, person)
    return person


def desktop(path: Path, **more: Any) -> DesktopBook:
    """A file open on a desktop."""
    return DesktopBook(opened(path), path, **more)


def typed(source: Path, target: Path, cells: dict[str, Any]) -> Path:
    """A form with 完成值 typed into it, by indicator code."""
    data = source.read_bytes()
    found = find_form(read_book(data, source.name))
    assert found is not None
    code, actual = found.columns["code"], found.columns["actual"]
    rows = {str(row[code]): number for number, row in enumerate(found.grid.rows, 1) if code < len(row)}
    changes = {(rows[name], actual + 1): value for name, value in cells.items()}
    target.write_bytes(fill(data, found.grid.sheet, changes))
    return target


def codes(path: Path) -> list[str]:
    """Indicators of a form whose 完成值 is typed in as a number."""
    found = find_form(read_book(path.read_bytes(), path.name))
    assert found is not None
    code, actual = found.columns["code"], found.columns["actual"]
    return [str(row[code]) for row in found.grid.rows[found.header + 1 :] if isinstance(row[actual], float)]


@pytest.mark.parametrize("entry", buttons.BUTTONS, ids=lambda entry: entry.id)
def test_every_button_can_be_called_as_the_callback_does(entry: buttons.Button) -> None:
    function = button(entry.python)
    assert function.__module__ == buttons.PYTHON_MODULE
    assert function.__doc__ == f"{entry.label}."
    inspect.signature(function).bind()


@pytest.mark.parametrize("entry", buttons.BUTTONS, ids=lambda entry: entry.id)
def test_every_button_ends_with_a_message_on_a_workbook_of_neither_kind(
    entry: buttons.Button,
) -> None:
    person = pressed(entry.python, xlwings().Book(json=empty_book(), engine="remote"), "no")
    assert "程序内部错误" not in person.last
    assert person.statuses[-1] == ""
    if entry.python not in ("new_master", "show_help"):
        assert person.troubles == [True]
        assert "请" in person.last


def empty_book() -> dict[str, Any]:
    """工作簿1, never saved."""
    sheet = {"name": "Sheet1", "values": [[""]], "visibility": "Visible", "tables": [], "pictures": []}
    return {
        "client": "Office.js",
        "version": xlwings().__version__,
        "book": {"name": "工作簿1", "active_sheet_index": 0, "selection": "A1"},
        "names": [],
        "sheets": [sheet],
    }


@pytest.mark.parametrize("name", CLERK)
def test_a_master_where_a_form_is_needed(example: Path, name: str) -> None:
    person = pressed(name, desktop(example / "总表.xlsx"))
    assert "不是下发的自测完成情况表" in person.last
    assert "请打开考核办下发的自测表" in person.last


@pytest.mark.parametrize("name", MASTER_ONLY)
def test_a_form_where_a_master_is_needed(example: Path, name: str) -> None:
    person = pressed(name, desktop(example / FORM))
    assert "这个按钮要在总表中使用" in person.last
    assert "请切换到总表窗口" in person.last


@pytest.mark.parametrize("name", ["issue_forms", "consolidate", "check_scheme"])
def test_a_master_that_was_never_saved(example: Path, name: str) -> None:
    person = pressed(name, opened(example / "总表.xlsx"))
    assert "还没有保存过" in person.last
    assert "请先保存" in person.last


@pytest.mark.parametrize("name", ["issue_forms", "consolidate"])
def test_a_master_open_elsewhere_or_read_only(desk: Path, name: str) -> None:
    book = desktop(desk / "总表.xlsx", read_only=True)
    answers: tuple[ribbon_dialog.Answer, ...] = ("no", "yes") if name == "issue_forms" else ("yes",)
    person = pressed(name, book, *answers)
    assert "以只读方式打开" in person.last
    assert "请在别处关闭它" in person.last
    assert [a["func"] for a in actions(book.book)] == []
    assert book.api.copies == []


def test_consolidate(desk: Path) -> None:
    book = desktop(desk / "总表.xlsx")
    person = pressed("consolidate", book)
    assert "2007年上半年:9 个单位,9 个有名次" in person.last
    assert "保存总表" in person.last
    assert str(desk / "回收") in person.asked[0]
    assert any("读取" in text for text in person.statuses)
    assert any("写入总表 1/10" in text for text in person.statuses)
    screen = Screen.of((desk / "总表.xlsx").read_bytes(), "总表.xlsx").play(actions(book.book))
    assert screen.sheets[screen.shown][0] == "排名"
    assert len(book.api.copies) == 1
    assert Path(book.api.copies[0]).parent == desk / "备份"
    assert book.saved == 0


def test_consolidate_only_after_a_yes(desk: Path) -> None:
    book = desktop(desk / "总表.xlsx")
    assert "总表没有改动" in pressed("consolidate", book, "no").last
    assert actions(book.book) == []


def test_consolidate_without_a_folder_of_returns(desk: Path) -> None:
    (desk / "回收").rename(desk / "别处")
    person = pressed("consolidate", desktop(desk / "总表.xlsx"))
    assert f"没有找到回收文件夹“{desk / '回收'}”" in person.last
    assert person.asked == []


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


def test_issue_nothing_when_every_period_is_declined(desk: Path) -> None:
    book = desktop(desk / "总表.xlsx")
    assert "没有下发" in pressed("issue_forms", book, "no").last
    assert "没有下发" in pressed("issue_forms", book, "cancel").last
    assert (actions(book.book), book.saved) == ([], 0)


def test_periods_offered(example: Path) -> None:
    master = open_master(example / "总表.xlsx")
    offered = [period.code for period in ribbon_office.periods_to_issue(master)]
    assert offered == ["2007-H1", "2007-Q3", "2007", "2007-Q1"]


def test_check_scheme(example: Path) -> None:
    book = desktop(example / "总表.xlsx")
    person = pressed("check_scheme", book)
    assert "2007年上半年" in person.last
    assert {action["func"] for action in actions(book.book)} <= {"activateSheet", "rangeSelect"}


def test_show_issues(example: Path) -> None:
    book = desktop(example / "总表.xlsx")
    assert pressed("show_issues", book).told == []
    order = [sheet.name for sheet in book.sheets]
    assert [a["args"] for a in actions(book.book)] == [[order.index("问题清单")]]


def test_new_master(desk: Path) -> None:
    seen: list[str] = []
    app = SimpleNamespace(books=SimpleNamespace(open=seen.append))
    person = pressed("new_master", desktop(desk / "总表.xlsx", app=app), "yes")
    assert seen == [str(desk / "总表-2.xlsx")]
    assert "已新建总表" in person.last
    assert open_master(desk / "总表-2.xlsx").scheme.units


def test_help_names_version_and_manual(example: Path) -> None:
    person = pressed("show_help", desktop(example / "总表.xlsx"))
    assert "操作手册" in person.last
    assert __version__ in person.last


def test_check_form_lists_and_selects(desk: Path) -> None:
    book = desktop(desk / BLANK)
    person = pressed("check_form", book)
    assert "《自测表》问题:错误" in person.last
    assert "另有" in person.last
    assert [a["func"] for a in actions(book.book)] == ["activateSheet", "rangeSelect"]


def test_next_problem_goes_on_behind_the_selected_cell_and_starts_over(desk: Path) -> None:
    path = typed(desk / FORM, desk / "表.xlsx", dict.fromkeys(codes(desk / FORM)[2:5:2], "约80"))
    book = desktop(path)
    places = []
    for _ in range(3):
        person = pressed("next_problem", book)
        place = [a for a in actions(book.book) if a["func"] == "rangeSelect"][-1]
        places.append((place["start_row"], place["start_column"]))
        book.book.impl.api["book"]["selection"] = f"{'ABCDEFGHIJKLMNOPQRS'[places[-1][1]]}{places[-1][0] + 1}"
        assert person.last.startswith("【")
    assert places[0] != places[1]
    assert places[0] < places[1]


def test_read_typed_values_asks_and_writes_exact_figures_only(desk: Path) -> None:
    first, second, third, fourth = codes(desk / FORM)[:4]
    path = typed(
        desk / FORM, desk / "表.xlsx", {first: "21.5", second: "1,746", third: "约80", fourth: "很多"}
    )
    before = path.read_bytes()
    book = desktop(path)
    person = pressed("read_typed_values", book, "no")
    assert "“21.5”→ 21.5" in person.asked[0]
    assert "“1,746”→ 1746" in person.asked[0]
    assert "没有改动,请改填准确的数" in person.asked[0]
    assert actions(book.book) == []
    person = pressed("read_typed_values", book, "yes")
    assert "已把 2 处改写成数字" in person.last
    screen = Screen.of(before, path.name).play(actions(book.book)).sheet("自测表")
    assert {a["func"] for a in actions(book.book)} == {"setValues"}
    assert {21.5, 1746.0, "约80", "很多"} <= set(screen.values.values())
    assert not {"21.5", "1,746"} & set(screen.values.values())


def test_read_typed_values_with_nothing_to_read(example: Path) -> None:
    person = pressed("read_typed_values", desktop(example / FORM))
    assert person.last == "完成值都是数字,没有要识别的内容。"
    assert person.asked == []


def test_save_return(desk: Path) -> None:
    book = desktop(desk / FORM)
    person = pressed("save_return", book, "yes")
    target = desk / "回收" / RETURN_FOLDER / "江阴市-自测完成情况表-2007-H1.xlsx"
    assert str(target) in person.last
    assert target.read_bytes() == (desk / FORM).read_bytes()
    assert "已经存在" in pressed("save_return", book, "no").asked[-1]
    assert "原来的文件未动" in pressed("save_return", book, "no").last


def test_save_return_of_a_form_with_errors_only_when_wanted(desk: Path) -> None:
    book = desktop(desk / BLANK)
    person = pressed("save_return", book, "no")
    assert "仍要另存" in person.asked[0]
    assert "没有另存" in person.last
    assert not (desk / "下发" / RETURN_FOLDER).exists()


def test_save_return_names_department_forms_as_they_were_issued(desk: Path) -> None:
    path = sorted((desk / "回收").glob("滨湖区-*.xlsx"))[0]
    pressed("save_return", desktop(path), "yes")
    assert (desk / "回收" / RETURN_FOLDER / path.name).is_file()


def test_save_return_where_no_copy_can_be_made(example: Path) -> None:
    assert "还没有保存过" in pressed("save_return", opened(example / FORM)).last


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


def test_xlwings_is_imported_only_when_a_button_needs_it() -> None:
    import subprocess
    import sys

    code = "import sys, kaohe.faces.ribbon; sys.exit('xlwings' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
