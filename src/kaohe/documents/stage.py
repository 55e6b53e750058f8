"""How far a result has come, as every page says it (Y8): a draft never looks like the final document."""

from __future__ import annotations

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import State, course
from kaohe.documents.words import UNDATED, dated
from kaohe.model import Scheme


def mark(state: State) -> str:
    """The line at the top of every page of a document that shows results."""
    if state.final:
        return f"状态：{state.name}"
    if not state.decided:
        again = "，已重新开启" if state.reopened else ""
        return f"送审稿 初步结果，未经审定（状态：{state.name}{again}）"
    return f"送审稿 不作为最终结果（状态：{state.name}）"


def mark_shown(state: State) -> str:
    """The same for the list that is put up: while it is up it says no more of itself than that.

    Made again after the days of the 公示 it is no copy of what hung there, and says so.
    """
    if state.name == terms.STATE_PUBLICITY:
        return "公示稿"
    if state.ended:
        return f"公示已于{dated(state.ended)}结束，本件仅供存档，不再张贴（状态：{state.name}）"
    return mark(state)


def number_of(state: State) -> str:
    """〔2017〕第8期: only what is final has one."""
    return state.number if state.final else ""


def signed_on(state: State) -> str:
    """The date under a document: that of the final step; a draft leaves room."""
    return dated(state.date) if state.final else UNDATED


def decided_words(state: State) -> str:
    """By whom the result was decided, as a sentence; '' while it was not.

    From the step that decides on its minutes are named, not the papers of 公示 and 公布.
    """
    if not state.decided or not state.basis:
        return ""
    if state.approved and state.approved != state.basis:
        return f"考核结果已经审定（{state.approved}）。"
    done = "审定" if state.final or state.name == terms.STATE_PUBLICITY else state.name
    return f"考核结果已经{done}（{state.basis}）。"


def made_public(assessment: Assessment, state: State) -> str:
    """The day of the last 公示 (of the last step where the procedure has none); '' before it."""
    way = course(assessment.ledger.states, assessment.scores.period, assessment.scores.scheme)
    named = terms.STATE_PUBLICITY if terms.STATE_PUBLICITY in way.steps else way.steps[-1]
    days = [row.date for row in way.taken if row.state == named]
    return days[-1] if days and state.decided else ""


def folder_name(period: str, state: State | None) -> str:
    """2016-公布; without a result the folder says so."""
    return f"{period}-{state.name if state else '未汇总'}"


def declared(scheme: Scheme) -> str:
    """数据声明: what every page of an example says of its data."""
    return str(scheme.settings["数据声明"]).strip()
