"""What only a desktop program can do with an open book, and what happens where it cannot.

``.api`` of an xlwings object is the program's own object on the desktop; an engine without one answers as if
nothing were protected, filtered or hidden, and leaves out what it does not know.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kaohe.workbooks.grid import address, column_letter

COM_ERROR = "com_error"
"""The class of errors a program reports; known by name, because its module is on Windows only."""
NO_UNDERLINE = -4142
EXPRESSION = 2
"""Excel's number for a conditional format by formula."""
LOG = logging.getLogger(__name__)
QUIET = {"screen_updating": False, "enable_events": False, "calculation": "manual"}
"""Settings of the program while a book is written; set back afterwards."""


def is_desktop(book: Any) -> bool:
    """Whether the book is open in Excel for Windows, with its own object behind it."""
    return hasattr(book.api, "SaveCopyAs")


def read_only(book: Any) -> bool:
    """Whether the program opened the book for reading only."""
    return is_desktop(book) and bool(book.api.ReadOnly)


def fixed_structure(book: Any) -> bool:
    """Whether sheets may not be added."""
    return is_desktop(book) and bool(book.api.ProtectStructure)


def protected(sheet: Any) -> bool:
    """Whether the sheet's cells may not be changed."""
    return is_desktop(sheet.book) and bool(sheet.api.ProtectContents)


def in_sight(sheet: Any) -> bool:
    """Whether the sheet's tab is shown; Excel tells -1 for that, and 2 for a sheet hidden deeply."""
    return sheet.visible in (True, -1)


def show_all(sheet: Any) -> None:
    """Show rows a filter hides: a block written over hidden rows goes astray. The filter itself stays."""
    if is_desktop(sheet.book) and sheet.api.FilterMode:
        sheet.api.ShowAllData()


def hide_name(book: Any, name: Any) -> None:
    """Keep a name out of the list of names; an engine that cannot leaves it in sight, which does no harm."""
    if is_desktop(book):
        name.api.Visible = False


def color_tab(sheet: Any, color: str) -> None:
    """Colour a sheet's tab (RRGGBB)."""
    if is_desktop(sheet.book):
        red, green, blue = bytes.fromhex(color)
        sheet.api.Tab.Color = red + (green << 8) + (blue << 16)


def clear_links(cells: Any) -> None:
    """Take off the links and the lines under them; leave content and other formats."""
    if is_desktop(cells.sheet.book):
        cells.api.ClearHyperlinks()
        cells.api.Font.Underline = NO_UNDERLINE


def add_link(cell: Any, address: str, place: str) -> None:
    """A link on a cell whose content comes afterwards. ``address``: relative path, ``place``: Sheet!A1."""
    if is_desktop(cell.sheet.book):
        cell.sheet.api.Hyperlinks.Add(Anchor=cell.api, Address=address, SubAddress=place)
    else:
        cell.add_hyperlink(f"{address}#{place}" if place else address, "", "")


def save_copy(book: Any, path: Path) -> bool:
    """Save the book as it is now under another name, the open one untouched; False where that cannot be.

    Raises OSError when the program reports that it could not write.
    """
    if not is_desktop(book):
        return False
    try:
        book.api.SaveCopyAs(str(path))
    except Exception as error:
        if type(error).__name__ != COM_ERROR:
            raise
        raise OSError(f"SaveCopyAs {path}: {error}") from error
    return True


def indent(cells: Any, steps: int) -> None:
    """Move the content in from the side, by steps that are added to what is there."""
    if is_desktop(cells.sheet.book):
        cells.api.InsertIndent(steps)
    else:
        cells.adjust_indent(steps)


def freeze(sheet: Any, row: int, column: int) -> None:
    """Keep the rows above and the columns left of that cell (both from 1) in sight."""
    if is_desktop(sheet.book):
        sheet.activate()
        window = sheet.book.app.api.ActiveWindow
        window.FreezePanes = False
        window.ScrollRow = window.ScrollColumn = 1
        window.SplitRow, window.SplitColumn = row - 1, column - 1
        window.FreezePanes = True
    elif column == 1:
        sheet.freeze_panes.freeze_at(f"1:{row - 1}")
    elif row == 1:
        sheet.freeze_panes.freeze_at(f"A:{column_letter(column - 1)}")
    else:
        sheet.freeze_panes.freeze_at(f"A1:{address(row - 1, column - 1)}")


@contextmanager
def quiet(book: Any) -> Iterator[None]:
    """Without repainting, events and recalculation, as far as the program lets them be turned off.

    What somebody was about to paste is let go: rows that are inserted would be filled with it.
    """
    before: dict[str, Any] = {}
    try:
        with _optional("cut_copy_mode"):
            book.app.cut_copy_mode = False
        for name, value in QUIET.items():
            with _optional(name):
                before[name] = getattr(book.app, name)
                setattr(book.app, name, value)
        yield
    finally:
        for name, value in before.items():
            with _optional(name):
                setattr(book.app, name, value)


@contextmanager
def _optional(what: str) -> Iterator[None]:
    """For a setting nobody's work hangs on: when the program refuses it, that is logged, and work goes on."""
    try:
        yield
    except (NotImplementedError, KeyError):
        LOG.debug("not known to this program: %s", what)
    except Exception:
        LOG.exception("the program refused: %s", what)


def show_status(book: Any, text: str) -> None:
    """Text in the status bar; '' gives it back to the program."""
    with _optional("status_bar"):
        book.app.status_bar = text or False


def rules(sheet: Any) -> list[tuple[int, str, str]]:
    """Excel's conditional formats of a sheet, the first foremost: (type, ranges with spaces, formula)."""
    found = sheet.api.Cells.FormatConditions
    several = [found(number) for number in range(1, found.Count + 1)]
    return [(rule.Type, _ranges(rule.AppliesTo.Address), _formula(rule)) for rule in several]


def _ranges(text: str) -> str:
    return text.replace("$", "").replace(",", " ")


def _formula(rule: Any) -> str:
    """The formula of a rule that has one (2: an expression)."""
    return str(rule.Formula1) if rule.Type == EXPRESSION else ""


def stand_on(cells: Any) -> None:
    """Put the cursor on the first cell: Excel reads and tells relative formulas of rules from there."""
    if is_desktop(cells.sheet.book):
        cells.sheet.activate()
        cells[0, 0].select()


def cover_with(sheet: Any, number: int, reference: str) -> None:
    """Let a conditional format (numbered from the foremost) cover other cells."""
    rule = sheet.api.Cells.FormatConditions(number)
    rule.ModifyAppliesToRange(sheet.api.Range(reference.replace(" ", ",")))


def filter_area(sheet: Any) -> str:
    """What the sheet's filter covers; '' without one."""
    return str(sheet.api.AutoFilter.Range.Address) if sheet.api.AutoFilterMode else ""


def filter_over(sheet: Any, reference: str) -> None:
    """Let the sheet's filter cover other cells."""
    if reference and reference.replace("$", "") != filter_area(sheet).replace("$", ""):
        sheet.api.AutoFilterMode = False
        sheet.api.Range(reference).AutoFilter()
