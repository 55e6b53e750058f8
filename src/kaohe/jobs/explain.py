"""`kaohe explain`: how a published score came about, from the master alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe.assess.assessment import Assessment
from kaohe.assess.explain import Explanation, explain_all, explain_indicator
from kaohe.assess.explain_total import TotalExplanation, explain_bonus, explain_total
from kaohe.jobs.common import JobError
from kaohe.jobs.decide_lock import way_of
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.master import Master
from kaohe.jobs.plans import CONSOLIDATED
from kaohe.jobs.settled import reckoned
from kaohe.jobs.store import Store, as_store
from kaohe.jobs.words import the_one
from kaohe.model import Indicator, Period, Unit


@dataclass(frozen=True)
class Explained:
    """What was asked about: one indicator of a unit, or (``total``) the whole unit with all of them."""

    period: Period
    total: TotalExplanation | None
    indicators: tuple[Explanation, ...]


def explain(
    master: Path | Store, unit: str, indicator: str = "", *, period_code: str | None = None
) -> Explained:
    """Explain the scores of a unit (by code or name), or of one indicator of it (by code or name).

    Everything is reckoned anew from what the master holds: scheme, 填报数据, registers. Without
    ``period_code`` the period of the last consolidation is meant. Raises JobError.
    """
    return explained(assessed(master, period_code), unit, indicator)


def assessed(master: Path | Store, period_code: str | None = None) -> Assessment:
    """What there is to explain: a consolidated period of the master, assessed anew. Raises JobError.

    A decided period is reckoned under the version of the scheme it was decided under.
    """
    book = as_store(master).read()
    period = _period(book, period_code)
    return reckoned(book, period, way_of(book, period)[1])[0]


def explained(assessment: Assessment, unit: str, indicator: str = "") -> Explained:
    """The same for an assessment at hand."""
    scores = assessment.scores
    who = the_one(scores.units, unit, "《单位》《人员》")
    if not indicator:
        return Explained(scores.period, explain_total(assessment, who), tuple(explain_all(assessment, who)))
    row = the_one([result.indicator for result in scores.results.values()], indicator, "《指标》")
    if not row.applies(who) and (bonus := explain_bonus(assessment, who, row)):
        return Explained(scores.period, None, (bonus,))
    _expect_applies(assessment, who, row)
    return Explained(scores.period, None, (explain_indicator(assessment, who, row),))


def _expect_applies(assessment: Assessment, unit: Unit, indicator: Indicator) -> None:
    if not indicator.applies(unit):
        raise JobError(f"《{indicator.name}》不考核{unit.name}(见《指标》的“适用”)。")


def _period(master: Master, code: str | None) -> Period:
    done: Sequence[str] = [run.period for run in master.runs if run.command == CONSOLIDATED and run.period]
    if not done:
        raise JobError(
            "总表还没有汇总过,没有可解释的得分。请先汇总(按钮“汇总”,或 kaohe consolidate),保存后再试。"
        )
    period = parse_period_or_fail(code or done[-1])
    if period.code not in done:
        known = "、".join(dict.fromkeys(done))
        raise JobError(f"期次 {period.code} 没有汇总过,没有可解释的得分。汇总过的期次:{known}。")
    return period
