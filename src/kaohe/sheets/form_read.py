"""A returned form → Return: columns found by their headings, rows by their indicator codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kaohe.model import Identity, Return, ReturnedRow
from kaohe.sheets.form_layout import FORM_TITLE, TITLES, UNIT_LABEL
from kaohe.sheets.identity import IDENTITY_TITLE, PURPOSE
from kaohe.tables import plain
from kaohe.workbooks.grid import Grid, column_letter
from kaohe.workbooks.read import Book, read_book

_OTHERS = (
    "status",
    "mark",
    "reason",
    "measure",
    "weight",
    "target",
    "score",
    "state",
    "name",
    "unit_of_measure",
)
_READ = ("code", "actual", *_OTHERS)
_KEYS = {plain(TITLES[key]): key for key in _READ}
_NEEDED = ("code", "actual")
_HEADER_LIMIT = 30


def read_return(data: bytes, workbook: str, received: str) -> Return:
    """One file of the inbox as a Return; what cannot be read is its ``problem``, never an exception."""
    return return_in(read_book(data, workbook, sheets=is_form_sheet), received)


def return_in(book: Book, received: str) -> Return:
    """The form in a workbook that was read, from a file or from one that is open."""
    empty = Return(book.name, book.sha256, received)
    if book.refusal:
        facts = (("reason", book.refusal.reason.rstrip("。")), ("remedy", book.refusal.remedy.rstrip("。")))
        return empty._replace(problem="W01", facts=facts)
    identity = _identity(book)
    found = find_form(book)
    if found is None or not identity.number:
        return empty._replace(problem="W02", identity=identity)
    return empty._replace(
        sheet=found.grid.sheet, identity=identity, rows=_rows(*found), shown_unit=_shown_unit(found)
    )


def is_form_sheet(name: str) -> bool:
    """The sheets worth reading; a renamed form is found among the others when these are not there."""
    return name not in ("填报说明", "样式")


def _identity(book: Book) -> Identity:
    grid = book.sheets.get(IDENTITY_TITLE)
    if grid is None:
        return Identity()
    pairs = {str(row[0]): _text(row[1]) for row in grid.rows if len(row) > 1 and row[0] is not None}
    if pairs.get("用途") != PURPOSE:
        return Identity()
    return Identity(
        number=pairs.get("编号", ""),
        scheme=pairs.get("方案代码", ""),
        version=pairs.get("方案版本", ""),
        unit=pairs.get("单位代码", ""),
        department=pairs.get("责任部门", ""),
        period=pairs.get("期次", ""),
    )


class FoundForm(NamedTuple):
    """The form's sheet, the index of its heading row, and the column index of each heading that was found."""

    grid: Grid
    header: int
    columns: Mapping[str, int]


def find_form(book: Book) -> FoundForm | None:
    """The sheet that looks like the form, by its headings; None when there is none."""
    first = [book.sheets[FORM_TITLE]] if FORM_TITLE in book.sheets else []
    for grid in (*first, *(grid for name, grid in book.sheets.items() if name != IDENTITY_TITLE)):
        for index, row in enumerate(grid.rows[:_HEADER_LIMIT]):
            if sum(value is not None for value in row) < len(_NEEDED):
                continue
            columns = {_KEYS[title]: at for at, value in enumerate(row) if (title := plain(value)) in _KEYS}
            if all(key in columns for key in _NEEDED):
                return FoundForm(grid, index, columns)
    return None


def _shown_unit(form: FoundForm) -> str:
    """What stands behind 填报单位 above the table; '' when that label is gone."""
    for row in form.grid.rows[: form.header]:
        for at, value in enumerate(row):
            if value is not None and plain(value) == UNIT_LABEL:
                return next((_text(cell) for cell in row[at + 1 :] if cell is not None), "")
    return ""


def _rows(grid: Grid, header: int, columns: Mapping[str, int]) -> tuple[ReturnedRow, ...]:
    code, actual = columns["code"], columns["actual"]
    at = [columns.get(key, -1) for key in _OTHERS]
    letter = column_letter(actual + 1)
    found = []
    for number, row in enumerate(grid.rows[header + 1 :], start=header + 2):
        value = row[code] if code < len(row) else None
        if value is None or not (text := _text(value)) or not _is_code(text):
            continue
        size = len(row)
        status, mark, reason, measure, weight, target, score, state, name, unit = (
            row[i] if 0 <= i < size else None for i in at
        )
        place = (number, actual + 1)
        found.append(
            ReturnedRow(
                indicator=text,
                cell=f"{letter}{number}",
                value=row[actual] if actual < size else None,
                percent=place in grid.percent,
                error=grid.errors.get(place, ""),
                uncached=place in grid.uncached,
                status=_text(status),
                mark=_text(mark),
                reason=_text(reason),
                measure=_text(measure),
                shown_weight=weight,
                shown_target=target,
                shown_score=score,
                shown_state=_text(state),
                name=_text(name).lstrip("└ "),
                unit_of_measure=_text(unit),
            )
        )
    return tuple(found)


def _is_code(text: str) -> bool:
    """Codes are short and hold no spaces; bands, totals and signatures are not codes."""
    return len(text) <= 20 and not any(mark in text for mark in "::( (")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
