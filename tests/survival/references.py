"""An office's sheet whose charts, pivots, rules, sparklines and controls read our ranking, part by part."""

from __future__ import annotations

import re

from tests.package.books import NS, OFFICE_TYPE, edited, parts, rebuilt, with_part
from tests.package.office import BOARD, with_board

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
C15 = "http://schemas.microsoft.com/office/drawing/2012/chart"
CX = "http://schemas.microsoft.com/office/drawing/2014/chartex"
CHARTEX_TYPE = "application/vnd.ms-office.chartex+xml"
CONTROL_TYPE = "application/vnd.ms-excel.controlproperties+xml"
CHART, CHARTEX, CONTROL = "xl/charts/chart9.xml", "xl/charts/chartEx9.xml", "xl/ctrlProps/ctrlProp9.xml"
CACHE = "xl/pivotCache/pivotCacheDefinition9.xml"
BY_NAME = "xl/pivotCache/pivotCacheDefinition8.xml"
ELSEWHERE = "xl/pivotCache/pivotCacheDefinition7.xml"


def _points(*values: object) -> str:
    shown = "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values))
    return f'<c:ptCount val="{len(values)}"/>{shown}'


def _row(order: int, *holders: str) -> str:
    return f'<c:ser><c:idx val="{order}"/><c:order val="{order}"/>{"".join(holders)}</c:ser>'


def _text(tag: str, ref: str, cache: str) -> str:
    return f"<c:{tag}><c:strRef><c:f>{ref}</c:f><c:strCache>{cache}</c:strCache></c:strRef></c:{tag}>"


def _numbers(ref: str, cache: str) -> str:
    return (
        f"<c:val><c:numRef><c:f>{ref}</c:f><c:numCache><c:formatCode>0.0</c:formatCode>{cache}</c:numCache>"
        "</c:numRef></c:val>"
    )


NINE = _points(*[69 - n for n in range(9)])
LEVELS = (
    "<c:cat><c:multiLvlStrRef><c:f>'排名'!$A$5:$B$13</c:f><c:multiLvlStrCache/></c:multiLvlStrRef></c:cat>"
)
ROWS = (
    _row(
        0,
        _text("tx", "排名!$C$4", _points("得分")),
        _text("cat", "排名!$B$5:$B$13", _points(*"abcdefghi")),
        _numbers("排名!$C$5:$C$13", NINE),
        f'<c:extLst><c:ext uri="x" xmlns:c15="{C15}"><c15:datalabelsRange><c15:f>排名!$D$5:$D$13</c15:f>'
        "<c15:dlblRangeCache/></c15:datalabelsRange></c:ext></c:extLst>",
    ),
    _row(1, _numbers("排名!$C$5:$C$7", _points(1, 2, 3))),
    _row(2, _numbers("(排名!$C$5:$C$6,排名!$C$8:$C$13)", _points(1, 2, 3))),
    _row(3, _numbers("领导看板!$A$1:$A$13", _points(1))),
    _row(4, LEVELS),
)
CHART_XML = (
    f'<c:chartSpace xmlns:c="{C}"><c:chart><c:plotArea><c:barChart>{"".join(ROWS)}</c:barChart>'
    "</c:plotArea></c:chart></c:chartSpace>"
)
CHARTEX_XML = (
    f'<cx:chartSpace xmlns:cx="{CX}"><cx:chartData><cx:data id="0"><cx:numDim type="val">'
    '<cx:f>排名!$C$5:$C$13</cx:f><cx:lvl ptCount="1"><cx:pt idx="0">69</cx:pt></cx:lvl></cx:numDim>'
    "</cx:data></cx:chartData></cx:chartSpace>"
)
CONTROL_XML = (
    '<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" objectType="Drop" '
    'fmlaLink="$A$9" fmlaRange="排名!$B$5:$B$13" sel="1" val="0"/>'
)
RULES = (
    '<conditionalFormatting sqref="A1:A9"><cfRule type="expression" priority="1">'
    "<formula>COUNTIF(排名!$B$5:$B$13,$A1)&gt;0</formula></cfRule></conditionalFormatting>"
    '<dataValidations count="1"><dataValidation type="list" sqref="A2"><formula1>排名!$B$5:$B$13</formula1>'
    "</dataValidation></dataValidations>"
)
SPARKLINES = (
    '<extLst><ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{x14}"><x14:sparklineGroups '
    'xmlns:xm="{xm}"><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>排名!C5:C13</xm:f>'
    "<xm:sqref>D1</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups>"
    "</ext></extLst>"
).format(**NS)


def _cache(source: str) -> bytes:
    return (
        f'<pivotCacheDefinition xmlns="{NS["m"]}" saveData="0" recordCount="0"><cacheSource type="worksheet">'
        f'<worksheetSource {source}/></cacheSource><cacheFields count="0"/></pivotCacheDefinition>'
    ).encode()


def reading_our_ranking(data: bytes) -> bytes:
    """The master with such a sheet, 领导看板; the ranking must have nine rows."""
    data = with_board(data)
    data = rebuilt({**parts(data), CHART: CHART_XML.encode()})
    rel = ("rId2", "chartEx", "../charts/chartEx9.xml")
    data = with_part(data, "xl/drawings/drawing9.xml", rel, CHARTEX, CHARTEX_XML.encode(), CHARTEX_TYPE)
    rel = ("rId5", "ctrlProp", "../ctrlProps/ctrlProp9.xml")
    data = with_part(data, BOARD, rel, CONTROL, CONTROL_XML.encode(), CONTROL_TYPE)
    data = edited(
        data,
        BOARD,
        ("</sheetData>", f"</sheetData>{RULES}"),
        ('<drawing r:id="rId1"/>', f'<drawing r:id="rId1"/>{SPARKLINES}'),
    )
    kind = f"{OFFICE_TYPE}.pivotCacheDefinition+xml"
    sources = (
        (CACHE, 'ref="A4:E13" sheet="排名"'),
        (BY_NAME, 'name="全部单位"'),
        (ELSEWHERE, 'ref="A1:B9" sheet="领导看板"'),
    )
    for number, (part, source) in enumerate(sources):
        rel = (f"rId6{number}", "pivotCacheDefinition", part.removeprefix("xl/"))
        data = with_part(data, "xl/workbook.xml", rel, part, _cache(source), kind)
    name = '<definedName name="全部单位">排名!$A$4:$E$13</definedName></definedNames>'
    return edited(data, "xl/workbook.xml", ("</definedNames>", name))


def references(data: bytes, part: str) -> list[str]:
    """All references of a part: texts of elements f, formula, formula1, sqref, and of ref and fmlaRange."""
    text = parts(data)[part].decode()
    found = re.findall(r'<(?:\w+:)?(?:f|formula1?)>([^<]+)<|\b(?:ref|fmlaRange)="([^"]+)"', text)
    return [one or other for one, other in found]
