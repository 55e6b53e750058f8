"""The main line on files for a drawn scheme: new, issue, fill in, consolidate; and looking into the master.

desk = Desk.new(tmp_path, 指标="…")
desk.issue()
desk.fill("U1", "指标|完成值\nX1|100\nX2|95")
done = desk.consolidate()
desk.rows("排名")[0]["总分"]
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.jobs.issue import Issued, issue
from kaohe.jobs.master import open_master
from kaohe.jobs.new import new
from kaohe.model import IssueRecord
from kaohe.sheets.form_layout import COLUMNS, FORM_TITLE
from kaohe.sheets.form_read import find_form
from kaohe.tables import plain
from kaohe.workbooks.grid import Grid, Value
from kaohe.workbooks.package import fill, read_names
from kaohe.workbooks.plan import Scalar
from kaohe.workbooks.read import read_book
from tests.support.returns import typed_cell
from tests.support.schemes import as_csv_texts, lines

START = dt.datetime(2007, 7, 1, 9, 0, 0)
_KEYS = {"完成值": "actual", "数据状态": "status", "标记": "mark", "原因": "reason", "措施": "measure"}
_AT = {key: index + 1 for index, (key, *_) in enumerate(COLUMNS)}


def write_folder(folder: Path, **tables: str | None) -> Path:
    """A drawn scheme as a folder of CSV tables."""
    folder.mkdir()
    for name, text in as_csv_texts(**tables).items():
        (folder / name).write_text(text, encoding="utf-8-sig", newline="")
    return folder


@dataclass
class Desk:
    """A folder with a master, forms going out and forms coming back; every step is an hour later."""

    folder: Path
    hours: int = 0
    issued: dict[tuple[str, str], IssueRecord] = field(default_factory=dict)

    @classmethod
    def new(cls, folder: Path, **tables: str | None) -> Desk:
        """A desk whose master is made from a drawn scheme."""
        desk = cls(folder)
        desk.inbox.mkdir()
        new(str(write_folder(folder / "方案", **tables)), desk.master, clock=desk.clock)
        return desk

    @property
    def master(self) -> Path:
        return self.folder / "总表.xlsx"

    @property
    def out(self) -> Path:
        return self.folder / "下发"

    @property
    def inbox(self) -> Path:
        return self.folder / "回收"

    def clock(self) -> dt.datetime:
        """The time of this step."""
        self.hours += 1
        return START + dt.timedelta(hours=self.hours)

    def issue(
        self, period: str = "2007-H1", units: Sequence[str] = (), by_department: bool = False
    ) -> Issued:
        """Issue, with issue numbers that are easily told apart."""
        count = iter(range(1, 1000))
        numbered = f"{self.hours}" + "{:03}"
        done = issue(
            self.master,
            period,
            self.out,
            units=units,
            by_department=by_department,
            clock=self.clock,
            number=lambda: numbered.format(next(count)),
        )
        register = open_master(self.master).issues.values()
        self.issued = {(row.unit, row.department): row for row in register if row.period == done.period.code}
        return done

    def form(self, unit: str, department: str = "") -> Path:
        """The issued form of a unit (or of one of its departments)."""
        return self.out / self.issued[unit, department].workbook

    def fill(self, unit: str, text: str, *, department: str = "", name: str = "") -> Path:
        """A filled-in copy of the form in the inbox, received at this step's time."""
        source = self.form(unit, department)
        target = self.inbox / (name or source.name)
        target.write_bytes(filled(source.read_bytes(), text))
        when = self.clock().timestamp()
        os.utime(target, (when, when))
        return target

    def consolidate(self, period: str | None = None, jobs: int = 1) -> Consolidation:
        """Consolidate the inbox."""
        return consolidate(self.master, self.inbox, period_code=period, jobs=jobs, clock=self.clock)

    def rows(self, sheet: str) -> list[dict[str, Value]]:
        """The rows of a master's table by heading."""
        return table_rows(self.master, sheet)


def filled(form: bytes, text: str) -> bytes:
    """A form with a drawn table typed into it, by indicator code."""
    head, *rows = lines(text)
    found = find_form(read_book(form, "表.xlsx"))
    assert found is not None
    code = found.columns["code"]
    places = {str(row[code]): at for at, row in enumerate(found.grid.rows, 1) if code < len(row)}
    cells: dict[tuple[int, int], Scalar] = {}
    for row in rows:
        for title, value in zip(head[1:], row[1:], strict=False):
            typed = typed_cell(value) if title == "完成值" else value or None
            cells[places[row[0]], _AT[_KEYS[title]]] = typed
    return fill(form, FORM_TITLE, cells)


def grid(book: Path, sheet: str) -> Grid:
    """A sheet of a workbook on disk, by name or product key."""
    data = book.read_bytes()
    name = dict(read_names(data).sheets).get(sheet, sheet)
    return read_book(data, book.name, sheets={name}).sheets[name]


def table_rows(book: Path, sheet: str, heading: str = "") -> list[dict[str, Value]]:
    """Rows below the first row that has five headings (or the one named), by heading."""
    rows = grid(book, sheet).rows
    at = next(n for n, row in enumerate(rows) if (heading in row if heading else sum(map(bool, row)) >= 5))
    titles = [plain(title) for title in rows[at]]
    return [dict(zip(titles, row, strict=False)) for row in rows[at + 1 :] if any(v is not None for v in row)]
