"""公示: the context of the Word template, and the same as a table (WXJ6, WXJ7, Y9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.bonuses import BonusPart
from kaohe.assess.deciding import State, course, shown_until
from kaohe.assess.load_cells import read_date
from kaohe.documents import stage
from kaohe.documents.results import groups, has_grades, in_words, shown_in_words
from kaohe.documents.shown import Shown, shown
from kaohe.documents.words import chinese_date, figure, office, period_words, scheme_name, title_of


def publicity(assessment: Assessment, state: State) -> dict[str, object]:
    """Everything the tags of 公示.docx name."""
    scores = assessment.scores
    scheme = scores.scheme
    open_to_all = shown(scheme, has_grades(assessment))
    contact = str(scheme.settings["联系方式"]).strip()
    return {
        "状态说明": stage.mark_shown(state),
        "标题": f"关于{period_words(scores.period)}{scheme_name(scheme)}结果的公示",
        "方案": scheme_name(scheme),
        "考核机关": office(scheme),
        "期次": period_words(scores.period),
        "称谓": title_of(scheme.settings["单位称谓"]),
        "审定说明": stage.decided_words(state),
        "公示期": shown_for(assessment, state),
        "联系说明": f"（联系人、电话：{contact}）" if contact else "",
        "各组": in_words(groups(assessment, open_to_all)),
        "公开": shown_in_words(open_to_all),
        "加减分": [{"标题": title, "各行": rows} for title, rows in beside(assessment, open_to_all) if rows],
        "日期": _signed_on(assessment, state),
        "数据声明": stage.declared(scheme),
    }


def shown_for(assessment: Assessment, state: State) -> str:
    """公示期为2017年1月20日至1月24日; how many days, while it has not begun."""
    first, last = shown_days(assessment, state)
    if first is None or last is None:
        return f"公示期为{int(float(assessment.scores.scheme.settings['公示天数']))}天，自公示之日起算"
    return f"公示期为{chinese_date(first)}至{chinese_date(last)}"


def shown_days(assessment: Assessment, state: State) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of the last 公示, as 审定 has it; none while it has not begun."""
    scores = assessment.scores
    taken = course(assessment.ledger.states, scores.period, scores.scheme).taken
    rows = [row for row in taken if row.state == terms.STATE_PUBLICITY]
    if not state.decided or not rows:
        return None, None
    days = int(float(scores.scheme.settings["公示天数"]))
    return read_date(rows[-1].date), read_date(shown_until(rows[-1], days))


def _signed_on(assessment: Assessment, state: State) -> str:
    """A 公示 is dated by the day it is put up."""
    first, _ = shown_days(assessment, state)
    return chinese_date(first) if first else stage.signed_on(state)


def beside(assessment: Assessment, open_to_all: Shown) -> list[tuple[str, list[dict[str, str]]]]:
    """(title, rows) of bonuses and, where they are open to all, deductions (WXJ6)."""
    kinds = [(terms.PART_BONUS, "加分情况")]
    if open_to_all.deductions:
        kinds.append((terms.PART_DEDUCTION, "扣分情况"))
    return [(title, list(_rows(assessment, kind))) for kind, title in kinds]


def _rows(assessment: Assessment, kind: str) -> Iterable[dict[str, str]]:
    places = settings.places(assessment.scores.scheme.settings, "得分")
    for unit in assessment.scores.units:
        for part in assessment.beside.bonuses.parts.get(unit.code, ()):
            if part.kind == kind:
                yield from _part_rows(unit.name, part, places)
        late = assessment.beside.late.get(unit.code)
        if kind == terms.PART_DEDUCTION and late is not None and late.points:
            yield {
                "单位": unit.name,
                "项目": "迟报扣分",
                "事由": late.words,
                "分数": figure(late.points, places),
            }


def _part_rows(name: str, part: BonusPart, places: int) -> Iterable[dict[str, str]]:
    """What counts of each item, with its reasons."""
    for item in part.all_items:
        reasons = "；".join(dict.fromkeys(line.reason for line in item.lines if line.reason))
        if item.counted:
            yield {
                "单位": name,
                "项目": item.name,
                "事由": reasons or "按方案计算",
                "分数": figure(item.counted, places),
            }
    if part.cut > 0:
        yield {
            "单位": name,
            "项目": f"{part.name}合计",
            "事由": f"超过上限{figure(part.cap)}分的部分不计",
            "分数": figure(part.counted, places),
        }
