"""`kaohe check`: what is wrong with returned workbooks, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.entries import as_record, missing, read_record
from kaohe.assess.judging import meant, period_of
from kaohe.assess.placing import identified
from kaohe.findings import Finding, ordered
from kaohe.jobs.common import Clock, JobError, Progress, now, silent
from kaohe.jobs.consolidate import as_registered, assess_returns
from kaohe.jobs.give_back import Batch, GivenBack, give_back, refuse_inside
from kaohe.jobs.inbox import find_files, other_file_findings, read_returns, time_findings
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.master import Master, open_master
from kaohe.model import Indicator, Location, Record, Return, ReturnedRow
from kaohe.periods import is_period
from kaohe.rules.method import GRADES, NO, YES

_WORDS = frozenset((*YES, *NO, *GRADES))
"""Values of methods that take a word; which method a row has is not known without a master."""
_NOT_OWED = (terms.OUTSIDE_PERIOD, terms.NOT_ENTERED)


@dataclass(frozen=True)
class Checked:
    """The files looked at, what was found in them, and the 退回单 that were written (None: not asked for)."""

    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    given_back: GivenBack | None = None


def check(
    places: Sequence[Path],
    *,
    master_path: Path | None = None,
    return_to: Path | None = None,
    jobs: int = 1,
    clock: Clock = now,
    progress: Progress = silent,
) -> Checked:
    """Findings about files and folders of returns.

    With a master everything is compared with it (identity, weights, targets, scores); without one a form is
    checked by what it says itself: blanks, words, approximate numbers. ``return_to``: the folder for 退回单
    of the returns with errors, which need the master. Raises JobError for a path that does not exist.
    """
    if return_to is not None:
        if master_path is None:
            raise JobError("退回单要与总表核对后才能做。请加 --master 总表.xlsx。")
        refuse_inside(return_to, places)
    paths, others = find_files(places)
    base = places[0] if len(places) == 1 and places[0].is_dir() else Path()
    returns = _named_apart(read_returns(paths, base, jobs, progress), paths)
    extra = (*other_file_findings(others, base), *time_findings(paths, base))
    files = tuple(returned.workbook for returned in returns)
    if master_path is None:
        found = [finding for returned in returns for finding in _alone(returned)]
        return Checked(files, ordered((*found, *extra)))
    master = open_master(master_path)
    returns = as_registered(returns, master, master_path, base)
    files = tuple(returned.workbook for returned in returns)
    batches = tuple(_against_master(master, returns))
    findings = ordered((*(finding for batch in batches for finding in batch.findings), *extra))
    if return_to is None:
        return Checked(files, findings)
    sources = dict(zip(files, paths, strict=True))
    given = give_back(master, batches, sources, return_to, clock().date(), progress)
    return Checked(files, findings, given)


def _named_apart(returns: Sequence[Return], paths: Sequence[Path]) -> list[Return]:
    """Files from several folders may have one name: then each is called by its path."""
    count = Counter(returned.workbook for returned in returns)
    return [
        returned._replace(workbook=path.as_posix()) if count[returned.workbook] > 1 else returned
        for returned, path in zip(returns, paths, strict=True)
    ]


def _against_master(master: Master, returns: Sequence[Return]) -> Iterable[Batch]:
    """Findings about these files, as consolidating them would have them.

    That is done for one period, the one most of them were handed in for; files of another are told so (W05,
    W15), and what is in them is looked at in their own period.
    """
    returns = identified(returns, master.issues)
    first = period_of(returns, master.issues)
    if not first:
        yield Batch(returns, tuple(f for returned in returns for f in _unknown(returned)), None)
        return
    others: dict[str, list[Return]] = {}
    for returned in returns:
        code = meant(returned, master.issues)
        elsewhere = code != first and is_period(code)
        if elsewhere and not returned.problem and returned.identity.number in master.issues:
            others.setdefault(code, []).append(returned)
    for code, batch in ((first, list(returns)), *sorted(others.items())):
        assessment = assess_returns(master, parse_period_or_fail(code), batch)
        yield Batch(batch, tuple(_of_files(assessment, batch)), assessment)


def _of_files(assessment: Assessment, batch: Sequence[Return]) -> Iterable[Finding]:
    names = {returned.workbook for returned in batch}
    return (finding for finding in assessment.findings if finding.location.workbook in names)


def _unknown(returned: Return) -> Iterable[Finding]:
    """What can be said of a return to a master that has issued nothing."""
    if returned.problem:
        yield from _problem(returned)
    else:
        place = Location(returned.workbook, returned.sheet)
        yield Finding("W03", place, {"number": returned.identity.number})


def _problem(returned: Return) -> Iterable[Finding]:
    if returned.problem:
        place = Location(returned.workbook, returned.sheet)
        yield Finding(returned.problem, place, dict(returned.facts))


def _alone(returned: Return) -> Iterable[Finding]:
    """What a form says about itself."""
    yield from _problem(returned)
    for row in returned.rows:
        if row.shown_state != terms.WAITING:
            yield from read_alone(returned, row).findings


class RowAlone(NamedTuple):
    """One row of a form without a master: what its value is read as, and what that gives rise to."""

    indicator: Indicator
    record: Record
    filled: bool
    findings: tuple[Finding, ...]


def read_alone(returned: Return, row: ReturnedRow) -> RowAlone:
    """Read a row by what the form says itself: its name, its unit of measure, its state.

    What stands in a row that says of itself that the unit need not fill it in is not looked at.
    """
    if row.shown_state == terms.NOT_ENTERED and not row.unit:
        row = row._replace(value=None, error="", uncached=False)
    indicator = Indicator(row.indicator, row.name, "", unit_of_measure=row.unit_of_measure)
    record = as_record(row, indicator, returned)._replace(evidence=row.evidence)
    if row.unit:
        record = record._replace(unit=row.unit, source=terms.SOURCE_ASSESSED)
    if isinstance(row.value, str) and row.value.strip() in _WORDS:
        return RowAlone(indicator, record, True, ())
    reading = read_record(record, indicator, None, settings.DEFAULTS)
    if reading.filled:
        return RowAlone(indicator, record, True, reading.findings)
    outside = row.shown_state in _NOT_OWED
    if row.unit and not outside:
        facts = {"department": returned.identity.department, "name": row.name}
        return RowAlone(indicator, record, False, (Finding("V25", record.location, facts),))
    return RowAlone(indicator, record, False, () if outside else (missing(record, indicator),))
