"""等次, 否决事项, 否决, 结果规则, 督办: every fault at its cell, and clean tables without any."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kaohe.findings import CATALOGUE
from tests.assess import grade_cases
from tests.assess.grade_cases import GradeCase


@pytest.mark.parametrize("case", grade_cases.CASES, ids=lambda case: f"{case.found[0][0]} {case.why}")
def test_a_fault(case: GradeCase) -> None:
    found = grade_cases.findings_of(case.tables)
    assert sorted((f.code, f.location.cell) for f in found) == sorted(case.found)
    for finding in found:
        assert not re.search(r"[{}]", finding.message)
        assert finding.location.sheet in grade_cases.CLEAN


def test_clean_tables_have_none() -> None:
    assert [finding.message for finding in grade_cases.findings_of({})] == []


def test_every_code_has_a_case() -> None:
    """Codes not drawn here are asserted by name in the tests beside this one."""
    drawn = {code for case in grade_cases.CASES for code, _ in case.found}
    here = Path(__file__).parent
    names = ("bonuses", "grading", "history", "outcomes")
    beside = "".join((here / f"test_{name}.py").read_text(encoding="utf-8") for name in names)
    assert {code for code in grade_cases.CODES if code not in drawn and f'"{code}"' not in beside} == set()
    assert {code for code in CATALOGUE if code.startswith("G")} == grade_cases.CODES
