"""总览: one page for the leaders; figures of the whole period, for use inside only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import State
from kaohe.assess.standing import Standing, points_lost
from kaohe.documents import stage
from kaohe.documents.results import EVERYBODY, assessed
from kaohe.documents.words import figure, office, period_words, scheme_name
from kaohe.findings import ERROR, QUERY
from kaohe.values.rounding import round_half_away

BARS = 24
"""More units than this are not told apart as bars: the groups are shown instead."""
COLUMNS = 12
"""More names than this do not fit below columns."""
LOSSES = 10
Rows = tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True)
class Overview:
    """Cards, and the small tables the four charts are drawn from: a head, then rows (name, numbers …)."""

    title: str
    mark: str
    cards: tuple[tuple[str, str], ...]
    ranking_title: str
    ranking: Rows
    grades_title: str
    grades: Rows
    parts: Rows
    losses: Rows
    office: str
    declared: str


def overview(assessment: Assessment, state: State) -> Overview:
    """Everything on the page."""
    scheme = assessment.scores.scheme
    rows = assessed(assessment)
    groups = _groups(rows)
    by_unit, few = len(rows) <= BARS, len(rows) <= COLUMNS
    graded = any(row.grade for row in rows)
    return Overview(
        title=f"{period_words(assessment.scores.period)}{scheme_name(scheme)}结果总览",
        mark=f"内部资料  {stage.mark(state)}",
        cards=_cards(assessment, rows),
        ranking_title="总分" if by_unit else "各组最高、平均、最低分",
        ranking=_by_unit(rows) if by_unit else _by_group(assessment, groups),
        grades_title="各组等次" if graded else "达到序时的指标（个）" if few else "达到序时的指标（%）",
        grades=_grades(assessment, groups) if graded else _met(rows) if few else _on_schedule(groups),
        parts=_parts(assessment, groups),
        losses=_losses(assessment),
        office=office(scheme),
        declared=stage.declared(scheme),
    )


def _groups(rows: Sequence[Standing]) -> dict[str, list[Standing]]:
    found: dict[str, list[Standing]] = {}
    for row in rows:
        found.setdefault(row.unit.group or EVERYBODY, []).append(row)
    return found


def _mean(values: Sequence[float], places: int) -> float:
    return float(round_half_away(sum(values) / len(values), places)) if values else 0.0


def _cards(assessment: Assessment, rows: Sequence[Standing]) -> tuple[tuple[str, str], ...]:
    places = settings.places(assessment.scores.scheme.settings, "总分")
    totals = [row.total for row in rows if row.state == terms.VALID]
    open_ones = sum(row.state == terms.PROVISIONAL for row in rows)
    counted = [sum(f.severity == kind for f in assessment.findings) for kind in (ERROR, QUERY)]
    span = f"{figure(max(totals), places)} / {figure(min(totals), places)}" if totals else "—"
    return (
        ("考核对象", str(len(rows))),
        ("考核组", str(len(_groups(rows)))),
        ("平均分", figure(_mean(totals, places), places) if totals else "—"),
        ("最高 / 最低", span),
        ("暂定", str(open_ones)),
        ("错误 / 存疑", f"{counted[0]} / {counted[1]}"),
    )


def _by_unit(rows: Sequence[Standing]) -> Rows:
    """Everybody in the order of the results: by group, in a group by place."""
    return (("单位", "总分"), *((row.unit.name, row.total) for row in rows))


def _by_group(assessment: Assessment, groups: dict[str, list[Standing]]) -> Rows:
    places = settings.places(assessment.scores.scheme.settings, "总分")
    found: list[tuple[str | float, ...]] = [("考核组", "最高", "平均", "最低")]
    for name, rows in groups.items():
        totals = [row.total for row in rows]
        found.append((name, max(totals), _mean(totals, places), min(totals)))
    return tuple(found)


def _grades(assessment: Assessment, groups: dict[str, list[Standing]]) -> Rows:
    """How many of each grade in each group."""
    declared = dict.fromkeys(grade.name for grade in assessment.scores.scheme.grades)
    given = dict.fromkeys(row.grade for rows in groups.values() for row in rows if row.grade)
    grades = [grade for grade in (*declared, *given) if grade in given]
    grades = list(dict.fromkeys(grades))
    counts: Iterable[tuple[str | float, ...]] = (
        (name, *(sum(row.grade == grade for row in rows) for grade in grades))
        for name, rows in groups.items()
    )
    head: tuple[str | float, ...] = ("考核组", *grades)
    return (head, *counts)


def _met(rows: Sequence[Standing]) -> Rows:
    """How many indicators each unit has on schedule and behind."""
    counts = ((row.unit.name, row.on_schedule, row.behind) for row in rows)
    return (("单位", terms.ON_SCHEDULE, terms.BEHIND), *counts)


def _on_schedule(groups: dict[str, list[Standing]]) -> Rows:
    found: list[tuple[str | float, ...]] = [("考核组", "达到序时的指标%")]
    for name, rows in groups.items():
        measured = sum(row.measured_indicators for row in rows)
        met = sum(row.on_schedule for row in rows)
        found.append((name, _mean([met / measured * 100], 1) if measured else 0.0))
    return tuple(found)


def _parts(assessment: Assessment, groups: dict[str, list[Standing]]) -> Rows:
    """Mean rate (percent of full marks) of every part by group; blank where a group is not assessed in it."""
    scores = assessment.scores
    scheme, scale = scores.scheme, 10**scores.places
    at = {unit.code: number for number, unit in enumerate(scores.units)}
    members = {name: np.array([at[row.unit.code] for row in rows]) for name, rows in groups.items()}
    reached: dict[str, dict[str, float]] = {}
    full: dict[str, dict[str, float]] = {}
    for row in scores.counted:
        part = scheme.top_part_of(row.indicator)
        if part is None:
            continue
        for name, where in members.items():
            held = row.applies[where] & row.scored[where]
            more = float(row.points[where][held].sum()) / scale
            reached.setdefault(part.code, {})[name] = reached.get(part.code, {}).get(name, 0.0) + more
            worth = float(row.weight[where][held].sum())
            full.setdefault(part.code, {})[name] = full.get(part.code, {}).get(name, 0.0) + worth
    lines: Iterable[tuple[str | float, ...]] = (
        (
            part.name,
            *(_rate(reached[part.code].get(name, 0.0), full[part.code].get(name, 0.0)) for name in members),
        )
        for part in scheme.parts
        if part.code in reached
    )
    head: tuple[str | float, ...] = ("部分", *members)
    return (head, *lines)


def _rate(reached: float, full: float) -> float | str:
    return float(round_half_away(reached / full * 100, 1)) if full else ""


def _losses(assessment: Assessment) -> Rows:
    """The indicators most points were lost by, on the mean of those assessed."""
    return (("指标", "平均失分"), *list(_mean_losses(assessment))[:LOSSES])


def _mean_losses(assessment: Assessment) -> Iterable[tuple[str, float]]:
    scores = assessment.scores
    found = []
    for row in scores.counted:
        held = row.applies & row.scored
        if held.any():
            lost = float(points_lost(row, scores.places)[held].sum()) / 10**scores.places / int(held.sum())
            mean = float(round_half_away(lost, 2))
            if mean > 0:
                found.append((row.indicator.name, mean))
    return sorted(found, key=lambda pair: -pair[1])
