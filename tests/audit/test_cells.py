"""Cells as they stand in a file, whichever way a program wrote them."""

from __future__ import annotations

import io

import xlsxwriter

from kaohe.audit.cells import read_sheets
from kaohe.rules.errors import ErrorValue
from tests.package.books import edited, sheet_part

SHEET = "排名"
FORMULA = "<f>A1*$B1</f><v>2</v>"


def book() -> bytes:
    """Values of every kind, and a formula down three rows."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        sheet = made.add_worksheet(SHEET)
        sheet.write_row("A1", (1, 2))
        sheet.write_formula("C1", "=A1*$B1", value=2)
        sheet.write_formula("C2", "=A2*$B2", value=0)
        sheet.write_formula("C3", '="甲"&A1', value="甲1")
        sheet.write_formula("C4", "=1/0", value="#DIV/0!")
        sheet.write_formula("C5", "=1=1", value=True)
        sheet.write_formula("C6", '=""', value="")
        sheet.write_string("D1", "共用的文字")
        sheet.write_string("D2", "_x0041_")
        sheet.write_blank("D3", None, made.add_format({"bold": True}))
        made.add_worksheet("另一张").write("A1", "不读")
    return target.getvalue()


def test_values_and_formulas() -> None:
    found = read_sheets(book(), [SHEET, "没有"])
    assert set(found) == {SHEET}
    sheet = found[SHEET]
    assert sheet.formulas == {
        (1, 3): "A1*$B1",
        (2, 3): "A2*$B2",
        (3, 3): '"甲"&A1',
        (4, 3): "1/0",
        (5, 3): "1=1",
        (6, 3): '""',
    }
    assert sheet.values == {
        (1, 1): 1.0,
        (1, 2): 2.0,
        (1, 3): 2.0,
        (2, 3): 0.0,
        (3, 3): "甲1",
        (4, 3): ErrorValue("#DIV/0!"),
        (5, 3): True,
        (1, 4): "共用的文字",
        (2, 4): "_x0041_",
    }
    assert isinstance(sheet.values[4, 3], ErrorValue)


def test_a_shared_formula_is_moved_to_each_of_its_cells() -> None:
    """As Excel writes a formula that was filled down."""
    data = book()
    part = sheet_part(data, SHEET)
    shared = '<f t="shared" ref="C1:C2" si="0">A1*$B1</f><v>2</v>'
    data = edited(data, part, (FORMULA, shared), ("<f>A2*$B2</f>", '<f t="shared" si="0"/>'))
    formulas = read_sheets(data, [SHEET])[SHEET].formulas
    assert (formulas[1, 3], formulas[2, 3]) == ("A1*$B1", "A2*$B2")


def test_a_formula_for_several_cells_is_not_taken_apart() -> None:
    data = book()
    array = '<f t="array" ref="C1:C2">A1:A2*2</f><v>2</v>'
    sheet = read_sheets(edited(data, sheet_part(data, SHEET), (FORMULA, array)), [SHEET])[SHEET]
    assert sheet.unread == {(1, 3)}
    assert (1, 3) not in sheet.formulas
