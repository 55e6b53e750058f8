"""反馈单: what one unit is told about its own result, in figures (Y10, WXJ6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import State
from kaohe.assess.history import read_history
from kaohe.assess.standing import Standing, points_lost
from kaohe.assess.ties import parted
from kaohe.documents import stage
from kaohe.documents.forms import until_words
from kaohe.documents.gains import aims, gains
from kaohe.documents.results import EVERYBODY, assessed, has_grades, order_words, rank_words
from kaohe.documents.shown import shown
from kaohe.documents.words import figure, names, office, period_words, scheme_name
from kaohe.model import Decided
from kaohe.periods import is_period, parse_period
from kaohe.values.rounding import round_half_away

SUGGESTED = 5
"""How many indicators the sentence about what would gain most names."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PartLine:
    """A part: full marks, own score and the group's mean in points; rates in percent."""

    name: str
    weight: float
    score: float
    mean: float

    @property
    def rate(self) -> float:
        """Own score as a share of full marks, percent."""
        return _percent(self.score, self.weight)

    @property
    def mean_rate(self) -> float:
        """The group's mean as a share of full marks, percent."""
        return _percent(self.mean, self.weight)


@dataclass(frozen=True)
class LossLine:
    """An indicator points were lost by; ``gain``: points (分) estimated at the target, None without one."""

    name: str
    unit_of_measure: str
    target: float | None
    actual: float | str | None
    weight: float
    score: float
    lost: float
    mean: float | None
    gain: float | None


@dataclass(frozen=True)
class Feedback:
    """Everything on the sheet. Scores in points (分)."""

    title: str
    unit: str
    group: str
    mark: str
    cards: tuple[tuple[str, str], ...]
    parts: tuple[PartLine, ...]
    losses: tuple[LossLine, ...]
    suggestion: str
    beside: tuple[tuple[str, str, float], ...]
    """(性质, 事由, 分数) of the unit's own bonuses and deductions."""
    notes: tuple[str, ...]
    until: str
    office: str
    declared: str
    places: int


def _percent(score: float, weight: float) -> float:
    return float(round_half_away(score / weight * 100, 1)) if weight else 0.0


class Feedbacks:
    """The 反馈单 of a period; what all of them need is reckoned once."""

    def __init__(self, assessment: Assessment, state: State, decided: Sequence[Decided] = ()) -> None:
        self._assessment = assessment
        self._state = state
        self._scores = assessment.scores
        self._gains = gains(self._scores)
        self._aims = {row.indicator.code: aims(self._scores, row) for row in self._scores.counted}
        self._at = {unit.code: at for at, unit in enumerate(self._scores.units)}
        self._means = self._mean_scores()
        self._parted = parted(self._scores.scheme, assessment.standings)
        self._rows = assessed(assessment)
        scheme, ledger = self._scores.scheme, assessment.ledger
        self._history = read_history(scheme, ledger.history, ledger.successions)[0]
        self._before = self._decided_before(decided)

    def of(self, standing: Standing) -> Feedback:
        """The sheet of one unit or person."""
        scheme = self._scores.scheme
        unit = standing.unit
        losses = tuple(sorted(self._losses(unit.code), key=lambda line: -line.lost))
        return Feedback(
            title=f"{period_words(self._scores.period)}{scheme_name(scheme)}结果反馈单",
            unit=unit.name,
            group=unit.group or EVERYBODY,
            mark=stage.mark(self._state),
            cards=self._cards(standing),
            parts=tuple(self._parts(standing)),
            losses=losses,
            suggestion=_suggestion(losses),
            beside=tuple(self._beside(standing)),
            notes=self._notes(standing),
            until=until_words(self._assessment, self._state),
            office=office(scheme),
            declared=stage.declared(scheme),
            places=self._scores.places,
        )

    def _peers(self, standing: Standing) -> list[Standing]:
        """Those of the group whose results hold."""
        return [
            row for row in self._rows if row.unit.group == standing.unit.group and row.state == terms.VALID
        ]

    def _cards(self, standing: Standing) -> tuple[tuple[str, str], ...]:
        places = settings.places(self._scores.scheme.settings, "总分")
        peers = self._peers(standing)
        mean = _mean([row.total for row in peers], places)
        of = f" / {len(peers)}" if standing.rank is not None else ""
        found = [
            ("总分", figure(standing.total, places)),
            ("组内名次", f"{rank_words(standing)}{of}"),
            ("组平均分", figure(mean, places) or "—"),
            ("上期名次", self._last(standing)),
        ]
        if self._scores.scheme.grades:
            found.insert(2, ("等次", standing.grade or "—"))
        return tuple(found)

    def _last(self, standing: Standing) -> str:
        """The rank in the last period that was decided, else last year's in 历史."""
        code, year = standing.unit.code, self._scores.period.year - 1
        if code in self._before:
            row = self._before[code]
            return f"{row.rank} / {row.of}（{row.period}）"
        found = [past for past in self._history.of(code, year) if past.result.rank is not None]
        if not found:
            return "—"
        past = found[0].result
        of = f" / {figure(past.of)}" if past.of is not None else ""
        return f"{figure(past.rank)}{of}（{year}）"

    def _decided_before(self, decided: Sequence[Decided]) -> Mapping[str, Decided]:
        """Unit code → its result in the period before this one, as it was locked last."""
        now = self._scores.period.end
        known = {code: parse_period(code).end for code in {row.period for row in decided} if is_period(code)}
        before = {code: end for code, end in known.items() if end < now}
        if not before:
            return {}
        last = max(before, key=lambda code: before[code])
        return {row.unit: row for row in decided if row.period == last and row.rank is not None}

    def _parts(self, standing: Standing) -> Iterable[PartLine]:
        """The scored parts of the first level, with what they are worth to this unit in this period."""
        scheme, at = self._scores.scheme, self._at[standing.unit.code]
        places = settings.places(scheme.settings, "部分")
        worth: dict[str, float] = {}
        for row in self._scores.counted:
            part = scheme.top_part_of(row.indicator)
            if part is not None and row.applies[at]:
                worth[part.code] = worth.get(part.code, 0.0) + float(row.weight[at])
        for part in scheme.parts:
            if part.code in worth and part.code in standing.parts:
                peers = [row.parts[part.code] for row in self._peers(standing) if part.code in row.parts]
                mean = _mean(peers, places)
                weight = float(f"{worth[part.code]:.12g}")
                yield PartLine(part.name, weight, standing.parts[part.code], 0.0 if mean is None else mean)

    def _mean_scores(self) -> Mapping[tuple[str, str], float]:
        """(indicator, group) → mean score of those of the group who have one."""
        found: dict[tuple[str, str], float] = {}
        groups = np.array([unit.group for unit in self._scores.units], dtype=object)
        scale = 10**self._scores.places
        for row in self._scores.counted:
            held = row.applies & row.scored
            for group in dict.fromkeys(groups[held].tolist()):
                points = row.points[held & (groups == group)]
                mean = round_half_away(points.sum() / scale / len(points), self._scores.places)
                found[row.indicator.code, group] = float(mean)
        return found

    def _losses(self, code: str) -> Iterable[LossLine]:
        at, scale = self._at[code], 10**self._scores.places
        group = self._scores.units[at].group
        for row in self._scores.counted:
            lost = int(points_lost(row, self._scores.places)[at]) / scale
            if not row.applies[at] or not row.scored[at] or lost <= 0:
                continue
            yield LossLine(
                name=row.indicator.name,
                unit_of_measure=row.indicator.unit_of_measure,
                target=_known(self._aims[row.indicator.code][at]),
                actual=_actual(row.actual[at], row.answers[at]),
                weight=float(f"{float(row.weight[at]):.12g}"),
                score=int(row.points[at]) / scale,
                lost=lost,
                mean=self._means.get((row.indicator.code, group)),
                gain=_known(self._gains[row.indicator.code][at]),
            )

    def _beside(self, standing: Standing) -> Iterable[tuple[str, str, float]]:
        """The unit's own bonuses and deductions, those that count."""
        for part in self._assessment.beside.bonuses.parts.get(standing.unit.code, ()):
            for item in part.all_items:
                reasons = names(dict.fromkeys(line.reason for line in item.lines if line.reason))
                sign = -1 if part.kind == terms.PART_DEDUCTION else 1
                words = (item.name if item.name != part.kind else "", reasons)
                yield part.kind, "：".join(filter(None, words)) or item.name, sign * item.counted
            if part.cut > 0:
                yield part.kind, f"超过上限{figure(part.cap)}分的部分不计", 0.0
        late = self._assessment.beside.late.get(standing.unit.code)
        if late is not None and late.points:
            yield "迟报扣分", late.words, -late.points

    def _notes(self, standing: Standing) -> tuple[str, ...]:
        """Vetoes, decisions and what a reader of the result has to know."""
        scheme = self._scores.scheme
        events = {event.code: event.name for event in scheme.veto_events}
        vetoes = [
            f"一票否决：{events.get(veto.event, veto.event)}（{veto.basis}）" for veto in standing.vetoes
        ]
        if standing.first_grade and standing.first_grade != standing.grade:
            vetoes.append(f"等次由{standing.first_grade}调整为{standing.grade}")
        open_to_all = shown(scheme, has_grades(self._assessment)).score
        told = self._parted.get(standing.unit.code, ())
        ties = [one.words() if open_to_all else one.closed_words() for one in told]
        ties = [text.replace(",", "，") for text in ties]
        if order := order_words(standing):
            ties.append(f"名次是得分的名次；因一票否决、人工调整，定等次时的次序（定等次序）为第{order}")
        return (*ties, *vetoes, *(note.rstrip("。") for note in standing.notes))


def _mean(values: Sequence[float], places: int) -> float | None:
    return float(round_half_away(sum(values) / len(values), places)) if values else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(round_half_away(value, 4))


def _actual(number: float, answer: object) -> float | str | None:
    if not np.isnan(number):
        return float(round_half_away(number, 4))
    known = (terms.BLANK, terms.WAITING, terms.NOT_READ)
    return answer if isinstance(answer, str) and answer not in known else None


def _suggestion(losses: Sequence[LossLine]) -> str:
    """What would gain most, largest first."""
    useful = [(line.gain, line) for line in losses if line.gain]
    useful.sort(key=lambda pair: -pair[0])
    if not useful:
        return "没有可按目标估算的提分空间。"
    listed = names(f"{line.name}（约{figure(gain)}分）" for gain, line in useful[:SUGGESTED])
    told = f"达到目标可提分最多的是：{listed}。"
    return f"{told}“达标可增”按本期计分公式估算，假定其他指标和其他单位的数不变，不是承诺。"
