"""Issuing forms: the whole job and the stamping of files, against XlsxWriter writing each form."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from benchmarks.conftest import SIZES, Note, rounds
from benchmarks.inbox import CLOCK, Office, empty_office, numbers
from benchmarks.measure import Line, by_turns
from benchmarks.units import PERIOD
from benchmarks.xlsxwriter_form import write_form
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import method_book
from kaohe.jobs.issue import FORM_SKELETON, issue
from kaohe.jobs.master import open_master
from kaohe.model import Identity, Unit
from kaohe.periods import parse_period
from kaohe.sheets.form import form_plan, form_values
from kaohe.sheets.form_model import Form
from kaohe.workbooks.package import Template
from kaohe.workbooks.read import read_book

ISSUED = "2007-07-01 09:00:00"
SAMPLE = 25
"""Forms XlsxWriter writes in a round; its time for one is multiplied by the number of units."""


def sample_form(office: Office) -> Form:
    """The form of all units of the office."""
    period = parse_period(PERIOD)
    scheme = open_master(office.master).scheme.at(period.end)
    return Form(
        scheme=scheme,
        period=period,
        indicators=scheme.indicators,
        department="",
        deadline=period.end + dt.timedelta(days=10),
        methods=method_book(scheme).methods,
        lookup=Lookup.of(scheme),
        parameters_of=scheme.units[0],
    )


def skeleton() -> bytes:
    """The styled, empty form that templates are made from."""
    return (files("kaohe.templates") / FORM_SKELETON).read_bytes()


def identity_of(form: Form, unit: Unit) -> Identity:
    """An identity like the ones `issue` gives."""
    return Identity(f"{PERIOD}-{unit.code}-BENCH", "BH", form.scheme.version, unit.code, "", PERIOD)


@pytest.fixture(scope="module")
def empty_offices(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Office]:
    made: dict[int, Office] = {}

    def office(units: int) -> Office:
        if units not in made:
            made[units] = empty_office(tmp_path_factory.mktemp(f"issue{units}"), units)
        return made[units]

    return office


def test_xlsxwriter_writes_the_same_form(empty_offices: Callable[[int], Office], tmp_path: Path) -> None:
    """Every cell of the form has the same value, whoever wrote it."""
    office = empty_offices(SIZES[0])
    master = office.copy_of_master("same")
    issued = issue(master, PERIOD, tmp_path, clock=lambda: CLOCK, number=numbers())
    form = sample_form(office)
    unit = form.scheme.units[0]
    mine = read_book(issued.written[0].read_bytes(), "ours.xlsx")
    row = next(row for row in open_master(master).issues.values() if row.unit == unit.code)
    identity = identity_of(form, unit)._replace(number=row.number)
    write_form(form_plan(form, identity), form_values(form, unit, identity, row.issued), tmp_path / "x.xlsx")
    theirs = read_book((tmp_path / "x.xlsx").read_bytes(), "theirs.xlsx")
    assert list(theirs.sheets) == list(mine.sheets)
    for name, grid in mine.sheets.items():
        assert [list(line) for line in theirs.sheets[name].rows] == [list(line) for line in grid.rows], name


@pytest.mark.parametrize("units", SIZES)
def test_issue(benchmark: Any, note: Note, empty_offices: Callable[[int], Office], units: int) -> None:
    """`kaohe issue` from the master to files on disk, its entries in the master included."""
    office = empty_offices(units)
    form = sample_form(office)
    sample = form.scheme.units[:SAMPLE]
    folder = office.folder / "xlsxwriter"
    folder.mkdir(exist_ok=True)

    def prepare() -> None:
        shutil.rmtree(office.issued, ignore_errors=True)
        office.copy_of_master("issue")

    def ours() -> None:
        master = office.folder / "issue" / office.master.name
        done = issue(master, PERIOD, office.issued, clock=lambda: CLOCK, number=numbers())
        assert len(done.written) == units

    template = Template.build(skeleton(), form_plan(form, identity_of(form, sample[0])))

    def stamps() -> None:
        for unit in form.scheme.units:
            values = form_values(form, unit, identity_of(form, unit), ISSUED)
            (folder / f"{unit.code}.xlsx").write_bytes(template.stamp(values))

    def theirs() -> None:
        plan = form_plan(form, identity_of(form, sample[0]))
        for unit in sample:
            values = form_values(form, unit, identity_of(form, unit), ISSUED)
            write_form(plan, values, folder / f"{unit.code}.xlsx")

    contestants = {"issue": ours, "stamps": stamps, "XlsxWriter": theirs}
    found = by_turns(benchmark, contestants, rounds(units), prepare)
    one = found.middle("XlsxWriter") / len(sample)
    against = f"XlsxWriter {one * 1000:.0f} 毫秒一份"
    times = units / len(sample)
    for name, subject, count in (
        ("issue", "下发(整个命令)快于", units),
        ("stamps", "套印一份(不含总表登记)快于", 1),
    ):
        gain, cpu = times / found.ratio(name, "XlsxWriter"), times / found.cpu_ratio(name, "XlsxWriter")
        seconds = found.middle(name) * count / units
        note(Line(subject, against, count, seconds, gain, cpu, aim=50, at_least=True))
