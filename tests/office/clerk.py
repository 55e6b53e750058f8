"""The clerk at LibreOffice: opens workbooks, types into cells, reads what shows, saves.

Runs under the system's own Python, the only one that can import ``uno``:

    /usr/bin/python3 -m tests.office.clerk FOLDER

It starts one LibreOffice with a profile of its own in FOLDER, then answers one JSON request a line on
stdin, ``{"do": name, ...arguments}``, with one JSON line on stdout: ``{"ok": result}`` or
``{"error": text}``. It ends with its stdin. The client that tests use is :mod:`tests.office.desk`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uno

from tests.office import additions
from tests.office.bridge import enum, name_of, values

LIST = "LIST"
ERROR_RESULTS = 4
"""com.sun.star.sheet.FormulaResult.ERROR"""
START_SECONDS = 60

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
</oor:items>
"""


class Office:
    """One running LibreOffice and the workbooks open in it, by number."""

    def __init__(self, folder: Path) -> None:
        (folder / "user").mkdir(parents=True)
        (folder / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        pipe = f"kaohe-{os.getpid()}"
        program = shutil.which("soffice") or shutil.which("libreoffice") or "soffice"
        self.process = subprocess.Popen(
            [
                program,
                f"-env:UserInstallation={folder.as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                "--nolockcheck",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.context = self._connect(pipe)
        services = self.context.ServiceManager
        self.desktop = services.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
        self.dispatcher = services.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", self.context
        )
        self.books: dict[int, Any] = {}

    def _connect(self, pipe: str) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return resolver.resolve(address)
            except uno.getClass("com.sun.star.connection.NoConnectException"):
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.05)

    def quit(self) -> None:
        """End this LibreOffice; only the process started here."""
        try:
            self.desktop.terminate()
        except uno.getClass("com.sun.star.lang.DisposedException"):
            pass  # it was gone already
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)

    def sheet(self, book: int, name: str) -> Any:
        """A sheet by name."""
        return self.books[book].Sheets.getByName(name)

    def dispatch(self, book: int, command: str, **arguments: object) -> None:
        """What a menu or key would do in the book's window."""
        frame = self.books[book].CurrentController.Frame
        self.dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, values(**arguments))


def open_book(office: Office, path: str) -> int:
    """Open a workbook as a window would; all formulas are computed."""
    number = len(office.books) + 1
    office.books[number] = office.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, ())
    return number


def type_text(office: Office, book: int, sheet: str, cells: list[list[str]]) -> None:
    """Type texts into cells one after the other and press Enter: [address, text]; '' clears the cell."""
    office.books[book].CurrentController.setActiveSheet(office.sheet(book, sheet))
    for address, text in cells:
        office.dispatch(book, "GoToCell", ToPoint=address)
        if text:
            office.dispatch(book, "EnterString", StringName=text)
        else:
            office.dispatch(book, "ClearContents")


def read(office: Office, book: int, sheet: str, area: str) -> list[list[object]]:
    """Values of an area as they are now: numbers and texts, '' for blanks."""
    return [list(row) for row in office.sheet(book, sheet).getCellRangeByName(area).getDataArray()]


def formulas(office: Office, book: int, sheet: str, area: str) -> list[list[str]]:
    """What stands in the cells of an area: formulas with '=' and texts."""
    return [list(row) for row in office.sheet(book, sheet).getCellRangeByName(area).getFormulaArray()]


def used(office: Office, book: int, sheet: str) -> str:
    """The area of the sheet that holds anything, from A1 on."""
    found = office.sheet(book, sheet)
    cursor = found.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.getRangeAddress()
    return f"A1:{name_of(found.getCellByPosition(end.EndColumn, end.EndRow))}"


def shown(office: Office, book: int, sheet: str, addresses: list[str]) -> list[str]:
    """The texts a person sees in the cells."""
    found = office.sheet(book, sheet)
    return [found.getCellRangeByName(address).String for address in addresses]


def errors(office: Office, book: int) -> list[str]:
    """Areas of formulas whose result is an error, over all sheets."""
    found = []
    for sheet in office.books[book].Sheets:
        areas = sheet.getCellRangeByName("A1:XFD1048576").queryFormulaCells(ERROR_RESULTS)
        found += [text for text in areas.RangeAddressesAsString.split(";") if text]
    return found


def sheets(office: Office, book: int) -> list[dict[str, object]]:
    """Every sheet in tab order: name, visible, protected."""
    return [
        {"name": sheet.Name, "visible": bool(sheet.IsVisible), "protected": bool(sheet.isProtected())}
        for sheet in office.books[book].Sheets
    ]


def unlocked(office: Office, book: int, sheet: str, area: str) -> list[str]:
    """Addresses of the cells of an area that protection leaves open."""
    found = office.sheet(book, sheet).getCellRangeByName(area)
    place = found.getRangeAddress()
    names = []
    for row in range(place.EndRow - place.StartRow + 1):
        for column in range(place.EndColumn - place.StartColumn + 1):
            cell = found.getCellByPosition(column, row)
            if not cell.CellProtection.IsLocked:
                names.append(name_of(cell))
    return names


def choice(office: Office, book: int, sheet: str, address: str) -> dict[str, object]:
    """The cell's validation: kind, the list's words, whether others are refused, the message shown."""
    rule = office.sheet(book, sheet).getCellRangeByName(address).Validation
    kind = rule.Type.value
    return {
        "kind": kind,
        "words": [word.strip('"') for word in rule.getFormula1().split(";")] if kind == LIST else [],
        "refuses": bool(rule.ShowErrorMessage) and rule.ErrorAlertStyle.value == "STOP",
        "title": rule.InputTitle,
        "message": rule.InputMessage,
    }


def rename(office: Office, book: int, sheet: str, name: str) -> None:
    """Give a sheet another name."""
    office.sheet(book, sheet).Name = name


def move(office: Office, book: int, sheet: str, position: int) -> None:
    """Move a tab, counted from 0."""
    office.books[book].Sheets.moveByName(sheet, position)


def remove(office: Office, book: int, sheet: str) -> None:
    """Delete a sheet."""
    office.books[book].Sheets.removeByName(sheet)


def insert_cells(office: Office, book: int, sheet: str, area: str, columns: bool) -> None:
    """Insert as many whole rows (or columns) as the area has, before it."""
    found = office.sheet(book, sheet)
    place = found.getCellRangeByName(area).getRangeAddress()
    if columns:
        found.Columns.insertByIndex(place.StartColumn, place.EndColumn - place.StartColumn + 1)
    else:
        found.Rows.insertByIndex(place.StartRow, place.EndRow - place.StartRow + 1)


def sort_rows(office: Office, book: int, sheet: str, area: str, column: int) -> None:
    """Sort the rows of an area by one of its columns, counted from 0, smallest first."""
    field = uno.createUnoStruct("com.sun.star.table.TableSortField")
    field.Field, field.IsAscending = column, True
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    arguments = values(SortFields=fields, ContainsHeader=False)
    uno.invoke(office.sheet(book, sheet).getCellRangeByName(area), "sort", (arguments,))


def filter_rows(office: Office, book: int, sheet: str, area: str, column: int, text: str) -> None:
    """Show only the rows of an area (with headings) whose column, counted from 0, has that text."""
    found = office.sheet(book, sheet)
    rule = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
    rule.Field, rule.StringValue, rule.IsNumeric = column, text, False
    rule.Operator = enum("sheet.FilterOperator", "EQUAL")
    cells = found.getCellRangeByName(area)
    descriptor = cells.createFilterDescriptor(True)
    descriptor.ContainsHeader = True
    descriptor.setFilterFields((rule,))
    cells.filter(descriptor)


def paint(office: Office, book: int, sheet: str, area: str, color: int) -> None:
    """Give cells another background, 0xRRGGBB."""
    office.sheet(book, sheet).getCellRangeByName(area).CellBackColor = color


def decorate(office: Office, book: int, picture: str) -> None:
    """Add to a master what an office adds: see :mod:`tests.office.additions`."""
    additions.decorate(office.context, office.books[book], picture)


def decorations(office: Office, book: int) -> dict[str, object]:
    """What of the additions is there, and what it shows."""
    return additions.decorations(office.books[book])


def save(office: Office, book: int, path: str) -> None:
    """Save as .xlsx."""
    office.books[book].storeToURL(Path(path).as_uri(), values(FilterName="Calc MS Excel 2007 XML"))


def close(office: Office, book: int) -> None:
    """Close without saving."""
    office.books.pop(book).close(True)


COMMANDS: dict[str, Callable[..., object]] = {
    "open": open_book,
    "type": type_text,
    "read": read,
    "formulas": formulas,
    "used": used,
    "shown": shown,
    "errors": errors,
    "sheets": sheets,
    "unlocked": unlocked,
    "choice": choice,
    "rename": rename,
    "move": move,
    "remove": remove,
    "insert": insert_cells,
    "sort": sort_rows,
    "filter": filter_rows,
    "paint": paint,
    "decorate": decorate,
    "decorations": decorations,
    "save": save,
    "close": close,
}


def answer(office: Office, request: dict[str, Any]) -> dict[str, object]:
    """One request's answer; whatever goes wrong is told to the client, which fails its test with it."""
    try:
        return {"ok": COMMANDS[request.pop("do")](office, **request)}
    except Exception:  # noqa: BLE001  (the other side of a pipe: the text is the only way to tell)
        return {"error": traceback.format_exc()}


def main() -> None:
    """Answer until stdin closes."""
    office = Office(Path(sys.argv[1]).resolve())
    try:
        for line in sys.stdin:
            print(json.dumps(answer(office, json.loads(line))), flush=True)
    finally:
        office.quit()


if __name__ == "__main__":
    main()
