"""A decided result is locked by its content: what is locked, and how a result differs from it (Y8)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kaohe import settings
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import Course
from kaohe.assess.grading import named
from kaohe.assess.standing import Standing
from kaohe.model import Decided, StateRow


class Lock(NamedTuple):
    """The steps of a period held against 定稿登记.

    ``rows``: what is locked now, by unit; none while the results are 初步. ``pending``: steps typed into 审定
    by hand and not locked yet. ``broken``: why the two registers contradict each other; '' when they do not.
    """

    rows: Mapping[str, Decided]
    pending: tuple[StateRow, ...]
    broken: str = ""


def lock_of(course: Course, decided: Iterable[Decided], period: str) -> Lock:
    """What is locked of the period; ``decided`` are the rows of 定稿登记, of all periods."""
    locked = _batches(row for row in decided if row.period == period)
    taken = course.taken
    for row, batch in zip(taken, locked, strict=False):
        first = batch[0]
        if (row.state, row.date) != (first.state, first.date):
            told = (
                f"《审定》的“{row.state}”({row.date})与《定稿登记》的“{first.state}”({first.date})对不上。"
                "请恢复《审定》的这一行。"
            )
            return Lock({}, (), told)
    if len(locked) > len(taken):
        first = locked[len(taken)][0]
        told = (
            f"《定稿登记》有“{first.state}”({first.date}),《审定》没有可用的这一行。"
            "请恢复该行(改过《方案》审定程序的,请改回)。"
        )
        return Lock({}, (), told)
    pending = taken[len(locked) :]
    since_reopened = course.position + 1
    held = locked[-1] if locked and len(pending) < since_reopened else ()
    return Lock({row.unit: row for row in held}, pending)


def _batches(rows: Iterable[Decided]) -> list[list[Decided]]:
    """The rows of 定稿登记 step by step."""
    found: list[list[Decided]] = []
    for row in rows:
        last = found[-1][0] if found else None
        if last is not None and (last.time, last.state) == (row.time, row.state):
            found[-1].append(row)
        else:
            found.append([row])
    return found


def rows_to_lock(assessment: Assessment, step: StateRow, time: str) -> tuple[Decided, ...]:
    """One row per unit for 定稿登记, in the order of 排名; ``time``: when it was locked."""
    contents = content_of(assessment)
    version = assessment.scores.scheme.version
    events = {row.code: row.name for row in assessment.scores.scheme.veto_events}
    sizes = Counter(row.unit.group for row in assessment.standings if row.rank is not None)
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
        )
        for row in assessment.standings
    )


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
    found = []
    for code, row in now.items():
        was = locked.get(code)
        if was is None:
            found.append(f"{row.unit.name}:定稿时没有这个单位")
        elif was.content != contents[code]:
            words = "、".join(_changes(row, was)) or "单项得分、权重、加减分或结果运用有变动"
            found.append(f"{row.unit.name}:{words}")
    gone = [f"{was.name}:定稿时有,现在没有" for code, was in locked.items() if code not in now]
    return (*found, *gone)


def _changes(row: Standing, was: Decided) -> Iterator[str]:
    if was.total is None or f"{was.total:.9g}" != f"{row.total:.9g}":
        yield f"总分 {_shown(was.total)}→{row.total:g}"
    if was.rank != row.rank:
        yield f"名次 {_shown(was.rank)}→{_shown(row.rank)}"
    if was.grade != row.grade:
        yield f"等次 {was.grade or '无'}→{row.grade or '无'}"


def _shown(number: float | None) -> str:
    return "无" if number is None else f"{number:g}"
