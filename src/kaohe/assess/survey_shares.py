"""票种: how much each voter group and each round of a survey counts, and what is wrong with the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.survey_votes import level_points
from kaohe.findings import Finding
from kaohe.model import Indicator, Location, Scheme, VoterGroup
from kaohe.settings import DEFAULTS

SETTING = "满意度分值"


class Shares(NamedTuple):
    """What 票种 says about an indicator, by name; empty where it says nothing."""

    voters: Mapping[str, VoterGroup]
    rounds: Mapping[str, VoterGroup]


def shares_of(scheme: Scheme, indicator: str) -> Shares:
    """The rows of an indicator; of a kind (票种, 轮次) without rows of its own those of ``*``."""
    found = []
    for kind in (terms.VOTERS, terms.ROUNDS):
        rows = [row for row in scheme.voters if row.kind == kind]
        mine = [row for row in rows if row.indicator == indicator]
        shared = [row for row in rows if row.indicator == terms.EVERYONE]
        found.append({row.name: row for row in reversed(mine or shared)})
    return Shares(*({name: rows[name] for name in reversed(rows)} for rows in found))


def surveyed(scheme: Scheme) -> tuple[Indicator, ...]:
    """Indicators whose value is a survey's, in the scheme's order."""
    return tuple(
        row
        for row in scheme.indicators
        if row.value_source == terms.SOURCE_SURVEY and scheme.indicator_by_code[row.code] is row
    )


def points_of_levels(scheme: Scheme) -> tuple[float, ...]:
    """Marks of the four levels; the default's where the setting cannot be read (S31)."""
    for text in (str(scheme.settings[SETTING]), str(DEFAULTS[SETTING])):
        marks = level_points(text)
        if not isinstance(marks, str):
            return marks
    raise ValueError("the default of 满意度分值 cannot be read")


def exact_sum(shares: Iterable[float]) -> Decimal:
    """The sum of ratios as they are written: .15+.15+.2+.1+.15+.25 is 1, though their doubles add to less."""
    return sum((Decimal(repr(float(share))) for share in shares), Decimal(0))


def check_survey(scheme: Scheme) -> Iterable[Finding]:
    """S31 marks of the levels; S32, S33, S38 rows of 票种."""
    reason = level_points(str(scheme.settings[SETTING]))
    if isinstance(reason, str):
        place = scheme.setting_locations.get(SETTING, Location(sheet="方案"))
        yield Finding("S31", place, {"typed": scheme.settings[SETTING], "reason": reason})
    yield from _sums(scheme)
    yield from _duplicates(scheme)
    codes = {row.code for row in surveyed(scheme)}
    for row in scheme.voters:
        if row.indicator in scheme.indicator_by_code and row.indicator not in codes:
            yield Finding("S38", row.location, {"code": row.indicator})


def _sums(scheme: Scheme) -> Iterable[Finding]:
    groups: dict[tuple[str, str], list[VoterGroup]] = {}
    for row in scheme.voters:
        groups.setdefault((row.indicator, row.kind), []).append(row)
    for (code, kind), rows in groups.items():
        unique = {row.name: row.share for row in reversed(rows)}
        found = exact_sum(unique.values())
        if found != 1:
            what = "《票种》中所有指标" if code == terms.EVERYONE else f"《票种》中指标“{code}”"
            yield Finding(
                "S32", rows[0].location, {"what": what, "kind": kind, "found": f"{found.normalize():f}"}
            )


def _duplicates(scheme: Scheme) -> Iterable[Finding]:
    first: dict[tuple[str, str, str], VoterGroup] = {}
    for row in scheme.voters:
        other = first.setdefault((row.indicator, row.kind, row.name), row)
        if other is not row:
            facts = {
                "code": row.indicator,
                "kind": row.kind,
                "name": row.name,
                "other": other.location.cell,
            }
            yield Finding("S33", row.location, facts)
