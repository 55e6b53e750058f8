"""A new sheet from a plan: everything around its rows, in the order the schema wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from kaohe.workbooks.grid import address, column_letter
from kaohe.workbooks.package import features
from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.package.features import DxfOf
from kaohe.workbooks.package.links import Link
from kaohe.workbooks.package.refs import Area, parse_area
from kaohe.workbooks.package.shape import extent, table
from kaohe.workbooks.package.xmlparts import DECLARATION, MAIN, REL, attributes
from kaohe.workbooks.plan import Layout, SheetPlan

ROWS_HERE = b"<sheetData/>"
PAGE_FOOTER = "第 &P 页 共 &N 页"
MAX_FOOTER = 255
_MARGINS = '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.7" header="0.3" footer="0.3"/>'
_ALLOWED = {"formatColumns": "0", "formatRows": "0", "sort": "0", "autoFilter": "0"}


@dataclass(frozen=True, slots=True)
class LinkedTo:
    """A link and, for one that leaves the workbook, the relationship that carries its URL."""

    link: Link
    rel_id: str = ""


def shell(plan: SheetPlan, dxf_of: DxfOf, links: Sequence[LinkedTo], selected: bool) -> bytes:
    """The sheet as XML with an empty ``<sheetData/>``; ``selected`` for the sheet that opens in front.

    Raises BadPlan for ranges, colours, lists and messages a workbook cannot hold.
    """
    layout, area = plan.layout, extent(plan)
    parts = (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{REL}">',
        _properties(layout),
        f'<dimension ref="{area.text()}"/>',
        _views(layout, selected),
        '<sheetFormatPr defaultRowHeight="16.5"/>',
        f"<cols>{columns(plan.widths)}</cols>" if plan.widths else "",
        ROWS_HERE.decode(),
        f'<sheetProtection sheet="1"{attributes(**_ALLOWED)}/>' if layout.protect else "",
        _filter(plan),
        merges(layout.merges),
        features.conditional_formats(layout.highlights, dxf_of, plan.key),
        features.validations(layout.choices),
        hyperlinks(links),
        '<printOptions horizontalCentered="1"/>',
        _MARGINS,
        _page(layout),
        _footer(layout.footer),
        _breaks(layout.breaks),
        f'<ignoredErrors><ignoredError sqref="{area.text()}" numberStoredAsText="1"/></ignoredErrors>',
        features.bar_extension(layout.highlights, plan.key),
        "</worksheet>",
    )
    return "".join(parts).encode()


def _properties(layout: Layout) -> str:
    color = f'<tabColor rgb="FF{layout.tab_color.upper()}"/>' if layout.tab_color else ""
    fit = '<pageSetUpPr fitToPage="1"/>' if layout.fit_width else ""
    return f"<sheetPr>{color}{fit}</sheetPr>" if color or fit else ""


def _views(layout: Layout, selected: bool) -> str:
    zoom = attributes(zoomScale=layout.zoom, zoomScaleNormal=layout.zoom) if layout.zoom != 100 else ""
    front = ' tabSelected="1"' if selected else ""
    return (
        f'<sheetViews><sheetView showGridLines="0"{front}{zoom} workbookViewId="0">'
        f"{_pane(layout.freeze)}</sheetView></sheetViews>"
    )


def _pane(freeze: str) -> str:
    """The frozen pane whose first scrolling cell is ``freeze``."""
    if not freeze:
        return ""
    cell = parse_area(freeze)
    if cell is None or (cell.top, cell.left) == (1, 1):
        raise BadPlan(f"not a cell to freeze at: {freeze!r}")
    columns, rows = cell.left - 1, cell.top - 1
    pane = ("bottomRight" if rows else "topRight") if columns else "bottomLeft"
    split = attributes(xSplit=columns or None, ySplit=rows or None)
    first = address(cell.top, cell.left)
    return (
        f'<pane{split} topLeftCell="{first}" activePane="{pane}" state="frozen"/>'
        f'<selection pane="{pane}" activeCell="{first}" sqref="{first}"/>'
    )


def columns(widths: Sequence[float], after: int = 0) -> str:
    """``<col>`` elements of the columns behind number ``after``: widths in characters, 0 hides a column."""
    return "".join(_column(n, width) for n, width in enumerate(widths, start=1) if n > after)


def _column(n: int, width: float) -> str:
    hidden = attributes(hidden=None if width else 1)
    return f'<col min="{n}" max="{n}" width="{width or 8}" customWidth="1"{hidden}/>'


def filter_area(plan: SheetPlan) -> Area | None:
    """What the plan's autofilter covers; None without one."""
    found = table(plan)
    return found.area() if found and plan.autofilter else None


def _filter(plan: SheetPlan) -> str:
    area = filter_area(plan)
    return f'<autoFilter ref="{area.text()}"/>' if area else ""


def merges(areas: Sequence[str]) -> str:
    """``<mergeCells>``; '' without any."""
    if not areas:
        return ""
    cells = "".join(f'<mergeCell ref="{features.area(text)}"/>' for text in areas)
    return f'<mergeCells count="{len(areas)}">{cells}</mergeCells>'


def hyperlinks(links: Sequence[LinkedTo]) -> str:
    """``<hyperlinks>``; '' without any."""
    if not links:
        return ""
    return f"<hyperlinks>{''.join(map(hyperlink, links))}</hyperlinks>"


def hyperlink(entry: LinkedTo) -> str:
    """One ``<hyperlink>``."""
    ref, place = attributes(ref=entry.link.ref), attributes(location=entry.link.place or None)
    carried = f' r:id="{entry.rel_id}"' if entry.rel_id else ""
    return f"<hyperlink{ref}{carried}{place}/>"


def _page(layout: Layout) -> str:
    way = "landscape" if layout.landscape else "portrait"
    fit = ' fitToWidth="1" fitToHeight="0"' if layout.fit_width else ""
    return f'<pageSetup paperSize="{layout.paper}"{fit} orientation="{way}"/>'


def _breaks(rows: Sequence[int]) -> str:
    """``<rowBreaks>``; '' without any."""
    if not rows:
        return ""
    several = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in rows)
    return f'<rowBreaks count="{len(rows)}" manualBreakCount="{len(rows)}">{several}</rowBreaks>'


def _footer(text: str) -> str:
    """Page numbers in the middle, the plan's own text at the left."""
    left = f"&L{escape_footer(text)}" if text else ""
    footer = f"{left}&C{PAGE_FOOTER}"
    if len(footer) > MAX_FOOTER:
        raise BadPlan(f"a footer may have {MAX_FOOTER} characters: {text[:40]}…")
    return f"<headerFooter><oddFooter>{escape(footer)}</oddFooter></headerFooter>"


def escape_footer(text: str) -> str:
    """Text as it stands in a header or footer, where & begins a code."""
    return text.replace("&", "&&")


def print_names(plan: SheetPlan, sheet: str) -> tuple[tuple[str, str], ...]:
    """Names that belong to the sheet: (built-in name, reference) for print area, titles and filter.

    ``sheet`` is the sheet's name as a reference quotes it.
    """
    names = []
    area, filtered = extent(plan), filter_area(plan)
    if filtered:
        names.append(("_xlnm._FilterDatabase", f"{sheet}!{filtered.text(absolute=True)}"))
    if plan.layout.print_area:
        printed = area._replace(
            bottom=min(plan.layout.print_rows or area.bottom, area.bottom),
            right=min(plan.layout.print_columns or area.right, area.right),
        )
        names.append(("_xlnm.Print_Area", f"{sheet}!{_full(printed)}"))
    if plan.layout.repeat_rows:
        first, _, last = plan.layout.repeat_rows.replace("$", "").partition(":")
        names.append(("_xlnm.Print_Titles", f"{sheet}!${int(first)}:${int(last or first)}"))
    return tuple(names)


def _full(area: Area) -> str:
    return f"${column_letter(area.left)}${area.top}:${column_letter(area.right)}${area.bottom}"
