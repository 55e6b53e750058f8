"""退回单: marked copies of returns that come back as normal returns."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from kaohe.jobs.check import check
from kaohe.jobs.common import JobError
from kaohe.jobs.demo import demo
from kaohe.jobs.master import open_master
from kaohe.sheets.form_layout import FORM_TITLE
from kaohe.sheets.form_read import read_return
from kaohe.sheets.give_back_sheet import GIVE_BACK
from kaohe.workbooks.package import fill
from kaohe.workbooks.package.refs import parse_area
from tests.jobs import hostile_parts
from tests.jobs.given_back import (
    RIGHT,
    WRONG,
    colours,
    given,
    listed,
    mended,
    notes,
    only,
    understood,
    wrong_desk,
)
from tests.support.libreoffice import recalculate, require_soffice
from tests.support.line import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """One wrong form and a right one."""
    return wrong_desk(tmp_path)


def test_the_wrong_cells_are_coloured_noted_and_listed(desk: Desk) -> None:
    done = given(desk)
    copy = only(done.marked)
    assert (copy.name, done.anew, done.listed) == (f"退回-{desk.form('U1').name}", (), ())
    assert set(notes(copy)) == {"K8", "K10"}
    assert "约80" in notes(copy)["K8"]
    assert "请填写完成值" in notes(copy)["K10"]
    assert colours(copy) == {"K8": "FFC7CE", "K10": "FFC7CE"}
    assert [(row[1], row[2], row[3]) for row in listed(copy)] == [
        ("错误", "自测表", "K8"),
        ("错误", "自测表", "K10"),
    ]


def test_the_list_is_a_letter_in_front(desk: Desk) -> None:
    copy = only(given(desk).marked)
    book = openpyxl.load_workbook(copy)
    assert book.sheetnames[0] == book.active.title == GIVE_BACK
    sheet = book[GIVE_BACK]
    words = [str(cell) for row in sheet.iter_rows(max_row=7, values_only=True) for cell in row if cell]
    assert "小方案报送材料退回单" in words[0]
    assert {"致:", "东区", "改正报回截止:", "联系人:"} <= set(words)
    assert any(word.startswith("印发日期:2007年7月1日") for word in words)
    assert sheet["D9"].hyperlink.location == "自测表!K8"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("portrait", 1)
    assert sum(view.tabSelected or False for s in book for view in s.views.sheetView) == 1


def test_nothing_else_of_the_workbook_changes(desk: Desk) -> None:
    """Identity, cells, protection with its open cells, the hidden sheet: as returned."""
    before = desk.inbox / desk.form("U1").name
    untouched = before.read_bytes()
    copy = only(given(desk).marked)
    assert understood(copy) == understood(before)
    old, new = openpyxl.load_workbook(before), openpyxl.load_workbook(copy)
    assert [s for s in new.sheetnames if s not in (GIVE_BACK, "样式")] == old.sheetnames
    assert new["_kaohe"].sheet_state == "veryHidden"
    form = new[FORM_TITLE]
    assert form.protection.sheet
    assert not form["K8"].protection.locked
    assert form["F8"].protection.locked
    assert [c.value for row in form.iter_rows() for c in row] == [
        c.value for row in old[FORM_TITLE].iter_rows() for c in row
    ]
    assert before.read_bytes() == untouched


def test_the_mended_copy_comes_back_as_a_normal_return(desk: Desk) -> None:
    """Round trip: only the marked cells are mended; no error is left, and the register tells 2→0."""
    first = desk.consolidate()
    assert first.errors
    copy = only(given(desk).marked)
    marked = dict.fromkeys(notes(copy), 96.0)
    mended(copy, desk.inbox / copy.name, marked, desk.clock())
    done = desk.consolidate()
    assert [f.code for f in done.assessment.findings if f.severity == "ERROR"] == []
    assert {s.unit.code: s.rank for s in done.assessment.standings} == {"U2": 1, "U1": 2}
    rows = [row for row in desk.rows("收件登记") if row["单位代码"] == "U1"]
    assert [(row["处理结果"], row["错误"], row["与上次相比"]) for row in rows] == [
        ("已汇总", 2, None),
        ("被替代", 0, None),
        ("已汇总", 0, "错误 2→0,存疑 0→0"),
    ]


def test_a_second_round_replaces_the_first(desk: Desk) -> None:
    """One of the two is mended: its mark goes, the list has only the other."""
    copy = only(given(desk).marked)
    back = mended(copy, desk.inbox / desk.form("U1").name, {"K10": 96.0}, desk.clock())
    again = only(given(desk).marked)
    assert again == copy
    assert set(notes(again)) == set(colours(again)) == {"K8"}
    assert [row[3] for row in listed(again)] == ["K8"]
    assert openpyxl.load_workbook(again).sheetnames.count(GIVE_BACK) == 1
    assert understood(again) == understood(back)
    mended(again, back, {"K8": 100.0}, desk.clock())
    assert given(desk).count == 0


@pytest.mark.soffice
def test_the_way_through_libreoffice(desk: Desk, tmp_path: Path) -> None:
    """Saved by another program in between, marks and notes are found and replaced all the same."""
    require_soffice()
    copy = only(given(desk).marked)
    saved = recalculate(copy, tmp_path / "另存")
    assert set(notes(saved)) == {"K8", "K10"}
    back = mended(saved, desk.inbox / desk.form("U1").name, {"K10": 96.0}, desk.clock())
    again = only(given(desk).marked)
    assert set(notes(again)) == set(colours(again)) == {"K8"}
    assert [row[3] for row in listed(again)] == ["K8"]
    twice = recalculate(again, tmp_path / "再存")
    mended(twice, back, {"K8": 100.0}, desk.clock())
    done = desk.consolidate()
    assert not done.errors


def test_notes_of_the_clerk_stay(desk: Desk, tmp_path: Path) -> None:
    path = desk.inbox / desk.form("U1").name
    book = openpyxl.load_workbook(path)
    book[FORM_TITLE]["K8"].comment = openpyxl.comments.Comment("统计局口径", "张三")
    book[FORM_TITLE]["C8"].comment = openpyxl.comments.Comment("产值含税", "张三")
    book.save(path)
    copy = only(given(desk).marked)
    found = notes(copy)
    assert found["C8"] == "产值含税"
    assert found["K8"].startswith("统计局口径")
    assert "【退回】" in found["K8"]
    mended(copy, path, {"K8": 100.0, "K10": "约9"}, desk.clock())
    again = notes(only(given(desk).marked))
    assert (again["K8"], again["C8"]) == ("统计局口径", "产值含税")
    assert "约9" in again["K10"]


def test_a_renamed_form_is_found_behind_the_list(desk: Desk) -> None:
    """The list is not taken for the form."""
    copy = only(given(desk).marked)
    book = openpyxl.load_workbook(copy)
    book[FORM_TITLE].title = "上半年"
    book.save(desk.inbox / desk.form("U1").name)
    read = understood(desk.inbox / desk.form("U1").name)
    assert (read.sheet, read.problem, len(read.rows)) == ("上半年", "", 2)
    assert set(notes(only(given(desk).marked), "上半年")) == {"K8", "K10"}


def test_only_what_counts_is_given_back(desk: Desk) -> None:
    """An earlier copy of the same form is not."""
    desk.fill("U1", RIGHT, name="后来.xlsx")
    assert given(desk).count == 0
    assert not (desk.folder / "退回").exists()


def test_the_folder_must_not_be_read_as_returns(desk: Desk) -> None:
    for folder in (desk.inbox, desk.inbox / "退回"):
        with pytest.raises(JobError, match="回收文件夹"):
            check([desk.inbox], master_path=desk.master, return_to=folder)
    files = sorted(desk.inbox.iterdir())
    with pytest.raises(JobError, match="回收文件夹"):
        check(files, master_path=desk.master, return_to=desk.inbox)
    with pytest.raises(JobError, match="--master"):
        check([desk.inbox], return_to=desk.folder / "退回")
    below = check(files, master_path=desk.master, return_to=desk.inbox / "退回").given_back
    assert below is not None
    assert below.count == 1


def test_what_is_marked_can_be_seen(desk: Desk) -> None:
    """The sheet, the rows and the column of marked cells are shown; what else was hidden stays so."""
    path = desk.inbox / desk.form("U1").name
    book = openpyxl.load_workbook(path)
    sheet = book[FORM_TITLE]
    sheet.sheet_state = "hidden"
    for row in (8, 9, 10):
        sheet.row_dimensions[row].hidden = True
    for letter in ("K", "L"):
        sheet.column_dimensions[letter].hidden = True
    book.save(path)
    shown = openpyxl.load_workbook(only(given(desk).marked))
    sheet = shown[FORM_TITLE]
    assert (sheet.sheet_state, shown["_kaohe"].sheet_state) == ("visible", "veryHidden")
    assert [sheet.row_dimensions[row].hidden for row in (8, 9, 10)] == [False, True, False]
    assert [sheet.column_dimensions[letter].hidden for letter in ("K", "L")] == [False, True]


def test_what_lies_there_from_before_is_told(desk: Desk) -> None:
    """Whoever sends the folder would ask for what was mended long ago."""
    other = desk.fill("U2", WRONG)
    assert given(desk).count == 2
    desk.fill("U1", RIGHT)
    done = given(desk)
    (note,) = (note for note in done.notes if "以前的退回单" in note)
    assert "另有 1 份" in note
    assert "东区 1 份的表已没有错误" in note
    assert [path.name for path in done.marked] == [f"退回-{other.name}"]
    desk.fill("U2", RIGHT)
    done = given(desk)
    assert done.count == 0
    (note,) = done.notes
    assert "另有 2 份" in note
    assert "东区、西区 2 份的表已没有错误" in note
    for path in done.folder.iterdir():
        path.unlink()
    assert given(desk).notes == ()


def test_a_missing_telephone_is_told_to_the_office(desk: Desk) -> None:
    assert any("“联系方式”空着" in note for note in given(desk).notes)
    book = openpyxl.load_workbook(desk.master)
    sheet = book["方案"]
    row = next(row for row in sheet.iter_rows() if any(cell.value == "联系方式" for cell in row))
    at = next(cell for cell in row if cell.value == "联系方式")
    sheet.cell(at.row, at.column + 1).value = "0510-1234567"
    book.save(desk.master)
    assert given(desk).notes == ()


def test_a_department_that_checks_gets_its_own_back(tmp_path: Path) -> None:
    """WX-J, 125 units: one value of every workbook is spoiled, forms of units and 考评打分表 alike."""
    made = demo("WX-J", tmp_path / "演示")
    inbox = made.folder / "回收"
    spoiled = {path: _spoiled(path) for path in sorted(inbox.glob("*.xlsx"))}
    assert len(spoiled) >= 125
    master = made.folder / "总表.xlsx"
    checked = check([inbox], master_path=master, return_to=tmp_path / "退回")
    done = checked.given_back
    assert done is not None
    assert (done.anew, done.listed, done.failed) == ((), (), ())
    wrong = {f.location.workbook for f in checked.findings if f.severity == "ERROR"}
    assert {f"退回-{name}" for name in wrong} == {path.name for path in done.marked}
    assert any("考评打分表" in path.name for path in done.marked)
    assert len(done.marked) > 100
    issued = {row.workbook: row for row in open_master(master).issues.values()}
    for path in done.marked[:: len(done.marked) // 8]:
        sheet, cell = spoiled[inbox / path.name.removeprefix("退回-")]
        assert cell in notes(path, sheet)
        assert understood(path).identity.number == issued[path.name.removeprefix("退回-")].number


def _spoiled(path: Path) -> tuple[str, str]:
    """Type 约80 over the first value of a workbook; returns the sheet and the cell."""
    read = read_return(path.read_bytes(), path.name, "")
    cell = next(row.cell for row in read.rows if row.value is not None)
    place = parse_area(cell)
    assert place is not None
    path.write_bytes(fill(path.read_bytes(), read.sheet, {(place.top, place.left): "约80"}))
    return read.sheet, cell


def test_the_package_is_sound(desk: Desk) -> None:
    """Every part has a type, notes and shapes agree, elements stand in the order the schema wants."""
    copy = only(given(desk).marked)
    parts = hostile_parts.part_of(copy.read_bytes())
    assert zipfile.ZipFile(io.BytesIO(copy.read_bytes())).testzip() is None
    types = parts["[Content_Types].xml"].decode()
    comments = only(Path(name) for name in parts if "/comments" in name)
    shapes = only(Path(name) for name in parts if name.endswith(".vml"))
    assert f'PartName="/{comments.as_posix()}"' in types
    assert 'Extension="vml"' in types
    assert parts[comments.as_posix()].count(b"<comment ") == parts[shapes.as_posix()].count(b"<v:shape ") == 2
    form = parts[hostile_parts.form_part(parts)].decode()
    tags = ("<conditionalFormatting", "<dataValidations", "<pageMargins", "<pageSetup", "<legacyDrawing")
    at = [form.index(tag) for tag in tags]
    assert at == sorted(at)
    priorities = re.findall(r'<cfRule [^>]*?priority="(\d+)"', form)
    assert len(priorities) == len(set(priorities))


def test_a_copy_of_the_form_is_given_back_once(desk: Desk) -> None:
    """The same bytes under two names: one counts, one 退回单."""
    path = desk.inbox / desk.form("U1").name
    shutil.copy2(path, desk.inbox / "另一份.xlsx")
    assert given(desk).count == 1
