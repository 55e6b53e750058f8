"""Whose value counts: everything anybody gave for an indicator of a unit, in the order of precedence.

人工调整, then a decided 申诉, then a department's 核定 (register before 考评打分表), then a survey, then what
the unit itself returned. All are kept; where two differ it is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.decisions import Decisions
from kaohe.assess.entries import Reading, read_record
from kaohe.assess.inputs import Answer
from kaohe.assess.merging import Live
from kaohe.assess.methods import MethodBook
from kaohe.findings import ERROR, Finding
from kaohe.model import Adjustment, Appeal, Indicator, Location, Record, Scheme, Verdict

ADJUSTED, APPEALED, VERIFIED, ASSESSED, SURVEYED, OWN = "人工调整", "申诉", "核定", "考评", "测评", "自测"
MIXED = "各期"
SOURCES = (ADJUSTED, APPEALED, VERIFIED, ASSESSED, SURVEYED, MIXED, OWN)
"""In order of precedence."""
TOLD_BY = {
    ADJUSTED: "人工调整",
    APPEALED: "申诉",
    VERIFIED: "核定",
    ASSESSED: "考评部门",
    OWN: "单位自报",
}
"""Sources somebody answers for, as findings call them."""


class Claim(NamedTuple):
    """One value somebody gave: as typed and as understood, by whom, when, on what basis, and where it stands.

    ``answer`` None is something that cannot be scored; ``findings`` say why.
    """

    source: str
    answer: Answer
    typed: str
    who: str = ""
    date: str = ""
    basis: str = ""
    location: Location = Location()
    findings: tuple[Finding, ...] = ()


class Computed(NamedTuple):
    """A value that comes out of a survey or of several periods, before decisions."""

    source: str
    number: float
    text: str
    location: Location = Location()


@dataclass(frozen=True)
class Hands:
    """All the places a value may come from, in one period."""

    live: Live
    assessed: Live
    verdicts: Mapping[tuple[str, str], tuple[Verdict, ...]]
    """The one that counts first."""
    taken: Decisions
    computed: Mapping[tuple[str, str], Computed]

    def keys(self) -> Iterator[tuple[str, str]]:
        """(unit, indicator) of every value that does not come from the unit alone."""
        yield from {
            **dict.fromkeys(self.taken.values),
            **dict.fromkeys(self.verdicts),
            **{(unit, code): None for unit, rows in self.assessed.items() for code in rows},
            **dict.fromkeys(self.computed),
        }


def verdicts_by_key(rows: Iterable[Verdict], period: str) -> Mapping[tuple[str, str], tuple[Verdict, ...]]:
    """核定 of the period: the province's before the city's (XT6), a later row before an earlier one."""
    found: dict[tuple[str, str], list[Verdict]] = {}
    for row in rows:
        if row.period == period:
            found.setdefault((row.unit, row.indicator), []).insert(0, row)
    return {
        key: tuple(sorted(given, key=lambda row: row.level != terms.LEVEL_PROVINCE))
        for key, given in found.items()
    }


class Claims:
    """The claims of every unit and indicator; made when asked for, because most have just one."""

    def __init__(self, scheme: Scheme, methods: MethodBook, hands: Hands) -> None:
        self._scheme = scheme
        self._methods = methods
        self.hands = hands

    def of(self, unit: str, code: str) -> tuple[Claim, ...]:
        """What was given for the indicator, the claim that counts first; () when nobody gave anything."""
        indicator = self._scheme.indicator_by_code.get(code)
        if indicator is None:
            return ()
        return tuple(self._all(unit, indicator))

    def read(self, record: Record, indicator: Indicator) -> Reading:
        """What a record means for scoring."""
        method = self._methods.methods.get(indicator.method)
        return read_record(record, indicator, method, self._scheme.settings)

    def _all(self, unit: str, indicator: Indicator) -> Iterator[Claim]:
        key = (unit, indicator.code)
        for row in self.hands.taken.values.get(key, ()):
            yield self._decided(row, indicator)
        for verdict in self.hands.verdicts.get(key, ()):
            yield self._verified(verdict, indicator)
        assessed = self.hands.assessed.get(unit, {}).get(indicator.code)
        if assessed is not None and (claim := self._recorded(assessed, indicator, ASSESSED)):
            yield claim
        if made := self.hands.computed.get(key):
            yield Claim(made.source, made.number, made.text, location=made.location)
        own = self.hands.live.get(unit, {}).get(indicator.code)
        if own is not None and indicator.entered and (claim := self._recorded(own, indicator, OWN)):
            yield claim

    def _recorded(self, record: Record, indicator: Indicator, source: str) -> Claim | None:
        reading = self.read(record, indicator)
        if not reading.filled:
            return None
        return Claim(
            source,
            reading.answer,
            record.typed,
            who=record.department,
            date=record.received,
            location=record.location,
            findings=reading.findings,
        )

    def _decided(self, row: Adjustment | Appeal, indicator: Indicator) -> Claim:
        register, date = (ADJUSTED, row.date) if isinstance(row, Adjustment) else (APPEALED, row.answered)
        return self._typed(register, row.value, row, indicator)._replace(
            who=row.person, date=date, basis=row.basis
        )

    def _verified(self, row: Verdict, indicator: Indicator) -> Claim:
        who = " ".join(filter(None, (row.level, row.department, row.person)))
        return self._typed(VERIFIED, row.value, row, indicator)._replace(
            who=who, date=row.date, basis=row.basis
        )

    def _typed(
        self, source: str, text: str, row: Adjustment | Appeal | Verdict, indicator: Indicator
    ) -> Claim:
        """A value typed into a register, understood as one typed into a form."""
        place = row.location._replace(unit=row.unit, indicator=indicator.code)
        record = Record(
            period=row.period,
            unit=row.unit,
            indicator=indicator.code,
            department="",
            version="",
            number="",
            typed=text,
            value=None,
            workbook=place.workbook,
            sheet=place.sheet,
            cell=place.cell,
        )
        reading = self.read(record, indicator)
        return Claim(source, reading.answer, text, location=place, findings=reading.findings)


def differences(claims: Sequence[Claim], indicator: Indicator) -> Iterator[Finding]:
    """V23 a department's figure counts, and the unit's own is another; once it is decided, D09 says so."""
    told = [claim for claim in claims if claim.source in TOLD_BY]
    own = next((claim for claim in told if claim.source == OWN), None)
    if own is None or told[0].source in (ADJUSTED, APPEALED) or own.answer == told[0].answer:
        return
    kept = told[0]
    facts = {
        "name": indicator.name,
        "kept_by": TOLD_BY[kept.source],
        "kept": kept.typed,
        "other_by": TOLD_BY[OWN],
        "other": own.typed,
    }
    yield Finding("V23", kept.location._replace(unit=own.location.unit), facts)


def unreadable(claim: Claim) -> bool:
    """Whether the claim says something that cannot be scored."""
    return claim.answer is None and any(finding.severity == ERROR for finding in claim.findings)
