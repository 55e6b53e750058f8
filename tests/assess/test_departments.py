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


def test_a_row_that_is_missing_is_missing_from_its_departments_part() -> None:
    """V14 names the file of the department that was to fill it in, whichever came first."""
    scheme, told, whole = bh.scheme().at(bh.H1.end), {}, sent()
    for form in whole:
        rows = [(row, scheme.indicator_by_code[row.indicator]) for row in form.rows]
        asked = [row for row, own in rows if own.entered and scheme.measured(own, bh.H1)]
        if form.identity.unit == bh.BINHU and len(asked) > 1:
            short = form._replace(rows=tuple(row for row in form.rows if row is not asked[0]))
            forms = [short if each is form else each for each in whole]
            (found,) = of_unit(bh.assessed(bh.entries(), forms=forms), "W08", "V14")
            assert found.facts["indicator"] == asked[0].indicator
            told[form.workbook] = found.location.workbook
    assert len(told) > 3
    assert all(found == expected for expected, found in told.items())


def test_a_gap_leaves_the_others_ranked_without_gaps() -> None:
    assessment = bh.assessed(bh.entries(), forms=without("环境保护局"))
    assert [s.rank for s in assessment.standings] == [1, 2, 3, 4, 5, 6, 7, 8, None]


def test_what_is_not_the_departments_to_fill_in_is_asked_about_and_not_taken() -> None:
    """V46: 财政局 also fills in 外经贸局's indicator; it must not stand in for 外经贸局, come or not."""
    row = ReturnedRow("A08", "K30", 2.0)
    assessment = bh.assessed(bh.entries(), forms=with_row("财政局", row))
    found = of_unit(assessment, "W09", "V46")
    assert [(f.code, f.location.workbook, f.location.cell) for f in found] == [
        ("V46", "U05财政局.xlsx", "K30")
    ]
    assert found[0].message.count("下发给“滨湖区(财政局)”的表中(由外经贸局填报),填写的“2”未采用") == 1
    assert rank(assessment) == 3
    forms = [form for form in with_row("财政局", row) if form.identity.department != "外经贸局"]
    alone = bh.assessed(bh.entries(), forms=forms)
    assert {f.code for f in of_unit(alone, "W08", "V46")} == {"W08", "V46"}
    assert "A08" not in alone.intake.live[bh.BINHU]
    assert rank(alone) is None


def test_an_overlap_left_blank_is_harmless() -> None:
    for department in ("财政局", "卫生局"):
        assessment = bh.assessed(bh.entries(), forms=with_row(department, ReturnedRow("A08", "K30", None)))
        assert of_unit(assessment, "W09", "V17", "V01") == []
        assert rank(assessment) == 3
