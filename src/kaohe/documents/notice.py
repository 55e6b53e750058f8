"""通报: the context of the Word template (Y10, WXD5, WXJ7)."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import State
from kaohe.assess.outcomes import LISTED, Outcome
from kaohe.documents import stage
from kaohe.documents.results import assessed, groups, has_grades, in_words, shown_in_words
from kaohe.documents.shown import Shown, shown
from kaohe.documents.words import names, numeral, office, period_words, scheme_name, title_of

PRAISE, REMINDER = ("表彰", "通报表扬"), ("提醒",)
"""Natures of 结果运用 that are told to everybody; talks and what is left to others to decide are not."""


def notice(assessment: Assessment, state: State) -> dict[str, object]:
    """Everything the tags of 通报.docx name."""
    scores = assessment.scores
    scheme = scores.scheme
    open_to_all = shown(scheme, has_grades(assessment))
    found = groups(assessment, open_to_all)
    called = title_of(scheme.settings["单位称谓"])
    praised = _sections(assessment, open_to_all)
    return {
        "状态说明": stage.mark(state),
        "标题": f"关于{period_words(scores.period)}{scheme_name(scheme)}结果的通报",
        "文号": stage.number_of(state),
        "主送": f"各被考核{called}",
        "方案": scheme_name(scheme),
        "考核机关": office(scheme),
        "期次": period_words(scores.period),
        "称谓": called,
        "总数": len(assessed(assessment)),
        "分组说明": "不分组" if len(found) == 1 else f"分{len(found)}个考核组",
        "审定说明": stage.decided_words(state),
        "各组": in_words(found),
        "公开": shown_in_words(open_to_all),
        "结果运用": praised,
        "结语": _closing(called, bool(praised)),
        "日期": stage.signed_on(state),
        "数据声明": stage.declared(scheme),
    }


def _closing(called: str, praised: bool) -> str:
    if praised:
        return f"希望受到表扬的再接再厉，其他各被考核{called}对照差距，认真整改。"
    return f"各被考核{called}要对照差距，认真整改。"


def held_back(assessment: Assessment) -> list[str]:
    """What 结果运用 lists and a 通报 does not say, as a line each for the office."""
    open_to_all = shown(assessment.scores.scheme, has_grades(assessment))
    left = [row for row in assessment.outcomes.rows if not _told(row, open_to_all)]
    counted: dict[tuple[str, str], int] = {}
    for row in left:
        key = row.rule.outcome, _why(row, open_to_all)
        counted[key] = counted.get(key, 0) + 1
    told = {row.rule.outcome for row in assessment.outcomes.rows if row not in left}
    return [
        f"《结果运用》“{name}”中{why}的{count}个没有写入通报" + ("，其余已写入" if name in told else "")
        for (name, why), count in counted.items()
    ]


def _why(row: Outcome, open_to_all: Shown) -> str:
    """Why a 通报 does not say it."""
    if row.state != LISTED:
        return f"“{row.state}”"
    closed = row.rule.condition == terms.VETOED and not open_to_all.deductions
    return "因否决而有、扣分不公开" if closed else f"性质为“{row.nature}”"


def _told(row: Outcome, open_to_all: Shown) -> bool:
    """Whether a proposal is one for everybody to read: what deductions and vetoes led to may be closed."""
    closed = row.rule.condition == terms.VETOED and not open_to_all.deductions
    return row.state == LISTED and row.nature in (*PRAISE, *REMINDER) and not closed


def _sections(assessment: Assessment, open_to_all: Shown) -> list[dict[str, object]]:
    """表扬 and 提醒, numbered on from the results; without those that list nobody."""
    told = [row for row in assessment.outcomes.rows if _told(row, open_to_all)]
    order = {unit.code: at for at, unit in enumerate(assessment.scores.units)}
    found: list[dict[str, object]] = []
    for title, natures in (("表扬", PRAISE), ("提醒", REMINDER)):
        rows = [row for row in told if row.nature in natures]
        if rows:
            items = _items(rows, order, open_to_all)
            found.append({"序号": numeral(len(found) + 2), "标题": title, "各项": items})
    return found


def _items(rows: Sequence[Outcome], order: dict[str, int], open_to_all: Shown) -> list[dict[str, object]]:
    """One line per rule; where ranks are held back the names stand in the order of 《单位》."""
    items: dict[str, list[Outcome]] = {}
    for row in rows:
        items.setdefault(_matter(row), []).append(row)
    for held in items.values():
        if not open_to_all.rank:
            held.sort(key=lambda row: order[row.unit.code])
    return [
        {"事项": matter, "个数": len(held), "名单": _listed(held, open_to_all)}
        for matter, held in items.items()
    ]


def _listed(rows: Sequence[Outcome], open_to_all: Shown) -> str:
    """The names; where a whole grade is meant they stand above already."""
    if rows[0].rule.condition == terms.OF_GRADE and open_to_all.grade and rows[0].rule.grade:
        return f"本通报中等次为{rows[0].rule.grade}的"
    return names(row.unit.name for row in rows)


def _matter(row: Outcome) -> str:
    """What it is about, and in which group where a rule is applied to several."""
    inside = row.scope and row.scope not in row.rule.outcome and len(row.rule.scope) != 1
    alone = inside and row.rule.condition != terms.OF_GRADE
    return f"{row.rule.outcome}，{row.scope}" if alone else row.rule.outcome
