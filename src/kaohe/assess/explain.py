"""How a published score came about: the value, who gave it, the target, the formula with its numbers put in.

Every line says where what it tells stands. The last number of an explanation is the score itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.claims import MIXED, OWN, SURVEYED, Claim
from kaohe.assess.inputs import Input
from kaohe.assess.scoring import IndicatorResult, inputs_of
from kaohe.model import Indicator, Location, Target, Unit
from kaohe.rules.column import BOOL, NUMBER, TEXT, Column
from kaohe.rules.errors import FormulaError
from kaohe.rules.methods import CompiledMethod
from kaohe.rules.rule import Rule, rewrite

_WORDS = {OWN: "单位自报", SURVEYED: "测评计票", MIXED: "各期加权"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation. ``number`` is what it comes to, in the unit ``text`` speaks of."""

    label: str
    text: str
    number: float | None = None
    place: Location = Location()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a unit has this score for an indicator; ``score`` in points, None when there is none.

    ``formula`` is the rule with its numbers put in: it comes to ``raw``, which rounded to ``places`` is
    ``computed``; a decision may have put ``score`` in its place.
    """

    unit: Unit
    indicator: Indicator
    score: float | None
    weight: float
    state: str
    formula: str
    raw: float | None
    computed: float | None
    places: int
    steps: tuple[Step, ...]


def explain_indicator(assessment: Assessment, unit: Unit, indicator: Indicator) -> Explanation:
    """The whole way to one score. The unit and the indicator are of the assessed scheme."""
    return _Teller(assessment, unit).indicator(indicator)


class _Teller:
    """Tells the scores of one unit."""

    def __init__(self, assessment: Assessment, unit: Unit) -> None:
        self.assessment = assessment
        self.scores = assessment.scores
        self.unit = unit
        self.at = next(n for n, row in enumerate(self.scores.units) if row.code == unit.code)

    def indicator(self, indicator: Indicator) -> Explanation:
        result = self.scores.results[indicator.code]
        at, scale = self.at, 10**self.scores.places
        formula = self._formula(result, result.method.score) if result.method and result.measured else ""
        scored, raw = bool(result.scored[at]), float(result.raw[at])
        steps = [
            *self._value(indicator, result),
            *self._target(indicator, result),
            *self._weight(indicator, result),
            *self._rule(indicator, result, formula),
            *self._decision(indicator, result),
        ]
        return Explanation(
            unit=self.unit,
            indicator=indicator,
            score=int(result.points[at]) / scale if scored else None,
            weight=float(result.weight[at]),
            state=str(result.state[at]),
            formula=formula,
            raw=None if np.isnan(raw) else raw,
            computed=None if np.isnan(raw) else int(result.computed[at]) / scale,
            places=self.scores.places,
            steps=tuple(steps),
        )

    def _value(self, indicator: Indicator, result: IndicatorResult) -> Iterator[Step]:
        """完成值: the one that counts, then everything else that was given."""
        claims = self.assessment.claims.of(self.unit.code, indicator.code)
        for number, claim in enumerate(claims):
            yield _claimed(indicator, claim, counts=number == 0)
        if not claims:
            yield from self._made(indicator, result)
        for line in self.assessment.made.surveys.lines_of(self.unit.code, indicator.code):
            mean = "没有有效票" if line.mean is None else f"{line.mean:.15g}"
            share = f"占 {line.share:.15g}" + (
                f",本轮占 {line.round_share:.15g}" if line.round_share != 1 else ""
            )
            text = f"{line.round} {line.voters}:{mean} 分({line.how}),{share}"
            yield Step("测评", text, line.mean, line.location)
        mix = self.assessment.made.mixes.get(indicator.code)
        for term in mix.terms.get(self.unit.code, ()) if mix else ():
            yield Step("各期", f"{term.period}:{term.value:.15g},占 {term.share:.15g}", term.value)

    def _made(self, indicator: Indicator, result: IndicatorResult) -> Iterator[Step]:
        """A value made from other rows of the unit, or none at all."""
        number = _finite(result.actual[self.at])
        if indicator.value_source == terms.SOURCE_BORROWED:
            source = self.scores.scheme.indicator_by_code.get(indicator.value_from)
            name = f"《{source.name}》" if source else indicator.value_from
            yield Step("完成值", f"{_measured(number, indicator)},引自{name}", number)
        elif indicator.composite:
            way = "取分项得分最高的一项" if indicator.value_source == terms.SOURCE_BEST else "分项得分之和"
            yield Step("完成值", f"{_shown(number)},{way}", number)
            for part in self.scores.scheme.components.get(indicator.code, ()):
                below = self.scores.results[part.code]
                if below.applies[self.at]:
                    score = int(below.points[self.at]) / 10**self.scores.places
                    text = f"{part.code}《{part.name}》{score:g} 分(满分 {below.weight[self.at]:g})"
                    yield Step("分项", text, score)
        else:
            yield Step("完成值", "没有人填报")

    def _target(self, indicator: Indicator, result: IndicatorResult) -> Iterator[Step]:
        """目标: the one that binds, the other level's, the prior value and what is due."""
        unit_of = indicator.unit_of_measure
        adopted = self.scores.lookup.target(indicator.code, self.unit.code)
        for target in self.scores.lookup.targets_of(indicator.code, self.unit.code):
            yield _targeted(target, unit_of, target == adopted)
        if (prior := _finite(result.prior[self.at])) is not None:
            yield Step("上年值", f"{prior:.15g}{unit_of}", prior)
        share = _finite(result.share)
        if share is not None and result.method and "序时" in result.method.uses:
            until = f"(数据截至{indicator.cutoff_month}月)" if indicator.cutoff_month else ""
            due = _finite(result.due[self.at])
            yield Step(
                "序时",
                f"{indicator.pace}{until},应达 {share * 100:.4g}%,即 {_shown(due)}{unit_of}",
                share,
            )

    def _weight(self, indicator: Indicator, result: IndicatorResult) -> Iterator[Step]:
        """权重, and why it is not the declared one."""
        weight = float(result.weight[self.at])
        words = [f"{weight:g} 分"]
        if indicator.base_weight is not None:
            factor = float(self.scores.scheme.settings["省级权重倍数"])
            words.append(f"原 {indicator.base_weight:g} 分 × 省级目标倍数 {factor:g}")
        if weight != indicator.weight:
            words.append(f"方案为 {indicator.weight:g} 分,同级有不适用的指标,按比例折算")
        yield Step("权重", ";".join(words), weight, indicator.location)

    def _rule(self, indicator: Indicator, result: IndicatorResult, formula: str) -> Iterator[Step]:
        """计分: the rule as the office reads it, then with its numbers."""
        method = result.method
        if not result.measured:
            yield Step("计分", "本期不考核")
            return
        if method is None:
            yield Step("计分", f"没有计分方法“{indicator.method}”")
            return
        source = f"(来源:{method.method.source})" if method.method.source else ""
        yield Step("计分方法", f"{method.method.name}{source}:{method.method.note}")
        yield Step("公式", method.method.score)
        if method.compares and formula:
            yield from self._compared(result, method)
        raw = _finite(result.raw[self.at])
        if formula and raw is not None:
            yield Step("代入", f"{formula} = {raw:.15g}", raw)
            computed = int(result.computed[self.at]) / 10**self.scores.places
            text = f"四舍五入保留 {self.scores.places} 位小数:{computed:.{self.scores.places}f} 分"
            yield Step("舍入", text, computed)
            yield from self._met(result, method)
        elif result.errors[self.at]:
            yield Step("代入", f"不能计分:{result.errors[self.at]}")
        if indicator.clause:
            yield Step("条款", indicator.clause, place=indicator.location)

    def _compared(self, result: IndicatorResult, method: CompiledMethod) -> Iterator[Step]:
        """What the unit is compared with."""
        values = inputs_of(self.scores, result, method)
        names = [name for name in ("度量值", *sorted(method.uses)) if name.startswith(("组", "度"))]
        shown = [f"{name} {_literal(values[name], self.at)}" for name in names if name in values]
        yield Step("组内比较", ";".join(dict.fromkeys(shown)))

    def _met(self, result: IndicatorResult, method: CompiledMethod) -> Iterator[Step]:
        """达标: the condition with its numbers; nothing where the rule is a bare yes or no."""
        condition = self._formula(result, method.met)
        if condition and method.met.names:
            state = str(result.state[self.at])
            yield Step("达标", f"{condition}:{state}")

    def _formula(self, result: IndicatorResult, rule: Rule) -> str:
        """The rule with this unit's numbers in the place of names; '' when something is missing."""
        assert result.method is not None
        values = inputs_of(self.scores, result, result.method)
        try:
            return rewrite(rule, {name: _literal(values[name], self.at) for name in rule.names})
        except FormulaError:
            return ""

    def _decision(self, indicator: Indicator, result: IndicatorResult) -> Iterator[Step]:
        """决定: what the office put in the place of the formula's score, or ruled."""
        taken, key = self.assessment.decisions, (self.unit.code, indicator.code)
        score = int(result.points[self.at]) / 10**self.scores.places
        if decided := taken.scores.get(key):
            who = " ".join(filter(None, (decided.person, decided.date)))
            text = f"{decided.register}:得分定为 {decided.number:g} 分({who},依据:{decided.basis})"
            yield Step("决定", text, score, decided.location)
        for register, rows in (("按0分", taken.zero), ("不适用", taken.absent), ("延期", taken.extended)):
            row = rows.get(key) or (rows.get((self.unit.code, "")) if register == "延期" else None)
            if row is not None:
                who = " ".join(filter(None, (row.person, row.date)))
                number = score if result.scored[self.at] else None
                yield Step("决定", f"{register}({who},依据:{row.basis})", number, row.location)


def _claimed(indicator: Indicator, claim: Claim, counts: bool) -> Step:
    label = "完成值" if counts else "未采用"
    source = _WORDS.get(claim.source, claim.source)
    number = claim.answer if isinstance(claim.answer, float) else None
    understood = ""
    if number is not None and claim.typed != f"{number:.15g}":
        understood = f",识别为 {number:.15g}"
    who = " ".join(filter(None, (claim.who, claim.date)))
    basis = f",依据:{claim.basis}" if claim.basis else ""
    told = f"({who}{basis})" if who or basis else ""
    text = (
        f"{claim.typed}{indicator.unit_of_measure if number is not None else ''}{understood},{source}{told}"
    )
    return Step(label, text, number, claim.location)


def _targeted(target: Target, unit_of: str, adopted: bool) -> Step:
    label = "目标值" if adopted else "另一级目标"
    level = f",{target.level}级" if target.level else ""
    basis = f",依据:{target.basis}" if target.basis else ""
    whole = ",各单位相同" if target.unit == terms.EVERYONE else ""
    value = "没有目标值" if target.value is None else f"{target.value:.15g}{unit_of}"
    return Step(label, f"{value}{level}{whole}{basis}", target.value, target.location)


def _finite(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _measured(value: float | None, indicator: Indicator) -> str:
    return "没有" if value is None else f"{value:.15g}{indicator.unit_of_measure}"


def _shown(value: float | None) -> str:
    return "没有" if value is None else f"{value:.15g}"


def _literal(value: Input, at: int) -> str:
    """One unit's input as it is written into a formula."""
    if isinstance(value, Column):
        row = at if len(value) > 1 else 0
        kind, number = int(value.kind[row]), float(value.number[row])
        if kind == NUMBER:
            return _number(number)
        if kind == TEXT and value.text is not None:
            return '"' + str(value.text[row]).replace('"', '""') + '"'
        return ("TRUE" if number else "FALSE") if kind == BOOL else '""'
    if isinstance(value, np.ndarray):
        return _number(float(value[at if len(value) > 1 else 0]))
    return _number(float(value))


def _number(value: float) -> str:
    """As a formula holds it: fifteen digits, a share of twelve months as it is said (5/12)."""
    if np.isnan(value):
        return '""'
    months = Fraction(value).limit_denominator(12)
    if 0 < value < 1 and f"{value:.12g}" != f"{value:.15g}" and float(months) == value:
        return f"{months.numerator}/{months.denominator}"
    return f"{value:.15g}"


def explain_all(assessment: Assessment, unit: Unit) -> Sequence[Explanation]:
    """Every indicator the unit is assessed by in the period, components beneath their composite."""
    scheme, teller = assessment.scores.scheme, _Teller(assessment, unit)
    found: list[Explanation] = []
    for row in scheme.indicators:
        if scheme.is_component(row) or row.code not in assessment.scores.results:
            continue
        for each in (row, *scheme.below(row)):
            result = assessment.scores.results[each.code]
            if result.measured and result.applies[teller.at]:
                found.append(teller.indicator(each))
    return found
