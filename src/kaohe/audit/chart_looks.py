"""The charts of a sheet against its plan: what their bars lead to, and the values kept in the chart itself.

A viewer that does not compute shows the kept values. Charts are found by their names (``kaohe:<key>``); one
that the office deleted stays deleted, a title it typed stays typed. How a chart is drawn (axes, colours) and
charts of the office are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kaohe.audit.looks import Dressed, Looks
from kaohe.audit.model import ANEW, Difference
from kaohe.audit.same import same_value, shown
from kaohe.workbooks.package import chart_cells
from kaohe.workbooks.package.chart_old import c
from kaohe.workbooks.package.drawing import our_charts
from kaohe.workbooks.package.refs import parse_area, parse_target
from kaohe.workbooks.package.xmlparts import Element, Relation, parse, relations, rels_name
from kaohe.workbooks.plan import Chart, Series, SheetPlan

_LONGEST = 60


def charts(plan: SheetPlan, name: str, book: Dressed) -> Looks:
    """Every chart of ours on the sheet called ``name``."""
    if not plan.charts:
        return Looks()
    found: list[Difference] = []
    notes: list[str] = []
    drawn = dict.fromkeys((chart.key for chart in plan.charts), 0)
    by_key = {chart.key: chart for chart in plan.charts}
    for key, root in _drawn(name, book):
        if key in by_key:
            drawn[key] += 1
            found += _of_chart(plan, by_key[key], root, name)
    for key, count in drawn.items():
        if not count:
            notes.append(f"《{name}》的图“{_title(plan, by_key[key])}”已删去。")
    return Looks(tuple(found), tuple(notes))


def _drawn(name: str, book: Dressed) -> Iterator[tuple[str, Element]]:
    """(key, root of the chart part) of our charts on the sheet."""
    sheet = next(one for one in book.book.sheets() if one.name == name)
    for drawing in _related(sheet.part, "drawing", book):
        root = parse(book.archive.read(drawing), drawing)
        parts = {relation.id: relation.target for relation in _relations(drawing, book)}
        for placed in our_charts(root):
            part = parts.get(placed.rel_id, "")
            if part in book.archive:
                yield placed.key, parse(book.archive.read(part), part)


def _related(part: str, kind: str, book: Dressed) -> list[str]:
    found = [relation.target for relation in _relations(part, book) if relation.kind == kind]
    return [target for target in found if target in book.archive]


def _relations(part: str, book: Dressed) -> list[Relation]:
    own = rels_name(part)
    return list(relations(parse(book.archive.read(own), own), part)) if own in book.archive else []


def _title(plan: SheetPlan, chart: Chart) -> str:
    return chart_cells.texts(plan, chart.title)[0]


def _of_chart(plan: SheetPlan, chart: Chart, root: Element, name: str) -> Iterator[Difference]:
    at, called = chart.anchor.partition(":")[0], _title(plan, chart)
    rows = [row for row in sorted(root.iter(c("ser")), key=_order) if _leads_into(row, name)]
    if len(rows) != len(chart.series):
        what = f"图“{called}”取自本表的数据系列"
        yield Difference(name, at, what, f"{len(rows)} 个", f"{len(chart.series)} 个", ANEW)
        return
    for row, series in zip(rows, chart.series, strict=True):
        yield from _of_series(plan, chart, series, row, name)
    linked = root.find(f"{c('chart')}/{c('title')}/{c('tx')}/{c('strRef')}")
    if linked is not None:
        yield from _of_reference(linked, name, at, f"图“{called}”的标题", chart.title, [called])


def _order(row: Element) -> int:
    node = row.find(c("order"))
    return int(node.get("val", "0")) if node is not None else 0


def _leads_into(row: Element, name: str) -> bool:
    """Bars over other cells the office added; they are not ours."""
    place = parse_target(row.findtext(f"{c('val')}//{c('f')}") or "")
    return place is not None and place[0].lower() == name.lower()


def _of_series(
    plan: SheetPlan, chart: Chart, series: Series, row: Element, name: str
) -> Iterator[Difference]:
    at, called = chart.anchor.partition(":")[0], _title(plan, chart)
    bars = chart_cells.texts(plan, series.name)[0]
    wanted = (
        ("val", f"图“{called}”“{bars}”的数值", series.values, chart_cells.numbers(plan, series.values)),
        ("cat", f"图“{called}”的名目", chart.categories, chart_cells.texts(plan, chart.categories)),
        ("tx", f"图“{called}”的图例“{bars}”", series.name, chart_cells.texts(plan, series.name)),
    )
    for tag, what, area, values in wanted:
        holder = row.find(c(tag))
        node = next(iter(holder), None) if holder is not None else None
        if node is not None:
            yield from _of_reference(node, name, at, what, area, values)


def _of_reference(
    node: Element, name: str, at: str, what: str, area: str, values: Sequence[str | float | None]
) -> Iterator[Difference]:
    """What it leads to; then, where it leads right, the values kept with it."""
    text = node.findtext(c("f")) or ""
    place, should = parse_target(text), chart_cells.area_of(area)
    if place is None or place[0].lower() != name.lower() or parse_area(place[1]) != should:
        yield Difference(name, at, f"{what}引用的单元格", text or "没有", f"{name}!{area}", ANEW)
        return
    kept = {int(point.get("idx", "-1")): point.findtext(c("v")) for point in node.iter(c("pt"))}
    if not kept:  # a program that keeps none has them computed when it opens the file
        return
    odd = [
        (kept.get(number), value) for number, value in enumerate(values) if not _same(kept.get(number), value)
    ]
    if odd:
        was = "、".join(text or "空白" for text, _ in odd)[:_LONGEST]
        now = "、".join(shown(value) or "空白" for _, value in odd)[:_LONGEST]
        yield Difference(name, at, f"{what}(图中保存的)", was, now, ANEW)


def _same(kept: str | None, value: str | float | None) -> bool:
    if isinstance(value, float) and kept:
        try:
            return same_value(float(kept), value)
        except ValueError:
            return False
    return (kept or "") == shown(value)
