"""The bytes of issued workbooks: a template per set of indicators and parameters, stamped out by unit."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

from kaohe import terms
from kaohe.assess.inputs import parameter_names
from kaohe.assess.lookup import Lookup
from kaohe.assess.methods import MethodBook, method_book
from kaohe.jobs.issue_parts import Part
from kaohe.model import Identity, IssueRecord, Period, Scheme, Unit
from kaohe.sheets.assessor import assessor_plan, assessor_values
from kaohe.sheets.assessor_model import AssessorForm
from kaohe.sheets.form import form_plan, form_values
from kaohe.sheets.form_model import Form
from kaohe.workbooks.package import Template

_Key = tuple[str, tuple[str, ...], tuple[float | None, ...]]


def deadline_of(scheme: Scheme, period: Period) -> dt.date:
    """The day returns are due."""
    return period.end + dt.timedelta(days=int(scheme.settings["报送天数"]))


class Stamps:
    """Templates by department, set of indicators and parameters, made when first needed."""

    def __init__(self, scheme: Scheme, period: Period) -> None:
        self._scheme = scheme
        self._period = period
        self._methods: MethodBook = method_book(scheme)
        self._lookup = Lookup.of(scheme)
        self._deadline = deadline_of(scheme, period)
        self._skeletons: dict[str, bytes] = {}
        self._templates: dict[_Key, tuple[Form, Template]] = {}
        self._varying = {
            row.code: names
            for row in scheme.indicators
            if (method := self._methods.methods.get(row.method)) is not None
            and (names := [n for n in parameter_names(method) if self._lookup.varies(row.code, n)])
        }

    def workbook(self, part: Part, row: IssueRecord) -> bytes:
        """The workbook's bytes for one row of 下发登记."""
        identity = Identity(
            number=row.number,
            scheme=str(self._scheme.settings["方案代码"]),
            version=row.version,
            unit=row.unit,
            department=row.department,
            period=row.period,
            purpose=part.purpose,
        )
        if part.unit is None:
            return self._assessor(part, identity, row.issued)
        return self._form(part, part.unit, identity, row.issued)

    def _form(self, part: Part, unit: Unit, identity: Identity, issued: str) -> bytes:
        codes = tuple(row.code for row in part.indicators)
        parameters = tuple(
            self._lookup.parameter(code, name, unit) for code in codes for name in self._varying.get(code, ())
        )
        key = (part.department, codes, parameters)
        if key not in self._templates:
            form = Form(
                scheme=self._scheme,
                period=self._period,
                indicators=part.indicators,
                department=part.department,
                deadline=self._deadline,
                methods=self._methods.methods,
                lookup=self._lookup,
                parameters_of=unit,
            )
            skeleton = self._skeleton(terms.PURPOSE_FORM)
            self._templates[key] = form, Template.build(skeleton, form_plan(form, identity))
        form, template = self._templates[key]
        return template.stamp(form_values(form, unit, identity, issued))

    def _assessor(self, part: Part, identity: Identity, issued: str) -> bytes:
        assert part.task is not None
        form = AssessorForm(
            scheme=self._scheme,
            period=self._period,
            task=part.task,
            deadline=self._deadline,
            methods=self._methods.methods,
            lookup=self._lookup,
        )
        template = Template.build(self._skeleton(terms.PURPOSE_ASSESSOR), assessor_plan(form, identity))
        return template.stamp(assessor_values(identity, issued))

    def _skeleton(self, purpose: str) -> bytes:
        if purpose not in self._skeletons:
            self._skeletons[purpose] = (files("kaohe.templates") / f"{purpose}.xlsx").read_bytes()
        return self._skeletons[purpose]
