"""Phrases of an office's own table that decide something: a cap, everybody, a unit of measure, a method."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from kaohe.jobs import paste_headings as role
from kaohe.jobs.paste_drafts import Draft
from kaohe.values.rounding import round_half_away
from kaohe.values.typed import read_typed
from kaohe.values.typed_fold import fold
from kaohe.values.units import understand

_SEPARATORS = re.compile(r"[、,\uff0c;\uff1b/\n\s]+")
_REMARK = re.compile(r"[(\uff08][^)\uff09]*[)\uff09]")
_EVERYBODY = re.compile(
    r"^(各|全部|全市|全县|全区|全体|所有|相关|有关).*(单位|部门|区|县|市|局|委|办|镇|街道|乡|地|级)$"
    r"|^(全部|全体|所有|各个?)$"
)
_KIND_OF_UNIT = re.compile(r"^(镇|街道|乡|乡镇|县|市|区|县区|部门|单位|园区|开发区|科室)$")
_NUMBER = r"(\d+(?:\.\d+)?)"
_POINTS = re.compile(rf"(?:[(\uff08]|共|满分|计)\s*{_NUMBER}\s*分|{_NUMBER}\s*分\s*$")
_CAP = re.compile(
    rf"(?:最高|最多|上限|不超过|不超|封顶|以内|限)(?:累计)?(?:可|为|是|加|扣|计|减|得|[:\uff1a])*\s*{_NUMBER}\s*分"
    rf"|{_NUMBER}\s*分\s*(?:封顶|为限|为上限|以内)"
)
_MEASURE = re.compile(r"^(.+?)\s*[(\uff08](?:计量)?(?:单位[:\uff1a])?\s*([^()\uff08\uff09]{1,8})[)\uff09]$")
_PLACES_AND_TIMES = frozenset("镇村组班级类层年月日时期")
"""Counted as units elsewhere; behind a name they say whose or when: 文明创建(村)."""
_SURVEY = re.compile(r"第三方(?:机构)?(?:测评|评估|调查|评价)|满意度|民主测评|民意(?:测评|调查)|问卷调查")
_EACH = re.compile(
    r"每(?:发生|出现|发现|查实|缺少?|少)?[一1]?(次|起|件|例|处|项|个|人次|人)[^,\uff0c。;\uff1b\d]{0,4}?"
    rf"扣\s*{_NUMBER}\s*分"
)


class Deduction(NamedTuple):
    """每次扣2分: what is counted, and the points each costs."""

    measure: str
    points: float
    phrase: str


def names_of_units(text: str) -> list[str]:
    """The units named in a cell; [] for everybody, or when nothing stands there."""
    names = [_REMARK.sub("", word).strip("。.;:\uff1b\uff1a ") for word in _SEPARATORS.split(text)]
    everybody = any(map(_EVERYBODY.match, names))
    return [
        name
        for name in names
        if name and not _EVERYBODY.match(name) and not (everybody and _KIND_OF_UNIT.match(name))
    ]


def points_of(title: str) -> float | None:
    """满分 that stands in the heading of a part: 目标任务(60分)."""
    found = _POINTS.search(title)
    return float(found[1] or found[2]) if found else None


def cap_of(text: str) -> float | None:
    """The cap of a bonus or deduction: 最高5分, 上限5分, 不超过5分, 5分封顶."""
    found = _CAP.search(text)
    return float(found[1] or found[2]) if found else None


def deduction_of(text: str) -> Deduction | None:
    """The one deduction per occurrence a standard states; None when there is none or several differ."""
    found = {(match[1], float(match[2])): match[0] for match in _EACH.finditer(text)}
    if len(found) != 1:
        return None
    ((measure, points), phrase) = next(iter(found.items()))
    return Deduction(measure, points, phrase) if points else None


def surveyed(draft: Draft) -> bool:
    """Whether the standard or the source of the data says that people are asked."""
    kinds = (role.CRITERIA, role.MONITOR, role.ASSESSOR, role.DEFINITION, role.METHOD)
    return any(_SURVEY.search(text) for kind in kinds for text in draft.texts.get(kind, []))


def with_measures(drafts: Sequence[Draft]) -> Iterable[Draft]:
    """The drafts with “(万元)” behind a name as 计量单位; not where two names would become the same."""
    names = Counter((draft.path, _split(draft)[0]) for draft in drafts)
    for draft in drafts:
        name, measure = _split(draft)
        if not measure:
            yield draft
            continue
        texts = {**draft.texts, role.MEASURE: [draft.text(role.MEASURE) or measure]}
        unique = names[draft.path, name] == 1
        yield replace(draft, name=name if unique else draft.name, texts=texts)


def _split(draft: Draft) -> tuple[str, str]:
    """(name, unit of measure) where a known unit stands behind the name and no other is declared."""
    found = _MEASURE.match(draft.name)
    measure = fold(found[2]).strip() if found else ""
    if not found or measure in _PLACES_AND_TIMES or understand(measure) is None:
        return draft.name, ""
    return (found[1], measure) if draft.text(role.MEASURE) in ("", measure) else (draft.name, "")


def number_of(text: str, share: bool) -> float | None:
    """A weight: 10, 10分, 10% → 10; 0.1 → 10 where the weights are shares of 1."""
    typed = read_typed(text)
    if typed.number is None or typed.unit not in ("", "分", "%"):
        return None
    factor = 100 if share and typed.unit == "" else 1
    return float(round_half_away(abs(typed.number) * factor, 6))


def as_shares(texts: Iterable[str]) -> bool:
    """Whether the weights are shares that add up to 1."""
    numbers = [
        typed.number for text in texts if (typed := read_typed(text)).number is not None and not typed.unit
    ]
    return bool(numbers) and float(round_half_away(sum(n for n in numbers if n is not None), 6)) == 1.0
