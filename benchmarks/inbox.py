"""A folder as an office has it at the deadline: a master with its register, and a filled-in form per unit."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.units import PERIOD, Entries, many_units, typed_entries
from kaohe.assess.inputs import Answer
from kaohe.assess.scoring import Scores, score
from kaohe.jobs.issue import issue
from kaohe.jobs.master import open_master
from kaohe.jobs.new import new_master
from kaohe.periods import parse_period
from kaohe.sheets.form_layout import COLUMNS, FORM_TITLE
from kaohe.sheets.form_read import FoundForm, find_form
from kaohe.sheets.form_results import form_results
from kaohe.workbooks.package import fill, write_new
from kaohe.workbooks.plan import Scalar
from kaohe.workbooks.read import read_book

CLOCK = dt.datetime(2007, 7, 1, 9, 0, 0)
_AT = {key: index for index, (key, *_) in enumerate(COLUMNS, start=1)}


@dataclass(frozen=True)
class Office:
    """``master`` has the register of what was issued; ``inbox`` holds one returned workbook per unit."""

    folder: Path
    master: Path
    issued: Path
    inbox: Path
    count: int

    @property
    def returns(self) -> list[Path]:
        """The returned workbooks, sorted."""
        return sorted(self.inbox.glob("*.xlsx"))

    def copy_of_master(self, name: str) -> Path:
        """A fresh copy in a folder of its own, to be written to."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return Path(shutil.copy2(self.master, folder / self.master.name))


def empty_office(folder: Path, count: int) -> Office:
    """A new master with ``count`` units; nothing issued."""
    office = Office(folder, folder / "总表.xlsx", folder / "下发", folder / "回收", count)
    data, _ = new_master(many_units(count), office.master.name, CLOCK)
    write_new(office.master, data, durable=False)
    office.inbox.mkdir()
    return office


def full_office(folder: Path, count: int) -> Office:
    """Forms issued, filled in by the seeded entries, and returned; forms keep the results they show."""
    office = empty_office(folder, count)
    issue(office.master, PERIOD, office.issued, clock=lambda: CLOCK, number=numbers())
    master = open_master(office.master)
    scheme = master.scheme.at(parse_period(PERIOD).end)
    typed = typed_entries(scheme, parse_period(PERIOD))
    scores = _scores_of(typed, office)
    form = _form(office.issued / next(iter(master.issues.values())).workbook)
    for row in master.issues.values():
        data = (office.issued / row.workbook).read_bytes()
        returned = fill(data, FORM_TITLE, _typed(form, typed, row.unit), form_results(form, scores, row.unit))
        target = office.inbox / row.workbook
        target.write_bytes(returned)
        os.utime(target, (CLOCK.timestamp(), CLOCK.timestamp()))
    return office


def numbers() -> Callable[[], str]:
    """Issue numbers that come out the same every time."""
    count = 0

    def number() -> str:
        nonlocal count
        count += 1
        return hashlib.sha256(f"bench-{count}".encode()).hexdigest()[:10].upper()

    return number


def _scores_of(typed: Entries, office: Office) -> Scores:
    values: dict[str, dict[str, Answer]] = {}
    for (unit, indicator), row in typed.items():
        values.setdefault(indicator, {})[unit] = float(row["actual"])
    return score(open_master(office.master).scheme, parse_period(PERIOD), values)


def _form(path: Path) -> FoundForm:
    """Where things stand on the form; the same for every unit."""
    form = find_form(read_book(path.read_bytes(), path.name))
    assert form is not None, path
    return form


def _typed(form: FoundForm, typed: Entries, unit: str) -> dict[tuple[int, int], Scalar]:
    cells: dict[tuple[int, int], Scalar] = {}
    at = form.columns["code"]
    for number, row in enumerate(form.grid.rows, start=1):
        code = str(row[at]) if at < len(row) else ""
        for key, text in typed.get((unit, code), {}).items():
            cells[number, _AT[key]] = float(text) if key == "actual" else text
    return cells
