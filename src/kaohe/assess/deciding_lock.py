"""A decided result is locked by its content: what is locked, and how a result differs from it (Y8)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import Course, course, shown_until
from kaohe.assess.grading import named
from kaohe.assess.standing import Standing
from kaohe.model import Decided, StateRow


class Lock(NamedTuple):
    """The steps of a period held against 定稿登记.

    ``rows``: what is locked now, by unit; none while the results are 初步. ``pending``: steps typed into 审定
    by hand and not locked yet. ``broken``: why the two registers contradict each other; '' when they do not.
    ``changed``: whether 定稿登记 itself was changed since a run wrote it.
    """

    rows: Mapping[str, Decided]
    pending: tuple[StateRow, ...]
    broken: str = ""
    changed: bool = False


def lock_of(way: Course, decided: Iterable[Decided], period: str) -> Lock:
    """What is locked of the period; ``decided`` are the rows of 定稿登记, of all periods."""
    locked = _batches((row for row in decided if row.period == period), way.taken)
    taken = way.taken
    told = _contradiction(way, locked)
    if told:
        return Lock({}, (), told)
    pending = taken[len(locked) :]
    since_reopened = way.position + 1
    held = locked[-1] if locked and len(pending) < since_reopened else ()
    return Lock({row.unit: row for row in held}, pending)


def _contradiction(way: Course, locked: Sequence[Sequence[Decided]]) -> str:
    """Where 审定 and 定稿登记 do not say the same; '' when they do."""
    taken = way.taken
    for row, batch in zip(taken, locked, strict=False):
        first = batch[0]
        if (row.state, row.date) != (first.state, first.date):
            return (
                f"《审定》的“{row.state}”({row.date})与《定稿登记》的“{first.state}”({first.date})对不上。"
                "请恢复《审定》的这一行。"
            )
        if other := _other_words(row, first, way.days):
            return (
                f"《审定》{row.location.cell}“{row.state}”({row.date})锁定以后改过:{other}。请改回;"
                f"确须更改的,改回后登记“{terms.STATE_REOPENED}”,再从第一步审定起。"
            )
    if len(locked) > len(taken):
        first = locked[len(taken)][0]
        return (
            f"《定稿登记》有“{first.state}”({first.date}),《审定》没有可用的这一行。"
            "请恢复该行(改过《方案》审定程序的,请改回)。"
        )
    return _taken_back_unlocked(way, taken[len(locked) :])


def _other_words(row: StateRow, first: Decided, days: int) -> str:
    """What a locked step says now, and what it said; a 文号 left blank at the time may be filled in later."""
    said = [("依据", row.basis, first.basis)]
    if first.steps:
        said.append(("决定人", row.person, first.person))
        said.append(("公示截止", shown_until(row, days), first.until))
        said.append(("文号", row.number, first.number or row.number))
    changed = [
        f"{title}“{was or '空白'}”→“{now or '空白'}”" for title, now, was in said if not _same(now, was)
    ]
    return "、".join(changed)


def _same(one: str, other: str) -> bool:
    """Whether two texts read alike: spreadsheet programs treat spaces and line ends differently."""
    return one.split() == other.split()


def _taken_back_unlocked(way: Course, pending: Iterable[StateRow]) -> str:
    """A step that was typed and taken back by hand without ever having been locked."""
    waiting = {id(row) for row in pending}
    last = next((row for row in way.followed if id(row) in waiting), None)
    again = False
    for row in way.followed:
        again |= row is last
        if again and row.state == terms.STATE_REOPENED and last is not None:
            return (
                f"《审定》{last.location.cell}“{last.state}”({last.date})没有锁定过,"
                f"{row.location.cell}又登记了“{row.state}”。没有锁定的不必重新开启:"
                "请删去没有锁定的这几行和后面的“重新开启”,再登记、锁定。"
            )
    return ""


def _batches(rows: Iterable[Decided], steps: Iterable[StateRow]) -> list[list[Decided]]:
    """The rows of 定稿登记 step by step, in the order of ``steps``, also where somebody sorted them.

    As they stand they need not be in the order of their times: two computers may lock with two clocks.
    """
    found: dict[tuple[str, int, str], list[Decided]] = {}
    times: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        same = row.time, row.state, row.unit
        found.setdefault((row.time, times[same], row.state), []).append(row)
        times[same] += 1
    wanted = [(step.state, step.date) for step in steps]
    order = {step: at for at, step in reversed(list(enumerate(wanted)))}

    def by_time(at: tuple[str, int, str]) -> tuple[str, int, int]:
        return (*at[:2], order.get((at[2], found[at][0].date), len(order)))

    as_they_stand = list(found.values())
    sorted_back = [found[at] for at in sorted(found, key=by_time)]
    return next((each for each in (as_they_stand, sorted_back) if _follow(each, wanted)), as_they_stand)


def _follow(batches: Iterable[Sequence[Decided]], steps: Iterable[tuple[str, str]]) -> bool:
    """Whether the steps hold these batches, in this order."""
    rest = iter(steps)
    return all((batch[0].state, batch[0].date) in rest for batch in batches)


def as_locked(rows: Iterable[StateRow], decided: Iterable[Decided]) -> tuple[StateRow, ...]:
    """The rows of 审定, those that are locked with the procedure they were locked under, and when.

    ``decided``: the rows of 定稿登记. A row changed since is left as it is; lock_of tells it.
    """
    rows, decided = tuple(rows), tuple(decided)
    batches = {
        code: _batches(
            (row for row in decided if row.period == code), [step for step in rows if step.period == code]
        )
        for code in {row.period for row in decided}
    }
    done = []
    for step in rows:
        queue = batches.get(step.period, [])
        first = queue[0][0] if queue else None
        if first and (first.state, first.date) == (step.state, step.date) and _same(first.basis, step.basis):
            step = replace(step, steps=first.steps, days=first.days, locked=first.time)
            queue.pop(0)
        done.append(step)
    return tuple(done)


def rows_to_lock(assessment: Assessment, step: StateRow, time: str) -> tuple[Decided, ...]:
    """One row per unit for 定稿登记, in the order of 排名; ``time``: when it was locked."""
    contents = content_of(assessment)
    version = assessment.scores.scheme.version
    way = course(assessment.ledger.states, assessment.scores.period, assessment.scores.scheme)
    events = {row.code: row.name for row in assessment.scores.scheme.veto_events}
    sizes = _sizes(assessment)
    return tuple(
        Decided(
            time=time,
            period=step.period,
            state=step.state,
            date=step.date,
            basis=step.basis,
            unit=row.unit.code,
            name=row.unit.name,
            unit_class=row.unit.unit_class,
            group=row.unit.group,
            total=row.total,
            rank=row.rank,
            of=sizes[row.unit.group],
            grade=row.grade,
            veto=named(dict.fromkeys(events.get(veto.event, veto.event) for veto in row.vetoes)),
            version=version,
            content=contents[row.unit.code],
            person=step.person,
            number=step.number,
            until=shown_until(step, way.days),
            steps="、".join(way.steps),
            days=way.days,
        )
        for row in assessment.standings
    )


def _sizes(assessment: Assessment) -> Counter[str]:
    """How many are ranked in each group."""
    return Counter(row.unit.group for row in assessment.standings if row.rank is not None)


def content_of(assessment: Assessment) -> Mapping[str, str]:
    """Unit → SHA-256 of its result: scores, weights, what stands beside them, rank, grade, 结果运用."""
    lines: dict[str, list[tuple[str, ...]]] = {row.unit.code: [] for row in assessment.standings}
    scores = assessment.scores
    for code, result in sorted(scores.results.items()):
        if not result.measured:
            continue
        for at in np.flatnonzero(result.applies).tolist():
            points = str(int(result.points[at])) if result.scored[at] else ""
            weight = f"{float(result.weight[at]):.9g}"
            lines[scores.units[at].code].append((code, points, weight, str(result.state[at])))
    for led_to in assessment.outcomes.rows:
        lines[led_to.unit.code].append(("结果运用", led_to.rule.code, led_to.state, led_to.scope))
    places = f"{scores.places},{settings.places(scores.scheme.settings, '总分')}"
    return {
        row.unit.code: _digest([places, *_facts(row), *lines[row.unit.code]]) for row in assessment.standings
    }


def _facts(row: Standing) -> tuple[str, ...]:
    numbers = (row.total, row.bonus, row.deduction, row.late)
    places = (row.rank, row.place)
    words = (row.state, row.grade, row.first_grade, *sorted(veto.event for veto in row.vetoes))
    return (*(f"{number:.9g}" for number in numbers), *map(str, places), *words)


def _digest(lines: Sequence[object]) -> str:
    text = json.dumps(lines, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def differences(assessment: Assessment, locked: Mapping[str, Decided]) -> tuple[str, ...]:
    """How the results differ from what is locked, unit by unit, in words; () when they are the same."""
    contents = content_of(assessment)
    now = {row.unit.code: row for row in assessment.standings}
    found, sizes = [], _sizes(assessment)
    for code, row in now.items():
        was = locked.get(code)
        if was is None:
            found.append(f"{row.unit.name}:定稿时没有这个单位")
        elif (words := "、".join(_changes(row, was, sizes))) or was.content != contents[code]:
            words = words or "单项得分、权重、加减分或结果运用有变动"
            found.append(f"{row.unit.name}:{words}")
    gone = [f"{was.name}:定稿时有,现在没有" for code, was in locked.items() if code not in now]
    return (*found, *gone)


def _changes(row: Standing, was: Decided, sizes: Mapping[str, int]) -> Iterator[str]:
    """What 定稿登记 says of a unit and is another thing now."""
    if was.name != row.unit.name:
        yield f"单位名称 {was.name}→{row.unit.name}"
    if was.group != row.unit.group:
        yield f"考核组 {was.group or '无'}→{row.unit.group or '无'}"
    elif was.of != sizes[row.unit.group]:
        yield f"排名单位数 {was.of}→{sizes[row.unit.group]}"
    if was.unit_class != row.unit.unit_class:
        yield f"类别 {was.unit_class or '无'}→{row.unit.unit_class or '无'}"
    if was.total is None or f"{was.total:.9g}" != f"{row.total:.9g}":
        yield f"总分 {_shown(was.total)}→{row.total:g}"
    if was.rank != row.rank:
        yield f"名次 {_shown(was.rank)}→{_shown(row.rank)}"
    if was.grade != row.grade:
        yield f"等次 {was.grade or '无'}→{row.grade or '无'}"


def _shown(number: float | None) -> str:
    return "无" if number is None else f"{number:g}"
