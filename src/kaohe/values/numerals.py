"""Digits and Chinese numerals: a run of characters → an exact number, or why it is none."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

DIGITS: dict[str, int] = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2,
    "俩": 2,
    "仨": 3,
}
TENS: dict[str, int] = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
SPECIAL_TENS: dict[str, int] = {"廿": 20, "卅": 30}
MYRIADS: dict[str, int] = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

CHINESE = "".join((*DIGITS, *TENS, *SPECIAL_TENS, *MYRIADS, "点"))
_ARABIC = re.compile(r"(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[, ]\d{3})+(?:\.\d*)?", re.ASCII)
"""0,925 is no number of thousands: it may be a point elsewhere."""
_MAX_DIGITS = 400


class Numeral(NamedTuple):
    """A number exactly as spelled: its value, its places after the point; ``problem`` says why it is none."""

    value: Fraction
    decimals: int
    problem: str = ""


def _problem(text: str) -> Numeral:
    return Numeral(Fraction(0), 0, text)


def arabic(text: str) -> Numeral:
    """'1,746.50' → 1746.5 with 2 places. Grouping must be by three digits."""
    if "," in text or " " in text:
        if not _GROUPED.fullmatch(text) or ("," in text and " " in text):
            return _problem("千分位分隔有误" if "," in text else "数字之间有空格")
        text = text.replace(",", "").replace(" ", "")
    match = _ARABIC.fullmatch(text)
    if not match or not (match[1] or match[2]) or len(text) > _MAX_DIGITS:
        return _problem("数字写法有误")
    whole, places, power = match[1] or "0", match[2] or "", int(match[3] or 0)
    value = Fraction(int(whole + places), 10 ** len(places)) * Fraction(10) ** power
    return Numeral(value, max(0, len(places) - power))


def chinese(text: str) -> Numeral:
    """'一百二十' → 120, '三点五' → 3.5, '两万' → 20000, '二〇〇七' → 2007."""
    whole_text, point, places_text = text.partition("点")
    if point and not (whole_text and places_text and all(ch in DIGITS for ch in places_text)):
        return _problem("汉字数字写法有误")
    whole = _whole(whole_text)
    if whole is None:
        return _problem("汉字数字写法有误")
    places = "".join(str(DIGITS[ch]) for ch in places_text)
    return Numeral(whole + Fraction(int(places or 0), 10 ** len(places)), len(places))


def _whole(text: str) -> int | None:
    """A whole number in Chinese characters; digits alone are read one by one."""
    if not text:
        return None
    if all(ch in DIGITS for ch in text):
        years = len(text) in (1, 4) or "〇" in text or "零" in text  # 五一, 九八 are no numbers
        return int("".join(str(DIGITS[ch]) for ch in text)) if years else None
    for word, factor in (("亿", 10**8), ("億", 10**8), ("万", 10**4), ("萬", 10**4)):
        head, found, rest = text.rpartition(word)
        if found:
            return _joined(head, factor, rest)
    return _below_myriad(text)


def _joined(head: str, factor: int, rest: str) -> int | None:
    """``head`` times ``factor`` plus ``rest``, which must be smaller than the factor and no bare digit."""
    high = _whole(head)
    if not rest:
        return None if high is None else high * factor
    low = _whole(rest)
    bare = len(rest) == 1 and rest in DIGITS  # 三万五 may mean 35000 or 30005
    if high is None or low is None or low >= factor or bare:
        return None
    return high * factor + low


def _below_myriad(text: str) -> int | None:
    """'三百零五' → 305; tens must fall, a final bare digit must follow 十 or 零."""
    total, digit, last, zero = 0, None, 10_000, False
    for ch in text:
        if ch in SPECIAL_TENS:
            ten, digit = 10, SPECIAL_TENS[ch] // 10
        elif ch in TENS:
            ten = TENS[ch]
        else:
            if digit is not None or ch not in DIGITS:
                return None
            zero = zero or DIGITS[ch] == 0
            digit = DIGITS[ch] or None
            continue
        if ten >= last or (digit is None and ten != 10):
            return None
        total, last, digit, zero = total + (digit or 1) * ten, ten, None, False
    if digit is not None and last > 10 and not zero:
        return None
    return total + (digit or 0)
