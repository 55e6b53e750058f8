"""A number with its scale and unit in one piece of folded text: ``1.2亿元`` → 120,000,000 元."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from kaohe.values.numerals import CHINESE, Numeral, arabic, chinese
from kaohe.values.typed_tokens import INFIXES, MINUS, PLUS
from kaohe.values.units import COUNTERS, NO_UNIT, SCALES, Unit, ratio, scale_of, understand

_ARABIC = re.compile(r"(?:[0-9]+(?:[, ][0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_CHINESE = re.compile(f"[{CHINESE}]+")
_SCALE = re.compile("|".join(sorted(SCALES, key=len, reverse=True)))
_CURRENCY = {"¥": "元", "$": "美元", "€": "欧元"}
_OF = re.compile(rf"([百千万]|[{CHINESE}]+|[0-9]+)分之([{CHINESE}百]+|[0-9]+(?:\.[0-9]+)?)")
_SLASH = re.compile(r"(?:([0-9]+)又)?([0-9]+(?:\.[0-9]+)?)/([0-9]+(?:\.[0-9]+)?)")
_TENTHS = re.compile(r"([一二两三四五六七八九1-9])成([一二三四五六七八九半1-9])?")
_BRACKETED = re.compile(r"\(([^()0-9]{1,6})\)$")
_SHARES = {"百": "%", "千": "‰", "万": "‱"}
_NOUN = re.compile(r"[\u4e00-\u9fff]{1,8}")


class Quantity(NamedTuple):
    """A number as spelled: ``value`` with its scales multiplied out, ``unit`` without them.

    ``scaled`` says that 万, 亿 or the like was written; ``infix`` is the 余 or 多 between number and unit;
    ``spelling`` is the unit as typed, scale included; ``part`` marks a fraction (1/3, 三分之一), ``chinese``
    Chinese numerals. ``problem`` is the Chinese reason when the text is no quantity.
    """

    value: Fraction = Fraction(0)
    decimals: int = 0
    scaled: bool = False
    unit: str = ""
    spelling: str = ""
    infix: str = ""
    part: bool = False
    chinese: bool = False
    problem: str = ""


def _problem(reason: str) -> Quantity:
    return Quantity(problem=reason)


def parse_quantity(text: str) -> Quantity:
    """The quantity that the whole of ``text`` is, or its problem."""
    negative, text = _sign(_without_brackets(text))
    currency = _CURRENCY.get(text[:1], "")
    if currency:
        again, text = _sign(text[1:])
        negative = negative != again
    found = _share(text) or _plain(text)
    if found.problem:
        return found
    if currency and found.unit not in ("", currency):
        return _problem(f"货币符号与单位“{found.unit}”不一致")
    if currency:
        found = found._replace(unit=currency, spelling=found.spelling or currency)
    return found._replace(value=-found.value) if negative else found


def _without_brackets(text: str) -> str:
    """92(个) → 92个: a unit in brackets is a unit."""
    match = _BRACKETED.search(text)
    return text[: match.start()] + match[1] if match and understand(match[1]) else text


def _sign(text: str) -> tuple[bool, str]:
    """(whether a minus stands in front, the text behind the sign)."""
    if text[:1] in PLUS or text[:1] in MINUS:
        return text[:1] in MINUS, text[1:]
    return False, text


def _share(text: str) -> Quantity | None:
    """百分之九十五, 三分之一, 1/3, 2又1/2, 九成五; None when the text is none of these."""
    match = _TENTHS.fullmatch(text)
    if match and match[2]:
        five = Fraction(5) if match[2] == "半" else _numeral(match[2]).value
        return Quantity(_numeral(match[1]).value * 10 + five, scaled=True, unit="%", spelling="成")
    match = _SLASH.match(text)
    if match:
        whole, over, under = (Fraction(part or 0) for part in match.groups())
        return _fraction(whole, over, under, text[match.end() :])
    match = _OF.match(text)
    if text.startswith("百分百"):
        return Quantity(Fraction(100), unit="%" + text[3:], spelling="%")
    if not match:
        return None
    over_numeral = _numeral(match[2]) if match[2] != "百" else Numeral(Fraction(100), 0)
    if over_numeral.problem:
        return _problem(over_numeral.problem)
    if match[1] in _SHARES:
        mark = _SHARES[match[1]]
        return Quantity(
            over_numeral.value, over_numeral.decimals, unit=mark + text[match.end() :], spelling=mark
        )
    under_numeral = _numeral(match[1])
    if under_numeral.problem:
        return _problem(under_numeral.problem)
    return _fraction(Fraction(0), over_numeral.value, under_numeral.value, text[match.end() :])


def _fraction(whole: Fraction, over: Fraction, under: Fraction, unit: str) -> Quantity:
    if not under:
        return _problem("分母为零")
    return Quantity(whole + over / under, unit=unit, spelling=unit, part=True)


def _numeral(text: str) -> Numeral:
    return arabic(text) if text[:1].isascii() else chinese(text)


def _plain(text: str) -> Quantity:
    """Numerals with scales, 余 or 多, and a unit."""
    match = _ARABIC.match(text)
    if match:
        return _arabic(text)
    match = _CHINESE.match(text)
    if not match:
        return _problem("不是数")
    run = match.group()
    numeral = chinese(run)
    if numeral.problem:
        return _problem(numeral.problem)
    infix, unit = _infix(text[match.end() :])
    scale = run[len(run.rstrip("万亿萬億")) :]
    scaled = any(ch in run for ch in "万亿萬億")
    return Quantity(numeral.value, numeral.decimals, scaled, unit, scale + unit, infix, chinese=True)


def _arabic(text: str) -> Quantity:
    """1746, 1,746万, 1亿2000万元, 300余人: scales must fall; a last number without a scale is ambiguous."""
    total, decimals, last, scaled, at = Fraction(0), 0, 0, False, 0
    while match := _ARABIC.match(text, at):
        numeral = arabic(match.group())
        if numeral.problem:
            return _problem(numeral.problem)
        infix, rest = _infix(text[match.end() :])
        scale = None if understand_unit(rest) else _SCALE.match(rest)
        factor = SCALES[scale.group()] if scale else 1
        if last and (factor >= last or not scale):
            return _problem("数的写法不明确")
        total, decimals = total + numeral.value * factor, numeral.decimals
        scaled, last = scaled or bool(scale), factor
        at = len(text) - len(rest) + (scale.end() if scale else 0)
        if not scale or infix:
            break
    more, unit = _infix(text[at:])
    spelling = _spelling(text, unit)
    return Quantity(total, decimals, scaled, unit, spelling, infix or more)


def _infix(text: str) -> tuple[str, str]:
    """(余 or 多 in front, the rest)."""
    return (text[:1], text[1:]) if text[:1] in INFIXES else ("", text)


def _spelling(text: str, unit: str) -> str:
    """The unit with the scale in front of it, as typed: ``1746万元`` → 万元."""
    stem = text[: len(text) - len(unit)]
    return stem[len(stem.rstrip("十百千万亿余多来")) :].translate(_NO_INFIX) + unit


_NO_INFIX = str.maketrans("", "", "余多来")


def understand_unit(spelling: str) -> Unit | None:
    """A named unit (no bare scale); None when the spelling is empty or unknown."""
    unit = understand(spelling) if spelling else None
    return unit if unit and unit.family and scale_of(unit) == 1 else None


class Declared(NamedTuple):
    """An indicator's unit of measure: as declared, and as understood (None: a unit outside our tables)."""

    spelling: str
    unit: Unit | None


def declared_unit(spelling: str) -> Declared:
    """万元 → itself; 元/人 → counted as 元 when a typed unit is compared; 个(家) → 个."""
    bare = re.sub(r"\([^)]*\)", "", spelling)
    unit = understand(bare)
    if unit is None and "/" in bare:
        unit = understand(bare.split("/")[0])
    return Declared(spelling, unit)


class Restated(NamedTuple):
    """A quantity in the declared unit, or the problem; ``note`` says what was done when it is not plain."""

    value: Fraction = Fraction(0)
    problem: str = ""
    changed: bool = False


def restate(quantity: Quantity, declared: Declared) -> Restated:
    """The quantity's value in the declared unit of measure; units that contradict are a problem."""
    if quantity.part and not quantity.unit:
        return _restate_part(quantity, declared)
    if quantity.unit and quantity.unit == declared.spelling:
        return Restated(quantity.value, changed=quantity.scaled)
    typed = understand(quantity.unit)
    noun = typed is None
    if typed is None and not quantity.chinese:
        typed = _counter_with_noun(quantity.unit)
    if typed is None:
        return Restated(problem=f"不认识单位“{quantity.unit}”")
    if typed == NO_UNIT and quantity.scaled:
        return _restate_scaled(quantity, declared)
    if declared.unit is None:
        if typed == NO_UNIT:
            return Restated(quantity.value)
        return Restated(problem=f"单位“{quantity.unit}”与指标单位“{declared.spelling}”不一致")
    factor = ratio(typed, declared.unit)
    if factor is None:
        return Restated(problem=f"单位“{quantity.unit}”与指标单位“{declared.spelling}”不一致")
    return Restated(quantity.value * factor, changed=factor != 1 or quantity.scaled or noun)


def _restate_part(quantity: Quantity, declared: Declared) -> Restated:
    """A fraction is a share: percentage points for %, itself without a unit, nothing for what is counted."""
    if declared.unit == NO_UNIT or (declared.unit and declared.unit.family == "multiple"):
        return Restated(quantity.value, changed=True)
    if declared.unit and declared.unit.family == "percent":
        return Restated(quantity.value * 100 / declared.unit.factor, changed=True)
    return Restated(problem=f"是分数,指标单位是“{declared.spelling}”")


def _restate_scaled(quantity: Quantity, declared: Declared) -> Restated:
    """A bare 3万 is so many of the declared unit without its own scale: 3 for 万元, 30000 for 公里."""
    if declared.unit and declared.unit.family == "percent":
        return Restated(problem="百分数指标中出现了“万”或“亿”")
    scale = scale_of(declared.unit) if declared.unit else 1
    return Restated(quantity.value / scale, changed=True)


def _counter_with_noun(spelling: str) -> Unit | None:
    """个重点项目 → 个, 家企业 → 家."""
    if spelling[:1] in COUNTERS and _NOUN.fullmatch(spelling):
        return understand(spelling[:1])
    return None
