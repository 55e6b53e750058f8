"""考评部门: what each of them assesses, of whom, and what the rows of its 考评打分表 are worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kaohe import terms
from kaohe.assess.applicable import Applicable
from kaohe.assess.entries import as_record, typed_text
from kaohe.findings import Finding
from kaohe.model import Indicator, Location, Period, Record, Return, ReturnedRow, Scheme, Unit


@dataclass(frozen=True)
class Assessing:
    """One department: its indicators in the scheme's order, each with the units (or persons) it assesses.

    An indicator with 取值 考评 has its value from the department; one that units fill in is checked by it.
    """

    department: str
    units: Mapping[str, tuple[Unit, ...]]
    """Indicator code → whom it is assessed of."""
    indicators: tuple[Indicator, ...]

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """(unit, indicator) of every cell."""
        return frozenset((unit.code, code) for code, units in self.units.items() for unit in units)

    @property
    def owed(self) -> tuple[Indicator, ...]:
        """The indicators nobody else gives a value to."""
        return tuple(row for row in self.indicators if row.value_source == terms.SOURCE_ASSESSED)


def assessing(scheme: Scheme, period: Period) -> Mapping[str, Assessing]:
    """Department → what it assesses in the period; ``scheme``: the rows in force at its end."""
    applicable = Applicable(scheme)
    found: dict[str, dict[str, tuple[Unit, ...]]] = {}
    for row in scheme.indicators:
        by_department = row.entered or row.value_source == terms.SOURCE_ASSESSED
        if not (row.assessor and by_department and scheme.measured(row, period)):
            continue
        units = applicable.units_of(row)
        if units:
            found.setdefault(row.assessor, {})[row.code] = units
    by_code = scheme.indicator_by_code
    return {
        name: Assessing(name, units, tuple(by_code[code] for code in units)) for name, units in found.items()
    }


def shown_name(indicator: Indicator, unit: Unit) -> str:
    """An indicator of one unit, as findings about a 考评打分表 call it."""
    return f"{indicator.name}({unit.name})"


def assessed_records(returned: Return, task: Assessing | None, scheme: Scheme) -> tuple[Record, ...]:
    """The cells of a 考评打分表 as rows of 填报数据; what the department does not assess is left out."""
    return tuple(
        as_record(row, scheme.indicator_by_code[row.indicator], returned)._replace(
            unit=row.unit, evidence=row.evidence, source=terms.SOURCE_ASSESSED
        )
        for row in returned.rows
        if task is not None and (row.unit, row.indicator) in task.pairs
    )


def assessed_findings(returned: Return, task: Assessing | None, scheme: Scheme) -> Iterable[Finding]:
    """V27–V29 what in a 考评打分表 cannot be taken: unknown units, other people's indicators, other units.

    A strange unit or indicator is told once, at the first of its cells.
    """
    told: set[str] = set()
    for row in returned.rows:
        place = Location(returned.workbook, returned.sheet, row.cell, row.unit, row.indicator)
        if task is None or row.indicator not in task.units:
            if row.indicator not in told:
                told.add(row.indicator)
                yield Finding("V28", place._replace(unit=""), _strange(row, returned, scheme))
        elif row.unit not in scheme.unit_by_code:
            if row.unit not in told:
                told.add(row.unit)
                yield Finding("V27", place._replace(unit=""), {"typed": row.unit})
        elif (row.unit, row.indicator) not in task.pairs and typed_text(row):
            facts = {
                "name": scheme.indicator_by_code[row.indicator].name,
                "unit": scheme.unit_by_code[row.unit].name,
                "typed": typed_text(row),
            }
            yield Finding("V29", place, facts)


def _strange(row: ReturnedRow, returned: Return, scheme: Scheme) -> Mapping[str, object]:
    indicator = scheme.indicator_by_code.get(row.indicator)
    department = returned.identity.department
    why = "不在方案中" if indicator is None else f"《{indicator.name}》本期不由{department}考评"
    return {"typed": row.indicator, "why": why}
