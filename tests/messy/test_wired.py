"""Altered returns through `kaohe consolidate` and `kaohe check`: they count as before, and it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.jobs.check import check
from kaohe.jobs.consolidate import consolidate
from tests.messy.form_cases import (
    codes_deleted,
    identity_and_number_deleted,
    identity_deleted,
    names_sorted_alone,
    one_code_cleared,
    upside_down,
)
from tests.messy.forms import BH, Form
from tests.support import example


def run(folder: Path) -> Assessment:
    """A consolidation that is written."""
    return consolidate(folder / "总表.xlsx", folder / "回收").assessment


def altered(folder: Path, *cases: object) -> Form:
    """The unit's return in the inbox, altered."""
    form = Form(BH)
    for case in cases:
        case(form)  # type: ignore[operator]
    (folder / "回收" / BH.file).write_bytes(form.saved())
    return form


@pytest.mark.parametrize(
    ("case", "codes"),
    [
        (upside_down, set()),
        (one_code_cleared, {"V43"}),
        (codes_deleted, {"V43"}),
        (identity_deleted, {"W18"}),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
def test_counts_as_before(case: object, codes: set[str], tmp_path: Path) -> None:
    folder = example.copy(tmp_path)
    before = consolidate(folder / "总表.xlsx", folder / "回收", dry_run=True).assessment
    altered(folder, case)
    after = run(folder)
    assert [s.total for s in after.standings] == [s.total for s in before.standings]
    told = {f.code for f in after.findings if f.location.workbook == BH.file}
    assert told - {f.code for f in before.findings if f.location.workbook == BH.file} == codes
    again = run(folder)
    assert again.standings == after.standings
    assert {f.code for f in again.findings if f.location.workbook == BH.file} == told


def test_check_says_the_same(tmp_path: Path) -> None:
    folder = example.copy(tmp_path)
    altered(folder, identity_deleted, one_code_cleared)
    found = check([folder / "回收" / BH.file], master_path=folder / "总表.xlsx").findings
    codes = {f.code for f in found}
    assert {"W18", "V43"} <= codes
    assert "W17" not in codes


def test_a_form_nobody_can_tell_whose_it_is_is_refused(tmp_path: Path) -> None:
    folder = example.copy(tmp_path)
    altered(folder, identity_and_number_deleted)
    after = run(folder)
    assert [f.code for f in after.findings if f.location.workbook == BH.file] == ["W17"]
    assert len(after.standings) == 9


def test_contradicting_names_leave_only_that_unit_without_rank(tmp_path: Path) -> None:
    folder = example.copy(tmp_path)
    altered(folder, names_sorted_alone)
    after = run(folder)
    assert [s.unit.code for s in after.standings if s.rank is None] == [BH.unit]
