"""Ranks inside groups, grades by cut points or by shares, and totals by part, over columns of scores."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kaohe.faces.functions_cells import Block, CallError, Cell, error_of, text_of
from kaohe.rules.column import Floats
from kaohe.rules.errors import ERROR_TEXTS, Error
from kaohe.settings import TIES_COMPETITION, TIES_DENSE
from kaohe.values.rounding import round_half_away, view15
from kaohe.values.typed import read_typed

if TYPE_CHECKING:
    import pandas as pd

TIES = (TIES_COMPETITION, TIES_DENSE)
BY_CUT, BY_SHARE = "分数线", "比例"
NO_PART = "(未填部分)"
_HEADINGS = ("等次", "等次名称", "等级", "档次", "名称", "评定等次")
_NOT_A_SCORE = "#得分不是数字"


def failure(cell: Cell) -> str:
    """What stands where a score gives no result: '' for a blank, an error as it is, else a reason."""
    return "" if cell is None else error_of(cell) or _NOT_A_SCORE


def members_by_group(scores: Sequence[Cell], groups: Sequence[str]) -> dict[str, list[int]]:
    """Places of the numbers, by group, in the order of appearance."""
    found: dict[str, list[int]] = {}
    for place, (score, group) in enumerate(zip(scores, groups, strict=True)):
        if isinstance(score, float):
            found.setdefault(group, []).append(place)
    return found


def ranks(scores: Sequence[Cell], groups: Sequence[str], ties: str) -> list[int | str]:
    """The place of each score in its group, the highest first; equal is what shows equal at 15 digits.

    ``ties``: 1,2,2,4 or 1,2,2,3. No number, no rank: see :func:`failure`.
    """
    found: list[int | str] = [failure(score) for score in scores]
    for members in members_by_group(scores, groups).values():
        values = _seen(scores, members)
        ordered = np.unique(values) if ties == TIES_DENSE else np.sort(values)
        above = len(ordered) - np.searchsorted(ordered, values, side="right")
        for member, higher in zip(members, above.tolist(), strict=True):
            found[member] = 1 + int(higher)
    return found


def _seen(scores: Sequence[Cell], members: Sequence[int]) -> Floats:
    return np.array([view15(score) for m in members if isinstance(score := scores[m], float)])


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and its cut point in points (or its share, a ratio); None: whatever is left."""

    name: str
    edge: float | None


def grades_of(argument: object, basis: str) -> tuple[Grade, ...]:
    """A range of two columns, best grade first: name and cut point (or share); a heading row is passed over.

    Numbers may be typed as text (90分, ≥90, 15%). Raises CallError for a table that cannot be used.
    """
    block = Block.of(argument)
    if block.shape[1] != 2:
        raise CallError(f"等次表应为两列:等次名称、{basis}")
    rows = [row for row in block.rows if row != [None, None]]
    if rows and _is_heading(*rows[0]):
        rows = rows[1:]
    grades = tuple(_grade(number, name, edge, basis) for number, (name, edge) in enumerate(rows, start=1))
    _check_grades(grades, basis)
    return grades


def _is_heading(name: Cell, edge: Cell) -> bool:
    """A word where the number would stand; with a figure in it, such as 比例(0-1), only under 等次."""
    if not isinstance(edge, str) or error_of(edge) or read_typed(edge).kind not in ("word", "unreadable"):
        return False
    return not any(sign.isdigit() for sign in edge) or text_of(name) in _HEADINGS


def _grade(number: int, name: Cell, edge: Cell, basis: str) -> Grade:
    if not text_of(name) or error_of(name):
        raise CallError(f"等次表第{number}个等次没有名称")
    if edge is None or isinstance(edge, float):
        return Grade(text_of(name), edge)
    figure = _typed_edge(edge, basis) if isinstance(edge, str) and not error_of(edge) else None
    if figure is None:
        shown = "" if error_of(edge) else f"“{text_of(edge)}”"
        raise CallError(f"等次“{text_of(name)}”的{basis}{shown}不是数字")
    return Grade(text_of(name), figure)


def _typed_edge(text: str, basis: str) -> float | None:
    """A cut point (points, itself included) or a share (ratio; 15% is 0.15) typed as text; None: neither."""
    typed = read_typed(text)
    if typed.number is None or typed.approximate or typed.status or typed.note:
        return None
    if basis == BY_CUT:
        return typed.number if typed.relation in ("", "=", "≥") and typed.unit in ("", "分") else None
    if typed.relation not in ("", "=") or typed.unit not in ("", "%"):
        return None
    return view15(typed.number / 100) if typed.unit else typed.number


def _check_grades(grades: Sequence[Grade], basis: str) -> None:
    if not grades:
        raise CallError("等次表是空的")
    if any(grade.edge is None for grade in grades[:-1]):
        raise CallError(f"只有最后一个等次可以不写{basis},表示其余")
    edges = [grade.edge for grade in grades if grade.edge is not None]
    if basis == BY_CUT and any(low >= high for high, low in pairwise(edges)):
        raise CallError("分数线应从高到低排列,不能相同")
    if basis == BY_SHARE and (not all(0 <= share <= 1 for share in edges) or view15(math.fsum(edges)) > 1):
        raise CallError("比例应在0到100%之间,合计不超过100%")


def grades_by_cut(scores: Sequence[Cell], grades: Sequence[Grade]) -> list[str]:
    """The first grade whose cut point a score reaches (the point itself counts)."""
    return [_by_cut(score, grades) if isinstance(score, float) else failure(score) for score in scores]


def _by_cut(score: float, grades: Sequence[Grade]) -> str:
    for grade in grades:
        if grade.edge is None or view15(score) >= view15(grade.edge):
            return grade.name
    return f"#低于最低的分数线{grades[-1].edge:g}"


def grades_by_share(scores: Sequence[Cell], groups: Sequence[str], grades: Sequence[Grade]) -> list[str]:
    """Grades by share of the scored units of each group; quotas see :func:`quotas`.

    Units with the same score on both sides of an edge are not divided: they show both grades, for the office
    to decide.
    """
    found = [failure(score) for score in scores]
    for members in members_by_group(scores, groups).values():
        order = [name for name, count in quotas(grades, len(members)) for _ in range(count)]
        values = _seen(scores, members)
        for member, value in zip(members, values.tolist(), strict=True):
            first = int((values > value).sum())
            found[member] = _in_order(order, first, first + int((values == value).sum()) - 1)
    return found


def _in_order(order: Sequence[str], first: int, last: int) -> str:
    """The grade of the units that share the places ``first`` to ``last`` (from 0)."""
    if first >= len(order):
        return "#各等次名额已满"
    names = dict.fromkeys(order[first : last + 1])
    if len(names) == 1 and last < len(order):
        return order[first]
    return f"#同分待定:{'或'.join([*names, *(['名额外'] if last >= len(order) else [])])}"


def quotas(grades: Sequence[Grade], size: int) -> list[tuple[str, int]]:
    """How many of a group each grade takes, best first: share × size rounded half up, at least 1.

    A share of 0 takes none; the last grade without a share takes the rest.
    """
    left = size
    found: list[tuple[str, int]] = []
    for grade in grades:
        if grade.edge is None:
            count = left
        else:
            count = max(1, int(round_half_away(grade.edge * size, 0))) if grade.edge > 0 else 0
        found.append((grade.name, min(count, left)))
        left -= found[-1][1]
    return found


def part_totals(parts: Block, scores: Block, places: int) -> pd.DataFrame:
    """Totals by part, parts in the order of their first row.

    Columns: 部分 (str); 得分 (object: float in points, rounded once; or a reason as text). Blank scores do
    not count, a part with nothing else is ''; a part with a score that is no number has no total. Without any
    row there is one of blanks, because Excel cannot show an empty table.
    """
    import pandas as pd

    names = [text_of(cell) or NO_PART for cell in parts.cells]
    table = pd.DataFrame({"部分": names, "得分": pd.Series(list(scores.cells), dtype=object)})
    counted = table[[not _empty(p, s) for p, s in zip(parts.cells, scores.cells, strict=True)]]
    totals: Mapping[str, float | str] = {
        str(name): _total(group.tolist(), places)
        for name, group in counted.groupby("部分", sort=False)["得分"]
    }
    found = list(totals.items()) or [("", "")]
    return pd.DataFrame(found, columns=["部分", "得分"], dtype=object)


def _empty(part: Cell, score: Cell) -> bool:
    """Rows that only fill the range, below the table or between parts."""
    return part is None and score is None


def _total(scores: Sequence[Cell], places: int) -> float | str:
    """One exact sum (fsum rounds once, whatever the number of scores), then one rounding."""
    if error := error_of(*scores):
        return error
    given = [score for score in scores if score is not None]
    if not given:
        return ""
    numbers = [score for score in given if isinstance(score, float)]
    if len(numbers) < len(given):
        return f"#有{len(given) - len(numbers)}项得分不是数字"
    try:
        return float(round_half_away(math.fsum(numbers), places))
    except OverflowError:
        return ERROR_TEXTS[Error.NUM]
