"""Where the form stands in a returned workbook: its sheet, its heading row, its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from kaohe import terms
from kaohe.sheets.form_find_headings import Headings, headings_in, is_heading
from kaohe.sheets.form_layout import FORM_TITLE, TITLES
from kaohe.sheets.identity import IDENTITY_TITLE
from kaohe.sheets.returned_cells import code_of, text_of
from kaohe.workbooks.grid import Grid
from kaohe.workbooks.read import Book

_SEARCHED = 500
"""Rows of a sheet in which the first headings are looked for."""
_LEAST_REPEATED = 3
"""Headings a row within the table must have to be the heading row repeated."""


class FoundForm(NamedTuple):
    """The form's sheet, the index of its heading row, and the column index of each heading that was found.

    ``twins``: further columns headed as the value is; ``unit``: the unit of measure in the value's heading.
    """

    grid: Grid
    header: int
    columns: Mapping[str, int]
    twins: tuple[int, ...] = ()
    unit: str = ""
    issued: frozenset[str] = frozenset()

    @property
    def as_issued(self) -> bool:
        """Whether code and value are headed as they were issued."""
        return {"code", "actual"} <= self.issued


def find_form(book: Book) -> FoundForm | None:
    """The sheet that looks like the form, by its headings; None when there is none."""
    forms = forms_in(book)
    return forms[0] if forms else None


def forms_in(book: Book) -> tuple[FoundForm, ...]:
    """Every sheet with a form, the likeliest first: as issued, in sight, under its name, in order.

    A sheet of which only hidden copies remain is taken too. Sheets with headings that are merely like those
    issued are left out when there is one with the real ones.
    """
    found = [form for name, grid in book.sheets.items() if name != IDENTITY_TITLE and (form := _form(grid))]
    if any(form.as_issued for form in found):
        found = [form for form in found if form.as_issued]
    if any(form.grid.sheet not in book.hidden for form in found):
        found = [form for form in found if form.grid.sheet not in book.hidden]
    return tuple(sorted(found, key=lambda form: (not form.as_issued, form.grid.sheet != FORM_TITLE)))


def _form(grid: Grid) -> FoundForm | None:
    """The first heading row with code and value; else one with name and value."""
    named = None
    for index in range(min(len(grid.rows), _SEARCHED)):
        if sum(value is not None for value in grid.rows[index]) < 2:
            continue
        header, found = _heading_rows(grid.rows, index)
        if "actual" not in found.columns:
            continue
        form = FoundForm(grid, header, *found)
        if "code" in found.columns:
            return form
        if named is None and "name" in found.columns:
            named = form
    return named or _by_progress(grid)


def _heading_rows(rows: Sequence[Sequence[object]], index: int) -> tuple[int, Headings]:
    """The headings of a row, with those of the row below where the value's stands there (two-line headings)."""
    found = headings_in(rows[index])
    wanted = {"code", "name"} & found.columns.keys()
    if not wanted or "actual" in found.columns or index + 1 >= len(rows):
        return index, found
    below = headings_in(rows[index + 1])
    if "actual" not in below.columns or below.columns.keys() & wanted:
        return index, found
    both = {**found.columns, **below.columns}
    return index + 1, Headings(both, below.twins, below.unit, found.issued | below.issued)


def _by_progress(grid: Grid) -> FoundForm | None:
    """A table of an older template that has its numbers under 完成情况 and no column of values beside it."""
    for index, row in enumerate(grid.rows[:_SEARCHED]):
        found = headings_in(row)
        at = found.columns.get("evidence", -1)
        key = found.columns.get("code", found.columns.get("name", -1))
        if min(at, key) < 0 or plain_title(row[at]) != TITLES["evidence"]:
            continue
        if _mostly_numbers(islice(grid.rows, index + 1, None), key, at, found.columns.get("state", -1)):
            columns = {name: place for name, place in found.columns.items() if name != "evidence"}
            return FoundForm(grid, index, columns | {"actual": at}, issued=found.issued)
    return None


def plain_title(value: object) -> str:
    """A heading without spaces."""
    return "".join(text_of(value).split())


def _mostly_numbers(rows: Iterable[Sequence[object]], key: int, at: int, state: int) -> bool:
    """Whether most of what stands in the column is numbers, in rows the unit itself fills in."""
    long = (row for row in islice(rows, _SEARCHED) if max(key, at, state) < len(row))
    own = (row for row in long if state < 0 or row[state] != terms.NOT_ENTERED)
    filled = [row[at] for row in own if row[key] is not None and row[at] is not None]
    return sum(isinstance(value, float | int) for value in filled) * 2 > len(filled)


def repeated(row: Sequence[object], columns: Mapping[str, int]) -> Headings | None:
    """The headings of a row within the table that is a heading row once more; None for any other row.

    ``columns``: those of the table so far; a row with a code in its place is none and is not looked at.
    """
    at = columns.get("code", columns.get("name", 0))
    key = row[at] if at < len(row) else None
    if not (is_heading(key) or (key is None and len(row) - row.count(None) >= _LEAST_REPEATED)):
        return None
    found = headings_in(row)
    enough = len(found.columns) >= _LEAST_REPEATED and {"code", "name"} & found.columns.keys()
    return found if enough and "actual" in found.columns else None


def missing_headings(book: Book) -> str:
    """What the sheet most like the form lacks, in words."""
    sheets = [grid for name, grid in book.sheets.items() if name != IDENTITY_TITLE]
    best = max((keys for grid in sheets for keys in _keys(grid)), key=len, default=frozenset())
    if not best & {"code", "name"}:
        return "没有“指标代码”“指标名称”“完成值”的表头"
    return "没有“完成值”一列"


def _keys(grid: Grid) -> Iterable[frozenset[str]]:
    return (frozenset(headings_in(row).columns) for row in grid.rows[:_SEARCHED])


def typed_in(form: FoundForm) -> Mapping[str, str]:
    """Code (or name) of a row → what is typed as its value, for rows that have one."""
    key = form.columns.get("code", form.columns.get("name", 0))
    found = {}
    for row in form.grid.rows[form.header + 1 :]:
        values = [row[at] for at in (form.columns["actual"], *form.twins) if at < len(row)]
        value = next((value for value in values if value is not None), None)
        if key < len(row) and value is not None and (code := code_of(row[key])):
            found[code] = text_of(value)
    return found
