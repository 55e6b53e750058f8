"""Returned forms of the examples to alter, and what becomes of them: read, placed, taken in."""

from __future__ import annotations

import atexit
import functools
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.assess.placing import of_taken, placed
from kaohe.assess.returns import Intake, take_in
from kaohe.findings import Finding
from kaohe.jobs.demo import demo
from kaohe.jobs.master import Master, open_master
from kaohe.model import Period, Return
from kaohe.periods import parse_period
from kaohe.sheets.form_layout import FORM_TITLE, HEADER_ROW, TITLES
from kaohe.sheets.form_read import read_return
from kaohe.workbooks.grid import address
from tests.support import example

CODE, NAME, VALUE = TITLES["code"], TITLES["name"], TITLES["actual"]
IDENTITY = "_kaohe"


@dataclass(frozen=True)
class Source:
    """One returned workbook of an example."""

    system: str
    file: str
    period: Period
    unit: str = ""

    @property
    def path(self) -> Path:
        """The file; made once a test run."""
        return folder(self.system) / "回收" / self.file

    def __str__(self) -> str:
        return self.file.partition("-")[0]


BH = Source("BH", "江阴市-自测完成情况表-2007-H1.xlsx", parse_period("2007-H1"), "U01")
WXJ = Source("WX-J", "上海银行无锡分行-自测完成情况表-2016.xlsx", parse_period("2016"), "C45")
FORMS = (BH, WXJ)
MARKS = Source("WX-J", "目标办-考评打分表-2016.xlsx", parse_period("2016"))


@functools.cache
def folder(system: str) -> Path:
    """An example made by `kaohe demo`. Nobody writes into it."""
    if system == "BH":
        return example.made().folder
    made = Path(tempfile.mkdtemp(prefix="kaohe-tests-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return demo(system, made / "演示").folder


@functools.cache
def master(system: str) -> Master:
    """The example's master as `kaohe consolidate` opens it."""
    return open_master(folder(system) / "总表.xlsx")


@dataclass(frozen=True)
class Expected:
    """What must come of an altered workbook.

    ``found``: (code, cell) of everything that is said about it; ``lost``: what is no longer read of what was
    typed; ``problem``: why the file as a whole is not taken.
    """

    found: tuple[tuple[str, str], ...] = ()
    lost: frozenset[str] = frozenset()
    problem: str = ""
    changed: Mapping[str, str] = field(default_factory=dict)


CLEAN = Expected()


class Form:
    """A form's sheet open in openpyxl, with its columns by heading and rows by code as they were issued."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.book = openpyxl.load_workbook(source.path)
        self.sheet: Worksheet = self.book[FORM_TITLE]
        titles = (cell.value for cell in self.sheet[HEADER_ROW])
        self.columns = {str(title): at for at, title in enumerate(titles, start=1)}
        code = self.columns[CODE]
        last = self.sheet.max_row
        self.rows = {
            str(self.sheet.cell(row, code).value): row
            for row in range(HEADER_ROW + 1, last + 1)
            if self.sheet.cell(row, code).value
        }
        self.codes = tuple(typed_of(source))
        """Codes of rows with a typed number, from top to bottom."""
        self.body = (HEADER_ROW + 1, max(self.rows.values()))

    def get(self, title: str, row: int) -> Any:
        """A cell's content."""
        return self.sheet.cell(row, self.columns[title]).value

    def put(self, title: str, row: int, value: object) -> None:
        """Type into a cell."""
        self.sheet.cell(row, self.columns[title]).value = value

    def at(self, title: str, row: int) -> str:
        """A cell's address."""
        return address(row, self.columns[title])

    def row(self, number: int = 0) -> int:
        """The row of one of the indicators that have a number."""
        return self.rows[self.codes[number]]

    def unmerge(self) -> None:
        """Take all merged ranges apart, so that cells can be moved."""
        for area in list(self.sheet.merged_cells.ranges):
            self.sheet.unmerge_cells(str(area))

    def lines(self) -> list[list[Any]]:
        """The contents of the table's rows."""
        first, last = self.body
        return [[c.value for c in self.sheet[row]] for row in range(first, last + 1)]

    def put_lines(self, lines: Iterable[list[Any]], first: int = 0) -> None:
        """Write rows over those of the table (or from row ``first`` on)."""
        for row, line in enumerate(lines, start=first or self.body[0]):
            for column, value in enumerate(line, start=1):
                self.sheet.cell(row, column).value = value

    def saved(self) -> bytes:
        """The workbook as bytes."""
        return saved(self.book)


def saved(book: openpyxl.Workbook) -> bytes:
    """A workbook as bytes."""
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@functools.cache
def typed_of(source: Source) -> Mapping[str, str]:
    """Indicator → number as typed, of the form as it came back."""
    return typed(taken_in(source.path.read_bytes(), source)[0], source)


def taken_in(data: bytes, source: Source, name: str = "") -> tuple[Intake, list[Finding], Return]:
    """The file read, placed and taken in alone; the findings about its layout and identity."""
    book = master(source.system)
    scheme = book.scheme.at(source.period.end)
    read = read_return(data, name or source.file, "2017-01-10 09:00:00")
    returns, told = placed([read], scheme, book.issues)
    intake = take_in(returns, book.issues, (), scheme, source.period, book.versions)
    return intake, [*of_taken(told, intake.inputs), *intake.findings], returns[0]


def typed(intake: Intake, source: Source) -> dict[str, str]:
    """Indicator → what was typed, of a unit's form; 指标/单位 of a 考评打分表."""
    if source.unit:
        return {code: r.typed for code, r in intake.live.get(source.unit, {}).items() if r.typed}
    return {
        f"{code}/{unit}": r.typed
        for unit, rows in intake.assessed.items()
        for code, r in rows.items()
        if r.typed
    }


def compare(data: bytes, source: Source, expected: Expected, before: Mapping[str, str]) -> None:
    """Exactly what was typed is read, each value from the cell that holds it, and exactly this is said."""
    intake, findings, returned = taken_in(data, source)
    assert returned.problem == expected.problem
    assert sorted((f.code, f.location.cell) for f in findings) == sorted(expected.found)
    wanted = {key: text for key, text in before.items() if key not in expected.lost}
    if expected.problem:
        wanted = {}
    assert typed(intake, source) == {**wanted, **expected.changed}
    assert all(finding.message for finding in findings)
    _cells_hold_what_was_read(data, intake)


def _cells_hold_what_was_read(data: bytes, intake: Intake) -> None:
    if not intake.live and not intake.assessed:
        return
    book = openpyxl.load_workbook(io.BytesIO(data))
    for record in (r for r in intake.records if r.value is not None):
        content = book[record.sheet][record.cell].value
        assert content in (record.value, record.typed) or f"{content * 100:g}%" == record.typed, record
