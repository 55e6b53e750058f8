"""The charts of a plan on its sheet: new ones drawn, those that stand there brought up to date.

Ours are found by their names (``kaohe:<key>``); a hidden name of the workbook notes where each was put. A
noted chart that is not there was deleted by the office and is not drawn again; one that stands elsewhere
was moved and stays there. What else floats over the sheet is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from kaohe.workbooks.package import chart_cells, drawing, names
from kaohe.workbooks.package.book import Book, Sheet
from kaohe.workbooks.package.chart_new import new_charts
from kaohe.workbooks.package.chart_old import Fit, update
from kaohe.workbooks.package.drawing import Placed
from kaohe.workbooks.package.oldshell import place
from kaohe.workbooks.package.refs import Area, parse_area, parse_target, target
from kaohe.workbooks.package.xmlparts import (
    R_ID,
    REL,
    Element,
    add_relations,
    empty_relations,
    main,
    parse,
    relations,
    relative,
    rels_name,
    write,
)
from kaohe.workbooks.package.zipraw import Archive
from kaohe.workbooks.plan import Chart, SheetPlan

CHART = ".chart."
"""Of a hidden name: what stands between a sheet's key and a chart's."""
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_OF_A_CHART = ("chartStyle", "chartColorStyle", "chartUserShapes", "themeOverride")
OldTexts = Callable[[], Collection[str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Parts that are new or changed, parts that go, and what the office should know."""

    parts: Mapping[str, bytes] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


NOTHING_DRAWN = Drawn()


def draw(
    archive: Archive,
    book: Book,
    plan: SheetPlan,
    sheet: Sheet,
    root: Element,
    rels: Element,
    old_texts: OldTexts | None = None,
) -> Drawn:
    """Draw the plan's charts; ``root`` (the sheet without its rows) and ``rels`` (its relationships) get the
    drawing when there was none. ``old_texts``: what the sheet's cells showed before; None for a new sheet,
    which gets all charts whatever a deleted one had.

    Raises BadPlan for a chart that fits no cells, PatchRefused for a damaged drawing.
    """
    noted = dict(_noted(book, plan.key, sheet.name))
    if not plan.charts and not noted:
        return NOTHING_DRAWN
    chart_cells.check(plan)
    page = _Page.of(archive, sheet, root, rels)
    todo = _Todo()
    for chart in plan.charts:
        found = page.charts.get(chart.key, ())
        if found and old_texts is not None:
            _bring_up_to_date(archive, page, todo, chart, found, noted.get(chart.key), plan, old_texts)
        elif old_texts is None or chart.key not in noted:
            todo.new.append(chart)
    keys = {chart.key for chart in plan.charts}
    for key, placed in page.charts.items():
        if key not in keys:
            _take_out(archive, book, page, todo, placed)
    _note(book, plan, sheet.name, noted)
    _add(book, page, todo, plan)
    return Drawn(page.parts() | todo.parts, frozenset(todo.dropped), tuple(todo.notes))


@dataclass
class _Todo:
    """What comes of the charts while they are gone through."""

    new: list[Chart] = field(default_factory=list)
    parts: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


@dataclass
class _Page:
    """A sheet's drawing with its relationships; ``part`` is '' while there is none."""

    sheet: Sheet
    root: Element
    rels: Element
    part: str
    drawing: Element
    drawing_rels: Element
    charts: Mapping[str, Sequence[Placed]]
    changed: bool = False
    related: bool = False
    """Whether the drawing's relationships changed."""

    @classmethod
    def of(cls, archive: Archive, sheet: Sheet, root: Element, rels: Element) -> _Page:
        """The drawing of the sheet as it stands."""
        node = root.find(main("drawing"))
        wanted = node.get(R_ID, "") if node is not None else ""
        part = next((r.target for r in relations(rels, sheet.part) if r.id == wanted and wanted), "")
        if part not in archive:
            return cls(sheet, root, rels, "", drawing.empty_drawing(), empty_relations(), {})
        tree, own = parse(archive.read(part), part), rels_name(part)
        tree_rels = parse(archive.read(own), own) if own in archive else empty_relations()
        charts: dict[str, list[Placed]] = {}
        for placed in drawing.our_charts(tree):
            charts.setdefault(placed.key, []).append(placed)
        return cls(sheet, root, rels, part, tree, tree_rels, charts)

    def chart_part(self, placed: Placed) -> str:
        """The part of a chart; '' when its relationship is missing."""
        own = relations(self.drawing_rels, self.part)
        return next((relation.target for relation in own if relation.id == placed.rel_id), "")

    def parts(self) -> dict[str, bytes]:
        """The drawing and its relationships, as far as they changed."""
        found = {self.part: write(self.drawing)} if self.changed else {}
        return found | ({rels_name(self.part): write(self.drawing_rels)} if self.related else {})


def _noted(book: Book, key: str, sheet: str) -> Iterable[tuple[str, Area | None]]:
    """(key, place) of the charts we drew before, as the workbook's hidden names tell."""
    prefix = f"{names.PREFIX}{key}{CHART}".lower()
    for name in names.names(book.root):
        if name.sheet is None and name.name.lower().startswith(prefix):
            found = parse_target(name.text)
            inside = found is not None and found[0].lower() == sheet.lower()
            yield name.name[len(prefix) :], parse_area(found[1]) if found and inside else None


def _note(book: Book, plan: SheetPlan, sheet: str, noted: Iterable[str]) -> None:
    """Note every chart of the plan with its place; forget those the plan has no more."""
    prefix = f"{names.PREFIX}{plan.key}{CHART}"
    for key in set(noted) - {chart.key for chart in plan.charts}:
        names.remove(book.root, prefix + key)
    for chart in plan.charts:
        text = target(sheet, chart_cells.area_of(chart.anchor))
        names.define(book.root, prefix + chart.key, text, hidden=True)


def _bring_up_to_date(
    archive: Archive,
    page: _Page,
    todo: _Todo,
    chart: Chart,
    found: Sequence[Placed],
    was: Area | None,
    plan: SheetPlan,
    old_texts: OldTexts,
) -> None:
    """The chart (and the office's copies of it) over the cells of now, in its place unless it was moved."""
    for placed in found:
        area, here = chart_cells.area_of(chart.anchor), drawing.place_of(placed.anchor)
        if was is not None and drawing.near(here, was) and here != area:
            drawing.move(placed.anchor, area)
            page.changed = True
        part = page.chart_part(placed)
        if part in archive:
            _update(archive, page, todo, chart, part, plan, old_texts)


def _update(
    archive: Archive,
    page: _Page,
    todo: _Todo,
    chart: Chart,
    part: str,
    plan: SheetPlan,
    old_texts: OldTexts,
) -> None:
    root = parse(archive.read(part), part)
    called = chart_cells.texts(plan, chart.title)[0]
    fit = update(root, chart, plan, page.sheet.name, old_texts())
    if fit is Fit.UPDATED:
        todo.parts[part] = write(root)
    elif fit is Fit.REDRAW:
        todo.parts[part] = new_charts(plan, page.sheet.name, [chart])[0]
        todo.notes.append(
            f"图表“{called}”的系列数变了(等次或结果的种类与上次不同),已重画;如曾改过它的样式,请重新设置。"
        )
    else:
        todo.notes.append(
            f"图表“{called}”的数据系列被改动(删除或另加),系统没有改它,图中可能是上次的数据;"
            "要恢复,请删除整张工作表“" + page.sheet.name + "”后重新汇总。"
        )


def _take_out(archive: Archive, book: Book, page: _Page, todo: _Todo, found: Sequence[Placed]) -> None:
    """Charts whose cells are gone: the object, its part and what hangs on the part."""
    for placed in found:
        part = page.chart_part(placed)
        drawing.take_out(placed)
        for node in [node for node in page.drawing_rels if node.get("Id") == placed.rel_id]:
            page.drawing_rels.remove(node)
        page.changed = page.related = True
        own = rels_name(part)
        gone = {part}
        if own in archive:
            below = relations(parse(archive.read(own), own), part)
            gone |= {own, *(r.target for r in below if r.kind in _OF_A_CHART and not r.external)}
        for name in gone:
            book.undeclare(name)
        todo.dropped |= gone & set(archive.entries)


def _add(book: Book, page: _Page, todo: _Todo, plan: SheetPlan) -> None:
    """Draw the new charts behind what floats there already."""
    if not todo.new:
        return
    if not page.part:
        _add_drawing(book, page)
    made = new_charts(plan, page.sheet.name, todo.new)
    for chart, content in zip(todo.new, made, strict=True):
        part = book.new_part("charts/chart")
        book.declare(part, _CHART_TYPE)
        path = relative(page.part, part)
        rel_id = add_relations(page.drawing_rels, "chart", [path])[path]
        title = chart_cells.texts(plan, chart.title)[0]
        drawing.add_chart(page.drawing, chart.key, title, chart_cells.area_of(chart.anchor), rel_id)
        todo.parts[part] = content
    page.changed = page.related = True


def _add_drawing(book: Book, page: _Page) -> None:
    """Give the sheet a drawing."""
    page.part = book.new_part("drawings/drawing")
    book.declare(page.part, _DRAWING_TYPE)
    path = relative(page.sheet.part, page.part)
    node = etree.Element(main("drawing"), nsmap={"r": REL})
    node.set(R_ID, add_relations(page.rels, "drawing", [path])[path])
    place(page.root, node)
