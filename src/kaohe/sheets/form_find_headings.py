"""Headings of a returned form, found by what they mean: as issued, with additions, as older templates had them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kaohe.sheets.form_layout import TITLES
from kaohe.tables import plain
from kaohe.values.units import NO_UNIT, understand

SYNONYMS: Mapping[str, str] = {
    "code": "代码|编码|指标编码|指标编号|指标号",
    "name": "指标|考核指标|指标内容|考核内容|考核项目|项目|项目名称|指标项目",
    "unit_of_measure": "单位|指标单位|度量单位",
    "actual": "完成|完成数|完成数值|完成量|实际值|实际数|实绩|实际|实际完成|实际完成值|实际完成数|实际完成数值|"
    "完成情况数值|自评完成值|自测值|自测完成值|填报值",
    "status": "数据性质|数据类型|数据状况",
    "mark": "标识|情况标记",
    "evidence": "完成情况说明|工作完成情况|完成情况描述|佐证|佐证材料",
    "reason": "原因说明|原因分析|未完成原因|未达序时原因|落后原因|未达标原因|存在问题及原因",
    "measure": "下一步措施|下步措施|整改措施|改进措施|采取措施|推进措施|工作措施",
    "weight": "分值|满分|标准分|权重分值|权数",
    "target": "目标值|目标|年度目标值|全年目标|年度计划|年计划|全年计划|目标任务|年度任务",
    "score": "自评得分|自评分|自测得分",
    "state": "进度状态|完成状态",
}
"""Column of the form → headings that older templates and clerks give it."""

_ISSUED = {plain(title): key for key, title in TITLES.items()}
_MEANT = {plain(word): key for key, words in SYNONYMS.items() for word in words.split("|")}
_BRACKETS = re.compile(r"(.+?)\(([^()]*)\)")
_NUMBERED = re.compile(r"\d+[.、]")
_CIRCLED = re.compile(r"^\s*[①-⓿㈠-㈩]")
_PERIOD = re.compile(
    r"(?:截至|截止|\d{4}年|(?:\d{1,2}[-–—~至到])?\d{1,2}月(?:份|底|末)?|[上下]半年|第?[一二三四1-4]季度|"
    r"全年|年度|本年|当年|本期|期末|本月|本季|累计)+"
)
"""What stands before 完成值 where the heading names the time it is of."""
_LONGEST = 24

ISSUED, ADDED, MEANT, TIMED = 0, 1, 2, 3
"""How a heading was found: as issued, with something in brackets behind it, by another word for it, by words
that say of what time its values are (2006年完成值)."""
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")


class Heading(NamedTuple):
    """What a heading means: a column of the form, how it was found, the unit in its brackets, its time."""

    key: str
    how: int
    unit: str = ""
    time: str = ""


class Headings(NamedTuple):
    """A row of headings. Columns count from 0.

    ``columns``: the column of each key, the one that is most like what was issued; ``twins``: further columns
    that are headed as the value is; ``unit``: the unit of measure in the value's heading.
    """

    columns: Mapping[str, int]
    twins: tuple[int, ...] = ()
    unit: str = ""
    issued: frozenset[str] = frozenset()
    """Keys whose heading is as issued."""


def headings_in(row: Sequence[object]) -> Headings:
    """The headings of a row; without any its columns are empty."""
    found = [(at, read) for at, value in enumerate(row) if (read := _heading(value)) is not None]
    best: dict[str, tuple[int, Heading]] = {}
    for at, read in found:
        if read.key not in best or _nearness(at, read) < _nearness(*best[read.key]):
            best[read.key] = (at, read)
    columns = {key: at for key, (at, _) in best.items()}
    return Headings(
        columns,
        _twins(found, *best["actual"]) if "actual" in best else (),
        best["actual"][1].unit if "actual" in best else "",
        frozenset(key for key, (_, read) in best.items() if read.how == ISSUED),
    )


def _nearness(at: int, read: Heading) -> tuple[int, int, int]:
    """The less the more like what was issued; of values of several times the latest, then the last."""
    if read.how != TIMED:
        return (read.how, 0, at)
    year = _YEAR.search(read.time)
    return (TIMED, -int(year[0]) if year else 0, -at)


def _twins(found: Iterable[tuple[int, Heading]], value: int, chosen: Heading) -> tuple[int, ...]:
    """Columns headed as the value is; a figure of another time is no value where the value's is left blank."""
    others = ((at, read) for at, read in found if read.key == "actual" and at != value)
    return tuple(at for at, read in others if read.how != TIMED or read.time == chosen.time)


def is_heading(value: object) -> bool:
    """Whether a cell reads like one of the form's headings."""
    return _heading(value) is not None


def _heading(value: object) -> Heading | None:
    if not isinstance(value, str) or len(value) > 2 * _LONGEST:
        return None
    return _meaning(value)


@lru_cache(maxsize=4096)
def _meaning(text: str) -> Heading | None:
    title = plain(_CIRCLED.sub("", text))
    if title in _ISSUED:
        return Heading(_ISSUED[title], ISSUED)
    title = _NUMBERED.sub("", title, count=1) if _NUMBERED.match(title) else title
    bracketed = _BRACKETS.fullmatch(title)
    base, inside = bracketed.groups() if bracketed else (title, "")
    known, how = _ISSUED.get(base), ADDED
    if known is None:
        known, how = _MEANT.get(base), MEANT
    if known == "actual" and _PERIOD.fullmatch(inside):
        return Heading(known, TIMED, time=inside)
    return Heading(known, how, _unit(inside)) if known else _value_of_a_time(base, inside)


def _value_of_a_time(base: str, inside: str) -> Heading | None:
    """A value's heading that names the time it is of (1-6月完成值)."""
    time = _PERIOD.match(base)
    rest = base[time.end() :] if time else ""
    if time is None or "actual" not in (_ISSUED.get(rest), _MEANT.get(rest)):
        return None
    return Heading("actual", TIMED, _unit(inside), time[0])


def _unit(inside: str) -> str:
    """What stands in brackets behind a heading, when it is a unit of measure; else ''."""
    word = inside.removeprefix("单位").lstrip(":")
    known = understand(word) if word else None
    return word if known is not None and known != NO_UNIT else ""
