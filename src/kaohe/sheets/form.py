"""自测完成情况表: the unit workbook a clerk fills in, as a BookPlan with slots for what differs by unit."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.model import Identity, Unit
from kaohe.sheets.form_frame import HEAD_HEIGHTS, head, head_merges, signature_merges, signatures
from kaohe.sheets.form_help import help_sheet
from kaohe.sheets.form_layout import (
    BODY_START,
    FORM_KEY,
    FORM_TITLE,
    HEADER_ROW,
    ROLES,
    WIDTHS,
    choices,
    highlights,
)
from kaohe.sheets.form_model import Form
from kaohe.sheets.form_rows import Body, body_heights
from kaohe.sheets.formulas import DUE_PLACES
from kaohe.sheets.identity import identity_sheet
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.plan import BookPlan, CellLike, Layout, Scalar, SheetPlan


def form_values(form: Form, unit: Unit, identity: Identity, issued: str) -> dict[str, Scalar]:
    """What fills the slots of :func:`form_plan` for one unit."""
    values: dict[str, Scalar] = {
        "unit": unit.name,
        "unit_code": unit.code,
        "number": identity.number,
        "issued": issued,
    }
    for indicator in form.indicators:
        target = form.lookup.target(indicator.code, unit.code)
        value = target.value if target else None
        values[f"target.{indicator.code}"] = value
        values[f"prior.{indicator.code}"] = target.prior if target else None
        method = form.methods.get(indicator.method)
        share = form.share(indicator)
        if value is None or method is None or share is None:
            values[f"due.{indicator.code}"] = "" if value is None else value
        else:
            due = round_half_away(value * share, DUE_PLACES)
            values[f"due.{indicator.code}"] = due if "序时" in method.uses else value
    return values


def form_plan(form: Form, identity: Identity) -> BookPlan:
    """The workbook: the form, how to fill it in, and the hidden identity."""
    return BookPlan(
        sheets=(
            _form_sheet(form),
            help_sheet(form.scheme, form.period),
            identity_sheet(form.scheme, identity),
        ),
        active=FORM_KEY,
    )


def _form_sheet(form: Form) -> SheetPlan:
    body = Body.of(form)
    rows: list[Sequence[CellLike]] = [*head(form, body), *body.rows, body.total_row()]
    last = len(rows)
    rows += signatures()
    return SheetPlan(
        key=FORM_KEY,
        title=FORM_TITLE,
        rows=rows,
        roles=ROLES,
        widths=WIDTHS,
        heights=(*HEAD_HEIGHTS, (last + 1, 12), (last + 2, 26), (last + 3, 26)),
        fitted=tuple(body_heights(rows[HEADER_ROW:last])),
        header_row=HEADER_ROW,
        last_row=last,
        layout=Layout(
            tab_color="FFC000",
            freeze=f"D{BODY_START}",
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            merges=(*head_merges(), *body.merges, *signature_merges(last)),
            choices=choices(body.entered, body.words, last),
            highlights=highlights(last),
            protect=True,
            footer=f"{form.scheme.settings['方案名称']} {form.period.title}",
            zoom=100,
        ),
    )
