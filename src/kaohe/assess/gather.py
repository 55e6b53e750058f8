"""From what came in to the values that are scored: every hand's figures read, the one that counts chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kaohe import terms
from kaohe.assess.applicable import Applicable
from kaohe.assess.claims import ADJUSTED, APPEALED, ASSESSED, VERIFIED, Claim, Claims, Hands, differences
from kaohe.assess.decisions import ADJUSTMENT, APPEAL, Decisions, Key
from kaohe.assess.entries import looks_like_ratio, missing_findings, record_findings
from kaohe.assess.inputs import Answer
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import MethodBook
from kaohe.findings import ERROR, Finding
from kaohe.model import Adjustment, Appeal, Indicator, Location, Period, Record, Scheme
from kaohe.settings import allowed

TYPED = (terms.SOURCE_ENTERED, terms.SOURCE_ASSESSED, terms.SOURCE_SURVEY, terms.SOURCE_PERIODS)
"""Sources whose value has to come from somebody; the others are made from these."""
TYPED_BY_OFFICE = (ADJUSTED, APPEALED, VERIFIED, ASSESSED)
_ASSESSED = frozenset({"V25", "V26"})
_MISSING = frozenset({"V01", "V14", "V25", "V26", "W08"})


@dataclass(frozen=True)
class Gathered:
    """Values by indicator and unit, what is to be said about them, and whose they are.

    ``decisions`` are those of the office, with 按0分 of a whole unit spelled out indicator by indicator;
    ``waiting`` the units that were given more time for something that is still missing.
    """

    values: Mapping[str, Mapping[str, Answer]]
    by_unit: Mapping[str, Mapping[str, Answer]]
    """The same by unit and indicator."""
    places: Mapping[tuple[str, str], Location]
    """Where the units' own figures stand in their returns."""
    findings: tuple[Finding, ...]
    claims: Claims
    decisions: Decisions
    waiting: Collection[str]
    settled: Collection[Key] = frozenset()
    """What no value is needed for any more (:func:`settled_keys`)."""


def gather(
    scheme: Scheme,
    period: Period,
    hands: Hands,
    methods: MethodBook,
    last: Mapping[Key, float] = MappingProxyType({}),
) -> Gathered:
    """Choose the value that counts for every unit and indicator.

    ``scheme``: the rows in force at the period's end; ``last``: the figures of the period before.
    """
    claims = Claims(scheme, methods, hands)
    reader = _Reader(scheme, period, claims, last)
    own = reader.own_returns()
    for unit, code in dict.fromkeys(hands.keys()):
        reader.settle(unit, code, own)
    missing = list(reader.missing())
    idle = dict(_idle(reader, set(missing)))
    taken = _spelled_out(_without(hands.taken, idle), missing, scheme)
    findings = [*reader.findings, *missing_findings_left(reader, taken)]
    findings += [*idle.values(), *_zero_though_filled(reader, taken)]
    waiting = {key[0] for key in missing if taken.waits(*key) and key not in taken.zero}
    turned: dict[str, dict[str, Answer]] = {}
    for unit, row in reader.values.items():
        for code, answer in row.items():
            turned.setdefault(code, {})[unit] = answer
    places = {
        (unit, code): record.location for unit, rows in hands.live.items() for code, record in rows.items()
    }
    return Gathered(turned, reader.values, places, tuple(findings), claims, taken, waiting, reader.settled)


def settled_keys(scheme: Scheme, hands: Hands) -> frozenset[Key]:
    """(unit, indicator) whose value stops nobody: a decision sets the score, or there is to be none.

    So it is for everything beneath a composite that was decided, or whose value another hand gave.
    """
    taken, rows = hands.taken, scheme.indicator_by_code
    found: set[Key] = {*taken.scores, *taken.zero, *taken.absent}
    given = dict.fromkeys(hands.keys())
    heads = {(unit, code) for unit, code in given if code in rows and rows[code].composite}
    for unit, code in found | heads:
        if code in rows:
            found |= {(unit, row.code) for row in scheme.below(rows[code])}
    return frozenset(found)


class _Reader:
    """Reads returns and registers into ``values``; remembers what has to be said."""

    def __init__(self, scheme: Scheme, period: Period, claims: Claims, last: Mapping[Key, float]) -> None:
        self.scheme = scheme
        self.period = period
        self.claims = claims
        self.last = last
        self.lookup = Lookup.of(scheme)
        self.applicable = Applicable(scheme)
        self.measured = {row.code: scheme.measured(row, period) for row in scheme.indicators}
        self.values: dict[str, dict[str, Answer]] = {}
        self.findings: list[Finding] = []
        self.blank: dict[str, dict[str, Record]] = {}
        self.settled = settled_keys(scheme, claims.hands)
        self._overruled = self.settled | set(claims.hands.keys())

    def own_returns(self) -> set[tuple[str, str]]:
        """Read what the units sent in; returns the keys with a figure of their own."""
        found = set()
        for unit, rows in self.claims.hands.live.items():
            read = self.values.setdefault(unit, {})
            who = self.scheme.unit_by_code.get(unit)
            mine = {row.code: row for row in self.applicable.of(who)} if who else {}
            for code, record in rows.items():
                indicator = mine.get(code)
                if indicator is not None and self._read(unit, record, indicator, read):
                    found.add((unit, code))
        return found

    def _read(self, unit: str, record: Record, indicator: Indicator, read: dict[str, Answer]) -> bool:
        """One record of a unit's own return; whether it gives a figure."""
        code, measured = indicator.code, self.measured[indicator.code]
        overruled = (unit, code) in self._overruled
        filled = False
        if indicator.entered:
            reading = self.claims.read(record, indicator)
            filled = reading.filled
            if filled:
                read[code] = reading.answer
            else:
                self.blank.setdefault(unit, {})[code] = record
            if measured or reading.answer is not None:
                self._say(reading.findings, overruled)
        target = self.lookup.target(code, unit)
        said = list(
            record_findings(
                record,
                indicator,
                target.value if target else None,
                measured,
                self.scheme.version,
                estimates_scored=allowed(self.scheme.settings, "预计值计分"),
                prior=target.prior if target else None,
                last=self.last.get((unit, code)),
            )
        )
        if any(finding.severity == ERROR for finding in said) and not overruled:
            read[code] = None
        self._say(said, overruled)
        return filled

    def _say(self, findings: Iterable[Finding], overruled: bool) -> None:
        """An error in a figure that another hand replaces keeps nobody from a result."""
        self.findings += [f for f in findings if not (overruled and f.severity == ERROR)]

    def settle(self, unit: str, code: str, own: Collection[tuple[str, str]]) -> None:
        """Put the value that counts in its place, where it is not the unit's own alone."""
        claims = self.claims.of(unit, code)
        if not claims:
            return
        first = claims[0]
        ratio = tuple(self._ratio(first, unit, code))
        self.values.setdefault(unit, {})[code] = None if ratio else first.answer
        if first.findings or ratio:
            idle = not self.measured[code] or not self._assessed(unit, code)
            self._say((*first.findings, *ratio), idle or (unit, code) in self.settled)
        if (unit, code) in own:
            self.findings += list(differences(claims, self.scheme.indicator_by_code[code]))

    def _ratio(self, claim: Claim, unit: str, code: str) -> Iterable[Finding]:
        """V21 a department's figure (or one decided) that slipped by 100, like a unit's own."""
        row, target = self.scheme.indicator_by_code[code], self.lookup.target(code, unit)
        value = claim.answer if isinstance(claim.answer, float) and claim.source in TYPED_BY_OFFICE else None
        aim = target.value if target else None
        if looks_like_ratio(value, claim.typed, row, aim):
            facts = {"name": row.name, "typed": claim.typed, "target": f"{aim:g}"}
            yield Finding("V21", claim.location._replace(unit=unit, indicator=code), facts)

    def _assessed(self, unit: str, code: str) -> bool:
        who = self.scheme.unit_by_code.get(unit)
        return who is not None and any(row.code == code for row in self.applicable.of(who))

    def outside(self, unit: str, code: str) -> str:
        """Why the unit is not assessed by the indicator; '' when it is, or when one is unknown (S10)."""
        if unit not in self.scheme.unit_by_code or code not in self.measured:
            return ""
        if not self.measured[code]:
            return "本期不考核该指标"
        return "" if self._assessed(unit, code) else "该单位不考核该指标"

    def missing(self) -> Iterable[tuple[str, str]]:
        """(unit, indicator) that are measured, apply, and have no value from anybody."""
        for unit in self.scheme.units:
            given = self.values.get(unit.code, {})
            for row in self.applicable.of(unit):
                owed = self.measured[row.code] and row.value_source in TYPED and row.code not in given
                owed = owed and not self.scheme.only_checked(row)
                if owed and (unit.code, row.code) not in self.settled:
                    yield unit.code, row.code


_Idle = tuple[str, Key]
"""(field of :class:`Decisions`, key) of a decision without effect."""


def _idle(reader: _Reader, missing: Collection[Key]) -> Iterator[tuple[_Idle, Finding]]:
    """D07 for every decision about a value that changes nothing, and why."""
    taken, owing = reader.claims.hands.taken, {unit for unit, _ in missing}
    for (unit, code), values in taken.values.items():
        why = reader.outside(unit, code) or ("已认定不适用" if (unit, code) in taken.absent else "")
        if why:
            yield ("values", (unit, code)), _unused(values[0], why)
    for key, row in taken.absent.items():
        if why := reader.outside(*key):
            yield ("absent", key), _unused(row, why)
    for (unit, code), row in taken.zero.items():
        why = reader.outside(unit, code) if code else "" if unit in owing else "该单位没有缺报的指标"
        if why:
            yield ("zero", (unit, code)), _unused(row, why)
    for key, row in taken.extended.items():
        why = reader.outside(*key) or ("" if key in missing else "没有缺报,或已另有决定")
        if key[1] and why:
            yield ("extended", key), _unused(row, why)


def _unused(row: Adjustment | Appeal, reason: str) -> Finding:
    register = ADJUSTMENT if isinstance(row, Adjustment) else APPEAL
    what = " ".join(filter(None, (row.unit, row.indicator, row.item)))
    place = row.location._replace(unit=row.unit, indicator=row.indicator)
    return Finding("D07", place, {"register": register, "what": what, "reason": reason})


def _without(taken: Decisions, idle: Collection[_Idle]) -> Decisions:
    """The decisions less those without effect, lest a run says that they were followed."""

    def left(name: str, rows: Mapping[Key, Adjustment]) -> dict[Key, Adjustment]:
        return {key: row for key, row in rows.items() if (name, key) not in idle}

    return replace(
        taken,
        absent=left("absent", taken.absent),
        zero=left("zero", taken.zero),
        extended=left("extended", taken.extended),
    )


def _zero_though_filled(reader: _Reader, taken: Decisions) -> Iterator[Finding]:
    """D08 an indicator that counts as 0 by decision although there is a figure."""
    for (unit, code), row in taken.zero.items():
        claim = next(iter(reader.claims.of(unit, code)), None)
        if claim is not None and claim.answer is not None and (unit, code) not in taken.scores:
            facts = {"name": reader.scheme.indicator_by_code[code].name, "typed": claim.typed}
            place = row.location._replace(unit=unit, indicator=code)
            yield Finding("D08", place, {**facts, "basis": row.basis})


def _spelled_out(taken: Decisions, missing: Iterable[Key], scheme: Scheme) -> Decisions:
    """按0分 of a whole unit as one decision per missing indicator, and per indicator that borrows one."""
    whole = {unit: row for (unit, code), row in taken.zero.items() if not code}
    if not whole:
        return taken
    borrowers: dict[str, list[str]] = {}
    for row in scheme.indicators:
        if row.value_source == terms.SOURCE_BORROWED:
            borrowers.setdefault(row.value_from, []).append(row.code)
    named = {
        (unit, each): whole[unit]
        for unit, code in missing
        if unit in whole
        for each in (code, *borrowers.get(code, ()))
    }
    return replace(taken, zero={**named, **taken.zero})


def missing_findings_left(reader: _Reader, taken: Decisions) -> Iterable[Finding]:
    """V01 of the blank cells nothing was decided about."""
    for rows in reader.blank.values():
        for finding in missing_findings(rows, reader.period, reader.scheme):
            unit, code = finding.location.unit, finding.location.indicator
            if code not in reader.values.get(unit, {}) and not _decided(taken, reader.settled, unit, code):
                yield finding


def _decided(taken: Decisions, settled: Collection[Key], unit: str, code: str) -> bool:
    """Whether something was decided about a missing value: 按0分, 延期, 不适用, or a score."""
    return (unit, code) in settled or taken.counts_as_zero(unit, code) or taken.waits(unit, code)


def without_decided(findings: Iterable[Finding], gathered: Gathered) -> list[Finding]:
    """Findings about what is missing, less those something was decided about or another hand gave."""

    def open_still(finding: Finding) -> bool:
        unit, code = finding.location.unit, finding.location.indicator
        if finding.code not in _MISSING or not unit:
            return True
        given = finding.code in _ASSESSED and code in gathered.by_unit.get(unit, {})
        return not given and not _decided(gathered.decisions, gathered.settled, unit, code)

    return [finding for finding in findings if open_still(finding)]
