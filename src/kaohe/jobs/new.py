"""`kaohe new`: a master workbook from a scheme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.load import load_scheme
from kaohe.assess.load_ledger import load_ledger
from kaohe.assess.returns import Intake
from kaohe.findings import Finding
from kaohe.jobs.common import Clock, now, stamp
from kaohe.jobs.plans import CREATED, register_sheets, result_sheets, run_row
from kaohe.jobs.schemes import scheme_tables
from kaohe.model import Period, Scheme
from kaohe.periods import parse_period
from kaohe.sheets.names import SheetNames
from kaohe.sheets.scheme_tables import FIRST_ROW, built_in_rows, table_sheet
from kaohe.tables import BY_KEY, SPECS, Table
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.package import create, write_new
from kaohe.workbooks.plan import BookPlan

MASTER_SKELETON = "总表.xlsx"


def new(source: str | None, target: Path, *, clock: Clock = now) -> tuple[Finding, ...]:
    """Write a new master to ``target`` from a built-in scheme, a folder of CSV tables, or blank (None).

    Returns the findings about the scheme. Raises JobError for an unknown scheme and NothingWritten when the
    file exists or cannot be written.
    """
    tables = scheme_tables(source) if source else {}
    data, findings = new_master(tables, target.name, clock())
    write_new(target, data)
    return findings


def new_master(
    tables: Mapping[str, Table], name: str, moment: dt.datetime
) -> tuple[bytes, tuple[Finding, ...]]:
    """The bytes of a master with the scheme's tables, empty registers and results of nobody."""
    placed = {key: _placed_in(table, name) for key, table in tables.items()}
    yellow = [
        table_sheet(spec, placed.get(spec.key))
        for spec in SPECS
        if spec.always or not tables or (spec.key in tables and tables[spec.key].rows)
    ]
    assessment, scheme = nothing_yet(placed, moment)
    blue = result_sheets(assessment, SheetNames({}), {}, {}, name, moment.date())
    run = run_row(stamp(moment), CREATED, None, scheme, "")
    plan = BookPlan((*yellow, *blue, *register_sheets((), (), (), [run], (), ())), active=SPECS[0].title)
    skeleton = (files("kaohe.templates") / MASTER_SKELETON).read_bytes()
    return create(skeleton, plan), assessment.findings


def _placed_in(table: Table, workbook: str) -> Table:
    """The table as it will stand in the master, so that findings name the master's cells."""
    spec = BY_KEY[table.key]
    first = FIRST_ROW + len(built_in_rows(table))
    rows = tuple(replace(row, number=first + index) for index, row in enumerate(table.rows))
    keys = [*(column.key for column in spec.columns), *table.extra]
    letters = {key: column_letter(index + 1) for index, key in enumerate(keys)}
    return replace(table, rows=rows, workbook=workbook, sheet=spec.title, letters=letters)


def nothing_yet(tables: Mapping[str, Table], moment: dt.datetime) -> tuple[Assessment, Scheme]:
    """The assessment of a year in which nothing has been returned: the layout of every result sheet.

    Its findings are those about the scheme; a blank master has none yet. Beside it the scheme of that year.
    """
    whole, findings = load_scheme(tables)
    period = year_period(whole.settings["考核年度"], moment)
    nothing = Intake((), {}, (), ())
    if not whole.units:  # nobody to lay a result out for: the sheets are those of a blank master
        empty = assess(Scheme(settings=whole.settings), period, nothing, {}, ())
        found = (*findings, *check_scheme(whole, period)) if tables else ()
        return replace(empty, findings=found), whole.at(period.end)
    empty = assess(whole, period, nothing, {}, findings)
    about_scheme = (finding for finding in empty.findings if finding.code.startswith("S"))
    shown = replace(empty, findings=tuple(about_scheme), ledger=load_ledger(tables))
    return shown, whole.at(period.end)


def year_period(year: str | float, moment: dt.datetime) -> Period:
    """The whole of 考核年度, or of the present year when 方案 does not say."""
    number = int(year) if isinstance(year, float | int) else 0
    return parse_period(str(number if number >= 1990 else moment.year))
