"""A year's results as rows of 历史: what rules over years, and next year's comparison, read (Y12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.outcome_figures import Figure, figures_of
from kaohe.assess.outcome_years import YEARLY
from kaohe.model import Unit
from kaohe.tables import Row, Scalar

Values = dict[str, Scalar]


def results_of_year(assessment: Assessment, before: Sequence[Row]) -> tuple[Values, ...]:
    """Rows to be put behind ``before``: every ranked total, and the indicators a rule over years looks at.

    An indicator that 历史 has already goes on. A result that stands in it for the year stays as it is.
    """
    year = assessment.scores.period.year
    there = {(row.text("year"), row.text("unit"), row.text("indicator")) for row in before}
    scheme = assessment.scores.scheme
    watched = {code for rule in scheme.outcome_rules if rule.condition in YEARLY for code in rule.indicators}
    watched |= {indicator for _, _, indicator in there if indicator}
    wanted = [row.code for row in scheme.indicators if row.code in watched]
    new = [*_totals(assessment, year), *_figures(assessment, year, wanted)]
    return tuple(
        row for row in new if (str(year), str(row["unit"]), str(row.get("indicator", ""))) not in there
    )


def _totals(assessment: Assessment, year: int) -> Iterable[Values]:
    groups: dict[tuple[str, str], list[float]] = {}
    ranked = [row for row in assessment.standings if row.rank is not None]
    for row in ranked:
        groups.setdefault((row.unit.unit_class, row.unit.group), []).append(row.total)
    sizes = {
        group: sum(row.unit.group == group for row in ranked) for group in {r.unit.group for r in ranked}
    }
    for row in ranked:
        totals = groups[row.unit.unit_class, row.unit.group]
        yield {
            **_who(row.unit, year),
            "score": row.total,
            "rank": float(row.rank or 0),
            "of": float(sizes[row.unit.group]),
            "mean": _mean(totals),
        }


def _figures(assessment: Assessment, year: int, codes: Sequence[str]) -> Iterable[Values]:
    figures = figures_of(assessment.scores)
    units = {unit.code: unit for unit in assessment.scores.units}
    for code in codes:
        mine = figures.get(code, {})
        groups: dict[tuple[str, str], list[float]] = {}
        for unit, figure in mine.items():
            if figure.value is not None:
                groups.setdefault((units[unit].unit_class, units[unit].group), []).append(figure.value)
        for unit, figure in mine.items():
            if figure.value is None and figure.score is None:
                continue
            known = groups.get((units[unit].unit_class, units[unit].group), [])
            yield {
                **_who(units[unit], year),
                "indicator": code,
                "value": figure.value,
                "score": figure.score,
                "mean": _mean(known),
                "target": figure.target,
                "met": _met(figure),
            }


def _who(unit: Unit, year: int) -> Values:
    return {
        "year": float(year),
        "unit": unit.code,
        "name": unit.name,
        "unit_class": unit.unit_class or None,
        "group": unit.group or None,
    }


def _met(figure: Figure) -> Scalar:
    return None if figure.met is None else (terms.YES if figure.met else terms.NO)


def _mean(values: Sequence[float]) -> float | None:
    return float(f"{sum(values) / len(values):.15g}") if values else None
