"""Each hostile file by itself: read or refused as declared, within its time and memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.sheets.form_read import read_return
from kaohe.workbooks.guard import Limits, inspect
from kaohe.workbooks.guard_types import REFUSALS
from kaohe.workbooks.read import read_book
from kaohe.workbooks.read_file import FileTrouble, load
from tests.hostile import inbox
from tests.hostile.case import Case, FormCase
from tests.hostile.in_forms import FORMS
from tests.hostile.measure import cost
from tests.support.line import Desk
from tests.workbooks.guard_files import package, parts, sheet_xml


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Forms issued to everybody."""
    return inbox.desk_of(tmp_path_factory.mktemp("考核"))


def holds(case: Case | FormCase, name: str, data: bytes) -> None:
    """Read twice: for what comes of it, and for what it costs."""
    book = read_book(data, name)
    assert (book.refusal.code if book.refusal else "") == case.refusal
    if book.refusal:
        assert not book.sheets
        assert book.refusal.remedy == REFUSALS[case.refusal][1]
        assert len(book.refusal.reason) >= 6
        assert "{" not in book.refusal.reason
    spent = cost(lambda: read_return(data, name, ""))
    assert spent.seconds < case.seconds
    assert spent.memory < case.memory


@pytest.mark.parametrize("number", range(len(inbox.FILES)), ids=lambda n: inbox.FILES[n].what)
def test_a_file(number: int) -> None:
    holds(inbox.FILES[number], inbox.FILES[number].name, inbox.built(number))


@pytest.mark.parametrize("number", range(len(FORMS)), ids=lambda n: FORMS[n].what)
def test_a_form_with_something_done_to_it(number: int, desk: Desk) -> None:
    holds(FORMS[number], inbox.form_name(desk, number), inbox.changed_form(desk, number))


def test_there_are_enough_and_all_differ() -> None:
    assert len(inbox.CASES) >= 80
    assert len({case.what for case in inbox.CASES}) == len(inbox.CASES)


def test_every_refusal_in_the_table_is_tried() -> None:
    tried_below = {"too_big", "odd_sheet", "sheet_names"}
    assert {case.refusal for case in inbox.CASES} - {""} | tried_below == set(REFUSALS)


def test_a_file_above_the_limit() -> None:
    seen = inspect(package(), "a.xlsx", Limits(file=100)).refusal
    assert seen is not None
    assert seen.code == "too_big"


def test_an_odd_sheet_above_its_limit() -> None:
    odd = package({"自测表": sheet_xml("<!-- x -->" + '<row r="1"><c r="A1"><v>1</v></c></row>')})
    assert inspect(odd, "a.xlsx").refusal is None
    seen = inspect(odd, "a.xlsx", Limits(odd_sheet=100)).refusal
    assert seen is not None
    assert seen.code == "odd_sheet"


def test_a_sheet_list_that_the_reader_sees_differently() -> None:
    """A sheet of a kind we do not list in the same way must not shift the names of the others."""
    book = parts()["xl/workbook.xml"].replace(b"<sheets>", b'<x><sheet sheetId="9"/></x><sheets>')
    seen = read_book(package(extra={"xl/workbook.xml": book}), "a.xlsx").refusal
    assert seen is not None
    assert seen.code in ("sheet_names", "reader", "damaged")


def test_a_file_that_is_too_big_is_not_opened(tmp_path: Path) -> None:
    big = tmp_path / "大.xlsx"
    with big.open("wb") as sparse:
        sparse.truncate(3 << 30)
    spent = cost(lambda: load(big))
    found = load(big)
    assert isinstance(found, FileTrouble)
    assert found.reason == "文件有 3072 MB,超过上限 64 MB"
    assert spent.memory < 1 << 20
