"""Numerals and units: exact values, and what is no numeral."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.values.numerals import arabic, chinese
from kaohe.values.units import FAMILIES, understand

_DIGITS = "零一二三四五六七八九"


def spell(number: int) -> str:
    """The usual Chinese spelling of a number below 10^12, written independently of the reader."""
    if number >= 10**8:
        return _joined(number, 10**8, "亿")
    if number >= 10**4:
        return _joined(number, 10**4, "万")
    for unit, word in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            return _joined(number, unit, word)
    return _DIGITS[number]


def _joined(number: int, unit: int, word: str) -> str:
    high, low = divmod(number, unit)
    gap = "零" if low and low < unit // 10 else ""
    return spell(high) + word + (gap + spell(low) if low else "")


@given(st.integers(0, 10**12 - 1))
def test_every_spelled_number_is_read_back(number: int) -> None:
    assert chinese(spell(number)) == (Fraction(number), 0, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "点",
        "三点",
        "点五",
        "百",
        "千万",
        "三十三十",
        "十百",
        "三万五",
        "一百五",
        "九八",
        "一点十",
    ],
)
def test_what_is_no_chinese_number(text: str) -> None:
    assert chinese(text).problem


@given(st.decimals(min_value=0, max_value=10**12, places=3))
def test_arabic_is_exact(number: object) -> None:
    assert arabic(f"{number:,.3f}") == (Fraction(str(number)), 3, "")


@pytest.mark.parametrize(
    "text", ["", ".", "1,2", "1,2345", "12345,678", "1 23", "1,234 567", "1..2", "e5", "1" * 500]
)
def test_what_is_no_arabic_number(text: str) -> None:
    assert arabic(text).problem


@pytest.mark.parametrize("family", FAMILIES)
def test_every_spelling_means_its_own_family(family: str) -> None:
    for spelling, factor in FAMILIES[family].items():
        unit = understand(spelling)
        assert unit is not None
        assert (unit.family, unit.factor) == (family, factor), spelling
