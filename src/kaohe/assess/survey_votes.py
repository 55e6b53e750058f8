"""One row of 测评: the ballots of a voter group about a unit become a mean mark, or a reason why not."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from kaohe.assess.load_cells import exact
from kaohe.model import SurveyRow
from kaohe.values.rounding import round_half_away, view15

LEVEL_NAMES = ("满意", "较满意", "一般", "不满意")
BY_LEVEL, BY_MEAN, BY_MARK = "四级票", "平均分", "逐票得分"
TRIM_ABOVE = 5
"""去最高最低 only where more than so many marks are left (scoring-methods 24)."""
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_COMMAS = re.compile("[,\uff0c、;\uff1b]")
Marks = tuple[float | None, ...]
"""Marks by the voter's place in the list; None where that voter gave this unit none."""


class Count(NamedTuple):
    """What a row comes to. ``mean`` 0–100, None when it cannot be used; ``valid`` ballots, None: not typed.

    ``wrong``: (code, reason) of what forbids its use; ``doubts``: of what does not.
    """

    how: str = ""
    mean: float | None = None
    valid: float | None = None
    wrong: tuple[tuple[str, str], ...] = ()
    other: str = ""
    """A second way that was filled in as well and agrees (or cannot be compared)."""


def level_points(text: str) -> tuple[float, ...] | str:
    """``100,80,60,40`` → the marks of the four levels; a reason in Chinese when it is none of that kind."""
    parts = [part.strip() for part in _COMMAS.split(text)]
    numbers = [exact(part, percent_points=True) if part else None for part in parts]
    if len(parts) != len(LEVEL_NAMES):
        return f"应为 {len(LEVEL_NAMES)} 个数,用逗号隔开"
    marks = tuple(number for number in numbers if number is not None)
    if len(marks) < len(parts):
        return "有的不是数字"
    if any(not 0 <= mark <= 100 for mark in marks):
        return "应在 0 到 100 之间"
    if any(later >= earlier for earlier, later in pairwise(marks)):
        return "应从高到低"
    return marks


def read_marks(text: str) -> Marks | str:
    """``90,85,,88`` → marks by voter, None for a blank; a reason in Chinese when one cannot be used.

    Without commas, blanks separate the marks, and every voter gave one.
    """
    parts = _COMMAS.split(text) if _COMMAS.search(text) else text.split()
    marks: list[float | None] = []
    for place, part in enumerate((part.strip() for part in parts), start=1):
        mark = float(part) if _PLAIN.fullmatch(part) else exact(part, percent_points=True) if part else None
        if part and mark is None:
            return f"第{place}票“{part}”不是分数"
        if mark is not None and not 0 <= mark <= 100:
            return f"第{place}票 {part} 不在 0 到 100 之间"
        marks.append(mark)
    return tuple(marks)


def void_places(lists: Sequence[Marks]) -> frozenset[int]:
    """Voters (places in the list, from 0) who gave every unit they marked, two or more, the same mark."""
    longest = max(map(len, lists), default=0)
    void = set()
    for place in range(longest):
        given = [marks[place] for marks in lists if place < len(marks) and marks[place] is not None]
        if len(given) > 1 and len(set(given)) == 1:
            void.add(place)
    return frozenset(void)


def count(row: SurveyRow, points: Sequence[float], trimmed: bool, void: Collection[int] = ()) -> Count:
    """The mean of a row; ``points`` of the four levels, ``void`` places of ballots that do not count.

    Of several ways that are filled in the ballots go before the mean. ``trimmed`` concerns marks only.
    """
    wrong = _odd_counts(row)
    ways = [
        way
        for way, filled in (
            (BY_LEVEL, any(level is not None for level in row.levels)),
            (BY_MARK, bool(row.marks)),
            (BY_MEAN, row.mean is not None),
        )
        if filled
    ]
    if not ways:
        return Count(wrong=(*wrong, ("V32", "没有填四级票、平均分或逐票得分")))
    if wrong:
        return Count(ways[0], wrong=wrong)
    found = _of_way(ways[0], row, points, trimmed, void)
    wrong = found.wrong + _contradiction(found, row, ways)
    return found._replace(wrong=wrong, mean=None if wrong else found.mean, other="、".join(ways[1:]))


def _of_way(way: str, row: SurveyRow, points: Sequence[float], trimmed: bool, void: Collection[int]) -> Count:
    if way == BY_LEVEL:
        return _by_level(row, points)
    return _by_mark(row, trimmed, void) if way == BY_MARK else _by_mean(row)


def _odd_counts(row: SurveyRow) -> tuple[tuple[str, str], ...]:
    """Counts that are below 0 or not whole, and more ballots returned than were issued."""
    named = (
        ("发出票", row.issued),
        ("收回票", row.returned),
        *zip(LEVEL_NAMES, row.levels, strict=False),
        ("无效票", row.invalid),
    )
    odd = [
        f"{name} {number:.15g} 应为 0 或正整数"
        for name, number in named
        if number is not None and (number < 0 or number != int(number))
    ]
    if row.issued is not None and row.returned is not None and row.returned > row.issued:
        odd.append(f"收回 {row.returned:.15g} 票,多于发出的 {row.issued:.15g} 票")
    return tuple(("V30", reason) for reason in odd)


def _balance(row: SurveyRow, valid: float) -> tuple[tuple[str, str], ...]:
    """Ballots counted against ballots returned, or against those issued when no return was typed."""
    counted = valid + (row.invalid or 0.0)
    if row.returned is not None and counted != row.returned:
        reason = f"有效 {valid:.15g} 票加无效 {row.invalid or 0:.15g} 票,不等于收回的 {row.returned:.15g} 票"
        return (("V30", reason),)
    if row.issued is not None and counted > row.issued:
        return (("V30", f"计票 {counted:.15g} 张,多于发出的 {row.issued:.15g} 票"),)
    return ()


def _by_level(row: SurveyRow, points: Sequence[float]) -> Count:
    levels = [level or 0.0 for level in row.levels]
    valid = sum(levels)
    wrong = _balance(row, valid)
    if valid <= 0:
        return Count(BY_LEVEL, None, 0.0, (*wrong, ("V32", "四级票合计为 0")))
    total = sum(level * point for level, point in zip(levels, points, strict=False))
    return Count(BY_LEVEL, total / valid, valid, wrong)


def _by_mark(row: SurveyRow, trimmed: bool, void: Collection[int]) -> Count:
    marks = read_marks(row.marks)
    if isinstance(marks, str):
        return Count(BY_MARK, None, None, (("V31", marks),))
    given = [mark for mark in marks if mark is not None]
    wrong = _balance(row, len(given))
    kept = sorted(mark for place, mark in enumerate(marks) if mark is not None and place not in void)
    if not kept:
        return Count(BY_MARK, None, 0.0, (*wrong, ("V32", "各票都作废" if given else "逐票得分都是空的")))
    if trimmed and len(kept) > TRIM_ABOVE:
        kept = kept[1:-1]
    return Count(BY_MARK, sum(kept) / len(kept), len(kept), wrong)


def _by_mean(row: SurveyRow) -> Count:
    mean = row.mean if row.mean is not None else -1.0
    valid = None if row.returned is None else row.returned - (row.invalid or 0.0)
    if valid is None and row.issued == 0:
        valid = 0.0
    if valid is not None and valid < 0:
        return Count(BY_MEAN, None, valid, (("V30", "无效票多于收回的票"),))
    if valid == 0:
        return Count(BY_MEAN, None, 0.0, (("V32", "有效票为 0,却填了平均分"),))
    if not 0 <= mean <= 100:
        return Count(BY_MEAN, None, valid, (("V31", f"平均分 {mean:.15g} 不在 0 到 100 之间"),))
    return Count(BY_MEAN, mean, valid)


def _contradiction(found: Count, row: SurveyRow, ways: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """A typed mean that is not what the ballots come to, at the places it was typed with."""
    if BY_MEAN not in ways or found.mean is None or row.mean is None:
        return ()
    shown = f"{row.mean:.15g}"
    places = len(shown.partition(".")[2])
    if round_half_away(found.mean, places) == row.mean:
        return ()
    computed = view15(found.mean)
    return (("V30", f"按{ways[0]}算得平均 {computed:.6g},与填写的平均分 {shown} 不符"),)
