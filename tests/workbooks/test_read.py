"""Workbooks of every maker are read into Grids: values, addresses, and what plain values do not tell."""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.cell import Cell

from kaohe.workbooks.grid import Grid
from kaohe.workbooks.guard_parts import is_percent_format
from kaohe.workbooks.read import Book, read_book
from tests.support.libreoffice import recalculate
from tests.workbooks import guard_files as make
from tests.workbooks.guard_files import package, sheet_xml, strings_xml, styles_xml


def by_xlsxwriter() -> bytes:
    """A small form: text, number, percent, date, formula with and without a value, blank, hidden sheets."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    percent = book.add_format({"num_format": "0.00%"})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    form = book.add_worksheet("自测表")
    form.write("B3", "财政收入")
    form.write("C3", 26.25)
    form.write("D3", 0.183, percent)
    form.write_datetime("E3", dt.datetime(2007, 6, 30), date)
    form.write_formula("F3", "=C3*2", None, 52.5)
    form.write_formula("G3", '=""', None, "")
    form.write_blank("H3", None, percent)
    form.write_boolean("I3", True)
    form.write_formula("J3", "=1/0", None, "#DIV/0!")
    form.write("K3", 0)
    form.write("L3", "２１．５")
    form.write_string("C5", "=1+1")
    book.add_worksheet("说明").hide()
    book.add_worksheet("标识").very_hidden()
    book.close()
    return made.getvalue()


def by_openpyxl() -> bytes:
    """The same kinds of cells; openpyxl leaves formulas without a value."""
    book = openpyxl.Workbook()
    form = book.active
    form.title = "自测表"
    form["B3"], form["C3"], form["D3"], form["F3"] = "财政收入", 26.25, 0.183, "=C3*2"
    form["D3"].number_format = "0.00%"
    form["E3"] = dt.datetime(2007, 6, 30, 8, 30)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def only(book: Book) -> Grid:
    assert book.refusal is None, book.refusal
    return next(iter(book.sheets.values()))


def test_every_kind_of_cell() -> None:
    grid = only(read_book(by_xlsxwriter(), "a.xlsx"))
    assert grid.rows[2][:9] == [None, "财政收入", 26.25, 0.183, dt.date(2007, 6, 30), 52.5, None, None, True]
    assert [grid.at(3, column) for column in (10, 11, 12)] == [None, 0.0, "２１．５"]
    assert grid.at(5, 3) == "=1+1"
    assert grid.percent == {(3, 4)}
    assert grid.errors == {(3, 10): "#DIV/0!"}
    assert grid.uncached == {(3, 7)}  # XlsxWriter leaves an empty text result without its type


def test_leading_blank_rows_keep_their_place() -> None:
    grid = only(read_book(by_xlsxwriter(), "a.xlsx"))
    assert grid.rows[0] == grid.rows[1] == [None] * len(grid.rows[2])


def test_openpyxl_leaves_formulas_without_a_value() -> None:
    grid = only(read_book(by_openpyxl(), "a.xlsx"))
    assert grid.uncached == {(3, 6)}
    assert grid.at(3, 6) is None
    assert grid.percent == {(3, 4)}
    assert grid.at(3, 5) == dt.datetime(2007, 6, 30, 8, 30)


def test_the_list_of_sheets_with_their_states() -> None:
    book = read_book(by_xlsxwriter(), "a.xlsx")
    assert [(info.name, info.state) for info in book.order] == [
        ("自测表", ""),
        ("说明", "hidden"),
        ("标识", "veryHidden"),
    ]
    assert book.hidden == {"说明", "标识"}


def test_only_the_wanted_sheets_are_read() -> None:
    data = by_xlsxwriter()
    assert set(read_book(data, "a.xlsx", {"自测表", "没有的"}).sheets) == {"自测表"}
    assert set(read_book(data, "a.xlsx", lambda name: name != "自测表").sheets) == {"说明", "标识"}
    assert len(read_book(data, "a.xlsx", {"自测表"}).order) == 3


def test_an_unwanted_sheet_may_be_broken() -> None:
    data = package({"自测表": sheet_xml(), "附件": b"<!DOCTYPE x>"})
    assert read_book(data, "a.xlsx", {"自测表"}).refusal is None
    assert read_book(data, "a.xlsx").refusal is not None


def test_the_hash_is_of_the_bytes_received() -> None:
    data = by_xlsxwriter()
    assert read_book(data, "a.xlsx").sha256 == hashlib.sha256(data).hexdigest()
    assert read_book(b"", "a.xlsx").sha256 == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("dimension", ["A1", "A1:A1", "A1:XFD1048576", "Z9:A1"])
def test_a_wrong_dimension_loses_no_rows(dimension: str) -> None:
    rows = "".join(f'<row r="{r}"><c r="B{r}"><v>{r}</v></c></row>' for r in range(1, 31))
    xml = sheet_xml(rows).replace(b"<sheetData>", f'<dimension ref="{dimension}"/><sheetData>'.encode())
    grid = only(read_book(package({"自测表": xml}), "a.xlsx"))
    assert [line[1] for line in grid.rows] == list(range(1, 31))


def test_backslash_paths_and_capitals_are_read() -> None:
    entries = [make.forged(name.replace("/", "\\").upper(), xml) for name, xml in make.parts().items()]
    assert only(read_book(make.forged_zip(entries), "a.xlsx")).rows == [[1.0]]


def test_prefixed_xml_is_read() -> None:
    body = (
        f'<x:worksheet xmlns:x="{make.MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" s="1"><x:v>0.5</x:v></x:c>'
        '<x:c r="C2" t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    data = package({"自测表": body.encode()}, {"xl/styles.xml": styles_xml(0, 9)})
    grid = only(read_book(data, "a.xlsx"))
    assert (grid.at(2, 2), set(grid.percent), grid.errors) == (0.5, {(2, 2)}, {(2, 3): "#N/A"})


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#GETTING_DATA", "#BLOCKED!"])
def test_an_error_newer_than_the_reader_does_not_cost_the_sheet(error: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>5</v></c><c r="B1" t="e"><f>X()</f><v>{error}</v></c></row>'
    grid = only(read_book(package({"自测表": sheet_xml(rows)}), "a.xlsx"))
    assert (grid.at(1, 1), grid.at(1, 2), grid.errors) == (5.0, None, {(1, 2): error})


def test_shared_and_inline_text() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><t>A&amp;B</t></is></c></row>'
    data = package({"自测表": sheet_xml(rows)}, {"xl/sharedStrings.xml": strings_xml("甲", "乙")})
    assert only(read_book(data, "a.xlsx")).rows == [["乙", "A&B"]]


def test_an_empty_sheet_is_an_empty_grid() -> None:
    assert list(only(read_book(package({"空": sheet_xml("")}), "a.xlsx")).rows) == []


def test_names_are_unescaped() -> None:
    book = read_book(package({'甲&乙<"丙">': sheet_xml()}), "a.xlsx")
    assert list(book.sheets) == ['甲&乙<"丙">']


def test_macros_and_links_are_told() -> None:
    data = package(extra={"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"})
    book = read_book(data, "a.xlsx")
    assert (book.kind, book.macros, book.external_links, book.refusal) == ("xlsm", True, True, None)


def test_the_old_format() -> None:
    percent_xf = make.biff(0x00E0, 0, 9, *[0] * 8)
    cells = (
        make.number_record(1, 1, 5.5)
        + make.number_record(1, 2, 0.25, 1)
        + make.biff(0x0205, 1, 3, 0, b"\x07\x01")
        + make.biff(0x00BD, 2, 1, struct.pack("<HlHl", 0, 7 << 2 | 2, 1, 9 << 2 | 2), 2)
    )
    book = make.biff(0x00E0, 0, 0, *[0] * 8) + percent_xf
    grid = only(read_book(make.xls(cells, book), "a.xlsx"))
    assert (grid.at(2, 2), grid.at(2, 3), grid.at(3, 2), grid.at(3, 3)) == (5.5, 0.25, 7.0, 9.0)
    assert grid.percent == {(2, 3), (3, 3)}
    assert grid.errors == {(2, 4): "#DIV/0!"}


def test_a_panic_of_the_reader_is_a_refusal_without_a_backtrace(capfd: pytest.CaptureFixture[str]) -> None:
    """A name record shorter than it says: the reader's own bounds check ends in a Rust panic."""
    book = read_book(make.xls(make.number_record(0, 0, 1.0), make.biff(0x0018, 1)), "a.xls")
    assert book.refusal is not None
    assert (book.refusal.code, book.refusal.reason) == ("reader", "无法读取(读取程序内部错误)")
    assert "index out of bounds" in book.refusal.detail
    assert capfd.readouterr() == ("", "")


@pytest.mark.soffice
def test_what_libreoffice_saves(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(by_xlsxwriter())
    saved = recalculate(source, tmp_path / "out").read_bytes()
    book = read_book(saved, "a.xlsx")
    grid = only(book)
    assert grid.rows[2][:6] == [None, "财政收入", 26.25, 0.183, dt.date(2007, 6, 30), 52.5]
    assert (set(grid.percent), set(grid.uncached)) == ({(3, 4)}, set())
    assert grid.errors == {(3, 10): "#DIV/0!"}
    assert grid.at(5, 3) == "=1+1"
    assert book.hidden == {"说明", "标识"}


# -- real workbooks --------------------------------------------------------------------------------


def real(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.rglob("*.xls*") if path.is_file())


@pytest.mark.corpus
def test_every_real_workbook_is_read(corpus: Path) -> None:
    found = real(corpus)
    assert len(found) >= 16
    books = [read_book(path.read_bytes(), path.name) for path in found]
    assert {book.name: book.refusal for book in books if book.refusal} == {}
    empty = {book.name for book in books if not any(len(grid.rows) for grid in book.sheets.values())}
    assert empty == {"workbookProtection_workbook_revision_protected.xlsx"}


@pytest.mark.corpus
def test_the_messy_ones(corpus: Path) -> None:
    sheets = read_book((corpus / "messy/12843-1.xlsx").read_bytes(), "12843-1.xlsx").sheets
    assert len(sheets) == 23
    assert sheets["910617"].at(5, 5) == 4082500.0
    old = read_book((corpus / "messy/44235.xls").read_bytes(), "44235.xls")
    assert (old.kind, [len(grid.rows) for grid in old.sheets.values()]) == ("xls", [360, 0, 0])


@pytest.mark.corpus
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_facts_agree_with_openpyxl(corpus: Path) -> None:
    """A second reader, slow and independent, sees the same percent cells, errors and values."""
    for path in real(corpus):
        if path.suffix != ".xls":
            other = openpyxl.load_workbook(path, data_only=True)
            for name, grid in read_book(path.read_bytes(), path.name).sheets.items():
                _compare(
                    grid, [cell for line in other[name].iter_rows() for cell in line], f"{path.name} {name}"
                )


def _compare(grid: Grid, cells: list[Cell], where: str) -> None:
    filled = [cell for cell in cells if cell.value is not None]
    errors = {(cell.row, cell.column): cell.value for cell in filled if cell.data_type == "e"}
    percent = {
        (cell.row, cell.column)
        for cell in filled
        if cell.data_type == "n" and is_percent_format(cell.number_format)
    }
    assert (grid.errors, set(grid.percent)) == (errors, percent), where
    for cell in filled:
        if cell.data_type in ("n", "s"):
            assert grid.at(cell.row, cell.column) == cell.value, (where, cell.coordinate)
