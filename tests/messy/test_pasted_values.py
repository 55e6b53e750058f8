"""Values pasted over the formulas, and codes that were lost: what the whole assessment says of them."""

from __future__ import annotations

import openpyxl

from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.placing import of_taken, placed
from kaohe.assess.returns import take_in
from kaohe.sheets.form_layout import TITLES
from kaohe.sheets.form_read import read_return
from tests.messy.forms import BH, CODE, NAME, VALUE, Form, folder, master, saved, taken_in, typed, typed_of


def assessed(data: bytes) -> Assessment:
    """The example's half-year with this form in the place of the one that came."""
    book = master(BH.system)
    scheme = book.scheme.at(BH.period.end)
    files = sorted((folder(BH.system) / "回收").glob("*.xlsx"))
    returns = [
        read_return(data if file.name == BH.file else file.read_bytes(), file.name, "2007-07-07 09:00:00")
        for file in files
    ]
    returns, told = placed(returns, scheme, book.issues)
    intake = take_in(returns, book.issues, (), scheme, BH.period, book.versions)
    intake = type(intake)(**{**vars(intake), "findings": (*intake.findings, *of_taken(told, intake.inputs))})
    return assess(book.scheme, BH.period, intake, book.issues, book.findings, book.ledger)


def of_unit(assessment: Assessment, *codes: str) -> list[tuple[str, str]]:
    """(code, cell) of the unit's findings with these codes."""
    found = (f for f in assessment.findings if f.location.unit == BH.unit and f.code in codes)
    return sorted((f.code, f.location.cell) for f in found)


def pasted() -> openpyxl.Workbook:
    """The form with all formulas replaced by their results."""
    return openpyxl.load_workbook(BH.path, data_only=True)


def test_values_over_formulas_change_nothing() -> None:
    data = saved(pasted())
    intake, findings, _ = taken_in(data, BH)
    assert findings == []
    assert typed(intake, BH) == typed_of(BH)
    assert of_unit(assessed(data), "V11", "V12", "V13") == []


def test_a_score_typed_over_its_formula_is_told() -> None:
    form = Form(BH)
    book = pasted()
    row = form.row(1)
    sheet = book[form.sheet.title]
    sheet[form.at(TITLES["score"], row)] = 99.0
    sheet[form.at(TITLES["weight"], row)] = 77.0
    found = of_unit(assessed(saved(book)), "V11", "V12", "V13")
    assert [code for code, _ in found] == ["V11", "V12"]
    assert all(cell.endswith(str(row)) for _, cell in found)


def test_a_row_nobody_can_place_leaves_the_unit_without_rank() -> None:
    form = Form(BH)
    row = form.row(1)
    form.put(CODE, row, None)
    form.put(NAME, row, "不知哪一项")
    assessment = assessed(form.saved())
    assert of_unit(assessment, "V42", "V14") == [("V14", ""), ("V42", form.at(VALUE, row))]
    assert next(s for s in assessment.standings if s.unit.code == BH.unit).rank is None


def test_a_row_found_by_its_name_counts_as_before() -> None:
    form = Form(BH)
    form.put(CODE, form.row(1), None)
    assessment, before = assessed(form.saved()), assessed(BH.path.read_bytes())
    assert assessment.standings == before.standings
    assert of_unit(assessment, "V43") == [("V43", form.at(VALUE, form.row(1)))]


def test_a_name_that_contradicts_its_code_leaves_the_unit_without_rank() -> None:
    form = Form(BH)
    form.put(NAME, form.row(0), form.get(NAME, form.row(1)))
    assessment = assessed(form.saved())
    assert of_unit(assessment, "V44") == [("V44", form.at(VALUE, form.row(0)))]
    assert next(s for s in assessment.standings if s.unit.code == BH.unit).rank is None
