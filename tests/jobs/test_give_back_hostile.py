"""退回单 of hostile and unreadable files: nothing hostile is carried, nobody goes without an answer."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from kaohe.jobs.check import check
from kaohe.jobs.demo import demo
from kaohe.sheets.assessor_read import blocks_of, find_table
from kaohe.sheets.form_read import read_return
from kaohe.sheets.give_back_sheet import GIVE_BACK
from kaohe.workbooks.grid import address
from kaohe.workbooks.package import PatchRefused
from kaohe.workbooks.package.mark_safe import carried
from kaohe.workbooks.read import read_book
from tests.jobs import hostile_parts
from tests.jobs.given_back import (
    ATTACK,
    colours,
    formulas,
    given,
    in_old_format,
    listed,
    mended,
    notes,
    only,
    understood,
    wrong_desk,
)
from tests.support.line import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """One wrong form and a right one."""
    return wrong_desk(tmp_path)


def test_buttons_on_the_sheet_are_refused(desk: Desk) -> None:
    """An old-style drawing that holds more than notes cannot be drawn anew: the form is made anew."""
    path = desk.inbox / desk.form("U1").name
    vml = b'<xml><v:shape><x:ClientData ObjectType="Button"/></v:shape></xml>'
    button = hostile_parts.related("vmlDrawing", "vmlDrawing1.vml", vml, of="sheet")
    path.write_bytes(hostile_parts.changed(path.read_bytes(), button))
    assert len(given(desk).anew) == 1


@pytest.mark.soffice
def test_an_old_format_is_made_anew(desk: Desk, tmp_path: Path) -> None:
    """.xls cannot be patched; the clerk gets the same form as .xlsx with what was typed."""
    path = desk.inbox / desk.form("U1").name
    old = in_old_format(path, tmp_path / "旧")
    path.unlink()
    shutil.copy2(old, desk.inbox / old.name)
    copy = only(given(desk).anew)
    assert set(notes(copy)) == {"K8", "K10"}
    assert [row.value for row in understood(copy).rows] == ["约80", None]


def test_a_long_text_is_quoted_by_its_beginning(desk: Desk) -> None:
    """So that note and list can be read; the cell has it whole."""
    path = desk.inbox / desk.form("U1").name
    mended(path, path, {"K8": "约" * 5000}, desk.clock())
    copy = only(given(desk).marked)
    for text in (notes(copy)["K8"], str(listed(copy)[0][4])):
        assert f"“{'约' * 100}…(共 5,000 字)”" in text
        assert len(text) < 400
    assert understood(copy).rows[0].value == "约" * 5000


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
    with pytest.raises(PatchRefused, match=r"不能原样退回|DOCTYPE|已损坏"):
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


def test_a_changed_scheme_makes_no_wrong_form(desk: Desk) -> None:
    """A hostile return under an older version cannot be made anew: it gets the list."""
    path = desk.inbox / desk.form("U1").name
    path.write_bytes(hostile_parts.changed(path.read_bytes(), hostile_parts.REFUSED["macros"]))
    book = openpyxl.load_workbook(desk.master)
    book["目标"]["C5"].value = 123
    book.save(desk.master)
    done = given(desk)
    assert (len(done.listed), done.anew, done.marked) == (1, (), ())


def first_remark(path: Path) -> tuple[str, str]:
    """The cell for the remark about the first unit of a 考评打分表, and that unit's code."""
    found = find_table(read_book(path.read_bytes(), path.name))
    assert found is not None
    block = blocks_of(found)[0]
    row, (unit, _) = next(iter(block.units.items()))
    return address(row, block.remark + 1), unit


def test_a_hostile_marking_sheet_is_made_anew(tmp_path: Path) -> None:
    """A 考评打分表 with macros: the same values and remarks, from the master, the spoiled cell marked."""
    made = demo("WX-D", tmp_path / "演示")
    path = min((made.folder / "回收").glob("*考评打分表*.xlsx"))
    remark, remarked = first_remark(path)
    mended(path, path, {remark: "现场核查"}, dt.datetime(2017, 1, 9), understood(path).sheet)
    before = understood(path)
    cell = next(row.cell for row in before.rows if row.value is not None)
    mended(path, path, {cell: "约80"}, dt.datetime(2017, 1, 10), before.sheet)
    path.write_bytes(
        hostile_parts.changed(path.read_bytes(), hostile_parts.related("vbaProject", "v.bin", b"MZ"))
    )
    done = check([path], master_path=made.folder / "总表.xlsx", return_to=tmp_path / "退回").given_back
    assert done is not None
    copy = only(done.anew)
    after = understood(copy)
    assert after.identity == before.identity
    typed = {(row.unit, row.indicator): row.value for row in before.rows if row.cell != cell}
    assert {k: v for row in after.rows if (k := (row.unit, row.indicator)) in typed and (v := row.value)} == {
        key: value for key, value in typed.items() if value
    }
    assert cell in notes(copy, after.sheet)
    reasons = {row.unit: row.reason for row in before.rows if row.reason}
    assert {row.unit: row.reason for row in after.rows if row.reason} == reasons
    assert reasons[remarked] == "现场核查"


def test_what_is_marked_is_in_sight(desk: Desk) -> None:
    """Sheet, row and column of a mark are shown, whoever hid them; what is not marked stays as it was."""
    path = desk.inbox / desk.form("U1").name
    book = openpyxl.load_workbook(path)
    sheet = book["自测表"]
    sheet.sheet_state = "hidden"
    sheet.row_dimensions[8].hidden = sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["K"].hidden = True
    book.save(path)
    copy = only(given(desk).marked)
    shown = openpyxl.load_workbook(copy)["自测表"]
    assert shown.sheet_state == "visible"
    assert (shown.row_dimensions[8].hidden, shown.row_dimensions[3].hidden) == (False, True)
    assert not shown.column_dimensions["K"].hidden
    assert "K8" in notes(copy)


def test_nothing_drawn_is_carried_as_it_came(desk: Desk) -> None:
    """Also where no cell is marked: an old-style drawing is made anew from the notes, or left out."""
    path = desk.inbox / desk.form("U1").name
    evil = b'<xml><v:shape><x:ClientData ObjectType="Note"/></v:shape><v:imagedata src="http://evil"/></xml>'

    def drawn(parts: hostile_parts.Parts) -> None:
        form = hostile_parts.form_part(parts)
        other = next(n for n in sorted(parts) if "worksheets/sheet" in n and n != form and "_rels" not in n)
        folder, _, name = other.rpartition("/")
        target = f'<Relationship Id="rIdEvil" Type="{hostile_parts.REL}/vmlDrawing" Target="v.vml"/>'
        empty = "http://schemas.openxmlformats.org/package/2006/relationships"
        parts[f"{folder}/_rels/{name}.rels"] = (
            f'<Relationships xmlns="{empty}">{target}</Relationships>'.encode()
        )
        parts[f"{folder}/v.vml"] = evil

    path.write_bytes(hostile_parts.changed(path.read_bytes(), drawn))
    copy = only(given(desk).marked)
    parts = hostile_parts.part_of(copy.read_bytes())
    leads = [n for n, c in parts.items() if n.endswith(".rels") and b"rIdEvil" in c]
    assert leads == []
