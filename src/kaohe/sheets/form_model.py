"""What one form holds: the indicators, methods and parameters its rows are made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kaohe.assess.inputs import parameter_default, parameter_names
from kaohe.assess.lookup import Lookup
from kaohe.assess.pace import elapsed_share
from kaohe.model import Indicator, Period, Scheme, Unit
from kaohe.rules.methods import CompiledMethod
from kaohe.sheets.formulas import (
    number_literal,
)


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
