"""One number in every alphabet, with every separator, is one number; what is no answer becomes none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.values.typed import read_typed

_WIDE = str.maketrans("0123456789.,%+-", "０１２３４５６７８９．，％＋－")
_PLAIN, _FORMAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_TENS = {_PLAIN: ("", "十", "百", "千"), _FORMAL: ("", "拾", "佰", "仟")}


def group(value: int, digits: str) -> str:
    """A number below ten thousand as it is written in Chinese."""
    out, gap = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + _TENS[digits][place]
        gap = not digit
    return out


def spoken(value: Decimal, digits: str) -> str:
    """A number below 10^12 in Chinese numerals, independent of the reader."""
    whole, _, places = f"{value:f}".partition(".")
    number, out = int(whole), ""
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // scale % 10**4
        if part:
            zero = "零" if out and part < 1000 else ""
            out += zero + group(part, digits) + name
        elif out and scale == 10**4 and number % 10**4 >= 1000:
            out += "零"
    out = out or "零"
    return f"{out}点{''.join(digits[int(place)] for place in places)}" if places else out


def spellings(value: Decimal) -> dict[str, str]:
    """Ways to write the number that a person reads alike; none of them carries a unit."""
    plain, grouped = f"{value:f}", f"{value:,f}"
    found = {
        "plain": plain,
        "wide": plain.translate(_WIDE),
        "grouped": grouped,
        "grouped wide": grouped.translate(_WIDE),
        "blanks": grouped.replace(",", " "),
        "no-break blanks": grouped.replace(",", "\u00a0"),
        "plus": f"+{plain}",
        "quoted": f"“{plain}”",
        "stop": f"{plain}。",
        "zeros in front": f"00{plain}",
        "wan": f"{value / 10**4:f}万",
        "yi": f"{value / 10**8:f}亿",
        "chinese": spoken(value, _PLAIN),
        "formal": spoken(value, _FORMAL),
    }
    if "." in plain:
        found["middle dot"] = plain.replace(".", "·")
        found["stop for a point"] = plain.replace(".", "。")
    return found


_NUMBERS = st.decimals(min_value=1, max_value=10**12 - 1, places=2) | st.integers(1, 10**12 - 1).map(Decimal)


@given(_NUMBERS)
def test_every_spelling_of_a_number_is_that_number(value: Decimal) -> None:
    read = {name: read_typed(text, unit_of_measure="个") for name, text in spellings(value).items()}
    assert {name: typed.number for name, typed in read.items()} == dict.fromkeys(read, float(value))
    assert {name for name, typed in read.items() if not typed.exact} == set()


@given(_NUMBERS, st.sampled_from(["元", "个", "户", "吨", "公里"]))
def test_a_unit_behind_it_changes_nothing(value: Decimal, unit: str) -> None:
    read = {f"{text}{unit}" for name, text in spellings(value).items() if name not in ("quoted", "stop")}
    assert {read_typed(text, unit_of_measure=unit).number for text in read} == {float(value)}


@given(_NUMBERS)
def test_a_minus_stands_in_front_of_any_of_them(value: Decimal) -> None:
    names = ("plain", "wide", "grouped", "wan", "chinese", "formal")
    found = {
        read_typed(sign + spellings(value)[name]).number for name in names for sign in ("-", "−", "－", "负")
    }
    assert found == {-float(value)}


@given(st.decimals(min_value=Decimal("0.1"), max_value=100, places=1))
def test_every_spelling_of_a_share_is_that_share(value: Decimal) -> None:
    written = [f"{value}%", f"{value}％", f" {value} ％", f"{value}个百分点", f"{value * 10:f}‰", f"{value}"]
    written += [f"百分之{spoken(value, _PLAIN)}", f"{value}%".translate(_WIDE), f"{value}百分点"]
    assert {read_typed(text, unit_of_measure="%").number for text in written} == {float(value)}


@given(
    _NUMBERS, st.sampled_from(["约{}", "近{}", "{}左右", "{}余", "≈{}", "{}以上", "≥{}", "不少于{}", "＞{}"])
)
def test_what_is_about_a_number_keeps_it_and_is_not_exact(value: Decimal, pattern: str) -> None:
    for name in ("plain", "wide", "grouped", "wan"):
        typed = read_typed(pattern.format(spellings(value)[name]), unit_of_measure="个")
        assert (typed.number, typed.exact) == (float(value), False)


@given(_NUMBERS)
def test_the_precision_typed_is_kept(value: Decimal) -> None:
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    for name in ("plain", "wide", "grouped", "quoted", "chinese"):
        assert read_typed(spellings(value)[name]).decimals == places


@pytest.mark.parametrize(
    "left",
    ["(请填写数字)", "例:92.16", "如:100", "如92.16", "示例：3", "XX", "XX万元", "___", "____万元", "万元"],
)
def test_a_hint_left_in_place_is_no_answer(left: str) -> None:
    typed = read_typed(left, unit_of_measure="万元")
    assert (typed.kind, typed.number) == ("hint", None)


@given(st.text(max_size=12), st.text("0123456789", min_size=1, max_size=6), st.text(max_size=12))
def test_nothing_with_a_figure_becomes_zero_or_blank(front: str, digits: str, back: str) -> None:
    typed = read_typed(f"{front}{digits}{back}")
    assert typed.kind != "blank"
    if typed.number == 0:
        assert any(ch in typed.text for ch in "0０〇零") or "没有" in typed.text


@pytest.mark.parametrize("unseen", ["\x00", "\x07", "\x1b", "\x7f", "\u200b", "\ufeff", "\u202e"], ids=ascii)
def test_signs_that_do_not_show_do_not_count(unseen: str) -> None:
    assert read_typed(f"{unseen}92.{unseen}5{unseen}").number == 92.5
    assert read_typed(unseen * 3).kind == "blank"
