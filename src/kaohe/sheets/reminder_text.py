"""The letter of 催报: polite, with what is missing, since when, and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from kaohe import terms
from kaohe.assess.reminders import Refused, Reminder
from kaohe.assess.reporting import Reported
from kaohe.findings import Finding
from kaohe.model import Period, Scheme

SHOWN = 8
"""Errors that a letter names one by one."""
LONGEST = 240
"""Characters of one thing that is said of an error."""
_OFFICE = "考核办"


def chinese_date(day: dt.date) -> str:
    """2007年7月15日."""
    return f"{day.year}年{day.month}月{day.day}日"


def office(scheme: Scheme) -> str:
    """Who signs: 考核机关 of 方案, or 考核办."""
    return str(scheme.settings["考核机关"]).strip() or _OFFICE


def addressed(reminder: Reminder) -> str:
    """滨湖区(联络员张三); the telephone is in 催报, for whoever sends the letter."""
    unit = reminder.unit
    if unit is None:
        return reminder.name
    title = f"{unit.name}同志" if unit.kind == terms.KIND_PERSON else unit.name
    return f"{title}(联络员{unit.liaison})" if unit.liaison else title


def missing_words(row: Reported, came: Refused | None = None) -> str:
    """自测完成情况表(发改委)(下发编号 …,文件名 …;交来的 … 未能收录 …)."""
    what = terms.PURPOSE_FORM if row.issue.unit else terms.PURPOSE_ASSESSOR
    part = f"({row.issue.department})" if row.issue.unit and row.issue.department else ""
    instead = f";交来的“{came.workbook}”未能收录,须重报" if came else ""
    why = f":{_cut(came.why.rstrip('。'))}" if came and came.why else ""
    return f"{what}{part}(下发编号 {row.issue.number},文件名“{row.issue.workbook}”{instead}{why})"


def wrong_words(finding: Finding, departments: Mapping[str, str]) -> str:
    """统计局 K8 《产值》完成值“约80”不是准确数。请填写准确数: whose part, where, what, how to mend it."""
    place = (departments.get(finding.location.workbook, ""), finding.location.cell)
    return " ".join([*filter(None, place), f"{_cut(finding.what)}{_cut(finding.remedy)}"])


def _cut(text: str) -> str:
    """A letter is sent by hand: what somebody typed at length is not repeated at length."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def summary(reminder: Reminder) -> str:
    """缺自测完成情况表;错误 3 处: what a list shows in one line."""
    parts = []
    if reminder.missing:
        what = terms.PURPOSE_FORM if reminder.unit else terms.PURPOSE_ASSESSOR
        several = f" {len(reminder.missing)} 份" if len(reminder.missing) > 1 else ""
        parts.append(f"缺{what}{several}")
    if reminder.wrong:
        parts.append(f"有错误 {len(reminder.wrong)} 处待改正")
    return ";".join(parts)


def letter(reminder: Reminder, scheme: Scheme, period: Period, today: dt.date) -> str:
    """The whole text, ready to be copied and sent."""
    whom = "您" if reminder.unit and reminder.unit.kind == terms.KIND_PERSON else "贵单位"
    lines = [f"{addressed(reminder)}:", f"    现将{whom}{period.title}考核材料报送情况函告如下。"]
    if reminder.missing:
        words = [missing_words(row, reminder.refused.get(row.issue.number)) for row in reminder.missing]
        lines += [f"    {_when(reminder, today)}", *_numbered(words)]
    if reminder.wrong:
        also = "另有" if reminder.missing else "已收到的材料有"
        until = today + dt.timedelta(days=int(scheme.settings["改正天数"]))
        lines.append(
            f"    {also}以下错误须改正,请于{chinese_date(until)}前重新报送(改正前结果为暂定,不参加排名):"
        )
        shown = [wrong_words(each, reminder.departments) for each in reminder.wrong[:SHOWN]]
        more = len(reminder.wrong) - len(shown)
        lines += _numbered(
            [*shown, *([f"其余 {more} 处见退回单(没有收到退回单的请来索取)。"] if more else [])]
        )
    sent = "如已报送,请告知报送时间。" if reminder.missing else ""
    contact = str(scheme.settings["联系方式"]).strip()
    called = f"{_OFFICE}({contact})" if contact else _OFFICE
    lines.append(
        f"    请收到后抓紧办理,经负责人审核签字盖章后报送{_OFFICE};确有困难的,请及时与{called}联系。"
        f"{sent}感谢支持!"
    )
    return "\n".join([*lines, f"    {office(scheme)}", f"    {chinese_date(today)}"])


def _when(reminder: Reminder, today: dt.date) -> str:
    if reminder.due is None:
        return "下列材料尚未收到:"
    day = chinese_date(reminder.due)
    granted = "(已准延期)" if reminder.extended else ""
    if reminder.days:
        return (
            f"下列材料应于{day}{granted}前报送,截至{chinese_date(today)}尚未收到,已逾期 {reminder.days} 天:"
        )
    return f"下列材料须于{day}{granted}前报送,目前尚未收到:"


def _numbered(texts: list[str]) -> list[str]:
    return [f"    {number}. {text}" for number, text in enumerate(texts, start=1)]
