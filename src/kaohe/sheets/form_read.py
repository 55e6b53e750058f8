"""A returned workbook → Return: a form's columns found by their headings, rows by their indicator codes.

Nothing here knows the scheme: a row whose code is gone carries its name in the code's place, and
kaohe.assess.placing looks for the indicator of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from kaohe import terms
from kaohe.model import Identity, Return
from kaohe.sheets.assessor_layout import DEPARTMENT_LABEL
from kaohe.sheets.assessor_read import assessor_return, find_table
from kaohe.sheets.form_find import FoundForm, find_form, forms_in, missing_headings, typed_in
from kaohe.sheets.form_layout import FORM_TITLE, UNIT_LABEL
from kaohe.sheets.form_read_rows import MOST_ROWS, TooManyRowsError, form_rows
from kaohe.sheets.give_back_sheet import GIVE_BACK
from kaohe.sheets.identity import IDENTITY_TITLE, PURPOSES
from kaohe.sheets.returned_cells import shown_behind, text_of, too_many_rows
from kaohe.workbooks.grid import Grid
from kaohe.workbooks.merged import Merged
from kaohe.workbooks.read import Book, read_book
from kaohe.workbooks.read_merged import merged_or_none

__all__ = ["FoundForm", "find_form", "is_form_sheet", "read_return", "return_in"]

NUMBER_LABEL = "下发编号"
_HEAD = 10
"""Rows of a 考评打分表 in which the labels above the table are looked for."""

MergedOf = Callable[[str], Sequence[Merged]]
"""Sheet → its merged ranges."""


def read_return(data: bytes, workbook: str, received: str) -> Return:
    """One file of the inbox as a Return; what cannot be read is its ``problem``, never an exception."""
    return return_in(read_book(data, workbook, sheets=is_form_sheet), received, partial(merged_or_none, data))


def return_in(book: Book, received: str, merged: MergedOf = lambda sheet: ()) -> Return:
    """The form (or 考评打分表) in a workbook that was read, from a file or from one that is open."""
    empty = Return(book.name, book.sha256, received)
    if book.refusal:
        facts = (("reason", book.refusal.reason.rstrip("。")), ("remedy", book.refusal.remedy.rstrip("。")))
        return empty._replace(problem="W01", facts=facts)
    identity = _identity(book)
    if not identity.number:
        return _without_identity(book, empty, merged)
    if identity.purpose == terms.PURPOSE_ASSESSOR:
        return assessor_return(book, empty._replace(identity=identity))
    forms = forms_in(book)
    if not forms:
        return empty._replace(problem="W19", identity=identity, facts=(("missing", missing_headings(book)),))
    form = _the_one(forms)
    if form is None:
        sheets = "、".join(f"《{form.grid.sheet}》" for form in forms)
        return empty._replace(
            problem="W20", identity=identity, facts=(("sheets", sheets), ("title", FORM_TITLE))
        )
    return _of_form(form, empty._replace(identity=identity), merged)


def is_form_sheet(name: str) -> bool:
    """The sheets worth reading; a renamed form is found among the others when these are not there."""
    return name not in ("填报说明", "样式", GIVE_BACK)


def _of_form(form: FoundForm, empty: Return, merged: MergedOf) -> Return:
    try:
        rows = form_rows(form, partial(merged, form.grid.sheet))
    except TooManyRowsError:
        return too_many_rows(empty, form.grid.sheet, MOST_ROWS)
    return empty._replace(
        sheet=form.grid.sheet,
        rows=rows,
        shown_unit=shown_behind(form.grid.rows[: form.header], UNIT_LABEL),
    )


def _the_one(forms: Sequence[FoundForm]) -> FoundForm | None:
    """The form that holds everything typed into any of them; None when two contradict each other."""
    if len(forms) == 1:
        return forms[0]
    typed = [set(typed_in(form).items()) for form in forms]
    everything = set().union(*typed)
    return next((form for form, mine in zip(forms, typed, strict=True) if mine == everything), None)


def _without_identity(book: Book, empty: Return, merged: MergedOf) -> Return:
    """A form that was copied out of its workbook (W17) with the number on its face, or no form of ours (W02)."""
    form, table = find_form(book), find_table(book)
    if form is not None and _is_ours(form):
        found = _of_form(form, empty, merged)
        if found.problem:
            return found
        return _numbered(found, _number(form.grid, form.header), terms.PURPOSE_FORM)
    if table is not None and shown_behind(table.rows[:_HEAD], DEPARTMENT_LABEL):
        found = assessor_return(book, empty)
        if found.problem:
            return found
        return _numbered(found, _number(table, _HEAD), terms.PURPOSE_ASSESSOR)
    return empty._replace(problem="W02")


def _is_ours(form: FoundForm) -> bool:
    """Whether a table was made by us: by what stands above it, or by columns no other table has together."""
    above = form.grid.rows[: form.header]
    labelled = shown_behind(above, NUMBER_LABEL) or shown_behind(above, UNIT_LABEL)
    return bool(labelled) or form.issued >= {"code", "actual", "due", "measure"}


def _numbered(found: Return, number: str, purpose: str) -> Return:
    shown = f"表面的下发编号是 {number}" if number else "表面也没有下发编号"
    identity = Identity(number=number, purpose=purpose)
    return found._replace(problem="W17", identity=identity, facts=(("shown", shown),))


def _number(grid: Grid, rows: int) -> str:
    """The issue number printed above the table; '' when it is gone."""
    return shown_behind(grid.rows[:rows], NUMBER_LABEL)


def _identity(book: Book) -> Identity:
    """The hidden identity, by the sheet's name or, where somebody renamed it, by its content."""
    first = [book.sheets[IDENTITY_TITLE]] if IDENTITY_TITLE in book.sheets else []
    others = (grid for name, grid in book.sheets.items() if name != IDENTITY_TITLE)
    read = (_identity_of(grid) for grid in (*first, *others))
    return next((identity for identity in read if identity.number), Identity())


def _identity_of(grid: Grid) -> Identity:
    pairs = dict(_pairs(grid.rows[:_HEAD_OF_IDENTITY]))
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


_HEAD_OF_IDENTITY = 40


def _pairs(rows: Iterable[Sequence[object]]) -> Iterable[tuple[str, str]]:
    return ((row[0].strip(), text_of(row[1])) for row in rows if len(row) > 1 and isinstance(row[0], str))
