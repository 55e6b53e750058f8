"""考评打分表 whose layout somebody altered: every mark from its cell, or a finding that names it."""

from __future__ import annotations

import pytest

from tests.messy.assessor_cases import CASES, Case, Table
from tests.messy.forms import MARKS, compare, taken_in, typed, typed_of


def test_the_unaltered_table_is_clean() -> None:
    intake, findings, returned = taken_in(MARKS.path.read_bytes(), MARKS)
    assert (findings, returned.problem) == ([], "")
    assert len(typed(intake, MARKS)) > 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_an_altered_table(case: Case) -> None:
    table = Table(MARKS)
    expected = case(table)
    compare(table.saved(), MARKS, expected, typed_of(MARKS))
