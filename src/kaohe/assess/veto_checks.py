"""What is wrong with 等次, 否决事项, 否决, 结果规则 and 督办 before anything is graded (WXJ5, WXD5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from kaohe import terms
from kaohe.assess.grade_levels import rows_for
from kaohe.assess.load_cells import read_date
from kaohe.assess.outcome_years import YEARLY
from kaohe.assess.outcomes import speaks_of_posts
from kaohe.findings import Finding
from kaohe.model import Grade, Location, OutcomeRule, Scheme, Supervision, Veto, VetoEvent
from kaohe.periods import PeriodError, parse_period

_WITH_INDICATORS = (terms.FIRST_IN_INDICATOR, terms.BELOW_MEAN_YEARS, terms.BELOW_TARGET_YEARS)


def check_grading(scheme: Scheme) -> Iterable[Finding]:
    """Everything wrong with the scheme's own rows: grades, veto events, outcome rules."""
    scopes: dict[str, list[Grade]] = {}
    for row in scheme.grades:
        scopes.setdefault(row.scope, []).append(row)
    for scope, rows in scopes.items():
        yield from _check_scope(scheme, scope, rows)
    for event in scheme.veto_events:
        yield from _check_event(scheme, event)
    for rule in scheme.outcome_rules:
        yield from _check_rule(scheme, rule)


def _check_scope(scheme: Scheme, scope: str, rows: Sequence[Grade]) -> Iterable[Finding]:
    if scope not in _scopes(scheme):
        yield Finding("G13", rows[0].location, {"grade": rows[0].name, "scope": scope})
    seen: dict[str, Grade] = {}
    for row in rows:
        first = seen.setdefault(row.name, row)
        if first is not row:
            facts = {"scope": scope, "grade": row.name, "other": first.location.cell}
            yield Finding("G14", row.location, facts)
    shares = sum((Fraction(str(row.share)) for row in rows if row.share is not None), Fraction(0))
    if shares > 1:
        yield Finding("G11", rows[0].location, {"scope": scope, "found": f"{float(shares):g}"})
    yield from _check_leasts(scope, rows)
    last = rows[-1]
    limits = "、".join(
        title
        for title, value in (("最低分", last.least), ("比例", last.share), ("名额", last.count))
        if value is not None
    )
    if limits:
        yield Finding("G10", last.location, {"scope": scope, "grade": last.name, "limits": limits})


def _check_leasts(scope: str, rows: Sequence[Grade]) -> Iterable[Finding]:
    """G12: a later grade asks for more than an earlier one."""
    known = [(row, row.least) for row in rows if row.least is not None]
    for (before, higher), (row, least) in pairwise(known):
        if least > higher:
            facts = {
                "scope": scope,
                "grade": row.name,
                "least": f"{least:g}",
                "before": before.name,
                "higher": f"{higher:g}",
            }
            yield Finding("G12", row.location, facts)


def _scopes(scheme: Scheme) -> set[str]:
    """What the scope of a grade may be."""
    units = scheme.units
    named = {name for unit in units for name in (unit.group, unit.unit_class, unit.kind) if name}
    return named | {terms.EVERYONE}


def _check_event(scheme: Scheme, event: VetoEvent) -> Iterable[Finding]:
    facts = {"name": event.name}
    if event.consequence == terms.VETO_BARS:
        if not any(rule.barred for rule in scheme.outcome_rules):
            yield Finding("G16", event.location, facts)
        return
    usual = float(scheme.settings["否决降档"])
    depth = usual if event.depth is None else event.depth
    what = ""
    if not scheme.grades:
        what = "方案没有《等次》"
    elif not any(rows_for(scheme, unit)[1] for unit in scheme.units):
        what = "没有一个单位适用《等次》的行"
    elif depth < 0:
        what = f"降档 {depth:g} 是负数"
    elif depth < 1 and event.consequence == terms.VETO_LOWERS:
        what = "降档为 0"
    elif depth != int(depth):
        what = f"降档 {depth:g} 不是整数"
    if what:
        yield Finding("G15", event.location, {**facts, "consequence": event.consequence, "what": what})


def _check_rule(scheme: Scheme, rule: OutcomeRule) -> Iterable[Finding]:
    facts = {"code": rule.code, "outcome": rule.outcome}
    for reason in _reasons_against(scheme, rule):
        yield Finding("G21", rule.location, {**facts, "reason": reason})
    if speaks_of_posts(rule) and rule.nature != terms.NATURE_ADVICE:
        yield Finding("G20", rule.location, {**facts, "nature": rule.nature or "空白"})


def _reasons_against(scheme: Scheme, rule: OutcomeRule) -> Iterable[str]:
    known = _scopes(scheme) | set(scheme.unit_by_code)
    if unknown := [token for token in rule.scope if token not in known]:
        yield f"范围“{'、'.join(unknown)}”不是类别、考核组,也不是单位代码"
    if rule.condition in _WITH_INDICATORS and not rule.indicators:
        yield f"条件为{rule.condition},没有写指标"
    if unknown := [code for code in rule.indicators if code not in scheme.indicator_by_code]:
        yield f"指标“{'、'.join(unknown)}”不存在"
    if rule.condition in YEARLY and rule.years < 2:
        yield f"条件为{rule.condition},年数应为 2 以上"
    if rule.condition == terms.OF_GRADE and not rule.grade:
        yield "条件为等次,没有写哪一等次"
    if rule.grade and rule.grade not in {row.name for row in scheme.grades}:
        yield f"等次“{rule.grade}”不在《等次》中"
    if rule.condition == terms.BELOW_MEAN_YEARS and (
        odd := [
            row.name
            for code in rule.indicators
            if (row := scheme.indicator_by_code.get(code)) and row.direction == terms.TARGET_RANGE
        ]
    ):
        yield f"适度指标“{'、'.join(odd)}”不能与平均比高低"


def check_vetoes(scheme: Scheme, rows: Iterable[Veto], year: int) -> Iterable[Finding]:
    """G17–G19: registered vetoes of an unknown event, of a day outside the year, of an unreadable period.

    Where there is a table 否决事项, an unknown code is found when the tables are read (S10).
    """
    names = {event.code: event.name for event in scheme.veto_events}
    for row in rows:
        place = row.location._replace(unit=row.unit)
        try:
            of = parse_period(row.period)
        except PeriodError:
            yield Finding("G19", place, {"typed": row.period})
            continue
        if of.year != year:
            continue
        if not names:
            yield Finding("G17", place, {"typed": row.event})
        happened = read_date(row.date) if row.date else None
        if happened is not None and happened.year != year:
            facts = {"name": names.get(row.event, row.event), "typed": row.date, "year": year}
            yield Finding("G18", place, facts)


def check_supervisions(rows: Iterable[Supervision]) -> Iterable[Finding]:
    """G26: a number that stands twice, closed without a day, a day before the problem was raised."""
    seen: dict[str, Location] = {}
    for row in rows:
        place = row.location._replace(unit=row.unit)
        for reason in _reasons_against_supervision(row, seen.get(row.number)):
            yield Finding("G26", place, {"number": row.number, "reason": reason})
        seen.setdefault(row.number, row.location)


def _reasons_against_supervision(row: Supervision, first: Location | None) -> Iterable[str]:
    if first is not None:
        yield f"编号重复(另见 {first.cell})"
    raised, deadline, closed = (_day(text) for text in (row.raised, row.deadline, row.closed))
    if row.state == terms.SUPERVISION_CLOSED and closed is None:
        yield "已销号,没有销号日期"
    if row.state != terms.SUPERVISION_CLOSED and closed is not None:
        yield "有销号日期,状态却不是已销号"
    if raised and deadline and deadline < raised:
        yield "期限早于提出日期"
    if raised and closed and closed < raised:
        yield "销号日期早于提出日期"
    if row.state != terms.SUPERVISION_CLOSED and deadline is None:
        yield "没有期限"


def _day(text: str) -> dt.date | None:
    return read_date(text) if text else None
