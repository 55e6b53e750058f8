"""Units of measure: which belong together, and how many of one make another.

A unit as typed or as declared (``万元``, ``亩``, ``万人次``, ``%``) becomes a :class:`Unit`: a family and a
factor within the family, 万 or 亿 included. Two units of one family convert exactly; units of different
families contradict each other, except that 个, 项, 件 and the like all count.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

SCALES: dict[str, int] = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}

# family: {spelling: factor to the family's base}
FAMILIES: dict[str, dict[str, Fraction | int]] = {
    "percent": {
        "成": 10,
        **dict.fromkeys(("%", "百分比", "百分点", "个百分点", "百分数", "个点", "pct", "百分率"), 1),
        **dict.fromkeys(("‰", "千分比", "千分点", "千分之"), Fraction(1, 10)),
        **dict.fromkeys(("‱", "万分之", "万分比"), Fraction(1, 100)),
    },
    "yuan": {
        **dict.fromkeys(("元", "块", "块钱", "元钱", "元人民币", "人民币", "¥", "RMB", "CNY", "圆"), 1),
        **dict.fromkeys(("元整", "圆整", "元正"), 1),
        "角": Fraction(1, 10),
        "分钱": Fraction(1, 100),
    },
    "dollar": dict.fromkeys(("美元", "$", "USD", "美金"), 1),
    "euro": dict.fromkeys(("欧元", "€", "EUR"), 1),
    "hk_dollar": dict.fromkeys(("港元", "港币", "HKD"), 1),
    "length": {
        **dict.fromkeys(("公里", "千米", "km", "KM", "Km"), 1000),
        **dict.fromkeys(("米", "m", "M", "延米", "延长米"), 1),
        **dict.fromkeys(("里", "华里"), 500),
        **dict.fromkeys(("厘米", "cm"), Fraction(1, 100)),
        **dict.fromkeys(("毫米", "mm"), Fraction(1, 1000)),
    },
    "area": {
        **dict.fromkeys(("平方米", "平米", "m2", "㎡", "平方", "平"), 1),
        **dict.fromkeys(("亩", "市亩"), Fraction(2000, 3)),
        **dict.fromkeys(("公顷", "ha", "垧"), 10**4),
        **dict.fromkeys(("平方公里", "平方千米", "km2"), 10**6),
    },
    "mass": {
        **dict.fromkeys(("吨", "t", "T", "公吨"), 1000),
        **dict.fromkeys(("公斤", "千克", "kg", "KG", "Kg"), 1),
        **dict.fromkeys(("斤", "市斤"), Fraction(1, 2)),
        **dict.fromkeys(("克", "g"), Fraction(1, 1000)),
    },
    "coal": dict.fromkeys(("吨标煤", "吨标准煤", "tce"), 1),
    "volume": {
        **dict.fromkeys(("立方米", "立方", "方", "m3", "立米"), 1),
        **dict.fromkeys(("升", "L"), Fraction(1, 1000)),
    },
    "energy": dict.fromkeys(("度", "千瓦时", "kWh", "KWH"), 1),
    "power": {**dict.fromkeys(("千瓦", "kW", "KW"), 1), **dict.fromkeys(("兆瓦", "MW"), 1000)},
    "month": dict.fromkeys(("个月", "月"), 1),
    "year": dict.fromkeys(("年", "周年"), 1),
    "workday": dict.fromkeys(("个工作日", "工作日"), 1),
    "time": {
        **dict.fromkeys(("天", "日", "个自然日", "自然日"), 1440),
        **dict.fromkeys(("小时", "个小时", "时", "h"), 60),
        **dict.fromkeys(("分钟", "min"), 1),
        **dict.fromkeys(("周", "星期", "个星期"), 10080),
    },
    "points": dict.fromkeys(("分",), 1),
    "person": dict.fromkeys(("人", "名", "位", "个人"), 1),
    "person_times": dict.fromkeys(("人次", "人(次)"), 1),
    "household": dict.fromkeys(("户", "户家庭", "户次"), 1),
    "rank": dict.fromkeys(("位次", "名次"), 1),
    "multiple": dict.fromkeys(("倍",), 1),
    "celsius": dict.fromkeys(("℃", "摄氏度", "°C"), 1),
    "decibel": dict.fromkeys(("dB", "分贝"), 1),
}
# Measure words that count things; any of them may stand for any other.
COUNTERS = frozenset(
    "个项件次家只处座台套辆条例起期场篇份所间村镇班组队批类种门支株棵头尾羽宗单桩本册张幅根枚艘架部届轮步级层"
)
COUNTERS |= frozenset("栋幢片段口眼盏对双回趟遍字词")
COUNTERS |= {
    "个次",
    "家次",
    "项次",
    "件次",
    "场次",
    "班次",
    "课时",
    "批次",
    "个项目",
    "个村",
    "个社区",
    "家企业",
}
COUNT = "count"
_COUNTABLE = frozenset({COUNT, "person", "household", "person_times"})

_SPELLINGS: dict[str, tuple[str, Fraction]] = {
    spelling: (family, Fraction(factor))
    for family, members in FAMILIES.items()
    for spelling, factor in members.items()
} | {word: (COUNT, Fraction(1)) for word in COUNTERS}
_SCALE = re.compile("|".join(sorted(SCALES, key=len, reverse=True)))


class Unit(NamedTuple):
    """A unit understood: value in the family's base = number x factor. Family '': a bare scale or nothing."""

    spelling: str
    family: str
    factor: Fraction


NO_UNIT = Unit("", "", Fraction(1))


@lru_cache(maxsize=4096)
def understand(spelling: str) -> Unit | None:
    """The unit that a normalised spelling names; None when it is no unit we know."""
    if not spelling:
        return NO_UNIT
    scale = _SCALE.match(spelling)
    for cut in (0, scale.end() if scale else 0):
        factor = Fraction(SCALES[spelling[:cut]]) if cut else Fraction(1)
        rest = spelling[cut:]
        if rest in _SPELLINGS:
            family, own = _SPELLINGS[rest]
            return Unit(spelling, family, factor * own)
        if cut and not rest:
            return Unit(spelling, "", factor)
    return None


def ratio(typed: Unit, declared: Unit) -> Fraction | None:
    """What a number in ``typed`` is multiplied by to stand in ``declared``; None when they contradict.

    A number without a unit is already in the declared one; without a declared unit nothing is converted.
    A declared bare scale (``万``) takes any unit but percent.
    """
    if typed == NO_UNIT or declared == NO_UNIT:
        return Fraction(1)
    if _comparable(typed, declared):
        return typed.factor / declared.factor
    return None


def _comparable(typed: Unit, declared: Unit) -> bool:
    """Whether a figure in one unit can be restated in the other."""
    families = {typed.family, declared.family}
    if len(families) == 1 or (COUNT in families and families <= _COUNTABLE):
        return True
    if declared.family == "rank" and typed.spelling in ("名", "位"):
        return True
    return declared.family == "" and typed.family != "percent"


def scale_of(unit: Unit) -> int:
    """The 万 or 亿 in front of a unit: 万元 → 10000, 公里 → 1, 千米 → 1."""
    scale = _SCALE.match(unit.spelling)
    if scale is None or unit.spelling in _SPELLINGS:
        return 1
    return SCALES[scale.group()]
