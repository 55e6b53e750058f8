"""Everything a run writes into the master, as one BookPlan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from kaohe import settings, terms
from kaohe.assess.assessment import Assessment
from kaohe.findings import ERROR, NOTE, QUERY, Finding
from kaohe.model import Decided, IssueRecord, Receipt, Record, Scheme, VersionRow
from kaohe.sheets.alignment_sheet import alignment_sheet
from kaohe.sheets.bonus_sheet import bonus_sheet
from kaohe.sheets.bonus_totals import wanted as bonuses_wanted
from kaohe.sheets.chart_sheet import chart_sheet
from kaohe.sheets.detail import detail_sheet
from kaohe.sheets.group_values import group_cells, group_sheet
from kaohe.sheets.heat_sheet import heat_sheet
from kaohe.sheets.lists import issue_sheet, loss_sheet, warning_sheet
from kaohe.sheets.names import SheetNames
from kaohe.sheets.outcome_sheet import outcome_sheet
from kaohe.sheets.ranking import ranking_sheet
from kaohe.sheets.registers import (
    DECIDED,
    FIRST_ROW,
    ISSUES,
    RECEIPTS,
    RECORDS,
    RUNS,
    VERSIONS,
    Run,
    register_sheet,
)
from kaohe.sheets.reminder_sheet import reminder_sheet
from kaohe.sheets.returns_sheet import returns_sheet
from kaohe.sheets.supervision_sheet import supervision_sheet
from kaohe.sheets.survey_sheet import survey_sheet
from kaohe.version import __version__
from kaohe.workbooks.plan import SheetPlan

CREATED, ISSUED, CONSOLIDATED, DECISION = "新建", "下发", "汇总", "审定"
"""What 运行记录 calls the runs that write."""


def result_sheets(
    assessment: Assessment,
    names: SheetNames,
    register: Mapping[str, IssueRecord],
    file_links: Mapping[str, str],
    master: str,
    today: dt.date,
    receipts: Sequence[Receipt] = (),
) -> list[SheetPlan]:
    """The blue result sheets, in tab order; those that need something of the scheme only where it has it.

    ``master`` is the file name findings about the scheme carry, ``today`` the day of the run, ``receipts``
    the rows of 收件登记.
    """
    scheme, ledger = assessment.scores.scheme, assessment.ledger
    rows = record_rows(assessment)
    links = {key: f"#{names[RECORDS.key]}!G{row}" for key, row in rows.items()}
    ranking = ranking_sheet(assessment, names)
    found = [
        ranking,
        chart_sheet(assessment, names, ranking),
        heat_sheet(assessment, names),
        detail_sheet(assessment, names, links, group_cells(assessment, names)),
        group_sheet(assessment, names),
        survey_sheet(assessment, names),
        alignment_sheet(assessment),
        bonus_sheet(assessment) if bonuses_wanted(assessment) else None,
        outcome_sheet(assessment, assessment.outcomes.rows) if scheme.outcome_rules else None,
        supervision_sheet(assessment, ledger.supervisions, today) if ledger.supervisions else None,
        loss_sheet(assessment, names),
        warning_sheet(assessment),
        issue_sheet(assessment, _issue_links(assessment.findings, links, file_links, names, master)),
        returns_sheet(assessment, register, file_links, today, receipts),
        reminder_sheet(assessment, register, today, receipts),
    ]
    return [sheet for sheet in found if sheet is not None]


def record_rows(assessment: Assessment) -> dict[tuple[str, str], int]:
    """(unit, indicator) → row of 填报数据 of the record that counts: a department's before the unit's own."""
    hands = {"": assessment.intake.live, terms.SOURCE_ASSESSED: assessment.intake.assessed}
    found: dict[tuple[str, str], int] = {}
    for index, record in enumerate(assessment.intake.records):
        counts = hands.get(record.source, {}).get(record.unit, {}).get(record.indicator)
        if counts is not None and _cell_of(counts) == _cell_of(record):
            key = (record.unit, record.indicator)
            if key not in found or record.source:
                found[key] = FIRST_ROW + index
    return found


def _cell_of(record: Record) -> tuple[str, ...]:
    """The cell of the file it was read from, and whether it was replaced since.

    Not its whole content: what counts may be called by another name there than in 填报数据.
    """
    return (record.period, record.department, record.sha256, record.sheet, record.cell, record.superseded)


def _issue_links(
    findings: Sequence[Finding],
    records: Mapping[tuple[str, str], str],
    files: Mapping[str, str],
    names: SheetNames,
    master: str,
) -> dict[int, str]:
    """Where each finding's row leads: the scheme's cell, the row of 填报数据, or the returned file's cell."""
    links = {}
    for number, finding in enumerate(findings):
        place = finding.location
        if place.workbook == master and place.sheet and place.cell:
            links[number] = f"#{names[place.sheet]}!{place.cell}"
        elif (place.unit, place.indicator) in records:
            links[number] = records[place.unit, place.indicator]
        elif place.workbook in files:
            inside = f"#{place.sheet}!{place.cell}" if place.sheet and place.cell else ""
            links[number] = files[place.workbook] + inside
    return links


def register_sheets(
    records: Iterable[Record],
    issues: Iterable[IssueRecord],
    versions: Iterable[VersionRow],
    runs: Iterable[Run],
    receipts: Iterable[Receipt] | None = None,
    decided: Iterable[Decided] | None = None,
) -> list[SheetPlan]:
    """The registers that only grow; 收件登记 and 定稿登记 are left as they are where no rows are given."""
    found = [
        register_sheet(RECORDS, records),
        register_sheet(ISSUES, issues),
        register_sheet(VERSIONS, versions),
        register_sheet(RUNS, runs),
    ]
    if receipts is not None:
        found.append(register_sheet(RECEIPTS, receipts))
    if decided is not None:
        found.append(register_sheet(DECIDED, decided))
    return found


def run_row(
    time: str, command: str, assessment: Assessment | None, scheme: Scheme, period: str, content: str = ""
) -> Run:
    """A row of 运行记录; every rule setting in force is shown with the run.

    ``content``: what the tables hold once the run has written, from ``kaohe.audit.contents.content_of``.
    """
    counts = dict.fromkeys((ERROR, QUERY, NOTE), 0)
    for finding in assessment.findings if assessment else ():
        counts[finding.severity] += 1
    return Run(
        time=time,
        command=command,
        period=period,
        version=scheme.version,
        files=len(assessment.intake.inputs) if assessment else 0,
        records=sum(map(len, assessment.intake.live.values())) if assessment else 0,
        errors=counts[ERROR],
        queries=counts[QUERY],
        notes=counts[NOTE],
        settings=";".join(f"{name}={value}" for name, value in rule_settings(scheme).items()),
        program=__version__,
        content=content,
    )


def rule_settings(scheme: Scheme) -> dict[str, str]:
    """Settings that change results, as text."""
    return {
        setting.name: f"{value:g}"
        if isinstance(value := scheme.settings[setting.name], float)
        else str(value)
        for setting in settings.SETTINGS
        if setting.rule
    }
