"""Slips of the unit or the point: 万元 for 元, 0.925 for 92.5, a change in 百分点 in the place of a level.

A figure is held against what is known of it: the target, the value of last year, the one typed last. It is
a slip of the unit only when it fits none of them as it stands and fits them when moved by a power that units
differ by. The engine never moves it: a person does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.pace import pace_start
from kaohe.findings import Finding
from kaohe.model import Indicator, Period, Record
from kaohe.periods import parse_period
from kaohe.tables import plain
from kaohe.values.typed import read_typed

_UNITS = {3: "千", 4: "万", 8: "亿"}
"""Powers of ten that units of measure are apart, with the scale that is typed too often or left out."""
_POINTS = (1, 2)
"""Powers by which a point slips; told only where everything known agrees."""
_CLOSE = 1.05
"""Within this factor of a power the figure is as good as equal to what it is held against, but for it."""
_LIKELY = 4.0
"""Within this factor it may be it: a first quarter against the whole year's target is a quarter of it."""
_AS_IT_STANDS = 100.0
"""A figure nearer to anything known than this factor may well be right as it stands."""
_PERCENT = ("%", "%")
_POINT_WORDS = ("百分点", "个点", "pct")
_LEVEL = 20.0
"""A percentage from here on is a level, and a change of it is small beside it."""
_CHANGE = 10.0
_NEAR = 2.0
"""Within this factor a share of one stands for one of the small percentages that are known."""
_CHANGED = re.compile("增长|提高|上升|增加|提升|增幅|升高|同比|环比|[比较](?:上年|去年|上期|同期)")
_COUNTS = frozenset("起件例次宗人个户家")
"""Units of measure in which nothing happened is 0, as it should be where less is better."""
_MOST_SHARE = 1.2
"""A share of one that stands for a percentage goes up to here: 120% is much."""


NO_ZERO = "没有统计数据的不要填 0"
_SHOWN = 100
"""Signs of what was typed that are quoted."""


class _Known(NamedTuple):
    """A figure to hold the typed one against, and what it is called."""

    title: str
    value: float


def slips(
    record: Record,
    indicator: Indicator,
    target: float | None,
    prior: float | None,
    last: float | None,
) -> Iterable[Finding]:
    """V41 a unit that is surely wrong, V40 one that may be.

    ``target``, ``prior`` (last year's) and ``last`` (typed for the period before, by the same unit) in the
    indicator's unit of measure; None or 0 tells nothing. V41 only when both the target and the value typed
    last are there and the figure is within a few percent of the same thousand-, ten-thousand- or
    hundred-million-fold (or part) of both.
    """
    value = record.value
    if not value or not math.isfinite(value):
        return
    known = tuple(
        _Known(title, each)
        for title, each in (("目标", target), ("上期", last), ("上年", prior))
        if each and math.isfinite(each)
    )
    change = _change_for_level(record, indicator, value, known)
    power = 0 if change else _power(record, indicator, value, known)
    if not change and not power:
        return
    code = "V41" if abs(power) in _UNITS and _sure(value, power, known) else "V40"
    guess = change or _guess(value, power, indicator)
    facts = {"name": indicator.name, "typed": record.typed[:_SHOWN], "unit": indicator.unit_of_measure}
    yield Finding(code, record.location, {**facts, "evidence": _evidence(value, known), "guess": guess})


def suspicious_zero(
    record: Record,
    indicator: Indicator,
    target: float | None,
    prior: float | None,
    last: float | None,
) -> str:
    """Why a 0 probably stands for something not known yet; '' when it may well be right.

    Where less is better and occurrences are counted it is as it should be; a task with a schedule of its own
    may not have begun; and a unit that gives a reason has said what there is to say.
    """
    begins_later = indicator.pace == terms.PACE_CURVE or pace_start(indicator.pace) is not None
    if record.value != 0 or record.reason or begins_later:
        return ""
    counted = indicator.direction == terms.LOWER_BETTER and _COUNTS & set(indicator.unit_of_measure)
    for title, known in (("上期", last), ("上年", prior)):
        if known and known > 0 and not counted:
            return f"与{title}的 {known:.15g} 相差太远,{NO_ZERO}"
    level = indicator.unit_of_measure in _PERCENT and target is not None and target >= _LEVEL
    return f"像是还没有统计,{NO_ZERO}" if level else ""


def last_values(records: Sequence[Record], period: Period) -> dict[tuple[str, str], float]:
    """(unit, indicator) → the figure that counted in the latest earlier period of the same year.

    ``records``: all rows of 填报数据. Figures begin anew in January, so those of the year before are no
    measure here; last year's value is. A blank or a word in the latest period gives way to an earlier one.
    """
    year = str(period.year)
    codes = {record.period for record in records if record.period.startswith(year)}
    earlier = sorted(
        (found.end, found.code) for found in (parse_period(code) for code in codes) if found.end < period.end
    )
    order = {code: at for at, (_, code) in enumerate(earlier)}
    counting = (r for r in records if not r.superseded and r.value is not None and r.period in order)
    return {
        (record.unit, record.indicator): record.value
        for record in sorted(counting, key=lambda record: order[record.period])
        if record.value is not None
    }


def _power(record: Record, indicator: Indicator, value: float, known: tuple[_Known, ...]) -> int:
    """The power of ten the figure is probably off by; 0 when it may well be right."""
    if not known:
        return 0
    if _is_small_share(record, indicator, value, known):
        return -2
    if any(_within(value, each.value, _AS_IT_STANDS) for each in known):
        return _slipped_point(record, indicator, value, known)
    fitting = [
        power
        for power in (sign * each for each in _UNITS for sign in (1, -1))
        if all(_within(value, each.value * 10.0**power, _LIKELY) for each in known)
    ]
    if not fitting:
        return 0
    power = min(fitting, key=lambda each: abs(math.log10(value / known[0].value) - each))
    return 0 if power == -3 and len(known) == 1 else power  # a late start is no slip


def _slipped_point(record: Record, indicator: Indicator, value: float, known: tuple[_Known, ...]) -> int:
    """Ten or a hundred times off all of two or more known figures, closely; or a share of one for percent."""
    level = indicator.unit_of_measure in _PERCENT and all(_LEVEL <= each.value <= 100 for each in known)
    for power in (sign * each for each in _POINTS for sign in (1, -1)):
        enough = len(known) > 1 or (level and value / 10.0**power <= 100)
        if enough and all(_within(value, each.value * 10.0**power, _CLOSE) for each in known):
            return power
    share = _share_of_one(record, indicator, value) and all(abs(each.value) >= _LEVEL for each in known)
    return -2 if share and all(_within(value * 100, each.value, _LIKELY) for each in known) else 0


def _share_of_one(record: Record, indicator: Indicator, value: float) -> bool:
    percent = indicator.unit_of_measure in _PERCENT and not plain(record.typed).endswith("%")
    return percent and abs(value) <= _MOST_SHARE


def _is_small_share(record: Record, indicator: Indicator, value: float, known: tuple[_Known, ...]) -> bool:
    """0.0368 for 3.68%: nowhere near what is known as it stands, and near all of it as a share of one."""
    return (
        _share_of_one(record, indicator, value)
        and all(abs(each.value) < _LEVEL for each in known)
        and all(_within(value * 100, each.value, _NEAR) for each in known)
        and not any(_within(value, each.value, _LEVEL) for each in known)
    )


def _sure(value: float, power: int, known: tuple[_Known, ...]) -> bool:
    close = {each.title for each in known if _within(value, each.value * 10.0**power, _CLOSE)}
    return {"目标", "上期"} <= close


def _within(value: float, other: float, factor: float) -> bool:
    """Whether two figures have one sign and are no further apart than this factor."""
    return value * other > 0 and 1 / factor <= value / other <= factor


def _change_for_level(record: Record, indicator: Indicator, value: float, known: tuple[_Known, ...]) -> str:
    """What to say when 0.8个百分点 was typed where everything known is a level like 92; ''."""
    if indicator.unit_of_measure not in _PERCENT or abs(value) >= _CHANGE or not known:
        return ""
    typed = read_typed(record.typed, unit_of_measure="%")
    points = typed.unit.endswith(_POINT_WORDS)
    if not (points or _CHANGED.search(plain(record.typed))) or any(abs(e.value) < _LEVEL for e in known):
        return ""
    return f"像是比上年(或上期)变动的{'百分点' if points else '幅度'},而不是本期的数"


def _evidence(value: float, known: tuple[_Known, ...]) -> str:
    """目标 162.6 的 9,870 倍、上期 158.2 的 10,145 倍."""
    return "、".join(f"{each.title} {each.value:.15g} 的 {_times(value / each.value)}" for each in known)


def _times(ratio: float) -> str:
    if abs(ratio) < 1:
        return f"{_count(1 / ratio)} 分之一"
    return f"{_count(ratio)} 倍"


def _count(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _guess(value: float, power: int, indicator: Indicator) -> str:
    """What the figure may have been meant as."""
    meant = f"{value / 10.0**power:.15g}{indicator.unit_of_measure}"
    scale = _UNITS.get(abs(power))
    if scale is None:
        return f"小数点可能错了 {abs(power)} 位,是否为 {meant}"
    off = f"少除以一{scale}" if power > 0 else f"多除以一{scale}"
    return f"单位可能{off},是否为 {meant}"
