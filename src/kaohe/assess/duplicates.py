"""Of several files of one unit and department the last received counts, once; what is said of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.judging import CONSOLIDATED, DUPLICATE, KNOWN, Judged
from kaohe.assess.merging import Holder, holder_of
from kaohe.findings import Finding
from kaohe.model import Location, Period, Record, Return

GIVEN_BACK = "退回-"
"""How the name of a marked copy begins: whoever hands that in corrects what came before."""
_COMPARED = {
    "typed": "完成值",
    "status": "数据状态",
    "mark": "标记",
    "reason": "原因",
    "measure": "措施",
    "evidence": "完成情况",
    "other_name": "表内名称",
    "other_measure": "表内单位",
}
"""What two forms are compared by: not their bytes, which every saving changes."""
_SHOWN = 3
"""Differences that are named."""
_QUOTED = 20
"""Signs of a text that are quoted there."""
_Row = tuple[str, ...]
_Filling = Mapping[tuple[str, str], _Row]
"""(unit, indicator) → what was filled in."""


class _Kept(NamedTuple):
    """The file that counts for an issue number; ``here``: it lies in this run's inbox."""

    workbook: str
    sha256: str
    received: str
    here: bool


class _Before(NamedTuple):
    """What 填报数据 has of a period: hashes that count, hashes that were replaced (by what), fillings."""

    live: Collection[str]
    replaced: Mapping[str, str]
    fillings: Mapping[str, _Filling]


def without_duplicates(judged: Sequence[Judged], known: Sequence[Record], period: Period) -> list[Judged]:
    """Of all files of one unit and department, in this run and before, the last received counts, once.

    A form that was issued again has another number; the later return still counts.
    """
    mine = [record for record in known if record.period == period.code]
    kept = {holder_of(r): _Kept(r.workbook, r.sha256, r.received, False) for r in mine if not r.superseded}
    live = {file.sha256 for file in kept.values()}
    replaced = {r.sha256: r.superseded for r in mine if r.superseded and r.sha256 not in live}
    for item in judged:
        if item.state == CONSOLIDATED and item.returned.sha256 not in replaced:
            kept[_holder(item)] = _later(kept.get(_holder(item)), item.returned)
    before = _Before(live, replaced, _fillings((mine, *(item.records for item in judged))))
    return [_against(item, kept, before) for item in judged]


def _holder(item: Judged) -> Holder:
    source = terms.SOURCE_ASSESSED if item.by_department else ""
    return ("" if source else item.unit, item.returned.identity.department, source)


def _later(kept: _Kept | None, returned: Return) -> _Kept:
    """The later of two files; the same bytes as those of an earlier run are that file, whatever its name.

    Copying may give all files one time: then a 退回单 that came back is the later one.
    """
    file = _Kept(returned.workbook, returned.sha256, returned.received, True)
    if kept is None or kept.received < file.received:
        return file
    if kept.received == file.received:
        came_back = _is_given_back(kept.workbook) and not _is_given_back(file.workbook)
        return kept if came_back and kept.sha256 != file.sha256 else file
    return file if kept.sha256 == file.sha256 and not kept.here else kept


def _against(item: Judged, kept: Mapping[Holder, _Kept], before: _Before) -> Judged:
    if item.state != CONSOLIDATED:
        return item
    returned = item.returned
    counts = kept.get(_holder(item))
    if counts and (counts.workbook, counts.sha256) == (returned.workbook, returned.sha256):
        return item._replace(state=KNOWN) if returned.sha256 in before.live else item
    place = Location(returned.workbook, unit=item.unit)
    named = tuple(finding for finding in item.findings if finding.code == "W12")
    name = counts.workbook if counts else before.replaced.get(returned.sha256, "")
    if counts is None or (differs := _asked(returned, counts, before)) == "":
        return item._replace(state=DUPLICATE, findings=(*named, Finding("W07", place, {"kept": name})))
    where = "" if counts.here else "总表中此前汇总的 "
    facts = {
        "kept": f"{where}{counts.workbook}({counts.received})",
        "received": returned.received,
        "differs": differs,
    }
    return item._replace(state=DUPLICATE, findings=(*named, Finding("W14", place, facts)))


def _asked(returned: Return, counts: _Kept, before: _Before) -> str:
    """What is filled in otherwise than in the file that counts; '' when nobody need be asked about it.

    Nobody is where the file that counts is a 退回单 that came back.
    """
    if counts.sha256 == returned.sha256 or (
        _is_given_back(counts.workbook) and not _is_given_back(returned.workbook)
    ):
        return ""
    mine, theirs = before.fillings.get(returned.sha256), before.fillings.get(counts.sha256)
    if mine is None or theirs is None:
        return "此前那一份没有留存,无从比较"
    return _differences(mine, theirs)


def _is_given_back(workbook: str) -> bool:
    return workbook.rpartition("/")[2].startswith(GIVEN_BACK)


def _fillings(groups: Iterable[Iterable[Record]]) -> Mapping[str, _Filling]:
    """SHA-256 → what was filled in; of a row that stands there twice, both."""
    found: dict[str, dict[tuple[str, str], _Row]] = {}
    for records in groups:
        own: dict[str, dict[tuple[str, str], _Row]] = {}
        for record in records:
            rows = own.setdefault(record.sha256, {})
            key = (record.unit, record.indicator)
            rows[key] = (*rows.get(key, ()), *(str(getattr(record, field)).strip() for field in _COMPARED))
        for sha, rows in own.items():
            found.setdefault(sha, rows)
    return found


def _differences(mine: _Filling, theirs: _Filling) -> str:
    """A08 完成值“1”(本文件“2”)、B03 原因“”(本文件“停产”)等 5 处."""
    words = []
    for key in dict.fromkeys((*theirs, *mine)):
        code = key[1]
        first, second = theirs.get(key), mine.get(key)
        if first is None or second is None:
            words.append(f"{code} {'本文件没有' if second is None else '只在本文件中有'}")
        elif len(first) != len(second):
            words.append(f"{code} 的行数不同")
        else:
            titles = (*_COMPARED.values(),) * (len(first) // len(_COMPARED))
            for title, one, other in zip(titles, first, second, strict=True):
                if one != other:
                    words.append(f"{code} {title}“{_short(one)}”(本文件“{_short(other)}”)")
    shown = "、".join(words[:_SHOWN])
    return f"{shown}等 {len(words)} 处" if len(words) > _SHOWN else shown


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
