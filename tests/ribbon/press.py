"""What a test of a button needs: the button, the book it is pressed on, and the one who presses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kaohe.faces import ribbon, ribbon_dialog
from kaohe.sheets.form_read import find_form
from kaohe.workbooks.package import fill
from kaohe.workbooks.read import read_book
from tests.ribbon.fakes import DesktopBook, Person
from tests.ribbon.remote import actions, opened, xlwings

FORM = "回收/江阴市-自测完成情况表-2007-H1.xlsx"
BLANK = "下发/江阴市-自测完成情况表-2007-H1.xlsx"
Press = Callable[..., None]


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


def selected(book: DesktopBook) -> tuple[str, int, int]:
    """Sheet, row and column a button led to; it did nothing else."""
    sheet, cell = actions(book.book)
    assert (sheet["func"], cell["func"]) == ("activateSheet", "rangeSelect")
    title = [found.name for found in book.sheets][sheet["args"][0]]
    return title, cell["start_row"] + 1, cell["start_column"] + 1
