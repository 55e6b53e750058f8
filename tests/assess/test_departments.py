"""BH11: a unit's form filled by many departments; parts are merged by indicator, gaps and overlaps found."""

from __future__ import annotations

from kaohe.assess.assessment import Assessment
from kaohe.findings import Finding
from kaohe.model import Return, ReturnedRow
from tests.support import bh


def sent() -> list[Return]:
    return bh.returns(bh.entries())


def without(department: str) -> list[Return]:
    return [form for form in sent() if form.identity.department != department]


def with_row(department: str, row: ReturnedRow) -> list[Return]:
    """The forms, with one more row on a department's part."""
    return [
        form._replace(rows=(*form.rows, row)) if form.identity.department == department else form
        for form in sent()
    ]


def of_unit(assessment: Assessment, *codes: str) -> list[Finding]:
    return [f for f in assessment.findings if f.location.unit == bh.BINHU and f.code in codes]


def rank(assessment: Assessment) -> int | None:
    return next(s.rank for s in assessment.standings if s.unit.code == bh.BINHU)


def test_parts_are_merged_into_the_whole() -> None:
    """Eleven departments, one result: the same as if one form had come."""
    parts = [form.identity.department for form in sent() if form.identity.unit == bh.BINHU]
    assert len(parts) == len(set(parts)) == 11
    merged = bh.example().intake.live[bh.BINHU]
    assert {row.code for row in bh.scheme().at(bh.H1.end).indicators} == set(merged)
    assert {record.department for record in merged.values()} == set(parts)


def test_a_gap_names_the_department() -> None:
    """W08 for the department; its indicators are not listed one by one."""
    assessment = bh.assessed(bh.entries(), forms=without("环境保护局"))
    found = of_unit(assessment, "W08", "V14", "V01")
    assert [(f.code, f.facts["part"]) for f in found] == [("W08", "“环境保护局”的分表")]
    assert "滨湖区未报送“环境保护局”的分表" in found[0].message
    assert rank(assessment) is None


def test_a_gap_leaves_the_others_ranked_without_gaps() -> None:
    assessment = bh.assessed(bh.entries(), forms=without("环境保护局"))
    assert [s.rank for s in assessment.standings] == [1, 2, 3, 4, 5, 6, 7, 8, None]


def test_an_overlap_that_differs_is_asked_about_at_the_second_cell() -> None:
    """W09: 财政局 also fills in 外经贸局's indicator, with another value."""
    row = ReturnedRow("A08", "K30", 2.0)
    assessment = bh.assessed(bh.entries(), forms=with_row("财政局", row))
    found = of_unit(assessment, "W09")
    assert [f.facts["indicator"] for f in found] == ["A08"]
    assert {found[0].facts["first"], found[0].facts["second"]} == {"U05财政局.xlsx", "U05外经贸局.xlsx"}
    assert found[0].facts["kept"] == "U05外经贸局.xlsx"
    assert rank(assessment) == 3


def test_an_overlap_counts_the_responsible_departments_value() -> None:
    for value in (2.0, 0.5):
        row = ReturnedRow("A08", "K30", value)
        live = bh.assessed(bh.entries(), forms=with_row("财政局", row)).intake.live
        assert live[bh.BINHU]["A08"].department == "外经贸局"


def test_an_identical_overlap_is_harmless() -> None:
    typed = float(bh.entries()[bh.BINHU, "A08"]["完成值"])
    assessment = bh.assessed(bh.entries(), forms=with_row("财政局", ReturnedRow("A08", "K30", typed)))
    assert of_unit(assessment, "W09", "V17") == []
    assert rank(assessment) == 3


def test_an_overlap_left_blank_is_harmless() -> None:
    for department in ("财政局", "卫生局"):
        assessment = bh.assessed(bh.entries(), forms=with_row(department, ReturnedRow("A08", "K30", None)))
        assert of_unit(assessment, "W09", "V17", "V01") == []
        assert rank(assessment) == 3
