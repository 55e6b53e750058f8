"""Checks of a scheme: a finding for everything that would make a score wrong or impossible.

``CHECKS`` names them; each is a function from a :class:`Context` to findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kaohe.assess.check_codes import (
    duplicate_codes,
    duplicate_names,
    kinds_of_parts,
    known_parents,
    overlapping_versions,
    persons_apart,
    tie_break_parts,
)
from kaohe.assess.check_context import Context
from kaohe.assess.check_relations import levels_of_targets, relations, shares_of_periods, survey_tables
from kaohe.assess.check_targets import targets_as_shares
from kaohe.assess.check_values import (
    declared_counts,
    known_methods,
    sources,
    targets_and_parameters,
    useful_parameters,
)
from kaohe.assess.check_weights import composites, part_weights, weight_total
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import method_book
from kaohe.assess.veto_checks import check_grading
from kaohe.findings import Finding
from kaohe.model import Period, Scheme


def check_scheme(whole: Scheme, period: Period) -> tuple[Finding, ...]:
    """All findings about the scheme as it stands at the end of ``period``."""
    scheme = whole.at(period.end)
    context = Context(whole, scheme, period, method_book(scheme), Lookup.of(scheme))
    return (*context.methods.findings, *(finding for check in CHECKS for finding in check(context)))


def grading(context: Context) -> Iterable[Finding]:
    """Rows of 等次, 否决事项 and 结果规则; a code may be one of any version."""
    return check_grading(context.whole)


CHECKS: tuple[Callable[[Context], Iterable[Finding]], ...] = (
    duplicate_codes,
    duplicate_names,
    persons_apart,
    overlapping_versions,
    known_parents,
    kinds_of_parts,
    tie_break_parts,
    weight_total,
    part_weights,
    composites,
    declared_counts,
    known_methods,
    sources,
    targets_and_parameters,
    targets_as_shares,
    useful_parameters,
    levels_of_targets,
    survey_tables,
    shares_of_periods,
    relations,
    grading,
)
