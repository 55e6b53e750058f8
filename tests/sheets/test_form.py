"""The unit workbook: what a clerk may touch, what it offers, how it prints, and how it is read back."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kaohe import terms
from kaohe.sheets.form_layout import BODY_START, HEADER_ROW, TITLES, letter
from kaohe.sheets.form_read import read_return
from tests.support import bh, example

ENTRY = ("actual", "status", "mark", "evidence", "reason", "measure")


@pytest.fixture(scope="module")
def form() -> Worksheet:
    """A whole form of the example as issued."""
    path = example.made().folder / example.ISSUED / "新区-自测完成情况表-2007-H1.xlsx"
    return openpyxl.load_workbook(path)["自测表"]


def rows(sheet: Worksheet) -> dict[str, int]:
    """Indicator code → sheet row."""
    codes = {row.code for row in bh.scheme().at(bh.H1.end).indicators}
    column = letter("code")
    return {
        str(sheet[f"{column}{n}"].value): n
        for n in range(BODY_START, sheet.max_row + 1)
        if sheet[f"{column}{n}"].value in codes
    }


def test_every_indicator_in_force_has_its_row(form: Worksheet) -> None:
    """BH7: those of 30 June; D09 and D014 come in July."""
    assert set(rows(form)) == {row.code for row in bh.scheme().at(bh.H1.end).indicators}


def test_only_what_a_clerk_fills_in_is_unlocked(form: Worksheet) -> None:
    """In the table: the entry columns of indicator rows; a composite's value is put together."""
    assert form.protection.sheet
    expected = {f"{letter(key)}{row}" for row in rows(form).values() for key in ENTRY}
    composite = rows(form)["D01"]
    expected -= {f"{letter(key)}{composite}" for key in ("actual", "status")}
    body = range(BODY_START, max(rows(form).values()) + 1)
    unlocked = {cell.coordinate for n in body for cell in form[n] if not cell.protection.locked}
    assert unlocked == expected


def test_locked_cells_of_the_table_are_not_yellow_and_unlocked_ones_are(form: Worksheet) -> None:
    fills: dict[bool, set[str]] = {True: set(), False: set()}
    for row in rows(form).values():
        for cell in form[row]:
            fills[bool(cell.protection.locked)].add(str(cell.fill.start_color.rgb)[-6:])
    assert not fills[True] & fills[False]


def test_drop_downs_offer_the_words_of_the_scheme(form: Worksheet) -> None:
    """数据状态 and 标记 of every row (BH8)."""
    offered = {}
    for validation in form.data_validations.dataValidation:
        if validation.type == "list":
            offered[str(validation.sqref)] = str(validation.formula1).strip('"')
    first, last = min(rows(form).values()), max(rows(form).values())
    for key, words in (("status", terms.FIGURE_STATUSES), ("mark", terms.MARKS)):
        areas = [area for area, listed in offered.items() if listed == ",".join(words)]
        assert len(areas) == 1
        begin, _, end = areas[0].partition(":")
        assert begin[0] == end[0] == letter(key)
        assert int(begin[1:]) <= first
        assert int(end[1:]) >= last


def test_cells_to_fill_in_say_what_is_wanted(form: Worksheet) -> None:
    prompts = {str(v.promptTitle): str(v.prompt) for v in form.data_validations.dataValidation if v.prompt}
    assert {"完成值", "数据状态", "标记", "原因", "措施"} <= set(prompts)
    assert "百分点" in prompts["完成值"]


def test_it_prints_on_a4_across_with_its_heading_on_every_page(form: Worksheet) -> None:
    setup = form.page_setup
    assert (setup.orientation, int(setup.paperSize or 0), setup.fitToHeight) == ("landscape", 9, 0)
    assert form.sheet_properties.pageSetUpPr.fitToPage
    assert form.print_title_rows.replace("$", "") == f"{HEADER_ROW}:{HEADER_ROW}"


def test_title_period_deadline_help_and_signatures(form: Worksheet) -> None:
    texts = [str(cell.value) for row in form.iter_rows() for cell in row if isinstance(cell.value, str)]
    whole = "\n".join(texts)
    for word in ("自测完成情况表", "2007年上半年", "新区", "2007-07-10", "只填黄色单元格", "演示数据"):
        assert word in whole
    for word in ("填报人", "审核人", "负责人", "电话", "公章"):
        assert any(text.startswith(word) or word in text for text in texts)
    assert all(title in texts for title in TITLES.values())


def test_the_identity_is_very_hidden() -> None:
    path = example.made().folder / example.ISSUED / "新区-自测完成情况表-2007-H1.xlsx"
    book = openpyxl.load_workbook(path)
    assert book["_kaohe"].sheet_state == "veryHidden"
    assert book.active.title == "自测表"
    returned = read_return(path.read_bytes(), path.name, "")
    assert returned.identity.unit == "U09"
    assert returned.identity.number.startswith("2007-H1-U09-")


def rearranged(path: Path) -> bytes:
    """The form as another program may leave it: renamed, a column put in front, two rows above."""
    book = openpyxl.load_workbook(path)
    sheet = book["自测表"]
    sheet.title = "滨湖 自测"
    sheet.insert_cols(1)
    sheet.insert_rows(1, 2)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_moved_and_renamed_form_is_read_all_the_same() -> None:
    """Columns are found by their headings, rows by their codes; the cell named is where it stands now."""
    path = example.form_of("新区")
    before = {row.indicator: row for row in read_return(path.read_bytes(), "", "").rows}
    after = {row.indicator: row for row in read_return(rearranged(path), "", "").rows}
    assert set(after) == set(before)
    assert {c: (r.value, r.status, r.reason) for c, r in after.items() if c != "D01"} == {
        c: (r.value, r.status, r.reason) for c, r in before.items() if c != "D01"
    }
    assert before["A01"].cell[0] == "K"
    assert after["A01"].cell == f"L{int(before['A01'].cell[1:]) + 2}"


def test_bh10_text_and_number_cells_are_read_as_they_are() -> None:
    """92.0 typed as text keeps its nought; a percent format is noted; an error value is told."""
    book = openpyxl.load_workbook(example.form_of("新区"))
    sheet = book["自测表"]
    at = {code: f"{letter('actual')}{row}" for code, row in rows(sheet).items()}
    sheet[at["B01"]].value = "92.0"
    sheet[at["B04"]].value, sheet[at["B04"]].number_format = 0.982, "0.0%"
    sheet[at["B05"]].value = "#DIV/0!"
    sheet[at["B06"]].value = "=1+1"
    data = io.BytesIO()
    book.save(data)
    found = {row.indicator: row for row in read_return(data.getvalue(), "", "").rows}
    assert found["B01"].value == "92.0"
    assert (found["B04"].value, found["B04"].percent) == (0.982, True)
    assert found["B05"].error == "#DIV/0!"
    assert found["B06"].uncached
