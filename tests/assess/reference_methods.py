"""Built-in methods as a person would reckon them, with Fractions (scoring-methods 1–7, 13, 17, 19, 20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

ONE, ZERO = Fraction(1), Fraction(0)


class Inputs(NamedTuple):
    """What a method looks at: w, A, T, P, s, the direction, the settings, and the parameters by name."""

    weight: Fraction
    actual: Fraction
    target: Fraction | None
    prior: Fraction | None
    due: Fraction
    direction: str
    settings: Mapping[str, str | float]
    parameter: Callable[[str], Fraction | None]

    def number(self, name: str, default: Fraction) -> Fraction:
        """A parameter, else what the scheme or the method declares."""
        found = self.parameter(name)
        return default if found is None else found


def most(of: Inputs) -> Fraction:
    """封顶: the parameter, else the setting 超额封顶."""
    caps = {"100%": ONE, "120%": Fraction(6, 5), "不封顶": Fraction(10**9)}
    return of.number("封顶", caps[str(of.settings["超额封顶"])])


def between(value: Fraction, high: Fraction) -> Fraction:
    """At least 0, at most ``high``."""
    return max(ZERO, min(high, value))


def completion(actual: Fraction, target: Fraction) -> Fraction:
    """A/T; under a negative target 1 + (A − T)/|T|. The target is not 0."""
    return 1 + (actual - target) / abs(target) if target < 0 else actual / target


def by_target(of: Inputs) -> Fraction | None:
    """目标完成率."""
    if of.target is None:
        return None
    if of.target == 0:
        if of.settings["正向目标为0"] == "报错":
            return None
        return of.weight * between(ONE if of.actual >= 0 else ZERO, most(of))
    return of.weight * between(completion(of.actual, of.target), most(of))


def by_target_lower(of: Inputs) -> Fraction | None:
    """目标完成率逆向: 2 − A/T or T/A, as the scheme says."""
    if of.target is None:
        return None
    if of.settings["逆向完成率"] == "目标值/完成值" and of.target >= 0:
        rate = min(most(of), Fraction(2)) if of.actual <= 0 else of.target / of.actual
    elif of.settings["逆向完成率"] == "目标值/完成值":
        rate = of.actual / of.target
    elif of.target == 0:
        rate = ONE if of.actual <= 0 else ZERO
    else:
        rate = 1 + (of.target - of.actual) / abs(of.target)
    return of.weight * between(rate, most(of))


def met(of: Inputs) -> Fraction | None:
    """达标得满分."""
    return None if of.target is None else of.weight if of.actual >= of.target else ZERO


def held(of: Inputs) -> Fraction | None:
    """控制性: full marks up to the cap."""
    return None if of.target is None else of.weight if of.actual <= of.target else ZERO


def percent(of: Inputs) -> Fraction | None:
    """比例计分."""
    return of.weight * between(of.actual / 100, ONE)


def deducted(of: Inputs) -> Fraction | None:
    """扣分制."""
    return max(ZERO, of.weight - abs(of.actual) * of.number("每次扣分", ONE))


def marked(of: Inputs) -> Fraction | None:
    """评定分: a mark from 0 to the weight."""
    return of.actual if 0 <= of.actual <= of.weight else None


def on_pace(of: Inputs) -> Fraction | None:
    """序时进度: full marks where A ≥ T·s less the tolerance."""
    if of.target is None or (of.target == 0 and of.settings["正向目标为0"] == "报错"):
        return None
    if of.target == 0:
        return of.weight * between(ONE if of.actual >= 0 else ZERO, most(of))
    due = of.target * of.due
    tolerance = of.number("容差", Fraction(repr(float(of.settings["序时容差"]))) / 100)
    rate = completion(of.actual, due)
    reached = ONE if of.actual >= due - abs(due) * tolerance else ZERO
    return of.weight * between(max(reached, rate), most(of))


def by_rank(of: Inputs, rivals: Sequence[Fraction]) -> Fraction:
    """排名赋分: 1, 0.95, 0.9 … by rank, best first."""
    better = [r for r in rivals if (r > of.actual if of.direction == "正向" else r < of.actual)]
    share = of.number("首位", ONE) - of.number("级差", Fraction(1, 20)) * len(better)
    return of.weight * max(of.number("末限", ZERO), share)


def efficacy(of: Inputs, rivals: Sequence[Fraction], base: Fraction) -> Fraction:
    """功效系数组内 (base 0.6) and 极差法 (base 0)."""
    base = of.number("基础", base)
    low, high = min(rivals), max(rivals)
    equal = ONE if of.settings["组内相同"] == "满分" else ZERO
    place = of.number("相同系数", equal) if low == high else (of.actual - low) / (high - low)
    return of.weight * (base + (1 - base) * place)


ALONE: Mapping[str, Callable[[Inputs], Fraction | None]] = {
    "目标完成率": by_target,
    "目标完成率逆向": by_target_lower,
    "达标得满分": met,
    "控制性": held,
    "比例计分": percent,
    "扣分制": deducted,
    "评定分": marked,
    "序时进度": on_pace,
}
COMPARED = ("排名赋分", "功效系数组内", "极差法")


def compared(method: str) -> bool:
    """Whether the method looks at other units."""
    return method in COMPARED


def points_of(method: str, of: Inputs, rivals: Sequence[Fraction]) -> Fraction | None:
    """Points before rounding; None where the method gives none."""
    if method == "排名赋分":
        return by_rank(of, rivals)
    if compared(method):
        return efficacy(of, rivals, Fraction(3, 5) if method == "功效系数组内" else ZERO)
    return ALONE[method](of)
