"""Forms whose layout clerks altered: every value from the cell that holds it, or a finding that names it."""

from __future__ import annotations

import pytest

from tests.messy.form_cases import CASES, Case
from tests.messy.forms import BH, FORMS, WXJ, Form, Source, compare, taken_in, typed, typed_of


@pytest.mark.parametrize("source", FORMS, ids=str)
def test_the_unaltered_form_is_clean(source: Source) -> None:
    intake, findings, returned = taken_in(source.path.read_bytes(), source)
    assert (findings, returned.problem) == ([], "")
    assert len(typed(intake, source)) >= 3


@pytest.mark.parametrize("source", [BH, pytest.param(WXJ, marks=pytest.mark.full)], ids=str)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_an_altered_form(source: Source, case: Case) -> None:
    form = Form(source)
    expected = case(form)
    compare(form.saved(), source, expected, typed_of(source))


def test_there_are_enough() -> None:
    assert len(CASES) >= 60
