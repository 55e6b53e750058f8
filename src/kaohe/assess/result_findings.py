"""What is to be said about results: not scorable, behind without a reason, other than the unit reckoned."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.assess.claims import ADJUSTED, APPEALED, TOLD_BY, Claims, unreadable
from kaohe.assess.decisions import Decisions
from kaohe.assess.entries import converted
from kaohe.assess.merging import Live
from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.assess.standing import Standing
from kaohe.findings import Finding
from kaohe.model import Location, Record
from kaohe.settings import allowed
from kaohe.values.rounding import round_half_away

_MARKS = 29
"""Row of the list of methods in use: an assessor's mark between 0 and the weight (评定分)."""
_EXPLAINED = (terms.SOURCE_ENTERED, terms.SOURCE_COMPOSED, terms.SOURCE_BEST)
"""Sources whose rows of the form ask for 原因 and 措施."""


def decided_scores(scores: Scores, taken: Decisions) -> Iterable[Finding]:
    """D06 a score set by decision, beside what the formula came to; D07 a decision about nothing measured."""
    index = {unit.code: row for row, unit in enumerate(scores.units)}
    for (unit, code), decided in taken.scores.items():
        row, result = index.get(unit), scores.results.get(code)
        place = decided.location._replace(unit=unit, indicator=code)
        if row is None:
            continue  # S10 says so
        if result is None or not result.decided[row]:
            reason = "本期不考核该指标,或已认定不适用"
            facts = {"register": decided.register, "what": f"{unit} {code}", "reason": reason}
            yield Finding("D07", place, facts)
            continue
        scale = 10**scores.places
        yield Finding(
            "D06",
            place,
            {
                "name": result.indicator.name,
                "register": decided.register,
                "number": decided.text,
                "computed": f"{int(result.computed[row]) / scale:.{scores.places}f}",
                "basis": decided.basis,
            },
        )


def decided_values(scores: Scores, claims: Claims) -> Iterable[Finding]:
    """D09 a value set by 人工调整 or 申诉, beside the figure that would count without it."""
    index = {unit.code: row for row, unit in enumerate(scores.units)}
    for unit, code in claims.hands.taken.values:
        given, result = claims.of(unit, code), scores.results.get(code)
        row = index.get(unit)
        used = row is not None and result is not None and result.measured and result.applies[row]
        if result is None or not used or not given or unreadable(given[0]):
            continue
        first = given[0]
        rest = next((c for c in given if c.source in TOLD_BY and c.source not in (ADJUSTED, APPEALED)), None)
        facts = {
            "name": result.indicator.name,
            "register": first.source,
            "typed": first.typed,
            "beside": f",{TOLD_BY[rest.source]}为“{rest.typed}”" if rest else "",
            "basis": first.basis,
        }
        yield Finding("D09", first.location._replace(unit=unit), facts)


def decided_totals(ranked: Iterable[Standing], taken: Decisions) -> Iterable[Finding]:
    """D06 a total set by decision, beside what parts, bonuses and deductions come to."""
    for row in ranked:
        if decided := taken.totals.get(row.unit.code):
            facts = {
                "name": "总分",
                "register": decided.register,
                "number": decided.text,
                "computed": f"{row.computed_total:g}",
                "basis": decided.basis,
            }
            yield Finding("D06", decided.location._replace(unit=row.unit.code), facts)


def result_findings(scores: Scores, live: Live, claims: Claims) -> Iterable[Finding]:
    """V18 not scorable; V09/V10 behind without reason or measure; V11 a self-score that differs."""
    ask = allowed(scores.scheme.settings, "落后须说明")
    for row in scores.results.values():
        if not row.measured:
            continue
        for index in np.flatnonzero(_failed(row)) if row.method else ():
            yield _not_scorable(scores, row, int(index), claims)
        if ask and row.counted and row.indicator.value_source in _EXPLAINED:
            for index in np.flatnonzero((row.state == terms.BEHIND) & ~row.decided):
                yield from _unexplained(scores, row, int(index), live)
        yield from _other_self_scores(scores, row, live)
        yield from _out_of_range(scores, row)


def _failed(row: IndicatorResult) -> npt.NDArray[np.bool_]:
    """Units whose score or 达标 the formulas could not give."""
    return np.asarray((row.state == terms.NOT_SCORABLE) | (row.scored & (row.errors != "")), dtype=np.bool_)


def _not_scorable(scores: Scores, row: IndicatorResult, index: int, claims: Claims) -> Finding:
    """V18 at the cell of the figure that counts, which may be a department's."""
    unit, code = scores.units[index].code, row.indicator.code
    first = next(iter(claims.of(unit, code)), None)
    place = first.location if first else Location()
    reason = _out_of_marks(row, index) or row.errors[index] or "没有可用的计分方法"
    typed = f"(完成值“{first.typed}”)" if first and first.typed else ""
    facts = {"name": row.indicator.name, "reason": f"{reason}{typed}"}
    return Finding("V18", place._replace(unit=unit, indicator=code), facts)


def _out_of_marks(row: IndicatorResult, index: int) -> str:
    """What is wrong with a mark beyond the full marks, in words for whoever gave it."""
    actual, most = float(row.actual[index]), float(row.weight[index])
    marks = row.method is not None and row.method.method.number == _MARKS
    if not marks or np.isnan(actual) or 0 <= actual <= most:
        return ""
    return f"评分 {actual:g} 不在 0 到满分 {most:g} 之间,请打分的部门改正"


def _out_of_range(scores: Scores, row: IndicatorResult) -> Iterable[Finding]:
    """S21 once per indicator: points below 0 or beyond the weight."""
    scale = 10**scores.places
    most = np.asarray(round_half_away(row.weight, scores.places))
    points = row.points / scale
    odd = points[row.scored & ((points < 0) | (points > most))]
    if len(odd):
        facts = {
            "name": row.indicator.name,
            "count": len(odd),
            "weight": f"{row.indicator.weight:g}",
            "low": f"{odd.min():g}",
            "high": f"{odd.max():g}",
        }
        yield Finding("S21", row.indicator.location, facts)


def _record(live: Live, scores: Scores, row: IndicatorResult, index: int) -> Record | None:
    return live.get(scores.units[index].code, {}).get(row.indicator.code)


def _about(
    code: str, scores: Scores, row: IndicatorResult, index: int, record: Record | None, **facts: object
) -> Finding:
    unit = scores.units[index].code
    place = record.location if record else Location(unit=unit, indicator=row.indicator.code)
    return Finding(code, place, {"name": row.indicator.name, **facts})


def _unexplained(scores: Scores, row: IndicatorResult, index: int, live: Live) -> Iterable[Finding]:
    record = _record(live, scores, row, index)
    if record is not None and record.value is not None and record.value != row.actual[index]:
        return  # the unit reported another figure, which was not behind
    if record is None or not record.reason:
        yield _about("V09", scores, row, index, record)
    if record is None or not record.measure:
        yield _about("V10", scores, row, index, record)


def _other_self_scores(scores: Scores, row: IndicatorResult, live: Live) -> Iterable[Finding]:
    scale = 10**scores.places
    for index in np.flatnonzero(row.scored):
        record = _record(live, scores, row, int(index))
        if record is None or record.shown_score is None or converted(record):
            continue
        if record.version != scores.scheme.version or row.decided[index]:
            continue
        if row.weight[index] != row.indicator.weight:  # a ruling of the office moved it; the form cannot know
            continue
        if record.value is not None and record.value != row.actual[index]:
            continue
        computed = int(row.points[index]) / scale
        if record.shown_score != computed and round_half_away(record.shown_score - computed, 6) != 0:
            facts = {"shown": f"{record.shown_score:.15g}", "computed": f"{computed:.{scores.places}f}"}
            yield _about("V11", scores, row, int(index), record, **facts)
