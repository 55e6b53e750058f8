"""Checks of the tables that relate figures: 票种, 勾稽, 目标 of several levels, shares of 各期."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.assess import lookup, periods_mix, survey_shares
from kaohe.assess.check_context import Context
from kaohe.assess.crosschecks import check_crosschecks
from kaohe.findings import Finding


def survey_tables(context: Context) -> Iterable[Finding]:
    """S31 满意度分值; S32, S33, S38 rows of 票种 (WXJ3, XN2)."""
    return survey_shares.check_survey(context.scheme)


def relations(context: Context) -> Iterable[Finding]:
    """S34, S35 rows of 勾稽 that cannot be read; a code may be one of any version."""
    return check_crosschecks(context.whole)


def levels_of_targets(context: Context) -> Iterable[Finding]:
    """S30 targets of several levels, one of which says no level (XT1)."""
    return lookup.check_levels(context.scheme)


def shares_of_periods(context: Context) -> Iterable[Finding]:
    """S32, S45 shares of 各期 (scoring-methods 26)."""
    return periods_mix.check_mix(context.scheme)
