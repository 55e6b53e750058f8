"""What one form holds: the indicators, methods and parameters its rows are made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.inputs import parameter_default, parameter_names
from kaohe.assess.lookup import Lookup
from kaohe.assess.pace import elapsed_share
from kaohe.model import Indicator, Period, Scheme, Unit
from kaohe.rules.method import GRADES
from kaohe.rules.methods import CompiledMethod
from kaohe.sheets.formulas import number_literal, uses_group


@dataclass(frozen=True)
class Form:
    """What one template of the form holds: the indicators of a unit (or of one department of it)."""

    scheme: Scheme
    period: Period
    indicators: tuple[Indicator, ...]
    department: str
    deadline: dt.date
    methods: Mapping[str, CompiledMethod]
    lookup: Lookup
    parameters_of: Unit
    """The unit whose parameters stand in the formulas; units with other parameters get another template."""

    def measured(self, indicator: Indicator) -> bool:
        """Whether the indicator is scored in the form's period."""
        return self.scheme.measured(indicator, self.period)

    def counted(self, indicator: Indicator) -> bool:
        """Whether its points belong to the total: measured, no component, in no 加分 or 扣分 part."""
        scored = self.scheme.kind_of(indicator) == terms.PART_SCORED
        return scored and self.measured(indicator) and not self.scheme.is_component(indicator)

    def self_scored(self, indicator: Indicator) -> bool:
        """Whether the form itself can come to a score: a typed value and a rule that compares no units.

        A composite when all of its components can.
        """
        return self_scored(self.scheme, self.methods, indicator)

    def words(self, indicator: Indicator) -> tuple[str, ...]:
        """The words to choose from where the value is one; () for numbers."""
        return offered_words(self.methods.get(indicator.method))

    def share(self, indicator: Indicator) -> float | None:
        """Elapsed share of the indicator's target."""
        return elapsed_share(indicator, self.period, lambda name: self.lookup.parameter(indicator.code, name))

    def literals(self, indicator: Indicator, method: CompiledMethod) -> dict[str, str]:
        """Parameters as numbers in the formula."""
        found = {}
        for name in parameter_names(method):
            value = self.lookup.parameter(indicator.code, name, self.parameters_of)
            value = parameter_default(method, name) if value is None else value
            found[name] = number_literal(value) if value is not None else '""'
        return found


def self_scored(scheme: Scheme, methods: Mapping[str, CompiledMethod], indicator: Indicator) -> bool:
    """:meth:`Form.self_scored` for a scheme resolved by ``Scheme.at``."""
    method = methods.get(indicator.method)
    if method is None or uses_group(method) or not (indicator.entered or indicator.composite):
        return False
    if not indicator.composite:
        return True
    below = tuple(scheme.below(indicator))
    return bool(below) and all(row.composite or self_scored(scheme, methods, row) for row in below)


def offered_words(method: CompiledMethod | None) -> tuple[str, ...]:
    """The words a method takes as a value; () when it takes numbers."""
    if method is None or method.method.accepts == "number":
        return ()
    return GRADES if method.method.accepts == "grade" else (terms.YES, terms.NO)
