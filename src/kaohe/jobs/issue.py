"""`kaohe issue`: a form per unit (or per department of one), a 考评打分表 per department that assesses."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.versions import version_rows
from kaohe.findings import Finding, has_errors
from kaohe.jobs.common import (
    Clock,
    JobError,
    Progress,
    make_folder,
    now,
    read_bytes,
    silent,
    stamp,
    without_collector,
)
from kaohe.jobs.issue_parts import Part, file_names, parts_for
from kaohe.jobs.issue_stamps import Stamps, deadline_of
from kaohe.jobs.master import Master
from kaohe.jobs.plans import ISSUED, register_sheets, run_row
from kaohe.jobs.store import Store, as_store
from kaohe.jobs.typed_in import typed_in
from kaohe.model import IssueRecord, Period, Scheme
from kaohe.periods import parse_period
from kaohe.workbooks.package import AlreadyThere, NothingWritten, write_new
from kaohe.workbooks.package.temporary import clear_left
from kaohe.workbooks.plan import BookPlan

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters that cannot be mistaken for one another on the telephone."""
NewNumber = Callable[[], str]


def random_number() -> str:
    """Ten random signs: the part of an issue number that cannot be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


@dataclass(frozen=True)
class Issued:
    """What `issue` did: the files by outcome, and findings that kept it from starting."""

    period: Period
    folder: Path
    written: tuple[Path, ...] = ()
    unchanged: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    """Files that stood there with other content and were left alone."""
    typed: tuple[Path, ...] = ()
    """Those of ``kept`` into which somebody has typed something: they are never replaced."""
    failed: tuple[Path, ...] = ()
    """Forms that are registered but could not be written; issuing again writes them, numbers unchanged."""
    findings: tuple[Finding, ...] = ()
    backup: Path | None = None
    assessors: tuple[Path, ...] = ()
    """Those of all the files above that are 考评打分表; the others are units' forms."""
    skipped: tuple[str, ...] = ()
    """Names of units and persons without a form: none of their indicators is one they fill in."""

    @property
    def forms_written(self) -> int:
        """Forms of units that were written."""
        return len(self.written) - self.assessors_written

    @property
    def assessors_written(self) -> int:
        """考评打分表 that were written."""
        return len(set(self.written) & set(self.assessors))


class _Forms(NamedTuple):
    """What became of the files, as in Issued."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    kept: tuple[Path, ...]
    typed: tuple[Path, ...]
    failed: tuple[Path, ...]


@without_collector()
def issue(
    master: Path | Store,
    period_code: str,
    out: Path,
    *,
    units: Sequence[str] = (),
    by_department: bool = False,
    overwrite: bool = False,
    clock: Clock = now,
    number: NewNumber = random_number,
    progress: Progress = silent,
) -> Issued:
    """Write the forms and 考评打分表 of a period to ``out`` and enter them in the master's 下发登记.

    ``units`` (codes or names, also of departments that assess) restricts whom to issue to;
    ``by_department`` splits every unit's form by 责任部门 (a unit whose 下发方式 is 分部门 is always split).
    What was issued before under the same scheme version keeps its number. A file that stands there with other
    content is replaced when ``overwrite`` says so, unless somebody has typed something into it. Raises
    JobError for wrong use, NothingWritten when the master cannot be written.
    """
    store = as_store(master)
    book = store.read()
    period = parse_period_or_fail(period_code)
    _expect_year(book.scheme, period)
    scheme = book.scheme.at(period.end)
    findings = (*book.findings, *check_scheme(book.scheme, period))
    if has_errors(findings):
        return Issued(period, out, findings=findings)
    found = parts_for(scheme, period, units, by_department)
    if not found.parts:
        raise JobError(_nothing_to_issue(found.skipped))
    parts = found.parts
    make_folder(out)
    clear_left(out)
    moment = clock()
    register = _register(book, scheme, period, parts, moment, number)
    plan = _entries(book, scheme, period, register, moment)
    backup = store.write(plan, book, moment).backup if plan else None
    outcome = _write_forms(scheme, period, parts, register, out, overwrite, progress)
    assessors = tuple(out / register[part.key].workbook for part in parts if part.unit is None)
    return Issued(
        period,
        out,
        **outcome._asdict(),
        findings=findings,
        backup=backup,
        assessors=assessors,
        skipped=found.skipped,
    )


def _nothing_to_issue(skipped: Sequence[str]) -> str:
    """Why there is neither a form nor a 考评打分表 to write."""
    names = "、".join(skipped[:5]) + ("等" if len(skipped) > 5 else "")
    return (
        f"没有可下发的表:{names}没有取值为“填报”的指标,也没有本期要打分的考评部门。"
        "请核对《指标》的取值、适用和考评部门。"
    )


def parse_period_or_fail(code: str) -> Period:
    """The period, or a JobError that says how codes look."""
    try:
        return parse_period(code)
    except ValueError as error:
        raise JobError(str(error)) from None


def _expect_year(scheme: Scheme, period: Period) -> None:
    """JobError when 方案 names another year."""
    year = scheme.settings["考核年度"]
    if isinstance(year, int | float) and int(year) not in (0, period.year):
        raise JobError(
            f"期次 {period.code} 不在《方案》的考核年度 {int(year)} 之内。请核对 --period;"
            "如要开始新的年度,请先改《方案》中的“考核年度”。"
        )


def _register(
    master: Master,
    scheme: Scheme,
    period: Period,
    parts: Sequence[Part],
    moment: dt.datetime,
    number: NewNumber,
) -> dict[tuple[str, str], IssueRecord]:
    """(unit, department) → its row of 下发登记; a row of the same version is kept as it is."""
    known = {
        (row.unit, row.department): row
        for row in master.issues.values()
        if row.period == period.code and row.version == scheme.version
    }
    names = file_names(scheme, parts, period)
    deadline = deadline_of(scheme, period).isoformat()
    return {
        key: known.get(key)
        or IssueRecord(
            number=f"{period.code}-{part.mark}-{number()}",
            period=period.code,
            unit=key[0],
            department=part.department,
            version=scheme.version,
            workbook=names[key],
            issued=stamp(moment),
            deadline=deadline,
        )
        for part in parts
        for key in [part.key]
    }


def _entries(
    master: Master,
    scheme: Scheme,
    period: Period,
    register: Mapping[tuple[str, str], IssueRecord],
    moment: dt.datetime,
) -> BookPlan | None:
    """下发登记, 方案版本 and 运行记录 with the new forms; None when everything was entered before."""
    fresh = [row for row in register.values() if row.number not in master.issues]
    if not fresh:
        return None
    known = any(row.version == scheme.version for row in master.versions)
    versions = [*master.versions, *(() if known else version_rows(scheme))]
    issues = [*master.issues.values(), *fresh]
    content = master.content(issues=issues, versions=versions)
    run = run_row(stamp(moment), ISSUED, None, scheme, period.code, content)._replace(files=len(fresh))
    _, *sheets = register_sheets((), issues, versions, [*master.runs, run])
    return BookPlan(tuple(sheets))


def _write_forms(
    scheme: Scheme,
    period: Period,
    parts: Sequence[Part],
    register: Mapping[tuple[str, str], IssueRecord],
    out: Path,
    overwrite: bool,
    progress: Progress,
) -> _Forms:
    """Write each form, unless the same or one that is to stay stands there."""
    stamps = Stamps(scheme, period)
    not_typed = {row.code for row in scheme.indicators if not row.entered}
    found: dict[str, list[Path]] = {name: [] for name in _Forms._fields}
    for done, part in enumerate(parts, start=1):
        row = register[part.key]
        path = out / row.workbook
        own = () if part.unit is None else not_typed
        for outcome in _write_form(path, stamps.workbook(part, row), overwrite, own):
            found[outcome].append(path)
        progress("下发", done, len(parts))
    return _Forms(**{name: tuple(paths) for name, paths in found.items()})


def _write_form(path: Path, data: bytes, overwrite: bool, not_typed: Collection[str]) -> tuple[str, ...]:
    """Put the form there; returns the fields of _Forms the path belongs to."""
    try:
        old = read_bytes(path, "自测表") if path.exists() else None
    except (JobError, OSError):
        return ("failed",)
    if old == data:
        return ("unchanged",)
    if old is not None and typed_in(path, old, not_typed):
        return ("kept", "typed")
    try:
        write_new(path, data, overwrite=overwrite, durable=False)
    except AlreadyThere:
        return ("kept",)
    except NothingWritten:
        return ("failed",)
    return ("written",)
