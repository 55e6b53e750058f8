"""Damaged workbooks: whatever was hit, reading ends in rows or a problem, soon, and the others count."""

from __future__ import annotations

import re
import time
import warnings
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from kaohe.findings import Finding
from kaohe.model import Location
from kaohe.sheets.form_read import read_return
from tests.fuzz import books
from tests.fuzz.mutate import mutant
from tests.support.line import Desk

SECONDS = 5.0
FEW, MANY = 400, 20_000
FILES_FEW, FILES_MANY = 60, 1_000
GOOD = "指标|完成值\nX1|100\nX2|95"


def survives(originals: Sequence[bytes], seeds: range) -> None:
    """Read one mutant for each seed; the seed stands in the message of what goes wrong."""
    for seed in seeds:
        data = mutant(originals, seed)
        began = time.process_time()
        try:
            returned = read_return(data, "表.xlsx", "")
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
        assert time.process_time() - began < SECONDS, f"seed {seed}"
        if returned.problem:
            place = Location(returned.workbook, returned.sheet)
            assert len(Finding(returned.problem, place, dict(returned.facts)).message) > 8


def test_mutants_are_reproducible(tmp_path: Path) -> None:
    originals = books.small(tmp_path)
    assert [mutant(originals, n) for n in range(20)] == [mutant(originals, n) for n in range(20)]
    assert sum(mutant(originals, n) not in originals for n in range(100)) > 80


def test_mutants_are_read_or_refused(tmp_path: Path) -> None:
    survives((*books.small(tmp_path), *books.returned()), range(FEW))


def test_most_damage_is_told_and_some_passes(tmp_path: Path) -> None:
    """The damages are neither so coarse that nothing is read nor so fine that nothing is hit."""
    originals = books.small(tmp_path)
    problems = [read_return(mutant(originals, seed), "表.xlsx", "").problem for seed in range(200)]
    assert 40 < problems.count("W01") < 180
    assert problems.count("") > 10


@pytest.mark.full
def test_many_mutants_are_read_or_refused(tmp_path: Path) -> None:
    survives((*books.small(tmp_path), *books.returned(), *books.agencies()), range(FEW, MANY))


def stand_where_they_are(seeds: range) -> int:
    """How many mutants of returned forms two readers could read; each value from the cell that holds it."""
    originals = books.returned()
    compared = 0
    for seed in seeds:
        data = mutant(originals, seed)
        returned = read_return(data, "表.xlsx", "")
        other = None if returned.problem or data in originals else _other_reader(data)
        if other is None or returned.sheet not in other.sheetnames:
            continue
        compared += 1
        sheet = other[returned.sheet]
        for row in returned.rows:
            if isinstance(row.value, float):
                seen = sheet[row.cell].value
                assert seen in (None, row.value), f"seed {seed}: {row.cell} {row.value} {seen}"
    return compared


def _other_reader(data: bytes) -> openpyxl.Workbook | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(BytesIO(data), data_only=True)
        except Exception:  # noqa: BLE001  (it does not read every damaged file)
            return None


def test_a_surviving_value_is_that_of_its_cell() -> None:
    """Damage may take a value away; it never puts another one in its place."""
    assert stand_where_they_are(range(120)) >= 10


@pytest.mark.full
def test_many_surviving_values_are_those_of_their_cells() -> None:
    assert stand_where_they_are(range(120, 3_000)) >= 200


def consolidates(folder: Path, seeds: range) -> None:
    """An inbox of mutants beside one good form."""
    desk = Desk.new(folder)
    desk.issue()
    desk.fill("U1", GOOD)
    originals = [desk.form("U2").read_bytes(), *books.returned()]
    for seed in seeds:
        (desk.inbox / f"{seed}.xlsx").write_bytes(mutant(originals, seed))
    done = desk.consolidate("2007-H1")
    totals = {standing.unit.code: standing.total for standing in done.assessment.standings}
    assert totals["U1"] == 100.0
    for finding in done.assessment.findings:
        assert len(finding.message) > 8
        assert "Traceback" not in finding.message
    with zipfile.ZipFile(desk.master) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    formulas = [text for xml in sheets for text in re.findall(rb"<f[^>]*>([^<]*)</f>", xml)]
    assert formulas
    assert not [text for text in formulas if text == b"1+1"]


def test_an_inbox_of_mutants(tmp_path: Path) -> None:
    consolidates(tmp_path, range(FILES_FEW))


@pytest.mark.full
def test_an_inbox_of_many_mutants(tmp_path: Path) -> None:
    consolidates(tmp_path, range(FILES_FEW, FILES_MANY))
