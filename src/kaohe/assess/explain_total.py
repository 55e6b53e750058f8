"""How a unit's total, rank and grade came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.bonuses import BonusItem, BonusPart
from kaohe.assess.explain import Explanation, Step
from kaohe.assess.standing import Standing, tie_breakers
from kaohe.assess.ties import parted
from kaohe.model import Indicator, Part, Unit


@dataclass(frozen=True, slots=True)
class TotalExplanation:
    """Why a unit has this total (分), rank and grade."""

    unit: Unit
    standing: Standing
    steps: tuple[Step, ...]


def explain_total(assessment: Assessment, unit: Unit) -> TotalExplanation:
    """From the parts to the total, the rank and the grade. The unit is of the assessed scheme."""
    standing = next(row for row in assessment.standings if row.unit.code == unit.code)
    steps = [
        *_parts(assessment, standing),
        *_beside(assessment, standing),
        *_total(assessment, standing),
        *_rank(assessment, standing),
        *_grade(assessment, standing),
    ]
    return TotalExplanation(unit, standing, tuple(steps))


def explain_bonus(assessment: Assessment, unit: Unit, indicator: Indicator) -> Explanation | None:
    """What rows of 加减分 gave a unit under an item it is not scored by; None when there are none."""
    for part in assessment.beside.bonuses.parts.get(unit.code, ()):
        for item in _items(part):
            if item.code == indicator.code:
                steps = (*_item(part.kind, item), Step("计入", f"计 {item.counted:g} 分", item.counted))
                return Explanation(
                    unit=unit,
                    indicator=indicator,
                    score=item.counted,
                    weight=indicator.weight,
                    state=part.kind,
                    formula="",
                    raw=None,
                    computed=None,
                    places=assessment.scores.places,
                    steps=steps,
                )
    return None


def _items(part: BonusPart) -> Iterator[BonusItem]:
    yield from part.items
    for below in part.parts:
        yield from _items(below)


def _parts(assessment: Assessment, standing: Standing) -> Iterator[Step]:
    scheme = assessment.scores.scheme
    places = settings.places(scheme.settings, "部分")
    for code, points in standing.parts.items():
        part = scheme.part_by_code.get(code)
        name = f"《{part.name}》" if part else "(未分部分)"
        summed = "+".join(_scores_in(assessment, standing, part)) or "0"
        yield Step("部分", f"{name}{summed} = {points:.{places}f} 分", points)


def _scores_in(assessment: Assessment, standing: Standing, part: Part | None) -> Iterator[str]:
    """The scores a part is the sum of, as they stand in 得分明细."""
    scores = assessment.scores
    at = next(n for n, row in enumerate(scores.units) if row.code == standing.unit.code)
    for row in scores.counted:
        if row.applies[at] and scores.scheme.top_part_of(row.indicator) == part:
            yield f"{int(row.points[at]) / 10**scores.places:g}"


def _beside(assessment: Assessment, standing: Standing) -> Iterator[Step]:
    for part in assessment.beside.bonuses.parts.get(standing.unit.code, ()):
        yield from _bonus(part)
    late = assessment.beside.late.get(standing.unit.code)
    if late and late.days:
        yield Step("迟报", late.words, -late.points)


def _bonus(part: BonusPart) -> Iterator[Step]:
    sign = -1.0 if part.kind == terms.PART_DEDUCTION else 1.0
    for item in part.items:
        yield from _item(part.kind, item)
    for below in part.parts:
        yield from _bonus(below)
    cap = f",上限 {part.cap:g} 分" if part.cap is not None else ""
    text = f"《{part.name}》合计 {part.summed:g} 分{cap},计 {part.counted:g} 分"
    yield Step(part.kind, text, sign * part.counted)


def _item(kind: str, item: BonusItem) -> Iterator[Step]:
    """Every row under an item, and what its cap left."""
    sign = -1.0 if kind == terms.PART_DEDUCTION else 1.0
    for line in item.lines:
        words = ",".join(filter(None, (line.reason, line.source, line.person, line.date)))
        basis = f",依据:{line.basis}" if line.basis else ""
        text = f"{item.name}:{line.points:g} 分({words}{basis})"
        yield Step(kind, text, sign * line.points, line.location)
    if item.cut:
        yield Step(kind, f"{item.name}最多 {item.cap:g} 分,计 {item.counted:g} 分")


def _total(assessment: Assessment, standing: Standing) -> Iterator[Step]:
    places = settings.places(assessment.scores.scheme.settings, "总分")
    terms_of = ["+".join(f"{points:g}" for points in standing.parts.values()) or "0"]
    terms_of += [f"+{standing.bonus:g}"] if standing.bonus else []
    terms_of += [f"-{standing.deduction:g}"] if standing.deduction else []
    terms_of += [f"-{standing.late:g}"] if standing.late else []
    text = f"{''.join(terms_of)} = {standing.computed_total:.{places}f} 分"
    yield Step("总分", text, standing.computed_total)
    decided = assessment.decisions.totals.get(standing.unit.code)
    if decided:
        who = " ".join(filter(None, (decided.person, decided.date)))
        told = f"{decided.register}:总分定为 {decided.number:g} 分({who},依据:{decided.basis})"
        yield Step("决定", told, standing.total, decided.location)
    rate = f"考核权重 {standing.measured_weight:g} 分,得分率 {standing.rate:.4f}%"
    yield Step("得分率", rate, standing.rate)


def _rank(assessment: Assessment, standing: Standing) -> Iterator[Step]:
    scheme = assessment.scores.scheme
    group = standing.unit.group or "全部单位"
    if standing.rank is None:
        reasons = "有未解决的错误或缺的数" if standing.state == terms.PROVISIONAL else "本期没有考核的指标"
        yield Step("名次", f"{group}内不排名:{reasons}")
        return
    ranked = [s for s in assessment.standings if s.unit.group == standing.unit.group and s.rank]
    breakers = "、".join(scheme.part_by_code[code].name for code in tie_breakers(scheme))
    way = f"按{scheme.settings['排名依据']}({scheme.settings['排名取数']})"
    way += f",相同的依次比{breakers}" if breakers else ""
    tied = ",并列" if standing.tied else ""
    text = f"{group}内 {len(ranked)} 个中第 {standing.rank}{tied};{way}"
    yield Step("名次", text, float(standing.rank))
    for found in parted(scheme, assessment.standings).get(standing.unit.code, ()):
        yield Step("名次", found.words())


def _grade(assessment: Assessment, standing: Standing) -> Iterator[Step]:
    mine = assessment.gradings.by_unit.get(standing.unit.code)
    if mine is None or not (mine.grade or mine.vetoes):
        return
    rules = ";".join(
        f"{level.name}"
        + (f" 名额 {level.quota}" if level.quota is not None else "")
        + (f" 不低于 {level.least:g} 分" if level.least is not None else "")
        for level in mine.levels
    )
    told = f"({rules})" if rules else ""
    yield Step("等次", f"按规则为{mine.first_grade}{told}" if mine.first_grade else "本方案没有给出等次")
    for veto in mine.vetoes:
        event = next((e for e in assessment.scores.scheme.veto_events if e.code == veto.event), None)
        name = event.name if event else veto.event
        consequence = event.consequence if event else "后果未声明"
        text = f"{name}:{consequence}({veto.person} {veto.date},依据:{veto.basis})"
        yield Step("否决", text, place=veto.location)
    if mine.grade != mine.first_grade:
        yield Step("等次", f"最后为{mine.grade};{';'.join(mine.notes)}")
    if mine.place is not None and mine.place != standing.rank:
        yield Step("定等次序", f"组内第 {mine.place}", float(mine.place))
