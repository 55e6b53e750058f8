"""A chart that stands in a workbook gets its references and cached values anew; its looks stay the office's.

Only what leads into the chart's own sheet is ours: a row of bars that the office added over other cells
stays, and so does a title somebody typed.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from enum import Enum, auto

from lxml import etree

from kaohe.workbooks.package.chart_cells import numbers, reference, texts
from kaohe.workbooks.package.refs import parse_target
from kaohe.workbooks.package.xmlparts import Element, local
from kaohe.workbooks.plan import Chart, Series, SheetPlan

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


class Fit(Enum):
    """What became of a chart: brought up to date, to be drawn anew, or the office's too much to touch."""

    UPDATED = auto()
    REDRAW = auto()
    LEFT = auto()


def c(tag: str) -> str:
    """A tag of the chart namespace."""
    return f"{{{C}}}{tag}"


def a(tag: str) -> str:
    """A tag of the drawing namespace."""
    return f"{{{A}}}{tag}"


def update(root: Element, chart: Chart, plan: SheetPlan, sheet: str, old_texts: Collection[str]) -> Fit:
    """Bring the chart up to date in place; ``old_texts``: what the cells of the sheet showed before.

    LibreOffice types a linked title out when it saves: a title that reads as a cell did is linked again.
    """
    rows = sorted(root.iter(c("ser")), key=_order)
    mine = [row for row in rows if _leads_into(row, sheet)]
    if len(mine) != len(chart.series):
        return Fit.LEFT if len(rows) > len(mine) else Fit.REDRAW
    for row, planned in zip(mine, chart.series, strict=True):
        _update_series(row, planned, chart, plan, sheet)
    _update_title(root, chart, plan, sheet, old_texts)
    return Fit.UPDATED


def _order(row: Element) -> int:
    node = row.find(c("order"))
    return int(node.get("val", "0")) if node is not None else 0


def _leads_into(row: Element, sheet: str) -> bool:
    found = parse_target(row.findtext(f"{c('val')}/{c('numRef')}/{c('f')}") or "")
    return found is not None and found[0].lower() == sheet.lower()


def _update_series(row: Element, planned: Series, chart: Chart, plan: SheetPlan, sheet: str) -> None:
    _replace(row, "tx", _text_ref(sheet, planned.name, texts(plan, planned.name)), "order")
    _replace(row, "cat", _text_ref(sheet, chart.categories, texts(plan, chart.categories)), "")
    kept = row.findtext(f"{c('val')}/{c('numRef')}/{c('numCache')}/{c('formatCode')}") or "General"
    _replace(row, "val", _number_ref(sheet, planned.values, numbers(plan, planned.values), kept), "")


def _replace(row: Element, tag: str, content: Element, after: str) -> None:
    """Put the reference into its holder; a holder that is missing is made only behind ``after``."""
    holder = row.find(c(tag))
    if holder is None:
        before = row.find(c(after)) if after else None
        if before is None:
            return
        holder = etree.Element(c(tag))
        before.addnext(holder)
    for child in list(holder):
        holder.remove(child)
    holder.append(content)


def _text_ref(sheet: str, area: str, shown: Sequence[str]) -> Element:
    node, cache = _ref("strRef", "strCache", reference(sheet, area))
    _points(cache, [text or None for text in shown])
    return node


def _number_ref(sheet: str, area: str, values: Sequence[float | None], number_format: str) -> Element:
    node, cache = _ref("numRef", "numCache", reference(sheet, area))
    etree.SubElement(cache, c("formatCode")).text = number_format
    _points(cache, [None if value is None else f"{value:.15g}" for value in values])
    return node


def _ref(kind: str, cache: str, text: str) -> tuple[Element, Element]:
    node = etree.Element(c(kind))
    etree.SubElement(node, c("f")).text = text
    return node, etree.SubElement(node, c(cache))


def _points(cache: Element, values: Sequence[str | None]) -> None:
    etree.SubElement(cache, c("ptCount")).set("val", str(len(values)))
    for number, value in enumerate(values):
        if value is not None:
            point = etree.SubElement(cache, c("pt"))
            point.set("idx", str(number))
            etree.SubElement(point, c("v")).text = value


def _update_title(
    root: Element, chart: Chart, plan: SheetPlan, sheet: str, old_texts: Collection[str]
) -> None:
    title = root.find(f"{c('chart')}/{c('title')}")
    holder = title.find(c("tx")) if title is not None else None
    if title is None or holder is None:
        return
    typed = holder.find(c("rich"))
    if typed is not None:
        if "".join(node.text or "" for node in typed.iter(a("t"))) not in old_texts:
            return
        _keep_look(title, typed)
    linked = holder.findtext(f"{c('strRef')}/{c('f')}")
    place = parse_target(linked) if linked else None
    if place is not None and place[0].lower() != sheet.lower():
        return
    for child in list(holder):
        holder.remove(child)
    holder.append(_text_ref(sheet, chart.title, texts(plan, chart.title)))


# CT_Title, what stands before txPr.
_BEFORE_TEXT_LOOK = ("tx", "layout", "overlay", "spPr")


def _keep_look(title: Element, typed: Element) -> None:
    """The font of a typed title, for one that is linked again."""
    look = typed.find(f".//{a('rPr')}")
    if look is None:
        look = typed.find(f".//{a('defRPr')}")
    for old in title.findall(c("txPr")):
        title.remove(old)
    holder = etree.Element(c("txPr"))
    body = typed.find(a("bodyPr"))
    holder.append(copy.deepcopy(body) if body is not None else etree.Element(a("bodyPr")))
    etree.SubElement(holder, a("lstStyle"))
    paragraph = etree.SubElement(holder, a("p"))
    default = etree.SubElement(etree.SubElement(paragraph, a("pPr")), a("defRPr"))
    if look is not None:
        default.attrib.update({key: value for key, value in look.attrib.items() if key != "lang"})
        default.extend([copy.deepcopy(child) for child in look])
    etree.SubElement(paragraph, a("endParaRPr")).set("lang", "zh-CN")
    before = [node for node in title if local(node) in _BEFORE_TEXT_LOOK]
    before[-1].addnext(holder)
