"""Forms of ours taken apart: cells typed into, cells and parts replaced byte by byte."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

from kaohe.sheets.form_layout import FORM_TITLE
from kaohe.sheets.form_read import find_form
from kaohe.sheets.identity import IDENTITY_TITLE
from kaohe.workbooks.grid import address
from kaohe.workbooks.package import fill
from kaohe.workbooks.plan import Scalar
from kaohe.workbooks.read import read_book
from tests.workbooks.guard_files import zipped

Change = Callable[[bytes], bytes]
_MADE_OF = {"完成值": "actual", "原因": "reason", "措施": "measure", "出处": "evidence", "代码": "code"}


def places(form: bytes) -> dict[tuple[str, str], tuple[int, int]]:
    """(indicator, column title) → (row, column) of an issued form."""
    found = find_form(read_book(form, "表.xlsx"))
    assert found is not None
    at = found.columns["code"]
    rows = {str(row[at]): number for number, row in enumerate(found.grid.rows, 1) if at < len(row)}
    columns = {title: found.columns[key] + 1 for title, key in _MADE_OF.items() if key in found.columns}
    return {(code, title): (row, column) for code, row in rows.items() for title, column in columns.items()}


def typed(**cells: Scalar) -> Change:
    """Type into the row of X1 by column title; X2 gets 95 and, unless given, X1 gets 100."""

    def change(form: bytes) -> bytes:
        at = places(form)
        values: dict[tuple[int, int], Scalar] = {at["X1", title]: value for title, value in cells.items()}
        return fill(form, FORM_TITLE, {at["X1", "完成值"]: 100.0, at["X2", "完成值"]: 95.0} | values)

    return change


def raw(body: str, attributes: str = "", title: str = "完成值") -> Change:
    """A good form with a cell of X1 written as XML: the attributes of <c>, and what stands in it."""

    def change(form: bytes) -> bytes:
        cell = address(*places(form)["X1", title])
        pattern = re.compile(rf'<c r="{cell}"[^>]*?(?:/>|>.*?</c>)'.encode(), re.DOTALL)
        written = f'<c r="{cell}" {attributes}>{body}</c>'.encode()
        return sheet_edited(FORM_TITLE, lambda xml: pattern.sub(lambda _: written, xml, count=1))(good(form))

    return change


def good(form: bytes) -> bytes:
    """The form filled in as it should be."""
    return typed()(form)


def identity(**values: str) -> Change:
    """A good form whose hidden identity says something else."""

    def change(form: bytes) -> bytes:
        grid = read_book(form, "表.xlsx").sheets[IDENTITY_TITLE]
        rows = {str(row[0]): number for number, row in enumerate(grid.rows, 1)}
        return fill(good(form), IDENTITY_TITLE, {(rows[key], 2): value for key, value in values.items()})

    return change


def contents(book: bytes) -> dict[str, bytes]:
    """The parts of a package by path."""
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(parts: Mapping[str, bytes]) -> Change:
    """A good form with more parts, or others."""
    return lambda form: zipped(contents(good(form)) | dict(parts))


def part_edited(name: str, edit: Change) -> Change:
    """A good form with one part changed."""

    def change(form: bytes) -> bytes:
        parts = contents(good(form))
        return zipped(parts | {name: edit(parts[name])})

    return change


def sheet_edited(title: str, edit: Change) -> Change:
    """A form with the XML of a sheet changed."""

    def change(form: bytes) -> bytes:
        part = next(info.part for info in read_book(form, "表.xlsx").order if info.name == title)
        parts = contents(form)
        name = next(name for name in parts if name.lower() == part)
        changed = edit(parts[name])
        assert changed != parts[name]
        return zipped(parts | {name: changed})

    return change


def form_edited(edit: Change) -> Change:
    """A good form with the XML of its main sheet changed."""
    return lambda form: sheet_edited(FORM_TITLE, edit)(good(form))
