"""One cell as XML."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kaohe.workbooks.package.cells import MAX_TEXT, Texts, escape, formula_xml, number, tail, units
from kaohe.workbooks.package.errors import BadPlan


def read_back(xml: str) -> str:
    """What a spreadsheet program makes of escaped text."""
    text = etree.fromstring(f"<t>{xml}</t>").text or ""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


@pytest.mark.parametrize(
    ("value", "formula", "expected"),
    [
        (None, "", "/>"),
        ("", "", "/>"),
        (1.5, "", "><v>1.5</v></c>"),
        (3, "", "><v>3</v></c>"),
        (True, "", ' t="b"><v>1</v></c>'),
        ("甲", "", ' t="inlineStr"><is><t>甲</t></is></c>'),
        (" 甲", "", ' t="inlineStr"><is><t xml:space="preserve"> 甲</t></is></c>'),
        ("=1+1", "", ' t="inlineStr"><is><t>=1+1</t></is></c>'),
        (2.0, "<f>A1</f>", "><f>A1</f><v>2.0</v></c>"),
        ("", "<f>A1</f>", ' t="str"><f>A1</f><v></v></c>'),
        ("a<b", "<f>A1</f>", ' t="str"><f>A1</f><v>a&lt;b</v></c>'),
        (False, "<f>A1</f>", ' t="b"><f>A1</f><v>0</v></c>'),
        (None, "<f>A1</f>", "><f>A1</f></c>"),
    ],
)
def test_tail(value: object, formula: str, expected: str) -> None:
    assert tail(value, formula, Texts()) == expected  # type: ignore[arg-type]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_text_reads_back(text: str) -> None:
    assert read_back(escape(text)) == text


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("_x0041_", "_x005F_x0041_"),
        ("\x01", "_x0001_"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ud800", "\ufffd"),
        ("\uffff", "_xFFFF_"),
        ("_x41_", "_x41_"),
    ],
)
def test_escape(text: str, xml: str) -> None:
    assert escape(text) == xml


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_exactly(value: float) -> None:
    assert float(number(value)) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**15, b"1", object()])
def test_numbers_no_cell_can_hold(value: object) -> None:
    with pytest.raises(BadPlan):
        number(value)


def test_minus_zero_is_zero() -> None:
    assert number(-0.0) == "0.0"


@pytest.mark.parametrize("formula", ["", "=A1", "A" * 8193])
def test_formulas_no_cell_can_hold(formula: str) -> None:
    with pytest.raises(BadPlan):
        formula_xml(formula)


def test_formula_is_escaped() -> None:
    assert formula_xml('IF(A1<=1,"a&b","")') == '<f>IF(A1&lt;=1,"a&amp;b","")</f>'


@pytest.mark.parametrize("text", ["字" * 40_000, "😀" * 20_000])
def test_long_text_is_cut_and_counted(text: str) -> None:
    texts = Texts()
    shown = re.findall("<t>(.*)</t>", texts[text])[0]
    assert (units(shown) in (MAX_TEXT, MAX_TEXT - 1), shown[-1], texts.cut) == (True, "…", 1)


def test_text_that_just_fits_is_not_cut() -> None:
    texts = Texts()
    assert "字" * MAX_TEXT in texts["字" * MAX_TEXT]
    assert texts.cut == 0
