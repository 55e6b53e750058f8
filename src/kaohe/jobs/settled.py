"""The results of a period from the master alone: what is published, closed, carried over and compared.

They have to be the ones everybody sees: those of the sheet 排名, and (once decided) those of 定稿登记.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding_lock import Lock
from kaohe.assess.standing import Standing
from kaohe.jobs.common import JobError
from kaohe.jobs.consolidate import assess_returns
from kaohe.jobs.decide_lock import as_decided, counted, refuse_changed, refuse_unlocked, way_of
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.master import Master
from kaohe.jobs.plans import CONSOLIDATED
from kaohe.model import Period
from kaohe.sheets.shown_ranking import Shown

_SAME = 5e-10
"""Points by which two totals may differ: what a spreadsheet adds lies beyond."""


def settled(book: Master, period_code: str | None, *, check: bool = True) -> Assessment:
    """The assessment of a period from the master alone, without returned files.

    Without ``period_code`` the period of the last consolidation. With ``check`` a JobError when 排名 does not
    show these results, when they differ from what was decided (定稿登记), or when a step typed into 审定 was
    not locked. A decided result is reckoned under the version of the scheme it was decided under. Raises
    JobError when the period was never consolidated.
    """
    period = settled_period(book, period_code)
    lock = way_of(book, period)[1]
    found, book = reckoned(book, period, lock)
    if check:
        refuse_unlocked(lock, book.path.name)
        refuse_changed(found, lock)
        refuse_not_shown(book, found, lock)
    return found


def settled_period(book: Master, code: str | None) -> Period:
    """The period asked for, or the one consolidated last. JobError when it was not consolidated."""
    done = [run.period for run in book.runs if run.command == CONSOLIDATED and run.period]
    if not done:
        raise JobError("总表还没有汇总过,没有结果。请先汇总(按钮“汇总”,或 kaohe consolidate),保存后再试。")
    period = parse_period_or_fail(code or done[-1])
    if period.code not in done:
        known = "、".join(dict.fromkeys(done))
        raise JobError(f"期次 {period.code} 没有汇总过,没有结果。汇总过的期次:{known}。")
    return period


def reckoned(book: Master, period: Period, lock: Lock) -> tuple[Assessment, Master]:
    """(the assessment, the master with the scheme it was made under)."""
    book = as_decided(book, period, lock)
    return assess_returns(book, period, ()), book


def period_shown(book: Master) -> str:
    """The period of the result sheets: the last one that was consolidated."""
    return next((run.period for run in reversed(book.runs) if run.command == CONSOLIDATED), "")


def refuse_not_shown(book: Master, found: Assessment, lock: Lock) -> None:
    """JobError when 排名 shows other results: somebody changed a register or the scheme since."""
    period = found.scores.period
    if period_shown(book) != period.code:
        if lock.rows:
            return  # decided, and as it was locked: what 排名 shows now is another period's
        raise JobError(
            f"总表的结果表现在是 {period_shown(book)} 的,{period.code} 还没有审定。"
            f"请先重新汇总 {period.code}。"
        )
    if not book.shown:
        raise JobError("总表的《排名》不见了,或没有表头。请先汇总(kaohe consolidate),再试。")
    if changed := _not_as_shown(found.standings, {row.unit: row for row in book.shown}):
        raise JobError(
            f"按总表现有的填报数据、方案和登记算出的结果,与《排名》不同:{counted(changed)}。"
            "登记或方案在汇总以后改过,请先汇总(kaohe consolidate),核对后再试。"
        )


def _not_as_shown(standings: Sequence[Standing], shown: Mapping[str, Shown]) -> tuple[str, ...]:
    found = []
    for row in standings:
        there = shown.get(row.unit.code)
        if there is None:
            found.append(f"{row.unit.name}:《排名》中没有")
            continue
        words = []
        if there.total is None or abs(there.total - row.total) > _SAME:
            words.append(f"总分《排名》{_number(there.total)},应为 {row.total:g}")
        if there.rank != row.rank:
            words.append(f"名次《排名》{_number(there.rank)},应为 {_number(row.rank)}")
        if there.grade != row.grade:
            words.append(f"等次《排名》{there.grade or '无'},应为 {row.grade or '无'}")
        if words:
            found.append(f"{row.unit.name}:{'、'.join(words)}")
    codes = {row.unit.code for row in standings}
    return (*found, *(f"{code}:《排名》中有,方案中没有" for code in shown if code not in codes))


def _number(value: float | None) -> str:
    return "无" if value is None else f"{value:g}"
