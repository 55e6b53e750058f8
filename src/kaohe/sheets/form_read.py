"""A returned workbook → Return: a form's columns found by their headings, rows by their indicator codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kaohe import terms
from kaohe.model import Identity, Return, ReturnedRow
from kaohe.sheets.assessor_read import assessor_return
from kaohe.sheets.form_layout import FORM_TITLE, TITLES, UNIT_LABEL
from kaohe.sheets.identity import IDENTITY_TITLE, PURPOSES
from kaohe.sheets.returned_cells import is_code, shown_behind, text_of
from kaohe.tables import plain
from kaohe.workbooks.grid import Grid, column_letter
from kaohe.workbooks.read import Book, read_book

_OTHERS = (
    "status",
    "mark",
    "reason",
    "measure",
    "evidence",
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
    """The form (or 考评打分表) in a workbook that was read, from a file or from one that is open."""
    empty = Return(book.name, book.sha256, received)
    if book.refusal:
        facts = (("reason", book.refusal.reason.rstrip("。")), ("remedy", book.refusal.remedy.rstrip("。")))
        return empty._replace(problem="W01", facts=facts)
    identity = _identity(book)
    if identity.purpose == terms.PURPOSE_ASSESSOR:
        return assessor_return(book, empty._replace(identity=identity))
    found = find_form(book)
    if found is None or not identity.number:
        return empty._replace(problem="W02", identity=identity)
    return empty._replace(
        sheet=found.grid.sheet,
        identity=identity,
        rows=_rows(*found),
        shown_unit=shown_behind(found.grid.rows[: found.header], UNIT_LABEL),
    )


def is_form_sheet(name: str) -> bool:
    """The sheets worth reading; a renamed form is found among the others when these are not there."""
    return name not in ("填报说明", "样式")


def _identity(book: Book) -> Identity:
    grid = book.sheets.get(IDENTITY_TITLE)
    if grid is None:
        return Identity()
    pairs = {str(row[0]): text_of(row[1]) for row in grid.rows if len(row) > 1 and row[0] is not None}
    if pairs.get("用途") not in PURPOSES:
        return Identity()
    return Identity(
        number=pairs.get("编号", ""),
        scheme=pairs.get("方案代码", ""),
        version=pairs.get("方案版本", ""),
        unit=pairs.get("单位代码", ""),
        department=pairs.get("责任部门", ""),
        period=pairs.get("期次", ""),
        purpose=pairs.get("用途", ""),
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


def _rows(grid: Grid, header: int, columns: Mapping[str, int]) -> tuple[ReturnedRow, ...]:
    code, actual = columns["code"], columns["actual"]
    at = [columns.get(key, -1) for key in _OTHERS]
    letter = column_letter(actual + 1)
    found = []
    for number, row in enumerate(grid.rows[header + 1 :], start=header + 2):
        value = row[code] if code < len(row) else None
        if value is None or not (text := text_of(value)) or not is_code(text):
            continue
        size = len(row)
        status, mark, reason, measure, evidence, weight, target, score, state, name, unit = (
            row[i] if 0 <= i < size else None for i in at
        )
        place = (number, actual + 1)
        others = text_of(state) == terms.NOT_ENTERED
        found.append(
            ReturnedRow(
                indicator=text,
                cell=f"{letter}{number}",
                value=row[actual] if actual < size and not others else None,
                percent=place in grid.percent,
                error=grid.errors.get(place, ""),
                uncached=place in grid.uncached,
                status=text_of(status),
                mark=text_of(mark),
                reason=text_of(reason),
                measure=text_of(measure),
                evidence=text_of(evidence),
                shown_weight=weight,
                shown_target=target,
                shown_score=score,
                shown_state=text_of(state),
                name=text_of(name).lstrip("└ "),
                unit_of_measure=text_of(unit),
            )
        )
    return tuple(found)
