"""What a master shows of its results beside the values: formats, what is hidden, charts."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from kaohe.audit.chart_looks import charts
from kaohe.audit.looks import Looks, dressed, hidden_sheets, looks, specimen
from kaohe.audit.model import Difference
from kaohe.jobs.audit_shown import SPECIMEN, Anew
from kaohe.jobs.new import MASTER_SKELETON
from kaohe.sheets.heading import WORKING_LISTS
from kaohe.workbooks.package import NothingWritten


def shown_looks(fresh: Anew, data: bytes) -> Looks:
    """Of the sheets that hold results; working lists the office may filter and fold as it likes."""
    found: list[Difference] = []
    notes: list[str] = []
    for one in _looks(fresh, data):
        found += one.differences
        notes += one.notes
    return Looks(tuple(found), tuple(notes))


def _looks(fresh: Anew, data: bytes) -> Iterator[Looks]:
    book = dressed(data)
    names = fresh.book.sheet_names
    shipped = dressed((files("kaohe.templates") / MASTER_SKELETON).read_bytes())
    yield specimen(book, shipped, names.get(SPECIMEN, SPECIMEN))
    results = [(name, plan) for name, plan in fresh.scope if plan.key not in WORKING_LISTS]
    ours = {name: plan.layout.hidden for name, plan in results}
    ours |= {names[key]: "" for key in fresh.book.registers if key in names}
    yield Looks(tuple(hidden_sheets(book, ours)))
    for name, plan in results:
        try:
            yield looks(plan, fresh.sheets[name], book)
            yield charts(plan, name, book)
        except NothingWritten as error:
            yield Looks(notes=(f"《{name}》的格式和图没有核对:{error}",))
