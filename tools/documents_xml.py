"""The few shapes of WordprocessingML that the document templates are drawn with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

TITLE, SONG, FANG, KAI, HEI = "方正小标宋简体", "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体"
FALLBACKS = {TITLE: "华文中宋", FANG: "仿宋", KAI: "楷体", HEI: "SimHei", SONG: "SimSun"}
"""What stands in where a machine lacks the font of official documents (GB/T 9704)."""
TEXT_WIDTH = 8844
"""Twips between the margins of 28 and 26 mm on A4."""
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MARGINS = 'w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="1134" w:footer="1134"'


def para(style: str, text: str, more: str = "") -> str:
    """A paragraph of one run; ``more`` goes into its properties."""
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{run}</w:p>'


def tag(text: str) -> str:
    """A paragraph that only steers: it is gone from the finished document."""
    return para("a0", text)


def on_new_page(style: str, text: str) -> str:
    """A paragraph that begins a page."""
    return para(style, text, "<w:pageBreakBefore/>")


def cell(width: int, text: str, style: str = "cell", span: int = 1, lines: int = 1) -> str:
    """A cell; ``lines`` paragraphs, the further ones blank, make room for writing."""
    merged = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    inside = para(style, text) + para(style, "") * (lines - 1)
    props = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}<w:vAlign w:val="center"/></w:tcPr>'
    return f"<w:tc>{props}{inside}</w:tc>"


def row(cells: Sequence[str], head: bool = False, height: int = 0) -> str:
    """A row of cells; ``head``: repeated on every page; ``height``: the least, in twips."""
    tall = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def steer(text: str, columns: int) -> str:
    """A row that only steers ({%tr ... %}): it is gone from the finished document."""
    return row([cell(TEXT_WIDTH, text, span=columns)])


def table(widths: Sequence[int], rows: Sequence[str], border: str = "single") -> str:
    """A table as wide as the text; ``widths`` in twips."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="{border}" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _font(name: str, size: float, bold: bool = False, color: str = "") -> str:
    faces = (
        f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{name}" w:cs="{name}"/>'
    )
    ink = f'<w:color w:val="{color}"/>' if color else ""
    half = int(size * 2)
    return f'{faces}{"<w:b/>" if bold else ""}{ink}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _style(key: str, name: str, run: str, place: str, based: str = "") -> str:
    default = ' w:default="1"' if key == "a" else ""
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{key}"><w:name w:val="{name}"/>{parent}<w:qFormat/>'
        f"<w:pPr>{place}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _lines(points: float, before: int = 0, after: int = 0) -> str:
    return (
        f'<w:spacing w:before="{before}" w:after="{after}" w:line="{int(points * 20)}" w:lineRule="exact"/>'
    )


_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_FLUSH = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_PLAIN = '<w:widowControl/><w:overflowPunct w:val="0"/>'
# Justified, LibreOffice pushes a comma at the end of a line out of the page: it is missing in the PDF.
_STYLES = (
    _style("a", "Normal", _font(FANG, 16), f'{_PLAIN}{_lines(28)}{_INDENT}<w:jc w:val="left"/>'),
    _style("a0", "控制行", _font(SONG, 8, color="7F7F7F"), f"{_lines(10)}{_FLUSH}", "a"),
    _style(
        "title",
        "公文标题",
        _font(TITLE, 22),
        f'<w:keepNext/>{_lines(34, 0, 120)}{_FLUSH}<w:jc w:val="center"/>',
        "a",
    ),
    _style("number", "文号", _font(FANG, 16), f'{_lines(28, 0, 240)}{_FLUSH}<w:jc w:val="center"/>', "a"),
    _style("flush", "顶格", _font(FANG, 16), f"{_lines(28)}{_FLUSH}", "a"),
    _style("h1", "一级标题", _font(HEI, 16), f"<w:keepNext/>{_lines(28, 60)}{_INDENT}", "a"),
    _style("h2", "二级标题", _font(KAI, 16), f"<w:keepNext/>{_lines(28)}{_INDENT}", "a"),
    _style(
        "sign",
        "落款",
        _font(FANG, 16),
        f'<w:keepNext/>{_lines(28)}<w:ind w:firstLineChars="0" w:firstLine="0" w:right="640"/>'
        '<w:jc w:val="right"/>',
        "a",
    ),
    _style("head", "表头", _font(HEI, 12), f'{_lines(18, 40, 40)}{_FLUSH}<w:jc w:val="center"/>', "a"),
    _style("cell", "表文居中", _font(FANG, 12), f'{_lines(17, 30, 30)}{_FLUSH}<w:jc w:val="center"/>', "a"),
    _style("left", "表文左齐", _font(FANG, 12), f'{_lines(17, 30, 30)}{_FLUSH}<w:jc w:val="left"/>', "a"),
    _style(
        "seal",
        "签字盖章",
        _font(FANG, 14),
        f'<w:keepNext/>{_lines(22, 30, 30)}{_FLUSH}<w:jc w:val="left"/>',
        "a",
    ),
    _style(
        "small", "表文小字", _font(FANG, 10.5), f'{_lines(15, 20, 20)}{_FLUSH}<w:jc w:val="center"/>', "a"
    ),
    _style(
        "smallleft",
        "表文小字左齐",
        _font(FANG, 10.5),
        f'{_lines(15, 20, 20)}{_FLUSH}<w:jc w:val="left"/>',
        "a",
    ),
    _style(
        "smallhead", "表头小字", _font(HEI, 10.5), f'{_lines(16, 30, 30)}{_FLUSH}<w:jc w:val="center"/>', "a"
    ),
    _style("note", "说明", _font(KAI, 12), f'{_lines(19, 60)}{_FLUSH}<w:jc w:val="left"/>', "a"),
    _style("notice", "数据声明", _font(KAI, 10.5, color="7F7F7F"), f"{_lines(16, 120)}{_FLUSH}", "a"),
    _style(
        "header",
        "header",
        _font(HEI, 10.5, color="C00000"),
        f'{_lines(16)}{_FLUSH}<w:jc w:val="right"/>',
        "a",
    ),
    _style("footer", "footer", _font(SONG, 14), f'{_lines(18)}{_FLUSH}<w:jc w:val="center"/>', "a"),
)


def _styles() -> str:
    languages = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    run = f"<w:rPrDefault><w:rPr>{_font(FANG, 16)}{languages}</w:rPr></w:rPrDefault>"
    defaults = f"<w:docDefaults>{run}</w:docDefaults>"
    cells = (
        '<w:style w:type="table" w:default="1" w:styleId="t"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    )
    return f"{_HEAD}<w:styles {_W}>{defaults}{''.join(_STYLES)}{cells}</w:styles>"


def _fonts() -> str:
    kinds = {TITLE: "roman", SONG: "roman", FANG: "roman", KAI: "roman", HEI: "swiss"}
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{FALLBACKS[name]}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{kind}"/><w:pitch w:val="variable"/></w:font>'
        for name, kind in kinds.items()
    )
    return f"{_HEAD}<w:fonts {_W}>{listed}</w:fonts>"


def _page_number() -> str:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    dash = '<w:r><w:t xml:space="preserve">— </w:t></w:r>', '<w:r><w:t xml:space="preserve"> —</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="footer"/></w:pPr>{dash[0]}{field}{dash[1]}</w:p>'


_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = (
    ("styles", "styles"),
    ("fontTable", "fontTable"),
    ("settings", "settings"),
    ("header1", "header"),
    ("footer1", "footer"),
)


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>' for name, kind in _PARTS
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>{overrides}'
        f'<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def _relations(rows: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(rows, start=1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{space}">{listed}</Relationships>'


def _core(title: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{space}" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>kaohe</dc:creator>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2020-01-01T00:00:00Z</dcterms:created>'
        '<dcterms:modified xsi:type="dcterms:W3CDTF">2020-01-01T00:00:00Z</dcterms:modified>'
        "</cp:coreProperties>"
    )


def document(title: str, body: Sequence[str], header: str) -> bytes:
    """A .docx of these paragraphs and tables on A4, with the margins of official documents."""
    parts = [(f"{_RELATIONS}/{kind}", f"{name}.xml") for name, kind in _PARTS]
    ends = (
        '<w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
    )
    page = f'<w:sectPr>{ends}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar {_MARGINS} w:gutter="0"/></w:sectPr>'
    packages = "http://schemas.openxmlformats.org/package/2006"
    core = f"{packages}/relationships/metadata/core-properties"
    whole = f"{_RELATIONS}/officeDocument", "word/document.xml"
    text = f"<w:body>{''.join(body)}{page}</w:body>"
    spacing = '<w:characterSpacingControl w:val="compressPunctuation"/>'
    files = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([whole, (core, "docProps/core.xml")]),
        "docProps/core.xml": _core(title),
        "word/document.xml": f"{_HEAD}<w:document {_W} {_R}>{text}</w:document>",
        "word/_rels/document.xml.rels": _relations(parts),
        "word/styles.xml": _styles(),
        "word/fontTable.xml": _fonts(),
        "word/settings.xml": f"{_HEAD}<w:settings {_W}>{spacing}</w:settings>",
        "word/header1.xml": f"{_HEAD}<w:hdr {_W}>{para('header', header)}</w:hdr>",
        "word/footer1.xml": f"{_HEAD}<w:ftr {_W}>{_page_number()}</w:ftr>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_STORED, 0, 0
            archive.writestr(entry, text.encode())
    return made.getvalue()
