"""The clerk's form on the desktop: texts become the numbers that are read, and a copy is safe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kaohe.jobs.common import JobError
from kaohe.jobs.form_in_place import (
    OpenForm,
    check_form,
    read_open_form,
    return_path,
    save_return,
    typed_values,
    write_numbers,
)
from kaohe.sheets.assessor_fill import fill_in_assessor
from kaohe.values.typed import read_typed
from kaohe.workbooks.package.refs import parse_area
from tests.ribbon.excel import Workbook
from tests.ribbon.remote import Place
from tests.ribbon.test_desktop import on_desktop
from tests.ribbon.test_write import sheets_of
from tests.support.line import Desk

FORM = "回收/江阴市-自测完成情况表-2007-H1.xlsx"
SHEET = "自测表"


def entries(book: Any) -> list[Place]:
    """Cells of 完成值 that hold a number, in the order of rows."""
    rows = [row for row in read_open_form(book).returned.rows if isinstance(row.value, float)]
    return [(area.top, area.left) for row in rows if (area := parse_area(row.cell))]


def read_numbers(form: OpenForm) -> dict[Place, float | None]:
    """What the reader of returned forms makes of every cell that holds a number."""
    found = {}
    for row in form.returned.rows:
        area = parse_area(row.cell)
        if area and isinstance(row.value, float):
            read = read_typed(row.value, percent_format=row.percent, unit_of_measure=row.unit_of_measure)
            found[area.top, area.left] = read.number
    return found


FORMATS = (
    ("General", "92", 92.0, 92.0),
    ("0%", "92", 92.0, 0.92),
    ("0.00%", "92.35%", 92.35, 0.9235),
    ("@", "1,746", 1746.0, 1746.0),
)


@pytest.mark.parametrize(("shown", "text", "number", "kept"), FORMATS)
def test_the_number_is_read_as_it_was_meant(
    engine: Any, desk: Path, shown: str, text: str, number: float, kept: float
) -> None:
    excel = Workbook(desk / FORM)
    book, cells = on_desktop(engine, excel), excel.sheet(SHEET).cells
    percents = [row for row in read_open_form(book).returned.rows if row.unit_of_measure == "%"]
    area = parse_area(percents[0].cell)
    assert area is not None
    place = area.top, area.left
    cells.values[place], cells.formats["setNumberFormat", place] = text, shown
    form = read_open_form(book)
    values = typed_values(form)
    assert [(value.typed, value.number) for value in values] == [(text, number)]
    write_numbers(book, form, values)
    assert cells.values[place] == pytest.approx(kept, rel=1e-15)
    assert read_numbers(read_open_form(book))[place] == number


def test_a_text_cell_of_a_protected_form_keeps_its_text(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / FORM)
    book, sheet = on_desktop(engine, excel), excel.sheet(SHEET)
    first, second = entries(book)[:2]
    sheet.cells.values[first], sheet.cells.values[second] = "21.5", "22.5"
    sheet.cells.formats["setNumberFormat", first] = "@"
    sheet.ProtectContents, sheet.unlocked = True, {first, second}
    form = read_open_form(book)
    with pytest.raises(JobError, match=r"已恢复原来的文字;其余 1 处已改写.*改为“常规”"):
        write_numbers(book, form, typed_values(form))
    assert (sheet.cells.values[first], sheet.cells.values[second]) == ("21.5", 22.5)


def test_only_what_is_listed_is_rewritten_and_the_rest_comes_next(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / FORM)
    book, cells = on_desktop(engine, excel), excel.sheet(SHEET).cells
    places = entries(book)[:14]
    cells.values.update({place: f"{place[0]}.5" for place in places})
    form = read_open_form(book)
    values = typed_values(form)
    count = len(values)
    assert 0 < count <= 10
    assert f"另有 {14 - count} 处未列出" in values[-1].note
    write_numbers(book, form, values)
    assert [isinstance(cells.values[place], float) for place in places] == [True] * count + [False] * (
        14 - count
    )
    rest = typed_values(read_open_form(book))
    assert [value.typed for value in rest] == [f"{row}.5" for row, _ in places[count:]]


def test_the_copy_holds_what_was_typed_and_not_saved(engine: Any, desk: Path) -> None:
    excel = Workbook(desk / FORM)
    book = on_desktop(engine, excel)
    place = entries(book)[0]
    excel.sheet(SHEET).cells.values[place] = 4321.5
    target = desk / "上报" / "表.xlsx"
    save_return(book, target)
    assert sheets_of(target)[SHEET].cell(*place).value == 4321.5
    assert [path.name for path in target.parent.iterdir()] == ["表.xlsx"]


@pytest.mark.parametrize("written", [0, 1000])
def test_the_old_return_is_there_when_the_copy_fails(engine: Any, desk: Path, written: int) -> None:
    excel = Workbook(desk / FORM)
    excel.copy_fails = written
    target = desk / "表.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(JobError, match="正被打开,请关闭后重试"):
        save_return(on_desktop(engine, excel), target)
    assert target.read_bytes() == b"old"
    assert not list(desk.glob("*正在另存*"))


def test_the_old_return_is_there_when_it_is_open(
    engine: Any, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(13, "open elsewhere", str(target))

    monkeypatch.setattr("kaohe.jobs.form_in_place.os.replace", refuse)
    target = desk / "表.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(JobError, match=r"“表\.xlsx”正被打开,请关闭后重试"):
        save_return(on_desktop(engine, Workbook(desk / FORM)), target)
    assert target.read_bytes() == b"old"
    assert not list(desk.glob("*正在另存*"))


def test_a_table_of_marks_is_checked_by_the_same_button(engine: Any, tmp_path: Path) -> None:
    """考评打分表: blanks by cell, and the name it is sent in under."""
    tables = {
        "方案": "项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007\n权重合计|0",
        "指标": """
            指标代码|上级|指标名称|权重|计分方法|频次|序时|取值|考评部门
            X1|A|作风|60|评定分|月度|无|考评|督查室
            """,
        "部分": "代码|名称|上级|满分\nA|发展||60",
        "目标": "指标代码|单位代码|目标值",
    }
    made = Desk.new(tmp_path, **tables)
    made.issue()
    path = made.form("", "督查室")
    filled = fill_in_assessor(path.read_bytes(), path.name, {("U1", "X1"): {"actual": "较好"}})
    path.write_bytes(filled)
    book = on_desktop(engine, Workbook(path))
    form = read_open_form(book)
    assert [(f.code, f.location.cell) for f in check_form(form)] == [("V02", "D9"), ("V25", "D10")]
    assert return_path(book, form).name == path.name
