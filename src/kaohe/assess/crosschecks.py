"""勾稽: relations between figures of one unit, and figures claimed twice (XT9, XN6, XN7, GN6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from kaohe import terms
from kaohe.assess.crosscheck_rules import (
    ACTUAL,
    DOUBLE_CLAIM,
    PRIOR,
    TARGET,
    WEIGHT,
    Compiled,
    Side,
    check_crosschecks,
    compile_checks,
)
from kaohe.assess.inputs import Answer, Floats
from kaohe.assess.lookup import Lookup
from kaohe.findings import Finding
from kaohe.model import Indicator, Location, Scheme, Unit
from kaohe.rules import ERROR, Column, Rule, parse

Figures = Mapping[str, Mapping[str, Answer]]
"""Unit → indicator → value as understood."""
Locations = Mapping[tuple[str, str], Location]
"""(unit, indicator) → the cell its value was typed in."""

_RELATION_NAMES = ("左", "右", "容差")
_HOLDS: Mapping[str, Rule] = {
    relation: parse(text, _RELATION_NAMES)
    for relation, text in (
        ("=", "OR(左=右,ROUND(ABS(左-右)-容差,9)<=0)"),
        ("≥", "OR(左>=右,ROUND(左-右+容差,9)>=0)"),
        ("≤", "OR(左<=右,ROUND(左-右-容差,9)<=0)"),
        (DOUBLE_CLAIM, "OR(AND(左=0,右=0),AND(左<>右,OR(容差=0,ROUND(ABS(左-右)-容差,9)>0)))"),
    )
}
"""The relations in the rule language: compared as a spreadsheet does, on 15 digits; ROUND takes away what
doubles leave of 11-11.05+0.05."""
_DOUBLE_DIGITS = 4
"""Numbers with fewer significant digits meet by chance."""
_TYPED = (terms.SOURCE_ENTERED, terms.SOURCE_ASSESSED)


def crosscheck_findings(
    scheme: Scheme, values: Figures, lookup: Lookup, locations: Locations | None = None
) -> tuple[Finding, ...]:
    """V38 relations of 勾稽 that do not hold, V39 double claims, in a scheme ``Scheme.at`` has resolved.

    A relation is left alone for a unit that lacks one of its figures: what is missing is a finding of its
    own. A relation between targets alone is said once where many units share the target.
    """
    places = locations or {}
    compiled = compile_checks(scheme)
    found = [finding for check in compiled for finding in _of_check(scheme, check, values, lookup, places)]
    return (*found, *_double_claims(scheme, compiled, values, places))


def _of_check(
    scheme: Scheme, compiled: Compiled, values: Figures, lookup: Lookup, places: Locations
) -> Iterable[Finding]:
    """One cross-check over all units that have its figures."""
    if not compiled.codes <= set(scheme.indicator_by_code):
        return
    columns, units = _columns(scheme, compiled, values, lookup)
    if not units:
        return
    check = compiled.check
    left, right = (_evaluate(side, columns, len(units)) for side in (compiled.left, compiled.right))
    holds = _HOLDS[check.relation].evaluate({"左": left, "右": right, "容差": check.tolerance})
    seen: set[tuple[Location, str, str]] = set()
    for row in np.flatnonzero(~(holds.is_bool & (holds.number != 0))).tolist():
        place = _place(scheme, compiled, units[row], lookup, places)
        found, expected = _shown(left, row), _shown(right, row)
        key = (place._replace(unit=""), found, expected)
        if key in seen and place.cell:
            continue
        seen.add(key)
        facts = {
            "code": check.code,
            "left": check.left,
            "found": found,
            "relation": check.relation,
            "right": check.right,
            "expected": expected,
            "clause": _clause(compiled),
        }
        yield Finding("V38", place, facts)


def _columns(
    scheme: Scheme, compiled: Compiled, values: Figures, lookup: Lookup
) -> tuple[dict[tuple[str, str], Floats], list[Unit]]:
    """Every figure of the units in the check's scope that have all of them."""
    units = [unit for unit in scheme.units if _in_scope(compiled, unit)]
    figures = {
        key: np.array([_figure(scheme, *key, unit, values, lookup) for unit in units], dtype=np.float64)
        for key in compiled.figures
    }
    complete = np.ones(len(units), dtype=np.bool_)
    for figure in figures.values():
        complete &= np.isfinite(figure)
    rows = np.flatnonzero(complete)
    return {key: figure[rows] for key, figure in figures.items()}, [units[row] for row in rows.tolist()]


def _in_scope(compiled: Compiled, unit: Unit) -> bool:
    scope = compiled.check.scope
    return not scope or not {unit.code, unit.unit_class, unit.group, unit.kind}.isdisjoint(scope)


def _figure(scheme: Scheme, figure: str, code: str, unit: Unit, values: Figures, lookup: Lookup) -> float:
    """A number, NaN where there is none."""
    found: Answer = None
    if figure == ACTUAL:
        found = values.get(unit.code, {}).get(code)
    elif figure == WEIGHT:
        found = scheme.indicator_by_code[code].weight
    elif (target := lookup.target(code, unit.code)) is not None:
        found = target.value if figure == TARGET else target.prior
    return float(found) if isinstance(found, int | float) else np.nan


def _evaluate(side: Side, columns: Mapping[tuple[str, str], Floats], n: int) -> Column:
    inputs = {name: columns[key] for name, key in side.figures.items() if name in side.rule.names}
    result = side.rule.evaluate(inputs)
    return result if len(result) == n else result.take(np.zeros(n, np.intp))


def _shown(column: Column, row: int) -> str:
    """A number as a cell shows it; what an error is called."""
    if column.kind[row] == ERROR:
        return column.error_texts()[row]
    return f"{float(column.number[row]):.15g}"


def _place(scheme: Scheme, compiled: Compiled, unit: Unit, lookup: Lookup, places: Locations) -> Location:
    """The cell of the first figure that somebody typed: a value before a target."""
    figures = compiled.figures
    for figure, code in figures:
        if figure == ACTUAL:
            return _cell(places, unit, code)
    for figure, code in figures:
        target = lookup.target(code, unit.code)
        if figure in (TARGET, PRIOR) and target is not None:
            return target.location._replace(unit=unit.code, indicator=code)
    return compiled.check.location._replace(unit=unit.code)


def _cell(places: Locations, unit: Unit, code: str) -> Location:
    return places.get((unit.code, code), Location())._replace(unit=unit.code, indicator=code)


def _clause(compiled: Compiled) -> str:
    check = compiled.check
    said = [f"容差 {check.tolerance:.15g}"] if check.tolerance else []
    said += [check.clause] if check.clause else []
    return f"({','.join(said)})" if said else ""


def _double_claims(
    scheme: Scheme, compiled: Sequence[Compiled], values: Figures, places: Locations
) -> Iterable[Finding]:
    """V39 one number of one unit, typed under a scored indicator and under a bonus (GN6).

    A number needs four significant digits and the same 计量单位; a pair that 勾稽 speaks of is left to it.
    """
    related = [check.codes for check in compiled]
    scored, bonuses = _kinds(scheme)
    for unit in scheme.units:
        mine = values.get(unit.code, {})
        claimed: dict[tuple[float, str], list[Indicator]] = {}
        for indicator in scored:
            number = mine.get(indicator.code)
            if isinstance(number, float) and _digits(number) >= _DOUBLE_DIGITS:
                claimed.setdefault((abs(number), indicator.unit_of_measure), []).append(indicator)
        for bonus in bonuses:
            number = mine.get(bonus.code)
            key = (abs(number) if isinstance(number, float) else np.nan, bonus.unit_of_measure)
            for other in claimed.get(key, ()):
                if not any({bonus.code, other.code} <= codes for codes in related):
                    place = _cell(places, unit, bonus.code)
                    facts = {"name": bonus.name, "other": other.name, "value": f"{number:.15g}"}
                    yield Finding("V39", place, facts)


def _kinds(scheme: Scheme) -> tuple[list[Indicator], list[Indicator]]:
    """Indicators with a typed number: in 计分 parts, and in 加分 parts."""
    typed = [row for row in scheme.indicators if row.value_source in _TYPED]
    scored = [row for row in typed if scheme.kind_of(row) == terms.PART_SCORED]
    return scored, [row for row in typed if scheme.kind_of(row) == terms.PART_BONUS]


def _digits(number: float) -> int:
    """Significant digits; the zeros at the end of a whole number are not."""
    mantissa = f"{abs(number):.14e}".partition("e")[0]
    return len(mantissa.replace(".", "").rstrip("0"))


__all__ = ["check_crosschecks", "crosscheck_findings"]
