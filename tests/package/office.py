"""What an office adds to a master by hand, written as Excel writes it."""

from __future__ import annotations

import struct
import zlib

from tests.package.books import NS, OFFICE_TYPE, edited, with_part

OURS = "xl/worksheets/sheet2.xml"
BOARD = "xl/worksheets/sheet9.xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_MAIN = f'xmlns="{NS["m"]}" xmlns:r="{NS["r"]}"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_XDR = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
_C = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'

BOARD_XML = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet {_MAIN}><sheetData><row r="1"><c r="A1"><f>排名!C5</f><v>69</v></c>
<c r="B1"><f>COUNT(排名!C5:C13)</f><v>9</v></c></row></sheetData><drawing r:id="rId1"/></worksheet>"""

CHART_XML = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace {_C} {_A} xmlns:r="{NS["r"]}"><c:chart><c:plotArea><c:layout/><c:barChart>
<c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/>
<c:cat><c:strRef><c:f>排名!$B$5:$B$13</c:f></c:strRef></c:cat>
<c:val><c:numRef><c:f>排名!$C$5:$C$13</c:f></c:numRef></c:val></c:ser>
<c:axId val="1"/><c:axId val="2"/></c:barChart>
<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>
<c:axPos val="b"/><c:crossAx val="2"/></c:catAx>
<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>
<c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>"""


def _anchor(column: int, content: str) -> str:
    """Something that floats over the cells from that column on."""
    start, end = _place(column, 3), _place(column + 4, 12)
    inside = f"<xdr:from>{start}</xdr:from><xdr:to>{end}</xdr:to>{content}<xdr:clientData/>"
    return f"<xdr:twoCellAnchor>{inside}</xdr:twoCellAnchor>"


def _place(column: int, row: int) -> str:
    across = f"<xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff>"
    return f"{across}<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff>"


def _drawing(*anchors: str) -> bytes:
    return f'<xdr:wsDr {_XDR} {_A} xmlns:r="{NS["r"]}">{"".join(anchors)}</xdr:wsDr>'.encode()


CHART_FRAME = (
    '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="图表 1"/>'
    "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
    '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    f'<c:chart {_C} r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>'
)
PICTURE = (
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="图片 1"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
    '<a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
    "</a:prstGeom></xdr:spPr></xdr:pic>"
)
COMMENTS = f"""<comments xmlns="{NS["m"]}"><authors><author>王芳</author></authors><commentList>
<comment ref="C5" authorId="0"><text><t>口径已核对</t></text></comment></commentList></comments>"""
VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="_x0000_s1025" type="#_x0000_t202"
 style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">
<x:ClientData ObjectType="Note"><x:Anchor>3,15,4,2,5,15,8,4</x:Anchor><x:Row>4</x:Row><x:Column>2</x:Column>
</x:ClientData></v:shape></xml>"""


def png(side: int = 8) -> bytes:
    """A red square."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xc0\0\0" * side) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def with_board(data: bytes) -> bytes:
    """A sheet 领导看板 with formulas on our ranking and a chart of it."""
    rel = ("rId91", "worksheet", "worksheets/sheet9.xml")
    data = with_part(data, "xl/workbook.xml", rel, BOARD, BOARD_XML.encode(), f"{OFFICE_TYPE}.worksheet+xml")
    sheet = '<sheet name="领导看板" sheetId="91" r:id="rId91"/></sheets>'
    data = edited(data, "xl/workbook.xml", ("</sheets>", sheet))
    drawing = _drawing(_anchor(3, CHART_FRAME))
    rel = ("rId1", "drawing", "../drawings/drawing9.xml")
    data = with_part(data, BOARD, rel, "xl/drawings/drawing9.xml", drawing, DRAWING_TYPE)
    rel = ("rId1", "chart", "../charts/chart9.xml")
    return with_part(
        data, "xl/drawings/drawing9.xml", rel, "xl/charts/chart9.xml", CHART_XML.encode(), CHART_TYPE
    )


def with_things_on_ours(data: bytes) -> bytes:
    """On our ranking sheet: a picture, a comment, a conditional format and a note beside the table."""
    rel = ("rId92", "drawing", "../drawings/drawing8.xml")
    data = with_part(data, OURS, rel, "xl/drawings/drawing8.xml", _drawing(_anchor(7, PICTURE)), DRAWING_TYPE)
    rel = ("rId1", "image", "../media/image8.png")
    data = with_part(data, "xl/drawings/drawing8.xml", rel, "xl/media/image8.png", png())
    rel = ("rId93", "comments", "../comments8.xml")
    data = with_part(data, OURS, rel, "xl/comments8.xml", COMMENTS.encode(), f"{OFFICE_TYPE}.comments+xml")
    rel = ("rId94", "vmlDrawing", "../drawings/vmlDrawing8.vml")
    data = with_part(data, OURS, rel, "xl/drawings/vmlDrawing8.vml", VML.encode())
    defaults = (
        '<Default Extension="png" ContentType="image/png"/><Default Extension="vml" '
        'ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        '<Override PartName="/xl/workbook'
    )
    data = edited(data, "[Content_Types].xml", ('<Override PartName="/xl/workbook', defaults))
    rule = '<cfRule type="cellIs" priority="50" operator="lessThan" dxfId="1"><formula>65</formula></cfRule>'
    return edited(
        data,
        OURS,
        (
            "<dataValidations",
            f'<conditionalFormatting sqref="B5:B13">{rule}</conditionalFormatting><dataValidations',
        ),
        ("</row></sheetData>", '<c r="G13" t="inlineStr"><is><t>手记</t></is></c></row></sheetData>'),
        ("</ignoredErrors>", '</ignoredErrors><drawing r:id="rId92"/><legacyDrawing r:id="rId94"/>'),
    )


def edited_by_the_office(data: bytes) -> bytes:
    """All of it."""
    return with_things_on_ours(with_board(data))
