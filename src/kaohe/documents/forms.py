"""Forms that go out blank but for a unit's own figures: 任务书, 申诉表, 征求意见表 (Y1, Y2, Y9)."""

from __future__ import annotations

import datetime as dt

from kaohe import settings, terms
from kaohe.assess.applicable import Applicable
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import DAYS_SHOWN, State
from kaohe.assess.load_cells import read_date
from kaohe.assess.lookup import Lookup
from kaohe.assess.standing import Standing
from kaohe.documents import stage
from kaohe.documents.publicity import shown_days
from kaohe.documents.results import order_words, rank_words
from kaohe.documents.words import (
    UNDATED,
    chinese_date,
    fact,
    figure,
    names,
    office,
    period_words,
    scheme_name,
    title_of,
)
from kaohe.model import Feedback, Indicator, Ledger, Scheme, Unit

REVIEW = "任务书以双方签字盖章的为准"


class Tasks:
    """任务书 of every unit of a year; ``scheme`` is the one in force (``Scheme.at``)."""

    def __init__(self, scheme: Scheme, year: int) -> None:
        self.scheme = scheme
        self.year = year
        self._lookup = Lookup.of(scheme)
        self._applicable = Applicable(scheme)

    def units(self) -> tuple[Unit, ...]:
        """Those who have something to do: whom the scheme assesses of anything with a weight or a target."""
        return tuple(unit for unit in self.scheme.units if self._tasks(unit))

    def of(self, unit: Unit) -> dict[str, object]:
        """Everything the tags of 任务书.docx name."""
        scheme, rows = self.scheme, self._tasks(unit)
        weights = sum(row.weight for row in rows if not scheme.is_component(row))
        return {
            "状态说明": REVIEW,
            "年度": self.year,
            "单位": unit.name,
            "方案": scheme_name(scheme),
            "考核机关": office(scheme),
            "称谓": "人" if unit.kind == terms.KIND_PERSON else title_of(scheme.settings["单位称谓"]),
            "各行": [self._line(number, row, unit) for number, row in enumerate(rows, start=1)],
            "说明": f"分值合计{figure(weights)}分。带“—”的没有数量目标，按《{scheme_name(scheme)}》考核。",
            "数据声明": stage.declared(scheme),
        }

    def _tasks(self, unit: Unit) -> list[Indicator]:
        """What the unit is assessed of in points, depth first as in 指标; bonuses and vetoes are no tasks."""
        scheme = self.scheme
        return [
            row
            for row in self._applicable.of(unit)
            if scheme.kind_of(row) == terms.PART_SCORED and not scheme.only_checked(row)
        ]

    def _line(self, number: int, row: Indicator, unit: Unit) -> dict[str, object]:
        target = self._lookup.target(row.code, unit.code)
        component = self.scheme.is_component(row)
        asked = (
            row.requirement,
            f"时限：{row.time_limit}" if row.time_limit else "",
            f"责任领导：{row.leader}" if row.leader else "",
            f"责任部门：{row.lead_department}" if row.lead_department else "",
            row.definition,
        )
        return {
            "序号": number,
            "指标": f"其中：{row.name}" if component else row.name,
            "计量单位": row.unit_of_measure,
            "上年值": fact(target.prior) if target else "",
            "目标": (fact(target.value) if target else "") or "—",
            "分值": figure(row.weight),
            "要求": "；".join(filter(None, asked)),
        }


def appeal(assessment: Assessment, standing: Standing, state: State) -> dict[str, object]:
    """Everything the tags of 申诉表.docx name: the unit's own figures, and nobody else's."""
    scores = assessment.scores
    scheme, unit = scores.scheme, standing.unit
    places = settings.places(scheme.settings, "总分")
    rows = _own_scores(assessment, unit)
    beside = (("加分", standing.bonus), ("扣分", standing.deduction), ("迟报扣分", standing.late))
    more = [f"{title}{figure(points)}分" for title, points in beside if points]
    return {
        "状态说明": stage.mark(state),
        "单位": unit.name,
        "称谓": "个人" if unit.kind == terms.KIND_PERSON else title_of(scheme.settings["单位称谓"]),
        "期次": period_words(scores.period),
        "得分": figure(standing.total, places),
        "名次等次": names(filter(None, (*_ranked(standing), standing.grade))),
        "期限说明": until_words(assessment, state),
        "各行": rows,
        "合计说明": "；".join([f"总分{figure(standing.total, places)}分", *more]) + "。本表只发本单位。",
        "数据声明": stage.declared(scheme),
    }


def _ranked(standing: Standing) -> tuple[str, ...]:
    """The rank of 排名, and 定等次序 where vetoes or decisions made it another."""
    if standing.rank is None:
        return (rank_words(standing),)
    order = order_words(standing)
    return (f"第{rank_words(standing)}名", f"定等次序第{order}" if order else "")


def _own_scores(assessment: Assessment, unit: Unit) -> list[dict[str, object]]:
    scores = assessment.scores
    at = next(n for n, row in enumerate(scores.units) if row.code == unit.code)
    return [
        {
            "代码": row.indicator.code,
            "指标": row.indicator.name,
            "目标": fact(float(row.target[at])),
            "完成": fact(float(row.actual[at])) or _word(row.answers[at]),
            "满分": figure(float(row.weight[at])),
            "得分": figure(int(row.points[at]) / 10**scores.places, scores.places)
            if row.scored[at]
            else row.state[at],
        }
        for row in scores.counted
        if row.applies[at]
    ]


def _word(answer: object) -> str:
    """A value that is a word: 是, 优秀; nothing for what was not filled in."""
    known = (terms.BLANK, terms.WAITING, terms.NOT_READ)
    return answer if isinstance(answer, str) and answer not in known else ""


def until_words(assessment: Assessment, state: State) -> str:
    """By when to appeal, as a day where that can be told: the days run from the 公示.

    What hangs may be objected to as long as it hangs: where 申诉天数 are no more than 公示天数, the last day
    is that of the 公示, so that both papers name one day. Once it lies before 公布 the words say that it is
    over.
    """
    scheme = assessment.scores.scheme
    days = int(float(scheme.settings["申诉天数"]))
    answered = int(float(scheme.settings["答复天数"]))
    first = read_date(stage.made_public(assessment, state))
    if first is None:
        until = f"结果公示（没有公示的自公布）后{days}天内"
    else:
        shown = shown_days(assessment, state)[1]
        runs = days > int(float(scheme.settings[DAYS_SHOWN]))
        last = first + dt.timedelta(days=days) if shown is None or runs else shown
        decided = read_date(state.date)
        if state.final and decided is not None and decided > last:
            return f"提出异议的期限已于{chinese_date(last)}届满。"
        until = f"{chinese_date(last)}前（含当日）"
    return f"如有异议，请于{until}送{office(scheme)}。{office(scheme)}在收到之日起{answered}天内答复。"


def opinions(scheme: Scheme) -> dict[str, object]:
    """Everything the tags of 征求意见表.docx name."""
    contact = str(scheme.settings["联系方式"]).strip()
    return {
        "状态说明": "征求意见稿",
        "方案": scheme_name(scheme),
        "称谓": title_of(scheme.settings["单位称谓"]),
        "报回说明": f"送{office(scheme)}" + (f"（联系人、电话：{contact}）" if contact else ""),
        "数据声明": stage.declared(scheme),
    }


def adopted(scheme: Scheme, ledger: Ledger) -> dict[str, object]:
    """Everything the tags of 征求意见采纳情况表.docx name: the register 征求意见, row by row."""
    rows = ledger.feedback
    counted = dict.fromkeys(terms.FEEDBACK_ANSWERS, 0)
    for row in rows:
        counted[_answer(row)] = counted.get(_answer(row), 0) + 1
    shares = names(f"{answer}{count}条" for answer, count in counted.items() if count)
    sources = len({row.source for row in rows if row.source})
    open_ones = counted[terms.FEEDBACK_OPEN]
    return {
        "状态说明": f"未办结：{open_ones}条待定" if open_ones else "已办结",
        "方案": scheme_name(scheme),
        "小结": f"共收到{sources}个单位和部门的意见{len(rows)}条，其中{shares}。",
        "各行": [_opinion(number, row) for number, row in enumerate(rows, start=1)],
        "考核机关": office(scheme),
        "日期": UNDATED,
        "数据声明": stage.declared(scheme),
    }


def _answer(row: Feedback) -> str:
    return row.answer or terms.FEEDBACK_OPEN


def _opinion(number: int, row: Feedback) -> dict[str, object]:
    return {
        "序号": number,
        "来自": row.source,
        "条款": row.clause,
        "意见": row.opinion,
        "处理": _answer(row),
        "理由": row.reason,
    }


def letter(text: str, scheme: Scheme) -> dict[str, object]:
    """催报.docx: a letter as kaohe words it: whom, paragraphs, who signs, the date, a line each."""
    first, *paragraphs, signed, date = [line.strip() for line in text.split("\n")]
    return {
        "状态说明": "",
        "称呼": first,
        "各段": paragraphs,
        "考核机关": signed,
        "日期": date,
        "数据声明": stage.declared(scheme),
    }
