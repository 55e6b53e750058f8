"""What an assessed demo says of single figures: values by unit, cross-checks, bonuses, points."""

from __future__ import annotations

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.bonuses import BonusPart, bonuses
from kaohe.assess.crosschecks import crosscheck_findings
from kaohe.assess.inputs import Answer
from kaohe.assess.scoring import IndicatorResult
from kaohe.findings import Finding
from kaohe.model import Location


def row(found: Assessment, unit: str, indicator: str) -> tuple[IndicatorResult, int]:
    """An indicator's results, and the unit's place in them."""
    codes = [one.code for one in found.scores.units]
    return found.scores.results[indicator], codes.index(unit)


def value(found: Assessment, unit: str, indicator: str) -> Answer:
    """The value that counts, as understood."""
    result, at = row(found, unit, indicator)
    answer: Answer = result.answers[at]
    return answer


def points(found: Assessment, unit: str, indicator: str) -> float:
    """The score of one indicator (分)."""
    result, at = row(found, unit, indicator)
    return float(result.points[at]) / 10.0**found.scores.places


def figures(found: Assessment) -> dict[str, dict[str, Answer]]:
    """Unit → indicator → value as understood, of everything that applies and was filled in."""
    return {
        unit.code: {
            code: result.answers[at]
            for code, result in found.scores.results.items()
            if result.applies[at] and result.answers[at] != terms.BLANK
        }
        for at, unit in enumerate(found.scores.units)
    }


def crosschecked(found: Assessment) -> list[Finding]:
    """Relations of 勾稽 that do not hold, each with its unit and indicator as place."""
    values = figures(found)
    places = {(u, i): Location(unit=u, indicator=i, cell="K1") for u in values for i in values[u]}
    return list(crosscheck_findings(found.scores.scheme, values, found.scores.lookup, places))


def counted(found: Assessment) -> dict[tuple[str, str], BonusPart]:
    """(unit, part) → what counts on top of the total or off it."""
    scheme = found.scores.scheme
    scored = {
        (unit.code, code): points(found, unit.code, code)
        for code, result in found.scores.results.items()
        for at, unit in enumerate(found.scores.units)
        if result.scored[at] and scheme.kind_of(result.indicator) != terms.PART_SCORED
    }
    of_units = bonuses(scheme, found.ledger.bonuses, scored).parts
    return {(unit, part.code): part for unit, parts in of_units.items() for part in parts}
