"""方案 of a pasted table: name, year, what the weights add up to, and what is still to be looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from kaohe.findings import Finding
from kaohe.jobs import paste_headings as role
from kaohe.jobs.paste_drafts import Drafts
from kaohe.jobs.paste_words import names_of_units, number_of
from kaohe.settings import RANK_BY_RATE, RANK_BY_SCORE
from kaohe.tables import Scalar
from kaohe.values.rounding import round_half_away

PENDING = "粘贴待办"
"""The column at the right of 指标 that says what of a row is provisional."""
_TASKS = {
    "S52": "计分方法待定:暂按“{method}”",
    "S53": "权重待填:原表为“{typed}”",
    "S55": "目标待补:原表为“{typed}”",
    "S59": "取值暂定为测评:《票种》待填",
}
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")


def pending_of(finding: Finding) -> str:
    """What a finding asks for, for the column 粘贴待办; '' when it asks for nothing in a row of 指标."""
    return _TASKS[finding.code].format_map(dict(finding.facts)) if finding.code in _TASKS else ""


def everybody_alike(drafts: Drafts) -> str:
    """The one 责任单位 written throughout that names nobody (各单位, 全部); '' where they differ."""
    typed = {draft.text(role.UNITS) for draft in drafts.indicators} - {""}
    return typed.pop() if len(typed) == 1 and not any(map(names_of_units, typed)) else ""


def sets_differ(drafts: Drafts, applies: Sequence[str]) -> bool:
    """Whether units are assessed by different indicators: totals and parts then differ, too.

    ``applies``: codes of units per indicator. A row without 责任单位 belongs to the same units as the others
    when these are several and always the same; “各单位” beside named units does not say who else there is.
    """
    named = {frozenset(codes.split("、")) for codes in applies if codes}
    if len(named) != 1 or "" not in applies:
        return len(named) > 1
    open_ended = any(d.text(role.UNITS) and not names_of_units(d.text(role.UNITS)) for d in drafts.indicators)
    return open_ended or len(next(iter(named))) == 1


def scheme_rows(
    drafts: Drafts,
    share: bool,
    differ: bool,
    scored: Sequence[Scalar],
    findings: Sequence[Finding],
) -> list[dict[str, Scalar]]:
    """Rows of 方案. ``scored``: weights of the indicators in 计分 parts, None where there is none."""
    year = _YEAR.search(" ".join((drafts.title, *drafts.notes)))
    note = "\n".join(filter(None, (_to_do(findings), *drafts.notes)))
    found: list[dict[str, Scalar]] = [
        {"name": "方案名称", "value": drafts.title or None, "note": note or None},
        {"name": "考核年度", "value": float(year[1]) if year else None},
    ]
    if differ:
        why = "各单位的指标不同,权重合计不作要求" + (f";原表合计:{drafts.total}" if drafts.total else "")
        found.append({"name": "权重合计", "value": 0.0, "note": why})
        found.append({"name": "排名依据", "value": RANK_BY_RATE, "note": "各单位的指标不同,按得分率排名"})
    else:
        found += _same_for_all(drafts, share, scored)
    return [{key: value for key, value in row.items() if value is not None} for row in found]


def _same_for_all(drafts: Drafts, share: bool, scored: Sequence[Scalar]) -> list[dict[str, Scalar]]:
    """权重合计 as the table states it; as the weights add up where it does not, or counts the bonus in."""
    stated = number_of(drafts.total, share)
    added = _sum(scored)
    total = stated if added is None or (stated is not None and stated != added) else added
    if stated is not None and added is not None and stated != added and _counts_bonus(drafts, share, stated):
        total = added
    whom = everybody_alike(drafts)
    words = [
        f"原表合计:{drafts.total}" if drafts.total else "各指标权重之和",
        f"原表责任单位:{whom}" if whom else "",
    ]
    rows: list[dict[str, Scalar]] = []
    if total is not None:
        rows.append({"name": "权重合计", "value": total, "note": ";".join(filter(None, words))})
    elif drafts.total or whom:
        rows.append({"name": "权重合计", "note": ";".join(filter(None, words[0 if drafts.total else 1 :]))})
    return [*rows, {"name": "排名依据", "value": RANK_BY_SCORE}]


def _counts_bonus(drafts: Drafts, share: bool, stated: float) -> bool:
    """Whether the stated total is that of all rows, those outside 权重合计 among them."""
    return _sum([number_of(draft.text(role.WEIGHT), share) for draft in drafts.indicators]) == stated


def _sum(weights: Sequence[Scalar]) -> float | None:
    """None while a weight is missing, and for weights of 0."""
    numbers = [weight for weight in weights if isinstance(weight, float)]
    if len(numbers) < len(weights):
        return None
    return float(round_half_away(sum(numbers), 6)) or None


def _to_do(findings: Sequence[Finding]) -> str:
    """What is provisional in the master, so that it is known after the window is closed."""
    count: Mapping[str, int] = Counter(finding.code for finding in findings)
    said = [
        f"计分方法暂定 {count['S52']} 项" if count["S52"] else "",
        f"权重待填 {count['S53']} 项" if count["S53"] else "",
        f"目标待补 {count['S55']} 处" if count["S55"] else "",
        f"加分扣分上限待填 {count['S58']} 处" if count["S58"] else "",
        f"测评票种待填 {count['S59']} 项" if count["S59"] else "",
        "《单位》由原表责任单位得出,名称、类别、考核组待核对",
    ]
    return f"由原表粘贴,待办:{';'.join(filter(None, said))}。逐项见《指标》“{PENDING}”列,办完请删去。"
