"""`kaohe issue`: one self-assessment workbook per unit (or per department of a unit), entered in 下发登记."""

from __future__ import annotations

import datetime as dt
import difflib
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.inputs import parameter_names
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import MethodBook, method_book
from kaohe.assess.versions import version_rows
from kaohe.findings import Finding, has_errors
from kaohe.jobs.common import (
    Clock,
    JobError,
    Progress,
    make_folder,
    now,
    read_bytes,
    safe_name,
    silent,
    stamp,
    without_collector,
)
from kaohe.jobs.master import Master
from kaohe.jobs.plans import ISSUED, register_sheets, run_row
from kaohe.jobs.store import Store, as_store
from kaohe.jobs.typed_in import typed_in
from kaohe.model import Identity, Indicator, IssueRecord, Period, Scheme, Unit
from kaohe.periods import parse_period
from kaohe.sheets.form import form_plan, form_values
from kaohe.sheets.form_model import Form
from kaohe.workbooks.package import AlreadyThere, NothingWritten, Template, write_new
from kaohe.workbooks.plan import BookPlan

FORM_SKELETON = "自测完成情况表.xlsx"
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


class _Forms(NamedTuple):
    """What became of the files, as in Issued."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    kept: tuple[Path, ...]
    typed: tuple[Path, ...]
    failed: tuple[Path, ...]


@dataclass(frozen=True)
class _Part:
    """One workbook to issue: a unit and, when split, one of its departments."""

    unit: Unit
    department: str
    indicators: tuple[Indicator, ...]


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
    """Write the forms of a period to ``out`` and enter them in the master's 下发登记.

    ``units`` (codes or names) restricts whom to issue to; ``by_department`` splits every unit's form by
    责任部门 (a unit whose 下发方式 is 分部门 is always split). A form issued before under the same scheme
    version keeps its number. A file that stands there with other content is replaced when ``overwrite`` says
    so, unless somebody has typed something into it. Raises JobError for wrong use, NothingWritten when
    the master cannot be written.
    """
    store = as_store(master)
    book = store.read()
    period = parse_period_or_fail(period_code)
    _expect_year(book.scheme, period)
    scheme = book.scheme.at(period.end)
    findings = (*book.findings, *check_scheme(book.scheme, period))
    if has_errors(findings):
        return Issued(period, out, findings=findings)
    parts = _parts(scheme, _chosen(scheme, units), by_department)
    make_folder(out)
    moment = clock()
    register = _register(book, scheme, period, parts, moment, number)
    plan = _entries(book, scheme, period, register, moment)
    backup = store.write(plan, book, moment).backup if plan else None
    outcome = _write_forms(scheme, period, parts, register, out, overwrite, progress)
    return Issued(period, out, **outcome._asdict(), findings=findings, backup=backup)


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


def _chosen(scheme: Scheme, wanted: Sequence[str]) -> tuple[Unit, ...]:
    if not scheme.units:
        raise JobError("《单位》是空的,没有可下发的单位。请先在总表的《单位》中填写。")
    if not wanted:
        return scheme.units
    by_word = {word: unit for unit in scheme.units for word in (unit.code, unit.name)}
    unknown = [word for word in wanted if word not in by_word]
    if unknown:
        near = "、".join(dict.fromkeys(name for word in unknown for name in _near(word, list(by_word))))
        hint = f"是不是{near}?" if near else f"请用单位代码或名称,如 {scheme.units[0].code}。"
        raise JobError(f"《单位》中没有“{'、'.join(unknown)}”。{hint}")
    return tuple(dict.fromkeys(by_word[word] for word in wanted))


def _near(word: str, known: Sequence[str]) -> list[str]:
    """Names that hold the word, or else the one most like it."""
    holding = [name for name in known if word and word in name]
    return holding[:3] or difflib.get_close_matches(word, known, n=1)


def _parts(scheme: Scheme, units: Iterable[Unit], by_department: bool) -> list[_Part]:
    heads = [row for row in scheme.indicators if not scheme.is_component(row)]
    departments = list(dict.fromkeys(row.lead_department for row in heads))
    found = []
    for unit in units:
        if by_department or unit.issue_mode == terms.ISSUE_BY_DEPARTMENT:
            _expect_departments(unit, heads)
            found += [_Part(unit, name, _led_by(scheme, name)) for name in departments]
        else:
            found.append(_Part(unit, "", scheme.indicators))
    return found


def _expect_departments(unit: Unit, heads: Sequence[Indicator]) -> None:
    """JobError when an indicator has no 责任部门: nobody would get it to fill in."""
    without = [row for row in heads if not row.lead_department]
    if without:
        names = "、".join(f"{row.code}《{row.name}》" for row in without[:5])
        raise JobError(f"“{unit.name}”按责任部门下发,但《指标》中 {names} 没有填责任部门。请补上后再下发。")


def _led_by(scheme: Scheme, department: str) -> tuple[Indicator, ...]:
    """A department's indicators; components go with the composite they belong to."""
    return tuple(row for row in scheme.indicators if scheme.head_of(row).lead_department == department)


def _deadline(scheme: Scheme, period: Period) -> dt.date:
    return period.end + dt.timedelta(days=int(scheme.settings["报送天数"]))


def _register(
    master: Master,
    scheme: Scheme,
    period: Period,
    parts: Sequence[_Part],
    moment: dt.datetime,
    number: NewNumber,
) -> dict[tuple[str, str], IssueRecord]:
    """(unit, department) → its row of 下发登记; a row of the same version is kept as it is."""
    known = {
        (row.unit, row.department): row
        for row in master.issues.values()
        if row.period == period.code and row.version == scheme.version
    }
    names = _file_names(parts, period)
    deadline = _deadline(scheme, period).isoformat()
    return {
        key: known.get(key)
        or IssueRecord(
            number=f"{period.code}-{part.unit.code}-{number()}",
            period=period.code,
            unit=part.unit.code,
            department=part.department,
            version=scheme.version,
            workbook=names[key],
            issued=stamp(moment),
            deadline=deadline,
        )
        for part in parts
        for key in [(part.unit.code, part.department)]
    }


def _file_names(parts: Sequence[_Part], period: Period) -> dict[tuple[str, str], str]:
    """Readable names, told apart by the unit's code where two units are called the same."""
    found: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for part in parts:
        words = [part.unit.name, part.department, "自测完成情况表", period.code]
        name = safe_name("-".join(word for word in words if word))
        if name.casefold() in taken:
            name = safe_name("-".join([part.unit.code, name]))
        taken.add(name.casefold())
        found[part.unit.code, part.department] = f"{name}.xlsx"
    return found


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
    run = run_row(stamp(moment), ISSUED, None, scheme, period.code)._replace(files=len(fresh))
    issues = [*master.issues.values(), *fresh]
    _, *sheets = register_sheets((), issues, versions, [*master.runs, run])
    return BookPlan(tuple(sheets))


def _write_forms(
    scheme: Scheme,
    period: Period,
    parts: Sequence[_Part],
    register: Mapping[tuple[str, str], IssueRecord],
    out: Path,
    overwrite: bool,
    progress: Progress,
) -> _Forms:
    """Write each form, unless the same or one that is to stay stands there."""
    stamps = _Stamps(scheme, period)
    composed = {row.code for row in scheme.indicators if row.composite}
    found: dict[str, list[Path]] = {name: [] for name in _Forms._fields}
    for done, part in enumerate(parts, start=1):
        row = register[part.unit.code, part.department]
        path = out / row.workbook
        for outcome in _write_form(path, stamps.form(part, row), overwrite, composed):
            found[outcome].append(path)
        progress("下发", done, len(parts))
    return _Forms(**{name: tuple(paths) for name, paths in found.items()})


def _write_form(path: Path, data: bytes, overwrite: bool, composed: Collection[str]) -> tuple[str, ...]:
    """Put the form there; returns the fields of _Forms the path belongs to."""
    try:
        old = read_bytes(path, "自测表") if path.exists() else None
    except (JobError, OSError):
        return ("failed",)
    if old == data:
        return ("unchanged",)
    if old is not None and typed_in(path, old, composed):
        return ("kept", "typed")
    try:
        write_new(path, data, overwrite=overwrite, durable=False)
    except AlreadyThere:
        return ("kept",)
    except NothingWritten:
        return ("failed",)
    return ("written",)


class _Stamps:
    """Templates of the forms, one per set of indicators and parameters, made when first needed."""

    def __init__(self, scheme: Scheme, period: Period) -> None:
        self.scheme = scheme
        self.period = period
        self.methods: MethodBook = method_book(scheme)
        self.lookup = Lookup.of(scheme)
        self.deadline = _deadline(scheme, period)
        self.skeleton = (files("kaohe.templates") / FORM_SKELETON).read_bytes()
        self.templates: dict[tuple[str, tuple[float | None, ...]], tuple[Form, Template]] = {}
        self.varying = [
            (row.code, name)
            for row in scheme.indicators
            if (method := self.methods.methods.get(row.method)) is not None
            for name in parameter_names(method)
            if self.lookup.varies(row.code, name)
        ]

    def form(self, part: _Part, row: IssueRecord) -> bytes:
        """The workbook's bytes for one row of 下发登记."""
        parameters = tuple(self.lookup.parameter(code, name, part.unit) for code, name in self.varying)
        identity = Identity(
            number=row.number,
            scheme=str(self.scheme.settings["方案代码"]),
            version=row.version,
            unit=row.unit,
            department=row.department,
            period=row.period,
        )
        key = (part.department, parameters)
        if key not in self.templates:
            form = self._form(part)
            self.templates[key] = form, Template.build(self.skeleton, form_plan(form, identity))
        form, template = self.templates[key]
        return template.stamp(form_values(form, part.unit, identity, row.issued))

    def _form(self, part: _Part) -> Form:
        return Form(
            scheme=self.scheme,
            period=self.period,
            indicators=part.indicators,
            department=part.department,
            deadline=self.deadline,
            methods=self.methods.methods,
            lookup=self.lookup,
            parameters_of=part.unit,
        )
