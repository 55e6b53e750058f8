"""Every button on the example's books, and on every wrong workbook: a message one can act on."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import SimpleNamespace

import pytest

from kaohe.faces import buttons, ribbon_dialog
from kaohe.jobs.form_in_place import RETURN_FOLDER
from kaohe.jobs.master import open_master
from kaohe.version import __version__
from tests.ribbon.press import BLANK, FORM, button, codes, desktop, empty_book, pressed, typed
from tests.ribbon.remote import Screen, actions, opened, xlwings

CLERK = ("check_form", "next_problem", "read_typed_values", "save_return")
FILED = ("publish", "audit", "try_rules", "compare", "close_year", "roll_over", "restore_backup")
YEAR = ("decide", *FILED)
MASTER_ONLY = ("issue_forms", "consolidate", "show_issues", "explain_score", "check_scheme", *YEAR)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let logs and new files go into the test's own folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


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
    remedy = REMEDIES[entry.python]
    assert remedy in person.last
    assert person.troubles == [entry.python not in ("new_master", "show_help")]
    assert person.statuses[-1] == ""


NOT_A_FORM = (
    "“工作簿1”不是下发的自测完成情况表(没有找到表头或下发编号)。请打开考核办下发的自测表,再点这个按钮。"
)


NEVER_SAVED = "“工作簿1”还没有保存过,不知道文件夹在哪里。请先保存,再重试。"


REMEDIES = {
    **dict.fromkeys(CLERK, NOT_A_FORM),
    **dict.fromkeys(("issue_forms", "consolidate", "explain_score", "check_scheme", *YEAR), NEVER_SAVED),
    "show_issues": "“工作簿1”里没有《问题清单》。请打开总表,先点“汇总”。",
    "new_master": "没有新建总表。",
    "show_help": "先“生成自测表”,后“汇总”。",
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


@pytest.mark.parametrize("name", ["issue_forms", "consolidate", "check_scheme", *YEAR])
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
    assert any("写入总表 1/14" in text for text in person.statuses)
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


def test_help_names_version_log_and_where_to_read_on(example: Path, tmp_path: Path) -> None:
    person = pressed("show_help", desktop(example / "总表.xlsx"))
    assert __version__ in person.last
    assert "kaohe --help" in person.last
    assert "操作手册不随程序安装" in person.last
    assert str(tmp_path / ".kaohe" / "kaohe.log") in person.last
    assert str(tmp_path / "kaohe.log") in person.last
    assert len(person.last) <= ribbon_dialog.LONGEST


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


def test_xlwings_is_imported_only_when_a_button_needs_it() -> None:
    import subprocess
    import sys

    code = "import sys, kaohe.faces.ribbon; sys.exit('xlwings' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
