"""The button 得分说明: on every table with units, in the box and on the sheet, as the command line says."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kaohe.faces import ribbon_dialog
from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.demo import demo
from kaohe.jobs.explain import assessed, explain, explained
from kaohe.jobs.new import new
from kaohe.sheets.explain_sheet import KEY, explain_sheet, place_of, sections
from kaohe.workbooks.package import apply, fill
from kaohe.workbooks.plan import BookPlan
from tests.ribbon.excel import Workbook
from tests.ribbon.fakes import DesktopBook, Person
from tests.ribbon.press import button, desktop, pressed
from tests.ribbon.remote import actions, xlwings
from tests.support.command import kaohe

Cells = dict[tuple[int, int], Any]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let logs go into the test's own folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)


@pytest.fixture(scope="module")
def persons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The master of WX-J: groups, surveys, bonuses, grades."""
    return demo("WX-J", tmp_path_factory.mktemp("explain") / "演示").folder / "总表.xlsx"


def table(path: Path, sheet: str) -> list[list[Any]]:
    """The rows of a sheet as they were saved."""
    found = openpyxl.load_workbook(path, read_only=True, data_only=True)[sheet]
    return [list(row) for row in found.iter_rows(values_only=True)]


def at(path: Path, sheet: str, row: int, column: int = 1) -> DesktopBook:
    """The master with that cell selected."""
    book = desktop(path)
    place = f"{openpyxl.utils.get_column_letter(column)}{row}"
    sent = book.book.impl.api
    names = [entry["name"] for entry in sent["sheets"]]
    sent["book"] |= {"active_sheet_index": names.index(sheet), "selection": place}
    return book


def cells_of(book: DesktopBook, sheet: str) -> list[list[Any]]:
    """What stands on a sheet below its headings, text by text."""
    cells: Cells = book.screen().sheet(sheet).values
    bottom = max(row for row, _ in cells)
    return [[cells.get((row, column), "") for column in range(1, 5)] for row in range(5, bottom + 1)]


def said(master: Path, *arguments: str) -> list[list[Any]]:
    """What the command line says, as rows of the sheet, without headlines."""
    told = json.loads(kaohe("explain", master, *arguments, "--json").out)
    parts = ([told["total"]] if told["total"] else []) + told["indicators"]
    return [
        [step["label"], step["text"], "" if step["number"] is None else step["number"], step["place"]]
        for part in parts
        for step in part["steps"]
    ]


def heads(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows that open a total or a score: 得分 is a step nowhere, 总分 is one once."""
    return [row for row in rows if row[0] == "得分" or (row[0] == "总分" and " 总分 " in row[1])]


def plain(rows: list[list[Any]]) -> list[list[Any]]:
    """Steps; a text that looks like a number is still one on the screen."""
    return [
        [value[1] if isinstance(value, tuple) else value for value in row]
        for row in rows
        if row not in heads(rows)
    ]


def test_a_row_of_the_ranking_explains_the_total_and_no_leaves_the_book_alone(example: Path) -> None:
    master = example / "总表.xlsx"
    for number, row in enumerate(table(master, "排名")[4:], start=5):
        book = at(master, "排名", number, 5)
        person = pressed("explain_score", book, "no")
        [asked] = person.asked
        assert asked.startswith(f"{row[2]} 2007年上半年 总分 {row[4]:g} 分\n\n部分:《经济发展》")
        assert f" 个中第 {row[0]}" in asked
        assert asked.endswith("写到工作表《得分说明》(供核对、打印、答复申诉)吗?")
        assert len(asked) <= 700
        assert (person.told, actions(book.book), book.api.copies) == ([], [], [])


def test_a_row_of_the_details_explains_that_score(example: Path) -> None:
    master = example / "总表.xlsx"
    rows = table(master, "得分明细")
    titles = rows[3]
    unit, code, score = (titles.index(title) for title in ("单位代码", "指标代码", "得分"))
    for number in range(5, len(rows), 13):
        row = rows[number - 1]
        [asked] = pressed("explain_score", at(master, "得分明细", number, 3), "no").asked
        found = explain(master, str(row[unit]), str(row[code]))
        assert asked.startswith(f"{found.indicators[0].unit.name} 2007年上半年\n{row[code]}《")
        assert (f"{row[score]:.2f} 分" if isinstance(row[score], float | int) else "没有得分") in asked
        if place := place_of(found.indicators[0].steps[0].place):
            assert f"[{place}]" in asked
        assert len(asked) <= 700


@pytest.mark.parametrize(
    ("sheet", "title"),
    [
        ("失分分析", "滨湖区"),
        ("进度预警", "完成率"),
        ("填报数据", "原填内容"),
        ("报送情况", "状态"),
        ("单位", "电话"),
    ],
)
def test_other_tables_of_the_master(example: Path, sheet: str, title: str) -> None:
    """Units by name, by the selected column, with a period of their own; a unit without an indicator."""
    master = example / "总表.xlsx"
    rows = table(master, sheet)
    head = next(n for n, row in enumerate(rows) if title in row)
    found = dict(zip(rows[head], rows[head + 1], strict=False))
    unit = title if sheet == "失分分析" else found.get("单位代码") or found["单位"]
    [asked] = pressed("explain_score", at(master, sheet, head + 2, rows[head].index(title) + 1), "no").asked
    told = explain(master, str(unit), str(found.get("指标代码") or ""))
    name = (told.total or told.indicators[0]).unit.name
    assert asked.startswith(f"{name} 2007年上半年")
    assert ("总分" in asked.splitlines()[0]) == ("指标代码" not in found)
    if told.indicators and not told.total:
        assert asked.splitlines()[1].startswith(f"{found['指标代码']}《")


@pytest.mark.full
@pytest.mark.parametrize("sheet", ["排名", "得分明细", "测评汇总", "加减分"])
def test_a_system_of_groups_surveys_and_bonuses(persons: Path, sheet: str) -> None:
    rows = table(persons, sheet)
    head = next(n for n, row in enumerate(rows) if {"单位代码", "代码"} & set(row))
    found = dict(zip(rows[head], rows[head + 1], strict=False))
    unit, indicator = found.get("单位代码") or found["代码"], str(found.get("指标代码") or "")
    book = at(persons, sheet, head + 2, 2)
    assert "已写到工作表《得分说明》" in pressed("explain_score", book).last
    assert plain(cells_of(book, KEY)) == said(persons, str(unit), *filter(None, [indicator]))


def test_with_a_yes_every_step_stands_on_a_sheet_that_is_rewritten_next_time(desk: Path) -> None:
    master = desk / "总表.xlsx"
    book = at(master, "排名", 5)
    unit = table(master, "排名")[4][1]
    person = pressed("explain_score", book, "yes")
    assert person.last == "已写到工作表《得分说明》,可以打印。下一次说明会重写这张表;要留存请先复制。"
    assert person.troubles == [False]
    assert plain(cells_of(book, KEY)) == said(master, str(unit))
    screen = book.screen()
    assert screen.sheets[screen.shown][0] == KEY
    assert screen.sheet(KEY).values[1, 1].endswith("得分说明")
    assert str(unit) in screen.sheet(KEY).values[3, 1]
    assert (book.saved, book.api.copies) == (0, [])


def with_sheet(master: Path) -> int:
    """Put the explanation of the first unit into the file; the number of its rows."""
    assessment = assessed(master)
    unit = assessment.scores.units[0]
    first = explained(assessment, unit.code)
    plan = explain_sheet(assessment, unit, sections(first.period, first.total, first.indicators))
    apply(master, BookPlan((plan,)), clock=dt.datetime(2007, 8, 1))
    assert len(table(master, KEY)) == len(plan.rows)
    return len(plan.rows)


def test_the_next_consolidation_leaves_the_sheet_as_it_is(desk: Path) -> None:
    master = desk / "总表.xlsx"
    with_sheet(master)
    before = table(master, KEY)
    consolidate(master, desk / "回收", clock=lambda: dt.datetime(2007, 8, 2))
    assert table(master, KEY) == before


def test_the_same_sheet_again_for_another_score(engine: Any, desk: Path) -> None:
    """Through xlwings' desktop engine: a long explanation, then a short one; nothing of the first stays."""
    master = desk / "总表.xlsx"
    assert with_sheet(master) > 100
    excel = Workbook(master)
    person = Person(["yes"])
    button("explain_score")(Selecting(xlwings().Book(impl=engine.Book(xl=excel)), "得分明细", 6), person)
    assert person.troubles == [False], person.told
    line = table(master, "得分明细")[5]
    values = excel.sheet(KEY).cells.values
    shown = [
        [values.get((row, column), "") for column in range(1, 5)]
        for row in range(5, max(row for row, _ in values) + 1)
    ]
    assert plain(shown) == said(master, str(line[0]), str(line[4]))
    assert [sheet.Name for sheet in excel.sheets if sheet.touched] == [KEY]
    assert excel.active == KEY


class Selecting:
    """A desktop book on which a person has selected a cell."""

    def __init__(self, book: Any, sheet: str, row: int) -> None:
        self._book, self._sheet, self._row = book, sheet, row

    @property
    def app(self) -> Any:
        """Excel, and what is selected."""
        cell = self._book.sheets[self._sheet].range((self._row, 1))
        return Looking(self._book.app, selection=cell)

    @property
    def sheets(self) -> Any:
        """The sheets, and which is in front."""
        return Looking(self._book.sheets, active=self._book.sheets[self._sheet])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)


class Looking:
    """An object of xlwings with some attributes told by the test."""

    def __init__(self, inner: Any, **told: Any) -> None:
        object.__setattr__(self, "_inner", inner)
        object.__setattr__(self, "_told", told)

    def __getattr__(self, name: str) -> Any:
        return self._told[name] if name in self._told else getattr(self._inner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._inner, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._inner[key]

    def __iter__(self) -> Any:
        return iter(self._inner)

    def __len__(self) -> int:
        return len(self._inner)


@pytest.mark.parametrize(
    ("sheet", "row", "column", "message"),
    [
        ("排名", 4, 1, "《排名》第 4 行没有单位或指标。请在《排名》选中一个单位的行"),
        ("排名", 2, 1, "《排名》第 2 行没有单位或指标。"),
        ("排名", 500, 1, "《排名》第 500 行没有单位或指标。"),
        ("方案", 5, 1, "《方案》没有单位或指标的列,看不出要说明哪一个得分。"),
        ("失分分析", 5, 3, "《失分分析》选中的这一行没有指明单位。请选中该单位那一列的单元格"),
        ("指标", 6, 1, "《指标》选中的这一行没有指明单位。"),
    ],
)
def test_where_nothing_is_selected_that_has_a_score(
    example: Path, sheet: str, row: int, column: int, message: str
) -> None:
    book = at(example / "总表.xlsx", sheet, row, column)
    person = pressed("explain_score", book)
    assert person.last.startswith(message)
    assert (person.troubles, person.asked, actions(book.book)) == ([True], [], [])


def test_a_picture_is_selected(example: Path) -> None:
    book = at(example / "总表.xlsx", "排名", 5)
    book.app = Looking(book.app, selection=None)
    assert pressed("explain_score", book).last.startswith("没有选中单元格(选中的是图形或图表)。")


def test_a_master_that_was_never_consolidated(tmp_path: Path) -> None:
    new("BH", tmp_path / "总表.xlsx")
    person = pressed("explain_score", at(tmp_path / "总表.xlsx", "单位", 4))
    assert person.last.startswith("总表还没有汇总过,没有可解释的得分。请先汇总(按钮“汇总”")
    assert person.troubles == [True]


def test_a_workbook_that_is_no_master(tmp_path: Path) -> None:
    other = openpyxl.Workbook()
    other.active.append(["单位代码", "指标代码"])
    other.active.append(["U01", "A01"])
    other.save(tmp_path / "别的.xlsx")
    person = pressed("explain_score", at(tmp_path / "别的.xlsx", "Sheet", 2))
    assert person.last == (
        "“别的.xlsx”不是考核总表(没有找到《方案》《指标》)。请用 kaohe new 新建总表,或检查文件名。"
    )


def test_unsaved_changes_count(desk: Path) -> None:
    """What is on the screen is explained, not what was saved: a target typed a moment ago."""
    master = desk / "总表.xlsx"
    rows = table(master, "得分明细")
    unit, code = str(rows[4][0]), str(rows[4][4])
    targets = table(master, "目标")
    line = next(n for n, row in enumerate(targets, 1) if row[0] == code and row[1] in (unit, "*"))
    changed = desk / "改.xlsx"
    changed.write_bytes(fill(master.read_bytes(), "目标", {(line, 3): 4321.0}))
    [asked] = pressed("explain_score", at(changed, "得分明细", 5), "no").asked
    assert "目标值:4321" in asked


def test_the_offices_own_sheet_of_that_name_stays(desk: Path) -> None:
    own = openpyxl.load_workbook(desk / "总表.xlsx")
    own.create_sheet(KEY)["A1"] = "考核办自己的"
    own.save(desk / "总表.xlsx")
    book = at(desk / "总表.xlsx", "排名", 5)
    person = pressed("explain_score", book)
    assert "已有一张不属于本系统的工作表“得分说明”" in person.last
    assert person.troubles == [True]
    assert book.screen().sheet(KEY).values == {(1, 1): "考核办自己的"}


def test_a_book_open_for_reading_only_can_be_explained_and_printed(desk: Path) -> None:
    book = at(desk / "总表.xlsx", "排名", 5)
    book.api.ReadOnly = True
    assert "已写到工作表《得分说明》" in pressed("explain_score", book).last


def test_an_error_while_writing_says_what_was_touched(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("call was rejected")

    monkeypatch.setattr("kaohe.faces.ribbon_explain.write_plan", broken)
    person = pressed("explain_score", at(desk / "总表.xlsx", "排名", 5))
    assert "写《得分说明》中途出错(call was rejected)。其他工作表没有改动" in person.last
    assert person.troubles == [True]


@pytest.mark.full
def test_no_explanation_is_longer_than_a_box_shows(persons: Path) -> None:
    count = len(table(persons, "排名"))
    for row in range(5, count + 1, 11):
        [asked] = pressed("explain_score", at(persons, "排名", row), "no").asked
        assert len(asked) <= 700 < ribbon_dialog.LONGEST
