"""What a master shows of its results beside the values: formats, what is hidden, charts."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from kaohe.audit.chart_looks import charts
from kaohe.audit.compare import without_results
from kaohe.audit.looks import Looks, dressed, hidden_sheets, looks, specimen
from kaohe.audit.model import ANEW, Difference
from kaohe.jobs.audit_shown import SPECIMEN, Anew
from kaohe.jobs.new import MASTER_SKELETON
from kaohe.sheets.heading import WORKING_LISTS
from kaohe.workbooks.package import NothingWritten

UNCACHED = (
    "总表没有保存公式的结果(被别的程序存过)。请用 Excel、WPS 或 LibreOffice 打开,保存一次后再核对;"
    "这些单元格这次没有逐个列出"
)
_MOST = 0.9
"""Of all formulas; where fewer are blank, each is told."""


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


def uncached(fresh: Anew) -> tuple[Difference, ...]:
    """One difference for a master whose formulas stand without results, as some programs save them."""
    counts = [without_results(plan, fresh.sheets[name]) for name, plan in fresh.scope]
    formulas, blank = sum(count for count, _ in counts), sum(blank for _, blank in counts)
    if not blank or blank < _MOST * formulas:
        return ()
    return (Difference(fresh.book.path.name, "", UNCACHED, f"{blank} 个公式没有结果", "有结果", ANEW),)
