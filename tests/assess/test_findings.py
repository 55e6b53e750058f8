"""Every code of the catalogue: a drawn case with exactly that code at exactly that cell, and a clean one."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from kaohe import findings
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.load import load_scheme
from kaohe.findings import CATALOGUE, ERROR, Finding
from tests.assess import return_cases, scheme_cases, test_edited, value_cases
from tests.assess.return_cases import ReturnCase
from tests.assess.scheme_cases import SchemeCase
from tests.assess.value_cases import ValueCase
from tests.jobs import file_cases
from tests.support.returns import H1, assess_forms, form, places
from tests.support.schemes import draw, small_scheme

TESTS = Path(__file__).parents[1]


def label(case: SchemeCase | ValueCase | ReturnCase) -> str:
    codes = "+".join(sorted({code for code, *_ in case.found}))
    return f"{codes} {case.why}"


def of_scheme(tables: scheme_cases.Drawn) -> tuple[Finding, ...]:
    scheme, read = load_scheme(draw(**tables))
    return (*read, *check_scheme(scheme, H1))


@pytest.mark.parametrize("case", scheme_cases.CASES, ids=label)
def test_a_fault_in_the_scheme(case: SchemeCase) -> None:
    found = of_scheme(case.tables)
    assert sorted((f.code, f.location.sheet, f.location.cell) for f in found) == sorted(case.found)


@pytest.mark.parametrize("case", [c for c in scheme_cases.CASES if c.clean], ids=label)
def test_the_mended_scheme(case: SchemeCase) -> None:
    assert [finding.message for finding in of_scheme(case.clean)] == []


def test_the_drawn_scheme_has_no_fault() -> None:
    assert of_scheme({}) == ()


def of_value(case: ValueCase, rows: str) -> tuple[Finding, ...]:
    scheme = small_scheme(**case.scheme)
    other = value_cases.CLEAN if "是否" not in case.scheme.get("指标", "") else "指标|完成值\nX1|是\nX2|95"
    returns = [form("U1", rows, scheme=scheme), form("U2", other, scheme=scheme)]
    return assess_forms(scheme, returns).findings


@pytest.mark.parametrize("case", value_cases.CASES, ids=label)
def test_a_fault_in_a_form(case: ValueCase) -> None:
    found = of_value(case, case.rows)
    assert places(found) == sorted(case.found)
    assert {(f.location.unit, f.location.workbook) for f in found} == {("U1", "U1.xlsx")}


@pytest.mark.parametrize("case", [c for c in value_cases.CASES if c.clean], ids=label)
def test_the_mended_form(case: ValueCase) -> None:
    rows = case.clean
    if rows == value_cases.CLEAN and "是否" in case.scheme.get("指标", ""):
        rows = "指标|完成值\nX1|是\nX2|95"
    assert [finding.message for finding in of_value(case, rows)] == []


@pytest.mark.parametrize("case", [*return_cases.CASES, *return_cases.CLEAN_CASES], ids=label)
def test_a_fault_in_what_came(case: ReturnCase) -> None:
    found = assess_forms(return_cases.SCHEME, case.returns(), register=case.register()).findings
    assert sorted((f.code, f.location.workbook, f.location.unit) for f in found) == sorted(case.found)


def all_found() -> list[Finding]:
    """The findings of all cases."""
    found = [finding for case in scheme_cases.CASES for finding in of_scheme(case.tables)]
    found += [finding for case in value_cases.CASES for finding in of_value(case, case.rows)]
    for case in return_cases.CASES:
        found += assess_forms(return_cases.SCHEME, case.returns(), register=case.register()).findings
    return found


def test_every_code_has_its_case() -> None:
    cases = (*scheme_cases.CASES, *value_cases.CASES, *return_cases.CASES)
    drawn = (
        {code for case in cases for code, *_ in case.found} | set(file_cases.CODES) | set(test_edited.CODES)
    )
    assert drawn <= set(CATALOGUE)
    assert set(CATALOGUE) - drawn - quoted_elsewhere() == set()


def quoted_elsewhere() -> set[str]:
    """Codes that tests beside these tables name: each has its own drawn case there."""
    texts = (path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path != Path(__file__))
    return {code for text in texts for code in re.findall(r"[\"']([A-Z]\d\d)[\"']", text)}


def test_messages_say_where_what_and_how_to_mend_it() -> None:
    for finding in all_found():
        assert not re.search(r"[{}]", finding.message)
        assert (
            finding.message == (f"{finding.place}:" if finding.place else "") + finding.what + finding.remedy
        )
        assert finding.remedy.endswith(("。", "请重发"))


def test_an_error_of_a_unit_takes_its_rank_and_nobody_elses() -> None:
    for case in value_cases.CASES:
        scheme = small_scheme(**case.scheme)
        if case.scheme:
            continue
        returns = [form("U1", case.rows, scheme=scheme), form("U2", value_cases.CLEAN, scheme=scheme)]
        ranks = {s.unit.code: s.rank for s in assess_forms(scheme, returns).standings}
        error = any(CATALOGUE[code].severity == ERROR for code, _ in case.found)
        assert (ranks["U1"] is None, ranks["U2"]) == (error, 1), case.why


def test_an_error_of_the_scheme_leaves_everybody_without_a_rank() -> None:
    scheme = small_scheme(部分="代码|名称|上级|满分\nA|发展||61\nB|民生||40")
    returns = [form(unit, value_cases.CLEAN, scheme=scheme) for unit in ("U1", "U2")]
    assessment = assess_forms(scheme, returns)
    assert [s.rank for s in assessment.standings] == [None, None]
    assert [s.total for s in assessment.standings] == [100, 100]


def test_findings_come_worst_first() -> None:
    found = findings.ordered([Finding("W07"), Finding("V09"), Finding("V01"), Finding("S15")])
    assert [finding.code for finding in found] == ["V01", "V09", "W07", "S15"]


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.code)
def test_the_catalogue_itself(kind: findings.Kind) -> None:
    """A kind has a known severity, Chinese texts, and facts that are words."""
    assert kind.severity in findings.SEVERITIES
    assert re.search(r"[一-鿿]", kind.title)
    for text in (kind.wording, kind.remedy):
        assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(text))
    assert kind.remedy
