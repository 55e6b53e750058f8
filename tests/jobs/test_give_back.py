"""退回单: marked copies come back as normal returns, nothing hostile is carried, the rest is listed."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kaohe.jobs.check import check
from kaohe.jobs.common import JobError
from kaohe.jobs.demo import demo
from kaohe.jobs.give_back import GivenBack
from kaohe.jobs.master import open_master
from kaohe.model import Return
from kaohe.sheets.form_layout import FORM_TITLE
from kaohe.sheets.form_read import read_return
from kaohe.sheets.give_back_sheet import GIVE_BACK
from kaohe.workbooks.package import PatchRefused, fill
from kaohe.workbooks.package.mark_safe import carried
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.plan import Scalar
from tests.jobs import hostile_parts
from tests.support.libreoffice import recalculate, require_soffice
from tests.support.line import Desk

WRONG = "指标|完成值|原因|措施\nX1|约80|停产|追赶\nX2|||"
RIGHT = "指标|完成值|原因|措施\nX1|100||\nX2|95||"
ATTACK = "=cmd|' /C calc'!A0"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """U1's form has an approximate number in K8 and a blank in K10; U2's is right."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", WRONG)
    desk.fill("U2", RIGHT)
    return desk


def given(desk: Desk) -> GivenBack:
    """What check writes for the inbox, into a folder beside it."""
    target = desk.folder / "退回"
    done = check([desk.inbox], master_path=desk.master, return_to=target, clock=desk.clock).given_back
    assert done is not None
    assert (done.folder, done.failed) == (target, ())
    return done


def only(paths: Iterable[Path]) -> Path:
    (path,) = paths
    return path


def notes(path: Path, sheet: str = FORM_TITLE) -> dict[str, str]:
    """Cell → text of its note."""
    book = openpyxl.load_workbook(path)
    return {c.coordinate: c.comment.text for row in book[sheet].iter_rows() for c in row if c.comment}


def colours(path: Path, sheet: str = FORM_TITLE) -> dict[str, str]:
    """Cell → fill of the conditional format that is first of all on it and says 退回."""
    found = {}
    for area, rules in openpyxl.load_workbook(path)[sheet].conditional_formatting._cf_rules.items():
        for rule in rules:
            if "退回" in "".join(rule.formula):
                found[str(area.sqref)] = rule.dxf.fill.bgColor.rgb[-6:]
    return found


def listed(path: Path) -> list[list[Any]]:
    """The rows of the list: number, severity, sheet, cell, what, remedy."""
    rows = [list(row) for row in openpyxl.load_workbook(path)[GIVE_BACK].iter_rows(values_only=True)]
    at = next(n for n, row in enumerate(rows) if row[0] == "序号")
    return [row[:6] for row in rows[at + 1 :] if row[0] is not None]


def formulas(data: bytes) -> set[bytes]:
    """Every formula in any sheet of a workbook."""
    parts = hostile_parts.part_of(data)
    sheets = (content for name, content in parts.items() if "worksheets/" in name)
    return {text for content in sheets for text in re.findall(rb"<f[ >][^<]*</f>", content)}


def understood(path: Path) -> Return:
    return read_return(path.read_bytes(), "x.xlsx", "")._replace(sha256="")


def mended(source: Path, target: Path, values: Mapping[str, Scalar], when: dt.datetime) -> Path:
    """A copy in which somebody typed into these cells of the form, received at ``when``."""
    cells = {(area.top, area.left): value for c, value in values.items() if (area := parse_area(c))}
    target.write_bytes(fill(source.read_bytes(), FORM_TITLE, cells))
    os.utime(target, (when.timestamp(), when.timestamp()))
    return target


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


def test_text_never_becomes_a_formula(desk: Desk) -> None:
    """What was typed stands in cell, list and note as text; no formula is added anywhere but our marks."""
    path = desk.inbox / desk.form("U1").name
    typed = {"K8": ATTACK, "K10": "@SUM(1)", "R8": "+1+cmd|' /C calc'!A0", "S8": "-1"}
    before = mended(path, path, typed, desk.clock()).read_bytes()
    copy = only(given(desk).marked)
    assert formulas(copy.read_bytes()) <= formulas(before)
    assert ATTACK in str(listed(copy)[0][4])
    assert ATTACK in notes(copy)["K8"]
    for sheet in openpyxl.load_workbook(copy):
        cells = [c for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
        assert not [c for c in cells if "cmd" in c.value and c.data_type == "f"]


@pytest.mark.parametrize("name", hostile_parts.REFUSED)
def test_what_may_not_be_sent_back(desk: Desk, name: str) -> None:
    """The marking refuses it, with a message."""
    form = (desk.inbox / desk.form("U1").name).read_bytes()
    assert carried(form)
    with pytest.raises(PatchRefused, match=r"不能原样退回|DOCTYPE"):
        carried(hostile_parts.changed(form, hostile_parts.REFUSED[name]))


@pytest.mark.parametrize("name", hostile_parts.LEFT_OUT)
def test_what_is_left_out(desk: Desk, name: str) -> None:
    change, never = hostile_parts.LEFT_OUT[name]
    form = hostile_parts.changed((desk.inbox / desk.form("U1").name).read_bytes(), change)
    parts = hostile_parts.part_of(carried(form))
    assert not [part for part, content in parts.items() if never in content]
    assert not [part for part, content in parts.items() if b"rIdEvil" in content]


@pytest.mark.parametrize(
    "name", ["macros", "a link to another workbook", "DDE", "a name that runs", "a picture"]
)
def test_a_hostile_return_is_made_anew(desk: Desk, name: str) -> None:
    """From our own template, with what was typed: the clerk loses nothing, and nothing hostile is carried."""
    path = desk.inbox / desk.form("U1").name
    change = hostile_parts.REFUSED[name]
    if name == "DDE":
        change = hostile_parts.formula("cmd|'/C calc'!A0", "S8")
    path.write_bytes(hostile_parts.changed(path.read_bytes(), change))
    done = given(desk)
    copy = only(done.anew)
    parts = hostile_parts.part_of(copy.read_bytes())
    assert not [n for n in parts if re.search("vba|external|drawing1|macro", n, re.IGNORECASE)]
    assert not [text for text in formulas(copy.read_bytes()) if b"cmd|" in text or b"[1]" in text]
    assert b"Auto_Open" not in parts[hostile_parts.BOOK]
    rows = understood(copy).rows
    assert {row.indicator: row.value for row in rows} == {"X1": "约80", "X2": None}
    assert (rows[0].reason, rows[0].measure) == ("停产", "追赶" if name != "DDE" else "80")
    assert set(notes(copy)) == set(colours(copy)) == {"K8", "K10"}
    how = [str(c.value) for c in openpyxl.load_workbook(copy)[GIVE_BACK]["A"] if c.value]
    assert any("不能原样退回" in text and "按总表重新做" in text for text in how)
    mended(copy, path, {"K8": 100.0, "K10": 95.0}, desk.clock())
    assert not desk.consolidate().errors


def test_what_is_nobodys_form_gets_a_list(desk: Desk) -> None:
    """Unreadable, not registered, of another unit: a list alone, addressed by the register if at all."""
    (desk.inbox / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    strange = desk.inbox / "陌生.xlsx"
    strange.write_bytes(_renumbered((desk.inbox / desk.form("U2").name).read_bytes()))
    done = given(desk)
    assert {path.name for path in done.listed} == {"退回单-坏.xlsx", "退回单-陌生.xlsx"}
    for path in done.listed:
        book = openpyxl.load_workbook(path)
        assert [s.title for s in book if s.sheet_state == "visible"] == [GIVE_BACK]
        assert read_return(path.read_bytes(), path.name, "").problem == "W02"
        assert listed(path)[0][1] == "错误"


def _renumbered(form: bytes) -> bytes:
    """The form with an issue number nobody gave out."""

    def change(parts: hostile_parts.Parts) -> None:
        for name in list(parts):
            parts[name] = parts[name].replace(b"2007-H1-U2-", b"2007-H1-U2-X")

    return hostile_parts.changed(form, change)


@pytest.mark.parametrize(
    "name",
    [
        "CON.xlsx",
        "=cmd|' calc'!A0.xlsx",
        '<b>&"quoted".xlsx',
        "换\n行.xlsx",
        "名" * 80 + ".xlsx",
        "a:b?c*.xlsx",
        " 空 格 .xlsx",
        "‮txt.xlsx",
    ],
)
def test_hostile_names(desk: Desk, name: str) -> None:
    """A 退回单 is named by us, inside the folder, and its text stays text."""
    try:
        (desk.inbox / name).write_bytes(b"PK\x03\x04 broken")
    except OSError as error:
        pytest.skip(f"the file system does not take this name: {error.strerror}")
    done = given(desk)
    made = only(done.listed)
    assert made.parent == desk.folder / "退回"
    assert made.is_file()
    assert made.name.startswith("退回单-")
    assert not set(made.name) & set('\\/:*?"<>|\n')
    assert len(made.name.encode()) < 255
    assert formulas(made.read_bytes()) == set()


def test_two_files_that_would_be_called_the_same(desk: Desk) -> None:
    for folder in ("甲", "乙"):
        (desk.inbox / folder).mkdir()
        (desk.inbox / folder / "坏.xlsx").write_bytes(folder.encode())
    done = given(desk)
    assert {path.name for path in done.listed} == {"退回单-坏.xlsx", "退回单-坏-2.xlsx"}


def test_only_what_counts_is_given_back(desk: Desk) -> None:
    """An earlier copy of the same form is not."""
    desk.fill("U1", RIGHT, name="后来.xlsx")
    assert given(desk).count == 0
    assert not (desk.folder / "退回").exists()


def test_the_folder_must_not_be_read_as_returns(desk: Desk) -> None:
    for folder in (desk.inbox, desk.inbox / "退回"):
        with pytest.raises(JobError, match="回收文件夹"):
            check([desk.inbox], master_path=desk.master, return_to=folder)
    with pytest.raises(JobError, match="--master"):
        check([desk.inbox], return_to=desk.folder / "退回")


def test_a_changed_scheme_makes_no_wrong_form(desk: Desk) -> None:
    """A hostile return under an older version cannot be made anew: it gets the list."""
    path = desk.inbox / desk.form("U1").name
    path.write_bytes(hostile_parts.changed(path.read_bytes(), hostile_parts.REFUSED["macros"]))
    book = openpyxl.load_workbook(desk.master)
    book["目标"]["C5"].value = 123
    book.save(desk.master)
    done = given(desk)
    assert (len(done.listed), done.anew, done.marked) == (1, (), ())


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
